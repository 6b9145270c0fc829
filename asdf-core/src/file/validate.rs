//! Validation of an open file.

use super::AsdfFile;
use crate::schema::{Validation, Validator};

impl AsdfFile {
    /// Checks the tree against the schemas of its tags, in the version of the standard that the file follows.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::schema::{SchemaLibrary, Validator};
    /// use std::sync::Arc;
    ///
    /// let validator = Validator::new(Arc::new(SchemaLibrary::new())); // the published schemas; use one for many files
    /// let outcome = AsdfFile::open(path)?.validate(&validator);
    /// for violation in &outcome.violations {
    ///     println!("{violation}");
    /// }
    /// assert!(outcome.is_valid());
    /// # Ok(())
    /// # }
    /// ```
    pub fn validate(&self, validator: &Validator) -> Validation {
        validator.validate(self.tree(), self.standard_version())
    }
}
