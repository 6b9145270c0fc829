//! Elements that are text.

use super::byte_order::ByteOrder;
use std::borrow::Cow;

/// The text of an `ascii` element without its NUL padding. Bytes above 127, which the standard
/// does not allow, are shown as Latin-1.
pub(crate) fn ascii(bytes: &[u8]) -> Cow<'_, str> {
    let end = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last.saturating_add(1));
    let text = bytes.get(..end).unwrap_or_default();
    match std::str::from_utf8(text) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(text.iter().map(|byte| char::from(*byte)).collect()),
    }
}

/// The text of a `ucs4` element without its NUL padding, or the first number that is not a code point.
pub(crate) fn ucs4(bytes: &[u8], order: ByteOrder) -> Result<String, u32> {
    let mut out = String::with_capacity(bytes.len() / 4);
    let mut padding = 0;
    for unit in bytes.as_chunks::<4>().0 {
        let code = match order {
            ByteOrder::Little => u32::from_le_bytes(*unit),
            ByteOrder::Big => u32::from_be_bytes(*unit),
        };
        if code == 0 {
            padding += 1;
            continue;
        }
        out.extend(std::iter::repeat_n('\0', std::mem::take(&mut padding)));
        // Python writes lone surrogates; they have no text of their own.
        out.push(match char::from_u32(code) {
            Some(char) => char,
            None if (0xd800..0xe000).contains(&code) => char::REPLACEMENT_CHARACTER,
            None => return Err(code),
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_goes_and_inner_nuls_stay() {
        assert_eq!(ascii(b"a\0b\0\0"), "a\0b");
        assert_eq!(
            ucs4(&[0, 0, 0, 97, 0, 0, 0, 0], ByteOrder::Big).as_deref(),
            Ok("a")
        );
        assert_eq!(ucs4(&[0, 0, 0x11, 0], ByteOrder::Little), Err(0x0011_0000));
    }
}
