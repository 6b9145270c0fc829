//! What is told: in the words of those who asked, once, and never about files that nobody has made.

use crate::bench::{Done, asdf};
use crate::many::{copy, run};
use serde_json::Value;
use std::fs;
use std::path::Path;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";
const BESIDE: &str = "test-data/fits/embedded/beside.fits";

/// A run whose temporary files go to a folder whose name is not to be seen.
fn hidden(folder: &Path, words: &[&str]) -> Done {
    let spools = folder.join("spools-of-nobody");
    fs::create_dir_all(&spools).unwrap();
    let mut command = asdf(words[0]);
    command.command.args(&words[1..]).current_dir(folder);
    command.command.env("TMPDIR", &spools);
    command.run()
}

#[test]
fn temporary_files_are_not_told() {
    let folder = tempfile::tempdir().unwrap();
    copy(BESIDE, &folder.path().join("x.fits"));
    copy("test-data/fits/tables.fits", &folder.path().join("t.fits"));
    for words in [
        ["convert", "x.fits", "o.npy", "--path", "fits/9/data"].as_slice(),
        &["convert", "x.fits", "o.npy", "--path", "fits/1/header"],
        &["convert", "x.fits", "o.csv", "--path", "fits/4/data"],
        &["convert", "t.fits", "o.png", "--path", "fits/1/data"],
        &[
            "cutout",
            "x.fits",
            "--path",
            "fits/9/data",
            "--pixel",
            "1,1",
            "--size",
            "2px",
            "-o",
            "o.asdf",
        ],
        &[
            "cutout",
            "x.fits",
            "--path",
            "fits/1/data",
            "--pixel",
            "1,1",
            "--size",
            "2px",
            "-o",
            "o.asdf",
        ],
    ] {
        let done = hidden(folder.path(), words);
        assert_eq!(done.code, Some(2), "{words:?}: {done:?}");
        assert!(
            !done.err.contains("spools-of-nobody"),
            "{words:?}: {}",
            done.err
        );
        assert!(done.err.contains(words[1]), "{words:?}: {}", done.err);
        assert_eq!(done.err.lines().count(), 1, "{words:?}: {}", done.err);
    }
}

#[test]
fn paths_of_fits_files_are_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    copy(BESIDE, &folder.path().join("x.fits"));
    copy("test-data/fits/images.fits", &folder.path().join("i.fits"));
    copy(
        "test-data/made/record_simple.asdf",
        &folder.path().join("t.asdf"),
    );
    for (words, told) in [
        (
            ["mv", "x.fits", "fits/0/header/EXTEND", "fits/0/header/X"].as_slice(),
            "is the card EXTEND of HDU 0",
        ),
        (
            &["mv", "x.fits", "meta.name", "fits/1/header/NAME"],
            "is the card NAME of HDU 1",
        ),
        (&["mv", "x.fits", "fits/1", "fits/2"], "is a part of an HDU"),
        (
            &["cp", "t.asdf:t", "x.fits:fits/0/header/T"],
            "is the card T of HDU 0",
        ),
        (
            &["cp", "t.asdf:t", "x.fits:fits/1/data"],
            "is a part of an HDU",
        ),
        (
            &["cp", "t.asdf:t", "i.fits:fits/1/data"],
            "only header cards",
        ),
        (&["mv", "i.fits", "a", "b"], "only header cards"),
        (&["set", "x.fits", "fits/9/header/A", "5"], "no HDU 9"),
        (&["set", "x.fits", "fits/1/data", "5"], "not a header card"),
    ] {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(2), "{words:?}: {done:?}");
        assert!(done.err.contains(told), "{words:?}: {}", done.err);
    }
}

#[test]
fn numbers_by_the_standard_are_not_set_to_text() {
    let folder = tempfile::tempdir().unwrap();
    copy(BESIDE, &folder.path().join("x.fits"));
    for (card, value) in [
        ("SCI:CRVAL1", "abc"),
        ("fits/1/header/EXPTIME", "5s"),
        ("SCI:CD1_1", "true"),
        ("SCI:EQUINOX", "J2000"),
    ] {
        let done = run(folder.path(), &["set", "x.fits", card, value]);
        assert_eq!(done.code, Some(2), "{card}: {done:?}");
        assert!(done.err.contains("--type str"), "{card}: {}", done.err);
    }
    for words in [
        ["set", "x.fits", "SCI:CRVAL1", "1.5"].as_slice(),
        &["set", "x.fits", "SCI:EQUINOX", "J2000", "--type", "str"],
        &["set", "x.fits", "SCI:OBJECT", "abc"],
        &["set", "x.fits", "SCI:CRVAL2", "null"],
    ] {
        assert_eq!(run(folder.path(), words).code, Some(0), "{words:?}");
    }
}

#[test]
fn a_card_that_we_change_is_no_news_to_later_commands() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/fits/embedded/product.fits",
        &folder.path().join("p.fits"),
    );
    let warns = |done: &Done| done.err.contains("headers were changed");
    let before = run(folder.path(), &["info", "p.fits"]);
    assert!(!warns(&before), "{before:?}");
    for card in ["0:OBSERVER", "SCI:OBSERVER"] {
        let done = run(folder.path(), &["set", "p.fits", card, "Ada"]);
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{card}");
        for words in [
            ["info", "p.fits"],
            ["verify", "p.fits"],
            ["history", "p.fits"],
        ] {
            let done = run(folder.path(), &words);
            assert!(!warns(&done), "{words:?}: {}", done.err);
        }
    }
    // The hash fits no header: readers that compare it take the values of the headers.
    let hash = run(folder.path(), &["get", "p.fits", "_fits_hash"]).out;
    assert_eq!(hash.trim(), "f".repeat(64));
    // Another program's change is told as before.
    let mut bytes = fs::read(folder.path().join("p.fits")).unwrap();
    copy(
        "test-data/fits/embedded/product.fits",
        &folder.path().join("q.fits"),
    );
    let old = fs::read(folder.path().join("q.fits")).unwrap();
    assert_ne!(bytes, old);
    bytes = old;
    let at = bytes
        .windows(9)
        .position(|part| part == b"EXTEND  =")
        .unwrap();
    bytes[at + 40] = b'x';
    fs::write(folder.path().join("q.fits"), bytes).unwrap();
    assert!(warns(&run(folder.path(), &["info", "q.fits"])));
}

#[test]
fn the_mean_is_between_the_extremes() {
    let folder = tempfile::tempdir().unwrap();
    let tree = "#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n\
        a: !core/ndarray-1.1.0 {data: [4294967295, 4294967295, 4294967295], datatype: uint32, shape: [3]}\n\
        b: !core/ndarray-1.1.0 {data: [0.1, 0.1, 0.1], datatype: float64, shape: [3]}\n\
        c: !core/ndarray-1.1.0 {data: [123456789, 123456789], datatype: int64, shape: [2]}\n...\n";
    fs::write(folder.path().join("m.asdf"), tree).unwrap();
    // numpy.full(3, 4294967295, numpy.uint32).mean() and so on.
    for (path, mean) in [("a", 4_294_967_295.0), ("b", 0.1), ("c", 123_456_789.0)] {
        let done = run(folder.path(), &["stats", "--json", "m.asdf", path]);
        let found: Value = serde_json::from_str(&done.out).unwrap();
        assert_eq!(found[0]["mean"].as_f64(), Some(mean), "{done:?}");
        let text = run(folder.path(), &["stats", "m.asdf", path]).out;
        let value = |name: &str| {
            let mut words = text.split_whitespace().skip_while(|word| *word != name);
            words.nth(1).unwrap().parse::<f64>().unwrap()
        };
        for name in ["mean", "median", "p99"] {
            let is_between = (value("min")..=value("max")).contains(&value(name));
            assert!(is_between, "{name}: {text}");
        }
    }
}

#[test]
fn plain_documents_have_no_wrappers() {
    let folder = tempfile::tempdir().unwrap();
    let tree = "#ASDF 1.0.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n\
        a: !core/ndarray-1.1.0 {data: [9223372036854775807, 1], datatype: int64, shape: [2]}\n\
        b: !core/ndarray-1.1.0 {data: [.nan, .nan], datatype: float64, shape: [2]}\n...\n";
    fs::write(folder.path().join("m.asdf"), tree).unwrap();
    let done = run(folder.path(), &["stats", "--plain", "m.asdf"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(
        done.out.contains("\"max\":9223372036854775807"),
        "{}",
        done.out
    );
    assert!(!done.out.contains('$'), "{}", done.out);
    for words in [
        ["ls", "--plain", "m.asdf"].as_slice(),
        &["ls", "--plain", "--jsonl", "m.asdf", "m.asdf"],
    ] {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(
            done.out.contains("\"path\":\"/a\"") && !done.out.contains('$'),
            "{}",
            done.out
        );
    }
}

#[test]
fn a_fault_is_told_as_an_error_or_as_a_warning() {
    for words in [
        ["stats", "test-data/fits/truncated.fits.bad"].as_slice(),
        &["ls", "--digest", "test-data/fits/truncated.fits.bad"],
        &["get", "test-data/fits/truncated.fits.bad", "fits/0/data"],
        &[
            "convert",
            "test-data/fits/truncated.fits.bad",
            "-",
            "--to",
            "asdf",
        ],
    ] {
        let done = run(&crate::bench::workspace(), words);
        assert_eq!(done.code, Some(2), "{words:?}: {done:?}");
        assert_eq!(done.err.lines().count(), 1, "{words:?}: {}", done.err);
    }
    // Where nothing fails, it is a warning.
    let done = run(
        &crate::bench::workspace(),
        &["info", "test-data/fits/truncated.fits.bad"],
    );
    assert!(done.err.contains("only 40 are there"), "{done:?}");
}

#[test]
fn a_file_that_is_not_there_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/made/record_simple.asdf",
        &folder.path().join("d/a.asdf"),
    );
    copy(
        "test-data/made/record_simple.asdf",
        &folder.path().join("d/b.asdf"),
    );
    for words in [
        ["diff", "d", "none"],
        ["diff", "none", "d"],
        ["diff", "d/a.asdf", "none"],
        ["diff", "none", "d/a.asdf"],
    ] {
        let done = run(folder.path(), &words);
        assert_eq!(done.code, Some(2), "{words:?}: {done:?}");
        assert_eq!(
            done.err, "asdf: none: No such file or directory (os error 2)\n",
            "{words:?}"
        );
    }
}

#[test]
fn numbers_below_zero_are_values() {
    let folder = tempfile::tempdir().unwrap();
    copy(BESIDE, &folder.path().join("x.fits"));
    for words in [
        [
            "cutout", "x.fits", "--center", "-210,2.5", "--size", "2px", "-o", "o.asdf",
        ]
        .as_slice(),
        &[
            "cutout",
            "x.fits",
            "--center",
            "-0:1:2,-2:3:4",
            "--size",
            "2px",
            "-o",
            "o.asdf",
        ],
        &[
            "cutout", "x.fits", "--pixel", "-1,3", "--size", "2px", "-o", "o.asdf",
        ],
    ] {
        let done = run(folder.path(), words);
        assert!(
            !done.err.contains("unexpected argument"),
            "{words:?}: {}",
            done.err
        );
    }
    let words = [
        "cutout", "x.fits", "--pixel", "1,1", "--size", "2px", "-o", "o.txt",
    ];
    let done = run(folder.path(), &words);
    assert_eq!(done.code, Some(2));
    assert!(
        done.err.contains("no format has the ending .txt"),
        "{done:?}"
    );
    let done = run(folder.path(), &["repair", "x.fits", "-o", "y", "-f"]);
    assert!(!done.err.contains("unexpected argument"), "{done:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn devices_and_pipes_are_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("p.asdf");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.is_ok_and(|status| status.success()));
    copy(
        "test-data/made/record_simple.asdf",
        &folder.path().join("t.asdf"),
    );
    for path in ["/dev/zero", "p.asdf"] {
        for words in [
            ["info", path].as_slice(),
            &["verify", path],
            &["check", path, "--write-manifest", "m.csv", "-f"],
            &["convert", path, "o.asdf"],
            &["convert", path, "o.asdf", "--from", "yaml"],
            &["convert", path, "o.asdf", "--from", "npy"],
            &["set", path, "a", "1"],
            &["repair", path, "-o", "o.asdf"],
            &["diff", "t.asdf", path],
            &["info", "@/dev/zero"],
            &["set", "t.asdf", "a", "--from-file", "/dev/zero"],
        ] {
            let done = run(folder.path(), words);
            let told = format!("{}{}", done.out, done.err);
            assert_eq!(done.code, Some(2), "{words:?}: {told}");
            let is_named = told.contains("is a device or a pipe") || words.contains(&"--from-file");
            assert!(is_named, "{words:?}: {told}");
        }
    }
}

/// Of several files each message says which one it is about.
#[test]
fn messages_about_one_of_several_files_name_it() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        copy(ROMAN, &folder.path().join(format!("n/{name}.asdf")));
    }
    for words in [
        // A note, a hint, a warning, an error of the command, a schema.
        ["set", "-s", "roman.new.key=1", "n"].as_slice(),
        &["get", "--path", "roman.met.filename", "n"],
        &[
            "cutout",
            "n",
            "--pixel",
            "0,0",
            "--size",
            "20px",
            "--out-dir",
            "cut",
        ],
        &["set", "-s", "roman.data[0, 0]=text", "n"],
        &["set", "-s", "roman.meta.exposure=1", "n"],
        &[
            "convert",
            "n",
            "--out-dir",
            "arrays",
            "--name",
            "{stem}.npy",
        ],
        &["set", "-v", "-s", "roman.meta.telescope=ROMAN", "n"],
        &["wcs", "info", "--path", "roman.amp33", "n"],
        &["stats", "--path", "roman.data", "--mask", "amp33", "n"],
    ] {
        let done = run(folder.path(), words);
        assert!(!done.err.is_empty(), "{words:?}");
        for line in done.err.lines() {
            let about = line.replace("warning: ", "").replace("note: ", "");
            assert!(
                about.starts_with("asdf: n/a.asdf: ")
                    || about.starts_with("asdf: n/b.asdf: ")
                    || about.starts_with("asdf: cut/"),
                "{words:?}: {line}"
            );
            assert_eq!(
                line.matches("n/a.asdf: ").count() + line.matches("n/b.asdf: ").count(),
                1,
                "{line}"
            );
        }
    }
    // A single one needs no name in a note.
    let done = run(folder.path(), &["set", "n/a.asdf", "roman.other", "1"]);
    assert_eq!(done.err, "asdf: note: added /roman/other\n");
}

/// Commands with a path or a pattern in the place of a file, and what is told of them.
const MISPLACED: &[(&[&str], &str)] = &[
    (
        &["info", "a.asdf", "roman.meta"],
        "is a path of the tree of a.asdf: `asdf info --path roman.meta a.asdf`",
    ),
    (
        &["ls", "roman.meta", "a.asdf"],
        "`asdf ls --path roman.meta a.asdf`",
    ),
    (
        &["ls", "--jsonl", "my p.asdf", "items[0]"],
        "`asdf ls --path 'items[0]' 'my p.asdf'`",
    ),
    (
        &["verify", "a.asdf", "roman.data"],
        "`roman.data` is a path of the tree of a.asdf, and `asdf verify` takes whole files",
    ),
    (
        &["check", "a.asdf", "roman.data"],
        "`asdf check --require roman.data a.asdf`",
    ),
    (
        &["table", "-k", "roman.meta.filename", "a.asdf", "roman.data"],
        "`asdf table -k roman.data a.asdf`",
    ),
    (
        &["search", "-e", "WFI", "a.asdf", "roman.meta"],
        "`asdf search --under roman.meta a.asdf`",
    ),
    (
        &["search", "WFI_*", "a.asdf", "my p.asdf"],
        "`WFI_*` is not a file; what is looked for stands after -e: `asdf search -e 'WFI_*' a.asdf 'my p.asdf'`",
    ),
    (&["search", "exposure"], "`asdf search -e exposure FILE`"),
    (
        &["get", "roman.meta.filename", "a.asdf"],
        "`roman.meta.filename` is not a file: the file stands before the path, as in `a.asdf roman.meta.filename`",
    ),
    (
        &["set", "roman.meta.filename", "x", "a.asdf"],
        "as in `a.asdf roman.meta.filename`",
    ),
    (
        &["mv", "roman.meta.filename", "a.asdf", "roman.x"],
        "the file stands before the path",
    ),
    (
        &["rm", "roman.meta.filename", "a.asdf"],
        "the file stands before the path",
    ),
    (
        &["wcs", "info", "roman.meta.wcs", "a.asdf"],
        "the file stands before the path",
    ),
];

/// A path or a pattern in the place of a file: the command to type is told.
#[test]
fn what_stands_in_the_place_of_a_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("a.asdf"));
    copy("test-data/paths.asdf", &folder.path().join("my p.asdf"));
    for (words, told) in MISPLACED {
        let done = run(folder.path(), words);
        assert_eq!(done.code, Some(2), "{words:?}");
        assert!(done.err.contains(told), "{words:?}: {}", done.err);
    }
    // What is nowhere gets no such hint.
    let done = run(folder.path(), &["info", "a.asdf", "nothing.of.it"]);
    assert!(!done.err.contains("is a path"), "{}", done.err);
}
