//! Outputs that are compressed as a whole: `x.fits.gz`, `x.asdf.gz`.

use crate::usage;
use asdf_core::Result;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::Path;

/// Codecs of whole files that are read and not written.
const OTHERS: [&str; 3] = [".bz2", ".xz", ".zst"];

fn ends_with(path: &Path, ending: &str) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.to_ascii_lowercase().ends_with(ending)
}

/// Whether the name says that the file is compressed.
pub(crate) fn is_asked(path: &Path) -> bool {
    ends_with(path, ".gz")
}

/// Refuses names of files that are compressed by a codec that does not write whole files: what would stand there would not be what
/// the name says.
pub(super) fn refuse_other(path: &Path) -> Result<()> {
    match OTHERS.iter().find(|ending| ends_with(path, ending)) {
        Some(ending) => {
            let reason = format!("files are not written as {ending}, only as .gz or uncompressed");
            Err(usage::refused(reason).at_file(path))
        }
        None => Ok(()),
    }
}

/// Refuses a compressed output of a command that writes others beside it, or goes back in it.
pub(crate) fn refuse(path: &Path, what: &str) -> Result<()> {
    if is_asked(path) {
        let reason = format!("{what} is not written compressed as a whole (.gz)");
        return Err(usage::refused(reason).at_file(path));
    }
    Ok(())
}

/// Compresses what `write` makes. It goes into a file first, as writers go back to complete what they wrote.
pub(super) fn write(sink: &mut File, write: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    let mut spool = tempfile::tempfile()?;
    write(&mut spool)?;
    spool.rewind()?;
    let buffer = BufWriter::with_capacity(1 << 20, sink);
    let mut encoder = GzEncoder::new(buffer, Compression::default());
    std::io::copy(&mut spool, &mut encoder)?;
    Ok(encoder.finish()?.flush()?)
}
