//! What a node means by YAML 1.1.

use super::Timestamp;
use super::{Map, Seq};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

/// The value of a node.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value<'t> {
    /// `null`, `~`, nothing.
    Null,
    /// `true`, `yes`, `on`, …
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// An integer that does not.
    BigInt(BigInt<'t>),
    /// A float.
    Float(f64),
    /// Text.
    Str(&'t str),
    /// `2001-12-14t21:59:43.10-05:00`, `2002-12-14`
    Timestamp(Timestamp),
    /// `!!binary`, decoded.
    Binary(Vec<u8>),
    /// A list.
    Seq(Seq<'t>),
    /// A mapping.
    Map(Map<'t>),
    /// `!!set`: the keys of this mapping.
    Set(Map<'t>),
    /// `!!omap`: a list of one-pair mappings, in order.
    Omap(Seq<'t>),
    /// `!!pairs`: a list of one-pair mappings, in order, duplicates allowed.
    Pairs(Seq<'t>),
}

/// An integer beyond 64 bits as canonical decimal text: optional `-`, digits, no leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BigInt<'t>(pub(crate) Cow<'t, str>);

impl BigInt<'_> {
    /// The decimal digits, with `-` when negative.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Decodes the content of `!!binary`: base64 with white space anywhere.
pub(super) fn decode_binary(text: &str) -> Option<Vec<u8>> {
    const CONFIG: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireCanonical);
    let dense: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    GeneralPurpose::new(&alphabet::STANDARD, CONFIG)
        .decode(dense)
        .ok()
}

/// A float as Python's `repr` writes it: the shortest digits that read back, always with `.` or an
/// exponent; `nan`, `inf`, `-inf`.
pub fn float_text(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = shortest(value);
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        return positional(digits, exponent);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
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

/// The shortest digits that read back, as `d.ddde-5`. Of two equally near the even one, as in
/// Python; Rust takes the upper one.
fn shortest(value: f64) -> String {
    let text = format!("{value:e}");
    let digits = text
        .bytes()
        .take_while(|byte| *byte != b'e')
        .filter(u8::is_ascii_digit)
        .count();
    // A tie needs an exact value one digit longer, and up to 15 digits are always exact.
    if digits >= 16 {
        let even = format!("{value:.*e}", digits.saturating_sub(1));
        if even.parse() == Ok(value) {
            return even;
        }
    }
    text
}

/// `-d.ddd` times ten to the exponent, written without an exponent.
fn positional(digits: &str, exponent: i32) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let digits = digits.replace('.', "");
    let shift = usize::try_from(exponent.unsigned_abs()).unwrap_or(0);
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat(shift.saturating_sub(1)));
    }
    match digits.split_at_checked(shift.saturating_add(1)) {
        Some((whole, "")) => format!("{sign}{whole}.0"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => format!(
            "{sign}{digits}{}.0",
            "0".repeat(shift.saturating_add(1).saturating_sub(digits.len()))
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_shortest_texts_the_even_one_is_taken() {
        // Values and texts from Python's repr.
        for text in [
            "0.5304336547851562",
            "0.24719619750976562",
            "3.0095596313476562",
            "-1.1279067993164062",
        ] {
            assert_eq!(float_text(text.parse().unwrap()), text);
        }
        for text in [
            "12.5",
            "123.0",
            "1230.0",
            "0.00012",
            "9007199254740993e3",
            "-100.0",
            "0.1234567890123456",
        ] {
            let value: f64 = text.parse().unwrap();
            assert_eq!(float_text(value).parse(), Ok(value), "{text}");
        }
        assert_eq!(
            ["12.5", "123.0", "1230.0", "0.00012"].map(|text| float_text(text.parse().unwrap())),
            ["12.5", "123.0", "1230.0", "0.00012"]
        );
    }

    #[test]
    fn a_float_is_written_as_python_does() {
        let shown = [
            0.1,
            1.0,
            -0.0,
            1e16,
            1e15,
            1e-4,
            1e-5,
            1.5e300,
            f64::NAN,
            -f64::INFINITY,
        ]
        .map(float_text);
        assert_eq!(
            shown,
            [
                "0.1",
                "1.0",
                "-0.0",
                "1e+16",
                "1000000000000000.0",
                "0.0001",
                "1e-05",
                "1.5e+300",
                "nan",
                "-inf"
            ]
        );
    }

    #[test]
    fn binary_may_hold_line_ends() {
        assert_eq!(
            decode_binary("aGVs\n bG8=\n").as_deref(),
            Some(b"hello".as_slice())
        );
        assert_eq!(decode_binary("a"), None);
    }
}
