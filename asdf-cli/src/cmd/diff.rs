//! `asdf diff`.

mod document;
mod ignored;
mod pairs;
mod text;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Item};
use crate::json::{self, FormArgs};
use crate::junit::{self, Case, Fault};
use crate::library::LibraryArgs;
use crate::output;
use crate::palette::paint;
use asdf_core::array::Tolerance;
use asdf_core::convert::{FitsReadOptions, draft_with_hdus, hdu_list, read_fits};
use asdf_core::fits::HduKind;
use asdf_core::inspect::{
    Diff, DiffOptions, DifferenceKind, PathPattern, diff, escape, file_name_text,
};
use asdf_core::{AsdfFile, Error, Node, WriteOptions};
use ignored::IgnoreSet;
use pairs::{Pair, Pairs};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

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
    after_help = "Examples:\n  asdf diff a.asdf b.asdf\n  asdf diff ref.asdf night/*.asdf\n  asdf diff old/ new/ --ignore '**/file_date' --jsonl\n  asdf diff a.asdf b.asdf --ignore history --ignore '**/file_date'\n  asdf diff reference/ run/ --ignore-set run --rtol 1e-5 --junit report.xml\n  asdf diff a.asdf b.asdf --rtol 1e-6 --json"
)]
pub(crate) struct Args {
    /// Two files, or folders, or a file and others; - for standard input, @LIST for a list of names
    #[arg(required = true, num_args = 2.., value_name = "A B")]
    words: Vec<PathBuf>,
    /// Leave out what is at these paths and below; * stands for one step, ** for any number
    #[arg(long, value_name = "PATTERN", value_parser = pattern)]
    ignore: Vec<PathPattern>,
    /// Leave out what differs from run to run
    #[arg(long, value_name = "SET", value_delimiter = ',')]
    ignore_set: Vec<IgnoreSet>,
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
    /// Write the result of each comparison as `JUnit` XML as well
    #[arg(long, value_name = "OUT")]
    junit: Option<PathBuf>,
    /// Overwrite OUT
    #[arg(short, long, requires = "junit")]
    force: bool,
    #[command(flatten)]
    library: LibraryArgs,
    #[command(flatten)]
    find: FindArgs,
}

/// A pattern that a path alone fits or not.
fn pattern(text: &str) -> Result<PathPattern, String> {
    let pattern: PathPattern = text
        .parse()
        .map_err(|error: asdf_core::Error| error.kind().to_string())?;
    if pattern.needs_lengths() {
        return Err("positions in lists count from the start here, as in items[0:3]".to_owned());
    }
    Ok(pattern)
}

fn tolerance(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(value) if value >= 0.0 => Ok(value),
        _ => Err("expected a number from 0 on".to_owned()),
    }
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let pairs = Pairs::of(&args.words, &args.find, args.form.form())?;
    if let Some(out) = &args.junit {
        output::check_free(out, args.force)?;
        let inputs = args.words.iter().map(PathBuf::as_path);
        let files = pairs.names().items().iter().filter_map(Item::path);
        output::check_distinct(&[out.as_path()], &inputs.chain(files).collect::<Vec<_>>())?;
    }
    // What is made of a file to compare it is not an output.
    context.make_outputs(true);
    let faults = Mutex::new(vec![None; pairs.names().items().len()]);
    let note = |number: usize, fault: Fault| {
        let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = faults.get_mut(number) {
            *slot = Some(fault);
        }
    };
    let work = |context: &mut Context, name: asdf_core::Result<&Path>| {
        let number = context.number;
        name?;
        let done = one(args, pairs.at(number)?, &pairs, context, |fault| {
            note(number, fault);
        });
        if let Err(Failure::Asdf(error)) = &done {
            note(number, trouble(error));
        }
        done
    };
    let exit = match args.form.form() {
        Some(form) => {
            let work = |context: &mut Context, path: &Path| work(context, Ok(path));
            let fault = |number: usize, error: &Error| document::fault(&pairs, number, error);
            json::each_path_or(context, pairs.names(), form, work, fault)?
        }
        None => context.each_path(pairs.names(), work)?,
    };
    if let Some(out) = &args.junit {
        let faults = faults.into_inner().unwrap_or_else(PoisonError::into_inner);
        let items = pairs.names().items().iter().zip(faults).enumerate();
        let cases = items.map(|(number, (item, fault))| Case {
            name: match pairs.at(number).map(Pair::name) {
                Ok(name) => file_name_text(name).into_owned(),
                Err(_) => file_name_text(item.path().unwrap_or(Path::new(""))).into_owned(),
            },
            fault: fault.or_else(|| item.given().err().as_ref().map(trouble)),
        });
        junit::write(out, "diff", &cases.collect::<Vec<_>>(), context)?;
    }
    Ok(exit)
}

/// A comparison that could not be made.
fn trouble(error: &Error) -> Fault {
    Fault {
        kinds: vec![json::kind(error).to_owned()],
        lines: vec![error.to_string()],
        is_error: true,
    }
}

/// One comparison, told as it is asked for; `note` gets what differs.
fn one(
    args: &Args,
    pair: &Pair,
    pairs: &Pairs,
    context: &mut Context,
    note: impl Fn(Fault),
) -> Result<Exit, Failure> {
    let form = args.form.form();
    let (a, b) = match pair.both() {
        Ok(both) => both,
        Err(only) => {
            note(Fault {
                kinds: vec![format!("only-in-{only}")],
                lines: vec![format!("only in {only}")],
                is_error: false,
            });
            if let Some(form) = form {
                write!(context.out, "{}", document::only_in_one(pair, form, only))?;
            } else {
                let name = pair.name().display().to_string();
                let line = format!("{}: only in {only}", escape(&name));
                writeln!(context.out, "{}", paint(context.palette.bad, line))?;
            }
            return Ok(Exit::No);
        }
    };
    compare(args, context, a, b, |context, found| {
        if !found.is_equal() {
            note(text::fault(found));
        }
        if let Some(form) = form {
            let document = document::whole(pair, form, found);
            return Ok(write!(context.out, "{document}")?);
        }
        if pairs.names().is_many() {
            headline(context, pair, found.is_equal())?;
        }
        text::show(context, found)
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
    args.library.warn_of_keywords(&a)?;
    args.library.warn_of_keywords(&b)?;
    let made = (
        as_converted(&a, &b, context)?,
        as_converted(&b, &a, context)?,
    );
    let (a, b) = (a.with_hdu_tree()?, b.with_hdu_tree()?);
    let mut ignore = args.ignore.clone();
    for set in &args.ignore_set {
        ignore.extend(set.patterns()?);
    }
    let options = DiffOptions {
        ignore,
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
