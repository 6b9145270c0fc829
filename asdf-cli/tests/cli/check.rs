//! `asdf check`: planted faults are named with kind and path, and nothing else is.

use crate::many::{copy, run};
use md5::{Digest, Md5};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A file with an array of 2000 floats, and some text.
pub(crate) fn file(path: &Path, number: usize, fault: &str) {
    let datatype = if fault == "datatype" {
        "int32"
    } else {
        "float32"
    };
    let shape = if fault == "shape" {
        "[2000, 1]"
    } else {
        "[2000]"
    };
    let key = if fault == "missing-path" {
        "other"
    } else {
        "data"
    };
    let kind = if fault == "value" { "LIGHT" } else { "DARK" };
    let source = u8::from(fault == "missing-block");
    let note = match fault {
        "invalid" => "note: !core/software-1.0.0 {version: '1'}\n",
        _ => "note: !core/software-1.0.0 {name: x, version: '1'}\n",
    };
    let mut bytes = format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n\
         id: {number}\nkind: {kind}\n{note}{key}: !core/ndarray-1.1.0\n  source: {source}\n  datatype: {datatype}\n  \
         byteorder: little\n  shape: {shape}\n...\n"
    )
    .into_bytes();
    let value = |element: usize| match fault {
        "all-nan" => f32::NAN,
        "all-zero" => 0.0,
        "constant" => 3.5,
        "nan-share" if element < 1500 => f32::NAN,
        _ => (number * 3000 + element).to_string().parse().unwrap(),
    };
    let data: Vec<u8> = (0..2000)
        .flat_map(|element| value(element).to_le_bytes())
        .collect();
    bytes.extend(b"\xd3BLK\x00\x30\x00\x00\x00\x00\x00\x00\x00\x00");
    for _ in 0..3 {
        bytes.extend((data.len() as u64).to_be_bytes());
    }
    bytes.extend(Md5::digest(&data));
    bytes.extend(&data);
    let end = bytes.len();
    match fault {
        "checksum" => bytes[end - 100] ^= 1,
        "truncated" => bytes.truncate(end - 1000),
        // In the value of `kind`.
        "unreadable" => bytes[104] = 0xff,
        _ => {}
    }
    fs::write(path, bytes).unwrap();
}

const FAULTS: [&str; 13] = [
    "datatype",
    "shape",
    "missing-path",
    "value",
    "missing-block",
    "invalid",
    "all-nan",
    "all-zero",
    "constant",
    "nan-share",
    "checksum",
    "truncated",
    "unreadable",
];

/// Forty files, a fault in some of them; gives the fault of each name.
fn delivery(folder: &Path) -> Vec<(String, &'static str)> {
    let night = folder.join("night");
    fs::create_dir_all(&night).unwrap();
    let mut planted = Vec::new();
    for number in 0_usize..40 {
        let fault = number
            .checked_sub(5)
            .and_then(|place| (place % 2 == 0).then(|| FAULTS.get(place / 2))?);
        let name = format!("night/f{number:02}.asdf");
        file(
            &folder.join(&name),
            number,
            fault.copied().unwrap_or_default(),
        );
        planted.extend(fault.map(|fault| (name, *fault)));
    }
    fs::write(
        folder.join("profile.toml"),
        "[[node]]\npath = \"kind\"\nequals = \"DARK\"\n[[node]]\npath = \"id\"\nmin = 0\nmax = 100\n[[array]]\npath = \"data\"\nmax_nan = 0.5\nvaries = true\n",
    )
    .unwrap();
    planted
}

/// The kinds and paths of each file that failed.
pub(crate) fn failed(lines: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut out = Vec::new();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["ok"] == false {
            let problems = line["problems"].as_array().unwrap().iter();
            let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            let kinds = problems.map(|problem| (text(&problem["kind"]), text(&problem["path"])));
            out.push((text(&line["file"]), kinds.collect()));
        }
    }
    out
}

#[test]
fn planted_faults_are_named_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let planted = delivery(folder.path());
    let words = [
        "check",
        "night",
        "--like",
        "night/f00.asdf",
        "--profile",
        "profile.toml",
        "--id",
        "id",
        "--jsonl",
    ];
    for threads in ["1", "4"] {
        let done = run(
            folder.path(),
            &[&words[..], &["--threads", threads]].concat(),
        );
        assert_eq!(done.code, Some(2), "{}", done.err);
        let found = failed(&done.out);
        assert_eq!(found.len(), planted.len(), "{found:?}");
        for ((file, problems), (name, fault)) in found.iter().zip(&planted) {
            assert_eq!(file, name);
            // Bytes that are read as another type have another meaning, and what cannot be read has no other fault.
            assert!(
                problems.iter().all(|problem| problem.0 == *fault),
                "{name} {fault}: {problems:?}"
            );
            let path = match *fault {
                "value" => "/kind",
                "invalid" => "/note",
                "unreadable" => "-",
                _ => "/data",
            };
            assert!(
                problems.iter().any(|problem| problem.1 == path),
                "{fault}: {problems:?}"
            );
        }
        let last: Value = serde_json::from_str(done.out.lines().last().unwrap()).unwrap();
        assert_eq!(last["summary"]["files"], 40);
        assert_eq!(last["summary"]["failed"], FAULTS.len());
        assert_eq!(last["summary"]["kinds"]["all-nan"], 1);
    }
}

#[test]
fn without_payloads_there_is_what_headers_tell() {
    let folder = tempfile::tempdir().unwrap();
    delivery(folder.path());
    let done = run(
        folder.path(),
        &[
            "check",
            "night",
            "--no-blocks",
            "--jsonl",
            "--like",
            "night/f00.asdf",
        ],
    );
    let kinds: Vec<String> = failed(&done.out)
        .into_iter()
        .map(|file| file.1[0].0.clone())
        .collect();
    assert_eq!(
        kinds,
        [
            "datatype",
            "shape",
            "missing-path",
            "missing-block",
            "invalid",
            "truncated",
            "unreadable"
        ]
    );
}

#[test]
fn constant_arrays_are_right_where_nobody_says_that_they_vary() {
    let folder = tempfile::tempdir().unwrap();
    for (number, fault) in ["all-zero", "all-nan", "constant"].iter().enumerate() {
        file(&folder.path().join(format!("{number}.asdf")), number, fault);
    }
    let done = run(folder.path(), &["check", "."]);
    assert_eq!(
        done.out,
        "./0.asdf: ok\n./1.asdf: ok\n./2.asdf: ok\n3 files, 3 ok, 0 failed\n"
    );
    assert_eq!(done.code, Some(0));
}

#[test]
fn a_manifest_is_made_and_held_against_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("night/sub")).unwrap();
    for (number, name) in ["night/a.asdf", "night/b.asdf", "night/sub/a.asdf"]
        .iter()
        .enumerate()
    {
        file(&at(name), number, "");
    }
    let done = run(
        folder.path(),
        &["check", "night", "--write-manifest", "m.csv"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    let text = fs::read_to_string(at("m.csv")).unwrap();
    let names: Vec<&str> = text
        .lines()
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(names, ["name", "a.asdf", "b.asdf", "sub/a.asdf"]);
    assert_eq!(
        run(
            folder.path(),
            &["check", "night", "--write-manifest", "m.csv"]
        )
        .code,
        Some(2)
    );
    let done = run(folder.path(), &["check", "night", "--expect", "m.csv"]);
    assert_eq!(done.code, Some(0), "{done:?}");

    fs::rename(at("night/sub/a.asdf"), at("night/sub/c.asdf")).unwrap();
    file(&at("night/b.asdf"), 77, "");
    let done = run(
        folder.path(),
        &["check", "night", "--expect", "m.csv", "--jsonl"],
    );
    assert_eq!(done.code, Some(1));
    let found: Vec<(String, String)> = failed(&done.out)
        .into_iter()
        .map(|file| (file.0, file.1[0].0.clone()))
        .collect();
    let wanted = [
        ("night/b.asdf", "size"),
        ("night/sub/c.asdf", "extra"),
        ("sub/a.asdf", "missing"),
    ];
    assert_eq!(
        found,
        wanted.map(|(file, kind)| (file.to_owned(), kind.to_owned()))
    );
}

#[test]
fn a_manifest_that_is_none_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("night")).unwrap();
    file(&at("night/a.asdf"), 1, "");
    for (text, error) in [
        ("name,bytes\na,1\n", "m.csv: line 1: the heading `bytes`"),
        (
            "name,size\na,x\n",
            "m.csv: line 2: the size is not a number",
        ),
        ("name,sha256\na,12\n", "m.csv: line 2: the sha256 is not"),
        ("name\na\na\n", "m.csv: line 3: `a` stands there twice"),
    ] {
        fs::write(at("m.csv"), text).unwrap();
        let done = run(folder.path(), &["check", "night", "--expect", "m.csv"]);
        assert_eq!(done.code, Some(2));
        assert!(done.err.contains(error), "{}", done.err);
    }
}

#[test]
fn names_requirements_and_duplicates() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    file(&at("a1.asdf"), 1, "");
    file(&at("a2.asdf"), 2, "missing-path");
    fs::copy(at("a1.asdf"), at("b.asdf")).unwrap();
    let words = [
        "check",
        ".",
        "--require",
        "data",
        "--name-pattern",
        r"a\d\.asdf",
        "--id",
        "id",
    ];
    let done = run(folder.path(), &words);
    assert_eq!(
        done.out,
        "./a1.asdf: ok\n\
         ./a2.asdf: missing-path: /data: no `data`: the root is a mapping of 4 (core/asdf-1.1.0)\n\
         ./b.asdf: name: the name does not match a\\d\\.asdf\n\
         ./b.asdf: duplicate: the same content as ./a1.asdf\n\
         ./b.asdf: duplicate: /id: 1, as in ./a1.asdf\n\n\
         duplicate     1 file\nmissing-path  1 file\nname          1 file\n3 files, 1 ok, 2 failed\n"
    );
    assert_eq!(done.code, Some(1));
}

#[test]
fn patterns_of_names_may_have_comments_and_what_two_rules_ask_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    file(&at("a1.asdf"), 1, "");
    file(&at("a2.asdf"), 2, "missing-path");
    let named = |pattern: &str| {
        let done = run(
            folder.path(),
            &["check", "a1.asdf", "--name-pattern", pattern],
        );
        (done.code, done.out, done.err)
    };
    let (code, told, _) = named("(?x)a # no digit");
    assert_eq!(code, Some(1));
    assert!(
        told.contains("the name does not match (?x)a # no digit"),
        "{told}"
    );
    assert_eq!(named("(?x)a [0-9] [.]asdf # one digit").0, Some(0));
    let (code, _, error) = named("a)|(b");
    assert_eq!(code, Some(2), "{error}");
    let profile = "[[node]]\npath = \"data\"\n";
    fs::write(at("p.toml"), profile).unwrap();
    let words = [
        "check",
        "a2.asdf",
        "--like",
        "a1.asdf",
        "--profile",
        "p.toml",
        "--require",
        "data",
    ];
    let done = run(folder.path(), &words);
    assert_eq!(
        done.out.matches("missing-path: /data").count(),
        1,
        "{}{}",
        done.out,
        done.err
    );
}

#[test]
fn build_servers_get_junit() {
    let folder = tempfile::tempdir().unwrap();
    file(&folder.path().join("a.asdf"), 1, "");
    file(&folder.path().join("b&.asdf"), 2, "checksum");
    let done = run(folder.path(), &["check", ".", "--junit", "r.xml", "--json"]);
    let report: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(report["files"][1]["problems"][0]["kind"], "checksum");
    assert_eq!(report["summary"]["ok"], 1);
    let xml = fs::read_to_string(folder.path().join("r.xml")).unwrap();
    assert!(xml.contains("tests=\"2\" failures=\"1\""), "{xml}");
    assert!(xml.contains("name=\"./b&amp;.asdf\""), "{xml}");
    assert!(
        xml.contains(
            "<failure type=\"checksum\" message=\"checksum\">checksum: /data: block 0 at "
        ),
        "{xml}"
    );
}

#[test]
fn the_profile_of_roman_images_takes_one_and_refuses_others() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        "test-data/made/roman_exposure.asdf",
        &folder.path().join("r.asdf"),
    );
    file(&folder.path().join("other.asdf"), 1, "");
    let done = run(folder.path(), &["check", "r.asdf", "--profile", "roman-l2"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let done = run(
        folder.path(),
        &["check", "r.asdf", "--profile", "roman-l3", "--jsonl"],
    );
    assert_eq!(done.code, Some(1));
    let found = failed(&done.out);
    assert!(
        found[0].1.contains(&("value".into(), "/roman".into())),
        "{found:?}"
    );
    let done = run(
        folder.path(),
        &["check", "other.asdf", "--profile", "jwst-image", "--jsonl"],
    );
    let found = failed(&done.out);
    assert!(
        found[0]
            .1
            .contains(&("missing-path".into(), "/meta/telescope".into())),
        "{found:?}"
    );
    let done = run(folder.path(), &["check", "r.asdf", "--profile", "roman-l9"]);
    assert!(
        done.err
            .contains("no profile `roman-l9`; built in are jwst-cube"),
        "{}",
        done.err
    );
    assert_eq!(
        run(folder.path(), &["check", "--list-profiles"])
            .out
            .lines()
            .count(),
        9
    );
}

/// A file with a block of zeros, and the text of its tree.
fn zeros(path: &Path, tree: &str, checksum: bool) {
    let mut bytes = format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n{tree}\
         data: !core/ndarray-1.1.0 {{source: 0, datatype: float32, byteorder: little, shape: [2000]}}\n...\n"
    )
    .into_bytes();
    let data = vec![0; 8000];
    bytes.extend(b"\xd3BLK\x00\x30\x00\x00\x00\x00\x00\x00\x00\x00");
    for _ in 0..3 {
        bytes.extend((data.len() as u64).to_be_bytes());
    }
    if checksum {
        bytes.extend(Md5::digest(&data));
    } else {
        bytes.extend([0; 16]);
    }
    bytes.extend(&data);
    fs::write(path, bytes).unwrap();
}

#[test]
fn duplicates_have_the_same_tree_and_the_same_data() {
    let folder = tempfile::tempdir().unwrap();
    for checksum in [true, false] {
        for (name, tree) in [
            ("a.asdf", "id: 1\nmeta: {x: 1, y: text}\n"),
            // The same data only, and other values that look alike.
            ("b.asdf", "id: 2\nmeta: {x: 1, y: text}\n"),
            ("c.asdf", "id: '1'\nmeta: {x: 1, y: text}\n"),
            ("d.asdf", "id: 1\nmeta: {x: {y: text}}\n"),
            // The same in other words.
            ("e.asdf", "meta:\n  y: 'text'\n  x: 0x1\nid: 1\n"),
        ] {
            zeros(&folder.path().join(name), tree, checksum);
        }
        let done = run(folder.path(), &["check", ".", "--no-schemas"]);
        let told: Vec<&str> = done.out.lines().take(5).collect();
        assert_eq!(
            told,
            [
                "./a.asdf: ok",
                "./b.asdf: ok",
                "./c.asdf: ok",
                "./d.asdf: ok",
                "./e.asdf: duplicate: the same content as ./a.asdf",
            ],
            "{done:?}"
        );
    }
}

#[test]
fn the_share_of_nan_is_checked_without_a_reference() {
    let folder = tempfile::tempdir().unwrap();
    file(&folder.path().join("a.asdf"), 1, "nan-share");
    file(&folder.path().join("b.asdf"), 2, "all-nan");
    file(&folder.path().join("c.asdf"), 3, "");
    let done = run(
        folder.path(),
        &["check", ".", "--max-nan", "0.5", "--jsonl"],
    );
    assert_eq!(done.code, Some(1), "{done:?}");
    let found = failed(&done.out);
    let at = |name: &str| {
        (
            name.to_owned(),
            vec![("nan-share".to_owned(), "/data".to_owned())],
        )
    };
    assert_eq!(found[..2], [at("./a.asdf"), at("./b.asdf")], "{done:?}");
    let done = run(folder.path(), &["check", ".", "--max-nan", "1"]);
    assert_eq!(done.code, Some(0), "{done:?}");
}

#[test]
fn outputs_do_not_take_the_place_of_each_other_or_of_inputs() {
    let folder = tempfile::tempdir().unwrap();
    file(&folder.path().join("a.asdf"), 1, "");
    fs::write(folder.path().join("m.csv"), "name\na.asdf\n").unwrap();
    fs::write(folder.path().join("p.toml"), "").unwrap();
    let before = fs::read(folder.path().join("a.asdf")).unwrap();
    for (words, told) in [
        (
            ["--junit", "r", "--write-manifest", "./r"].as_slice(),
            "the same file as the output",
        ),
        (&["--junit", "a.asdf", "--force"], "a file that is read"),
        (
            &["--write-manifest", "./a.asdf", "-f"],
            "a file that is read",
        ),
        (
            &["--expect", "m.csv", "--write-manifest", "m.csv", "-f"],
            "a file that is read",
        ),
        (
            &["--profile", "p.toml", "--junit", "p.toml", "-f"],
            "a file that is read",
        ),
        (
            &["--like", "a.asdf", "--junit", "a.asdf", "-f"],
            "a file that is read",
        ),
        (&["--require", ""], "is the root"),
        (&["--require", "/"], "is the root"),
    ] {
        let words = [&["check", "a.asdf"], words].concat();
        let done = run(folder.path(), &words);
        assert_eq!(
            (done.code, done.out.as_str()),
            (Some(2), ""),
            "{words:?}: {done:?}"
        );
        assert!(done.err.contains(told), "{words:?}: {}", done.err);
        assert_eq!(fs::read(folder.path().join("a.asdf")).unwrap(), before);
        assert!(!folder.path().join("r").exists());
    }
}

#[cfg(unix)]
#[test]
fn a_manifest_reads_back_or_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let night = folder.path().join("night");
    fs::create_dir_all(night.join("sub")).unwrap();
    for (number, name) in [
        " a .asdf",
        "b\\c.asdf",
        "d,\"e\".asdf",
        "f\ng.asdf",
        "sub/h.asdf",
    ]
    .into_iter()
    .enumerate()
    {
        file(&night.join(name), number, "");
    }
    let done = run(
        folder.path(),
        &["check", "night", "--write-manifest", "m.csv"],
    );
    assert_eq!(done.code, Some(0), "{done:?}");
    let done = run(folder.path(), &["check", "night", "--expect", "m.csv"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    // The same name twice, and one that is not text.
    file(&folder.path().join("h.asdf"), 9, "");
    for words in [["--write-manifest", "n.csv"], ["--expect", "m.csv"]] {
        let words = [&["check", "h.asdf", "night/sub/h.asdf"], &words[..]].concat();
        let done = run(folder.path(), &words);
        assert_eq!(done.code, Some(2), "{words:?}: {done:?}");
        assert!(done.err.contains("each is there once"), "{}", done.err);
    }
    let bad = std::ffi::OsStr::from_bytes(b"x\xff.asdf");
    file(&night.join(bad), 10, "");
    let done = run(
        folder.path(),
        &["check", "night", "--write-manifest", "n.csv"],
    );
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.contains("not UTF-8"), "{}", done.err);
    assert!(!folder.path().join("n.csv").exists());
}
