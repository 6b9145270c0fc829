//! `asdf complete-paths`: what a shell may offer for a path that is being typed.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use asdf_core::array::{Datatype, is_array};
use asdf_core::file::FileNode;
use asdf_core::inspect::{PathPattern, short_tag, type_name};
use asdf_core::{AsdfFile, TreePath};
use std::io::Write;
use std::path::PathBuf;

/// Nodes of a list that are offered.
const MOST: usize = 100;

/// List the paths with which a beginning of one may go on, for completion scripts
///
/// A line each: the path as it is typed, without what a shell needs around it, a tab, and what stands there.
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
    for (path, kind) in offered(&file, &args.begun) {
        writeln!(context.out, "{path}\t{kind}")?;
    }
    Ok(Exit::Fine)
}

/// How a step is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// After `.`, or `/` in a path that does not begin with it: a key with other characters stands in quotes.
    Word,
    /// In a JSON Pointer: any key, with `~0` and `~1`.
    Pointer,
    /// In brackets that are open, with the quote that was typed.
    Bracket(Option<char>),
}

/// Where the last step of a beginning starts, and how it is written; `None` within brackets that are closed.
fn last_step(begun: &str) -> (usize, Form) {
    let is_pointer = begun.starts_with('/');
    let (mut start, mut open, mut quote) = (0, None, None);
    let mut is_escaped = false;
    for (at, char) in begun.char_indices() {
        match (quote, open, char) {
            _ if is_escaped => is_escaped = false,
            (Some(_), _, '\\') => is_escaped = true,
            (Some(mark), _, char) if char == mark => quote = None,
            (None, Some(place), '"' | '\'') if at == place + 1 => quote = Some(char),
            (None, Some(_), ']') => (open, start) = (None, at + 1),
            (None, None, '[') if !is_pointer => open = Some(at),
            (None, None, '.') if !is_pointer => start = at + 1,
            (None, None, '/') => start = at + 1,
            _ => {}
        }
    }
    match open {
        Some(place) => {
            let mark = begun.get(place + 1..).and_then(|rest| rest.chars().next());
            let mark = mark.filter(|mark| matches!(mark, '"' | '\''));
            (place, Form::Bracket(mark))
        }
        None if is_pointer => (start, Form::Pointer),
        None => (start, Form::Word),
    }
}

/// The paths that begin so, one step longer than the last one that is complete, in the form in which they are typed, each with
/// what stands there.
fn offered(file: &AsdfFile, begun: &str) -> Vec<(String, String)> {
    let (start, form) = last_step(begun);
    let (front, typed) = begun.split_at(start.min(begun.len()));
    let parent = front.strip_suffix(['.', '/']).unwrap_or(front);
    // Of several nodes the first one shows what there is.
    let pattern: Result<PathPattern, _> = parent.parse();
    let Ok(pattern) = pattern else {
        return Vec::new();
    };
    let found = file.select_all(&pattern, false);
    let Some(Ok(found)) = found.ok().and_then(|mut all| all.next()) else {
        return Vec::new();
    };
    if found.part.is_some() {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut offer = |key: &str, is_index: bool, kind: &dyn Fn() -> String| {
        if let Some(step) =
            step(key, is_index, form).filter(|step| is_begun(step, key, typed, form))
        {
            out.push((format!("{front}{step}"), kind()));
        }
    };
    let at = found.at;
    if let Some(names) = columns(at) {
        for (name, kind) in names {
            offer(&name, false, &|| kind.clone());
        }
    } else if let Some(map) = at.node.as_map() {
        for (key, value) in map {
            offer(&key.key_text(), false, &|| {
                value
                    .tag()
                    .map_or_else(|| type_name(value).to_owned(), short_tag)
            });
        }
    } else if let Some(seq) = at.node.as_seq() {
        for (index, item) in seq.iter().enumerate().take(MOST) {
            offer(&index.to_string(), true, &|| {
                item.tag()
                    .map_or_else(|| type_name(item).to_owned(), short_tag)
            });
        }
    }
    out
}

/// The columns of an array of records, each with its datatype.
fn columns(at: FileNode<'_>) -> Option<Vec<(String, String)>> {
    if !is_array(at.node) {
        return None;
    }
    let array = at.file.array_at(at.node).ok()?;
    let Datatype::Record(fields) = array.datatype() else {
        return None;
    };
    let name = |(index, field): (usize, &asdf_core::array::Field)| {
        (field.label(index), field.datatype.to_string())
    };
    Some(fields.iter().enumerate().map(name).collect())
}

/// Whether what was typed is the beginning of a step; a key that needs quotes may be begun without them.
fn is_begun(step: &str, key: &str, typed: &str, form: Form) -> bool {
    step.starts_with(typed) || (form == Form::Word && key.starts_with(typed))
}

/// A key or an index as it stands in a path; `None` where it cannot.
fn step(key: &str, is_index: bool, form: Form) -> Option<String> {
    let is_plain = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '$');
    let quoted = |mark: char| {
        let mut text = String::from('[');
        text.push(mark);
        for char in key.chars() {
            if char == mark || char == '\\' {
                text.push('\\');
            }
            text.push(char);
        }
        text.push(mark);
        text.push(']');
        text
    };
    // What would end a line or steer a terminal is typed by nobody.
    if key.chars().any(char::is_control) {
        return None;
    }
    match form {
        Form::Pointer => Some(TreePath::default().key(key).to_string().split_off(1)),
        Form::Bracket(mark) if !is_index => Some(quoted(mark.unwrap_or('"'))),
        Form::Bracket(None) => Some(format!("[{key}]")),
        Form::Bracket(Some(_)) => None,
        Form::Word if is_index || (!key.is_empty() && key.chars().all(is_plain)) => {
            Some(key.to_owned())
        }
        Form::Word => Some(quoted('"')),
    }
}
