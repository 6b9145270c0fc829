//! What is converted, opened as an ASDF file.

use super::Args;
use crate::context::Context;
use crate::format::Format;
use crate::usage;
use asdf_core::array::{ByteOrder, NewArray, Scalar};
use asdf_core::convert::{CsvColumn, CsvHeader, NpyReader, read_csv, read_json};
use asdf_core::file::{Input, Storage, open_file};
use asdf_core::{AsdfFile, Draft, Error, Result, WriteOptions};
use std::io::{BufReader, Read};
use std::path::Path;

/// Opens the input; text formats are made into an ASDF file in memory.
pub(super) fn open(args: &Args, from: Format, context: &Context) -> Result<AsdfFile> {
    let path = &args.input;
    match from {
        Format::Asdf | Format::Fits => match &args.called {
            Some(name) => context.open_spool(path, name),
            None => context.open(path),
        },
        Format::Yaml => {
            let text = text(args, context)?;
            if text.starts_with("#ASDF ") {
                return context.open_bytes(text.into_bytes(), path);
            }
            let mut draft = Draft::new();
            draft.set_text(&text).map_err(|error| error.at_file(path))?;
            in_memory(&draft, args, context)
        }
        Format::Json => {
            let text = text(args, context)?;
            let mut draft = Draft::new();
            let read = read_json(&text, draft.nodes(), context.limits());
            let root = read.map_err(|error| error.at_file(path))?;
            draft.set_root(root)?;
            draft.infer_standard();
            in_memory(&draft, args, context)
        }
        Format::Png | Format::Jpg => {
            let reason = "pictures are only written: they do not tell the values that they are of";
            Err(usage::refused(reason).at_file(path))
        }
        Format::Ecsv | Format::Votable => {
            let reason = "ECSV and VOTable are only written";
            Err(usage::refused(reason).at_file(path))
        }
        Format::Npy if path == Path::new("-") => npy(std::io::stdin(), path, context),
        Format::Npy if crate::network::is_object(path) => {
            let input = crate::network::read(path, context).transpose()?;
            let reader = input.as_ref().map(Input::reader);
            let reader = reader.ok_or_else(|| usage::refused("not a URL").at_file(path))?;
            npy(reader, path, context)
        }
        Format::Npy => {
            let file = open_file(path).map_err(|error| Error::from(error).at_file(path))?;
            npy(file, path, context)
        }
        Format::Csv => {
            let bytes = context.read(path)?;
            let columns = read_csv(&bytes, CsvHeader::Detect, context.limits());
            let draft = columns.and_then(|columns| table(&columns));
            in_memory(&draft.map_err(|error| error.at_file(path))?, args, context)
        }
    }
}

/// An array in a file of its own, as large as it may be.
fn npy(input: impl Read + Send, path: &Path, context: &Context) -> Result<AsdfFile> {
    let place = |error: Error| error.at_file(path);
    let reader = NpyReader::new(BufReader::with_capacity(1 << 20, input)).map_err(place)?;
    let (datatype, order) = (reader.datatype().clone(), reader.byteorder());
    let (shape, strides) = (reader.shape().to_vec(), reader.strides());
    let mut array =
        NewArray::from_reader(reader.into_data(), datatype, order, &shape).map_err(place)?;
    if let Some(strides) = strides {
        array = array.strides(&strides).map_err(place)?;
    }
    let mut draft = Draft::new();
    draft.set_array("data", array, &Storage::internal())?;
    let spool = tempfile::NamedTempFile::new()?;
    draft
        .save(spool.path(), &WriteOptions::default().checksums(false))
        .map_err(|error| {
            // What the spool was filled from is at fault.
            Error::from(std::io::Error::other(format!(
                "{}: {}",
                path.display(),
                error.kind()
            )))
        })?;
    context.open_spool(spool.path(), path)
}

/// A table: columns with their masks.
fn table(columns: &[CsvColumn]) -> Result<Draft<'static>> {
    const CORE: &str = "tag:stsci.edu:asdf/core/";
    let mut draft = Draft::new();
    // The version of the standard that tables are part of.
    draft.set_standard("1.5.0")?;
    let nodes = draft.nodes();
    let mut items = Vec::with_capacity(columns.len());
    for column in columns {
        let pairs = [("name", nodes.string(&column.name)), ("data", nodes.null())];
        let item = nodes.map_of(pairs);
        nodes.set_tag(item, &format!("{CORE}column-1.0.0"));
        items.push(item);
    }
    let pairs = [("columns", nodes.seq(items))];
    let node = nodes.map_of(pairs);
    nodes.set_tag(node, &format!("{CORE}table-1.0.0"));
    draft.tree().set("table", node)?;
    for (index, column) in columns.iter().enumerate() {
        let (path, order) = (format!("table/columns/{index}/data"), CsvColumn::BYTEORDER);
        let (bytes, shape) = (column.bytes.clone(), [column.len()]);
        let array = NewArray::from_bytes(bytes, column.datatype.clone(), order, &shape)?;
        draft.set_array(&path, array, &Storage::internal())?;
        if let Some(mask) = &column.mask {
            let bytes: Vec<u8> = mask.iter().map(|empty| u8::from(*empty)).collect();
            let mask = NewArray::from_bytes(bytes, Scalar::Bool8.into(), ByteOrder::Big, &shape)?;
            draft.set_array(&format!("{path}/mask"), mask, &Storage::internal())?;
        }
    }
    Ok(draft)
}

fn text(args: &Args, context: &Context) -> Result<String> {
    let path = &args.input;
    let bytes = context.read(path)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let reason = format!("byte {at} is not UTF-8");
        usage::refused(reason).at_file(path)
    })
}

fn in_memory(draft: &Draft<'_>, args: &Args, context: &Context) -> Result<AsdfFile> {
    context.read_draft(draft, &args.input)
}

impl Context {
    /// All bytes of a file, or of standard input for `-`, within the limit.
    fn read(&self, path: &Path) -> Result<Vec<u8>> {
        let allowed = self.limits().input_bytes;
        let mut bytes = Vec::new();
        let count = if path == Path::new("-") {
            std::io::stdin()
                .lock()
                .take(allowed)
                .read_to_end(&mut bytes)
        } else if let Some(input) = crate::network::read(path, self) {
            let input = input?;
            input.reader().take(allowed).read_to_end(&mut bytes)
        } else {
            open_file(path).and_then(|file| file.take(allowed).read_to_end(&mut bytes))
        };
        match count {
            Ok(count) if count as u64 == allowed => {
                let reason = format!("more than {allowed} bytes, the limit input_bytes");
                Err(usage::refused(reason).at_file(path))
            }
            Ok(_) => Ok(bytes),
            Err(error) => Err(Error::from(error).at_file(path)),
        }
    }
}
