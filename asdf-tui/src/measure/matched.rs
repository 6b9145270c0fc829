//! From the pixels of one image to those of another by their positions on the sky.

use super::convert::SkyToPixel;
use super::sky::SkySystem;
use crate::raster::Way;
use asdf_core::wcs::{EvalOptions, Unit, Wcs};
use asdf_core::{Error, Result};
use std::sync::Arc;

/// The WCS of an image, and a pixel whose coordinates beside x and y count.
#[derive(Debug, Clone)]
pub struct OnSky {
    /// The WCS.
    pub wcs: Arc<Wcs>,
    /// All its pixel coordinates.
    pub pixel: Vec<f64>,
}

/// Two images on the sky.
#[derive(Debug, Clone)]
pub struct Matched {
    /// The one whose pixels are looked at.
    pub from: OnSky,
    /// The other one.
    pub to: OnSky,
}

impl OnSky {
    /// Positions in degrees, longitude first, of places in the plane; with their system.
    fn positions(
        &self,
        places: &[[f64; 2]],
    ) -> std::result::Result<(Vec<[f64; 2]>, SkySystem), String> {
        let no_sky = || "the WCS of this array has no positions on the sky".to_owned();
        let frame = self
            .wcs
            .steps()
            .last()
            .and_then(|step| step.frame.celestial());
        let frame = frame.ok_or_else(no_sky)?;
        let system = match frame.reference_frame() {
            Some(reference) => reference.name.parse()?,
            None => SkySystem::Icrs,
        };
        let unit = frame.units().first().map_or("deg", |unit| unit);
        let factor = Unit::factor_between(unit, "deg").ok_or_else(no_sky)?;
        let column = |(axis, value): (usize, &f64)| match axis {
            0 | 1 => places.iter().map(|place| place[axis]).collect(),
            _ => vec![*value; places.len()],
        };
        let columns: Vec<Vec<f64>> = self.pixel.iter().enumerate().map(column).collect();
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let options = EvalOptions {
            bounds: false,
            ..EvalOptions::default()
        };
        let found = self
            .wcs
            .eval(&columns, &options)
            .map_err(|error| error.kind().to_string())?;
        let along = |axis: usize, point: usize| {
            let place = frame.axes_order().get(axis).copied().unwrap_or(axis);
            let value = found.get(place).and_then(|column| column.get(point));
            value.map_or(f64::NAN, |value| value * factor)
        };
        let positions = (0..places.len()).map(|point| [along(0, point), along(1, point)]);
        Ok((positions.collect(), system))
    }
}

impl Matched {
    /// Whether the way can be gone, tried at a place of the first image.
    ///
    /// # Errors
    /// One of the two has no positions on the sky; that of the other cannot be found back: why.
    pub fn check(&self, place: [f64; 2]) -> std::result::Result<(), String> {
        let (positions, system) = self.from.positions(&[place])?;
        let way = SkyToPixel::new(&self.to.wcs, Some(&self.to.pixel))?;
        match positions.first() {
            Some(position) => way.coordinates(way.own(*position, system)).map(|_| ()),
            None => Ok(()),
        }
    }
}

impl Way for Matched {
    fn places(&self, places: &[[f64; 2]]) -> Result<Vec<[f64; 2]>> {
        let told = |reason: String| Error::of_caller(reason).at_node(self.from.wcs.path());
        let (positions, system) = self.from.positions(places).map_err(told)?;
        let told = |reason: String| Error::of_caller(reason).at_node(self.to.wcs.path());
        let way = SkyToPixel::new(&self.to.wcs, Some(&self.to.pixel)).map_err(told)?;
        Ok(way.pixels(&positions, system))
    }
}
