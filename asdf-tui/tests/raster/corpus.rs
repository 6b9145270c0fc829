//! The shared reference values, when they are there: `../zscale` beside the corpus.

use crate::expect::{assert_near, file_of, image, json, numbers, pair};
use asdf_core::AsdfFile;
use asdf_tui::raster::{LimitRule, Precision, Reduction, Stretch, ZScale, percentiles_of, reduce};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The folder `zscale` beside `$ASDF_CORPUS`, or beside `../shared/corpus`.
fn folder() -> Option<PathBuf> {
    let named =
        std::env::var_os("ASDF_CORPUS").map(|corpus| PathBuf::from(corpus).join("../zscale"));
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/zscale");
    let found = [named, Some(beside)]
        .into_iter()
        .flatten()
        .find(|path| path.is_dir());
    if found.is_none() {
        eprintln!(
            "the shared reference values are not there (set ASDF_CORPUS): only test-data is read"
        );
    }
    found
}

/// A `.npy` file as an ASDF file; arrays of one axis become a row.
fn npy(path: &Path) -> AsdfFile {
    let bytes = std::fs::read(path).unwrap();
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let (header, data) = bytes[10..].split_at(length);
    let header = std::str::from_utf8(header).unwrap();
    let after = |key: &str| header.split_once(key).unwrap().1;
    let kind = after("'descr': '").split_once('\'').unwrap().0;
    let datatype = match &kind[1..] {
        "f4" => "float32",
        "f8" => "float64",
        "u2" => "uint16",
        "i2" => "int16",
        other => panic!("{other}"),
    };
    let order = if kind.starts_with('>') {
        "big"
    } else {
        "little"
    };
    let shape = after("'shape': (").split_once(')').unwrap().0;
    let mut shape: Vec<u64> = shape
        .split(',')
        .filter_map(|text| text.trim().parse().ok())
        .collect();
    if shape.len() == 1 {
        shape.insert(0, 1);
    }
    file_of(datatype, order, &shape, data)
}

fn zscale_of(parameters: &Value) -> ZScale {
    let number = |key: &str| parameters[key].as_f64();
    let default = ZScale::default();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small count"
    )]
    ZScale {
        contrast: number("contrast").unwrap_or(default.contrast),
        reject: number("krej").unwrap_or(default.reject),
        samples: number("n_samples").map_or(default.samples, |count| count as usize),
        ..default
    }
}

#[test]
fn limits_agree_with_the_shared_values() {
    let Some(folder) = folder() else { return };
    let (mut checked, mut exact, mut worst) = (0, 0, 0.0_f64);
    for entry in json(&folder.join("zscale.json")).as_array().unwrap() {
        let name = entry["name"].as_str().unwrap();
        let file = npy(&folder.join(format!("{name}.npy")));
        let image = image(&file, "data");
        let [rows, columns] = image.shape();
        let values = image.values(&(0..rows), &(0..columns)).unwrap();
        let all = pair(&entry["minmax"]);
        let range = (all[1] - all[0]).max(1e-300);
        for (case, wanted) in entry["zscale"].as_object().unwrap() {
            let wanted_limits =
                [&wanted["vmin"], &wanted["vmax"]].map(|limit| limit.as_f64().unwrap());
            let zscale = zscale_of(&wanted["kw"]);
            let found = zscale.limits_of(&values, image.precision()).unwrap();
            let apart = (0..2)
                .map(|end| (found[end] - wanted_limits[end]).abs())
                .fold(0.0, f64::max);
            let near = apart <= 1e-12 * range;
            // Rounding noise alone decides there which elements are rejected: all or none.
            let ill = !entry["ill_conditioned"].is_null();
            let ends = ends_of_sample(&zscale, &values);
            let tolerated = ill && (apart <= 1e-6 * range || wanted_limits == ends);
            assert!(
                near || tolerated,
                "{name} {case}: {found:?}, expected {wanted_limits:?}"
            );
            if near {
                worst = worst.max(apart / range);
                exact += 1;
            }
            checked += 1;
        }
        for (percent, wanted) in entry["percentile"].as_object().unwrap() {
            let outside = (100.0 - percent.parse::<f64>().unwrap()) / 2.0;
            let found = percentiles_of(&values, &[outside, 100.0 - outside]).unwrap();
            assert_near(&found, &numbers(wanted), 1e-6, name);
            let survey = reduce(&image, [1, 1], Reduction::Mean).unwrap().1;
            let wanted = pair(wanted);
            if wanted[0] < wanted[1] {
                let found =
                    LimitRule::Percentiles([outside, 100.0 - outside]).find(&image, &survey);
                assert_near(&found.unwrap(), &wanted, 1e-12, name);
            }
        }
    }
    eprintln!("zscale: {exact} of {checked} within 1e-12 of the range, at most {worst:e} away");
    assert!(checked >= 150 && exact >= 150);
}

/// Least and greatest of zscale's sample.
fn ends_of_sample(zscale: &ZScale, values: &[f64]) -> [f64; 2] {
    let places = zscale.sample(values.len() as u64);
    let sample = places.map(|place| values[usize::try_from(place).unwrap()]);
    sample.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
        [low.min(value), high.max(value)]
    })
}

#[test]
fn means_and_stretches_agree_with_the_shared_values() {
    let Some(folder) = folder() else { return };
    for entry in json(&folder.join("blockmean.json")).as_array().unwrap() {
        let name = entry["name"].as_str().unwrap();
        let file = npy(&folder.join(format!("{name}.npy")));
        let factor: Vec<u64> = entry["factor"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_u64)
            .collect();
        let (reduced, _) = reduce(
            &image(&file, "data"),
            [factor[0], factor[1]],
            Reduction::Mean,
        )
        .unwrap();
        assert_near(&reduced.values, &numbers(&entry["values"]), 1e-12, name);
    }
    let stretches = json(&folder.join("stretch.json"));
    let x = numbers(&stretches["x"]);
    let names = [
        ("linear", "linear"),
        ("sqrt", "sqrt"),
        ("squared", "squared"),
        ("log_1000", "log"),
        ("log_100", "log:100"),
        ("asinh_0_1", "asinh"),
        ("asinh_0_01", "asinh:0.01"),
        ("sinh_1_3", "sinh"),
        ("power_2", "power:2"),
        ("powerdist_1000", "exp"),
    ];
    for (key, name) in names {
        let stretch: Stretch = name.parse().unwrap();
        let found: Vec<f64> = x.iter().map(|x| stretch.apply(*x, [0.0, 1.0])).collect();
        assert_near(&found, &numbers(&stretches[key]), 1e-12, key);
    }
}

#[test]
fn the_precision_of_a_median_is_that_of_the_elements() {
    let Some(folder) = folder() else { return };
    let file = npy(&folder.join("even_median_f4_10.npy"));
    assert_eq!(image(&file, "data").precision(), Precision::Single);
}
