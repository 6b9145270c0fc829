//! The browser in a terminal, which `script` makes, on a URL whose server takes its time.
#![cfg(unix)]

use crate::server::{Fault, Server};
use crate::{data, text};
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A browser in a terminal of 100 columns.
struct Terminal {
    child: Child,
    screen: Arc<Mutex<Vec<u8>>>,
    start: Instant,
}

impl Terminal {
    /// `None` where there is no `script`, which is said.
    fn start(url: &str) -> Option<Self> {
        let program = env!("CARGO_BIN_EXE_asdf");
        let line = format!(
            "stty cols 100 rows 30; exec '{program}' browse --graphics none --no-config '{url}'"
        );
        let mut command = Command::new("script");
        command.args(["-q", "-e", "-f", "-c", &line, "/dev/null"]);
        command
            .env("TERM", "xterm")
            .env("SHELL", "/bin/sh")
            .env("NO_COLOR", "1");
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut child) = started else {
            eprintln!("SKIPPED: there is no script (util-linux)");
            return None;
        };
        let mut out = child.stdout.take().unwrap();
        let screen = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = out.read(&mut bytes) {
                shared.lock().unwrap().extend_from_slice(&bytes[..count]);
            }
        });
        let start = Instant::now();
        Some(Self {
            child,
            screen,
            start,
        })
    }

    /// Waits until the terminal has got these words, one after the other without what places them; gives how long it took.
    fn shows(&self, words: &str, most: Duration) -> Duration {
        loop {
            let now = self.start.elapsed();
            let got = text(&self.screen.lock().unwrap());
            if words.split(' ').all(|word| got.contains(word)) {
                return now;
            }
            assert!(now < most, "`{words}` is not in {got:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn press(&mut self, keys: &str) {
        let input = self.child.stdin.as_mut().unwrap();
        input.write_all(keys.as_bytes()).unwrap();
        input.flush().unwrap();
    }

    /// The exit code, when the browser ends in time.
    fn ends(&mut self, most: Duration) -> Option<i32> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            if start.elapsed() > most {
                self.child.kill().unwrap();
                panic!("it does not end: {}", text(&self.screen.lock().unwrap()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

const LONG: Duration = Duration::from_secs(40);

#[test]
fn it_opens_at_once_and_shows_what_it_waits_for() {
    let server = Server::of(
        "x.asdf",
        std::fs::read(data("made/roman_exposure.asdf")).unwrap(),
    );
    server.slow_down(Duration::from_secs(6), 0);
    let Some(mut terminal) = Terminal::start(&server.url("x.asdf")) else {
        return;
    };
    terminal.shows("opening requests,", LONG);
    // Nothing has come yet.
    assert_eq!(server.asked().1, 0);
    terminal.shows("asdf_library roman", LONG);
    terminal.press("q");
    assert_eq!(terminal.ends(LONG), Some(0));
}

#[test]
fn it_is_left_while_it_waits() {
    let server = Server::of(
        "x.asdf",
        std::fs::read(data("made/roman_exposure.asdf")).unwrap(),
    );
    server.fail(Fault::Silent);
    let Some(mut terminal) = Terminal::start(&server.url("x.asdf")) else {
        return;
    };
    terminal.shows("opening", LONG);
    terminal.press("jjj?");
    terminal.press("q");
    terminal.press("q");
    assert_eq!(terminal.ends(Duration::from_secs(10)), Some(0));
}

#[test]
fn a_file_that_cannot_be_opened_ends_it() {
    let server = Server::start();
    let Some(mut terminal) = Terminal::start(&server.url("no.asdf?sig=SECRET")) else {
        return;
    };
    assert_eq!(terminal.ends(LONG), Some(2));
    let got = text(&terminal.screen.lock().unwrap());
    assert!(got.contains("there is no such object (404)"), "{got}");
    assert!(!got.contains("SECRET"), "{got}");
}
