//! The full check of the HDUs of a FITS file: nothing cut, checksums right, every tile decodes.

use crate::error::Error;
use crate::error::Result;
use crate::fits::ColumnForm;
use crate::fits::FitsChecksums;
use crate::fits::FitsFile;
use crate::fits::Hdu;
use crate::fits::HduKind;

/// Rows of a column that are read together.
const ROWS: u64 = 1 << 16;

/// What a full check of an HDU found.
#[derive(Debug)]
#[non_exhaustive]
pub struct HduReport {
    /// Its number, from 0.
    pub index: usize,
    /// `EXTNAME`, `PRIMARY` for the first one without; may be empty.
    pub name: String,
    /// `EXTVER`, 1 when it is missing.
    pub version: i64,
    /// Where its header is in the file.
    pub offset: u64,
    /// What `DATASUM` and `CHECKSUM` say; `None` when the bytes cannot be read.
    pub sums: Option<FitsChecksums>,
    /// A keyword of a checksum that does not fit, data that are cut or do not decode, or a header that contradicts itself.
    pub error: Option<Error>,
}

impl HduReport {
    /// Checks all HDUs of a file. Of a compressed image one tile at a time is in memory.
    pub fn all(file: &FitsFile) -> Vec<Self> {
        file.hdus().map(Self::of).collect()
    }

    /// Checks the checksums alone, of all HDUs of a file.
    pub fn checksums(file: &FitsFile) -> Vec<Self> {
        file.hdus().map(|hdu| Self::with(hdu, |_| Ok(()))).collect()
    }

    /// Checks one HDU.
    pub fn of(hdu: Hdu<'_>) -> Self {
        Self::with(hdu, contents)
    }

    fn with(hdu: Hdu<'_>, contents: impl FnOnce(Hdu<'_>) -> Result<()>) -> Self {
        let (sums, error) = match hdu.checksums() {
            Ok(sums) => {
                let checked = hdu.compare(&sums).and_then(|()| contents(hdu));
                (Some(sums), checked.err())
            }
            Err(error) => (None, Some(error)),
        };
        Self {
            index: hdu.index(),
            name: hdu.name().to_owned(),
            version: hdu.version(),
            offset: hdu.header_span().start,
            sums,
            error,
        }
    }
}

/// Reads what the header describes, but no plain values: any bytes are right there.
fn contents(hdu: Hdu<'_>) -> Result<()> {
    match hdu.kind() {
        HduKind::Image => hdu.image().map(drop),
        HduKind::BinTable | HduKind::CompressedTable | HduKind::AsciiTable => rows(hdu),
        HduKind::CompressedImage => {
            let image = hdu.image()?;
            for tile in 0..image.tile_count() {
                image.load_stored_window(&image.tile_window(tile)?)?;
            }
            Ok(())
        }
        HduKind::Groups => hdu.groups().map(drop),
        HduKind::Other => Ok(()),
    }
}

/// Reads the cells that may be wrong: text that stands for numbers, and arrays of variable length, which must lie in
/// the heap.
fn rows(hdu: Hdu<'_>) -> Result<()> {
    let table = hdu.table()?;
    let rows = table.rows();
    for column in table.columns() {
        if let ColumnForm::Variable { .. } = column.form() {
            (0..rows).try_for_each(|row| column.cell_stored(row).map(drop))?;
        } else if hdu.kind() == HduKind::AsciiTable {
            let mut start = 0;
            while start < rows {
                let end = start.saturating_add(ROWS).min(rows);
                column.within(start..end).load()?;
                start = end;
            }
        }
    }
    Ok(())
}
