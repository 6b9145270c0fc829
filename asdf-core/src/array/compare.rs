//! Two arrays element by element, in bounded memory.

use super::byte_order::ByteOrder;
use super::datatype::{Datatype, Scalar};
use super::element::Element;
use super::json::scalar_text;
use super::packing::Packing;
use super::stats::Extreme;
use super::stream::piece_of;
use super::{ArrayRef, text};
use crate::error::Error;
use crate::error::Result;
use half::f16;
use num_complex::Complex;
use std::io::Read;

/// How far numbers may be apart and still count as equal: `|a - b| <= absolute + relative * |b|`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tolerance {
    /// Times the magnitude of the second number.
    pub relative: f64,
    /// In the numbers' own unit.
    pub absolute: f64,
}

impl Tolerance {
    /// True when only equal numbers are equal.
    pub fn is_exact(self) -> bool {
        self.relative <= 0.0 && self.absolute <= 0.0
    }

    /// Whether two numbers are near enough; NaN is equal to NaN alone.
    pub fn holds(self, a: f64, b: f64) -> bool {
        #[expect(clippy::float_cmp, reason = "what is equal is near enough")]
        let equal = a == b || (a.is_nan() && b.is_nan());
        // A share of infinity is infinite, and anything would be near it.
        equal || (b.is_finite() && (a - b).abs() <= self.absolute + self.relative * b.abs())
    }

    /// True for integers that are near enough; their distance is exact.
    pub fn holds_integers(self, a: i128, b: i128) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "a tolerance is a float")]
        let allowed = self.absolute + self.relative * (b as f64).abs();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a distance is whole; what is too large or no number ends at the bounds"
        )]
        let allowed = allowed as u128;
        a.abs_diff(b) <= allowed
    }
}

/// What differs between two arrays of the same shape and datatype.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ElementDifferences {
    /// Elements compared.
    pub count: u64,
    /// Elements that differ, those masked in one array alone among them.
    pub differing: u64,
    /// Elements that are masked in one array and not in the other.
    pub masks: u64,
    /// Elements that are NaN in one array and not in the other.
    pub nans: u64,
    /// The first element that differs.
    pub first: Option<ElementPair>,
    /// The elements that are furthest apart, with their distance; of records the furthest values.
    pub largest: Option<(Extreme, ElementPair)>,
}

/// The elements of both arrays at an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementPair {
    /// The index, an axis each.
    pub index: Vec<u64>,
    /// The element of the first array as text.
    pub a: String,
    /// The element of the second array as text.
    pub b: String,
    /// Whether they are integers or floats.
    pub are_numbers: bool,
}

/// What a comparison of two elements found.
#[derive(Debug, Clone, Copy, Default)]
struct Verdict {
    differs: bool,
    nan: bool,
    distance: Option<Extreme>,
}

/// True for a distance beyond another; those of integers are exact.
fn is_beyond(distance: Extreme, other: Extreme) -> bool {
    match (distance, other) {
        (Extreme::Int(a), Extreme::Int(b)) => a > b,
        (a, b) => a.to_f64() > b.to_f64(),
    }
}

impl ArrayRef<'_> {
    /// Compares the elements with those of an array of the same shape and datatype, whatever their
    /// byte order, strides and compression. Elements that are masked in both are equal.
    ///
    /// # Errors
    /// Either array cannot be read.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::array::Tolerance;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let flux = file.array("roman/data")?;
    /// let difference = flux.compare(&flux, Tolerance::default())?;
    /// assert_eq!((difference.count, difference.differing), (4096, 0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn compare(
        &self,
        other: &ArrayRef<'_>,
        tolerance: Tolerance,
    ) -> Result<ElementDifferences> {
        let masks = match (self.is_masked(), other.is_masked()) {
            (false, false) => None,
            _ => Some((mask_of(self)?, mask_of(other)?)),
        };
        let mut comparison = Comparison {
            datatype: self.datatype(),
            shape: self.shape(),
            tolerance,
            masks,
            found: ElementDifferences::default(),
        };
        self.with_packed(&[], |a| {
            other.with_packed(&[], |b| {
                let packings =
                    [self, other].map(|array| Packing::new(array.datatype(), array.byteorder()));
                comparison.streams(self.byte_len(), &packings, a, b)
            })
        })?;
        comparison.found.count = self.len();
        Ok(comparison.found)
    }
}

fn mask_of(array: &ArrayRef<'_>) -> Result<Vec<bool>> {
    Ok(array
        .load()?
        .mask()
        .map(<[bool]>::to_vec)
        .unwrap_or_default())
}

struct Comparison<'a> {
    datatype: &'a Datatype,
    shape: &'a [u64],
    tolerance: Tolerance,
    masks: Option<(Vec<bool>, Vec<bool>)>,
    found: ElementDifferences,
}

impl Comparison<'_> {
    fn streams(
        &mut self,
        size: u64,
        packings: &[Packing; 2],
        a: &mut dyn Read,
        b: &mut dyn Read,
    ) -> Result<()> {
        let [pack_a, pack_b] = packings;
        let piece = piece_of(pack_a.size);
        let (mut left, mut first) = (size, 0_u64);
        let (mut bytes_a, mut bytes_b) = (vec![0; piece], vec![0; piece]);
        while left > 0 {
            let count = usize::try_from(left).unwrap_or(usize::MAX).min(piece);
            let part_a = bytes_a.get_mut(..count).unwrap_or_default();
            let part_b = bytes_b.get_mut(..count).unwrap_or_default();
            a.read_exact(part_a).map_err(Error::from)?;
            b.read_exact(part_b).map_err(Error::from)?;
            // The same bytes are the same elements; most of what is compared is equal.
            if pack_a != pack_b || part_a != part_b || self.masks.is_some() {
                pack_a.swap(part_a);
                pack_b.swap(part_b);
                if part_a != part_b || self.masks.is_some() {
                    self.elements(pack_a.size, first, part_a, part_b);
                }
            }
            left = left.saturating_sub(count as u64);
            first = first.saturating_add((count / pack_a.size.max(1)) as u64);
        }
        Ok(())
    }

    /// Compares little-endian elements, the first of which has the number `first`.
    fn elements(&mut self, size: usize, first: u64, a: &[u8], b: &[u8]) {
        for ((a, b), number) in a.chunks_exact(size).zip(b.chunks_exact(size)).zip(first..) {
            if a == b && self.masks.is_none() {
                continue;
            }
            let verdict = match self.masked(number) {
                Some((true, true)) => continue,
                Some((false, false)) | None => element(self.datatype, a, b, self.tolerance),
                Some(_) => {
                    self.found.masks += 1;
                    Verdict {
                        differs: true,
                        ..Verdict::default()
                    }
                }
            };
            if verdict.differs {
                self.note(number, verdict, a, b);
            }
        }
    }

    fn masked(&self, number: u64) -> Option<(bool, bool)> {
        let (a, b) = self.masks.as_ref()?;
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        let at = |mask: &[bool]| mask.get(index).copied().unwrap_or(false);
        Some((at(a), at(b)))
    }

    fn note(&mut self, number: u64, verdict: Verdict, a: &[u8], b: &[u8]) {
        self.found.differing += 1;
        self.found.nans += u64::from(verdict.nan);
        let known = self.found.largest.as_ref().map(|largest| largest.0);
        let larger = verdict
            .distance
            .filter(|distance| known.is_none_or(|known| is_beyond(*distance, known)));
        if larger.is_none() && self.found.first.is_some() {
            return;
        }
        let pair = ElementPair {
            index: index_of(number, self.shape),
            a: shown(self.datatype, a),
            b: shown(self.datatype, b),
            are_numbers: is_number(self.datatype),
        };
        if let Some(distance) = larger {
            self.found.largest = Some((distance, pair.clone()));
        }
        self.found.first.get_or_insert(pair);
    }
}

/// True for integers and floats.
fn is_number(datatype: &Datatype) -> bool {
    let complex = [Scalar::Complex64, Scalar::Complex128, Scalar::Bool8];
    let scalar = datatype.scalar();
    scalar.is_some_and(|scalar| !complex.contains(&scalar))
}

/// The index of the element of that number in C order.
fn index_of(number: u64, shape: &[u64]) -> Vec<u64> {
    let mut rest = number;
    let mut index: Vec<u64> = shape
        .iter()
        .rev()
        .map(|length| {
            let at = rest.checked_rem(*length).unwrap_or(0);
            rest = rest.checked_div(*length).unwrap_or(0);
            at
        })
        .collect();
    index.reverse();
    index
}

fn element(datatype: &Datatype, a: &[u8], b: &[u8], tolerance: Tolerance) -> Verdict {
    match datatype {
        Datatype::Scalar(scalar) => number(*scalar, a, b, tolerance),
        Datatype::Ascii(_) | Datatype::Ucs4(_) => Verdict {
            differs: a != b,
            ..Verdict::default()
        },
        Datatype::Record(fields) => {
            let mut all = Verdict::default();
            let (mut rest_a, mut rest_b) = (a, b);
            for field in fields {
                let size = usize::try_from(field.datatype.size()).unwrap_or(usize::MAX);
                let count = field.shape.iter().product::<u64>();
                for _ in 0..count {
                    let (Some((one_a, behind_a)), Some((one_b, behind_b))) =
                        (rest_a.split_at_checked(size), rest_b.split_at_checked(size))
                    else {
                        return all;
                    };
                    (rest_a, rest_b) = (behind_a, behind_b);
                    let one = element(&field.datatype, one_a, one_b, tolerance);
                    all.differs |= one.differs;
                    all.nan |= one.nan;
                    all.distance = match (all.distance, one.distance) {
                        (Some(known), Some(new)) if is_beyond(new, known) => Some(new),
                        (known, new) => known.or(new),
                    };
                }
            }
            all
        }
    }
}

const LITTLE: ByteOrder = ByteOrder::Little;

fn number(scalar: Scalar, a: &[u8], b: &[u8], tolerance: Tolerance) -> Verdict {
    fn int<T: Element + Into<i128>>(a: &[u8], b: &[u8], tolerance: Tolerance) -> Verdict {
        integers(
            T::read(a, LITTLE).into(),
            T::read(b, LITTLE).into(),
            tolerance,
        )
    }
    match scalar {
        Scalar::Int8 => int::<i8>(a, b, tolerance),
        Scalar::Int16 => int::<i16>(a, b, tolerance),
        Scalar::Int32 => int::<i32>(a, b, tolerance),
        Scalar::Int64 => int::<i64>(a, b, tolerance),
        Scalar::Uint8 => int::<u8>(a, b, tolerance),
        Scalar::Uint16 => int::<u16>(a, b, tolerance),
        Scalar::Uint32 => int::<u32>(a, b, tolerance),
        Scalar::Uint64 => int::<u64>(a, b, tolerance),
        Scalar::Bool8 => Verdict {
            differs: bool::read(a, LITTLE) != bool::read(b, LITTLE),
            ..Verdict::default()
        },
        Scalar::Float16 => {
            let wide = |bytes| f16::read(bytes, LITTLE).to_f64();
            floats(wide(a), wide(b), tolerance)
        }
        Scalar::Float32 => {
            let wide = |bytes| f64::from(f32::read(bytes, LITTLE));
            floats(wide(a), wide(b), tolerance)
        }
        Scalar::Float64 => floats(f64::read(a, LITTLE), f64::read(b, LITTLE), tolerance),
        Scalar::Complex64 => {
            let wide = |bytes| {
                let value = Complex::<f32>::read(bytes, LITTLE);
                Complex::new(f64::from(value.re), f64::from(value.im))
            };
            complex(wide(a), wide(b), tolerance)
        }
        Scalar::Complex128 => {
            let read = |bytes| Complex::<f64>::read(bytes, LITTLE);
            complex(read(a), read(b), tolerance)
        }
    }
}

fn integers(a: i128, b: i128, tolerance: Tolerance) -> Verdict {
    let apart = i128::try_from(a.abs_diff(b)).unwrap_or(i128::MAX);
    Verdict {
        differs: !tolerance.holds_integers(a, b),
        nan: false,
        distance: Some(Extreme::Int(apart)),
    }
}

fn floats(a: f64, b: f64, tolerance: Tolerance) -> Verdict {
    let nan = a.is_nan() != b.is_nan();
    Verdict {
        differs: !tolerance.holds(a, b),
        nan,
        distance: (!nan)
            .then(|| (a - b).abs())
            .filter(|distance| !distance.is_nan())
            .map(Extreme::Float),
    }
}

fn complex(a: Complex<f64>, b: Complex<f64>, tolerance: Tolerance) -> Verdict {
    let nan = a.is_nan() != b.is_nan();
    let distance = (a - b).norm();
    let near = distance <= tolerance.absolute + tolerance.relative * b.norm();
    Verdict {
        differs: !(a == b || near || (a.is_nan() && b.is_nan())),
        nan,
        distance: Some(distance)
            .filter(|distance| !distance.is_nan())
            .map(Extreme::Float),
    }
}

/// A little-endian element as text.
fn shown(datatype: &Datatype, bytes: &[u8]) -> String {
    match datatype {
        Datatype::Scalar(scalar) => scalar_text(*scalar, bytes, LITTLE),
        Datatype::Ascii(_) => format!("{:?}", text::ascii(bytes)),
        Datatype::Ucs4(_) => match text::ucs4(bytes, LITTLE) {
            Ok(text) => format!("{text:?}"),
            Err(code) => format!("code point {code:#x}"),
        },
        Datatype::Record(fields) => {
            let mut rest = bytes;
            let mut parts = Vec::new();
            for field in fields {
                let size = usize::try_from(field.size()).unwrap_or(usize::MAX);
                let (own, behind) = rest.split_at_checked(size).unwrap_or((rest, &[]));
                rest = behind;
                parts.push(if field.shape.is_empty() {
                    shown(&field.datatype, own)
                } else {
                    "[…]".to_owned()
                });
            }
            format!("({})", parts.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tolerances_are_those_of_numpy() {
        let tolerance = Tolerance {
            relative: 0.1,
            absolute: 0.5,
        };
        assert!(tolerance.holds(11.5, 10.0) && !tolerance.holds(11.6, 10.0));
        assert!(Tolerance::default().holds(f64::NAN, f64::NAN));
        assert!(!Tolerance::default().holds(f64::NAN, 0.0));
        assert!(Tolerance::default().holds(f64::INFINITY, f64::INFINITY));
        // As numpy.isclose has it.
        for (a, b) in [
            (1.0, f64::INFINITY),
            (f64::INFINITY, 1.0),
            (-f64::INFINITY, f64::INFINITY),
        ] {
            assert!(!tolerance.holds(a, b), "{a} {b}");
        }
    }

    #[test]
    fn large_integers_are_compared_exactly() {
        let verdict = integers(
            i128::from(u64::MAX),
            i128::from(u64::MAX) - 1,
            Tolerance::default(),
        );
        assert!(verdict.differs);
        assert_eq!(verdict.distance, Some(Extreme::Int(1)));
        let tolerance = Tolerance {
            absolute: 9_007_199_254_740_992.0,
            ..Tolerance::default()
        };
        let apart = (1 << 53) + 1;
        assert!(integers(apart, 0, tolerance).differs);
        assert!(!integers(apart, 1, tolerance).differs);
    }

    #[test]
    fn numbers_of_elements_become_indices() {
        assert_eq!(index_of(23, &[2, 3, 4]), [1, 2, 3]);
        assert_eq!(index_of(0, &[]), [0_u64; 0]);
    }
}
