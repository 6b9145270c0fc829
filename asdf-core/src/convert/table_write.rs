//! Tables with what their columns are: ECSV of astropy, `VOTable` of the IVOA.

mod cards;
mod cells;
mod ecsv;
mod meta;
mod moments;
mod object;
mod parts;
mod votable;

use crate::error::Locate;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::file::FileNode;
use parts::Parts;
use std::io::Write;

/// A format of tables whose columns have types and units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableFormat {
    /// ECSV 1.0: a header in YAML, then comma-separated values.
    Ecsv,
    /// `VOTable` 1.4 with the cells as text.
    Votable,
}

impl TableFormat {
    /// The name, for messages.
    fn name(self) -> &'static str {
        match self {
            Self::Ecsv => "ECSV",
            Self::Votable => "VOTable",
        }
    }
}

/// Writes a table, or an array of one or two axes, with the types of its columns, units, descriptions and `meta`.
///
/// Names of columns are those of [`write_csv`](super::write_csv), but that an array in a cell stays one. ECSV says what is more
/// than a column of numbers in the words of astropy, so that `QTable.read` gives times, positions, places on the Earth and
/// quantities again. A `VOTable` has `COOSYS` and `TIMESYS` for positions and times, and `PARAM` and `INFO` for single values;
/// integers of 64 bits without sign are text there. Units and descriptions can also come from the header (`TUNITn`, `TCOMMn`) beside
/// the data of an HDU. Memory is bounded, but for masks and times.
///
/// The warnings tell what the format cannot say, by column and property.
///
/// # Errors
/// As [`write_csv`](super::write_csv).
///
/// # Examples
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/fits/astropy_table.asdf");
/// use asdf_core::AsdfFile;
/// use asdf_core::convert::{TableFormat, write_table};
/// use asdf_core::file::FileNode;
///
/// let file = AsdfFile::open(path)?;
/// let at = FileNode { file: &file, node: file.node("catalogue")? };
/// let mut out = Vec::new();
/// let warnings = write_table(at, TableFormat::Ecsv, &mut out)?;
/// assert!(warnings.is_empty());
/// assert!(out.starts_with(b"# %ECSV 1.0\n"));
/// # Ok(())
/// # }
/// ```
pub fn write_table(
    at: FileNode<'_>,
    format: TableFormat,
    out: &mut dyn Write,
) -> Result<Vec<Warning>> {
    let at = at.resolve()?;
    let mut parts = Parts::of(at, format).in_file(at.file.name())?;
    let written = match format {
        TableFormat::Ecsv => ecsv::write(&mut parts, out),
        TableFormat::Votable => votable::write(&mut parts, out),
    };
    for (_, cells) in &parts.columns {
        cells.note_warnings(at);
    }
    written.in_file(at.file.name())?;
    let path = at.node.path();
    let notes = parts.notes.into_iter().map(|detail| {
        let detail = detail.into();
        Warning::new(WarningKind::TableColumn { detail }).at_path(&path)
    });
    Ok(notes.collect())
}
