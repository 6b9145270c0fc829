//! `--watch`: files are checked as they arrive.

mod arrivals;

use super::run::Run;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::usage::refused;
use arrivals::Arrivals;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How folders are watched.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Watching")]
pub(super) struct WatchArgs {
    /// Check what is in the folders, then go on and check each file that arrives or changes, until interrupted
    #[arg(long)]
    watch: bool,
    /// Look at the folders every N seconds, where the system does not tell of changes (network file systems)
    #[arg(long, value_name = "SECONDS", value_parser = seconds, requires = "watch")]
    poll: Option<Duration>,
    /// A file is complete when its size and its time have not changed for so long, or when it got its name by being renamed
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "2", requires = "watch")]
    settle: Duration,
    /// End when no file has arrived for so long; with --expect also when all files of the manifest are there
    #[arg(long, value_name = "SECONDS", value_parser = seconds, requires = "watch")]
    until_idle: Option<Duration>,
}

impl WatchArgs {
    pub(super) fn is_asked(&self) -> bool {
        self.watch
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.parse().ok().filter(|number: &f64| *number > 0.0);
    let duration = number.and_then(|number| Duration::try_from_secs_f64(number).ok());
    duration.ok_or_else(|| "expected seconds, more than 0".to_owned())
}

/// Checks files as they arrive, until there is an end to it.
pub(super) fn run(
    args: &WatchArgs,
    (folders, find): (&[PathBuf], &FindArgs),
    run: &Run<'_>,
    context: &mut Context,
) -> Result<Exit, Failure> {
    if let Some(other) = folders.iter().find(|folder| !folder.is_dir()) {
        return Err(refused("--watch watches folders, and this is not one")
            .at_file(other)
            .into());
    }
    // It watches before it looks, so that nothing arrives between.
    let mut arrivals = Arrivals::new(folders, find, args.poll, args.settle)?;
    let mut worst = Exit::Fine;
    let mut gone: Vec<&PathBuf> = Vec::new();
    let mut last = Instant::now();
    loop {
        let due = arrivals.due()?;
        if !due.is_empty() {
            let files = Inputs::found_below(due);
            worst = worst.max(run.files(&files, context)?);
            context.out.flush()?;
            last = Instant::now();
        }
        if run.has_all() {
            break;
        }
        // What was in it may have gone before it was checked, and nothing arrives there any more.
        let is_new = |folder: &&PathBuf| !folder.is_dir() && !gone.contains(folder);
        let new: Vec<&PathBuf> = folders.iter().filter(is_new).collect();
        for folder in new {
            let error = refused("the folder that was watched is not there any more");
            worst = worst.max(context.complain(&error.at_file(folder)));
            gone.push(folder);
        }
        if gone.len() == folders.len() {
            break;
        }
        let is_idle = |limit: Duration| last.elapsed() >= limit && !arrivals.is_waiting();
        if args.until_idle.is_some_and(is_idle) {
            break;
        }
        let left = args
            .until_idle
            .map(|limit| limit.saturating_sub(last.elapsed()));
        arrivals.wait(left)?;
    }
    Ok(worst)
}
