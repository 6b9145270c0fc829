//! Keywords whose values are numbers. FITS 4.0, tables C.1, C.2 and 22 to 35.

/// Keywords as they are; those with an alternate WCS have its letter after them.
const PLAIN: [&str; 33] = [
    "DATAMAX", "DATAMIN", "EXTVER", "EXTLEVEL", "EPOCH", "EQUINOX", "EXPTIME", "EXPOSURE",
    "XPOSURE", "TELAPSE", "TSTART", "TSTOP", "TIMSYER", "TIMRDER", "TIMEDEL", "TIMEPIXR",
    "TIMEOFFS", "MJD-OBS", "MJD-AVG", "MJD-BEG", "MJD-END", "MJDREF", "JDREF", "JEPOCH", "BEPOCH",
    "OBSGEO-X", "OBSGEO-Y", "OBSGEO-Z", "OBSGEO-L", "OBSGEO-B", "OBSGEO-H", "MJDREFI", "MJDREFF",
];

/// Those that an alternate WCS may have, with its letter.
const LETTERED: [&str; 11] = [
    "WCSAXES", "EQUINOX", "LONPOLE", "LATPOLE", "RESTFRQ", "RESTWAV", "RESTFREQ", "VELOSYS",
    "ZSOURCE", "VELANGL", "RESTFRE",
];

/// Stems of keywords of an axis or a column: a number follows, and perhaps a letter.
const NUMBERED: [&str; 19] = [
    "CRVAL", "CRPIX", "CDELT", "CROTA", "CRDER", "CSYER", "CZPHS", "CPERI", "LTV", "TCRVL",
    "TCRPX", "TCDLT", "TCROT", "TDMIN", "TDMAX", "TLMIN", "TLMAX", "TCRD", "TCSY",
];

/// Stems of keywords of two axes, or of an axis and a parameter: `PC1_2A`.
const PAIRED: [&str; 5] = ["PC", "CD", "PV", "CDELTM", "LTM"];

/// True for a keyword of the standard, or one that all software takes for one (`EXPTIME`), whose value is a number.
pub fn is_numeric_keyword(keyword: &str) -> bool {
    let keyword = keyword.trim().to_ascii_uppercase();
    PLAIN.contains(&keyword.as_str())
        || LETTERED.contains(&without_letter(&keyword))
        || NUMBERED.iter().any(|stem| {
            let rest = keyword.strip_prefix(stem).map(without_letter);
            rest.is_some_and(is_number)
        })
        || PAIRED.iter().any(|stem| {
            let rest = keyword.strip_prefix(stem).map(without_letter);
            let pair = rest.and_then(|rest| rest.split_once('_'));
            pair.is_some_and(|(axis, other)| is_number(axis) && is_number(other))
        })
}

fn without_letter(keyword: &str) -> &str {
    match keyword.strip_suffix(|last: char| last.is_ascii_uppercase()) {
        Some(rest) if rest.ends_with(|last: char| last.is_ascii_digit()) => rest,
        Some(rest) if LETTERED.contains(&rest) => rest,
        _ => keyword,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_texts() {
        for keyword in [
            "CRVAL1", "crpix12A", "CD1_2", "PC2_1B", "PV2_10", "EQUINOX", "EQUINOXA", "LONPOLEC",
            "MJD-OBS", "EXPTIME", "CDELT3", "CROTA2", "DATAMAX", "EXTVER",
        ] {
            assert!(is_numeric_keyword(keyword), "{keyword}");
        }
        for keyword in [
            "CTYPE1", "CUNIT1A", "OBJECT", "DATE-OBS", "RADESYS", "CRVAL", "CD1", "CRVALX", "PV_1",
            "BUNIT", "PCOUNTS", "TTYPE1", "EXTNAME", "WCSNAME", "PC1_2_3",
        ] {
            assert!(!is_numeric_keyword(keyword), "{keyword}");
        }
    }
}
