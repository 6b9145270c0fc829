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

    /// A tag without its authority: `core/ndarray-1.1.0`, `roman/exposure-1.0.0`, `gwcs/wcs-1.4.0`.
    ///
    /// `asdf://host/a/b/tags/name-1.0.0` gives `b/name-1.0.0`; `tag:host:name/…` gives what follows the
    /// host, without the leading `asdf/` of the core tags; anything else stays as it is.
    pub fn short(&self) -> String {
        let full = self.as_str();
        if let Some(rest) = full.strip_prefix("tag:stsci.edu:asdf/") {
            return rest.to_owned();
        }
        if let Some((_, rest)) = full
            .strip_prefix("tag:")
            .and_then(|rest| rest.split_once(':'))
        {
            return rest.to_owned();
        }
        if let Some(rest) = full.strip_prefix("asdf://") {
            let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
            return match parts.iter().position(|part| *part == "tags") {
                Some(at) => {
                    let owner = parts.get(at.saturating_sub(1)).copied().unwrap_or_default();
                    let mut out = owner.to_owned();
                    for part in parts.iter().skip(at.saturating_add(1)) {
                        out.push('/');
                        out.push_str(part);
                    }
                    out
                }
                None => parts.join("/"),
            };
        }
        full.to_owned()
    }

    /// The URI without its trailing `-1.2.3` version.
    pub fn base(&self) -> &str {
        base(&self.0)
    }

    /// The trailing version: `1.2.3`.
    pub fn version(&self) -> Option<(u64, u64, u64)> {
        parse_version(self.0.rsplit_once('-')?.1)
    }

    /// True for a tag that differs from this URI at most in its version.
    pub fn is_version_of(&self, uri: &str) -> bool {
        self.base() == base(uri)
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

fn base(uri: &str) -> &str {
    match uri.rsplit_once('-') {
        Some((base, version)) if parse_version(version).is_some() => base,
        _ => uri,
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
