//! Numbers as keys: unsigned integers in the order of the numbers.

use super::Extreme;
use crate::array::element::Element;
use half::f16;

/// A number with an order-preserving key of [`Key::BITS`] bits.
pub(super) trait Key: Element {
    /// Bits of the key.
    const BITS: u32;

    /// The key; that of NaN means nothing.
    fn key(self) -> u64;
    /// The number of a key, exactly.
    fn extreme(key: u64) -> Extreme;
    /// The number as a float: exact for all but 64-bit integers.
    fn float(self) -> f64;
    /// The number as an integer for exact sums; `None` for floats.
    fn int(self) -> Option<i128>;

    /// The number of a key as a float.
    #[expect(clippy::cast_precision_loss, reason = "quantiles are floats")]
    fn value(key: u64) -> f64 {
        match Self::extreme(key) {
            Extreme::Int(value) => value as f64,
            Extreme::Float(value) => value,
        }
    }
}

macro_rules! integer_key {
    ($type:ident, $unsigned:ident, $bits:literal, $to:expr, $from:expr) => {
        impl Key for $type {
            const BITS: u32 = $bits;

            #[inline]
            fn key(self) -> u64 {
                u64::from($to(self))
            }

            #[expect(clippy::cast_possible_truncation, reason = "a key has no more bits than its number")]
            fn extreme(key: u64) -> Extreme {
                Extreme::Int(i128::from($from(key as $unsigned)))
            }

            #[inline]
            #[expect(clippy::cast_precision_loss, reason = "a mean is a float")]
            fn float(self) -> f64 {
                i128::from(self) as f64
            }

            #[inline]
            fn int(self) -> Option<i128> {
                Some(i128::from(self))
            }
        }
    };
}

// Signed numbers: the sign bit is flipped, so that negative ones come first.
integer_key!(i8, u8, 8, |value: i8| value.cast_unsigned() ^ (1 << 7), |key: u8| (key ^ (1 << 7)).cast_signed());
integer_key!(i16, u16, 16, |value: i16| value.cast_unsigned() ^ (1 << 15), |key: u16| (key ^ (1 << 15)).cast_signed());
integer_key!(i32, u32, 32, |value: i32| value.cast_unsigned() ^ (1 << 31), |key: u32| (key ^ (1 << 31)).cast_signed());
integer_key!(i64, u64, 64, |value: i64| value.cast_unsigned() ^ (1 << 63), |key: u64| (key ^ (1 << 63)).cast_signed());
integer_key!(u8, u8, 8, |value: u8| value, |key: u8| key);
integer_key!(u16, u16, 16, |value: u16| value, |key: u16| key);
integer_key!(u32, u32, 32, |value: u32| value, |key: u32| key);
integer_key!(u64, u64, 64, |value: u64| value, |key: u64| key);
integer_key!(bool, u8, 8, u8::from, |key: u8| key);

macro_rules! float_key {
    ($type:ident, $unsigned:ident, $bits:literal) => {
        impl Key for $type {
            const BITS: u32 = $bits;

            #[inline]
            fn key(self) -> u64 {
                let bits = self.to_bits();
                // Negative floats count backwards: all their bits are flipped.
                let flip = if bits >> ($bits - 1) == 1 { $unsigned::MAX } else { 1 << ($bits - 1) };
                u64::from(bits ^ flip)
            }

            #[expect(clippy::cast_possible_truncation, reason = "a key has no more bits than its number")]
            fn extreme(key: u64) -> Extreme {
                let key = key as $unsigned;
                let flip = if key >> ($bits - 1) == 1 { 1 << ($bits - 1) } else { $unsigned::MAX };
                Extreme::Float(f64::from($type::from_bits(key ^ flip)))
            }

            #[inline]
            fn float(self) -> f64 {
                f64::from(self)
            }

            #[inline]
            fn int(self) -> Option<i128> {
                None
            }
        }
    };
}

float_key!(f16, u16, 16);
float_key!(f32, u32, 32);
float_key!(f64, u64, 64);

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
        ordered(&[f64::NEG_INFINITY, -1.5, -f64::MIN_POSITIVE, -0.0, 0.0, 1e-300, 2.0, f64::INFINITY]);
        ordered(&[f32::MIN, -1.0, 0.0, f32::EPSILON, f32::MAX]);
        ordered(&[f16::MIN, f16::NEG_ONE, f16::ZERO, f16::MAX]);
        ordered(&[i64::MIN, -1, 0, 1, i64::MAX]);
        ordered(&[i8::MIN, -1, 0, i8::MAX]);
        ordered(&[0, u64::MAX]);
        ordered(&[false, true]);
    }
}
