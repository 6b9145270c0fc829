//! Validation of trees against JSON Schema draft 4 with ASDF's additions
//! (<https://www.asdf-format.org/projects/asdf-standard/en/latest/schemas/index.html>).

mod adapt;
mod bundle;
mod cast;
mod depth;
mod document;
mod excuse;
mod instance;
mod kept;
mod keyword;
mod library;
mod manifest;
mod package;
mod repeated;
mod standard;
mod validator;
mod violation;
mod wording;

pub use library::{SchemaEntry, SchemaLibrary};
pub use package::SchemaPackage;
pub use validator::{Validation, Validator};
pub use violation::Violation;
