//! Catalogues as a user makes and asks them (feature `archive`).
#![expect(clippy::unwrap_used, reason = "a test")]

mod bench;
#[cfg(feature = "remote")]
mod bucket;
mod catalogue;
mod engines;
mod parts;
