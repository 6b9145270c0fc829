//! Keywords that an edit of a header leaves alone: they say how the data are stored, or what their numbers mean.

use super::bad;
use crate::error::Result;
use crate::fits::layout::HduKind;
use crate::fits::value::CardValue;

/// What is to become of a card.
#[derive(Debug, Clone, Copy)]
pub(super) enum Change<'v> {
    Set(&'v CardValue),
    Remove,
}

/// Keywords of the structure (section 4.4.1), and their numbered ones.
const STORED: [&str; 12] = [
    "SIMPLE", "XTENSION", "BITPIX", "NAXIS", "EXTEND", "PCOUNT", "GCOUNT", "GROUPS", "TFIELDS",
    "THEAP", "BLOCKED", "END",
];
const STORED_NUMBERED: [&str; 4] = ["NAXIS", "TFORM", "TBCOL", "TDIM"];
/// Keywords of numbers that stand for others.
const MEANING: [&str; 3] = ["BSCALE", "BZERO", "BLANK"];
const MEANING_NUMBERED: [&str; 6] = ["TSCAL", "TZERO", "TNULL", "PSCAL", "PZERO", "PTYPE"];
/// Keywords of compressed images and tables (section 10).
const TILES: [&str; 19] = [
    "ZIMAGE", "ZTABLE", "ZCMPTYPE", "ZBITPIX", "ZNAXIS", "ZSIMPLE", "ZTENSION", "ZEXTEND",
    "ZBLOCKED", "ZPCOUNT", "ZGCOUNT", "ZHECKSUM", "ZDATASUM", "ZMASKCMP", "ZQUANTIZ", "ZDITHER0",
    "ZBLANK", "ZSCALE", "ZZERO",
];
const TILES_NUMBERED: [&str; 6] = ["ZNAXIS", "ZTILE", "ZNAME", "ZVAL", "ZFORM", "ZCTYP"];

/// Refuses what would make the data unreadable, or other data.
pub(super) fn check(keyword: &str, kind: HduKind, change: Change<'_>) -> Result<()> {
    let capitals = keyword.to_ascii_uppercase();
    let numbered = |stems: &[&str]| stems.iter().any(|stem| is_numbered(&capitals, stem));
    let is = |names: &[&str]| names.contains(&capitals.as_str());
    if is(&STORED) || numbered(&STORED_NUMBERED) {
        let reason = format!("`{capitals}` says how the data are stored, it cannot be changed");
        return Err(bad(reason));
    }
    if is(&MEANING) || numbered(&MEANING_NUMBERED) {
        let reason = format!(
            "`{capitals}` says what the numbers of the data mean, changing it would change the data"
        );
        return Err(bad(reason));
    }
    if is(&TILES) || numbered(&TILES_NUMBERED) {
        let reason = format!("`{capitals}` says how the data are compressed, it cannot be changed");
        return Err(bad(reason));
    }
    if kind == HduKind::CompressedImage && (capitals == "TTYPE" || is_numbered(&capitals, "TTYPE"))
    {
        let reason = format!("`{capitals}` names a part of the compressed data");
        return Err(bad(reason));
    }
    if capitals == "CONTINUE" {
        return Err(bad(
            "`CONTINUE` belongs to the string before it, set that keyword",
        ));
    }
    let Change::Set(value) = change else {
        return Ok(());
    };
    match (capitals.as_str(), value) {
        ("CHECKSUM" | "DATASUM", _) => Err(bad(format!(
            "`{capitals}` follows from the bytes of the HDU, it cannot be set"
        ))),
        ("EXTNAME", CardValue::Text(name)) if name.trim().eq_ignore_ascii_case("ASDF") => Err(bad(
            "`ASDF` is the name of an HDU that carries a tree, no other can have it",
        )),
        ("EXTNAME", CardValue::Text(_)) | ("EXTVER" | "EXTLEVEL", CardValue::Integer(_)) => Ok(()),
        ("EXTNAME", _) => Err(bad("`EXTNAME` needs text (--type str)")),
        ("EXTVER" | "EXTLEVEL", _) => Err(bad(format!("`{capitals}` needs a whole number"))),
        _ => Ok(()),
    }
}

fn is_numbered(keyword: &str, stem: &str) -> bool {
    let digits = keyword.strip_prefix(stem);
    digits.is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}
