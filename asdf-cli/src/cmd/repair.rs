//! `asdf repair`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::json::{self, Form, FormArgs};
use crate::out_dir::OutDirArgs;
use crate::output;
use crate::palette::paint;
use crate::usage;
use asdf_core::WriteOptions;
use asdf_core::file::{
    BlockState, Content, Input, Loss, LossKind, Salvaged, SalvagedBlock, salvage, salvage_file,
    salvage_without_journal,
};
use asdf_core::inspect::{Problem, Soundness, escape};
use serde_json::{Value, json};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Recover what is readable of a damaged or truncated file and say what was lost
///
/// An array never gets the data of another block. Blocks have the numbers that the block index or an
/// unbroken sequence of headers proves; those without are written after all others, where no array
/// names them, and an empty block stands in place of each lost one. A cut block is filled up with zeros,
/// a damaged one is kept byte for byte; both keep their recorded checksum, so that `verify` goes on
/// telling. What FILE names in other files comes along: in the same folder the names stay, elsewhere the
/// data go to files beside OUT that are named after it (OUT0000.asdf and so on). When part of the tree cannot be read, its whole text goes to OUT.lost.yaml. A change that
/// was not completed is taken back in OUT. Exit code 1 when anything was lost.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf repair damaged.asdf -o repaired.asdf\n  asdf repair night/ --out-dir repaired\n  asdf repair damaged.asdf --dry-run --json"
)]
pub(crate) struct Args {
    /// The damaged file, or - for standard input; with --out-dir or --dry-run any number of files, folders and @LISTs of names
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The file to write; never FILE itself
    #[arg(
        short,
        long,
        value_name = "OUT",
        required_unless_present_any = ["dry_run", "out_dir"],
        conflicts_with = "out_dir"
    )]
    output: Option<PathBuf>,
    #[command(flatten)]
    out_dir: OutDirArgs,
    /// Replace OUT when it exists
    #[arg(short, long)]
    force: bool,
    /// Of a file that was left in the middle of a change in place, when its journal is lost: what stands there, old and new as it is
    #[arg(long)]
    without_journal: bool,
    /// Only tell what would be recovered and lost
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    form: FormArgs,
    #[command(flatten)]
    find: FindArgs,
}

/// One file, and where what is recovered of it goes, if anywhere.
#[derive(Clone, Copy)]
struct Job<'a> {
    file: &'a Path,
    target: Option<&'a Path>,
    force: bool,
    without_journal: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let files = Inputs::find(&args.files, &args.find);
    let is_written = !args.dry_run;
    let outputs = args
        .out_dir
        .is_given()
        .then(|| args.out_dir.outputs(&files, "asdf"));
    let outputs = outputs.filter(|_| is_written).transpose()?;
    if is_written && args.output.is_some() && files.is_many() {
        let reason =
            "--output is for the result of one file; for several --out-dir DIR says where they go";
        return Err(usage::refused(reason).into());
    }
    let one = |context: &mut Context, file: &Path| {
        let target = match &outputs {
            Some(outputs) => Some(outputs.of(context.number)?),
            None => args.output.as_deref().filter(|_| is_written),
        };
        let force = args.force;
        let job = Job {
            file,
            target,
            force,
            without_journal: args.without_journal,
        };
        repair(job, args.form.form(), context)
    };
    match args.form.form() {
        Some(form) => json::each_path(context, &files, form, one),
        None => context.each_path(&files, |context, file| one(context, file?)),
    }
}

fn repair(job: Job<'_>, form: Option<Form>, context: &mut Context) -> Result<Exit, Failure> {
    let Job {
        file,
        target,
        force,
        without_journal,
    } = job;
    if let Some(target) = target {
        refuse(file, target, force).map_err(|error| named(target, &error))?;
        if crate::network::is_object(target) {
            refuse_object(file, target, force)?;
        }
    }
    let found = find(file, without_journal, context)?;
    let mut parts = Vec::new();
    if let Some(target) = target {
        if found.names_files() && !stays(file, target) {
            parts = carry(job, &found, target, context)?;
            write_text(&found, target, context)?;
        } else {
            write_text(&found, target, context)?;
            write(&found, target, context)?;
        }
    }
    let outside = outside(file, &found, context)?;
    if form.is_some() {
        let mut document = report(job, &found, &parts);
        if let Some(losses) = document["losses"].as_array_mut() {
            losses.extend(outside.iter().map(outside_json));
        }
        write!(context.out, "{document}")?;
    } else {
        show(context, job, &found)?;
        for problem in &outside {
            let line = format!("{}: {problem}", file.display());
            writeln!(context.out, "{}", paint(context.palette.bad, escape(&line)))?;
        }
        for part in &parts {
            let text = format!("written {}", part.display());
            writeln!(context.out, "{}", escape(&text))?;
        }
    }
    Ok(if found.losses.is_empty() && outside.is_empty() {
        Exit::Fine
    } else {
        Exit::No
    })
}

/// What is wrong with the arrays of a file that is whole by itself: their data may be in other files, which are not repaired.
fn outside(path: &Path, found: &Salvaged, context: &Context) -> Result<Vec<Problem>, Failure> {
    let is_named = path != Path::new("-") && !asdf_core::file::is_url(path);
    if !is_named || !found.losses.is_empty() || !found.names_files() {
        return Ok(Vec::new());
    }
    let file = found.in_place_of(path, context.options())?;
    Ok(Soundness::of(&file).problems)
}

fn find(path: &Path, without_journal: bool, context: &Context) -> Result<Salvaged, Failure> {
    Ok(if path == Path::new("-") {
        let limits = context.limits();
        let input = Input::read(io::stdin().lock(), limits)?;
        salvage(input, limits).map_err(|error| error.at_file(path))?
    } else if let Some(input) = crate::network::read(path, context) {
        let name = crate::network::shown(path);
        salvage(input?, context.limits()).map_err(|error| error.at_file(&name))?
    } else if without_journal {
        salvage_without_journal(path, context.options().input())?
    } else {
        salvage_file(path, context.options().input())?
    })
}

/// The error with the name of the file that it is about.
fn named(path: &Path, error: &io::Error) -> Failure {
    let text = format!("{}: {error}", path.display());
    Failure::Asdf(io::Error::new(error.kind(), text).into())
}

/// The damaged file is never written to, and another one only when that is wanted.
fn refuse(file: &Path, target: &Path, force: bool) -> io::Result<()> {
    let refused = |error: asdf_core::Error| {
        let text = error.kind().to_string();
        io::Error::new(io::ErrorKind::InvalidInput, text)
    };
    output::gzip::refuse(target, "a repaired file").map_err(refused)?;
    output::check_is_asdf(target).map_err(refused)?;
    let same = match (fs::canonicalize(file), fs::canonicalize(target)) {
        (Ok(file), Ok(target)) => file == target,
        _ => false,
    };
    if same {
        let text = "is the damaged file itself, which is not written to";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    if !force {
        for path in [target.to_path_buf(), beside(target)] {
            if fs::symlink_metadata(&path).is_ok() {
                let text = format!("{} exists, --force replaces it", path.display());
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
            }
        }
    }
    Ok(())
}

/// As [`refuse`], of an object.
fn refuse_object(file: &Path, target: &Path, force: bool) -> asdf_core::Result<()> {
    let shown = crate::network::shown(target);
    if shown == crate::network::shown(file) {
        let reason = "is the damaged file itself, which is not written to";
        return Err(usage::refused(reason).at_file(&shown));
    }
    output::check_free(target, force)?;
    output::check_free(&beside(target), force)
}

/// Where the text of a damaged tree goes.
fn beside(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".lost.yaml");
    name.into()
}

fn write_text(found: &Salvaged, target: &Path, context: &mut Context) -> Result<(), Failure> {
    let Some(span) = &found.lost_text else {
        return Ok(());
    };
    let text = found.input().slice(span.clone())?;
    output::write(&beside(target), &mut context.out, |out| {
        Ok(out.write_all(text)?)
    })
}

fn write(found: &Salvaged, target: &Path, context: &mut Context) -> Result<(), Failure> {
    output::write(target, &mut context.out, |file| {
        let mut out = BufWriter::with_capacity(1 << 20, file);
        found.write_to(&mut out)?;
        Ok(out.flush()?)
    })
}

/// True when names of other files lead from the repaired file to where they led from the damaged one. Standard input has
/// no place, and a file that is replaced may be one of those.
fn stays(file: &Path, target: &Path) -> bool {
    let folder = |path: &Path| {
        let folder = path.parent().unwrap_or(Path::new(""));
        fs::canonicalize(Path::new(".").join(folder)).ok()
    };
    file == Path::new("-")
        || (folder(target).is_some()
            && folder(file) == folder(target)
            && fs::symlink_metadata(target).is_err())
}

/// Writes the repaired file with what it names in other files: data in files beside it that are named after it, and
/// other names changed so that they lead to the same place. Gives the new files.
fn carry(
    job: Job<'_>,
    found: &Salvaged,
    target: &Path,
    context: &mut Context,
) -> Result<Vec<PathBuf>, Failure> {
    let mut bring = || -> asdf_core::Result<Vec<PathBuf>> {
        let file = found.in_place_of(job.file, context.options())?;
        let mut draft = file.to_draft();
        let options = WriteOptions::default().keep_corrupt(true);
        draft.set_output(output::file_name(target));
        if output::file_name(target).is_none() {
            let written = output::write_draft(target, &mut context.out, &mut draft, &options);
            return written.map(|()| Vec::new()).map_err(Failure::into_error);
        }
        let parts = output::copy_parts(&mut draft, target, job.force)?;
        draft.save(target, &options)?;
        Ok(parts)
    };
    bring().map_err(|error| {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let beside = job.file.with_file_name(&*name);
        let reason = format!(
            "{error}: what the file names in other files cannot come along; with `-o {}` it goes on naming them as it does",
            escape(&beside.to_string_lossy())
        );
        Failure::Asdf(usage::refused(reason))
    })
}

fn report(job: Job<'_>, found: &Salvaged, parts: &[PathBuf]) -> Value {
    let out = job.target;
    let lost_text = out
        .filter(|_| found.lost_text.is_some())
        .map(|out| asdf_core::inspect::file_name_text(&beside(out)).into_owned());
    json!({
        "file": asdf_core::inspect::file_name_text(job.file),
        "out": out.map(asdf_core::inspect::file_name_text),
        "blocks": found.blocks.iter().map(block_json).collect::<Vec<_>>(),
        "losses": found.losses.iter().map(loss_json).collect::<Vec<_>>(),
        "mended": found.mended.iter().map(loss_json).collect::<Vec<_>>(),
        "lost_text": lost_text,
        "parts": parts.iter().map(|part| asdf_core::inspect::file_name_text(part)).collect::<Vec<_>>(),
    })
}

fn block_json(block: &SalvagedBlock) -> Value {
    let (there, size) = sizes(block);
    json!({
        "index": block.index,
        "offset": block.header.as_ref().map(|header| header.offset),
        "state": block.state.name(),
        "recovered_bytes": there,
        "bytes": size,
    })
}

fn loss_json(loss: &Loss) -> Value {
    json!({
        "message": loss.kind.to_string(),
        "offset": loss.place.span.as_ref().map(|span| span.start),
        "end": loss.place.span.as_ref().map(|span| span.end),
        "block": loss.place.block,
        "path": loss.place.path,
    })
}

/// As [`loss_json`].
fn outside_json(problem: &Problem) -> Value {
    let message = match &problem.file {
        Some(file) => format!("in {}: {}", file.display(), problem.message),
        None => problem.message.clone(),
    };
    json!({
        "message": message,
        "offset": null,
        "end": null,
        "block": null,
        "path": problem.path.as_ref().map(ToString::to_string),
    })
}

/// Bytes that are data, and bytes that are written.
fn sizes(block: &SalvagedBlock) -> (u64, u64) {
    match &block.content {
        Content::Verbatim { stored, .. } => {
            let size = stored.end.saturating_sub(stored.start);
            (size, size)
        }
        Content::Recovered { size, there } => (*there, *size),
        _ => (0, 0),
    }
}

fn show(context: &mut Context, job: Job<'_>, found: &Salvaged) -> Result<(), Failure> {
    let palette = context.palette;
    let name = job.file.display().to_string();
    for (losses, style, word) in [
        (&found.mended, palette.good, "mended"),
        (&found.losses, palette.bad, "lost"),
    ] {
        for loss in losses {
            let line = escape(&format!("{name}: {loss}")).to_string();
            writeln!(context.out, "{} {line}", paint(style, format!("{word}:")))?;
        }
    }
    let states = [
        BlockState::Whole,
        BlockState::Damaged,
        BlockState::Truncated,
        BlockState::Lost,
    ];
    let counts = states.map(|state| {
        let blocks = found.blocks.iter();
        (blocks.filter(|block| block.state == state).count(), state)
    });
    let mut parts = Vec::new();
    for (count, state) in counts.iter().filter(|(count, _)| *count > 0) {
        parts.push(format!("{count} {}", state.name()));
    }
    let blocks = match parts.as_slice() {
        [] => "no blocks".to_owned(),
        parts => format!("blocks {}", parts.join(", ")),
    };
    let is_line = |loss: &Loss| matches!(loss.kind, LossKind::Line { .. });
    let tree = match (found.tree_text.is_empty(), &found.lost_text) {
        (_, None) if found.mended.iter().any(is_line) => "tree mended",
        (_, None) => "tree whole",
        (true, _) => "tree lost",
        (false, _) => "tree in part",
    };
    writeln!(context.out, "{}: {tree}, {blocks}", escape(&name))?;
    if let Some(out) = job.target {
        let text = if found.lost_text.is_some() {
            format!("written {} and {}", out.display(), beside(out).display())
        } else {
            format!("written {}", out.display())
        };
        writeln!(context.out, "{}", escape(&text))?;
    }
    Ok(())
}
