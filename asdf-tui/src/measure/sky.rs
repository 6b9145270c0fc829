//! Systems in which positions on the sky are given, and the way from one to another.

use std::str::FromStr;

/// A system of coordinates on the sky.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkySystem {
    /// ICRS.
    Icrs,
    /// FK5 of the equinox J2000.
    Fk5,
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
        let [x, y, z] = matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum::<f64>());
        let longitude = y.atan2(x).to_degrees().rem_euclid(360.0);
        [longitude, z.atan2(x.hypot(y)).to_degrees()]
    }
}
