//! Everything that can happen.

use crate::effect::Found;
use crate::effect::Slot;
use crate::key::Key;
use crate::mouse::Mouse;
use crate::traffic::Traffic;

/// An event of the terminal or of a worker.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// A text was pasted.
    Paste(String),
    /// The mouse did something at a column and row of the screen.
    Mouse(Mouse, u16, u16),
    /// The screen has another size: columns and rows.
    Resize(u16, u16),
    /// A worker answers.
    Answer(Answer),
    /// What has come over the network.
    Traffic(Traffic),
    /// It is time to look whether the file is still what it was.
    Look,
}

/// What a worker found for a job.
#[derive(Debug)]
pub struct Answer {
    /// The tab that asked.
    pub tab: u64,
    /// The ticket of the job.
    pub ticket: u64,
    /// What the job is for.
    pub slot: Slot,
    /// What was found.
    pub found: Found,
}
