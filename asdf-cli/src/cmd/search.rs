//! `asdf search`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::json::{Form, NodeFormArgs, fault};
use crate::palette::paint;
use crate::render;
use crate::report;
use asdf_core::AsdfFile;
use asdf_core::convert::{References, write_json};
use asdf_core::file::FileNode;
use asdf_core::inspect::{Hit, Query, ValueType, escape, type_name};
use regex::Regex;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// Find nodes by key, value, type, tag or path
///
/// All conditions given must hold. The search is typed: `--value 1` finds the numbers 1 and 1.0,
/// never `true` and never the string "1" (that is `--value '"1"'`). Exit code 1 when nothing is found.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf search --key exposure obs.asdf\n  asdf search --value WFI_IMAGE *.asdf\n  asdf search --type float --path 'meta/.*time' obs.asdf\n  asdf search --tag 'tag:stsci.edu:gwcs/*' obs.asdf"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Regular expression that the key contains
    #[arg(short, long, value_name = "RE")]
    key: Option<Regex>,
    /// Value, written as in YAML
    #[arg(long, value_name = "V")]
    value: Option<String>,
    /// Type: str, int, float, bool, null, timestamp, binary, map, list, array
    #[arg(short = 't', long = "type", value_name = "T")]
    kind: Option<ValueType>,
    /// Tag: full URI or its short form, with `*` for anything
    #[arg(long, value_name = "GLOB")]
    tag: Option<String>,
    /// Regular expression that the path (a JSON Pointer) contains
    #[arg(short, long, value_name = "RE")]
    path: Option<Regex>,
    #[command(flatten)]
    form: NodeFormArgs,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let query = Query {
        key: args.key.clone(),
        value: args.value.clone(),
        kind: args.kind,
        tag: args.tag.clone(),
        path: args.path.clone(),
    };
    if query.is_empty() {
        report::text("search needs at least one of --key, --value, --type, --tag, --path");
        return Ok(Exit::Trouble);
    }
    let files = Inputs::find(&args.files, &args.find);
    let found = AtomicBool::new(false);
    if let Some(form) = args.form.form() {
        return documents(args, form, &query, &files, &found, context);
    }
    let exit = context.each(&files, |context, file| {
        let prefix = if files.is_many() {
            format!("{}: ", file.name().display())
        } else {
            String::new()
        };
        for hit in file.search(&query)? {
            show(context, &prefix, &hit?)?;
            found.store(true, Ordering::Relaxed);
        }
        Ok(Exit::Fine)
    })?;
    Ok(exit.max(verdict(&found)))
}

fn verdict(found: &AtomicBool) -> Exit {
    if found.load(Ordering::Relaxed) {
        Exit::Fine
    } else {
        Exit::No
    }
}

/// The nodes found in all files, as one list or as lines.
fn documents(
    args: &Args,
    form: Form,
    query: &Query,
    files: &Inputs,
    found: &AtomicBool,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let is_list = form == Form::Json;
    let begun = AtomicBool::new(false);
    // What stands before a document is known when those before it are written.
    let separate = |context: &mut Context| -> Result<(), Failure> {
        context.wait_for_turn();
        if begun.swap(true, Ordering::Relaxed) {
            write!(context.out, "{}", if is_list { "," } else { "\n" })?;
        }
        Ok(())
    };
    if is_list {
        write!(context.out, "[")?;
    }
    let exit = context.each_path(files, |context, path| {
        let outcome = path.map_err(Failure::from).and_then(|path| {
            context.with_open(path, |context, file| {
                for hit in file.search(query)? {
                    let hit = hit?;
                    separate(context)?;
                    args.form
                        .write(context, |context| document(context, file, &hit))?;
                    found.store(true, Ordering::Relaxed);
                }
                Ok(Exit::Fine)
            })
        });
        let Err(Failure::Asdf(error)) = outcome else {
            return outcome;
        };
        separate(context)?;
        write!(context.out, "{}", fault(files, context.number, &error))?;
        Ok(context.complain(&error))
    })?;
    let has_lines = begun.load(Ordering::Relaxed);
    if is_list {
        writeln!(context.out, "]")?;
    } else if has_lines {
        writeln!(context.out)?;
    }
    Ok(exit.max(verdict(found)))
}

/// One node found. Its value may be large, so it is streamed into the document.
fn document(context: &mut Context, file: &AsdfFile, hit: &Hit<'_>) -> Result<(), Failure> {
    let head = json!({
        "file": file.name().to_string_lossy(),
        "path": hit.path.to_string(),
        "type": type_name(hit.node),
        "tag": hit.node.tag().map(asdf_core::tree::Tag::as_str),
    });
    let head = head.to_string();
    write!(
        context.out,
        "{},\"value\":",
        head.strip_suffix('}').unwrap_or(&head)
    )?;
    let limits = context.limits().clone();
    write_json(
        FileNode {
            file,
            node: hit.node,
        },
        References::Keep,
        &mut context.out,
        &limits,
    )?;
    write!(context.out, "}}")?;
    Ok(())
}

fn show(context: &mut Context, prefix: &str, hit: &Hit<'_>) -> Result<(), Failure> {
    let palette = context.palette;
    let path = hit.path.to_string();
    let mut line = paint(
        palette.key,
        escape(&format!(
            "{prefix}{}",
            if path.is_empty() { "/" } else { &path }
        )),
    );
    let kind = hit.node.tag().map_or_else(
        || type_name(hit.node).to_owned(),
        asdf_core::inspect::short_tag,
    );
    line.push_str(&paint(palette.kind, format!(" ({})", escape(&kind))));
    if let Some(text) = hit.node.text() {
        let text = if type_name(hit.node) == "str" {
            format!("\"{}\"", escape(text))
        } else {
            escape(text).into_owned()
        };
        line.push_str(&format!(
            ": {}",
            render::fit(&text, context.columns.unwrap_or(1000))
        ));
    }
    writeln!(context.out, "{line}")?;
    Ok(())
}
