//! Regions on the sky as shapes on the picture.

use super::region::{Coordinates, Region, RegionShape};
use super::sky::SkySystem;
use asdf_core::wcs::Unit;
use asdf_core::wcs::{EvalOptions, Inverse, Wcs};

/// An arc second in degrees: lengths on the sky are measured by one, towards the north.
const STEP: f64 = 1.0 / 3600.0;

/// The way from the sky to the pixels of an image, in the system of its WCS.
#[derive(Debug)]
pub struct SkyToPixel<'w> {
    wcs: &'w Wcs,
    system: SkySystem,
    /// A point in the world whose further coordinates count.
    world: Vec<f64>,
    /// The places of longitude and latitude in it.
    places: [usize; 2],
    /// From degrees to the unit of the WCS.
    factor: f64,
}

impl<'w> SkyToPixel<'w> {
    /// Of a WCS; of coordinates beside those of the sky the ones at a pixel count.
    ///
    /// # Errors
    /// The WCS has no positions on the sky, in a system that is known.
    pub fn new(wcs: &'w Wcs, pixel: Option<&[f64]>) -> Result<Self, String> {
        let no_sky = || "the WCS of this array has no positions on the sky".to_owned();
        let told = |error: asdf_core::Error| error.kind().to_string();
        let frame = wcs.steps().last().ok_or_else(no_sky)?.frame.celestial();
        let frame = frame.ok_or_else(no_sky)?;
        let system = match frame.reference_frame() {
            Some(reference) => reference.name.parse()?,
            None => SkySystem::Icrs,
        };
        let unit = frame.units().first().map_or("deg", |unit| unit);
        let factor = Unit::factor_between("deg", unit).ok_or_else(no_sky)?;
        let outputs = wcs.program().map_err(told)?.n_outputs();
        let mut world = vec![0.0; outputs];
        if let Some(pixel) = pixel.filter(|_| outputs > 2) {
            let columns: Vec<&[f64]> = pixel.iter().map(std::slice::from_ref).collect();
            let options = EvalOptions {
                bounds: false,
                ..EvalOptions::default()
            };
            let values = wcs.eval(&columns, &options).map_err(told)?;
            world = values
                .iter()
                .filter_map(|column| column.first().copied())
                .collect();
        }
        let place = |axis: usize| frame.axes_order().get(axis).copied().unwrap_or(axis);
        Ok(Self {
            wcs,
            system,
            world,
            places: [place(0), place(1)],
            factor,
        })
    }

    /// A position in the system of the WCS.
    pub(super) fn own(&self, position: [f64; 2], system: SkySystem) -> [f64; 2] {
        system.convert(position, self.system)
    }

    /// Pixels (x, y) of positions in degrees; NaN where there are none.
    pub fn pixels(&self, positions: &[[f64; 2]], system: SkySystem) -> Vec<[f64; 2]> {
        let found = self.inverse(positions, system).unwrap_or_default();
        let at = |axis: usize, point: usize| {
            let value = found.get(axis).and_then(|column| column.get(point));
            value.copied().unwrap_or(f64::NAN)
        };
        (0..positions.len())
            .map(|point| [at(0, point), at(1, point)])
            .collect()
    }

    /// The columns of the pixel coordinates of positions.
    fn inverse(&self, positions: &[[f64; 2]], system: SkySystem) -> Result<Vec<Vec<f64>>, String> {
        let mut columns: Vec<Vec<f64>> = self
            .world
            .iter()
            .map(|value| vec![*value; positions.len()])
            .collect();
        let own: Vec<[f64; 2]> = positions
            .iter()
            .map(|place| system.convert(*place, self.system))
            .collect();
        for (axis, place) in self.places.into_iter().enumerate() {
            if let Some(column) = columns.get_mut(place) {
                *column = own
                    .iter()
                    .map(|position| position.get(axis).copied().unwrap_or(f64::NAN) * self.factor)
                    .collect();
            }
        }
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let options = |inverse| EvalOptions {
            bounds: false,
            inverse: Some(inverse),
            ..EvalOptions::default()
        };
        let exact = self.wcs.eval(&columns, &options(Inverse::Numerical));
        let found = exact.or_else(|_| self.wcs.eval(&columns, &options(Inverse::Given)));
        found.map_err(|error| error.kind().to_string())
    }

    /// All pixel coordinates of a position in degrees, in the system of the WCS.
    ///
    /// # Errors
    /// The WCS has no inverse.
    pub fn coordinates(&self, position: [f64; 2]) -> Result<Vec<f64>, String> {
        let found = self.inverse(&[position], self.system)?;
        Ok(found
            .iter()
            .filter_map(|column| column.first().copied())
            .collect())
    }

    /// A region in pixels, as the package `regions` makes it: lengths by the scale towards the north at its centre, angles
    /// from there. `None` where it is not on the picture.
    pub fn region(&self, region: &Region) -> Option<RegionShape> {
        let Coordinates::Sky(system) = region.coordinates else {
            return Some(region.shape.clone());
        };
        let place = |position: &[f64; 2]| {
            let pixel = self.pixels(std::slice::from_ref(position), system).pop()?;
            pixel.iter().all(|value| value.is_finite()).then_some(pixel)
        };
        // Pixels per degree, and the angle of the north.
        let north = |center: &[f64; 2]| {
            let end = [center[0], center[1] + STEP];
            let [from, to] = [place(center)?, place(&end)?];
            let (x, y) = (to[0] - from[0], to[1] - from[1]);
            let scale = if region.in_pixels {
                1.0
            } else {
                x.hypot(y) / STEP
            };
            Some((scale, y.atan2(x)))
        };
        Some(match &region.shape {
            RegionShape::Point(center) => RegionShape::Point(place(center)?),
            RegionShape::Circle(center, radius) => {
                RegionShape::Circle(place(center)?, radius * north(center)?.0)
            }
            RegionShape::Annulus(center, radii) => {
                let (scale, _) = north(center)?;
                RegionShape::Annulus(
                    place(center)?,
                    radii.iter().map(|radius| radius * scale).collect(),
                )
            }
            RegionShape::Ellipse(center, axes, angle) => {
                let (scale, turn) = north(center)?;
                let angle = angle + turn - std::f64::consts::FRAC_PI_2;
                RegionShape::Ellipse(place(center)?, axes.map(|axis| axis * scale), angle)
            }
            RegionShape::Box(center, sides, angle) => {
                let (scale, turn) = north(center)?;
                let angle = angle + turn - std::f64::consts::FRAC_PI_2;
                RegionShape::Box(place(center)?, sides.map(|side| side * scale), angle)
            }
            RegionShape::EllipseRings(center, rings, angle) => {
                let (scale, turn) = north(center)?;
                let angle = angle + turn - std::f64::consts::FRAC_PI_2;
                let rings = rings.iter().map(|axes| axes.map(|axis| axis * scale));
                RegionShape::EllipseRings(place(center)?, rings.collect(), angle)
            }
            RegionShape::BoxRings(center, rings, angle) => {
                let (scale, turn) = north(center)?;
                let angle = angle + turn - std::f64::consts::FRAC_PI_2;
                let rings = rings.iter().map(|sides| sides.map(|side| side * scale));
                RegionShape::BoxRings(place(center)?, rings.collect(), angle)
            }
            RegionShape::Polygon(corners) => {
                let pixels = self.pixels(corners, system);
                let is_whole = pixels.iter().flatten().all(|value| value.is_finite());
                RegionShape::Polygon(is_whole.then_some(pixels)?)
            }
            RegionShape::Line(from, to) => RegionShape::Line(place(from)?, place(to)?),
        })
    }
}
