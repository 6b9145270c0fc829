//! Transforms and WCS beside the reference: `test-data/wcs`, and `../shared/wcs/cases` where it is there.
#![expect(clippy::unwrap_used, reason = "a test")]

mod expect;
#[path = "../support/folders.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod folders;
mod healpix;
mod models;
mod own;
mod owner;
mod pipelines;
mod properties;
mod sip;
mod wrapped;
