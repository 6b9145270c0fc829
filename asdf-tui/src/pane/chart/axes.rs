//! What the axes of a chart reach, and where values are between their ends.

use super::Curve;
use super::Drawing;
use super::LogAxes;
use super::Places;
use super::Series;
use super::ticks::log_ticks;
use super::ticks::ticks;

/// The axes of a chart. Ends are logarithms where an axis is logarithmic, and of counts.
#[derive(Debug, Clone, Copy)]
pub struct Axes {
    drawing: Drawing,
    log: LogAxes,
    /// The ends of the horizontal axis.
    across: [f64; 2],
    /// The first and the last place, without the half steps about them.
    places: [f64; 2],
    /// The ends of the vertical axis.
    up: [f64; 2],
}

/// A value, or its logarithm; NaN where there is none.
fn scaled(value: f64, is_log: bool) -> f64 {
    match is_log {
        true if value > 0.0 => value.log10(),
        true => f64::NAN,
        false => value,
    }
}

/// The least and the greatest finite value.
fn extent(values: impl Iterator<Item = f64>) -> [f64; 2] {
    let finite = values.filter(|value| value.is_finite());
    finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
        [low.min(value), high.max(value)]
    })
}

/// Half a unit to both sides of a single value, 0 to 1 of none.
fn widened([low, high]: [f64; 2]) -> [f64; 2] {
    if low < high {
        [low, high]
    } else if low.is_finite() {
        [low - 0.5, low + 0.5]
    } else {
        [0.0, 1.0]
    }
}

/// The first and the last place of a curve.
fn places(curve: &Curve, is_log: bool) -> [f64; 2] {
    let count = curve.values.len();
    match (&curve.places, is_log) {
        (Places::Even { .. }, false) => {
            extent([curve.place(0), curve.place(count.saturating_sub(1))].into_iter())
        }
        _ => extent((0..count).map(|at| scaled(curve.place(at), is_log))),
    }
}

/// Half a step before the first place and after the last one.
#[expect(clippy::cast_precision_loss, reason = "values of a chart")]
fn ends(curve: &Curve, is_log: bool) -> [f64; 2] {
    let [low, high] = places(curve, is_log);
    let half = match &curve.places {
        _ if is_log => 0.0,
        Places::Even { step, .. } => step / 2.0,
        Places::Each(_) => {
            let steps = curve.values.len().saturating_sub(1).max(1);
            (high - low) / (steps as f64) / 2.0
        }
    };
    [low - half, high + half]
}

impl Axes {
    /// Axes that reach all values of the curves.
    pub fn new(series: &Series, curves: &[&Curve], log: LogAxes) -> Self {
        let drawing = series.drawing;
        let mut axes = Self {
            drawing,
            log,
            across: widened(extent(
                curves.iter().flat_map(|curve| ends(curve, log.across)),
            )),
            places: extent(curves.iter().flat_map(|curve| places(curve, log.across))),
            up: [0.0, 1.0],
        };
        let values = curves.iter().flat_map(|curve| &curve.values);
        let [low, high] = extent(values.map(|value| axes.height(*value)));
        axes.up = match drawing {
            Drawing::Histogram => [0.0, high.max(1.0)],
            Drawing::Line | Drawing::Points => widened([low, high]),
        };
        axes
    }

    /// What a value is high: a logarithm of counts and on a logarithmic axis.
    pub fn height(&self, value: f64) -> f64 {
        if self.drawing == Drawing::Histogram {
            value.max(0.0).ln_1p()
        } else {
            scaled(value, self.log.up)
        }
    }

    /// Where a height is along the vertical axis, from 0 at the bottom to 1.
    pub fn up(&self, height: f64) -> f64 {
        let [bottom, top] = self.up;
        // Values far apart have a difference that is not a number.
        (height / 2.0 - bottom / 2.0) / (top / 2.0 - bottom / 2.0)
    }

    /// Where a place is along the horizontal axis, from 0 to 1; `None` beyond its ends.
    pub fn across(&self, place: f64) -> Option<f64> {
        let [left, right] = self.across;
        let place = scaled(place, self.log.across);
        let part = (place / 2.0 - left / 2.0) / (right / 2.0 - left / 2.0);
        (0.0..=1.0).contains(&part).then_some(part)
    }

    /// Heights of ticks with their labels, at most so many.
    pub fn ticks_up(&self, most: usize) -> Vec<(f64, String)> {
        let [bottom, top] = self.up;
        if self.drawing == Drawing::Histogram {
            counts(top, most)
        } else if self.log.up {
            log_ticks(bottom, top, most.max(1))
        } else {
            ticks(bottom, top, most.max(1))
        }
    }

    /// Places of ticks with their labels, at most so many.
    pub fn ticks_across(&self, most: usize) -> Vec<(f64, String)> {
        if self.log.across {
            let [left, right] = self.across;
            let powers = log_ticks(left, right, most).into_iter();
            return powers
                .map(|(power, label)| (10_f64.powf(power), label))
                .collect();
        }
        let [first, last] = self.places;
        ticks(first, last, most)
    }
}

/// Powers of ten up to a height, with their labels.
fn counts(top: f64, most: usize) -> Vec<(f64, String)> {
    let powers = (0..20).map(|power| 10_f64.powi(power));
    let shown: Vec<f64> = powers
        .filter(|count| count.ln_1p() <= top * 1.001)
        .collect();
    let step = shown.len().div_ceil(most.max(1)).max(1);
    let tick = |count: &f64| (count.ln_1p(), format!("{count:.0}"));
    let plain = |count: &f64| (count.ln_1p(), format!("{count:e}"));
    let shown = shown.iter().step_by(step);
    shown
        .map(|count| {
            if *count < 1e5 {
                tick(count)
            } else {
                plain(count)
            }
        })
        .collect()
}
