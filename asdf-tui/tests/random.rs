//! Random keys, lines and mouse over all files of test-data, and those of a corpus where one is there: nothing panics, every screen
//! can be drawn, and memory stays bounded.
//!
//! `cargo test` presses a few thousand; `ASDF_RANDOM_KEYS=1000000` presses more, `ASDF_RANDOM_SEED=7` others. What fails is told
//! with its file and with all that was done to it.
#![expect(clippy::unwrap_used, reason = "a test")]

use asdf_core::AsdfFile;
use asdf_core::OpenOptions;
use asdf_core::schema::SchemaLibrary;
use asdf_tui::app::App;
use asdf_tui::graphics::{Graphics, Protocol};
use asdf_tui::headless::Headless;
use asdf_tui::key::{Code, Key};
use asdf_tui::keymap::COMMAND_HELP;
use asdf_tui::mouse::Mouse;
use asdf_tui::msg::Msg;
use asdf_tui::theme::{ColorDepth, Theme};
use asdf_tui::worker::World;
use std::env;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is pressed without the variable, and in one file.
const KEYS: usize = 1500;
const EACH: usize = 150;
/// Bytes of memory at most.
const MOST_MEMORY: u64 = 2 << 30;
/// Screens that are drawn.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// Numbers that look random and are the same in each run (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % count.max(1)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// All files below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| {
            ["asdf", "fits", "gz", "bin"]
                .iter()
                .any(|known| ending == *known)
        }) {
            found.push(path);
        }
    }
}

const CODES: [Code; 19] = [
    Code::Enter,
    Code::Esc,
    Code::Tab,
    Code::BackTab,
    Code::Backspace,
    Code::Delete,
    Code::Up,
    Code::Down,
    Code::Left,
    Code::Right,
    Code::PageUp,
    Code::PageDown,
    Code::ShiftUp,
    Code::ShiftDown,
    Code::ShiftLeft,
    Code::ShiftRight,
    Code::Home,
    Code::End,
    Code::Char(' '),
];
const MICE: [Mouse; 8] = [
    Mouse::Press,
    Mouse::Drag,
    Mouse::RightPress,
    Mouse::RightDrag,
    Mouse::Hover,
    Mouse::Release,
    Mouse::WheelUp,
    Mouse::WheelDown,
];
/// Words that are typed where a line takes some.
const WORDS: [&str; 30] = [
    "0",
    "1",
    "-1",
    "7",
    "12",
    "1e300",
    "nan",
    "0.5",
    "3..7",
    "auto",
    "auto:10",
    "none",
    "linear",
    "save",
    "data",
    "err",
    "roman.data",
    "/",
    "a[0]",
    "-69.5",
    "5.2um",
    "flux",
    "x",
    "nearest",
    "mean",
    "red=data",
    "sources.ecsv",
    "other.asdf",
    "λ",
    "漢字",
];

/// A line that is typed after `:`: one that the help names, often with other words.
fn line(random: &mut Random) -> String {
    let (text, _) = random.of(&COMMAND_HELP);
    let text = text.trim_start_matches(':');
    let word = text.split(' ').next().unwrap_or_default();
    // It would end the run of this file.
    let word = if word.starts_with('q') { "image" } else { word };
    match random.below(4) {
        0 => text.to_owned(),
        1 => word.to_owned(),
        _ => {
            let mut out = word.to_owned();
            for _ in 0..=random.below(3) {
                write!(out, " {}", random.of(&WORDS)).unwrap();
            }
            out
        }
    }
}

/// What is done next, as text, and its messages.
fn next(random: &mut Random, size: (u16, u16)) -> (String, Vec<Msg>) {
    let key = |code| Msg::Key(Key::plain(code));
    match random.below(100) {
        0..12 => {
            let kind = *random.of(&MICE);
            let place = |random: &mut Random, side: u16| {
                u16::try_from(random.below(usize::from(side) + 2)).unwrap()
            };
            let (x, y) = (place(random, size.0), place(random, size.1));
            (format!("{kind:?} {x} {y}"), vec![Msg::Mouse(kind, x, y)])
        }
        12..20 => {
            let line = line(random);
            let mut keys = vec![key(Code::Esc), key(Code::Char(':'))];
            keys.extend(line.chars().map(|letter| key(Code::Char(letter))));
            if random.below(6) == 0 {
                keys.push(key(Code::Tab));
            }
            keys.push(key(Code::Enter));
            (format!(":{line}"), keys)
        }
        20..22 => {
            let (width, height) = *random.of(&SIZES);
            (
                format!("{width}x{height}"),
                vec![Msg::Resize(width, height)],
            )
        }
        22..45 => {
            let code = *random.of(&CODES);
            (format!("{code:?}"), vec![key(code)])
        }
        number => {
            let letter = char::from(b'!' + u8::try_from(random.below(94)).unwrap());
            // Files that are open are left now and then only, so that something happens in them.
            let letter = if letter == 'q' { 'j' } else { letter };
            let alt = number == 99;
            let ctrl = number == 98 && letter != 'c' && letter != 'z';
            let code = Code::Char(letter.to_ascii_lowercase());
            let code = if ctrl || alt {
                code
            } else {
                Code::Char(letter)
            };
            let key = Key { code, ctrl, alt };
            (key.to_string(), vec![Msg::Key(key)])
        }
    }
}

fn browser(path: &Path, random: &mut Random) -> Option<Headless> {
    let options = OpenOptions::default();
    let file = options.open(path).and_then(AsdfFile::with_hdu_tree).ok()?;
    let depth = *random.of(&[
        ColorDepth::None,
        ColorDepth::Sixteen,
        ColorDepth::Indexed,
        ColorDepth::True,
    ]);
    let mut app = App::new(Arc::new(file), *random.of(&SIZES), Theme::new(depth));
    app.graphics = *random.of(&[
        Graphics::Letters,
        Graphics::HalfBlocks,
        Graphics::HalfBlocks,
        Graphics::Pixels(Protocol::Kitty),
        Graphics::Pixels(Protocol::Sixel),
    ]);
    let load = || Ok(Arc::new(SchemaLibrary::new()));
    let world = World::new(options, Box::new(load));
    Some(Headless::new(app, Arc::new(world)))
}

/// Bytes of memory that the process has.
fn memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096)
}

/// What a key led to may take long; the rest is for the next one.
fn some_jobs(stage: &mut Headless, random: &mut Random) {
    match random.below(10) {
        0..4 => {}
        4..7 => stage.one(),
        _ => stage.wait(),
    }
}

/// Presses keys in one file; gives how many, and what went wrong.
fn file(path: &Path, random: &mut Random) -> (usize, Result<(), String>) {
    let Some(mut stage) = browser(path, random) else {
        return (0, Ok(()));
    };
    let mut done = Vec::new();
    for number in 0..EACH {
        if stage.is_over {
            return (number, Ok(()));
        }
        let (text, messages) = next(random, stage.app.size);
        done.push(text);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            for message in messages {
                stage.send(message);
            }
            some_jobs(&mut stage, random);
            stage.frame();
        }));
        let told = |why: &str| format!("{}: {why} after {}", path.display(), done.join("  "));
        if outcome.is_err() {
            return (number, Err(told("panicked")));
        }
        if memory().is_some_and(|bytes| bytes > MOST_MEMORY) {
            return (number, Err(told("more than 2 GiB")));
        }
    }
    (EACH, Ok(()))
}

#[test]
fn random_keys_lines_and_mouse() {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse().ok());
    let wanted = number("ASDF_RANDOM_KEYS").unwrap_or(KEYS);
    let seed = number("ASDF_RANDOM_SEED").unwrap_or(1);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut all = Vec::new();
    files(&root.join("test-data"), &mut all);
    if wanted > KEYS {
        files(&root.join("../shared/corpus"), &mut all);
    }
    all.sort();
    assert!(!all.is_empty());
    // What keys write is written here.
    let folder = tempfile::tempdir().unwrap();
    env::set_current_dir(folder.path()).unwrap();
    let mut random =
        Random(0x9e37_79b9_7f4a_7c15 ^ (seed as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9));
    let (mut pressed, mut wrong) = (0, Vec::new());
    let mut opened = std::collections::BTreeSet::new();
    while pressed < wanted {
        let path = random.of(&all).clone();
        let (count, outcome) = file(&path, &mut random);
        // A file that cannot be opened counts as a key, so that there is an end.
        pressed += count.max(1);
        if count > 0 {
            opened.insert(path);
        }
        if let Err(text) = outcome {
            eprintln!("{text}");
            wrong.push(text);
        }
        if wrong.len() >= 20 {
            break;
        }
    }
    eprintln!(
        "{pressed} keys in {} files, {} MB at the end",
        opened.len(),
        memory().unwrap_or(0) / 1_000_000
    );
    env::set_current_dir(root).unwrap();
    assert!(
        wrong.is_empty(),
        "{} of {pressed}:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}
