//! `asdf refs`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs, Item};
use crate::out_dir::stem;
use crate::output;
use crate::usage::refused;
use asdf_core::convert::{ZarrFormat, ZarrReferences};
use asdf_core::file::is_url;
use asdf_core::inspect::file_name_text;
use asdf_core::{AsdfFile, Result};
use serde_json::Value;
use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// References by which Zarr and xarray read the arrays where they are
///
/// Writes one JSON document of kerchunk's format (version 1): for each array the metadata of Zarr, and for each chunk the bytes of the file
/// that it is. Nothing is copied but small arrays that stand in the tree. A file is a group whose arrays have the paths that they have
/// in the tree (`roman/data`); of several files each is a group that is named after it.
///
/// Raw data, zlib, bzp2, lz4, zstd and blsc are read by the codecs of numcodecs. Of lz4, zstd and blsc chunks must be whole rows, all of
/// them the same number, or one: `asdf convert --chunk-rows` makes such files. An array that cannot be had so (a mask, a stream, data in
/// another file, scaled or compressed HDUs, strides) is named on standard error, and the exit code is 1.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf refs obs.asdf -o refs.json\n  asdf refs night/ --url s3://bucket/night -o night.json\n  python -c 'import xarray; print(xarray.open_dataset(\"refs.json\", engine=\"kerchunk\", open_dataset_options={\"group\": \"roman\"}))'"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names, or URLs
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The document [default: standard output]
    #[arg(
        short,
        long,
        value_name = "OUT",
        default_value = "-",
        hide_default_value = true
    )]
    output: PathBuf,
    /// Overwrite OUT
    #[arg(short, long)]
    force: bool,
    /// Where readers find the files: what their names are put after, with their folders below one that was searched [default: where they
    /// are]
    #[arg(long, value_name = "PREFIX")]
    url: Option<String>,
    /// Metadata of Zarr 3, which has no text and no records
    #[arg(long)]
    v3: bool,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> std::result::Result<Exit, Failure> {
    output::check_free(&args.output, args.force)?;
    let files = Inputs::find(&args.files, &args.find);
    let names = names(&files)?;
    let format = if args.v3 {
        ZarrFormat::V3
    } else {
        ZarrFormat::V2
    };
    let found = Mutex::new(vec![None; files.items().len()]);
    let exit = context.each(&files, |context, file| {
        let Some(item) = files.items().get(context.number) else {
            return Ok(Exit::Fine);
        };
        let refs = ZarrReferences::of(file, &place(args, item, file)?, format)
            .map_err(|error| file.name_in(error))?;
        let name = file.name().display();
        for (path, reason) in &refs.left_out {
            crate::report::text(&format!("{name}: {path}: left out: {reason}"));
        }
        let exit = if refs.left_out.is_empty() {
            Exit::Fine
        } else {
            Exit::No
        };
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = found.get_mut(context.number) {
            *place = Some(refs.entries);
        }
        Ok(exit)
    })?;
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let whole = files.is_many().then(|| ZarrReferences::group(format));
    // Names of groups differ, so that no key comes twice.
    let entries = names.iter().zip(found).flat_map(|(name, entries)| {
        let in_group = move |(key, value): (String, Value)| match name {
            Some(name) => (format!("{name}/{key}"), value),
            None => (key, value),
        };
        entries.into_iter().flatten().map(in_group)
    });
    let mut refs = whole.into_iter().chain(entries).peekable();
    if refs.peek().is_none() {
        return Ok(exit);
    }
    write(args, context, refs)?;
    Ok(exit)
}

/// Writes the document one reference after the other: there may be more of them than a second copy in memory would be good for.
fn write(
    args: &Args,
    context: &mut Context,
    refs: impl Iterator<Item = (String, Value)>,
) -> std::result::Result<(), Failure> {
    output::write(&args.output, &mut context.out, |sink| {
        let mut out = BufWriter::new(sink);
        write!(out, "{{\"version\":1,\"refs\":{{")?;
        for (number, (key, value)) in refs.enumerate() {
            let comma = if number > 0 { "," } else { "" };
            write!(out, "{comma}{}:{value}", Value::from(key))?;
        }
        writeln!(out, "}}}}")?;
        Ok(out.flush()?)
    })
}

/// The groups of several files: what they are called without their endings, after the folders below one that was searched.
fn names(files: &Inputs) -> Result<Vec<Option<String>>> {
    if !files.is_many() {
        return Ok(vec![None]);
    }
    let mut taken: HashMap<String, &Path> = HashMap::new();
    let mut out = Vec::new();
    for item in files.items() {
        let Some(path) = item.path() else {
            out.push(None);
            continue;
        };
        let name = item.folder().join(stem(path));
        let name = file_name_text(&name);
        let name = name.trim_start_matches('.').to_owned();
        if let Some(other) = taken.insert(name.clone(), path) {
            let reason = format!(
                "would be the group `{name}`, as {}: references of these are made apart",
                other.display()
            );
            return Err(refused(reason).at_file(path));
        }
        out.push(Some(name));
    }
    Ok(out)
}

/// A name as references have it.
fn as_text(name: &Path) -> Result<&str> {
    name.to_str().ok_or_else(|| {
        let reason =
            "the name is not UTF-8, and references name files by text; give the file such a name";
        refused(reason).at_file(name)
    })
}

/// Where readers find a file.
fn place(args: &Args, item: &Item, file: &AsdfFile) -> Result<String> {
    let path = item.path().unwrap_or(file.name());
    if path == Path::new("-") {
        let reason = "standard input has no place that readers could find";
        return Err(refused(reason));
    }
    if let Some(prefix) = &args.url {
        let name = item.folder().join(path.file_name().unwrap_or_default());
        let between = if prefix.ends_with('/') { "" } else { "/" };
        return Ok(format!("{prefix}{between}{}", as_text(&name)?));
    }
    if is_url(path) {
        return Ok(file.name().display().to_string());
    }
    if file.compression().is_some() {
        let reason = "the file is compressed as a whole: its bytes are not those of its arrays";
        return Err(file.name_in(refused(reason)));
    }
    let found = path
        .canonicalize()
        .map_err(|error| asdf_core::Error::from(error).at_file(path))?;
    Ok(format!("file://{}", as_text(&found)?))
}
