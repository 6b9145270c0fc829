//! The list of files, bookmarks, sessions, the palette, and keys of the user's own.

use crate::stage::Stage;
use crate::stage::listed;
use crate::stage::stage;
use asdf_tui::keymap::UserKeys;
use asdf_tui::mouse::Mouse;
use asdf_tui::msg::Msg;
use asdf_tui::theme::ColorDepth;

const FILES: [&str; 5] = [
    "image/sky.asdf",
    "image/cube.asdf",
    "made/record_simple.asdf",
    "bad/nd_datatype_unknown.asdf",
    "made/roman_exposure.asdf",
];

fn list(keys: &str) -> Stage {
    listed(&FILES, 80, 24, ColorDepth::None).keys(&format!("<wait>{keys}<wait>"))
}

#[test]
fn the_list_at_all_sizes() {
    for (width, height) in [(80, 24), (120, 40), (200, 60), (60, 12)] {
        listed(&FILES, width, height, ColorDepth::None)
            .keys("<wait><space>")
            .shows(&format!("files_{width}x{height}"));
    }
    let mut colored = listed(&FILES, 80, 10, ColorDepth::Indexed).keys("<wait>j");
    insta::assert_snapshot!("files_256_colours", colored.styles());
}

#[test]
fn a_file_is_opened_in_place_and_the_list_keeps_its_own() {
    list("jj<enter><wait>").has("record_simple.asdf   F");
    list("jj<enter><wait>F").has("> made/record_simple.asdf");
    list("jj<enter><wait>F").has("3/5");
    // Its key leads back to the file, as Esc does.
    list("jj<enter><wait>FF").has("┌ tree");
    list("jj<enter><wait>F<esc>").has("┌ tree");
    list("F").has("no file is open yet");
    list("<enter><wait>F3<wait>").has("image /roman/data");
    list("j3<wait>").has("image /data[4, :, :]");
    list("jjj<enter><wait>8<wait>").has("nd_datatype_unknown.asdf");
}

#[test]
fn a_file_that_is_closed_leads_back_to_the_list() {
    list("jj<enter><wait><c-w>").has("┌ record_simple.asdf");
    list("jj<enter><wait><c-w>").has("┌ 5 files");
    list("jj<enter><wait>F<c-w>F").has("no file is open yet");
    list("jj<enter><wait>F<c-w>kk<enter><wait>3<wait>").has("image /roman/data");
    assert!(!list("jj<enter><wait><c-w>").0.is_over);
    assert!(list("jj<enter><wait><c-w><c-w>").0.is_over);
}

#[test]
fn files_follow_each_other_with_the_place_of_a_picture() {
    let sky = "3<wait>:40, 30<enter>s";
    list(&format!("<enter><wait>{sky}<a-n><wait>")).has("this file has no such array");
    // The same array of the last file, of another size, has the stretch.
    list(&format!("<enter><wait>{sky}FG<enter><wait>")).has("roman_exposure.asdf");
    list("<a-n><wait><a-n><wait>").has("cube.asdf   F");
    list("G<enter><wait><a-n>").has("this is the last file of the list");
    // A file without the array is passed.
    let passed = [
        "image/sky.asdf",
        "made/record_simple.asdf",
        "image/sky.asdf",
    ];
    let passed = |keys: &str| {
        let keys = format!("<wait><enter><wait>{sky}<a-n><wait><a-n><wait>{keys}<wait>");
        listed(&passed, 100, 30, ColorDepth::None).keys(&keys)
    };
    passed("").has("x=40 y=30");
    passed("").has("zscale+log");
    // The tree was wanted, and stays.
    let text = passed("1<a-n>").text();
    assert!(
        text.contains("record_simple.asdf") && !text.contains("no such array"),
        "{text}"
    );
    list("<enter><wait><a-p>").has("this is the first file of the list");
    list("<enter><wait><c-n><wait>").has("cube.asdf   F");
    stage(FILES[0], 80, 24)
        .keys("<a-n>")
        .has("no list of files");
    stage(FILES[0], 80, 24).keys("F").has("no list of files");
}

#[test]
fn rows_are_searched_sorted_and_marked() {
    list("/ROMAN<enter>").has("1 of 5 files");
    list("/roman<enter><esc>").has("5 files");
    list("ss").has("by -file");
    list("sss").has(" 5 files, in ../test-data ");
    list("*").has("5 marked");
    list("**").has("F files\n┌ 5 files, in");
    list("<space>w").has("write names to:");
    list("e").has("mark the file of the second image");
}

#[test]
fn a_marked_file_is_the_second_image() {
    let files = ["image/sky.asdf", "measure/errors.asdf", "image/sky.asdf"];
    let marked = |keys: &str| {
        listed(&files, 100, 30, ColorDepth::None).keys(&format!("<wait>j<space>k{keys}<wait>"))
    };
    let text = marked("e<wait>x").text();
    assert!(text.contains("errors.asdf"), "{text}");
}

#[test]
fn names_are_written_and_never_over_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("marked.txt");
    let keys = format!("<space>jj<space>w{}<enter><wait>", path.display());
    list(&keys).has("2 names written to ");
    let names = std::fs::read_to_string(&path).unwrap();
    let wanted: Vec<String> = [FILES[0], FILES[3]]
        .iter()
        .map(|name| format!("../test-data/{name}\n"))
        .collect();
    assert_eq!(names, wanted.concat());
    list(&keys).has("is there already");
    let copied = list("<space>y").0.copied.unwrap();
    assert_eq!(copied, format!("../test-data/{}\n", FILES[0]));
}

#[test]
fn the_mouse_selects_opens_and_scrolls() {
    let mut stage = list("");
    stage.0.send(Msg::Mouse(Mouse::Press, 5, 5));
    assert!(stage.text().contains("3/5"));
    stage.0.send(Msg::Mouse(Mouse::Press, 5, 5));
    assert!(stage.text().contains("┌ tree"), "{}", stage.text());
}

#[test]
fn a_bookmark_brings_back_file_place_and_look() {
    let set = "3<wait>:zoom 2<enter><wait>:40, 30<enter>sm\"<wait>";
    let there = format!("<enter><wait>{set}");
    let before = list(&there).keys("<c-l>").text();
    let back = format!("{there}Fjj<enter><wait>'<enter><wait>");
    let after = list(&back).text();
    assert_eq!(before, after);
    assert!(after.contains("x=40 y=30"), "{after}");
    list(&format!("{there}Fjj<enter><wait>'")).shows("bookmarks");
    list(&format!("{there}:bookmark a star<enter>'")).has("a star");
    list("'").has("no bookmarks yet");
}

#[test]
fn a_session_is_brought_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.json");
    let set = "<space><enter><wait>3<wait>:zoom 2<enter><wait>:40, 30<enter>s:bookmark one<enter>";
    let save = format!("{set}:session save {}<enter><wait>", path.display());
    list(&save).has("1 open file and 1 bookmark written to");
    let before = list(&format!("{set}<c-l>")).text();
    let open = format!(":session open {}<enter><wait>", path.display());
    let again = |keys: &str| stage(FILES[2], 80, 24).keys(&format!("{open}{keys}<wait>"));
    assert_eq!(again("").text(), before);
    again("F").has("1 marked");
    again("'").has("one");
    std::fs::write(&path, "{}").unwrap();
    again("").has("not a session of asdf browse");
    list(&format!(":session save {}<enter><wait>", path.display())).has("not overwritten");
    list(":session<enter>").has("session save FILE keeps what is open");
}

#[test]
fn the_palette_finds_commands_paths_and_files() {
    stage(FILES[4], 80, 24)
        .keys("<c-p>exptime<wait>")
        .shows("palette_80x24");
    stage(FILES[4], 120, 40)
        .keys("<c-p>")
        .shows("palette_120x40");
    let roman = |keys: &str| stage(FILES[4], 80, 24).keys(&format!("<c-p>{keys}"));
    roman("expoexptime<enter>").has("/roman/meta/exposure/exposure_time");
    roman("blocks<enter><wait>").has("┌ blocks");
    roman(":open<enter>").has(" :open");
    roman("qqqqq").has("nothing has these letters");
    roman("<esc>").has("┌ tree");
    list("<c-p>record_simple<enter><wait>").has("┌ tree");
    stage(FILES[0], 80, 24)
        .keys("J<wait>3<wait><c-p>viri<enter><c-p>strlog<enter><wait>")
        .has("zscale+log");
}

#[test]
fn keys_of_the_users_own_stand_for_others() {
    let mut keys = UserKeys::default();
    keys.add("gx", "J<enter>").unwrap();
    keys.add("<c-t>", ":roman.meta<enter>").unwrap();
    let with = |script: &str| {
        let mut stage = stage(FILES[0], 80, 24);
        stage.0.app.keys = keys.clone();
        stage.keys(script)
    };
    with("gx<wait>").has("image /roman/");
    with("<c-t>").has(" /roman/meta");
    // What begins one of them and is none is what it was.
    with("jjgk").has("1/");
    with("jjG").has("/roman");
    // Typed into a line they are letters.
    with("/gx").has("/gx");
}
