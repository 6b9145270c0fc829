//! `asdf wcs` and `asdf cutout`. Expected coordinates are those of gwcs (`test-data/wcs/*.json`).

use crate::bench::{Done, asdf, workspace};
use insta::assert_snapshot;
use serde_json::Value;
use std::fs;
use std::path::Path;

const DETECTOR: &str = "test-data/wcs/detector.asdf";
const ROMAN: &str = "test-data/made/roman_exposure.asdf";

fn run(arguments: &[&str]) -> Done {
    let mut run = asdf("--color never");
    run.command.current_dir(workspace()).args(arguments);
    run.run()
}

fn json(arguments: &[&str]) -> Value {
    let done = run(arguments);
    assert_eq!(done.code, Some(0), "{}", done.err);
    serde_json::from_str(&done.out).unwrap()
}

fn expected(name: &str) -> Value {
    let path = workspace().join("test-data/wcs").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Rows of what the reference has as columns.
fn rows(columns: &Value) -> Vec<Vec<Option<f64>>> {
    let columns = columns.as_array().unwrap();
    let count = columns[0].as_array().unwrap().len();
    (0..count)
        .map(|row| columns.iter().map(|column| column[row].as_f64()).collect())
        .collect()
}

fn close(found: &Value, wanted: &[Vec<Option<f64>>], tolerance: f64) {
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        for (found, wanted) in found.as_array().unwrap().iter().zip(wanted) {
            match (found.as_f64(), wanted) {
                (Some(found), Some(wanted)) => {
                    assert!((found - wanted).abs() < tolerance, "{found} {wanted}");
                }
                (found, wanted) => assert_eq!(found, *wanted),
            }
        }
    }
}

#[test]
fn eval_and_invert_give_what_the_reference_gives() {
    let expected = expected("detector.json");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, columns: &Value| {
        let path = folder.path().join(name);
        let text: Vec<String> = rows(columns)
            .iter()
            .map(|row| {
                row.iter()
                    .map(|value| value.unwrap().to_string())
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect();
        fs::write(&path, text.join("\n")).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let pixels = write("pixels.txt", &expected["pixels"]);
    let found = json(&["wcs", "eval", DETECTOR, "--points", &pixels, "--json"]);
    close(&found, &rows(&expected["world"]), 1e-11);
    let found = json(&[
        "wcs",
        "eval",
        DETECTOR,
        "--points",
        &pixels,
        "--json",
        "--no-bounding-box",
    ]);
    close(&found, &rows(&expected["world_unbounded"]), 1e-11);
    let world = write("world.txt", &expected["world_unbounded"]);
    let found = json(&[
        "wcs",
        "invert",
        DETECTOR,
        "--points",
        &world,
        "--json",
        "--no-bounding-box",
    ]);
    close(&found, &rows(&expected["back"]), 1e-6);
    let found = json(&[
        "wcs",
        "invert",
        DETECTOR,
        "--points",
        &world,
        "--json",
        "--numerical",
        "--no-bounding-box",
    ]);
    close(&found, &rows(&expected["pixels"]), 1e-8);
    let found = json(&["wcs", "footprint", DETECTOR, "--json"]);
    close(&found, &rows(&expected["footprint"]), 1e-11);
}

#[test]
fn points_come_from_the_command_line_and_from_standard_input() {
    let one = run(&["wcs", "eval", DETECTOR, "1000.25", "-0.5"]);
    let mut piped = asdf("--color never");
    piped
        .command
        .current_dir(workspace())
        .args(["wcs", "eval", DETECTOR, "wcs", "--points", "-"]);
    let piped = piped.stdin(b"# x, y\n1000.25, -0.5\n".to_vec()).run();
    assert_eq!(one.out, piped.out, "{} {}", one.err, piped.err);
    assert_eq!(one.out.split_whitespace().count(), 2);
    assert_eq!(run(&["wcs", "eval", DETECTOR, "-5", "3"]).out, "nan nan\n");
    let frames = run(&["wcs", "eval", DETECTOR, "1000", "2000", "--to", "v2v3"]);
    let back: Vec<&str> = frames.out.split_whitespace().collect();
    let back = json(&[
        "wcs", "invert", DETECTOR, back[0], back[1], "--from", "v2v3", "--json",
    ]);
    close(&back, &[vec![Some(1000.0), Some(2000.0)]], 1e-2);
    let step = "wcs.steps[1].transform";
    let there = run(&["wcs", "eval", "--model", DETECTOR, step, "1", "2"]);
    let there: Vec<&str> = there.out.split_whitespace().collect();
    let back = json(&[
        "wcs",
        "eval",
        "--model",
        "--inverse",
        DETECTOR,
        step,
        there[0],
        there[1],
        "--json",
    ]);
    close(&back, &[vec![Some(1.0), Some(2.0)]], 1e-12);
}

#[test]
fn pipelines_and_headers_are_shown() {
    assert_snapshot!("wcs_info", run(&["wcs", "info", DETECTOR]).out);
    let header = run(&["wcs", "to-fits", ROMAN, "--degree", "2"]).out;
    assert!(header.lines().all(|line| line.chars().count() == 80));
    let keywords: Vec<&str> = header.lines().map(|line| line[..10].trim()).collect();
    assert_snapshot!("wcs_to_fits_keywords", keywords.join("\n"));
    let region = run(&["wcs", "footprint", ROMAN, "--s-region"]).out;
    assert!(region.starts_with("POLYGON ICRS 268."), "{region}");
    assert_eq!(region.split_whitespace().count(), 10);
}

#[test]
fn a_cutout_has_the_pixels_and_positions_of_its_window() {
    let folder = tempfile::tempdir().unwrap();
    let part = folder.path().join("part.asdf");
    let part = part.to_str().unwrap();
    let centre = run(&["wcs", "eval", ROMAN, "30", "20"]).out;
    let centre = centre.trim().replace(' ', ",");
    let done = run(&[
        "cutout", ROMAN, "--center", &centre, "--size", "20x10px", "-o", part, "-v",
    ]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(done.err.ends_with("x 20…40, y 15…25\n"), "{}", done.err);
    let whole = run(&["get", ROMAN, "roman.data[15:25, 20:40]", "--json"]).out;
    assert_eq!(run(&["get", part, "roman.data", "--json"]).out, whole);
    let there = run(&["wcs", "eval", ROMAN, "25.5", "17"]).out;
    let (a, b) = (run(&["wcs", "eval", part, "5.5", "2"]).out, there);
    for (a, b) in a.split_whitespace().zip(b.split_whitespace()) {
        let (a, b): (f64, f64) = (a.parse().unwrap(), b.parse().unwrap());
        assert!((a - b).abs() < 1e-12);
    }
    assert_eq!(run(&["wcs", "eval", part, "20", "5"]).out, "nan nan\n");
    assert_eq!(run(&["validate", part]).code, Some(0));
    let again = run(&[
        "cutout", ROMAN, "--pixel", "1,1", "--size", "4px", "-o", part,
    ]);
    assert_eq!(again.code, Some(2));
    assert!(Path::new(part).exists());
}

#[test]
fn what_is_wrong_is_told() {
    let told = |arguments: &[&str]| {
        let done = run(arguments);
        assert_eq!(done.code, Some(2), "{arguments:?}");
        done.err
    };
    for (arguments, wanted) in [
        (
            vec!["wcs", "eval", DETECTOR, "1"],
            "asdf: 1 numbers on the command line, a point has 2 (or name a file with --points)\n",
        ),
        (
            vec!["wcs", "eval", DETECTOR, "1", "two"],
            "asdf: `two` is not a number\n",
        ),
        (
            vec!["wcs", "eval", DETECTOR, "1", "2", "--to", "sky"],
            "asdf: test-data/wcs/detector.asdf: no frame `sky`; there are detector, v2v3, v2v3vacorr, v2v3corr, world\n",
        ),
        (
            vec!["wcs", "eval", "test-data/made/yaml_anchors.asdf", "1", "2"],
            "asdf: test-data/made/yaml_anchors.asdf: there is no WCS in its tree\n",
        ),
        (
            vec![
                "cutout", ROMAN, "--center", "10,10", "--size", "5px", "-o", "-",
            ],
            "asdf: test-data/made/roman_exposure.asdf: the position 10,10 is not near the image of 64×64 pixels (`asdf wcs footprint` says where it is)\n",
        ),
        (
            vec![
                "cutout", DETECTOR, "--pixel", "10,10", "--size", "5px", "-o", "-",
            ],
            "asdf: test-data/wcs/detector.asdf: no array of this file has the WCS /wcs\n",
        ),
    ] {
        assert_eq!(told(&arguments), wanted);
    }
}

#[test]
fn the_wcs_of_a_fits_header_is_one_like_others() {
    let name = "test-data/fits/wcs/headers.fits.gz";
    let info = asdf(&format!("wcs info {name} fits/0/wcs")).screen();
    let footprint = asdf(&format!("wcs footprint {name} fits/0/wcs")).screen();
    let eval = asdf(&format!("wcs eval {name} fits/6/wcs 3.5 2.25")).screen();
    let none = asdf("wcs eval test-data/fits/checksum.fits 1 1").screen();
    assert_snapshot!("wcs_of_a_header", [info, footprint, eval, none].concat());
}
