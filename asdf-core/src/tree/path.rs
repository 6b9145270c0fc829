//! Paths to tree nodes.

use crate::error::Result;
use crate::error::Usage;
use std::fmt;
use std::str::FromStr;

/// The address of a node: keys and indices from the root. Displays as a JSON Pointer (RFC 6901).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TreePath {
    steps: Vec<PathStep>,
}

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathStep {
    /// A key of a mapping; also an index when the node there is a list and the text a number.
    Key(Box<str>),
    /// An index into a list (`items[3]`, `items/3`); also a key `3` that the mapping there has.
    Index(usize),
}

impl PathStep {
    /// What a word without quotes means: digits are an index.
    fn of_word(word: &str) -> Self {
        list_index(word).map_or_else(|| Self::Key(word.into()), Self::Index)
    }
}

impl PathStep {
    /// The text of the key, or the digits of the index.
    pub fn key_text(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Key(key) => (&**key).into(),
            Self::Index(index) => index.to_string().into(),
        }
    }
}

impl TreePath {
    /// Parses `roman.meta.x`, `roman/meta/x`, `/roman/meta/x` (JSON Pointer), `items[3]`, `["a.b"]`.
    ///
    /// Nothing, `/` and `.` are the root. A text that starts with `/` is a JSON Pointer, where only
    /// `/`, `~0` and `~1` mean anything; elsewhere `.` and `/` both separate.
    ///
    /// # Errors
    /// A bracket is not closed, or an index is not a number.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// use asdf_core::TreePath;
    ///
    /// let path = TreePath::parse("/meta/filters/0")?; // a JSON Pointer
    /// assert_eq!(path, TreePath::parse("meta.filters[0]")?); // or as people write it
    /// assert_eq!(path.to_string(), "/meta/filters/0");
    /// # Ok(())
    /// # }
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        if matches!(text, "" | "/" | ".") {
            return Ok(Self::default());
        }
        let words = match text.strip_prefix('/') {
            Some(pointer) => parse_pointer(text, pointer)?,
            None => parse_dotted(text)?,
        };
        let step = |word| match word {
            Word::Step(step) => Ok(step),
            Word::Quoted(key) => Ok(PathStep::Key(key)),
            Word::Bracket(_) => Err(bad(
                text,
                "here an index is a number from 0 on, and a key stands in quotes",
            )),
        };
        let steps: Result<Vec<_>> = words.into_iter().map(step).collect();
        Ok(Self { steps: steps? })
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[PathStep] {
        &self.steps
    }

    /// This path one key further.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.steps.push(PathStep::Key(key.into()));
        self
    }

    /// This path one index further.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.steps.push(PathStep::Index(index));
        self
    }

    /// The first `count` steps.
    #[must_use]
    pub fn prefix(&self, count: usize) -> Self {
        Self {
            steps: self.steps.iter().take(count).cloned().collect(),
        }
    }

    pub(super) fn push(&mut self, step: PathStep) {
        self.steps.push(step);
    }
}

impl From<Vec<PathStep>> for TreePath {
    fn from(steps: Vec<PathStep>) -> Self {
        Self { steps }
    }
}

/// A step as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// A word, or a number in brackets.
    Step(PathStep),
    /// A key in quotes, where no character means anything else.
    Quoted(Box<str>),
    /// What else stands in brackets: `*`, slices, an index that counts from the end.
    Bracket(Box<str>),
}

impl Word {
    fn bare(text: &str) -> Self {
        Self::Step(PathStep::of_word(text))
    }
}

/// The steps of a text that is not the root. In a JSON Pointer brackets that end a key are read as in any path: a caller asks first whether
/// there is a key that is written so.
pub(crate) fn words(text: &str) -> Result<Vec<Word>> {
    let Some(pointer) = text.strip_prefix('/') else {
        return parse_dotted(text);
    };
    let mut out = Vec::new();
    for word in parse_pointer(text, pointer)? {
        match &word {
            Word::Step(PathStep::Key(key)) => match split_brackets(key) {
                Some((key, brackets)) => {
                    out.extend((!key.is_empty()).then(|| Word::bare(key)));
                    out.extend(brackets);
                }
                None => out.push(word),
            },
            _ => out.push(word),
        }
    }
    Ok(out)
}

/// Splits the brackets off the end of a key.
fn split_brackets(key: &str) -> Option<(&str, Vec<Word>)> {
    let mut rest = key;
    let mut brackets = Vec::new();
    while let Some((before, inside)) = rest
        .strip_suffix(']')
        .and_then(|inside| inside.rsplit_once('['))
    {
        if inside.contains(['"', '\'', ']']) {
            break;
        }
        brackets.push(of_bracket(inside));
        rest = before;
    }
    brackets.reverse();
    let is_part = |word: &Word| match word {
        Word::Bracket(inside) => {
            inside.contains([':', ','])
                || inside.starts_with('-')
                || matches!(&**inside, "*" | "..." | "None" | "newaxis")
        }
        Word::Step(step) => matches!(step, PathStep::Index(_)),
        Word::Quoted(_) => false,
    };
    brackets.iter().any(is_part).then_some((rest, brackets))
}

/// What brackets without quotes mean.
fn of_bracket(inside: &str) -> Word {
    let inside = inside.trim();
    match inside.parse() {
        Ok(index) => Word::Step(PathStep::Index(index)),
        Err(_) => Word::Bracket(inside.into()),
    }
}

/// The index that a key stands for in a list: digits without leading zeros.
pub(super) fn list_index(key: &str) -> Option<usize> {
    let canonical = key == "0" || !key.starts_with('0');
    if canonical && !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()) {
        key.parse().ok()
    } else {
        None
    }
}

fn bad(path: &str, reason: &'static str) -> crate::error::Error {
    Usage::Path {
        path: path.escape_debug().to_string().into(),
        reason,
    }
    .into()
}

fn parse_pointer(text: &str, pointer: &str) -> Result<Vec<Word>> {
    pointer
        .split('/')
        .map(|token| match unescape(token) {
            Some(key) => Ok(Word::bare(&key)),
            None => Err(bad(text, "`~` stands without 0 or 1")),
        })
        .collect()
}

/// `~1` is `/`, `~0` is `~`; anything else after `~` is `None`.
pub(crate) fn unescape(token: &str) -> Option<String> {
    let mut out = String::with_capacity(token.len());
    let mut chars = token.chars();
    while let Some(char) = chars.next() {
        out.push(match char {
            '~' => match chars.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(out)
}

fn parse_dotted(text: &str) -> Result<Vec<Word>> {
    let mut steps = Vec::new();
    let mut rest = text;
    loop {
        if let Some(inside) = rest.strip_prefix('[') {
            let (step, behind) = bracket(text, inside)?;
            steps.push(step);
            rest = behind;
        } else {
            let end = rest.find(['.', '/', '[']).unwrap_or(rest.len());
            let (key, behind) = rest.split_at(end);
            if key.is_empty() {
                return Err(bad(text, "a key is empty (write [\"\"])"));
            }
            steps.push(Word::bare(key));
            rest = behind;
        }
        if rest.is_empty() {
            return Ok(steps);
        }
        if let Some(behind) = rest.strip_prefix(['.', '/']) {
            if behind.is_empty() {
                return Err(bad(text, "it ends in a separator"));
            }
            rest = behind;
        } else if !rest.starts_with('[') {
            return Err(bad(text, "a separator is missing after `]`"));
        }
    }
}

/// What stands after `[`: a key in quotes, where `\` escapes the next character, or anything else up to `]`.
fn bracket<'a>(text: &str, inside: &'a str) -> Result<(Word, &'a str)> {
    let quote = inside
        .chars()
        .next()
        .filter(|char| matches!(char, '"' | '\''));
    let Some(quote) = quote else {
        let (inside, behind) = inside
            .split_once(']')
            .ok_or_else(|| bad(text, "`]` is missing"))?;
        return Ok((of_bracket(inside), behind));
    };
    let mut key = String::new();
    let mut chars = inside.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        if char == quote {
            let behind = inside.get(at.saturating_add(1)..).unwrap_or_default();
            let behind = behind
                .strip_prefix(']')
                .ok_or_else(|| bad(text, "`]` is missing"))?;
            return Ok((Word::Quoted(key.into()), behind));
        }
        let char = if char == '\\' {
            chars.next().map_or(char, |next| next.1)
        } else {
            char
        };
        key.push(char);
    }
    Err(bad(text, "a quote is not closed"))
}

impl FromStr for TreePath {
    type Err = crate::error::Error;

    /// As [`TreePath::parse`].
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl fmt::Display for TreePath {
    /// A JSON Pointer (RFC 6901); the root is the empty string.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| write!(f, "/{step}"))
    }
}

impl fmt::Display for PathStep {
    /// A reference token of a JSON Pointer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(f, "{index}"),
            Self::Key(key) if key.contains(['~', '/']) => {
                f.write_str(&key.replace('~', "~0").replace('/', "~1"))
            }
            Self::Key(key) => f.write_str(key),
        }
    }
}

/// What can name a node: text in any of the forms of [`TreePath::parse`], or a path.
pub trait IntoTreePath {
    /// The path.
    ///
    /// # Errors
    /// The text cannot be parsed.
    fn into_tree_path(self) -> Result<TreePath>;
}

impl IntoTreePath for TreePath {
    fn into_tree_path(self) -> Result<TreePath> {
        Ok(self)
    }
}

impl IntoTreePath for &TreePath {
    fn into_tree_path(self) -> Result<TreePath> {
        Ok(self.clone())
    }
}

impl IntoTreePath for &str {
    fn into_tree_path(self) -> Result<TreePath> {
        TreePath::parse(self)
    }
}

impl IntoTreePath for &String {
    fn into_tree_path(self) -> Result<TreePath> {
        TreePath::parse(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pointer(text: &str) -> String {
        TreePath::parse(text).unwrap().to_string()
    }

    #[test]
    fn every_form_names_the_same_node() {
        for text in [
            "roman.meta.x",
            "roman/meta/x",
            "/roman/meta/x",
            "roman.meta[\"x\"]",
            "[\"roman\"].meta['x']",
        ] {
            assert_eq!(pointer(text), "/roman/meta/x", "{text}");
        }
        assert_eq!(pointer("items[3].a"), "/items/3/a");
        assert_eq!(pointer("[\"a.b\"]"), "/a.b");
        assert_eq!(pointer("/a.b/c~1d/m~0n/"), "/a.b/c~1d/m~0n/");
        assert_eq!(pointer("/"), "");
    }

    #[test]
    fn digits_are_an_index_unless_they_stand_in_quotes() {
        for text in ["a[3]", "a.3", "a/3", "/a/3"] {
            assert_eq!(
                TreePath::parse(text).unwrap().steps().last(),
                Some(&PathStep::Index(3)),
                "{text}"
            );
        }
        for text in ["a[\"3\"]", "a['3']"] {
            let path = TreePath::parse(text).unwrap();
            assert_eq!(
                path.steps().last(),
                Some(&PathStep::Key("3".into())),
                "{text}"
            );
        }
        for text in ["a.03", "/a/-1", "a/99999999999999999999999"] {
            let path = TreePath::parse(text).unwrap();
            assert!(
                matches!(path.steps().last(), Some(PathStep::Key(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn a_broken_path_says_what_is_wrong() {
        for text in [
            "a..b", "a.", "a[", "a[x]", "a[\"b", "a[\"b\"", "a[1]b", "/a~2",
        ] {
            assert!(TreePath::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_displayed_path_reads_back(keys in prop::collection::vec(".*[^0-9].*", 1..5)) {
            let path = keys.iter().fold(TreePath::default(), |path, key| path.key(key));
            let text = path.to_string();
            prop_assume!(text != "/");
            prop_assert_eq!(TreePath::parse(&text).unwrap(), path);
        }

        #[test]
        fn parsing_never_panics(text in ".*") {
            let _ = TreePath::parse(&text);
        }
    }
}
