use super::*;

fn open(name: &str) -> (AsdfFile, TreePane) {
    let file = AsdfFile::open(crate::testing::file(name)).unwrap();
    let pane = TreePane::new(&file);
    (file, pane)
}

fn paths(file: &AsdfFile, pane: &TreePane) -> Vec<String> {
    let all = 0..pane.rows.len();
    all.map(|at| pane.path(file, at).to_string()).collect()
}

#[test]
fn only_the_children_of_the_root_have_rows_at_first() {
    let (file, pane) = open("made/roman_exposure.asdf");
    assert_eq!(
        paths(&file, &pane),
        ["", "/asdf_library", "/history", "/roman"]
    );
}

#[test]
fn closing_a_branch_gives_back_the_rows_that_opening_it_made() {
    let (file, mut pane) = open("made/roman_exposure.asdf");
    let before = pane.rows.clone();
    pane.open(&file, 1);
    assert!(pane.rows.len() > before.len());
    pane.close(1);
    assert_eq!(pane.rows, before);
}

#[test]
fn a_node_is_revealed_whatever_is_closed_above_it() {
    let (file, mut pane) = open("made/roman_exposure.asdf");
    let path = TreePath::parse("roman/meta/exposure/exposure_time").unwrap();
    let at = pane.reveal(&file, &path).unwrap();
    assert_eq!(pane.path(&file, at), path);
    assert_eq!(pane.at(), at);
}

#[test]
fn of_a_path_that_does_not_exist_the_deepest_part_is_selected() {
    let (file, mut pane) = open("made/roman_exposure.asdf");
    let path = TreePath::parse("roman/meta/nonsense").unwrap();
    assert_eq!(pane.reveal(&file, &path), None);
    assert_eq!(pane.path(&file, pane.at()).to_string(), "/roman/meta");
}

#[test]
fn sorting_keeps_what_is_open_and_what_is_selected() {
    let (file, mut pane) = open("made/roman_exposure.asdf");
    let path = TreePath::parse("roman/meta/exposure").unwrap();
    pane.reveal(&file, &path);
    let mut before = paths(&file, &pane);
    pane.order = Order::Key;
    pane.renew(&file);
    let mut after = paths(&file, &pane);
    assert_ne!(before, after);
    before.sort();
    after.sort();
    assert_eq!(before, after);
    assert_eq!(pane.path(&file, pane.at()), path);
}

#[test]
fn a_node_within_itself_is_not_opened_again() {
    let (file, mut pane) = open("made/yaml_recursive.asdf");
    assert!(pane.open_all(&file));
    let count = pane.rows.len();
    assert!(count < 100, "{count} rows");
    for at in 0..count {
        pane.open(&file, at);
    }
    assert!(pane.rows.len() < 1000);
}

#[test]
fn the_history_can_be_hidden() {
    let (file, mut pane) = open("made/roman_exposure.asdf");
    pane.shows_history = false;
    pane.renew(&file);
    assert_eq!(paths(&file, &pane), ["", "/roman"]);
}

#[test]
fn a_bomb_of_aliases_opens_each_node_once() {
    let (file, mut pane) = open("bad/bomb_aliases.asdf");
    assert!(pane.open_all(&file));
    assert!(pane.rows.len() < 10_000, "{} rows", pane.rows.len());
}
