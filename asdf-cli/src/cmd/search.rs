//! `asdf search`.

mod condition;
mod show;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::json::{Form, NodeFormArgs, fault};
use crate::named::Named;
use crate::usage::refused;
use asdf_core::inspect::{Hit, PathPattern, Query, ValueType, escape};
use asdf_core::{AsdfFile, TreePath};
use condition::Condition;
use regex::{Regex, RegexBuilder};
use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// Find nodes by text, key, value, type, tag or path
///
/// All conditions given must hold. -e looks at keys and values as text. The other conditions are typed: `--value 1` finds the
/// numbers 1 and 1.0, never `true` and never the string "1" (that is `--value '"1"'`). Exit code 1 when nothing is found.
///
/// --where takes those of the nodes for which a condition is true, in the language of `asdf table`. `key`, `value`, `path`, `type`
/// and `tag` are those of the node (mappings and lists have no value); any other name is a path in its file, or HDU:KEYWORD in backticks.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf search -e WFI_ night/\n  asdf search -il -e 'popul' night/                       # the files that have it\n  asdf search --key exposure obs.asdf\n  asdf search --value WFI_IMAGE *.asdf\n  asdf search --value '[0, 1]' --key axes_order obs.asdf\n  asdf search --key '_time$' --where 'value > 100' obs.asdf\n  asdf search -l --where 'roman.meta.exposure.exposure_time > 100' night/\n  asdf search --type float --path 'meta/.*time' obs.asdf\n  asdf search --key time --under roman.meta.exposure obs.asdf\n  asdf search --tag 'tag:stsci.edu:gwcs/*' obs.asdf"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    what: WhatArgs,
    #[command(flatten)]
    shown: ShownArgs,
    #[command(flatten)]
    form: NodeFormArgs,
    /// Explain errors: cause chain and the bytes concerned; -v is --invert-match here
    // The option of every command by its long name alone: clap does not add the other one where one with its id is there.
    #[arg(long, id = "verbose", help_heading = "Global options")]
    verbose: bool,
    #[command(flatten)]
    find: FindArgs,
}

/// The types, as `--type` has them.
const TYPES: [&str; 10] = [
    "str",
    "int",
    "float",
    "bool",
    "null",
    "timestamp",
    "binary",
    "map",
    "list",
    "array",
];

/// What is looked for.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What is found")]
struct WhatArgs {
    /// Regular expression that the key or the text of the value contains; may be repeated, one of them is enough
    #[arg(
        short = 'e',
        long = "regexp",
        value_name = "RE",
        allow_hyphen_values = true
    )]
    text: Vec<Regex>,
    /// Regular expression that the key contains
    #[arg(short, long, value_name = "RE")]
    key: Option<Regex>,
    /// Value, written as in YAML; a list or a mapping in one line
    #[arg(long, value_name = "V", allow_hyphen_values = true)]
    value: Option<String>,
    /// Type: str, int, float, bool, null, timestamp, binary, map, list, array
    #[arg(short = 't', long = "type", value_name = "T", value_parser = Named::<ValueType>::new(&TYPES), hide_possible_values = true)]
    kind: Option<ValueType>,
    /// Tag: full URI or its short form, with `*` for anything
    #[arg(long, value_name = "GLOB")]
    tag: Option<String>,
    /// Regular expression that the path (a JSON Pointer) contains
    #[arg(short, long, value_name = "RE")]
    path: Option<Regex>,
    /// Only nodes that a path names, and those below them: `roman.meta`, `items[-1]`, `**.wcs`; may be repeated
    #[arg(long, value_name = "PATH")]
    under: Vec<PathPattern>,
    /// Only nodes for which this is true
    #[arg(long = "where", value_name = "EXPR")]
    condition: Option<crate::columns::Expr>,
    /// Case does not matter in regular expressions
    #[arg(short, long)]
    ignore_case: bool,
    /// Regular expressions match whole words only
    #[arg(short, long)]
    word_regexp: bool,
    /// The nodes with a value for which the conditions (but --where) do not hold
    #[arg(short = 'v', long)]
    invert_match: bool,
}

/// What is printed of it.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What is printed")]
struct ShownArgs {
    /// Only the names of the files that have such a node
    #[arg(short = 'l', long, conflicts_with_all = ["json", "jsonl", "plain"])]
    files_with_matches: bool,
    /// Only the names of the files that have none
    #[arg(short = 'L', long, conflicts_with_all = ["json", "jsonl", "plain", "files_with_matches"])]
    files_without_match: bool,
    /// Only how many nodes each file has
    #[arg(short, long, conflicts_with_all = ["json", "jsonl", "plain", "files_with_matches", "files_without_match"])]
    count: bool,
}

impl ShownArgs {
    /// Whether the first node of a file is enough.
    fn is_of_files(&self) -> bool {
        self.files_with_matches || self.files_without_match
    }
}

impl WhatArgs {
    fn query(&self) -> asdf_core::Result<Query> {
        let text = self.text.iter().map(|pattern| format!("(?:{pattern})"));
        let text = text.collect::<Vec<_>>().join("|");
        Ok(Query {
            text: (!text.is_empty())
                .then(|| self.expression(&text))
                .transpose()?,
            key: self.rebuilt(self.key.as_ref())?,
            value: self.value.clone(),
            kind: self.kind,
            tag: self.tag.clone(),
            path: self.rebuilt(self.path.as_ref())?,
            invert: self.invert_match,
        })
    }

    /// The nodes of a file that `--under` names; `None` where all count.
    fn places(&self, file: &AsdfFile) -> asdf_core::Result<Option<HashSet<TreePath>>> {
        if self.under.is_empty() {
            return Ok(None);
        }
        let mut places = HashSet::new();
        for path in &self.under {
            let all = match file.select_all(path, false) {
                // A file without the node has nothing below it.
                Err(error) if error.is_mismatch() => continue,
                all => all?,
            };
            for found in all {
                places.insert(found?.path);
            }
        }
        Ok(Some(places))
    }

    fn rebuilt(&self, pattern: Option<&Regex>) -> asdf_core::Result<Option<Regex>> {
        let pattern = pattern.map(|pattern| self.expression(pattern.as_str()));
        pattern.transpose()
    }

    /// A regular expression as the options have it.
    fn expression(&self, pattern: &str) -> asdf_core::Result<Regex> {
        let whole = if self.word_regexp {
            // Half boundaries: a pattern may begin or end with what is not part of a word.
            format!(r"\b{{start-half}}(?:{pattern})\b{{end-half}}")
        } else {
            pattern.to_owned()
        };
        let built = RegexBuilder::new(&whole)
            .case_insensitive(self.ignore_case)
            .build();
        built.map_err(|error| refused(error.to_string()))
    }
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let query = args.what.query()?;
    let condition = args.what.condition.as_ref();
    let condition = condition.map(Condition::new).transpose()?;
    let is_of_nodes = condition.as_ref().is_some_and(Condition::is_of_nodes);
    let is_of_files = condition.is_some() && args.shown.is_of_files();
    if query.is_empty() && !is_of_nodes && !is_of_files {
        let reason = if condition.is_some() {
            "--where says nothing about the nodes themselves (key, value, path, type, tag): -l lists the files for which it is true"
        } else {
            "search needs at least one of -e, --key, --value, --type, --tag, --path, --where"
        };
        let misplaced = crate::misplaced::search(&args.files).filter(|_| condition.is_none());
        return Err(refused(misplaced.unwrap_or_else(|| reason.to_owned())).into());
    }
    if query.is_empty() && query.invert {
        return Err(
            refused("-v needs a condition that does not hold; in --where it is `not`").into(),
        );
    }
    let files = Inputs::find(&args.files, &args.find);
    let search = Search {
        args,
        query,
        condition,
        found: AtomicBool::new(false),
    };
    let exit = match args.form.form() {
        Some(form) => search.documents(form, &files, context)?,
        None => search.texts(&files, context)?,
    };
    if let Some(condition) = &search.condition {
        condition.complain_of_missing()?;
        condition.complain_of_units(context);
    }
    let verdict = if search.found.into_inner() {
        Exit::Fine
    } else {
        Exit::No
    };
    Ok(exit.max(verdict))
}

/// One search of many files.
struct Search<'a> {
    args: &'a Args,
    query: Query,
    condition: Option<Condition<'a>>,
    found: AtomicBool,
}

impl Search<'_> {
    /// Tells of each node that is found, until that is enough.
    fn each_hit(
        &self,
        file: &AsdfFile,
        mut tell: impl FnMut(&Hit<'_>) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        let values = self.condition.as_ref().map(|condition| condition.of(file));
        let values = values.transpose()?;
        let under = self.args.what.places(file)?;
        for hit in file.search(&self.query)? {
            let hit = hit?;
            if let Some(places) = &under
                && !(0..=hit.path.steps().len())
                    .any(|count| places.contains(&hit.path.prefix(count)))
            {
                continue;
            }
            if let Some(values) = &values
                && !values.holds(&hit)
            {
                continue;
            }
            if !tell(&hit)? {
                break;
            }
        }
        Ok(())
    }

    fn texts(&self, files: &Inputs, context: &mut Context) -> Result<Exit, Failure> {
        let shown = &self.args.shown;
        context.each(files, |context, file| {
            let name = escape(&file.name().display().to_string()).into_owned();
            let prefix = if files.is_many() {
                format!("{name}: ")
            } else {
                String::new()
            };
            let mut count = 0_u64;
            self.each_hit(file, |hit| {
                count += 1;
                if shown.is_of_files() {
                    return Ok(false);
                }
                if !shown.count {
                    show::line(context, &prefix, hit)?;
                }
                Ok(true)
            })?;
            let is_told = if shown.files_without_match {
                count == 0
            } else {
                count > 0
            };
            if shown.count {
                writeln!(context.out, "{prefix}{count}")?;
            } else if shown.is_of_files() && is_told {
                writeln!(context.out, "{name}")?;
            }
            self.found.fetch_or(is_told, Ordering::Relaxed);
            Ok(Exit::Fine)
        })
    }

    /// The nodes found in all files, as one list or as lines.
    fn documents(
        &self,
        form: Form,
        files: &Inputs,
        context: &mut Context,
    ) -> Result<Exit, Failure> {
        let is_list = form == Form::Json;
        let begun = AtomicBool::new(false);
        // What stands before a document is known when those before it are written.
        let separate = |context: &mut Context| -> Result<(), Failure> {
            context.wait_for_turn();
            if begun.swap(true, Ordering::Relaxed) {
                write!(context.out, "{}", if is_list { "," } else { "\n" })?;
            }
            Ok(())
        };
        if is_list {
            write!(context.out, "[")?;
        }
        let exit = context.each_path(files, |context, path| {
            let outcome = path.map_err(Failure::from).and_then(|path| {
                context.with_open(path, |context, file| {
                    self.each_hit(file, |hit| {
                        separate(context)?;
                        let form = &self.args.form;
                        form.write(context, |context| show::document(context, file, hit))?;
                        self.found.store(true, Ordering::Relaxed);
                        Ok(true)
                    })?;
                    Ok(Exit::Fine)
                })
            });
            let Err(Failure::Asdf(error)) = outcome else {
                return outcome;
            };
            separate(context)?;
            write!(context.out, "{}", fault(files, context.number, &error))?;
            Ok(context.complain(&error))
        })?;
        let has_lines = begun.load(Ordering::Relaxed);
        if is_list {
            writeln!(context.out, "]")?;
        } else if has_lines {
            writeln!(context.out)?;
        }
        Ok(exit)
    }
}
