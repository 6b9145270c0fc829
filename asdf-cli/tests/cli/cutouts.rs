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
