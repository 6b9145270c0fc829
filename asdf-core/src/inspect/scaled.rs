//! Numbers in another unit, as people read them.

use crate::tree::float_text;

/// A number times a factor, with the digits that a reader wants: those of the product but for its last, which rounding has made.
pub fn scaled(number: f64, factor: f64) -> String {
    let product = number * factor;
    let rounded = format!("{product:.14e}").parse().unwrap_or(product);
    float_text(rounded)
}
