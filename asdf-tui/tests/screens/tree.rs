use crate::stage::data;
use crate::stage::on;
use crate::stage::stage;
use asdf_tui::theme::ColorDepth;

const ROMAN: &str = "made/roman_exposure.asdf";

#[test]
fn a_file_opens_on_its_tree() {
    stage(ROMAN, 80, 24).shows("tree_80x24");
    stage(ROMAN, 120, 40).shows("tree_120x40");
    stage(ROMAN, 40, 12).shows("tree_40x12");
}

#[test]
fn branches_open_close_and_lead_up() {
    stage(ROMAN, 80, 24).keys("Gl").shows("tree_branch_open");
    stage(ROMAN, 80, 24).keys("Gljh").has(" /roman  ");
    stage(ROMAN, 80, 24).keys("Glhh").has("1/4");
}

#[test]
fn all_opens_and_closes() {
    stage(ROMAN, 80, 24).keys("zR").shows("tree_all_open");
    stage(ROMAN, 80, 24).keys("zRGzM").has("4/4");
}

#[test]
fn a_combination_that_is_none_leaves_its_last_key_to_count() {
    stage(ROMAN, 80, 24).keys("zj").has("2/4");
}

#[test]
fn a_search_goes_to_what_it_finds_while_it_is_typed() {
    stage(ROMAN, 80, 24)
        .keys("/exposure_t")
        .shows("search_typed");
    stage(ROMAN, 80, 24)
        .keys("/exposure<wait><enter>n")
        .shows("search_next");
    stage(ROMAN, 80, 24)
        .keys("/exposure<enter><wait>nN")
        .has("/exposure 1/");
}

#[test]
fn a_search_may_be_confirmed_before_it_has_answered() {
    stage(ROMAN, 80, 24)
        .keys("/exposure_time<enter>")
        .has("/exposure_time 1/");
}

#[test]
fn a_search_that_finds_nothing_says_so() {
    stage(ROMAN, 80, 24)
        .keys("/zzzz<wait><enter>")
        .has("`zzzz` does not occur");
    stage(ROMAN, 80, 24)
        .keys("/zzzz<enter>")
        .has("the text does not occur");
}

#[test]
fn leaving_a_search_goes_back_to_where_it_began() {
    stage(ROMAN, 80, 24)
        .keys("j/exposure_time<wait><esc>")
        .has("/asdf_library  ");
}

#[test]
fn a_path_is_gone_to() {
    stage(ROMAN, 80, 24)
        .keys(":roman.meta.exposure<enter>")
        .shows("go_to_path");
    stage(ROMAN, 80, 24)
        .keys(":roman.nonsense<enter>")
        .has("no node /roman/nonsense");
    stage(ROMAN, 80, 24).keys(":2<enter>").has("3/4");
    stage(ROMAN, 80, 24)
        .keys(":99<enter>")
        .has("there is no 99");
}

#[test]
fn arrays_are_gone_to_one_by_one() {
    stage(ROMAN, 80, 24).keys("J").shows("next_array");
    stage(ROMAN, 80, 24)
        .keys(":roman.data<enter>JK")
        .has("/roman/data  ");
    stage(ROMAN, 80, 24).keys("K").has("no further array");
}

#[test]
fn keys_can_be_sorted_and_the_history_hidden() {
    stage(ROMAN, 80, 24).keys("Gls").shows("tree_sorted");
    stage(ROMAN, 80, 24).keys(".").has("1/2");
}

#[test]
fn values_and_paths_are_copied() {
    let path = ":roman/meta/exposure/exposure_time<enter>";
    let stage = stage(ROMAN, 80, 24)
        .keys(path)
        .keys("y")
        .has("value copied");
    assert_eq!(stage.0.copied.as_deref(), Some("107.52398"));
    let stage = stage.keys("Y").has("path copied");
    assert_eq!(
        stage.0.copied.as_deref(),
        Some("/roman/meta/exposure/exposure_time")
    );
}

#[test]
fn strings_of_a_file_do_not_drive_the_terminal() {
    let mut stage = stage("made/yaml_text.asdf", 100, 40).keys("zR");
    let text = stage.text();
    assert!(text.chars().all(|char| char == '\n' || !char.is_control()));
    assert!(text.contains("\\n") || text.contains("\\t"), "{text}");
}

#[test]
fn a_file_without_a_tree_says_so() {
    stage("made/header_no_tree.asdf", 80, 24)
        .keys("jlhGzR/x<enter>yY")
        .has("this file has no tree");
}

#[test]
fn what_is_selected_and_found_stands_out() {
    let path = data().join(ROMAN);
    let mut stage = on(&path, 80, 24, ColorDepth::Indexed).keys("/meta<wait>");
    insta::assert_snapshot!("styles_of_a_search", stage.styles());
}
