//! Standard output. On a terminal everything that could drive it or disguise text is escaped here,
//! whatever it was read from; what passes are line ends, tabs, and what this program sealed.
//!
//! A seal is a text that no file can hold because it is made anew in each run. What stands between two
//! of them are colours, which [`crate::palette::paint`] puts there.

use asdf_core::inspect::is_unsafe;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufWriter, Write};
use std::sync::OnceLock;

static SEAL: OnceLock<String> = OnceLock::new();

/// The text that stands around what this program says to the terminal itself.
pub(crate) fn seal() -> &'static str {
    // Characters that Unicode keeps for the use within a program.
    let digit = |four: u64| char::from_u32(0xfdd0 + u32::try_from(four & 15).unwrap_or(0));
    SEAL.get_or_init(|| {
        let secret = RandomState::new().hash_one(std::process::id());
        (0..16)
            .filter_map(|place| digit(secret >> (4 * place)))
            .collect()
    })
}

/// Standard output, buffered.
pub(crate) struct Screen {
    out: BufWriter<Box<dyn Write + Send + Sync>>,
    is_terminal: bool,
    /// Whether what comes now was sealed.
    is_sealed: bool,
    /// The beginning of a character that is not complete yet.
    begun: Vec<u8>,
}

impl Screen {
    pub(crate) fn new(out: Box<dyn Write + Send + Sync>, is_terminal: bool) -> Self {
        Self {
            out: BufWriter::with_capacity(1 << 16, out),
            is_terminal,
            is_sealed: false,
            begun: Vec::new(),
        }
    }

    /// Whether what it gets is shown by a terminal.
    pub(crate) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Takes bytes as they are from now on: pictures, and what `--raw` asks for.
    pub(crate) fn pass_all(&mut self) {
        self.is_terminal = false;
    }

    /// Drops what is not written yet.
    pub(crate) fn forget(self) {
        let (_, _) = self.out.into_parts();
    }

    /// Writes text that is not sealed.
    fn text(&mut self, text: &str) -> io::Result<()> {
        let mut rest = text;
        while let Some(at) = rest.find(is_driving) {
            let (plain, after) = rest.split_at(at);
            self.out.write_all(plain.as_bytes())?;
            let mut chars = after.chars();
            match chars.next() {
                Some('\r') => self.out.write_all(b"\\r")?,
                Some(char) => write!(self.out, "{}", char.escape_unicode())?,
                None => {}
            }
            rest = chars.as_str();
        }
        self.out.write_all(rest.as_bytes())
    }

    /// Writes what may have seals in it.
    fn pieces(&mut self, text: &str) -> io::Result<()> {
        let mut pieces = text.split(seal());
        if let Some(first) = pieces.next() {
            self.piece(first)?;
        }
        for piece in pieces {
            self.is_sealed = !self.is_sealed;
            self.piece(piece)?;
        }
        Ok(())
    }

    fn piece(&mut self, piece: &str) -> io::Result<()> {
        if self.is_sealed || !self.is_terminal {
            self.out.write_all(piece.as_bytes())
        } else {
            self.text(piece)
        }
    }

    /// Writes bytes that may not be text: on a terminal each of those that are none is told.
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        loop {
            let error = match std::str::from_utf8(rest) {
                Ok(text) => return self.pieces(text),
                Err(error) => error,
            };
            let (good, bad) = rest.split_at(error.valid_up_to());
            self.pieces(&String::from_utf8_lossy(good))?;
            let Some(length) = error.error_len() else {
                self.begun = bad.to_vec();
                return Ok(());
            };
            let (bad, after) = bad.split_at(length);
            self.stray(bad)?;
            rest = after;
        }
    }

    fn stray(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.is_terminal {
            return self.out.write_all(bytes);
        }
        bytes
            .iter()
            .try_for_each(|byte| write!(self.out, "\\x{byte:02x}"))
    }
}

/// True for what a terminal must not get; line ends and tabs lay out the text.
fn is_driving(char: char) -> bool {
    is_unsafe(char) && !matches!(char, '\n' | '\t')
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Without colours nothing has been sealed.
        if !self.is_terminal && SEAL.get().is_none() {
            let begun = std::mem::take(&mut self.begun);
            self.out.write_all(&begun)?;
            self.out.write_all(bytes)?;
            return Ok(bytes.len());
        }
        if self.begun.is_empty() {
            self.bytes(bytes)?;
        } else {
            let mut whole = std::mem::take(&mut self.begun);
            whole.extend_from_slice(bytes);
            self.bytes(&whole)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let begun = std::mem::take(&mut self.begun);
        self.stray(&begun)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn shown(is_terminal: bool, pieces: &[&[u8]]) -> String {
        let shared = Shared::default();
        let mut screen = Screen::new(Box::new(shared.clone()), is_terminal);
        for piece in pieces {
            screen.write_all(piece).unwrap();
        }
        screen.flush().unwrap();
        let bytes = shared.0.lock().unwrap().clone();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn only_what_is_sealed_drives_the_terminal() {
        let seal = seal();
        let line = format!("{seal}\x1b[1m{seal}a\x1b[2J\u{9b}\u{202e}\r{seal}\x1b[0m{seal}\tb\n");
        let terminal = "\x1b[1ma\\u{1b}[2J\\u{9b}\\u{202e}\\r\x1b[0m\tb\n";
        assert_eq!(shown(true, &[line.as_bytes()]), terminal);
        let pipe = "\x1b[1ma\x1b[2J\u{9b}\u{202e}\r\x1b[0m\tb\n";
        assert_eq!(shown(false, &[line.as_bytes()]), pipe);
    }

    #[test]
    fn a_character_may_come_in_pieces() {
        let text = "é\u{9b}\u{1f600}".as_bytes();
        let pieces: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(shown(true, &pieces), "é\\u{9b}\u{1f600}");
        assert_eq!(shown(true, &[b"a\x9b\xffb", b"\xc3"]), "a\\x9b\\xffb\\xc3");
        let bytes = shown(false, &[b"\xc3", b"\xa9\xff"]);
        assert_eq!(bytes, "é\u{fffd}");
    }
}
