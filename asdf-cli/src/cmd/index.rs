//! `asdf index`.

mod expected;
mod run;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs, Item};
use crate::shard::ShardArgs;
use crate::usage::refused;
use asdf_archive::read::{Catalogue, KnownFile, steady};
use asdf_archive::row::FileFacts;
use asdf_archive::write::{MAX_COLUMNS, Written, merge};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Make a catalogue of many files: Parquet, with the names of `ObsCore`
///
/// Reads the headers of each file and writes a row of it: what it is, where on the sky (by its own WCS), when and with what it was taken,
/// each value of its tree as a column (`m.roman.meta.exposure.type`), and a row for each array with its place in the file. A file that cannot
/// be read is a row too, with `status` error. `DuckDB`, Polars, pyarrow, Spark and `asdf table --from` read the folder.
///
/// Over an existing catalogue only files that are new or have changed are read; those that are not there any more are taken out. With
/// --shard a part is written under the name of the shard, whole or not at all, and --merge makes one catalogue of the parts; a part that is
/// there is not made again unless --force says so.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "asdf index [OPTIONS] FILE... -o CATALOGUE\n       asdf index --merge -o CATALOGUE\n       asdf index --missing FILE... -o CATALOGUE\n       asdf index --check EXPECTED -o CATALOGUE",
    after_help = "Examples:\n  asdf index night/ -o catalogue/\n  asdf index @files.txt -o catalogue/ --shard $SLURM_ARRAY_TASK_ID/400\n  asdf index --merge -o catalogue/\n  asdf index --missing @files.txt -o catalogue/ > rest.txt\n  asdf index --check manifest.csv -o catalogue/\n  duckdb -c \"select instrument_name, count(*) from 'catalogue/files/*.parquet' group by all\""
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names, or URLs
    #[arg(value_name = "FILE", required_unless_present_any = ["merge", "check"])]
    files: Vec<PathBuf>,
    /// The catalogue: a folder, or a file named .parquet with the table of files alone
    #[arg(short, long, value_name = "CATALOGUE")]
    output: PathBuf,
    /// Make one part of all parts: types are united, rows that no longer count are left out
    #[arg(long, conflicts_with_all = ["files", "missing", "check", "shard"])]
    merge: bool,
    /// Print the files that the catalogue has no row of, or only one of a file that could not be reached; exit code 1 when there are any
    #[arg(long, conflicts_with_all = ["check", "shard"])]
    missing: bool,
    /// Compare the catalogue with what is expected, another catalogue or a CSV file with the columns name and size: missing and extra files,
    /// other sizes, files that cannot be read, two files of one observation; exit code 1 when something is wrong
    #[arg(long, value_name = "EXPECTED", conflicts_with_all = ["files", "shard"])]
    check: Option<PathBuf>,
    /// Make a part that is there again; overwrite CATALOGUE when that is a file
    #[arg(short, long)]
    force: bool,
    #[command(flatten)]
    rows: run::RowArgs,
    /// Leave parts as they are after this run: --merge can be done once after many
    #[arg(long)]
    no_merge: bool,
    #[command(flatten)]
    shard: ShardArgs,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    crate::network::refuse_many(&args.output, "a catalogue")?;
    if args.merge {
        let written = merge(&args.output, args.rows.max_columns.unwrap_or(MAX_COLUMNS))?;
        tell(&written, context);
        let [files, arrays] = written.rows;
        writeln!(context.out, "{files} files, {arrays} arrays in one part")?;
        return Ok(Exit::Fine);
    }
    if let Some(expected) = &args.check {
        return expected::run(expected, &args.output, context);
    }
    let files = Inputs::find(&args.files, &args.find);
    if args.missing {
        return missing(&files, &args.output, context);
    }
    run::run(args, &args.shard.of(files)?, context)
}

/// Tells what of the trees is not in the catalogue.
fn tell(written: &Written, context: &Context) {
    if written.left_out > 0 {
        context.caution(&format!(
            "{} columns from trees were left out, the least frequent ones: --max-columns N takes more, --under PATH looks at a part of the tree",
            written.left_out
        ));
    }
    for name in &written.mixed_units {
        context.caution(&format!(
            "column {name}: quantities of several units, so it is text, with the unit of each"
        ));
    }
}

/// The files that no row speaks of.
fn missing(files: &Inputs, catalogue: &Path, context: &mut Context) -> Result<Exit, Failure> {
    let known = steady(|| Catalogue::open(catalogue)?.files())?;
    let mut exit = Exit::Fine;
    for item in files.items() {
        let path = match item.given() {
            Ok(path) => path,
            Err(error) => {
                exit = exit.max(context.complain(&error));
                continue;
            }
        };
        let facts = FileFacts::of(path);
        let row = known.get(&facts.access_url);
        if row.is_none_or(|row| is_unread(row, &facts)) {
            exit = exit.max(Exit::No);
            writeln!(context.out, "{}", path.display())?;
        }
    }
    Ok(exit)
}

/// Whether a row says only that a file could not be reached, or read what now is another one.
fn is_unread(row: &KnownFile, now: &FileFacts) -> bool {
    row.status == "error" && (row.size.is_none() || row.etag != now.etag)
}

/// Refuses to read what the command writes.
fn refuse_own(items: &[Item], output: &Path) -> asdf_core::Result<()> {
    let mut paths = items.iter().filter_map(Item::path);
    match paths.find(|path| *path == output) {
        Some(path) => Err(refused("is the catalogue itself").at_file(path)),
        None => Ok(()),
    }
}
