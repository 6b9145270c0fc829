//! Evaluation by options: between which frames, by which inverse, with or without the bounding box.

use super::Wcs;
use super::frame::Frame;
use super::sky::is_beyond_pole;
use crate::error::Result;
use crate::error::WcsFault;
use crate::transform::Program;

/// How [`Wcs::eval`] evaluates points. The default: from the first frame (pixels) to the last (world), NaN outside of the
/// bounding box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalOptions {
    /// The frame that the points are in, by its name; `None` for the first frame, with an inverse for the last.
    pub from: Option<String>,
    /// The frame of the result, by its name; `None` for the last frame, with an inverse for the first.
    pub to: Option<String>,
    /// Whether points outside of the bounding box are NaN.
    pub bounds: bool,
    /// Evaluates from the world to the pixels, in this way.
    pub inverse: Option<Inverse>,
}

/// How pixels are found from world coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Inverse {
    /// By the inverse that the transforms have, else by iteration.
    Given,
    /// By iteration, to 1e-8 pixels, whatever inverse the transforms have.
    Numerical,
}

impl Default for EvalOptions {
    fn default() -> Self {
        Self {
            from: None,
            to: None,
            bounds: true,
            inverse: None,
        }
    }
}

impl Wcs {
    /// Evaluates points: `points[i]` holds coordinate `i` of all of them, and so do the columns of the result, in the
    /// units of the frame that they lead to. Pixels count from 0 at the centre of the first one, x first.
    ///
    /// The short forms are [`pixel_to_world`](Self::pixel_to_world), [`world_to_pixel`](Self::world_to_pixel) and
    /// [`world_to_pixel_numerical`](Self::world_to_pixel_numerical).
    ///
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::wcs::{EvalOptions, Inverse};
    ///
    /// let file = AsdfFile::open(path)?;
    /// let Some(place) = file.wcs_paths().into_iter().next() else {
    ///     return Ok(());
    /// };
    /// let wcs = file.wcs(place)?;
    /// let world = wcs.eval(&[&[1.0], &[2.0]], &EvalOptions::default())?;
    /// let world: Vec<&[f64]> = world.iter().map(Vec::as_slice).collect();
    /// let back = EvalOptions { inverse: Some(Inverse::Numerical), bounds: false, ..EvalOptions::default() };
    /// let pixel = wcs.eval(&world, &back)?;
    /// assert!((pixel[0][0] - 1.0).abs() < 1e-6);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// There is no frame of that name; a transform is not known, has no inverse or does not fit the others; columns of
    /// other number or length; a numerical inverse between named frames; an inverse of a latitude beyond 90 degrees that no
    /// pixel has.
    pub fn eval(&self, points: &[&[f64]], options: &EvalOptions) -> Result<Vec<Vec<f64>>> {
        let found = self.eval_any(points, options)?;
        if options.inverse.is_some() {
            self.check_poles(points, &found, options)?;
        }
        Ok(found)
    }

    /// An error for a latitude beyond the poles, which is none of the sky, unless its pixel has just that: transforms may
    /// give such numbers.
    fn check_poles(
        &self,
        world: &[&[f64]],
        pixels: &[Vec<f64>],
        options: &EvalOptions,
    ) -> Result<()> {
        let frame = match &options.from {
            None => self.steps.last().map(|step| &step.frame),
            Some(name) => {
                let mut frames = self.steps.iter().map(|step| &step.frame);
                frames.find(|frame| frame.name() == name)
            }
        };
        let Some(sky) = frame.and_then(Frame::sky) else {
            return Ok(());
        };
        let latitudes = world.get(sky.latitude).copied().unwrap_or_default();
        let is_beyond = |latitude: &&f64| is_beyond_pole(**latitude * sky.radians);
        if !latitudes.iter().any(|latitude| is_beyond(&latitude)) {
            return Ok(());
        }
        let forward = EvalOptions {
            from: options.to.clone(),
            to: options.from.clone(),
            bounds: false,
            inverse: None,
        };
        let pixels: Vec<&[f64]> = pixels.iter().map(Vec::as_slice).collect();
        let again = self.eval_any(&pixels, &forward)?;
        let again = again.get(sky.latitude).into_iter().flatten();
        let mut pairs = latitudes.iter().zip(again);
        let lost = pairs.find(|(latitude, again)| {
            is_beyond(latitude)
                && ((*latitude - *again).abs() > latitude.abs() * 1e-6 || again.is_nan())
        });
        match lost {
            None => Ok(()),
            Some((latitude, _)) => {
                let degrees = (latitude * sky.radians).to_degrees();
                // In degrees it is the number that was given.
                let is_same = (degrees / latitude - 1.0).abs() < 1e-14;
                let degrees = if is_same { *latitude } else { degrees };
                let latitude = degrees.to_string().into();
                Err(WcsFault::BeyondPole { latitude }.into())
            }
        }
    }

    fn eval_any(&self, points: &[&[f64]], options: &EvalOptions) -> Result<Vec<Vec<f64>>> {
        if let Some(program) = self.program_of_frames(options)? {
            return program.eval(points);
        }
        let backward = match options.inverse {
            None if options.bounds => return self.pixel_to_world(points),
            None => return self.unbounded_program()?.eval(points),
            Some(Inverse::Given) => self.backward_program()?,
            Some(Inverse::Numerical) => None,
        };
        match (options.bounds, backward) {
            (true, Some(_)) => self.world_to_pixel(points),
            (true, None) => self.world_to_pixel_numerical(points),
            (false, Some(backward)) => backward.eval(points),
            (false, None) => self.unbounded_numerical(points),
        }
    }

    /// The number of coordinates that a point has for [`eval`](Self::eval) with these options.
    ///
    /// # Errors
    /// As [`eval`](Self::eval).
    pub fn n_inputs(&self, options: &EvalOptions) -> Result<usize> {
        Ok(match self.program_of_frames(options)? {
            Some(program) => program.n_inputs(),
            None if options.inverse.is_some() => self.program()?.n_outputs(),
            None => self.program()?.n_inputs(),
        })
    }

    /// From one named frame to another; `None` when none is named.
    fn program_of_frames(&self, options: &EvalOptions) -> Result<Option<Program>> {
        if options.from.is_none() && options.to.is_none() {
            return Ok(None);
        }
        if options.inverse == Some(Inverse::Numerical) {
            return Err(WcsFault::NumericalFrames.into());
        }
        let backward = options.inverse.is_some();
        let end = |last: bool| {
            let step = if last {
                self.steps.last()
            } else {
                self.steps.first()
            };
            step.map_or("", |step| step.frame.name())
        };
        let from = options.from.as_deref().unwrap_or_else(|| end(backward));
        let to = options.to.as_deref().unwrap_or_else(|| end(!backward));
        let program = self.program_between(from, to)?;
        Ok(Some(if options.bounds {
            program
        } else {
            program.unbounded()
        }))
    }
}
