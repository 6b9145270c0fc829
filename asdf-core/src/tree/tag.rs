//! Tags.

/// A full tag URI, such as `tag:stsci.edu:asdf/core/ndarray-1.1.0`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tag(Box<str>);

impl Tag {
    /// The full URI.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URI without its trailing `-1.2.3` version.
    pub fn base(&self) -> &str {
        todo!()
    }

    /// The trailing version: `1.2.3`.
    pub fn version(&self) -> Option<(u64, u64, u64)> {
        todo!()
    }

    /// True for `tag:stsci.edu:asdf/{name}-*` of any version, e.g. `is_core("core/ndarray")`.
    pub fn is_core(&self, name: &str) -> bool {
        let _ = name;
        todo!()
    }
}
