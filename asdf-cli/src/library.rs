//! The schema library of a run: built in, added by `asdf schema add`, named with `--schemas`.

use asdf_core::schema::SchemaLibrary;
use asdf_core::{AsdfFile, Error};
use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// The extension of what `asdf schema add` keeps.
pub(crate) const KEPT: &str = "schemas";

/// Options of every command that validates.
#[derive(Debug, Default, Clone, clap::Args)]
pub(crate) struct LibraryArgs {
    /// Schemas of a package as well: a folder, a Python wheel, a .tar.gz or a .yaml
    #[arg(long, value_name = "PACKAGE")]
    pub(crate) schemas: Vec<PathBuf>,
    /// Read once, for any number of files.
    #[arg(skip)]
    opened: OnceLock<Arc<SchemaLibrary>>,
}

impl LibraryArgs {
    /// Reads all packages, when it is first asked for.
    pub(crate) fn open(&self) -> Result<Arc<SchemaLibrary>, Error> {
        if let Some(opened) = self.opened.get() {
            return Ok(Arc::clone(opened));
        }
        let mut library = SchemaLibrary::new();
        // What is named now counts before what was added once.
        for package in self.schemas.iter().chain(&crate::config::get().schemas) {
            library.add(package)?;
        }
        for package in stored() {
            library.add(&package)?;
        }
        Ok(Arc::clone(self.opened.get_or_init(|| Arc::new(library))))
    }

    /// Warns of values of a tree in a FITS file that its headers have in another way, where schemas say which card belongs to which key.
    pub(crate) fn warn_of_keywords(&self, file: &AsdfFile) -> Result<(), Error> {
        if file.tree_hdu().is_some() {
            let library = self.open()?;
            file.warn_of_keywords(&library)?;
        }
        Ok(())
    }
}

/// Where `asdf schema add` keeps packages: `$ASDF_SCHEMAS`, else the user's data folder.
pub(crate) fn folder() -> Option<PathBuf> {
    let variable = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    variable("ASDF_SCHEMAS").or_else(|| {
        let data = variable("XDG_DATA_HOME").or_else(|| {
            let local = variable("LOCALAPPDATA");
            local.or_else(|| Some(variable("HOME")?.join(".local").join("share")))
        })?;
        Some(data.join("asdf").join("schemas"))
    })
}

/// The packages that were added, sorted by name.
pub(crate) fn stored() -> Vec<PathBuf> {
    let entries = folder().and_then(|folder| fs::read_dir(folder).ok());
    let mut packages: Vec<_> = entries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == KEPT))
        .collect();
    packages.sort();
    packages
}
