//! Numbers with a unit (`unit/quantity-1.x`).

use super::{Tagged, UnitName, Values};
use crate::error::Result;
use crate::file::{Draft, FileNode};
use crate::tree::NewNode;
use std::fmt;

/// A number or an array of numbers, and its unit.
#[derive(Debug, Clone)]
pub struct Quantity<'f> {
    /// The numbers.
    pub values: Values<'f>,
    /// The unit.
    pub unit: UnitName,
}

impl<'f> Quantity<'f> {
    /// A quantity that is to be written.
    pub fn new(values: impl Into<Values<'f>>, unit: &str) -> Self {
        Self {
            values: values.into(),
            unit: UnitName::new(unit),
        }
    }

    /// The quantity that a node is; `None` for other nodes, and for what is not one value with a unit.
    pub fn single(at: FileNode<'f>) -> Option<Self> {
        let is_text = |key| at.node.get(key).is_some_and(|node| node.text().is_some());
        let is_one = at.is_tagged::<Self>() && is_text("value") && is_text("unit");
        is_one.then(|| Self::read(at).ok())?
    }

    /// The numbers in another unit.
    ///
    /// # Errors
    /// The unit does not convert into that one; the numbers cannot be read.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/writer_astropy.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::tagged::Quantity;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let spectrum: Quantity<'_> = file.tagged("qs")?;
    /// assert_eq!(spectrum.numbers_in("mJy")?, [0.0, 1000.0, 2000.0]);
    /// assert!(spectrum.numbers_in("m").is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn numbers_in(&self, unit: &str) -> Result<Vec<f64>> {
        let factor = self.unit.factor_to(unit)?;
        let mut numbers = self.values.numbers()?;
        for number in &mut numbers {
            *number *= factor;
        }
        Ok(numbers)
    }

    /// A mapping with `value` and `unit`, whatever its tag.
    pub(super) fn read(at: FileNode<'f>) -> Result<Self> {
        let unit = UnitName::read(at.needed("unit")?)?;
        let values = Values::Node(at.needed("value")?);
        Ok(Self { values, unit })
    }

    /// The pairs of the mapping.
    pub(super) fn pairs(&self, draft: &mut Draft<'f>) -> Result<Vec<(&'static str, NewNode)>> {
        let value = self.values.to_node(draft)?;
        Ok(vec![("value", value), ("unit", draft.tagged(&self.unit)?)])
    }
}

impl fmt::Display for Quantity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.values, self.unit)
    }
}

impl<'f> Tagged<'f> for Quantity<'f> {
    const TAG: &'static str = "tag:stsci.edu:asdf/unit/quantity-1.3.0";

    fn from_node(at: FileNode<'f>) -> Result<Self> {
        Self::read(at)
    }

    fn to_node(&self, draft: &mut Draft<'f>) -> Result<NewNode> {
        let pairs = self.pairs(draft)?;
        let node = draft.nodes().map_of(pairs);
        draft.nodes().set_flow(node, self.values.is_single());
        Ok(node)
    }
}
