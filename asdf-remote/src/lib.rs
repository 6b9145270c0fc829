//! Reads ASDF and FITS files where they are: `https://`, `http://` and `s3://`, by range, with a few requests; writes new objects of S3.
//!
//! ```no_run
//! # fn main() -> asdf_core::Result<()> {
//! use asdf_core::OpenOptions;
//! use asdf_remote::{Remote, RemoteOptions};
//! use std::sync::Arc;
//!
//! let remote = Arc::new(Remote::new(RemoteOptions::default()));
//! let file = OpenOptions::default().opener(remote.clone()).open("s3://bucket/exposure.asdf")?;
//! let corner = file.array("roman/data")?.load_window(&[0..100, 0..100])?;
//! assert_eq!(corner.shape(), [100, 100]);
//! for object in remote.traffic() {
//!     println!("{}: {} requests, {} bytes", object.name, object.requests, object.bytes);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The library below knows no network: it asks a [`RangeSource`](asdf_core::file::RangeSource) for bytes before it touches them, and keeps
//! what has come in a sparse file. What is here gives it the bytes: [`Remote`] is the [`Opener`](asdf_core::file::Opener) for URLs. Calls
//! block, and must not come from within an asynchronous task. `docs/network.md` says what people see of it.

mod address;
mod credentials;
mod facts;
mod fault;
mod open;
mod prefix;
mod remote;
mod source;
mod store;
mod traffic;
mod transport;
mod upload;

pub use facts::ObjectFacts;
pub use remote::{Free, Remote, RemoteOptions};
pub use traffic::Traffic;
