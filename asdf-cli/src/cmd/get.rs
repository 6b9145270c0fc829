//! `asdf get`.

mod array;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use asdf_core::convert::{References, write_json, write_yaml};
use asdf_core::file::FileNode;
use asdf_core::inspect::Selection;
use asdf_core::tree::{NodeKind, Value, float_text};
use asdf_core::{AsdfFile, Node};
use std::io::Write;
use std::path::PathBuf;

/// Print one value: scalars bare, mappings and lists as YAML, arrays as numbers
///
/// A slice reads and decodes only what it needs.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf get obs.asdf roman.meta.exposure.start_time\n  asdf get obs.asdf roman.meta --json\n  asdf get obs.asdf 'roman.data[0:4, ::512]'\n  asdf get obs.asdf roman.data --raw > data.f32\n  asdf get obs.asdf / --resolve"
)]
pub(crate) struct Args {
    /// File, or - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Node, `/` for the root; an array may be sliced as in numpy
    #[arg(value_name = "PATH")]
    path: String,
    /// Tagged JSON; arrays as nested lists
    #[arg(long)]
    json: bool,
    /// The array's bytes: little-endian, C order; of a text what it says, unescaped on a terminal too
    #[arg(long, conflicts_with = "json")]
    raw: bool,
    /// Follow `$ref` references, on the way to PATH and below it
    #[arg(long)]
    resolve: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    context.each(std::slice::from_ref(&args.file), |context, file| {
        one(args, context, file)
    })
}

fn one(args: &Args, context: &mut Context, file: &AsdfFile) -> Result<Exit, Failure> {
    let selection = if args.resolve {
        file.select_resolved(&args.path)
    } else {
        file.select(&args.path)
    };
    let Selection { at, slices } = selection?;
    if let Some(slices) = slices {
        let array = at.file.array_at(at.node)?;
        let outcome = array::write(args, context, &array, &slices);
        file.note_warnings(&array);
        return match outcome {
            Err(Failure::Asdf(error)) => Err(at.file.name_in(error).into()),
            outcome => outcome.map(|()| Exit::Fine),
        };
    }
    if args.raw && at.node.text().is_some() {
        context.out.pass_all();
        writeln!(context.out, "{}", scalar(at.node))?;
        return Ok(Exit::Fine);
    }
    if args.raw {
        let error = at.file.array_at(at.node).err();
        return Err(error.map_or_else(|| std::io::Error::other("no array").into(), Failure::from));
    }
    if args.json {
        document(args, context, at)?;
        writeln!(context.out)?;
        return Ok(Exit::Fine);
    }
    match at.node.kind() {
        NodeKind::Scalar => writeln!(context.out, "{}", scalar(at.node))?,
        _ => write_yaml(at, references(args), &mut context.out, file.limits())?,
    }
    Ok(Exit::Fine)
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
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::BigInt(value) => value.as_str().to_owned(),
        Value::Float(value) => float_text(value),
        Value::Timestamp(time) => time.to_string(),
        _ => node.text().unwrap_or_default().to_owned(),
    }
}
