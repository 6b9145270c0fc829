//! Loaded elements one after the other, however they lie: walked in C order, and read as a stream.

use super::data::ArrayData;
use super::native::pick;
use super::shape::Rows;
use std::io::{self, Read};

/// Bytes that are put together at a time.
const PIECE: usize = 1 << 20;
/// Elements of several rows that are taken together where a row's own lie far apart: those rows lie side by side often.
const BLOCK: usize = 64;

/// A place in elements that moves in C order.
pub(super) struct Walk {
    rows: Rows,
    first: i64,
    size: usize,
    /// Where the rest of the row begins, and its elements.
    rest: Option<(i64, usize)>,
}

impl Walk {
    /// At the first element; elements are `size` bytes long.
    pub(super) fn new(data: &ArrayData<'_>, size: usize) -> Self {
        Self {
            rows: Rows::new(&data.shape, &data.strides, size as u64),
            first: i64::try_from(data.first).unwrap_or(i64::MAX),
            size,
            rest: None,
        }
    }

    /// Replaces `out` by the next elements, about a megabyte, at least one; by none at the end.
    pub(super) fn next_piece(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        out.clear();
        let room = PIECE.checked_div(self.size).unwrap_or(0).max(1);
        let length = usize::try_from(self.rows.length).unwrap_or(usize::MAX);
        let mut runs: Vec<(i64, usize)> = Vec::new();
        let mut taken = 0_usize;
        while self.size > 0 && taken < room {
            let next = self.rest.take().or_else(|| {
                let row = self.rows.next()?;
                Some((self.first.wrapping_add(row), length))
            });
            let Some((at, left)) = next else { break };
            let own = left.min(room.saturating_sub(taken));
            runs.push((at, own));
            taken = taken.saturating_add(own);
            if own < left {
                let steps = i64::try_from(own).unwrap_or(i64::MAX);
                let at = at.wrapping_add(self.rows.stride.wrapping_mul(steps));
                self.rest = Some((at, left.saturating_sub(own)));
            }
        }
        self.copy(bytes, &runs, out);
    }

    fn copy(&self, bytes: &[u8], runs: &[(i64, usize)], out: &mut Vec<u8>) {
        let (size, stride) = (self.size, self.rows.stride);
        if i64::try_from(size) == Ok(stride) || self.rows.length <= 1 {
            for (at, count) in runs {
                let start = usize::try_from(*at).unwrap_or(usize::MAX);
                let end = start.saturating_add(count.saturating_mul(size));
                out.extend_from_slice(bytes.get(start..end).unwrap_or_default());
            }
            return;
        }
        let total = runs.iter().map(|run| run.1.saturating_mul(size)).sum();
        out.resize(total, 0);
        let mut places: Vec<(i64, &mut [u8])> = Vec::with_capacity(runs.len());
        let mut behind = out.as_mut_slice();
        for (at, count) in runs {
            let (own, others) = behind.split_at_mut(count.saturating_mul(size).min(behind.len()));
            behind = others;
            places.push((*at, own));
        }
        // Elements that lie apart cost a line of memory each, which the next rows have a part in.
        let together = if stride.unsigned_abs() < BLOCK as u64 {
            usize::MAX
        } else {
            BLOCK
        };
        let width = together.saturating_mul(size);
        let reach = stride.wrapping_mul(i64::try_from(together).unwrap_or(i64::MAX));
        while !places.is_empty() {
            for (at, place) in &mut places {
                let whole = std::mem::take(place);
                let (own, others) = whole.split_at_mut(width.min(whole.len()));
                pick(bytes, *at, stride, size, own);
                *at = at.wrapping_add(reach);
                *place = others;
            }
            places.retain(|place| !place.1.is_empty());
        }
    }
}

/// The elements in C order as a stream, each number in the byte order that the array has it in.
pub(super) struct PackedReader<'f> {
    data: ArrayData<'f>,
    walk: Walk,
    piece: Vec<u8>,
    at: usize,
}

impl<'f> PackedReader<'f> {
    pub(super) fn new(data: ArrayData<'f>) -> Self {
        let size = usize::try_from(data.datatype.size()).unwrap_or(usize::MAX);
        Self {
            walk: Walk::new(&data, size),
            data,
            piece: Vec::new(),
            at: 0,
        }
    }
}

impl Read for PackedReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.piece.len() {
            self.walk.next_piece(&self.data.bytes, &mut self.piece);
            self.at = 0;
        }
        let mut rest = self.piece.get(self.at..).unwrap_or_default();
        let count = rest.read(out)?;
        self.at = self.at.saturating_add(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::super::byte_order::ByteOrder;
    use super::super::datatype::{Datatype, Scalar};
    use super::*;

    #[test]
    fn elements_of_any_strides_come_in_c_order() {
        let cases: [(&[u64], &[i64], u64); 6] = [
            (&[300, 1000], &[4000, 4], 0),
            (&[1000, 300], &[4, 4000], 0),
            (&[300, 1000], &[-4000, -4], 1_199_996),
            (&[600_000], &[-4], 2_399_996),
            (&[70, 3, 999], &[4, 400, 1200], 0),
            (&[3, 0], &[4, 4], 0),
        ];
        for (shape, strides, first) in cases {
            let bytes: Vec<u8> = (0..600_000_u32).flat_map(u32::to_le_bytes).collect();
            let datatype = Datatype::Scalar(Scalar::Uint32);
            let order = ByteOrder::Little;
            let flat = ArrayData::from_parts(bytes, 0, datatype, order, vec![600_000], None);
            let data = ArrayData {
                first,
                shape: shape.to_vec(),
                strides: strides.to_vec(),
                ..flat.unwrap()
            };
            let wanted = data.view::<u32>().unwrap().iter();
            let wanted: Vec<u8> = wanted.flat_map(u32::to_le_bytes).collect();
            assert!(data.to_le_bytes() == wanted, "{shape:?} {strides:?}");
            let mut found = Vec::new();
            PackedReader::new(data).read_to_end(&mut found).unwrap();
            assert!(found == wanted, "{shape:?} {strides:?}");
        }
    }
}
