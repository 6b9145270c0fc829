//! polynomial and `ortho_polynomial`, in one or two variables.
#![expect(
    clippy::inline_always,
    reason = "only what is inlined is compiled for wide vectors"
)]

use super::model::Model;
use super::parameters::Reader;
use super::vector::LANES;
use super::vector::Work;
use super::vector::wide;
use crate::error::Result;
use std::sync::Arc;

/// Terms that a polynomial has in one variable at most.
const LARGEST: usize = 256;

/// Maps the domain onto the window: x → offset + scale · x.
#[derive(Debug, Clone, Copy)]
struct DomainWindow {
    offset: f64,
    scale: f64,
}

impl DomainWindow {
    /// Nothing where domain and window are the same.
    fn new([low, high]: [f64; 2], [from, to]: [f64; 2]) -> Option<Self> {
        #[expect(clippy::float_cmp, reason = "the defaults are the same numbers")]
        let same = low == from && high == to;
        (!same).then(|| Self {
            offset: (from * high - to * low) / (high - low),
            scale: (to - from) / (high - low),
        })
    }

    #[inline(always)]
    fn of(map: Option<Self>, x: f64) -> f64 {
        match map {
            Some(Self { offset, scale }) => offset + scale * x,
            None => x,
        }
    }
}

/// Domain and window of each variable.
fn maps(reader: &Reader<'_>, variables: usize) -> Result<Vec<Option<DomainWindow>>> {
    let read = |key| -> Result<Vec<[f64; 2]>> {
        if !reader.has(key) {
            return Ok(vec![[-1.0, 1.0]; variables]);
        }
        let (_, numbers) = reader.array(key)?;
        let (pairs, rest) = numbers.as_chunks::<2>();
        if pairs.len() != variables || !rest.is_empty() {
            return Err(reader.wrong(key, &format!("two ends for each of {variables} variables")));
        }
        Ok(pairs.to_vec())
    };
    let windows = read("window")?;
    let domains = read("domain")?;
    Ok(domains
        .into_iter()
        .zip(windows)
        .map(|(domain, window)| DomainWindow::new(domain, window))
        .collect())
}

/// Σ cᵢ xⁱ.
#[derive(Debug, Clone)]
struct Polynomial1D {
    coefficients: Vec<f64>,
    map: Option<DomainWindow>,
}

impl Model for Polynomial1D {
    fn arity(&self) -> (usize, usize) {
        (1, 1)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([x], [y]) = (input, output) else { return };
        wide(Columns1D {
            polynomial: self,
            x,
            y,
        });
    }
}

/// The points of a chunk, mapped onto the window.
#[inline(always)]
fn lanes(map: Option<DomainWindow>, x: &[f64]) -> [f64; LANES] {
    let mut lanes = [0.0; LANES];
    for (lane, x) in lanes.iter_mut().zip(x) {
        *lane = DomainWindow::of(map, *x);
    }
    lanes
}

#[inline(always)]
fn horner(coefficients: &[f64], x: &[f64; LANES]) -> [f64; LANES] {
    // NaN in gives NaN out even when there is a constant only.
    let mut sums = x.map(|x| 0.0 * x);
    for coefficient in coefficients.iter().rev() {
        for (sum, x) in sums.iter_mut().zip(x) {
            *sum = *sum * x + coefficient;
        }
    }
    sums
}

/// Σ cᵢⱼ xⁱ yʲ with i + j up to the degree. Column by column of the matrix, each a polynomial in x.
#[derive(Debug, Clone)]
struct Polynomial2D {
    /// For each power of y the coefficients of the powers of x.
    powers: Vec<Vec<f64>>,
    maps: [Option<DomainWindow>; 2],
}

impl Model for Polynomial2D {
    fn arity(&self) -> (usize, usize) {
        (2, 1)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([x, y], [z]) = (input, output) else {
            return;
        };
        wide(Columns2D {
            polynomial: self,
            x,
            y,
            z,
        });
    }
}

struct Columns1D<'c> {
    polynomial: &'c Polynomial1D,
    x: &'c [f64],
    y: &'c mut [f64],
}

impl Work for Columns1D<'_> {
    #[inline(always)]
    fn run(self) {
        let Polynomial1D { coefficients, map } = self.polynomial;
        for (y, x) in self.y.chunks_mut(LANES).zip(self.x.chunks(LANES)) {
            let sums = horner(coefficients, &lanes(*map, x));
            y.copy_from_slice(sums.get(..y.len()).unwrap_or_default());
        }
    }
}

struct Columns2D<'c> {
    polynomial: &'c Polynomial2D,
    x: &'c [f64],
    y: &'c [f64],
    z: &'c mut [f64],
}

impl Work for Columns2D<'_> {
    #[inline(always)]
    fn run(self) {
        let Polynomial2D { powers, maps } = self.polynomial;
        let from = self.x.chunks(LANES).zip(self.y.chunks(LANES));
        for (z, (x, y)) in self.z.chunks_mut(LANES).zip(from) {
            let (x, y) = (lanes(maps[0], x), lanes(maps[1], y));
            let mut sums = y.map(|y| 0.0 * y);
            for inner in powers.iter().rev() {
                let inner = horner(inner, &x);
                for ((sum, y), inner) in sums.iter_mut().zip(&y).zip(&inner) {
                    *sum = *sum * y + inner;
                }
            }
            z.copy_from_slice(sums.get(..z.len()).unwrap_or_default());
        }
    }
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (shape, coefficients) = reader.array("coefficients")?;
    let wrong = || {
        reader.wrong(
            "coefficients",
            &format!("1 to {LARGEST} numbers, or a square of them"),
        )
    };
    match *shape.as_slice() {
        [count] if (1..=LARGEST).contains(&count) => Ok(Arc::new(Polynomial1D {
            coefficients,
            map: maps(reader, 1)?.first().copied().flatten(),
        })),
        [rows, columns] if rows == columns && (1..=LARGEST).contains(&rows) => {
            let powers = (0..columns)
                .map(|j| {
                    let column = coefficients.iter().skip(j).step_by(columns);
                    // What is beyond the degree does not count.
                    column.take(columns - j).copied().collect()
                })
                .collect();
            let maps = maps(reader, 2)?;
            let map = |variable: usize| maps.get(variable).copied().flatten();
            Ok(Arc::new(Polynomial2D {
                powers,
                maps: [map(0), map(1)],
            }))
        }
        _ => Err(wrong()),
    }
}

/// The polynomials of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis {
    Chebyshev,
    Legendre,
    Hermite,
}

impl Basis {
    /// Calls `take` with the values of the polynomials of degree 0, 1, …
    fn values(self, count: usize, x: f64, mut take: impl FnMut(usize, f64)) {
        let (mut before, mut value) = (1.0, self.first(x));
        take(0, 1.0);
        if count > 1 {
            take(1, value);
        }
        for degree in 2..count {
            #[expect(clippy::cast_precision_loss, reason = "at most 256")]
            let n = degree as f64;
            let next = match self {
                Self::Chebyshev => 2.0 * x * value - before,
                Self::Legendre => ((2.0 * n - 1.0) * x * value - (n - 1.0) * before) / n,
                Self::Hermite => 2.0 * x * value - 2.0 * (n - 1.0) * before,
            };
            (before, value) = (value, next);
            take(degree, value);
        }
    }

    fn first(self, x: f64) -> f64 {
        match self {
            Self::Chebyshev | Self::Legendre => x,
            Self::Hermite => 2.0 * x,
        }
    }
}

/// Σ cᵢ Bᵢ(x), or Σ cᵢⱼ Bᵢ(x) Bⱼ(y).
#[derive(Debug, Clone)]
struct Series {
    basis: Basis,
    /// One row for each degree in x.
    rows: Vec<Vec<f64>>,
    maps: Vec<Option<DomainWindow>>,
}

impl Series {
    fn value1(&self, x: f64) -> f64 {
        let mut sum = 0.0 * x;
        self.basis.values(
            self.rows.len(),
            DomainWindow::of(self.map(0), x),
            |degree, value| {
                let row = self.rows.get(degree).and_then(|row| row.first());
                sum += row.copied().unwrap_or(0.0) * value;
            },
        );
        sum
    }

    fn value2(&self, x: f64, y: f64) -> f64 {
        let width = self.rows.first().map_or(0, Vec::len);
        let mut sum = 0.0 * x * y;
        self.basis.values(
            self.rows.len(),
            DomainWindow::of(self.map(0), x),
            |degree, outer| {
                let Some(row) = self.rows.get(degree) else {
                    return;
                };
                self.basis
                    .values(width, DomainWindow::of(self.map(1), y), |degree, inner| {
                        sum += row.get(degree).copied().unwrap_or(0.0) * outer * inner;
                    });
            },
        );
        sum
    }

    fn map(&self, variable: usize) -> Option<DomainWindow> {
        self.maps.get(variable).copied().flatten()
    }
}

impl Model for Series {
    fn arity(&self) -> (usize, usize) {
        (self.maps.len(), 1)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        match (input, output) {
            ([x], [z]) => z.iter_mut().zip(*x).for_each(|(z, x)| *z = self.value1(*x)),
            ([x, y], [z]) => {
                let points = z.iter_mut().zip(*x).zip(*y);
                points.for_each(|((z, x), y)| *z = self.value2(*x, *y));
            }
            _ => {}
        }
    }
}

pub(super) fn read_ortho(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (shape, coefficients) = reader.array("coefficients")?;
    let basis = match reader.text("polynomial_type")? {
        "chebyshev" => Basis::Chebyshev,
        "legendre" => Basis::Legendre,
        "hermite" => Basis::Hermite,
        _ => return Err(reader.wrong("polynomial_type", "chebyshev, legendre or hermite")),
    };
    let (variables, width) = match *shape.as_slice() {
        [count] if (1..=LARGEST).contains(&count) => (1, 1),
        [rows, columns] if (1..=LARGEST).contains(&rows) && (1..=LARGEST).contains(&columns) => {
            (2, columns)
        }
        _ => {
            return Err(reader.wrong(
                "coefficients",
                &format!("1 to {LARGEST} numbers for each variable"),
            ));
        }
    };
    Ok(Arc::new(Series {
        basis,
        rows: coefficients.chunks(width).map(<[f64]>::to_vec).collect(),
        maps: maps(reader, variables)?,
    }))
}
