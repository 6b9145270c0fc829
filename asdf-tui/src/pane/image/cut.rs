//! Which two axes of an array show, and where along the others.

use crate::raster::Layer;
use crate::raster::Plane;
use asdf_core::AsdfFile;
use asdf_core::Result;
use asdf_core::TreePath;
use asdf_core::array::Slice;
use std::ops::Range;

/// Two axes of an array, and a position along each of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Lengths of all axes.
    shape: Vec<u64>,
    /// The axes of the rows and of the columns; the first is less.
    axes: [usize; 2],
    /// A position for each axis; those of the axes that show do not count.
    position: Vec<u64>,
}

impl Cut {
    /// The last two axes, in the middle of the others; `None` where there are not two.
    pub fn new(shape: &[u64]) -> Option<Self> {
        let last = shape.len().checked_sub(1)?;
        Some(Self {
            shape: shape.to_vec(),
            axes: [last.checked_sub(1)?, last],
            position: shape.iter().map(|length| length / 2).collect(),
        })
    }

    /// The axes of the rows and of the columns.
    pub fn axes(&self) -> [usize; 2] {
        self.axes
    }

    /// Lengths of the rows' axis and the columns' axis.
    pub fn lengths(&self) -> [u64; 2] {
        self.axes
            .map(|axis| self.shape.get(axis).copied().unwrap_or(0))
    }

    /// The axes that do not show.
    pub fn others(&self) -> impl DoubleEndedIterator<Item = usize> + use<'_> {
        (0..self.shape.len()).filter(|axis| !self.axes.contains(axis))
    }

    /// The next (or previous) plane: the last of the other axes goes fastest. False where there is only one.
    pub fn step(&mut self, is_forward: bool) -> bool {
        let others: Vec<usize> = self.others().collect();
        let before = self.position.clone();
        for axis in others.into_iter().rev() {
            let length = self.shape.get(axis).copied().unwrap_or(1).max(1);
            let Some(place) = self.position.get_mut(axis) else {
                continue;
            };
            let is_last = if is_forward {
                *place + 1 >= length
            } else {
                *place == 0
            };
            *place = match (is_forward, is_last) {
                (true, false) => *place + 1,
                (false, false) => *place - 1,
                (true, true) => 0,
                (false, true) => length - 1,
            };
            if !is_last {
                break;
            }
        }
        self.position != before
    }

    /// The next (or previous) pair of axes; false where there is only one.
    pub fn turn(&mut self, is_forward: bool) -> bool {
        let rank = self.shape.len();
        let pairs: Vec<[usize; 2]> = (0..rank)
            .flat_map(|first| (first + 1..rank).map(move |second| [first, second]))
            .collect();
        let at = pairs
            .iter()
            .position(|pair| *pair == self.axes)
            .unwrap_or(0);
        let step = if is_forward {
            1
        } else {
            pairs.len().saturating_sub(1)
        };
        let next = (at + step)
            .checked_rem(pairs.len())
            .and_then(|next| pairs.get(next));
        let before = self.axes;
        self.axes = next.copied().unwrap_or(before);
        self.axes != before
    }

    /// Turns to the plane of an element; gives its place there, x first, and whether the plane is another one. `None` where
    /// the array has no such element.
    pub fn go_to(&mut self, index: &[u64]) -> Option<([u64; 2], bool)> {
        let fits = index.len() == self.shape.len();
        let fits = fits
            && index
                .iter()
                .zip(&self.shape)
                .all(|(at, length)| at < length);
        let [row, column] = self
            .axes
            .map(|axis| index.get(axis).copied().filter(|_| fits));
        let pixel = [column?, row?];
        let mut is_other = false;
        let axes = self.axes;
        for (axis, (own, at)) in self.position.iter_mut().zip(index).enumerate() {
            if !axes.contains(&axis) {
                is_other |= own != at;
                *own = *at;
            }
        }
        Some((pixel, is_other))
    }

    /// The place in the array of an element of the plane, x first.
    pub fn index(&self, [x, y]: [u64; 2]) -> Vec<u64> {
        let mut index = self.position.clone();
        for (axis, place) in self.axes.into_iter().zip([y, x]) {
            if let Some(slot) = index.get_mut(axis) {
                *slot = place;
            }
        }
        index
    }

    /// `[5, :, :]`; empty for two axes.
    pub fn text(&self) -> String {
        if self.shape.len() == 2 {
            return String::new();
        }
        let part = |(axis, place): (usize, &u64)| {
            if self.axes.contains(&axis) {
                ":".to_owned()
            } else {
                place.to_string()
            }
        };
        let parts: Vec<String> = self.position.iter().enumerate().map(part).collect();
        format!("[{}]", parts.join(", "))
    }

    /// The same at another place along an axis that does not show.
    #[must_use]
    pub fn at(&self, axis: usize, place: u64) -> Self {
        let mut own = self.clone();
        if let Some(slot) = own.position.get_mut(axis) {
            *slot = place;
        }
        own
    }

    /// Shows two axes, of which the first is less.
    pub fn show(&mut self, [rows, columns]: [usize; 2]) {
        if rows < columns && columns < self.shape.len() {
            self.axes = [rows, columns];
        }
    }

    /// How many planes there are.
    pub fn planes(&self) -> u64 {
        let lengths = self.others().filter_map(|axis| self.shape.get(axis));
        lengths.fold(1, |all: u64, length| all.saturating_mul(*length))
    }

    /// The same with planes made one along an axis: `[2:5, :, :]`.
    pub fn text_along(&self, axis: usize, planes: &Range<u64>) -> String {
        let part = |(own, place): (usize, &u64)| {
            if own == axis {
                format!("{}:{}", planes.start, planes.end)
            } else if self.axes.contains(&own) {
                ":".to_owned()
            } else {
                place.to_string()
            }
        };
        let parts: Vec<String> = self.position.iter().enumerate().map(part).collect();
        format!("[{}]", parts.join(", "))
    }

    /// The slices that take the plane, or every so many elements of a window of it.
    fn slices(&self, window: Option<(&[Range<u64>; 2], u64)>) -> Vec<Slice> {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let slice = |(axis, place): (usize, &u64)| {
            let Some(shown) = self.axes.iter().position(|own| *own == axis) else {
                return Slice::Index(signed(*place));
            };
            match window.and_then(|(window, step)| Some((window.get(shown)?, step))) {
                None => Slice::ALL,
                Some((range, step)) => Slice::Range {
                    start: Some(signed(range.start)),
                    stop: Some(signed(range.end)),
                    step: signed(step.max(1)),
                },
            }
        };
        self.position.iter().enumerate().map(slice).collect()
    }

    /// The plane of an array of a file.
    ///
    /// # Errors
    /// There is no such array; it is none of numbers; it has no such plane, or an empty one.
    pub fn plane<'f>(&self, file: &'f AsdfFile, path: &TreePath) -> Result<Plane<'f>> {
        Plane::new(file.array(path)?, &self.slices(None), &Layer::Middle)
    }

    /// Every so many elements of a window (rows, columns) of the plane.
    ///
    /// # Errors
    /// As [`plane`](Self::plane).
    pub fn part<'f>(
        &self,
        file: &'f AsdfFile,
        path: &TreePath,
        window: &[Range<u64>; 2],
        step: u64,
    ) -> Result<Plane<'f>> {
        let slices = self.slices(Some((window, step)));
        Plane::new(file.array(path)?, &slices, &Layer::Middle)
    }

    /// The cut of another array that stands beside this one: the same where the shape is, else its last two axes, at the same
    /// place along the others as far as there is one.
    pub fn beside(&self, shape: &[u64]) -> Option<Self> {
        if let Some(own) = self.fitted_to(shape) {
            return Some(own);
        }
        let mut own = Self::new(shape)?;
        let others: Vec<u64> = self
            .others()
            .filter_map(|axis| self.position.get(axis).copied())
            .collect();
        let axes: Vec<usize> = own.others().collect();
        if axes.len() == others.len() {
            for (axis, at) in axes.into_iter().zip(others) {
                let length = own.shape.get(axis).copied().unwrap_or(0);
                if let Some(slot) = own.position.get_mut(axis)
                    && at < length
                {
                    *slot = at;
                }
            }
        }
        Some(own)
    }

    /// The same cut of an array of another shape: of one with as many axes, or of one with two that are as long.
    pub fn fitted_to(&self, shape: &[u64]) -> Option<Self> {
        if shape == self.shape {
            return Some(self.clone());
        }
        (shape == self.lengths())
            .then(|| Self::new(shape))
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_gone_through_in_order_and_around() {
        let mut cut = Cut::new(&[2, 3, 10, 20]).unwrap();
        assert_eq!(cut.text(), "[1, 1, :, :]");
        let mut seen = Vec::new();
        for _ in 0..4 {
            assert!(cut.step(true));
            seen.push(cut.text());
        }
        assert_eq!(
            seen,
            [
                "[1, 2, :, :]",
                "[0, 0, :, :]",
                "[0, 1, :, :]",
                "[0, 2, :, :]"
            ]
        );
        cut.step(false);
        assert_eq!(cut.text(), "[0, 1, :, :]");
        assert_eq!(cut.index([7, 8]), [0, 1, 8, 7]);
    }

    #[test]
    fn axes_are_chosen_in_pairs() {
        let mut cut = Cut::new(&[4, 5, 6]).unwrap();
        let mut seen = Vec::new();
        for _ in 0..3 {
            assert!(cut.turn(true));
            seen.push((cut.text(), cut.lengths()));
        }
        assert_eq!(
            seen,
            [
                ("[:, :, 3]".to_owned(), [4, 5]),
                ("[:, 2, :]".to_owned(), [4, 6]),
                ("[2, :, :]".to_owned(), [5, 6])
            ]
        );
        let mut flat = Cut::new(&[4, 5]).unwrap();
        assert!(!flat.turn(true) && !flat.step(true));
        assert_eq!(Cut::new(&[4]), None);
    }

    #[test]
    fn a_plane_of_flags_fits_a_cube_with_as_long_axes() {
        let cut = Cut::new(&[4, 5, 6]).unwrap();
        assert_eq!(cut.fitted_to(&[5, 6]).unwrap().text(), "");
        assert_eq!(cut.fitted_to(&[6, 5]), None);
    }
}
