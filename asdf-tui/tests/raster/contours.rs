//! Contours against contourpy on the same grids.

use crate::expect::{json, test_data};
use asdf_core::AsdfFile;
use asdf_tui::raster::{Image, Layer, Plane, contour};
use serde_json::Value;

fn place(value: &Value) -> [f64; 2] {
    [0, 1].map(|axis| value[axis].as_f64().unwrap())
}

/// Every stretch of each contour is one of contourpy's, in one direction or the other, and there are as many.
fn compare(values: &[f64], columns: usize, expected: &Value) {
    for (level, wanted) in expected.as_object().unwrap() {
        let mut own = contour(values, columns, level.parse().unwrap());
        // contourpy joins stretches that begin and end at one place.
        own.retain(|[from, to]| from != to);
        let wanted: Vec<[[f64; 2]; 2]> = wanted
            .as_array()
            .unwrap()
            .iter()
            .map(|stroke| [place(&stroke[0]), place(&stroke[1])])
            .filter(|[from, to]| from != to)
            .collect();
        assert_eq!(own.len(), wanted.len(), "level {level}");
        let near =
            |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).abs() < 1e-10 && (a[1] - b[1]).abs() < 1e-10;
        for stroke in wanted {
            let [from, to] = stroke;
            let found = own.iter().position(|[a, b]| {
                (near(*a, from) && near(*b, to)) || (near(*a, to) && near(*b, from))
            });
            own.swap_remove(found.unwrap_or_else(|| panic!("level {level}: {stroke:?}")));
        }
    }
}

#[test]
fn contours_are_those_of_contourpy() {
    let expected = json(&test_data("image").join("contours.json"));
    let file = AsdfFile::open(test_data("image").join("sky.asdf")).unwrap();
    let plane = Plane::new(file.array("roman/data").unwrap(), &[], &Layer::Middle).unwrap();
    let image = Image::from(plane);
    let [rows, columns] = image.shape();
    let values = image.values(&(0..rows), &(0..columns)).unwrap();
    compare(&values, usize::try_from(columns).unwrap(), &expected["sky"]);
    let rows = expected["values"].as_array().unwrap();
    let values: Vec<f64> = rows
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|value| value.as_f64().unwrap_or(f64::NAN))
        .collect();
    compare(&values, 11, &expected["grid"]);
}
