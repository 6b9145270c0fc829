//! Values of cards. FITS 4.0, section 4.2.

use std::borrow::Cow;
/// The value of a card.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CardValue {
    /// A string without the blanks after it, or the text of a commentary card.
    Text(String),
    /// `T` or `F`.
    Logical(bool),
    /// A whole number; the standard sets no bound to its size.
    Integer(i128),
    /// A number with a decimal point or an exponent, or a whole one beyond 128 bits.
    Float(f64),
    /// Two numbers, real and imaginary part.
    Complex(f64, f64),
    /// There is a value indicator, but no value (section 4.1.2.3).
    Undefined,
    /// Something that the standard does not have, as it stands there.
    Unreadable(String),
}

impl CardValue {
    /// The whole number, if it is one; floats without a fraction are taken as well.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => i64::try_from(*number).ok(),
            #[expect(clippy::cast_possible_truncation, reason = "checked on this line")]
            Self::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                Some(*number as i64)
            }
            _ => None,
        }
    }

    /// The number as a float, if it is one.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "the caller asked for a float")]
            Self::Integer(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_logical(&self) -> Option<bool> {
        match self {
            Self::Logical(value) => Some(*value),
            _ => None,
        }
    }
}

impl std::fmt::Display for CardValue {
    /// For messages: strings in quotes and escaped.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{}'", text.escape_debug()),
            Self::Logical(value) => f.write_str(if *value { "T" } else { "F" }),
            Self::Integer(number) => number.fmt(f),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::Complex(re, im) => write!(f, "({re:?}, {im:?})"),
            Self::Undefined => f.write_str("undefined"),
            Self::Unreadable(text) => write!(f, "`{}`", text.escape_debug()),
        }
    }
}

/// A value and the bytes of the comment after it.
pub(super) struct Parsed<'f> {
    pub(super) value: CardValue,
    pub(super) comment: &'f [u8],
}

/// Reads what stands after the value indicator.
pub(super) fn parse(field: &[u8]) -> Parsed<'_> {
    let field = field.trim_ascii_start();
    if let Some(rest) = field.strip_prefix(b"'") {
        return quoted(rest);
    }
    let slash = field.iter().position(|byte| *byte == b'/');
    let (token, behind) = field
        .split_at_checked(slash.unwrap_or(field.len()))
        .unwrap_or_default();
    Parsed {
        value: bare(token.trim_ascii()),
        comment: comment(behind),
    }
}

/// What stands after a slash.
fn comment(behind: &[u8]) -> &[u8] {
    let behind = behind.trim_ascii_start();
    behind.strip_prefix(b"/").unwrap_or(behind).trim_ascii()
}

/// A string from after its first quote on; two quotes are one of the string. Where what follows the string is no
/// comment, a single quote is one of the string as well (`'O'Meara'`), and the string ends with a quote before a comment
/// or the end of the card.
fn quoted(rest: &[u8]) -> Parsed<'_> {
    let (strict, behind) = strictly_quoted(rest);
    if is_behind_a_string(behind) {
        return strict;
    }
    let quotes = rest.iter().enumerate().filter(|(_, byte)| **byte == b'\'');
    for (at, _) in quotes {
        let (inner, behind) = rest.split_at_checked(at).unwrap_or_default();
        let behind = behind.get(1..).unwrap_or_default();
        if matches!(behind.first(), None | Some(b' ' | b'/')) && is_behind_a_string(behind) {
            return Parsed {
                value: CardValue::Text(text(&unescaped(inner)).into_owned()),
                comment: comment(behind),
            };
        }
    }
    strict
}

/// True for nothing, and for a comment.
fn is_behind_a_string(bytes: &[u8]) -> bool {
    matches!(bytes.trim_ascii_start().first(), None | Some(b'/'))
}

/// Two quotes become one.
fn unescaped(inner: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(inner.len());
    let mut escaped = false;
    for byte in inner {
        escaped = *byte == b'\'' && !escaped && out.last() == Some(&b'\'');
        if !escaped {
            out.push(*byte);
        }
    }
    out
}

/// The string by the standard, and what stands after it.
fn strictly_quoted(rest: &[u8]) -> (Parsed<'_>, &[u8]) {
    let mut out = Vec::with_capacity(rest.len());
    let mut left = rest;
    loop {
        let Some(at) = left.iter().position(|byte| *byte == b'\'') else {
            // Without an end: all is the string, as other readers have it.
            out.extend_from_slice(left);
            left = &[];
            break;
        };
        let (part, behind) = left.split_at_checked(at).unwrap_or_default();
        out.extend_from_slice(part);
        left = behind.get(1..).unwrap_or_default();
        match left.strip_prefix(b"'") {
            Some(rest) => {
                out.push(b'\'');
                left = rest;
            }
            None => break,
        }
    }
    let parsed = Parsed {
        value: CardValue::Text(text(&out).into_owned()),
        comment: comment(left),
    };
    (parsed, left)
}

fn bare(token: &[u8]) -> CardValue {
    match token {
        b"" => CardValue::Undefined,
        b"T" => CardValue::Logical(true),
        b"F" => CardValue::Logical(false),
        _ => number(token)
            .or_else(|| complex(token))
            .unwrap_or_else(|| CardValue::Unreadable(text(token).into_owned())),
    }
}

fn complex(token: &[u8]) -> Option<CardValue> {
    let inner = token.strip_prefix(b"(")?.strip_suffix(b")")?;
    let at = inner.iter().position(|byte| *byte == b',')?;
    let (re, im) = inner.split_at_checked(at)?;
    let part = |bytes: &[u8]| number(bytes.trim_ascii())?.as_float();
    Some(CardValue::Complex(part(re)?, part(im.get(1..)?)?))
}

/// A number of section 4.2.3 or 4.2.4; the exponent may be marked by `D` as well.
pub(super) fn number(token: &[u8]) -> Option<CardValue> {
    let digits = token
        .strip_prefix(b"-")
        .or(token.strip_prefix(b"+"))
        .unwrap_or(token);
    if digits.is_empty() {
        return None;
    }
    if digits.iter().all(u8::is_ascii_digit) {
        let text = std::str::from_utf8(token).ok()?;
        return text
            .parse()
            .map(CardValue::Integer)
            .or_else(|_| text.parse().map(CardValue::Float))
            .ok();
    }
    float(token).map(CardValue::Float)
}

/// A float in decimal form; words as `inf` are none.
pub(super) fn float(token: &[u8]) -> Option<f64> {
    let mut buffer = [0_u8; 80];
    let place = buffer.get_mut(..token.len())?;
    for (to, from) in place.iter_mut().zip(token) {
        *to = match from {
            b'D' | b'd' | b'e' => b'E',
            b'0'..=b'9' | b'.' | b'-' | b'+' | b'E' => *from,
            _ => return None,
        };
    }
    std::str::from_utf8(place).ok()?.parse().ok()
}

/// Bytes as text without the blanks after them; bytes beyond ASCII are taken as Latin-1.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.trim_ascii_end();
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_form_are_read() {
        let value = |text: &str| parse(text.as_bytes()).value;
        assert_eq!(value(" -12 / c"), CardValue::Integer(-12));
        assert_eq!(
            value("12345678901234567890"),
            CardValue::Integer(12_345_678_901_234_567_890)
        );
        assert_eq!(value("1.5D-3"), CardValue::Float(0.0015));
        assert_eq!(value("-.5e2"), CardValue::Float(-50.0));
        assert_eq!(value("5."), CardValue::Float(5.0));
        assert_eq!(value("(1.5, -2)"), CardValue::Complex(1.5, -2.0));
        assert_eq!(value(&"9".repeat(60)), CardValue::Float(1e60));
    }

    #[test]
    fn what_is_no_value_is_kept_as_it_is() {
        let value = |text: &str| parse(text.as_bytes()).value;
        assert_eq!(value("   / no value"), CardValue::Undefined);
        for text in ["inf", "NaN", "0x10", "1 2", "TRUE", "(1,)", "-"] {
            assert_eq!(value(text), CardValue::Unreadable(text.into()), "{text}");
        }
    }

    /// Values and comments as astropy 8.0.2 reads the same cards.
    #[test]
    fn a_quote_within_a_string_may_stand_alone() {
        let rows = [
            ("'O'Meara'            / name", "O'Meara", "name"),
            ("'O''Meara'           / name", "O'Meara", "name"),
            ("'it's a 'test'' / c", "it's a 'test'", "c"),
            ("'O'Meara   '  / c", "O'Meara", "c"),
            ("'x''' / c", "x'", "c"),
            ("'''x' / c", "'x", "c"),
            ("'O'Meara / Smith' / c", "O'Meara / Smith", "c"),
            ("'a / b'", "a / b", ""),
            ("''", "", ""),
        ];
        for (card, wanted, comment) in rows {
            let parsed = parse(card.as_bytes());
            assert_eq!(parsed.value, CardValue::Text(wanted.into()), "{card}");
            assert_eq!(parsed.comment, comment.as_bytes(), "{card}");
        }
    }

    #[test]
    fn a_string_without_end_is_the_rest_of_the_card() {
        let parsed = parse(b"'abc / d  ");
        assert_eq!(parsed.value, CardValue::Text("abc / d".into()));
        assert_eq!(parsed.comment, b"");
    }
}
