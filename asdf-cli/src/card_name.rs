//! `SCI:EXPTIME`: a card of a FITS header, by the name or the number of the HDU and the keyword.

use asdf_core::AsdfFile;
use asdf_core::fits::{FitsFile, Hdu};
use asdf_core::inspect::PathPattern;

/// The HDU and the keyword; neither has what only paths have. `SCI,2` is the second version.
pub(crate) fn parse(text: &str) -> Option<(&str, &str)> {
    let (hdu, keyword) = text.split_once(':')?;
    let is_name = |text: &str| {
        let fits = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | ' ');
        !text.is_empty() && text.chars().all(fits)
    };
    let name = hdu.split_once(',').map_or(hdu, |(name, version)| {
        if version.parse::<i64>().is_ok() {
            name
        } else {
            hdu
        }
    });
    (is_name(name) && is_name(keyword)).then_some((hdu, keyword))
}

/// The HDU of that name or number.
pub(crate) fn find<'f>(fits: &'f FitsFile, hdu: &str) -> Option<Hdu<'f>> {
    if let Ok(index) = hdu.parse() {
        return fits.hdu(index).ok();
    }
    match hdu.split_once(',') {
        Some((name, version)) => fits.find(name, Some(version.parse().ok()?)),
        None => fits.find(hdu, None),
    }
}

/// The path of a card that a file has and that is named so; a key of the tree comes first.
pub(crate) fn as_path(file: &AsdfFile, path: &PathPattern) -> Option<PathPattern> {
    let (fits, text) = (file.fits()?, path.to_string());
    let (hdu, keyword) = parse(&text)?;
    if file.select_one(path, false).is_ok() {
        return None;
    }
    let index = find(fits, hdu)?.index();
    // The HDUs stand at another key when the tree has this one.
    let places = ["fits", "fits_"].map(|root| format!("{root}/{index}/header[\"{keyword}\"]"));
    let mut patterns = places.iter().filter_map(|place| place.parse().ok());
    patterns.find(|place| file.select_one(place, false).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_an_hdu_and_a_keyword() {
        for (text, wanted) in [
            ("SCI:EXPTIME", Some(("SCI", "EXPTIME"))),
            ("SCI,2:EXPTIME", Some(("SCI,2", "EXPTIME"))),
            ("0:ESO DET ID", Some(("0", "ESO DET ID"))),
            ("SCI,x:EXPTIME", None),
            ("a[0:3]", None),
            ("[\"SCI:EXPTIME\"]", None),
            ("meta.a:b", None),
            ("SCI:", None),
        ] {
            assert_eq!(parse(text), wanted, "{text}");
        }
    }
}
