//! A header that was made elsewhere, kept card by card where it says what the data are, put right where it does not.

use super::NewHeader;
use crate::error::Result;
use crate::fits::CardValue;
use crate::fits::FitsCard;
use crate::fits::FitsHeader;
use crate::fits::form::ColumnForm;
use crate::fits::form::dimensions;

/// Stems of keywords of columns.
const COLUMN: [&str; 9] = [
    "TTYPE", "TFORM", "TUNIT", "TNULL", "TSCAL", "TZERO", "TDISP", "TDIM", "TBCOL",
];

/// The given cards around those that describe the data. Cards of the same meaning are taken byte for byte; wrong ones
/// get the right value, those about something that is not there are left out, missing ones are added.
pub(super) fn reconcile(made: &NewHeader, given: &NewHeader, empty: bool) -> Result<NewHeader> {
    let (made, given) = (made.read(), given.read());
    let header = Agreement { made, given, empty };
    let mut out = NewHeader::new();
    for card in header.made.cards() {
        let keyword = card.keyword();
        if is_head(&keyword) {
            out.push_raw(header.chosen(card).raw())?;
        }
    }
    for card in header.made.cards() {
        let keyword = card.keyword();
        if !is_head(&keyword) && header.is_missing(&keyword) {
            out.push_raw(card.raw())?;
        }
    }
    for card in header.given.cards() {
        if let Some(card) = header.kept(card) {
            out.push_raw(card.raw())?;
        }
    }
    Ok(out)
}

struct Agreement {
    made: FitsHeader<'static>,
    given: FitsHeader<'static>,
    /// There are no data: any type of elements will do.
    empty: bool,
}

impl Agreement {
    /// The given card of that keyword if it says the same, else the made one.
    fn chosen<'h>(&'h self, made: FitsCard<'h>) -> FitsCard<'h> {
        let keyword = made.keyword();
        match self.given.get(&keyword) {
            Some(given) if self.is_same(&keyword, given, made) => given,
            _ => made,
        }
    }

    fn is_same(&self, keyword: &str, given: FitsCard<'_>, made: FitsCard<'_>) -> bool {
        let (given, made) = (given.value(), made.value());
        if given == made || (self.empty && keyword == "BITPIX" && is_bitpix(&given)) {
            return true;
        }
        let form = |value: &CardValue| value.as_text().and_then(ColumnForm::binary);
        match numbered(keyword) {
            Some(("TFORM", _)) => form(&given).is_some() && form(&given) == form(&made),
            Some(("TDIM", _)) => {
                let axes = |value: &CardValue| value.as_text().and_then(dimensions);
                axes(&given).is_some() && axes(&given) == axes(&made)
            }
            // The unit that the header has counts.
            Some(("TUNIT", _)) => true,
            _ => false,
        }
    }

    /// True for a card of the structure that has to be added.
    fn is_missing(&self, keyword: &str) -> bool {
        let has = |keyword: &str| self.given.get(keyword).is_some();
        match keyword {
            "EXTEND" => !has("EXTEND") && !has("SIMPLE"),
            // A factor of 1 goes without saying.
            "BSCALE" => !has("BSCALE") && !has("BZERO"),
            _ => !has(keyword),
        }
    }

    /// What becomes of a given card that does not stand at the head.
    fn kept<'h>(&'h self, given: FitsCard<'h>) -> Option<FitsCard<'h>> {
        let keyword = given.keyword();
        let first = self.given.get(&keyword) == Some(given);
        if given.is_hierarch() {
            return Some(given);
        }
        let made = self.made.get(&keyword);
        match keyword.as_ref() {
            "END" | "SIMPLE" | "XTENSION" | "BITPIX" | "TFIELDS" => return None,
            "PCOUNT" | "GCOUNT" => {
                let ordinary = i64::from(keyword == "GCOUNT");
                let same = given.value().as_integer() == Some(ordinary);
                return (made.is_none() && first && same).then_some(given);
            }
            "EXTEND" => return Some(given),
            "GROUPS" => return (given.value() != CardValue::Logical(true)).then_some(given),
            "BLANK" => return self.is_integer_image().then_some(given),
            "THEAP" => return (given.value().as_integer() == self.heap()).then_some(given),
            _ => {}
        }
        let Some((stem, number)) = numbered(&keyword) else {
            let scales = matches!(keyword.as_ref(), "BSCALE" | "BZERO");
            return if keyword == "NAXIS" {
                None
            } else if scales {
                scale(given, made, first)
            } else {
                Some(given)
            };
        };
        if stem == "NAXIS" || stem == "TBCOL" {
            return None;
        }
        let columns = self.made.integer("TFIELDS").ok().flatten().unwrap_or(0);
        if number < 1 || number > columns || !first {
            return None;
        }
        match (stem, made) {
            ("TSCAL" | "TZERO", made) => scale(given, made, first),
            (_, Some(made)) => Some(self.chosen(made)),
            ("TNULL", None) => self.null(given, number).then_some(given),
            ("TDIM", None) => self.dimensions(given, number).then_some(given),
            ("TTYPE" | "TUNIT" | "TDISP", None) => Some(given),
            _ => None,
        }
    }

    fn is_integer_image(&self) -> bool {
        let bitpix = self.made.integer("BITPIX").ok().flatten();
        self.made.get("TFIELDS").is_none() && !self.empty && bitpix.is_some_and(|bits| bits > 0)
    }

    fn heap(&self) -> Option<i64> {
        let number = |keyword: &str| self.made.integer(keyword).ok().flatten();
        self.made.get("TFIELDS")?;
        number("NAXIS1")?.checked_mul(number("NAXIS2")?)
    }

    fn form(&self, column: i64) -> Option<ColumnForm> {
        let text = self.made.text(&format!("TFORM{column}")).ok().flatten()?;
        ColumnForm::binary(&text)
    }

    /// True for a `TNULLn` of integers.
    fn null(&self, given: FitsCard<'_>, column: i64) -> bool {
        let (ColumnForm::Fixed { code, .. } | ColumnForm::Variable { code, .. }) =
            self.form(column).unwrap_or(ColumnForm::Fixed {
                repeat: 0,
                code: 'A',
            })
        else {
            return false;
        };
        "BIJK".contains(code) && matches!(given.value(), CardValue::Integer(_))
    }

    /// True for a `TDIMn` that says the same as the repeat count, or that is ignored as it names another number of elements.
    fn dimensions(&self, given: FitsCard<'_>, column: i64) -> bool {
        let axes = given.value().as_text().and_then(dimensions);
        let (Some(axes), Some(form)) = (axes, self.form(column)) else {
            return true;
        };
        let ColumnForm::Fixed { repeat, .. } = form else {
            return true;
        };
        let count = axes
            .iter()
            .try_fold(1_u64, |count, axis| count.checked_mul(*axis));
        axes == [repeat] || count != Some(repeat)
    }
}

/// A scale that is that of the data.
fn scale<'h>(given: FitsCard<'h>, made: Option<FitsCard<'h>>, first: bool) -> Option<FitsCard<'h>> {
    let keyword = given.keyword();
    let factor = keyword == "BSCALE" || keyword.starts_with("TSCAL");
    let ordinary = if factor { 1.0 } else { 0.0 };
    let wanted = made.map_or(Some(ordinary), |made| made.value().as_float());
    let same = given.value().as_float() == wanted;
    if same && first {
        return Some(given);
    }
    made.filter(|_| first)
}

fn is_bitpix(value: &CardValue) -> bool {
    let bits = value.as_integer();
    bits.is_some_and(|bits| [8, 16, 32, 64, -32, -64].contains(&bits))
}

/// Keywords that a header begins with, in an order that is set.
fn is_head(keyword: &str) -> bool {
    let set = [
        "SIMPLE", "XTENSION", "BITPIX", "NAXIS", "PCOUNT", "GCOUNT", "TFIELDS",
    ];
    set.contains(&keyword) || matches!(numbered(keyword), Some(("NAXIS", _)))
}

/// Stem and number of a keyword about an axis or a column.
fn numbered(keyword: &str) -> Option<(&'static str, i64)> {
    let stems = COLUMN.iter().chain(&["NAXIS"]);
    let mut found = stems.filter_map(|stem| Some((*stem, keyword.strip_prefix(stem)?)));
    found.find_map(|(stem, digits)| {
        let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
        Some((stem, digits.parse().ok().filter(|_| plain)?))
    })
}
