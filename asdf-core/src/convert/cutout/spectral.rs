//! The planes of a cube between two values of its spectral axis.

use crate::error::CutoutFault;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::wcs::{Frame, FrameKind, Wcs};
use std::ops::Range;

/// A value along a spectral axis in a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct SpectralValue {
    /// The number.
    pub value: f64,
    /// `um`, `GHz`, `km/s`.
    pub unit: String,
}

impl AsdfFile {
    /// The pixel axis of the spectral coordinate of a cube (2 is the third one), and the pixels along it whose centres are
    /// between two values, at a pixel of the image (x first).
    ///
    /// # Errors
    /// There is no spectral coordinate, or it depends on other axes than one beyond x and y; a unit does not convert
    /// ([`Frame::spectral_coordinate`]); no pixel is between the values.
    pub fn spectral_window(
        &self,
        wcs: &Wcs,
        pixel: [f64; 2],
        between: &[SpectralValue; 2],
    ) -> Result<(usize, Range<u64>)> {
        let place = || wcs.path().to_string().into();
        let none = || CutoutFault::NoSpectralAxis { wcs: place() };
        let last = wcs.steps().last().ok_or_else(none)?;
        let (frame, coordinate, unit) = spectral(&last.frame).ok_or_else(none)?;
        let mut bounds = [0.0; 2];
        for (bound, given) in bounds.iter_mut().zip(between) {
            let found = frame.spectral_coordinate(given.value, &given.unit);
            *bound = found.ok_or_else(|| {
                let unit = unit.as_str().into();
                if given.unit.is_empty() {
                    let value = given.value;
                    return CutoutFault::NoSpectralUnit { value, unit };
                }
                let given = given.unit.as_str().into();
                CutoutFault::SpectralUnit { given, unit }
            })?;
        }
        let [low, high] = [bounds[0].min(bounds[1]), bounds[0].max(bounds[1])];
        let (_, arrays) = self.image_arrays(wcs)?;
        let shape = arrays.first().map(|array| array.shape.as_slice());
        let lengths: Vec<u64> = shape.into_iter().flatten().rev().copied().collect();
        let inputs = wcs.program()?.n_inputs();
        let mut found = None;
        for axis in 2..inputs {
            let length = lengths.get(axis).copied().unwrap_or(1);
            let values = along(wcs, pixel, (axis, length), coordinate)?;
            let varies = values.iter().any(|value| Some(value) != values.first());
            if varies && found.replace((axis, values)).is_some() {
                return Err(none().into());
            }
        }
        let (axis, values) = found.ok_or_else(none)?;
        let is_within = |value: &f64| (low..=high).contains(value);
        let first = values.iter().position(is_within);
        let end = values.iter().rposition(is_within);
        let (Some(first), Some(end)) = (first, end) else {
            let reached = values.iter().copied().filter(|value| !value.is_nan());
            let reached = reached.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
                [low.min(value), high.max(value)]
            });
            let unit = unit.into();
            return Err(CutoutFault::NoPlane {
                between: [low, high],
                reached,
                unit,
            }
            .into());
        };
        Ok((axis, first as u64..(end as u64).saturating_add(1)))
    }
}

/// The spectral frame, the place of its coordinate, and its unit.
fn spectral(frame: &Frame) -> Option<(&Frame, usize, String)> {
    match frame.kind() {
        FrameKind::Spectral => {
            let place = frame.axes_order().first().copied().unwrap_or(0);
            Some((frame, place, frame.units().first()?.to_string()))
        }
        FrameKind::Composite(frames) => frames.iter().find_map(spectral),
        _ => None,
    }
}

/// A coordinate at all pixels along an axis.
fn along(
    wcs: &Wcs,
    pixel: [f64; 2],
    (axis, length): (usize, u64),
    coordinate: usize,
) -> Result<Vec<f64>> {
    let inputs = wcs.program()?.n_inputs();
    let count = usize::try_from(length).unwrap_or(usize::MAX);
    let column = |input: usize| -> Vec<f64> {
        #[expect(clippy::cast_precision_loss, reason = "no axis is that long")]
        let at = |place: usize| match input {
            0 | 1 => pixel.get(input).copied().unwrap_or(0.0),
            input if input == axis => place as f64,
            _ => 0.0,
        };
        (0..count).map(at).collect()
    };
    let columns: Vec<Vec<f64>> = (0..inputs).map(column).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let world = wcs.pixel_to_world(&columns)?;
    Ok(world.into_iter().nth(coordinate).unwrap_or_default())
}
