//! Single transforms: `cases/models`.

use crate::expect::{columns, evaluate, worst, worst_back};
use crate::folders;
use asdf_core::{AsdfFile, Transform};
use serde_json::Value;
use std::fs;

/// True when the result of such a case is longitude and latitude, forward and backward.
fn on_sphere(name: &str) -> (bool, bool) {
    let rotation = name.starts_with("rotate3d") || name == "rotate_sequence_3d_spherical";
    (
        rotation || name.ends_with("_pix2sky"),
        rotation || name.ends_with("_sky2pix"),
    )
}

/// Cases in which the reference is wrong.
const REFERENCE_IS_WRONG: &[(&str, &str)] = &[
    (
        "ortho_hermite2d",
        "the recurrence in y counts from the degree in x",
    ),
    (
        "ortho_hermite2d_domain",
        "the recurrence in y counts from the degree in x",
    ),
];

/// Cases in which the reference is less exact, with its error.
const REFERENCE_IS_ROUGH: &[(&str, f64, &str)] = &[
    (
        "proj_cobe_quad_spherical_cube_pix2sky",
        1e-5,
        "wcslib computes it in single precision",
    ),
    (
        "proj_cobe_quad_spherical_cube_sky2pix",
        1e-5,
        "wcslib computes it in single precision",
    ),
];

/// The greatest error forward, with the bounding box and back; else why it is not compared.
fn compare(name: &str, transform: &Transform, expected: &Value) -> Result<f64, String> {
    let pair = |sphere| if sphere { vec![(0, 1)] } else { Vec::new() };
    let (sphere, back_on_sphere) = on_sphere(name);
    let (sphere, sphere_back) = (pair(sphere), pair(back_on_sphere));
    let points =
        |rows: &Value| columns(rows).ok_or_else(|| "points that are no numbers".to_owned());
    let program = transform.program().map_err(|error| error.to_string())?;
    let (inputs, forward) = (points(&expected["inputs"])?, points(&expected["forward"])?);
    let mut error = worst(
        &inputs,
        &evaluate(&program.clone().unbounded(), &inputs)?,
        &forward,
        &sphere,
    );
    if let Some(rows) = expected.get("forward_with_bounding_box") {
        error = error.max(worst(
            &inputs,
            &evaluate(&program, &inputs)?,
            &points(rows)?,
            &sphere,
        ));
    }
    let back = &expected["inverse"]["inverse_of_forward"];
    match (transform.inverse(), back.is_array()) {
        (Some(inverse), true) => {
            let program = inverse.program().map_err(|error| error.to_string())?;
            let found = evaluate(&program, &forward)?;
            Ok(error.max(worst_back(
                &forward,
                &found,
                &[points(back)?, inputs],
                &sphere_back,
            )))
        }
        (None, true) => Err("an inverse that is not there".to_owned()),
        _ => Ok(error),
    }
}

#[test]
fn single_transforms_give_what_the_reference_gives() {
    let Some(corpus) = folders::corpus() else {
        return;
    };
    let folder = corpus.join("../wcs/cases/models");
    let mut lines = Vec::new();
    let mut wrong = 0;
    for path in folders::files(&folder, ".expected.json") {
        let name = path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .replace(".expected.json", "");
        let expected: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let file = AsdfFile::open(folder.join(format!("{name}.asdf"))).unwrap();
        let line = match file.transform("model") {
            Ok(transform) => compare(&name, &transform, &expected),
            Err(error) => Err(error.to_string()),
        };
        let line = match line {
            Ok(error) if error < 1e-9 => format!("{error:.1e}"),
            Ok(error) if REFERENCE_IS_WRONG.iter().any(|case| case.0 == name) => {
                format!("{error:.1e}, the reference is wrong")
            }
            Ok(error)
                if REFERENCE_IS_ROUGH
                    .iter()
                    .any(|case| case.0 == name && error < case.1) =>
            {
                format!("{error:.1e}, the reference is rough")
            }
            Ok(error) => {
                wrong += 1;
                format!("WRONG {error:.1e}")
            }
            Err(why) => why,
        };
        lines.push(format!("{name}: {line}"));
    }
    println!("{}", lines.join("\n"));
    assert_eq!(wrong, 0);
}
