//! Large integers keep all their digits, whatever shows, compares or writes them.

use std::fs;
use std::path::Path;
use std::process::Command;

const SIGNED: [&str; 4] = [
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "-9007199254740993",
];
const UNSIGNED: [&str; 4] = [
    "9007199254740993",
    "9223372036854775807",
    "18446744073709551615",
    "9223372036854775809",
];

fn file() -> String {
    format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\nvalues: [{}]\n\
         signed: !core/ndarray-1.1.0 {{data: [{}], datatype: int64, shape: [4]}}\n\
         unsigned: !core/ndarray-1.1.0 {{data: [{}], datatype: uint64, shape: [4]}}\n\
         table: !core/ndarray-1.1.0 {{data: [[{}, {}]], datatype: [{{name: a, datatype: int64}}, {{name: b, datatype: uint64}}], shape: [1]}}\n...\n",
        SIGNED.join(", "),
        SIGNED.join(", "),
        UNSIGNED.join(", "),
        SIGNED[2],
        UNSIGNED[2],
    )
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("n.asdf"), file()).unwrap();
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Standard output of a command that must end well, or with the exit code 1.
    fn run(&self, arguments: &str) -> String {
        let words = arguments.split(' ');
        let done = Command::new(env!("CARGO_BIN_EXE_asdf"))
            .args(words)
            .current_dir(self.path())
            .env("COLUMNS", "200")
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let message = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(
            matches!(done.status.code(), Some(0 | 1)),
            "{arguments}: {message}"
        );
        String::from_utf8(done.stdout).unwrap()
    }
}

/// Every number is there, and none of its neighbours among the floats.
fn has(text: &str, numbers: &[&str], what: &str) {
    for number in numbers {
        assert!(text.contains(number), "{what}: {number} is not in {text}");
    }
    for rounded in [
        "9007199254740992",
        "9223372036854775808.",
        "18446744073709551616",
        "e+18",
        "e+19",
        "e18",
        "E+18",
        "E18",
    ] {
        assert!(!text.contains(rounded), "{what}: {rounded} is in {text}");
    }
}

#[test]
fn large_integers_are_shown_with_all_their_digits() {
    let folder = Folder::new();
    for command in [
        "get n.asdf signed",
        "get n.asdf signed --json",
        "get n.asdf values",
        "get n.asdf values --json",
        "info --all n.asdf --path values",
    ] {
        has(&folder.run(command), &SIGNED, command);
    }
    for command in ["get n.asdf unsigned", "get n.asdf unsigned --json"] {
        has(&folder.run(command), &UNSIGNED, command);
    }
    for command in ["get n.asdf table", "get n.asdf table --json"] {
        has(&folder.run(command), &[SIGNED[2], UNSIGNED[2]], command);
    }
    let stats = folder.run("stats n.asdf signed");
    assert!(
        stats.contains("min    -9223372036854775808")
            && stats.contains("max    9223372036854775807"),
        "{stats}"
    );
    let stats = folder.run("stats n.asdf --json");
    for extreme in [
        "\"min\":{\"$int\":\"-9223372036854775808\"}",
        "\"max\":{\"$int\":\"18446744073709551615\"}",
        "\"min\":{\"$int\":\"9007199254740993\"}",
    ] {
        assert!(stats.contains(extreme), "{stats}");
    }
    for (number, count) in [
        (SIGNED[0], 1),
        (SIGNED[2], 1),
        ("9007199254740992", 0),
        ("9223372036854775808", 0),
    ] {
        let found = folder.run(&format!("search n.asdf --value={number}"));
        assert_eq!(
            found
                .lines()
                .filter(|line| line.contains("/values/"))
                .count(),
            count,
            "{number}: {found}"
        );
    }
}

#[test]
fn large_integers_are_written_with_all_their_digits() {
    let folder = Folder::new();
    let both: Vec<&str> = SIGNED.into_iter().chain(UNSIGNED).collect();
    for name in ["o.yaml", "o.json"] {
        folder.run(&format!("convert n.asdf {name}"));
        has(
            &fs::read_to_string(folder.path().join(name)).unwrap(),
            &both,
            name,
        );
    }
    folder.run("convert n.asdf t.csv --path table");
    assert_eq!(
        fs::read_to_string(folder.path().join("t.csv")).unwrap(),
        format!("a,b\n{},{}\n", SIGNED[2], UNSIGNED[2])
    );
    folder.run("convert o.json back.asdf");
    folder.run("convert n.asdf o.fits");
    for back in ["back.asdf", "o.fits"] {
        let same = folder.run(&format!("diff n.asdf {back}"));
        assert!(!same.contains("elements differ"), "{back}: {same}");
    }
    folder.run("set n.asdf new 18446744073709551615");
    has(&folder.run("get n.asdf new"), &[UNSIGNED[2]], "set");
    folder.run("set n.asdf new -- -9223372036854775808");
    has(&folder.run("get n.asdf new"), &[SIGNED[2]], "set");
}

#[test]
fn distances_of_large_integers_are_exact() {
    let folder = Folder::new();
    let other = file().replace("9007199254740993", "9007199254740992");
    fs::write(folder.path().join("m.asdf"), other).unwrap();
    for tolerance in ["", " --atol 0.5", " --rtol 1e-17"] {
        let found = folder.run(&format!("diff n.asdf m.asdf{tolerance}"));
        assert!(
            found.contains("2 of 4 elements differ, largest 1 at"),
            "{tolerance}: {found}"
        );
        assert!(
            found.contains("9007199254740993 → 9007199254740992"),
            "{tolerance}: {found}"
        );
        assert!(found.contains("/values/0"), "{tolerance}: {found}");
    }
    let found = folder.run("diff n.asdf m.asdf --atol 1");
    assert!(!found.contains("differ") && !found.contains("→"), "{found}");
}

#[test]
fn cards_of_twenty_digits_are_integers() {
    let folder = Folder::new();
    let cards = [
        "SIMPLE  =                    T",
        "BITPIX  =                    8",
        "NAXIS   =                    0",
        "BIG     = 12345678901234567890",
        "LEAST   = -9223372036854775808",
        "ODD     =     9007199254740993",
        "MOST    = 18446744073709551615",
        "END",
    ];
    let mut bytes: Vec<u8> = cards
        .iter()
        .flat_map(|card| format!("{card:<80}").into_bytes())
        .collect();
    bytes.resize(2880, b' ');
    fs::write(folder.path().join("c.fits"), &bytes).unwrap();
    let numbers = [
        "12345678901234567890",
        "-9223372036854775808",
        "9007199254740993",
        "18446744073709551615",
    ];
    folder.run("convert c.fits c.asdf");
    folder.run("convert c.fits c.json");
    for command in [
        "get c.fits fits/0/header",
        "get c.fits fits/0/header --json",
    ] {
        has(&folder.run(command), &numbers, command);
    }
    // The reference writes no integer beyond 64 bits, nor the least one: a float where it is one exactly, else text.
    let stored = [
        "'12345678901234567890'",
        "-9.223372036854776e+18",
        "9007199254740993",
        "'18446744073709551615'",
    ];
    let found = folder.run("get c.asdf fits/0/header");
    for number in stored {
        assert!(found.contains(number), "{number}: {found}");
    }
    let json = fs::read_to_string(folder.path().join("c.json")).unwrap();
    for number in [numbers[0], "-9.223372036854776e+18", numbers[2], numbers[3]] {
        assert!(json.contains(number), "{number}: {json}");
    }
    folder.run("convert c.json d.fits");
    assert_eq!(fs::read(folder.path().join("d.fits")).unwrap(), bytes);
}

/// Of two shortest texts equally near numpy takes the one with the even digit, and so does every command: `str(np.float32(2696762.25))`.
#[test]
fn single_precision_has_one_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut npy = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
    npy.extend(format!("{header:<117}\n").bytes());
    // np.float32([2696762.25, 2696762.75, 3.4e38]).view("u4")
    for bits in [0x4a24_98e9_u32, 0x4a24_98eb, 0x7f7f_c99e] {
        npy.extend(bits.to_le_bytes());
    }
    fs::write(folder.path().join("x.npy"), npy).unwrap();
    let run = |words: &[&str]| crate::many::run(folder.path(), words);
    assert_eq!(run(&["convert", "x.npy", "x.asdf"]).code, Some(0));
    assert_eq!(
        run(&["get", "x.asdf", "data", "--json"]).out,
        "[2696762.2,2696762.8,3.4e+38]\n"
    );
    for (part, text) in [
        ("0:1", "2696762.2"),
        ("1:2", "2696762.8"),
        ("2:3", "3.4e+38"),
    ] {
        let found = run(&["stats", "x.asdf", &format!("data[{part}]")]).out;
        for name in ["min", "max"] {
            let mut words = found.split_whitespace().skip_while(|word| *word != name);
            assert_eq!(words.nth(1), Some(text), "{found}");
        }
    }
}
