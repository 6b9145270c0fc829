//! Undoes byte shuffle: all first bytes of the elements, then all second bytes and so on.

use super::transpose::Vector;
use super::transpose::WIDTH;
use super::transpose::weave;

/// Elements after which the next group of lanes is taken, so that wide elements are still in cache.
const TILE: usize = 32 * WIDTH;

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
                16.. => group.write::<16>(out),
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
    fn write<const W: usize>(&mut self, out: &mut [u8]) {
        let elements = out.len() / self.type_size;
        let lanes: [&[u8]; W] = std::array::from_fn(|lane| {
            let begin = (self.column + lane) * self.count + self.start;
            &self.lanes[begin..begin + elements]
        });
        let mut strips = out.chunks_exact_mut(WIDTH * self.type_size);
        for (strip, out) in strips.by_ref().enumerate() {
            let at = strip * WIDTH;
            let vectors: [Vector; W] = std::array::from_fn(|lane| load(&lanes[lane][at..]));
            scatter(&weave(&vectors), self.type_size, self.column, out);
        }
        let done = elements - elements % WIDTH;
        for (element, out) in strips
            .into_remainder()
            .chunks_exact_mut(self.type_size)
            .enumerate()
        {
            for (lane, byte) in lanes.iter().zip(&mut out[self.column..]) {
                *byte = lane[done + element];
            }
        }
        self.column += W;
    }
}

/// The first bytes of a slice that is long enough.
#[inline(always)]
pub(super) fn load(bytes: &[u8]) -> Vector {
    let mut vector = [0; WIDTH];
    vector.copy_from_slice(&bytes[..WIDTH]);
    vector
}

/// Writes sixteen woven pieces of `W` bytes at `column` of the sixteen elements of `out`.
#[inline(always)]
pub(super) fn scatter<const W: usize>(
    woven: &[Vector; W],
    type_size: usize,
    column: usize,
    out: &mut [u8],
) {
    let pieces = woven.as_flattened();
    if type_size == W {
        out.copy_from_slice(pieces);
        return;
    }
    for (piece, element) in pieces
        .as_chunks::<W>()
        .0
        .iter()
        .zip(out.chunks_exact_mut(type_size))
    {
        element[column..column + W].copy_from_slice(piece);
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
                        .map(|i| (i * 7 + i / 256) as u8)
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
