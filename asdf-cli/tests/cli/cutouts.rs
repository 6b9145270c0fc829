//! Cutouts keep what was there: checksums, and the array of a tree that is the data of an HDU.

use crate::many::{copy, run};
use serde_json::Value;
use std::path::Path;

/// A FITS file with a tree whose `sci` is the data of HDU 1, and a WCS in the header of that.
fn image(folder: &Path) {
    copy(
        "test-data/fits/embedded/beside.fits",
        &folder.join("x.fits"),
    );
    let cards = [
        ("CTYPE1", "RA---TAN"),
        ("CTYPE2", "DEC--TAN"),
        ("CRVAL1", "10.0"),
        ("CRVAL2", "20.0"),
        ("CRPIX1", "3.0"),
        ("CRPIX2", "2.0"),
        ("CDELT1", "-0.001"),
        ("CDELT2", "0.001"),
    ];
    for (keyword, value) in cards {
        let card = format!("SCI:{keyword}");
        let done = run(folder, &["set", "x.fits", &card, value]);
        assert_eq!(done.code, Some(0), "{keyword}: {done:?}");
    }
}

/// What is cut; the output follows.
const CUT: [&str; 9] = [
    "cutout",
    "x.fits",
    "--path",
    "fits/1/data",
    "--pixel",
    "2,1",
    "--size",
    "2px",
    "-o",
];

fn json(folder: &Path, words: &[&str]) -> Value {
    let done = run(folder, words);
    serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{words:?}: {error}: {done:?}"))
}

#[test]
fn a_tree_and_its_hdu_have_one_image_after_a_cut() {
    let folder = tempfile::tempdir().unwrap();
    image(folder.path());
    for out in ["o.asdf", "o.fits"] {
        let words = [&CUT[..], &[out]].concat();
        let done = run(folder.path(), &words);
        assert_eq!(done.code, Some(0), "{words:?}: {done:?}");
        let arrays = json(folder.path(), &["ls", "--json", "--digest", out]);
        let at = |path: &str| {
            let found = arrays.as_array().unwrap().iter();
            let mut found = found.filter(|array| array["path"] == path);
            found.next().cloned().unwrap_or(Value::Null)
        };
        let sci = at("/sci");
        assert_eq!(sci["shape"], serde_json::json!([2, 2]), "{out}: {arrays}");
        if out == "o.fits" {
            assert_eq!(sci["source"], "fits:SCI,1", "{arrays}");
            let report = json(folder.path(), &["verify", "--json", out]);
            for hdu in 0..5 {
                assert_eq!(report["hdus"][hdu]["checksum"], "match", "{report}");
            }
        } else {
            assert_eq!(
                at("/fits/1/data")["sha256"],
                sci["sha256"],
                "{out}: {arrays}"
            );
            assert_eq!(
                at("/fits/1/data")["source"],
                sci["source"],
                "{out}: {arrays}"
            );
        }
        let values = run(folder.path(), &["get", out, "sci", "--json"]).out;
        assert!(values.contains("[0.75,0.875]"), "{values}");
    }
}

#[test]
fn a_cutout_has_checksums() {
    let folder = tempfile::tempdir().unwrap();
    image(folder.path());
    let words = [&CUT[..], &["o.asdf"]].concat();
    assert_eq!(run(folder.path(), &words).code, Some(0));
    let words = ["convert", "x.fits", "c.asdf", "--inline-below", "3"];
    assert_eq!(run(folder.path(), &words).code, Some(0));
    for out in ["o.asdf", "c.asdf"] {
        let report = json(folder.path(), &["verify", "--json", out]);
        let blocks = report["blocks"].as_array().unwrap();
        assert!(blocks.len() > 2, "{report}");
        for block in blocks {
            assert_eq!(block["checksum"], "match", "{out}: {report}");
        }
    }
}

/// The values are those of the array; a position has the pixel that is two further on (`numpy.pad(data, 2)` of the corner).
#[test]
fn a_window_over_the_edge_is_padded_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("obs.asdf");
    copy("test-data/made/roman_exposure.asdf", &name);
    let cut = |more: &[&str]| {
        let words = [
            "cutout", "obs.asdf", "--pixel", "0,0", "--size", "5px", "-f", "-o",
        ];
        run(folder.path(), &[&words[..], more].concat())
    };
    let strict = cut(&["s.asdf", "--strict"]);
    assert_eq!(strict.code, Some(2), "{strict:?}");
    assert!(!folder.path().join("s.asdf").exists());
    let done = cut(&["clipped.asdf"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.err.contains("3×3 pixels are within"), "{done:?}");
    let done = cut(&["o.asdf", "--pad"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.err.contains("0 outside of the image") && done.err.contains("/roman/dq"));
    let values = |file: &str, path: &str| json(folder.path(), &["get", file, path, "--json"]);
    let clipped = values("clipped.asdf", "roman.data");
    let padded = values("o.asdf", "roman.data[2:,2:]");
    assert_eq!(clipped, padded);
    let edge = run(folder.path(), &["get", "o.asdf", "roman.data[:2]"]).out;
    assert_eq!(edge.matches("nan").count(), 10, "{edge}");
    let place = |file: &str, pixel: [&str; 2]| {
        run(folder.path(), &["wcs", "eval", file, pixel[0], pixel[1]]).out
    };
    assert_eq!(place("o.asdf", ["2", "3"]), place("obs.asdf", ["0", "1"]));
}

#[test]
fn what_is_outside_of_an_image_has_the_value_that_is_given() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/made/roman_exposure.asdf",
        &folder.path().join("obs.asdf"),
    );
    let cut = |more: &[&str]| {
        let words = [
            "cutout", "obs.asdf", "--pixel", "0,0", "--size", "5px", "-f", "-o",
        ];
        run(folder.path(), &[&words[..], more].concat())
    };
    let done = cut(&["o.asdf", "--pad", "--fill", "7"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let flags = run(folder.path(), &["get", "o.asdf", "roman.dq[0]"]).out;
    assert!(flags.starts_with("[7 7 7 7 7]"), "{flags}");
    let done = cut(&["o.asdf", "--pad", "--fill=-1"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.contains("uint32 has no value -1"), "{done:?}");
    image(folder.path());
    let words = [
        &CUT[..4],
        &["--pixel", "0,0", "--size", "4px", "--pad", "-o", "p.fits"],
    ]
    .concat();
    let words: Vec<&str> = words.into_iter().collect();
    let done = run(folder.path(), &words);
    assert_eq!(done.code, Some(0), "{done:?}");
    let card = run(folder.path(), &["get", "p.fits", "fits/1/header/CRPIX1"]).out;
    assert_eq!(card.trim(), "5.0", "one for each column that was added");
}

#[test]
fn positions_of_a_table_are_cut_out_of_every_image_that_they_are_on() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/made/roman_exposure.asdf",
        &folder.path().join("obs.asdf"),
    );
    let table = "star,lon,lat\nA/1,268.4983,-29.2049\nB,268.4986,-29.2054\nfar,10,10\n";
    std::fs::write(folder.path().join("t.csv"), table).unwrap();
    let words = [
        "cutout",
        "obs.asdf",
        "--from",
        "t.csv",
        "--ra-column",
        "LON",
        "--dec-column",
        "lat",
        "--name-column",
        "star",
        "--size",
        "5px",
        "--out-dir",
    ];
    let done = run(folder.path(), &[&words[..], &["o"]].concat());
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(
        done.err.contains("1 of 3 positions are on no image: far"),
        "{done:?}"
    );
    let one = run(
        folder.path(),
        &["get", "o/obs_A_1.asdf", "roman.data", "--json"],
    )
    .out;
    let words = [
        "cutout",
        "obs.asdf",
        "--center",
        "268.4983,-29.2049",
        "--size",
        "5px",
        "-o",
        "a.asdf",
    ];
    assert_eq!(run(folder.path(), &words).code, Some(0));
    assert_eq!(
        one,
        run(folder.path(), &["get", "a.asdf", "roman.data", "--json"]).out
    );
    assert!(folder.path().join("o/obs_B.asdf").exists());
}

#[test]
fn rows_of_a_table_without_names_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/made/roman_exposure.asdf",
        &folder.path().join("obs.asdf"),
    );
    // A row without a position is an error.
    std::fs::write(
        folder.path().join("u.csv"),
        "ra,dec\n268.4983,-29.2049\n,\n",
    )
    .unwrap();
    let words = [
        "cutout",
        "obs.asdf",
        "--from",
        "u.csv",
        "--size",
        "5px",
        "--out-dir",
        "u",
    ];
    let done = run(folder.path(), &words);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.contains("row 2"), "{done:?}");
    std::fs::write(folder.path().join("u.csv"), "ra,dec\n268.4983,-29.2049\n").unwrap();
    assert_eq!(run(folder.path(), &words).code, Some(0));
    assert!(folder.path().join("u/obs_1.asdf").exists());
}

/// What astropy and asdf-astropy read of the outputs is the matter of `test-data/read_back_tables.py`.
#[test]
fn tables_of_fits_become_tables_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["astropy_table.fits", "astropy_beside.asdf", "images.fits"] {
        copy(&format!("test-data/fits/{name}"), &folder.path().join(name));
    }
    let ok = |words: &[&str]| {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(0), "{words:?}: {done:?}");
        done
    };
    ok(&["convert", "astropy_table.fits", "t.asdf", "--as", "tables"]);
    ok(&["convert", "t.asdf", "t.fits"]);
    ok(&["convert", "t.fits", "u.asdf", "--as", "tables"]);
    let done = run(
        folder.path(),
        &["diff", "t.asdf", "u.asdf", "--ignore", "table.meta"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    ok(&["validate", "t.asdf"]);
    for format in ["csv", "ecsv", "vot"] {
        ok(&["convert", "t.asdf", &format!("t.{format}")]);
    }
    let head = std::fs::read_to_string(folder.path().join("t.ecsv")).unwrap();
    assert!(
        head.contains("{name: \"icrs.ra\", datatype: float64, unit: \"deg\"}"),
        "{head}"
    );
    ok(&["convert", "astropy_beside.asdf", "b.fits"]);
    let names = json(folder.path(), &["info", "--json", "b.fits"]).to_string();
    assert!(
        names.contains("IMAGE") && names.contains("catalogue"),
        "{names}"
    );
    // `embed` makes the same of it: a table, not an image for each of its columns.
    ok(&["embed", "astropy_beside.asdf", "e.fits"]);
    let bytes = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert!(bytes("e.fits") == bytes("b.fits"));
    let words = ["convert", "b.fits", "back.asdf", "--as", "tree"];
    ok(&words);
    ok(&["diff", "astropy_beside.asdf", "back.asdf"]);
    let done = run(
        folder.path(),
        &["convert", "images.fits", "no.asdf", "--as", "tables"],
    );
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.contains("no table"), "{done:?}");
}

/// Cuts around the positions of a table, out of the files in `a`.
pub(crate) fn cut_around(
    folder: &Path,
    table: impl AsRef<[u8]>,
    words: &[&str],
) -> crate::bench::Done {
    std::fs::write(folder.join("t.csv"), table).unwrap();
    let from = [
        "cutout",
        "a",
        "--from",
        "t.csv",
        "--size",
        "5px",
        "--out-dir",
        "o",
    ];
    run(folder, &[&from[..], words].concat())
}

#[test]
fn a_position_that_fails_keeps_no_other_from_being_cut() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    copy("test-data/made/roman_exposure.asdf", &at("a/obs.asdf"));
    std::fs::create_dir(at("o")).unwrap();
    std::fs::write(at("o/obs_A.asdf"), "taken").unwrap();
    let table = "name,ra,dec\nA,268.4983,-29.2049\nB,268.4986,-29.2054\nfar,10,10\n";
    let done = cut_around(folder.path(), table, &[]);
    assert_eq!(done.code, Some(2), "{done:?}");
    for told in [
        "obs_A.asdf: the file exists already",
        "position A: no part is written",
        "1 of 3 positions are on no image: far",
    ] {
        assert!(done.err.contains(told), "{told}: {done:?}");
    }
    assert!(at("o/obs_B.asdf").exists());
    assert_eq!(std::fs::read(at("o/obs_A.asdf")).unwrap(), b"taken");
    // An image that cannot be read may have any of them.
    std::fs::write(at("a/bad.asdf"), "#ASDF 1.0.0\n---\n[").unwrap();
    let done = cut_around(folder.path(), "name,ra,dec\nfar,10,10\n", &[]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.err
            .contains("1 of 1 positions are on no image that could be looked at: far"),
        "{done:?}"
    );
}

#[test]
fn outputs_of_one_name_are_told_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    copy("test-data/made/roman_exposure.asdf", &at("a/obs.asdf"));
    let table = "name,ra,dec\nA,268.4983,-29.2049\nA,268.4986,-29.2054\n";
    let done = cut_around(folder.path(), table, &[]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.err.contains("two positions are called `A`"),
        "{done:?}"
    );
    assert!(!done.err.contains("on no image"), "{done:?}");
    // The same name of two files, which --force would have written over each other.
    copy("test-data/made/roman_exposure.asdf", &at("a/sub/obs.asdf"));
    let table = "name,ra,dec\nA,268.4983,-29.2049\n";
    let done = cut_around(folder.path(), table, &["--force"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.err.contains("a/obs.asdf") && done.err.contains("a/sub/obs.asdf"),
        "{done:?}"
    );
    assert!(!at("o").exists());
    let done = cut_around(
        folder.path(),
        table,
        &["--name", "{dir}/{stem}_{name}.{ext}"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(at("o/obs_A.asdf").exists() && at("o/sub/obs_A.asdf").exists());
}
