//! Bytes that a step of the crosshair sends to the terminal.

use crate::stage::data;
use crate::stage::on;
use asdf_tui::theme::ColorDepth;
use ratatui::backend::Backend;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;

/// The bytes that change one screen into another.
fn sent(before: &Buffer, after: &Buffer) -> usize {
    let mut bytes = Vec::new();
    let mut backend = CrosstermBackend::new(&mut bytes);
    backend.draw(before.diff(after).into_iter()).unwrap();
    bytes.len()
}

/// The bytes of a step to the right: at once, and when the numbers are there.
fn step(keys: &str) -> usize {
    let path = data().join("image/sky.asdf");
    let mut stage =
        on(&path, 80, 24, ColorDepth::True).keys(&format!("J<wait>3<wait>{keys}<wait>"));
    let mut most = 0;
    for key in ["<right>", "<up>", "<right>"] {
        let before = stage.0.frame();
        stage.0.press(&key.parse().unwrap());
        let between = stage.0.frame();
        stage.0.wait();
        let after = stage.0.frame();
        most = most.max(sent(&before, &between) + sent(&between, &after));
    }
    most
}

#[test]
fn a_step_of_the_crosshair_is_few_bytes() {
    for keys in ["x", "xd", "a", "ad", ":aper 4 6 9<enter><wait>d"] {
        let bytes = step(keys);
        assert!(bytes < 4096, "{keys}: {bytes}");
    }
}
