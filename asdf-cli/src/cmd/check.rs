//! `asdf check`.

mod content;
mod finding;
mod identity;
mod like;
mod manifest;
mod one;
mod profile;
mod report;
mod rules;
mod run;
mod shared;
mod twins;
mod value;
mod watch;
mod whole_text;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs, Item};
use crate::junit;
use crate::library::LibraryArgs;
use crate::shard::ShardArgs;
use crate::usage::refused;
#[cfg(feature = "archive")]
pub(crate) use manifest::Manifest;
use run::Run;
use std::path::{Path, PathBuf};
use whole_text::WholeText;

/// The names of the built-in profiles.
pub(crate) fn profile_names() -> [&'static str; 9] {
    profile::names()
}

/// Check a delivery: is every file there, sound, valid, and what it should be?
///
/// Of each file: whether it can be read and is whole, checksums, schemas, missing blocks, other files and HDUs, as `asdf
/// verify` and `asdf validate` do. What else is checked must be asked for: nodes that must be there (--require), arrays as in a
/// reference file (--like), a profile of your own or a built-in one (--profile), names (--name-pattern), files that must be there
/// (--expect). An array that is all NaN, all zero or constant is a fault only where --like or the profile says that it varies. Two
/// files with the same content, or the same value at --id, are duplicates.
///
/// --watch goes on: each file that arrives in the folders, or changes, is checked when it is complete.
///
/// A line for each problem, KIND: PATH: what is wrong, then a table of the kinds. Exit code 1 when a file fails, 2 when one cannot
/// be read.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf check night/\n  asdf check @files.txt --shard 17/400 --jsonl > part-17.jsonl\n  asdf check night/ --like reference.asdf --require roman.meta.filename --id roman.meta.filename\n  asdf check night/ --profile roman-l2 --schemas rad-1.2.1-py3-none-any.whl\n  asdf check night/ --write-manifest night.csv; asdf check copy/ --expect night.csv\n  asdf check night/ --no-blocks --jsonl --junit report.xml\n  asdf check --watch incoming/ --profile roman-l2 --jsonl >> log.jsonl\n  asdf check --list-profiles; asdf check --show-profile roman-l2 > mine.toml"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names, or - for standard input
    #[arg(
        required_unless_present_any = ["list_profiles", "show_profile"],
        value_name = "FILE"
    )]
    files: Vec<PathBuf>,
    #[command(flatten)]
    what: WhatArgs,
    #[command(flatten)]
    watch: watch::WatchArgs,
    #[command(flatten)]
    library: LibraryArgs,
    #[command(flatten)]
    form: crate::json::FormArgs,
    /// Write the report as `JUnit` XML as well
    #[arg(long, value_name = "OUT")]
    junit: Option<PathBuf>,
    /// Write the names, sizes and digests of all files, for --expect
    #[arg(long, value_name = "OUT")]
    write_manifest: Option<PathBuf>,
    /// Overwrite OUT
    #[arg(short, long)]
    force: bool,
    /// List the built-in profiles
    #[arg(long, exclusive = true)]
    list_profiles: bool,
    /// Print a built-in profile, to make one of your own from it
    #[arg(long, value_name = "NAME", exclusive = true)]
    show_profile: Option<String>,
    #[command(flatten)]
    shard: ShardArgs,
    #[command(flatten)]
    find: FindArgs,
}

/// What is checked.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What is checked")]
struct WhatArgs {
    /// A file that all others are like: the same arrays, with the same datatypes and shapes; those that vary in it vary
    #[arg(long, value_name = "REFERENCE")]
    like: Option<PathBuf>,
    /// What must be there and how: a TOML file, or the name of a built-in profile
    #[arg(long, value_name = "FILE|NAME")]
    profile: Option<String>,
    /// A node that must be there
    #[arg(long, value_name = "PATH")]
    require: Vec<String>,
    /// A node whose value is another one in each file
    #[arg(long, value_name = "PATH")]
    id: Vec<String>,
    /// A regular expression that the whole name of each file (without its folder) matches
    #[arg(long, value_name = "RE")]
    name_pattern: Option<WholeText>,
    /// The files that must be there, and no others: a CSV file with the columns name, size, sha256
    #[arg(long, value_name = "MANIFEST")]
    expect: Option<PathBuf>,
    /// The greatest share of NaN, from 0 to 1: in arrays of floats that vary by --like or the profile, without these in all
    #[arg(long, value_name = "SHARE", value_parser = share)]
    max_nan: Option<f64>,
    /// Leave the data of blocks and HDUs alone: only what tree and headers say
    #[arg(long)]
    no_blocks: bool,
    /// Leave the schemas alone
    #[arg(long)]
    no_schemas: bool,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("expected a share from 0 to 1".to_owned()),
    }
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    if args.list_profiles {
        return profile::list(context);
    }
    if let Some(name) = &args.show_profile {
        return profile::show(name, context);
    }
    if args.shard.is_given() && (args.watch.is_asked() || args.what.expect.is_some()) {
        let reason =
            "--shard looks at a part of the files: --expect and --watch are about all of them";
        return Err(refused(reason).into());
    }
    for out in args.junit.iter().chain(&args.write_manifest) {
        crate::output::check_free(out, args.force)?;
    }
    let files = if args.watch.is_asked() {
        Inputs::of([])
    } else {
        args.shard.of(Inputs::find(&args.files, &args.find))?
    };
    let outputs = args.junit.iter().chain(&args.write_manifest);
    let outputs: Vec<&Path> = outputs.map(PathBuf::as_path).collect();
    let profile = args.what.profile.as_deref().map(Path::new);
    let others = args.what.like.iter().chain(&args.what.expect);
    let others = others.map(PathBuf::as_path).chain(profile);
    let inputs = files.items().iter().filter_map(Item::path).chain(others);
    crate::output::check_distinct(&outputs, &inputs.collect::<Vec<_>>())?;
    let run = Run::new(args, context)?;
    report::begin(context, run.form())?;
    let mut exit = if args.watch.is_asked() {
        watch::run(&args.watch, (&args.files, &args.find), &run, context)?
    } else {
        run.files(&files, context)?
    };
    let (report, missing) = run.end(context)?;
    exit = exit.max(missing);
    report::end(context, args.form.form(), &report)?;
    if let Some(out) = &args.junit {
        let cases: Vec<_> = report.outcomes().iter().map(report::case).collect();
        junit::write(out, "check", &cases, context)?;
    }
    if let Some(out) = &args.write_manifest {
        manifest::write(out, &report, context)?;
    }
    Ok(exit)
}
