//! Transforms and WCS beside the reference: `../shared/wcs/cases`, where it is there.

mod expect;
#[path = "../support/folders.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod folders;
mod models;
mod pipelines;
