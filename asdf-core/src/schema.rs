//! Validation of trees against JSON Schema draft 4 with ASDF's additions
//! (<https://www.asdf-format.org/projects/asdf-standard/en/latest/schemas/index.html>).
//!
//! A [`SchemaLibrary`] knows schemas and which tags they are for: the published ones are built in, those of a mission are added from its Python
//! wheel. A [`Validator`] checks trees with them; one can be shared by threads and used for any number of files, since a schema is
//! compiled when a tag first asks for it.
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! use asdf_core::AsdfFile;
//! use asdf_core::schema::{SchemaLibrary, Validator};
//! use std::sync::Arc;
//!
//! # let wheel: Option<&std::path::Path> = None;
//! let mut library = SchemaLibrary::new();
//! if let Some(wheel) = wheel {
//!     library.add(wheel)?; // a mission's wheel, as it comes from PyPI
//! }
//! let validator = Validator::new(Arc::new(library));
//! let file = AsdfFile::open(path)?;
//! let outcome = file.validate(&validator);
//! println!("{} faults, {} tags without a schema", outcome.violations.len(), outcome.unknown_tags.len());
//! # Ok(())
//! # }
//! ```
//!
//! A [`Violation`] is one line for people: where, what was found, what was expected, and which schema says so. `spec-notes/validation.md` has
//! the clauses, and what Python decides in another way.

mod adapt;
mod bundle;
mod cast;
mod depth;
mod document;
mod excuse;
#[cfg(feature = "fits")]
mod fits_keywords;
mod instance;
mod keyword;
mod library;
mod manifest;
mod package;
mod package_cache;
mod repeated;
mod sdist;
mod standard;
mod validator;
mod violation;
mod wording;

#[cfg(feature = "fits")]
pub use fits_keywords::FitsKeywords;
#[cfg(feature = "fits")]
pub(crate) use fits_keywords::SchemaPlace;
pub use library::{SchemaEntry, SchemaLibrary};
pub use package::SchemaPackage;
pub use validator::{Validation, Validator};
pub use violation::Violation;
