//! `PATH=VALUE`.

use std::str::FromStr;

/// A node and the value that it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assignment {
    path: String,
    value: String,
}

impl Assignment {
    pub(super) fn new(path: &str, value: &str) -> Self {
        Self {
            path: path.to_owned(),
            value: value.to_owned(),
        }
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn value(&self) -> &str {
        &self.value
    }
}

impl FromStr for Assignment {
    type Err = String;

    /// The first `=` outside of quotes ends the path.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut quote = None;
        for (at, char) in text.char_indices() {
            match (quote, char) {
                (None, '=') => {
                    let (path, value) = text.split_at(at);
                    return Ok(Self::new(path, value.strip_prefix('=').unwrap_or_default()));
                }
                (None, '"' | '\'') => quote = Some(char),
                (Some(open), close) if open == close => quote = None,
                _ => {}
            }
        }
        Err("expected PATH=VALUE".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_equals_sign_outside_of_quotes_ends_the_path() {
        for (text, path, value) in [
            ("a.b=1", "a.b", "1"),
            ("a=b=c", "a", "b=c"),
            ("[\"a=b\"].c=x", "[\"a=b\"].c", "x"),
            ("a=", "a", ""),
        ] {
            assert_eq!(text.parse(), Ok(Assignment::new(path, value)), "{text}");
        }
        assert!("a.b".parse::<Assignment>().is_err());
    }
}
