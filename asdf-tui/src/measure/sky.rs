//! Systems in which positions on the sky are given, and the way from one to another.

use std::str::FromStr;

/// A system of coordinates on the sky.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkySystem {
    /// ICRS.
    Icrs,
    /// FK5 of the equinox J2000.
    Fk5,
    /// FK4 of the equinox B1950, at that epoch.
    Fk4,
    /// Galactic.
    Galactic,
}

impl FromStr for SkySystem {
    type Err = String;

    /// Reads a name as region files and WCS have it.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "icrs" => Ok(Self::Icrs),
            "fk5" | "j2000" => Ok(Self::Fk5),
            "galactic" => Ok(Self::Galactic),
            other => Err(format!(
                "positions in `{other}`; icrs, fk5 and galactic are known"
            )),
        }
    }
}

/// Rows of a rotation.
type Matrix = [[f64; 3]; 3];

/// A rotation of the axes by an angle in degrees, as `astropy` has it.
fn rotation(angle: f64, axis: usize) -> Matrix {
    let (sin, cos) = angle.to_radians().sin_cos();
    match axis {
        0 => [[1.0, 0.0, 0.0], [0.0, cos, sin], [0.0, -sin, cos]],
        1 => [[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]],
        _ => [[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]],
    }
}

/// From FK4 without the terms of aberration to FK5 (Murray 1989, A&A 218, 325, equation 28).
const FK4_TO_FK5: Matrix = [
    [
        0.999_925_679_495_687_7,
        -0.011_181_483_220_466_2,
        -0.004_859_003_815_359_2,
    ],
    [
        0.011_181_483_239_171_7,
        0.999_937_484_893_313_5,
        -0.000_027_162_594_714_2,
    ],
    [
        0.004_859_003_772_314_3,
        -0.000_027_170_293_744,
        0.999_988_194_602_374_2,
    ],
];
/// The part of the aberration that places of FK4 hold, of B1950 (Explanatory Supplement to the Astronomical Almanac).
const ABERRATION: [f64; 3] = [
    -1.625_574_151_689_434_7e-6,
    -3.191_905_371_563_791e-7,
    -1.384_290_671_929_659e-7,
];

fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A direction of FK4 without its part of the aberration.
fn without_aberration(at: [f64; 3]) -> [f64; 3] {
    let along = dot(&ABERRATION, &at);
    [0, 1, 2].map(|axis: usize| at[axis] - ABERRATION[axis] + along * at[axis])
}

/// The same with it.
fn with_aberration(at: [f64; 3]) -> [f64; 3] {
    let length = dot(&at, &at).sqrt();
    let at = at.map(|value| value / length);
    let sum = [0, 1, 2].map(|axis: usize| at[axis] + ABERRATION[axis]);
    let mut found = at;
    // Each step brings four digits more.
    for _ in 0..10 {
        let divisor = 1.0 + dot(&ABERRATION, &found);
        found = sum.map(|value| value / divisor);
    }
    found
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let entry = |row: &[f64; 3], column: usize| {
        row.iter()
            .zip(b)
            .map(|(own, other)| own * other[column])
            .sum()
    };
    a.map(|row| [entry(&row, 0), entry(&row, 1), entry(&row, 2)])
}

fn transposed(matrix: &Matrix) -> Matrix {
    [0, 1, 2].map(|column: usize| [matrix[0][column], matrix[1][column], matrix[2][column]])
}

impl SkySystem {
    /// The name in region files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Icrs => "icrs",
            Self::Fk5 => "fk5",
            Self::Fk4 => "fk4",
            Self::Galactic => "galactic",
        }
    }

    /// From FK5 into this system.
    fn of_fk5(self) -> Matrix {
        const MILLIARCSECONDS: f64 = 1.0 / 3_600_000.0;
        match self {
            Self::Fk5 => rotation(0.0, 2),
            Self::Icrs => {
                let bias = product(
                    &product(
                        &rotation(19.9 * MILLIARCSECONDS, 0),
                        &rotation(9.1 * MILLIARCSECONDS, 1),
                    ),
                    &rotation(-22.9 * MILLIARCSECONDS, 2),
                );
                transposed(&bias)
            }
            Self::Fk4 => transposed(&FK4_TO_FK5),
            Self::Galactic => product(
                &product(
                    &rotation(180.0 - 122.931_918_568_002_6, 2),
                    &rotation(90.0 - 27.128_251_180_856_22, 1),
                ),
                &rotation(192.859_481_206_534_8, 2),
            ),
        }
    }

    /// A position in degrees, longitude first, in another system.
    pub fn convert(self, [longitude, latitude]: [f64; 2], to: Self) -> [f64; 2] {
        if self == to {
            return [longitude, latitude];
        }
        let matrix = product(&to.of_fk5(), &transposed(&self.of_fk5()));
        let (sin_lon, cos_lon) = longitude.to_radians().sin_cos();
        let (sin_lat, cos_lat) = latitude.to_radians().sin_cos();
        let vector = [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat];
        let vector = match self {
            Self::Fk4 => without_aberration(vector),
            _ => vector,
        };
        let vector = matrix.map(|row| dot(&row, &vector));
        let [x, y, z] = match to {
            Self::Fk4 => with_aberration(vector),
            _ => vector,
        };
        let longitude = y.atan2(x).to_degrees().rem_euclid(360.0);
        [longitude, z.atan2(x.hypot(y)).to_degrees()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_fk4_are_those_of_astropy() {
        for (from, position, to, expected) in [
            (
                SkySystem::Fk4,
                [149.45, 2.44],
                SkySystem::Icrs,
                [150.096_277_182_602_53, 2.199_462_243_438_023_5],
            ),
            (
                SkySystem::Fk4,
                [10.5, -85.0],
                SkySystem::Galactic,
                [303.180_613_477_100_3, -32.397_646_210_682_43],
            ),
            (
                SkySystem::Icrs,
                [80.5, -69.5],
                SkySystem::Fk4,
                [80.595_003_425_089_74, -69.545_762_954_108_34],
            ),
        ] {
            let found = from.convert(position, to);
            // By way of FK5, where astropy goes straight to the galactic system: 10 microarcseconds.
            for (found, expected) in found.iter().zip(expected) {
                assert!(
                    (found - expected).abs() < 3e-9,
                    "{from:?} {found} {expected}"
                );
            }
        }
    }
}
