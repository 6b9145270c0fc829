//! Integers of any size, exactly.

use num_bigint::BigInt as Big;
use num_bigint::Sign;
use std::fmt;

/// An integer, small or as canonical decimal text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Integer {
    Small(i64),
    Large(String),
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Small(value) => value.fmt(f),
            Self::Large(digits) => f.write_str(digits),
        }
    }
}

/// Digits beyond which only decimal text is taken, which needs no conversion.
pub(super) const MAX_CONVERTED: usize = 100_000;

/// Reads an integer as `PyYAML`'s constructor does: sign, then `0b`, `0x`, octal after `0`,
/// sexagesimal with `:`, or decimal; underscores mean nothing.
///
/// `None` when it is none, or has more than [`MAX_CONVERTED`] digits in a base that must be converted.
pub(super) fn parse_integer(text: &str) -> Option<Integer> {
    if let Some(small) = fast(text) {
        return Some(Integer::Small(small));
    }
    let clean: String = text
        .trim_ascii()
        .chars()
        .filter(|char| *char != '_')
        .collect();
    let (sign, body) = match clean.strip_prefix('-') {
        Some(body) => (Sign::Minus, body),
        None => (Sign::Plus, clean.strip_prefix('+').unwrap_or(&clean)),
    };
    if let Some(digits) = body.strip_prefix("0b") {
        return radix(digits, 2, sign);
    }
    if let Some(digits) = body.strip_prefix("0x") {
        return radix(digits, 16, sign);
    }
    if body.len() > 1 && body.starts_with('0') {
        return radix(body.strip_prefix("0o").unwrap_or(body), 8, sign);
    }
    if body.contains(':') {
        return sexagesimal(body, sign);
    }
    decimal(body, sign)
}

/// The common case: a short decimal number.
fn fast(text: &str) -> Option<i64> {
    let plain = text.strip_prefix('-').unwrap_or(text);
    if plain.len() > 18
        || (plain.len() > 1 && plain.starts_with('0'))
        || !plain.bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    text.parse().ok()
}

fn decimal(body: &str, sign: Sign) -> Option<Integer> {
    if body.is_empty() || !body.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = body.trim_start_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let text = if sign == Sign::Minus {
        format!("-{digits}")
    } else {
        digits.to_owned()
    };
    Some(text.parse().map_or(Integer::Large(text), Integer::Small))
}

#[expect(clippy::arithmetic_side_effects, reason = "integers of any size")]
fn radix(digits: &str, radix: u32, sign: Sign) -> Option<Integer> {
    if digits.len() > MAX_CONVERTED
        || digits.is_empty()
        || !digits.chars().all(|char| char.is_digit(radix))
    {
        return None;
    }
    let magnitude = Big::parse_bytes(digits.as_bytes(), radix)?;
    Some(normalize(&if sign == Sign::Minus {
        -magnitude
    } else {
        magnitude
    }))
}

#[expect(clippy::arithmetic_side_effects, reason = "integers of any size")]
fn sexagesimal(body: &str, sign: Sign) -> Option<Integer> {
    if body.len() > MAX_CONVERTED {
        return None;
    }
    let mut value = Big::ZERO;
    for part in body.split(':') {
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        value = value * 60 + Big::parse_bytes(part.as_bytes(), 10)?;
    }
    Some(normalize(&if sign == Sign::Minus { -value } else { value }))
}

fn normalize(value: &Big) -> Integer {
    match i64::try_from(value) {
        Ok(small) => Integer::Small(small),
        Err(_) => Integer::Large(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_base_is_read() {
        let small = |text| match parse_integer(text) {
            Some(Integer::Small(value)) => value,
            other => panic!("{text}: {other:?}"),
        };
        let texts = [
            "0",
            "-0",
            "685_230",
            "+685",
            "02472256",
            "0x_0A_74_AE",
            "0b1010",
            "190:20:30",
            "-0x10",
            "0o17",
        ];
        let values = texts.map(small);
        assert_eq!(
            values,
            [0, 0, 685_230, 685, 685_230, 685_230, 10, 685_230, -16, 15]
        );
    }

    #[test]
    fn large_integers_keep_every_digit() {
        let large = |text| parse_integer(text).unwrap();
        assert_eq!(
            large("18446744073709551616"),
            Integer::Large("18446744073709551616".into())
        );
        assert_eq!(
            large("-0x1_0000_0000_0000_0000"),
            Integer::Large("-18446744073709551616".into())
        );
        assert_eq!(large("-9223372036854775808"), Integer::Small(i64::MIN));
    }

    #[test]
    fn an_absurd_hexadecimal_number_is_refused() {
        assert_eq!(
            parse_integer(&format!("0x{}", "f".repeat(MAX_CONVERTED + 1))),
            None
        );
        assert!(parse_integer(&"9".repeat(1_000_000)).is_some());
        assert_eq!(parse_integer("0b_"), None);
    }
}
