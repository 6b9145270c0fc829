//! Units as they are written (`unit/unit-1.x`).

use super::Tagged;
use crate::error::{Mismatch, Result};
use crate::file::{Draft, FileNode};
use crate::tree::NewNode;
use crate::tree::Tag;
use crate::unit::Unit;
use std::fmt;

/// A unit as it is written: `km.s**-1`. A file may have units that are not known here, which are kept as they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UnitName(Box<str>);

impl UnitName {
    /// A unit by its text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What numbers in this unit are multiplied with to be in another.
    ///
    /// # Errors
    /// One of them is not known, or they measure different things.
    ///
    /// # Examples
    /// ```
    /// use asdf_core::tagged::UnitName;
    ///
    /// assert_eq!(UnitName::new("km.s**-1").factor_to("m / s").unwrap(), 1000.0);
    /// assert!(UnitName::new("km").factor_to("s").is_err());
    /// ```
    pub fn factor_to(&self, unit: &str) -> Result<f64> {
        let factor = Unit::factor_between(self.as_str().trim(), unit.trim());
        factor.ok_or_else(|| {
            Mismatch::Unit {
                found: self.0.escape_debug().to_string().into(),
                asked: unit.escape_debug().to_string().into(),
            }
            .into()
        })
    }

    /// The unit that a node names.
    pub(super) fn read(at: FileNode<'_>) -> Result<Self> {
        let text = at.node.text();
        text.map(Self::new).ok_or_else(|| at.is_not("a unit"))
    }
}

impl fmt::Display for UnitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for UnitName {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl<'f> Tagged<'f> for UnitName {
    const TAG: &'static str = "tag:stsci.edu:asdf/unit/unit-1.0.0";

    fn is_tag(tag: &Tag) -> bool {
        // What the standard does not have stands under a tag of astropy.
        tag.is_version_of(Self::TAG)
            || tag.is_version_of("tag:astropy.org:astropy/units/unit-1.0.0")
    }

    fn from_node(at: FileNode<'f>) -> Result<Self> {
        Self::read(at)
    }

    fn to_node(&self, draft: &mut Draft<'f>) -> Result<NewNode> {
        Ok(draft.nodes().string(&self.0))
    }
}
