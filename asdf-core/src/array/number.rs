//! A number from the tree on its way into an element.

use super::byte_order::ByteOrder;
use super::datatype::Scalar;
use crate::tree::Value;
use half::f16;

/// A number of the tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    /// Of 128 bits, so that both 64-bit types fit.
    Int(i128),
    Float(f64),
    Complex(f64, f64),
}

impl Number {
    /// A number, a truth value, or text that reads as a number.
    pub(crate) fn of(value: Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Bool(value) => Self::Int(i128::from(value)),
            Value::Int(value) => Self::Int(i128::from(value)),
            Value::BigInt(value) => Self::Int(value.as_str().parse().ok()?),
            Value::Float(value) => Self::Float(value),
            Value::Str(text) => {
                let text = text.trim();
                match text.parse::<i128>() {
                    Ok(value) => Self::Int(value),
                    Err(_) => Self::Float(float(text)?),
                }
            }
            _ => return None,
        })
    }

    /// A complex number in the forms of `core/complex-1.0.0`: `1+1j`, `(1+1J)`, `1+1I`, `inf-nanj`,
    /// `nan`, `2j`, `-j`.
    pub(crate) fn parse_complex(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text).trim();
        // `inf` ends in no unit, but `infi` and `nanj` do.
        let Some(body) = text.strip_suffix(['j', 'J', 'i', 'I']) else {
            return Some(Self::Complex(float(text)?, 0.0));
        };
        let split = body.char_indices().rev().find(|(at, char)| {
            matches!(char, '+' | '-') && *at > 0 && !body.get(..*at).is_some_and(|before| before.ends_with(['e', 'E']))
        });
        let (real, imaginary) = match split {
            Some((at, _)) => body.split_at_checked(at)?,
            None => ("0", body),
        };
        let imaginary = match imaginary.trim() {
            "" | "+" => 1.0,
            "-" => -1.0,
            text => float(text)?,
        };
        Some(Self::Complex(float(real.trim())?, imaginary))
    }

    /// True when an element of that datatype can hold the number, floats rounded if need be.
    pub(crate) fn fits(self, scalar: Scalar) -> bool {
        let int = match self {
            Self::Int(value) => Some(value),
            #[expect(clippy::cast_possible_truncation, reason = "only whole floats of moderate size get here")]
            Self::Float(value) if value.fract() == 0.0 && value.abs() < 1e30 => Some(value as i128),
            Self::Float(_) | Self::Complex(..) => None,
        };
        let within = |low: i128, high: i128| int.is_some_and(|value| (low..=high).contains(&value));
        match scalar {
            Scalar::Int8 => within(i8::MIN.into(), i8::MAX.into()),
            Scalar::Int16 => within(i16::MIN.into(), i16::MAX.into()),
            Scalar::Int32 => within(i32::MIN.into(), i32::MAX.into()),
            Scalar::Int64 => within(i64::MIN.into(), i64::MAX.into()),
            Scalar::Uint8 => within(0, u8::MAX.into()),
            Scalar::Uint16 => within(0, u16::MAX.into()),
            Scalar::Uint32 => within(0, u32::MAX.into()),
            Scalar::Uint64 => within(0, u64::MAX.into()),
            Scalar::Bool8 => int.is_some(),
            Scalar::Float16 | Scalar::Float32 | Scalar::Float64 => !matches!(self, Self::Complex(..)),
            Scalar::Complex64 | Scalar::Complex128 => true,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "the element is a float")]
    fn parts(self) -> (f64, f64) {
        match self {
            Self::Int(value) => (value as f64, 0.0),
            Self::Float(value) => (value, 0.0),
            Self::Complex(re, im) => (re, im),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "checked by `fits`")]
    fn int(self) -> i128 {
        match self {
            Self::Int(value) => value,
            Self::Float(value) | Self::Complex(value, _) => value as i128,
        }
    }

    /// Appends the number as an element; it must [`Number::fits`].
    #[expect(clippy::cast_possible_truncation, reason = "floats are rounded, as numpy does")]
    pub(crate) fn write(self, scalar: Scalar, order: ByteOrder, out: &mut Vec<u8>) {
        let (re, im) = self.parts();
        let size = usize::try_from(scalar.size()).unwrap_or(0);
        let start = out.len();
        match scalar {
            Scalar::Float16 => out.extend(f16::from_f64(re).to_le_bytes()),
            Scalar::Float32 => out.extend((re as f32).to_le_bytes()),
            Scalar::Float64 => out.extend(re.to_le_bytes()),
            Scalar::Complex64 => out.extend([re as f32, im as f32].iter().flat_map(|part| part.to_le_bytes())),
            Scalar::Complex128 => out.extend([re, im].iter().flat_map(|part| part.to_le_bytes())),
            Scalar::Bool8 => out.push(u8::from(self.int() != 0)),
            _ => out.extend(self.int().to_le_bytes().get(..size).unwrap_or_default()),
        }
        if order == ByteOrder::Big {
            let unit = usize::try_from(scalar.unit()).unwrap_or(1);
            out.get_mut(start..).unwrap_or_default().chunks_exact_mut(unit).for_each(<[u8]>::reverse);
        }
    }
}

/// A float as Python's `float` reads it.
fn float(text: &str) -> Option<f64> {
    let bare = text.trim_start_matches(['+', '-']);
    if bare.is_empty() || text.len().saturating_sub(bare.len()) > 1 {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complex_numbers_are_read_in_every_spelling() {
        let read = |text| match Number::parse_complex(text) {
            Some(Number::Complex(re, im)) => (re, im),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(read("1+1j"), (1.0, 1.0));
        assert_eq!(read("(1.5e-3-2E+4J)"), (1.5e-3, -2e4));
        assert_eq!(read("2i"), (0.0, 2.0));
        assert_eq!(read("-j"), (0.0, -1.0));
        assert_eq!(read("3"), (3.0, 0.0));
        assert_eq!(read("inf-infj").1, f64::NEG_INFINITY);
        assert!(read("nan").0.is_nan());
        assert!(read("1+nanj").1.is_nan());
        assert_eq!(Number::parse_complex("x"), None);
        assert_eq!(Number::parse_complex("--1j"), None);
    }

    #[test]
    fn a_number_that_does_not_fit_is_seen() {
        assert!(!Number::Int(300).fits(Scalar::Uint8));
        assert!(!Number::Float(1.5).fits(Scalar::Int32));
        assert!(Number::Int(1 << 63).fits(Scalar::Uint64));
        assert!(Number::Float(1e300).fits(Scalar::Float32));
    }
}
