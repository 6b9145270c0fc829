//! Headers that are written of WCS, read again (clauses F-100 and F-101): the coordinates are those that astropy has for the
//! headers that the WCS came from.

use super::wcs::{cases, largest, path_of, tolerance};
use super::{example, tree};
use asdf_core::convert::FitsReadOptions;
use asdf_core::fits::{CardValue, NewHeader};
use asdf_core::wcs::{Fidelity, SipCard, SipOptions, SipValue, Wcs};
use asdf_core::{AsdfFile, OpenOptions, WriteOptions};
use serde_json::Value;
use std::io::Cursor;

/// Degrees on the sky between astropy's coordinates and those of a header that was written.
const SAME: f64 = 1e-10;

/// A FITS file of one image with these cards.
fn image(cards: &[SipCard]) -> AsdfFile {
    let mut header = NewHeader::new();
    let mut push = |keyword: &str, value: CardValue| header.push(keyword, &value, "").unwrap();
    push("SIMPLE", CardValue::Logical(true));
    push("BITPIX", CardValue::Integer(8));
    let mut size = 1;
    for (keyword, value, _) in cards {
        let value = match value {
            SipValue::Integer(value) => CardValue::Integer((*value).into()),
            SipValue::Real(value) => CardValue::Float(*value),
            SipValue::Text(text) => CardValue::Text(text.clone()),
        };
        if let (true, CardValue::Integer(length)) =
            (keyword.starts_with("NAXIS") && keyword != "NAXIS", &value)
        {
            size *= usize::try_from(*length).unwrap();
        }
        push(keyword, value);
    }
    let mut bytes = header.raw().to_vec();
    bytes.extend(format!("{:<80}", "END").bytes());
    bytes.resize(bytes.len().next_multiple_of(2880), b' ');
    bytes.resize((bytes.len() + size).next_multiple_of(2880), 0);
    let file = OpenOptions::default().read_bytes(bytes, "back.fits");
    file.and_then(AsdfFile::with_hdu_tree).unwrap()
}

/// What is wrong with a header that was written of a WCS.
fn wrong(file: &AsdfFile, wcs: &Wcs, case: &Value, counts: &mut [usize; 3]) -> Option<String> {
    let name = case["name"].as_str().unwrap();
    let Ok(header) = file.wcs_header(wcs, &SipOptions::default()) else {
        return None;
    };
    match header.fidelity {
        Fidelity::Given => counts[0] += 1,
        Fidelity::Exact(_) => counts[1] += 1,
        _ => {
            counts[2] += 1;
            return None;
        }
    }
    let back = image(&header.cards);
    let alternate = case["key"]
        .as_str()
        .filter(|_| header.fidelity == Fidelity::Given);
    let path = alternate.map_or("fits/0/wcs".to_owned(), |letter| {
        format!("fits/0/wcs/{letter}")
    });
    match back.wcs(path.as_str()) {
        Ok(back) => {
            let error = largest(&back, case);
            (error > tolerance(name).max(SAME)).then(|| format!("{name}: {error:e} off"))
        }
        Err(error) => Some(format!("{name}: {error}")),
    }
}

#[test]
fn headers_come_back_with_their_cards() {
    let (file, cases) = cases("headers");
    let (mut found, mut counts) = (Vec::new(), [0; 3]);
    for (hdu, case) in cases.iter().enumerate() {
        // Physical pixels alone are not a header that says something of axes.
        if case["key"] == "P" {
            continue;
        }
        let wcs = file.wcs(path_of(hdu, case).as_str());
        if let (false, Ok(wcs)) = (case["world"].is_null(), wcs) {
            found.extend(wrong(&file, &wcs, case, &mut counts));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(counts[0] >= 400 && counts[2] == 0, "{counts:?}");
}

#[test]
fn trees_of_headers_become_headers_that_say_the_same() {
    let (_, cases) = cases("headers");
    let written = tree(
        &example("wcs/headers.fits.gz"),
        FitsReadOptions::default().wcs(true),
    );
    let mut draft = written.to_draft();
    for hdu in 0..cases.len() {
        draft.remove(format!("fits/{hdu}/header").as_str()).unwrap();
    }
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default()).unwrap();
    let bare = OpenOptions::default()
        .read_bytes(sink.into_inner(), "bare.asdf")
        .unwrap();
    let (mut found, mut counts) = (Vec::new(), [0; 3]);
    for (hdu, case) in cases.iter().enumerate() {
        let wcs = bare.wcs(format!("fits/{hdu}/wcs").as_str());
        if let (true, Ok(wcs)) = (case["key"].is_null() && !case["world"].is_null(), wcs) {
            found.extend(wrong(&bare, &wcs, case, &mut counts));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(counts[0] == 0 && counts[1] >= 200, "{counts:?}");
}

#[test]
fn an_image_of_the_sky_that_fits_cannot_say_is_fitted() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../test-data/made/roman_exposure.asdf"
    );
    let file = AsdfFile::open(path).unwrap();
    let wcs = file.wcs("roman/meta/wcs").unwrap();
    let header = file.wcs_header(&wcs, &SipOptions::default()).unwrap();
    match header.fidelity {
        Fidelity::Fitted(fit) => assert!(fit.error <= 0.25, "{}", fit.error),
        Fidelity::Exact(error) => assert!(error <= SAME),
        other => panic!("{other:?}"),
    }
}
