//! One JSON document per file, an array when several files are given.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use asdf_core::AsdfFile;
use std::io::Write;
use std::path::PathBuf;

/// Writes what `work` writes for each file, with brackets and commas around when there are several.
pub(crate) fn each(
    context: &mut Context,
    files: &[PathBuf],
    mut work: impl FnMut(&mut Context, &AsdfFile) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let several = files.len() > 1;
    let mut first = true;
    if several {
        write!(context.out, "[")?;
    }
    let exit = context.each(files, |context, file| {
        if several && !std::mem::take(&mut first) {
            write!(context.out, ",")?;
        }
        work(context, file)
    })?;
    writeln!(context.out, "{}", if several { "]" } else { "" })?;
    Ok(exit)
}
