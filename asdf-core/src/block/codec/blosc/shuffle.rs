//! Undoes byte shuffle: all first bytes of the elements, then all second bytes and so on.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "positions follow from the lengths of the slices at hand, which compilers prove"
)]

use super::transpose::Elements;
use super::transpose::Join;
use super::transpose::Lane;
use super::transpose::Lanes;
use super::transpose::STRIP;

/// Elements after which the next group of lanes is taken, so that wide elements are still in cache.
const TILE: usize = 8 * STRIP;

/// Writes the elements of `type_size` bytes whose lanes stand one after the other in `lanes`.
///
/// Both slices have the same length; what is over after the last whole element is copied.
pub(super) fn unshuffle(type_size: usize, lanes: &[u8], out: &mut [u8]) {
    let count = lanes.len().checked_div(type_size).unwrap_or(0);
    if type_size < 2 || count == 0 {
        out.copy_from_slice(lanes);
        return;
    }
    let whole = count * type_size;
    let (lanes, rest) = lanes.split_at(whole);
    let (out, out_rest) = out.split_at_mut(whole);
    out_rest.copy_from_slice(rest);
    for (tile, out) in out.chunks_mut(TILE * type_size).enumerate() {
        let mut group = Group {
            lanes,
            count,
            start: tile * TILE,
            type_size,
            column: 0,
        };
        while group.column < type_size {
            match type_size - group.column {
                8.. => group.write::<8>(out),
                4.. => group.write::<4>(out),
                2.. => group.write::<2>(out),
                _ => group.write::<1>(out),
            }
        }
    }
}

/// Neighbouring lanes over a stretch of elements.
struct Group<'l> {
    /// All lanes, `count` bytes each.
    lanes: &'l [u8],
    count: usize,
    /// The first element.
    start: usize,
    type_size: usize,
    /// The first lane, which is also the place in the element.
    column: usize,
}

impl Group<'_> {
    /// Writes the next `W` bytes of every element of `out`, and steps over these lanes.
    #[inline]
    fn write<const W: usize>(&mut self, out: &mut [u8])
    where
        Lanes: Join<W>,
    {
        let elements = out.len() / self.type_size;
        let lanes: [(&[Lane], &[u8]); W] = std::array::from_fn(|lane| {
            let begin = (self.column + lane) * self.count + self.start;
            self.lanes[begin..begin + elements].as_chunks()
        });
        let (size, column) = (self.type_size, self.column);
        let mut strips = out.chunks_exact_mut(STRIP * size);
        for (strip, bytes) in strips.by_ref().enumerate() {
            Lanes::join(
                lanes.map(|lane| &lane.0[strip]),
                &mut Elements {
                    bytes,
                    size,
                    column,
                },
            );
        }
        for (at, element) in strips.into_remainder().chunks_exact_mut(size).enumerate() {
            for (lane, byte) in lanes.iter().zip(&mut element[column..]) {
                *byte = lane.1[at];
            }
        }
        self.column += W;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_gets_its_bytes_back() {
        for type_size in (1..=40).chain([255]) {
            for count in [0, 1, 7, 15, 16, 17, 100, 513, 1030] {
                for over in [0, 1, type_size - 1] {
                    let plain: Vec<u8> = (0..count * type_size + over)
                        .map(|i| u8::try_from((i * 7 + i / 256) % 256).unwrap())
                        .collect();
                    let mut lanes = plain.clone();
                    for element in 0..count {
                        for byte in 0..type_size {
                            lanes[byte * count + element] = plain[element * type_size + byte];
                        }
                    }
                    let mut out = vec![0; plain.len()];
                    unshuffle(type_size, &lanes, &mut out);
                    assert!(
                        out == plain,
                        "type size {type_size}, {count} elements, {over} over"
                    );
                }
            }
        }
    }
}
