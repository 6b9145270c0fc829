//! The header of the image that a compressed one stands for. FITS 4.0, section 10.1.

use crate::fits::card;
use crate::fits::card::CARD;
use crate::fits::header::FitsHeader;

/// Keywords of the table and of the image they stand for; they begin the header in this order.
const STRUCTURE: [(&str, &str); 3] = [
    ("ZBITPIX", "BITPIX"),
    ("ZNAXIS", "NAXIS"),
    ("ZEXTEND", "EXTEND"),
];
/// Keywords that come back under their own name where they stand.
const RENAMED: [(&str, &str); 3] = [
    ("ZBLOCKED", "BLOCKED"),
    ("ZHECKSUM", "CHECKSUM"),
    ("ZDATASUM", "DATASUM"),
];
/// Keywords of the table alone.
const TABLE: [&str; 22] = [
    "XTENSION", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "PCOUNT", "GCOUNT", "TFIELDS", "THEAP",
    "CHECKSUM", "DATASUM", "ZIMAGE", "ZSIMPLE", "ZTENSION", "ZPCOUNT", "ZGCOUNT", "ZCMPTYPE",
    "ZMASKCMP", "ZQUANTIZ", "ZDITHER0", "ZSCALE", "ZZERO",
];
/// Numbered keywords of the table alone.
const NUMBERED: [&str; 13] = [
    "TTYPE", "TFORM", "TUNIT", "TNULL", "TSCAL", "TZERO", "TDISP", "TDIM", "ZNAXIS", "ZTILE",
    "ZNAME", "ZVAL", "TBCOL",
];

/// Turns the cards of the table into those of the image. What is not about the table is kept
/// byte for byte.
pub(in super::super) fn image_header(header: &FitsHeader<'_>) -> FitsHeader<'static> {
    let mut out = Vec::new();
    let primary = header.get("ZSIMPLE").is_some();
    if !put(&mut out, header, "ZSIMPLE", "SIMPLE") && !put(&mut out, header, "ZTENSION", "XTENSION")
    {
        out.extend(format!("{:<80}", "XTENSION= 'IMAGE   '").into_bytes());
    }
    let axes = header
        .integer("ZNAXIS")
        .ok()
        .flatten()
        .unwrap_or(0)
        .clamp(0, 999);
    for (from, to) in STRUCTURE {
        put(&mut out, header, from, to);
        let axes = if to == "NAXIS" { axes } else { 0 };
        for axis in 1..=axes {
            put(
                &mut out,
                header,
                &format!("ZNAXIS{axis}"),
                &format!("NAXIS{axis}"),
            );
        }
        if to == "NAXIS" && !primary {
            for (from, to, default) in [("ZPCOUNT", "PCOUNT", 0), ("ZGCOUNT", "GCOUNT", 1)] {
                if !put(&mut out, header, from, to) {
                    out.extend(format!("{:<80}", format!("{to:<8}= {default:>20}")).into_bytes());
                }
            }
        }
    }
    for card in header.cards() {
        let raw = card.raw();
        let keyword = card::text(card::keyword_bytes(raw)).into_owned();
        let renamed = RENAMED.iter().find(|pair| pair.0 == keyword);
        if let Some((from, to)) = renamed {
            put(&mut out, header, from, to);
        } else if keyword == "ZBLANK" && header.get("BLANK").is_none() && !is_float(header) {
            put(&mut out, header, "ZBLANK", "BLANK");
        } else if keyword == "EXTNAME" && card.value().as_text() == Some("COMPRESSED_IMAGE") {
            // The name that a compressor gives to what has none.
        } else if !is_of_table(&keyword) {
            out.extend_from_slice(raw);
        }
    }
    FitsHeader::of_cards(out)
}

fn is_float(header: &FitsHeader<'_>) -> bool {
    header
        .integer("ZBITPIX")
        .ok()
        .flatten()
        .is_some_and(|bitpix| bitpix < 0)
}

fn is_of_table(keyword: &str) -> bool {
    let digits = |stem: &str| {
        let number = keyword.strip_prefix(stem);
        number.is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    TABLE.contains(&keyword)
        || STRUCTURE.iter().any(|pair| pair.0 == keyword)
        || keyword == "ZBLANK"
        || NUMBERED.iter().any(|stem| digits(stem))
}

/// Appends the card of a keyword under another name; false when there is none.
fn put(out: &mut Vec<u8>, header: &FitsHeader<'_>, from: &str, to: &str) -> bool {
    let Some(card) = header.get(from) else {
        return false;
    };
    out.extend(format!("{to:<8}").into_bytes());
    out.extend_from_slice(card.raw().get(8..CARD).unwrap_or_default());
    true
}
