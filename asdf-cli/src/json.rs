//! One JSON document per file, an array when several files are given.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use asdf_core::AsdfFile;
use serde_json::Value;
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

/// Writes a list, one item after the other.
pub(crate) fn list<T>(
    out: &mut impl Write,
    items: impl IntoIterator<Item = T>,
    document: impl Fn(T) -> Value,
) -> std::io::Result<()> {
    write!(out, "[")?;
    for (number, item) in items.into_iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        write!(out, "{comma}{}", document(item))?;
    }
    write!(out, "]")
}
