//! Files that commands write.

use crate::context::Failure;
use crate::usage;
use asdf_core::file::replace_file_and_tell;
use asdf_core::{Draft, Result, WriteOptions};
use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

/// Refuses to overwrite a file unless that is asked for.
pub(crate) fn check_free(path: &Path, force: bool) -> Result<()> {
    if force || path == Path::new("-") || path.symlink_metadata().is_err() {
        return Ok(());
    }
    let reason = "the file exists already; --force overwrites it";
    Err(usage::refused(reason).at_file(path))
}

/// Writes a draft as an ASDF file under a name, or to standard output for `-`.
pub(crate) fn write_draft(
    path: &Path,
    out: &mut dyn Write,
    draft: &mut Draft<'_>,
    options: &WriteOptions,
) -> std::result::Result<(), Failure> {
    if path != Path::new("-") {
        return Ok(draft.save(path, options)?);
    }
    draft.set_output(None);
    write(path, out, |sink| draft.write(sink, options))
}

/// Lets `write` make a file: under its name when it is complete, or to standard output for `-`.
pub(crate) fn write(
    path: &Path,
    out: &mut dyn Write,
    write: impl FnOnce(&mut File) -> Result<()>,
) -> std::result::Result<(), Failure> {
    if path != Path::new("-") {
        let told = replace_file_and_tell(path, write)?;
        told.iter().for_each(crate::report::warning);
        return Ok(());
    }
    // Writers go back to complete what they wrote, which a pipe cannot do.
    let mut spool = tempfile::tempfile()?;
    write(&mut spool)?;
    spool.rewind()?;
    std::io::copy(&mut spool, out)?;
    Ok(out.flush()?)
}
