//! Loops over columns with the widest vectors that the processor has, and the functions in them: without
//! branches, so that several points are computed at once.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]
#![expect(
    clippy::inline_always,
    reason = "only what is inlined is compiled for wide vectors"
)]

use pulp::Arch;
use pulp::Simd;
use pulp::WithSimd;
use std::f64::consts::FRAC_PI_2;
use std::f64::consts::FRAC_PI_4;

/// A function of a point, marked `#[inline(always)]`: only what is inlined is compiled for wide vectors.
pub(super) trait Kernel<const I: usize, const O: usize> {
    /// The results of a point.
    fn point(&self, input: [f64; I]) -> [f64; O];
}

/// A loop, marked `#[inline(always)]` as well.
pub(super) trait Work {
    /// Runs it.
    fn run(self);
}

/// Points that are computed at a time: their numbers lie in arrays of this function alone, which the compiler
/// knows not to overlap.
const CHUNK: usize = 64;
/// Points that are computed in registers.
pub(super) const LANES: usize = 16;

/// Evaluates a function at every point of the columns.
pub(super) fn each_point<K: Kernel<I, O>, const I: usize, const O: usize>(
    kernel: &K,
    input: &[&[f64]],
    output: &mut [&mut [f64]],
) {
    let input = <[&[f64]; I]>::try_from(input);
    let output: Result<&mut [&mut [f64]; O], _> = output.try_into();
    if let (Ok(input), Ok(output)) = (input, output) {
        wide(Points {
            kernel,
            input,
            output,
        });
    }
}

/// Runs a loop with the widest vectors of this processor.
pub(super) fn wide(work: impl Work) {
    Arch::new().dispatch(Wide(work));
}

struct Wide<W>(W);

impl<W: Work> WithSimd for Wide<W> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.0.run();
    }
}

struct Points<'p, 'i, 'o, K, const I: usize, const O: usize> {
    kernel: &'p K,
    input: [&'i [f64]; I],
    output: &'p mut [&'o mut [f64]; O],
}

impl<K: Kernel<I, O>, const I: usize, const O: usize> Work for Points<'_, '_, '_, K, I, O> {
    #[inline(always)]
    #[expect(
        clippy::indexing_slicing,
        reason = "lanes are below the constant length of the columns, which the compiler sees"
    )]
    fn run(self) {
        let count = self.output.first().map_or(0, |column| column.len());
        let mut from = [[0.0; CHUNK]; I];
        let mut to = [[0.0; CHUNK]; O];
        for start in (0..count).step_by(CHUNK) {
            let length = CHUNK.min(count - start);
            let range = start..start + length;
            for (room, column) in from.iter_mut().zip(self.input) {
                if let (Some(room), Some(values)) =
                    (room.get_mut(..length), column.get(range.clone()))
                {
                    room.copy_from_slice(values);
                }
            }
            // Whole registers; what is computed beyond the end is not used.
            for lane in 0..length.next_multiple_of(8).min(CHUNK) {
                let mut point = [0.0; I];
                for (value, column) in point.iter_mut().zip(&from) {
                    *value = column[lane];
                }
                let results = self.kernel.point(point);
                for (column, result) in to.iter_mut().zip(results) {
                    column[lane] = result;
                }
            }
            for (column, room) in self.output.iter_mut().zip(&to) {
                if let (Some(values), Some(room)) =
                    (column.get_mut(range.clone()), room.get(..length))
                {
                    values.copy_from_slice(room);
                }
            }
        }
    }
}

/// Adding and subtracting it rounds to whole numbers.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// Beyond this many degrees the remainder of a right angle is not exact.
const LARGEST: f64 = 1e12;

/// Coefficients in z = r² of (sin r / r − 1) / z for r up to π/4; the error is below 1e-17.
const SINE: [f64; 7] = [
    -0.166_666_666_666_666_66,
    0.008_333_333_333_333_331,
    -0.000_198_412_698_412_650_63,
    2.755_731_921_933_731_2e-6,
    -2.505_210_623_180_282_4e-8,
    1.605_853_151_679_58e-10,
    -7.586_691_094_100_221e-13,
];

/// Coefficients in z = r² of (cos r − 1 + z/2) / z².
const COSINE: [f64; 6] = [
    0.041_666_666_666_666_664,
    -0.001_388_888_888_888_739_8,
    2.480_158_729_876_456e-5,
    -2.755_731_727_114_513e-7,
    2.087_614_614_655_619_5e-9,
    -1.138_262_364_733_215_6e-11,
];

/// Coefficients in z = t² of (atan t / t − 1) / z for t up to tan(π/8).
const ARCTANGENT: [f64; 11] = [
    -0.333_333_333_333_333_3,
    0.199_999_999_999_955_16,
    -0.142_857_142_846_656_8,
    0.111_111_110_151_870_06,
    -0.090_909_045_753_060_77,
    0.076_921_831_253_690_63,
    -0.066_645_105_254_156_03,
    0.058_581_409_041_635_196,
    -0.050_854_078_313_439_584,
    0.039_230_447_700_892_1,
    -0.019_175_404_618_131_67,
];

/// tan(π/8)
const EIGHTH: f64 = 0.414_213_562_373_095_03;

#[inline(always)]
fn series<const N: usize>(coefficients: &[f64; N], z: f64) -> f64 {
    let mut sum = 0.0;
    for coefficient in coefficients.iter().rev() {
        sum = sum * z + coefficient;
    }
    sum
}

/// Sine and cosine of an angle in degrees, to about the last digit for angles up to 1e12 degrees; NaN beyond.
#[inline(always)]
pub(super) fn sin_cos_degrees(degrees: f64) -> (f64, f64) {
    let shifted = degrees * (1.0 / 90.0) + ROUND;
    let quadrant = shifted.to_bits();
    // Whole right angles are taken off before anything is rounded.
    let rest = degrees - 90.0 * (shifted - ROUND);
    let rest = if degrees.abs() <= LARGEST {
        rest
    } else {
        f64::NAN
    };
    let r = rest.to_radians();
    let z = r * r;
    let sine = r + r * z * series(&SINE, z);
    let cosine = 1.0 - 0.5 * z + z * z * series(&COSINE, z);
    let odd = quadrant & 1 != 0;
    let (s, c) = if odd { (cosine, sine) } else { (sine, cosine) };
    let flip = |value: f64, bit: u64| f64::from_bits(value.to_bits() ^ (bit & 2) << 62);
    (flip(s, quadrant), flip(c, quadrant.wrapping_add(1)))
}

/// The angle of a vector from the x axis in degrees, from -180 to 180, as `atan2` has it.
#[inline(always)]
pub(super) fn atan2_degrees(y: f64, x: f64) -> f64 {
    let (a, b) = (x.abs(), y.abs());
    let steep = b > a;
    let (near, far) = if steep { (a, b) } else { (b, a) };
    let wide = near > EIGHTH * far;
    let above = if wide { near - far } else { near };
    let below = if wide { near + far } else { far };
    // The angle of nothing is 0.
    let below = if far == 0.0 { 1.0 } else { below };
    let t = above / below;
    let z = t * t;
    let small = t + t * z * series(&ARCTANGENT, z);
    let angle = if wide { FRAC_PI_4 + small } else { small };
    let angle = if steep { FRAC_PI_2 - angle } else { angle }.to_degrees();
    let angle = if x.is_sign_negative() {
        180.0 - angle
    } else {
        angle
    };
    // A NaN would be lost in comparisons.
    let nan = x.is_nan() | y.is_nan();
    if nan { f64::NAN } else { angle.copysign(y) }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "right angles are exact")]
mod tests {
    use super::atan2_degrees;
    use super::sin_cos_degrees;
    use proptest::prelude::*;

    #[test]
    fn right_angles_are_exact() {
        for (degrees, wanted) in [
            (0.0, (0.0, 1.0)),
            (90.0, (1.0, 0.0)),
            (180.0, (0.0, -1.0)),
            (270.0, (-1.0, 0.0)),
            (-90.0, (-1.0, 0.0)),
            (3690.0, (1.0, 0.0)),
        ] {
            assert_eq!(sin_cos_degrees(degrees), wanted, "{degrees}");
        }
        for (y, x, wanted) in [
            (0.0, 1.0, 0.0),
            (1.0, 0.0, 90.0),
            (0.0, -1.0, 180.0),
            (-0.0, -1.0, -180.0),
            (-1.0, 0.0, -90.0),
            (0.0, 0.0, 0.0),
            (1.0, 1.0, 45.0),
            (-2.0, -2.0, -135.0),
        ] {
            assert_eq!(atan2_degrees(y, x), wanted, "{y} {x}");
        }
    }

    #[test]
    fn nan_gives_nan() {
        assert!(sin_cos_degrees(f64::NAN).0.is_nan() && sin_cos_degrees(f64::INFINITY).1.is_nan());
        assert!(atan2_degrees(f64::NAN, 1.0).is_nan() && atan2_degrees(1.0, f64::NAN).is_nan());
    }

    proptest! {
        #[test]
        fn sines_are_those_of_the_library(degrees in -1e6..1e6_f64) {
            let (sine, cosine) = sin_cos_degrees(degrees);
            // Reduced as exactly as here; radians would be rounded.
            let (wanted_sine, wanted_cosine) = (degrees % 360.0).to_radians().sin_cos();
            prop_assert!((sine - wanted_sine).abs() < 2e-15);
            prop_assert!((cosine - wanted_cosine).abs() < 2e-15);
        }

        #[test]
        fn small_sines_are_right_to_the_last_digits(degrees in -45.0..45.0_f64) {
            let (sine, cosine) = sin_cos_degrees(degrees);
            let (wanted_sine, wanted_cosine) = degrees.to_radians().sin_cos();
            prop_assert!((sine - wanted_sine).abs() <= 4e-16 * wanted_sine.abs());
            prop_assert!((cosine - wanted_cosine).abs() <= 4e-16);
        }

        #[test]
        fn angles_are_those_of_the_library(y in -10.0..10.0_f64, x in -10.0..10.0_f64, scale in -12..12_i32) {
            let y = y * 10_f64.powi(scale);
            let wanted = y.atan2(x).to_degrees();
            prop_assert!((atan2_degrees(y, x) - wanted).abs() <= 6e-16 * wanted.abs());
        }
    }
}
