//! Conditions that are written with words: `is nan`, `in [1, 2]`, `between 1 and 2`.

use super::bare;

/// A condition as it is written.
pub(super) struct Worded {
    /// The name before the words.
    pub(super) name: String,
    /// Whether `not` is among them.
    pub(super) is_negated: bool,
    pub(super) form: Form,
}

/// What is asked.
pub(super) enum Form {
    Missing,
    Nan,
    Among(Vec<String>),
    Between(String, String),
}

/// Whether a text ends within `between A`, whose `and` is still to come.
pub(super) fn is_open(text: &str) -> bool {
    let words = words(text);
    let at = words.iter().position(|word| word.is("between"));
    at.is_some_and(|at| {
        let rest = words.get(at + 1..).unwrap_or_default();
        at > 0 && !rest.is_empty() && !rest.iter().any(|word| word.is("and"))
    })
}

/// Reads a condition; `None` where it is not one of these. `is_column` tells whether a name is that of a column.
///
/// # Errors
/// The words are there, and values after them are missing.
pub(super) fn read(text: &str, is_column: impl Fn(&str) -> bool) -> Result<Option<Worded>, String> {
    let words = words(text);
    for (at, word) in words.iter().enumerate().skip(1) {
        let is_negated = words.get(at - 1).is_some_and(|word| word.is("not"));
        let first = if is_negated { at - 1 } else { at };
        let Some(end) = words
            .get(first)
            .map(|word| word.start)
            .filter(|_| first > 0)
        else {
            continue;
        };
        let name = text.get(..end).unwrap_or_default().trim();
        let rest = text.get(word.start + word.text.len()..).unwrap_or_default();
        let rest = rest.trim();
        let found = |is_negated: bool, form: Form| {
            Ok(Some(Worded {
                name: name.to_owned(),
                is_negated,
                form,
            }))
        };
        if word.is("is") && !is_negated {
            let lower = rest.to_ascii_lowercase();
            let parts: Vec<&str> = lower.split_whitespace().collect();
            match parts.as_slice() {
                ["null"] => return found(false, Form::Missing),
                ["nan"] => return found(false, Form::Nan),
                ["not", "null"] => return found(true, Form::Missing),
                ["not", "nan"] => return found(true, Form::Nan),
                _ => {}
            }
        }
        if word.is("in") {
            let pairs = [('[', ']'), ('(', ')')];
            let inside = pairs
                .iter()
                .find_map(|(open, close)| rest.strip_prefix(*open)?.strip_suffix(*close));
            if let Some(inside) = inside {
                return found(is_negated, Form::Among(items(inside)));
            }
        }
        if word.is("between") && is_column(bare(name)) {
            let and = self::words(rest).into_iter().find(|word| word.is("and"));
            let ends = and.and_then(|and| {
                let from = rest.get(..and.start)?.trim();
                let to = rest.get(and.start + and.text.len()..)?.trim();
                (!from.is_empty() && !to.is_empty()).then(|| (from.to_owned(), to.to_owned()))
            });
            let (from, to) =
                ends.ok_or_else(|| format!("`{text}`: expected two values, `between A and B`"))?;
            return found(is_negated, Form::Between(from, to));
        }
    }
    Ok(None)
}

/// A word and where it begins.
struct Word<'t> {
    start: usize,
    text: &'t str,
}

impl Word<'_> {
    fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }
}

/// The words of a text; what is in quotes belongs to one. A list in brackets may follow a word at once.
fn words(text: &str) -> Vec<Word<'_>> {
    let (mut found, mut start, mut quote) = (Vec::new(), None, None);
    for (at, char) in text.char_indices().chain([(text.len(), ' ')]) {
        match quote {
            Some(open) if open == char => quote = None,
            Some(_) => {}
            None if matches!(char, '"' | '\'') => {
                quote = Some(char);
                start = start.or(Some(at));
            }
            None if char.is_whitespace() || matches!(char, '[' | '(') => {
                if let Some(start) = start.take() {
                    let text = text.get(start..at).unwrap_or_default();
                    found.push(Word { start, text });
                }
            }
            None => start = start.or(Some(at)),
        }
    }
    found
}

/// The values of a list, between commas.
fn items(text: &str) -> Vec<String> {
    let (mut found, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, char) in text.char_indices() {
        match quote {
            Some(open) if open == char => quote = None,
            None if matches!(char, '"' | '\'') => quote = Some(char),
            None if char == ',' => {
                found.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(text.get(start..).unwrap_or_default());
    let values = found.into_iter().map(str::trim);
    values
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}
