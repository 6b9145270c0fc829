//! The brightness about a place by the distance from it.

use super::aperture::{Aperture, Held, Shape, Source, photometry};
use asdf_core::Result;

/// Means over rings about a place.
#[derive(Debug, Clone, PartialEq)]
pub struct RadialProfile {
    /// The edges of the rings.
    pub edges: Vec<f64>,
    /// The mean of each ring by exact areas; NaN where there is none.
    pub means: Vec<f64>,
    /// Its error, where errors are known.
    pub errors: Option<Vec<f64>>,
}

/// Takes the profile between edges, of which each is greater than the one before; the first may be 0.
///
/// # Errors
/// Values cannot be read.
pub fn radial_profile(
    values: &dyn Source,
    errors: Option<&dyn Source>,
    center: [f64; 2],
    edges: &[f64],
) -> Result<RadialProfile> {
    // All at once: the way to the pixels of a second image is long.
    let reach = edges.last().copied().unwrap_or(0.0);
    let held = Held::read(values, center, reach)?;
    let held_errors = match errors {
        Some(errors) => Some(Held::read(errors, center, reach)?),
        None => None,
    };
    let spread = held_errors.as_ref().map(|held| held as &dyn Source);
    let mut sums = Vec::new();
    for radius in edges {
        let aperture = Aperture {
            shape: Shape::Circle {
                center,
                radius: *radius,
            },
            sky: None,
        };
        let found = photometry(&held, spread, &aperture)?;
        sums.push([found.sum, found.area, found.error.unwrap_or(0.0).powi(2)]);
    }
    let rings = sums.windows(2).filter_map(|pair| match pair {
        [inner, outer] => Some([0, 1, 2].map(|part: usize| {
            let at = |sums: &[f64; 3]| sums.get(part).copied().unwrap_or(f64::NAN);
            at(outer) - at(inner)
        })),
        _ => None,
    });
    let rings: Vec<[f64; 3]> = rings.collect();
    let error = |[_, area, variance]: &[f64; 3]| variance.max(0.0).sqrt() / area;
    Ok(RadialProfile {
        edges: edges.to_vec(),
        means: rings.iter().map(|[sum, area, _]| sum / area).collect(),
        errors: errors.map(|_| rings.iter().map(error).collect()),
    })
}

impl RadialProfile {
    /// The middles of the rings.
    pub fn radii(&self) -> Vec<f64> {
        let pairs = self.edges.windows(2);
        pairs.map(|pair| pair.iter().sum::<f64>() / 2.0).collect()
    }

    /// Twice the radius at which the profile has come down to half of its first value above a level.
    pub fn fwhm(&self, level: f64) -> Option<f64> {
        let radii = self.radii();
        let points: Vec<(f64, f64)> = radii.into_iter().zip(self.means.iter().copied()).collect();
        let half = (points.first()?.1 - level) / 2.0 + level;
        if half.is_nan() || half <= level {
            return None;
        }
        let pair = points
            .windows(2)
            .find(|pair| pair.last().is_some_and(|point| point.1 <= half))?;
        let [(inner, high), (outer, low)] = pair else {
            return None;
        };
        let part = (high - half) / (high - low);
        Some(2.0 * (inner + (outer - inner) * part))
    }
}
