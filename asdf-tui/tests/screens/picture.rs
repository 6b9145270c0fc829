//! The picture with what stands beside it: charts, the WCS, flags, regions.

use crate::stage::data;
use crate::stage::on;
use crate::stage::stage;
use asdf_tui::app::Screen;
use asdf_tui::mouse::Mouse;
use asdf_tui::msg::Msg;
use asdf_tui::theme::ColorDepth;

const SKY: &str = "image/sky.asdf";
const CUBE: &str = "image/cube.asdf";
/// Opens the picture of the first array.
const OPEN: &str = "J<wait>3<wait>";

#[track_caller]
fn shows(name: &str, file: &str, keys: &str) {
    let keys = format!("{OPEN}{keys}");
    stage(file, 100, 30).keys(&keys).shows(name);
}

#[test]
fn an_array_is_a_picture_on_every_screen() {
    for (width, height) in [(80, 24), (120, 40), (40, 12)] {
        let name = format!("picture_{width}x{height}");
        stage(SKY, width, height).keys(OPEN).shows(&name);
    }
}

#[test]
fn enter_chooses_the_picture_for_large_arrays_and_cells_for_small_ones() {
    for keys in ["J<enter><wait>", "J<wait><enter><wait>"] {
        let mut large = stage(SKY, 80, 24).keys(keys);
        large.0.wait();
        assert_eq!(large.0.app.tab().screen, Screen::Image, "{keys}");
        let mut small = stage("made/view_fortran.asdf", 80, 24).keys(keys);
        small.0.wait();
        assert_eq!(small.0.app.tab().screen, Screen::Table, "{keys}");
    }
    stage(SKY, 80, 24)
        .keys("J<wait>4<wait>")
        .has("float32 40×60");
}

#[test]
fn the_crosshair_tells_value_position_and_flags() {
    shows("crosshair", SKY, "x<right><right><up><wait>");
    shows("crosshair_upper", SKY, "Ox<up><wait>");
}

#[test]
fn it_is_zoomed_moved_and_fitted() {
    shows("zoomed", SKY, "++<wait>LLhj<wait>");
    shows("life_size", SKY, "0<wait>");
    shows("fitted_again", SKY, "+++HH<wait>f<wait>");
}

#[test]
fn stretch_limits_and_colours_are_told() {
    shows("look", SKY, "sscmi<wait>");
    shows("limits_by_hand", SKY, "<lt><lt>)<wait>");
    shows("look_reset", SKY, "sscmi<lt>R<wait>");
}

#[test]
fn flags_are_drawn_by_name() {
    shows("flags", SKY, "d<wait>");
    shows("flags_chosen", SKY, "d<wait><tab><space><wait>");
}

#[test]
fn a_region_has_statistics() {
    shows("region_begun", SKY, "v<right><right><up><wait>");
    shows(
        "region",
        SKY,
        "v<right><right><right><right><up><up><up>v<wait>",
    );
}

#[test]
fn charts_stand_below_the_picture() {
    shows("histogram", SKY, "t<wait>");
    shows("profile_row", SKY, "p<wait>");
    shows("profile_column", SKY, "pp<wait>");
    shows("profile_diagonal", SKY, "ppp<wait>");
    shows("spectrum", CUBE, "pppp<wait>");
}

#[test]
fn planes_of_a_cube_are_walked_along() {
    shows("plane", CUBE, "]]<wait>");
    shows("other_axes", CUBE, "}<wait>");
}

#[test]
fn the_wcs_is_told_in_every_frame() {
    shows("wcs", SKY, "xw<wait>");
    stage(SKY, 100, 60)
        .keys(&format!("{OPEN}xw<wait>"))
        .shows("wcs_tall");
}

#[test]
fn two_arrays_are_blinked_between() {
    shows("blinked", SKY, "b<wait>");
    shows("blinked_back", SKY, "b<wait>b<wait>");
}

#[test]
fn the_same_place_shows_in_the_next_file() {
    let other = data().join(SKY).display().to_string();
    let keys = format!("{OPEN}++x<right><right><up><wait>:open {other}<enter><wait><c-n><wait>");
    let mut stage = stage(SKY, 100, 30).keys(&keys);
    let status = |text: &str| {
        let line = text.lines().find(|line| line.contains("(0-based)"));
        line.map(str::to_owned)
    };
    let first = stage.text();
    assert!(first.contains("1/2"), "{first}");
    assert!(status(&first).is_some(), "{first}");
    let mut stage = stage.keys("<c-n><wait>");
    let second = stage.text();
    assert!(second.contains("2/2"), "{second}");
    assert_eq!(status(&first), status(&second));
}

#[test]
fn hdus_of_the_same_size_are_blinked_between() {
    // It begins with the largest array, a cube; the planes of all others are as large.
    let other = |keys: &str| stage("fits/wcs/headers.fits.gz", 100, 24).keys(keys);
    other("3<wait>").has("image /fits/101/data");
    other("3<wait>b<wait>").has("image /fits/0/data");
    other("3<wait>b<wait>b<wait>").has("image /fits/101/data");
}

#[test]
fn what_is_no_picture_is_told() {
    stage("image/odd.asdf", 80, 24)
        .keys(":line<enter>3<wait>")
        .has("a picture needs numbers with two axes or more");
    stage("made/checksum_match.asdf", 80, 24)
        .keys("3")
        .has("no array is selected");
    stage(SKY, 80, 24).keys("3<wait>").has("image /roman/data");
}

#[test]
fn escape_leaves_one_thing_after_the_other() {
    let keys = format!("{OPEN}xvt<wait><esc><esc><esc>");
    let stage = stage(SKY, 80, 24).keys(&keys);
    assert_eq!(stage.0.app.tab().screen, Screen::Image);
    let stage = stage.keys("<esc>");
    assert_eq!(stage.0.app.tab().screen, Screen::Tree);
}

#[test]
fn value_and_place_are_copied() {
    let stage = stage(SKY, 80, 24).keys(&format!("{OPEN}x<wait>Y"));
    assert_eq!(stage.0.copied.as_deref(), Some("/roman/data[20, 30]"));
    // The value that numpy gives for this element.
    let stage = stage.keys("y");
    let text = stage.0.copied.clone().unwrap();
    let value: f64 = text.parse().unwrap();
    assert!((value - 1.4).abs() < 0.05, "{text}");
}

#[test]
fn the_mouse_points_drags_and_zooms() {
    let mut stage = stage(SKY, 100, 30).keys(OPEN);
    for (mouse, x, y) in [
        (Mouse::Press, 45, 12),
        (Mouse::Release, 45, 12),
        (Mouse::WheelUp, 45, 12),
        (Mouse::Press, 45, 12),
        (Mouse::Drag, 55, 9),
        (Mouse::Release, 55, 9),
    ] {
        stage.0.send(Msg::Mouse(mouse, x, y));
        stage.0.wait();
    }
    stage.shows("mouse");
}

#[test]
fn colours_are_those_of_the_map() {
    let mut coloured = on(&data().join(SKY), 40, 12, ColorDepth::True).keys(OPEN);
    insta::assert_snapshot!("picture_colours", coloured.styles());
    let mut few = on(&data().join(SKY), 40, 12, ColorDepth::Indexed).keys(OPEN);
    insta::assert_snapshot!("picture_256_colours", few.styles());
}

#[test]
fn a_picture_of_another_array_begins_anew() {
    let keys = format!("{OPEN}++x<wait>1J<wait>3<wait>");
    stage(SKY, 80, 24).keys(&keys).shows("second_picture");
}
