//! Terminal browser for ASDF files: the crate's place in the workspace, with no screens yet.
//!
//! The browser is a front like the command line: it asks `asdf_core` and paints the answer.

pub use asdf_core as core;
