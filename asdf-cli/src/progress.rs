//! A progress line on standard error for work that takes more than a second: how many files or arrays are done, and how far the
//! bytes of large files have been read.
//!
//! One thread draws it, from what the others note, so that it goes on within one large file; whoever writes to the terminal holds the
//! line meanwhile.

use crate::context::Context;
use crate::size::human;
use asdf_core::file::bytes_opened_and_read;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Silence before the first line, and between two.
const DELAY: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(200);
const WIDTH: usize = 30;
/// Bytes from which on it is worth saying how many were read.
const MANY: u64 = 100_000_000;

/// What there is to be shown.
#[derive(Debug)]
pub(crate) struct Line {
    /// Work that is counted in pieces: what they are, how many are done, of how many.
    counts: Vec<(&'static str, usize, usize)>,
    /// What was drawn last.
    last: String,
    /// Whether it stands on the terminal.
    is_drawn: bool,
    is_over: bool,
}

static LINE: Mutex<Line> = Mutex::new(Line {
    counts: Vec::new(),
    last: String::new(),
    is_drawn: false,
    is_over: false,
});

fn line() -> MutexGuard<'static, Line> {
    LINE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Draws from now on how far the command of that name has got.
pub(crate) fn begin(command: &'static str) {
    let draw = move || {
        std::thread::sleep(DELAY);
        loop {
            let mut line = line();
            if line.is_over {
                return;
            }
            let text = line.text(command, bytes_opened_and_read());
            // What does not move is left alone: an editor may have the terminal.
            if let Some(text) = text.filter(|text| *text != line.last) {
                // A terminal that is gone needs no progress.
                let _ = write!(std::io::stderr(), "\r\x1b[K{text}");
                (line.last, line.is_drawn) = (text, true);
            }
            drop(line);
            std::thread::sleep(PAUSE);
        }
    };
    // Without the thread there is no progress to be seen, and all else is as it is.
    drop(
        std::thread::Builder::new()
            .name("progress".to_owned())
            .spawn(draw),
    );
}

/// Nothing is drawn any more.
pub(crate) fn end() {
    wipe().is_over = true;
}

/// Makes room for something else on the terminal; nothing is drawn as long as the line is held.
pub(crate) fn wipe() -> MutexGuard<'static, Line> {
    let mut line = line();
    if line.is_drawn {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
        line.is_drawn = false;
    }
    line
}

impl Line {
    /// What is shown, of so many bytes opened and read; `None` when nothing is known.
    fn text(&self, command: &str, (opened, read): (u64, u64)) -> Option<String> {
        if let Some((what, done, total)) = self.counts.last() {
            let bar = bar(*done as u64, *total as u64);
            let bytes = if read >= MANY {
                format!(", {} read", human(read))
            } else {
                String::new()
            };
            return Some(format!("{what} {bar} {done}/{total}{bytes}"));
        }
        if read == 0 || opened < MANY / 10 {
            return None;
        }
        // Some work needs several passes over the bytes.
        let (passes, rest) = (read.div_ceil(opened), (read - 1) % opened + 1);
        let pass = match passes {
            0 | 1 => String::new(),
            passes => format!(", pass {passes}"),
        };
        let bar = bar(rest, opened);
        Some(format!(
            "{command} {bar} {} of {}{pass}",
            human(rest),
            human(opened)
        ))
    }
}

fn bar(done: u64, total: u64) -> String {
    let filled = (WIDTH as u64).saturating_mul(done).checked_div(total);
    let filled = filled.unwrap_or(WIDTH as u64);
    let cell = |column| if column < filled { '█' } else { '░' };
    (0..WIDTH as u64).map(cell).collect()
}

/// Counts finished pieces of work, where there are several and progress is shown.
#[derive(Debug)]
pub(crate) struct Progress {
    /// The place of its count.
    at: Option<usize>,
}

impl Progress {
    pub(crate) fn new(context: &Context, what: &'static str, total: usize) -> Self {
        let at = (context.progress() && total > 1).then(|| {
            let mut line = line();
            line.counts.push((what, 0, total));
            line.counts.len() - 1
        });
        Self { at }
    }

    /// One more piece is done.
    pub(crate) fn step(&mut self) {
        let Some(at) = self.at else { return };
        if let Some(count) = line().counts.get_mut(at) {
            count.1 += 1;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(at) = self.at {
            wipe().counts.truncate(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_where_nothing_is_counted() {
        let mut line = Line {
            counts: Vec::new(),
            last: String::new(),
            is_drawn: false,
            is_over: false,
        };
        assert_eq!(line.text("verify", (0, 0)), None);
        assert_eq!(line.text("verify", (1000, 500)), None);
        let half = line.text("verify", (2_000_000_000, 1_000_000_000)).unwrap();
        let cells = |text: &str, cell| text.chars().filter(|char| *char == cell).count();
        assert_eq!((cells(&half, '█'), cells(&half, '░')), (15, 15));
        assert!(
            half.starts_with("verify ") && half.ends_with(" 1.00 GB of 2.00 GB"),
            "{half}"
        );
        let again = line.text("stats", (2_000_000_000, 5_000_000_000)).unwrap();
        assert!(again.ends_with(" 1.00 GB of 2.00 GB, pass 3"), "{again}");
        let whole = line.text("stats", (2_000_000_000, 2_000_000_000)).unwrap();
        assert!(whole.ends_with(" 2.00 GB of 2.00 GB"), "{whole}");
        line.counts.push(("files", 3, 12));
        let files = line.text("verify", (5, 5)).unwrap();
        assert!(files.ends_with(" 3/12"), "{files}");
        let files = line.text("verify", (5, 1_500_000_000)).unwrap();
        assert!(files.ends_with(" 3/12, 1.50 GB read"), "{files}");
    }
}
