//! Evaluation by options: between which frames, by which inverse, with or without the bounding box.

use super::Wcs;
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
    /// other number or length; a numerical inverse between named frames.
    pub fn eval(&self, points: &[&[f64]], options: &EvalOptions) -> Result<Vec<Vec<f64>>> {
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
