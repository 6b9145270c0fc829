//! Regular expressions that a text matches as a whole.

use regex::Regex;
use serde::{Deserialize, Deserializer};

/// A regular expression that a text matches from its first to its last character.
#[derive(Debug, Clone)]
pub(super) struct WholeText {
    /// As it was written.
    pub(super) written: String,
    /// The same for the whole text.
    pub(super) whole: Regex,
}

impl WholeText {
    pub(super) fn new(written: &str) -> Result<Self, regex::Error> {
        Ok(Self {
            written: written.to_owned(),
            whole: Regex::new(&format!("^(?:{written})$"))?,
        })
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.whole.is_match(text)
    }
}

impl<'de> Deserialize<'de> for WholeText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}
