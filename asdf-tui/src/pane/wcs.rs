//! The way of a pixel through the frames of a WCS.

mod report;

#[cfg(test)]
mod tests;

pub use report::WcsAsk;
pub use report::WcsLine;
pub use report::WcsLineKind;

use asdf_core::AsdfFile;
use std::sync::atomic::AtomicBool;

/// The state of the pane.
#[derive(Debug, Default)]
pub struct WcsPane {
    lines: Vec<WcsLine>,
    /// The first line that shows.
    first: usize,
    ticket: u64,
    is_waiting: bool,
}

/// Something that happens to the pane.
#[derive(Debug)]
pub enum WcsMsg {
    /// Another pixel or another WCS.
    Ask(WcsAsk),
    /// Lines to go down, or up where negative.
    Scroll(i64),
    /// A job is done.
    Found(u64, Vec<WcsLine>),
}

/// Evaluates a WCS.
#[derive(Debug, Clone)]
pub struct WcsJob {
    /// Numbers the jobs of a pane; answers with an old ticket are dropped.
    pub ticket: u64,
    ask: WcsAsk,
}

impl WcsPane {
    /// What shows, from the first line on.
    pub fn lines(&self) -> &[WcsLine] {
        self.lines.get(self.first..).unwrap_or_default()
    }

    /// True while a job is under way.
    pub fn is_busy(&self) -> bool {
        self.is_waiting
    }

    /// Takes what happens, and gives the jobs that are to be done for it.
    pub fn update(&mut self, msg: WcsMsg) -> Vec<WcsJob> {
        match msg {
            WcsMsg::Ask(ask) => {
                self.ticket += 1;
                self.is_waiting = true;
                let ticket = self.ticket;
                return vec![WcsJob { ticket, ask }];
            }
            WcsMsg::Scroll(lines) => {
                let by = usize::try_from(lines.unsigned_abs()).unwrap_or(usize::MAX);
                let first = if lines < 0 {
                    self.first.saturating_sub(by)
                } else {
                    self.first.saturating_add(by)
                };
                self.first = first.min(self.lines.len().saturating_sub(1));
            }
            WcsMsg::Found(ticket, lines) => {
                if ticket == self.ticket {
                    self.is_waiting = false;
                    self.lines = lines;
                    self.first = self.first.min(self.lines.len().saturating_sub(1));
                }
            }
        }
        Vec::new()
    }
}

impl WcsJob {
    /// Does the work: it is short, and ends before it begins when `cancel` is set.
    pub fn run(self, file: &AsdfFile, cancel: &AtomicBool) -> WcsMsg {
        let is_stopped = cancel.load(std::sync::atomic::Ordering::Relaxed);
        let lines = if is_stopped {
            Vec::new()
        } else {
            self.ask.report(file)
        };
        WcsMsg::Found(self.ticket, lines)
    }
}
