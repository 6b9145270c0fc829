//! Texts of units: products and quotients of names with powers. What follows a `/` up to the next one is
//! below the line, as astropy reads it.

use super::GREATEST_POWER;
use super::Unit;
use super::table;

/// Brackets within brackets.
const NESTING: usize = 16;

/// The unit that a whole text says.
pub(super) fn unit(text: &str) -> Option<Unit> {
    if text.trim().is_empty() {
        return Some(Unit::NONE);
    }
    let mut rest = text;
    let unit = expression(&mut rest, 0)?;
    rest.trim().is_empty().then_some(unit)
}

fn expression(rest: &mut &str, nesting: usize) -> Option<Unit> {
    let mut unit = Unit::NONE;
    if !rest.trim_start().starts_with('/') {
        unit = product(rest, nesting)?;
    }
    loop {
        *rest = rest.trim_start();
        let Some(after) = rest.strip_prefix('/') else {
            return Some(unit);
        };
        *rest = after;
        unit = unit.times(&product(rest, nesting)?.power(-1.0));
    }
}

fn product(rest: &mut &str, nesting: usize) -> Option<Unit> {
    let mut unit = term(rest, nesting)?;
    loop {
        let trimmed = rest.trim_start();
        let after = trimmed.strip_prefix(['.', '*', '·']);
        match after.unwrap_or(trimmed).trim_start().chars().next() {
            Some(next) if is_name(next) || next == '(' => {
                *rest = after.unwrap_or(trimmed);
                unit = unit.times(&term(rest, nesting)?);
            }
            _ if after.is_some() => return None,
            _ => return Some(unit),
        }
    }
}

/// A name, a number or brackets, each with a power after.
fn term(rest: &mut &str, nesting: usize) -> Option<Unit> {
    *rest = rest.trim_start();
    let unit = if let Some(inner) = rest.strip_prefix('(') {
        if nesting >= NESTING {
            return None;
        }
        *rest = inner;
        let unit = expression(rest, nesting + 1)?;
        *rest = rest.trim_start().strip_prefix(')')?;
        unit
    } else if rest.starts_with(|first: char| first.is_ascii_digit()) {
        let factor = number(rest)?;
        (factor > 0.0 && factor.is_finite()).then_some(Unit {
            factor,
            powers: Vec::new(),
        })?
    } else {
        let end = rest.find(|next| !is_name(next)).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end)?;
        *rest = after;
        table::named(name)?
    };
    let power = power(rest)?;
    (power.abs() <= GREATEST_POWER).then(|| unit.power(power))
}

fn is_name(letter: char) -> bool {
    letter.is_alphabetic() || matches!(letter, '_' | '%' | '°' | '\'' | '"')
}

/// The power after a term, 1 where there is none: `2`, `-1`, `**2`, `^(1/2)`.
fn power(rest: &mut &str) -> Option<f64> {
    let marked = rest.strip_prefix("**").or_else(|| rest.strip_prefix('^'));
    let Some(after) = marked else {
        let bare =
            rest.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+'));
        return if bare { number(rest) } else { Some(1.0) };
    };
    *rest = after;
    let Some(inner) = rest.strip_prefix('(') else {
        return number(rest);
    };
    *rest = inner.trim_start();
    let mut power = number(rest)?;
    *rest = rest.trim_start();
    if let Some(after) = rest.strip_prefix('/') {
        *rest = after.trim_start();
        let below = number(rest)?;
        if below == 0.0 {
            return None;
        }
        power /= below;
    }
    *rest = rest.trim_start().strip_prefix(')')?;
    Some(power)
}

/// A number with digits; a point that no digit follows is a product's.
fn number(rest: &mut &str) -> Option<f64> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| {
        let some = bytes.get(from..).unwrap_or_default();
        from + some.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let sign = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let mut end = digits(sign);
    if end == sign {
        return None;
    }
    if bytes.get(end) == Some(&b'.') && digits(end + 1) > end + 1 {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    let (number, after) = rest.split_at_checked(end)?;
    *rest = after;
    number.parse().ok()
}
