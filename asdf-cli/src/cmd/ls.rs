//! `asdf ls`.

mod order;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::json;
use crate::palette::Palette;
use crate::progress::Progress;
use crate::render::{Align, Span, Table};
use crate::size;
use crate::usage::refused;
use asdf_core::array::{DataSource, ViewIdentity};
use asdf_core::block::BlockChunk;
use asdf_core::inspect::{ArrayInfo, PathPattern, escape};
use asdf_core::{AsdfFile, Error, Node, TreePath};
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// List the arrays: path, datatype, shape, storage, codec, sizes
///
/// The array that the file is about comes first, as `asdf preview` has it, and the coefficients of a WCS are one line, unless --all
/// or --digest asks for every array. Documents have all arrays, in the order of the file.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf ls obs.asdf\n  asdf ls --sort size night/\n  asdf ls --all obs.asdf\n  asdf ls --path 'roman.var_*' obs.asdf\n  asdf ls --digest obs.asdf copy.asdf\n  asdf ls --json obs.asdf | jq -r '.[].path'\n  asdf ls --json --chunks obs.asdf"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Add to documents where the pieces are that can be decoded alone, each as [offset, stored, decoded]: of lz4 from the decoded
    /// size on, of zstd frames, of blsc buffers, of other codecs all that is stored
    #[arg(long)]
    chunks: bool,
    /// Add the sha256 of the contents: C order, little-endian, records packed
    #[arg(long)]
    digest: bool,
    /// Every array, the coefficients of a WCS too, in the order of the file
    #[arg(long)]
    all: bool,
    /// Only arrays that this path names, and those below what it names; may be repeated
    #[arg(long, value_name = "PATH")]
    path: Vec<PathPattern>,
    /// Sort the arrays of each file
    #[arg(long, value_name = "BY")]
    sort: Option<order::Sort>,
    #[command(flatten)]
    form: json::NodeFormArgs,
    #[command(flatten)]
    find: FindArgs,
}

/// One array, at one of its paths.
struct Entry {
    path: TreePath,
    found: Arc<Found>,
}

/// The digests of elements and mask.
type Digests = (String, Option<String>);

/// What was found out about an array.
#[derive(Default)]
struct Found {
    info: Option<ArrayInfo>,
    digests: Option<Digests>,
    chunks: Option<Vec<BlockChunk>>,
    error: Option<Error>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    if args.chunks && args.form.form().is_none() {
        let reason = "--chunks is for documents: --json or --jsonl";
        return Err(refused(reason).into());
    }
    let files = Inputs::find(&args.files, &args.find);
    if let Some(form) = args.form.form() {
        return json::each(context, &files, form, |context, file| {
            args.form.write(context, |context| {
                let (mut entries, exit) = entries(args, context, file)?;
                if let Some(sort) = args.sort {
                    sort.apply(&mut entries);
                }
                json::named_list(&mut context.out, form, file, "arrays", &entries, document)?;
                Ok(exit)
            })
        });
    }
    let several = files.is_many();
    context.each(&files, |context, file| {
        let (entries, exit) = entries(args, context, file)?;
        if several {
            let name = file.name().display().to_string();
            writeln!(context.out, "{}:", escape(&name))?;
        }
        let listed = order::listed(args, file, entries);
        table(args, context, &listed)?;
        Ok(exit)
    })
}

/// All arrays; what cannot be read is complained about and listed as far as its node tells.
fn entries(
    args: &Args,
    context: &mut Context,
    file: &AsdfFile,
) -> Result<(Vec<Entry>, Exit), Failure> {
    let mut exit = Exit::Fine;
    let arrays = named(args, file, file.arrays()?)?;
    // What stands at many paths is looked at once, under the first of them.
    let mut firsts: Vec<&(TreePath, Node<'_>)> = Vec::new();
    let mut places = HashMap::new();
    for array in &arrays {
        places.entry(array.1.id()).or_insert_with(|| {
            firsts.push(array);
            firsts.len() - 1
        });
    }
    let steps = if args.digest { firsts.len() } else { 0 };
    let mut progress = Progress::new(context, "digest", steps);
    let mut all = Vec::with_capacity(firsts.len());
    // Views of the same elements have one digest.
    let mut known: HashMap<ViewIdentity, Digests> = HashMap::new();
    // Several at a time: a digest keeps one core busy.
    for batch in firsts.chunks(rayon::current_num_threads()) {
        let found = batch
            .par_iter()
            .map(|(path, node)| find(args, file, (path, *node), &known));
        for (found, identity) in found.collect::<Vec<_>>() {
            if let (Some(identity), Some(digests)) = (identity, &found.digests) {
                known.insert(identity, digests.clone());
            }
            if let Some(error) = &found.error {
                exit = exit.max(context.complain(error));
            }
            all.push(Arc::new(found));
            progress.step();
        }
    }
    let entry = |(path, node): &(TreePath, Node<'_>)| {
        let (path, place) = (path.clone(), *places.get(&node.id())?);
        let found = Arc::clone(all.get(place)?);
        Some(Entry { path, found })
    };
    Ok((arrays.iter().filter_map(entry).collect(), exit))
}

/// The arrays at the paths that are asked for, and below them.
fn named<'f>(
    args: &Args,
    file: &'f AsdfFile,
    arrays: Vec<(TreePath, Node<'f>)>,
) -> Result<Vec<(TreePath, Node<'f>)>, Failure> {
    if args.path.is_empty() {
        return Ok(arrays);
    }
    let mut places = Vec::new();
    for path in &args.path {
        let before = places.len();
        for found in file.select_all(path, false)? {
            let found = found?;
            if found.part.is_some() {
                let reason = format!("`{path}` names elements of an array: `asdf ls` lists arrays");
                return Err(file.name_in(refused(reason)).into());
            }
            places.push(found.path);
        }
        if places.len() == before {
            file.select_one(path, false)?;
        }
    }
    let places: HashSet<TreePath> = places.into_iter().collect();
    let is_named = |path: &TreePath| {
        (0..=path.steps().len()).any(|count| places.contains(&path.prefix(count)))
    };
    Ok(arrays
        .into_iter()
        .filter(|(path, _)| is_named(path))
        .collect())
}

/// What there is to say about one array, and what went wrong.
fn find(
    args: &Args,
    file: &AsdfFile,
    (path, node): (&TreePath, Node<'_>),
    known: &HashMap<ViewIdentity, Digests>,
) -> (Found, Option<ViewIdentity>) {
    let (mut found, mut identity) = (Found::default(), None);
    let at = (path, node);
    found.error = look(args, file, at, known, (&mut found, &mut identity)).err();
    if found.error.is_some() && found.info.is_none() {
        found.info = ArrayInfo::of_node(node).ok();
    }
    (found, identity)
}

fn look(
    args: &Args,
    file: &AsdfFile,
    (path, node): (&TreePath, Node<'_>),
    known: &HashMap<ViewIdentity, Digests>,
    (found, identity): (&mut Found, &mut Option<ViewIdentity>),
) -> Result<(), Error> {
    let array = file.array_as(node, path)?;
    found.info = Some(ArrayInfo::new(&array));
    if let (true, DataSource::Block(block)) = (args.chunks, array.source()) {
        let chunks = block.chunks().map_err(|error| file.name_in(error))?;
        // The places of another file say nothing about this one.
        let is_here = found
            .info
            .as_ref()
            .is_some_and(|info| info.offset.is_some());
        found.chunks = Some(chunks).filter(|_| is_here);
    }
    if args.digest {
        *identity = array.identity();
        if let Some(digests) = identity.as_ref().and_then(|own| known.get(own)) {
            found.digests = Some(digests.clone());
            return Ok(());
        }
        let digests = array
            .digest()
            .and_then(|data| Ok((data, array.mask_digest()?)));
        file.note_warnings(&array);
        file.note_checksum(&array, u64::MAX);
        found.digests = Some(digests.map_err(|error| file.name_in(error))?);
    }
    Ok(())
}

fn document(entry: &Entry) -> Value {
    let mut out = Map::new();
    out.insert("path".into(), json!(entry.path.to_string()));
    if let Some(info) = &entry.found.info {
        out.insert("datatype".into(), info.datatype.to_json());
        out.insert("shape".into(), json!(info.shape));
        out.insert("byteorder".into(), json!(info.byteorder()));
        out.insert("source".into(), info.source_json());
        out.insert("compression".into(), json!(info.compression));
        out.insert(
            "stored_bytes".into(),
            json!(info.stored_bytes.unwrap_or(info.bytes)),
        );
        out.insert("bytes".into(), json!(info.bytes));
        out.insert("offset".into(), json!(info.offset));
        out.insert("array_offset".into(), json!(info.array_offset));
        out.insert("strides".into(), json!(info.strides));
    }
    if let Some(chunks) = &entry.found.chunks {
        let chunks = chunks
            .iter()
            .map(|chunk| json!([chunk.offset, chunk.stored, chunk.decoded]));
        out.insert("chunks".into(), chunks.collect());
    }
    if let Some((data, mask)) = &entry.found.digests {
        out.insert("sha256".into(), json!(data));
        if let Some(mask) = mask {
            out.insert("mask_sha256".into(), json!(mask));
        }
    }
    if let Some(error) = &entry.found.error {
        out.insert("error".into(), json!(error.kind().to_string()));
    }
    Value::Object(out)
}

fn table(args: &Args, context: &mut Context, listed: &order::Listed) -> Result<(), Failure> {
    let palette = context.palette;
    let mut columns = vec![
        ("path", Align::Path),
        ("datatype", Align::Left),
        ("shape", Align::Left),
        ("storage", Align::Left),
        ("codec", Align::Left),
        ("stored", Align::Right),
        ("decoded", Align::Right),
    ];
    if args.digest {
        columns.push(("sha256", Align::Left));
    }
    let mut table = Table::new(&columns);
    for entry in &listed.entries {
        let path = entry.path.to_string();
        let mut row = vec![(
            palette.key,
            escape(if path.is_empty() { "/" } else { &path }).into_owned(),
        )];
        match &entry.found.info {
            None => row.push((palette.bad, "unreadable".to_owned())),
            Some(info) => row.extend([
                (
                    palette.kind,
                    escape(&info.datatype.to_string()).into_owned(),
                ),
                (palette.number, info.shape_text()),
                (palette.faint, escape(&info.storage_text()).into_owned()),
                (
                    palette.faint,
                    info.compression.as_deref().unwrap_or("-").to_owned(),
                ),
                (
                    palette.number,
                    info.stored_bytes
                        .map_or_else(|| "-".to_owned(), size::human),
                ),
                (palette.number, size::human(info.bytes)),
            ]),
        }
        if let Some((data, _)) = &entry.found.digests {
            row.push((palette.faint, data.clone()));
        }
        table.push(row);
    }
    for fold in &listed.folds {
        table.push(fold_row(fold, &palette));
    }
    // A digest that is cut is worth nothing, so with digests the table is as wide as it must be.
    let width = if args.digest {
        usize::MAX
    } else {
        context.columns.unwrap_or(usize::MAX)
    };
    for line in table.lines(&palette, width) {
        writeln!(context.out, "{line}")?;
    }
    Ok(())
}

/// The line of the arrays of a WCS.
fn fold_row(fold: &order::Fold, palette: &Palette) -> Vec<Span> {
    let plural = if fold.count == 1 { "" } else { "s" };
    vec![
        (palette.key, escape(&fold.path.to_string()).into_owned()),
        (palette.faint, format!("{} array{plural}", fold.count)),
        (palette.number, String::new()),
        (palette.faint, "WCS".to_owned()),
        (palette.faint, "-".to_owned()),
        (palette.number, size::human(fold.stored)),
        (palette.number, size::human(fold.bytes)),
    ]
}
