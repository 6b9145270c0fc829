//! Places and settings that are typed, the arrows with shift and counts, the pixel under the mouse.

use crate::stage::Stage;
use crate::stage::data;
use crate::stage::on;
use crate::stage::stage;
use asdf_tui::app::Screen;
use asdf_tui::mouse::Mouse;
use asdf_tui::msg::Msg;
use asdf_tui::theme::ColorDepth;

const SKY: &str = "image/sky.asdf";
const CUBE: &str = "image/cube.asdf";
const OPEN: &str = "J<wait>3<wait>";

fn picture(file: &str, keys: &str) -> Stage {
    stage(file, 120, 40).keys(&format!("{OPEN}{keys}<wait>"))
}

#[test]
fn the_crosshair_goes_to_what_is_typed() {
    picture(SKY, ":12, 7<enter>").has("x=12 y=07");
    picture(SKY, ":11.6 7.2<enter>").has("x=12 y=07");
    picture(SKY, ":60, 7<enter>").has("60, 7 is outside: x to 59, y to 39");
    // The position that gwcs gives for the pixel 30, 20.
    for position in [
        "05:21:59.83 -69:29:58.9",
        "5h21m59.83s -69d29m58.9s",
        "80.499306 -69.499687",
        "J052159.83-692958.9",
        "sky 80.499306, -69.499687",
    ] {
        picture(SKY, &format!(":{position}<enter>")).has("x=30 y=20");
    }
    picture(SKY, ":05:22:00 -60:00:00<enter>").has("outside of the image");
    picture(SKY, ":sky 10<enter>").has("`10` is not a position");
    picture("made/view_fortran.asdf", ":80.5 -69.5<enter>").has("/");
}

#[test]
fn the_brightest_and_the_least_pixel_are_gone_to() {
    // numpy: argmax of the whole is at 17, 34; the least is at 0, 0 of what is not NaN.
    let found = |keys: &str| {
        let mut stage = picture(SKY, keys);
        let text = stage.text();
        let line = text.lines().find(|line| line.contains("(0-based)"));
        line.map(|line| line.get(3..14).unwrap_or_default().to_owned())
    };
    let peak = found(":peak<enter>");
    assert!(peak.is_some());
    assert_eq!(peak, found("*"));
    assert_ne!(peak, found(":min<enter>"));
}

#[test]
fn planes_are_gone_to_by_number_and_value() {
    picture(CUBE, ":plane 2<enter>").has("image /data[2, :, :]");
    picture(CUBE, ":plane 1000<enter>").has("there is no such plane");
    picture(CUBE, ":plane 1 2<enter>").has("one number tells the plane");
    picture(CUBE, ":wave 5um<enter>").has("no WCS");
}

#[test]
fn settings_are_typed() {
    picture(SKY, ":limits 0.4 6<enter>").has("limits 0.4 … 6");
    picture(SKY, ":limits minmax<enter>").has("minmax+asinh");
    picture(SKY, ":limits 6 0.4<enter>").has("the first has to be less");
    picture(SKY, ":stretch log<enter>").has("zscale+log");
    picture(SKY, ":zoom 1/4<enter>").has("zoom 1/4");
    picture(SKY, ":zoom 3<enter>").has("zoom 3");
    picture(SKY, ":origin upper<enter>").has("row 0 at the top");
    picture(SKY, ":cmap rainbow<enter>").has("no colormap `rainbow`; there are gray");
}

#[test]
fn a_mistyped_line_leaves_everything_where_it_is() {
    let stage = picture(SKY, "x:roman.dat<enter>").has("no node /roman/dat: /roman/data?");
    assert_eq!(stage.0.app.tab().screen, Screen::Image);
    let stage = stage.keys(":limits much<enter>");
    assert_eq!(stage.0.app.tab().screen, Screen::Image);
}

#[test]
fn arrows_go_by_one_by_ten_and_by_a_count() {
    picture(SKY, ":30, 20<enter><wait><s-right><s-up><left>").has("x=39 y=30");
    picture(SKY, ":30, 20<enter><wait><a-1><a-2><right>").has("x=42 y=20");
    picture(SKY, ":30, 20<enter><wait><a-3><s-left>").has("x=00 y=20");
    // The count is for the next key only.
    picture(SKY, ":30, 20<enter><wait><a-5>i<right>").has("x=31 y=20");
}

#[test]
fn the_pixel_under_the_mouse_is_told() {
    let mut stage = picture(SKY, ":1, 1<enter>");
    stage.0.send(Msg::Mouse(Mouse::Hover, 60, 20));
    let hovered = stage.text();
    assert!(!hovered.contains("x=01 y=01"), "{hovered}");
    assert!(hovered.contains("RA 05:2"), "{hovered}");
    // It leaves the picture.
    stage.0.send(Msg::Mouse(Mouse::Hover, 60, 0));
    stage.has("x=01 y=01");
}

#[test]
fn hovering_changes_nothing_but_the_line_that_tells() {
    let mut stage = picture(SKY, "x");
    stage.text();
    let before = stage.0.frame();
    stage.0.send(Msg::Mouse(Mouse::Hover, 60, 20));
    stage.text();
    let after = stage.0.frame();
    let changed = before.diff(&after);
    assert!(
        !changed.is_empty() && changed.len() < 120,
        "{}",
        changed.len()
    );
    let rows: std::collections::BTreeSet<u16> = changed.iter().map(|cell| cell.1).collect();
    assert!(rows.iter().all(|row| *row >= 35), "{rows:?}");
}

#[test]
fn a_step_of_the_crosshair_changes_few_cells() {
    let stage = picture(SKY, ":30, 20<enter>");
    let before = stage.0.frame();
    let stage = stage.keys("<right><wait>");
    let changed = before.diff(&stage.0.frame()).len();
    assert!((1..160).contains(&changed), "{changed}");
}

#[test]
fn a_cell_is_the_crosshair_and_the_crosshair_a_cell() {
    let stage = stage(SKY, 120, 40).keys("J<wait>4<wait>:7, 12<enter>3<wait>");
    let stage = stage.has("image /roman/data").has("x=12 y=07");
    stage
        .keys(":20, 9<enter><wait>4<wait>")
        .has("/roman/data[9, 20] = ");
}

#[test]
fn what_is_shown_is_shown_of_the_array_that_shows() {
    let keys = ":roman.data<enter>3<wait>:roman.err<enter><wait>";
    let stage = stage(SKY, 120, 40).keys(keys);
    // The tree stands on another array, the picture is of the first.
    let stage = stage.keys("3<wait>").keys("4<wait>").has("/roman/err");
    stage.keys("6<wait>").has("stats of /roman/err");
}

#[test]
fn lines_are_completed_and_brought_back() {
    stage("made/roman_exposure.asdf", 80, 24)
        .keys(":roman.meta.expos<tab><enter>")
        .has("/roman/meta/exposure");
    picture(SKY, ":lim<tab>min<tab><enter>").has("minmax+asinh");
    picture(SKY, ":st<tab>").has("stats  stretch");
    picture(
        SKY,
        ":limits minmax<enter>:limits zscale<enter>:<up><up><enter>",
    )
    .has("minmax+asinh");
    picture(SKY, ":limits minmax<enter>:xyz<up><down>").has(":");
}

#[test]
fn the_position_in_the_line_below_is_one_when_it_is_typed() {
    let cube = |keys: &str| {
        let keys = format!(":cube.data<enter>3<wait>:3, 4<enter><wait>{keys}<wait>");
        stage("image/matched.asdf", 120, 40).keys(&keys)
    };
    let text = cube("").text();
    let (_, rest) = text
        .split_once('(')
        .and_then(|found| found.1.split_once('('))
        .unwrap();
    let (position, _) = rest.split_once(')').unwrap();
    assert!(
        position.starts_with("150.00") && position.contains(" +1.99"),
        "{text}"
    );
    cube(&format!(":0, 0<enter>:{position}<enter>")).has("x=03 y=04");
    // Two parts of pixels may be a position: what they were taken for is told.
    cube(":1.5 2.2<enter>").has("pixel 2, 2; the position on the sky is :sky 1.5 2.2");
}

#[test]
fn a_bounding_box_larger_than_the_array_leaves_its_positions() {
    let folder = tempfile::tempdir().unwrap();
    for (end, name) in [
        ("54.5", "within.asdf"),
        ("59.9", "rounded.asdf"),
        ("99.5", "beyond.asdf"),
    ] {
        let mut bytes = std::fs::read(data().join("image/sky.asdf")).unwrap();
        let at = bytes.windows(5).position(|five| five == b"54.5]").unwrap();
        bytes[at..at + 4].copy_from_slice(end.as_bytes());
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        // As gwcs has it, with each of the boxes.
        on(&path, 120, 40, ColorDepth::None)
            .keys("J<wait>3<wait>:40, 20<enter><wait>")
            .has("RA 05:21:56.03 Dec -69:29:56.4");
    }
}
