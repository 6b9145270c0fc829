//! Writing FITS: cards and data in, HDUs out, checksums computed. FITS 4.0, sections 3, 4.4 and 7.

mod column;
mod header;
mod reconcile;

pub use column::{DescriptorForm, NewColumn};
pub use header::NewHeader;
pub(super) use header::continued;
pub(super) use header::format_cards;
pub(super) use header::value_text;

use super::Hdu;
use super::HduKind;
use super::checksum;
use super::checksum::Sum;
use super::header::BLOCK;
use super::image;
use super::layout::Entry;
use super::table::slice;
use super::value::CardValue;
use crate::array::ArrayData;
use crate::array::ArrayRef;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::array::Scalar;
use crate::error::ColumnFault;
use crate::error::Error;
use crate::error::HeaderFault;
use crate::error::Result;
use crate::error::Unsupported;
use column::Table;
use std::borrow::Cow;
use std::io::Write;

/// Bytes that are converted at a time; a multiple of every word.
const PIECE: usize = 1 << 20;
/// An encoded sum of zero, which takes the place of `CHECKSUM` while the sum is made.
const NO_SUM: &str = "0000000000000000";

/// An HDU that is to be written.
#[derive(Debug)]
pub struct NewHdu<'a> {
    body: Body<'a>,
    header: NewHeader,
    /// The header is whole, and stays as it is where it agrees with the data.
    keep_matching_cards: bool,
}

#[derive(Debug)]
enum Body<'a> {
    /// A primary HDU without data, or an empty image.
    None,
    Image {
        data: &'a ArrayData<'a>,
        bitpix: i64,
        zero: Option<i128>,
    },
    /// An image that is decoded while it is written.
    Stream {
        array: &'a ArrayRef<'a>,
        bitpix: i64,
        zero: Option<i128>,
    },
    Table(Table<'a>),
    /// Cards and data as they are.
    Raw(Cow<'a, [u8]>),
}

impl<'a> NewHdu<'a> {
    /// An HDU without data.
    pub fn empty() -> Self {
        Self::of(Body::None)
    }

    /// An image; unsigned integers and signed bytes by the conventions of section 5.3.
    ///
    /// # Errors
    /// FITS has no images of that type.
    pub fn image(data: &'a ArrayData<'a>) -> Result<Self> {
        let (bitpix, zero) = stored_as(data.datatype(), data.shape())?;
        Ok(Self::of(Body::Image { data, bitpix, zero }))
    }

    /// The same of an array that is decoded while it is written, and again for each of its checksums. Its mask is not
    /// looked at.
    ///
    /// # Errors
    /// As [`NewHdu::image`].
    pub(crate) fn streamed_image(array: &'a ArrayRef<'a>) -> Result<Self> {
        let (bitpix, zero) = stored_as(array.datatype(), array.shape())?;
        Ok(Self::of(Body::Stream {
            array,
            bitpix,
            zero,
        }))
    }

    /// A binary table.
    ///
    /// # Errors
    /// The columns have different numbers of rows, or are more than 999.
    pub fn table(columns: Vec<NewColumn<'a>>) -> Result<Self> {
        Ok(Self::of(Body::Table(Table::new(columns)?)))
    }

    /// An HDU as it is: `header` has all its cards (without `END`), `data` all its bytes. To be
    /// copied from another file, or made by other means.
    pub fn raw(header: NewHeader, data: impl Into<Cow<'a, [u8]>>) -> Self {
        Self {
            body: Body::Raw(data.into()),
            header,
            keep_matching_cards: false,
        }
    }

    fn of(body: Body<'a>) -> Self {
        Self {
            body,
            header: NewHeader::new(),
            keep_matching_cards: false,
        }
    }

    /// The cards after those that describe the data. Cards that the writer makes itself
    /// (structure, scaling, checksums) are left out of them, so that the header of another HDU
    /// can be given whole.
    #[must_use]
    pub fn header(mut self, header: NewHeader) -> Self {
        self.header = header;
        self.keep_matching_cards = false;
        self
    }

    /// The cards of the whole header, of this HDU as it was before. Those that agree with the data stay byte for byte
    /// where they are, others get the right value or are left out, missing ones are added. `CHECKSUM` and `DATASUM`
    /// are brought up to date when they are there, whatever the writer was told.
    #[must_use]
    pub fn whole_header(mut self, header: NewHeader) -> Self {
        self.header = header;
        self.keep_matching_cards = true;
        self
    }

    /// The cards of the whole header, without `END`.
    fn cards(&self, primary: bool) -> Result<NewHeader> {
        if let Body::Raw(_) = self.body {
            let (found, wanted) = (
                self.header.raw(),
                if primary { "SIMPLE  =" } else { "XTENSION=" },
            );
            if !found.starts_with(wanted.as_bytes()) {
                return Err(HeaderFault::Begin { wanted }.into());
            }
            return Ok(self.header.clone());
        }
        let mut out = NewHeader::new();
        match &self.body {
            Body::Table(rows) => table_cards(&mut out, rows)?,
            Body::Image { data, bitpix, zero } => {
                scaled_image_cards(&mut out, primary, *bitpix, *zero, data.shape())?;
            }
            Body::Stream {
                array,
                bitpix,
                zero,
            } => scaled_image_cards(&mut out, primary, *bitpix, *zero, array.shape())?,
            Body::None | Body::Raw(_) => image_cards(&mut out, primary, 8, &[])?,
        }
        if self.keep_matching_cards {
            return reconcile::reconcile(&out, &self.header, matches!(self.body, Body::None));
        }
        let scaled = !matches!(self.body, Body::None);
        out.push_raw(&self.header.without(|keyword| is_made(keyword, scaled)))?;
        Ok(out)
    }

    /// Hands out the data, a piece at a time; all but the last are whole words.
    fn each(&self, sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        match &self.body {
            Body::None => Ok(()),
            Body::Raw(data) => sink(data),
            Body::Table(rows) => rows.each(sink),
            Body::Stream {
                array,
                bitpix,
                zero,
            } => {
                let unit = word(*bitpix);
                let mut buffer = Vec::new();
                array.stream_le(&mut |piece| {
                    buffer.clear();
                    buffer.extend_from_slice(piece);
                    column::big_endian(&mut buffer, unit, unit > 1, zero.is_some());
                    sink(&buffer)
                })
            }
            Body::Image { data, bitpix, zero } => {
                let unit = word(*bitpix);
                let swap = unit > 1 && data.byteorder() != ByteOrder::Big;
                let packed = data.packed();
                if !swap && zero.is_none() {
                    return sink(&packed);
                }
                let mut buffer = Vec::with_capacity(PIECE.min(packed.len()));
                for piece in packed.chunks(PIECE) {
                    buffer.clear();
                    buffer.extend_from_slice(piece);
                    column::big_endian(&mut buffer, unit, swap, zero.is_some());
                    sink(&buffer)?;
                }
                Ok(())
            }
        }
    }
}

/// `BITPIX` and `BZERO` of an image of that type.
fn stored_as(datatype: &Datatype, shape: &[u64]) -> Result<(i64, Option<i128>)> {
    let unsupported = || {
        Error::from(Unsupported::Format {
            format: "FITS",
            what: format!("images of type {datatype}").into(),
        })
    };
    let found = match datatype {
        Datatype::Scalar(Scalar::Uint8) => (8, None),
        Datatype::Scalar(Scalar::Int8) => (8, Some(-128)),
        Datatype::Scalar(Scalar::Int16) => (16, None),
        Datatype::Scalar(Scalar::Uint16) => (16, Some(1_i128 << 15)),
        Datatype::Scalar(Scalar::Int32) => (32, None),
        Datatype::Scalar(Scalar::Uint32) => (32, Some(1_i128 << 31)),
        Datatype::Scalar(Scalar::Int64) => (64, None),
        Datatype::Scalar(Scalar::Uint64) => (64, Some(1_i128 << 63)),
        Datatype::Scalar(Scalar::Float32) => (-32, None),
        Datatype::Scalar(Scalar::Float64) => (-64, None),
        _ => return Err(unsupported()),
    };
    if shape.is_empty() {
        return Err(ColumnFault::NoAxis.into());
    }
    Ok(found)
}

/// Bytes of a pixel.
fn word(bitpix: i64) -> usize {
    usize::try_from(image::scalar(bitpix).size()).unwrap_or(1)
}

/// Keywords that the writer makes itself, and numbered ones.
const MADE: [&str; 14] = [
    "SIMPLE", "XTENSION", "BITPIX", "NAXIS", "EXTEND", "PCOUNT", "GCOUNT", "GROUPS", "TFIELDS",
    "THEAP", "CHECKSUM", "DATASUM", "END", "BLOCKED",
];
const MADE_NUMBERED: [&str; 10] = [
    "NAXIS", "TTYPE", "TFORM", "TUNIT", "TNULL", "TSCAL", "TZERO", "TDISP", "TDIM", "TBCOL",
];

/// True for keywords that the writer makes itself.
fn is_made(keyword: &str, scaled: bool) -> bool {
    let numbered = |stem: &str| {
        let number = keyword.strip_prefix(stem);
        number.is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    MADE.contains(&keyword)
        || (scaled && matches!(keyword, "BSCALE" | "BZERO" | "BLANK"))
        || MADE_NUMBERED.iter().any(|stem| numbered(stem))
}

fn image_cards(out: &mut NewHeader, primary: bool, bitpix: i64, shape: &[u64]) -> Result<()> {
    let number = |value: u64| CardValue::Integer(value.into());
    if primary {
        out.push(
            "SIMPLE",
            &CardValue::Logical(true),
            "conforms to FITS standard",
        )?;
    } else {
        out.push(
            "XTENSION",
            &CardValue::Text("IMAGE".into()),
            "Image extension",
        )?;
    }
    out.push(
        "BITPIX",
        &CardValue::Integer(bitpix.into()),
        "array data type",
    )?;
    out.push(
        "NAXIS",
        &number(shape.len() as u64),
        "number of array dimensions",
    )?;
    for (length, axis) in shape.iter().rev().zip(1_u64..) {
        out.push(&format!("NAXIS{axis}"), &number(*length), "")?;
    }
    if primary {
        return out.push("EXTEND", &CardValue::Logical(true), "");
    }
    out.push("PCOUNT", &number(0), "number of parameters")?;
    out.push("GCOUNT", &number(1), "number of groups")
}

fn scaled_image_cards(
    out: &mut NewHeader,
    primary: bool,
    bitpix: i64,
    zero: Option<i128>,
    shape: &[u64],
) -> Result<()> {
    image_cards(out, primary, bitpix, shape)?;
    if let Some(zero) = zero {
        out.push("BSCALE", &CardValue::Integer(1), "")?;
        out.push("BZERO", &CardValue::Integer(zero), "")?;
    }
    Ok(())
}

fn table_cards(out: &mut NewHeader, rows: &Table<'_>) -> Result<()> {
    let number = |value: u64| CardValue::Integer(value.into());
    let text = |value: &str| CardValue::Text(value.to_owned());
    out.push("XTENSION", &text("BINTABLE"), "binary table extension")?;
    out.push("BITPIX", &number(8), "array data type")?;
    out.push("NAXIS", &number(2), "number of array dimensions")?;
    out.push(
        "NAXIS1",
        &number(rows.row_bytes as u64),
        "length of dimension 1",
    )?;
    out.push("NAXIS2", &number(rows.rows), "length of dimension 2")?;
    out.push(
        "PCOUNT",
        &number(rows.heap as u64),
        "number of group parameters",
    )?;
    out.push("GCOUNT", &number(1), "number of groups")?;
    out.push(
        "TFIELDS",
        &number(rows.columns.len() as u64),
        "number of table fields",
    )?;
    for (column, at) in rows.columns.iter().zip(1_u64..) {
        if !column.name.is_empty() {
            out.push(&format!("TTYPE{at}"), &text(&column.name), "")?;
        }
        out.push(&format!("TFORM{at}"), &text(&column.form), "")?;
        if let Some(dimensions) = &column.dimensions {
            out.push(&format!("TDIM{at}"), &text(dimensions), "")?;
        }
        if let Some(unit) = &column.unit {
            out.push(&format!("TUNIT{at}"), &text(unit), "")?;
        }
        if let Some(null) = column.null {
            out.push(&format!("TNULL{at}"), &CardValue::Integer(null.into()), "")?;
        }
        if let Some((scale, zero)) = column.scale {
            // What changes nothing goes without saying.
            for (stem, value, ordinary) in [("TSCAL", scale, 1.0), ("TZERO", zero, 0.0)] {
                #[expect(clippy::float_cmp, reason = "exactly what changes nothing")]
                if value != ordinary {
                    out.push(&format!("{stem}{at}"), &CardValue::Float(value), "")?;
                }
            }
        }
        if let Some(zero) = column.zero {
            out.push(&format!("TZERO{at}"), &CardValue::Integer(zero), "")?;
        }
    }
    Ok(())
}

/// Writes HDUs one after the other.
///
/// # Examples
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
/// # let folder = tempfile::tempdir()?;
/// # let out = folder.path().join("out.fits");
/// use asdf_core::AsdfFile;
/// use asdf_core::fits::{FitsFile, FitsWriter, NewHdu};
///
/// let data = AsdfFile::open(path)?;
/// let data = data.array("roman/data")?.load()?;
/// let mut writer = FitsWriter::new(std::fs::File::create(&out)?).checksums(true);
/// writer.write(&NewHdu::image(&data)?)?;
/// writer.finish()?;
/// assert_eq!(FitsFile::open(&out)?.hdu(0)?.image()?.shape(), [64, 64]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct FitsWriter<W> {
    sink: W,
    checksums: bool,
    written: usize,
    header: Vec<u8>,
}

impl<W: Write> FitsWriter<W> {
    /// A writer without checksums.
    pub fn new(sink: W) -> Self {
        Self {
            sink,
            checksums: false,
            written: 0,
            header: Vec::new(),
        }
    }

    /// Whether `CHECKSUM` and `DATASUM` are written.
    #[must_use]
    pub fn checksums(mut self, checksums: bool) -> Self {
        self.checksums = checksums;
        self
    }

    /// Writes an HDU. The first one is the primary HDU; before a table that comes first, an
    /// empty one is written.
    ///
    /// # Errors
    /// The sink fails, or a raw header is not one of its place.
    pub fn write(&mut self, hdu: &NewHdu<'_>) -> Result<()> {
        if self.written == 0 && matches!(hdu.body, Body::Table(_)) {
            self.write_one(&NewHdu::empty())?;
        }
        self.write_one(hdu)
    }

    /// Copies an HDU of another file byte for byte, header, data and fill; a fill that is missing at the end of that
    /// file is added.
    ///
    /// # Errors
    /// Its data are cut; the sink fails; the first HDU is to be a primary one and is not, or the other way round.
    pub fn copy(&mut self, hdu: Hdu<'_>) -> Result<()> {
        let header = hdu.file().input().slice(hdu.header_span())?.to_vec();
        self.copy_under(hdu, header)
    }

    /// As [`copy`](Self::copy), with another header, which describes the same data and has its `END` and fill.
    pub(crate) fn copy_under(&mut self, hdu: Hdu<'_>, header: Vec<u8>) -> Result<()> {
        if (hdu.index() == 0) != (self.written == 0) {
            return Err(HeaderFault::Primary.into());
        }
        let data = hdu.data()?;
        let input = hdu.file().input();
        self.header = header;
        self.sink.write_all(&self.header)?;
        self.sink.write_all(data)?;
        let end = hdu.data_span().end;
        let fill = input.slice(end..hdu.end().min(input.len()))?;
        self.sink.write_all(fill)?;
        let missing = hdu.end().saturating_sub(input.len().max(end));
        let blank = if hdu.kind() == HduKind::AsciiTable {
            b' '
        } else {
            0
        };
        let missing = usize::try_from(missing).unwrap_or(0);
        self.sink.write_all(&vec![blank; missing])?;
        self.written = self.written.saturating_add(1);
        Ok(())
    }

    /// Writes an HDU that is given as all its bytes, header, data and fill; a fill that is missing is added.
    ///
    /// # Errors
    /// The bytes are not an HDU of this place, or not of its size; the sink fails.
    pub fn write_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        let wanted = if self.written == 0 {
            "SIMPLE  ="
        } else {
            "XTENSION="
        };
        if !bytes.starts_with(wanted.as_bytes()) {
            return Err(HeaderFault::BeginHere { wanted }.into());
        }
        let entry = Entry::read(bytes, 0, self.written)?;
        let (found, size) = (bytes.len() as u64, entry.data.end);
        if found < size || found > entry.end() {
            return Err(HeaderFault::HduSize { size, found }.into());
        }
        self.header = slice(bytes, 0..entry.data.start)?.to_vec();
        self.sink.write_all(bytes)?;
        let fill = usize::try_from(entry.end().saturating_sub(found)).unwrap_or(0);
        let blank = if entry.kind == HduKind::AsciiTable {
            b' '
        } else {
            0
        };
        self.sink.write_all(&vec![blank; fill])?;
        self.written = self.written.saturating_add(1);
        Ok(())
    }

    /// The header of the HDU that was written last, with `END` and its fill.
    pub fn last_header(&self) -> &[u8] {
        &self.header
    }

    /// Gives the sink back. A file without HDUs gets an empty one.
    ///
    /// # Errors
    /// The sink fails.
    pub fn finish(mut self) -> Result<W> {
        if self.written == 0 {
            self.write_one(&NewHdu::empty())?;
        }
        self.sink.flush()?;
        Ok(self.sink)
    }

    /// Brings `CHECKSUM` and `DATASUM` up to date, those that are wanted.
    fn put_sums(&self, hdu: &NewHdu<'_>, cards: &mut NewHeader) -> Result<()> {
        let there = |keyword: &str| hdu.keep_matching_cards && cards.read().get(keyword).is_some();
        let whole = self.checksums || there("CHECKSUM");
        let data = self.checksums || there("DATASUM");
        if !whole && !data {
            return Ok(());
        }
        let mut sum = Sum::default();
        hdu.each(&mut |piece| {
            sum.add(piece);
            Ok(())
        })?;
        if whole {
            cards.set_text("CHECKSUM", NO_SUM, "HDU checksum")?;
        }
        if data {
            let text = sum.value().to_string();
            cards.set_text("DATASUM", &text, "data unit checksum")?;
        }
        if whole {
            sum.add(&closed(cards));
            let encoded = checksum::encode(sum.value()).map(char::from);
            let encoded: String = encoded.iter().collect();
            cards.set_text("CHECKSUM", &encoded, "HDU checksum")?;
        }
        Ok(())
    }

    fn write_one(&mut self, hdu: &NewHdu<'_>) -> Result<()> {
        let mut cards = hdu.cards(self.written == 0)?;
        self.put_sums(hdu, &mut cards)?;
        self.header = closed(&cards);
        self.sink.write_all(&self.header)?;
        let mut size = 0_u64;
        let sink = &mut self.sink;
        hdu.each(&mut |piece| {
            size = size.saturating_add(piece.len() as u64);
            Ok(sink.write_all(piece)?)
        })?;
        let fill = size.next_multiple_of(BLOCK).saturating_sub(size);
        let fill = usize::try_from(fill).unwrap_or(0);
        self.sink.write_all(&vec![0; fill])?;
        self.written = self.written.saturating_add(1);
        Ok(())
    }
}

/// The header with `END` and the blanks after it.
fn closed(cards: &NewHeader) -> Vec<u8> {
    let mut out = cards.raw().to_vec();
    out.extend_from_slice(b"END");
    let size = out
        .len()
        .next_multiple_of(usize::try_from(BLOCK).unwrap_or(1));
    out.resize(size, b' ');
    out
}
