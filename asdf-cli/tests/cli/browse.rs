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

#[test]
fn several_files_are_open_and_the_first_shows() {
    let done = asdf(&format!(
        "browse --snapshot 80x24 {ROMAN} test-data/made/record_simple.asdf"
    ))
    .run();
    assert!(done.out.contains("1/2 "), "{}", done.out);
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
