//! How a spectrum runs over the detector: polynomials in the parameter t, 0 at one end and 1 at the other,
//! and the search for t on a grid.

use super::super::program::Program;

/// A number that depends on t.
#[derive(Debug)]
pub(super) enum Trace {
    /// Σ cᵢ(x, y) · tⁱ.
    Placed(Vec<Program>),
    /// A function of t alone.
    Alone(Program),
}

impl Trace {
    /// The values at the t and place of each point.
    pub(super) fn at(&self, t: &[f64], x: &[f64], y: &[f64]) -> Vec<f64> {
        match self {
            Self::Placed(programs) => {
                let coefficients = Coefficients::of(programs, x, y);
                let points = t.iter().enumerate();
                points
                    .map(|(point, t)| coefficients.at(point, *t))
                    .collect()
            }
            Self::Alone(program) => function(program, t),
        }
    }
}

/// The values of a function of one number.
pub(super) fn function(program: &Program, x: &[f64]) -> Vec<f64> {
    let results = program.eval(&[x]).ok();
    let first = results.and_then(|results| results.into_iter().next());
    first.unwrap_or_else(|| vec![f64::NAN; x.len()])
}

/// The coefficients of a polynomial at the place of each point.
#[derive(Debug)]
pub(super) struct Coefficients(Vec<Vec<f64>>);

impl Coefficients {
    pub(super) fn of(programs: &[Program], x: &[f64], y: &[f64]) -> Self {
        let values = |program: &Program| {
            let results = program.eval(&[x, y]).ok();
            let first = results.and_then(|results| results.into_iter().next());
            first.unwrap_or_else(|| vec![f64::NAN; x.len()])
        };
        Self(programs.iter().map(values).collect())
    }

    /// The polynomial of a point at t.
    pub(super) fn at(&self, point: usize, t: f64) -> f64 {
        let mut power = 1.0;
        let mut sum = 0.0;
        for column in &self.0 {
            sum += column.get(point).copied().unwrap_or(f64::NAN) * power;
            power *= t;
        }
        sum
    }
}

/// A grid of `N` values of t from 0 to 1.
pub(super) fn grid<const N: usize>() -> [f64; N] {
    #[expect(clippy::cast_precision_loss, reason = "grids are small")]
    let step = 1.0 / (N - 1) as f64;
    std::array::from_fn(|place| {
        #[expect(clippy::cast_precision_loss, reason = "grids are small")]
        let t = place as f64 * step;
        if place + 1 == N { 1.0 } else { t }
    })
}

/// Pairs of a value and its t, sorted by the value.
pub(super) fn sorted<const N: usize>(value: impl Fn(f64) -> f64) -> [(f64, f64); N] {
    let mut pairs = grid::<N>().map(|t| (value(t), t));
    let order = |left: &(f64, f64), right: &(f64, f64)| {
        let values = left.0.total_cmp(&right.0);
        values.then(left.1.total_cmp(&right.1))
    };
    pairs.sort_unstable_by(order);
    pairs
}

/// The t of a value by straight lines between the pairs, that of the end beyond the ends.
pub(super) fn interpolate(pairs: &[(f64, f64)], x: f64) -> f64 {
    let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else {
        return f64::NAN;
    };
    if x.is_nan() || pairs.iter().any(|pair| pair.0.is_nan()) {
        f64::NAN
    } else if x >= last.0 {
        last.1
    } else if x < first.0 {
        first.1
    } else {
        let above = pairs.partition_point(|pair| pair.0 <= x).max(1);
        line(pairs, above - 1, x)
    }
}

/// The t of a value by straight lines between the pairs, the outermost of which go on beyond the ends.
/// Without result when two values are the same.
pub(super) fn extrapolate(pairs: &[(f64, f64)], x: f64) -> f64 {
    if x.is_nan() || !pairs.is_sorted_by(|left, right| left.0 < right.0) {
        return f64::NAN;
    }
    let above = pairs.partition_point(|pair| pair.0 < x);
    let index = above.saturating_sub(1).min(pairs.len().saturating_sub(2));
    line(pairs, index, x)
}

/// The line through a pair and the next.
fn line(pairs: &[(f64, f64)], index: usize, x: f64) -> f64 {
    match (pairs.get(index), pairs.get(index + 1)) {
        (Some((low, from)), Some((high, to))) => (to - from) / (high - low) * (x - low) + from,
        (Some((_, from)), None) => *from,
        _ => f64::NAN,
    }
}

/// The t at which a function is closest to 0, by its squares on a grid: where the slope of the squares is
/// 0 between the least and a neighbour, or an end of the grid.
pub(super) fn closest<const N: usize>(function: impl Fn(f64) -> f64) -> f64 {
    let grid = grid::<N>();
    let squares = grid.map(|t| {
        let value = function(t);
        value * value
    });
    if squares.iter().any(|square| square.is_nan()) {
        return f64::NAN;
    }
    let mut least = (0, f64::INFINITY);
    for (place, square) in squares.iter().enumerate() {
        if *square < least.1 {
            least = (place, *square);
        }
    }
    let place = least.0;
    let at = |place: usize| squares.get(place).copied().unwrap_or(f64::NAN);
    let t = |place: usize| grid.get(place).copied().unwrap_or(f64::NAN);
    if place == 0 || place + 1 >= N {
        return t(place);
    }
    // On the ends of the grid the slope is that of the outermost cell.
    let slope = |place: usize| match place {
        0 => at(1) - at(0),
        _ if place + 1 == N => at(place) - at(place - 1),
        _ => (at(place + 1) - at(place - 1)) / 2.0,
    };
    let centre = slope(place);
    if centre == 0.0 {
        return t(place);
    }
    let [left, right] = if centre < 0.0 {
        [place - 1, place]
    } else {
        [place, place + 1]
    };
    let inclination = (slope(right) - slope(left)) / (t(right) - t(left));
    let intercept = slope(right) - inclination * t(right);
    -intercept / inclination
}
