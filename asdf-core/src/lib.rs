//! Reads ASDF (Advanced Scientific Data Format) files: the YAML tree, its blocks and its arrays.
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! use asdf_core::AsdfFile;
//!
//! let file = AsdfFile::open(path)?;
//! let exposure: f64 = file.tree().node("roman/meta/exposure/exposure_time")?.read()?;
//! let flux = file.array("roman/data")?.load()?;
//! let peak = flux.view::<f32>()?.iter().fold(f32::MIN, f32::max);
//! # assert!(exposure > 100.0 && peak > 30.0);
//! # Ok(())
//! # }
//! ```
//!
//! Three calls, three prices: [`AsdfFile::array`] finds an array and checks it against its block,
//! [`ArrayRef::load`] (or [`ArrayRef::load_window`]) reads and decodes, [`ArrayData::view`] looks at
//! the elements as a Rust type, without a copy where the bytes allow it.
//!
//! Opening reads the header lines, the tree and the block headers, never a payload. Every error has a
//! kind and a place ([`Error::kind`], [`Error::place`]); oddities that leave the data readable are
//! warnings of the file. [`Limits`] bound what a hostile file can cost.
//!
//! The names of this page are what most programs need; everything else is in the module of its subject.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

pub mod array;
pub mod block;
pub mod convert;
pub mod error;
pub mod file;
#[cfg(feature = "fits")]
pub mod fits;
mod input;
pub mod inspect;
pub mod limits;
mod memory;
#[cfg(feature = "schemas")]
pub mod schema;
pub mod tagged;
#[cfg(feature = "wcs")]
pub mod transform;
pub mod tree;
#[cfg_attr(
    not(feature = "wcs"),
    expect(unreachable_pub, reason = "`wcs` makes it public")
)]
mod unit;
#[cfg(feature = "wcs")]
pub mod wcs;

pub use array::{ArrayData, ArrayRef};
pub use error::{Error, Result};
pub use file::{AsdfFile, Draft, OpenOptions, WriteOptions};
pub use limits::Limits;
pub use tree::{Node, TreePath};

/// The programs of the guide, which are compiled and run as the examples of this documentation are.
#[cfg(doctest)]
#[doc = include_str!("../../docs/library.md")]
pub struct Guide;
