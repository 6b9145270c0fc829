//! What a picture shows of a file: a plane of an array, planes made one, or what a second image makes of it.

use super::cut::Cut;
use super::place::along;
use super::second::Second;
use super::subject::Subject;
use crate::raster;
use crate::raster::Collapse;
use crate::raster::Image;
use crate::raster::Interpolation;
use crate::raster::Operation;
use crate::raster::Resampled;
use crate::raster::Stack;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::Result;
use std::ops::Range;
use std::sync::Arc;

/// What is made of a second image.
#[derive(Debug, Clone)]
pub struct Versus {
    /// The second image.
    pub second: Arc<Second>,
    /// What becomes of both.
    pub operation: Operation,
    /// How the second is brought onto the pixels of the first by the WCS of both; `None` pixel by pixel.
    pub matched: Option<Interpolation>,
}

impl PartialEq for Versus {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.second, &other.second)
            && self.operation == other.operation
            && self.matched == other.matched
    }
}

/// Planes made one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collapsed {
    /// The axis that is gone.
    pub axis: usize,
    /// The planes along it.
    pub planes: Range<u64>,
    /// What they become.
    pub how: Collapse,
}

/// What a picture shows.
#[derive(Debug, Clone)]
pub struct Content {
    /// The array.
    pub subject: Arc<Subject>,
    /// Planes made one.
    pub collapsed: Option<Collapsed>,
    /// What a second image makes of it.
    pub versus: Option<Versus>,
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        self.subject.path == other.subject.path
            && self.collapsed == other.collapsed
            && self.versus == other.versus
    }
}

impl Eq for Content {}

impl Content {
    /// An array as it is.
    pub fn of(subject: Arc<Subject>) -> Self {
        Self {
            subject,
            collapsed: None,
            versus: None,
        }
    }

    /// The datatype of the array, where its elements show as they are.
    pub fn plain_datatype(&self) -> Option<&str> {
        let is_plain = self.collapsed.is_none() && self.versus.is_none();
        is_plain.then_some(&*self.subject.datatype)
    }

    /// How many elements are read for one that shows.
    pub fn depth(&self) -> u64 {
        let planes = self.collapsed.as_ref().map_or(1, |collapsed| {
            collapsed.planes.end.saturating_sub(collapsed.planes.start)
        });
        // Positions on the sky take far longer than reading does.
        let is_matched = self
            .versus
            .as_ref()
            .is_some_and(|own| own.matched.is_some());
        planes.max(1) * if is_matched { 16 } else { 1 }
    }

    /// The plane.
    ///
    /// # Errors
    /// There is no such array, or second image; it is none of numbers; it has no such plane, or an empty one; the second has
    /// another shape or no way leads to it.
    pub fn image<'f>(&'f self, file: &'f AsdfFile, cut: &Cut) -> Result<Image<'f>> {
        let lengths = cut.lengths().map(|length| 0..length);
        self.part(file, cut, &lengths, 1)
    }

    /// Every so many elements of a window (rows, columns) of the plane.
    ///
    /// # Errors
    /// As [`image`](Self::image).
    pub fn part<'f>(
        &'f self,
        file: &'f AsdfFile,
        cut: &Cut,
        window: &[Range<u64>; 2],
        step: u64,
    ) -> Result<Image<'f>> {
        let path = &self.subject.path;
        let plane = cut.part(file, path, window, step)?;
        let stack = match &self.collapsed {
            Some(collapsed) => {
                let Range { start, end } = collapsed.planes;
                let (all, _) = self.coordinates(cut, collapsed.axis)?;
                let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
                let own = all.get(range).unwrap_or_default().to_vec();
                let array = file.array(path)?;
                let (axis, planes) = (collapsed.axis, &collapsed.planes);
                Stack::of(&plane, array, axis, planes, collapsed.how, own)?
            }
            None => None,
        };
        let mut image = Image::from(plane);
        if let Some(stack) = stack {
            image = image.stacked(stack);
        }
        let Some(Versus {
            second,
            operation,
            matched,
        }) = &self.versus
        else {
            return Ok(image);
        };
        let other = second.file.as_deref().unwrap_or(file);
        let own = cut.beside(&second.subject.shape).ok_or_else(|| {
            let reason = format!("{}: no plane for these axes", second.subject.path);
            Error::of_caller(reason)
        })?;
        let path = &second.subject.path;
        image.with(
            *operation,
            match matched {
                None => raster::Second::Plane(own.part(other, path, window, step)?),
                Some(interpolation) => {
                    let way = second.way(&self.subject, cut, &own)?;
                    let plane = own.plane(other, path)?;
                    raster::Second::Resampled(Resampled::new(plane, Box::new(way), *interpolation))
                }
            },
        )
    }

    /// The coordinate of each plane along an axis at the middle of the others, with its unit; its index where no WCS tells.
    ///
    /// # Errors
    /// The WCS cannot be computed.
    #[expect(clippy::cast_precision_loss, reason = "no cube is that deep")]
    pub fn coordinates(&self, cut: &Cut, axis: usize) -> Result<(Vec<f64>, String)> {
        let subject = &self.subject;
        let length = subject.shape.get(axis).copied().unwrap_or(0);
        let [rows, columns] = cut.lengths();
        let index = cut.index([columns / 2, rows / 2]);
        if let Some(wcs) = &subject.wcs {
            for (place, (_, unit)) in wcs_axes(wcs).into_iter().enumerate() {
                let values = along(wcs, subject, &index, axis, length, place)?;
                let varies =
                    values.first() != values.last() && values.iter().all(|one| one.is_finite());
                if varies {
                    return Ok((values, unit));
                }
            }
        }
        Ok((
            (0..length).map(|plane| plane as f64).collect(),
            String::new(),
        ))
    }

    /// The unit of what shows.
    pub fn unit(&self, cut: &Cut) -> String {
        let own = &self.subject.unit;
        let own = match &self.collapsed {
            Some(collapsed) => {
                let coordinate = self.coordinates(cut, collapsed.axis).ok();
                let unit = coordinate.map(|found| found.1).unwrap_or_default();
                collapsed.how.unit(own, &unit)
            }
            None => own.clone(),
        };
        match &self.versus {
            Some(versus) if versus.operation == Operation::Second => {
                versus.second.subject.unit.clone()
            }
            Some(versus) if versus.operation == Operation::Ratio => {
                let other = &versus.second.subject.unit;
                if *other == own {
                    String::new()
                } else {
                    format!("{own} / {other}")
                }
            }
            _ => own,
        }
    }

    /// What its values are like: of an array its datatype.
    pub fn datatype(&self) -> &str {
        let changed = match (&self.collapsed, &self.versus) {
            (None, None) => return &self.subject.datatype,
            (None, Some(versus)) => {
                versus.operation == Operation::Second && versus.matched.is_none()
            }
            _ => false,
        };
        match &self.versus {
            Some(versus) if changed => &versus.second.subject.datatype,
            _ => "float64",
        }
    }

    /// The path with what is made of it.
    pub fn text(&self, cut: &Cut) -> String {
        let path = &self.subject.path;
        let own = match &self.collapsed {
            Some(collapsed) => {
                let Range { start, end } = collapsed.planes;
                format!(
                    "{} of {path}{}",
                    collapsed.how,
                    cut.text_along(collapsed.axis, &(start..end))
                )
            }
            None => format!("{path}{}", cut.text()),
        };
        let Some(versus) = &self.versus else {
            return own;
        };
        let second = &versus.second.name;
        let matched = versus
            .matched
            .map_or_else(String::new, |how| format!(" (WCS, {how})"));
        match versus.operation {
            Operation::Difference => format!("{own} - {second}{matched}"),
            Operation::Ratio => format!("{own} / {second}{matched}"),
            Operation::Second => format!("{second}{matched}"),
        }
    }
}

/// The names and units of the coordinates of a WCS, in their order.
pub fn wcs_axes(wcs: &asdf_core::wcs::Wcs) -> Vec<(String, String)> {
    use asdf_core::wcs::{Frame, FrameKind};
    fn gather(frame: &Frame, found: &mut Vec<(usize, String, String)>) {
        if let FrameKind::Composite(frames) = frame.kind() {
            for frame in frames {
                gather(frame, found);
            }
            return;
        }
        let count = frame.units().len().max(frame.axes_names().len());
        for axis in 0..count {
            let place = frame.axes_order().get(axis).copied().unwrap_or(axis);
            let name = frame.axes_names().get(axis).map(ToString::to_string);
            let name = name.filter(|name| !name.is_empty());
            let name = name.unwrap_or_else(|| frame.name().to_owned());
            let unit = frame.units().get(axis).map(ToString::to_string);
            found.push((place, name, unit.unwrap_or_default()));
        }
    }
    let mut found = Vec::new();
    if let Some(step) = wcs.steps().last() {
        gather(&step.frame, &mut found);
    }
    found.sort_by_key(|axis| axis.0);
    found
        .into_iter()
        .map(|(_, name, unit)| (name, unit))
        .collect()
}
