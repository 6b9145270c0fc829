//! Quantities and moments as people read and write them.

mod calendar;

use super::short_tag;
#[cfg(feature = "wcs")]
use crate::tree::float_text;
use crate::tree::{Node, Value};
#[cfg(feature = "wcs")]
use crate::unit::Unit;

/// A number with a unit (`unit/quantity`).
#[derive(Debug, Clone, Copy)]
pub struct Quantity<'t> {
    /// The number.
    pub value: Node<'t>,
    /// The unit, as it is written.
    pub unit: &'t str,
}

impl<'t> Quantity<'t> {
    /// The quantity that a node is; `None` for another node, and for a quantity of an array or a list.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/writer_astropy.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::inspect::Quantity;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let speed = Quantity::of(file.node("q")?).expect("a quantity");
    /// assert_eq!(speed.to_string(), "3.5 km.s**-1");
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(node: Node<'t>) -> Option<Self> {
        if !short_tag(node.tag()?).starts_with("unit/quantity-") {
            return None;
        }
        let value = node.get("value").filter(|value| value.text().is_some())?;
        let unit = node.get("unit")?.text()?;
        Some(Self { value, unit })
    }

    /// The number; `None` where the value is text or something else.
    pub fn number(&self) -> Option<f64> {
        number(self.value)
    }
}

impl std::fmt::Display for Quantity<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.value.key_text(), self.unit)
    }
}

/// A moment that is written as a mapping (`time/time`): its value with format and scale.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'t> {
    /// A text or a number.
    pub value: Node<'t>,
    /// `mjd`, `unix`, …; without one the value is a text that tells its format itself.
    pub format: Option<&'t str>,
    /// `utc`, `tai`, …
    pub scale: Option<&'t str>,
}

impl<'t> Moment<'t> {
    /// The moment that a mapping is; `None` for another node, for one that is a text by itself, and for arrays of moments.
    pub fn of(node: Node<'t>) -> Option<Self> {
        if !short_tag(node.tag()?).starts_with("time/time-") {
            return None;
        }
        let value = node.get("value").filter(|value| value.text().is_some())?;
        let text = |key| node.get(key).and_then(Node::text);
        Some(Self {
            value,
            format: text("format").or(text("base_format")),
            scale: text("scale"),
        })
    }
}

impl std::fmt::Display for Moment<'_> {
    /// `61478.63 mjd tdb (2027-03-14T15:07:12.000)`: the calendar's date stands after a count of days, in the same scale.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.value.key_text())?;
        let is_number = number(self.value).is_some();
        // A text tells its format itself.
        for word in [self.format.filter(|_| is_number), self.scale]
            .into_iter()
            .flatten()
        {
            write!(f, " {word}")?;
        }
        let days = match self.format {
            Some("mjd") => number(self.value),
            Some("jd") => number(self.value).map(|days| days - calendar::MJD_0),
            _ => None,
        };
        match days.and_then(|days| calendar::date(days, self.scale)) {
            Some(date) => write!(f, " ({date})"),
            None => Ok(()),
        }
    }
}

fn number(node: Node<'_>) -> Option<f64> {
    match node.value() {
        Value::Float(value) => Some(value),
        #[expect(clippy::cast_precision_loss, reason = "a value of a unit is a float")]
        Value::Int(value) => Some(value as f64),
        _ => None,
    }
}

/// What a number in one unit is multiplied with to be in another; `None` where one of them is not known, or they measure
/// different things.
#[cfg(feature = "wcs")]
pub fn unit_factor(from: &str, to: &str) -> Option<f64> {
    // Of a number without a unit nothing is known that another unit could be made of.
    Unit::factor_between(from.trim(), to.trim())
}

/// A number times a factor, with the digits that a reader wants: those of the product but for its last, which rounding has made.
#[cfg(feature = "wcs")]
pub fn scaled(number: f64, factor: f64) -> String {
    let product = number * factor;
    let rounded = format!("{product:.14e}").parse().unwrap_or(product);
    float_text(rounded)
}
