//! An HDU as one array of physical values: an image as it is, a table as records.

use super::FitsColumn;
use super::FitsFile;
use super::FitsTable;
use super::Hdu;
use super::HduKind;
use super::form::ColumnForm;
use super::names::unique as unique_names;
use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::array::Field;
use crate::array::Scalar;
use crate::array::{HduPart, HduValues};
use crate::error::Mismatch;
use crate::error::Result;
use crate::memory::Buffer;
use std::ops::Range;

/// What the elements of an HDU are.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HduElements {
    /// Of a pixel, or of a row with all its columns.
    pub datatype: Datatype,
    /// Where the datatype says nothing.
    pub byteorder: ByteOrder,
    /// Lengths of the axes, the slowest first.
    pub shape: Vec<u64>,
    /// True when the bytes of the data are the elements: nothing is scaled, nothing decoded.
    pub is_raw: bool,
}

impl Hdu<'_> {
    /// The elements of the image or the table, after scaling and decoding; nothing is read.
    ///
    /// # Errors
    /// The HDU has no data, columns of variable length, or is neither image nor table.
    pub fn elements(self) -> Result<HduElements> {
        let found = match self.kind() {
            HduKind::Image | HduKind::CompressedImage => self.image_elements(),
            HduKind::BinTable | HduKind::AsciiTable => {
                self.table().and_then(|table| table_elements(&table))
            }
            HduKind::CompressedTable => {
                let elements = self
                    .table_outline()
                    .and_then(|table| table_elements(&table));
                elements.map(|elements| HduElements {
                    is_raw: false,
                    ..elements
                })
            }
            HduKind::Groups | HduKind::Other => Err(self.wrong_kind("an image or a table")),
        };
        self.locate(found)
    }

    fn image_elements(self) -> Result<HduElements> {
        let image = self.image()?;
        if image.is_absent() {
            let (found, asked) = ("without data".into(), "an array");
            return Err(Mismatch::HduKind { found, asked }.into());
        }
        let is_raw = self.kind() == HduKind::Image && !image.is_scaled();
        Ok(HduElements {
            datatype: Datatype::Scalar(image.physical_type()),
            byteorder: order(is_raw),
            shape: image.shape().to_vec(),
            is_raw,
        })
    }
}

/// What had to be decoded is in this machine's order.
pub(super) fn order(is_raw: bool) -> ByteOrder {
    if is_raw {
        ByteOrder::Big
    } else {
        ByteOrder::NATIVE
    }
}

fn table_elements(table: &FitsTable<'_>) -> Result<HduElements> {
    if table.columns().is_empty() {
        // No field of a record: what bytes there are in the rows.
        return Ok(HduElements {
            datatype: Datatype::Scalar(Scalar::Uint8),
            byteorder: ByteOrder::Big,
            shape: vec![table.rows(), table.row_bytes()],
            is_raw: true,
        });
    }
    let names = unique_names(table.columns().iter().map(FitsColumn::name));
    let mut fields = Vec::with_capacity(table.columns().len());
    let mut is_raw = true;
    for (column, name) in table.columns().iter().zip(names) {
        if let ColumnForm::Variable { .. } = column.form() {
            let form = column.form_text();
            let found = format!("a table with a column of variable length, {form}").into();
            let asked = "an array";
            return Err(Mismatch::HduKind { found, asked }.into());
        }
        let raw = column.is_raw();
        is_raw &= raw;
        fields.push(Field {
            name: Some(name.into()),
            datatype: column.physical_type(),
            byteorder: order(raw),
            shape: column.cell_shape(),
            null: column.physical_null(),
        });
    }
    let datatype = Datatype::Record(fields);
    is_raw &= datatype.size() == table.row_bytes();
    Ok(HduElements {
        datatype,
        byteorder: ByteOrder::Big,
        shape: vec![table.rows()],
        is_raw,
    })
}

impl FitsColumn<'_> {
    /// True when the bytes of a column of fixed length are its values.
    pub(crate) fn is_raw(&self) -> bool {
        let coded = !matches!(self.form(), ColumnForm::Fixed { code, .. } if !"LX".contains(code));
        let text = !matches!(self.physical_type(), Datatype::Scalar(_));
        !coded && (text || !self.is_scaled())
    }
}

impl HduValues for FitsFile {
    fn window(&self, hdu: usize, part: HduPart, window: &[Range<u64>]) -> Result<ArrayData<'_>> {
        let hdu = self.hdu(hdu)?;
        if part != HduPart::Whole {
            return hdu.part_window(part, window);
        }
        match hdu.kind() {
            HduKind::Image | HduKind::CompressedImage => hdu.image()?.load_window(window),
            _ => {
                let rows = window.first().cloned().unwrap_or(0..0);
                hdu.locate(hdu.table().and_then(|table| table.records(rows)))
            }
        }
    }

    fn rows_together(&self, hdu: usize, axis: usize) -> u64 {
        let tile = self.hdu(hdu).and_then(|hdu| hdu.image()?.tile_window(0));
        let first = tile.ok().and_then(|tile| tile.get(axis).cloned());
        first.map_or(1, |rows| rows.end.max(1))
    }

    fn vouch(&self, hdu: usize) -> Result<()> {
        self.hdu(hdu)?.vouch()
    }

    fn compression(&self, hdu: usize) -> Option<&'static str> {
        let hdu = self.hdu(hdu).ok()?;
        match hdu.kind() {
            HduKind::CompressedTable => Some("ZTABLE"),
            _ => hdu.image().ok()?.compression(),
        }
    }

    fn stored_bytes(&self, hdu: usize, part: HduPart) -> u64 {
        self.hdu(hdu).map_or(0, |hdu| hdu.part_bytes(part))
    }
}

impl<'f> FitsTable<'f> {
    /// Some rows as records with a field for each column, as [`Hdu::elements`] describes them.
    /// Masks of columns are left out.
    ///
    /// # Errors
    /// A column has variable length, or its data cannot be read.
    pub fn records(&self, rows: Range<u64>) -> Result<ArrayData<'f>> {
        let elements = table_elements(self)?;
        if self.columns().is_empty() {
            let size = self.row_bytes();
            let [start, end] = [rows.start, rows.end].map(|row| row.saturating_mul(size));
            let bytes = super::table::slice(self.row_data()?, start..end)?;
            let shape = vec![rows.end.saturating_sub(rows.start), size];
            return ArrayData::from_parts(bytes, 0, elements.datatype, ByteOrder::Big, shape, None);
        }
        let size = elements.datatype.size();
        let count = rows.end.saturating_sub(rows.start);
        let total = usize::try_from(count.saturating_mul(size)).unwrap_or(usize::MAX);
        let mut out = Buffer::zeroed(total)?;
        let record = usize::try_from(size).unwrap_or(usize::MAX).max(1);
        let mut start = 0_usize;
        for column in self.columns() {
            let data = column.within(rows.clone()).load()?;
            let cells = column
                .cell_shape()
                .iter()
                .fold(data.datatype().size(), |size, axis| {
                    size.saturating_mul(*axis)
                });
            let cell = usize::try_from(cells).unwrap_or(usize::MAX);
            if cell == 0 {
                continue;
            }
            let end = start.saturating_add(cell);
            let places = out.chunks_exact_mut(record);
            for (place, value) in places.zip(data.packed().chunks_exact(cell)) {
                if let Some(place) = place.get_mut(start..end) {
                    place.copy_from_slice(value);
                }
            }
            start = end;
        }
        let (datatype, order) = (elements.datatype, elements.byteorder);
        ArrayData::from_parts(out, 0, datatype, order, vec![count], None)
    }
}
