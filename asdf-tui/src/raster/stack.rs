//! Many planes of a cube made one: means, sums, moments.

use super::plane::{self, Axis, Plane};
use super::quantile::percentiles_of;
use asdf_core::array::Slice;
use asdf_core::{ArrayData, ArrayRef, Result};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// What becomes of the elements of a pixel on all planes; those that are not finite do not count, and where none counts the
/// pixel has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Collapse {
    /// Their mean.
    Mean,
    /// Their median.
    Median,
    /// Their sum.
    Sum,
    /// The greatest.
    Max,
    /// The integral along the coordinate of the planes: elements times the distances of these.
    Moment0,
    /// The mean of the coordinate, each plane counted by its element.
    Moment1,
    /// The variance of the coordinate about that.
    Moment2,
}

impl Collapse {
    /// All with their names.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Mean, "mean"),
        (Self::Median, "median"),
        (Self::Sum, "sum"),
        (Self::Max, "max"),
        (Self::Moment0, "moment0"),
        (Self::Moment1, "moment1"),
        (Self::Moment2, "moment2"),
    ];

    /// What the unit becomes of elements in one and the coordinate of planes in another one.
    pub fn unit(self, element: &str, coordinate: &str) -> String {
        match self {
            Self::Mean | Self::Median | Self::Sum | Self::Max => element.to_owned(),
            Self::Moment0 => format!("{element} {coordinate}").trim().to_owned(),
            Self::Moment1 => coordinate.to_owned(),
            Self::Moment2 if coordinate.is_empty() => String::new(),
            Self::Moment2 => format!("{coordinate}**2"),
        }
    }

    /// Of the elements of a pixel, with coordinate and distance of each plane.
    fn of(self, values: &[f64], coordinates: &[f64], steps: &[f64]) -> f64 {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let count = finite().count();
        if count == 0 {
            return f64::NAN;
        }
        #[expect(clippy::cast_precision_loss, reason = "no cube is that deep")]
        let number = count as f64;
        let weighted = |power: &dyn Fn(f64) -> f64| {
            let planes = values.iter().zip(coordinates).zip(steps);
            let planes = planes.filter(|((value, _), _)| value.is_finite());
            planes
                .map(|((value, coordinate), step)| value * step * power(*coordinate))
                .sum::<f64>()
        };
        let total = || weighted(&|_| 1.0);
        let center = || weighted(&|coordinate| coordinate) / total();
        match self {
            Self::Mean => finite().sum::<f64>() / number,
            Self::Sum => finite().sum(),
            Self::Max => finite().fold(f64::NEG_INFINITY, f64::max),
            Self::Median => percentiles_of(values, &[50.0])
                .and_then(|found| found.first().copied())
                .unwrap_or(f64::NAN),
            Self::Moment0 => total(),
            Self::Moment1 => center(),
            Self::Moment2 => {
                let center = center();
                weighted(&|coordinate| (coordinate - center).powi(2)) / total()
            }
        }
    }
}

impl fmt::Display for Collapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Self::ALL.iter().find(|entry| entry.0 == *self);
        f.write_str(known.map_or("", |entry| entry.1))
    }
}

impl FromStr for Collapse {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let known = Self::ALL.iter().find(|entry| entry.1 == text);
        let names = || Self::ALL.map(|entry| entry.1).join(", ");
        known
            .map(|entry| entry.0)
            .ok_or_else(|| format!("`{text}` is none of {}", names()))
    }
}

/// The planes along an axis as one.
#[derive(Debug)]
pub struct Stack<'f> {
    array: ArrayRef<'f>,
    axes: Vec<Axis>,
    /// The axis of the planes among those that are read.
    depth: usize,
    count: u64,
    collapse: Collapse,
    coordinates: Vec<f64>,
    steps: Vec<f64>,
    /// All elements, where a window would cost as much as they do.
    held: Option<ArrayData<'f>>,
}

/// Elements that are read at once.
const PIECE: u64 = 1 << 21;

impl<'f> Stack<'f> {
    /// The planes of a range along an axis of the array, which is given once more, about the plane; the coordinate of each
    /// counts for moments. `None` where the axis is one of the plane.
    ///
    /// # Errors
    /// The array cannot be read.
    pub fn of(
        plane: &Plane<'_>,
        array: ArrayRef<'f>,
        axis: usize,
        planes: &Range<u64>,
        collapse: Collapse,
        coordinates: Vec<f64>,
    ) -> Result<Option<Self>> {
        let mut all = plane.taken().to_vec();
        let Some(slot @ Axis::One(_)) = all.get_mut(axis) else {
            return Ok(None);
        };
        let count = planes.end.saturating_sub(planes.start);
        *slot = Axis::Along {
            start: i64::try_from(planes.start).unwrap_or(i64::MAX),
            step: 1,
            count,
        };
        let before = all.iter().take(axis);
        let depth = before
            .filter(|axis| matches!(axis, Axis::Along { .. }))
            .count();
        let mut stack = Self {
            steps: distances(&coordinates),
            array,
            axes: all,
            depth,
            count,
            collapse,
            coordinates,
            held: None,
        };
        if plane::is_costly(&stack.array, &stack.axes) {
            stack.held = Some(stack.array.load_slices(&stack.slices(None))?);
        }
        Ok(Some(stack))
    }

    /// The values of a window in C order.
    ///
    /// # Errors
    /// The array cannot be read.
    pub fn values(&self, rows: &Range<u64>, columns: &Range<u64>) -> Result<Vec<f64>> {
        let width = columns.end.saturating_sub(columns.start).max(1);
        let deep = self.count.max(1);
        let across = (PIECE / deep).clamp(1, width);
        let height = (PIECE / deep / across).max(1);
        let total = rows.end.saturating_sub(rows.start).saturating_mul(width);
        let mut values = vec![f64::NAN; usize::try_from(total).unwrap_or(0)];
        let step = |length: u64| usize::try_from(length).unwrap_or(usize::MAX);
        for row in rows.clone().step_by(step(height)) {
            for column in columns.clone().step_by(step(across)) {
                let own = [
                    row..row.saturating_add(height).min(rows.end),
                    column..column.saturating_add(across).min(columns.end),
                ];
                let found = self.piece(&own)?;
                let length = step(own[1].end - own[1].start).max(1);
                for (line, row) in found.chunks(length).zip(own[0].clone()) {
                    let place = (row - rows.start) * width + (column - columns.start);
                    let place = step(place);
                    if let Some(slots) = values.get_mut(place..place.saturating_add(length)) {
                        slots.copy_from_slice(line);
                    }
                }
            }
        }
        Ok(values)
    }

    /// The mean of the finite elements of a window on each plane; NaN where there is none.
    ///
    /// # Errors
    /// The array cannot be read.
    pub fn means(&self, rows: &Range<u64>, columns: &Range<u64>) -> Result<Vec<f64>> {
        let deep = usize::try_from(self.count).unwrap_or(usize::MAX);
        let mut sums = vec![(0.0, 0.0); deep];
        let width = columns.end.saturating_sub(columns.start).max(1);
        let height = (PIECE / self.count.max(1) / width).max(1);
        for row in rows
            .clone()
            .step_by(usize::try_from(height).unwrap_or(usize::MAX))
        {
            let own = row..row.saturating_add(height).min(rows.end);
            let read = self.read(&[own, columns.clone()])?;
            for start in read.pixels() {
                for (plane, (sum, count)) in sums.iter_mut().enumerate() {
                    let value = read.at(start, plane);
                    if value.is_finite() {
                        *sum += value;
                        *count += 1.0;
                    }
                }
            }
        }
        Ok(sums.into_iter().map(|(sum, count)| sum / count).collect())
    }

    /// The elements of a window on all planes.
    fn read(&self, window: &[Range<u64>; 2]) -> Result<Block> {
        let data = match &self.held {
            Some(held) => {
                let range = |range: &Range<u64>| plane::part(0, 1, range);
                let mut slices: Vec<Slice> = window.iter().map(range).collect();
                slices.insert(self.depth.min(slices.len()), Slice::ALL);
                plane::unmasked(&held.part(&slices)?)?
            }
            None => plane::unmasked(&self.array.copy_slices(&self.slices(Some(window)))?)?,
        };
        let length = |range: &Range<u64>| {
            usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX)
        };
        let mut lengths = window.iter().map(length).collect::<Vec<_>>();
        let deep = usize::try_from(self.count).unwrap_or(usize::MAX);
        lengths.insert(self.depth.min(lengths.len()), deep);
        // Elements from one to the next along each of the three axes.
        let mut strides = vec![1; lengths.len()];
        for at in (0..lengths.len().saturating_sub(1)).rev() {
            strides[at] = strides[at + 1] * lengths[at + 1];
        }
        let along = strides.remove(self.depth.min(strides.len().saturating_sub(1)));
        let [down, across] =
            [strides.first(), strides.get(1)].map(|step| step.copied().unwrap_or(0));
        Ok(Block {
            data,
            size: [length(&window[0]), length(&window[1])],
            strides: [down, across, along],
        })
    }

    /// The values of a window that is small enough to be read at once.
    fn piece(&self, window: &[Range<u64>; 2]) -> Result<Vec<f64>> {
        let read = self.read(window)?;
        let mut own = vec![f64::NAN; usize::try_from(self.count).unwrap_or(usize::MAX)];
        let value = |start: usize| {
            for (plane, slot) in own.iter_mut().enumerate() {
                *slot = read.at(start, plane);
            }
            self.collapse.of(&own, &self.coordinates, &self.steps)
        };
        Ok(read.pixels().map(value).collect())
    }

    fn slices(&self, window: Option<&[Range<u64>; 2]>) -> Vec<Slice> {
        let mut shown = 0;
        let mut ranges = window.into_iter().flatten();
        let slice = |axis: &Axis| match *axis {
            Axis::One(index) => Slice::Index(index),
            Axis::Along { start, step, count } => {
                let is_depth = shown == self.depth;
                shown += 1;
                let own = if is_depth { None } else { ranges.next() };
                plane::part(start, step, own.unwrap_or(&(0..count)))
            }
        };
        self.axes.iter().map(slice).collect()
    }
}

/// Elements of a window on all planes.
struct Block {
    data: Vec<f64>,
    /// Rows and columns.
    size: [usize; 2],
    /// Elements from one row, column, plane to the next.
    strides: [usize; 3],
}

impl Block {
    /// Where the pixels begin, in C order.
    fn pixels(&self) -> impl Iterator<Item = usize> + use<> {
        let ([rows, columns], [down, across, _]) = (self.size, self.strides);
        (0..rows).flat_map(move |row| (0..columns).map(move |column| row * down + column * across))
    }

    fn at(&self, start: usize, plane: usize) -> f64 {
        let at = start + plane * self.strides[2];
        self.data.get(at).copied().unwrap_or(f64::NAN)
    }
}

/// The distance that each coordinate stands for: half of that between its neighbours, as `numpy.gradient` has it.
fn distances(coordinates: &[f64]) -> Vec<f64> {
    let at = |place: usize| coordinates.get(place).copied();
    let last = coordinates.len().saturating_sub(1);
    let distance = |place: usize| {
        let (before, behind) = (place.saturating_sub(1), (place + 1).min(last));
        let apart = at(behind)? - at(before)?;
        #[expect(clippy::cast_precision_loss, reason = "one or two")]
        let steps = (behind - before) as f64;
        Some((apart / steps.max(1.0)).abs())
    };
    (0..coordinates.len())
        .map(|place| match coordinates.len() {
            1 => 1.0,
            _ => distance(place).unwrap_or(f64::NAN),
        })
        .collect()
}
