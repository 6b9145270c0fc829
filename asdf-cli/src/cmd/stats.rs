//! `asdf stats`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::flags::FlagMask;
use crate::inputs::{FindArgs, Inputs, files_and_paths};
use crate::json;
use crate::palette::paint;
use crate::progress::Progress;
use crate::shard::ShardArgs;
use asdf_core::array::{ArrayStats, NumberStats, ViewIdentity, is_array};
use asdf_core::file::FileNode;
use asdf_core::inspect::{PathPattern, Selection, escape};
use asdf_core::tree::{Node, NodeId, float_json, float_text};
use asdf_core::{AsdfFile, Error, TreePath};
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// Statistics of arrays: counts, extremes, mean, deviation, median, percentiles
///
/// Exact, in bounded memory, however large the array. Masked elements and NaN are counted and left
/// out of the rest; std is that of the population (numpy's default). --mask leaves out elements whose flags have one of some bits;
/// they are counted as masked. Of a part of an array the same part of the flags is taken.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "asdf stats [OPTIONS] FILE [PATH]...\n       asdf stats [OPTIONS] --path PATH FILE...",
    after_help = "Examples:\n  asdf stats obs.asdf\n  asdf stats obs.asdf roman.data roman.err\n  asdf stats obs.asdf 'roman.data[0:100]' 'roman.var_*'\n  asdf stats --path roman.data night/\n  asdf stats obs.asdf roman.data --mask dq:DO_NOT_USE,JUMP_DET\n  asdf stats image.fits fits/1/data --mask fits/3/data:0x401\n  asdf stats --json obs.asdf | jq '.[0].mean'"
)]
pub(crate) struct Args {
    /// File or folder, @LIST of names, or - for standard input; then arrays, columns of tables by name, or slices of
    /// them (default: all)
    #[arg(required = true, value_name = "FILE [PATH]")]
    words: Vec<PathBuf>,
    /// An array; may be repeated. All other arguments are files then
    #[arg(long = "path", value_name = "PATH")]
    paths: Vec<String>,
    /// Leave out elements for which an array of flags, beside the array or at a path, has one of these bits; the names of bits are
    /// those of Roman and JWST; without BITS any bit
    #[arg(long, value_name = "PATH[:BITS|NAMES]")]
    mask: Option<FlagMask>,
    #[command(flatten)]
    form: json::NodeFormArgs,
    #[command(flatten)]
    shard: ShardArgs,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let (files, paths) = files_and_paths(&args.words, &args.paths)?;
    let files = args.shard.of(Inputs::find(&files, &args.find))?;
    if let Some(form) = args.form.form() {
        return json::each(context, &files, form, |context, file| {
            args.form.write(context, |context| {
                let mut list = Vec::new();
                let exit = each_array(args, &paths, context, file, |_, path, stats| {
                    list.push(document(path, stats));
                    Ok(())
                })?;
                json::named_list(&mut context.out, form, file, "arrays", list, |entry| entry)?;
                Ok(exit)
            })
        });
    }
    context.each(&files, |context, file| {
        if files.is_many() {
            let name = file.name().display().to_string();
            writeln!(context.out, "{}:", escape(&name))?;
        }
        each_array(args, &paths, context, file, show)
    })
}

fn each_array(
    args: &Args,
    paths: &[String],
    context: &mut Context,
    file: &AsdfFile,
    mut tell: impl FnMut(&mut Context, &str, &ArrayStats) -> Result<(), Failure>,
) -> Result<Exit, Failure> {
    let mut exit = Exit::Fine;
    let wanted = wanted(args, paths, file)?;
    let mask = args.mask.as_ref();
    let mask = mask.map(|mask| Ok::<_, Error>((mask, mask.bits(file)?)));
    let mask = mask.transpose()?;
    let mut progress = Progress::new(context, "stats", wanted.len());
    // What stands at many paths is read once, under the first of them; and so are views of the same elements.
    let mut done: HashMap<NodeId, Arc<Outcome>> = HashMap::new();
    let mut views: HashMap<ViewIdentity, Arc<Outcome>> = HashMap::new();
    for batch in wanted.chunks(rayon::current_num_threads()) {
        let mut new = HashSet::new();
        let is_new = |array: &&Wanted<'_>| {
            let id = array.node.map(Node::id);
            id.is_none_or(|id| !done.contains_key(&id) && new.insert(id))
        };
        let firsts: Vec<&Wanted<'_>> = batch.iter().filter(is_new).collect();
        let identities: Vec<Option<ViewIdentity>> = firsts
            .iter()
            .map(|array| identity(file, array).filter(|_| mask.is_none()))
            .collect();
        let found: Vec<Arc<Outcome>> = firsts
            .par_iter()
            .zip(&identities)
            .map(|(array, own)| {
                let known = own.as_ref().and_then(|own| views.get(own));
                let known = known.and_then(|known| renamed(file, array, known));
                Arc::new(known.unwrap_or_else(|| stats(file, array, mask)))
            })
            .collect();
        for (own, outcome) in identities.into_iter().zip(&found) {
            if let Some(own) = own {
                views.entry(own).or_insert_with(|| Arc::clone(outcome));
            }
        }
        let mut found = found.into_iter();
        for array in batch {
            let known = array.node.and_then(|node| done.get(&node.id())).cloned();
            let is_known = known.is_some();
            let Some(outcome) = known.or_else(|| found.next()) else {
                continue;
            };
            match &*outcome {
                Ok((path, stats)) => {
                    let own = array.node.map(|_| array.path.as_str());
                    tell(context, own.unwrap_or(path), stats)?;
                }
                // Once is enough.
                Err(_) if is_known => {}
                Err(error) => {
                    context.hint_at(file, error);
                    exit = exit.max(context.complain(error));
                }
            }
            if let Some(id) = array.node.filter(|_| array.is_shared).map(Node::id) {
                done.insert(id, outcome);
            }
            progress.step();
        }
    }
    Ok(exit)
}

/// The path of an array as it was met, and its statistics.
type Outcome = Result<(String, ArrayStats), Error>;

/// An array that statistics are wanted of.
struct Wanted<'f> {
    path: String,
    /// Its node, where it is one of the file's arrays and not one that somebody has named.
    node: Option<Node<'f>>,
    /// Whether it stands at other paths as well.
    is_shared: bool,
    /// What somebody has named.
    selected: Option<Selection<'f>>,
}

fn wanted<'f>(args: &Args, paths: &[String], file: &'f AsdfFile) -> Result<Vec<Wanted<'f>>, Error> {
    if !paths.is_empty() {
        return named(file, paths);
    }
    let mut arrays = file.arrays()?;
    if let Some(mask) = &args.mask {
        keep_flagged(file, &mut arrays, mask)?;
    }
    let mut counts: HashMap<NodeId, usize> = HashMap::new();
    for (_, node) in &arrays {
        *counts.entry(node.id()).or_default() += 1;
    }
    let arrays = arrays.into_iter().map(|(path, node)| Wanted {
        path: path.to_string(),
        node: Some(node),
        is_shared: counts.get(&node.id()).is_some_and(|count| *count > 1),
        selected: None,
    });
    Ok(arrays.collect())
}

/// What paths name: a pattern all arrays that fit.
fn named<'f>(file: &'f AsdfFile, paths: &[String]) -> Result<Vec<Wanted<'f>>, Error> {
    let mut out = Vec::new();
    for path in paths {
        let wanted = |path: String| Wanted {
            path,
            node: None,
            is_shared: false,
            selected: None,
        };
        let pattern: PathPattern = path.parse()?;
        // What is wrong with one path is told in its place, and the others are looked at.
        let Ok(all) = file.select_all(&pattern, false) else {
            out.push(wanted(path.clone()));
            continue;
        };
        let before = out.len();
        for found in all {
            let found = found?;
            if !pattern.is_wild() || is_array(found.at.node) {
                let mut wanted = wanted(found.to_string());
                wanted.selected = Some(found);
                out.push(wanted);
            }
        }
        if out.len() == before {
            let reason = format!("no array fits `{path}` (`asdf ls` lists the arrays)");
            return Err(file.name_in(crate::usage::refused(reason)));
        }
    }
    Ok(out)
}

/// Of all arrays those of numbers that have flags of their own shape, but the flags themselves.
fn keep_flagged(
    file: &AsdfFile,
    arrays: &mut Vec<(TreePath, Node<'_>)>,
    mask: &FlagMask,
) -> Result<(), Error> {
    arrays.retain(|(_, node)| {
        let at = FileNode { file, node: *node };
        let Ok(flags) = mask.array(at) else {
            return false;
        };
        let is_other = flags.path() != &node.path();
        let array = file.array_at(*node);
        is_other
            && array.is_ok_and(|array| {
                array.datatype().scalar().is_some() && array.shape().ends_with(flags.shape())
            })
    });
    if arrays.is_empty() {
        let reason = "no array has such flags beside it (`asdf ls` lists the arrays)";
        return Err(file.name_in(crate::usage::refused(reason)));
    }
    Ok(())
}

/// What tells the view of one of the file's arrays from others.
fn identity(file: &AsdfFile, wanted: &Wanted<'_>) -> Option<ViewIdentity> {
    file.array_at(wanted.node?).ok()?.identity()
}

/// The statistics of an array that has the same elements as one they are known of, unless these could not be had.
fn renamed(file: &AsdfFile, wanted: &Wanted<'_>, known: &Outcome) -> Option<Outcome> {
    let (_, stats) = known.as_ref().ok()?;
    let array = file.array(&wanted.path).ok()?;
    Some(Ok((array.path().to_string(), stats.clone())))
}

fn stats(file: &AsdfFile, wanted: &Wanted<'_>, mask: Option<(&FlagMask, u64)>) -> Outcome {
    let array = match (&wanted.selected, wanted.node) {
        (Some(found), _) => found.at.file.array_at(found.at.node)?,
        (None, Some(_)) => file.array(&wanted.path)?,
        (None, None) => {
            let found = file.select(&wanted.path)?;
            found.at.file.array_at(found.at.node)?
        }
    };
    let part = wanted
        .selected
        .as_ref()
        .and_then(|found| found.part.as_ref());
    let flags = mask.map(|(mask, bits)| {
        let node = match &wanted.selected {
            Some(found) => found.at,
            None => file.select(&wanted.path)?.at,
        };
        Ok::<_, Error>((mask.array(node)?, bits))
    });
    let flags = flags.transpose()?;
    let stats = match (&flags, part) {
        (None, None) => array.stats(),
        (None, Some(part)) => array.stats_of_part(part),
        (Some((flags, bits)), None) => array.stats_without(flags, *bits, &|_| true),
        (Some((flags, bits)), Some(part)) => array.stats_of_part_without(part, flags, *bits),
    };
    if let Some((flags, _)) = &flags {
        file.note_warnings(flags);
        file.note_checksum(flags, u64::MAX);
    }
    file.note_warnings(&array);
    file.note_checksum(&array, u64::MAX);
    let path = match &wanted.selected {
        Some(_) => wanted.path.clone(),
        None => array.path().to_string(),
    };
    Ok((path, stats.map_err(|error| file.name_in(error))?))
}

fn show(context: &mut Context, path: &str, stats: &ArrayStats) -> Result<(), Failure> {
    let palette = context.palette;
    let shape: Vec<String> = stats.shape.iter().map(u64::to_string).collect();
    let title = format!("{} {}", stats.datatype, shape.join("×"));
    writeln!(
        context.out,
        "{} {}",
        paint(
            palette.key,
            escape(if path.is_empty() { "/" } else { path })
        ),
        paint(palette.kind, escape(&title))
    )?;
    for column in &stats.columns {
        let indent = if column.field.is_empty() {
            "  "
        } else {
            "    "
        };
        if !column.field.is_empty() {
            writeln!(
                context.out,
                "  {} {}",
                paint(palette.key, escape(&column.field)),
                paint(palette.kind, escape(&column.datatype))
            )?;
        }
        let counts = &column.counts;
        let mut line = format!("count {}", counts.elements);
        for (name, count) in [
            ("NaN", counts.nan),
            ("Inf", counts.infinite),
            ("masked", counts.masked),
        ] {
            if count > 0 {
                line.push_str(&format!(", {name} {count}"));
            }
        }
        writeln!(context.out, "{indent}{line}")?;
        let Some(numbers) = &column.numbers else {
            continue;
        };
        let width = context.columns.unwrap_or(80).saturating_sub(indent.len());
        let cells = cells(numbers, &column.datatype);
        // Two blanks at least between them.
        let longest = cells.iter().map(|cell| cell.chars().count() + 2).max();
        let cell_width = longest.unwrap_or(0).max(CELL);
        for row in cells.chunks((width / cell_width).max(1)) {
            let each = row.iter().map(|cell| format!("{cell:<cell_width$}"));
            let line: String = each.collect();
            writeln!(context.out, "{indent}{}", line.trim_end())?;
        }
    }
    Ok(())
}

/// Columns of one statistic, if its digits do not need more.
const CELL: usize = 24;

/// `min 0.3093264`, `max …`: the statistics in the order in which they are read.
fn cells(numbers: &NumberStats, datatype: &str) -> Vec<String> {
    let mut cells = vec![
        ("min".to_owned(), numbers.min.text(datatype)),
        ("max".to_owned(), numbers.max.text(datatype)),
        ("mean".to_owned(), between(numbers.mean, numbers)),
        ("std".to_owned(), short(numbers.std)),
        ("median".to_owned(), between(numbers.median, numbers)),
    ];
    let others = numbers.percentiles.iter().filter(|entry| entry.0 != 50);
    cells.extend(others.map(|(percent, value)| (format!("p{percent}"), between(*value, numbers))));
    let text = |(name, value): (String, String)| format!("{name:<6} {value}");
    cells.into_iter().map(text).collect()
}

/// As [`short`], but with all digits where fewer would say that it is not between the extremes.
fn between(value: f64, numbers: &NumberStats) -> String {
    let shown = short(value);
    let (min, max) = (numbers.min.to_f64(), numbers.max.to_f64());
    let is_within = shown
        .parse::<f64>()
        .is_ok_and(|shown| (min..=max).contains(&shown));
    if is_within || !(min..=max).contains(&value) {
        shown
    } else {
        float_text(value)
    }
}

/// Seven significant digits are enough to look at; `--json` has them all.
fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return float_text(value);
    }
    let magnitude = value.abs().log10();
    if (-4.0..12.0).contains(&magnitude) {
        let rounded = format!("{value:.6e}").parse().unwrap_or(value);
        float_text(rounded)
    } else {
        format!("{value:.6e}")
    }
}

fn document(path: &str, stats: &ArrayStats) -> Value {
    let mut out = Map::new();
    out.insert("path".into(), json!(path));
    out.insert("datatype".into(), json!(stats.datatype));
    out.insert("shape".into(), json!(stats.shape));
    let mut columns = stats.columns.iter();
    match (columns.next(), columns.next()) {
        (Some(only), None) if only.field.is_empty() => out.extend(column(only)),
        _ => {
            let fields = stats.columns.iter().map(|field| {
                let mut map = Map::new();
                map.insert("field".into(), json!(field.field));
                map.insert("datatype".into(), json!(field.datatype));
                map.extend(column(field));
                Value::Object(map)
            });
            out.insert("fields".into(), Value::Array(fields.collect()));
        }
    }
    Value::Object(out)
}

fn column(column: &asdf_core::array::ColumnStats) -> Map<String, Value> {
    let counts = &column.counts;
    let mut out = Map::new();
    out.insert("count".into(), json!(counts.elements));
    out.insert("nan".into(), json!(counts.nan));
    out.insert("inf".into(), json!(counts.infinite));
    out.insert("masked".into(), json!(counts.masked));
    let Some(numbers) = &column.numbers else {
        return out;
    };
    out.insert("min".into(), numbers.min.to_json());
    out.insert("max".into(), numbers.max.to_json());
    out.insert("mean".into(), float_json(numbers.mean));
    out.insert("std".into(), float_json(numbers.std));
    out.insert("median".into(), float_json(numbers.median));
    let percentiles = numbers
        .percentiles
        .iter()
        .map(|(percent, value)| (percent.to_string(), float_json(*value)))
        .collect();
    out.insert("percentiles".into(), Value::Object(percentiles));
    out
}
