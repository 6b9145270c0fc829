//! `asdf diff`.

mod pairs;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::FindArgs;
use crate::json::{self, Form, FormArgs};
use crate::palette::paint;
use asdf_core::array::{ElementPair, Tolerance};
use asdf_core::convert::{FitsReadOptions, draft_with_hdus, hdu_list, read_fits};
use asdf_core::fits::HduKind;
use asdf_core::inspect::{
    Diff, DiffOptions, Difference, DifferenceKind, PathPattern, diff, escape,
};
use asdf_core::{AsdfFile, Node, WriteOptions};
use pairs::{Pair, Pairs};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Compare two files: trees by meaning, arrays by their elements
///
/// The order of keys, byte order, storage and compression are not differences. Blocks that no array names are
/// compared in their order, byte by byte; so is what cannot be read as an array, which is equal where its bytes are. A FITS
/// file is equal to the ASDF file that `asdf convert` makes of it. Exit code 1 when the files differ, 2 when an array
/// cannot be read and is not stored alike.
///
/// More files than one are each compared with the first. Of two folders the files are compared that have the same name
/// below them; one that only one folder has is a difference.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "asdf diff [OPTIONS] A B\n       asdf diff [OPTIONS] REF FILE...\n       asdf diff [OPTIONS] DIR DIR",
    after_help = "Examples:\n  asdf diff a.asdf b.asdf\n  asdf diff ref.asdf night/*.asdf\n  asdf diff old/ new/ --ignore '**/file_date' --jsonl\n  asdf diff a.asdf b.asdf --ignore history --ignore '**/file_date'\n  asdf diff a.asdf b.asdf --rtol 1e-6 --json"
)]
pub(crate) struct Args {
    /// Two files, or folders, or a file and others; - for standard input, @LIST for a list of names
    #[arg(required = true, num_args = 2.., value_name = "A B")]
    words: Vec<PathBuf>,
    /// Leave out what is at these paths and below; * stands for one step, ** for any number
    #[arg(long, value_name = "PATTERN")]
    ignore: Vec<PathPattern>,
    /// Numbers may be apart by this times the magnitude of B's
    #[arg(long, value_name = "X", default_value_t = 0.0, value_parser = tolerance)]
    rtol: f64,
    /// Numbers may be apart by this
    #[arg(long, value_name = "X", default_value_t = 0.0, value_parser = tolerance)]
    atol: f64,
    /// Do not compare the elements of arrays
    #[arg(long)]
    no_arrays: bool,
    /// What belongs to the container as well: the hash of the headers in the tree of a FITS file
    #[arg(long)]
    all: bool,
    /// Differences of the tree that are shown
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    most: usize,
    #[command(flatten)]
    form: FormArgs,
    #[command(flatten)]
    find: FindArgs,
}

fn tolerance(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(value) if value >= 0.0 => Ok(value),
        _ => Err("expected a number from 0 on".to_owned()),
    }
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let pairs = Pairs::of(&args.words, &args.find)?;
    // What is made of a file to compare it is not an output.
    context.make_outputs(true);
    if let Some(form) = args.form.form() {
        return json::each_path(context, pairs.names(), form, |context, _| {
            let pair = pairs.at(context.number)?;
            match pair.both() {
                Ok((a, b)) => compare(args, context, a, b, |context, found| {
                    let document = whole(pair, form, found);
                    Ok(write!(context.out, "{document}")?)
                }),
                Err(only) => {
                    write!(context.out, "{}", only_in_one(pair, form, only))?;
                    Ok(Exit::No)
                }
            }
        });
    }
    context.each_path(pairs.names(), |context, name| {
        name?;
        let pair = pairs.at(context.number)?;
        match pair.both() {
            Ok((a, b)) => compare(args, context, a, b, |context, found| {
                if pairs.names().is_many() {
                    headline(context, pair, found.is_equal())?;
                }
                show(context, found)
            }),
            Err(only) => {
                let name = pair.name().display().to_string();
                let line = format!("{}: only in {only}", escape(&name));
                let line = paint(context.palette.bad, line);
                writeln!(context.out, "{line}")?;
                Ok(Exit::No)
            }
        }
    })
}

fn headline(context: &mut Context, pair: &Pair, is_equal: bool) -> Result<(), Failure> {
    let name = pair.name().display().to_string();
    let verdict = if is_equal {
        paint(context.palette.good, "equal")
    } else {
        paint(context.palette.bad, "differs")
    };
    Ok(writeln!(context.out, "{}: {verdict}", escape(&name))?)
}

/// Compares two files and tells what is found; what cannot be compared is trouble.
fn compare(
    args: &Args,
    context: &mut Context,
    a: &Path,
    b: &Path,
    tell: impl FnOnce(&mut Context, &Diff) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    let (a, b) = (context.open_alone(a)?, context.open_alone(b)?);
    let made = (
        as_converted(&a, &b, context)?,
        as_converted(&b, &a, context)?,
    );
    let (a, b) = (a.with_hdu_tree()?, b.with_hdu_tree()?);
    let options = DiffOptions {
        ignore: args.ignore.clone(),
        tolerance: Tolerance {
            relative: args.rtol,
            absolute: args.atol,
        },
        arrays: !args.no_arrays,
        all: args.all,
        most: args.most,
    };
    let found = {
        let a = made.0.as_ref().map_or(&a, |made| &made.1);
        let b = made.1.as_ref().map_or(&b, |made| &made.1);
        diff(a, b, &options)?
    };
    context.warn_all(a.warnings().chain(b.warnings()));
    a.check_unchanged()?;
    b.check_unchanged()?;
    tell(context, &found)?;
    let mut exit = if found.is_equal() {
        Exit::Fine
    } else {
        Exit::No
    };
    for difference in &found.differences {
        if let DifferenceKind::Unreadable(error) = &difference.kind {
            exit = exit.max(context.complain(error));
        }
    }
    Ok(exit)
}

/// The comparison of two files.
fn whole(pair: &Pair, form: Form, found: &Diff) -> Value {
    let rest = json!({
        "a": pair.a(),
        "b": pair.b(),
        "equal": found.is_equal(),
        "differences": found.differences.iter().map(document).collect::<Vec<_>>(),
        "more": found.more,
    });
    pair.named(form, rest)
}

/// A file that only one folder has.
fn only_in_one(pair: &Pair, form: Form, only: char) -> Value {
    let difference =
        json!({ "path": "", "kind": format!("only-in-{only}"), "a": pair.a(), "b": pair.b() });
    let rest = json!({
        "a": pair.a(),
        "b": pair.b(),
        "equal": false,
        "differences": [difference],
        "more": 0,
    });
    pair.named(form, rest)
}

/// A FITS file as what `asdf convert` makes of it, when it is compared with an ASDF file: its tree with the HDUs beside it,
/// or the list of its HDUs, when there is such a list. The file is gone with its first part.
fn as_converted(
    file: &AsdfFile,
    other: &AsdfFile,
    context: &Context,
) -> Result<Option<(tempfile::NamedTempFile, AsdfFile)>, Failure> {
    let (Some(fits), None) = (file.fits(), other.fits()) else {
        return Ok(None);
    };
    let has_tree = file.tree_hdu().is_some();
    let list = hdu_list(other.tree().root()).and_then(Node::as_seq);
    if list.is_none() && !has_tree {
        return Ok(None);
    }
    // Random groups are there as bytes in any case.
    let images = |kind: HduKind| !matches!(kind, HduKind::Groups | HduKind::Other);
    let mut raw = false;
    let mut wcs = false;
    for (item, hdu) in list.iter().flat_map(|list| list.iter().zip(fits.hdus())) {
        raw |= images(hdu.kind()) && item.get("raw").is_some();
        wcs |= item.get("wcs").is_some();
    }
    let options = FitsReadOptions::default().raw_hdus(raw).wcs(wcs);
    let draft = if has_tree {
        draft_with_hdus(file, &options)
    } else {
        read_fits(fits, &options)
    };
    let spool = tempfile::NamedTempFile::new()?;
    let write = WriteOptions::default().checksums(false).keep_corrupt(true);
    let written = draft.and_then(|draft| draft.save(spool.path(), &write));
    written.map_err(|error| file.name_in(error))?;
    let made = context.options().open_as(spool.path(), file.name())?;
    Ok(Some((spool, made)))
}

fn show(context: &mut Context, found: &Diff) -> Result<(), Failure> {
    let palette = context.palette;
    for difference in &found.differences {
        let path = difference.path.to_string();
        let path = paint(
            palette.key,
            escape(if path.is_empty() { "/" } else { &path }),
        );
        let a = difference.a.as_deref().map(escape).unwrap_or_default();
        let b = difference.b.as_deref().map(escape).unwrap_or_default();
        let change = format!("{} → {}", paint(palette.bad, &a), paint(palette.good, &b));
        let line = match &difference.kind {
            DifferenceKind::OnlyInA => format!("- {path}: {}", paint(palette.bad, &a)),
            DifferenceKind::OnlyInB => format!("+ {path}: {}", paint(palette.good, &b)),
            DifferenceKind::Value => format!("~ {path}: {change}"),
            DifferenceKind::Elements(_) => format!("~ {path}: {}", elements(difference)),
            DifferenceKind::Unreadable(_) => format!("! {path}: cannot be compared"),
            DifferenceKind::Block => {
                let none = |text: &str| if text.is_empty() { "none" } else { text }.to_owned();
                let (a, b) = (paint(palette.bad, none(&a)), paint(palette.good, none(&b)));
                format!("~ a block that no array names: {a} → {b}")
            }
            kind => format!("~ {path}: {} {change}", paint(palette.kind, kind.name())),
        };
        writeln!(context.out, "{line}")?;
    }
    if found.more > 0 {
        let more = format!("and {} more", found.more);
        writeln!(context.out, "{}", paint(palette.faint, more))?;
    }
    Ok(())
}

/// `12 of 4096 elements differ, largest 0.5 at [17, 20] (1.25 → 1.75)`
fn elements(difference: &Difference) -> String {
    let DifferenceKind::Elements(found) = &difference.kind else {
        return String::new();
    };
    let mut text = format!("{} of {} elements differ", found.differing, found.count);
    let pair = |pair: &ElementPair| {
        let (a, b) = (escape(&pair.a).into_owned(), escape(&pair.b).into_owned());
        format!("at {:?} ({a} → {b})", pair.index)
    };
    match (&found.largest, &found.first) {
        (Some((distance, largest)), _) => {
            text.push_str(&format!(", largest {} {}", distance, pair(largest)));
        }
        (None, Some(first)) => text.push_str(&format!(", first {}", pair(first))),
        (None, None) => {}
    }
    if found.nans > 0 {
        text.push_str(&format!(", {} NaN in one only", found.nans));
    }
    if found.masks > 0 {
        text.push_str(&format!(", {} masked in one only", found.masks));
    }
    text
}

fn document(difference: &Difference) -> Value {
    let mut out = json!({
        "path": difference.path.to_string(),
        "kind": difference.kind.name(),
        "a": difference.a,
        "b": difference.b,
    });
    let pair = |pair: &ElementPair| json!({ "index": pair.index, "a": pair.a, "b": pair.b });
    let more = match &difference.kind {
        DifferenceKind::Elements(found) => json!({
            "elements": found.count,
            "differing": found.differing,
            "nan_in_one": found.nans,
            "masked_in_one": found.masks,
            "first": found.first.as_ref().map(pair),
            "largest": found.largest.as_ref().map(|(distance, at)| {
                let mut out = pair(at);
                if let Some(map) = out.as_object_mut() {
                    map.insert("difference".into(), distance.to_json());
                }
                out
            }),
        }),
        DifferenceKind::Unreadable(error) => json!({ "error": error.to_string() }),
        _ => json!({}),
    };
    if let (Some(out), Value::Object(more)) = (out.as_object_mut(), more) {
        out.extend(more);
    }
    out
}
