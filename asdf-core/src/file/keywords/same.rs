//! When a value of a tree and a card say the same.

use crate::fits::CardValue;

/// Characters of a number in a card, beyond which astropy leaves digits out.
const CARD_DIGITS: usize = 20;

/// True when a card says what the tree says. Numbers may have lost the digits that astropy does not write; no value is no card, or
/// one without a value.
pub(in crate::file) fn agrees(tree: &CardValue, card: Option<&CardValue>) -> bool {
    match (tree, card) {
        (CardValue::Undefined, None | Some(CardValue::Undefined)) => true,
        // No card can hold it.
        (CardValue::Float(number), None) => !number.is_finite(),
        (_, None) => false,
        (CardValue::Text(tree), Some(CardValue::Text(card))) => tree.trim_end() == card.trim_end(),
        (CardValue::Integer(tree), Some(CardValue::Integer(card))) => tree == card,
        (tree, Some(card)) => match (tree.as_float(), card.as_float()) {
            (Some(tree), Some(card)) => same_number(tree, card),
            _ => tree == card,
        },
    }
}

/// True for values that are written alike.
pub(super) fn is_same(a: &CardValue, b: &CardValue) -> bool {
    match (a, b) {
        (CardValue::Float(a), CardValue::Float(b)) => a.to_bits() == b.to_bits(),
        (a, b) => a == b,
    }
}

#[expect(clippy::float_cmp, reason = "the same number is meant")]
fn same_number(tree: f64, card: f64) -> bool {
    let read = |text: String| text.parse::<f64>().ok();
    // Since astropy 5.3 the shortest digits, cut; before, 16 digits.
    tree == card || read(cut(tree)) == Some(card) || read(format!("{tree:.15E}")) == Some(card)
}

/// A number as astropy writes it: Python's shortest digits in at most twenty characters.
fn cut(number: f64) -> String {
    let size = number.abs();
    let (mut digits, exponent) = if size == 0.0 || (1e-4..1e16).contains(&size) {
        (format!("{number:?}"), String::new())
    } else {
        let text = format!("{number:E}");
        let (digits, exponent) = text.split_once('E').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or_default();
        (digits.to_owned(), format!("E{exponent:+03}"))
    };
    digits.truncate(CARD_DIGITS.saturating_sub(exponent.len()));
    digits + &exponent
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers, and what astropy 8.0.2 gives back of its own card.
    #[test]
    fn numbers_that_astropy_cut_are_the_same() {
        for (tree, card) in [
            (5.0, 5.0),
            (-1.234_567_890_123_456_7e-5, -1.234_567_890_123_4e-5),
            (59_000.123_456_789_01, 59_000.123_456_789_01),
            (0.1 + 0.2, 0.300_000_000_000_000_04),
        ] {
            let card = CardValue::Float(card);
            assert!(agrees(&CardValue::Float(tree), Some(&card)), "{tree}");
        }
        let card = CardValue::Float(0.3);
        assert!(!agrees(&CardValue::Float(0.31), Some(&card)));
        assert!(agrees(&CardValue::Integer(5), Some(&CardValue::Float(5.0))));
        assert!(!agrees(
            &CardValue::Logical(true),
            Some(&CardValue::Integer(1))
        ));
    }
}
