//! `asdf get`.

mod array;
mod quantity;

use crate::card_name;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs, files_and_paths};
use crate::json::{self, Form, NodeFormArgs};
use asdf_core::array::is_array;
use asdf_core::convert::{References, write_json, write_yaml};
use asdf_core::file::FileNode;
use asdf_core::inspect::{PathPattern, Selection, escape};
use asdf_core::tree::{NodeKind, Value};
use asdf_core::{ArrayRef, AsdfFile, Node};
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

/// Print values: scalars bare, mappings and lists as YAML, arrays as numbers
///
/// Quantities and times stand in one line, with their unit, format and scale.
///
/// PATH names a node, or all that fit: `items[-1]`, `items[1:3]`, `items[*].name`, `**.date`, `cat.ra[0:10]` (docs/paths.md). A
/// slice reads and decodes only what it needs. Of several files or paths each value has the file, the path, or both before it;
/// --json gives the value of a file, or a mapping of paths to values where there are several paths or PATH may be several.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "asdf get [OPTIONS] FILE PATH...\n       asdf get [OPTIONS] --path PATH FILE...",
    after_help = "Examples:\n  asdf get obs.asdf roman.meta.exposure.start_time\n  asdf get obs.asdf roman.meta --json\n  asdf get obs.asdf meta.wavelength --unit nm\n  asdf get obs.asdf roman.meta --plain | jq .exposure\n  asdf get obs.asdf 'roman.data[0:4, ::512]'\n  asdf get obs.asdf roman.data --raw > data.f32\n  asdf get obs.asdf 'roman.meta.**.*_date'\n  asdf get events.fits 'fits/1/data.ENERGY[0:10]'\n  asdf get obs.asdf / --resolve\n  asdf get --path roman.meta.exposure.type night/\n  asdf get --path roman.meta.filename --jsonl *.asdf"
)]
pub(crate) struct Args {
    /// File or folder, @LIST of names, or - for standard input; then nodes, `/` for the root; an array may be sliced as
    /// in numpy, and a column of a table taken by its name
    #[arg(required = true, value_name = "FILE [PATH]")]
    words: Vec<PathBuf>,
    /// A node; may be repeated. All other arguments are files then
    #[arg(long = "path", value_name = "PATH")]
    paths: Vec<String>,
    #[command(flatten)]
    form: NodeFormArgs,
    /// The array's bytes: little-endian, C order; of a text what it says, unescaped on a terminal too
    #[arg(long, conflicts_with_all = ["json", "jsonl", "plain"])]
    raw: bool,
    /// Convert a quantity into this unit; as JSON {"value", "unit"}
    #[arg(long, value_name = "UNIT", conflicts_with = "raw")]
    unit: Option<String>,
    /// Follow `$ref` references, on the way to PATH and below it
    #[arg(long)]
    resolve: bool,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let (files, paths) = files_and_paths(&args.words, &args.paths)?;
    if paths.is_empty() {
        let reason = "which node? asdf get FILE PATH, or --path PATH before several files";
        return Err(crate::usage::refused(reason).into());
    }
    let paths: Vec<PathPattern> = paths
        .iter()
        .map(|path| path.parse())
        .collect::<Result<_, asdf_core::Error>>()?;
    let files = Inputs::find(&files, &args.find);
    match args.form.form() {
        Some(form) => json::each(context, &files, form, |context, file| {
            args.form.write(context, |context| {
                documents(args, form, &paths, context, file)
            })
        }),
        None => context.each(&files, |context, file| {
            for path in &paths {
                each(args, file, path, |selection, is_several| {
                    let mut label = Vec::new();
                    if files.is_many() {
                        label.push(file.name().display().to_string());
                    }
                    if is_several {
                        label.push(selection.to_string());
                    } else if paths.len() > 1 {
                        label.push(path.to_string());
                    }
                    introduce(args, context, &label, &selection)?;
                    value(args, context, file, &selection, As::Text)
                })?;
            }
            Ok(Exit::Fine)
        }),
    }
}

/// The file and the path that a value is of; a value of one line stands after them.
fn introduce(
    args: &Args,
    context: &mut Context,
    label: &[String],
    selection: &Selection<'_>,
) -> Result<(), Failure> {
    if label.is_empty() || args.raw {
        return Ok(());
    }
    let label = label.join(": ");
    let node = selection.at.node;
    let is_line = selection.part.is_none()
        && !is_array(node)
        && (node.kind() == NodeKind::Scalar || quantity::line(selection.at).is_some());
    let end = if is_line { " " } else { "\n" };
    Ok(write!(context.out, "{}:{end}", escape(&label))?)
}

/// Does something with all that a path names, each with whether there may be several: that is of the path alone, or of the
/// list that it takes a slice of.
fn each(
    args: &Args,
    file: &AsdfFile,
    path: &PathPattern,
    mut work: impl FnMut(Selection<'_>, bool) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let card = card_name::as_path(file, path);
    let path = card.as_ref().unwrap_or(path);
    let mut all = file.select_all(path, args.resolve)?;
    let Some(first) = all.next().transpose()? else {
        // The error of a path that fits nothing.
        file.select_one(path, args.resolve)?;
        return Ok(());
    };
    let is_several = is_several(path, &first);
    work(first, is_several)?;
    for found in all {
        work(found?, true)?;
    }
    Ok(())
}

/// Whether a path may name several nodes, when it names one.
fn is_several(path: &PathPattern, first: &Selection<'_>) -> bool {
    let may_be = path.is_wild() || (first.part.is_none() && path.is_slice());
    may_be && !path.is_pointer_to(&first.path)
}

/// The value at the only path, or a mapping of all paths to their values.
fn documents(
    args: &Args,
    form: Form,
    paths: &[PathPattern],
    context: &mut Context,
    file: &AsdfFile,
) -> Result<Exit, Failure> {
    if let ([path], Form::Json) = (paths, form) {
        let mut count = 0_usize;
        let mut is_map = false;
        each(args, file, path, |selection, is_several| {
            is_map |= is_several;
            if is_map {
                let begin = if count == 0 { "{" } else { "," };
                write!(context.out, "{begin}{}:", json!(selection.to_string()))?;
            }
            count += 1;
            value(args, context, file, &selection, As::Json)
        })?;
        if is_map {
            write!(context.out, "}}")?;
        }
        return Ok(Exit::Fine);
    }
    write!(context.out, "{{")?;
    if form == Form::Lines {
        let name = json!(asdf_core::inspect::file_name_text(file.name()));
        write!(context.out, "\"file\":{name},\"values\":{{")?;
    }
    let mut comma = "";
    for path in paths {
        each(args, file, path, |selection, is_several| {
            let key = if is_several {
                selection.to_string()
            } else {
                path.to_string()
            };
            write!(context.out, "{comma}{}:", json!(key))?;
            comma = ",";
            value(args, context, file, &selection, As::Json)
        })?;
    }
    let end = if form == Form::Lines { "}}" } else { "}" };
    write!(context.out, "{end}")?;
    Ok(Exit::Fine)
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    Text,
    Json,
}

/// One value; as text with the end of its line.
fn value(
    args: &Args,
    context: &mut Context,
    file: &AsdfFile,
    selection: &Selection<'_>,
    form: As,
) -> Result<(), Failure> {
    let at = selection.at;
    if let Some(unit) = &args.unit {
        let converted = quantity::convert(file, at, unit)?;
        match form {
            As::Json => write!(context.out, "{}", converted.to_json())?,
            As::Text => writeln!(context.out, "{}", converted.text())?,
        }
        return Ok(());
    }
    let part = selection.part.as_ref();
    match (is_array(at.node), form) {
        (true, As::Json) => elements(file, at, |array| {
            let data = match part {
                Some(part) => part.load(array)?,
                None => array.load()?,
            };
            Ok(data.write_json(&mut context.out)?)
        }),
        (true, As::Text) => elements(file, at, |array| {
            array::write(args, context, at.file, array, part)
        }),
        (false, As::Json) => document(args, context, at),
        (false, As::Text) => text(args, context, file, at),
    }
}

/// Stored bytes up to which a checksum costs nothing that anybody would notice; a slice of more may have read very few.
const CHEAP: u64 = 16 << 20;
/// The same of a URL, where they have to be fetched.
const CHEAP_OF_URL: u64 = 1 << 20;

/// Looks at the array of a node; its errors name the file, and its warnings are kept.
fn elements<'f>(
    file: &'f AsdfFile,
    at: FileNode<'f>,
    look: impl FnOnce(&ArrayRef<'f>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let array = at.file.array_at(at.node)?;
    let outcome = look(&array);
    file.note_warnings(&array);
    let is_url = asdf_core::file::is_url(at.file.name());
    file.note_checksum(&array, if is_url { CHEAP_OF_URL } else { CHEAP });
    match outcome {
        Err(Failure::Asdf(error)) => Err(at.file.name_in(error).into()),
        outcome => outcome,
    }
}

/// What is not an array, as text.
fn text(
    args: &Args,
    context: &mut Context,
    file: &AsdfFile,
    at: FileNode<'_>,
) -> Result<(), Failure> {
    if args.raw && at.node.text().is_some() {
        context.out.pass_all();
        return Ok(writeln!(context.out, "{}", scalar(at.node))?);
    }
    if args.raw {
        let error = at.file.array_at(at.node).err();
        return Err(error.map_or_else(|| std::io::Error::other("no array").into(), Failure::from));
    }
    if let Some(text) = quantity::line(at) {
        return Ok(writeln!(context.out, "{text}")?);
    }
    match at.node.kind() {
        NodeKind::Scalar => writeln!(context.out, "{}", scalar(at.node))?,
        _ => write_yaml(at, references(args), &mut context.out, file.limits())?,
    }
    Ok(())
}

fn references(args: &Args) -> References {
    if args.resolve {
        References::Resolve
    } else {
        References::Keep
    }
}

fn document(args: &Args, context: &mut Context, at: FileNode<'_>) -> Result<(), Failure> {
    let limits = context.limits().clone();
    if args.resolve {
        // A reference may fail half-way; what is written is then nothing rather than a half.
        let mut document = Vec::new();
        write_json(at, References::Resolve, &mut document, &limits)?;
        context.out.write_all(&document)?;
    } else {
        write_json(at, References::Keep, &mut context.out, &limits)?;
    }
    Ok(())
}

/// Bare text. A pipe gets it as it is, a terminal escaped but for line ends and tabs.
fn scalar(node: Node<'_>) -> String {
    match node.value() {
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::BigInt(_)
        | Value::Float(_)
        | Value::Timestamp(_) => node.key_text().into_owned(),
        _ => node.text().unwrap_or_default().to_owned(),
    }
}
