//! Tables of a tree as binary tables, as astropy writes and reads them (spec-notes F-110 to F-112).

mod cards;
mod object;
mod parts;

use crate::error::{EmbedFault, Error, Locate, Result, Warning, WarningKind};
use crate::file::{AsdfFile, FileNode};
use crate::fits::{FitsWriter, NewHdu};
use crate::tagged::Table;
use crate::tree::PathStep;
use std::collections::{HashMap, HashSet};
use std::io::Write;

/// A table that becomes an HDU.
#[derive(Debug, Clone)]
pub struct TableHdu<'f> {
    /// The table.
    pub at: FileNode<'f>,
    /// `EXTNAME`: what the table says itself, else its key; empty where FITS cannot have that name.
    pub name: String,
    /// `EXTVER`: counts tables of one name, from 1.
    pub version: i64,
}

impl<'f> TableHdu<'f> {
    /// A single table.
    pub fn new(at: FileNode<'f>) -> Self {
        table_hdu(at, &mut HashMap::new())
    }
}

/// The tables of a tree, in its order, each once: `astropy/table` and the table of the standard, but for those within a list of
/// HDUs.
///
/// # Errors
/// A reference in a table leads nowhere.
pub fn table_nodes(file: &AsdfFile) -> Result<Vec<TableHdu<'_>>> {
    let (mut seen, mut counts) = (HashSet::new(), HashMap::new());
    let mut out = Vec::new();
    let mut walk = file.tree().walk(file.limits());
    while let Some(step) = walk.next() {
        let node = step?;
        if crate::convert::is_hdu_list(node) {
            walk.skip_children();
            continue;
        }
        let at = FileNode { file, node };
        if !at.is_tagged::<Table<'_>>() {
            continue;
        }
        walk.skip_children();
        if seen.insert(node.id()) {
            out.push(table_hdu(at, &mut counts));
        }
    }
    Ok(out)
}

/// `counts` has how many tables of each name there were before.
fn table_hdu<'f>(at: FileNode<'f>, counts: &mut HashMap<String, i64>) -> TableHdu<'f> {
    let own = at
        .node
        .get("meta")
        .and_then(|meta| meta.get("EXTNAME")?.text());
    let path = at.node.path();
    let key = path.steps().iter().rev().find_map(|step| match step {
        PathStep::Key(key) => Some(key.to_string()),
        PathStep::Index(_) => None,
    });
    let name = own.map(str::to_owned).or(key).unwrap_or_default();
    let is_printable = name.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let name = if is_printable && name.len() <= 60 {
        name.trim().to_owned()
    } else {
        String::new()
    };
    let version = counts.entry(name.to_ascii_uppercase()).or_insert(0);
    *version = version.saturating_add(1);
    TableHdu {
        at,
        version: *version,
        name,
    }
}

/// Writes tables as the HDUs of a FITS file, after an empty one: as astropy's `Table.write` does it, so that
/// `QTable.read(..., astropy_native=True)` gives the same columns with units, masks, times, positions and descriptions.
///
/// `history` is text of `HISTORY` cards of the first HDU. The warnings tell what FITS has in another way.
///
/// # Errors
/// A column is of a type that FITS does not have, text is not ASCII, columns differ in length; the sink fails. All tell the path.
///
/// # Examples
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/fits/astropy_table.asdf");
/// use asdf_core::AsdfFile;
/// use asdf_core::convert::{table_nodes, write_fits_tables};
///
/// let file = AsdfFile::open(path)?;
/// let mut out = Vec::new();
/// write_fits_tables(&table_nodes(&file)?, &[], &mut out)?;
/// assert!(out.starts_with(b"SIMPLE  ="));
/// # Ok(())
/// # }
/// ```
pub fn write_fits_tables(
    tables: &[TableHdu<'_>],
    history: &[String],
    sink: &mut dyn Write,
) -> Result<Vec<Warning>> {
    let mut writer = FitsWriter::new(sink);
    writer.write(&NewHdu::empty().header(cards::history(history)?))?;
    let mut warnings = Vec::new();
    for table in tables {
        let path = table.at.node.path();
        let place = |error: Error| error.at_path(|| &path).in_file(table.at.file.name());
        let mut odd = Vec::new();
        write_one(table, &mut odd, &mut writer).map_err(place)?;
        for detail in odd {
            let detail = detail.into();
            let warning = Warning::new(WarningKind::TableColumn { detail });
            warnings.push(warning.at_path(&path));
        }
    }
    writer.finish()?;
    Ok(warnings)
}

fn write_one(
    hdu: &TableHdu<'_>,
    odd: &mut Vec<String>,
    writer: &mut FitsWriter<&mut dyn Write>,
) -> Result<()> {
    let at = hdu.at.resolve()?;
    let Some(table) = Table::of(at)? else {
        let key = "columns".into();
        return Err(EmbedFault::NoHduList { key }.into());
    };
    let made = parts::of_table(&table, at)?;
    let mut columns = Vec::with_capacity(made.parts.len());
    for part in &made.parts {
        columns.push(part.column().at_path(|| part.path.clone())?);
    }
    let meta = table.meta.map(|meta| meta.node);
    let header = cards::of(hdu, &made, meta, odd)?;
    writer.write(&NewHdu::table(columns)?.header(header))
}
