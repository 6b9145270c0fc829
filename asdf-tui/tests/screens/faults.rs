//! Files that are damaged or change while they are looked at.

use crate::stage::data;
use crate::stage::on;
use crate::stage::stage;
use asdf_tui::app::Screen;
use asdf_tui::keymap::UserKeys;
use asdf_tui::msg::Msg;
use asdf_tui::theme::ColorDepth;
use std::fs;

#[test]
fn a_damaged_file_wears_a_badge_from_the_first_screen() {
    for name in [
        "bad/block_shorter_than_array.asdf",
        "bad/trunc_in_block_data.asdf",
        "bad/nd_source_missing_block.asdf",
    ] {
        stage(name, 80, 24).has("damaged: 8");
    }
    let text = stage("made/roman_exposure.asdf", 80, 24).text();
    assert!(!text.contains("damaged"), "{text}");
}

#[test]
fn problems_know_what_the_blocks_are_known_to_have() {
    stage("made/checksum_wrong.asdf", 100, 24)
        .keys("5C<wait>8<wait>")
        .has("its checksum is not that of its bytes");
    stage("made/checksum_wrong.asdf", 100, 24)
        .keys("8<wait>5C<wait>8<wait>")
        .has("its checksum is not that of its bytes");
}

#[test]
fn a_file_that_changed_is_told_and_read_again_at_the_same_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sky.asdf");
    fs::copy(data().join("image/sky.asdf"), &path).unwrap();
    let mut stage = on(&path, 120, 40, ColorDepth::None)
        .keys(":roman.data<enter>3<wait>:limits 0.5 5<enter>:17, 9<enter><wait>");
    stage.0.send(Msg::Look);
    let mut stage = stage.has("x=17 y=09");
    assert!(!stage.text().contains("changed on disk"));
    // Another file takes the name, as writers do it.
    let mut bytes = fs::read(data().join("image/sky.asdf")).unwrap();
    bytes.extend_from_slice(&[0; 64]);
    let new = folder.path().join("new");
    fs::write(&new, bytes).unwrap();
    fs::rename(&new, &path).unwrap();
    stage.0.send(Msg::Look);
    let stage = stage.has("the file has changed on disk: Ctrl-r reads it again");
    let stage = stage.keys("j<wait>").has("changed on disk");
    let mut stage = stage.keys("<c-r><wait>");
    let text = stage.text();
    assert!(text.contains("the file was read again"), "{text}");
    assert!(
        text.contains("x=17 y=09") && text.contains("limits 0.5 … 5"),
        "{text}"
    );
    assert!(!text.contains("changed on disk"), "{text}");
}

#[test]
fn a_table_and_the_tree_keep_their_place_when_read_again() {
    let keys = ":roman.meta.exposure.exposure_time<enter><c-r><wait>";
    stage("made/roman_exposure.asdf", 100, 30)
        .keys(keys)
        .has("the file was read again")
        .keys("Y")
        .has("path copied, 34 characters");
    let keys = "J4<wait>:3, 2<enter><wait><c-r><wait>";
    let stage = stage("image/sky.asdf", 100, 30).keys(keys).keys("Y");
    assert_eq!(stage.0.copied.as_deref(), Some("/roman/data[3, 2]"));
    assert_eq!(stage.0.app.tab().screen, Screen::Table);
}

#[test]
fn a_file_that_is_gone_cannot_be_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gone.asdf");
    fs::copy(data().join("image/sky.asdf"), &path).unwrap();
    let mut stage = on(&path, 120, 40, ColorDepth::None).keys("J<wait>");
    fs::remove_file(&path).unwrap();
    stage.0.send(Msg::Look);
    stage
        .has("the file has changed on disk")
        .keys("<c-r><wait>")
        .has("gone.asdf");
}

#[test]
fn keys_before_the_list_of_hdus_are_kept() {
    stage("fits/tables.fits", 100, 24)
        .keys("j6")
        .has("stats of /fits/1/data");
    stage("fits/tables.fits", 100, 24)
        .keys("j<enter>")
        .has("XTENSION");
    let stage = stage("fits/tables.fits", 100, 24).keys("jq");
    assert!(stage.0.is_over);
}

#[test]
fn keys_wait_for_what_is_read_of_a_picture() {
    // numpy: the greatest element of roman.data is [10, 15].
    let sky = |keys: &str| stage("image/sky.asdf", 120, 40).keys(keys);
    sky("J3:peak<enter>aA").has("x=15 y=10");
    let mut slow = sky("J<wait>3<wait>:peak<enter><wait>a<wait>A<wait>");
    assert_eq!(sky("J3:peak<enter>aA").text(), slow.text());
    sky("J3:38, 2<enter>v<s-right><s-up>v").has("38..48");
    sky("J3:38, 2<enter>:5, 6<enter>").has("x=05 y=06");
    sky("J3x:peak<enter><right>").has("x=16 y=10");
    sky("J<enter>:38, 2<enter>").has("x=38 y=02");
    stage("image/cube.asdf", 120, 40)
        .keys(":data<enter>3xpppp")
        .has("along");
    // The second image is that which was named.
    sky("J3:second roman.err<enter>ee").has("/roman/data / /roman/err");
    // The cell is that of the crosshair.
    let stage = sky("J3:peak<enter>4").keys("<wait>Y");
    assert_eq!(stage.0.copied.as_deref(), Some("/roman/data[10, 15]"));
    let stage = sky("J3:peak<enter>y<wait>");
    assert!(stage.0.copied.is_some());
}

#[test]
fn escape_and_quit_do_not_wait_for_a_picture() {
    let sky = |keys: &str| stage("image/sky.asdf", 120, 40).keys(keys);
    for keys in [
        "J3q",
        "J3:q<enter>",
        "J3xq",
        "J3:peak<enter>aq",
        "J3:peak<enter>q",
    ] {
        assert!(sky(keys).0.is_over, "{keys}");
    }
    assert!(!sky("J3:peak<enter>:q").0.is_over);
    // What waits is forgotten.
    sky("J3xpp<esc>").has("┌ tree");
    sky("J3:peak<enter><esc>").has("image /roman/data");
    sky("J3<wait>x:peak<enter>a<esc>").has("the search is given up");
    sky("J3<wait>:5, 6<enter>:peak<enter>a<esc>").has("x=05 y=06");
    sky("J31").has("┌ tree");
    sky("J3?").has("keys, page 1");
}

#[test]
fn own_keys_count_behind_others_and_not_in_lines() {
    let mut keys = UserKeys::default();
    keys.add("gp", ":roman.data<enter>3:peak<enter>aA").unwrap();
    let with = |script: &str| {
        let mut stage = stage("image/sky.asdf", 120, 40);
        stage.0.app.keys = keys.clone();
        stage.keys(script)
    };
    let mut slow = with("J<wait>3<wait>:peak<enter><wait>a<wait>A<wait>");
    let text = slow.text();
    assert!(
        text.contains("x=15 y=10") && text.contains("centroid"),
        "{text}"
    );
    assert_eq!(with("gp").text(), text);
    assert_eq!(with("J3:2, 2<enter>gp").text(), text);
    // Typed into a line they are letters, also while others wait.
    with("J3:peak<enter>:gp").has(":gp");
}

#[test]
fn keys_wait_for_cells_and_comparisons() {
    let stage = stage("image/sky.asdf", 100, 30).keys("J4:3, 2<enter>Y<wait>");
    assert_eq!(stage.0.copied.as_deref(), Some("/roman/data[3, 2]"));
}

#[test]
fn filters_that_cannot_be_understood_say_so() {
    let table = |keys: &str| {
        stage("made/record_simple.asdf", 100, 24)
            .keys(&format!("J<enter><wait>&{keys}<enter><wait>"))
    };
    table("nonsense > 1").has("no column `nonsense`");
    table("1 and").has("a condition is missing");
}
