//! Positions on the sky as unit vectors.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]

use crate::transform::unit_vectors;

/// The coordinates that are a position on the sky.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sky {
    /// The place of the longitude among the coordinates.
    pub(super) longitude: usize,
    /// The place of the latitude.
    pub(super) latitude: usize,
    /// The unit of both in radians.
    pub(super) radians: f64,
}

impl Sky {
    /// The unit vector of a position.
    pub(super) fn vector(&self, longitude: f64, latitude: f64) -> [f64; 3] {
        let (sin_lon, cos_lon) = (longitude * self.radians).sin_cos();
        let (sin_lat, cos_lat) = (latitude * self.radians).sin_cos();
        [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
    }

    /// The unit vectors of all positions.
    pub(super) fn vectors(&self, world: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let column = |place: usize| world.get(place).map(Vec::as_slice).unwrap_or_default();
        unit_vectors(
            column(self.longitude),
            column(self.latitude),
            self.radians.to_degrees(),
        )
    }

    /// The position of a point of the columns of coordinates, in their unit.
    pub(super) fn position(&self, world: &[Vec<f64>], point: usize) -> (f64, f64) {
        let at = |place: usize| {
            let value = world.get(place).and_then(|column| column.get(point));
            value.copied().unwrap_or(f64::NAN)
        };
        (at(self.longitude), at(self.latitude))
    }

    /// True when a latitude is greater than a right angle: then the numbers are not positions.
    pub(super) fn beyond_poles(&self, world: &[Vec<f64>]) -> bool {
        let latitudes = world.get(self.latitude);
        latitudes.is_some_and(|column| {
            column
                .iter()
                .any(|latitude| is_beyond_pole(latitude * self.radians))
        })
    }
}

/// True of a latitude in radians of more than a right angle and what rounding may add.
pub(super) fn is_beyond_pole(latitude: f64) -> bool {
    const RIGHT: f64 = std::f64::consts::FRAC_PI_2 * (1.0 + 1e-9);
    latitude.abs() > RIGHT
}

/// The tangent plane at a position: the position, east and north as unit vectors.
#[derive(Debug, Clone, Copy)]
pub(super) struct TangentPlane {
    centre: [f64; 3],
    east: [f64; 3],
    north: [f64; 3],
}

impl TangentPlane {
    /// The plane at a longitude and latitude in radians.
    pub(super) fn at(longitude: f64, latitude: f64) -> Self {
        let (sin_lon, cos_lon) = longitude.sin_cos();
        let (sin_lat, cos_lat) = latitude.sin_cos();
        Self {
            centre: [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat],
            east: [-sin_lon, cos_lon, 0.0],
            north: [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
        }
    }

    /// Gnomonic coordinates of a direction, to the east and to the north, in radians; NaN for the half of the
    /// sky that cannot be seen.
    pub(super) fn project(&self, vector: [f64; 3]) -> (f64, f64) {
        let depth = dot(self.centre, vector);
        if depth > 0.0 {
            (
                dot(self.east, vector) / depth,
                dot(self.north, vector) / depth,
            )
        } else {
            (f64::NAN, f64::NAN)
        }
    }
}

fn dot([a, b, c]: [f64; 3], [x, y, z]: [f64; 3]) -> f64 {
    a * x + b * y + c * z
}
