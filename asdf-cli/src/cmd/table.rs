//! `asdf table`.

mod arrays;
#[cfg(feature = "archive")]
mod catalogue;
mod group;
mod listing;
mod read;
mod rows;
mod write;

use crate::columns::{self, Column, Expr, Met, Units};
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::usage::refused;
use asdf_core::TreePath;
pub(crate) use listing::list;
use rows::{Row, Rows};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use write::Output;

/// A table of many files: a row each, with the values of some nodes
///
/// A column is a path, `NAME=PATH` gives it a name. In a path `*` stands for any text of one step and `**` for any number of
/// steps: each node that is found is a column. `HDU:KEYWORD` is a card of a FITS header, the HDU by name or number. A
/// node that is missing is an empty cell; a column is of integers, floats, truth values or text, and of text when its values
/// are of several kinds, which is told. A quantity is its number, with its unit in the heading.
///
/// --where takes rows: comparisons (== != < <= > >=), regular expressions (~ !~), `in [..]`, `is null`, `not`, `and`, `or`
/// and brackets. A name is that of a column or a path; others stand in backticks. What is missing fits no comparison.
/// Exit code 1 when there is no row, 2 when a file cannot be read.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf table -k roman.meta.exposure.type,exptime=roman.meta.exposure.exposure_time night/\n  asdf table -k 'exptime=roman.meta.exposure.exposure_time,roman.meta.cal_step.*' night/ --to csv\n  asdf table -k detector=roman.meta.instrument.detector night/ --where 'detector in [\"WFI01\", \"WFI02\"]'\n  asdf table -k SCI:EXPTIME,0:TARGNAME *.fits --sort -SCI:EXPTIME\n  asdf table -k t=roman.meta.exposure.exposure_time,f=roman.meta.instrument.optical_element night/ --group-by f\n  asdf table --arrays night/ --where 'datatype == \"float32\" and bytes > 1e6'\n  asdf table --urls -0 --where 'roman.meta.exposure.type ~ \"DARK\"' night/ | xargs -0 asdf stats --path roman.data"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names, or - for standard input
    #[arg(value_name = "FILE")]
    #[cfg_attr(feature = "archive", arg(required_unless_present = "from"))]
    #[cfg_attr(not(feature = "archive"), arg(required = true))]
    files: Vec<PathBuf>,
    /// The columns, separated by commas; may be repeated
    #[arg(short = 'k', long = "keys", value_name = "[NAME=]PATH,...")]
    keys: Vec<String>,
    /// A row for each array: path, datatype, shape, bytes, storage, codec
    #[arg(long)]
    arrays: bool,
    /// Only the rows for which this is true
    #[arg(long = "where", value_name = "EXPR")]
    condition: Option<Expr>,
    /// Sort by columns, separated by commas; - before a name for the greatest first. Empty cells come last. With --group-by: by
    /// columns of the groups, as -count
    #[arg(long, value_name = "COLUMN,...", allow_hyphen_values = true)]
    sort: Vec<String>,
    /// A row for each value of these columns: how many rows have it, and least, greatest and mean of the columns of numbers
    #[arg(long, value_name = "COLUMN,...", conflicts_with = "urls")]
    group_by: Vec<String>,
    /// What is written
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    to: Output,
    /// Only the names of the files, one a line
    #[arg(long, conflicts_with = "to")]
    urls: bool,
    /// End names with NUL instead, for xargs -0
    #[arg(short = '0', requires = "urls")]
    nul: bool,
    #[cfg(feature = "archive")]
    #[command(flatten)]
    from: catalogue::FromArgs,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let (columns, shown) = columns(args)?;
    #[cfg(feature = "archive")]
    if args.from.from.is_some() {
        return of_catalogue(args, &columns, shown, context);
    }
    let files = Inputs::find(&args.files, &args.find);
    let found = Mutex::new(vec![Vec::new(); files.items().len()]);
    let met = Met::new(columns.len());
    let sorted = sorted(args);
    let units = Units::new(args.condition.as_ref(), &sorted);
    let exit = context.each(&files, |context, file| {
        let mut rows = read::rows(file, &columns, args.arrays, &met)?;
        if let Some(condition) = &args.condition {
            for row in &rows {
                units.note(&|name| row.valued(name));
            }
            rows.retain(|row| condition.holds(&|name| row.valued(name)));
        } else if !sorted.is_empty() {
            for row in &rows {
                units.note(&|name| row.valued(name));
            }
        }
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = found.get_mut(context.number) {
            *place = rows;
        }
        Ok(Exit::Fine)
    })?;
    let exit = exit.max(complain_of_missing(args, &columns, shown, &met)?);
    units.complain(context);
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let rows: Vec<Row> = found.into_iter().flatten().collect();
    let is_empty = rows.is_empty();
    let table = Rows::new(rows, &columns, shown, args.arrays);
    write(args, table, context)?;
    Ok(exit.max(if is_empty { Exit::No } else { Exit::Fine }))
}

/// The same of the rows of a catalogue.
#[cfg(feature = "archive")]
fn of_catalogue(
    args: &Args,
    columns: &[Column],
    shown: usize,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let holds = |row: &Row| {
        let condition = args.condition.as_ref();
        condition.is_none_or(|condition| condition.holds(&|name| row.valued(name)))
    };
    let (rows, missing) = args.from.rows(columns, &holds, context)?;
    let missing = missing.into_iter().map(|number| (number, None));
    let exit = complain_of_columns(args, columns, shown, missing)?;
    let is_empty = rows.is_empty();
    write(args, Rows::new(rows, columns, shown, false), context)?;
    Ok(exit.max(if is_empty { Exit::No } else { Exit::Fine }))
}

/// Columns that no file has. One that is shown is seen to be empty, and told; rows that are taken, sorted or grouped by one
/// would be another answer than was asked for, and are refused. Only whether it is null may be asked of it. The first is a finding.
fn complain_of_missing(
    args: &Args,
    columns: &[Column],
    shown: usize,
    met: &Met,
) -> asdf_core::Result<Exit> {
    complain_of_columns(args, columns, shown, met.missing())
}

fn complain_of_columns(
    args: &Args,
    columns: &[Column],
    shown: usize,
    missing: impl IntoIterator<Item = (usize, Option<TreePath>)>,
) -> asdf_core::Result<Exit> {
    let mut exit = Exit::Fine;
    let compared = args.condition.as_ref().map(Expr::compared);
    let compared = compared.unwrap_or_default();
    let is_used = |name: &str| compared.contains(&name) || orders(args).any(|order| order == name);
    for (number, meant) in missing {
        let Some(column) = columns.get(number) else {
            continue;
        };
        let meant = meant.map_or_else(String::new, |path| format!(", did you mean `{path}`?"));
        let text = format!("no file has the column `{}`{meant}", column.name());
        if is_used(column.name()) {
            return Err(refused(text));
        }
        if number < shown {
            // Not everything is there that was asked for, which is no mere warning.
            crate::report::text(&text);
            exit = Exit::No;
        }
    }
    Ok(exit)
}

/// The columns that rows are sorted by. Groups are sorted by columns of their own.
fn sorted(args: &Args) -> Vec<String> {
    if !args.group_by.is_empty() {
        return Vec::new();
    }
    let names = args.sort.iter().flat_map(|list| columns::split(list));
    let bare = names.map(|name| name.strip_prefix('-').map_or(name.clone(), str::to_owned));
    bare.collect()
}

/// The columns that rows are sorted or grouped by.
fn orders(args: &Args) -> impl Iterator<Item = String> {
    let grouped = args.group_by.iter().flat_map(|list| columns::split(list));
    sorted(args).into_iter().chain(grouped)
}

/// The columns, and how many of them are shown: what conditions and orders name and is not a column is read as well.
fn columns(args: &Args) -> asdf_core::Result<(Vec<Column>, usize)> {
    if args.keys.iter().all(|keys| columns::split(keys).is_empty()) && !args.arrays && !args.urls {
        #[cfg(feature = "archive")]
        let is_catalogue = args.from.from.is_some();
        #[cfg(not(feature = "archive"))]
        let is_catalogue = false;
        let reason = if is_catalogue {
            "which columns? -k COLUMN,COLUMN names them"
        } else {
            "which columns? -k PATH,PATH names them, --arrays lists arrays"
        };
        return Err(refused(reason));
    }
    let condition = args.condition.as_ref();
    resolved(&args.keys, args.arrays, condition, orders(args))
}

/// The same of lists of columns, a condition and orders.
fn resolved(
    keys: &[String],
    has_arrays: bool,
    condition: Option<&Expr>,
    orders: impl Iterator<Item = String>,
) -> asdf_core::Result<(Vec<Column>, usize)> {
    let mut columns = Vec::new();
    for keys in keys {
        columns.extend(Column::parse_list(keys)?);
    }
    let mut names: Vec<&str> = columns.iter().map(Column::name).collect();
    names.sort_unstable();
    if let Some(pair) = names.windows(2).find(|pair| pair.first() == pair.last()) {
        let name = pair.first().copied().unwrap_or_default();
        return Err(refused(format!("two columns have the name `{name}`")));
    }
    if let Some(own) = columns
        .iter()
        .find(|column| read::is_own(column.name(), has_arrays))
    {
        let reason = format!(
            "`{0}` is the name of a column that is there already, another one is needed: -k NAME={0}",
            own.name()
        );
        return Err(refused(reason));
    }
    let shown = columns.len();
    let condition = condition.into_iter().flat_map(Expr::names);
    for name in condition.map(str::to_owned).chain(orders) {
        let is_known =
            columns.iter().any(|column| column.name() == name) || read::is_own(&name, has_arrays);
        if !is_known {
            columns.push(Column::single(&name)?);
        }
    }
    Ok((columns, shown))
}

fn write(args: &Args, mut table: Rows, context: &mut Context) -> Result<(), Failure> {
    if args.group_by.is_empty() {
        table.sort(&args.sort)?;
    } else {
        table = group::group(&table, &args.group_by)?;
        table.sort_groups(&args.sort)?;
    }
    if !args.urls {
        table.complain_of_kinds(context);
        return args.to.write(&table, context);
    }
    let end: &[u8] = if args.nul { b"\0" } else { b"\n" };
    if args.nul {
        context.out.pass_all();
    }
    for file in table.files() {
        // The bytes of the name, whether they are text or not: it is to be found again.
        context.out.write_all(file.as_os_str().as_encoded_bytes())?;
        context.out.write_all(end)?;
    }
    Ok(())
}
