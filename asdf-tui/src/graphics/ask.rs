//! Asking the terminal what it can draw.

use std::time::Duration;

/// What a terminal answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers {
    /// It speaks kitty's protocol.
    pub has_kitty: bool,
    /// It draws sixels.
    pub has_sixel: bool,
    /// Width and height of a cell in pixels.
    pub cell: Option<[u16; 2]>,
    /// Everything was answered.
    pub is_complete: bool,
}

/// Kitty's query for a picture of one pixel, the size of a cell, and last the attributes of the terminal, which each one
/// answers.
#[cfg(unix)]
const QUESTIONS: &[u8] = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[c";

/// Bytes of answers at most.
#[cfg(unix)]
const MOST: usize = 4096;

impl Answers {
    /// Reads what a terminal sent; bytes that are not an answer are left out.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut answers = Self::default();
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|byte| *byte == 0x1b) {
            rest = rest.get(at + 1..).unwrap_or_default();
            match rest.first() {
                Some(b'_') => {
                    let end = rest.iter().position(|byte| *byte == 0x1b);
                    let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
                    answers.has_kitty |= text.starts_with(b"_Gi=31;OK");
                }
                Some(b'[') => {
                    let end = rest.iter().position(|byte| matches!(byte, b'c' | b't'));
                    let Some(end) = end else { break };
                    let text = rest.get(1..end).unwrap_or_default();
                    answers.take(text, rest.get(end).copied().unwrap_or(0));
                }
                _ => {}
            }
        }
        answers
    }

    fn take(&mut self, text: &[u8], last: u8) {
        let text = String::from_utf8_lossy(text);
        if let (Some(attributes), b'c') = (text.strip_prefix('?'), last) {
            self.has_sixel |= attributes.split(';').any(|part| part == "4");
            self.is_complete = true;
        }
        if let (Some(size), b't') = (text.strip_prefix("6;"), last) {
            let mut parts = size.split(';').map(|part| part.parse::<u16>().ok());
            if let (Some(Some(height)), Some(Some(width))) = (parts.next(), parts.next())
                && width > 0
                && height > 0
            {
                self.cell = Some([width, height]);
            }
        }
    }
}

/// Asks the terminal, which has to be in raw mode, and waits no longer than that. Nobody else may read the terminal
/// meanwhile.
///
/// # Errors
/// There is no terminal, or it cannot be read or written.
#[cfg(unix)]
pub fn ask(patience: Duration) -> std::io::Result<Answers> {
    use rustix::event::PollFd;
    use rustix::event::PollFlags;
    use std::io::Read;
    use std::io::Write;
    use std::time::Instant;

    let mut terminal = std::fs::File::options()
        .read(true)
        .write(true)
        .open("/dev/tty")?;
    terminal.write_all(QUESTIONS)?;
    let start = Instant::now();
    let mut bytes = Vec::new();
    loop {
        let answers = Answers::parse(&bytes);
        let left = patience.saturating_sub(start.elapsed());
        if answers.is_complete || left.is_zero() || bytes.len() > MOST {
            return Ok(answers);
        }
        let wait = rustix::event::Timespec {
            tv_sec: 0,
            tv_nsec: left.subsec_nanos().into(),
        };
        let mut watched = [PollFd::new(&terminal, PollFlags::IN)];
        if rustix::event::poll(&mut watched, Some(&wait))? == 0 {
            return Ok(answers);
        }
        let mut piece = [0; 256];
        let count = terminal.read(&mut piece)?;
        if count == 0 {
            return Ok(answers);
        }
        bytes.extend_from_slice(piece.get(..count).unwrap_or_default());
    }
}

/// Nothing is asked here.
#[cfg(not(unix))]
pub fn ask(_: Duration) -> std::io::Result<Answers> {
    Ok(Answers::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn answers_of_terminals_are_understood() {
        let xterm = Answers::parse(b"\x1b[6;16;8t\x1b[?64;1;2;4;22c");
        assert_eq!(xterm.cell, Some([8, 16]));
        assert!(xterm.has_sixel && !xterm.has_kitty && xterm.is_complete);
        let kitty = Answers::parse(b"\x1b_Gi=31;OK\x1b\\\x1b[6;20;10t\x1b[?62;c");
        assert!(kitty.has_kitty && !kitty.has_sixel && kitty.is_complete);
        let refused = Answers::parse(b"\x1b_Gi=31;ENODATA\x1b\\\x1b[?62;52c");
        assert!(!refused.has_kitty && refused.is_complete);
        let cut = Answers::parse(b"jj\x1b[6;16;8t\x1b[?64;1");
        assert!(!cut.is_complete && cut.cell == Some([8, 16]));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let found = Answers::parse(&bytes);
            prop_assert!(found.cell.is_none_or(|cell| !cell.contains(&0)));
        }
    }
}
