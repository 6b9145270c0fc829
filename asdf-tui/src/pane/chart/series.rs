//! The numbers of a chart.

use super::ChartKind;
use crate::measure::radial_profile;
use crate::pane::image::content::Content;
use crate::pane::image::content::wcs_axes;
use crate::pane::image::cut::Cut;
use crate::pane::image::place::along;
use crate::raster::Collapse;
use crate::raster::Image;
use crate::raster::Stack;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::Result;
use asdf_core::error::ErrorKind;
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// What is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartAsk {
    /// What is charted.
    pub kind: ChartKind,
    /// What shows of which array.
    pub content: Content,
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
    /// Rows and columns whose means are drawn beside a spectrum.
    pub region: Option<[Range<u64>; 2]>,
    /// Whether coordinates of the WCS stand along the horizontal axis, where there are some.
    pub in_world: bool,
}

/// Where values are along the horizontal axis.
#[derive(Debug, Clone, PartialEq)]
pub enum Places {
    /// At even distances.
    Even {
        /// The first one.
        start: f64,
        /// From one to the next.
        step: f64,
    },
    /// Each by itself.
    Each(Vec<f64>),
}

/// Values of one colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// What it is; may be empty where there is one only.
    pub name: String,
    /// Where the values are.
    pub places: Places,
    /// The values, NaN where there are none; counts in a histogram.
    pub values: Vec<f64>,
}

/// How values are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawing {
    /// As a line.
    Line,
    /// Each as a dot.
    Points,
    /// Counts, as columns with the logarithm as height.
    Histogram,
}

/// What a chart shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What the chart is called.
    pub title: String,
    /// What is along the horizontal axis, with its unit.
    pub across: String,
    /// The values.
    pub curves: Vec<Curve>,
    /// Places along the horizontal axis that are marked: the crosshair, the limits.
    pub marks: Vec<f64>,
    /// How they are drawn.
    pub drawing: Drawing,
}

#[expect(clippy::cast_precision_loss, reason = "places in an array")]
impl Curve {
    /// The place of a value.
    pub fn place(&self, at: usize) -> f64 {
        match &self.places {
            Places::Even { start, step } => start + at as f64 * step,
            Places::Each(places) => places.get(at).copied().unwrap_or(f64::NAN),
        }
    }

    /// All places.
    pub fn places(&self) -> Vec<f64> {
        (0..self.values.len()).map(|at| self.place(at)).collect()
    }
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
                let mut series = self.line(title, "x".to_owned(), &range, x, whole(&plane)?);
                self.to_world(&mut series, self.cut.axes()[1], &range)?;
                Ok(series)
            }
            ChartKind::Column => {
                let range = about(y, rows);
                let plane = self.part(file, &[range.clone(), x..x.saturating_add(1)])?;
                let title = format!("column x={x}");
                let mut series = self.line(title, "y".to_owned(), &range, y, whole(&plane)?);
                self.to_world(&mut series, self.cut.axes()[0], &range)?;
                Ok(series)
            }
            ChartKind::Radial => self.radial(file),
            ChartKind::Diagonal => self.diagonal(file),
            ChartKind::Along(other) => self.along(file, other),
        }
    }

    fn part<'f>(&'f self, file: &'f AsdfFile, window: &[Range<u64>; 2]) -> Result<Image<'f>> {
        self.content.part(file, &self.cut, window, 1)
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
            curves: vec![Curve {
                name: String::new(),
                places: Places::Even {
                    start: range.start as f64,
                    step: 1.0,
                },
                values,
            }],
            marks: vec![mark as f64],
            drawing: Drawing::Line,
        }
    }

    /// Puts the coordinate of the WCS that varies along an axis of the array in the place of the index: one that is not of
    /// the sky where there is one, else that which varies most.
    fn to_world(&self, series: &mut Series, axis: usize, range: &Range<u64>) -> Result<()> {
        let subject = &self.content.subject;
        let Some(wcs) = subject.wcs.as_ref().filter(|_| self.in_world) else {
            return Ok(());
        };
        let sky = wcs.steps().last().and_then(|step| step.frame.celestial());
        let sky: &[usize] = sky.map_or(&[], |frame| frame.axes_order());
        let index = self.cut.index(self.pixel);
        let mut best: Option<((bool, f64), String, Vec<f64>)> = None;
        for (place, (name, unit)) in wcs_axes(wcs).into_iter().enumerate() {
            let all = along(wcs, subject, &index, axis, range.end, place)?;
            let first = usize::try_from(range.start).unwrap_or(usize::MAX);
            let own = all.get(first..).unwrap_or_default();
            let (Some(start), Some(end)) = (own.first(), own.last()) else {
                continue;
            };
            let span = (end - start).abs();
            let is_whole = own.iter().all(|value| value.is_finite());
            let rank = (!sky.contains(&place), span);
            let is_better = best.as_ref().is_none_or(|(known, ..)| rank > *known);
            if is_whole && span > 0.0 && is_better {
                let name = match unit.as_str() {
                    "" => name,
                    unit => format!("{name} [{unit}]"),
                };
                let name = asdf_core::inspect::escape(&name).into_owned();
                best = Some((rank, name, own.to_vec()));
            }
        }
        let Some((_, name, places)) = best else {
            return Ok(());
        };
        for mark in &mut series.marks {
            let at = *mark - range.start as f64;
            #[expect(clippy::cast_possible_truncation, reason = "a place in the array")]
            #[expect(clippy::cast_sign_loss, reason = "not below the first")]
            let at = places.get(at.max(0.0) as usize);
            *mark = at.copied().unwrap_or(f64::NAN);
        }
        series.across = name;
        for curve in &mut series.curves {
            curve.places = Places::Each(places.clone());
        }
        Ok(())
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
        let plane = self.content.image(file, &self.cut)?;
        let found = radial_profile(&plane, None, center, &edges)?;
        let [x, y] = center.map(crate::pane::image::readout::number);
        let title = format!("radial profile about {x}, {y}");
        let mut series = self.line(title, "radius [pixel]".to_owned(), &(0..1), 0, found.means);
        if let Some(curve) = series.curves.first_mut() {
            curve.places = Places::Even {
                start: 0.5,
                step: 1.0,
            };
        }
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
        let plane = self.content.image(file, &self.cut)?;
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

    /// The elements at the crosshair along an axis that does not show, and the means of a region on each plane.
    fn along(&self, file: &AsdfFile, other: usize) -> Result<Series> {
        let path = &self.content.subject.path;
        let axis = self.cut.others().nth(other).ok_or_else(|| {
            let reason = format!(
                "axis {other} beside those of the picture, of which there are {}",
                self.cut.others().count()
            );
            Error::of_caller(reason)
        })?;
        let index = self.cut.index(self.pixel);
        let length = self.content.subject.shape.get(axis).copied().unwrap_or(0);
        let at = index.get(axis).copied().unwrap_or(0);
        let range = about(at, length);
        let [x, y] = self.pixel;
        let means = |rows: &Range<u64>, columns: &Range<u64>| {
            let whole = self.cut.plane(file, path)?;
            let coordinates = Vec::new();
            let stack = Stack::of(
                &whole,
                file.array(path)?,
                axis,
                &range,
                Collapse::Mean,
                coordinates,
            )?;
            stack.map_or(Ok(Vec::new()), |stack| stack.means(rows, columns))
        };
        let title = format!("along axis {axis} at {x}, {y}");
        let name = format!("index of axis {axis}");
        let own = means(&(y..y + 1), &(x..x + 1))?;
        let mut series = self.line(title, name, &range, at, own);
        if let Some([rows, columns]) = &self.region {
            if let Some(curve) = series.curves.first_mut() {
                curve.name = format!("pixel {x}, {y}");
            }
            let [first, last] = [rows, columns].map(|own| own.end.saturating_sub(own.start));
            series.curves.push(Curve {
                name: format!("mean of {last}×{first}"),
                places: Places::Even {
                    start: range.start as f64,
                    step: 1.0,
                },
                values: means(rows, columns)?,
            });
        }
        self.to_world(&mut series, axis, &range)?;
        Ok(series)
    }

    /// Counts the values from a half of the limits' range below to a half of it above.
    fn histogram(&self, file: &AsdfFile, cancel: &AtomicBool) -> Result<Series> {
        let lengths = self.cut.lengths();
        let [rows, columns] = lengths;
        let mut step = 1_u64;
        while (rows / step).saturating_mul(columns / step) > COUNTED {
            step += 1;
        }
        let window = lengths.map(|length| 0..length);
        let plane = self.content.part(file, &self.cut, &window, step)?;
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
            curves: vec![Curve {
                name: String::new(),
                places: Places::Even {
                    start: start + width / 2.0,
                    step: width,
                },
                values: counts.into_iter().map(|count| count as f64).collect(),
            }],
            marks: vec![low, high],
            drawing: Drawing::Histogram,
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

fn whole(plane: &Image<'_>) -> Result<Vec<f64>> {
    let [rows, columns] = plane.shape();
    plane.values(&(0..rows), &(0..columns))
}

/// Goes over a plane in pieces.
fn each_piece(plane: &Image<'_>, cancel: &AtomicBool, mut work: impl FnMut(&[f64])) -> Result<()> {
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
fn extent(plane: &Image<'_>, cancel: &AtomicBool) -> Result<[f64; 2]> {
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
