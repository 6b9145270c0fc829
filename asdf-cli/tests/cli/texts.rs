//! What a person sees.

use crate::bench::asdf;
use insta::assert_snapshot;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";

#[test]
fn info_of_an_exposure_in_80_columns() {
    assert_snapshot!(asdf(&format!("info {ROMAN}")).screen());
}

#[test]
fn info_of_an_exposure_in_200_columns() {
    assert_snapshot!(asdf(&format!("info {ROMAN}")).columns(200).screen());
}

#[test]
fn info_shows_every_block() {
    assert_snapshot!(asdf("info --blocks test-data/made/codec_mixed.asdf").screen());
}

#[test]
fn info_shows_sharing_recursion_and_references() {
    assert_snapshot!(
        "recursive",
        asdf("info test-data/made/yaml_recursive.asdf").screen()
    );
    assert_snapshot!(
        "reference",
        asdf("info test-data/made/reference_internal.asdf").screen()
    );
}

#[test]
fn info_of_several_files_warns_of_each_on_standard_error() {
    assert_snapshot!(
        asdf("info test-data/made/index_stale.asdf test-data/made/yaml_duplicate_keys.asdf")
            .screen()
    );
}

#[test]
fn ls_lists_arrays_in_both_widths() {
    assert_snapshot!("ls_80", asdf(&format!("ls {ROMAN}")).screen());
    assert_snapshot!(
        "ls_200",
        asdf(&format!("ls {ROMAN} --digest")).columns(200).screen()
    );
}

#[test]
fn get_prints_scalars_bare_and_mappings_as_yaml() {
    assert_snapshot!(
        "scalar",
        asdf(&format!("get {ROMAN} roman.meta.exposure.exposure_time")).screen()
    );
    assert_snapshot!(
        "mapping",
        asdf(&format!("get {ROMAN} /roman/meta/exposure")).screen()
    );
    assert_snapshot!(
        "mapping_json",
        asdf(&format!("get {ROMAN} roman/meta/exposure --json")).screen()
    );
}

#[test]
fn get_prints_a_slice_of_an_array() {
    assert_snapshot!(
        "slice",
        asdf(&format!("get {ROMAN} roman.data[0:2,0:3]")).screen()
    );
    assert_snapshot!(
        "slice_json",
        asdf(&format!("get {ROMAN} roman.data[0:2,0:3] --json")).screen()
    );
}

#[test]
fn stats_counts_and_measures() {
    assert_snapshot!(asdf("stats test-data/made/view_fortran.asdf").screen());
}

#[test]
fn search_lists_paths_and_values() {
    assert_snapshot!(asdf(&format!("search {ROMAN} --key exposure --type float")).screen());
}

#[test]
fn verify_tells_right_from_damaged() {
    assert_snapshot!(
        "damaged",
        asdf("verify test-data/made/checksum_wrong.asdf").screen()
    );
    assert_snapshot!(
        "verify_several",
        asdf("verify test-data/made/checksum_match.asdf test-data/made/checksum_legacy.asdf test-data/made/checksum_absent.asdf").screen()
    );
}

#[test]
fn no_line_of_info_is_wider_than_the_screen() {
    for columns in [60, 80, 200] {
        let done = asdf(&format!("info {ROMAN}")).columns(columns).run();
        let widest = done
            .out
            .lines()
            .skip(1)
            .map(|line| line.chars().count())
            .max();
        assert!(
            widest <= Some(usize::from(columns)),
            "{widest:?} in {columns}"
        );
    }
}

#[test]
fn a_table_that_is_not_utf_8_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a/obs.asdf");
    crate::many::copy("test-data/made/roman_exposure.asdf", &file);
    let table = b"name,ra,dec\nA,1,2\nB\xff,3,4\n";
    let done = crate::cutouts::cut_around(folder.path(), table, &[]);
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.err
            .contains("t.csv: line 3: byte 0xff at offset 19 is not UTF-8"),
        "{done:?}"
    );
}

#[test]
fn a_list_may_begin_with_the_mark_of_its_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    crate::many::copy("test-data/made/roman_exposure.asdf", &at("obs.asdf"));
    for end in ["\n", "\r\n", "\0"] {
        std::fs::write(at("list"), format!("\u{feff}obs.asdf{end}obs.asdf{end}")).unwrap();
        let done = crate::many::run(folder.path(), &["info", "@list"]);
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{end:?}");
    }
}
