//! The rows of files: read side by side, written as a part.

use super::{Args, refuse_own, tell};
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::Inputs;
use crate::output;
use crate::usage::refused;
use asdf_archive::profile::Profile;
use asdf_archive::read::{Catalogue, KnownFile, part_names, steady};
use asdf_archive::row::{FileFacts, FileRow, RowOptions};
use asdf_archive::write::{Indexer, Written, has_part, merge};
use asdf_core::file::is_url;
use asdf_core::{Error, Result};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// At 50 ms a request as many as two cores have time for.
const READERS: usize = 64;

fn parse_readers(text: &str) -> std::result::Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=1024) => Ok(count),
        _ => Err("expected a number from 1 to 1024".to_owned()),
    }
}

/// What rows have.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Rows")]
pub(super) struct RowArgs {
    /// Where the columns of `ObsCore` are in trees: a TOML file, which counts before those of Roman, JWST and DKIST
    #[arg(long, value_name = "FILE")]
    profile: Vec<PathBuf>,
    /// The node whose values become columns [default: what the profile says, else all of the tree]
    #[arg(long, value_name = "PATH")]
    under: Option<String>,
    /// Columns from trees at most, the most frequent ones [default: 1000]
    #[arg(long, value_name = "N")]
    pub(super) max_columns: Option<usize>,
    /// List where the chunks of compressed blocks are, whose heads are read
    #[arg(long)]
    chunks: bool,
    /// URLs that are read at the same time
    #[arg(long, value_name = "N", default_value_t = READERS, value_parser = parse_readers)]
    readers: usize,
    /// Order of the `HEALPix` cells that a footprint touches
    #[arg(long, value_name = "K", default_value_t = 9, value_parser = clap::value_parser!(u8).range(0..=29))]
    healpix_order: u8,
}

impl RowArgs {
    /// The threads that read: those that wait for servers need no core.
    fn threads(&self, files: &Inputs) -> usize {
        let (_, items) = files.part();
        let mut paths = items.iter().filter_map(crate::inputs::Item::path);
        let cores = rayon::current_num_threads();
        if paths.any(is_url) {
            self.readers.max(cores)
        } else {
            cores
        }
    }

    fn options(&self, generation: i32) -> Result<RowOptions> {
        let mut profiles = Vec::new();
        for path in &self.profile {
            profiles.push(Profile::read(path)?);
        }
        profiles.extend(Profile::built_in()?);
        Ok(RowOptions {
            profiles,
            under: self.under.clone(),
            chunks: self.chunks,
            healpix_order: self.healpix_order,
            generation,
        })
    }
}

/// How many files came out how.
#[derive(Debug, Default)]
struct Counts {
    read: usize,
    unchanged: usize,
    bad: usize,
    gone: usize,
    unplaced: usize,
    /// The first by name of those, and why.
    first_unplaced: Option<(String, String)>,
}

pub(super) fn run(
    args: &Args,
    files: &Inputs,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    refuse_own(files.items(), &args.output)?;
    let is_file = args
        .output
        .extension()
        .is_some_and(|ending| ending == "parquet");
    if is_file {
        return single(args, files, context);
    }
    let name = args.shard.part_name();
    if let Some(name) = name.as_deref().filter(|_| !args.force)
        && has_part(&args.output, name)
    {
        writeln!(context.out, "{name}: is there already")?;
        return Ok(Exit::Fine);
    }
    // Parts of shards say nothing about each other.
    let known = if name.is_some() || part_names_or_none(&args.output)?.is_empty() {
        HashMap::new()
    } else {
        steady(|| Catalogue::open(&args.output)?.files())?
    };
    let newest = known
        .values()
        .map(|file| file.generation)
        .max()
        .unwrap_or(0);
    let generation = i32::try_from(newest.saturating_add(1)).unwrap_or(i32::MAX);
    let indexer = indexer(args, &args.output)?;
    let (mut written, counts, exit) = index(
        args,
        files,
        (indexer, &known, generation, name.as_deref()),
        context,
    )?;
    let mut rows = written.rows;
    let is_more = written.part.is_some() && !known.is_empty();
    if is_more && !args.no_merge {
        let merged = merge(&args.output, args.max_columns())?;
        rows = merged.rows;
        // What is told is what the catalogue has, of which this run may have read little.
        written.left_out = written.left_out.max(merged.left_out);
        let known = std::mem::take(&mut written.mixed_units);
        let all = known.into_iter().chain(merged.mixed_units);
        written.mixed_units = all.collect::<BTreeSet<_>>().into_iter().collect();
    }
    tell(&written, context);
    say(&counts, rows, &written, context)?;
    Ok(exit)
}

/// A catalogue that is one file: the table of files.
fn single(
    args: &Args,
    files: &Inputs,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    if files.is_part() {
        let reason = "the part of a shard goes into a folder: -o CATALOGUE/";
        return Err(refused(reason).into());
    }
    output::check_free(&args.output, args.force)?;
    let folder = args
        .output
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let place = |error| Error::from(error).at_file(folder);
    let aside = tempfile::Builder::new()
        .prefix(".incomplete-")
        .tempdir_in(folder)
        .map_err(place)?;
    let known = HashMap::new();
    let indexer = indexer(args, aside.path())?;
    let (written, counts, exit) = index(args, files, (indexer, &known, 1, None), context)?;
    tell(&written, context);
    if let Some(part) = &written.part {
        let made = aside.path().join("files").join(part);
        std::fs::rename(made, &args.output)
            .map_err(|error| Error::from(error).at_file(&args.output))?;
    }
    say(&counts, written.rows, &written, context)?;
    Ok(exit)
}

fn indexer(args: &Args, folder: &Path) -> Result<Indexer> {
    Ok(Indexer::create(folder)?.max_columns(args.max_columns()))
}

/// The parts of a catalogue that may not be there yet.
fn part_names_or_none(folder: &Path) -> Result<Vec<String>> {
    if folder.join("files").is_dir() {
        part_names(folder)
    } else {
        Ok(Vec::new())
    }
}

/// Reads the files and writes their part.
fn index(
    args: &Args,
    files: &Inputs,
    (indexer, known, generation, name): (Indexer, &HashMap<String, KnownFile>, i32, Option<&str>),
    context: &mut Context,
) -> std::result::Result<(Written, Counts, Exit), Failure> {
    let collector = Collector {
        options: args.rows.options(generation)?,
        known,
        indexer,
        counts: Mutex::default(),
        failed: Mutex::default(),
    };
    let threads = args.rows.threads(files);
    let exit = context.each_path_on(threads, files, |context, path| {
        collector.file(path?, context)
    })?;
    if let Some(error) = lock(&collector.failed).take() {
        return Err(error.into());
    }
    let Collector {
        indexer, counts, ..
    } = collector;
    let mut counts = counts.into_inner().unwrap_or_else(PoisonError::into_inner);
    for url in gone(args, files, known) {
        counts.gone += 1;
        indexer.push(FileRow::of_gone(url, generation))?;
    }
    Ok((indexer.finish(name)?, counts, exit))
}

/// Takes the rows of files from several threads.
struct Collector<'k> {
    options: RowOptions,
    known: &'k HashMap<String, KnownFile>,
    indexer: Indexer,
    counts: Mutex<Counts>,
    /// What cannot be written ends the run: it is about no file.
    failed: Mutex<Option<Error>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Collector<'_> {
    fn file(&self, path: &Path, context: &mut Context) -> std::result::Result<Exit, Failure> {
        if lock(&self.failed).is_some() {
            return Ok(Exit::Fine);
        }
        let facts = facts(path);
        if is_unchanged(&facts, self.known) {
            lock(&self.counts).unchanged += 1;
            return Ok(Exit::Fine);
        }
        let mut row = None;
        let found = context.with_open(path, |_, file| {
            let found = FileRow::of_known(file, facts.clone(), &self.options);
            row = Some(found.map_err(|error| file.name_in(error))?);
            Ok(Exit::Fine)
        });
        match (row, found) {
            (Some(row), Ok(exit)) => {
                self.push(row, false);
                Ok(exit)
            }
            (_, Err(Failure::Asdf(error))) => {
                self.push(FileRow::of_error(&facts, &error, &self.options), true);
                Ok(context.complain(&error))
            }
            (_, found) => found,
        }
    }

    fn push(&self, row: FileRow, is_bad: bool) {
        let mut counts = lock(&self.counts);
        counts.read += 1;
        counts.bad += usize::from(is_bad);
        if let (Some(reason), Some(url)) = (&row.unplaced, row.text("access_url")) {
            counts.unplaced += 1;
            let first = &mut counts.first_unplaced;
            if first.as_ref().is_none_or(|first| url < first.0.as_str()) {
                *first = Some((url.to_owned(), reason.clone()));
            }
        }
        drop(counts);
        if let Err(error) = self.indexer.push(row) {
            lock(&self.failed).get_or_insert(error);
        }
    }
}

/// What is known of a file without opening it: of an object what a list has said of it.
fn facts(path: &Path) -> FileFacts {
    #[cfg(feature = "remote")]
    if let Some(known) = crate::network::facts(path) {
        return FileFacts {
            access_url: crate::network::shown(path).to_string_lossy().into_owned(),
            size: Some(known.size),
            mtime: Some(known.modified),
            etag: known.etag,
        };
    }
    FileFacts::of(path)
}

/// Whether a row of a file says all that another one would: the file is as it was, and could be read.
fn is_unchanged(facts: &FileFacts, known: &HashMap<String, KnownFile>) -> bool {
    known.get(&facts.access_url).is_some_and(|known| {
        facts.etag.is_some() && known.etag == facts.etag && known.status != "error"
    })
}

/// Files of the catalogue that are not there any more, sorted: local ones, and objects below prefixes that were listed. What else lies
/// under URLs is not asked for one by one.
fn gone<'k>(args: &Args, files: &Inputs, known: &'k HashMap<String, KnownFile>) -> Vec<&'k str> {
    if known.is_empty() {
        return Vec::new();
    }
    let items = files.items().iter();
    // What could not be listed may all be there.
    let is_whole = items.clone().all(|item| item.path().is_some());
    let prefixes: Vec<&str> = args
        .files
        .iter()
        .filter(|name| is_whole && crate::network::is_folder(name) && is_url(name))
        .filter_map(|name| name.to_str())
        .collect();
    let here: HashSet<String> = items
        .filter_map(crate::inputs::Item::path)
        .map(|path| facts(path).access_url)
        .collect();
    let is_gone = |url: &&String| {
        let path = Path::new(url.as_str());
        let is_away = if is_url(path) {
            prefixes.iter().any(|prefix| url.starts_with(prefix))
        } else {
            !path.exists()
        };
        is_away && !here.contains(url.as_str())
    };
    let mut gone: Vec<&str> = known.keys().filter(is_gone).map(String::as_str).collect();
    gone.sort_unstable();
    gone
}

fn say(
    counts: &Counts,
    [files, arrays]: [usize; 2],
    written: &Written,
    context: &mut Context,
) -> std::io::Result<()> {
    if let Some((url, reason)) = &counts.first_unplaced {
        context.caution(&format!(
            "images without a position in ICRS, which --cone and --region do not find: {}; the first is {url}: {reason}",
            counts.unplaced
        ));
    }
    let part = match &written.part {
        Some(_) => format!("{files} files, {arrays} arrays in the catalogue"),
        None => "nothing to write".to_owned(),
    };
    let mut facts = vec![format!("{} read", counts.read)];
    for (count, what) in [
        (counts.bad, "cannot be read"),
        (counts.unchanged, "unchanged"),
        (counts.gone, "gone"),
        (counts.unplaced, "without a position"),
    ] {
        if count > 0 {
            facts.push(format!("{count} {what}"));
        }
    }
    writeln!(context.out, "{}; {part}", facts.join(", "))
}

impl Args {
    fn max_columns(&self) -> usize {
        let asked = self.rows.max_columns;
        asked.unwrap_or(asdf_archive::write::MAX_COLUMNS)
    }
}
