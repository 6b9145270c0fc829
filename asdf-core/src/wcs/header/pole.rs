//! Where the pole of the projection's sphere is on the sky (Calabretta & Greisen 2002, section 2.4).

/// Longitude and latitude of the native pole and the native longitude of the celestial pole, in degrees, from `CRVAL`, the native
/// latitude of the reference point, `LONPOLE` and `LATPOLE`. `None` when there is no such pole.
pub(super) fn native(
    [longitude, latitude]: [f64; 2],
    reference: f64,
    [lonpole, latpole]: [Option<f64>; 2],
) -> Option<[f64; 3]> {
    let default = if latitude >= reference { 0.0 } else { 180.0 };
    let phi = lonpole.unwrap_or(default);
    if reference >= 90.0 {
        return Some([longitude, latitude, phi]);
    }
    let pole = latitude_of_pole(latitude, reference, phi, latpole.unwrap_or(90.0))?;
    Some([
        longitude_of_pole([longitude, latitude], reference, phi, pole),
        pole,
        phi,
    ])
}

/// Equations 8 and 9: of two solutions that which is nearer to `LATPOLE`.
fn latitude_of_pole(latitude: f64, reference: f64, phi: f64, wanted: f64) -> Option<f64> {
    const ROUNDING: f64 = 1e-10;
    let (sin_reference, cos_reference) = sin_cos(reference);
    let (sin_phi, cos_phi) = sin_cos(phi);
    let (x, y) = (cos_reference * cos_phi, sin_reference);
    let z = x.hypot(y);
    if z == 0.0 {
        // Any latitude would do, if the reference point is on the equator: LATPOLE says which.
        return (latitude.abs() < ROUNDING).then_some(wanted.clamp(-90.0, 90.0));
    }
    let root = (1.0 - (cos_reference * sin_phi).powi(2)).sqrt();
    let cosine = sin_cos(latitude).0 / root;
    if cosine.abs() > 1.0 + ROUNDING {
        return None;
    }
    let turn = cosine.clamp(-1.0, 1.0).acos().to_degrees();
    let middle = y.atan2(x).to_degrees();
    let wrapped = |angle: f64| {
        if angle > 180.0 {
            angle - 360.0
        } else if angle < -180.0 {
            angle + 360.0
        } else {
            angle
        }
    };
    let valid = |angle: f64| (angle.abs() <= 90.0 + ROUNDING).then(|| angle.clamp(-90.0, 90.0));
    match (valid(wrapped(middle + turn)), valid(wrapped(middle - turn))) {
        (Some(one), Some(two)) if (wanted - one).abs() < (wanted - two).abs() => Some(one),
        (Some(one), None) => Some(one),
        (_, two) => two,
    }
}

/// Equation 10, and what it is at the poles.
fn longitude_of_pole([longitude, latitude]: [f64; 2], reference: f64, phi: f64, pole: f64) -> f64 {
    const ROUNDING: f64 = 1e-10;
    let (sin_reference, cos_reference) = sin_cos(reference);
    let (sin_latitude, cos_latitude) = sin_cos(latitude);
    let (sin_pole, cos_pole) = sin_cos(pole);
    let z = cos_pole * cos_latitude;
    if z.abs() < ROUNDING {
        if cos_latitude.abs() < ROUNDING {
            // The reference point is a celestial pole.
            return longitude;
        }
        return if pole > 0.0 {
            longitude + phi - 180.0
        } else {
            longitude - phi
        };
    }
    let x = (sin_reference - sin_pole * sin_latitude) / z;
    let y = sin_cos(phi).0 * cos_reference / cos_latitude;
    if x == 0.0 && y == 0.0 {
        return longitude;
    }
    longitude - y.atan2(x).to_degrees()
}

fn sin_cos(degrees: f64) -> (f64, f64) {
    // Exact where poles and equators are told apart.
    match degrees.rem_euclid(360.0) {
        0.0 => (0.0, 1.0),
        90.0 => (1.0, 0.0),
        180.0 => (0.0, -1.0),
        270.0 => (-1.0, 0.0),
        _ => degrees.to_radians().sin_cos(),
    }
}

#[cfg(test)]
mod tests {
    use super::native;

    #[test]
    fn the_reference_point_lies_where_the_header_has_it() {
        // At the native pole.
        let found = native([10.0, 20.0], 90.0, [None, None]);
        assert_eq!(found, Some([10.0, 20.0, 180.0]));
        // On the native equator, which is that of the sky, and which is tilted.
        let found = native([10.0, 0.0], 0.0, [None, None]);
        assert_eq!(found, Some([-170.0, 90.0, 0.0]));
        let [longitude, latitude, _] = native([10.0, 30.0], 0.0, [None, None]).unwrap();
        assert!((latitude - 60.0).abs() < 1e-12 && (longitude + 170.0).abs() < 1e-12);
    }

    #[test]
    fn latpole_decides_alone_where_every_latitude_would_do() {
        let found = native([10.0, 0.0], 0.0, [Some(90.0), Some(35.0)]);
        assert_eq!(found, Some([-80.0, 35.0, 90.0]));
    }

    #[test]
    fn a_pole_that_cannot_be_is_none() {
        // The reference point at 80 degrees cannot be on an equator turned by 90 degrees.
        assert_eq!(native([0.0, 80.0], 0.0, [Some(90.0), None]), None);
    }
}
