//! World coordinates that are the same for all pixels of a slice.

use super::Wcs;
use super::frame::Frame;
use crate::array::Slice;
use crate::error::Result;
use crate::tree::float_text;
use std::fmt;

/// A world coordinate that an integer index has fixed: the wavelength of a plane of a cube.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DroppedCoordinate {
    /// The name of the axis; empty where its frame does not say it.
    pub name: Box<str>,
    /// The physical type (`em.wl`), where the frame has one.
    pub physical_type: Box<str>,
    /// In the unit of the frame.
    pub value: f64,
    /// The unit; empty where there is none.
    pub unit: Box<str>,
}

impl fmt::Display for DroppedCoordinate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What a person calls it goes before the name that a header has (`WAVE`).
        let name = match spectral_name(&self.physical_type) {
            "" => &*self.name,
            known => known,
        };
        if !name.is_empty() {
            write!(f, "{name} ")?;
        }
        f.write_str(&float_text(self.value))?;
        if !self.unit.is_empty() {
            write!(f, " {}", self.unit)?;
        }
        Ok(())
    }
}

impl DroppedCoordinate {
    /// The coordinate at a place among those of a frame.
    pub(super) fn of(frame: Option<&Frame>, place: usize, value: f64) -> Self {
        let axis = frame.map(|frame| frame.axis(place)).unwrap_or_default();
        Self {
            name: axis.name,
            physical_type: axis.physical_type,
            value,
            unit: axis.unit,
        }
    }
}

impl Wcs {
    /// World coordinates that slices of a WCS have taken away, each with its value: those that depend on no pixel axis that is
    /// left, in the order of the WCS that was sliced. Empty for one that is not a slice.
    pub fn dropped(&self) -> &[DroppedCoordinate] {
        &self.dropped
    }

    /// World coordinates that are the same for all elements of a part of an array with this WCS, by the indices among the slices:
    /// the wavelength of `cube[3]`, all coordinates of a single element. `shape` is that of the array, axes beyond those of the WCS
    /// come first in it; pixel axes that it lacks are at their first pixel. Empty where no slice is an index.
    ///
    /// # Errors
    /// A transform cannot be evaluated.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/wcs/wrapped.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::array::Slice;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let wcs = file.wcs("header_sun/wcs")?;
    /// let found = wcs.fixed_by(&[4, 7, 8], &[Slice::Index(2)])?;
    /// assert_eq!(found[0].to_string(), "wavelength 1.72e-08 m");
    /// # Ok(())
    /// # }
    /// ```
    pub fn fixed_by(&self, shape: &[u64], slices: &[Slice]) -> Result<Vec<DroppedCoordinate>> {
        let program = self.unbounded_program()?;
        let count = program.n_inputs();
        let Some(dependence) = program.dependence() else {
            return Ok(Vec::new());
        };
        // What is taken of each pixel axis, x first.
        let mut kept = 0_u64;
        let mut pixels = vec![[0.0]; count];
        let mut is_any = false;
        let axes = shape.iter().enumerate().rev().zip(pixels.iter_mut());
        for (bit, ((axis, length), pixel)) in axes.enumerate() {
            match slices.get(axis) {
                Some(Slice::Index(place)) => {
                    is_any = true;
                    let length = i64::try_from(*length).unwrap_or(i64::MAX);
                    let place = if *place < 0 { *place + length } else { *place };
                    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
                    {
                        *pixel = [place as f64];
                    }
                }
                _ => kept |= 1 << bit,
            }
        }
        if !is_any {
            return Ok(Vec::new());
        }
        let columns: Vec<&[f64]> = pixels.iter().map(<[f64; 1]>::as_slice).collect();
        let world = program.eval(&columns)?;
        let frame = self.steps.last().map(|step| &step.frame);
        let fixed = dependence.iter().zip(&world).enumerate();
        // A coordinate that depends on no pixel at all says nothing of these.
        let fixed = fixed.filter(|(_, (bits, _))| **bits & kept == 0 && **bits != 0);
        let fixed = fixed.filter_map(|(place, (_, column))| {
            Some(DroppedCoordinate::of(frame, place, *column.first()?))
        });
        Ok(fixed.collect())
    }
}

/// What a physical type of spectra and times is called; empty for others.
fn spectral_name(physical_type: &str) -> &'static str {
    match physical_type {
        "em.wl" => "wavelength",
        "em.freq" => "frequency",
        "em.energy" => "energy",
        "em.wavenumber" => "wavenumber",
        "time" => "time",
        kind if kind.starts_with("spect.dopplerVeloc") => "velocity",
        _ => "",
    }
}
