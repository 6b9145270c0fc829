//! Terminal browser for ASDF files: so far the pictures it will show, with no screens yet.
//!
//! The browser is a front like the command line: it asks `asdf_core` and paints the answer.

pub mod pane;
pub mod raster;
pub mod theme;

mod view;

pub use asdf_core as core;
