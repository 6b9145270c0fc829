//! What is converted, opened as an ASDF file.

use super::Args;
use super::format::Format;
use crate::context::Context;
use asdf_core::{AsdfFile, Draft, Error, Result, Usage, WriteOptions, read_json};
use std::io::{Cursor, Read};

/// Opens the input; text formats are made into an ASDF file in memory.
pub(super) fn open(args: &Args, from: Format, context: &Context) -> Result<AsdfFile> {
    let path = &args.input;
    match from {
        Format::Asdf => context.open(path),
        Format::Yaml => {
            let text = text(args, context)?;
            if text.starts_with("#ASDF ") {
                return context.open_bytes(text.into_bytes(), path);
            }
            let mut draft = Draft::new();
            draft.set_text(&text).map_err(|error| error.at_file(path))?;
            in_memory(draft, args, context)
        }
        Format::Json => {
            let text = text(args, context)?;
            let mut draft = Draft::new();
            let read = read_json(&text, draft.nodes(), context.limits());
            let root = read.map_err(|error| error.at_file(path))?;
            draft.set_root(root)?;
            in_memory(draft, args, context)
        }
        Format::Npy | Format::Csv => Err(Error::from(Usage::Edit {
            reason: "todo".into(),
        })),
    }
}

fn text(args: &Args, context: &Context) -> Result<String> {
    let path = &args.input;
    let bytes = context.read(path)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let reason = format!("byte {at} is no UTF-8");
        Error::from(Usage::Edit {
            reason: reason.into(),
        })
        .at_file(path)
    })
}

fn in_memory(mut draft: Draft<'_>, args: &Args, context: &Context) -> Result<AsdfFile> {
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default())?;
    context.open_bytes(sink.into_inner(), &args.input)
}

impl Context {
    /// All bytes of a file, or of standard input for `-`, within the limit.
    fn read(&self, path: &std::path::Path) -> Result<Vec<u8>> {
        let allowed = self.limits().input_bytes;
        let mut bytes = Vec::new();
        let count = if path == std::path::Path::new("-") {
            std::io::stdin()
                .lock()
                .take(allowed)
                .read_to_end(&mut bytes)
        } else {
            std::fs::File::open(path).and_then(|file| file.take(allowed).read_to_end(&mut bytes))
        };
        match count {
            Ok(count) if count as u64 == allowed => {
                let reason = format!("more than {allowed} bytes, the limit input_bytes");
                Err(Error::from(Usage::Edit {
                    reason: reason.into(),
                })
                .at_file(path))
            }
            Ok(_) => Ok(bytes),
            Err(error) => Err(Error::from(error).at_file(path)),
        }
    }
}
