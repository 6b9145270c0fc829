//! Limits by the zscale algorithm of IRAF, in the form that astropy gave it (`ZScaleInterval`).
//!
//! A line is fitted to a sorted sample of the image, and pixels far from it are left out; the line's slope, made
//! steeper by the contrast, says how much of the range around the median is shown.

use half::f16;

/// The floats that elements are in: the median of an even number of them is rounded to these, as numpy has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 16 bits.
    Half,
    /// 32 bits.
    Single,
    /// 64 bits, and integers.
    Double,
}

impl Precision {
    /// The mean of two numbers.
    #[expect(clippy::cast_possible_truncation, reason = "they are not wider")]
    fn mean(self, low: f64, high: f64) -> f64 {
        match self {
            Self::Double => f64::midpoint(low, high),
            Self::Single => f64::from(f32::midpoint(low as f32, high as f32)),
            Self::Half => f16::from_f32(f32::midpoint(low as f32, high as f32)).to_f64(),
        }
    }
}

/// The parameters of the algorithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZScale {
    /// Elements of the sample, about.
    pub samples: usize,
    /// The part of the slope that is kept.
    pub contrast: f64,
    /// When more than this part of the sample is rejected, the limits are those of the sample.
    pub max_reject: f64,
    /// The least number of elements that a line is fitted to.
    pub min_pixels: usize,
    /// Elements further from the line than so many standard deviations are rejected.
    pub reject: f64,
    /// Fits at most.
    pub iterations: usize,
}

impl Default for ZScale {
    fn default() -> Self {
        Self {
            samples: 1000,
            contrast: 0.25,
            max_reject: 0.5,
            min_pixels: 5,
            reject: 2.5,
            iterations: 5,
        }
    }
}

/// A straight line through the sample: value at the first element, and the difference to the next.
#[derive(Debug, Clone, Copy)]
struct Line {
    slope: f64,
    intercept: f64,
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of elements of a small sample"
)]
impl ZScale {
    /// Which of so many finite elements, counted in C order, make the sample.
    pub fn sample(&self, finite: u64) -> impl ExactSizeIterator<Item = u64> + use<> {
        let samples = self.samples.max(1) as u64;
        let stride = (finite / samples).max(1);
        let count = usize::try_from(finite.div_ceil(stride).min(samples)).unwrap_or(usize::MAX);
        (0..count).map(move |index| index as u64 * stride)
    }

    /// The limits of an image by all its elements; `None` when none is finite.
    pub fn limits_of(&self, values: &[f64], precision: Precision) -> Option<[f64; 2]> {
        let finite: Vec<f64> = values
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        let sample = self.sample(finite.len() as u64);
        let at = |index: u64| finite.get(usize::try_from(index).ok()?).copied();
        self.limits(sample.filter_map(at).collect(), precision)
    }

    /// The limits by a sample of finite elements; `None` when it is empty.
    pub fn limits(&self, mut sample: Vec<f64>, precision: Precision) -> Option<[f64; 2]> {
        sample.sort_by(f64::total_cmp);
        let count = sample.len();
        let (least, greatest) = (*sample.first()?, *sample.last()?);
        #[expect(clippy::cast_possible_truncation, reason = "a part of a small number")]
        #[expect(clippy::cast_sign_loss, reason = "not below 0")]
        let part = |fraction: f64| (count as f64 * fraction.clamp(0.0, 1.0)) as usize;
        let enough = self.min_pixels.max(part(self.max_reject));
        let grow = part(0.01).max(1);
        let mut bad = vec![false; count];
        let (mut good, mut before) = (count, count + 1);
        let mut line = None;
        for _ in 0..self.iterations {
            if good >= before || good < enough {
                break;
            }
            let fitted = fit(&sample, &bad);
            self.reject(&sample, fitted, &mut bad);
            bad = widened(&bad, grow);
            line = Some(fitted);
            (before, good) = (good, bad.iter().filter(|bad| !**bad).count());
        }
        let Some(line) = line.filter(|_| good >= enough) else {
            return Some([least, greatest]);
        };
        let slope = if self.contrast > 0.0 {
            line.slope / self.contrast
        } else {
            line.slope
        };
        let median = median(&sample, precision)?;
        let centre = (count - 1) / 2;
        Some([
            least.max(median - (centre as f64 - 1.0) * slope),
            greatest.min(median + (count - centre) as f64 * slope),
        ])
    }

    /// Marks what is far from a line; marks stay.
    fn reject(&self, sample: &[f64], line: Line, bad: &mut [bool]) {
        let flat: Vec<f64> = sample
            .iter()
            .enumerate()
            .map(|(index, value)| value - (line.slope * index as f64 + line.intercept))
            .collect();
        let kept = || flat.iter().zip(&*bad).filter(|(_, bad)| !**bad);
        let count = kept().count() as f64;
        let mean = kept().map(|(value, _)| value).sum::<f64>() / count;
        let squares = kept().map(|(value, _)| (value - mean).powi(2));
        let threshold = self.reject * (squares.sum::<f64>() / count).sqrt();
        for (value, bad) in flat.iter().zip(bad) {
            *bad |= *value < -threshold || *value > threshold;
        }
    }
}

/// The line with the least squares through what is not marked.
#[expect(clippy::cast_precision_loss, reason = "places in a small sample")]
fn fit(sample: &[f64], bad: &[bool]) -> Line {
    let points = || {
        let all = sample.iter().zip(bad).enumerate();
        let good = all.filter(|(_, (_, bad))| !**bad);
        good.map(|(index, (value, _))| (index as f64, *value))
    };
    let count = points().count() as f64;
    let (sum_x, sum_y) = points().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    let (mean_x, mean_y) = (sum_x / count, sum_y / count);
    let (mut both, mut squares) = (0.0, 0.0);
    for (x, y) in points() {
        both += (x - mean_x) * (y - mean_y);
        squares += (x - mean_x).powi(2);
    }
    let slope = if squares > 0.0 { both / squares } else { 0.0 };
    Line {
        slope,
        intercept: mean_y - slope * mean_x,
    }
}

/// Marks widened to so many neighbours: those of `numpy.convolve(bad, ones(width), mode="same")`, which for an even
/// width reach further to the right than to the left.
fn widened(bad: &[bool], width: usize) -> Vec<bool> {
    let mut out = vec![false; bad.len()];
    let right = (width - 1) / 2;
    let left = width / 2;
    for (index, _) in bad.iter().enumerate().filter(|(_, bad)| **bad) {
        // Every place whose window, `left` before and `right` after it, holds this mark.
        let reach = index.saturating_sub(right)..index.saturating_add(left + 1).min(bad.len());
        out.get_mut(reach).unwrap_or_default().fill(true);
    }
    out
}

/// The median of a sorted sample.
fn median(sorted: &[f64], precision: Precision) -> Option<f64> {
    let high = *sorted.get(sorted.len() / 2)?;
    if !sorted.len().is_multiple_of(2) {
        return Some(high);
    }
    let low = *sorted.get(sorted.len() / 2 - 1)?;
    Some(precision.mean(low, high))
}
