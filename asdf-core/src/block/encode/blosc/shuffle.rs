//! Byte shuffle: all first bytes of the elements, then all second bytes and so on.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "positions follow from the lengths of the slices at hand, which compilers prove"
)]

/// Elements that are taken apart at once.
const STRIP: usize = 64;

/// Elements after which the next group of bytes is taken, so that wide elements are still in cache.
const TILE: usize = 8 * STRIP;

/// Writes the bytes of elements of `type_size` bytes as one lane after the other.
///
/// Both slices have the same length; what is over after the last whole element is copied.
pub(super) fn shuffle(type_size: usize, elements: &[u8], lanes: &mut [u8]) {
    let count = elements.len().checked_div(type_size).unwrap_or(0);
    if type_size < 2 || count == 0 {
        lanes.copy_from_slice(elements);
        return;
    }
    let (elements, rest) = elements.split_at(count * type_size);
    let (lanes, lanes_rest) = lanes.split_at_mut(count * type_size);
    lanes_rest.copy_from_slice(rest);
    for (tile, elements) in elements.chunks(TILE * type_size).enumerate() {
        let mut group = Group {
            lanes,
            count,
            start: tile * TILE,
            type_size,
            column: 0,
        };
        while group.column < type_size {
            match type_size - group.column {
                8.. => group.take::<8>(elements),
                4.. => group.take::<4>(elements),
                2.. => group.take::<2>(elements),
                _ => group.take::<1>(elements),
            }
        }
    }
}

/// Neighbouring lanes over a stretch of elements.
struct Group<'l> {
    /// All lanes, `count` bytes each.
    lanes: &'l mut [u8],
    count: usize,
    /// The first element.
    start: usize,
    type_size: usize,
    /// The first lane, which is also the place in the element.
    column: usize,
}

impl Group<'_> {
    /// Takes the next `W` bytes out of all `elements`, and steps over these lanes.
    #[inline]
    fn take<const W: usize>(&mut self, elements: &[u8]) {
        let mut start = self.start;
        let mut strips = elements.chunks_exact(STRIP * self.type_size);
        for strip in strips.by_ref() {
            let columns = self.columns::<W>(strip);
            for (column, lane) in self.lanes::<W>().enumerate() {
                let bytes: [u8; STRIP] = std::array::from_fn(|i| columns[i][column]);
                lane[start..start + STRIP].copy_from_slice(&bytes);
            }
            start += STRIP;
        }
        for element in strips.remainder().chunks_exact(self.type_size) {
            let bytes = &element[self.column..];
            for (lane, byte) in self.lanes::<W>().zip(bytes) {
                lane[start] = *byte;
            }
            start += 1;
        }
        self.column += W;
    }

    /// The next `W` lanes.
    #[inline]
    fn lanes<const W: usize>(&mut self) -> impl Iterator<Item = &mut [u8]> {
        let lanes = self.lanes.chunks_exact_mut(self.count);
        lanes.skip(self.column).take(W)
    }

    /// The `W` bytes of each of these elements.
    #[inline]
    fn columns<const W: usize>(&self, strip: &[u8]) -> [[u8; W]; STRIP] {
        if self.type_size == W
            && let Some(columns) = strip.as_chunks().0.first_chunk()
        {
            return *columns;
        }
        let mut columns = [[0; W]; STRIP];
        for (column, element) in columns.iter_mut().zip(strip.chunks_exact(self.type_size)) {
            column.copy_from_slice(&element[self.column..self.column + W]);
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lane_has_one_byte_of_every_element() {
        for type_size in (1..=40).chain([255]) {
            for count in [0, 1, 63, 64, 65, 129, 513, 1030] {
                for over in [0, 1, type_size - 1] {
                    let plain: Vec<u8> = (0..count * type_size + over)
                        .map(|i| u8::try_from((i * 7 + i / 256) % 256).unwrap())
                        .collect();
                    let mut expected = plain.clone();
                    for element in 0..count {
                        for byte in 0..type_size {
                            expected[byte * count + element] = plain[element * type_size + byte];
                        }
                    }
                    let mut lanes = vec![0; plain.len()];
                    shuffle(type_size, &plain, &mut lanes);
                    assert!(
                        lanes == expected,
                        "type size {type_size}, {count} elements, {over} over"
                    );
                }
            }
        }
    }
}
