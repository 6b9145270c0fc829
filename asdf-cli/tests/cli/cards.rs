//! Header cards of FITS files, changed by `set` and `rm`.

use crate::bench::{Done, asdf, workspace};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A copy of a file of `test-data/fits` in a folder of its own.
fn copy(name: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.fits");
    fs::copy(workspace().join("test-data/fits").join(name), &path).unwrap();
    (folder, path)
}

/// Runs a command on a file; the arguments after it as they are.
fn run(command: &str, file: &Path, more: &[&str]) -> Done {
    let mut asdf = asdf(command);
    asdf.command.arg(file).args(more);
    asdf.run()
}

/// The cards of 80 bytes from an offset to `END`.
fn cards(bytes: &[u8], from: usize) -> Vec<String> {
    let cards = bytes[from..]
        .chunks(80)
        .map(|card| String::from_utf8_lossy(card).into_owned());
    cards.take_while(|card| !card.starts_with("END ")).collect()
}

#[test]
fn one_card_changes_in_place_and_the_sums_stay_right() {
    let (_folder, path) = copy("checksum.fits");
    let before = fs::read(&path).unwrap();
    let done = run(
        "set -v",
        &path,
        &["fits/1/header/OBSERVER", "O'Meara", "--comment", "who"],
    );
    assert_eq!(
        (done.code, done.out.as_str()),
        (Some(0), ""),
        "{}",
        done.err
    );
    assert!(done.err.contains("changed in place"), "{}", done.err);
    let after = fs::read(&path).unwrap();
    assert_eq!(before.len(), after.len());
    let differ: Vec<String> = cards(&after, 2880)
        .into_iter()
        .filter(|card| !cards(&before, 2880).contains(card))
        .map(|card| card.trim_end().to_owned())
        .collect();
    assert!(
        differ
            .iter()
            .any(|card| card == "OBSERVER= 'O''Meara'           / who"),
        "{differ:?}"
    );
    assert_eq!(
        differ
            .iter()
            .filter(|card| !card.starts_with("CHECKSUM"))
            .count(),
        1
    );
    assert_eq!(run("verify", &path, &[]).code, Some(0));
    let done = run("get", &path, &["fits/1/header/OBSERVER"]);
    assert_eq!(done.out, "O'Meara\n");
    // The same again writes nothing.
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    let done = run("set -v", &path, &["fits/1/header/OBSERVER", "O'Meara"]);
    assert!(done.err.contains("nothing to change"), "{}", done.err);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), time);
    let done = run("rm", &path, &["fits/1/header/OBSERVER"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert_eq!(run("verify", &path, &[]).code, Some(0));
}

#[test]
fn a_header_without_room_gets_a_block_and_the_data_stay() {
    let (_folder, path) = copy("checksum.fits");
    let before = fs::read(&path).unwrap();
    // The arrays without the places of their data, which move.
    let digest = |path: &Path| {
        let listed = run("ls --digest --json", path, &[]).out;
        let mut arrays: serde_json::Value = serde_json::from_str(&listed).unwrap();
        for array in arrays.as_array_mut().unwrap() {
            array.as_object_mut().unwrap().remove("offset");
        }
        arrays
    };
    let old = digest(&path);
    for _ in 0..40 {
        let done = run("set", &path, &["fits/0/header/HISTORY", "one more line"]);
        assert_eq!(done.code, Some(0), "{}", done.err);
    }
    assert_eq!(fs::read(&path).unwrap().len(), before.len() + 2880);
    assert_eq!(digest(&path), old);
    assert_eq!(run("verify", &path, &[]).code, Some(0));
}

#[test]
fn a_wrong_checksum_is_not_made_right() {
    let (_folder, path) = copy("checksum.fits");
    let mut bytes = fs::read(&path).unwrap();
    bytes[5760 + 3] ^= 0x40;
    fs::write(&path, &bytes).unwrap();
    assert_eq!(run("verify", &path, &[]).code, Some(1));
    let done = run("set", &path, &["fits/1/header/A", "1"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert_eq!(run("verify", &path, &[]).code, Some(1));
}

#[test]
fn what_is_not_a_card_is_refused_and_nothing_is_written() {
    let (_folder, path) = copy("checksum.fits");
    let before = fs::read(&path).unwrap();
    let refused: [(&[&str], &str); 9] = [
        (
            &["fits/0/header/BITPIX", "8"],
            "says how the data are stored",
        ),
        (
            &["fits/0/header/BZERO", "8"],
            "says what the numbers of the data mean",
        ),
        (&["fits/0/header/CHECKSUM", "x"], "follows from the bytes"),
        (&["fits/0/data", "8"], "is not a header card"),
        (&["fits/0/header/A", "[1, 2]"], "is not a number"),
        (&["fits/99/header/A", "1"], "there is no HDU 99"),
        (&["meta.x", "1"], "without an ASDF tree"),
        (&["fits/0/header/A", "nan", "--type", "float"], "not finite"),
        (&["fits/0/header/A", "\u{e9}"], "not printable ASCII"),
    ];
    for (arguments, reason) in refused {
        let done = run("set", &path, arguments);
        assert_eq!(done.code, Some(2), "{arguments:?}");
        assert!(done.err.contains(reason), "{arguments:?}: {}", done.err);
    }
    let mut edit = asdf("edit");
    edit.command
        .arg(&path)
        .env("EDITOR", "true")
        .env_remove("VISUAL");
    assert_eq!(edit.run().code, Some(2));
    assert_eq!(run("explode", &path, &[]).code, Some(2));
    let other = path.with_file_name("y.fits");
    assert_eq!(
        run("embed", &path, &[&other.display().to_string()]).code,
        Some(2)
    );
    // All of several, or none.
    assert_eq!(
        run(
            "rm",
            &path,
            &["fits/0/header/DATASUM", "fits/0/header/NONE"]
        )
        .code,
        Some(2)
    );
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn beside_a_tree_links_are_kept_and_the_hash_tells_of_the_edit() {
    let (_folder, path) = copy("embedded/product.fits");
    let before = fs::read(&path).unwrap();
    let done = run("set", &path, &["fits/1/header/EXTNAME", "OTHER"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("EXTNAME"), "{}", done.err);
    assert_eq!(
        run("set", &path, &["fits/0/header/A", "1", "--type", "str"]).code,
        Some(0)
    );
    let after = fs::read(&path).unwrap();
    assert_eq!(before.len(), after.len());
    // Only that card, and the hash, which fits no header now and says so.
    let differ = before
        .iter()
        .zip(&after)
        .filter(|(old, new)| old != new)
        .count();
    assert!(differ <= 160 + 64, "{differ}");
    let done = run("get", &path, &["_fits_hash"]);
    assert_eq!(
        (done.out.trim(), done.err.as_str()),
        ("f".repeat(64).as_str(), "")
    );
    let mixed = run("rm", &path, &["fits/0/header/A", "meta"]);
    assert_eq!(mixed.code, Some(2));
    assert_eq!(fs::read(&path).unwrap(), after);
}

#[test]
fn an_editor_that_changes_nothing_leaves_bytes_and_time() {
    for name in ["fits/embedded/product.fits", "made/roman_exposure.asdf"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.asdf");
        fs::copy(workspace().join("test-data").join(name), &path).unwrap();
        let state = || {
            (
                fs::read(&path).unwrap(),
                fs::metadata(&path).unwrap().modified().unwrap(),
            )
        };
        let before = state();
        let mut edit = asdf("edit");
        edit.command
            .arg(&path)
            .env("EDITOR", "true")
            .env_remove("VISUAL");
        let done = edit.run();
        assert_eq!(done.code, Some(0), "{}", done.err);
        assert!(state() == before, "{name}");
    }
}

#[test]
fn what_lies_under_the_name_of_the_journal_stays_there() {
    let (folder, path) = copy("checksum.fits");
    let stray = folder.path().join(".x.fits.asdf-journal");
    fs::create_dir(&stray).unwrap();
    let done = run("set -v", &path, &["fits/1/header/OBSERVER", "somebody"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(!done.err.contains("changed in place"), "{}", done.err);
    assert!(stray.is_dir());
    let after = cards(&fs::read(&path).unwrap(), 2880);
    assert!(after.iter().any(|card| card.contains("'somebody'")));
}

/// Which key is which keyword only the schemas of a mission say: what had one value is told, and stays as it is.
#[test]
fn cards_that_had_the_value_of_a_key_are_told() {
    let folder = tempfile::tempdir().unwrap();
    crate::many::copy(
        "test-data/fits/embedded/product.fits",
        &folder.path().join("x.fits"),
    );
    let run = |words: &[&str]| crate::many::run(folder.path(), words);
    for (path, value) in [
        ("0:INSTRUME", "NIRCAM"),
        ("instrument", "NIRCAM"),
        ("other", "NIRISS"),
    ] {
        let done = run(&["set", "x.fits", path, value]);
        assert_eq!(done.code, Some(0), "{path}: {done:?}");
    }
    let done = run(&["set", "x.fits", "other", "MIRI"]);
    assert!(!done.err.contains("only the tree"), "{done:?}");
    let done = run(&["set", "x.fits", "instrument", "MIRI"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(
        done.err.contains("only the tree is changed")
            && done.err.contains("fits/0/header/INSTRUME"),
        "{done:?}"
    );
    assert!(
        run(&["get", "x.fits", "fits/0/header/INSTRUME"])
            .out
            .contains("NIRCAM")
    );
}
