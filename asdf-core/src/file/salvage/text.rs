//! The longest part of a damaged tree's text that can be read.

use super::head::Head;
use super::loss::{Loss, LossKind};
use super::standard;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::Result;
use crate::limits::Limits;
use crate::tree::Tree;
use std::ops::Range;

/// Times that a damaged text is parsed at most; each takes time in proportion to the text.
const ATTEMPTS: usize = 96;

/// Entries of growing size around an error that are tried to be left out.
const LEVELS: usize = 12;

/// A text that can be read, and the tree it gives.
#[derive(Debug)]
pub(super) struct RepairedTree {
    pub(super) text: String,
    pub(super) tree: Tree,
    /// True when it is not the text of the file, but for first and last lines of which it is certain what they were.
    pub(super) changed: bool,
    /// True when all of the text was read.
    pub(super) whole: bool,
}

impl RepairedTree {
    /// Of a file without a tree.
    pub(super) fn nothing() -> Self {
        Self {
            text: String::new(),
            tree: Tree::empty(),
            changed: false,
            whole: true,
        }
    }
}

/// Parses the tree's text; what cannot be read is left out.
pub(super) fn mend(
    head: &Head,
    bytes: &[u8],
    limits: &Limits,
    losses: &mut Vec<Loss>,
) -> Result<RepairedTree> {
    let (base, ended) = (head.tree.start as u64, head.ended);
    let directives = head.directives.as_str();
    if ended
        && (!directives.is_empty() || bytes.starts_with(b"%YAML"))
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        let text = [directives, text, head.marker].concat();
        if let Parsed::Tree(tree) = parse(&text, limits)? {
            return Ok(RepairedTree {
                text,
                tree,
                changed: false,
                whole: true,
            });
        }
    }
    let mut lines = Lines::split(directives, bytes, base);
    let replaced = lines.replace_characters(limits, losses)?;
    lines.add_start(losses);
    let mut repair = TreeRepair {
        limits,
        attempts: 0,
        first_error: None,
    };
    let mut closers = String::new();
    let tree = repair.repair(&mut lines, ended, &mut closers)?;
    let Some(tree) = tree else {
        let why = repair.first_error.unwrap_or_else(|| "it is cut".into());
        losses.push(
            Loss::new(LossKind::TreeLost { why }).at(base..base.saturating_add(bytes.len() as u64)),
        );
        return Ok(RepairedTree {
            text: String::new(),
            tree: Tree::empty(),
            changed: true,
            whole: false,
        });
    };
    let kept = lines.0.iter().all(|line| line.kept);
    lines.tell(repair.first_error, losses);
    if !closers.is_empty() {
        let closers = closers.as_str().into();
        losses.push(Loss::new(LossKind::Closed { closers }));
    }
    let text = lines.document(&closers);
    Ok(RepairedTree {
        text,
        tree,
        changed: true,
        whole: ended && kept && !replaced && closers.is_empty(),
    })
}

/// Looks at the first lines as they will be written: where some were added or left out, what is left may be the known lines but
/// for one byte, which is certain then. So a repaired file needs no repair.
pub(super) fn settle(
    mended: RepairedTree,
    head: &mut Head,
    limits: &Limits,
    losses: &mut Vec<Loss>,
) -> Result<RepairedTree> {
    let (lines, length) = standard::with_lines_before(&head.lines, mended.text.as_bytes());
    let Some(standard::Start::Certain(found)) = standard::find(&lines) else {
        return Ok(mended);
    };
    let rest = found.end.checked_sub(length);
    let Some(rest) = rest.and_then(|behind| mended.text.get(behind..)) else {
        return Ok(mended);
    };
    let text = [found.directives.as_str(), rest].concat();
    let Parsed::Tree(tree) = parse(&text, limits)? else {
        return Ok(mended);
    };
    let start = head.tree.start as u64;
    let line = found.line.into();
    losses.push(Loss::new(LossKind::Line { line }).at(start..start));
    head.lines = found.comment.into_iter().map(String::into_bytes).collect();
    Ok(RepairedTree {
        text,
        tree,
        ..mended
    })
}

#[expect(
    clippy::large_enum_variant,
    reason = "one value at a time, handed on at once"
)]
enum Parsed {
    Tree(Tree),
    /// The place within the text, and what is wrong.
    Error(usize, Box<str>),
}

/// Parses; only a limit is an error.
fn parse(text: &str, limits: &Limits) -> Result<Parsed> {
    match Tree::parse(text.as_bytes(), 0, limits, &mut Vec::new()) {
        Ok(tree) => Ok(Parsed::Tree(tree)),
        Err(error) if error.is_limit() => Err(error),
        Err(error) => Ok(Parsed::Error(
            place(&error, text.len()),
            error.kind_text().into(),
        )),
    }
}

fn place(error: &Error, size: usize) -> usize {
    let start = error.place().span.as_ref().map(|span| span.start);
    start
        .and_then(|start| usize::try_from(start).ok())
        .unwrap_or(size)
        .min(size)
}

impl Error {
    /// What went wrong, without the place.
    fn kind_text(&self) -> String {
        match self.kind() {
            ErrorKind::Malformed(fact) => fact.to_string(),
            kind => kind.to_string(),
        }
    }
}

/// A line of the text with the place it comes from.
#[derive(Debug, Clone)]
struct Line {
    text: String,
    origin: Range<u64>,
    number: usize,
    kept: bool,
}

impl Line {
    fn indent(&self) -> usize {
        let text = self.text.trim_start_matches(' ');
        self.text.len().saturating_sub(text.len())
    }

    fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn is_marker(&self) -> bool {
        self.text.trim_end() == "..." && self.text.starts_with("...")
    }
}

struct Lines(Vec<Line>);

impl Lines {
    /// The lines of the text, after first ones that were mended.
    fn split(directives: &str, bytes: &[u8], base: u64) -> Self {
        let mut at = base;
        let is_end = |byte: &u8| *byte == b'\n';
        let mended = directives.as_bytes().split_inclusive(is_end);
        let mended = mended.map(|line| (line, 0));
        let text = bytes.split_inclusive(is_end);
        let text = text.map(|line| (line, line.len() as u64));
        let mut lines = Vec::new();
        for (number, (line, length)) in mended.chain(text).enumerate() {
            let end = at.saturating_add(length);
            lines.push(Line {
                text: String::from_utf8_lossy(line).into_owned(),
                origin: at..end,
                number: number.saturating_add(1),
                kept: true,
            });
            at = end;
        }
        Self(lines)
    }

    /// Bytes that are not UTF-8 are replaced already; characters that YAML forbids are replaced
    /// when the text cannot be parsed with them. True when there are any.
    fn replace_characters(&mut self, limits: &Limits, losses: &mut Vec<Loss>) -> Result<bool> {
        let mut replaced = false;
        let text = self.joined();
        let good = matches!(parse(&text, limits)?, Parsed::Tree(_));
        for line in &mut self.0 {
            if !good && line.text.chars().any(is_forbidden) {
                line.text = line
                    .text
                    .chars()
                    .map(|found| {
                        if is_forbidden(found) {
                            '\u{fffd}'
                        } else {
                            found
                        }
                    })
                    .collect();
            }
            let count = line.text.matches('\u{fffd}').count();
            if count > 0 {
                replaced = true;
                let loss = Loss::new(LossKind::Characters { count });
                losses.push(loss.at(line.origin.clone()));
            }
        }
        Ok(replaced)
    }

    /// Puts `%YAML` and `---` in front when they are not there.
    fn add_start(&mut self, losses: &mut Vec<Loss>) {
        let at = self.0.first().map_or(0, |line| line.origin.start);
        let has = |wanted: &str| self.0.iter().any(|line| line.text.starts_with(wanted));
        let has_directive = self
            .0
            .first()
            .is_some_and(|line| line.text.starts_with("%YAML"));
        let (has_tag, has_dashes) = (has("%TAG ! "), has("---"));
        if has_directive && has_dashes {
            return;
        }
        losses.push(Loss::new(LossKind::TreeStart).at(at..at));
        let directives = self
            .0
            .iter()
            .take_while(|line| line.text.starts_with('%') || line.text.starts_with('#'))
            .count();
        let line = |text: &str| Line {
            text: text.into(),
            origin: at..at,
            number: 0,
            kept: true,
        };
        if !has_dashes {
            self.0.insert(directives, line("---\n"));
        }
        if !has_directive {
            let uses_core = self.0.iter().any(|line| line.text.contains("!core/"));
            if !has_tag && uses_core {
                self.0.insert(0, line("%TAG ! tag:stsci.edu:asdf/\n"));
            }
            self.0.insert(0, line("%YAML 1.1\n"));
        }
    }

    fn joined(&self) -> String {
        let kept = self.0.iter().filter(|line| line.kept);
        kept.map(|line| line.text.as_str()).collect()
    }

    /// The text with its end marker and what closes it.
    fn document(&self, closers: &str) -> String {
        let kept = self.0.iter().filter(|line| line.kept && !line.is_marker());
        let mut text: String = kept.map(|line| line.text.as_str()).collect();
        if !closers.is_empty() {
            let length = text.trim_end().trim_end_matches(',').len();
            text.truncate(length);
            text.push('\n');
            text.push_str(closers);
        }
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str("...\n");
        text
    }

    /// The number of the line that holds that byte of the joined text.
    fn at(&self, offset: usize) -> usize {
        let mut start = 0_usize;
        let mut last = 0;
        for (number, line) in self.0.iter().enumerate().filter(|(_, line)| line.kept) {
            last = number;
            start = start.saturating_add(line.text.len());
            if start > offset {
                break;
            }
        }
        last
    }

    /// Where the content begins: after `---`.
    fn content(&self) -> usize {
        let dashes = self.0.iter().position(|line| line.text.starts_with("---"));
        dashes.map_or(0, |at| at.saturating_add(1))
    }

    /// The entry around that line whose indentation is less than `below`.
    fn entry(&self, line: usize, below: usize) -> Option<(Range<usize>, usize)> {
        let content = self.content();
        let head = (content..=line).rev().find(|&number| {
            self.0
                .get(number)
                .is_some_and(|line| line.kept && !line.is_empty() && line.indent() < below)
        })?;
        let indent = self.0.get(head)?.indent();
        let dash = self.0.get(head)?.text.trim_start().starts_with("- ");
        let mut end = head.saturating_add(1);
        while let Some(next) = self.0.get(end) {
            let deeper = next.is_empty() || next.indent() > indent;
            let item = !dash && next.indent() == indent && next.text.trim_start().starts_with('-');
            if next.is_marker() || !(deeper || item) {
                break;
            }
            end = end.saturating_add(1);
        }
        Some((head..end, indent))
    }

    fn keep(&mut self, range: Range<usize>, kept: bool) {
        for line in self.0.get_mut(range).unwrap_or_default() {
            line.kept = kept;
        }
    }

    /// One loss for each run of lines that are left out.
    fn tell(&self, why: Option<Box<str>>, losses: &mut Vec<Loss>) {
        let why = why.unwrap_or_else(|| "the last line is not complete".into());
        let runs = self.0.chunk_by(|one, two| one.kept == two.kept);
        for run in runs.filter(|run| run.first().is_some_and(|line| !line.kept)) {
            if let (Some(first), Some(last)) = (run.first(), run.last()) {
                let kind = LossKind::TreeLines {
                    line: first.number,
                    lines: run.len(),
                    why: why.clone(),
                };
                losses.push(Loss::new(kind).at(first.origin.start..last.origin.end));
            }
        }
    }
}

/// Characters that YAML 1.1 forbids.
fn is_forbidden(found: char) -> bool {
    (found.is_control() && !matches!(found, '\t' | '\n' | '\r' | '\u{85}'))
        || matches!(found, '\u{fffe}' | '\u{ffff}')
}

/// Tries cuts, a bounded number of them.
struct TreeRepair<'l> {
    limits: &'l Limits,
    attempts: usize,
    first_error: Option<Box<str>>,
}

impl TreeRepair<'_> {
    fn parse(&mut self, text: &str) -> Result<Parsed> {
        self.attempts = self.attempts.saturating_add(1);
        let parsed = parse(text, self.limits)?;
        if let Parsed::Error(_, why) = &parsed {
            self.first_error.get_or_insert_with(|| why.clone());
        }
        Ok(parsed)
    }

    fn repair(
        &mut self,
        lines: &mut Lines,
        ended: bool,
        closers: &mut String,
    ) -> Result<Option<Tree>> {
        if !ended {
            drop_incomplete(lines);
        }
        let text = lines.document("");
        let mut error = match self.parse(&text)? {
            Parsed::Tree(tree) => return Ok(Some(tree)),
            Parsed::Error(at, _) => at,
        };
        if !ended {
            *closers = brackets(&text);
            if let Parsed::Tree(tree) = self.parse(&lines.document(closers))? {
                return Ok(Some(tree));
            }
            closers.clear();
        }
        while self.attempts < ATTEMPTS / 2 {
            match self.drop_entry(lines, error)? {
                Dropped::Done(tree) => return Ok(Some(*tree)),
                Dropped::Next(at) => error = at,
                Dropped::Nothing => break,
            }
        }
        self.cut(lines, error, closers)
    }

    /// Leaves out the smallest entry around the error that lets the parser go on.
    fn drop_entry(&mut self, lines: &mut Lines, error: usize) -> Result<Dropped> {
        let line = lines.at(error);
        let mut below = usize::MAX;
        for _ in 0..LEVELS {
            let Some((range, indent)) = lines.entry(line, below) else {
                break;
            };
            below = indent;
            let removed: usize = lines
                .0
                .get(range.clone())
                .unwrap_or_default()
                .iter()
                .filter(|line| line.kept)
                .map(|line| line.text.len())
                .sum();
            let before = lines.0.clone();
            lines.keep(range, false);
            match self.parse(&lines.document(""))? {
                Parsed::Tree(tree) => return Ok(Dropped::Done(Box::new(tree))),
                // The error moved on, counted in bytes of the text as it was.
                Parsed::Error(at, _) if at.saturating_add(removed) > error => {
                    return Ok(Dropped::Next(at));
                }
                Parsed::Error(..) => lines.0 = before,
            }
        }
        Ok(Dropped::Nothing)
    }

    /// Cuts the end off: further and further back until it can be read, then as little as needed.
    fn cut(
        &mut self,
        lines: &mut Lines,
        error: usize,
        closers: &mut String,
    ) -> Result<Option<Tree>> {
        let content = lines.content();
        let all = lines.0.len();
        let mut bad = lines.at(error).saturating_add(1).min(all);
        let mut step = 1_usize;
        let mut best = None;
        while self.attempts < ATTEMPTS && best.is_none() && bad > content {
            let good = bad.saturating_sub(step).max(content);
            best = self.try_cut(lines, good)?.map(|found| (good, found));
            if best.is_none() {
                bad = good;
            }
            step = step.saturating_mul(2);
        }
        while self.attempts < ATTEMPTS
            && let Some((good, _)) = &best
            && bad.saturating_sub(*good) > 1
        {
            let middle = good.midpoint(bad);
            match self.try_cut(lines, middle)? {
                Some(found) => best = Some((middle, found)),
                None => bad = middle,
            }
        }
        let Some((good, (tree, open))) = best else {
            return Ok(None);
        };
        if tree.root().text() == Some("") && tree.len() <= 1 {
            return Ok(None);
        }
        lines.keep(good..all, false);
        *closers = open;
        Ok(Some(tree))
    }

    /// The tree of the lines in front of `end`, and what closes it.
    fn try_cut(&mut self, lines: &Lines, end: usize) -> Result<Option<(Tree, String)>> {
        let short = Lines(lines.0.get(..end).unwrap_or_default().to_vec());
        let text = short.document("");
        if let Parsed::Tree(tree) = self.parse(&text)? {
            return Ok(Some((tree, String::new())));
        }
        let open = brackets(&text);
        if open.is_empty() {
            return Ok(None);
        }
        Ok(match self.parse(&short.document(&open))? {
            Parsed::Tree(tree) => Some((tree, open)),
            Parsed::Error(..) => None,
        })
    }
}

enum Dropped {
    Done(Box<Tree>),
    Next(usize),
    Nothing,
}

/// A last line without an end may be half a line: its value would be another one.
fn drop_incomplete(lines: &mut Lines) {
    let content = lines.content();
    let last = lines.0.len().saturating_sub(1);
    let Some(line) = lines.0.last_mut() else {
        return;
    };
    if !line.text.ends_with('\n') && line.number > 0 && last >= content {
        line.kept = false;
    }
}

/// What closes the flow collections that are open at the end of the text. A guess, to be parsed:
/// block scalars are not understood.
fn brackets(text: &str) -> String {
    let mut open = Vec::new();
    let mut quote = None;
    // The last character that was not a blank, and whether a blank or line start is in front.
    let (mut before, mut spaced) = ('\n', true);
    for found in text.chars() {
        if let Some(end) = quote {
            if found == end && before != '\\' {
                quote = None;
            }
        } else {
            let starts = !open.is_empty() || (spaced && matches!(before, ':' | '-' | '\n' | '?'));
            match found {
                '\'' | '"' if starts && spaced_or_flow(spaced, before) => quote = Some(found),
                '[' if starts => open.push(']'),
                '{' if starts => open.push('}'),
                ']' | '}' if open.last() == Some(&found) => {
                    open.pop();
                }
                _ => {}
            }
        }
        spaced = found.is_whitespace();
        if found == '\n' || !spaced {
            before = found;
        }
    }
    open.into_iter().rev().collect()
}

fn spaced_or_flow(spaced: bool, before: char) -> bool {
    spaced || matches!(before, '[' | '{' | ',')
}
