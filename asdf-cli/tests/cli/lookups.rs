//! Finding and listing: `search` as people know it from text files, `ls` in the order in which people look, quantities and times as
//! they are read.

use crate::bench::asdf;
use crate::many::{copy, run};
use std::fs;
use std::path::Path;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";
const ASTROPY: &str = "test-data/made/writer_astropy.asdf";

/// Three files with a time, a list and texts.
fn night(folder: &Path) {
    for (name, rest) in [
        (
            "a",
            "t: 100\nnote: Dark frame\nlist: [1, 2.0]\ndeep: {dark_time: 5}\n",
        ),
        ("b", "t: 50.5\nnote: darkness\nlist: ['1', '2']\n"),
        ("c", "note: flat\nlist: [1, 2, 3]\n"),
    ] {
        let text = format!(
            "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n{rest}...\n"
        );
        fs::write(folder.join(format!("{name}.asdf")), text).unwrap();
    }
}

/// What a search prints, and its exit code.
fn search(folder: &Path, words: &[&str]) -> (String, Option<i32>) {
    let done = run(folder, &[&["search"], words].concat());
    assert!(done.code != Some(2), "{words:?}: {}", done.err);
    (done.out, done.code)
}

#[test]
fn text_is_found_in_keys_and_values() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path());
    let find = |words: &[&str]| search(folder.path(), words).0;
    assert_eq!(
        find(&["-e", "[Dd]ark", "."]),
        "./a.asdf: /note (str): \"Dark frame\"\n./a.asdf: /deep/dark_time (int): 5\n./b.asdf: /note (str): \"darkness\"\n"
    );
    assert_eq!(
        find(&["-i", "-w", "-e", "DARK", "."]),
        "./a.asdf: /note (str): \"Dark frame\"\n"
    );
    assert_eq!(
        find(&["-e", "flat", "-e", "ness", "."]),
        "./b.asdf: /note (str): \"darkness\"\n./c.asdf: /note (str): \"flat\"\n"
    );
    assert_eq!(find(&["-l", "-e", "dark", "."]), "./a.asdf\n./b.asdf\n");
    assert_eq!(find(&["-L", "-e", "dark", "."]), "./c.asdf\n");
    assert_eq!(
        find(&["-c", "-e", "dark", "."]),
        "./a.asdf: 1\n./b.asdf: 1\n./c.asdf: 0\n"
    );
    assert_eq!(find(&["-c", "-e", "dark", "b.asdf"]), "1\n");
    assert_eq!(
        find(&["-v", "-e", "dark|1|2", "b.asdf", "-i"]),
        "/t (float): 50.5\n"
    );
    assert_eq!(
        search(folder.path(), &["-e", "nothing", "."]),
        (String::new(), Some(1))
    );
}

#[test]
fn lists_are_found_by_their_values() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path());
    assert_eq!(
        search(folder.path(), &["-l", "--value", "[1, 2]", "."]).0,
        "./a.asdf\n"
    );
    assert_eq!(
        search(folder.path(), &["-l", "--value", "['1', '2']", "."]).0,
        "./b.asdf\n"
    );
}

#[test]
fn conditions_take_nodes_and_files() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path());
    let find = |words: &[&str]| search(folder.path(), words).0;
    assert_eq!(
        find(&["--where", "value > 4 and key ~ 't'", "."]),
        "./a.asdf: /t (int): 100\n./a.asdf: /deep/dark_time (int): 5\n./b.asdf: /t (float): 50.5\n"
    );
    assert_eq!(find(&["-l", "--where", "t > 60", "."]), "./a.asdf\n");
    assert_eq!(find(&["-l", "--where", "t is null", "."]), "./c.asdf\n");
    assert_eq!(
        find(&["--key", "note", "--where", "t < 60", "."]),
        "./b.asdf: /note (str): \"darkness\"\n"
    );
    for (words, told) in [
        (["--where", "t > 60", "."].as_slice(), "-l lists the files"),
        (
            &["-l", "--where", "note2 == 'x'", "."],
            "no file has the node `note2` of --where, did you mean `/note`?",
        ),
        (&["-v", "--where", "value > 1", "."], "`not`"),
        (&["."], "at least one of -e"),
    ] {
        let done = run(folder.path(), &[&["search"], words].concat());
        assert_eq!(done.code, Some(2), "{words:?}");
        assert!(done.err.contains(told), "{words:?}: {}", done.err);
    }
}

#[test]
fn the_long_name_of_verbose_stays_and_its_short_one_is_that_of_grep() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path());
    let plain = search(folder.path(), &["-e", "flat", "c.asdf"]);
    assert_eq!(
        search(folder.path(), &["--verbose", "-e", "flat", "c.asdf"]),
        plain
    );
    let before = run(folder.path(), &["-v", "search", "-e", "flat", "c.asdf"]);
    assert_eq!(before.out, plain.0, "{}", before.err);
}

#[test]
fn arrays_are_listed_as_people_look_for_them() {
    let first = |options: &str| {
        let done = asdf(&format!("ls {ROMAN}{options}")).columns(200).run();
        let lines = done.out.lines().skip(1);
        let paths = lines.map(|line| line.split("  ").next().unwrap().to_owned());
        paths.collect::<Vec<String>>()
    };
    let listed = first("");
    assert_eq!(listed.first().map(String::as_str), Some("/roman/data"));
    assert_eq!(listed.last().map(String::as_str), Some("/roman/meta/wcs"));
    assert_eq!((listed.len(), first(" --all").len()), (17, 20));
    let sorted = first(" --sort path");
    assert_eq!(sorted.first().map(String::as_str), Some("/roman/amp33"));
    let sizes = asdf(&format!("ls {ROMAN} --sort size --json")).run();
    let sizes: Vec<serde_json::Value> = serde_json::from_str(&sizes.out).unwrap();
    let sizes: Vec<u64> = sizes
        .iter()
        .map(|entry| entry["bytes"].as_u64().unwrap())
        .collect();
    assert!(
        sizes.len() == 20 && sizes.is_sorted_by(|a, b| a >= b),
        "{sizes:?}"
    );
}

#[test]
fn an_array_is_chosen_as_a_picture_chooses_it() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("x.asdf"));
    let done = run(folder.path(), &["convert", "x.asdf", "x.npy"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(
        done.err.contains("this is /roman/data, one of 20 arrays"),
        "{}",
        done.err
    );
    run(
        folder.path(),
        &["convert", "x.asdf", "y.npy", "--path", "roman.data"],
    );
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(read("x.npy") == read("y.npy"));
}

/// Values by astropy: `Quantity(3.5, "km/s").to("km/h")` is 12600.
#[test]
fn quantities_and_times_are_read_in_one_line() {
    for (words, wanted) in [
        ("q", "3.5 km.s**-1\n"),
        ("q --unit km/h", "12600.0 km/h\n"),
        (
            "q --unit m/s --json",
            "{\"value\":3500.0,\"unit\":\"m/s\"}\n",
        ),
        (
            "q --plain=quantities",
            "{\"value\":3.5,\"unit\":\"km.s**-1\"}\n",
        ),
        ("t", "2027-03-14T15:09:26.535 tai\n"),
    ] {
        let done = asdf(&format!("get {ASTROPY} {words}")).run();
        assert_eq!(
            (done.out.as_str(), done.code),
            (wanted, Some(0)),
            "{words}: {}",
            done.err
        );
    }
    for (words, told) in [
        ("q --unit Jy", "`km.s**-1` does not convert into `Jy`"),
        ("t --unit s", "/t: --unit converts a quantity"),
    ] {
        let done = asdf(&format!("get {ASTROPY} {words}")).run();
        assert_eq!(done.code, Some(2), "{words}");
        assert!(done.err.contains(told), "{words}: {}", done.err);
    }
}

#[test]
fn quantities_and_times_are_set_as_they_are_read() {
    let folder = tempfile::tempdir().unwrap();
    copy(ASTROPY, &folder.path().join("x.asdf"));
    let set = |words: &[&str]| run(folder.path(), &[&["set", "x.asdf"], words].concat());
    let get = |path: &str| run(folder.path(), &["get", "x.asdf", path]).out;
    for (words, path, wanted) in [
        (["q", "4"].as_slice(), "q", "4.0 km.s**-1\n"),
        (&["q", "500 m/s"], "q", "0.5 km.s**-1\n"),
        (&["q", "36", "--unit", "km/h"], "q", "0.01 km.s**-1\n"),
        (&["q", "7 Jy", "--replace"], "q", "7 Jy\n"),
        (
            &["t", "2030-01-01T00:00:00"],
            "t",
            "2030-01-01T00:00:00 tai\n",
        ),
        (
            &["gain", "1.5", "--unit", "electron/DN"],
            "gain",
            "1.5 electron/DN\n",
        ),
    ] {
        let done = set(words);
        assert_eq!(done.code, Some(0), "{words:?}: {}", done.err);
        assert_eq!(get(path), wanted, "{words:?}");
    }
    let text = fs::read(folder.path().join("x.asdf")).unwrap();
    let text = String::from_utf8_lossy(&text);
    assert!(
        text.contains(
            "gain: !unit/quantity-1.3.0 {value: 1.5, unit: !unit/unit-1.0.0 electron/DN}"
        )
    );
    for (words, told) in [
        (
            ["q", "5 m"].as_slice(),
            "does not convert; --replace gives it that unit",
        ),
        (&["q", "fast"], "not a number"),
        (&["gain2", "1", "--unit", "gurlitz"], "not a known unit"),
    ] {
        let done = set(words);
        assert_eq!(done.code, Some(2), "{words:?}");
        assert!(done.err.contains(told), "{words:?}: {}", done.err);
    }
}

/// What astropy's `Time` reads stays a time; `Time("2027-03-16").tdb.mjd` is 61480 of the same scale.
#[test]
fn a_time_is_set_by_a_time() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("x.asdf"));
    let set = |words: &[&str]| run(folder.path(), &[&["set", "x.asdf"], words].concat());
    let start = "roman.meta.exposure.start_time";
    for good in [
        "2027-03-15T01:02:03.5",
        "2027-03-15 01:02:03",
        "2027:074:01:02:03",
        "J2027.2",
    ] {
        let done = set(&[start, good]);
        assert_eq!(done.code, Some(0), "{good}: {}", done.err);
    }
    for bad in [
        "61478.5",
        "2027.5",
        "yesterday",
        "2027-02-30T00:00:00",
        "2027-13-01T00:00:00",
        "2027-03-15T01:02:03+02:00",
        "2027-03-15 25:00:00",
    ] {
        let done = set(&[start, bad]);
        assert_eq!(done.code, Some(2), "{bad}");
        let told = format!("`{bad}` is not a date and time");
        assert!(done.err.contains(&told), "{bad}: {}", done.err);
    }
    for (node, value, wanted) in [
        (
            "{value: 61478.5, format: mjd, scale: tdb}",
            "2027-03-16T00:00:00",
            "61480.0 mjd tdb",
        ),
        (
            "{value: 2461479.0, format: jd, scale: utc}",
            "2027-03-16",
            "2461480.5 jd utc",
        ),
    ] {
        let node = format!("!time/time-1.4.0 {node}");
        assert_eq!(
            set(&["t", &node, "--type", "yaml", "--replace"]).code,
            Some(0)
        );
        let done = set(&["t", value]);
        assert_eq!(done.code, Some(0), "{}", done.err);
        let shown = run(folder.path(), &["get", "x.asdf", "t"]).out;
        assert!(shown.starts_with(wanted), "{shown}");
    }
}

#[test]
fn negative_numbers_are_searched_for() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("x.asdf"));
    run(
        folder.path(),
        &["set", "x.asdf", "roman.meta.dec", "-29.25"],
    );
    for words in [["-e", "-29.25"], ["--value", "-29.25"]] {
        let done = run(
            folder.path(),
            &[&["search"], words.as_slice(), &["x.asdf"]].concat(),
        );
        assert_eq!(done.code, Some(0), "{}", done.err);
        assert!(done.out.contains("/roman/meta/dec"), "{}", done.out);
    }
}

/// A part of the array, flags, how many elements have them, mean and median of the rest.
const FLAGGED: [(&str, &str, u64, f64, f64); 8] = [
    (
        "roman.data[0:10, :]",
        "dq:4",
        8,
        0.666_823_262_241_995_3,
        0.623_737_603_425_979_6,
    ),
    (
        "roman.data[::3, 5]",
        "dq",
        1,
        1.398_169_538_804_463,
        0.653_895_676_136_016_8,
    ),
    (
        "roman.data[-8:, ::-2]",
        "roman.dq:JUMP_DET",
        6,
        1.192_501_078_647_782,
        0.671_329_081_058_502_2,
    ),
    (
        "roman.data[None, 10:20][:, ::2]",
        "dq:0x11",
        2,
        1.124_566_996_060_077_5,
        0.641_950_309_276_580_8,
    ),
    (
        "roman.data",
        "dq:4",
        85,
        1.012_506_991_063_089_5,
        0.645_155_191_421_508_8,
    ),
    (
        "roman.data",
        "roman.dq:JUMP_DET",
        85,
        1.012_506_991_063_089_5,
        0.645_155_191_421_508_8,
    ),
    (
        "roman.data",
        "dq",
        117,
        1.012_506_991_063_089_5,
        0.645_155_191_421_508_8,
    ),
    (
        "roman.data",
        "dq:DO_NOT_USE,0x10",
        32,
        1.005_844_681_450_407_8,
        0.644_501_149_654_388_4,
    ),
];

/// By numpy: of `data` without NaN those where `dq & bits` is 0.
#[test]
fn statistics_leave_out_what_is_flagged() {
    let column = |path: &str, flags: &str| {
        let mut command = asdf("stats");
        command
            .command
            .args([ROMAN, path, "--mask", flags, "--json"]);
        let done = command.run();
        assert_eq!(done.code, Some(0), "{flags}: {}", done.err);
        let list: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        list[0].clone()
    };
    for (path, flags, masked, mean, median) in FLAGGED {
        let found = column(path, flags);
        assert_eq!(found["masked"], masked, "{path} {flags}");
        let number = |key: &str| found[key].as_f64().unwrap();
        assert!((number("mean") - mean).abs() < 1e-12, "{flags}: {found}");
        assert!(
            (number("median") - median).abs() < 1e-12,
            "{flags}: {found}"
        );
    }
    for (words, told) in [
        (
            "roman.data --mask dq:NO_SUCH",
            "ROMAN has no flag `NO_SUCH`; there are DO_NOT_USE",
        ),
        ("roman.data --mask err:1", "flags are the bits of integers"),
        (
            "roman.amp33 --mask dq:1",
            "do not belong to an array with a shape of",
        ),
    ] {
        let done = asdf(&format!("stats {ROMAN} {words}")).run();
        assert_eq!(done.code, Some(2), "{words}");
        assert!(done.err.contains(told), "{words}: {}", done.err);
    }
    let all = asdf(&format!("stats {ROMAN} --mask dq:1")).run();
    let titles = all.out.lines().filter(|line| line.starts_with('/'));
    let titles: Vec<&str> = titles.map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(
        titles,
        [
            "/roman/data",
            "/roman/dq2",
            "/roman/err",
            "/roman/var_poisson",
            "/roman/chisq",
            "/roman/dumo"
        ]
    );
}
