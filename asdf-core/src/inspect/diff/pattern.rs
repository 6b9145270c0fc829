//! Patterns of paths: `*` stands for one step, `**` for any number.

use super::step_text;
use crate::error::Result;
use crate::tree::{TreePath, Word, path_words};
use std::str::FromStr;

/// A pattern of paths, such as `roman.meta.*.time`, `/history/**` or `**/file_date`. It also matches
/// everything below what it matches. A key in quotes is that key: `["*"]`; `items[*]` is every item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// `**`
    Any,
    /// A key or an index, `*` in it for any text.
    Like(String),
    /// A key in quotes.
    Exact(String),
}

impl FromStr for PathPattern {
    type Err = crate::error::Error;

    fn from_str(text: &str) -> Result<Self> {
        if TreePath::parse(text).is_ok_and(|path| path.steps().is_empty()) {
            return Ok(Self(Vec::new()));
        }
        let step = |word: Word| match step_text(&word.step) {
            text if word.is_quoted => Step::Exact(text),
            text if text == "**" => Step::Any,
            text => Step::Like(text),
        };
        let words = path_words(text, true)?;
        Ok(Self(words.into_iter().map(step).collect()))
    }
}

impl PathPattern {
    /// True when a star stands in it, so that it may be many paths.
    pub fn is_wild(&self) -> bool {
        self.0.iter().any(|step| match step {
            Step::Any => true,
            Step::Like(text) => text.contains('*'),
            Step::Exact(_) => false,
        })
    }

    /// True for paths that fit.
    pub fn matches(&self, path: &TreePath) -> bool {
        let steps: Vec<String> = path.steps().iter().map(step_text).collect();
        // Which beginnings of the pattern fit the steps so far.
        let mut fits = vec![false; self.0.len() + 1];
        if let Some(first) = fits.first_mut() {
            *first = true;
        }
        spread(&self.0, &mut fits);
        for step in &steps {
            let mut next = vec![false; fits.len()];
            for (index, pattern) in self.0.iter().enumerate() {
                let here = fits.get(index).copied().unwrap_or(false);
                let (stays, moves) = match pattern {
                    Step::Any => (here, false),
                    Step::Like(text) => (false, here && is_like(text, step)),
                    Step::Exact(text) => (false, here && text == step),
                };
                if let Some(slot) = next.get_mut(index) {
                    *slot |= stays;
                }
                if let Some(slot) = next.get_mut(index + 1) {
                    *slot |= moves;
                }
            }
            spread(&self.0, &mut next);
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
fn is_like(pattern: &str, text: &str) -> bool {
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
    }

    #[test]
    fn a_star_in_quotes_is_a_star() {
        assert!(matches("a[\"*\"]", "/a/*") && !matches("a[\"*\"]", "/a/b"));
        assert!(matches("[\"**\"]", "/**") && !matches("[\"**\"]", "/a/b"));
        let is_wild = |text: &str| text.parse::<PathPattern>().unwrap().is_wild();
        assert!(is_wild("a.*") && is_wild("a[*]") && !is_wild("[\"*\"].b"));
    }
}
