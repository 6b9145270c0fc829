//! Elements that another container decodes: those of an HDU of the FITS file that carries the tree.

use super::ArrayData;
use super::shape;
use super::slice::Placement;
use crate::block::Block;
use crate::error::LimitExceeded;
use crate::error::Malformed;
use crate::error::Result;
use crate::limits::{Limit, Limits};
use std::io::Read;
use std::ops::Range;

/// Bytes decoded at a time: enough to keep all cores busy.
const BAND: u64 = 16 << 20;

/// What of an HDU an array is.
#[cfg_attr(not(feature = "fits"), expect(dead_code, reason = "for HDUs only"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum HduPart {
    /// All of it: an image, or a table as records.
    Whole,
    /// A column, from 1.
    Column(u64),
    /// Where the array of each row begins among the values of a column of variable length, and the end.
    Offsets(u64),
    /// The elements of such a column, row after row.
    Values(u64),
    /// For each element of a column, or for each value of one of variable length, whether it stands for no value.
    Mask(u64),
    /// A parameter of random groups, from 0.
    Parameter(u64),
    /// The arrays of random groups.
    Pixels,
}

/// Who decodes the HDUs of a file.
pub(crate) trait HduValues: std::fmt::Debug + Send + Sync {
    /// Physical values of an HDU in a window, a range for each axis; C order, packed.
    fn window(&self, hdu: usize, part: HduPart, window: &[Range<u64>]) -> Result<ArrayData<'_>>;

    /// Indices along an axis that are decoded together.
    fn rows_together(&self, hdu: usize, axis: usize) -> u64;

    /// An error when a checksum of an HDU does not fit its bytes.
    fn vouch(&self, hdu: usize) -> Result<()>;

    /// The name of the compression, of a compressed image.
    fn compression(&self, hdu: usize) -> Option<&'static str>;

    /// Bytes of the data as they are in the file.
    fn stored_bytes(&self, hdu: usize, part: HduPart) -> u64;
}

/// The data of an HDU.
#[derive(Debug, Clone, Copy)]
pub struct HduData<'f> {
    index: usize,
    part: HduPart,
    raw: Option<Block<'f>>,
    values: &'f dyn HduValues,
}

impl<'f> HduData<'f> {
    /// `raw` are the stored bytes where they are the elements themselves.
    #[cfg_attr(not(feature = "fits"), expect(dead_code, reason = "for HDUs only"))]
    pub(crate) fn new(
        index: usize,
        part: HduPart,
        raw: Option<Block<'f>>,
        values: &'f dyn HduValues,
    ) -> Self {
        Self {
            index,
            part,
            raw,
            values,
        }
    }

    /// What of the HDU it is.
    #[cfg(feature = "fits")]
    pub(crate) fn part_of_hdu(self) -> HduPart {
        self.part
    }

    /// Number of the HDU, from 0.
    pub fn index(self) -> usize {
        self.index
    }

    /// The name of its compression (`ZCMPTYPE`), when it is compressed.
    pub fn compression(self) -> Option<&'static str> {
        self.values.compression(self.index)
    }

    /// Bytes of its data as they are in the file.
    pub fn stored_bytes(self) -> u64 {
        self.values.stored_bytes(self.index, self.part)
    }

    /// The gate on the way of its data into an output: an error when its checksums do not fit its bytes.
    pub(super) fn vouch(self) -> Result<()> {
        self.values.vouch(self.index)
    }

    /// Who decodes it, to tell the HDUs of one file from those of another.
    #[cfg(feature = "fits")]
    pub(crate) fn owner(self) -> *const () {
        std::ptr::from_ref(self.values).cast()
    }

    /// The stored bytes, when nothing has to be decoded.
    pub(super) fn raw(self) -> Option<Block<'f>> {
        self.raw
    }

    /// Arrays of variable length may name the same bytes of the heap again and again.
    pub(super) fn check_repetition(self, needed: u64, limits: &Limits) -> Result<()> {
        match self.part {
            HduPart::Values(_) | HduPart::Mask(_) => {
                let (what, allowed) = ("bytes of a column", limits.decoded_bytes);
                LimitExceeded::check(what, Limit::DecodedBytes, needed, allowed)
            }
            _ => Ok(()),
        }
    }

    /// What a part of decoded elements of that shape needs, and where its first element is in that.
    pub(super) fn part(self, shape: &[u64], size: u64, part: &Placement) -> Result<(Vec<u8>, u64)> {
        let overflow = || Malformed::ShapeOverflow {
            shape: shape.into(),
        };
        let extent = part.extent(size).ok_or_else(overflow)?;
        if extent.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let (window, skipped) = around(shape, size, &extent);
        let bytes = self.packed(&window)?;
        let first = u64::try_from(part.first).unwrap_or(0);
        Ok((bytes, first.saturating_sub(skipped)))
    }

    fn packed(self, window: &[Range<u64>]) -> Result<Vec<u8>> {
        let data = self.values.window(self.index, self.part, window)?;
        Ok(data.packed().into_owned())
    }

    /// Indices along an axis that are decoded together.
    pub(super) fn rows_together(self, axis: usize) -> u64 {
        self.values.rows_together(self.index, axis).max(1)
    }

    /// All elements one after the other.
    pub(super) fn reader(self, shape: &[u64], size: u64) -> Bands<'f> {
        let mut axis = 0;
        let below = |axis: usize| {
            let inner = shape.get(axis.saturating_add(1)..).unwrap_or_default();
            shape::count(inner).unwrap_or(u64::MAX).saturating_mul(size)
        };
        while below(axis) > BAND && axis.saturating_add(1) < shape.len() {
            axis = axis.saturating_add(1);
        }
        let together = if axis == 0 { self.rows_together(0) } else { 1 };
        let rows = BAND.checked_div(below(axis)).unwrap_or(1).max(1);
        Bands {
            hdu: self,
            shape: shape.to_vec(),
            axis,
            rows: rows.next_multiple_of(together),
            next: Some(vec![0; axis.saturating_add(1)]),
            band: Vec::new(),
            done: 0,
        }
    }
}

/// The smallest window of whole rows (of whichever axis) that holds a range of bytes, and the bytes in front of it.
fn around(shape: &[u64], size: u64, extent: &Range<u64>) -> (Vec<Range<u64>>, u64) {
    let mut window = Vec::with_capacity(shape.len());
    let (mut start, mut end) = (extent.start, extent.end);
    let mut skipped = 0_u64;
    let mut single = true;
    for (axis, length) in shape.iter().enumerate() {
        let inner = shape.get(axis.saturating_add(1)..).unwrap_or_default();
        let row = shape::count(inner).unwrap_or(1).saturating_mul(size).max(1);
        if !single {
            window.push(0..*length);
            continue;
        }
        let (low, high) = (start.checked_div(row).unwrap_or(0), end.div_ceil(row));
        window.push(low..high.min(*length));
        let before = low.saturating_mul(row);
        skipped = skipped.saturating_add(before);
        start = start.saturating_sub(before);
        end = end.saturating_sub(before);
        single = high.saturating_sub(low) <= 1;
    }
    (window, skipped)
}

/// Reads the elements of an HDU band after band.
#[derive(Debug)]
pub(super) struct Bands<'f> {
    hdu: HduData<'f>,
    shape: Vec<u64>,
    /// The axis along which the bands lie; those before it are gone through index by index.
    axis: usize,
    /// Indices of that axis in a band.
    rows: u64,
    /// Where the next band begins, an index for each axis up to that one.
    next: Option<Vec<u64>>,
    band: Vec<u8>,
    done: usize,
}

impl Bands<'_> {
    /// The window that comes next.
    fn advance(&mut self) -> Option<Vec<Range<u64>>> {
        let mut at = self.next.take()?;
        let mut window = Vec::with_capacity(self.shape.len());
        for (axis, length) in self.shape.iter().enumerate() {
            window.push(match at.get(axis) {
                Some(start) if axis == self.axis => {
                    *start..start.saturating_add(self.rows).min(*length)
                }
                Some(index) => *index..index.saturating_add(1),
                None => 0..*length,
            });
        }
        for (axis, index) in at.iter_mut().enumerate().rev() {
            let step = if axis == self.axis { self.rows } else { 1 };
            *index = index.saturating_add(step);
            if *index < self.shape.get(axis).copied().unwrap_or(0) {
                self.next = Some(at);
                break;
            }
            *index = 0;
        }
        Some(window)
    }

    fn fill(&mut self) -> Result<()> {
        while self.done >= self.band.len() {
            let Some(window) = self.advance() else {
                return Ok(());
            };
            self.band = self.hdu.packed(&window)?;
            self.done = 0;
        }
        Ok(())
    }
}

impl Read for Bands<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.fill().map_err(std::io::Error::other)?;
        let mut rest = self.band.get(self.done..).unwrap_or_default();
        let count = rest.read(out)?;
        self.done = self.done.saturating_add(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array::{ByteOrder, Datatype, Scalar};

    #[test]
    fn the_window_goes_down_to_the_axis_that_is_cut() {
        // 4 × 3 × 5 elements of 2 bytes: a row is 10, a plane 30.
        assert_eq!(
            around(&[4, 3, 5], 2, &(60..120)),
            (vec![2..4, 0..3, 0..5], 60)
        );
        assert_eq!(
            around(&[4, 3, 5], 2, &(64..68)),
            (vec![2..3, 0..1, 2..4], 64)
        );
        assert_eq!(
            around(&[4, 3, 5], 2, &(71..85)),
            (vec![2..3, 1..3, 0..5], 70)
        );
    }

    #[cfg(feature = "fits")]
    #[test]
    fn rows_that_share_what_is_in_the_heap_are_refused_by_a_limit() {
        let header = |cards: &[&str]| {
            let mut out: Vec<u8> = cards
                .iter()
                .flat_map(|card| format!("{card:80}").into_bytes())
                .collect();
            out.resize(out.len().next_multiple_of(2880), b' ');
            out
        };
        let mut bytes = header(&["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0", "END"]);
        bytes.extend(header(&[
            "XTENSION= 'BINTABLE'",
            "BITPIX  = 8",
            "NAXIS   = 2",
            "NAXIS1  = 8",
            "NAXIS2  = 100",
            "PCOUNT  = 1000",
            "GCOUNT  = 1",
            "TFIELDS = 1",
            "TTYPE1  = 'V'",
            "TFORM1  = '1PB(1000)'",
            "END",
        ]));
        bytes.extend([1000_u32.to_be_bytes(), [0; 4]].concat().repeat(100));
        bytes.extend([1; 1000]);
        bytes.resize(bytes.len().next_multiple_of(2880), 0);
        let read = |decoded_bytes: u64| {
            let limits = Limits {
                decoded_bytes,
                ..Limits::default()
            };
            let options = crate::OpenOptions::default().limits(limits);
            let file = options.read_bytes(bytes.clone(), "x.fits").unwrap();
            let file = file.with_hdu_tree().unwrap();
            let places: Vec<_> = file
                .arrays()
                .unwrap()
                .into_iter()
                .map(|found| found.0)
                .collect();
            let arrays = places.iter().map(|path| file.array(path.clone()).unwrap());
            let values: Vec<_> = arrays.filter(|array| array.len() == 100_000).collect();
            assert_eq!(values.len(), 1, "{places:?}");
            let asked = [values[0].stats().map(drop), values[0].load().map(drop)];
            asked.map(|result| result.is_err_and(|error| error.is_limit()))
        };
        assert_eq!(read(100_000), [false; 2]);
        assert_eq!(read(99_999), [true; 2]);
    }

    #[test]
    fn bands_cover_every_element_once() {
        #[derive(Debug)]
        struct Counted;
        impl HduValues for Counted {
            fn window(&self, _: usize, _: HduPart, window: &[Range<u64>]) -> Result<ArrayData<'_>> {
                let [first, second, third] = window else {
                    panic!("three axes");
                };
                let mut bytes = Vec::new();
                for a in first.clone() {
                    for b in second.clone() {
                        bytes.extend(
                            third
                                .clone()
                                .map(|c| u8::try_from(a * 12 + b * 4 + c).unwrap()),
                        );
                    }
                }
                let count = bytes.len() as u64;
                let datatype = Datatype::Scalar(Scalar::Uint8);
                let order = ByteOrder::Big;
                ArrayData::from_parts(bytes, 0, datatype, order, vec![count], None)
            }

            fn rows_together(&self, _: usize, _: usize) -> u64 {
                1
            }

            fn vouch(&self, _: usize) -> Result<()> {
                Ok(())
            }

            fn compression(&self, _: usize) -> Option<&'static str> {
                None
            }

            fn stored_bytes(&self, _: usize, _: HduPart) -> u64 {
                36
            }
        }
        let shape = [3, 3, 4];
        for (axis, rows) in [(0, 2), (1, 2), (2, 3)] {
            let mut bands = HduData::new(0, HduPart::Whole, None, &Counted).reader(&shape, 1);
            (bands.axis, bands.rows) = (axis, rows);
            bands.next = Some(vec![0; axis + 1]);
            let mut found = Vec::new();
            bands.read_to_end(&mut found).unwrap();
            assert_eq!(found, (0..36).collect::<Vec<u8>>(), "along axis {axis}");
        }
    }
}
