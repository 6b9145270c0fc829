//! Numbers as keys: unsigned integers in the order of the numbers.

use super::Extreme;
use crate::array::element::Element;
use half::f16;

/// A number with an order-preserving key of [`Key::BITS`] bits.
pub(super) trait Key: Element + PartialOrd {
    /// Bits of the key.
    const BITS: u32;
    /// True when sums are exact.
    const IS_INTEGER: bool;
    /// The keys of the infinities.
    const INFINITE: &'static [u64];

    /// The key; that of NaN means nothing.
    fn key(self) -> u64;
    /// The number of a key, exactly.
    fn extreme(key: u64) -> Extreme;
    /// The number as a float: exact for all but 64-bit integers.
    fn float(self) -> f64;
    /// True for NaN.
    fn is_nan(self) -> bool;
    /// The sum of at most 2³¹ integers; 0 for floats.
    fn exact_sum(values: &[Self]) -> i128;

    /// The number of a key as a float.
    #[expect(clippy::cast_precision_loss, reason = "quantiles are floats")]
    fn value(key: u64) -> f64 {
        match Self::extreme(key) {
            Extreme::Int(value) => value as f64,
            Extreme::Float(value) => value,
        }
    }

    /// The integer of a key; 0 for floats.
    fn int(key: u64) -> i128 {
        match Self::extreme(key) {
            Extreme::Int(value) => value,
            Extreme::Float(_) => 0,
        }
    }
}

macro_rules! integer_key {
    ($type:ident, $unsigned:ident, $wide:ident, $bits:literal, $float:expr, $to:expr, $from:expr) => {
        impl Key for $type {
            const BITS: u32 = $bits;
            const IS_INTEGER: bool = true;
            const INFINITE: &'static [u64] = &[];

            #[inline]
            fn key(self) -> u64 {
                u64::from($to(self))
            }

            fn extreme(key: u64) -> Extreme {
                Extreme::Int(i128::from($from(
                    $unsigned::try_from(key).unwrap_or($unsigned::MAX),
                )))
            }

            #[inline]
            fn float(self) -> f64 {
                $float(self)
            }

            #[inline]
            fn is_nan(self) -> bool {
                false
            }

            #[inline]
            fn exact_sum(values: &[Self]) -> i128 {
                // Narrow enough to be fast, wide enough for a chunk.
                i128::from(
                    values
                        .iter()
                        .map(|value| $wide::from(*value))
                        .sum::<$wide>(),
                )
            }
        }
    };
}

#[inline]
#[expect(clippy::cast_precision_loss, reason = "a mean is a float")]
fn round_i64(value: i64) -> f64 {
    value as f64
}

#[inline]
#[expect(clippy::cast_precision_loss, reason = "a mean is a float")]
fn round_u64(value: u64) -> f64 {
    value as f64
}

// Signed numbers: the sign bit is flipped, so that negative ones come first.
integer_key!(
    i8,
    u8,
    i64,
    8,
    f64::from,
    |value: i8| value.cast_unsigned() ^ (1 << 7),
    |key: u8| (key ^ (1 << 7)).cast_signed()
);
integer_key!(
    i16,
    u16,
    i64,
    16,
    f64::from,
    |value: i16| value.cast_unsigned() ^ (1 << 15),
    |key: u16| (key ^ (1 << 15)).cast_signed()
);
integer_key!(
    i32,
    u32,
    i64,
    32,
    f64::from,
    |value: i32| value.cast_unsigned() ^ (1 << 31),
    |key: u32| (key ^ (1 << 31)).cast_signed()
);
integer_key!(
    i64,
    u64,
    i128,
    64,
    round_i64,
    |value: i64| value.cast_unsigned() ^ (1 << 63),
    |key: u64| (key ^ (1 << 63)).cast_signed()
);
integer_key!(u8, u8, i64, 8, f64::from, |value: u8| value, |key: u8| key);
integer_key!(
    u16,
    u16,
    i64,
    16,
    f64::from,
    |value: u16| value,
    |key: u16| key
);
integer_key!(
    u32,
    u32,
    i64,
    32,
    f64::from,
    |value: u32| value,
    |key: u32| key
);
integer_key!(
    u64,
    u64,
    i128,
    64,
    round_u64,
    |value: u64| value,
    |key: u64| key
);
integer_key!(
    bool,
    u8,
    i64,
    8,
    |value: bool| f64::from(u8::from(value)),
    u8::from,
    |key: u8| key
);

macro_rules! float_key {
    ($type:ident, $unsigned:ident, $bits:literal, $infinite:expr) => {
        impl Key for $type {
            const BITS: u32 = $bits;
            const IS_INTEGER: bool = false;
            const INFINITE: &'static [u64] = &$infinite;

            #[inline]
            fn key(self) -> u64 {
                let bits = self.to_bits();
                // Negative floats count backwards: all their bits are flipped.
                let flip = if bits >> ($bits - 1) == 1 {
                    $unsigned::MAX
                } else {
                    1 << ($bits - 1)
                };
                u64::from(bits ^ flip)
            }

            fn extreme(key: u64) -> Extreme {
                let key = $unsigned::try_from(key).unwrap_or($unsigned::MAX);
                let flip = if key >> ($bits - 1) == 1 {
                    1 << ($bits - 1)
                } else {
                    $unsigned::MAX
                };
                Extreme::Float(f64::from($type::from_bits(key ^ flip)))
            }

            #[inline]
            fn float(self) -> f64 {
                f64::from(self)
            }

            #[inline]
            fn is_nan(self) -> bool {
                $type::is_nan(self)
            }

            fn exact_sum(_: &[Self]) -> i128 {
                0
            }
        }
    };
}

float_key!(f16, u16, 16, [0x03ff, 0xfc00]);
float_key!(f32, u32, 32, [0x007f_ffff, 0xff80_0000]);
float_key!(f64, u64, 64, [0x000f_ffff_ffff_ffff, 0xfff0_0000_0000_0000]);

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered<T: Key + PartialEq>(values: &[T]) {
        let keys: Vec<u64> = values.iter().map(|value| value.key()).collect();
        assert!(keys.is_sorted(), "{keys:?}");
        for (value, key) in values.iter().zip(keys) {
            assert_eq!(T::value(key).to_bits(), value.float().to_bits());
        }
    }

    #[test]
    fn keys_have_the_order_of_the_numbers_and_lead_back_to_them() {
        ordered(&[
            f64::NEG_INFINITY,
            -1.5,
            -f64::MIN_POSITIVE,
            -0.0,
            0.0,
            1e-300,
            2.0,
            f64::INFINITY,
        ]);
        ordered(&[f32::MIN, -1.0, 0.0, f32::EPSILON, f32::MAX]);
        ordered(&[f16::MIN, f16::NEG_ONE, f16::ZERO, f16::MAX]);
        ordered(&[i64::MIN, -1, 0, 1, i64::MAX]);
        ordered(&[i8::MIN, -1, 0, i8::MAX]);
        ordered(&[0, u64::MAX]);
        ordered(&[false, true]);
    }
}
