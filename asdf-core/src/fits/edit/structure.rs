//! Keywords that an edit of a header leaves alone: they say how the data are stored, or what their numbers mean.

use crate::error::HeaderFault;
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
const TILES: [&str; 21] = [
    "ZIMAGE", "ZTABLE", "ZCMPTYPE", "ZBITPIX", "ZNAXIS", "ZSIMPLE", "ZTENSION", "ZEXTEND",
    "ZBLOCKED", "ZPCOUNT", "ZGCOUNT", "ZHECKSUM", "ZDATASUM", "ZMASKCMP", "ZQUANTIZ", "ZDITHER0",
    "ZBLANK", "ZSCALE", "ZZERO", "ZTILELEN", "ZTHEAP",
];
const TILES_NUMBERED: [&str; 6] = ["ZNAXIS", "ZTILE", "ZNAME", "ZVAL", "ZFORM", "ZCTYP"];

/// Refuses what would make the data unreadable, or other data.
pub(super) fn check(keyword: &str, kind: HduKind, change: Change<'_>) -> Result<()> {
    let capitals = keyword.to_ascii_uppercase();
    let numbered = |stems: &[&str]| stems.iter().any(|stem| is_numbered(&capitals, stem));
    let is = |names: &[&str]| names.contains(&capitals.as_str());
    if is(&STORED) || numbered(&STORED_NUMBERED) {
        let keyword = capitals.into();
        return Err(HeaderFault::Storage { keyword }.into());
    }
    if is(&MEANING) || numbered(&MEANING_NUMBERED) {
        let keyword = capitals.into();
        return Err(HeaderFault::Meaning { keyword }.into());
    }
    if is(&TILES) || numbered(&TILES_NUMBERED) {
        let keyword = capitals.into();
        return Err(HeaderFault::Compression { keyword }.into());
    }
    if kind == HduKind::CompressedImage && (capitals == "TTYPE" || is_numbered(&capitals, "TTYPE"))
    {
        let keyword = capitals.into();
        return Err(HeaderFault::CompressedPart { keyword }.into());
    }
    if capitals == "CONTINUE" {
        return Err(HeaderFault::Continue.into());
    }
    let Change::Set(value) = change else {
        return Ok(());
    };
    match (capitals.as_str(), value) {
        ("CHECKSUM" | "DATASUM", _) => {
            let keyword = capitals.into();
            Err(HeaderFault::Checksum { keyword }.into())
        }
        ("EXTNAME", CardValue::Text(name)) if name.trim().eq_ignore_ascii_case("ASDF") => {
            Err(HeaderFault::AsdfName.into())
        }
        ("EXTNAME", CardValue::Text(_)) | ("EXTVER" | "EXTLEVEL", CardValue::Integer(_)) => Ok(()),
        ("EXTNAME", _) => Err(HeaderFault::NameType.into()),
        ("EXTVER" | "EXTLEVEL", _) => {
            let keyword = capitals.into();
            Err(HeaderFault::NumberType { keyword }.into())
        }
        _ => Ok(()),
    }
}

fn is_numbered(keyword: &str, stem: &str) -> bool {
    let digits = keyword.strip_prefix(stem);
    digits.is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}
