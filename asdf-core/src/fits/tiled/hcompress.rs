//! `HCOMPRESS_1`: a Haar transform of the tile, its coefficients as quadtrees of bit planes.
//! FITS 4.0, section 10.4.4, and White, Postman & Lattanzi (1992).

mod smooth;
mod transform;
mod tree;

use std::num::Wrapping;
use std::ops::RangeInclusive;

/// The first bytes of a stream.
const MAGIC: [u8; 2] = [0xdd, 0x99];

/// A coefficient. What a damaged stream says may overflow; it never panics.
type Number = Wrapping<i64>;

/// The coefficients of a tile as a table. Reading outside gives 0, writing outside does nothing.
#[derive(Debug)]
struct Plane {
    numbers: Vec<Number>,
    rows: usize,
    columns: usize,
}

impl Plane {
    fn new(rows: usize, columns: usize) -> Result<Self, String> {
        let count = rows.checked_mul(columns).ok_or("a tile too large")?;
        let mut numbers = Vec::new();
        numbers
            .try_reserve_exact(count)
            .map_err(|error| error.to_string())?;
        numbers.resize(count, Wrapping(0));
        Ok(Self {
            numbers,
            rows,
            columns,
        })
    }

    #[inline]
    fn at(&self, row: usize, column: usize) -> usize {
        row.wrapping_mul(self.columns).wrapping_add(column)
    }

    #[inline]
    fn get(&self, row: usize, column: usize) -> Number {
        let found = self.numbers.get(self.at(row, column));
        found.copied().unwrap_or_default()
    }

    #[inline]
    fn set(&mut self, row: usize, column: usize, number: Number) {
        let at = self.at(row, column);
        if let Some(place) = self.numbers.get_mut(at) {
            *place = number;
        }
    }
}

/// The tile's shape in its own words, and where the coefficients begin.
struct Header {
    rows: usize,
    columns: usize,
    scale: i64,
    sum: i64,
    planes: [u8; 3],
}

impl Header {
    fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let rest = bytes.strip_prefix(&MAGIC)?;
        let (rows, rest) = rest.split_first_chunk::<4>()?;
        let (columns, rest) = rest.split_first_chunk::<4>()?;
        let (scale, rest) = rest.split_first_chunk::<4>()?;
        let (sum, rest) = rest.split_first_chunk::<8>()?;
        let (planes, rest) = rest.split_first_chunk::<3>()?;
        let header = Self {
            rows: usize::try_from(i32::from_be_bytes(*rows)).ok()?,
            columns: usize::try_from(i32::from_be_bytes(*columns)).ok()?,
            scale: i32::from_be_bytes(*scale).into(),
            sum: i64::from_be_bytes(*sum),
            planes: *planes,
        };
        Some((header, rest))
    }
}

/// Levels of the transform of an axis of that length: the next power of two.
fn levels(length: usize) -> u32 {
    length.max(1).next_power_of_two().trailing_zeros()
}

/// Decodes a tile of that shape. `smooth` asks for what evens out the blocks of a lossy one, whose
/// pixels may overshoot the bounds and are brought back to them (clause F-21).
pub(super) fn decode(
    bytes: &[u8],
    rows: usize,
    columns: usize,
    smooth: bool,
    bounds: RangeInclusive<i64>,
) -> Result<Vec<i32>, String> {
    let (header, rest) = Header::read(bytes).ok_or("not an HCOMPRESS stream")?;
    if (header.rows, header.columns) != (rows, columns) {
        let (found, other) = (header.rows, header.columns);
        return Err(format!(
            "is a tile of {found} x {other}, expected {rows} x {columns}"
        ));
    }
    if header.planes.iter().any(|count| *count > 62) {
        return Err(format!(
            "has {:?} bit planes, expected at most 62",
            header.planes
        ));
    }
    let mut plane = Plane::new(rows, columns)?;
    tree::read(&mut plane, rest, header.planes).ok_or("damaged, or ends too early")?;
    plane.set(0, 0, Wrapping(header.sum));
    if header.scale > 1 {
        let scale = Wrapping(header.scale);
        plane.numbers.iter_mut().for_each(|number| *number *= scale);
    }
    let limit = if smooth { header.scale } else { 0 };
    transform::invert(&mut plane, limit)?;
    let lossy = header.scale > 1;
    let narrow = |number: Number| {
        let number = if lossy {
            number.0.clamp(*bounds.start(), *bounds.end())
        } else {
            number.0
        };
        i32::try_from(number)
    };
    let numbers: Result<Vec<i32>, _> = plane.numbers.into_iter().map(narrow).collect();
    numbers.map_err(|_error| "pixels beyond 32 bits".to_owned())
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test")]
mod tests {
    use super::*;

    const BOUNDS: RangeInclusive<i64> = -100..=100;

    /// A stream of a tile whose pixels are all the same: only the sum is left.
    fn flat(rows: u32, columns: u32, sum: i64) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(
            [
                rows.to_be_bytes(),
                columns.to_be_bytes(),
                0_u32.to_be_bytes(),
            ]
            .concat(),
        );
        out.extend(sum.to_be_bytes());
        // No bit planes, the end mark, no signs.
        out.extend([0, 0, 0, 0]);
        out
    }

    #[test]
    fn a_tile_of_equal_pixels_is_its_sum() {
        let found = decode(&flat(4, 4, 14 * 8), 4, 4, false, BOUNDS);
        assert_eq!(found.unwrap(), [14; 16]);
    }

    #[test]
    fn pixels_of_a_lossy_tile_are_brought_back_to_the_bounds() {
        let mut bytes = flat(4, 4, 500);
        if let Some(scale) = bytes.get_mut(13) {
            *scale = 2;
        }
        assert_eq!(decode(&bytes, 4, 4, false, BOUNDS).unwrap(), [100; 16]);
    }

    #[test]
    fn a_tile_of_another_shape_is_refused() {
        let error = decode(&flat(4, 4, 0), 4, 5, false, BOUNDS).unwrap_err();
        assert!(error.contains("4 x 4"), "{error}");
    }

    #[test]
    fn levels_are_those_of_the_next_power_of_two() {
        assert_eq!([1, 2, 3, 4, 5, 64, 65].map(levels), [0, 1, 2, 2, 3, 6, 7]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_an_answer(
            tail in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..100),
            planes in proptest::prelude::any::<[u8; 3]>(),
            rows in 0..9_u8, columns in 0..9_u8,
        ) {
            let mut bytes = flat(rows.into(), columns.into(), 5);
            bytes.truncate(bytes.len() - 4);
            bytes.extend(planes.map(|count| count % 70));
            bytes.extend(tail);
            let (rows, columns) = (rows.into(), columns.into());
            for smooth in [false, true] {
                if let Ok(pixels) = decode(&bytes, rows, columns, smooth, BOUNDS) {
                    proptest::prop_assert_eq!(pixels.len(), rows * columns);
                }
            }
        }
    }
}
