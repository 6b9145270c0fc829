use crate::stage::stage;
use crate::tasks;
use asdf_tui::view::key_table;
use std::path::Path;

/// Between these the page has the table of keys.
const KEYS: [&str; 2] = [
    "<!-- keys: written by `UPDATE_DOCS=1 cargo test -p asdfkit-tui --test screens` -->\n",
    "<!-- end of keys -->\n",
];
/// Between these it has screens.
const SCREENS: [&str; 2] = [
    "<!-- screens: written as the keys are -->\n",
    "<!-- end of screens -->\n",
];

/// Between these it has the tasks.
const TASKS: [&str; 2] = [
    "<!-- tasks: written as the keys are -->\n",
    "<!-- end of tasks -->\n",
];

/// What was done, the file, the keys.
const SHOWN: [(&str, &str, &str); 12] = [
    (
        "A search",
        "made/roman_exposure.asdf",
        "/exposure_time<enter>",
    ),
    (
        "An image as a matrix",
        "made/roman_exposure.asdf",
        ":roman.data<enter>4",
    ),
    (
        "A picture with the pixel under the crosshair; letters stand for the colours",
        "image/sky.asdf",
        "J<enter><wait>x<right><up>",
    ),
    (
        "Its row as a profile, and the flags by name",
        "image/sky.asdf",
        "J<enter><wait>xpd",
    ),
    (
        "The WCS at the crosshair",
        "image/sky.asdf",
        "J<enter><wait>xw",
    ),
    (
        "The sum of a star above its sky",
        "image/sky.asdf",
        "J<enter><wait>:peak<enter><wait>a<wait>A",
    ),
    (
        "A WCS with a point that was typed",
        "image/sky.asdf",
        ":roman.meta.wcs<enter>7<wait>:30, 20<enter>",
    ),
    (
        "A record array as a table",
        "made/record_text.asdf",
        "J<enter>",
    ),
    (
        "Contours, and a bar of the colours with round values",
        "image/sky.asdf",
        "J<enter><wait>:contours auto<enter>g",
    ),
    (
        "Statistics of a column of a table",
        "measure/errors.asdf",
        ":catalogue<enter>4<wait>li",
    ),
    (
        "Commands and paths by some of their letters",
        "made/roman_exposure.asdf",
        "<c-p>exptime",
    ),
    ("The blocks, checked", "made/roman_exposure.asdf", "5C"),
];

fn screens() -> String {
    let screen = |(what, name, keys): &(&str, &str, &str)| {
        let text = stage(name, 90, 22).keys(keys).text();
        format!("\n{what} (`{keys}`):\n\n```text\n{text}```\n")
    };
    SHOWN.iter().map(screen).collect()
}

#[test]
fn the_page_for_users_is_as_the_browser_is() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/browse.md"));
    let mut page = std::fs::read_to_string(path).unwrap();
    for ([begin, end], wanted) in [
        (KEYS, key_table()),
        (SCREENS, screens()),
        (TASKS, tasks::page()),
    ] {
        let (before, rest) = page.split_once(begin).expect("the page has the mark");
        let (found, after) = rest.split_once(end).expect("the page has the other mark");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            page = format!("{before}{begin}{wanted}{end}{after}");
        } else {
            assert_eq!(found, wanted, "UPDATE_DOCS=1 writes the page");
        }
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, page).unwrap();
    }
}
