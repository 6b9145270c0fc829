//! Statistics of a part of the plane.

use super::content::Content;
use super::cut::Cut;
use crate::raster;
use asdf_core::AsdfFile;
use asdf_core::Result;
use asdf_core::error::ErrorKind;
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// Statistics of the finite elements of a rectangle.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionStats {
    /// Rows and columns.
    pub window: [Range<u64>; 2],
    /// How many are finite.
    pub count: u64,
    /// Their sum.
    pub sum: f64,
    /// Their mean; NaN where there are none.
    pub mean: f64,
    /// Their median.
    pub median: f64,
    /// Their standard deviation, with the number of them as divisor.
    pub std: f64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// The least and the greatest of integers of 64 bits, of which floats hold those up to 2^53 only.
    pub whole: Option<[i128; 2]>,
    /// Where the greatest is, x first: the first one in C order.
    pub peak: Option<[u64; 2]>,
}

/// Elements that are read at once.
const PIECE: u64 = 1 << 18;

/// The pieces of a rectangle: some of its rows, or parts of one row where that is long.
fn pieces([rows, columns]: &[Range<u64>; 2]) -> impl Iterator<Item = [Range<u64>; 2]> + use<> {
    let width = columns.end.saturating_sub(columns.start).max(1);
    let height = (PIECE / width).max(1);
    let (rows, columns) = (rows.clone(), columns.clone());
    let step = |length: u64| usize::try_from(length).unwrap_or(usize::MAX);
    let starts = rows.clone().step_by(step(height));
    starts.flat_map(move |row| {
        let (end, last) = (rows.end, columns.end);
        columns.clone().step_by(step(PIECE)).map(move |column| {
            [
                row..row.saturating_add(height).min(end),
                column..column.saturating_add(PIECE).min(last),
            ]
        })
    })
}

impl RegionStats {
    /// Goes over a rectangle of the plane, piece by piece.
    ///
    /// # Errors
    /// The array cannot be read; the work was cancelled.
    pub fn find(
        file: &AsdfFile,
        content: &Content,
        cut: &Cut,
        window: &[Range<u64>; 2],
        cancel: &AtomicBool,
    ) -> Result<Self> {
        let plane = content.image(file, cut)?;
        let mut all = Self::nothing(window);
        let is_signed = match content.plain_datatype() {
            Some("int64") => Some(true),
            Some("uint64") => Some(false),
            _ => None,
        };
        let check = || {
            if cancel.load(Ordering::Relaxed) {
                return Err(asdf_core::Error::from(ErrorKind::Cancelled));
            }
            Ok(())
        };
        for [rows, columns] in pieces(window) {
            check()?;
            let values = plane.values(&rows, &columns)?;
            let bits = match is_signed {
                Some(_) => plane.plane().bits(&rows, &columns)?,
                None => None,
            };
            match (is_signed, bits) {
                (Some(is_signed), Some(bits)) => {
                    let whole = bits.into_iter().map(|bits| whole(bits, is_signed));
                    all.add_whole(&values, whole, &rows, &columns);
                }
                _ => all.add(&values, &rows, &columns),
            }
        }
        if all.count == 0 {
            return Ok(all);
        }
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 elements")]
        let count = all.count as f64;
        all.mean = all.sum / count;
        let (mut squares, mut rest) = (0.0, 0.0);
        for [rows, columns] in pieces(window) {
            check()?;
            let values = plane.values(&rows, &columns)?;
            let finite = values.iter().filter(|value| value.is_finite());
            let apart = finite.map(|value| value - all.mean);
            rest += apart.clone().sum::<f64>();
            squares += apart.map(|value| value.powi(2)).sum::<f64>();
        }
        all.std = ((squares - rest * rest / count).max(0.0) / count).sqrt();
        // What a sum of large numbers lost.
        all.mean += rest / count;
        let image = content.part(file, cut, window, 1)?;
        let median = raster::percentiles(&image, all.count, &[50.0])?;
        all.median = median
            .and_then(|found| found.first().copied())
            .unwrap_or(f64::NAN);
        Ok(all)
    }

    /// Those of no elements.
    fn nothing(window: &[Range<u64>; 2]) -> Self {
        Self {
            window: window.clone(),
            count: 0,
            sum: 0.0,
            mean: f64::NAN,
            median: f64::NAN,
            std: f64::NAN,
            min: f64::NAN,
            max: f64::NAN,
            whole: None,
            peak: None,
        }
    }

    fn add(&mut self, values: &[f64], rows: &Range<u64>, columns: &Range<u64>) {
        let width = columns.end.saturating_sub(columns.start).max(1);
        // Sums of pieces keep more digits than one long sum.
        let mut sum = 0.0;
        for (place, value) in (0_u64..).zip(values) {
            if !value.is_finite() {
                continue;
            }
            self.count += 1;
            sum += value;
            self.min = self.min.min(*value);
            if self.peak.is_none() || *value > self.max {
                self.max = *value;
                self.peak = Some([columns.start + place % width, rows.start + place / width]);
            }
        }
        self.sum += sum;
    }

    /// The same of integers, beside the floats next to them.
    fn add_whole(
        &mut self,
        values: &[f64],
        whole: impl Iterator<Item = i128>,
        rows: &Range<u64>,
        columns: &Range<u64>,
    ) {
        let (peak, most) = (self.peak, self.whole.map(|whole| whole[1]));
        self.add(values, rows, columns);
        let width = columns.end.saturating_sub(columns.start).max(1);
        let mut best = most.zip(peak);
        // Masked elements are NaN among the floats.
        for ((place, value), whole) in (0_u64..).zip(values).zip(whole) {
            if !value.is_finite() {
                continue;
            }
            let [low, high] = self.whole.unwrap_or([whole; 2]);
            self.whole = Some([low.min(whole), high.max(whole)]);
            if best.is_none_or(|(most, _)| whole > most) {
                let at = [columns.start + place % width, rows.start + place / width];
                best = Some((whole, at));
            }
        }
        self.peak = best.map(|(_, at)| at);
    }

    /// The lines of a panel: names and values.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let [rows, columns] = &self.window;
        let size = [columns, rows].map(|range| range.end.saturating_sub(range.start));
        let value = |value: f64| format!("{value:.6e}");
        // So many digits that they can be told apart.
        let among = |value: f64| {
            let digits = digits(value, self.max - self.min);
            format!("{value:.digits$e}")
        };
        let end = |at: usize, float: f64| match self.whole.and_then(|whole| whole.get(at).copied())
        {
            // Floats hold smaller ones.
            Some(whole) if whole.unsigned_abs() > 1 << 53 => whole.to_string(),
            _ => among(float),
        };
        let peak = self
            .peak
            .map_or_else(|| "none".to_owned(), |[x, y]| format!("{x}, {y}"));
        vec![
            (
                "x",
                format!("{}..{}", columns.start, columns.end.saturating_sub(1)),
            ),
            (
                "y",
                format!("{}..{}", rows.start, rows.end.saturating_sub(1)),
            ),
            ("pixels", format!("{}×{}", size[0], size[1])),
            ("count", self.count.to_string()),
            ("sum", value(self.sum)),
            ("mean", among(self.mean)),
            ("median", among(self.median)),
            ("std", value(self.std)),
            ("min", end(0, self.min)),
            ("max", end(1, self.max)),
            ("peak at", peak),
        ]
    }
}

/// The integer of 64 bits.
fn whole(bits: u64, is_signed: bool) -> i128 {
    if is_signed {
        i128::from(bits.cast_signed())
    } else {
        i128::from(bits)
    }
}

/// Digits after the point of a number with an exponent: six, or as many as three digits of a range need.
#[expect(clippy::cast_possible_truncation, reason = "powers of ten of floats")]
fn digits(value: f64, range: f64) -> usize {
    const LEAST: i32 = 6;
    if !(range > 0.0 && range.is_finite() && value.abs() > 0.0 && value.is_finite()) {
        return 6;
    }
    let power = |value: f64| value.log10().floor() as i32;
    let digits = power(value.abs()) - power(range) + 2;
    usize::try_from(digits.clamp(LEAST, 16)).unwrap_or(6)
}
