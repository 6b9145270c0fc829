//! Paths to HDUs and their cards: `fits/N/header/KEYWORD` beside the tree.

use super::AsdfFile;
use crate::error::Result;
use crate::tree::{IntoTreePath, PathStep};

/// What a path says of the HDUs of a FITS file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HduPath {
    /// A card of a header.
    Card {
        /// The HDU, from 0.
        hdu: usize,
        /// The keyword; the whole name of a `HIERARCH` card.
        keyword: Box<str>,
        /// Which of several cards of the keyword, from 0.
        number: Option<usize>,
    },
    /// Anything else of an HDU.
    Other,
}

impl AsdfFile {
    /// The root key under which the HDUs of a FITS file stand beside its tree: `fits`, with as many `_` behind it as it
    /// needs not to be a key of the tree.
    pub fn hdu_key(&self) -> String {
        let mut key = "fits".to_owned();
        while self.tree_hdu().is_some() && self.has_own_key(&key) {
            key.push('_');
        }
        key
    }

    /// What a path says of the HDUs of this FITS file; `None` when it leads into the tree, or the file is not a FITS file.
    ///
    /// # Errors
    /// The path cannot be parsed.
    pub fn hdu_path(&self, path: impl IntoTreePath) -> Result<Option<HduPath>> {
        let path = path.into_tree_path()?;
        let Some((first, rest)) = path.steps().split_first() else {
            return Ok(None);
        };
        let key = self.hdu_key();
        let leads = matches!(first, PathStep::Key(first) if **first == *key);
        if self.fits().is_none() || !leads {
            return Ok(None);
        }
        let (hdu, rest) = match rest {
            [hdu, header, rest @ ..] if is_key(header, "header") => (index(hdu), rest),
            _ => return Ok(Some(HduPath::Other)),
        };
        let (keyword, number) = match rest {
            [PathStep::Key(keyword)] => (keyword, None),
            [PathStep::Key(keyword), number] => match index(number) {
                Some(number) => (keyword, Some(number)),
                None => return Ok(Some(HduPath::Other)),
            },
            _ => return Ok(Some(HduPath::Other)),
        };
        let card = hdu.map(|hdu| HduPath::Card {
            hdu,
            keyword: keyword.clone(),
            number,
        });
        Ok(Some(card.unwrap_or(HduPath::Other)))
    }

    /// True for a key of the root of the tree that the file carries.
    fn has_own_key(&self, key: &str) -> bool {
        self.tree().root().get(key).is_some()
    }
}

fn is_key(step: &PathStep, wanted: &str) -> bool {
    matches!(step, PathStep::Key(key) if **key == *wanted)
}

/// The number that a step is.
fn index(step: &PathStep) -> Option<usize> {
    match step {
        PathStep::Index(index) => Some(*index),
        PathStep::Key(key) => {
            let plain = **key == *"0" || !key.starts_with('0');
            let digits = plain && key.bytes().all(|byte| byte.is_ascii_digit());
            key.parse().ok().filter(|_| digits)
        }
    }
}
