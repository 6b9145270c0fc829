//! Paths to HDUs and their cards: `fits/N/header/KEYWORD` beside the tree.

use super::AsdfFile;
use super::embedded::carries_tree;
use super::extract::linked;
use super::hdu_link::HduLink;
use crate::error::Result;
use crate::fits::{FitsFile, Hdu};
use crate::tree::{IntoTreePath, Node, PathStep, Value};
use std::collections::BTreeMap;

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
    /// The root key under which the HDUs of a FITS file stand beside its tree: `fits`, with as many `_` after it as it
    /// needs not to be a key of the tree.
    pub fn hdu_key(&self) -> String {
        if let Some(key) = &self.hdu_key {
            return key.to_string();
        }
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

    /// The HDUs of a FITS file that carry no tree.
    pub(crate) fn plain_hdus(&self) -> impl Iterator<Item = Hdu<'_>> {
        let hdus = self.fits().into_iter().flat_map(FitsFile::hdus);
        hdus.filter(|hdu| !carries_tree(*hdu))
    }

    /// The first node of the tree that names an HDU as its data, by the number of the HDU.
    pub(crate) fn linked_hdus(&self) -> BTreeMap<usize, Node<'_>> {
        let mut out = BTreeMap::new();
        let Some(fits) = self.fits() else {
            return out;
        };
        for node in linked(self) {
            let source = node.get("source").map(Node::value);
            let Some(Value::Str(uri)) = source else {
                continue;
            };
            if let Some(hdu) = HduLink::of_source(uri).and_then(|link| link.find(fits)) {
                out.entry(hdu.index()).or_insert(node);
            }
        }
        out
    }

    /// The HDUs that neither carry the tree nor are named by it, as people call them.
    pub fn hdus_beside_tree(&self) -> Vec<String> {
        if self.tree_hdu().is_none() {
            return Vec::new();
        }
        let named = self.linked_hdus();
        let others = self.plain_hdus().filter(|hdu| {
            let empty = hdu.data_span().is_empty();
            !empty && !named.contains_key(&hdu.index())
        });
        let others = others.map(|hdu| match hdu.name() {
            "" => format!("HDU {}", hdu.index()),
            name => format!("HDU {} ({name},{})", hdu.index(), hdu.version()),
        });
        others.collect()
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
