//! Where the pole of the projection's sphere is on the sky (Calabretta & Greisen 2002, section 2.4). What is decided by
//! rounding is decided as wcslib does (spec-notes F-58).

use std::f64::consts::PI;

/// Angles that differ by less are the same.
const ROUNDING: f64 = 1e-10;

/// The reference point of a projection on its own sphere, and what a header says of the pole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fiducial {
    /// Native longitude and latitude.
    pub(super) native: [f64; 2],
    /// `LONPOLE` and `LATPOLE`.
    pub(super) pole: [Option<f64>; 2],
}

/// Longitude and latitude of the native pole and the native longitude of the celestial pole, in degrees, from `CRVAL`.
/// `None` when there is no such pole.
#[expect(clippy::float_cmp, reason = "999 stands for no value")]
pub(super) fn native([longitude, latitude]: [f64; 2], fiducial: Fiducial) -> Option<[f64; 3]> {
    let [phi0, theta0] = fiducial.native;
    let [lonpole, latpole] = fiducial
        .pole
        .map(|angle| angle.filter(|angle| *angle != 999.0));
    if latitude.abs() > 90.0 + ROUNDING || theta0.abs() > 90.0 {
        return None;
    }
    let phi = lonpole.unwrap_or_else(|| {
        let phi = phi0 + if latitude < theta0 { 180.0 } else { 0.0 };
        wrapped(phi)
    });
    if theta0 >= 90.0 {
        return Some([longitude, latitude, phi]);
    }
    let turn = phi - phi0;
    let pole = latitude_of_pole(latitude, theta0, turn, latpole.unwrap_or(90.0))?;
    let longitude = longitude_of_pole([longitude, latitude], theta0, turn, pole)?;
    Some([longitude, pole, phi])
}

fn wrapped(angle: f64) -> f64 {
    if angle > 180.0 {
        angle - 360.0
    } else if angle < -180.0 {
        angle + 360.0
    } else {
        angle
    }
}

/// Equations 8 and 9: of two solutions that which is nearer to `LATPOLE`, and of two that are equally near the second.
fn latitude_of_pole(latitude: f64, theta0: f64, turn: f64, wanted: f64) -> Option<f64> {
    // The middle of the two solutions, and how far they are from it.
    let (middle, apart) = if turn == 0.0 {
        (theta0, 90.0 - latitude)
    } else {
        let (x, y) = (cosine(theta0) * cosine(turn), sine(theta0));
        let z = (x * x + y * y).sqrt();
        if z == 0.0 {
            return (sine(latitude) == 0.0).then_some(wanted.clamp(-90.0, 90.0));
        }
        let ratio = sine(latitude) / z;
        if ratio.abs() > 1.0 + ROUNDING {
            return None;
        }
        (degrees(y.atan2(x)), arc_cosine(ratio))
    };
    let (one, two) = (wrapped(middle + apart), wrapped(middle - apart));
    let valid = |angle: f64| angle.abs() < 90.0 + ROUNDING;
    let (near, far) = if (wanted - one).abs() < (wanted - two).abs() {
        (one, two)
    } else {
        (two, one)
    };
    let found = if valid(near) { near } else { far };
    valid(found).then(|| found.clamp(-90.0, 90.0))
}

/// Equation 10, and what it is at the poles.
fn longitude_of_pole(
    [longitude, latitude]: [f64; 2],
    theta0: f64,
    turn: f64,
    pole: f64,
) -> Option<f64> {
    let (sin_pole, cos_pole) = exact(pole);
    let z = cos_pole * cosine(latitude);
    if z.abs() < ROUNDING {
        return Some(if cosine(latitude).abs() < ROUNDING {
            // The reference point is a celestial pole.
            longitude
        } else if pole > 0.0 {
            longitude + turn - 180.0
        } else {
            longitude - turn
        });
    }
    let x = (sine(theta0) - sin_pole * sine(latitude)) / z;
    let y = if turn == 0.0 {
        0.0
    } else {
        sine(turn) * cosine(theta0) / cosine(latitude)
    };
    (x != 0.0 || y != 0.0).then(|| longitude - degrees(y.atan2(x)))
}

/// Not exact at right angles: what seems to have no solution there has two by rounding.
fn sine(degrees: f64) -> f64 {
    radians(degrees).sin()
}

fn cosine(degrees: f64) -> f64 {
    radians(degrees).cos()
}

/// Multiplied before it is divided, as wcslib does: the last digit decides between poles that are equally near.
fn radians(degrees: f64) -> f64 {
    degrees * PI / 180.0
}

fn degrees(radians: f64) -> f64 {
    radians * 180.0 / PI
}

fn arc_cosine(ratio: f64) -> f64 {
    if ratio >= 1.0 {
        0.0
    } else if ratio <= -1.0 {
        180.0
    } else if ratio == 0.0 {
        90.0
    } else {
        degrees(ratio.acos())
    }
}

/// Sine and cosine, exact at right angles.
fn exact(angle: f64) -> (f64, f64) {
    match angle.rem_euclid(360.0) {
        0.0 => (0.0, 1.0),
        90.0 => (1.0, 0.0),
        180.0 => (0.0, -1.0),
        270.0 => (-1.0, 0.0),
        _ => radians(angle).sin_cos(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fiducial, native};

    fn pole(crval: [f64; 2], native_point: [f64; 2], pole: [Option<f64>; 2]) -> Option<[f64; 3]> {
        let native_point = Fiducial {
            native: native_point,
            pole,
        };
        native(crval, native_point)
    }

    fn near(found: Option<[f64; 3]>, wanted: [f64; 3]) -> bool {
        let apart = |(found, wanted): (f64, f64)| ((found - wanted) % 360.0).abs();
        found.is_some_and(|found| {
            found
                .into_iter()
                .zip(wanted)
                .all(|pair| apart(pair) < 1e-12)
        })
    }

    #[test]
    fn the_reference_point_lies_where_the_header_has_it() {
        // At the native pole.
        let found = pole([10.0, 20.0], [0.0, 90.0], [None, None]);
        assert_eq!(found, Some([10.0, 20.0, 180.0]));
        // On the native equator, which is that of the sky, and which is tilted.
        let found = pole([10.0, 0.0], [0.0, 0.0], [None, None]);
        assert!(near(found, [-170.0, 90.0, 0.0]), "{found:?}");
        let [longitude, latitude, _] = pole([10.0, 30.0], [0.0, 0.0], [None, None]).unwrap();
        assert!((latitude - 60.0).abs() < 1e-12 && (longitude + 170.0).abs() < 1e-12);
    }

    /// Latitude and native longitude of the pole as astropy 8.0.2 has them in `wcs.latpole` and `wcs.lonpole` after
    /// `wcs.set()`, for `RA---CAR` with `CRVAL1 = 150` and the `CRVAL2`, `LONPOLE`, `LATPOLE` of the row.
    #[test]
    fn a_tie_of_two_poles_is_decided_as_wcslib_does() {
        let rows = [
            (0.0, None, 0.0, Some((-90.0, 0.0))),
            (20.0, None, 0.0, Some((-70.0, 0.0))),
            (-20.0, None, 0.0, Some((70.0, 180.0))),
            (0.0, Some(90.0), 0.0, Some((-90.0, 90.0))),
            (20.0, Some(90.0), 0.0, None),
            (-20.0, Some(90.0), 30.0, None),
            (0.0, Some(45.0), 0.0, Some((-90.0, 45.0))),
            (20.0, Some(45.0), 0.0, Some((-61.073_350_700_240_056, 45.0))),
            (-20.0, Some(45.0), 0.0, None),
            (0.0, None, 30.0, Some((90.0, 0.0))),
            (0.0, Some(90.0), 30.0, Some((90.0, 90.0))),
            (20.0, Some(45.0), 30.0, Some((61.073_350_700_240_056, 45.0))),
        ];
        for (latitude, lonpole, latpole, wanted) in rows {
            let found = pole([150.0, latitude], [0.0, 0.0], [lonpole, Some(latpole)]);
            let found = found.map(|[_, latitude, phi]| (latitude, phi));
            let agrees = match (found, wanted) {
                (Some(found), Some(wanted)) => {
                    (found.0 - wanted.0).abs() < 1e-12 && (found.1 - wanted.1).abs() < 1e-12
                }
                (None, None) => true,
                _ => false,
            };
            assert!(
                agrees,
                "{latitude} {lonpole:?} {latpole}: {found:?}, expected {wanted:?}"
            );
        }
    }

    #[test]
    fn the_reference_point_may_be_elsewhere_on_the_native_sphere() {
        // TAN with PV1_1 = 10 and PV1_2 = 60, as astropy has it.
        let found = pole([150.0, 2.2], [10.0, 60.0], [None, None]).unwrap();
        assert!(
            (found[1] - 32.2).abs() < 1e-12 && (found[2] + 170.0).abs() < 1e-12,
            "{found:?}"
        );
    }

    #[test]
    fn a_pole_that_cannot_be_is_none() {
        // The reference point at 80 degrees cannot be on an equator turned by 90 degrees.
        assert_eq!(pole([0.0, 80.0], [0.0, 0.0], [Some(90.0), None]), None);
    }
}
