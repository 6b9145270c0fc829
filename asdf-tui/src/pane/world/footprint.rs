//! The footprint of an image as lines on a small chart of the sky.

use crate::raster::{latitude_label, longitude_label, spacing};
use asdf_core::wcs::{Extent, Wcs};

/// Lines on the tangent plane at the middle of an image: degrees to the east and to the north.
#[derive(Debug, Clone, PartialEq)]
pub struct SkyChart {
    /// The edge of the image.
    pub outline: Vec<[f64; 2]>,
    /// The point that was asked for.
    pub point: Option<[f64; 2]>,
    /// Meridians and parallels, each with its label.
    pub lines: Vec<GridLine>,
    /// How far the chart reaches from the middle.
    pub reach: f64,
}

/// A meridian or a parallel.
#[derive(Debug, Clone, PartialEq)]
pub struct GridLine {
    /// What it is called.
    pub label: String,
    /// Whether it is a meridian.
    pub is_meridian: bool,
    /// Its points.
    pub points: Vec<[f64; 2]>,
}

/// Points along an edge of the image, and along a line of the grid.
const STEPS: u32 = 24;
/// The greatest image that a tangent plane shows, in degrees from its middle.
const WIDEST: f64 = 50.0;

/// The tangent plane at a position.
struct Plane {
    longitude: f64,
    latitude: f64,
}

impl Plane {
    fn project(&self, [longitude, latitude]: [f64; 2]) -> Option<[f64; 2]> {
        let (sin, cos) = (longitude - self.longitude).to_radians().sin_cos();
        let (sin_lat, cos_lat) = latitude.to_radians().sin_cos();
        let (sin_mid, cos_mid) = self.latitude.to_radians().sin_cos();
        let depth = sin_mid * sin_lat + cos_mid * cos_lat * cos;
        let east = cos_lat * sin / depth;
        let north = (cos_mid * sin_lat - sin_mid * cos_lat * cos) / depth;
        let found = [east, north].map(f64::to_degrees);
        (depth > 0.05 && found.iter().all(|value| value.is_finite())).then_some(found)
    }
}

impl SkyChart {
    /// The chart of an image of the sky; `None` of other ones, and where no extent is known.
    pub fn of(wcs: &Wcs, point: &[f64]) -> Option<Self> {
        let corners = wcs.corners(Extent::Edges).ok()?;
        let [x, y] = corners.as_slice() else {
            return None;
        };
        let corners: Vec<[f64; 2]> = x.iter().zip(y).map(|(x, y)| [*x, *y]).collect();
        let mut places = Vec::new();
        for (from, to) in corners.iter().zip(corners.iter().cycle().skip(1)) {
            for step in 0..STEPS {
                let part = f64::from(step) / f64::from(STEPS);
                places.push([0, 1].map(|axis: usize| {
                    let (a, b) = (from.get(axis).copied(), to.get(axis).copied());
                    let (a, b) = (a.unwrap_or(0.0), b.unwrap_or(0.0));
                    a + (b - a) * part
                }));
            }
        }
        let sky = positions(wcs, &places)?;
        let middle = middle(&sky)?;
        let plane = Plane {
            longitude: middle[0],
            latitude: middle[1],
        };
        let outline: Vec<[f64; 2]> = sky
            .iter()
            .map(|place| plane.project(*place))
            .collect::<Option<_>>()?;
        let far = outline
            .iter()
            .map(|[east, north]| east.abs().max(north.abs()));
        let reach = far.fold(0.0, f64::max) * 1.15;
        if !(1e-9..WIDEST).contains(&reach) {
            return None;
        }
        let own = positions(wcs, &[[*point.first()?, *point.get(1)?]]);
        let own = own.and_then(|own| plane.project(*own.first()?));
        Some(Self {
            outline,
            point: own,
            lines: lines(&plane, reach, has_hours(wcs)),
            reach,
        })
    }
}

fn positions(wcs: &Wcs, places: &[[f64; 2]]) -> Option<Vec<[f64; 2]>> {
    let axis = |axis: usize| -> Vec<f64> {
        places
            .iter()
            .filter_map(|place| place.get(axis).copied())
            .collect()
    };
    let [longitude, latitude] = wcs.sky_positions(&axis(0), &axis(1)).ok()?;
    let found: Vec<[f64; 2]> = longitude
        .into_iter()
        .zip(latitude)
        .map(|(lon, lat)| [lon, lat])
        .collect();
    found
        .iter()
        .flatten()
        .all(|value| value.is_finite())
        .then_some(found)
}

/// The direction in the middle of positions.
fn middle(sky: &[[f64; 2]]) -> Option<[f64; 2]> {
    let mut sum = [0.0; 3];
    for [longitude, latitude] in sky {
        let (sin_lon, cos_lon) = longitude.to_radians().sin_cos();
        let (sin_lat, cos_lat) = latitude.to_radians().sin_cos();
        for (sum, part) in sum
            .iter_mut()
            .zip([cos_lat * cos_lon, cos_lat * sin_lon, sin_lat])
        {
            *sum += part;
        }
    }
    let [x, y, z] = sum;
    let flat = x.hypot(y);
    (flat.hypot(z) > 1e-6).then(|| {
        [
            y.atan2(x).to_degrees().rem_euclid(360.0),
            z.atan2(flat).to_degrees(),
        ]
    })
}

/// Whether longitudes are right ascensions, which are written in hours.
fn has_hours(wcs: &Wcs) -> bool {
    let frame = wcs.steps().last().and_then(|step| step.frame.celestial());
    let reference = frame.and_then(|frame| frame.reference_frame());
    reference.is_none_or(|reference| {
        let name = &*reference.name;
        name != "galactic" && !name.contains("ecliptic")
    })
}

/// Meridians and parallels through the chart.
fn lines(plane: &Plane, reach: f64, has_hours: bool) -> Vec<GridLine> {
    let mut found = Vec::new();
    let (low, high) = (
        (plane.latitude - reach * 1.5).max(-90.0),
        (plane.latitude + reach * 1.5).min(90.0),
    );
    let widest = low.abs().max(high.abs()).min(89.0).to_radians().cos();
    let across = (reach * 1.5 / widest).min(180.0);
    let range = |start: f64, end: f64| {
        let at = move |step: u32| start + (end - start) * f64::from(step) / f64::from(2 * STEPS);
        (0..=2 * STEPS).map(at)
    };
    let unit = if has_hours { 15.0 } else { 1.0 };
    let step = spacing(2.0 * reach / plane.latitude.to_radians().cos().max(0.02) / unit) * unit;
    let mut longitude = ((plane.longitude - across) / step).ceil() * step;
    while longitude <= plane.longitude + across && found.len() < 60 {
        let points = range(low, high).filter_map(|latitude| plane.project([longitude, latitude]));
        found.push(GridLine {
            label: longitude_label(longitude / unit, step / unit, has_hours),
            is_meridian: true,
            points: points.collect(),
        });
        longitude += step;
    }
    let step = spacing(2.0 * reach);
    let mut latitude = (low / step).ceil() * step;
    while latitude <= high && found.len() < 120 {
        let points = range(plane.longitude - across, plane.longitude + across)
            .filter_map(|longitude| plane.project([longitude, latitude]));
        found.push(GridLine {
            label: latitude_label(latitude, step),
            is_meridian: false,
            points: points.collect(),
        });
        latitude += step;
    }
    found
}
