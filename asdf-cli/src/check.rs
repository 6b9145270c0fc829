//! Validation of what a command is about to write.

use crate::library::LibraryArgs;
use crate::report;
use crate::usage;
use asdf_core::schema::{SchemaLibrary, Validation, Validator};
use asdf_core::{AsdfFile, Draft, Result};
use std::sync::Arc;

/// Violations shown.
const SHOWN: usize = 20;

/// Options of every command that writes a changed tree.
#[derive(Debug, Default, Clone, clap::Args)]
pub(crate) struct CheckArgs {
    /// Write the result even when the change breaks a schema
    #[arg(long)]
    no_validate: bool,
    #[command(flatten)]
    library: LibraryArgs,
}

impl CheckArgs {
    /// The schemas of the run.
    pub(crate) fn library(&self) -> Result<Arc<SchemaLibrary>> {
        self.library.open()
    }

    /// Refuses a draft that breaks schemas which the file that it comes from did not break.
    pub(crate) fn check(&self, before: Option<&AsdfFile>, draft: &Draft<'_>) -> Result<()> {
        if self.no_validate {
            return Ok(());
        }
        let made;
        let tree = if let Some(tree) = draft.unchanged_tree() {
            tree
        } else {
            made = draft.to_tree()?;
            &made
        };
        let unchanged = before.is_some_and(|file| file.tree().text() == tree.text());
        // A file without a tree has nothing that could be wrong.
        if unchanged || tree.root().text() == Some("") {
            return Ok(());
        }
        let validator = Validator::new(self.library.open()?);
        let after = validator.validate(tree, draft.standard_version());
        if after.is_valid() {
            return Ok(());
        }
        let before = before.map_or_else(Validation::default, |file| file.validate(&validator));
        let new = after.new_since(&before);
        for violation in new.iter().take(SHOWN) {
            report::about("", &violation.to_string());
        }
        let count = match new.len() {
            0 => return Ok(()),
            1 => "a schema".to_owned(),
            count => format!("schemas in {count} places"),
        };
        let reason =
            format!("nothing is written: the result would break {count} (--no-validate writes it)");
        Err(usage::refused(reason))
    }
}
