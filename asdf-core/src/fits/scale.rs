//! From stored numbers to physical values: BSCALE, BZERO, BLANK and their kin of tables and groups.
//! FITS 4.0, sections 4.4.2.5, 5.3 and 7.3.2; clauses F-10 to F-12.

use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::array::Element;
use crate::array::Scalar;
use crate::error::Result;
use crate::memory::Buffer;
use rayon::prelude::*;

/// Bytes of a chunk that is worth a parallel job of its own.
const JOB: usize = 1 << 18;

/// How stored numbers become physical values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scaling {
    pub(super) scale: f64,
    pub(super) zero: f64,
    /// The stored number that stands for no value.
    pub(super) blank: Option<i64>,
}

/// What has to be done with each number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    /// Nothing.
    Keep,
    /// The top bit is flipped: the offset that makes signed integers unsigned, or the other way.
    Flip,
    /// `stored × scale + zero`, in the type of the result.
    Linear,
}

impl Scaling {
    /// Values as they are stored.
    pub(super) const NONE: Self = Self {
        scale: 1.0,
        zero: 0.0,
        blank: None,
    };

    /// The type of the result and the step; `wide` asks for doubles whenever there is a scale.
    fn plan(&self, stored: Scalar, wide: bool) -> (Scalar, Step) {
        use Scalar::{Float32, Float64, Int8, Int16, Int32, Int64, Uint8, Uint16, Uint32, Uint64};
        #[expect(clippy::float_cmp, reason = "the conventions are about exact values")]
        let offset = |zero: f64| self.scale == 1.0 && self.zero == zero;
        let flipped = match stored {
            Uint8 if offset(-128.0) => Some(Int8),
            Int16 if offset(32768.0) => Some(Uint16),
            Int32 if offset(2_147_483_648.0) => Some(Uint32),
            Int64 if offset(9_223_372_036_854_775_808.0) => Some(Uint64),
            _ => None,
        };
        if let Some(result) = flipped {
            return (result, Step::Flip);
        }
        let float = matches!(stored, Float32 | Float64);
        if offset(0.0) && (float || self.blank.is_none()) {
            return (stored, Step::Keep);
        }
        let result = match stored {
            Uint8 | Int16 | Float32 if !wide => Float32,
            _ => Float64,
        };
        (result, Step::Linear)
    }

    /// The type of physical values.
    pub(super) fn result(&self, stored: Scalar, wide: bool) -> Scalar {
        self.plan(stored, wide).0
    }

    /// Physical values. Integers that stay integers keep their blanks (clause F-11).
    pub(super) fn apply<'f>(&self, data: ArrayData<'f>, wide: bool) -> Result<ArrayData<'f>> {
        let Some(stored) = data.datatype().scalar() else {
            return Ok(data);
        };
        let (result, step) = self.plan(stored, wide);
        if step == Step::Keep {
            return Ok(data);
        }
        let (shape, order) = (data.shape().to_vec(), data.byteorder());
        let bytes = self.convert(&data.packed(), stored, order, result, step)?;
        let mask = data.mask().map(<[bool]>::to_vec);
        let datatype = Datatype::Scalar(result);
        let scaled = ArrayData::from_parts(bytes, 0, datatype, ByteOrder::NATIVE, shape, None)?;
        Ok(scaled.with_mask(mask))
    }

    fn convert(
        &self,
        bytes: &[u8],
        stored: Scalar,
        order: ByteOrder,
        result: Scalar,
        step: Step,
    ) -> Result<Buffer> {
        use Scalar::{Float32, Float64, Int16, Int32, Int64, Uint8};
        match (step, stored, result) {
            (Step::Flip, ..) => flip(bytes, width(stored), order),
            (_, Uint8, Float32) => self.linear::<u8, f32>(bytes, order),
            (_, Int16, Float32) => self.linear::<i16, f32>(bytes, order),
            (_, Float32, Float32) => self.linear::<f32, f32>(bytes, order),
            (_, Uint8, _) => self.linear::<u8, f64>(bytes, order),
            (_, Int16, _) => self.linear::<i16, f64>(bytes, order),
            (_, Int32, Float64) => self.linear::<i32, f64>(bytes, order),
            (_, Int64, Float64) => self.linear::<i64, f64>(bytes, order),
            (_, Float32, _) => self.linear::<f32, f64>(bytes, order),
            (_, Float64, _) => self.linear::<f64, f64>(bytes, order),
            _ => {
                let mut out = Buffer::zeroed(bytes.len())?;
                out.copy_from_slice(bytes);
                Ok(out)
            }
        }
    }

    #[expect(clippy::float_cmp, reason = "a factor of exactly 1 is left out")]
    fn linear<S: Stored<R>, R: Physical>(&self, bytes: &[u8], order: ByteOrder) -> Result<Buffer> {
        let (scale, zero) = (R::of(self.scale), R::of(self.zero));
        let (scaled, moved) = (self.scale != 1.0, self.zero != 0.0);
        let blank = self.blank;
        mapped::<S, R>(bytes, order, |stored| {
            let number = stored.integer();
            if number.is_some() && number == blank {
                return R::of(f64::NAN);
            }
            let mut value = stored.physical();
            if scaled {
                value = value.times(scale);
            }
            if moved {
                value = value.plus(zero);
            }
            value
        })
    }
}

/// A type that numbers are stored in, and one that they become.
trait Stored<R>: Element {
    /// The value as an integer, of integers.
    fn integer(self) -> Option<i64>;
    fn physical(self) -> R;
}

/// A type of physical values.
trait Physical: Element {
    fn of(value: f64) -> Self;
    fn times(self, other: Self) -> Self;
    fn plus(self, other: Self) -> Self;
    fn put(self, out: &mut [u8]);
}

macro_rules! stored {
    ($type:ty, $result:ty, $integer:expr) => {
        impl Stored<$result> for $type {
            fn integer(self) -> Option<i64> {
                let integer: fn($type) -> Option<i64> = $integer;
                integer(self)
            }

            fn physical(self) -> $result {
                self.into()
            }
        }
    };
}

// One table of pairs: the bodies differ in the types alone.
stored!(u8, f32, |value| Some(value.into()));
stored!(u8, f64, |value| Some(value.into()));
stored!(i16, f32, |value| Some(value.into()));
stored!(i16, f64, |value| Some(value.into()));
stored!(i32, f64, |value| Some(value.into()));
stored!(f32, f32, |_| None);
stored!(f32, f64, |_| None);
stored!(f64, f64, |_| None);

impl Stored<f64> for i64 {
    fn integer(self) -> Option<i64> {
        Some(self)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "physical values of integers are floats"
    )]
    fn physical(self) -> f64 {
        self as f64
    }
}

impl Physical for f32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the result is single precision"
    )]
    fn of(value: f64) -> Self {
        value as Self
    }

    fn times(self, other: Self) -> Self {
        self * other
    }

    fn plus(self, other: Self) -> Self {
        self + other
    }

    fn put(self, out: &mut [u8]) {
        out.copy_from_slice(&self.to_ne_bytes());
    }
}

impl Physical for f64 {
    fn of(value: f64) -> Self {
        value
    }

    fn times(self, other: Self) -> Self {
        self * other
    }

    fn plus(self, other: Self) -> Self {
        self + other
    }

    fn put(self, out: &mut [u8]) {
        out.copy_from_slice(&self.to_ne_bytes());
    }
}

/// Each number through a function, on all cores.
fn mapped<S: Stored<R>, R: Physical>(
    bytes: &[u8],
    order: ByteOrder,
    each: impl Fn(S) -> R + Sync,
) -> Result<Buffer> {
    let count = bytes.len().checked_div(S::SIZE).unwrap_or(0);
    let mut out = Buffer::zeroed(count.saturating_mul(R::SIZE))?;
    let per_job = JOB.checked_div(R::SIZE).unwrap_or(1);
    out.par_chunks_mut(per_job.saturating_mul(R::SIZE))
        .zip(bytes.par_chunks(per_job.saturating_mul(S::SIZE)))
        .for_each(|(out, bytes)| {
            let places = out.chunks_exact_mut(R::SIZE);
            for (place, stored) in places.zip(bytes.chunks_exact(S::SIZE)) {
                each(S::read(stored, order)).put(place);
            }
        });
    Ok(out)
}

/// Flips the top bit of each number and makes it native.
fn flip(bytes: &[u8], width: usize, order: ByteOrder) -> Result<Buffer> {
    let mut out = Buffer::zeroed(bytes.len())?;
    let job = JOB.next_multiple_of(width);
    out.par_chunks_mut(job)
        .zip(bytes.par_chunks(job))
        .for_each(|(out, bytes)| {
            out.copy_from_slice(bytes);
            to_native(out, width, order);
            let top = if cfg!(target_endian = "big") {
                0
            } else {
                width.saturating_sub(1)
            };
            for byte in out.iter_mut().skip(top).step_by(width) {
                *byte ^= 0x80;
            }
        });
    Ok(out)
}

/// Swaps numbers in place, when their order is not this machine's.
pub(super) fn to_native(bytes: &mut [u8], width: usize, order: ByteOrder) {
    if order == ByteOrder::NATIVE || width < 2 {
        return;
    }
    match width {
        2 => swap::<2>(bytes),
        4 => swap::<4>(bytes),
        8 => swap::<8>(bytes),
        _ => bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse),
    }
}

fn swap<const N: usize>(bytes: &mut [u8]) {
    for number in bytes.chunks_exact_mut(N) {
        if let Some(number) = number.first_chunk_mut::<N>() {
            number.reverse();
        }
    }
}

/// Bytes of one number.
pub(super) fn width(scalar: Scalar) -> usize {
    usize::try_from(scalar.size()).unwrap_or(1)
}

#[cfg(test)]
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test"
)]
mod tests {
    use super::*;

    fn apply(scaling: Scaling, scalar: Scalar, bytes: &[u8], wide: bool) -> ArrayData<'_> {
        let count = bytes.len() as u64 / scalar.size();
        let data = ArrayData::from_parts(
            bytes,
            0,
            Datatype::Scalar(scalar),
            ByteOrder::Big,
            vec![count],
            None,
        );
        scaling.apply(data.unwrap(), wide).unwrap()
    }

    #[test]
    fn the_unsigned_conventions_flip_the_top_bit() {
        let scaling = |zero| Scaling {
            zero,
            ..Scaling::NONE
        };
        let found = apply(
            scaling(32768.0),
            Scalar::Int16,
            &[0x80, 0, 0, 1, 0x7f, 0xff],
            false,
        );
        assert_eq!(found.view::<u16>().unwrap().to_vec(), [0, 32769, 65535]);
        let found = apply(scaling(-128.0), Scalar::Uint8, &[0, 128, 255], false);
        assert_eq!(found.view::<i8>().unwrap().to_vec(), [-128, 0, 127]);
        let found = apply(
            scaling(9_223_372_036_854_775_808.0),
            Scalar::Int64,
            &[0xff; 8],
            false,
        );
        assert_eq!(found.view::<u64>().unwrap().to_vec(), [i64::MAX as u64]);
    }

    #[test]
    fn short_integers_become_singles_and_blanks_become_nan() {
        let scaling = Scaling {
            scale: 0.5,
            zero: 10.0,
            blank: Some(-1),
        };
        let found = apply(scaling, Scalar::Int16, &[0, 3, 0xff, 0xff], false);
        let found = found.view::<f32>().unwrap().to_vec();
        assert!((found[0] - 11.5).abs() < f32::EPSILON && found[1].is_nan());
        let blank_only = Scaling {
            blank: Some(0),
            ..Scaling::NONE
        };
        let found = apply(blank_only, Scalar::Int32, &[0, 0, 0, 0, 0, 0, 0, 7], false);
        let found = found.view::<f64>().unwrap().to_vec();
        assert!(found[0].is_nan() && (found[1] - 7.0).abs() < 1e-9);
    }

    #[test]
    fn columns_become_doubles() {
        let scaling = Scaling {
            scale: 0.1,
            zero: 5.0,
            blank: None,
        };
        assert_eq!(scaling.result(Scalar::Int16, true), Scalar::Float64);
        assert_eq!(scaling.result(Scalar::Float32, true), Scalar::Float64);
    }
}
