use crate::stage::on;
use asdf_tui::key::Script;
use asdf_tui::key::Stroke;
use asdf_tui::msg::Msg;
use asdf_tui::theme::ColorDepth;
use std::fmt::Write;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

/// A tree of a hundred thousand nodes.
fn large_tree(folder: &Path) -> PathBuf {
    let mut text = String::from(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n--- !<tag:stsci.edu:asdf/core/asdf-1.1.0>\n",
    );
    for group in 0..500 {
        writeln!(text, "group{group}:").unwrap();
        for item in 0..100 {
            writeln!(text, "  item{item}: value {}", group * 100 + item).unwrap();
        }
    }
    text.push_str("...\n");
    let path = folder.join("large.asdf");
    std::fs::write(&path, text).unwrap();
    path
}

/// Ten thousand blocks of nothing.
fn many_blocks(folder: &Path) -> PathBuf {
    let mut bytes = b"#ASDF 1.0.0\n%YAML 1.1\n--- {}\n...\n".to_vec();
    for _ in 0..10_000 {
        bytes.extend(b"\xd3BLK\x00\x30");
        bytes.extend([0; 48]);
    }
    let path = folder.join("blocks.asdf");
    std::fs::write(&path, bytes).unwrap();
    path
}

/// The longest that a key of a script and the frame after it take.
fn slowest(path: &Path, script: &str) -> (Duration, Duration) {
    let start = Instant::now();
    let mut stage = on(path, 120, 40, ColorDepth::True);
    stage.0.frame();
    let first = start.elapsed();
    let mut slowest = Duration::ZERO;
    let script: Script = script.parse().unwrap();
    for stroke in script.0 {
        match stroke {
            Stroke::Wait => stage.0.wait(),
            Stroke::Key(key) => {
                let start = Instant::now();
                stage.0.send(Msg::Key(key));
                stage.0.frame();
                let took = start.elapsed();
                eprintln!("{key}: {took:?}");
                slowest = slowest.max(took);
            }
        }
    }
    (first, slowest)
}

#[test]
#[ignore = "measures; run it optimised, with --nocapture"]
fn keys_are_answered_within_a_frame() {
    let folder = tempfile::tempdir().unwrap();
    for path in [large_tree(folder.path()), many_blocks(folder.path())] {
        let keys = "zRGgjj<c-d>s/value 49<wait>99<wait><enter>nNzM5Gg<c-d><wait>k1?<esc>";
        let (first, slowest) = slowest(&path, keys);
        eprintln!(
            "{}: first frame {first:?}, slowest key {slowest:?}",
            path.display()
        );
        assert!(slowest < Duration::from_millis(16), "{slowest:?}");
    }
}

#[test]
fn a_scroll_asks_for_one_window_at_most() {
    let mut stage = on(
        &crate::stage::data().join("made/roman_exposure.asdf"),
        40,
        12,
        ColorDepth::None,
    )
    .keys("J4");
    stage.0.wait();
    for script in ["j", "<c-d>", "G", "g", "l", "$"] {
        stage.0.press(&script.parse().unwrap());
        assert!(
            stage.0.waiting() <= 1,
            "{script} asks for {}",
            stage.0.waiting()
        );
    }
}

#[test]
fn a_search_that_is_typed_on_is_done_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = large_tree(folder.path());
    let stage = on(&path, 80, 24, ColorDepth::None).keys("<wait>/value");
    assert_eq!(stage.0.waiting(), 1);
}
