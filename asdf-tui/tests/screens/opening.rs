//! A file that takes its time to open, as one of a URL does.

use crate::stage::data;
use asdf_core::OpenOptions;
use asdf_core::schema::SchemaLibrary;
use asdf_tui::app::App;
use asdf_tui::headless::Headless;
use asdf_tui::msg::Msg;
use asdf_tui::theme::ColorDepth;
use asdf_tui::theme::Theme;
use asdf_tui::traffic::Traffic;
use asdf_tui::worker::World;
use std::path::PathBuf;
use std::sync::Arc;

/// A browser that has just asked for a file, which is called otherwise until it is there.
fn opening(path: PathBuf) -> Headless {
    let open = OpenOptions::default();
    let name = "https://host/night/x.asdf";
    let empty = open.read_bytes(b"#ASDF 1.0.0\n".to_vec(), name).unwrap();
    let mut app = App::new(Arc::new(empty), (80, 24), Theme::new(ColorDepth::None));
    let effect = app.await_first(path);
    let load = || Ok(Arc::new(SchemaLibrary::new()));
    let world = World::new(OpenOptions::default(), Box::new(load));
    let mut headless = Headless::new(app, Arc::new(world));
    headless.perform(vec![effect]);
    headless
}

#[test]
fn it_is_told_what_is_waited_for_and_keys_wait_too() {
    let mut browser = opening(data().join("made/roman_exposure.asdf"));
    assert!(
        browser
            .text()
            .contains("opening https://host/night/x.asdf …")
    );
    browser.send(Msg::Traffic(Traffic {
        requests: 2,
        bytes: 65_536,
        is_waited_for: true,
    }));
    let text = browser.text();
    assert!(text.contains("2 requests, 65.5 kB"), "{text}");
    // Nothing but the opening is at work, and looking for changes comes later.
    browser.send(Msg::Look);
    assert_eq!(browser.waiting(), 1);
    browser.press(&"5".parse().unwrap());
    assert!(browser.text().contains("opening"));
    browser.wait();
    let text = browser.text();
    assert!(
        text.contains("roman_exposure.asdf") && text.contains("lz4"),
        "{text}"
    );
    assert!(text.contains("loading: 2 requests, 65.5 kB"), "{text}");
    browser.send(Msg::Traffic(Traffic::default()));
    assert!(!browser.text().contains("loading"));
}

#[test]
fn it_can_be_left_and_ends_by_itself_when_there_is_no_such_file() {
    let mut browser = opening(data().join("made/roman_exposure.asdf"));
    browser.press(&"q".parse().unwrap());
    assert!(browser.is_over);
    let mut browser = opening(data().join("no such file"));
    browser.press(&"?".parse().unwrap());
    assert!(browser.text().contains("help") || browser.text().contains("keys"));
    browser.wait();
    assert!(browser.is_over);
}
