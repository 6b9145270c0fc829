//! The cards of the header that a WCS was read from.

use super::super::header;
use super::super::{SipCard, SipValue, Wcs};
use super::SAME;
use super::native;
use crate::file::AsdfFile;
use crate::fits::{CardValue, FitsCard, FitsHeader};
use crate::tree::{Node, PathStep, TreePath};

/// Keywords of a WCS that have neither the number of an axis nor a letter after them.
const ALONE: &[&str] = &[
    "RADECSYS", "EPOCH", "RESTFREQ", "VELREF", "OBSGEO-X", "OBSGEO-Y", "OBSGEO-Z", "OBSGEO-B",
    "OBSGEO-L", "OBSGEO-H", "MJD-OBS", "MJD-AVG", "MJD-BEG", "MJD-END", "DATE-OBS", "DATE-AVG",
    "DATE-BEG", "DATE-END", "DATEREF", "MJDREF", "MJDREFI", "MJDREFF", "JDREF", "JDREFI", "JDREFF",
    "TIMESYS", "TIMEUNIT", "TREFPOS", "TREFDIR", "TIMEOFFS", "PLEPHEM", "DSUN_OBS", "HGLN_OBS",
    "HGLT_OBS", "CRLN_OBS", "CRLT_OBS", "HEEX_OBS", "HEEY_OBS", "HEEZ_OBS", "SOLAR_B0", "RSUN_REF",
    "A_RADIUS", "B_RADIUS", "C_RADIUS", "BDIS_OBS", "A_ORDER", "B_ORDER", "AP_ORDER", "BP_ORDER",
    "A_DMAX", "B_DMAX", "AXISCORR", "XPIXELSZ", "YPIXELSZ",
];
/// Keywords with a letter after them in alternate descriptions.
const OF_DESCRIPTION: &[&str] = &[
    "WCSAXES", "WCSNAME", "LONPOLE", "LATPOLE", "RADESYS", "EQUINOX", "SPECSYS", "SSYSOBS",
    "SSYSSRC", "RESTFRQ", "RESTWAV", "VELOSYS", "VELANGL", "ZSOURCE",
];
/// Keywords with the number of an axis.
const OF_AXIS: &[&str] = &[
    "CTYPE", "CRPIX", "CRVAL", "CDELT", "CUNIT", "CROTA", "CNAME", "CRDER", "CSYER", "CZPHS",
    "CPERI",
];
/// Keywords that go on with a number, two numbers or the name of a record.
const NUMBERED: &[&str] = &[
    "PC", "CD", "PV", "PS", "PROJP", "WAT", "LTV", "LTM", "A_", "B_", "AP_", "BP_", "CPDIS", "DP",
    "CPERR", "CQDIS", "DQ", "CQERR", "D2IMDIS", "D2IM", "AMDX", "AMDY", "AMDREX", "AMDREY", "PPO",
    "CNPIX", "PLTRA", "PLTDEC",
];

/// The cards; `None` where no header of the file has this WCS.
pub(super) fn cards(file: &AsdfFile, wcs: &Wcs) -> Option<Vec<SipCard>> {
    let (place, alternate) = holder(wcs.path())?;
    if let Some(header) = header::fits_header(file, &place) {
        return of_header(file, wcs, &header, &alternate);
    }
    let node = file.node(&place).ok()?;
    let header = node.get("header").or_else(|| {
        let wcs = file.node(wcs.path()).ok()?;
        let list = wcs.get("hdulist").and_then(Node::as_seq)?;
        list.iter().next()?.get("header")
    })?;
    let cards = header::cards(header).ok()?;
    of_header(file, wcs, &cards.read(), &alternate)
}

/// The mapping that a WCS of a header stands in, and the letter of an alternate description.
fn holder(path: &TreePath) -> Option<(TreePath, String)> {
    let (last, before) = path.steps().split_last()?;
    let PathStep::Key(last) = last else {
        return None;
    };
    let is_letter = last.len() == 1 && last.bytes().all(|letter| letter.is_ascii_uppercase());
    match before.split_last() {
        Some((PathStep::Key(key), rest)) if &**key == "wcs" && is_letter => {
            Some((TreePath::from(rest.to_vec()), last.to_string()))
        }
        _ => Some((TreePath::from(before.to_vec()), String::new())),
    }
}

/// The cards of a description, if they still say what the WCS does.
fn of_header(
    file: &AsdfFile,
    wcs: &Wcs,
    header: &FitsHeader<'_>,
    alternate: &str,
) -> Option<Vec<SipCard>> {
    let read = header::of_cards(file, header, alternate, wcs.path())?;
    native::difference(wcs, &read).filter(|error| *error <= SAME)?;
    let mut cards = lengths(wcs)?;
    for card in header.cards() {
        let keyword = card.keyword();
        if is_of_wcs(&keyword, alternate) {
            cards.extend(one(card));
        }
    }
    Some(cards)
}

/// `NAXIS` and the lengths of the axes.
pub(super) fn lengths(wcs: &Wcs) -> Option<Vec<SipCard>> {
    let lengths: Vec<u64> = match wcs.pixel_shape() {
        Some(shape) => shape.to_vec(),
        None => wcs.ends().unwrap_or_default(),
    };
    let count = i64::try_from(lengths.len()).ok()?;
    let integer = |value: u64| SipValue::Integer(i64::try_from(value).unwrap_or(i64::MAX));
    let mut cards = Vec::new();
    if count > 0 {
        let comment = "number of array dimensions";
        cards.push(("NAXIS".to_owned(), SipValue::Integer(count), comment));
    }
    let axes = lengths.into_iter().zip(1..);
    cards.extend(axes.map(|(length, axis)| (format!("NAXIS{axis}"), integer(length), "")));
    Some(cards)
}

/// A card as it is to be written; none of what has no value.
fn one(card: FitsCard<'_>) -> Option<SipCard> {
    let value = match card.value() {
        CardValue::Integer(value) => SipValue::Integer(i64::try_from(value).ok()?),
        CardValue::Float(value) => SipValue::Real(value),
        CardValue::Text(text) => SipValue::Text(text),
        _ => return None,
    };
    Some((card.keyword().into_owned(), value, ""))
}

/// True for the keywords of a description of the axes, or of all of them.
pub(super) fn is_of_wcs(keyword: &str, alternate: &str) -> bool {
    if ALONE.contains(&keyword) {
        return true;
    }
    let Some(stem) = keyword.strip_suffix(alternate) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let after = |names: &[&str]| {
        let rest = names.iter().filter_map(|name| stem.strip_prefix(name));
        rest.map(str::to_owned).collect::<Vec<_>>()
    };
    let is_numbered = |rest: &String| {
        let mut parts = rest.splitn(2, ['_', '.']);
        let first = parts.next().is_some_and(digits);
        first && parts.next().is_none_or(|rest| !rest.is_empty())
    };
    // Of plates: PLTRAH, PLTDECSN.
    let is_of_plate = |rest: &String| matches!(rest.as_str(), "H" | "M" | "S" | "D" | "SN");
    OF_DESCRIPTION.contains(&stem)
        || after(OF_AXIS).iter().any(|rest| digits(rest))
        || after(NUMBERED).iter().any(is_numbered)
        || (alternate.is_empty() && after(&["PLTRA", "PLTDEC"]).iter().any(is_of_plate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_of_a_description_are_known_by_their_letter() {
        for keyword in [
            "CTYPE1",
            "CD1_2",
            "PC01_02",
            "PV2_13",
            "A_2_0",
            "WAT1_001",
            "DP1.EXTVER",
            "LONPOLE",
            "RADECSYS",
            "PLTDECSN",
            "PLTRAH",
            "CD001002",
            "OBSGEO-X",
            "LTM1_1",
            "AMDX12",
        ] {
            assert!(is_of_wcs(keyword, ""), "{keyword}");
        }
        for keyword in [
            "CTYPE1A", "PVALUE", "DATE", "BITPIX", "CDELT", "A_B", "EXPTIME", "PLTLABEL",
        ] {
            assert!(!is_of_wcs(keyword, ""), "{keyword}");
        }
        assert!(
            is_of_wcs("CTYPE1A", "A") && is_of_wcs("RADESYSA", "A") && !is_of_wcs("CTYPE1", "A")
        );
    }
}
