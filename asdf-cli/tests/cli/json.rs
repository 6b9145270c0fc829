//! The documents that programs read.

use crate::bench::asdf;
use serde_json::Value;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";

fn document(arguments: &str) -> Value {
    let done = asdf(arguments).run();
    serde_json::from_str(&done.out)
        .unwrap_or_else(|error| panic!("{arguments}: {error}: {:.300}", done.out))
}

/// The keys of an object, sorted.
fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

#[test]
fn info_gives_header_tree_blocks_and_warnings() {
    let info = document(&format!("info --json {ROMAN}"));
    let wanted = [
        "blocks",
        "comments",
        "file",
        "format_version",
        "index",
        "standard_version",
        "tree",
        "warnings",
    ];
    assert_eq!(keys(&info), wanted);
    assert_eq!(info["tree"]["$tag"], "tag:stsci.edu:asdf/core/asdf-1.1.0");
    let block = [
        "allocated",
        "checksum",
        "compression",
        "data_size",
        "flags",
        "header_size",
        "index",
        "offset",
        "used",
    ];
    assert_eq!(keys(&info["blocks"][0]), block);
    assert_eq!(info["index"], "valid");
}

#[test]
fn ls_gives_a_list_with_digests_when_asked() {
    let list = document(&format!("ls --json --digest {ROMAN}"));
    let entry = list
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["path"] == "/roman/data")
        .unwrap();
    assert_eq!(entry["datatype"], "float32");
    assert_eq!(entry["sha256"].as_str().unwrap().len(), 64);
    assert!(
        document(&format!("ls --json {ROMAN}"))[0]
            .get("sha256")
            .is_none()
    );
}

#[test]
fn verify_gives_the_state_of_each_block() {
    let done = document("verify --json test-data/made/checksum_wrong.asdf");
    assert_eq!(done["ok"], false);
    let states: Vec<_> = done["blocks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|block| block["checksum"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["match", "mismatch", "mismatch"]);
}

#[test]
fn search_gives_one_list() {
    let found = document(&format!("search --json {ROMAN} --key exposure_time"));
    let found = found.as_array().unwrap();
    assert!(
        found
            .iter()
            .any(|hit| hit["path"] == "/roman/meta/exposure/exposure_time"),
        "{found:?}"
    );
}

#[test]
fn several_files_give_one_document() {
    let both = document(&format!(
        "verify --json {ROMAN} test-data/made/checksum_match.asdf"
    ));
    assert_eq!(both.as_array().map(Vec::len), Some(2));
}

#[test]
fn stats_are_numbers() {
    let stats = document("stats --json test-data/made/view_fortran.asdf a");
    let text = stats.to_string();
    assert!(text.contains("11.5"), "{text}");
}
