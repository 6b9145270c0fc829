//! Tile-compressed images: a binary table with a tile in each row. FITS 4.0, section 10.

mod dither;
mod hcompress;
mod keywords;
mod plio;
mod rice;
mod tile;

pub(super) use keywords::image_header;
pub(super) use rice::decode as numbers_of_rice;
pub(super) use tile::unshuffled;

use super::Hdu;
use super::c_order;
use super::column::FitsColumn;
use super::header::FitsHeader;
use super::layout;
use super::scale::Scaling;
use super::table::FitsTable;
use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::array::Scalar;
use crate::array::count;
use crate::error::Error;
use crate::error::FitsFault;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Unsupported;
use crate::limits::Limit;
use crate::memory::Buffer;
use dither::Method;
use rayon::prelude::*;
use std::ops::Range;

/// Decoded bytes of the tiles that are in work at a time.
const BATCH: u64 = 64 << 20;
/// The column of masks of pixels without a value.
const MASK: &str = "NULL_PIXEL_MASK";
/// Parameters of a compression (`ZNAMEn`) that are looked through.
const PARAMETERS: u64 = 99;

/// `ZCMPTYPE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Rice,
    Gzip,
    /// The bytes of each significance together.
    GzipShuffled,
    Plio,
    Hcompress,
    Stored,
}

impl Codec {
    const ALL: [Self; 6] = [
        Self::Rice,
        Self::Gzip,
        Self::GzipShuffled,
        Self::Plio,
        Self::Hcompress,
        Self::Stored,
    ];

    /// That of a column of a compressed table (`ZCTYPn`).
    pub(super) fn of_table(name: &str) -> Option<Self> {
        let own = [Self::Rice, Self::Gzip, Self::GzipShuffled, Self::Stored];
        own.into_iter().find(|codec| codec.name() == name)
    }

    /// As the keywords have it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Rice => "RICE_1",
            Self::Gzip => "GZIP_1",
            Self::GzipShuffled => "GZIP_2",
            Self::Plio => "PLIO_1",
            Self::Hcompress => "HCOMPRESS_1",
            Self::Stored => "NOCOMPRESS",
        }
    }
}

/// A number that is the same for all tiles, or stands in a column.
#[derive(Debug)]
enum Setting<'f, T> {
    PerImage(T),
    PerTile(ArrayData<'f>),
}

/// How the tiles of an image are stored; nothing is decoded yet.
#[derive(Debug)]
pub(super) struct Tiles<'f> {
    hdu: Hdu<'f>,
    table: FitsTable<'f>,
    bitpix: i64,
    /// C order, as all that follows.
    shape: Vec<u64>,
    tile: Vec<u64>,
    /// Tiles along each axis.
    grid: Vec<u64>,
    codec: Codec,
    method: Method,
    scale: Option<Setting<'f, f64>>,
    zero: Setting<'f, f64>,
    blank: Option<Setting<'f, i64>>,
    seed: u64,
    rice_width: u64,
    rice_block: usize,
    smooth: bool,
    /// `ZMASKCMP`, where pixels without a value have a mask.
    mask: Option<Codec>,
}

impl<'f> Tiles<'f> {
    pub(super) fn new(hdu: Hdu<'f>) -> Result<Self> {
        let header = hdu.header();
        let table = FitsTable::stored(hdu)?;
        let bitpix = header
            .integer("ZBITPIX")?
            .ok_or_else(|| header.missing("ZBITPIX", "every compressed image needs it"))?;
        if ![8, 16, 32, 64, -32, -64].contains(&bitpix) {
            return Err(header.wrong("ZBITPIX", "8, 16, 32, 64, -32 or -64"));
        }
        let axes = layout::axes(&header, "ZNAXIS")?;
        let shape = c_order(&axes);
        let tile = c_order(&tile_axes(&header, &axes)?);
        let grid: Vec<u64> = shape
            .iter()
            .zip(&tile)
            .map(|(length, tile)| length.div_ceil(*tile))
            .collect();
        if count(&shape).is_none() || count(&grid) != Some(table.rows()) {
            let rows = table.rows();
            let wanted =
                format!("a tile for each of the {rows} rows (axes {shape:?}, tiles {tile:?})");
            return Err(header.wrong("ZNAXIS", &wanted));
        }
        let codec = codec(&header, "ZCMPTYPE")?;
        let (scale, zero, blank) = settings(&header, &table)?;
        let parameter = |name: &str, default| parameter(&header, name, default);
        Ok(Self {
            hdu,
            bitpix,
            shape,
            tile,
            grid,
            codec,
            method: method(&header)?,
            scale,
            zero,
            blank,
            seed: header.within("ZDITHER0", 0..=10_000, 0)?,
            rice_width: parameter("BYTEPIX", 4)?,
            rice_block: usize::try_from(parameter("BLOCKSIZE", 32)?)
                .unwrap_or(0)
                .clamp(1, 1 << 20),
            smooth: parameter("SMOOTH", 0)? != 0,
            mask: mask_codec(&header, &table)?,
            table,
        })
    }

    pub(super) fn bitpix(&self) -> i64 {
        self.bitpix
    }

    pub(super) fn shape(&self) -> &[u64] {
        &self.shape
    }

    /// What stands for no value in an image of integers without `BLANK`.
    pub(super) fn blank(&self) -> Option<i64> {
        match &self.blank {
            Some(Setting::PerImage(blank)) => Some(*blank),
            _ => None,
        }
    }

    /// `ZCMPTYPE`.
    pub(super) fn codec_name(&self) -> &'static str {
        self.codec.name()
    }

    /// Number of tiles.
    pub(super) fn count(&self) -> u64 {
        self.table.rows()
    }

    /// Where a tile lies, a range for each axis.
    pub(super) fn window(&self, tile: u64) -> Option<Vec<Range<u64>>> {
        if tile >= self.count() {
            return None;
        }
        let mut left = tile;
        let mut out = Vec::with_capacity(self.grid.len());
        let axes = self.grid.iter().zip(&self.tile).zip(&self.shape);
        for ((tiles, size), length) in axes.rev() {
            let index = left.checked_rem(*tiles)?;
            left = left.checked_div(*tiles)?;
            let start = index.checked_mul(*size)?;
            out.push(start..start.saturating_add(*size).min(*length));
        }
        out.reverse();
        Some(out)
    }

    /// A window of the image; only the tiles that it meets are decoded, on all cores.
    pub(super) fn load(
        &self,
        window: &[Range<u64>],
        shape: &[u64],
        stored: Scalar,
        scaling: Scaling,
    ) -> Result<ArrayData<'f>> {
        let result = scaling.result(stored, false);
        let pixels = count(shape).unwrap_or(u64::MAX);
        let bytes = usize::try_from(pixels.saturating_mul(result.size())).unwrap_or(usize::MAX);
        let mut out = Buffer::zeroed(bytes)?;
        if pixels > 0 {
            let tiles = self.meeting(window);
            self.check_tile(stored, result)?;
            self.check_repetition(result)?;
            let each = count(&self.tile)
                .unwrap_or(u64::MAX)
                .saturating_mul(result.size())
                .max(1);
            let batch = usize::try_from(BATCH.checked_div(each).unwrap_or(1)).unwrap_or(1);
            let batch = batch.max(rayon::current_num_threads());
            let mut tiles = tiles.peekable();
            while tiles.peek().is_some() {
                let numbers: Vec<u64> = tiles.by_ref().take(batch).collect();
                let decode = |tile: &u64| self.tile(*tile, stored, scaling);
                let decoded: Result<Vec<_>> = numbers.par_iter().map(decode).collect();
                for (place, data) in decoded? {
                    copy(&mut out, window, &data, &place, result.size());
                }
            }
        }
        let datatype = Datatype::Scalar(result);
        ArrayData::from_parts(out, 0, datatype, ByteOrder::NATIVE, shape.to_vec(), None)
    }

    /// The numbers of the tiles that a window meets, in order.
    fn meeting(&self, window: &[Range<u64>]) -> impl Iterator<Item = u64> + use<> {
        let axes = window.iter().zip(&self.tile).zip(&self.grid);
        let places = axes.map(|((range, size), tiles)| {
            let first = range.start.checked_div(*size).unwrap_or(0);
            (first..range.end.div_ceil(*size), *tiles)
        });
        let places: Vec<(Range<u64>, u64)> = places.collect();
        let mut next: Option<Vec<u64>> = Some(places.iter().map(|place| place.0.start).collect());
        std::iter::from_fn(move || {
            let index = next.take()?;
            let number = index
                .iter()
                .zip(&places)
                .fold(0_u64, |number, (index, place)| {
                    number.saturating_mul(place.1).saturating_add(*index)
                });
            next = advance(index, &places);
            Some(number)
        })
    }

    /// A tile must fit into memory as a whole.
    fn check_tile(&self, stored: Scalar, result: Scalar) -> Result<()> {
        let pixels = count(&self.tile).unwrap_or(u64::MAX);
        let needed = pixels.saturating_mul(stored.size().max(result.size()).max(4));
        let allowed = self.hdu.limits().tile_bytes;
        LimitExceeded::check("bytes of a tile", Limit::TileBytes, needed, allowed)
    }

    /// Tiles that name the same bytes of the heap again and again may be much more than what is stored.
    fn check_repetition(&self, result: Scalar) -> Result<()> {
        let allowed = self.hdu.limits().view_bytes;
        let pixels = count(&self.shape).unwrap_or(u64::MAX);
        let needed = pixels.saturating_mul(result.size());
        let Some(column) = self.column("COMPRESSED_DATA").filter(|_| needed > allowed) else {
            return Ok(());
        };
        let span = self.hdu.data_span();
        let mut left = span.end.saturating_sub(span.start);
        for row in 0..self.table.rows() {
            // What is wrong with a tile is told where it is decoded.
            let bytes = column.cell_bytes(row).map_or(0, <[u8]>::len);
            let Some(rest) = left.checked_sub(bytes as u64) else {
                let what = "bytes of an image whose tiles repeat their data";
                return Err(LimitExceeded::new(what, Limit::ViewBytes, needed, allowed).into());
            };
            left = rest;
        }
        Ok(())
    }

    /// Decodes one tile and makes its values physical.
    fn tile(
        &self,
        tile: u64,
        stored: Scalar,
        scaling: Scaling,
    ) -> Result<(Vec<Range<u64>>, Vec<u8>)> {
        let place = self.window(tile).unwrap_or_default();
        let shape: Vec<u64> = place
            .iter()
            .map(|range| range.end.saturating_sub(range.start))
            .collect();
        let bytes = self.decode(tile, &shape)?;
        let (datatype, order) = (Datatype::Scalar(stored), ByteOrder::NATIVE);
        let data = ArrayData::from_parts(bytes, 0, datatype, order, shape, None)?;
        let data = scaling.apply(data, false)?;
        Ok((place, data.packed().into_owned()))
    }

    fn column(&self, name: &str) -> Option<&FitsColumn<'f>> {
        self.table.column(name)
    }

    /// The error of a tile, at its row.
    fn damaged(&self, tile: u64, codec: &'static str, detail: impl Into<Box<str>>) -> Error {
        let detail = detail.into();
        let fault = FitsFault::Tile {
            tile,
            codec,
            detail,
        };
        let row = tile.saturating_mul(self.table.row_bytes());
        let start = self.hdu.data_span().start.saturating_add(row);
        Error::from(fault).at(start..start.saturating_add(self.table.row_bytes()))
    }
}

/// The next index within the ranges, the last axis first; `None` after the last.
fn advance(mut index: Vec<u64>, places: &[(Range<u64>, u64)]) -> Option<Vec<u64>> {
    for (at, place) in index.iter_mut().zip(places).rev() {
        *at = at.saturating_add(1);
        if *at < place.0.end {
            return Some(index);
        }
        *at = place.0.start;
    }
    None
}

/// Copies what a tile and a window have in common, row by row.
fn copy(out: &mut [u8], window: &[Range<u64>], tile: &[u8], place: &[Range<u64>], size: u64) {
    let both = window.iter().zip(place);
    let common: Vec<(Range<u64>, u64)> = both
        .map(|(window, place)| (window.start.max(place.start)..window.end.min(place.end), 0))
        .collect();
    let Some((row, outer)) = common.split_last() else {
        return;
    };
    let length = row.0.end.saturating_sub(row.0.start).saturating_mul(size);
    let mut next = Some(
        outer
            .iter()
            .map(|range| range.0.start)
            .collect::<Vec<u64>>(),
    );
    while let Some(index) = next.take() {
        let whole = index.iter().copied().chain(std::iter::once(row.0.start));
        let bytes = |ranges: &[Range<u64>]| {
            let at = offset(whole.clone(), ranges).saturating_mul(size);
            let end = at.saturating_add(length);
            usize::try_from(at).unwrap_or(usize::MAX)..usize::try_from(end).unwrap_or(usize::MAX)
        };
        if let (Some(to), Some(from)) = (out.get_mut(bytes(window)), tile.get(bytes(place))) {
            to.copy_from_slice(from);
        }
        next = if outer.is_empty() {
            None
        } else {
            advance(index, outer)
        };
    }
}

/// Elements before a position in a box of these ranges.
fn offset(index: impl Iterator<Item = u64>, ranges: &[Range<u64>]) -> u64 {
    index.zip(ranges).fold(0_u64, |offset, (index, range)| {
        let length = range.end.saturating_sub(range.start);
        let at = index.saturating_sub(range.start);
        offset.saturating_mul(length).saturating_add(at)
    })
}

/// `ZTILEn`, the fastest axis first: whole rows when they are missing (section 10.1.1).
fn tile_axes(header: &FitsHeader<'_>, axes: &[u64]) -> Result<Vec<u64>> {
    let with_number = axes.iter().zip(1_u64..);
    with_number
        .map(|(length, number)| {
            let default = if number == 1 { *length } else { 1 };
            let default = i64::try_from(default.max(1)).unwrap_or(i64::MAX);
            // A tile larger than the image is as large as the image.
            let tile = header.within(&format!("ZTILE{number}"), 1..=i64::MAX, default)?;
            Ok(tile.min((*length).max(1)))
        })
        .collect()
}

/// The codec of the mask of pixels without a value (section 10.2.2).
fn mask_codec(header: &FitsHeader<'_>, table: &FitsTable<'_>) -> Result<Option<Codec>> {
    if table.column(MASK).is_none() {
        return Ok(None);
    }
    let codec = codec(header, "ZMASKCMP")?;
    if codec == Codec::Hcompress {
        return Err(header.wrong("ZMASKCMP", "a compression without loss"));
    }
    Ok(Some(codec))
}

fn codec(header: &FitsHeader<'_>, keyword: &str) -> Result<Codec> {
    let name = header
        .text(keyword)?
        .ok_or_else(|| header.missing(keyword, "every compressed image needs it"))?;
    let name = name.trim();
    // Old files have the second name.
    let known = if name == "RICE_ONE" { "RICE_1" } else { name };
    let found = Codec::ALL.into_iter().find(|codec| codec.name() == known);
    found.ok_or_else(|| {
        let what = format!("tile compression `{}`", name.escape_debug()).into();
        let span = header
            .get(keyword)
            .map(super::FitsCard::span)
            .unwrap_or_default();
        let format = "FITS";
        Error::from(Unsupported::FormatPart { format, what }).at(span)
    })
}

/// The names of the compressions of images that are read.
pub fn tile_compressions() -> Vec<&'static str> {
    Codec::ALL.map(Codec::name).to_vec()
}

fn method(header: &FitsHeader<'_>) -> Result<Method> {
    let name = header.text("ZQUANTIZ")?;
    Ok(match name.as_deref().map(str::trim) {
        None | Some("NO_DITHER" | "NONE" | "") => Method::None,
        Some("SUBTRACTIVE_DITHER_1") => Method::Dither,
        Some("SUBTRACTIVE_DITHER_2") => Method::DitherKeepingZeros,
        Some(_) => return Err(header.wrong("ZQUANTIZ", "a method of section 10.2")),
    })
}

type Settings<'f> = (
    Option<Setting<'f, f64>>,
    Setting<'f, f64>,
    Option<Setting<'f, i64>>,
);

/// `ZSCALE`, `ZZERO` and `ZBLANK`: a column of each, or a keyword for all tiles.
fn settings<'f>(header: &FitsHeader<'_>, table: &FitsTable<'f>) -> Result<Settings<'f>> {
    let float = |name: &str| -> Result<Option<Setting<'f, f64>>> {
        match table.column(name) {
            Some(column) => Ok(Some(Setting::PerTile(column.load()?))),
            None => Ok(header.float(name)?.map(Setting::PerImage)),
        }
    };
    let blank = match table.column("ZBLANK") {
        Some(column) => Some(Setting::PerTile(column.load_stored()?)),
        None => header.integer("ZBLANK")?.map(Setting::PerImage),
    };
    let zero = float("ZZERO")?.unwrap_or(Setting::PerImage(0.0));
    Ok((float("ZSCALE")?, zero, blank))
}

/// The value of the parameter of that name (`ZNAMEn`, `ZVALn`).
fn parameter(header: &FitsHeader<'_>, name: &str, default: u64) -> Result<u64> {
    for number in 1..=PARAMETERS {
        let Some(found) = header.text(&format!("ZNAME{number}"))? else {
            return Ok(default);
        };
        if found.trim().eq_ignore_ascii_case(name) {
            let value = format!("ZVAL{number}");
            return header.within(
                &value,
                0..=i64::from(i32::MAX),
                i64::try_from(default).unwrap_or(0),
            );
        }
    }
    Ok(default)
}
