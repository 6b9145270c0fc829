//! The browser without a terminal: single screens, and what is refused.

use crate::bench::asdf;
use insta::assert_snapshot;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";

#[test]
fn a_screen_is_printed_after_keys() {
    let start = asdf(&format!("browse --snapshot 60x14 {ROMAN}"));
    assert_snapshot!("browse_start", start.screen());
    let keys = format!("browse --snapshot 60x14 --keys /exposure_time<enter> {ROMAN}");
    assert_snapshot!("browse_search", asdf(&keys).screen());
}

/// The columns of the list of files.
const COLUMNS: &str = "-k t=roman.meta.exposure.exposure_time,roman.meta.instrument.detector";
const SEVERAL: &str = "test-data/made/roman_exposure.asdf test-data/image/sky.asdf test-data/bad/nd_datatype_unknown.asdf test-data/fits/compressed_gzip_1.fits";

fn list(options: &str) -> String {
    let options = match options {
        "" => String::new(),
        options => format!("{options} "),
    };
    let done = asdf(&format!(
        "browse --snapshot 90x12 {COLUMNS} {options}{SEVERAL}"
    ))
    .run();
    assert_eq!(done.code, Some(0), "{}", done.err);
    done.out
}

#[test]
fn several_files_are_a_list_with_the_columns_of_table() {
    for size in ["80x24", "120x40"] {
        let shown = asdf(&format!("browse --snapshot {size} {COLUMNS} {SEVERAL}"));
        assert_snapshot!(format!("browse_list_{size}"), shown.screen());
    }
    let wanted = asdf(&format!("table {COLUMNS} {SEVERAL} --to csv")).run();
    let cell = wanted
        .out
        .lines()
        .nth(1)
        .and_then(|line| line.split(',').nth(1));
    let cell = cell.unwrap();
    assert!(list("").contains(cell), "{cell}");
}

#[test]
fn conditions_and_orders_of_the_list_are_those_of_table() {
    let none = list("");
    assert!(none.contains("4 files"), "{none}");
    assert!(list("--where t>100").contains("1 of 4 files, t>100"));
    assert!(list("--keys <wait>&t>100<enter>").contains("1 of 4 files, t>100"));
    assert!(list("--keys <wait>:where<enter>").contains("4 files"));
    assert!(list("--sort -file").contains("by -file"));
    let nothing = list("--keys <wait>&t>1000<enter>");
    assert!(nothing.contains("no file fits the condition"), "{nothing}");
    let wrong = list("--keys <wait>&t><enter>");
    assert!(wrong.contains("expected a column"), "{wrong}");
    // The title is still that of the rows, and the line what was typed.
    let wrong = list("--keys <wait>&t>100<enter><wait>&<c-u>t><enter>");
    assert!(wrong.contains("1 of 4 files, t>100"), "{wrong}");
    let again = list("--keys <wait>&t>100<enter><wait>&<c-u>t><enter><wait>&");
    assert!(again.contains("files with: t>"), "{again}");
    assert!(!again.contains("files with: t>100"), "{again}");
    let missing = list("--keys <wait>:columns<space>roman.meta.exposure.exposure_tim<enter>");
    assert!(missing.contains("no file has the column"), "{missing}");
    let refused = asdf("browse --snapshot 80x24 --where t> a b").run();
    assert_eq!(refused.code, Some(2));
}

#[test]
fn a_session_needs_no_files() {
    let missing = asdf("browse --snapshot 80x24 --session nowhere.json").run();
    assert_eq!(missing.code, Some(2));
    assert!(missing.err.contains("nowhere.json"), "{}", missing.err);
    assert_eq!(asdf("browse --snapshot 80x24").run().code, Some(2));
}

#[test]
fn keys_and_colours_of_the_configuration_file() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let with = |text: &str, arguments: &str| {
        std::fs::write(&config, text).unwrap();
        let arguments = format!("browse --snapshot 80x24 {arguments} {ROMAN}");
        let mut run = asdf(arguments.replace("  ", " ").trim_end());
        run.command.env("ASDF_CONFIG", &config);
        run.run()
    };
    let done = with(
        "[browse.keys]\n\"<c-t>\" = \":roman.meta<enter>\"\n",
        "--keys <c-t>",
    );
    assert!(done.out.contains(" /roman/meta"), "{}", done.out);
    let done = with(
        "[browse]\ntheme = \"light\"\n[browse.colors]\nstring = \"#005f00\"\n",
        "",
    );
    assert_eq!(done.code, Some(0), "{}", done.err);
    for (text, wanted) in [
        (
            "[browse]\ntheme = \"pink\"\n",
            "expected dark, light or plain",
        ),
        ("[browse.colors]\nstrings = \"red\"\n", "no style `strings`"),
        (
            "[browse.colors]\nstring = \"rose\"\n",
            "`rose` is not a colour",
        ),
        ("[browse.keys]\n\"<nokey>\" = \"q\"\n", "no key <nokey>"),
    ] {
        let done = with(text, "");
        assert_eq!(done.code, Some(2), "{text}");
        assert!(done.err.contains(wanted), "{}", done.err);
    }
}

#[test]
fn without_a_terminal_it_says_what_to_do_instead() {
    let done = asdf(&format!("browse {ROMAN}")).run();
    assert_eq!(done.code, Some(2));
    let said =
        "asdf: this is not a terminal: use `asdf info`, or --snapshot 80x24 for one screen\n";
    assert_eq!((done.out.as_str(), done.err.as_str()), ("", said));
}

#[test]
fn wrong_keys_and_sizes_are_refused() {
    let refused = |arguments: &str| {
        let done = asdf(arguments).run();
        assert_eq!(done.code, Some(2), "{arguments}");
        done.err
    };
    let keys = refused(&format!("browse --snapshot 60x14 --keys <entr> {ROMAN}"));
    assert!(keys.contains("no key <entr>; there are <enter>"), "{keys}");
    let size = refused(&format!("browse --snapshot 0x14 {ROMAN}"));
    assert!(size.contains("expected COLUMNSxROWS"), "{size}");
    refused(&format!("browse --keys jj {ROMAN}"));
    let missing = refused("browse --snapshot 60x14 test-data/made/nowhere.asdf");
    assert!(missing.contains("nowhere.asdf"), "{missing}");
}
