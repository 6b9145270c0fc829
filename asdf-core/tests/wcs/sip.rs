//! FITS headers beside those of the reference.

use asdf_core::wcs::{SipOptions, SipValue, Wcs};
use serde_json::Value;
use std::collections::BTreeMap;

/// Numbers of a header by keyword.
type Header = BTreeMap<String, f64>;

fn number(header: &Header, keyword: &str) -> f64 {
    header.get(keyword).copied().unwrap_or(0.0)
}

/// Where a header puts a pixel, relative to its reference pixel, in the tangent plane in degrees.
fn plane(header: &Header, u: f64, v: f64) -> (f64, f64) {
    let polynomial = |name: &str| -> f64 {
        let mut sum = 0.0;
        for i in 0..10 {
            for j in 0..10 {
                let value = number(header, &format!("{name}_{i}_{j}"));
                sum += value * u.powi(i) * v.powi(j);
            }
        }
        sum
    };
    let (u, v) = (u + polynomial("A"), v + polynomial("B"));
    let cd = |keyword: &str| number(header, keyword);
    (
        cd("CD1_1") * u + cd("CD1_2") * v,
        cd("CD2_1") * u + cd("CD2_2") * v,
    )
}

/// Numbers and texts of a header, and how wrong it is.
type Cards = (Header, Vec<(String, String)>, f64);

/// What the header that is found has.
fn cards(wcs: &Wcs) -> Result<Cards, String> {
    let found = wcs.to_fits_sip(&SipOptions::default());
    let found = found.map_err(|error| error.to_string())?;
    let (mut numbers, mut texts) = (Header::new(), Vec::new());
    for (keyword, value, _) in found.cards() {
        match value {
            SipValue::Integer(value) => {
                numbers.insert(keyword, f64::from(i32::try_from(value).unwrap()));
            }
            SipValue::Real(value) => {
                numbers.insert(keyword, value);
            }
            SipValue::Text(text) => texts.push((keyword, text)),
        }
    }
    Ok((numbers, texts, found.error))
}

/// The greatest distance of both headers over the image in pixels.
fn apart(own: &Header, wanted: &Header) -> f64 {
    let cd = |keyword: &str| number(own, keyword);
    let scale = (cd("CD1_1") * cd("CD2_2") - cd("CD1_2") * cd("CD2_1"))
        .abs()
        .sqrt();
    let mut most: f64 = 0.0;
    for x in [0.0, 0.25, 0.5, 0.75, 1.0] {
        for y in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let across = x * number(own, "NAXIS1") - number(own, "CRPIX1");
            let along = y * number(own, "NAXIS2") - number(own, "CRPIX2");
            let (here, there) = (plane(own, across, along), plane(wanted, across, along));
            most = most.max((here.0 - there.0).hypot(here.1 - there.1) / scale);
        }
    }
    most
}

/// `WRONG` and why, the greatest difference over the image in pixels, or why there is nothing to compare.
pub(crate) fn compare(wcs: &Wcs, expected: &Value) -> Result<String, String> {
    let cards_wanted = expected.as_object();
    let Some(expected) = cards_wanted.filter(|cards| !cards.contains_key("error")) else {
        return Ok(String::new());
    };
    let (own, texts, error) = cards(wcs)?;
    let numbers = expected.iter();
    let wanted: Header = numbers
        .filter_map(|(key, value)| Some((key.clone(), value.as_f64()?)))
        .collect();
    let their_error = number(&wanted, "SIPMXERR");
    let empty =
        |i: i32| (0..10).all(|j| number(&wanted, &format!("A_{i}_{j}")).abs() < f64::MIN_POSITIVE);
    if wanted.contains_key("A_ORDER") && (0..10).all(empty) {
        // Its solver gave up, and the header has the linear fit under the degree that failed.
        return Ok(if error <= their_error {
            format!("the reference gives up at {their_error:.2} pixels, here {error:.3}")
        } else {
            "WRONG: worse than the reference".to_owned()
        });
    }
    let differs = |(keyword, text): &&(String, String)| {
        let wanted = expected.get(keyword.as_str());
        wanted.is_some_and(|wanted| wanted.as_str() != Some(text))
    };
    if let Some((keyword, text)) = texts.iter().find(differs) {
        return Ok(format!("WRONG {keyword} {text}"));
    }
    for (keyword, tolerance) in [
        ("NAXIS1", 0.0),
        ("NAXIS2", 0.0),
        ("CRPIX1", 0.0),
        ("CRPIX2", 0.0),
        ("A_ORDER", 0.0),
        ("AP_ORDER", 0.0),
        // The reference writes 14 digits.
        ("CRVAL1", 1e-10),
        ("CRVAL2", 1e-10),
    ] {
        if (number(&own, keyword) - number(&wanted, keyword)).abs() > tolerance {
            return Ok(format!("WRONG {keyword}"));
        }
    }
    let most = apart(&own, &wanted);
    Ok(if most < 1e-6 && (error - their_error).abs() < 1e-6 {
        format!("{most:.0e}")
    } else {
        format!("WRONG {most:.1e} {error} {their_error}")
    })
}
