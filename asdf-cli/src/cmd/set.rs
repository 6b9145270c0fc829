//! `asdf set`.

mod assignment;
mod from_file;
mod quantity;
mod stale;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs, check_file_first};
use crate::update;
use crate::update::cards;
use crate::usage::refused;
use asdf_core::error::{ErrorKind, Malformed};
use asdf_core::fits::{CardValue, is_numeric_keyword};
use asdf_core::tree::{NewNode, Nodes, Tree, TreeEdit, Value};
use asdf_core::{Draft, Error, Limits, Result, TreePath};
use assignment::Assignment;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Set values in the tree, or elements of an array
///
/// FILE PATH VALUE sets one value; -s PATH=VALUE may be repeated and sets them in each of any number of files, in a file
/// all of them or none.
///
/// The rest of the file stays as it is, byte for byte. The change is made in place when it fits in
/// the room after the tree, else a new file takes the place of the old one; stopped at any moment,
/// the file is the old one or the new one. What holds more than one value (an array, a mapping, a list) is
/// replaced with --replace only, but for a list of scalars by a list and an array by an array. A key that is new is told, and
/// so are mappings that are made on the way to it. A tag of a scalar that stood there stays. A change that breaks a
/// schema is refused, and one after which an array could not be read.
///
/// The value of a quantity is set by a number, or a number and a unit, which is converted into the unit that the file has; that of
/// a time by a time in the format that it has.
///
/// An index or a slice after the path of an array sets its elements, as numpy would, or those of a column: VALUE is one value
/// for all of them, or a list of their shape; of records a mapping sets fields by name. It must be one
/// that the array holds: nan only in floats, integers in their range, text that is not too long. A raw
/// block is changed in place, a compressed one is written anew with its codec.
///
/// Without --type, VALUE is a number (nan and inf, too), true, false, null, a list [...] or a mapping {...} if it looks
/// like one in JSON, else text.
///
/// Of a FITS file header cards can be set, with or without a tree beside them: fits/N/header/KEYWORD, N counts HDUs from 0,
/// or NAME:KEYWORD with the name of the HDU. The card keeps its comment unless --comment gives another, all other cards stay byte for byte, and CHECKSUM is as
/// right as it was. A keyword that is not there is added; HISTORY and COMMENT get one card more, HISTORY/2 replaces one.
/// Cards that say how the data are stored or what their numbers mean are refused.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "asdf set [OPTIONS] FILE PATH VALUE\n       asdf set [OPTIONS] -s PATH=VALUE... FILE...",
    after_help = "Examples:\n  asdf set obs.asdf roman.meta.exposure.type WFI_DARK\n  asdf set obs.asdf meta.flags '[1, 2, 5]'\n  asdf set obs.asdf meta.serial 0042 --type str\n  asdf set obs.asdf meta.wavelength '1.58 um'\n  asdf set obs.asdf meta.gain 1.8 --unit electron/DN\n  asdf set obs.asdf 'roman.data[0:10, 5]' nan\n  asdf set obs.asdf 'cat[3]' '{flux: 1.5, flag: 0}'\n  asdf set obs.asdf 'cat.flux[0:10]' nan\n  asdf set obs.asdf 'meta.steps[-1].status' done\n  asdf set obs.asdf meta.unit '!unit/unit-1.0.0 Jy' --type yaml\n  asdf set image.fits fits/0/header/EXPTIME 5 --comment '[s] exposure time'\n  asdf set image.fits 'fits/0/header/ESO DET ID' CCD-7\n  asdf set image.fits SCI:BUNIT Jy\n  asdf set obs.asdf roman.data --from-file data.npy\n  asdf set -s meta.observer=Ada -s 'meta.flags=[1, 2]' night/"
)]
pub(crate) struct Args {
    /// File
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Node
    #[arg(value_name = "PATH", required_unless_present = "assignments")]
    path: Option<OsString>,
    /// New value
    #[arg(
        value_name = "VALUE",
        allow_hyphen_values = true,
        required_unless_present_any = ["assignments", "from_file"],
        conflicts_with = "from_file"
    )]
    value: Option<OsString>,
    /// The new value is what a file holds: an array (.npy), or a node (.json, .yaml)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["assignments", "kind", "comment"])]
    from_file: Option<PathBuf>,
    /// More files, folders and @LISTs of names, with -s
    #[arg(value_name = "FILE", requires = "assignments")]
    more: Vec<OsString>,
    /// A node and its new value; may be repeated. All other arguments are files, folders and @LISTs of names then
    #[arg(
        short = 's',
        long = "set",
        id = "assignments",
        value_name = "PATH=VALUE"
    )]
    assignments: Vec<Assignment>,
    /// VALUE is in this unit: a quantity keeps the unit that it has, another node becomes a quantity
    #[arg(long, value_name = "UNIT", conflicts_with = "from_file")]
    unit: Option<String>,
    /// Type of VALUE
    #[arg(long = "type", id = "kind", value_name = "TYPE")]
    kind: Option<Kind>,
    /// Replace an array, a mapping, or a list
    #[arg(long)]
    replace: bool,
    /// Comment of a header card; a unit stands first, in square brackets
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    update: update::UpdateArgs,
    #[command(flatten)]
    find: FindArgs,
}

/// The types of `--type`.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Kind {
    /// Text
    Str,
    /// An integer of any size
    Int,
    /// A float; nan, inf
    Float,
    /// true or false
    Bool,
    /// null
    Null,
    /// Anything, as it would stand in the tree: tags, lists, mappings
    Yaml,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> std::result::Result<Exit, Failure> {
    if let Some(source) = &args.from_file {
        let path = args.path.as_deref().and_then(OsStr::to_str);
        let path = path.ok_or_else(|| refused("PATH is not UTF-8"))?;
        return from_file::run(args, path, source, context);
    }
    let (files, assignments) = what(args)?;
    let files = Inputs::find(&files, &args.find);
    update::each(&files, &args.update, context, |context, file| {
        change(file, &assignments, args, context)
    })
}

/// The files, and what is set in them.
fn what(args: &Args) -> Result<(Vec<PathBuf>, Vec<Assignment>)> {
    let others = args.path.iter().chain(&args.value);
    if !args.assignments.is_empty() {
        let others = others.chain(&args.more).map(PathBuf::from);
        let files = std::iter::once(args.file.clone()).chain(others);
        return Ok((files.collect(), args.assignments.clone()));
    }
    check_file_first(&args.file, others.clone().map(Path::new))?;
    let texts: Option<Vec<&str>> = others.map(|text| text.to_str()).collect();
    match texts.as_deref() {
        Some(&[path, value]) => Ok((vec![args.file.clone()], vec![Assignment::new(path, value)])),
        _ => Err(refused("PATH and VALUE are not UTF-8")),
    }
}

fn change(
    file: &Path,
    assignments: &[Assignment],
    args: &Args,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let paths: Vec<&str> = assignments.iter().map(Assignment::path).collect();
    let done = cards::run(file, &paths, &args.update, context, |edit, card| {
        if let Some(unit) = &args.unit {
            let reason =
                format!("a header card has its unit in its comment: --comment '[{unit}] ...'");
            return Err(refused(reason));
        }
        let assigned = assignments.get(card.asked);
        let text = assigned.map_or("", Assignment::value);
        let value = card_value(text, args.kind)?;
        if args.kind.is_none()
            && is_numeric_keyword(&card.keyword)
            && matches!(value, CardValue::Text(_) | CardValue::Logical(_))
        {
            let reason = format!(
                "`{}` is a number by the standard, and `{}` is none; --type str writes it all the same",
                card.keyword,
                text.escape_debug()
            );
            return Err(refused(reason));
        }
        let comment = args.comment.as_deref();
        edit.set(card.hdu, &card.keyword, card.number, &value, comment)
    })?;
    if let Some(done) = done {
        return Ok(done);
    }
    if args.comment.is_some() {
        let reason = "--comment goes with a header card: fits/N/header/KEYWORD";
        return Err(refused(reason).at_file(file).into());
    }
    let mut notes = Vec::new();
    let exit = update::run(file, &args.update, context, |draft, _| {
        for assignment in assignments {
            notes.extend(set(draft, assignment, args)?);
        }
        Ok(())
    })?;
    for note in &notes {
        context.note(note);
    }
    Ok(exit)
}

/// Sets a node, or elements of an array; gives what is to be told of it.
fn set(draft: &mut Draft<'_>, assignment: &Assignment, args: &Args) -> Result<Vec<String>> {
    let (text, kind) = (assignment.path(), args.kind);
    cards::refuse_card_name(draft, text)?;
    let part = match draft.source() {
        Some(file) => file.array_part(text)?,
        None => None,
    };
    if part.is_some() && args.unit.is_some() {
        let reason = "--unit is for the value of a node: elements have the unit of their array";
        return Err(refused(reason));
    }
    let Some((path, part)) = part else {
        let path = update::one_path(draft, text)?;
        let told = match draft.source() {
            Some(file) if file.tree_hdu().is_some() && !args.update.has_keywords(file)? => {
                stale::cards(file, &path)
            }
            _ => None,
        };
        if let Some((path, node)) = quantity::place(draft, &path, assignment.value(), args)? {
            return put(draft, &path, node, args.replace);
        }
        let old = draft.source().and_then(|file| file.node(&path).ok());
        let moment = match old {
            Some(node) if kind.is_none() && matches!(node.value(), Value::Timestamp(_)) => {
                draft.nodes().time(assignment.value())
            }
            _ => None,
        };
        let node = match moment {
            Some(node) => node,
            None => value(draft.nodes(), assignment.value(), kind)?,
        };
        let gone = old.and_then(|node| Some(node.tag()?.short()));
        let mut notes = put(draft, &path, node, args.replace)?;
        // A scalar keeps the tag, and a text of YAML may have one of its own.
        if let Some(gone) = gone.filter(|_| is_list_or_mapping(assignment.value())) {
            notes.push(format!("{path} was {gone}, and has no tag any more"));
        }
        notes.extend(told);
        return Ok(notes);
    };
    let mut edit = TreeEdit::new();
    let node = value(edit.nodes(), assignment.value(), kind)?;
    edit.set("value", node)?;
    let tree = edit.read_anew(&Limits::default())?;
    let done = draft.set_part_to(&path, &part, tree.node("value")?)?;
    let mut notes: Vec<String> = update::shared(&done.also, "changes").into_iter().collect();
    if done.is_masked {
        notes.push(format!("the mask of `{path}` stays as it is"));
    }
    Ok(notes)
}

/// Puts a node at a path; gives what is to be told of it.
fn put(
    draft: &mut Draft<'_>,
    path: &TreePath,
    node: NewNode,
    replace: bool,
) -> Result<Vec<String>> {
    update::refuse_subtree(draft, path, Some(node), replace)?;
    let left = update::left_in_hdus(draft, path);
    let mut notes: Vec<String> = update::added(draft, path, false)?.into_iter().collect();
    notes.extend(update::shared(&draft.tree().other_paths(path)?, "changes"));
    draft.tree().set(path, node)?;
    notes.extend(left);
    Ok(notes)
}

/// The value as that of a header card.
fn card_value(text: &str, kind: Option<Kind>) -> Result<CardValue> {
    let mut edit = TreeEdit::new();
    let node = value(edit.nodes(), text, kind)?;
    edit.set("value", node)?;
    let tree = edit.read_anew(&Limits::default())?;
    let value = asdf_core::convert::card_value(tree.node("value")?).ok();
    let wanted = "a number, a truth value, text or null, as cards have them";
    value.ok_or_else(|| bad(text, wanted))
}

fn value(nodes: &mut Nodes, text: &str, kind: Option<Kind>) -> Result<NewNode> {
    match kind {
        None => guess(nodes, text),
        Some(Kind::Str) => Ok(nodes.string(text)),
        Some(Kind::Null) if text == "null" || text.is_empty() => Ok(nodes.null()),
        Some(Kind::Null) => Err(bad(text, "null")),
        Some(Kind::Bool) => match text {
            "true" => Ok(nodes.bool(true)),
            "false" => Ok(nodes.bool(false)),
            _ => Err(bad(text, "true or false")),
        },
        Some(Kind::Int) => nodes.integer(text).ok_or_else(|| bad(text, "an integer")),
        Some(Kind::Float) => match float(text) {
            Some(value) => Ok(nodes.float(value)),
            None => Err(bad(text, "a float")),
        },
        Some(Kind::Yaml) => yaml(nodes, text),
    }
}

/// What a value looks like in JSON.
fn guess(nodes: &mut Nodes, text: &str) -> Result<NewNode> {
    if is_list_or_mapping(text) {
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        return if is_json {
            yaml(nodes, &with_numbers_of_yaml(text)?)
        } else {
            yaml(nodes, text)
        };
    }
    if text.starts_with(['[', '{']) && !text.contains([']', '}']) {
        let wanted = "a list [...] or a mapping {...}; --type str writes it as text";
        return Err(bad(text, wanted));
    }
    if matches!(text, "nan" | "inf" | "NaN" | "Infinity") {
        return Ok(nodes.float(float(text).unwrap_or(f64::INFINITY)));
    }
    let number =
        text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.'));
    let leading_zero = text
        .trim_start_matches(['-', '+'])
        .strip_prefix('0')
        .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()));
    match text {
        "true" => return Ok(nodes.bool(true)),
        "false" => return Ok(nodes.bool(false)),
        "null" => return Ok(nodes.null()),
        _ if !number || leading_zero => return Ok(nodes.string(text)),
        _ => {}
    }
    if let Some(node) = nodes.integer(text) {
        return Ok(node);
    }
    match float(text) {
        Some(value) => Ok(nodes.float(value)),
        None if text.parse().is_ok_and(f64::is_infinite) => {
            let wanted = "a number of 64 bits; --type str writes it as text";
            Err(bad(text, wanted))
        }
        None => Ok(nodes.string(text)),
    }
}

/// The same JSON with its floats as YAML 1.1 has them: there `1e5` is text, and `1.0e+5` a number.
///
/// # Errors
/// A number is beyond 64 bits.
fn with_numbers_of_yaml(text: &str) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (word, after) = if first == '"' {
            rest.split_at(string_end(rest))
        } else if first == '-' || first.is_ascii_digit() {
            let is_of_number = |char: char| char.is_ascii_digit() || "+-.eE".contains(char);
            let end = rest.find(|char| !is_of_number(char)).unwrap_or(rest.len());
            rest.split_at(end)
        } else {
            rest.split_at(first.len_utf8())
        };
        match word.split_once(['e', 'E']) {
            // Words such as `true` come a letter at a time.
            Some((digits, exponent)) if first == '-' || first.is_ascii_digit() => {
                if word.parse().is_ok_and(f64::is_infinite) {
                    return Err(bad(word, "a number of 64 bits"));
                }
                let point = if digits.contains('.') { "" } else { ".0" };
                let sign = if exponent.starts_with(['+', '-']) {
                    ""
                } else {
                    "+"
                };
                out.push_str(&format!("{digits}{point}e{sign}{exponent}"));
            }
            _ => out.push_str(word),
        }
        rest = after;
    }
    Ok(out)
}

/// Where a string of JSON ends that a text begins with.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// True for `[...]` and `{...}`; `[OIII] 5007` is text.
fn is_list_or_mapping(text: &str) -> bool {
    let is_whole = |open, close| text.starts_with(open) && text.trim_end().ends_with(close);
    is_whole('[', ']') || is_whole('{', '}')
}

fn float(text: &str) -> Option<f64> {
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    match text
        .trim_start_matches(['-', '+', '.'])
        .to_ascii_lowercase()
        .as_str()
    {
        "inf" => return Some(sign * f64::INFINITY),
        "nan" => return Some(f64::NAN),
        _ => {}
    }
    // `1e400` is not a number that a float can hold.
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A value with the tag handles that the standard's files have.
fn yaml(nodes: &mut Nodes, text: &str) -> Result<NewNode> {
    let document = format!("%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\n{text}\n...\n");
    let tree = Tree::parse(document.as_bytes(), 0, &Limits::default(), &mut Vec::new());
    match tree {
        Ok(tree) => Ok(nodes.copy(tree.root())),
        Err(error) => {
            let reason = match error.kind() {
                ErrorKind::Malformed(Malformed::Yaml { detail, .. }) => detail.to_string(),
                other => other.to_string(),
            };
            let wanted = format!(
                "a list or a mapping of JSON or YAML ({reason}); --type str writes it as text"
            );
            Err(bad(text, &wanted))
        }
    }
}

fn bad(text: &str, wanted: &str) -> Error {
    let reason = format!("`{}` is not {wanted}", text.escape_debug());
    crate::usage::refused(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_json_become_those_of_yaml() {
        let text = r#"{"a\"1e5": [1e-5, 1E3, -2.5e+7, true, false, null, 12, "1e5"], "é": 0.5}"#;
        let wanted =
            r#"{"a\"1e5": [1.0e-5, 1.0e+3, -2.5e+7, true, false, null, 12, "1e5"], "é": 0.5}"#;
        assert_eq!(with_numbers_of_yaml(text).unwrap(), wanted);
        assert!(with_numbers_of_yaml("[1e400]").is_err());
    }
}
