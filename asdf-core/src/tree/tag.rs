//! Tags.

use std::fmt;

/// The authority of the core tags.
const CORE: &str = "tag:stsci.edu:asdf/";

/// A full tag URI, such as `tag:stsci.edu:asdf/core/ndarray-1.1.0`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tag(Box<str>);

impl Tag {
    pub(super) fn new(uri: &str) -> Self {
        Self(uri.into())
    }

    /// The full URI.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people know it: `core/ndarray-1.1.0` of the standard, the whole URI of others.
    pub(crate) fn familiar(&self) -> &str {
        self.0.strip_prefix(CORE).unwrap_or(&self.0)
    }

    /// The URI without its trailing `-1.2.3` version.
    pub fn base(&self) -> &str {
        match self.0.rsplit_once('-') {
            Some((base, version)) if parse_version(version).is_some() => base,
            _ => &self.0,
        }
    }

    /// The trailing version: `1.2.3`.
    pub fn version(&self) -> Option<(u64, u64, u64)> {
        parse_version(self.0.rsplit_once('-')?.1)
    }

    /// True for `tag:stsci.edu:asdf/{name}-*` of any version, e.g. `is_core("core/ndarray")`.
    pub fn is_core(&self, name: &str) -> bool {
        self.0
            .strip_prefix(CORE)
            .and_then(|rest| rest.strip_prefix(name))
            .and_then(|rest| rest.strip_prefix('-'))
            // Not `core/ndarray-chunk-1.0.0`, which is another tag.
            .is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit()))
    }
}

fn parse_version(text: &str) -> Option<(u64, u64, u64)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    let version = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(version)
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_matched_by_name_whatever_its_version() {
        let tag = Tag::new("tag:stsci.edu:asdf/core/ndarray-1.1.0");
        assert!(tag.is_core("core/ndarray"));
        assert!(!tag.is_core("core/nd"));
        assert_eq!(tag.base(), "tag:stsci.edu:asdf/core/ndarray");
        assert_eq!(tag.version(), Some((1, 1, 0)));
        assert_eq!(Tag::new("!local-tag").version(), None);
    }
}
