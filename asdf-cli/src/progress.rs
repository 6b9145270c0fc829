//! A progress line on standard error for work that takes more than a second.

use crate::context::Context;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Silence before the first line, and between two.
const DELAY: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(100);
const WIDTH: usize = 30;

/// Counts finished pieces of work; draws only on a terminal. The line is wiped at the end.
#[derive(Debug)]
pub(crate) struct Progress {
    what: &'static str,
    total: usize,
    done: usize,
    next: Option<Instant>,
}

impl Progress {
    pub(crate) fn new(context: &Context, what: &'static str, total: usize) -> Self {
        let next = (context.progress() && total > 1).then(|| Instant::now() + DELAY);
        Self {
            what,
            total,
            done: 0,
            next,
        }
    }

    /// One more piece is done.
    pub(crate) fn step(&mut self) {
        self.done += 1;
        let now = Instant::now();
        if self.next.is_some_and(|next| now >= next) {
            self.next = Some(now + PAUSE);
            DRAWN.store(true, Ordering::Relaxed);
            let filled = (WIDTH * self.done)
                .checked_div(self.total)
                .unwrap_or(WIDTH)
                .min(WIDTH);
            let bar: String = (0..WIDTH)
                .map(|column| if column < filled { '█' } else { '░' })
                .collect();
            // A terminal that is gone needs no progress.
            let _ = write!(
                std::io::stderr(),
                "\r\x1b[K{} {bar} {}/{}",
                self.what,
                self.done,
                self.total
            );
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        wipe();
    }
}

/// Whether the line stands on the terminal.
static DRAWN: AtomicBool = AtomicBool::new(false);

/// Makes room for something else on the terminal.
pub(crate) fn wipe() {
    if DRAWN.swap(false, Ordering::Relaxed) {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
}
