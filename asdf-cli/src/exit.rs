//! What a command's exit code says.

use std::process::ExitCode;

/// The outcome of a command; the greater is the worse, and the worst of many files counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Exit {
    /// 0: fine.
    #[default]
    Fine,
    /// 1: asked, and the answer is no (invalid, mismatch, nothing found).
    No,
    /// 2: trouble (cannot read, bad usage, malformed file).
    Trouble,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => Self::SUCCESS,
            Exit::No => Self::from(1),
            Exit::Trouble => Self::from(2),
        }
    }
}
