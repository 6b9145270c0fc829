//! Slices of a WCS.

use super::super::DroppedCoordinate;
use super::super::Wcs;
use crate::error::Error;
use crate::error::Result;
use crate::error::WcsFault;
use crate::transform::BoundingBox;
use crate::transform::Interval;
use crate::transform::Program;
use crate::transform::Transform;
use crate::unit::Unit;

/// What is left of an axis of an array.
#[derive(Debug, Clone, Copy)]
pub(in crate::wcs) enum Cut {
    /// One place.
    At(f64),
    /// From a place on, to another where that is given.
    From(u64, Option<u64>),
}

impl Wcs {
    /// The same of some axes, from some pixels on; world coordinates that depend on no other axis go with those that are
    /// cut at one place.
    pub(super) fn sliced(
        self,
        cuts: &[Cut],
        note: &str,
        refused: &dyn Fn(WcsFault) -> Error,
    ) -> Result<Self> {
        let program = self.unbounded_program()?;
        let count = program.n_inputs();
        let keep: Vec<usize> = (0..count)
            .filter(|axis| matches!(cuts.get(*axis), Some(Cut::From(..))))
            .collect();
        let dependence = program
            .dependence()
            .ok_or_else(|| refused(WcsFault::ManyAxes))?;
        let kept = keep.iter().fold(0_u64, |bits, axis| bits | 1 << axis);
        let world: Vec<usize> = (0..dependence.len())
            .filter(|place| dependence.get(*place).is_some_and(|bits| bits & kept != 0))
            .collect();
        if keep.is_empty() || world.is_empty() {
            return Err(refused(WcsFault::NoAxis));
        }
        let starts: Vec<f64> = keep.iter().map(|axis| start(cuts, *axis)).collect();
        // Coordinates that are left out do not depend on the pixels that are kept.
        let values = first_values(&program, cuts)?;
        let value = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
        let gone = (0..dependence.len()).filter(|place| !world.contains(place));
        let dropped = self.with_dropped(gone.map(|place| (place, value(place))));
        let [pixel_units, world_units] = self.units_of_ends();
        let unit = |units: &[Option<Unit>], place: usize| units.get(place).cloned().flatten();
        let fixed = (0..count).filter(|axis| !keep.contains(axis));
        let fixed = fixed.map(|axis| (axis, start(cuts, axis), unit(&pixel_units, axis)));
        let before = Transform::shifts(&starts)
            .into_iter()
            .chain((keep.len() < count).then(|| Transform::filled(count, &keep, fixed)));
        let left = (0..dependence.len()).filter(|place| !world.contains(place));
        let left = left.map(|place| (place, value(place), unit(&world_units, place)));
        let after = (world.len() < dependence.len())
            .then(|| Transform::picked(dependence.len(), &world, left));
        let bounding_box = self
            .bounding_box
            .as_ref()
            .map(|own| sliced_box(own, cuts, &keep).ok_or_else(|| refused(WcsFault::BoxCut)));
        let bounding_box = bounding_box.transpose()?;
        let pixel_shape = sliced_shape(self.pixel_shape.as_deref(), cuts, &keep);
        let extent = self.sliced_extent(cuts, &keep);
        let extent = extent.filter(|_| pixel_shape.is_none());
        let mut sliced = self.wrapped(Transform::chain(before), after, note);
        if let Some(step) = sliced.steps.first_mut().filter(|_| keep.len() < count) {
            step.frame = step.frame.selected(&keep);
        }
        if world.len() < dependence.len()
            && let Some(step) = sliced.steps.last_mut()
        {
            step.frame = step.frame.selected(&world);
        }
        sliced.pixel_shape = pixel_shape;
        sliced.extent = extent;
        sliced.dropped = dropped;
        Ok(sliced.bound(bounding_box))
    }

    /// The units of the coordinates of its first and its last frame, where numbers have some on their way.
    fn units_of_ends(&self) -> [Vec<Option<Unit>>; 2] {
        [self.steps.first(), self.steps.last()].map(|step| match step {
            Some(step) if self.uses_units() => step.frame.world_units(),
            _ => Vec::new(),
        })
    }

    /// The coordinates that have been taken away, after those at these places with their values.
    fn with_dropped(&self, gone: impl Iterator<Item = (usize, f64)>) -> Vec<DroppedCoordinate> {
        let frame = self.steps.last().map(|step| &step.frame);
        let gone = gone.map(|(place, value)| DroppedCoordinate::of(frame, place, value));
        gone.chain(self.dropped.iter().cloned()).collect()
    }

    /// The lengths of what is left where they are not whole numbers of pixels.
    fn sliced_extent(&self, cuts: &[Cut], keep: &[usize]) -> Option<Vec<f64>> {
        let own = self.extent.as_ref()?;
        let length = |axis: &usize| {
            let whole = own.get(*axis)?;
            #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
            let end = match cuts.get(*axis)? {
                Cut::From(_, Some(stop)) => whole.min(*stop as f64),
                _ => *whole,
            };
            Some((end - start(cuts, *axis)).max(0.0))
        };
        keep.iter().map(length).collect()
    }

    /// The same of the two pixel axes that the position on the sky depends on, the others at their first pixel; as it is when
    /// it has two, or no such two.
    ///
    /// # Errors
    /// A transform cannot be evaluated.
    pub(in crate::wcs) fn sky_part(&self) -> Result<Self> {
        let program = self.program()?;
        let sky = self.steps.last().and_then(|step| step.frame.sky());
        let dependence = program
            .exact_dependence()
            .filter(|_| program.n_inputs() > 2);
        let (Some(sky), Some(dependence)) = (sky, dependence) else {
            return Ok(self.clone());
        };
        let of = |place: usize| dependence.get(place).copied().unwrap_or(0);
        let bits = of(sky.longitude) | of(sky.latitude);
        if bits.count_ones() != 2 {
            return Ok(self.clone());
        }
        let cut = |axis: usize| {
            if bits >> axis & 1 == 1 {
                Cut::From(0, None)
            } else {
                Cut::At(0.0)
            }
        };
        let cuts: Vec<Cut> = (0..program.n_inputs()).map(cut).collect();
        let part = self
            .clone()
            .sliced(&cuts, "its part on the sky", &Error::from)?;
        part.sky_only()
    }

    /// The same with no coordinates but longitude and latitude, where another goes with the same pixels: the wavelength of a
    /// tilted plane.
    fn sky_only(self) -> Result<Self> {
        let program = self.unbounded_program()?;
        let count = program.n_outputs();
        let sky = self.steps.last().and_then(|step| step.frame.sky());
        let Some(sky) = sky.filter(|_| count > 2) else {
            return Ok(self);
        };
        let world = [
            sky.longitude.min(sky.latitude),
            sky.longitude.max(sky.latitude),
        ];
        let cuts = vec![Cut::From(0, None); program.n_inputs()];
        let values = first_values(&program, &cuts)?;
        let value = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
        let gone = (0..count).filter(|place| !world.contains(place));
        let dropped = self.with_dropped(gone.clone().map(|place| (place, value(place))));
        let [_, units] = self.units_of_ends();
        let unit = |place: usize| units.get(place).cloned().flatten();
        let left = gone.map(|place| (place, value(place), unit(place)));
        let after = Transform::picked(count, &world, left);
        let (bounding_box, shape, extent) = (
            self.bounding_box.clone(),
            self.pixel_shape.clone(),
            self.extent.clone(),
        );
        let mut part = self.wrapped(None, Some(after), "its part on the sky");
        if let Some(step) = part.steps.last_mut() {
            step.frame = step.frame.selected(&world);
        }
        part.pixel_shape = shape;
        part.extent = extent;
        part.dropped = dropped;
        Ok(part.bound(bounding_box))
    }

    /// The pixel axes, from 0, that the position on the sky depends on; `None` where there is none, or that is not known.
    pub(crate) fn sky_axes(&self) -> Result<Option<Vec<usize>>> {
        let program = self.program()?;
        let sky = self.steps.last().and_then(|step| step.frame.sky());
        let Some((sky, dependence)) = sky.zip(program.exact_dependence()) else {
            return Ok(None);
        };
        let of = |place: usize| dependence.get(place).copied().unwrap_or(0);
        let bits = of(sky.longitude) | of(sky.latitude);
        let axes = (0..program.n_inputs()).filter(|axis| bits >> axis & 1 == 1);
        Ok(Some(axes.collect()))
    }

    /// [`plane`](Self::plane) with no coordinates but longitude and latitude.
    pub(crate) fn sky_plane(&self) -> Result<Self> {
        self.plane()?.sky_only()
    }

    /// The same of the first two pixel axes, the others at their first pixel: the image on the sky of a cube.
    ///
    /// # Errors
    /// No world coordinate depends on these axes; a transform cannot be evaluated.
    pub(crate) fn plane(&self) -> Result<Self> {
        let count = self.program()?.n_inputs();
        if count <= 2 {
            return Ok(self.clone());
        }
        let mut cuts = vec![Cut::At(0.0); count];
        cuts.iter_mut()
            .take(2)
            .for_each(|cut| *cut = Cut::From(0, None));
        self.clone().sliced(&cuts, "its first plane", &Error::from)
    }
}

/// The coordinates of the first pixel that is left.
fn first_values(program: &Program, cuts: &[Cut]) -> Result<Vec<f64>> {
    let first: Vec<[f64; 1]> = (0..program.n_inputs())
        .map(|axis| [start(cuts, axis)])
        .collect();
    let first: Vec<&[f64]> = first.iter().map(<[f64; 1]>::as_slice).collect();
    let columns = program.eval(&first)?.into_iter();
    let value = |column: Vec<f64>| column.first().copied().unwrap_or(f64::NAN);
    Ok(columns.map(value).collect())
}

/// The box of what is left; `None` when one that depends on a coordinate is to be cut.
fn sliced_box(own: &BoundingBox, cuts: &[Cut], keep: &[usize]) -> Option<BoundingBox> {
    let starts: Vec<f64> = (0..cuts.len()).map(|axis| start(cuts, axis)).collect();
    let BoundingBox::Simple(intervals) = own else {
        if keep.len() == cuts.len() {
            return Some(own.moved(&starts, None));
        }
        return None;
    };
    let is_outside = intervals.iter().enumerate().any(|(axis, interval)| {
        let place = starts.get(axis).copied().unwrap_or(0.0);
        !keep.contains(&axis) && interval.is_some_and(|interval| !interval.has(place))
    });
    let nothing = Interval {
        low: f64::INFINITY,
        high: f64::NEG_INFINITY,
    };
    let interval = |axis: &usize| {
        let moved = intervals.get(*axis).copied().flatten();
        let offset = starts.get(*axis).copied().unwrap_or(0.0);
        if is_outside {
            Some(nothing)
        } else {
            moved.map(|interval| interval.moved(offset, None))
        }
    };
    Some(BoundingBox::Simple(keep.iter().map(interval).collect()))
}

/// Where an axis begins, or where it is cut.
fn start(cuts: &[Cut], axis: usize) -> f64 {
    match cuts.get(axis) {
        Some(Cut::At(place)) => *place,
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        Some(Cut::From(start, _)) => *start as f64,
        None => 0.0,
    }
}

/// The lengths of what is left; of axes whose length is not known that of the slice.
fn sliced_shape(shape: Option<&[u64]>, cuts: &[Cut], keep: &[usize]) -> Option<Vec<u64>> {
    let length = |axis: &usize| match cuts.get(*axis)? {
        Cut::At(_) => None,
        Cut::From(start, stop) => {
            let own = shape.and_then(|shape| shape.get(*axis).copied());
            let end = match (own, *stop) {
                (Some(own), Some(stop)) => own.min(stop),
                (own, stop) => own.or(stop)?,
            };
            Some(end.saturating_sub(*start))
        }
    };
    keep.iter().map(length).collect()
}

/// The slices as they are written in Python, the first axis (x) first.
pub(super) fn describe(cuts: &[Cut]) -> String {
    let text = |cut: &Cut| match cut {
        Cut::At(place) => place.to_string(),
        Cut::From(start, stop) => {
            let stop = stop.map(|stop| stop.to_string()).unwrap_or_default();
            format!("{start}:{stop}")
        }
    };
    let texts: Vec<String> = cuts.iter().map(text).collect();
    texts.join(", ")
}
