//! FITS headers beside those of the reference.

use asdf_core::{SipOptions, SipValue, Wcs};
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

/// `WRONG` and why, the greatest difference over the image in pixels, or why there is nothing to compare.
pub(crate) fn compare(wcs: &Wcs, expected: &Value) -> Result<String, String> {
    let Some(expected) = expected
        .as_object()
        .filter(|cards| !cards.contains_key("error"))
    else {
        return Ok(String::new());
    };
    let found = wcs
        .to_fits_sip(&SipOptions::default())
        .map_err(|error| error.to_string())?;
    let wanted: Header = expected
        .iter()
        .filter_map(|(key, value)| Some((key.clone(), value.as_f64()?)))
        .collect();
    let mut texts = Vec::new();
    let mut own = Header::new();
    for (keyword, value, _) in found.cards() {
        match value {
            SipValue::Integer(value) => own.insert(keyword, value as f64),
            SipValue::Real(value) => own.insert(keyword, value),
            SipValue::Text(text) => {
                texts.push((keyword, text));
                None
            }
        };
    }
    let stopped = wanted.contains_key("A_ORDER")
        && (0..10).all(|i| (0..10).all(|j| number(&wanted, &format!("A_{i}_{j}")) == 0.0));
    if stopped {
        // Its solver gave up, and the header has the linear fit under the degree that failed.
        let better = found.error <= number(&wanted, "SIPMXERR");
        return Ok(if better {
            format!(
                "the reference gives up at {:.2} pixels, here {:.3}",
                number(&wanted, "SIPMXERR"),
                found.error
            )
        } else {
            "WRONG: worse than the reference".to_owned()
        });
    }
    for (keyword, text) in texts {
        if expected
            .get(&keyword)
            .is_some_and(|wanted| wanted.as_str() != Some(&text))
        {
            return Ok(format!("WRONG {keyword} {text}"));
        }
    }
    for keyword in [
        "NAXIS1", "NAXIS2", "CRPIX1", "CRPIX2", "A_ORDER", "AP_ORDER",
    ] {
        if number(&own, keyword) != number(&wanted, keyword) {
            return Ok(format!(
                "WRONG {keyword} {} {}",
                number(&own, keyword),
                number(&wanted, keyword)
            ));
        }
    }
    for keyword in ["CRVAL1", "CRVAL2"] {
        // The reference writes 14 digits.
        if (number(&own, keyword) - number(&wanted, keyword)).abs() > 1e-10 {
            return Ok(format!("WRONG {keyword}"));
        }
    }
    let scale = (number(&own, "CD1_1") * number(&own, "CD2_2")
        - number(&own, "CD1_2") * number(&own, "CD2_1"))
    .abs()
    .sqrt();
    let mut most: f64 = 0.0;
    for x in [0.0, 0.25, 0.5, 0.75, 1.0] {
        for y in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let u = x * number(&own, "NAXIS1") - number(&own, "CRPIX1");
            let v = y * number(&own, "NAXIS2") - number(&own, "CRPIX2");
            let ((a, b), (c, d)) = (plane(&own, u, v), plane(&wanted, u, v));
            most = most.max((a - c).hypot(b - d) / scale);
        }
    }
    let same = (found.error - number(&wanted, "SIPMXERR")).abs() < 1e-6;
    Ok(if most < 1e-6 && same {
        format!("{most:.0e}")
    } else {
        format!(
            "WRONG {most:.1e} {} {}",
            found.error,
            number(&wanted, "SIPMXERR")
        )
    })
}
