//! Files that commands write.

pub(crate) mod gzip;

use crate::context::Failure;
use crate::format::Format;
use crate::usage;
use asdf_core::file::{EmbedOptions, replace_file_and_tell};
use asdf_core::{AsdfFile, Draft, Result, WriteOptions};
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

/// The name of a file without its ending, as text.
pub(crate) fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// Refuses to overwrite a file unless that is asked for.
pub(crate) fn check_free(path: &Path, force: bool) -> Result<()> {
    gzip::refuse_other(path)?;
    crate::network::refuse(path)?;
    if force || path == Path::new("-") || path.symlink_metadata().is_err() {
        return Ok(());
    }
    let reason = "the file exists already; --force overwrites it";
    Err(usage::refused(reason).at_file(path))
}

/// Refuses a name that says another format to what is written as an ASDF file.
pub(crate) fn check_is_asdf(path: &Path) -> Result<()> {
    match Format::named(path) {
        Some(format) if format != Format::Asdf => {
            let reason = format!(
                "an ASDF file is written here, and the name says {}; asdf convert makes other formats of it",
                format.name()
            );
            Err(usage::refused(reason).at_file(path))
        }
        _ => Ok(()),
    }
}

/// Refuses a name for a file of which nodes were changed, when the file is not written in the format that the name says. A FITS file
/// stays one: without it, the HDUs that the tree does not name would be gone, and all headers.
pub(crate) fn check_stays(path: &Path, file: &AsdfFile) -> Result<()> {
    if file.fits().is_none() {
        return check_is_asdf(path);
    }
    if path == Path::new("-") || Format::named(path) == Some(Format::Fits) {
        return Ok(());
    }
    let reason = "a FITS file is written here, with all its HDUs, and the name does not end in .fits; asdf convert makes other formats of it";
    Err(usage::refused(reason).at_file(path))
}

/// Refuses outputs that are the same file, or one that is read: the one would take the place of the other.
pub(crate) fn check_distinct(outputs: &[&Path], inputs: &[&Path]) -> Result<()> {
    let mut taken: Vec<(PathBuf, &Path)> = Vec::new();
    let read: HashSet<PathBuf> = inputs.iter().filter_map(|path| identity(path)).collect();
    for output in outputs {
        let Some(own) = identity(output) else {
            continue;
        };
        if read.contains(&own) {
            let reason = "is a file that is read, and would be written over";
            return Err(usage::refused(reason).at_file(output));
        }
        if let Some((_, other)) = taken.iter().find(|taken| taken.0 == own) {
            let reason = format!("is the same file as the output {}", other.display());
            return Err(usage::refused(reason).at_file(output));
        }
        taken.push((own, output));
    }
    Ok(())
}

/// Where a file lies, links resolved, also one that is not there yet.
fn identity(path: &Path) -> Option<PathBuf> {
    if let Ok(found) = path.canonicalize() {
        return Some(found);
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
    Some(folder.join(path.file_name()?))
}

/// Tells a draft under which name it will stand, if it will.
fn name(draft: &mut Draft<'_>, path: &Path) {
    draft.set_output(Some(path).filter(|path| *path != Path::new("-")));
}

/// Writes a draft as an ASDF file under a name, or to standard output for `-`.
pub(crate) fn write_draft(
    path: &Path,
    out: &mut dyn Write,
    draft: &mut Draft<'_>,
    options: &WriteOptions,
) -> std::result::Result<(), Failure> {
    if path != Path::new("-") && !gzip::is_asked(path) {
        return Ok(draft.save(path, options)?);
    }
    name(draft, path);
    write(path, out, |sink| draft.write(sink, options))
}

/// Writes what was changed of a file under another name, in the format that the file has.
pub(crate) fn write_changed(
    path: &Path,
    out: &mut dyn Write,
    (file, draft): (&AsdfFile, &mut Draft<'_>),
    options: &WriteOptions,
) -> std::result::Result<(), Failure> {
    check_stays(path, file)?;
    if file.fits().is_none() {
        return write_draft(path, out, draft, options);
    }
    name(draft, path);
    write(path, out, |sink| {
        let mut sink = BufWriter::with_capacity(1 << 20, sink);
        draft.embed(&mut sink, &EmbedOptions::default(), options)?;
        Ok(sink.flush()?)
    })
}

/// Lets `write` make a file: under its name when it is complete, compressed where the name ends in .gz, or to standard output for `-`.
pub(crate) fn write(
    path: &Path,
    out: &mut dyn Write,
    write: impl FnOnce(&mut File) -> Result<()>,
) -> std::result::Result<(), Failure> {
    if path != Path::new("-") {
        let write = |sink: &mut File| {
            if gzip::is_asked(path) {
                return gzip::write(sink, write);
            }
            write(sink)
        };
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
