//! FITS files as trees of HDUs, and back.

use crate::bench::{asdf, workspace};
use insta::assert_snapshot;

const SUMS: &str = "test-data/fits/checksum.fits";
const TREE: &str = "test-data/fits/embedded/product.fits";

/// Runs a command whose `{}` is a folder of its own; what it writes there is read before the folder is gone.
fn written(commands: &[&str], result: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_string_lossy().into_owned();
    for command in commands {
        let done = asdf(&command.replace("{}", &place)).run();
        assert_eq!(done.code, Some(0), "{command}: {}", done.err);
    }
    std::fs::read(folder.path().join(result)).unwrap()
}

#[test]
fn a_fits_file_becomes_a_list_of_hdus() {
    // The same for each version.
    let screen = |options: &str| {
        let shown = asdf(&format!("convert {SUMS} - --to yaml{options}")).screen();
        shown.replace(env!("CARGO_PKG_VERSION"), "VERSION")
    };
    assert_snapshot!("triples", screen(""));
    assert_snapshot!("dict", screen(" --headers dict --native"));
}

#[test]
fn the_list_becomes_the_same_fits_file() {
    let name = "test-data/fits/tables.fits";
    let forth = format!("convert {name} {{}}/x.asdf --raw-hdu");
    let found = written(&[&forth, "convert {}/x.asdf {}/x.fits"], "x.fits");
    assert!(found == std::fs::read(workspace().join(name)).unwrap());
    let forth = format!("convert {SUMS} {{}}/x.asdf");
    let found = written(&[&forth, "convert {}/x.asdf {}/x.fits"], "x.fits");
    assert!(found == std::fs::read(workspace().join(SUMS)).unwrap());
    let direct = written(&[&format!("convert {SUMS} {{}}/y.fits")], "y.fits");
    assert!(found == direct);
}

#[test]
fn the_tree_that_a_file_carries_comes_first() {
    let tree = asdf(&format!("convert {TREE} - --to yaml --as tree")).run();
    let list = asdf(&format!("convert {TREE} - --to yaml --as fits")).run();
    assert_eq!(
        (tree.code, list.code),
        (Some(0), Some(0)),
        "{tree:?} {list:?}"
    );
    assert!(!tree.out.contains("\nfits: "), "{}", tree.out);
    assert!(
        list.out
            .contains("\nfits: !<tag:astropy.org:astropy/fits/fits-1.2.0>")
    );
}

#[test]
fn a_tree_without_a_list_is_put_into_a_fits_file() {
    let found = written(
        &[
            "convert test-data/made/roman_exposure.asdf {}/x.fits",
            "convert {}/x.fits {}/x.yaml",
        ],
        "x.yaml",
    );
    assert!(
        String::from_utf8(found)
            .unwrap()
            .contains("exposure_time: ")
    );
}

#[test]
fn options_that_cannot_be_meant_are_refused() {
    let lines: Vec<String> = [
        format!("convert {SUMS} - --to yaml --as tree"),
        format!("convert {TREE} - --to yaml --as tree --native"),
        "convert test-data/made/roman_exposure.asdf - --to yaml --headers dict".to_owned(),
        "convert test-data/made/roman_exposure.asdf - --to yaml --as fits".to_owned(),
        "convert test-data/made/roman_exposure.asdf - --to yaml --from fits".to_owned(),
        "convert test-data/made/roman_exposure.asdf - --to fits --path roman.meta".to_owned(),
        "convert test-data/fits/truncated.fits.bad - --to yaml".to_owned(),
    ]
    .iter()
    .map(|command| asdf(command).run().err)
    .collect();
    assert_snapshot!("refused_hdus", lines.concat());
}

#[test]
fn a_file_without_a_tree_is_looked_at_as_if_it_had_one() {
    let commands = [
        "ls test-data/fits/tables.fits",
        "get test-data/fits/header.fits fits[0].header.LEAD",
        "get test-data/fits/images.fits fits/3/data",
        "stats test-data/fits/whole.fits.gz",
        "stats test-data/fits/groups.fits",
        "search test-data/fits/scaled.fits --key ^BZERO$",
        "info test-data/fits/checksum.fits --path fits --depth 3",
        "diff test-data/fits/junk_after.fits test-data/fits/short_pad.fits",
        "diff test-data/fits/compressed_gzip_1.fits test-data/fits/compressed_gzip_2.fits",
        "validate test-data/fits/tables.fits",
    ];
    let screens = commands.map(|command| asdf(command).columns(100).screen());
    assert_snapshot!("looked_at", screens.join("\n"));
}

#[test]
fn what_was_looked_at_is_not_written() {
    let name = "test-data/fits/checksum.fits";
    let before = std::fs::read(workspace().join(name)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("x.fits");
    std::fs::write(&copy, &before).unwrap();
    let set = asdf(&format!("set {} note 1", copy.display())).run();
    assert_eq!(set.code, Some(2), "{}", set.err);
    assert!(std::fs::read(&copy).unwrap() == before);
}

#[test]
fn a_column_of_a_table_is_taken_by_its_name() {
    const TABLES: &str = "test-data/fits/tables.fits";
    let get = |path: &str| asdf(&format!("get {TABLES} {path}")).run();
    let whole = get("fits/1/data/MAT");
    assert_eq!(whole.code, Some(0), "{}", whole.err);
    assert!(whole.out.ends_with("int32 4×2×3\n"), "{}", whole.out);
    // Case does not count; rows may be chosen before or after the name.
    assert_eq!(get("fits/1/data.mat").out, whole.out);
    assert_eq!(
        get("fits/1/data[1:3].MAT").out,
        get("fits/1/data.MAT[1:3]").out
    );
    assert_eq!(get("fits/1/data/nothing").code, Some(2));
    let stats = asdf(&format!("stats {TABLES} fits/1/data.VEC")).run();
    assert!(
        stats.out.starts_with("/fits/1/data/VEC float32 4×4\n"),
        "{}",
        stats.out
    );
    let raw = asdf(&format!("get {TABLES} fits/1/data.J --raw")).run();
    assert_eq!(raw.code, Some(0));
}

#[test]
fn a_compressed_image_that_cannot_be_read_is_not_shown_as_the_table_that_stores_it() {
    let bytes = std::fs::read(workspace().join("test-data/fits/compressed_rice_1.fits")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.fits");
    for (card, wrong) in [
        (
            "ZNAXIS1 =                   30",
            "ZNAXIS1 =           2147483648",
        ),
        (
            "ZNAXIS1 =                   30",
            "ZNAXIS1 =                   -1",
        ),
    ] {
        let mut bytes = bytes.clone();
        let mut windows = bytes.windows(card.len());
        let at = windows.position(|found| found == card.as_bytes()).unwrap();
        bytes[at..at + card.len()].copy_from_slice(wrong.as_bytes());
        std::fs::write(&path, &bytes).unwrap();
        let done = asdf(&format!("get {} fits/1/data", path.display())).run();
        assert_eq!(done.code, Some(2), "{wrong}: {}{}", done.out, done.err);
        assert_eq!(done.out, "", "{wrong}");
    }
}
