//! The tables of a tree, as binary tables in front of it.

use crate::context::{Context, Failure};
use asdf_core::convert::{TableHdu, table_nodes, write_fits_tables};
use asdf_core::error::Warning;
use asdf_core::fits::FitsFile;
use asdf_core::{AsdfFile, TreePath};
use std::io::{BufWriter, Write};

/// Tables of a tree, written as a FITS file of their own.
#[derive(Debug)]
pub(crate) struct TablesBeside {
    hdus: FitsFile,
    /// Where they stand in the tree: their columns do not become HDUs again.
    within: Vec<TreePath>,
    warnings: Vec<Warning>,
    /// The file goes when this does.
    _spool: tempfile::NamedTempFile,
}

impl TablesBeside {
    /// Those of a file; `None` when it has none, or is a FITS file itself.
    ///
    /// # Errors
    /// A table cannot be written.
    pub(crate) fn of_file(
        file: &AsdfFile,
        context: &Context,
    ) -> std::result::Result<Option<Self>, Failure> {
        if file.fits().is_some() {
            return Ok(None);
        }
        let tables = table_nodes(file).map_err(|error| file.name_in(error))?;
        if tables.is_empty() {
            return Ok(None);
        }
        Self::of(file, &tables, context).map(Some)
    }

    /// These.
    ///
    /// # Errors
    /// A table cannot be written.
    pub(crate) fn of(
        file: &AsdfFile,
        tables: &[TableHdu<'_>],
        context: &Context,
    ) -> std::result::Result<Self, Failure> {
        let spool = tempfile::NamedTempFile::new()?;
        let mut sink = BufWriter::with_capacity(1 << 20, spool.as_file());
        let written = write_fits_tables(tables, &history(file), &mut sink);
        let warnings = written.map_err(|error| file.name_in(error))?;
        sink.flush()?;
        drop(sink);
        let hdus = FitsFile::open_with(spool.path(), context.options().input())?;
        Ok(Self {
            hdus: hdus.called(file.name()),
            within: tables.iter().map(|table| table.at.node.path()).collect(),
            warnings,
            _spool: spool,
        })
    }

    /// The HDUs, the empty first one and the tables.
    pub(crate) fn hdus(&self) -> &FitsFile {
        &self.hdus
    }

    /// The paths of the tables.
    pub(crate) fn within(&self) -> Vec<TreePath> {
        self.within.clone()
    }

    /// What FITS has no place for.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &Warning> {
        self.warnings.iter()
    }
}

/// What the entries of the history say.
pub(crate) fn history(file: &AsdfFile) -> Vec<String> {
    let entries = file.history().into_iter();
    entries.filter_map(|entry| entry.description).collect()
}
