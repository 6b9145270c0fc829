//! What the fronts (command line, terminal browser) may ask of a file: data, never painted text.
//!
//! Both fronts ask these functions, so that they agree: [`Outline`] has the rows of a tree, [`Search`] finds nodes, [`Selection`] is what a
//! person's path names, [`ArrayInfo`] what is known of an array without reading it, [`diff`] compares two files,
//! [`Soundness`] tells whether everything in a file can be read.
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! use asdf_core::AsdfFile;
//! use asdf_core::inspect::Soundness;
//!
//! let report = Soundness::of(&AsdfFile::open(path)?);
//! for problem in &report.problems {
//!     println!("{problem:?}");
//! }
//! assert!(report.is_sound());
//! # Ok(())
//! # }
//! ```
//!
//! [`escape()`] is for every text of a file that is shown in a terminal.

mod arrays;
mod diff;
mod entry;
mod escape;
mod facts;
mod file_name;
#[cfg(feature = "fits")]
mod hdu_moves;
#[cfg(feature = "fits")]
mod hdu_report;
#[cfg(feature = "fits")]
mod hdus;
mod main_array;
mod outline;
mod pattern;
#[cfg(feature = "wcs")]
mod pipeline;
mod scaled;
mod search;
mod select;
mod selections;
mod shorten;
mod similar;
mod size;
mod soundness;

pub use arrays::{ArrayInfo, ArrayStorage};
pub use diff::{Diff, DiffOptions, Difference, DifferenceKind, Side, diff};
#[cfg(feature = "wcs")]
pub use entry::SkyPosition;
pub use entry::{
    CatalogueArray, CatalogueEntry, CatalogueLeaf, EntryOptions, LeafValue, mjd, unix_microseconds,
};
pub use escape::escape;
#[doc(hidden)]
pub use escape::is_unsafe;
pub use file_name::file_name_text;
#[cfg(feature = "fits")]
pub use hdu_moves::HduMoves;
#[cfg(feature = "fits")]
pub use hdu_report::HduReport;
#[cfg(feature = "fits")]
pub use hdus::HduInfo;
pub use main_array::MAIN_ARRAYS;
pub use outline::{Outline, OutlineOptions, Row, RowKind, RowLabel};
pub use pattern::PathPattern;
#[cfg(feature = "wcs")]
pub use pipeline::{PipelineKind, PipelineLine, frame_text, pipeline, transform_lines};
pub use scaled::scaled;
pub use search::{Hit, Query, Search, ValueType, matches_glob};
pub use select::Selection;
pub use selections::Selections;
pub use shorten::{short_tag, type_name};
#[doc(hidden)]
pub use size::human_bytes;
pub use soundness::{Problem, ProblemKind, Soundness};
