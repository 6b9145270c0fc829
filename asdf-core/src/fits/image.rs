//! Images: shape and type from the header, pixels on demand. FITS 4.0, sections 4.4.1, 5 and 7.1.

use super::Hdu;
use super::HduKind;
use super::c_order;
use super::header::FitsHeader;
use super::scale::Scaling;
use super::tiled::Tiles;
use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::array::Scalar;
use crate::array::count;
use crate::error::Error;
use crate::error::FitsFault;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Mismatch;
use crate::error::Result;
use crate::error::Usage;
use crate::limits::Limit;
use std::ops::Range;

/// An image, compressed or not: located, nothing read yet.
#[derive(Debug)]
pub struct FitsImage<'f> {
    hdu: Hdu<'f>,
    stored: Scalar,
    shape: Vec<u64>,
    scaling: Scaling,
    tiles: Option<Tiles<'f>>,
}

impl<'f> FitsImage<'f> {
    pub(super) fn new(hdu: Hdu<'f>) -> Result<Self> {
        let tiles = match hdu.kind() {
            HduKind::Image => None,
            HduKind::CompressedImage => Some(Tiles::new(hdu)?),
            _ => return Err(hdu.wrong_kind("image")),
        };
        let header = hdu.header();
        let (bitpix, shape) = match &tiles {
            Some(tiles) => (tiles.bitpix(), tiles.shape().to_vec()),
            None => (hdu.entry.bitpix, c_order(&hdu.entry.axes)),
        };
        let mut scaling = scaling(&header, bitpix)?;
        if let (Some(tiles), None, true) = (&tiles, scaling.blank, bitpix > 0) {
            scaling.blank = tiles.blank();
        }
        // No pixel takes more than eight bytes, stored or decoded.
        let bytes = count(&shape).and_then(|count| count.checked_mul(8));
        if bytes.is_none_or(|bytes| i64::try_from(bytes).is_err()) {
            let axes = shape.iter().rev().copied().collect();
            return Err(Error::from(FitsFault::DataSize { axes, bitpix }).at(header.span()));
        }
        Ok(Self {
            hdu,
            stored: scalar(bitpix),
            shape,
            scaling,
            tiles,
        })
    }

    /// Lengths of the axes in C order, the slowest first: `NAXISn` backwards. Empty without data.
    pub fn shape(&self) -> &[u64] {
        &self.shape
    }

    /// The type that the pixels are stored in, as `BITPIX` says.
    pub fn stored_type(&self) -> Scalar {
        self.stored
    }

    /// The type of the physical values (clause F-10): unsigned by the convention of section 5.3,
    /// single precision for scaled integers of up to 16 bits, double precision for longer ones.
    pub fn physical_type(&self) -> Scalar {
        self.scaling.result(self.stored, false)
    }

    /// True when physical values differ from the stored ones.
    pub fn is_scaled(&self) -> bool {
        self.scaling != Scaling::NONE
    }

    /// True of integers of which one stands for no value (`BLANK`, `ZBLANK`), and which are not scaled otherwise.
    pub fn is_blank_integer(&self) -> bool {
        let unscaled = Scaling {
            blank: None,
            ..self.scaling
        };
        self.physical_type().is_inexact() && !unscaled.result(self.stored, false).is_inexact()
    }

    /// True when the HDU has no data at all (`NAXIS = 0`).
    pub fn is_absent(&self) -> bool {
        self.shape.is_empty()
    }

    /// The physical values: scaled, blanks as NaN. Borrowed from the file where nothing changes.
    ///
    /// # Errors
    /// The data are cut; a tile cannot be decompressed.
    pub fn load(&self) -> Result<ArrayData<'f>> {
        self.load_window(&self.whole())
    }

    /// The pixels as they are stored, big-endian and borrowed from the file; those of a
    /// compressed image decompressed.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_stored(&self) -> Result<ArrayData<'f>> {
        self.load_stored_window(&self.whole())
    }

    /// As [`FitsImage::load`], a window: a range for each axis. Only tiles that it meets are
    /// decompressed.
    ///
    /// # Errors
    /// As [`load`](Self::load); the window is outside of the image.
    pub fn load_window(&self, window: &[Range<u64>]) -> Result<ArrayData<'f>> {
        self.hdu.locate(self.window(window, self.scaling))
    }

    /// As [`FitsImage::load_stored`], a window.
    ///
    /// # Errors
    /// As [`load_window`](Self::load_window).
    pub fn load_stored_window(&self, window: &[Range<u64>]) -> Result<ArrayData<'f>> {
        self.hdu.locate(self.window(window, Scaling::NONE))
    }

    /// `ZCMPTYPE` of a compressed image.
    pub fn compression(&self) -> Option<&'static str> {
        self.tiles.as_ref().map(Tiles::codec_name)
    }

    /// Number of tiles of a compressed image; 0 of any other.
    pub fn tile_count(&self) -> u64 {
        self.tiles.as_ref().map_or(0, Tiles::count)
    }

    /// Where a tile of a compressed image lies, a range for each axis.
    ///
    /// # Errors
    /// The image is not compressed, or has fewer tiles.
    pub fn tile_window(&self, tile: u64) -> Result<Vec<Range<u64>>> {
        let found = self.tiles.as_ref().and_then(|tiles| tiles.window(tile));
        let missing = Mismatch::NoPart {
            what: "tile",
            asked: tile,
            count: self.tile_count(),
        };
        self.hdu.locate(found.ok_or_else(|| missing.into()))
    }

    fn whole(&self) -> Vec<Range<u64>> {
        self.shape.iter().map(|length| 0..*length).collect()
    }

    fn window(&self, window: &[Range<u64>], scaling: Scaling) -> Result<ArrayData<'f>> {
        self.check(window)?;
        let shape: Vec<u64> = window
            .iter()
            .map(|range| range.end.saturating_sub(range.start))
            .collect();
        if self.shape.is_empty() {
            return self.array(&[], 0, vec![0], None);
        }
        let size = scaling
            .result(self.stored, false)
            .size()
            .max(self.stored.size());
        let needed = shape
            .iter()
            .fold(size, |product, length| product.saturating_mul(*length));
        if let Some(tiles) = &self.tiles {
            self.limit(needed)?;
            return tiles.load(window, &shape, self.stored, scaling);
        }
        if scaling.result(self.stored, false) != self.stored || scaling != Scaling::NONE {
            self.limit(needed)?;
        }
        let (first, strides) = self.place(window);
        let bytes = self
            .hdu
            .data_part(first..self.behind(first, &shape, &strides))?;
        let data = self.array(bytes, 0, shape, Some(strides))?;
        scaling.apply(data, false)
    }

    fn limit(&self, needed: u64) -> Result<()> {
        let allowed = self.hdu.limits().decoded_bytes;
        LimitExceeded::check("bytes of an array", Limit::DecodedBytes, needed, allowed)
    }

    /// Byte of the first pixel of a window, and bytes from one pixel to the next.
    fn place(&self, window: &[Range<u64>]) -> (u64, Vec<i64>) {
        let mut stride = self.stored.size();
        let mut first = 0_u64;
        let mut strides = Vec::with_capacity(window.len());
        for (range, length) in window.iter().zip(&self.shape).rev() {
            first = first.saturating_add(range.start.saturating_mul(stride));
            strides.push(i64::try_from(stride).unwrap_or(i64::MAX));
            stride = stride.saturating_mul(*length);
        }
        strides.reverse();
        (first, strides)
    }

    /// The byte after the last pixel of a window.
    fn behind(&self, first: u64, shape: &[u64], strides: &[i64]) -> u64 {
        if shape.contains(&0) {
            return first;
        }
        let steps = shape.iter().zip(strides);
        let last = steps.fold(first, |place, (length, stride)| {
            let step = length
                .saturating_sub(1)
                .saturating_mul(stride.unsigned_abs());
            place.saturating_add(step)
        });
        last.saturating_add(self.stored.size())
    }

    fn array(
        &self,
        bytes: &'f [u8],
        first: u64,
        shape: Vec<u64>,
        strides: Option<Vec<i64>>,
    ) -> Result<ArrayData<'f>> {
        let datatype = Datatype::Scalar(self.stored);
        ArrayData::from_parts(bytes, first, datatype, ByteOrder::Big, shape, strides)
    }

    fn check(&self, window: &[Range<u64>]) -> Result<()> {
        let fits = window.len() == self.shape.len()
            && window
                .iter()
                .zip(&self.shape)
                .all(|(range, length)| range.start <= range.end && range.end <= *length);
        if fits {
            return Ok(());
        }
        let reason = format!(
            "{window:?} does not lie within an image of shape {:?}",
            self.shape
        );
        Err(Usage::Window {
            reason: reason.into(),
        }
        .into())
    }
}

/// The type of pixels (section 4.4.1.1, table 8).
pub(super) fn scalar(bitpix: i64) -> Scalar {
    match bitpix {
        8 => Scalar::Uint8,
        16 => Scalar::Int16,
        32 => Scalar::Int32,
        64 => Scalar::Int64,
        -32 => Scalar::Float32,
        _ => Scalar::Float64,
    }
}

/// BSCALE, BZERO and BLANK (section 4.4.2.5); BLANK is for integers only.
pub(super) fn scaling(header: &FitsHeader<'_>, bitpix: i64) -> Result<Scaling> {
    let blank = if bitpix > 0 {
        header.integer("BLANK")?
    } else {
        None
    };
    Ok(Scaling {
        scale: header.float("BSCALE")?.unwrap_or(1.0),
        zero: header.float("BZERO")?.unwrap_or(0.0),
        blank,
    })
}
