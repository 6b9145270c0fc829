//! Loaded arrays made ready for computing: one element after the other, numbers in this machine's order.

use super::byte_order::ByteOrder;
use super::data::ArrayData;
use super::packing::Packing;
use super::shape;
use super::shape::Rows;
use crate::error::Result;
use crate::memory::Buffer;
use rayon::prelude::*;

/// Bytes that are worth a job of their own.
const JOB: usize = 256 << 10;

impl ArrayData<'_> {
    /// The same array in C order, every number in this machine's byte order, so that
    /// [`as_slice`](crate::array::ArrayView::as_slice) gives its elements. Copies on all cores, and not at all what is like
    /// that already.
    ///
    /// # Errors
    /// There is not enough memory.
    pub fn into_native(self) -> Result<Self> {
        let packing = Packing::toward(&self.datatype, self.byteorder, ByteOrder::NATIVE);
        let rows = Rows::new(&self.shape, &self.strides, packing.size as u64);
        let is_contiguous = rows.is_contiguous(packing.size as u64);
        let byteorder = ByteOrder::NATIVE;
        let datatype = self.datatype.in_order(byteorder);
        if packing.is_done() && is_contiguous || packing.size == 0 {
            return Ok(Self {
                datatype,
                byteorder,
                ..self
            });
        }
        let mut out = Buffer::zeroed(self.len().saturating_mul(packing.size))?;
        if is_contiguous {
            let packed = self.packed();
            let job = (JOB / packing.size).max(1).saturating_mul(packing.size);
            let jobs = out.par_chunks_mut(job).zip(packed.par_chunks(job));
            jobs.for_each(|(out, bytes)| {
                out.copy_from_slice(bytes);
                packing.swap(out);
            });
        } else {
            self.gather(rows, &packing, &mut out);
        }
        let strides = shape::c_strides(&self.shape, packing.size as u64);
        Ok(Self {
            bytes: out.into(),
            first: 0,
            datatype,
            byteorder,
            strides,
            ..self
        })
    }

    /// Copies rows of elements that lie apart.
    fn gather(&self, mut rows: Rows, packing: &Packing, out: &mut [u8]) {
        let (length, stride) = (rows.length, rows.stride);
        let row_bytes = usize::try_from(length)
            .unwrap_or(usize::MAX)
            .saturating_mul(packing.size)
            .max(1);
        let first = i64::try_from(self.first).unwrap_or(i64::MAX);
        let per_job = (JOB / packing.size).max(1);
        for out in out.chunks_mut(row_bytes) {
            let row = rows.next().map_or(0, |row| first.wrapping_add(row));
            let jobs = out.par_chunks_mut(per_job.saturating_mul(packing.size));
            jobs.enumerate().for_each(|(job, out)| {
                let before = i64::try_from(job.saturating_mul(per_job)).unwrap_or(i64::MAX);
                let start = row.wrapping_add(stride.wrapping_mul(before));
                pick(&self.bytes, start, stride, packing.size, out);
                packing.swap(out);
            });
        }
    }
}

/// Copies elements of that size, so many bytes apart from one to the next, until `out` is full.
pub(super) fn pick(bytes: &[u8], start: i64, stride: i64, size: usize, out: &mut [u8]) {
    match size {
        1 => pick_sized::<1>(bytes, start, stride, out),
        2 => pick_sized::<2>(bytes, start, stride, out),
        4 => pick_sized::<4>(bytes, start, stride, out),
        8 => pick_sized::<8>(bytes, start, stride, out),
        size => pick_any(bytes, start, stride, size, out),
    }
}

fn pick_sized<const N: usize>(bytes: &[u8], mut at: i64, stride: i64, out: &mut [u8]) {
    for place in out.as_chunks_mut::<N>().0 {
        let found = usize::try_from(at).ok().and_then(|at| bytes.get(at..));
        *place = found
            .and_then(|rest| rest.first_chunk())
            .copied()
            .unwrap_or([0; N]);
        at = at.wrapping_add(stride);
    }
}

fn pick_any(bytes: &[u8], mut at: i64, stride: i64, size: usize, out: &mut [u8]) {
    for place in out.chunks_exact_mut(size.max(1)) {
        let start = usize::try_from(at).unwrap_or(usize::MAX);
        if let Some(found) = bytes.get(start..start.saturating_add(size)) {
            place.copy_from_slice(found);
        }
        at = at.wrapping_add(stride);
    }
}

#[cfg(test)]
mod tests {
    use super::super::datatype::Datatype;
    use super::super::datatype::Field;
    use super::super::datatype::Scalar;
    use super::*;

    fn numbers(count: u32, order: ByteOrder) -> Vec<u8> {
        let bytes = |value: u32| match order {
            ByteOrder::Big => value.to_be_bytes(),
            ByteOrder::Little => value.to_le_bytes(),
        };
        (0..count).flat_map(bytes).collect()
    }

    #[test]
    fn numbers_of_any_order_and_strides_become_a_slice() {
        let cases: [(&[u64], &[i64], u64); 4] = [
            (&[300, 1000], &[4000, 4], 0),
            (&[1000, 300], &[4, 4000], 0),
            (&[150_000], &[-8], 1_199_992),
            (&[3, 5, 7], &[4000, -40, 12], 200),
        ];
        for order in [ByteOrder::Big, ByteOrder::Little] {
            for (shape, strides, first) in cases {
                let bytes = numbers(300_000, order);
                let datatype = Datatype::Scalar(Scalar::Uint32);
                let flat = ArrayData::from_parts(bytes, 0, datatype, order, vec![300_000], None);
                let data = ArrayData {
                    first,
                    shape: shape.to_vec(),
                    strides: strides.to_vec(),
                    ..flat.unwrap()
                };
                let wanted: Vec<u32> = data.view::<u32>().unwrap().iter().collect();
                let native = data.into_native().unwrap();
                let view = native.view::<u32>().unwrap();
                assert_eq!(view.as_slice(), Some(&*wanted), "{shape:?} {order:?}");
            }
        }
    }

    #[test]
    fn each_field_of_a_record_is_brought_into_order() {
        let field = |name: &str, scalar, byteorder| Field {
            name: Some(name.into()),
            datatype: Datatype::Scalar(scalar),
            byteorder,
            shape: Vec::new(),
            null: None,
        };
        let datatype = Datatype::Record(vec![
            field("a", Scalar::Uint16, ByteOrder::Big),
            field("b", Scalar::Int32, ByteOrder::Little),
        ]);
        let bytes: Vec<u8> = vec![1, 2, 5, 0, 0, 0, 3, 4, 6, 0, 0, 0];
        let order = ByteOrder::Big;
        let data = ArrayData::from_parts(bytes, 0, datatype, order, vec![2], None).unwrap();
        let native = data.into_native().unwrap();
        let (a, b) = (native.field("a").unwrap(), native.field("b").unwrap());
        assert_eq!(a.view::<u16>().unwrap().to_vec(), [0x0102, 0x0304]);
        assert_eq!(b.view::<i32>().unwrap().to_vec(), [5, 6]);
        assert_eq!(a.byteorder(), ByteOrder::NATIVE);
    }
}
