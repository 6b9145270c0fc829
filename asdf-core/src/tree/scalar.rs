//! Plain scalars by the rules of YAML 1.1, as `PyYAML`'s resolver and constructor apply them.
//!
//! Source: yaml.org/type (bool, int, float, null, timestamp, merge) and `PyYAML`'s narrower forms:
//! `y` and `n` are text, an exponent needs a `.` and a sign (`1e3` is text).

use super::arena::CoreTag;
use super::integer::{Integer, parse_integer};
use super::timestamp::Timestamp;

/// What a plain scalar without a tag is.
pub(super) fn resolve(text: &str) -> CoreTag {
    let Some(&first) = text.as_bytes().first() else {
        return CoreTag::Null;
    };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => {
            if is_bool(text) {
                CoreTag::Bool
            } else if is_null(text) {
                CoreTag::Null
            } else {
                CoreTag::Str
            }
        }
        b'-' | b'+' | b'.' | b'0'..=b'9' => number(text, first),
        b'~' if text.len() == 1 => CoreTag::Null,
        b'<' if text == "<<" => CoreTag::Merge,
        b'=' if text.len() == 1 => CoreTag::Value,
        _ => CoreTag::Str,
    }
}

fn number(text: &str, first: u8) -> CoreTag {
    if is_float(text) {
        CoreTag::Float
    } else if first != b'.' && is_int(text) {
        CoreTag::Int
    } else if first.is_ascii_digit() && Timestamp::is_form(text) {
        CoreTag::Timestamp
    } else {
        CoreTag::Str
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "null" | "Null" | "NULL")
}

fn is_bool(text: &str) -> bool {
    let known = ["yes", "no", "true", "false", "on", "off"];
    text.len() <= 5
        && known.iter().any(|word| word.eq_ignore_ascii_case(text))
        && is_regular_case(text)
}

/// `word`, `Word` or `WORD`.
fn is_regular_case(text: &str) -> bool {
    let mut bytes = text.bytes();
    let Some(first) = bytes.next() else {
        return true;
    };
    let rest = text.as_bytes().get(1..).unwrap_or_default();
    rest.iter().all(u8::is_ascii_lowercase)
        || (first.is_ascii_uppercase() && rest.iter().all(u8::is_ascii_uppercase))
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn is_int(text: &str) -> bool {
    let body = unsigned(text);
    let all = |digits: &str, is: fn(u8) -> bool| {
        !digits.is_empty() && digits.bytes().all(|byte| byte == b'_' || is(byte))
    };
    if let Some(digits) = body.strip_prefix("0b") {
        return all(digits, |byte| matches!(byte, b'0' | b'1'));
    }
    if let Some(digits) = body.strip_prefix("0x") {
        return all(digits, |byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = body.strip_prefix('0') {
        return digits.is_empty() || all(digits, |byte| matches!(byte, b'0'..=b'7'));
    }
    let mut parts = body.split(':');
    let head = parts.next().unwrap_or_default();
    head.starts_with(|char: char| char.is_ascii_digit())
        && all(head, |byte| byte.is_ascii_digit())
        && parts.all(is_sixtieth)
}

/// `0` to `59`, in one or two digits.
fn is_sixtieth(part: &str) -> bool {
    match part.as_bytes() {
        [digit] => digit.is_ascii_digit(),
        [ten, digit] => (b'0'..=b'5').contains(ten) && digit.is_ascii_digit(),
        _ => false,
    }
}

fn is_float(text: &str) -> bool {
    let body = unsigned(text);
    match body.as_bytes() {
        [b'.', b'0'..=b'9', ..] => {
            // PyYAML's form without a leading digit takes no sign.
            return body.len() == text.len() && is_fraction(body.get(1..).unwrap_or_default());
        }
        [b'.', ..] => {
            return matches!(body, ".inf" | ".Inf" | ".INF")
                || matches!(text, ".nan" | ".NaN" | ".NAN");
        }
        [b'0'..=b'9', ..] => {}
        _ => return false,
    }
    let Some((whole, fraction)) = body.split_once('.') else {
        return false;
    };
    let digits = |text: &str| {
        text.bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_digit())
    };
    match whole.split_once(':') {
        None => digits(whole) && is_fraction(fraction),
        Some((head, rest)) => digits(head) && rest.split(':').all(is_sixtieth) && digits(fraction),
    }
}

/// Digits and underscores, then perhaps an exponent with its sign.
fn is_fraction(text: &str) -> bool {
    let digits = text
        .bytes()
        .take_while(|byte| *byte == b'_' || byte.is_ascii_digit())
        .count();
    match text.as_bytes().get(digits..).unwrap_or_default() {
        [] => true,
        [b'e' | b'E', b'-' | b'+', exponent @ ..] => {
            !exponent.is_empty() && exponent.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// The value of `!!bool`, or of a plain scalar resolved as one.
pub(super) fn bool_value(text: &str) -> Option<bool> {
    let is = |words: [&str; 3]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(["yes", "true", "on"]) {
        Some(true)
    } else if is(["no", "false", "off"]) {
        Some(false)
    } else {
        None
    }
}

/// The value of `!!int`, or of a plain scalar resolved as one.
pub(super) fn int_value(text: &str) -> Option<Integer> {
    parse_integer(text)
}

/// The value of `!!float`, or of a plain scalar resolved as one.
pub(super) fn float_value(text: &str) -> Option<f64> {
    let clean = if text.contains('_') {
        text.replace('_', "")
    } else {
        text.to_owned()
    };
    let clean = clean.trim_ascii();
    let (negative, body) = match clean.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, clean.strip_prefix('+').unwrap_or(clean)),
    };
    let sign = if negative { -1.0 } else { 1.0 };
    if body.eq_ignore_ascii_case(".inf") {
        return Some(sign * f64::INFINITY);
    }
    if body.eq_ignore_ascii_case(".nan") {
        return Some(f64::NAN);
    }
    if body.contains(':') {
        // Summed from the least digit as PyYAML does, so that the last bit agrees.
        let (mut value, mut base) = (0.0, 1.0);
        for part in body.rsplit(':') {
            value += decimal(part)? * base;
            base *= 60.0;
        }
        return Some(sign * value);
    }
    Some(sign * decimal(body)?)
}

/// A decimal float; Rust's parser also knows words, which YAML does not.
fn decimal(text: &str) -> Option<f64> {
    let plain = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    if plain { text.parse().ok() } else { None }
}

/// True when text may stand without quotes and is text to readers of YAML 1.1 and 1.2 alike.
pub(crate) fn is_plain_text(text: &str) -> bool {
    let safe = |char: char| {
        char.is_alphanumeric()
            || matches!(
                char,
                '_' | '-' | '.' | '/' | ' ' | '+' | '(' | ')' | '=' | '%' | '$'
            )
    };
    let starts = text
        .starts_with(|char: char| char.is_alphabetic() || matches!(char, '_' | '/' | '(' | '$'));
    let other = |word: &str| word.eq_ignore_ascii_case(text);
    starts
        && !text.ends_with(' ')
        && text.chars().all(safe)
        && resolve(text) == CoreTag::Str
        && (text.len() > 5
            || ![
                "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf",
            ]
            .iter()
            .any(|word| other(word)))
}

#[cfg(test)]
mod tests;
