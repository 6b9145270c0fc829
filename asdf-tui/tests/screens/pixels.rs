//! Pictures in pixels: when they are painted, and when they make way.

use crate::stage::Stage;
use crate::stage::stage;
use asdf_tui::graphics::Graphics;
use asdf_tui::graphics::Protocol;
use asdf_tui::msg::Msg;
use ratatui::layout::Rect;

fn pixels(protocol: Protocol) -> Stage {
    let mut stage = stage("image/sky.asdf", 100, 30);
    stage.0.app.graphics = Graphics::Pixels(protocol);
    stage.0.app.cell = [9, 18];
    stage.keys("J<wait>3<wait>")
}

fn painted(stage: &Stage) -> Option<(Rect, Vec<u8>)> {
    let painted = stage.0.app.canvas.painted.as_ref()?;
    Some((painted.area(), painted.bytes.to_vec()))
}

#[test]
fn the_picture_is_painted_behind_blank_cells() {
    for protocol in [Protocol::Kitty, Protocol::Sixel, Protocol::Iterm2] {
        let stage = pixels(protocol);
        let (area, bytes) = painted(&stage).unwrap();
        assert_eq!(area, Rect::new(1, 2, 98, 23));
        assert!(bytes.starts_with(b"\x1b") && bytes.len() > 1000);
        let frame = stage.0.frame();
        assert!(area.positions().all(|at| frame[at].symbol() == " "));
    }
    let sixel = painted(&pixels(Protocol::Sixel)).unwrap().1;
    assert!(sixel.starts_with(b"\x1bP0;1;0q\"1;1;882;414#"));
}

#[test]
fn a_change_paints_anew_and_nothing_else_does() {
    let mut stage = pixels(Protocol::Sixel);
    let before = painted(&stage).unwrap().1;
    stage.0.press(&"N".parse().unwrap());
    assert_eq!(stage.0.waiting(), 0);
    stage = stage.keys("i<wait>");
    assert_ne!(painted(&stage).unwrap().1, before);
    stage = stage.keys("i<wait>");
    assert_eq!(painted(&stage).unwrap().1, before);
}

#[test]
fn a_step_of_the_crosshair_paints_little() {
    for protocol in [Protocol::Sixel, Protocol::Iterm2] {
        let stage = pixels(protocol).keys("x<wait>");
        let before = stage.0.app.canvas.painted.clone().unwrap();
        let stage = stage.keys("<right><wait>");
        let after = stage.0.app.canvas.painted.clone().unwrap();
        assert!(
            std::sync::Arc::ptr_eq(&before.bytes, &after.bytes),
            "{protocol:?}"
        );
        let new = &after.patches[before.patches.len()..];
        let bytes: usize = new.iter().map(|patch| patch.bytes.len()).sum();
        assert!(!new.is_empty() && bytes < 40_000, "{protocol:?} {bytes}");
        assert!(
            new.iter()
                .all(|patch| after.area().union(patch.area) == after.area())
        );
        // Anything else paints anew.
        let stage = stage.keys("i<wait>");
        assert!(
            stage
                .0
                .app
                .canvas
                .painted
                .clone()
                .unwrap()
                .patches
                .is_empty()
        );
    }
    // In kitty it is text.
    let stage = pixels(Protocol::Kitty).keys("x<wait>");
    let before = painted(&stage).unwrap().1;
    let frame = stage.0.frame();
    let stage = stage.keys("<s-right><wait>");
    assert_eq!(painted(&stage).unwrap().1, before);
    let changed = frame.diff(&stage.0.frame()).len();
    assert!((1..160).contains(&changed), "{changed}");
}

#[test]
fn it_makes_way_for_help_and_other_screens() {
    for keys in ["?", "1", "4<wait>", "o<wait>"] {
        let stage = pixels(Protocol::Kitty).keys(keys);
        assert!(painted(&stage).is_none(), "{keys}");
        let stage = stage.keys("<esc>3<wait>");
        assert!(painted(&stage).is_some(), "{keys}");
    }
}

#[test]
fn a_screen_of_another_size_has_another_picture() {
    let mut stage = pixels(Protocol::Kitty);
    stage.0.send(Msg::Resize(60, 20));
    assert!(painted(&stage).is_none());
    stage.0.wait();
    assert_eq!(painted(&stage).unwrap().0.width, 58);
    stage.0.send(Msg::Resize(15, 4));
    stage.0.wait();
    assert!(painted(&stage).is_none());
}

#[test]
fn panels_stand_over_it() {
    let stage = pixels(Protocol::Sixel).keys("d<wait>");
    let area = painted(&stage).unwrap().0;
    let frame = stage.0.frame();
    assert_eq!(frame[(area.x + 1, area.y)].symbol(), "■");
}
