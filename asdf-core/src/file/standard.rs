//! Another version of the standard for a draft: its header line, and the tags that it has.

use super::Draft;
use crate::error::EditFault;
use crate::error::Result;
use std::collections::BTreeSet;

/// Made by `test-data/generate/standard_tags.py`: which version of each tag belongs to which version
/// of the standard. Tags that are the same in all of them are not listed.
const TAGS: &str = include_str!("standard_tags.txt");
const PREFIX: &str = "tag:stsci.edu:asdf/";
const STANDARDS: [&str; 7] = [
    "1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0",
];

impl Draft<'_> {
    /// Makes the file one of another version of the standard, 1.0.0 to 1.6.0: the header says so, and
    /// the standard's own tags get the versions that belong to it. A tag that this version of the
    /// standard does not have stays as it is.
    ///
    /// # Errors
    /// There is no such version.
    pub fn set_standard(&mut self, version: &str) -> Result<()> {
        let Some(column) = STANDARDS.iter().position(|known| *known == version) else {
            return Err(EditFault::Standard {
                asked: version.escape_debug().to_string().into(),
                known: STANDARDS.join(", ").into(),
            }
            .into());
        };
        self.standard = Some(version.to_owned());
        for node in self.tree.reachable() {
            let tag = self.tree.nodes().tag(node);
            if let Some(new) = tag.and_then(|tag| tag_in(tag, column)) {
                self.tree.retag(node, &new);
            }
        }
        Ok(())
    }
}

impl Draft<'_> {
    /// Lets the header name the version of the standard to which most of the standard's own tags of the
    /// tree belong, the newest of several.
    pub fn infer_standard(&mut self) {
        let nodes = self.tree.reachable();
        let tree = self.tree.nodes();
        let tags: BTreeSet<&str> = nodes.iter().filter_map(|node| tree.tag(*node)).collect();
        let misfits = |column: &usize| tags.iter().filter(|tag| !is_in(tag, *column)).count();
        // Of equally good ones the newest.
        let found = (0..STANDARDS.len()).rev().min_by_key(misfits);
        if let Some(version) = found.and_then(|column| STANDARDS.get(column)) {
            self.standard = Some((*version).to_owned());
        }
    }
}

impl Draft<'_> {
    /// One of the standard's tags, in the version that belongs to the draft's version of the standard; any other as it is.
    ///
    /// # Errors
    /// This version of the standard does not have it.
    pub(crate) fn tag_in_standard(&self, tag: &str) -> Result<String> {
        let own = tag
            .strip_prefix(PREFIX)
            .and_then(|own| own.rsplit_once('-'));
        let listed = |name: &str| {
            TAGS.lines()
                .any(|line| line.split(' ').next() == Some(name))
        };
        let Some((name, _)) = own.filter(|(name, _)| listed(name)) else {
            return Ok(tag.to_owned());
        };
        self.standard_tag(name).ok_or_else(|| {
            EditFault::NoTag {
                standard: self.standard_version().into(),
                tag: name.into(),
            }
            .into()
        })
    }

    /// The first of several tags that the draft's version of the standard has.
    ///
    /// # Errors
    /// It has none of them.
    pub(crate) fn first_tag_in_standard(&self, tags: &[&str]) -> Result<String> {
        let mut found = tags.iter().map(|tag| self.tag_in_standard(tag));
        let first = found.next().unwrap_or_else(|| Ok(String::new()));
        found.fold(first, Result::or)
    }

    /// The tag of that name (`unit/quantity`) in the version of the standard that the file follows; `None` when it has none.
    pub fn standard_tag(&self, name: &str) -> Option<String> {
        let column = STANDARDS
            .iter()
            .position(|known| *known == self.standard_version())?;
        let mut lines = TAGS.lines().map(|line| line.split(' '));
        let version = lines.find_map(|mut words| {
            let is_it = words.next() == Some(name);
            is_it.then(|| words.nth(column)).flatten()
        })?;
        (version != "-").then(|| format!("{PREFIX}{name}-{version}"))
    }
}

/// True when that version of the standard has no other version of the tag.
fn is_in(tag: &str, column: usize) -> bool {
    let Some((base, version)) = tag
        .strip_prefix(PREFIX)
        .and_then(|tag| tag.rsplit_once('-'))
    else {
        return true;
    };
    let line = TAGS
        .lines()
        .find(|line| line.split(' ').next() == Some(base));
    line.and_then(|line| line.split(' ').nth(column + 1))
        .is_none_or(|known| known == version)
}

/// The tag in that version of the standard; `None` when it needs no change.
fn tag_in(tag: &str, column: usize) -> Option<String> {
    let (base, version) = tag.strip_prefix(PREFIX)?.rsplit_once('-')?;
    let line = TAGS
        .lines()
        .find(|line| line.split(' ').next() == Some(base))?;
    let wanted = line
        .split(' ')
        .nth(column + 1)
        .filter(|wanted| *wanted != "-")?;
    (wanted != version).then(|| format!("{PREFIX}{base}-{wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_follow_the_standard() {
        let tag = |name: &str| format!("{PREFIX}{name}");
        assert_eq!(
            tag_in(&tag("core/ndarray-1.0.0"), 6),
            Some(tag("core/ndarray-1.1.0"))
        );
        assert_eq!(
            tag_in(&tag("core/ndarray-1.1.0"), 5),
            Some(tag("core/ndarray-1.0.0"))
        );
        assert_eq!(tag_in(&tag("core/ndarray-1.1.0"), 6), None);
        assert_eq!(tag_in(&tag("core/table-1.0.0"), 6), None);
        assert_eq!(tag_in("asdf://x.org/core/ndarray-1.0.0", 6), None);
    }
}
