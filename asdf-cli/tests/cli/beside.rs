//! HDUs beside the tree of a FITS file: looked at, converted and brought back.

use crate::bench::{Done, asdf, workspace};
use std::fs;
use std::path::Path;

const BESIDE: &str = "test-data/fits/embedded/beside.fits";
const OWN_KEY: &str = "test-data/fits/embedded/own_key.fits";

fn run(command: &str) -> Done {
    asdf(command).run()
}

fn good(command: &str) -> String {
    let done = run(command);
    assert_eq!(done.code, Some(0), "{command}: {}{}", done.out, done.err);
    done.out
}

#[test]
fn hdus_that_the_tree_does_not_name_are_seen_by_every_command() {
    let listed = good(&format!("ls {BESIDE}"));
    for path in ["/sci", "/fits/2/data", "/fits/3/data", "/fits/4/data"] {
        assert!(listed.contains(path), "{path} in {listed}");
    }
    // What the tree names is listed once, under its name in the tree, and found under its number.
    assert!(!listed.contains("/fits/1/data"), "{listed}");
    assert_eq!(
        good(&format!("get {BESIDE} fits/1/data[0,1]")).trim(),
        "0.125"
    );
    assert_eq!(
        good(&format!("get {BESIDE} fits/1/header/EXPTIME")).trim(),
        "5.0"
    );
    assert_eq!(
        good(&format!("get {BESIDE} fits/2/data[0,1]")).trim(),
        "214000000"
    );
    assert!(good(&format!("stats {BESIDE}")).contains("/fits/4/data"));
    assert!(good(&format!("search {BESIDE} --key TELESCOP")).contains("/fits/0/header/TELESCOP"));
    // Pixel (1, 2) is the reference pixel of the header.
    let sky = good(&format!("wcs eval {BESIDE} fits/2/wcs 1 2"));
    let sky: Vec<f64> = sky
        .split_whitespace()
        .map(|number| number.parse().unwrap())
        .collect();
    assert!(
        (sky[0] - 150.0).abs() < 1e-9 && (sky[1] - 2.5).abs() < 1e-9,
        "{sky:?}"
    );
}

#[test]
fn a_tree_with_a_key_fits_keeps_it_and_the_hdus_stand_under_another() {
    assert_eq!(good(&format!("get {OWN_KEY} fits/mine")).trim(), "true");
    assert_eq!(
        good(&format!("get {OWN_KEY} fits_/2/header/EXTVER")).trim(),
        "2"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.fits");
    fs::copy(workspace().join(OWN_KEY), &path).unwrap();
    let mut set = asdf("set");
    set.command.arg(&path).args(["fits_/1/header/A", "1"]);
    assert_eq!(set.run().code, Some(0));
    let mut set = asdf("set");
    set.command.arg(&path).args(["fits/mine", "false"]);
    assert_eq!(set.run().code, Some(0));
    assert_eq!(
        good(&format!("get -q {} fits/mine", path.display())).trim(),
        "false"
    );
    assert_eq!(
        good(&format!("get -q {} fits_/1/header/A", path.display())).trim(),
        "1"
    );
}

/// Converts to ASDF and back; gives both names.
fn there_and_back(fits: &str, folder: &Path) -> (String, String) {
    let (middle, back) = (folder.join("x.asdf"), folder.join("y.fits"));
    let (middle, back) = (middle.display().to_string(), back.display().to_string());
    good(&format!("convert {fits} {middle}"));
    good(&format!("convert {middle} {back}"));
    (middle, back)
}

#[test]
fn what_came_in_as_an_hdu_goes_out_as_one_with_its_cards() {
    for fits in [BESIDE, OWN_KEY, "test-data/fits/embedded/product.fits"] {
        let folder = tempfile::tempdir().unwrap();
        let (middle, back) = there_and_back(fits, folder.path());
        good(&format!("diff {fits} {middle} --ignore _fits_hash"));
        good(&format!("diff {middle} {fits} --ignore _fits_hash"));
        good(&format!("diff {fits} {back} --ignore _fits_hash"));
        good(&format!("verify {back}"));
        let before = fs::read(workspace().join(fits)).unwrap();
        let after = fs::read(&back).unwrap();
        // All but the HDU of the tree, byte for byte.
        let end = before
            .windows(13)
            .position(|bytes| bytes == b"ASDF_METADATA")
            .unwrap()
            / 2880
            * 2880;
        assert!(before[..end] == after[..end], "{fits}");
    }
}

#[test]
fn a_cutout_takes_the_hdus_beside_the_tree_along() {
    let folder = tempfile::tempdir().unwrap();
    let part = folder.path().join("part.asdf").display().to_string();
    good(&format!(
        "cutout {BESIDE} --path fits/2/data --pixel 1,1 --size 2px -o {part}"
    ));
    let cut = good(&format!("get {part} fits/2/data"));
    assert_eq!(cut, good(&format!("get {BESIDE} fits/2/data[0:2,0:2]")));
    // What has no such grid is as a conversion brings it.
    let whole = folder.path().join("whole.asdf").display().to_string();
    good(&format!("convert {BESIDE} {whole}"));
    for path in ["sci", "fits/3/data", "fits/4/data", "fits/0/header"] {
        let there = good(&format!("get {whole} {path}"));
        assert_eq!(good(&format!("get {part} {path}")), there, "{path}");
    }
}

#[test]
fn a_conversion_can_leave_the_hdus_beside_the_tree_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tree.asdf").display().to_string();
    good(&format!("convert {BESIDE} {path} --as tree"));
    assert!(run(&format!("get {path} fits")).code != Some(0));
    let differ = run(&format!("diff {BESIDE} {path}"));
    assert_eq!(differ.code, Some(1));
    assert!(differ.out.contains("/fits"), "{}", differ.out);
    let path = folder.path().join("part.npy").display().to_string();
    good(&format!("convert {BESIDE} {path} --path fits/2/data"));
}
