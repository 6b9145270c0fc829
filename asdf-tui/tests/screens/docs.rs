use asdf_tui::view::key_table;
use std::path::Path;

/// Between these the page has the table of keys.
const BEGIN: &str =
    "<!-- keys: written by `UPDATE_DOCS=1 cargo test -p asdf-tui --test screens` -->\n";
const END: &str = "<!-- end of keys -->\n";

#[test]
fn the_page_for_users_has_the_keys_as_they_are() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/browse.md"));
    let page = std::fs::read_to_string(path).unwrap();
    let (before, rest) = page
        .split_once(BEGIN)
        .expect("the page has the mark of the keys");
    let (table, after) = rest
        .split_once(END)
        .expect("the page has the mark of their end");
    let wanted = key_table();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
    } else {
        assert_eq!(table, wanted, "UPDATE_DOCS=1 writes the page");
    }
}
