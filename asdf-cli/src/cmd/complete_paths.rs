//! `asdf complete-paths`: what a shell may offer for a path that is being typed.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use asdf_core::inspect::{short_tag, type_name};
use asdf_core::{AsdfFile, Node, TreePath};
use std::io::Write;
use std::path::PathBuf;

/// Nodes of a list that are offered.
const MOST: usize = 100;

/// List the paths with which a beginning of one may go on, for completion scripts
///
/// A line each: the path as it is typed, a tab, and what stands there.
#[derive(Debug, clap::Args)]
#[command(
    hide = true,
    after_help = "Examples:\n  asdf complete-paths obs.asdf roman.meta.ex"
)]
pub(crate) struct Args {
    /// File
    file: PathBuf,
    /// The beginning of a path
    #[arg(default_value = "")]
    begun: String,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let file = context.open(&args.file)?;
    for (path, node) in offered(&file, &args.begun) {
        let kind = node
            .tag()
            .map_or_else(|| type_name(node).to_owned(), short_tag);
        writeln!(context.out, "{path}\t{kind}")?;
    }
    Ok(Exit::Fine)
}

/// The paths that begin so, one step longer than its last complete one, in the form in which it is typed.
fn offered<'f>(file: &'f AsdfFile, begun: &str) -> Vec<(String, Node<'f>)> {
    let is_pointer = begun.contains('/');
    let end = begun.rfind(if is_pointer { '/' } else { '.' });
    let (parent, last) = match end {
        Some(end) => (
            begun.get(..end).unwrap_or(""),
            begun.get(end + 1..).unwrap_or(""),
        ),
        None => ("", begun),
    };
    let Ok(parent_path) = TreePath::parse(parent) else {
        return Vec::new();
    };
    let Ok(node) = file.node(&parent_path) else {
        return Vec::new();
    };
    let front = begun.get(..begun.len() - last.len()).unwrap_or_default();
    let mut out = Vec::new();
    if let Some(map) = node.as_map() {
        for (key, value) in map {
            let key = key.key_text();
            if let Some(step) = step(&key, is_pointer).filter(|_| key.starts_with(last)) {
                out.push((format!("{front}{step}"), value));
            }
        }
    } else if let Some(seq) = node.as_seq() {
        for (index, item) in seq.iter().enumerate().take(MOST) {
            let index = index.to_string();
            if index.starts_with(last) {
                out.push((format!("{front}{index}"), item));
            }
        }
    }
    out
}

/// A key as it stands in a path; `None` for one that would have to be quoted, which shells do in their own ways.
fn step(key: &str, is_pointer: bool) -> Option<String> {
    let is_plain = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '$');
    if key.is_empty() {
        return None;
    }
    if key.chars().all(is_plain) || (is_pointer && !key.contains(['~', '/', ' ', '\'', '"', '\\']))
    {
        return Some(key.to_owned());
    }
    None
}
