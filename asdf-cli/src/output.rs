//! Files that commands write.

pub(crate) mod gzip;

use crate::context::Failure;
use crate::format::Format;
use crate::network;
use crate::usage;
use asdf_core::file::{EmbedOptions, replace_file_and_tell, temporary_file};
use asdf_core::{AsdfFile, Draft, Result, WriteOptions};
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The name of a file without its ending, from which the names of the files beside it are made. These stand in its tree, which is
/// UTF-8.
pub(crate) fn stem(path: &Path) -> Result<&str> {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_str().ok_or_else(|| {
        let reason = "data go into files beside this one, whose names are made of its own and stand in the tree: that needs a name in UTF-8";
        usage::refused(reason).at_file(path)
    })
}

/// Has a draft write what its tree names in other files into files beside OUT, whose names it gives.
pub(crate) fn copy_parts(draft: &mut Draft<'_>, out: &Path, force: bool) -> Result<Vec<PathBuf>> {
    let name = out.file_stem().unwrap_or_default().to_string_lossy();
    let names = draft.copy_parts(&name)?;
    // Only a name that others are made of has to be text.
    if !names.is_empty() {
        stem(out)?;
    }
    let parts = names.into_iter().map(|name| out.with_file_name(name));
    parts
        .map(|part| check_free(&part, force).map(|()| part))
        .collect()
}

/// Has a draft write its blocks into files beside OUT.
pub(crate) fn explode(draft: &mut Draft<'_>, out: &Path, force: bool) -> Result<()> {
    for name in draft.explode(stem(out)?)? {
        check_free(&out.with_file_name(name), force)?;
    }
    Ok(())
}

/// The objects that outputs were asked to be, and whether each may take the place of another one.
static OBJECTS: Mutex<BTreeMap<PathBuf, bool>> = Mutex::new(BTreeMap::new());

/// Refuses to overwrite a file or an object unless that is asked for.
pub(crate) fn check_free(path: &Path, force: bool) -> Result<()> {
    gzip::refuse_other(path)?;
    if network::is_object(path) {
        network::check_free(path, force)?;
        // What may be replaced says who asks first: the user, and not a command that does a part of the work for another one.
        let mut objects = OBJECTS.lock().unwrap_or_else(PoisonError::into_inner);
        objects.entry(path.to_path_buf()).or_insert(force);
        return Ok(());
    }
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
    if network::is_object(path) {
        return Some(network::shown(path));
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
    Some(folder.join(path.file_name()?))
}

/// The name of an output that is a file of a folder: standard output and an object have none, so that all that an output needs goes
/// into it.
pub(crate) fn file_name(path: &Path) -> Option<&Path> {
    Some(path).filter(|path| *path != Path::new("-") && !network::is_object(path))
}

/// Tells a draft under which name it will stand, if it will.
fn name(draft: &mut Draft<'_>, path: &Path) {
    draft.set_output(file_name(path));
}

/// Writes a draft as an ASDF file under a name, or to standard output for `-`.
pub(crate) fn write_draft(
    path: &Path,
    out: &mut dyn Write,
    draft: &mut Draft<'_>,
    options: &WriteOptions,
) -> std::result::Result<(), Failure> {
    if file_name(path).is_some() && !gzip::is_asked(path) {
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

/// Lets `write` make a file: under its name when it is complete, compressed where the name ends in .gz, as an object, or to standard
/// output for `-`.
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
        if network::is_object(path) {
            return Ok(write_object(path, write)?);
        }
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

/// Makes an object: it is there when all of it has come.
fn write_object(path: &Path, write: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    let mut spool = temporary_file()?;
    write(&mut spool)?;
    let objects = OBJECTS.lock().unwrap_or_else(PoisonError::into_inner);
    let force = objects.get(path).is_some_and(|force| *force);
    drop(objects);
    network::upload(path, &mut spool, force)
}
