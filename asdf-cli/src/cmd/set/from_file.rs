//! A value that a file holds.

use super::{Args, put, yaml};
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::format::Format;
use crate::update::{self, cards};
use crate::usage::refused;
use asdf_core::array::NewArray;
use asdf_core::convert::{NpyReader, read_json};
use asdf_core::file::{Storage, open_file};
use asdf_core::{Draft, Error, Result};
use std::io::{BufReader, Read};
use std::path::Path;

/// Puts what `source` holds at a path of a file.
pub(super) fn run(
    args: &Args,
    path: &str,
    source: &Path,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let format = Format::named(source);
    let limits = context.limits().clone();
    let mut notes = Vec::new();
    let exit = update::run(&args.file, &args.update, context, |draft, _| {
        cards::refuse_card_name(draft, path)?;
        let node = match format {
            Some(Format::Npy) => {
                notes = array(draft, path, source, args.replace)?;
                return Ok(());
            }
            Some(Format::Json) => {
                let text = text(source, limits.input_bytes)?;
                read_json(&text, draft.nodes(), &limits)
            }
            Some(Format::Yaml) => {
                let text = text(source, limits.input_bytes)?;
                yaml(draft.nodes(), &text)
            }
            _ => {
                let reason = "a value comes from a file named .npy, .json or .yaml";
                return Err(refused(reason).at_file(source));
            }
        };
        let node = node.map_err(|error| error.at_file(source))?;
        if draft.names_block(node) {
            let reason = "an array in it has its data in a block by its number, which would be one of the file that is changed: asdf cp copies arrays with their blocks";
            return Err(refused(reason).at_file(source));
        }
        let path = update::one_path(draft, path)?;
        notes = put(draft, &path, node, args.replace)?;
        Ok(())
    })?;
    for note in &notes {
        context.note(note);
    }
    Ok(exit)
}

/// An array in numpy's format becomes a block.
fn array(draft: &mut Draft<'_>, path: &str, source: &Path, replace: bool) -> Result<Vec<String>> {
    let path = update::one_path(draft, path)?;
    update::refuse_subtree(draft, &path, None, replace)?;
    let mut notes: Vec<String> = update::added(draft, &path, false)?.into_iter().collect();
    notes.extend(update::shared(&draft.tree().other_paths(&path)?, "changes"));
    let place = |error: Error| error.at_file(source);
    let file = open_file(source).map_err(|error| place(error.into()))?;
    let reader = NpyReader::new(BufReader::with_capacity(1 << 20, file)).map_err(place)?;
    let (datatype, order) = (reader.datatype().clone(), reader.byteorder());
    let (shape, strides) = (reader.shape().to_vec(), reader.strides());
    let data = reader.into_data();
    let mut array = NewArray::from_reader(data, datatype, order, &shape).map_err(place)?;
    if let Some(strides) = strides {
        array = array.strides(&strides).map_err(place)?;
    }
    notes.extend(update::left_in_hdus(draft, &path));
    draft.set_array(&path, array, &Storage::internal())?;
    Ok(notes)
}

fn text(source: &Path, allowed: u64) -> Result<String> {
    let place = |error: std::io::Error| Error::from(error).at_file(source);
    let file = open_file(source).map_err(place)?;
    let mut text = String::new();
    let mut part = file.take(allowed.saturating_add(1));
    part.read_to_string(&mut text).map_err(place)?;
    if text.len() as u64 > allowed {
        let reason = format!("more than {allowed} bytes, the limit input_bytes");
        return Err(refused(reason).at_file(source));
    }
    Ok(text)
}
