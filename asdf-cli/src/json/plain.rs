//! Tagged JSON without its wrappers, as it passes by.
//!
//! `{"$tag": T, "$value": V}` becomes V; integers of any size are numbers, times and binary data text, sets and ordered mappings
//! lists; NaN is `null`, infinities are `"inf"` and `"-inf"`. Only `{"$recursive": PATH}` stays. In tagged JSON no key of a file can
//! be taken for a wrapper, so the first key of an object tells. Of a quantity value and unit alone may be kept: its mapping is held
//! until it is complete.

mod quantity;

use quantity::Quantity;

use std::io::{self, Write};

/// Keys whose object is the value alone.
const BARE: [&str; 6] = ["$timestamp", "$binary", "$set", "$omap", "$tuple", "$map"];
/// What stands between the tag and the value.
const VALUE: &str = ",\"$value\":";

/// Writes what it gets without wrappers.
pub(super) struct Plain<W> {
    out: W,
    /// Whether each open object is a wrapper.
    open: Vec<bool>,
    state: State,
    /// The beginning of an object, or a text whose end is not there yet.
    held: Vec<u8>,
    is_escaped: bool,
    /// Whether of quantities only value and unit are kept.
    keeps_units: bool,
    /// The value of a tag of quantities.
    quantity: Option<Quantity>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between texts.
    Outside,
    /// In a text that passes.
    Text,
    /// After `{`: the first key is held.
    FirstKey,
    /// After the first key.
    Colon,
    /// In the text of a tag, which is left out.
    Tag,
    /// Between the tag and its value: bytes that are still to come.
    Gap(usize),
    /// In the mapping of a quantity.
    Quantity,
    /// In the text of a number.
    Number { is_float: bool },
}

impl<W: Write> Plain<W> {
    pub(super) fn new(out: W, keeps_units: bool) -> Self {
        Self {
            out,
            open: Vec::new(),
            state: State::Outside,
            held: Vec::new(),
            is_escaped: false,
            keeps_units,
            quantity: None,
        }
    }

    fn byte(&mut self, byte: u8) -> io::Result<()> {
        match self.state {
            State::Outside => return self.outside(byte),
            State::Text => {
                self.out.write_all(&[byte])?;
                if self.ends_text(byte) {
                    self.state = State::Outside;
                }
            }
            State::FirstKey => return self.first_key(byte),
            State::Colon => {
                self.held.push(byte);
                return self.begin();
            }
            State::Tag => {
                // The quote that begins it is the first byte.
                let is_end = !self.held.is_empty() && self.ends_text(byte);
                self.held.push(byte);
                if is_end {
                    let tag = std::mem::take(&mut self.held);
                    let is_quantity = self.keeps_units && quantity::is_tag(&tag);
                    self.quantity = is_quantity.then(Quantity::default);
                    self.state = State::Gap(VALUE.len());
                }
            }
            State::Gap(1) if self.quantity.is_some() => self.state = State::Quantity,
            State::Gap(1) => self.state = State::Outside,
            State::Gap(left) => self.state = State::Gap(left - 1),
            State::Quantity => {
                let whole = self.quantity.as_mut().and_then(|held| held.take(byte));
                if let Some(bytes) = whole {
                    self.quantity = None;
                    self.state = State::Outside;
                    // What is in it may have wrappers, and quantities.
                    for byte in bytes {
                        self.byte(byte)?;
                    }
                }
            }
            State::Number { is_float } => {
                let is_end = !self.held.is_empty() && self.ends_text(byte);
                self.held.push(byte);
                if is_end {
                    self.state = State::Outside;
                    let text = std::mem::take(&mut self.held);
                    let digits = text.get(1..text.len() - 1).unwrap_or_default();
                    return match (is_float, digits) {
                        (true, b"nan") => self.out.write_all(b"null"),
                        (true, _) => self.out.write_all(&text),
                        (false, digits) => self.out.write_all(digits),
                    };
                }
            }
        }
        Ok(())
    }

    fn outside(&mut self, byte: u8) -> io::Result<()> {
        match byte {
            b'{' => {
                self.held.push(byte);
                self.state = State::FirstKey;
                Ok(())
            }
            b'}' if self.open.pop() == Some(true) => Ok(()),
            b'"' => {
                self.state = State::Text;
                self.out.write_all(&[byte])
            }
            _ => self.out.write_all(&[byte]),
        }
    }

    fn first_key(&mut self, byte: u8) -> io::Result<()> {
        self.held.push(byte);
        match self.held.len() {
            // An object without keys.
            2 if byte == b'}' => {
                self.state = State::Outside;
                let held = std::mem::take(&mut self.held);
                return self.out.write_all(&held);
            }
            // The quote that begins the key.
            2 => {}
            _ if self.ends_text(byte) => self.state = State::Colon,
            _ => {}
        }
        Ok(())
    }

    /// The first key is there.
    fn begin(&mut self) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        let key = held.get(2..held.len() - 2).unwrap_or_default();
        let key = std::str::from_utf8(key).unwrap_or_default();
        self.state = match key {
            "$tag" => State::Tag,
            "$float" => State::Number { is_float: true },
            "$int" => State::Number { is_float: false },
            _ => State::Outside,
        };
        let is_wrapper = self.state != State::Outside || BARE.contains(&key);
        self.open.push(is_wrapper);
        if is_wrapper {
            return Ok(());
        }
        self.out.write_all(&held)
    }

    fn ends_text(&mut self, byte: u8) -> bool {
        let ends = byte == b'"' && !self.is_escaped;
        self.is_escaped = byte == b'\\' && !self.is_escaped;
        ends
    }
}

impl<W: Write> Write for Plain<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        bytes.iter().try_for_each(|byte| self.byte(*byte))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str, piece: usize) -> String {
        written(text, piece, false)
    }

    fn written(text: &str, piece: usize, keeps_units: bool) -> String {
        let mut out = Vec::new();
        let mut writer = Plain::new(&mut out, keeps_units);
        for piece in text.as_bytes().chunks(piece) {
            writer.write_all(piece).unwrap();
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn wrappers_are_left_out_and_nothing_else() {
        for (tagged, wanted) in [
            (r#"{"$tag":"a:b","$value":{"x":1}}"#, r#"{"x":1}"#),
            (
                r#"{"a":{"$tag":"t\"}","$value":[{"$float":"nan"},{"$float":"-inf"}]}}"#,
                r#"{"a":[null,"-inf"]}"#,
            ),
            (
                r#"[{"$int":"12345678901234567890"},{"$timestamp":"2020-01-01"}]"#,
                r#"[12345678901234567890,"2020-01-01"]"#,
            ),
            (
                r#"{"$map":[[1,"a"],["$tag",{"$set":["x"]}]]}"#,
                r#"[[1,"a"],["$tag",["x"]]]"#,
            ),
            (
                r#"{"a\":b":"{\"$tag\":1}","c":{}}"#,
                r#"{"a\":b":"{\"$tag\":1}","c":{}}"#,
            ),
            (
                r#"{"$tag":"t","$value":{"$tag":"u","$value":"é}"}}"#,
                r#""é}""#,
            ),
            (r#"{"$recursive":"/a"}"#, r#"{"$recursive":"/a"}"#),
            (r#"{"":{"\\":{"$float":"inf"}}}"#, r#"{"":{"\\":"inf"}}"#),
            (r"[]", r"[]"),
        ] {
            for piece in [1, 3, 1000] {
                assert_eq!(plain(tagged, piece), wanted, "{tagged}");
            }
        }
    }

    #[test]
    fn a_quantity_is_its_value_and_its_unit() {
        let tag = "tag:stsci.edu:asdf/unit/quantity-1.3.0";
        let unit = r#"{"$tag":"tag:stsci.edu:asdf/unit/unit-1.0.0","$value":"km.s**-1"}"#;
        let quantity = format!(
            r#"{{"$tag":"{tag}","$value":{{"datatype":"float64","unit":{unit},"value":3.50}}}}"#
        );
        let array = format!(
            r#"{{"$tag":"{tag}","$value":{{"unit":"}}","value":{{"$tag":"t","$value":{{"source":0}}}}}}}}"#
        );
        let odd = format!(r#"{{"$tag":"{tag}","$value":[1,{{"unit":"m"}}]}}"#);
        for (tagged, wanted) in [
            (quantity.clone(), r#"{"value":3.50,"unit":"km.s**-1"}"#.to_owned()),
            (array, r#"{"value":{"source":0},"unit":"}"}"#.to_owned()),
            (odd, r#"[1,{"unit":"m"}]"#.to_owned()),
            (
                format!(r#"{{"a":[{quantity},{{"$tag":"t","$value":{quantity}}}],"b":1}}"#),
                r#"{"a":[{"value":3.50,"unit":"km.s**-1"},{"value":3.50,"unit":"km.s**-1"}],"b":1}"#
                    .to_owned(),
            ),
        ] {
            for piece in [1, 3, 1000] {
                assert_eq!(written(&tagged, piece, true), wanted, "{tagged}");
            }
        }
    }
}
