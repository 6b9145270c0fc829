//! A polygon on the sky: its centre, the circle around it, what lies in it, and the cells of `HEALPix` that it touches.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]

use super::healpix::{self, healpix_nested};
use std::collections::BTreeSet;

/// Cells that are listed at most; a region with more has a coarser order, or none.
const CELLS: usize = 1 << 14;
/// Points along a line at most.
const POINTS: f64 = 4096.0;
/// Regions that reach further from their centre are not images of a camera, and polygons of great circles no longer say what is inside.
const WIDEST: f64 = 80.0;

/// A polygon on the sphere whose sides are parts of great circles, smaller than half of the sky.
#[derive(Debug, Clone, PartialEq)]
pub struct SkyRegion {
    corners: Vec<[f64; 3]>,
    centre: [f64; 3],
    /// Degrees from the centre to the corner that is furthest away.
    reach: f64,
}

impl SkyRegion {
    /// The polygon with these corners, longitudes and latitudes in degrees; `None` when they are fewer than three, not all are positions, or
    /// they are more than 80 degrees from their middle.
    pub fn new(longitudes: &[f64], latitudes: &[f64]) -> Option<Self> {
        let is_position =
            |(lon, lat): (&f64, &f64)| lon.is_finite() && (-90.0..=90.0).contains(lat);
        let pairs = || longitudes.iter().zip(latitudes);
        let fits = longitudes.len() == latitudes.len() && longitudes.len() >= 3;
        if !fits || !pairs().all(is_position) {
            return None;
        }
        let corners: Vec<[f64; 3]> = pairs().map(|(lon, lat)| vector(*lon, *lat)).collect();
        let centre = unit(
            corners
                .iter()
                .fold([0.0; 3], |sum, corner| add(sum, *corner)),
        )?;
        let reach = corners.iter().map(|corner| separation(centre, *corner));
        let reach = reach.fold(0.0, f64::max);
        (reach < WIDEST).then_some(Self {
            corners,
            centre,
            reach,
        })
    }

    /// The polygon of a text as archives have it: `POLYGON ICRS lon lat ...`; `None` for other frames and shapes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let is_polygon = words.next()?.eq_ignore_ascii_case("POLYGON");
        let is_icrs = words.next()?.eq_ignore_ascii_case("ICRS");
        let numbers: Option<Vec<f64>> = words.map(|word| word.parse().ok()).collect();
        let numbers = numbers.filter(|_| is_polygon && is_icrs)?;
        let (pairs, rest) = numbers.as_chunks::<2>();
        let (longitudes, latitudes): (Vec<f64>, Vec<f64>) =
            pairs.iter().map(|[lon, lat]| (*lon, *lat)).unzip();
        Self::new(&longitudes, &latitudes).filter(|_| rest.is_empty())
    }

    /// Longitude and latitude of the middle of the corners, in degrees.
    pub fn centre(&self) -> [f64; 2] {
        position(self.centre)
    }

    /// Degrees from the centre to the corner that is furthest away.
    pub fn radius(&self) -> f64 {
        self.reach
    }

    /// Whether a position in degrees lies inside or on the edge.
    pub fn contains(&self, longitude: f64, latitude: f64) -> bool {
        let point = vector(longitude, latitude);
        // Around the point all corners go by once, or not at all.
        let mut turned = 0.0;
        for (a, b) in self.sides() {
            let (from, to) = (tangent(point, a), tangent(point, b));
            let (Some(from), Some(to)) = (from, to) else {
                return true;
            };
            turned += dot(point, cross(from, to)).atan2(dot(from, to));
        }
        dot(point, self.centre) > 0.0 && turned.abs() > std::f64::consts::PI
    }

    /// Degrees from a position to the nearest point of the region; 0 for one inside.
    pub fn distance(&self, longitude: f64, latitude: f64) -> f64 {
        if self.contains(longitude, latitude) {
            return 0.0;
        }
        let point = vector(longitude, latitude);
        let sides = self.sides().map(|(a, b)| distance_to_side(point, a, b));
        sides.fold(f64::INFINITY, f64::min)
    }

    /// Whether two regions have a point in common.
    pub fn touches(&self, other: &Self) -> bool {
        if separation(self.centre, other.centre) > self.radius() + other.radius() {
            return false;
        }
        let holds = |region: &Self, corner: [f64; 3]| {
            let [lon, lat] = position(corner);
            region.contains(lon, lat)
        };
        self.corners.iter().any(|corner| holds(other, *corner))
            || other.corners.iter().any(|corner| holds(self, *corner))
            || self
                .sides()
                .any(|(a, b)| other.sides().any(|(c, d)| cross_each_other(a, b, c, d)))
    }

    /// The cells of that order that the region touches, sorted; perhaps some right beside it. `None` when they are too many.
    pub fn cells(&self, order: u8) -> Option<Vec<i64>> {
        let step = (healpix::side(order.min(healpix::FINEST)) / 8.0).to_radians();
        let mut cells = BTreeSet::new();
        let add = |cells: &mut BTreeSet<i64>, point: [f64; 3]| {
            let [lon, lat] = position(point);
            cells.extend(healpix_nested(order, lon, lat));
            cells.len() <= CELLS
        };
        add(&mut cells, self.centre);
        for (a, b) in self.sides() {
            for point in line(a, b, step)? {
                // A corner of a cell that reaches in less than a step lies within a step of the edge.
                let (east, north) = axes(point);
                for (x, y) in AROUND {
                    let near = add3(point, scaled(east, x * step), scaled(north, y * step));
                    if !add(&mut cells, unit(near)?) {
                        return None;
                    }
                }
                for inner in line(self.centre, point, step)? {
                    if !add(&mut cells, inner) {
                        return None;
                    }
                }
            }
        }
        Some(cells.into_iter().collect())
    }

    fn sides(&self) -> impl Iterator<Item = ([f64; 3], [f64; 3])> {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }
}

/// A point and its neighbours.
const AROUND: [(f64, f64); 9] = [
    (0.0, 0.0),
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, 1.0),
    (0.0, -1.0),
    (0.7, 0.7),
    (-0.7, 0.7),
    (0.7, -0.7),
    (-0.7, -0.7),
];

/// Degrees between two positions in degrees.
pub fn sky_separation(a: [f64; 2], b: [f64; 2]) -> f64 {
    separation(vector(a[0], a[1]), vector(b[0], b[1]))
}

fn separation(a: [f64; 3], b: [f64; 3]) -> f64 {
    let across = cross(a, b);
    dot(across, across).sqrt().atan2(dot(a, b)).to_degrees()
}

/// Degrees from a point to the part of a great circle between two others.
fn distance_to_side(point: [f64; 3], a: [f64; 3], b: [f64; 3]) -> f64 {
    let ends = separation(point, a).min(separation(point, b));
    let Some(pole) = unit(cross(a, b)) else {
        return ends;
    };
    let is_between = dot(cross(pole, a), point) >= 0.0 && dot(cross(b, pole), point) >= 0.0;
    if is_between {
        dot(pole, point).abs().clamp(0.0, 1.0).asin().to_degrees()
    } else {
        ends
    }
}

/// Whether two parts of great circles, shorter than a quarter, meet.
fn cross_each_other(a: [f64; 3], b: [f64; 3], c: [f64; 3], d: [f64; 3]) -> bool {
    let (first, second) = (cross(a, b), cross(c, d));
    let sides = |pole: [f64; 3], x: [f64; 3], y: [f64; 3]| dot(pole, x) * dot(pole, y) <= 0.0;
    let is_near = dot(add(a, b), add(c, d)) > 0.0;
    is_near && sides(first, c, d) && sides(second, a, b)
}

/// Points of the great circle from one to the other, a step apart at most; `None` when they are too many.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "few points"
)]
fn line(a: [f64; 3], b: [f64; 3], step: f64) -> Option<impl Iterator<Item = [f64; 3]>> {
    let count = (separation(a, b).to_radians() / step).ceil().max(1.0);
    if count > POINTS {
        return None;
    }
    let points = (0..=count as u32).filter_map(move |number| {
        let part = f64::from(number) / count;
        unit(add(scaled(a, 1.0 - part), scaled(b, part)))
    });
    Some(points)
}

/// The direction from a point to another one, along the sphere.
fn tangent(point: [f64; 3], to: [f64; 3]) -> Option<[f64; 3]> {
    unit(add(to, scaled(point, -dot(point, to))))
}

/// East and north at a point.
fn axes(point: [f64; 3]) -> ([f64; 3], [f64; 3]) {
    let east = unit(cross([0.0, 0.0, 1.0], point)).unwrap_or([1.0, 0.0, 0.0]);
    (east, cross(point, east))
}

fn vector(longitude: f64, latitude: f64) -> [f64; 3] {
    let (sin_lon, cos_lon) = longitude.to_radians().sin_cos();
    let (sin_lat, cos_lat) = latitude.to_radians().sin_cos();
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

fn position([x, y, z]: [f64; 3]) -> [f64; 2] {
    let longitude = y.atan2(x).to_degrees().rem_euclid(360.0);
    [longitude, z.atan2(x.hypot(y)).to_degrees()]
}

fn unit(a: [f64; 3]) -> Option<[f64; 3]> {
    let length = dot(a, a).sqrt();
    (length > 1e-15).then(|| scaled(a, 1.0 / length))
}

fn dot([a, b, c]: [f64; 3], [x, y, z]: [f64; 3]) -> f64 {
    a * x + b * y + c * z
}

fn cross([a, b, c]: [f64; 3], [x, y, z]: [f64; 3]) -> [f64; 3] {
    [b * z - c * y, c * x - a * z, a * y - b * x]
}

fn add([a, b, c]: [f64; 3], [x, y, z]: [f64; 3]) -> [f64; 3] {
    [a + x, b + y, c + z]
}

fn add3(a: [f64; 3], b: [f64; 3], c: [f64; 3]) -> [f64; 3] {
    add(a, add(b, c))
}

fn scaled([a, b, c]: [f64; 3], by: f64) -> [f64; 3] {
    [a * by, b * by, c * by]
}
