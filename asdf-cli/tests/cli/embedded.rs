//! FITS files that carry a tree: what the commands show, and `embed` and `strip`.

use crate::bench::{asdf, workspace};
use insta::assert_snapshot;
use std::fs;

const PRODUCT: &str = "test-data/fits/embedded/product.fits";
const EXPOSURE: &str = "test-data/made/roman_exposure.asdf";

#[test]
fn info_shows_the_hdus_before_the_tree() {
    assert_snapshot!("info", asdf(&format!("info {PRODUCT}")).screen());
    assert_snapshot!(
        "info_without_tree",
        asdf("info test-data/fits/tables.fits").screen()
    );
    assert_snapshot!(
        "info_cut",
        asdf("info test-data/fits/truncated.fits.bad").screen()
    );
    assert_snapshot!(
        "info_edited",
        asdf("info test-data/fits/embedded/edited.fits --depth 1").screen()
    );
}

#[test]
fn arrays_in_hdus_are_listed_read_and_summed_up_like_others() {
    let lines: Vec<String> = ["ls", "ls --digest", "stats"]
        .iter()
        .map(|command| asdf(&format!("{command} {PRODUCT}")).columns(120).screen())
        .collect();
    assert_snapshot!("arrays", lines.join("\n"));
    assert_snapshot!(
        "window",
        asdf(&format!("get {PRODUCT} data[1:3,2:5]")).screen()
    );
}

#[test]
fn a_source_that_leads_nowhere_is_told_with_its_path() {
    let lines: Vec<String> = ["missing", "bad_source", "differs", "in_heap"]
        .iter()
        .map(|name| asdf(&format!("ls test-data/fits/embedded/{name}.fits")).screen())
        .collect();
    assert_snapshot!("sources", lines.concat());
}

#[test]
fn verify_checks_every_hdu() {
    let bytes = fs::read(workspace().join("test-data/fits/checksum.fits")).unwrap();
    let mut broken = bytes.clone();
    // A byte of the data of HDU 1.
    broken[5760 + 3] ^= 0x40;
    let codes = [
        asdf("verify test-data/fits/checksum.fits").screen(),
        asdf(&format!("verify {PRODUCT}")).screen(),
        asdf("verify test-data/fits/truncated.fits.bad").screen(),
        asdf("verify test-data/fits/compressed_rice_1.fits").screen(),
        asdf("verify -").stdin(broken.clone()).screen(),
        asdf("verify --json -").stdin(broken).screen(),
    ];
    assert_snapshot!("verify", codes.join("\n"));
}

#[test]
fn embed_moves_arrays_and_strip_takes_the_tree_away_again() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_string_lossy().into_owned();
    let chosen = format!(
        "embed {EXPOSURE} {place}/x.fits --move roman.data=SCI --move roman.dq=DQ,2 --checksum"
    );
    let run = asdf(&chosen).run();
    assert_eq!(run.code, Some(0), "{run:?}");
    let shown = asdf(&format!("info {place}/x.fits --depth 1")).run().out;
    assert_snapshot!("embedded", shown.replace(&place, "FOLDER"));
    assert_snapshot!(
        "embedded_twice",
        asdf(&chosen).screen().replace(&place, "FOLDER")
    );
    let sums = asdf(&format!("verify {place}/x.fits")).run();
    assert_eq!(sums.code, Some(0), "{sums:?}");
    for command in [
        format!("strip {place}/x.fits {place}/plain.fits"),
        format!("strip --force {place}/x.fits {place}/x.fits"),
    ] {
        let run = asdf(&command).run();
        assert_eq!(run.code, Some(0), "{run:?}");
    }
    let plain = fs::read(folder.path().join("plain.fits")).unwrap();
    assert!(plain == fs::read(folder.path().join("x.fits")).unwrap());
    let again = asdf(&format!("strip {place}/plain.fits {place}/none.fits"));
    assert_snapshot!("stripped_twice", again.screen().replace(&place, "FOLDER"));
}

#[test]
fn embed_refuses_what_it_cannot_mean() {
    let lines: Vec<String> = [
        "--move roman.nothing=SCI",
        "--move roman.data=SCI --move roman.dq=SCI",
        "--move roman.data",
        "--move roman.data=ASDF",
        "--move roman.meta=SCI",
        "--base test-data/fits/embedded/missing.asdf",
    ]
    .iter()
    .map(|options| asdf(&format!("embed {EXPOSURE} - {options}")).screen())
    .collect();
    assert_snapshot!("embed_refused", lines.concat());
}
