//! Elements that are text.

use super::byte_order::ByteOrder;
use crate::error::{Malformed, Unsupported};
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

/// The text of a `ucs4` element without its NUL padding, or the first number that is not a code point. Python writes lone
/// surrogates; they have no text of their own, and U+FFFD stands for them.
pub(crate) fn ucs4(bytes: &[u8], order: ByteOrder) -> Result<String, u32> {
    text(bytes, order, Some(char::REPLACEMENT_CHARACTER))
}

/// The same for what is written elsewhere: a lone surrogate is an error of its own.
pub(crate) fn exact_ucs4(
    bytes: &[u8],
    order: ByteOrder,
    format: &'static str,
) -> crate::Result<String> {
    text(bytes, order, None).map_err(|code| match code {
        0xd800..0xe000 => {
            let what = format!("the lone surrogate {code:#x}").into();
            Unsupported::Format { format, what }.into()
        }
        _ => Malformed::CodePoint { code }.into(),
    })
}

fn text(bytes: &[u8], order: ByteOrder, surrogate: Option<char>) -> Result<String, u32> {
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
        let stand_in = surrogate.filter(|_| (0xd800..0xe000).contains(&code));
        out.push(char::from_u32(code).or(stand_in).ok_or(code)?);
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

    #[test]
    fn what_is_written_elsewhere_has_no_stand_in_for_a_lone_surrogate() {
        let bytes = [0, 0xd8, 0, 0];
        assert_eq!(ucs4(&bytes, ByteOrder::Little).as_deref(), Ok("\u{fffd}"));
        let error = exact_ucs4(&bytes, ByteOrder::Little, "JSON").unwrap_err();
        assert_eq!(
            error.kind().to_string(),
            "JSON cannot hold the lone surrogate 0xd800"
        );
    }
}
