//! Standard output as a pipe has it: its reader may leave before the work is done.

use crate::{closed, progress};
use std::io::{self, ErrorKind, Write};

/// Standard output; every byte that a command prints goes through here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stdout {
    /// Whether the work goes on when nobody reads what is printed: files are to be written, or the exit code is asked for.
    outlives_reader: bool,
    /// Whether it goes where the progress line may stand.
    is_terminal: bool,
}

impl Stdout {
    pub(crate) fn new(outlives_reader: bool, is_terminal: bool) -> Self {
        Self {
            outlives_reader,
            is_terminal,
        }
    }

    /// A reader that has left is not an error of a command that has more to do than to print.
    fn heard<T>(self, outcome: io::Result<T>, unheard: T) -> io::Result<T> {
        match outcome {
            Err(error) if self.outlives_reader && error.kind() == ErrorKind::BrokenPipe => {
                Ok(unheard)
            }
            outcome => outcome,
        }
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        closed::check()?;
        let _line = self.is_terminal.then(progress::wipe);
        self.heard(io::stdout().write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _line = self.is_terminal.then(progress::wipe);
        self.heard(io::stdout().flush(), ())
    }
}
