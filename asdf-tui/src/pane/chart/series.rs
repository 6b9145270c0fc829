//! The numbers of a chart.

use super::ChartKind;
use crate::measure::radial_profile;
use crate::pane::image::cut::Cut;
use crate::raster::Plane;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::Result;
use asdf_core::TreePath;
use asdf_core::array::Slice;
use asdf_core::error::ErrorKind;
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// What is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartAsk {
    /// What is charted.
    pub kind: ChartKind,
    /// The array.
    pub path: TreePath,
    /// The plane of it.
    pub cut: Cut,
    /// The pixel of the crosshair, x first.
    pub pixel: [u64; 2],
    /// The values of the first and the last colour, if they are known.
    pub limits: Option<[f64; 2]>,
    /// The unit of the elements; may be empty.
    pub unit: String,
    /// The middle of the radial profile, x first; the pixel where there is none.
    pub center: Option<[f64; 2]>,
    /// How far the radial profile goes.
    pub reach: f64,
}

/// Numbers at even distances.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What the chart is called.
    pub title: String,
    /// What is along the horizontal axis, with its unit.
    pub across: String,
    /// Where the first value is.
    pub start: f64,
    /// From one value to the next.
    pub step: f64,
    /// The values, NaN where there are none; counts in a histogram.
    pub values: Vec<f64>,
    /// Places along the horizontal axis that are marked: the crosshair, the limits.
    pub marks: Vec<f64>,
    /// True for counts, which are drawn as columns with the logarithm as height.
    pub is_histogram: bool,
}

/// Values of a line at most; of a longer one those about the crosshair.
const LONGEST: u64 = 1 << 20;
/// Columns of a histogram.
const BINS: u32 = 256;
/// Elements that a histogram counts at most; of a larger plane it takes every so many rows and columns.
const COUNTED: u64 = 1 << 26;
/// Elements that are read at once.
const PIECE: u64 = 1 << 20;

#[expect(clippy::cast_precision_loss, reason = "places in an array")]
impl ChartAsk {
    /// Reads the numbers.
    ///
    /// # Errors
    /// The array cannot be read; the work was cancelled.
    pub fn find(&self, file: &AsdfFile, cancel: &AtomicBool) -> Result<Series> {
        let [rows, columns] = self.cut.lengths();
        let [x, y] = self.pixel;
        match self.kind {
            ChartKind::Histogram => self.histogram(file, cancel),
            ChartKind::Row => {
                let range = about(x, columns);
                let plane = self.part(file, &[y..y.saturating_add(1), range.clone()])?;
                let title = format!("row y={y}");
                Ok(self.line(title, "x".to_owned(), &range, x, whole(&plane)?))
            }
            ChartKind::Column => {
                let range = about(y, rows);
                let plane = self.part(file, &[range.clone(), x..x.saturating_add(1)])?;
                let title = format!("column x={x}");
                Ok(self.line(title, "y".to_owned(), &range, y, whole(&plane)?))
            }
            ChartKind::Radial => self.radial(file),
            ChartKind::Diagonal => self.diagonal(file),
            ChartKind::Along(other) => self.along(file, other),
        }
    }

    fn part<'f>(&self, file: &'f AsdfFile, window: &[Range<u64>; 2]) -> Result<Plane<'f>> {
        self.cut.part(file, &self.path, window, 1)
    }

    fn line(
        &self,
        title: String,
        across: String,
        range: &Range<u64>,
        mark: u64,
        values: Vec<f64>,
    ) -> Series {
        let unit = match self.unit.as_str() {
            "" => String::new(),
            unit => format!(" [{}]", asdf_core::inspect::escape(unit)),
        };
        Series {
            title: title + &unit,
            across,
            start: range.start as f64,
            step: 1.0,
            values,
            marks: vec![mark as f64],
            is_histogram: false,
        }
    }

    /// Means of rings of one pixel by exact areas.
    fn radial(&self, file: &AsdfFile) -> Result<Series> {
        const MOST: f64 = 1000.0;
        let center = self.center.unwrap_or(self.pixel.map(|place| place as f64));
        let mut edges = vec![0.0];
        let mut edge = 0.0;
        while edge < self.reach.clamp(1.0, MOST) {
            edge += 1.0;
            edges.push(edge);
        }
        let plane = self.cut.plane(file, &self.path)?;
        let found = radial_profile(&plane, None, center, &edges)?;
        let [x, y] = center.map(crate::pane::image::readout::number);
        let title = format!("radial profile about {x}, {y}");
        let mut series = self.line(title, "radius [pixel]".to_owned(), &(0..1), 0, found.means);
        series.start = 0.5;
        series.marks.clear();
        Ok(series)
    }

    /// The elements whose x and y differ from those of the crosshair by as much, by x.
    fn diagonal(&self, file: &AsdfFile) -> Result<Series> {
        const LONGEST: u64 = 1 << 16;
        let [rows, columns] = self.cut.lengths();
        let [x, y] = self.pixel;
        let before = x.min(y).min(LONGEST / 2);
        let behind = columns
            .saturating_sub(x)
            .min(rows.saturating_sub(y))
            .min(LONGEST / 2);
        let plane = self.cut.plane(file, &self.path)?;
        let range = x - before..x + behind;
        let mut values = Vec::new();
        for place in range.clone() {
            let row = y - before + (place - range.start);
            let found = plane.values(&(row..row + 1), &(place..place + 1))?;
            values.push(found.first().copied().unwrap_or(f64::NAN));
        }
        let title = format!("diagonal through {x}, {y}");
        Ok(self.line(title, "x".to_owned(), &range, x, values))
    }

    /// The elements at the crosshair along an axis that does not show.
    fn along(&self, file: &AsdfFile, other: usize) -> Result<Series> {
        let array = file.array(&self.path)?;
        let axis = self.cut.others().nth(other).ok_or_else(|| {
            let reason = format!(
                "axis {other} beside those of the picture, of which there are {}",
                self.cut.others().count()
            );
            Error::of_caller(reason)
        })?;
        let index = self.cut.index(self.pixel);
        let length = array.shape().get(axis).copied().unwrap_or(0);
        let at = index.get(axis).copied().unwrap_or(0);
        let range = about(at, length);
        let signed = |place: u64| i64::try_from(place).unwrap_or(i64::MAX);
        let slice = |(own, place): (usize, &u64)| {
            if own == axis {
                Slice::Range {
                    start: Some(signed(range.start)),
                    stop: Some(signed(range.end)),
                    step: 1,
                }
            } else {
                Slice::Index(signed(*place))
            }
        };
        let mut slices: Vec<Slice> = index.iter().enumerate().map(slice).collect();
        // A picture needs two axes: that of the columns stays, with one element.
        if let Some(slot) = slices.get_mut(self.cut.axes()[1]) {
            let place = signed(self.pixel[0]);
            *slot = Slice::Range {
                start: Some(place),
                stop: Some(place.saturating_add(1)),
                step: 1,
            };
        }
        let plane = Plane::new(array, &slices, &crate::raster::Layer::Middle)?;
        let [x, y] = self.pixel;
        let title = format!("along axis {axis} at {x}, {y}");
        Ok(self.line(
            title,
            format!("index of axis {axis}"),
            &range,
            at,
            whole(&plane)?,
        ))
    }

    /// Counts the values from a half of the limits' range below to a half of it above.
    fn histogram(&self, file: &AsdfFile, cancel: &AtomicBool) -> Result<Series> {
        let lengths = self.cut.lengths();
        let [rows, columns] = lengths;
        let mut step = 1_u64;
        while (rows / step).saturating_mul(columns / step) > COUNTED {
            step += 1;
        }
        let plane = self
            .cut
            .part(file, &self.path, &lengths.map(|length| 0..length), step)?;
        let [low, high] = match self.limits {
            Some(limits) => limits,
            None => extent(&plane, cancel)?,
        };
        let half = (high / 2.0 - low / 2.0).abs();
        let (start, end) = (low - half, high + half);
        let width = (end - start) / f64::from(BINS);
        let mut counts = vec![0_u64; 256];
        let mut finite = 0_u64;
        each_piece(&plane, cancel, |values| {
            for value in values.iter().filter(|value| value.is_finite()) {
                finite += 1;
                let bin = (value - start) / width;
                if bin >= 0.0 {
                    #[expect(clippy::cast_possible_truncation, reason = "is looked up")]
                    #[expect(clippy::cast_sign_loss, reason = "not below 0")]
                    if let Some(count) = counts.get_mut(bin as usize) {
                        *count += 1;
                    }
                }
            }
        })?;
        let sampled = if step > 1 {
            format!(", every {step}th along both axes")
        } else {
            String::new()
        };
        let within: u64 = counts.iter().sum();
        Ok(Series {
            title: format!("histogram of {within} of {finite} finite values{sampled}"),
            across: match self.unit.as_str() {
                "" => "value".to_owned(),
                unit => asdf_core::inspect::escape(unit).into_owned(),
            },
            start: start + width / 2.0,
            step: width,
            values: counts.into_iter().map(|count| count as f64).collect(),
            marks: vec![low, high],
            is_histogram: true,
        })
    }
}

/// All of a short axis, else what is about a place.
fn about(place: u64, length: u64) -> Range<u64> {
    if length <= LONGEST {
        return 0..length;
    }
    let start = place.saturating_sub(LONGEST / 2).min(length - LONGEST);
    start..start + LONGEST
}

fn whole(plane: &Plane<'_>) -> Result<Vec<f64>> {
    let [rows, columns] = plane.shape();
    plane.values(&(0..rows), &(0..columns))
}

/// Goes over a plane in pieces.
fn each_piece(plane: &Plane<'_>, cancel: &AtomicBool, mut work: impl FnMut(&[f64])) -> Result<()> {
    let [rows, columns] = plane.shape();
    let height = (PIECE / columns.max(1)).max(1);
    let mut row = 0;
    while row < rows {
        let end = row.saturating_add(height).min(rows);
        let mut column = 0;
        while column < columns {
            if cancel.load(Ordering::Relaxed) {
                return Err(ErrorKind::Cancelled.into());
            }
            let last = column.saturating_add(PIECE).min(columns);
            work(&plane.values(&(row..end), &(column..last))?);
            column = last;
        }
        row = end;
    }
    Ok(())
}

/// The least and the greatest finite value; 0 and 1 where there is none.
fn extent(plane: &Plane<'_>, cancel: &AtomicBool) -> Result<[f64; 2]> {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    each_piece(plane, cancel, |values| {
        for value in values.iter().filter(|value| value.is_finite()) {
            low = low.min(*value);
            high = high.max(*value);
        }
    })?;
    Ok(match low < high {
        true => [low, high],
        false if low.is_finite() => [low - 0.5, low + 0.5],
        false => [0.0, 1.0],
    })
}
