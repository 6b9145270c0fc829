//! Floats as text: the shortest digits that read back, laid out as Python's `repr` does.

/// Digits that a shortest text has at most, and room for what is written around them.
const DIGITS: usize = 20;
/// Decimal exponents that are written without `e`.
const POSITIONAL: std::ops::Range<i32> = -4..16;
/// Explicit bits of a significand.
const FRACTION_BITS: u32 = f64::MANTISSA_DIGITS - 1;
/// The exponent of the last bit of a number whose exponent field is 0 or 1.
const SMALLEST: i32 = f64::MIN_EXP - f64::MANTISSA_DIGITS.cast_signed();

/// A float as Python's `repr` writes it: the shortest digits that read back, always with `.` or an
/// exponent; `nan`, `inf`, `-inf`.
pub fn float_text(value: f64) -> String {
    let mut text = String::with_capacity(24);
    push_float(value, &mut text);
    text
}

/// A single-precision number as numpy writes it: the fewest digits that read back in that precision, laid out as [`float_text`]
/// does. Of two texts equally near the one with the even digit: 2696762.2 for 2696762.25.
pub fn float32_text(value: f32) -> String {
    float_text(short_single(value))
}

/// Appends what [`float_text`] gives.
pub(crate) fn push_float(value: f64, out: &mut String) {
    if value.is_nan() {
        out.push_str("nan");
        return;
    }
    if value.is_sign_negative() {
        out.push('-');
    }
    if value.is_infinite() {
        out.push_str("inf");
        return;
    }
    Decimal::shortest(value.abs()).push(out);
}

/// A float that YAML 1.1 and 1.2 both read as one.
pub(crate) fn yaml_float(value: f64) -> String {
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let text = float_text(value);
    match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{exponent}"),
        _ => text,
    }
}

/// A float as a JSON value: a number, or `{"$float": "nan"}`.
pub fn float_json(value: f64) -> serde_json::Value {
    let text = float_text(value);
    if value.is_finite() {
        serde_json::from_str(&text).unwrap_or(serde_json::Value::Null)
    } else {
        serde_json::json!({ "$float": text })
    }
}

/// The `f64` with the fewest digits that is rounded to this `f32`.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the round trip is the test"
)]
pub(crate) fn short_single(value: f32) -> f64 {
    let wide = f64::from(value);
    if !value.is_finite() {
        return wide;
    }
    let short = zmij::Buffer::new().format_finite(value).parse();
    let short = short.unwrap_or(wide);
    // Rounding twice, to 64 and to 32 bits, may end elsewhere.
    if (short as f32).to_bits() == value.to_bits() {
        short
    } else {
        wide
    }
}

/// `d.ddd` times ten to the exponent.
struct Decimal {
    /// ASCII digits, the first of which is not 0 unless it is the only one.
    digits: [u8; DIGITS],
    length: usize,
    exponent: i32,
}

impl Decimal {
    /// The shortest digits that read back as a number that is finite and not negative. Of two equally near the even one.
    fn shortest(value: f64) -> Self {
        let shortest = Self::read(zmij::Buffer::new().format_finite(value));
        if !shortest.may_be_tie(value) {
            return shortest;
        }
        // The exact value ends in a 5 after the last digit; the standard library rounds it to the even digit.
        let digits = shortest.length.saturating_sub(1);
        let even = format!("{value:.digits$e}");
        if even.parse() == Ok(value) {
            return Self::read(&even);
        }
        shortest
    }

    /// Digits with `.` and an exponent, each where it is.
    fn read(text: &str) -> Self {
        let (number, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let mut decimal = Self {
            digits: [b'0'; DIGITS],
            length: 0,
            exponent: exponent.parse().unwrap_or(0),
        };
        let (mut is_fraction, mut whole) = (false, 0_i32);
        let mut leading = 0_i32;
        for byte in number.bytes() {
            if byte == b'.' {
                is_fraction = true;
                continue;
            }
            whole = whole.saturating_add(i32::from(!is_fraction));
            if byte == b'0' && decimal.length == 0 {
                leading = leading.saturating_add(1);
            } else if let Some(place) = decimal.digits.get_mut(decimal.length) {
                *place = byte;
                decimal.length = decimal.length.saturating_add(1);
            }
        }
        let used = decimal.digits.get(..decimal.length).unwrap_or_default();
        let zeros = used.iter().rev().take_while(|digit| **digit == b'0');
        decimal.length = decimal.length.saturating_sub(zeros.count());
        if decimal.length == 0 {
            decimal.length = 1;
            decimal.exponent = 0;
        } else {
            let first = whole.saturating_sub(leading).saturating_sub(1);
            decimal.exponent = decimal.exponent.saturating_add(first);
        }
        decimal
    }

    /// Whether the exact value may have one digit more than these: only then are two texts equally near.
    fn may_be_tie(&self, value: f64) -> bool {
        // Up to 15 digits are always exact.
        if self.length < 16 {
            return false;
        }
        let bits = value.to_bits();
        let field = i32::try_from(bits >> FRACTION_BITS & 0x7ff).unwrap_or(0);
        let hidden = u64::from(field > 0) << FRACTION_BITS;
        let significand = bits & ((1 << FRACTION_BITS) - 1) | hidden;
        let zeros = significand.trailing_zeros().cast_signed();
        let last = field.max(1).saturating_sub(1).saturating_add(SMALLEST);
        // Each bit after the point is a decimal digit after it.
        let fraction = last.saturating_add(zeros).saturating_neg();
        if fraction <= 0 {
            return true;
        }
        let exact = self.exponent.saturating_add(1).saturating_add(fraction);
        usize::try_from(exact) == Ok(self.length.saturating_add(1))
    }

    fn push(&self, out: &mut String) {
        let digits = self.digits.get(..self.length).unwrap_or_default();
        let digits = std::str::from_utf8(digits).unwrap_or_default();
        let shift = usize::try_from(self.exponent.unsigned_abs()).unwrap_or(0);
        let zeros = |out: &mut String, count: usize| out.extend(std::iter::repeat_n('0', count));
        if !POSITIONAL.contains(&self.exponent) {
            let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
            out.push_str(first);
            if !rest.is_empty() {
                out.push('.');
                out.push_str(rest);
            }
            out.push_str(if self.exponent < 0 { "e-" } else { "e+" });
            if shift < 10 {
                out.push('0');
            }
            out.push_str(&shift.to_string());
        } else if self.exponent < 0 {
            out.push_str("0.");
            zeros(out, shift.saturating_sub(1));
            out.push_str(digits);
        } else if let Some((whole, fraction)) = digits.split_at_checked(shift.saturating_add(1)) {
            out.push_str(whole);
            out.push('.');
            out.push_str(if fraction.is_empty() { "0" } else { fraction });
        } else {
            out.push_str(digits);
            zeros(out, shift.saturating_add(1).saturating_sub(self.length));
            out.push_str(".0");
        }
    }
}

#[cfg(test)]
mod tests;
