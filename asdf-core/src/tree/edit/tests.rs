//! What an edit leaves of the text, on hand-made trees.

use super::*;
use crate::limits::Limits;
use crate::tree::same;

fn tree(text: &str) -> Tree {
    Tree::parse(text.as_bytes(), 0, &Limits::default(), &mut Vec::new()).unwrap()
}

/// The text after the changes; what stands in it is checked by reading it again.
fn edited(text: &str, change: impl FnOnce(&mut TreeEdit<'_>)) -> String {
    let tree = tree(text);
    let mut edit = TreeEdit::of(&tree);
    change(&mut edit);
    let out = edit.text(&Limits::default()).unwrap();
    assert!(
        same::read_back(&edit, &out, 0, &Limits::default())
            .unwrap()
            .is_some(),
        "{out}"
    );
    out
}

fn set(path: &str, value: impl serde::Serialize) -> impl FnOnce(&mut TreeEdit<'_>) {
    move |edit| {
        let node = edit.nodes().value(value).unwrap();
        edit.set(path, node).unwrap();
    }
}

fn remove(path: &str) -> impl FnOnce(&mut TreeEdit<'_>) {
    move |edit| edit.remove(path).unwrap()
}

const TREE: &str = "%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n\
# about a\na: 1  # one\nb:   # below\n  # inner\n  c: 'x'\n  d: [1, 2,  3] # list\n\
e:\n- 1\n- x: 1\n  y: 2 # two\n- - 7\n  - 8\nf: {g: 1, h:  2}\n# end\n...\n";

#[test]
fn a_scalar_is_replaced_where_it_stands() {
    assert_eq!(edited(TREE, set("a", 2)), TREE.replace("a: 1 ", "a: 2 "));
    assert_eq!(
        edited(TREE, set("b/c", "yes")),
        TREE.replace("'x'", "'yes'")
    );
    assert_eq!(edited(TREE, set("b/d/2", 1.5)), TREE.replace("3]", "1.5]"));
    assert_eq!(
        edited(TREE, set("f/h", "a, b")),
        TREE.replace("h:  2", "h:  'a, b'")
    );
    assert_eq!(
        edited(TREE, set("e/0", true)),
        TREE.replace("- 1\n", "- true\n")
    );
    assert_eq!(
        edited(TREE, set("e/1/x", 1e30)),
        TREE.replace("x: 1\n", "x: 1.0e+30\n")
    );
}

#[test]
fn a_scalar_becomes_a_block_and_back() {
    let block = [("k", vec![1, 2]), ("l", vec![])];
    let block: std::collections::BTreeMap<_, _> = block.into();
    assert_eq!(
        edited(TREE, set("a", &block)),
        TREE.replace("a: 1  # one\n", "a:  # one\n  k: [1, 2]\n  l: []\n")
    );
    assert_eq!(
        edited(TREE, set("b", 5)),
        TREE.replace(
            "b:   # below\n  # inner\n  c: 'x'\n  d: [1, 2,  3] # list\n",
            "b: 5   # below\n  # inner\n"
        )
    );
    assert_eq!(
        edited(TREE, set("e/1", 5)),
        TREE.replace("- x: 1\n  y: 2 # two\n", "- 5\n")
    );
    assert_eq!(
        edited(TREE, set("e/0", &block)),
        TREE.replace("- 1\n", "- k: [1, 2]\n  l: []\n")
    );
    assert_eq!(
        edited(TREE, set("a", "two\nlines\n")),
        TREE.replace("a: 1  # one\n", "a: |  # one\n  two\n  lines\n")
    );
}

#[test]
fn pairs_and_items_come_and_go_as_whole_lines() {
    assert_eq!(edited(TREE, remove("a")), TREE.replace("a: 1  # one\n", ""));
    assert_eq!(
        edited(TREE, remove("b/d")),
        TREE.replace("  d: [1, 2,  3] # list\n", "")
    );
    assert_eq!(
        edited(TREE, remove("e/1")),
        TREE.replace("- x: 1\n  y: 2 # two\n", "")
    );
    assert_eq!(
        edited(TREE, remove("e/1/x")),
        TREE.replace("- x: 1\n  y", "- y")
    );
    assert_eq!(
        edited(TREE, remove("e/2/0")),
        TREE.replace("- - 7\n  - 8\n", "- - 8\n")
    );
    assert_eq!(
        edited(TREE, remove("f/g")),
        TREE.replace("{g: 1, h:  2}", "{h: 2}")
    );
    assert_eq!(
        edited(TREE, |edit| {
            remove("b/c")(edit);
            remove("b/d")(edit);
        }),
        TREE.replace(
            "b:   # below\n  # inner\n  c: 'x'\n  d: [1, 2,  3] # list\n",
            "b: {}   # below\n  # inner\n"
        )
    );
    assert_eq!(
        edited(TREE, set("new", 1)),
        TREE.replace("# end", "new: 1\n# end")
    );
    assert_eq!(
        edited(TREE, set("b/p/m", 1)),
        TREE.replace("# list\n", "# list\n  p:\n    m: 1\n")
    );
    assert_eq!(
        edited(TREE, set("e[3]", "x")),
        TREE.replace("  - 8\n", "  - 8\n- x\n")
    );
    assert_eq!(
        edited(TREE, set("f/i", "x")),
        TREE.replace("h:  2}", "h: 2, i: x}")
    );
}

#[test]
fn several_changes_leave_the_rest_alone() {
    let out = edited(TREE, |edit| {
        set("a", "x")(edit);
        remove("b/c")(edit);
        set("b/z", 3)(edit);
        set("e/1/y", 3)(edit);
        remove("e/0")(edit);
        set("new", vec!["p", "q"])(edit);
    });
    let wanted = TREE
        .replace("a: 1 ", "a: x ")
        .replace("  c: 'x'\n", "")
        .replace("# list\n", "# list\n  z: 3\n")
        .replace("y: 2 #", "y: 3 #")
        .replace("e:\n- 1\n", "e:\n")
        .replace("# end", "new: [p, q]\n# end");
    assert_eq!(out, wanted);
}

#[test]
fn a_node_that_is_shared_lives_on_in_its_other_places() {
    let text = "---\na: &x {b: 1}\nc: *x\nd: [*x]\ne:\n- *x\n...\n";
    assert_eq!(
        edited(text, set("a", 1)),
        "---\na: 1\nc: &x {b: 1}\nd: [*x]\ne:\n- *x\n...\n"
    );
    assert_eq!(
        edited(text, remove("a")),
        "---\nc: &x {b: 1}\nd: [*x]\ne:\n- *x\n...\n"
    );
    assert_eq!(edited(text, set("c", 1)), text.replace("c: *x", "c: 1"));
    assert_eq!(edited(text, set("c/b", 2)), text.replace("b: 1", "b: 2"));
    let out = edited(text, |edit| {
        remove("a")(edit);
        remove("c")(edit);
    });
    assert_eq!(out, "---\nd: [&x {b: 1}]\ne:\n- *x\n...\n");
}

#[test]
fn a_tree_that_holds_itself_can_be_edited() {
    let text = "--- &r\na: 1\nself: *r\n...\n";
    assert_eq!(edited(text, set("a", 2)), text.replace("a: 1", "a: 2"));
    assert_eq!(
        edited(text, set("self/b", 2)),
        text.replace("*r\n", "*r\nb: 2\n")
    );
}

#[test]
fn merged_values_can_be_overridden_but_not_entered() {
    let text = "---\nbase: &b {x: {y: 1}, z: 2}\nd:\n  <<: *b\n  w: 1\n...\n";
    assert_eq!(
        edited(text, set("d/z", 3)),
        text.replace("w: 1\n", "w: 1\n  z: 3\n")
    );
    let tree = tree(text);
    let mut edit = TreeEdit::of(&tree);
    assert!(
        edit.remove("d/z")
            .unwrap_err()
            .to_string()
            .contains("merge key")
    );
    let one = edit.nodes().int(1);
    assert!(
        edit.set("d/x/y", one)
            .unwrap_err()
            .to_string()
            .contains("merge key")
    );
}

#[test]
fn a_tag_of_a_scalar_stays() {
    let text = "%TAG ! tag:stsci.edu:asdf/\n---\nt: !time/time-1.1.0 2020-01-01T00:00:00\n...\n";
    let out = edited(text, set("t", "2021-01-01T00:00:00"));
    assert_eq!(
        out,
        text.replace("2020-01-01T00:00:00", "'2021-01-01T00:00:00'")
    );
}

#[test]
fn unusual_layouts_are_written_anew() {
    let text = "---\n? a\n: 1\n? [b]\n: 2\n...\n";
    assert_eq!(
        edited(text, set("a", 3)),
        "%YAML 1.1\n---\na: 3\n? [b]\n: 2\n...\n"
    );
    let text = "---\na: # x\n  -\n  - 1\n...\n";
    assert_eq!(edited(text, set("a/0", 3)), "---\na: # x\n- 3\n- 1\n...\n");
}

#[test]
fn line_ends_stay_those_of_the_file() {
    let text = "---\r\na: 1\r\nb: 2\r\n...\r\n";
    assert_eq!(
        edited(text, set("c", vec!["two\nlines\n"; 2])),
        text.replace(
            "2\r\n",
            "2\r\nc:\r\n- |\r\n  two\r\n  lines\r\n- |\r\n  two\r\n  lines\r\n"
        )
    );
}

#[test]
fn a_tree_made_of_nothing_is_a_document() {
    let mut edit = TreeEdit::new();
    set("meta/telescope", "ROMAN")(&mut edit);
    set("meta/no", "no")(&mut edit);
    set("list", (0..40).collect::<Vec<i32>>())(&mut edit);
    let text = edit.text(&Limits::default()).unwrap();
    assert_eq!(
        text,
        "%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\nmeta:\n  telescope: ROMAN\n  'no': 'no'\n\
list: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,\n  22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39]\n...\n"
    );
    assert!(
        same::read_back(&edit, &text, 0, &Limits::default())
            .unwrap()
            .is_some()
    );
}
