//! Regular expressions that a text matches as a whole.

use regex::Regex;
use serde::{Deserialize, Deserializer};
use std::str::FromStr;

/// A regular expression that a text matches from its first to its last character.
#[derive(Debug, Clone)]
pub(super) struct WholeText {
    /// As it was written.
    pub(super) written: String,
    /// The same for the whole text.
    whole: Regex,
}

impl WholeText {
    pub(super) fn new(written: &str) -> Result<Self, regex::Error> {
        // Alone first: `a)|(b` would be one between the parentheses.
        Regex::new(written)?;
        // A comment of a pattern with the flag `x` ends with its line.
        let whole = Regex::new(&format!("^(?:{written})$"))
            .or_else(|_| Regex::new(&format!("^(?:{written}\n)$")))?;
        Ok(Self {
            written: written.to_owned(),
            whole,
        })
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.whole.is_match(text)
    }
}

impl FromStr for WholeText {
    type Err = regex::Error;

    fn from_str(written: &str) -> Result<Self, Self::Err> {
        Self::new(written)
    }
}

impl<'de> Deserialize<'de> for WholeText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}
