//! What reaches a terminal: nothing that a file says may drive it or disguise text.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Texts that do something to a terminal, or hide what stands there; for YAML in double quotes.
const HOSTILE: &str = "\\e]0;PWNED\\a\\e[31mred\\e[2J \\x9b31m\\x9d0;x\\x9c \\u202Ereverse\\u2066x\\u2069\\u061c\\u200b\\u200f\\uFEFF\\r\\x7f\\x08";

fn tree() -> String {
    let mut text = "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n".to_owned();
    let lines = [
        "a: \"@\"",
        "\"@key\": 1",
        "b: !<tag:x%1bm%c2%9b> x",
        "map: {\"@\": {\"@\": [\"@\", \"@\\nsecond\"]}}",
        "array: !core/ndarray-1.1.0 {data: [\"@\", \"B\"], datatype: [ucs4, 60], shape: [2]}",
        "table: !core/ndarray-1.1.0 {data: [[1, \"@\"]], datatype: [{name: \"@\", datatype: int8}, {name: g, datatype: [ucs4, 60]}], shape: [1]}",
        "image: !core/ndarray-1.1.0 {data: [[1, 2], [3, 4]], datatype: int16, shape: [2, 2]}",
        "broken: !core/ndarray-1.1.0 {source: \"@.asdf\", datatype: int8, shape: [1], byteorder: little}",
        "link: {$ref: \"@.asdf#/x\"}",
        "history: {entries: [!core/history_entry-1.0.0 {description: \"@\"}]}",
        "asdf_library: !core/software-1.0.0 {name: \"@\", version: \"@\"}",
    ];
    for line in lines {
        text.push_str(&line.replace('@', HOSTILE));
        text.push('\n');
    }
    text + "...\n"
}

/// A FITS file with an escape character in a card and in the name of a column.
fn fits() -> Vec<u8> {
    let cards = |lines: &[&str], data: &[u8]| {
        let mut out: Vec<u8> = lines
            .iter()
            .flat_map(|line| format!("{line:<80}").into_bytes())
            .collect();
        out.resize(out.len().next_multiple_of(2880), b' ');
        out.extend(data);
        out.resize(out.len().next_multiple_of(2880), 0);
        out
    };
    let mut out = cards(
        &[
            "SIMPLE  =                    T",
            "BITPIX  =                    8",
            "NAXIS   =                    0",
            "EXTEND  =                    T",
            "OBJECT  = '\x1b]0;PWNED\x07\x1b[31mred'  / \x1b[2J",
            "COMMENT \x1b[2J",
            "END",
        ],
        &[],
    );
    out.extend(cards(
        &[
            "XTENSION= 'BINTABLE'",
            "BITPIX  =                    8",
            "NAXIS   =                    2",
            "NAXIS1  =                    4",
            "NAXIS2  =                    1",
            "PCOUNT  =                    0",
            "GCOUNT  =                    1",
            "TFIELDS =                    1",
            "TTYPE1  = '\x1b[31mname'",
            "TFORM1  = '4A      '",
            "TUNIT1  = '\x1b[2J   '",
            "EXTNAME = '\x1b[31mX '",
            "END",
        ],
        b"\x1b[2J",
    ));
    out
}

/// What a command writes when standard output and standard error are a terminal; `None` without `script`.
fn on_terminal(folder: &Path, arguments: &str, color: bool) -> Option<String> {
    let program = env!("CARGO_BIN_EXE_asdf");
    let mut command = Command::new("script");
    command
        .args(["-qec", &format!("'{program}' {arguments}"), "/dev/null"])
        .current_dir(folder);
    command
        .env("COLUMNS", "200")
        .env_remove("NO_COLOR")
        .env("TERM", "xterm-256color");
    if !color {
        command.env("NO_COLOR", "1");
    }
    let output = command.stdin(std::process::Stdio::null()).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The text without what the program itself says to the terminal.
fn without_colors(text: &str) -> String {
    let own = [
        "\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[4m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[35m",
        "\x1b[36m",
    ];
    own.iter()
        .fold(text.to_owned(), |text, own| text.replace(own, ""))
}

fn is_harmless(text: &str) -> bool {
    let text = text.replace("\r\n", "\n");
    !text
        .chars()
        .any(|char| asdf_core::inspect::is_unsafe(char) && !matches!(char, '\n' | '\t'))
        && !text.contains('\u{fffd}')
}

const COMMANDS: [&str; 42] = [
    "info @.asdf",
    "info --all @.asdf",
    "info --json @.asdf",
    "info --path map @.asdf",
    "ls @.asdf",
    "ls --digest @.asdf",
    "ls --json @.asdf",
    "get @.asdf a",
    "get @.asdf a --json",
    "get @.asdf b",
    "get @.asdf map",
    "get @.asdf map --json",
    "get @.asdf array",
    "get @.asdf table",
    "get @.asdf table --json",
    "get @.asdf /",
    "get @.asdf 'a.b'",
    "get @.asdf broken",
    "get @.asdf link --resolve",
    "get @.asdf asdf_library",
    "stats @.asdf",
    "stats --json @.asdf",
    "search --value 1 @.asdf",
    "search key @.asdf",
    "search --tag '*' @.asdf",
    "verify @.asdf",
    "validate @.asdf",
    "diff @.asdf other.asdf",
    "diff --json @.asdf other.asdf",
    "wcs info @.asdf",
    "convert @.asdf -",
    "convert @.asdf - --to json",
    "convert @.asdf - --to yaml",
    "convert @.asdf - --path table --to csv",
    "get @.fits fits/0/header",
    "info @.fits",
    "info --all @.fits",
    "get @.fits fits/1/data",
    "ls @.fits",
    "stats @.fits",
    "search OBJECT @.fits",
    "diff @.fits other.asdf",
];

#[test]
fn no_text_of_a_file_drives_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("h.asdf"), tree()).unwrap();
    let other = tree()
        .replace("PWNED", "other")
        .replace("image: ", "changed: ")
        .replace("@key", "k");
    fs::write(folder.path().join("other.asdf"), other).unwrap();
    fs::write(folder.path().join("h.fits"), fits()).unwrap();
    let name = "\x1b[31m\u{9b}2J\u{202e}.asdf";
    fs::write(folder.path().join(name), tree()).unwrap();
    let mut commands: Vec<String> = COMMANDS
        .iter()
        .map(|command| command.replace('@', "h"))
        .collect();
    for command in [
        "info",
        "ls",
        "stats",
        "verify",
        "validate",
        "diff other.asdf",
        "get missing",
        "search a",
    ] {
        commands.push(format!(
            "{command} \"$(printf '\\033[31m\\302\\2332J\\342\\200\\256.asdf')\""
        ));
    }
    let mut shown = 0;
    for command in &commands {
        for color in [false, true] {
            let Some(text) = on_terminal(folder.path(), command, color) else {
                println!("skipped: there is no `script` here");
                return;
            };
            let text = if color { without_colors(&text) } else { text };
            assert!(!text.is_empty(), "{command} shows nothing");
            assert!(
                is_harmless(&text),
                "{command} (colours: {color}) shows {text:?}"
            );
            shown += usize::from(text.contains("\\u{1b}"));
        }
    }
    assert!(
        shown > commands.len(),
        "escaped text was shown {shown} times"
    );
}

#[test]
fn raw_text_reaches_a_terminal_only_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("h.asdf"), tree()).unwrap();
    let Some(text) = on_terminal(folder.path(), "get h.asdf a --raw", false) else {
        return;
    };
    assert!(text.starts_with("\x1b]0;PWNED\x07\x1b[31mred"), "{text:?}");
    let output = Command::new(env!("CARGO_BIN_EXE_asdf"))
        .args(["get", "h.asdf", "a"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.stdout.starts_with(b"\x1b]0;PWNED\x07\x1b[31mred"));
}

#[test]
fn pictures_and_screens_pass() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("h.asdf"), tree()).unwrap();
    let Some(text) = on_terminal(
        folder.path(),
        "preview --term --graphics sixel --path image h.asdf",
        true,
    ) else {
        return;
    };
    assert!(text.contains("\x1bP"), "{text:?}");
    let text = on_terminal(folder.path(), "browse --snapshot 80x24 h.asdf", true).unwrap();
    assert!(text.contains("\\u{1b}[31mred"), "{text:?}");
    assert!(is_harmless(&text), "{text:?}");
}
