//! Values of a tree that are header cards as well, by the schemas of a mission. What is expected is what stdatamodels wrote
//! (`test-data/generate/jwst_keywords.py`).

use crate::bench::{Done, asdf, workspace};
use asdf_core::fits::{CardValue, FitsFile};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const JWST: &str = "test-data/fits/jwst";

/// A folder with copies of files of [`JWST`].
fn folder(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        crate::many::copy(&format!("{JWST}/{name}"), &folder.path().join(name));
    }
    folder
}

/// Runs a command that knows the schemas.
fn run(folder: &Path, arguments: &[&str]) -> Done {
    let mut run = asdf(arguments[0]);
    run.command.arg("--schemas");
    run.command.arg(workspace().join(JWST).join("schemas"));
    run.command.args(&arguments[1..]).current_dir(folder);
    run.run()
}

/// Keyword, value and comment of the cards of an HDU that are not about its data, blank ones with their text.
fn cards(file: &Path, name: &str, version: i64) -> Vec<(String, CardValue, String)> {
    let fits = FitsFile::open(file).unwrap();
    let hdu = fits.find(name, Some(version)).unwrap();
    let made = [
        "SIMPLE", "XTENSION", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "EXTEND", "PCOUNT", "GCOUNT",
        "BSCALE", "BZERO", "EXTNAME", "EXTVER",
    ];
    let header = hdu.header();
    let cards = header
        .cards()
        .map(|card| (card.keyword().into_owned(), card.value(), card.comment()));
    cards
        .filter(|(keyword, ..)| !made.contains(&keyword.as_str()))
        .collect()
}

fn value(file: &Path, hdu: usize, keyword: &str) -> Option<CardValue> {
    let fits = FitsFile::open(file).unwrap();
    fits.hdu(hdu).unwrap().header().value(keyword)
}

/// The text of a card; empty where there is none.
fn text_of(file: &Path, hdu: usize, keyword: &str) -> String {
    let value = value(file, hdu, keyword);
    let text = value.as_ref().and_then(CardValue::as_text);
    text.unwrap_or_default().to_owned()
}

#[test]
fn a_card_follows_its_key() {
    let folder = folder(&["image.fits"]);
    let file = folder.path().join("image.fits");
    let before = cards(&file, "PRIMARY", 1);
    let long =
        "a filter with a name that's so long that it goes on in another card, and on, and on";
    for (path, new, keyword, card) in [
        (
            "meta.instrument.name",
            "MIRI",
            "INSTRUME",
            CardValue::Text("MIRI".into()),
        ),
        (
            "meta.instrument.filter",
            long,
            "FILTER",
            CardValue::Text(long.into()),
        ),
        (
            "meta.instrument.is_ready",
            "false",
            "READY",
            CardValue::Logical(false),
        ),
        ("meta.exposure.count", "12", "NEXP", CardValue::Integer(12)),
        (
            "meta.exposure.time",
            "2.5",
            "EXPTIME",
            CardValue::Float(2.5),
        ),
    ] {
        let done = run(folder.path(), &["set", "image.fits", path, new]);
        assert_eq!(done.code, Some(0), "{path}: {done:?}");
        assert!(done.err.contains(keyword), "{path}: {done:?}");
        assert_eq!(value(&file, 0, keyword), Some(card), "{path}");
    }
    let done = run(
        folder.path(),
        &["set", "image.fits", "meta.target.ra", "84.5"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(value(&file, 1, "TARG_RA"), Some(CardValue::Float(84.5)));
    // A key without a card, whose value a card has by chance.
    let done = run(folder.path(), &["set", "image.fits", "meta.plain", "MIRI"]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
    // Comments, order and headings stay.
    let after = cards(&file, "PRIMARY", 1);
    let names = |cards: &[(String, CardValue, String)]| -> Vec<(String, String)> {
        let names = cards
            .iter()
            .map(|(keyword, _, comment)| (keyword.clone(), comment.clone()));
        names.collect()
    };
    assert_eq!(names(&before), names(&after));
    // Headers and tree fit each other: nothing to warn of.
    let done = run(folder.path(), &["verify", "image.fits"]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{done:?}");
}

#[test]
fn the_card_of_an_item_is_in_the_hdu_of_its_array() {
    let folder = folder(&["slits.fits"]);
    let file = folder.path().join("slits.fits");
    let done = run(
        folder.path(),
        &["set", "slits.fits", "slits[2].name", "S1600A1"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    let name = |hdu| text_of(&file, hdu, "SLTNAME");
    assert_eq!(
        (&*name(1), &*name(2), &*name(3)),
        ("S200A1", "S201A1", "S1600A1")
    );
    let done = run(
        folder.path(),
        &["set", "slits.fits", "slits[0].meta.ra", "1.5"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(value(&file, 1, "SLIT_RA"), Some(CardValue::Float(1.5)));
    // What comes after an item that is gone keeps its HDU.
    let done = run(folder.path(), &["rm", "slits.fits", "slits[1]"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!((&*name(1), &*name(2), &*name(3)), ("S200A1", "", "S1600A1"));
    let done = run(
        folder.path(),
        &["set", "slits.fits", "slits[1].name", "S400A1"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!((&*name(2), &*name(3)), ("", "S400A1"));
}

#[test]
fn a_key_that_is_removed_takes_its_card_along() {
    let folder = folder(&["image.fits"]);
    let file = folder.path().join("image.fits");
    let done = run(
        folder.path(),
        &[
            "rm",
            "image.fits",
            "meta.exposure.count",
            "meta.instrument.filter",
        ],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(
        (value(&file, 0, "NEXP"), value(&file, 0, "FILTER")),
        (None, None)
    );
    // A new key gets a card with the comment of the schema.
    let done = run(
        folder.path(),
        &["set", "image.fits", "meta.instrument.filter", "F200W"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    let cards = cards(&file, "PRIMARY", 1);
    let filter = cards.iter().find(|card| card.0 == "FILTER").unwrap();
    assert_eq!(
        (filter.1.as_text(), filter.2.as_str()),
        (Some("F200W"), "Filter")
    );
}

#[test]
fn what_no_card_can_hold_changes_nothing() {
    let folder = folder(&["image.fits"]);
    let file = folder.path().join("image.fits");
    let before = fs::read(&file).unwrap();
    for words in [
        &["set", "image.fits", "meta.instrument.name", "Ångström"][..],
        &[
            "set",
            "image.fits",
            "meta.exposure.time",
            "nan",
            "--type",
            "float",
        ],
        &[
            "set",
            "image.fits",
            "meta.instrument.name",
            "{a: 1}",
            "--type",
            "yaml",
            "--no-validate",
        ],
        &[
            "set",
            "-s",
            "meta.exposure.count=4",
            "-s",
            "meta.instrument.name=naïve",
            "image.fits",
        ],
    ] {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(2), "{words:?}: {done:?}");
        assert!(done.err.contains("/meta/"), "{done:?}");
        assert!(fs::read(&file).unwrap() == before, "{words:?}");
    }
}

#[test]
fn without_the_schemas_it_is_said_how_to_add_them() {
    let folder = folder(&["image.fits"]);
    let done = crate::many::run(
        folder.path(),
        &["set", "image.fits", "meta.instrument.name", "MIRI"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.err.contains("only the tree is changed"), "{done:?}");
    assert!(
        done.err.contains("asdf schema add stdatamodels"),
        "{done:?}"
    );
    let file = folder.path().join("image.fits");
    assert_eq!(text_of(&file, 0, "INSTRUME"), "NIRCAM");
}

#[test]
fn trees_are_embedded_with_the_cards_and_hdus_that_stdatamodels_gives_them() {
    let folder = folder(&["image.asdf", "slits.asdf"]);
    for (command, name, hdus) in [
        (
            "embed",
            "image",
            &[
                ("PRIMARY", 1),
                ("SCI", 1),
                ("DQ", 1),
                ("EXTRACT1D", 1),
                ("MORE", 1),
            ][..],
        ),
        (
            "embed",
            "slits",
            &[("PRIMARY", 1), ("SCI", 1), ("SCI", 2), ("SCI", 3)],
        ),
        (
            "convert",
            "slits",
            &[("PRIMARY", 1), ("SCI", 1), ("SCI", 2), ("SCI", 3)],
        ),
    ] {
        let (from, to) = (format!("{name}.asdf"), format!("{command}_{name}.fits"));
        let done = run(folder.path(), &[command, &from, &to]);
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{name}");
        let made = folder.path().join(&to);
        let wanted = workspace().join(JWST).join(format!("{name}.fits"));
        for (hdu, version) in hdus {
            let (made, mut wanted) = (cards(&made, hdu, *version), cards(&wanted, hdu, *version));
            // Of a keyword that stands twice the tree does not say which is meant.
            wanted.retain(|card| card.0 != "AGAIN");
            for card in &mut wanted {
                match card.0.as_str() {
                    // All its digits.
                    "EXPMID" => card.1 = CardValue::Float(-1.234_567_890_123_456_7e-5),
                    // What has no room is left out.
                    "EXPNOTE" => {
                        let own = made.iter().find(|own| own.0 == "EXPNOTE").unwrap();
                        assert!(card.2.starts_with(&own.2) && own.2.len() > 50, "{own:?}");
                        card.2.clone_from(&own.2);
                    }
                    _ => {}
                }
            }
            assert_eq!(made, wanted, "{name} {hdu},{version}");
        }
        let count = FitsFile::open(&made).unwrap().len();
        assert_eq!(count, hdus.len() + 1, "{name}");
        let done = run(folder.path(), &["verify", &to]);
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{name}");
    }
}

#[test]
fn where_tree_and_headers_agree_nothing_is_told() {
    let folder = folder(&["image.fits", "slits.fits"]);
    for name in ["image.fits", "slits.fits"] {
        for words in [
            &["verify", name][..],
            &["check", name],
            &["diff", name, name],
        ] {
            let done = run(folder.path(), words);
            assert_eq!(
                (done.code, done.err.as_str()),
                (Some(0), ""),
                "{words:?} {}",
                done.out
            );
        }
    }
}

#[test]
fn where_tree_and_headers_disagree_is_told() {
    let folder = folder(&["image.fits"]);
    for (path, value) in [("0:NEXP", "7"), ("SCI:BUNIT", "Jy")] {
        let done = run(folder.path(), &["set", "image.fits", path, value]);
        assert_eq!(done.code, Some(0), "{done:?}");
    }
    let done = run(folder.path(), &["rm", "image.fits", "fits/0/header/FILTER"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let facts = [
        (
            "/meta/exposure/count",
            "the tree says 3, the header of PRIMARY NEXP = 7",
        ),
        (
            "/meta/bunit_data",
            "the tree says 'MJy/sr', the header of SCI,1 BUNIT = 'Jy'",
        ),
        ("/meta/instrument/filter", "has no card FILTER"),
    ];
    for words in [
        &["verify", "image.fits"][..],
        &["diff", "image.fits", "image.fits"],
    ] {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(0), "{done:?}");
        for (path, text) in facts {
            let mut lines = done.err.lines();
            assert!(
                lines.any(|line| line.contains(path) && line.contains(text)),
                "{done:?}"
            );
        }
        // `diff` tells it of both files.
        let files = words.len() - 1;
        assert_eq!(done.err.lines().count(), facts.len() * files, "{done:?}");
    }
    let done = run(folder.path(), &["check", "image.fits"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    for (path, text) in facts {
        let mut lines = done.out.lines();
        assert!(
            lines
                .any(|line| line.contains("keyword") && line.contains(path) && line.contains(text)),
            "{done:?}"
        );
    }
    // Another value of the tree puts its own card right, and leaves the others.
    let done = run(
        folder.path(),
        &["set", "image.fits", "meta.exposure.count", "8"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    let file = folder.path().join("image.fits");
    assert_eq!(value(&file, 0, "NEXP"), Some(CardValue::Integer(8)));
    assert_eq!(text_of(&file, 1, "BUNIT"), "Jy");
}
