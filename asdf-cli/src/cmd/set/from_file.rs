//! A value that a file holds.

use super::yaml;
use crate::cmd::convert::Format;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::update::{self, UpdateArgs};
use crate::usage::refused;
use asdf_core::array::NewArray;
use asdf_core::convert::{NpyReader, read_json};
use asdf_core::file::Storage;
use asdf_core::{Draft, Error, Result};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// Puts what `source` holds at a path of a file.
pub(super) fn run(
    file: &Path,
    path: &str,
    source: &Path,
    args: &UpdateArgs,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let format = Format::named(source);
    let limits = context.limits().clone();
    let mut others = Vec::new();
    let exit = update::run(file, args, context, |draft, _| {
        others = draft.tree().other_paths(path)?;
        match format {
            Some(Format::Npy) => array(draft, path, source),
            Some(Format::Json) => {
                let text = text(source, limits.input_bytes)?;
                let node = read_json(&text, draft.nodes(), &limits);
                let node = node.map_err(|error| error.at_file(source))?;
                draft.tree().set(path, node)
            }
            Some(Format::Yaml) => {
                let text = text(source, limits.input_bytes)?;
                let node = yaml(draft.nodes(), &text);
                let node = node.map_err(|error| error.at_file(source))?;
                draft.tree().set(path, node)
            }
            _ => {
                let reason = "a value comes from a file named .npy, .json or .yaml";
                Err(refused(reason).at_file(source))
            }
        }
    })?;
    if let Some(note) = update::shared(&others, "changes") {
        context.note(&note);
    }
    Ok(exit)
}

/// An array in numpy's format becomes a block.
fn array(draft: &mut Draft<'_>, path: &str, source: &Path) -> Result<()> {
    let place = |error: Error| error.at_file(source);
    let file = File::open(source).map_err(|error| place(error.into()))?;
    let reader = NpyReader::new(BufReader::with_capacity(1 << 20, file)).map_err(place)?;
    let (datatype, order) = (reader.datatype().clone(), reader.byteorder());
    let (shape, strides) = (reader.shape().to_vec(), reader.strides());
    let data = reader.into_data();
    let mut array = NewArray::from_reader(data, datatype, order, &shape).map_err(place)?;
    if let Some(strides) = strides {
        array = array.strides(&strides).map_err(place)?;
    }
    draft.set_array(path, array, &Storage::internal())?;
    Ok(())
}

fn text(source: &Path, allowed: u64) -> Result<String> {
    let place = |error: std::io::Error| Error::from(error).at_file(source);
    let file = File::open(source).map_err(place)?;
    let mut text = String::new();
    let mut part = file.take(allowed.saturating_add(1));
    part.read_to_string(&mut text).map_err(place)?;
    if text.len() as u64 > allowed {
        let reason = format!("more than {allowed} bytes, the limit input_bytes");
        return Err(refused(reason).at_file(source));
    }
    Ok(text)
}
