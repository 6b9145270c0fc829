//! Whole WCS: `cases`.

use crate::expect::{Longitudes, columns, evaluate, worst, worst_back};
use crate::folders;
use asdf_core::{AsdfFile, Wcs};
use serde_json::Value;
use std::fs;

/// Which world coordinates are longitudes, with their latitudes.
fn longitudes(expected: &Value) -> Longitudes {
    let frame = expected["frame_info"]
        .as_array()
        .and_then(|frames| frames.last());
    let types = frame.and_then(|frame| frame["axis_physical_types"].as_array());
    let ends = |end: [&str; 2]| {
        types.and_then(|types| {
            types.iter().position(|kind| {
                kind.as_str()
                    .is_some_and(|kind| end.iter().any(|end| kind.ends_with(end)))
            })
        })
    };
    ends([".ra", ".lon"])
        .zip(ends([".dec", ".lat"]))
        .into_iter()
        .collect()
}

/// The errors forward with and without the box, and back; else why it is not compared.
fn compare(wcs: &Wcs, expected: &Value) -> Result<[f64; 3], String> {
    let points =
        |rows: &Value| columns(rows).ok_or_else(|| "points that are no numbers".to_owned());
    let say = |error: asdf_core::Error| error.to_string();
    let inputs = points(&expected["inputs"])?;
    let longitudes = longitudes(expected);
    let mut errors = [0.0; 3];
    for (bounded, key) in [(true, "forward"), (false, "forward_no_bbox")] {
        let program = wcs.program(bounded).map_err(say)?;
        let found = evaluate(&program, &inputs)?;
        let mut wanted = points(&expected[key])?;
        // Beyond the edges of a mask the reference counts from its other end; there is nothing.
        let boxed = points(&expected["forward"])?;
        for (point, _) in inputs[0].iter().enumerate() {
            let outside = boxed.iter().all(|column| column[point].is_nan());
            if outside && found.iter().any(|column| column[point].is_nan()) {
                for (wanted, found) in wanted.iter_mut().zip(&found) {
                    wanted[point] = found[point];
                }
            }
        }
        errors[usize::from(!bounded)] = worst(&inputs, &found, &wanted, &longitudes);
    }
    let rows = &expected["inverse_of_forward_no_bbox"];
    if let (Some(backward), true) = (wcs.backward_program().map_err(say)?, rows.is_array()) {
        let world = points(&expected["forward_no_bbox"])?;
        let found = evaluate(backward, &world)?;
        let wanted = [points(rows)?, inputs];
        errors[2] = worst_back(&world, &found, &wanted, &Longitudes::new());
    }
    Ok(errors)
}

#[test]
fn pipelines_give_what_the_reference_gives() {
    let Some(corpus) = folders::corpus() else {
        return;
    };
    let folder = corpus.join("../wcs/cases");
    let mut lines = Vec::new();
    let mut wrong = 0;
    for path in folders::files(&folder, ".expected.json") {
        if path.parent() != Some(folder.as_path()) {
            continue;
        }
        let name = path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .replace(".expected.json", "");
        let expected: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let file = AsdfFile::open(folder.join(format!("{name}.asdf"))).unwrap();
        let place = expected["wcs_path"].as_str().unwrap_or("/wcs");
        let line = match file.wcs(place) {
            Ok(wcs) => compare(&wcs, &expected),
            Err(error) => Err(error.to_string()),
        };
        lines.push(match line {
            Ok(errors) => {
                let worst = errors.iter().copied().fold(0.0, f64::max);
                if worst > 1e-8 {
                    wrong += 1;
                }
                format!(
                    "{name}: {:.1e} {:.1e} {:.1e}",
                    errors[0], errors[1], errors[2]
                )
            }
            Err(why) => format!("{name}: {why}"),
        });
    }
    println!("{}", lines.join("\n"));
    assert_eq!(wrong, 0);
}
