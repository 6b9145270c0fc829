//! Arrays that are to become HDUs, by a path that may name several.

use super::pattern::PathPattern;
use crate::array::is_array;
use crate::error::{EmbedFault, Error, Result, Usage};
use crate::file::{AsdfFile, HduMove};
use std::collections::HashSet;
use std::str::FromStr;

/// `PATH=NAME` or `PATH=NAME,VERSION`, where PATH may name several arrays, as `slits[*].data`: these get the name with versions from
/// VERSION (1) on, in the order of the file.
#[derive(Debug, Clone)]
pub struct HduMoves {
    pattern: PathPattern,
    name: String,
    version: i64,
}

impl FromStr for HduMoves {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (path, name, version) = HduMove::split(text)?;
        Ok(Self {
            pattern: path.parse()?,
            name: name.to_owned(),
            version,
        })
    }
}

impl HduMoves {
    /// The arrays of a file, each with its HDU. Of what a pattern names, nodes that are not arrays are left out, and an array that
    /// has several paths comes once.
    ///
    /// # Errors
    /// The path leads nowhere, to a part of an array, or to something that is not an array; a pattern fits no array.
    pub fn of(&self, file: &AsdfFile) -> Result<Vec<HduMove>> {
        let is_wild = self.pattern.is_wild() || self.pattern.is_slice();
        let mut seen = HashSet::new();
        let mut out = Vec::new();
        for found in file.select_all(&self.pattern, false)? {
            let found = found?;
            if found.part.is_some() {
                let path = found.to_string().escape_debug().to_string().into();
                return Err(file.name_in(Usage::NotANode { path }.into()));
            }
            let node = found.at.node;
            if is_wild && !is_array(node) || !seen.insert(node.id()) {
                continue;
            }
            let count = i64::try_from(out.len()).unwrap_or(i64::MAX);
            out.push(HduMove {
                path: found.path,
                name: self.name.clone(),
                version: self.version.saturating_add(count),
            });
        }
        if out.is_empty() {
            let path = self.pattern.to_string().escape_debug().to_string().into();
            return Err(file.name_in(EmbedFault::NoneFits { path }.into()));
        }
        Ok(out)
    }
}
