//! Paths as people type them: one node, or all that fit.

use crate::array::{Slice, Subscript};
use crate::error::{Error, Result, Usage};
use crate::tree::{PathStep, TreePath, Word, path_words};
use std::str::FromStr;

/// Steps of which a pattern may have as many, from the first that can fit several nodes on: one bit each, and one for the end.
const MOST: usize = 63;

/// A path as a person types it, which names a node, several, or a part of an array: `roman.meta.*.time`, `items[-1]`,
/// `items[1:3].name`, `**/file_date`, `cat["ra"][0:10]`, `cube[..., ::2]`.
///
/// `*` stands for one step or a part of a key, `**` for any number of steps, `[*]` for every item. A key in quotes is that key:
/// `["*"]`. After an array brackets are as in numpy, and the name of a column takes that of its records. A text that begins
/// with `/` is a JSON Pointer first: where that leads to a node, nothing in it means anything else. `docs/paths.md` has it all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathPattern {
    text: Box<str>,
    pub(super) steps: Vec<Step>,
    /// The text as a JSON Pointer, where it may be one.
    pub(super) pointer: Option<TreePath>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A key or an index.
    One(PathStep),
    /// Any key or index that is like this, with `*` in it for any text.
    Like(Box<str>),
    /// `**`
    Any,
    /// `[*]`
    Every,
    /// What else stands in brackets.
    Part(Vec<Subscript>),
}

impl Step {
    fn of(word: Word) -> Result<Self> {
        Ok(match word {
            Word::Step(PathStep::Key(key)) if &*key == "**" => Self::Any,
            Word::Step(PathStep::Key(key)) if key.contains('*') => Self::Like(key),
            Word::Step(step) => Self::One(step),
            Word::Quoted(key) => Self::One(PathStep::Key(key)),
            Word::Bracket(inside) if &*inside == "*" => Self::Every,
            Word::Bracket(inside) => Self::Part(Subscript::parse_list(&inside)?),
        })
    }

    /// The position in a list that it is, counted from the end where it is negative.
    pub(super) fn position(&self) -> Option<i64> {
        match self {
            Self::Part(parts) => match parts.as_slice() {
                [Subscript::Slice(Slice::Index(index))] => Some(*index),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it names one child at most, of whatever node.
    pub(super) fn is_single(&self) -> bool {
        matches!(self, Self::One(_)) || self.position().is_some()
    }

    /// Whether the child at a key or an index fits; what counts from the end of a list fits none.
    pub(super) fn fits(&self, step: &PathStep, text: &str) -> bool {
        match self {
            Self::Any => false,
            Self::Every => true,
            Self::One(own) => own == step || own.key_text() == text,
            Self::Like(pattern) => is_like(pattern, text),
            Self::Part(parts) => match (parts.as_slice(), text.parse::<i64>()) {
                ([Subscript::Slice(Slice::Range { start, stop, step })], Ok(at)) => {
                    let start = start.unwrap_or(0);
                    let is_before = stop.is_none_or(|stop| at < stop);
                    *step > 0 && start >= 0 && at >= start && is_before && (at - start) % step == 0
                }
                _ => false,
            },
        }
    }
}

impl FromStr for PathPattern {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let is_root = matches!(text, "" | "/" | ".");
        let words = if is_root {
            Vec::new()
        } else {
            path_words(text)?
        };
        let steps = words.into_iter().map(Step::of).collect::<Result<Vec<_>>>();
        let steps = steps.map_err(|error| match error.kind() {
            crate::error::ErrorKind::Usage(Usage::Window { reason }) => {
                Error::from(Usage::Brackets {
                    path: text.escape_debug().to_string().into(),
                    reason: reason.clone(),
                })
            }
            _ => error,
        })?;
        let first = steps.iter().position(|step| !step.is_single());
        if first.is_some_and(|first| steps.len() - first > MOST) {
            return Err(Usage::Path {
                path: text.escape_debug().to_string().into(),
                reason: "more than 63 steps from the first `*` or slice on",
            }
            .into());
        }
        Ok(Self {
            text: text.into(),
            pointer: text
                .starts_with('/')
                .then(|| TreePath::parse(text).ok())
                .flatten(),
            steps,
        })
    }
}

impl From<TreePath> for PathPattern {
    /// Exactly this path.
    fn from(path: TreePath) -> Self {
        Self {
            text: path.to_string().into(),
            steps: path.steps().iter().cloned().map(Step::One).collect(),
            pointer: None,
        }
    }
}

impl std::fmt::Display for PathPattern {
    /// As it was typed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl PathPattern {
    /// The text in the form of a JSON Pointer: `/items[*]/name`.
    pub fn to_pointer(&self) -> String {
        let text = |step: &Step| match step {
            Step::One(step) => format!("/{step}"),
            Step::Like(text) => format!("/{}", PathStep::Key(text.clone())),
            Step::Any => "/**".to_owned(),
            Step::Every => "[*]".to_owned(),
            Step::Part(parts) => {
                let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
                format!("[{}]", parts.join(","))
            }
        };
        self.steps.iter().map(text).collect()
    }

    /// True when a star stands in it, so that it may be many paths.
    pub fn is_wild(&self) -> bool {
        let is_wild = |step: &Step| matches!(step, Step::Any | Step::Like(_) | Step::Every);
        self.steps.iter().any(is_wild)
    }

    /// True when it is a JSON Pointer to this node, whatever else it may be.
    pub fn is_pointer_to(&self, path: &TreePath) -> bool {
        let own = self.pointer.as_ref().map(ToString::to_string);
        own.is_some_and(|own| own == path.to_string())
    }

    /// True when a slice stands in it, which takes several items of a list.
    pub fn is_slice(&self) -> bool {
        let is_slice = |step: &Step| matches!(step, Step::Part(_)) && step.position().is_none();
        self.steps.iter().any(is_slice)
    }

    /// The path of the one node that the text names, whether it is there or not; `None` when that depends on what is there.
    pub fn as_path(&self) -> Option<TreePath> {
        let step = |step: &Step| match step {
            Step::One(step) => Some(step.clone()),
            _ => None,
        };
        let steps: Option<Vec<PathStep>> = self.steps.iter().map(step).collect();
        steps.map(TreePath::from)
    }

    /// The same with the first steps only.
    pub(super) fn begun(&self, steps: &[Step]) -> Self {
        Self {
            text: self.text.clone(),
            steps: steps.to_vec(),
            pointer: None,
        }
    }

    /// True when a position in it counts from the end of a list, so that a path alone does not tell whether it fits.
    pub fn needs_lengths(&self) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Part(parts) => match parts.as_slice() {
                [Subscript::Slice(Slice::Range { start, stop, step })] => {
                    let is_back = |at: &Option<i64>| at.is_some_and(|at| at < 0);
                    is_back(start) || is_back(stop) || *step < 0
                }
                _ => true,
            },
            _ => false,
        })
    }

    /// True for paths that fit. Of slices those of lists are looked at, from the start on
    /// ([`needs_lengths`](Self::needs_lengths)).
    pub fn matches(&self, path: &TreePath) -> bool {
        // Which beginnings of the pattern fit the steps so far.
        let mut fits = vec![false; self.steps.len() + 1];
        if let Some(first) = fits.first_mut() {
            *first = true;
        }
        spread(&self.steps, &mut fits);
        for step in path.steps() {
            let text = step.key_text();
            let mut next = vec![false; fits.len()];
            for (index, pattern) in self.steps.iter().enumerate() {
                let here = fits.get(index).copied().unwrap_or(false);
                let stays = here && matches!(pattern, Step::Any);
                let moves = here && pattern.fits(step, &text);
                if let Some(slot) = next.get_mut(index) {
                    *slot |= stays;
                }
                if let Some(slot) = next.get_mut(index + 1) {
                    *slot |= moves;
                }
            }
            spread(&self.steps, &mut next);
            fits = next;
        }
        fits.last().copied().unwrap_or(false)
    }
}

/// `**` may stand for nothing.
fn spread(pattern: &[Step], fits: &mut [bool]) {
    for (index, step) in pattern.iter().enumerate() {
        let here = fits.get(index).copied().unwrap_or(false);
        if let (Step::Any, Some(next)) = (step, fits.get_mut(index + 1)) {
            *next |= here;
        }
    }
}

/// Whether a text fits a pattern with `*`.
pub(super) fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        let pattern: PathPattern = pattern.parse().unwrap();
        pattern.matches(&TreePath::parse(path).unwrap())
    }

    #[test]
    fn stars_stand_for_steps() {
        assert!(matches("a.*.c", "/a/b/c"));
        assert!(!matches("a.*.c", "/a/b/b/c"));
        assert!(matches("a/**/c", "/a/c") && matches("a/**/c", "/a/b/b/c"));
        assert!(matches("**/date", "/x/y/date") && !matches("**/date", "/x/dates"));
        assert!(matches("/history/**", "/history/entries/0"));
        assert!(matches("meta.f*_date", "/meta/file_date"));
        assert!(!matches("a", "/b") && matches("", "/"));
        assert!(matches("items[*].name", "/items/2/name"));
        assert!(matches("items[1:].name", "/items/2/name"));
        assert!(!matches("items[3:].name", "/items/2/name"));
        assert!(matches("/items[0:4:2]", "/items/2") && !matches("items[0:4:2]", "/items/3"));
    }

    #[test]
    fn a_star_in_quotes_is_a_star() {
        assert!(matches("a[\"*\"]", "/a/*") && !matches("a[\"*\"]", "/a/b"));
        assert!(matches("[\"**\"]", "/**") && !matches("[\"**\"]", "/a/b"));
        let is_wild = |text: &str| text.parse::<PathPattern>().unwrap().is_wild();
        assert!(is_wild("a.*") && is_wild("a[*]") && !is_wild("[\"*\"].b"));
    }
}
