//! `asdf wcs` and `asdf cutout`. Expected coordinates are those of gwcs (`test-data/wcs/*.json`).

use crate::bench::{Done, asdf, workspace};
use insta::assert_snapshot;
use serde_json::Value;
use std::fs;
use std::path::Path;

const DETECTOR: &str = "test-data/wcs/detector.asdf";
pub(crate) const ROMAN: &str = "test-data/made/roman_exposure.asdf";

pub(crate) fn run(arguments: &[&str]) -> Done {
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

/// A FITS file of one header and its data.
pub(crate) fn image(cards: &[&str], data: Vec<u8>) -> Vec<u8> {
    let cards = cards.iter().map(|card| format!("{card:<80}"));
    let mut bytes: Vec<u8> = cards.flat_map(String::into_bytes).collect();
    bytes.resize(bytes.len().next_multiple_of(2880), b' ');
    bytes.extend(data);
    bytes.resize(bytes.len().next_multiple_of(2880).max(2 * 2880), 0);
    bytes
}

/// A position on the sky, a place on the detector, and a projection that there is not.
const DESCRIPTIONS: [&str; 16] = [
    "SIMPLE  =                    T",
    "BITPIX  =                    8",
    "NAXIS   =                    2",
    "NAXIS1  =                    4",
    "NAXIS2  =                    3",
    "CTYPE1  = 'RA---TAN'",
    "CTYPE2  = 'DEC--TAN'",
    "CRVAL1  =                 10.0",
    "CRVAL2  =                 20.0",
    "CDELT1  =                 -0.1",
    "CDELT2  =                  0.1",
    "LTV1    =                -50.0",
    "LTM1_1  =                  0.5",
    "CTYPE1B = 'RA---XYZ'",
    "CTYPE2B = 'DEC--XYZ'",
    "END",
];

/// Polynomials that fold the plane, so that the distance to a position has a least value that is not 0.
const FOLDED: [&str; 37] = [
    "SIMPLE  =                    T",
    "BITPIX  =                    8",
    "NAXIS   =                    2",
    "NAXIS1  =                   10",
    "NAXIS2  =                    8",
    "CTYPE1  = 'RA---TPV'",
    "CTYPE2  = 'DEC--TPV'",
    "CRPIX1  =    18.10381980571606",
    "CRPIX2  =    7.553437753979303",
    "CRVAL1  =    49.63342609794375",
    "CRVAL2  =    -3.37031024375392",
    "CDELT1  = -0.0003830801631475377",
    "CDELT2  = 0.0003830801631475377",
    "PV1_1   =   1.0077465218922264",
    "PV1_7   = -0.004735360706087506",
    "PV1_8   = 0.004843611221044459",
    "PV1_9   = -0.0058568271987598465",
    "PV1_18  = 0.003250931803550292",
    "PV1_20  = -0.0028905679378948145",
    "PV1_21  = -0.008373196454064749",
    "PV1_22  = -0.008243182926308249",
    "PV1_31  = 0.008263952637639354",
    "PV1_33  = 0.004129554968724032",
    "PV1_35  = 0.007584005911453582",
    "PV2_0   = -1.8993868181111284E-05",
    "PV2_1   =   1.0087665301047342",
    "PV2_2   = -0.009962662100613291",
    "PV2_6   = -0.0020223406142021163",
    "PV2_10  = 0.007981079671292645",
    "PV2_13  = 0.007090188839551581",
    "PV2_16  = -0.0032908761072219786",
    "PV2_19  = -0.0026469167667876724",
    "PV2_20  = 0.0072043814424350905",
    "PV2_28  = -0.0049865354898661375",
    "PV2_37  =  0.00847195787544837",
    "PV2_39  = -0.004844179989284991",
    "END",
];

#[test]
fn a_pixel_that_is_nearest_but_not_there_is_no_inverse() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.fits");
    std::fs::write(&path, image(&FOLDED, vec![0; 80])).unwrap();
    let name = path.to_str().unwrap();
    // astropy finds none either.
    let far = format!(
        "wcs invert {name} fits/0/wcs 290.1167713016372 -83.36342524810185 --no-bounding-box"
    );
    assert_eq!(asdf(&far).run().out.trim(), "nan nan");
    let there = asdf(&format!("wcs eval {name} fits/0/wcs 3.5 2.25"))
        .run()
        .out;
    let back = asdf(&format!("wcs invert {name} fits/0/wcs {}", there.trim()))
        .run()
        .out;
    let back: Vec<f64> = back
        .split_whitespace()
        .map(|word| word.parse().unwrap())
        .collect();
    assert!(
        (back[0] - 3.5).abs() < 1e-6 && (back[1] - 2.25).abs() < 1e-6,
        "{back:?}"
    );
}

#[test]
fn a_description_of_a_header_is_asked_for_by_its_letter() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("x.fits");
    fs::write(&name, image(&DESCRIPTIONS, Vec::new())).unwrap();
    let name = name.to_str().unwrap();
    // (1 + 50) / 0.5, and a pixel that is not moved.
    let done = run(&["wcs", "eval", name, "0", "2", "--wcs-key", "p"]);
    assert_eq!(
        (done.code, done.out.as_str()),
        (Some(0), "102.0 3.0\n"),
        "{}",
        done.err
    );
    let same = ["eval", name, "fits/0/wcs", "0", "2", "--wcs-key", "P"];
    let same = run(&[&["wcs"], &same[..]].concat());
    assert_eq!(same.out, done.out);
    let refused = run(&["wcs", "eval", name, "0", "2", "--wcs-key", "B"]);
    assert!(
        refused.err.contains("CTYPE1B is 'RA---XYZ'"),
        "{}",
        refused.err
    );
    let missing = run(&["wcs", "info", name, "--wcs-key", "C"]);
    assert_eq!(missing.code, Some(2));
    assert!(
        missing
            .err
            .contains("no header has a description with the letter C"),
        "{}",
        missing.err
    );
}

#[test]
fn it_is_told_where_each_description_of_a_header_leads_to() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("x.fits");
    fs::write(&name, image(&DESCRIPTIONS, Vec::new())).unwrap();
    let name = name.to_str().unwrap();
    let info = run(&["info", name]).out;
    for line in [
        "/fits/0/wcs  celestial icrs lon (deg), lat (deg)",
        "/fits/0/wcs/B  no WCS: CTYPE1B is 'RA---XYZ'",
        "/fits/0/wcs/P  composite [frame PHYSICAL",
    ] {
        assert!(info.contains(line), "{line}: {info}");
    }
    let document = json(&["info", name, "--json"]);
    let worlds = document["hdus"][0]["wcs"].as_array().unwrap();
    assert_eq!(worlds.len(), 3);
    assert!(worlds[1]["frame"].is_null() && worlds[1]["reason"].is_string());
}

/// Ten planes, each 2 nm further than the one before.
const CUBE: [&str; 20] = [
    "SIMPLE  =                    T",
    "BITPIX  =                    8",
    "NAXIS   =                    3",
    "NAXIS1  =                    4",
    "NAXIS2  =                    3",
    "NAXIS3  =                   10",
    "CTYPE1  = 'RA---TAN'",
    "CTYPE2  = 'DEC--TAN'",
    "CTYPE3  = 'WAVE    '",
    "CUNIT3  = 'nm      '",
    "CRPIX1  =                  2.0",
    "CRPIX2  =                  2.0",
    "CRPIX3  =                  1.0",
    "CRVAL1  =                 10.0",
    "CRVAL2  =                 20.0",
    "CRVAL3  =                500.0",
    "CDELT1  =                 -0.1",
    "CDELT2  =                  0.1",
    "CDELT3  =                  2.0",
    "END",
];

#[test]
fn a_cube_is_cut_between_two_wavelengths() {
    let folder = tempfile::tempdir().unwrap();
    // Each plane has its number.
    let bytes = image(&CUBE, (0..10).flat_map(|plane| [plane; 12]).collect());
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(at("x.fits"), bytes).unwrap();
    // 506 to 511 nm, or the same as frequencies and energies: the planes 3, 4 and 5, which are at 506, 508 and 510.
    for range in ["0.506um:511nm", "586.5THz:592.5THz", "2.426eV:2.4504eV"] {
        let cut = run(&[
            "cutout",
            &at("x.fits"),
            "--wave",
            range,
            "-fo",
            &at("y.fits"),
        ]);
        assert_eq!(cut.code, Some(0), "{}", cut.err);
        let raw = run(&["get", &at("y.fits"), "fits/0/data", "--json"]);
        let planes: Value = serde_json::from_str(&raw.out).unwrap();
        let firsts: Vec<i64> = (0..3)
            .map(|plane| planes[plane][0][0].as_i64().unwrap())
            .collect();
        assert_eq!(
            (firsts, planes.as_array().unwrap().len()),
            (vec![3, 4, 5], 3)
        );
    }
    let world = |name: &str, plane: &str| run(&["wcs", "eval", &at(name), "1", "1", plane]).out;
    assert_eq!(world("y.fits", "0"), world("x.fits", "3"));
    let both = ["--wave", "506nm:511nm", "--pixel", "1,1", "--size", "2px"];
    let (from, to) = (at("x.fits"), at("z.fits"));
    let both = [&["cutout", &from, "-o", &to], &both[..]].concat();
    assert_eq!(run(&both).code, Some(0));
    assert_eq!(world("z.fits", "1").lines().count(), 1);
}

#[test]
fn a_cut_that_cannot_be_is_refused_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (from, none) = (at("x.fits"), at("n.fits"));
    fs::write(&from, image(&CUBE, vec![0; 120])).unwrap();
    for (range, said) in [
        ("1nm:2nm", "no plane is between"),
        ("1GHz:2GHz", "no plane is between"),
        ("1km/s:2km/s", "does not convert to m"),
        ("1:2", "a unit is missing after 1"),
        ("nm", "expected LOW:HIGH"),
    ] {
        let done = run(&["cutout", &from, "--wave", range, "-o", &none]);
        assert_eq!(done.code, Some(2), "{range}");
        assert!(done.err.contains(said), "{range}: {}", done.err);
    }
    let strict = ["--pixel", "0,0", "--size", "3px", "--strict"];
    let strict = [&["cutout", &from, "-o", &none], &strict[..]].concat();
    let done = run(&strict);
    assert!(
        done.code == Some(2) && done.err.contains("--strict"),
        "{}",
        done.err
    );
    assert!(!folder.path().join("n.fits").exists());
}
