//! Elements byte by byte: which bytes of an element are swapped to change their order.

use super::byte_order::ByteOrder;
use super::datatype::Datatype;

/// Units of equal size one after the other within an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    offset: usize,
    unit: usize,
    count: usize,
}

/// The layout of one element, reduced to what swapping needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Packing {
    /// Bytes of an element.
    pub(crate) size: usize,
    /// The runs that are in the other order.
    swapped: Vec<Run>,
}

impl Packing {
    /// What makes elements little-endian.
    pub(crate) fn new(datatype: &Datatype, order: ByteOrder) -> Self {
        Self::toward(datatype, order, ByteOrder::Little)
    }

    /// What brings all numbers of elements into one order.
    pub(super) fn toward(datatype: &Datatype, order: ByteOrder, wanted: ByteOrder) -> Self {
        let mut swapped = Vec::new();
        let size = collect(datatype, order, wanted, 0, &mut swapped);
        Self { size, swapped }
    }

    /// Brings whole elements into the wanted order, in place.
    pub(crate) fn swap(&self, bytes: &mut [u8]) {
        if let [
            Run {
                offset: 0,
                unit,
                count,
            },
        ] = self.swapped.as_slice()
            && unit * count == self.size
        {
            return swap_units(bytes, *unit);
        }
        if self.swapped.is_empty() || self.size == 0 {
            return;
        }
        for element in bytes.chunks_exact_mut(self.size) {
            for run in &self.swapped {
                let range = run.offset
                    ..run
                        .offset
                        .saturating_add(run.unit.saturating_mul(run.count));
                swap_units(element.get_mut(range).unwrap_or_default(), run.unit);
            }
        }
    }

    /// True when elements are in the wanted order as they are.
    pub(crate) fn is_done(&self) -> bool {
        self.swapped.is_empty()
    }
}

/// Adds the runs of a datatype that are in another order than the wanted one, and gives the offset after it.
fn collect(
    datatype: &Datatype,
    order: ByteOrder,
    wanted: ByteOrder,
    at: usize,
    out: &mut Vec<Run>,
) -> usize {
    let size = usize::try_from(datatype.size()).unwrap_or(usize::MAX);
    let unit = match datatype {
        Datatype::Scalar(scalar) => usize::try_from(scalar.unit()).unwrap_or(1),
        Datatype::Ascii(_) => 1,
        Datatype::Ucs4(_) => 4,
        Datatype::Record(fields) => {
            let mut at = at;
            for field in fields {
                let count: u64 = field
                    .shape
                    .iter()
                    .fold(1, |product, length| product.saturating_mul(*length));
                let first = out.len();
                let one =
                    collect(&field.datatype, field.byteorder, wanted, at, out).saturating_sub(at);
                let runs: Vec<Run> = out.get(first..).unwrap_or_default().to_vec();
                if count == 0 {
                    out.truncate(first);
                }
                repeat(&runs, one, count, out);
                at = at.saturating_add(usize::try_from(field.size()).unwrap_or(usize::MAX));
            }
            return at;
        }
    };
    if order != wanted && unit > 1 && size > 0 {
        out.push(Run {
            offset: at,
            unit,
            count: size / unit,
        });
    }
    at.saturating_add(size)
}

/// The same runs for the further elements of a sub-array; one run that fills its element just grows.
fn repeat(runs: &[Run], size: usize, count: u64, out: &mut Vec<Run>) {
    if let ([run], Some(last)) = (runs, out.last_mut())
        && run.unit.saturating_mul(run.count) == size
        && count > 0
    {
        last.count = run
            .count
            .saturating_mul(usize::try_from(count).unwrap_or(usize::MAX));
        return;
    }
    for index in 1..count {
        let shift = usize::try_from(index)
            .unwrap_or(usize::MAX)
            .saturating_mul(size);
        out.extend(runs.iter().map(|run| Run {
            offset: run.offset.saturating_add(shift),
            ..*run
        }));
    }
}

/// Reverses the bytes of each unit.
fn swap_units(bytes: &mut [u8], unit: usize) {
    match unit {
        2 => swap_arrays::<2>(bytes),
        4 => swap_arrays::<4>(bytes),
        8 => swap_arrays::<8>(bytes),
        _ => {}
    }
}

fn swap_arrays<const N: usize>(bytes: &mut [u8]) {
    for unit in bytes.as_chunks_mut::<N>().0 {
        unit.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array::datatype::{Field, Scalar};

    #[test]
    fn only_big_endian_fields_of_a_record_are_swapped() {
        let field = |datatype, byteorder, shape: &[u64]| Field {
            name: None,
            datatype,
            byteorder,
            shape: shape.to_vec(),
            null: None,
        };
        let inner = Datatype::Record(vec![
            field(Datatype::Scalar(Scalar::Uint8), ByteOrder::Big, &[]),
            field(Datatype::Scalar(Scalar::Int16), ByteOrder::Big, &[]),
        ]);
        let record = Datatype::Record(vec![
            field(Datatype::Scalar(Scalar::Int16), ByteOrder::Little, &[]),
            field(inner, ByteOrder::Big, &[2]),
            field(Datatype::Scalar(Scalar::Complex64), ByteOrder::Big, &[]),
        ]);
        let packing = Packing::new(&record, ByteOrder::Little);
        let mut bytes: Vec<u8> = (0..32).collect();
        packing.swap(&mut bytes);
        assert_eq!(
            bytes[..16],
            [0, 1, 2, 4, 3, 5, 7, 6, 11, 10, 9, 8, 15, 14, 13, 12]
        );
        assert_eq!(bytes[16..24], [16, 17, 18, 20, 19, 21, 23, 22]);
    }

    #[test]
    fn a_big_endian_array_is_swapped_whole() {
        let packing = Packing::new(&Datatype::Ucs4(2), ByteOrder::Big);
        let mut bytes: Vec<u8> = (0..8).collect();
        packing.swap(&mut bytes);
        assert_eq!(bytes, [3, 2, 1, 0, 7, 6, 5, 4]);
        assert!(Packing::new(&Datatype::Ascii(9), ByteOrder::Big).is_done());
    }
}
