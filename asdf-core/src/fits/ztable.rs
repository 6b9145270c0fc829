//! Tables compressed column by column: a binary table with some rows of another one in each of its own. FITS 4.0, section 10.3;
//! what that leaves open as cfitsio has it.

use super::FitsFile;
use super::Hdu;
use super::card;
use super::card::CARD;
use super::column::FitsColumn;
use super::form::ColumnForm;
use super::form::element_size;
use super::header::BLOCK;
use super::header::FitsHeader;
use super::table::FitsTable;
use super::tiled::{Codec, numbers_of_rice, unshuffled};
use crate::error::Error;
use crate::error::FitsFault;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Unsupported;
use crate::input::Input;
use crate::limits::Limit;
use flate2::bufread::MultiGzDecoder;
use std::io::Read;
use std::ops::Range;
use std::sync::OnceLock;

const WHAT: &str = "bytes of a compressed table";
/// Values in a block of Rice codes.
const RICE_BLOCK: usize = 32;
/// Bytes of a descriptor of an array in the heap of the compressed table.
const DESCRIPTOR: usize = 16;

/// The table that a compressed one stands for: the second HDU of a file in memory.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    /// The header alone.
    outline: OnceLock<Box<FitsFile>>,
    whole: OnceLock<Box<FitsFile>>,
}

impl Expanded {
    /// Columns and rows, without the data.
    pub(super) fn outline<'f>(&'f self, hdu: Hdu<'_>) -> Result<Hdu<'f>> {
        if let Some(known) = self.outline.get() {
            return known.hdu(1);
        }
        let made = file(hdu, header_of(hdu, None)?)?;
        self.outline.get_or_init(|| Box::new(made)).hdu(1)
    }

    /// The whole table, decoded when it is first asked for.
    pub(super) fn whole<'f>(&'f self, hdu: Hdu<'_>) -> Result<Hdu<'f>> {
        if let Some(known) = self.whole.get() {
            return known.hdu(1);
        }
        let (rows, heap) = Compressed::new(hdu)?.decode()?;
        let mut bytes = header_of(hdu, Some(heap.len()))?;
        bytes.extend(rows);
        bytes.extend(heap);
        bytes.resize(bytes.len().next_multiple_of(block()), 0);
        let made = file(hdu, bytes)?;
        self.whole.get_or_init(|| Box::new(made)).hdu(1)
    }
}

fn block() -> usize {
    usize::try_from(BLOCK).unwrap_or(2880)
}

/// An empty primary header and that of the table, with the length of its heap where that is known.
fn header_of(hdu: Hdu<'_>, heap: Option<usize>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for card in [
        "SIMPLE  =                    T",
        "BITPIX  =                    8",
        "NAXIS   =                    0",
        "EXTEND  =                    T",
        "END",
    ] {
        bytes.extend(format!("{card:<80}").into_bytes());
    }
    bytes.resize(bytes.len().next_multiple_of(block()), b' ');
    let header = table_header(&hdu.header());
    // Every keyword that the table cannot do without.
    for keyword in ["ZNAXIS1", "ZNAXIS2", "ZPCOUNT"] {
        let header = hdu.header();
        if header.value(keyword).is_none() {
            return Err(header.missing(keyword, "every compressed table needs it"));
        }
        header.within(keyword, 0..=i64::MAX, 0)?;
    }
    for card in header.cards() {
        match heap {
            Some(heap) if card.keyword() == "PCOUNT" => {
                bytes.extend(format!("{:<80}", format!("PCOUNT  = {heap:>20}")).into_bytes());
            }
            _ => bytes.extend_from_slice(card.raw()),
        }
    }
    bytes.extend(format!("{:<80}", "END").into_bytes());
    bytes.resize(bytes.len().next_multiple_of(block()), b' ');
    Ok(bytes)
}

/// The file of these bytes, under a name that tells what it is.
fn file(hdu: Hdu<'_>, bytes: Vec<u8>) -> Result<FitsFile> {
    let made = FitsFile::new(Input::from(bytes), hdu.limits())?;
    let path = hdu.file().path.as_deref();
    let name = path.map_or_else(|| "a FITS file".into(), |path| path.display().to_string());
    Ok(made.called(format!("{name}, decompressed table of HDU {}", hdu.index())))
}

/// Keywords of the compressed table alone.
const OWN: [&str; 16] = [
    "XTENSION", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "PCOUNT", "GCOUNT", "THEAP", "CHECKSUM",
    "DATASUM", "ZTABLE", "ZTILELEN", "ZNAXIS1", "ZNAXIS2", "ZPCOUNT", "ZTHEAP",
];

/// The cards of the table that a compressed one stands for. What is not about its compression is kept byte for byte.
pub(super) fn table_header(header: &FitsHeader<'_>) -> FitsHeader<'static> {
    let mut out = Vec::new();
    let mut push = |text: String| out.extend(format!("{text:<80}").into_bytes());
    push("XTENSION= 'BINTABLE'           / binary table extension".to_owned());
    push(format!("BITPIX  = {:>20} / array data type", 8));
    push(format!("NAXIS   = {:>20} / number of array dimensions", 2));
    let renamed = |from: &str, to: &str| {
        let card = header.get(from)?;
        let mut bytes = format!("{to:<8}").into_bytes();
        bytes.extend_from_slice(card.raw().get(8..CARD)?);
        Some(bytes)
    };
    for (from, to) in [
        ("ZNAXIS1", "NAXIS1"),
        ("ZNAXIS2", "NAXIS2"),
        ("ZPCOUNT", "PCOUNT"),
    ] {
        out.extend(renamed(from, to).unwrap_or_default());
    }
    out.extend(format!("{:<80}", format!("GCOUNT  = {:>20} / number of groups", 1)).into_bytes());
    for card in header.cards() {
        let raw = card.raw();
        let keyword = card::text(card::keyword_bytes(raw)).into_owned();
        let number = |stem: &str| {
            let number = keyword.strip_prefix(stem)?;
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| number.to_owned())
        };
        if let Some(number) = number("TFORM") {
            let original = renamed(&format!("ZFORM{number}"), &keyword);
            out.extend(original.unwrap_or_else(|| raw.to_vec()));
        } else if keyword == "ZHECKSUM" {
            out.extend(renamed("ZHECKSUM", "CHECKSUM").unwrap_or_default());
        } else if keyword == "ZDATASUM" {
            out.extend(renamed("ZDATASUM", "DATASUM").unwrap_or_default());
        } else if !OWN.contains(&&*keyword)
            && number("ZFORM").is_none()
            && number("ZCTYP").is_none()
        {
            out.extend_from_slice(raw);
        }
    }
    FitsHeader::of_cards(out)
}

/// A column of the table that comes out.
struct Column<'t, 'f> {
    stored: &'t FitsColumn<'f>,
    codec: Codec,
    form: ColumnForm,
    /// Bytes within a row.
    place: Range<usize>,
    /// Bytes of an element.
    element: usize,
}

/// A compressed table; nothing is decoded yet.
struct Compressed<'f> {
    hdu: Hdu<'f>,
    table: FitsTable<'f>,
    rows: usize,
    row_bytes: usize,
    tile_rows: usize,
}

impl<'f> Compressed<'f> {
    fn new(hdu: Hdu<'f>) -> Result<Self> {
        let header = hdu.header();
        // The convention before the standard had the heap as one stream.
        if header.value("ZHEAPPTR").is_some() {
            let what = "a table compressed with ZHEAPPTR, as cfitsio did before FITS 4.0".into();
            let format = "FITS";
            return Err(Unsupported::FormatPart { format, what }.into());
        }
        let table = FitsTable::stored(hdu)?;
        let size = |keyword: &str, default: i64| -> Result<usize> {
            let value = header.within(keyword, 0..=i64::MAX, default)?;
            Ok(usize::try_from(value).unwrap_or(usize::MAX))
        };
        let (rows, row_bytes) = (size("ZNAXIS2", 0)?, size("ZNAXIS1", 0)?);
        let heap = size("ZPCOUNT", 0)?;
        let whole = i64::try_from(rows).unwrap_or(i64::MAX).max(1);
        let tile_rows = header.within("ZTILELEN", 1..=i64::MAX, whole)?;
        let tile_rows = usize::try_from(tile_rows).unwrap_or(usize::MAX);
        let tiles = rows.div_ceil(tile_rows) as u64;
        if tiles != table.rows() {
            let wanted = format!(
                "a tile for each of the {} rows, of {rows} rows in tiles of {tile_rows}",
                table.rows()
            );
            return Err(header.wrong("ZTILELEN", &wanted));
        }
        let needed = (rows as u64)
            .saturating_mul(row_bytes as u64)
            .saturating_add(heap as u64);
        let allowed = hdu.limits().decoded_bytes;
        LimitExceeded::check(WHAT, Limit::DecodedBytes, needed, allowed)?;
        Ok(Self {
            hdu,
            table,
            rows,
            row_bytes,
            tile_rows,
        })
    }

    fn columns(&self) -> Result<Vec<Column<'_, 'f>>> {
        let header = self.hdu.header();
        let mut start = 0_usize;
        let mut columns = Vec::new();
        for stored in self.table.columns() {
            let number = stored.number();
            let keyword = format!("ZFORM{number}");
            let text = header.text(&keyword)?.ok_or_else(|| {
                header.missing(&keyword, "every column of a compressed table has it")
            })?;
            let form = ColumnForm::binary(&text)
                .ok_or_else(|| header.wrong(&keyword, "the form of a column"))?;
            let kind = format!("ZCTYP{number}");
            // The default of cfitsio; the standard has none.
            let name = header.text(&kind)?;
            let name = name.as_deref().map_or("GZIP_2", str::trim);
            let codec = Codec::of_table(name)
                .ok_or_else(|| header.wrong(&kind, "GZIP_1, GZIP_2, RICE_1 or NOCOMPRESS"))?;
            let width = form
                .row_bytes()
                .and_then(|width| usize::try_from(width).ok());
            let end = width
                .and_then(|width| start.checked_add(width))
                .filter(|end| *end <= self.row_bytes)
                .ok_or_else(|| {
                    let wanted = format!(
                        "columns that fit into the {} bytes of ZNAXIS1",
                        self.row_bytes
                    );
                    header.wrong(&keyword, &wanted)
                })?;
            let (ColumnForm::Fixed { code, .. }
            | ColumnForm::Variable { code, .. }
            | ColumnForm::Ascii { code, .. }) = form;
            columns.push(Column {
                stored,
                codec,
                form,
                place: start..end,
                element: usize::try_from(element_size(code)).unwrap_or(1),
            });
            start = end;
        }
        // Bytes of no column would be there on the word of the header alone.
        if start != self.row_bytes {
            let wanted = format!("the {start} bytes of its columns");
            return Err(header.wrong("ZNAXIS1", &wanted));
        }
        Ok(columns)
    }

    /// The rows, and the heap that belongs after them: array after array, wherever they were.
    fn decode(&self) -> Result<(Vec<u8>, Vec<u8>)> {
        let columns = self.columns()?;
        let mut rows = Vec::new();
        let mut heap = Vec::new();
        let mut first = 0_usize;
        let mut tile = 0_u64;
        while first < self.rows {
            let count = self.tile_rows.min(self.rows.saturating_sub(first));
            let start = rows.len();
            let mut decoded = Vec::with_capacity(columns.len());
            for column in &columns {
                decoded.push(self.column_tile(column, tile, count, &mut heap)?);
            }
            // Only when all columns are there: the streams bound what is allocated.
            rows.resize(
                start.saturating_add(count.saturating_mul(self.row_bytes)),
                0,
            );
            for (column, bytes) in columns.iter().zip(&decoded) {
                let width = column.place.len();
                if width == 0 {
                    continue;
                }
                let out = rows.get_mut(start..).unwrap_or_default();
                let out = out.chunks_exact_mut(self.row_bytes.max(1));
                for (row, cell) in out.zip(bytes.chunks_exact(width)) {
                    if let Some(place) = row.get_mut(column.place.clone()) {
                        place.copy_from_slice(cell);
                    }
                }
            }
            first = first.saturating_add(count);
            tile = tile.saturating_add(1);
        }
        Ok((rows, heap))
    }

    /// The bytes of a column in the rows of a tile, one row after the other; arrays of variable length go to the heap.
    fn column_tile(
        &self,
        column: &Column<'_, 'f>,
        tile: u64,
        count: usize,
        heap: &mut Vec<u8>,
    ) -> Result<Vec<u8>> {
        let width = column.place.len();
        let size = width.saturating_mul(count);
        if size == 0 {
            return Ok(Vec::new());
        }
        let stored = column.stored.cell_bytes(tile)?;
        let damaged = |detail: String| self.damaged(column, tile, &detail);
        let ColumnForm::Variable { code, wide, .. } = column.form else {
            return decode(column, stored, size).map_err(damaged);
        };
        // Descriptors of the table, then those of the compressed arrays.
        let both = size.saturating_add(count.saturating_mul(DESCRIPTOR));
        let mut descriptors = gunzip(stored, both).map_err(damaged)?;
        let compressed = descriptors.split_off(size);
        let pairs = descriptors
            .chunks_exact(width)
            .zip(compressed.chunks_exact(DESCRIPTOR));
        let mut rows = Vec::with_capacity(size);
        for (own, stored) in pairs {
            let negative = || damaged("a descriptor with a negative length".to_owned());
            let (length, _) = descriptor(own, wide).ok_or_else(negative)?;
            let bytes = match code {
                'X' => length.div_ceil(8),
                _ => length.saturating_mul(column.element),
            };
            let start = heap.len();
            if bytes > 0 {
                let place = descriptor(stored, true)
                    .and_then(|(length, offset)| self.heap_bytes(offset, length).transpose());
                let outside = || {
                    damaged("the compressed bytes of an array lie outside of the heap".to_owned())
                };
                let place = place.ok_or_else(outside)??;
                // What did not become smaller is stored as it is.
                if place.len() == bytes {
                    heap.extend_from_slice(place);
                } else {
                    heap.extend(decode(column, place, bytes).map_err(damaged)?);
                }
                let allowed = self.hdu.limits().decoded_bytes;
                let needed = heap.len() as u64;
                LimitExceeded::check(WHAT, Limit::DecodedBytes, needed, allowed)?;
            }
            let pair = new_descriptor(length, start, wide);
            let far = || damaged("arrays of more bytes than descriptors can name".to_owned());
            rows.extend(pair.ok_or_else(far)?);
        }
        Ok(rows)
    }

    /// Bytes of the heap of the compressed table; `None` outside of it.
    fn heap_bytes(&self, offset: usize, length: usize) -> Result<Option<&'f [u8]>> {
        let [offset, length] = [offset, length].map(|value| value as u64);
        self.table.heap_bytes(offset, length)
    }

    fn damaged(&self, column: &Column<'_, '_>, tile: u64, detail: &str) -> Error {
        let number = column.stored.number();
        let fault = FitsFault::Tile {
            tile,
            codec: column.codec.name(),
            detail: format!("column {number}: {detail}").into(),
        };
        let row = tile.saturating_mul(self.table.row_bytes());
        let start = self.hdu.data_span().start.saturating_add(row);
        Error::from(fault).at(start..start.saturating_add(self.table.row_bytes()))
    }
}

/// Length and place of an array, big-endian; `None` where one is negative.
fn descriptor(bytes: &[u8], wide: bool) -> Option<(usize, usize)> {
    let half = if wide { 8 } else { 4 };
    let (length, offset) = bytes.split_at_checked(half)?;
    let number = |bytes: &[u8]| -> Option<usize> {
        let value = if wide {
            i64::from_be_bytes(*bytes.first_chunk()?)
        } else {
            i32::from_be_bytes(*bytes.first_chunk()?).into()
        };
        usize::try_from(value).ok()
    };
    Some((number(length)?, number(offset)?))
}

/// The same of an array in the new heap; `None` for one that lies too far for 32 bits.
fn new_descriptor(length: usize, offset: usize, wide: bool) -> Option<Vec<u8>> {
    let pair = [length, offset];
    let mut bytes = Vec::with_capacity(DESCRIPTOR);
    for value in pair {
        if wide {
            bytes.extend(i64::try_from(value).ok()?.to_be_bytes());
        } else {
            bytes.extend(i32::try_from(value).ok()?.to_be_bytes());
        }
    }
    Some(bytes)
}

/// Elements as the big-endian bytes that they are in the table.
fn decode(column: &Column<'_, '_>, stored: &[u8], size: usize) -> Result<Vec<u8>, String> {
    match column.codec {
        Codec::Gzip => gunzip(stored, size),
        Codec::GzipShuffled => {
            let bytes = gunzip(stored, size)?;
            // Cfitsio leaves complex numbers in their order, but for arrays of single ones in the heap.
            let is_plain = match column.form {
                ColumnForm::Variable { code, .. } => code == 'M',
                form => is_one_of(form, "CM"),
            };
            if is_plain {
                return Ok(bytes);
            }
            let count = size.checked_div(column.element).unwrap_or(size);
            Ok(unshuffled(&bytes, column.element, count))
        }
        Codec::Rice => {
            if !is_one_of(column.form, "BIJ") {
                return Err("only integers of 8, 16 and 32 bits are compressed so".to_owned());
            }
            let width = column.element.max(1);
            let count = size.checked_div(width).unwrap_or(0);
            let numbers = numbers_of_rice(stored, count, width as u64, RICE_BLOCK)?;
            let mut out = Vec::with_capacity(size);
            for number in numbers {
                let bytes = number.to_be_bytes();
                out.extend_from_slice(
                    bytes
                        .get(bytes.len().saturating_sub(width)..)
                        .unwrap_or(&[]),
                );
            }
            Ok(out)
        }
        _ => {
            if stored.len() != size {
                return Err(format!("{} bytes, expected {size}", stored.len()));
            }
            Ok(stored.to_vec())
        }
    }
}

fn is_one_of(form: ColumnForm, codes: &str) -> bool {
    matches!(
        form,
        ColumnForm::Fixed { code, .. } | ColumnForm::Variable { code, .. } if codes.contains(code)
    )
}

/// Decompresses exactly that many bytes.
fn gunzip(stored: &[u8], size: usize) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let most = (size as u64).saturating_add(1);
    let read = MultiGzDecoder::new(stored).take(most).read_to_end(&mut out);
    read.map_err(|error| error.to_string())?;
    if out.len() == size {
        return Ok(out);
    }
    let than = if out.len() > size { "more" } else { "fewer" };
    Err(format!("{than} than the {size} bytes that the rows have"))
}
