//! Rust types for tagged nodes: quantities, times, tables, positions on the sky, and your own.
//!
//! A type that implements [`Tagged`] is read with [`AsdfFile::tagged`](crate::AsdfFile::tagged) and written with
//! [`Draft::set_tagged`](crate::Draft::set_tagged). There are [`Quantity`] and [`UnitName`], [`Time`], [`Table`] with its [`Column`]s,
//! [`SkyCoord`], [`HistoryEntry`] and [`Software`]:
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/writer_astropy.asdf");
//! use asdf_core::AsdfFile;
//! use asdf_core::tagged::{Quantity, SkyCoord, Time};
//!
//! let file = AsdfFile::open(path)?;
//! let speed: Quantity<'_> = file.tagged("q")?;
//! assert_eq!(speed.numbers_in("m / s")?, [3500.0]);
//! let start: Time<'_> = file.tagged("t")?;
//! assert_eq!(start.scale().name(), "tai");
//! let target: SkyCoord<'_> = file.tagged("sky")?;
//! assert_eq!(target.degrees()?, [[10.5, -20.25]]);
//! # Ok(())
//! # }
//! ```
//!
//! Nothing is loaded before it is asked for: where a value is an array, it is located and read by [`Values::array`] and
//! [`Values::numbers`].
//!
//! # A tag of your own
//!
//! What serde can read and write takes three lines:
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let folder = tempfile::tempdir()?;
//! # let out = folder.path().join("out.asdf");
//! use asdf_core::file::FileNode;
//! use asdf_core::tagged::Tagged;
//! use asdf_core::tree::NewNode;
//! use asdf_core::{AsdfFile, Draft, Result, WriteOptions};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize)]
//! struct Dither {
//!     pattern: String,
//!     steps: Vec<[f64; 2]>,
//! }
//!
//! impl<'f> Tagged<'f> for Dither {
//!     const TAG: &'static str = "asdf://example.org/tags/dither-1.0.0";
//!
//!     fn from_node(at: FileNode<'f>) -> Result<Self> {
//!         at.node.read()
//!     }
//!
//!     fn to_node(&self, draft: &mut Draft<'f>) -> Result<NewNode> {
//!         draft.nodes().value(self)
//!     }
//! }
//!
//! let dither = Dither { pattern: "line".to_owned(), steps: vec![[0.0, 0.0], [0.1, 0.0]] };
//! let mut draft = Draft::new();
//! draft.set_tagged("meta/dither", &dither)?;
//! draft.save(&out, &WriteOptions::default())?;
//!
//! let back: Dither = AsdfFile::open(&out)?.tagged("meta/dither")?;
//! assert_eq!(back, dither);
//! # Ok(())
//! # }
//! ```
//!
//! Source: the schemas of the ASDF standard and of asdf-astropy; `spec-notes/tagged.md` has the clauses `O-…`.

mod access;
mod angle;
mod column;
mod history;
mod quantity;
mod sky_coord;
mod table;
mod time;
mod unit_name;
mod values;

pub use crate::file::{HistoryEntry, Software};
pub use column::Column;
pub(crate) use column::component_order;
pub use quantity::Quantity;
pub use sky_coord::{SkyCoord, SkyFrame};
pub use table::Table;
pub(crate) use time::calendar_day;
#[cfg(feature = "fits")]
pub(crate) use time::{DayAndSeconds, MJD_0, NOON_0, epoch};
pub use time::{Instant, Time, TimeFormat, TimeScale};
pub use unit_name::UnitName;
pub use values::Values;

use crate::error::Result;
use crate::file::{Draft, FileNode};
use crate::tree::{NewNode, Tag};

#[cfg(test)]
mod tests;

/// A Rust type for the nodes that have a tag.
///
/// The [module's page](self) has an example. Types that hold nothing of the file implement it for every lifetime, as there.
pub trait Tagged<'f>: Sized {
    /// The tag that is written, with its version. A tag of the standard is written in the version that belongs to the
    /// draft's version of the standard.
    const TAG: &'static str;

    /// Whether nodes with a tag are read as this type: any version of [`TAG`](Self::TAG) is.
    fn is_tag(tag: &Tag) -> bool {
        tag.is_version_of(Self::TAG)
    }

    /// Reads a node, whose tag has been checked and which is not a reference.
    ///
    /// # Errors
    /// The node is not what its tag says.
    fn from_node(at: FileNode<'f>) -> Result<Self>;

    /// Makes a node for a draft. Its tag is set afterwards, unless this function sets one.
    ///
    /// # Errors
    /// There is something in it that a tree cannot hold.
    fn to_node(&self, draft: &mut Draft<'f>) -> Result<NewNode>;
}
