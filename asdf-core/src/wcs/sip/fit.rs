//! Least squares fits of pairs of polynomials without constant term.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]

use super::DEGREES;
use super::SipCoefficients;

/// Points and what they become.
#[derive(Debug, Clone)]
pub(in crate::wcs) struct Samples {
    pub(in crate::wcs) from: [Vec<f64>; 2],
    pub(in crate::wcs) to: [Vec<f64>; 2],
}

/// A pair of polynomials.
#[derive(Debug, Clone)]
pub(in crate::wcs) struct Fit {
    pub(in crate::wcs) degree: usize,
    /// The greatest distance of what the polynomials give from what they are to give.
    pub(in crate::wcs) error: f64,
    powers: Vec<[usize; 2]>,
    values: [Vec<f64>; 2],
}

impl Samples {
    /// The samples of the way back: from where the linear part leads to what must be added there.
    pub(in crate::wcs) fn back(&self, [[a, b], [c, d]]: &[[f64; 2]; 2]) -> Self {
        let determinant = a * d - b * c;
        let [east, north] = &self.to;
        let pairs = east.iter().zip(north);
        let (u, v): (Vec<f64>, Vec<f64>) = pairs
            .map(|(x, y)| ((d * x - b * y) / determinant, (a * y - c * x) / determinant))
            .unzip();
        let less = |from: &[f64], to: &[f64]| from.iter().zip(to).map(|(a, b)| a - b).collect();
        let to = [less(&self.from[0], &u), less(&self.from[1], &v)];
        Self { from: [u, v], to }
    }

    /// The greatest coordinate of each kind, with which all are scaled.
    fn scales(&self) -> [f64; 2] {
        self.from.each_ref().map(|column| {
            let greatest = column
                .iter()
                .fold(0.0, |most: f64, value| most.max(value.abs()));
            if greatest > 0.0 { greatest } else { 1.0 }
        })
    }

    /// Products of powers of the scaled coordinates, a column for each.
    fn products(&self, powers: &[[usize; 2]], [s, t]: [f64; 2]) -> Vec<Vec<f64>> {
        let [u, v] = &self.from;
        let product = |[i, j]: &[usize; 2]| -> Vec<f64> {
            let (i, j) = (exponent(*i), exponent(*j));
            let pairs = u.iter().zip(v);
            pairs
                .map(|(u, v)| (u / s).powi(i) * (v / t).powi(j))
                .collect()
        };
        powers.iter().map(product).collect()
    }
}

fn exponent(power: usize) -> i32 {
    i32::try_from(power).unwrap_or(i32::MAX)
}

impl Fit {
    /// The coefficients of both polynomials by powers.
    pub(in crate::wcs) fn coefficients(&self) -> [SipCoefficients; 2] {
        self.values.each_ref().map(|values| {
            let pairs = self.powers.iter().zip(values);
            pairs.map(|(power, value)| (*power, *value)).collect()
        })
    }

    /// The greatest distance on samples.
    fn distance(&self, samples: &Samples) -> f64 {
        let products = samples.products(&self.powers, [1.0, 1.0]);
        let mut most: f64 = 0.0;
        for (point, (x, y)) in samples.to[0].iter().zip(&samples.to[1]).enumerate() {
            let sum = |values: &[f64]| -> f64 {
                let terms = values.iter().zip(&products);
                terms
                    .map(|(value, column)| value * column.get(point).copied().unwrap_or(f64::NAN))
                    .sum()
            };
            let off = (x - sum(&self.values[0])).hypot(y - sum(&self.values[1]));
            most = if off.is_nan() {
                f64::NAN
            } else {
                most.max(off)
            };
        }
        most
    }
}

/// The fit of the lowest degree whose greatest error is small enough, or the best of all; `None` when
/// the samples have no values.
pub(in crate::wcs) fn lowest(
    coarse: &Samples,
    fine: &Samples,
    error: f64,
    degree: Option<usize>,
) -> Option<Fit> {
    let degrees = degree.map_or(DEGREES, |degree| degree..=degree);
    let mut best: Option<Fit> = None;
    let mut in_vain = 0;
    for degree in degrees {
        let Some(fit) = polynomials(coarse, degree) else {
            break;
        };
        if best.as_ref().is_some_and(|best| fit.error >= best.error) {
            // What is symmetric about the centre needs no even degrees: the next one may be better.
            in_vain += 1;
            if in_vain > 1 {
                break;
            }
            continue;
        }
        in_vain = 0;
        let enough = fit.error <= error;
        best = Some(fit);
        if enough {
            break;
        }
    }
    let mut best = best?;
    best.error = best.error.max(best.distance(fine));
    Some(best)
}

/// The fit of a degree, by orthogonal columns: twice orthogonalised, since powers are nearly parallel.
fn polynomials(samples: &Samples, degree: usize) -> Option<Fit> {
    let all = (0..=degree).flat_map(|i| (0..=degree - i).map(move |j| [i, j]));
    let powers: Vec<[usize; 2]> = all.filter(|power| *power != [0, 0]).collect();
    let scales = samples.scales();
    let mut columns = samples.products(&powers, scales);
    let count = columns.len();
    let mut triangle = vec![vec![0.0; count]; count];
    for number in 0..count {
        let (done, rest) = columns.split_at_mut(number);
        let column = rest.first_mut()?;
        for _ in 0..2 {
            for (row, earlier) in triangle.iter_mut().zip(done.iter()) {
                let part = dot(earlier, column);
                *row.get_mut(number)? += part;
                for (value, earlier) in column.iter_mut().zip(earlier) {
                    *value -= part * earlier;
                }
            }
        }
        let length = dot(column, column).sqrt();
        if length.is_nan() || length < 1e-12 {
            return None;
        }
        *triangle.get_mut(number)?.get_mut(number)? = length;
        for value in column.iter_mut() {
            *value /= length;
        }
    }
    let solve = |wanted: &[f64]| -> Option<Vec<f64>> {
        let mut values: Vec<f64> = columns.iter().map(|column| dot(column, wanted)).collect();
        for number in (0..count).rev() {
            let row = triangle.get(number)?;
            let known: f64 = (number + 1..count)
                .map(|later| Some(row.get(later)? * values.get(later)?))
                .sum::<Option<f64>>()?;
            let value = values.get_mut(number)?;
            *value = (*value - known) / row.get(number)?;
        }
        for (value, [i, j]) in values.iter_mut().zip(&powers) {
            *value /= scales[0].powi(exponent(*i)) * scales[1].powi(exponent(*j));
        }
        Some(values)
    };
    let values = [solve(&samples.to[0])?, solve(&samples.to[1])?];
    let mut fit = Fit {
        degree,
        error: 0.0,
        powers,
        values,
    };
    fit.error = fit.distance(samples);
    fit.error.is_finite().then_some(fit)
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}
