//! What there is to say about the HDUs of a FITS file without reading their data.

use crate::array::Datatype;
use crate::error::WarningKind;
use crate::file::AsdfFile;
use crate::fits::FitsFile;
use crate::fits::Hdu;
use crate::fits::HduKind;

/// An HDU as `info` lists it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct HduInfo {
    /// Its number, from 0.
    pub index: usize,
    /// `EXTNAME`, `PRIMARY` for the first one without; may be empty.
    pub name: String,
    /// `EXTVER`, 1 when it is missing.
    pub version: i64,
    /// What it is.
    pub kind: HduKind,
    /// Type of a pixel or of a row after scaling; `None` without data or when the header contradicts itself.
    pub datatype: Option<Datatype>,
    /// Lengths of the axes, the slowest first; of a table the number of rows.
    pub shape: Vec<u64>,
    /// Columns of a table; 0 of anything else.
    pub columns: usize,
    /// Number of cards.
    pub cards: usize,
    /// Where its header is in the file.
    pub offset: u64,
    /// Bytes of the data as they are in the file.
    pub stored_bytes: u64,
    /// `ZCMPTYPE` of a compressed image.
    pub compression: Option<&'static str>,
    /// True when it holds the ASDF tree.
    pub holds_tree: bool,
}

impl HduInfo {
    /// All HDUs of a file; none when it is not a FITS file.
    pub fn all(file: &AsdfFile) -> Vec<Self> {
        let hdus = file.fits().into_iter().flat_map(FitsFile::hdus);
        hdus.map(|hdu| Self::of(hdu, file.tree_hdu())).collect()
    }

    /// Of one HDU; `tree` is the number of the one that holds the tree.
    pub fn of(hdu: Hdu<'_>, tree: Option<usize>) -> Self {
        let span = hdu.data_span();
        let image = hdu.image().ok();
        let table = hdu.is_table().then(|| hdu.table_outline().ok()).flatten();
        let elements = hdu.elements().ok();
        let rows = table.as_ref().map(|table| vec![table.rows()]);
        let pixels = image.as_ref().map(|image| image.shape().to_vec());
        Self {
            index: hdu.index(),
            name: hdu.name().to_owned(),
            version: hdu.version(),
            kind: hdu.kind(),
            datatype: elements.map(|elements| elements.datatype),
            shape: rows.or(pixels).unwrap_or_default(),
            columns: table.map_or(0, |table| table.columns().len()),
            cards: hdu.header().cards().count(),
            offset: hdu.header_span().start,
            stored_bytes: span.end.saturating_sub(span.start),
            compression: match hdu.kind() {
                HduKind::CompressedTable => Some("ZTABLE"),
                _ => image.and_then(|image| image.compression()),
            },
            holds_tree: tree == Some(hdu.index()),
        }
    }

    /// `float32 2048×2048`, `11 rows, 18 columns`, `no data`.
    pub fn contents(&self) -> String {
        if self.holds_tree {
            return "ASDF tree".to_owned();
        }
        let shape: Vec<String> = self.shape.iter().map(u64::to_string).collect();
        let plural =
            |count: u64, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        match (self.kind, &self.datatype) {
            (HduKind::BinTable | HduKind::CompressedTable | HduKind::AsciiTable, _) => {
                let rows = self.shape.first().copied().unwrap_or(0);
                let columns = plural(self.columns as u64, "column");
                format!("{}, {columns}", plural(rows, "row"))
            }
            (_, Some(datatype)) => format!("{datatype} {}", shape.join("×")),
            (HduKind::Image, None) if self.stored_bytes == 0 => "no data".to_owned(),
            (_, None) => format!("{} bytes", self.stored_bytes),
        }
    }
}

impl AsdfFile {
    /// True when the FITS file ends within the data of an HDU.
    pub fn is_fits_cut(&self) -> bool {
        let cut = |kind: &WarningKind| matches!(kind, WarningKind::FitsTruncated { .. });
        self.warnings().any(|warning| cut(&warning.kind))
    }
}
