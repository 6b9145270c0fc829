//! What goes to standard error.

use crate::queue::Voice;
use asdf_core::Error;
use asdf_core::error::Warning;
use asdf_core::inspect::escape;
use std::cell::RefCell;
use std::error::Error as _;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of a hex excerpt: eight lines.
const EXCERPT: u64 = 128;

/// One line, `asdf: FILE: …`; with `verbose` the cause chain and the bytes concerned.
pub(crate) fn error(error: &Error, verbose: bool) {
    text(&error.to_string());
    if !verbose {
        return;
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        line(&format!("  because: {inner}"));
        cause = inner.source();
    }
    let place = error.place();
    if let (Some(file), Some(span)) = (&place.file, &place.span) {
        // The excerpt is an extra: a file that cannot be read again has been complained about.
        let _ = excerpt(file, span.start);
    }
}

/// One line, `asdf: warning: …`.
pub(crate) fn warning(warning: &Warning) {
    if warning.place.file.is_some() {
        return text(&format!("warning: {warning}"));
    }
    about("warning: ", &warning.to_string());
}

/// One line of a kind, about the file that this thread works on: it is named when it is one of several, unless the message names it.
pub(crate) fn about(kind: &str, message: &str) {
    SUBJECT.with_borrow(|name| match name {
        Some(name) if !names(message, name) => {
            text(&format!("{kind}{name}: {message}"));
        }
        _ => text(&format!("{kind}{message}")),
    });
}

/// Whether a message begins with the name of a file.
fn names(message: &str, file: &str) -> bool {
    let rest = message.trim_start_matches('`').strip_prefix(file);
    rest.is_some_and(|rest| rest.starts_with(": ") || rest.starts_with('`'))
}

/// One line after the program's name.
pub(crate) fn text(message: &str) {
    line(&format!("asdf: {message}"));
}

/// One line as the last word of the command, whoever else has something to say.
#[cfg(feature = "remote")]
pub(crate) fn last(message: &str) {
    write_line(&escape(&format!("asdf: {message}")));
}

thread_local! {
    /// Where lines go while this thread works on one of several files.
    static VOICE: RefCell<Option<Voice>> = const { RefCell::new(None) };
    /// The file that this thread works on, when it is one of several.
    static SUBJECT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What this thread tells is about one of several files from now on, or not.
pub(crate) fn tell_about(file: Option<&Path>) {
    SUBJECT.set(file.map(|file| file.display().to_string()));
}

/// The name of the file that this thread works on, when it is one of several.
pub(crate) fn subject() -> Option<PathBuf> {
    SUBJECT.with_borrow(|name| name.as_ref().map(PathBuf::from))
}

/// What this thread tells goes there from now on; straight to standard error for `None`.
pub(crate) fn tell_through(voice: Option<Voice>) {
    VOICE.set(voice);
}

/// The one way to standard error: files may say anything.
fn line(text: &str) {
    let text = escape(text).into_owned();
    VOICE.with_borrow(|voice| match voice {
        Some(voice) => voice.tell(text),
        None => write_line(&text),
    });
}

/// Writes an escaped line now.
pub(crate) fn write_line(text: &str) {
    let _line = crate::progress::wipe();
    // Nobody is left to tell when standard error is gone.
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn excerpt(file: &Path, at: u64) -> std::io::Result<()> {
    if !file.metadata()?.is_file() {
        return Ok(());
    }
    let start = (at & !15).saturating_sub(32);
    let mut handle = std::fs::File::open(file)?;
    handle.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    handle.take(EXCERPT).read_to_end(&mut bytes)?;
    for (row, chunk) in bytes.chunks(16).enumerate() {
        let offset = start.saturating_add(16 * row as u64);
        let hex: String = chunk.iter().map(|byte| format!("{byte:02x} ")).collect();
        let shown: String = chunk
            .iter()
            .map(|&byte| {
                if byte.is_ascii_graphic() || byte == b' ' {
                    char::from(byte)
                } else {
                    '.'
                }
            })
            .collect();
        let mark = if (offset..offset.saturating_add(16)).contains(&at) {
            '>'
        } else {
            ' '
        };
        line(&format!("{mark} {offset:08x}  {hex:<48} {shown}"));
    }
    Ok(())
}
