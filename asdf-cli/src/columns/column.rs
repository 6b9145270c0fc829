//! Columns: a name, and where the value is.

use crate::card_name;
use crate::usage::refused;
use asdf_core::Result;
use asdf_core::inspect::PathPattern;

/// A column as it is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    name: String,
    /// Whether the name is given to it, so that it is of one value a file.
    pub(crate) is_alias: bool,
    pub(crate) place: Place,
}

/// Where the value of a column is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// At a node, or elements of an array; each node where it is the slice of a list.
    Path(PathPattern),
    /// At each node that fits.
    Pattern(PathPattern),
    /// In a card: the HDU by name or number, and the keyword.
    Card(String, String),
}

impl Column {
    /// Columns separated by commas.
    ///
    /// # Errors
    /// One of them is not a path.
    pub(crate) fn parse_list(text: &str) -> Result<Vec<Self>> {
        split(text).iter().map(|part| Self::parse(part)).collect()
    }

    /// `PATH`, `NAME=PATH`, `HDU:KEYWORD`.
    ///
    /// # Errors
    /// It is not a path.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let (name, path) = match text.split_once('=') {
            Some((name, path)) if !name.contains(['[', '"', '\'']) => (name.trim(), path.trim()),
            _ => (text, text),
        };
        if name.is_empty() || path.is_empty() {
            return Err(refused(format!(
                "`{text}` is not a column: PATH or NAME=PATH"
            )));
        }
        let place = match card_name::parse(path) {
            Some((hdu, keyword)) => Place::Card(hdu.to_owned(), keyword.to_owned()),
            None => place(path)?,
        };
        Ok(Self {
            name: name.to_owned(),
            is_alias: name != path,
            place,
        })
    }

    /// A column that is asked for by its path as one value: of a condition or an order.
    ///
    /// # Errors
    /// It is not a path.
    pub(crate) fn single(text: &str) -> Result<Self> {
        let column = Self::parse(text)?;
        Ok(Self {
            is_alias: true,
            ..column
        })
    }

    /// The path that it names, as it is shown of nodes that a pattern finds.
    pub(crate) fn pointer(&self) -> Option<String> {
        match &self.place {
            Place::Path(path) if !self.is_alias => Some(path.as_path()?.to_string()),
            _ => None,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// A path, or a pattern of paths.
fn place(path: &str) -> Result<Place> {
    let pattern: PathPattern = path.parse()?;
    Ok(if pattern.is_wild() {
        Place::Pattern(pattern)
    } else {
        Place::Path(pattern)
    })
}

/// The parts between commas, but for those in brackets or quotes.
pub(crate) fn split(text: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut depth, mut quote) = (0_usize, None);
    for char in text.chars() {
        match (quote, char) {
            (None, ',') if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            (None, '"' | '\'') => quote = Some(char),
            (Some(open), close) if open == close => quote = None,
            (None, '[') => depth += 1,
            (None, ']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        part.push(char);
    }
    parts.push(part);
    let parts = parts.iter().map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_brackets_and_quotes_do_not_separate() {
        let parts = split("a.b, t=c[0, 1],[\"x,y\"].z,");
        assert_eq!(parts, ["a.b", "t=c[0, 1]", "[\"x,y\"].z"]);
    }

    #[test]
    fn a_column_is_a_path_a_pattern_or_a_card() {
        let place = |text: &str| Column::parse(text).unwrap().place;
        assert!(matches!(place("a.b"), Place::Path(_)));
        assert!(matches!(place("x=a.*.b"), Place::Pattern(_)));
        assert!(matches!(place("SCI:EXPTIME"), Place::Card(hdu, _) if hdu == "SCI"));
        assert!(matches!(place("a[0:3]"), Place::Path(_)));
        assert!(matches!(place("[\"*\"]"), Place::Path(_)));
        assert!(matches!(place("a[*].b"), Place::Pattern(_)));
        assert!(matches!(place("a.*[0:3]"), Place::Pattern(_)));
        assert!(Column::parse("a[0:3:0]").is_err() && Column::parse("a[x]").is_err());
        assert!(Column::parse("a..b").is_err() && Column::parse("=a").is_err());
    }
}
