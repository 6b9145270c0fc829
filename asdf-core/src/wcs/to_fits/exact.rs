//! The header that says what a WCS does: the plane of its projection as lines or polynomials of the pixels, other axes as lines
//! or logarithms. What is found is compared with the WCS by the caller.
#![expect(clippy::many_single_char_names, reason = "coordinates have such names")]

use super::super::sip::fit::{Samples, lowest};
use super::super::sip::{integer, polynomial_cards, real};
use super::super::sky::Sky;
use super::super::{SipCard, SipCoefficients, Wcs};
use super::axes;
use super::axes::{Curve, WorldAxis};
use super::ending::Ending;
use super::ending::ending;
use super::given;
use super::native::{Grid, Row};
use super::wider::add_pixel_axes;
use crate::file::AsdfFile;
use crate::transform::{Interval, Program};

/// How far the plane may be from lines or polynomials, in degrees.
const PLANE: f64 = 1e-11;
/// The same for other coordinates, as a part of the greatest.
const OTHERS: f64 = 1e-12;
/// What an element of a matrix changes over the image at least, as a part of what the greatest of its row does.
const NOTHING: f64 = 1e-13;
/// Pixels by which the way back of a polynomial may be off.
const INVERSE: f64 = 1e-3;

/// A header of lines: a row for each axis of the world.
struct Linear {
    matrix: Vec<Vec<f64>>,
    /// Values at the reference pixel; 0 of the plane.
    values: Vec<f64>,
    /// From 0.
    pixel: Vec<f64>,
}

/// Polynomials after a matrix of the first two axes.
struct Polynomials {
    degree: usize,
    forward: [SipCoefficients; 2],
    inverse_degree: usize,
    inverse: [SipCoefficients; 2],
}

pub(super) fn cards(file: &AsdfFile, wcs: &Wcs) -> Option<Vec<SipCard>> {
    let program = wcs.unbounded_program().ok()?;
    let count = program.n_inputs();
    let grid = Grid::over(wcs)?;
    if count > program.n_outputs() || grid.sides.len() != count {
        return None;
    }
    let mut described = axes::of(wcs, program.n_outputs())?;
    let sky = wcs.steps().last()?.frame.sky();
    let ending = match sky {
        Some(_) => Some(ending(file, wcs)?),
        None => None,
    };
    let plane = match (&ending, sky) {
        (Some(ending), Some(sky)) => Some(Plane {
            back: ending.back()?,
            sky,
        }),
        _ => None,
    };
    let mut values = grid.eval(&program)?;
    if let Some(plane) = &plane {
        plane.put(&mut values)?;
    }
    let (mut rows, is_curved) = lines(&grid, sky, &values, &mut described)?;
    let is_wider = rows.len() > count;
    if is_wider {
        add_pixel_axes(&grid, &mut rows)?;
    }
    let (linear, polynomials) = if is_curved {
        let plane = plane.as_ref().filter(|_| !is_wider)?;
        polynomial(&grid, &program, plane, rows, &values)?
    } else {
        (linear(rows, sky)?, None)
    };
    let linear = linear.tidied(&grid).with_values(&described);
    let mut cards = given::lengths(wcs)?;
    write(
        &mut cards,
        &described,
        (&linear, polynomials.as_ref()),
        ending.as_ref().zip(sky),
    )?;
    axes::add_frame(&mut cards, file, wcs);
    Some(cards)
}

/// Each axis as a line, or its logarithm, and whether the plane of the sky is curved.
fn lines(
    grid: &Grid,
    sky: Option<Sky>,
    values: &[Vec<f64>],
    described: &mut [WorldAxis],
) -> Option<(Vec<Row>, bool)> {
    let is_sky =
        |place: usize| sky.is_some_and(|sky| place == sky.longitude || place == sky.latitude);
    let mut rows = Vec::with_capacity(values.len());
    let mut is_curved = false;
    for (place, (column, axis)) in values.iter().zip(described).enumerate() {
        let most = column
            .iter()
            .fold(0.0_f64, |most, value| most.max(value.abs()));
        let tolerance = if is_sky(place) { PLANE } else { OTHERS * most };
        match Row::of(grid, column, tolerance) {
            Some(row) => rows.push(row),
            None if is_sky(place) => {
                is_curved = true;
                rows.push(Row::default());
            }
            None => {
                // Its logarithm may be a line.
                if column.iter().any(|value| *value <= 0.0) {
                    return None;
                }
                let logs: Vec<f64> = column.iter().map(|value| value.ln()).collect();
                rows.push(Row::of(grid, &logs, OTHERS)?);
                axis.curve = Curve::Logarithm;
            }
        }
    }
    Some((rows, is_curved))
}

/// The plane of the projection.
struct Plane {
    back: Program,
    sky: Sky,
}

impl Plane {
    /// Puts coordinates of the plane in the place of positions; `None` where a position has none.
    fn put(&self, world: &mut [Vec<f64>]) -> Option<()> {
        let degrees = self.sky.radians.to_degrees();
        let column = |place: usize| -> Option<Vec<f64>> {
            Some(
                world
                    .get(place)?
                    .iter()
                    .map(|value| value * degrees)
                    .collect(),
            )
        };
        let (longitude, latitude) = (column(self.sky.longitude)?, column(self.sky.latitude)?);
        let mut found = self.back.eval(&[&longitude, &latitude]).ok()?.into_iter();
        for place in [self.sky.longitude, self.sky.latitude] {
            let own = found.next()?;
            if own.iter().any(|value| !value.is_finite()) {
                return None;
            }
            *world.get_mut(place)? = own;
        }
        Some(())
    }

    /// The plane at pixels.
    fn at(&self, program: &Program, pixels: &[Vec<f64>]) -> Option<[Vec<f64>; 2]> {
        let columns: Vec<&[f64]> = pixels.iter().map(Vec::as_slice).collect();
        let mut world = program.eval(&columns).ok()?;
        self.put(&mut world)?;
        let x = world.get(self.sky.longitude)?.clone();
        Some([x, world.get(self.sky.latitude)?.clone()])
    }
}

/// The reference pixel: where the plane has its origin, of other axes the first pixel.
fn linear(rows: Vec<Row>, sky: Option<Sky>) -> Option<Linear> {
    let count = rows.len();
    let mut pixel = vec![0.0; count];
    if let Some(sky) = sky {
        let (x, y) = (rows.get(sky.longitude)?, rows.get(sky.latitude)?);
        let mut best = (0.0_f64, [0, 0]);
        for first in 0..count {
            for second in first + 1..count {
                let [a, b, c, d] = [
                    *x.slopes.get(first)?,
                    *x.slopes.get(second)?,
                    *y.slopes.get(first)?,
                    *y.slopes.get(second)?,
                ];
                let determinant = a * d - b * c;
                if determinant.abs() > best.0.abs() {
                    best = (determinant, [first, second]);
                    let (u, v) = (-x.start, -y.start);
                    pixel.fill(0.0);
                    *pixel.get_mut(first)? = (d * u - b * v) / determinant;
                    *pixel.get_mut(second)? = (a * v - c * u) / determinant;
                }
            }
        }
        if best.0 == 0.0 {
            return None;
        }
    }
    let is_sky =
        |place: usize| sky.is_some_and(|sky| place == sky.longitude || place == sky.latitude);
    let values = rows.iter().enumerate();
    let values = values.map(|(place, row)| if is_sky(place) { 0.0 } else { row.at(&pixel) });
    Some(Linear {
        values: values.collect(),
        matrix: rows.into_iter().map(|row| row.slopes).collect(),
        pixel,
    })
}

impl Linear {
    /// Without elements that are all rounding.
    fn tidied(mut self, grid: &Grid) -> Self {
        let width: Vec<f64> = grid.sides.iter().map(|side| side.high - side.low).collect();
        for row in &mut self.matrix {
            let parts = row.iter().zip(&width);
            let most = parts
                .map(|(slope, width)| (slope * width).abs())
                .fold(0.0, f64::max);
            for (slope, width) in row.iter_mut().zip(&width) {
                if (*slope * width).abs() <= most * NOTHING {
                    *slope = 0.0;
                }
            }
        }
        self
    }

    /// Values and steps of logarithms as `-LOG` has them.
    fn with_values(mut self, axes: &[WorldAxis]) -> Self {
        for ((value, row), axis) in self.values.iter_mut().zip(&mut self.matrix).zip(axes) {
            if axis.curve == Curve::Logarithm {
                *value = value.exp();
                for slope in row.iter_mut() {
                    *slope *= *value;
                }
            }
        }
        self
    }

    fn is_diagonal(&self) -> bool {
        let rows = self.matrix.iter().enumerate();
        let mut off = rows.flat_map(|(place, row)| {
            let cells = row.iter().enumerate();
            cells
                .filter(move |(column, _)| *column != place)
                .map(|cell| *cell.1)
        });
        off.all(|cell| cell == 0.0)
    }
}

/// A plane that is a pair of polynomials of the first two pixel axes.
fn polynomial(
    grid: &Grid,
    program: &Program,
    plane: &Plane,
    mut rows: Vec<Row>,
    values: &[Vec<f64>],
) -> Option<(Linear, Option<Polynomials>)> {
    let count = grid.sides.len();
    let [x, y] = [plane.sky.longitude, plane.sky.latitude];
    if count < 2 {
        return None;
    }
    check_further_axes(grid, [x, y], values)?;
    let further: Vec<f64> = grid.sides.iter().skip(2).map(|side| side.low).collect();
    let at = |points: &[[f64; 2]]| {
        let mut pixels = vec![Vec::new(), Vec::new()];
        for point in points {
            for (column, value) in pixels.iter_mut().zip(point) {
                column.push(*value);
            }
        }
        pixels.extend(further.iter().map(|value| vec![*value; points.len()]));
        plane.at(program, &pixels)
    };
    let root = origin(grid, &at)?;
    let (coarse, fine) = (samples(grid, root, 24, &at)?, samples(grid, root, 41, &at)?);
    let fit = lowest(&coarse, &fine, PLANE, None)?;
    if fit.error > PLANE {
        return None;
    }
    let (cd, forward) = fit.split();
    let inverse = lowest(&coarse.back(&cd), &fine.back(&cd), INVERSE, None)?;
    let mut pixel = root.to_vec();
    pixel.resize(count, 0.0);
    for (place, own) in [(x, cd[0]), (y, cd[1])] {
        let mut slopes = own.to_vec();
        slopes.resize(count, 0.0);
        *rows.get_mut(place)? = Row {
            slopes,
            ..Row::default()
        };
    }
    let is_sky = |place: usize| place == x || place == y;
    let values = rows.iter().enumerate();
    let values = values.map(|(place, row)| if is_sky(place) { 0.0 } else { row.at(&pixel) });
    let linear = Linear {
        values: values.collect(),
        matrix: rows.into_iter().map(|row| row.slopes).collect(),
        pixel,
    };
    let polynomials = Polynomials {
        degree: fit.degree,
        forward,
        inverse_degree: inverse.degree,
        inverse: inverse.coefficients(),
    };
    Some((linear, Some(polynomials)))
}

/// `None` where the plane depends on further axes than the first two.
fn check_further_axes(grid: &Grid, [x, y]: [usize; 2], values: &[Vec<f64>]) -> Option<()> {
    let mut first: Vec<([f64; 2], [f64; 2])> = Vec::new();
    for point in 0..values.first()?.len() {
        let of = |columns: &[Vec<f64>], place: usize| columns.get(place)?.get(point).copied();
        let pixel = [of(&grid.pixels, 0)?, of(&grid.pixels, 1)?];
        let own = [of(values, x)?, of(values, y)?];
        let is_there =
            |known: &&([f64; 2], [f64; 2])| known.0.map(f64::to_bits) == pixel.map(f64::to_bits);
        match first.iter().find(is_there) {
            Some((_, known)) if (known[0] - own[0]).hypot(known[1] - own[1]) > PLANE => {
                return None;
            }
            Some(_) => {}
            None => first.push((pixel, own)),
        }
    }
    Some(())
}

/// Points over the first two axes, as many on each, seen from the root, and where they are in the plane.
fn samples(
    grid: &Grid,
    [u, v]: [f64; 2],
    count: usize,
    at: &impl Fn(&[[f64; 2]]) -> Option<[Vec<f64>; 2]>,
) -> Option<Samples> {
    #[expect(clippy::cast_precision_loss, reason = "a grid has few points")]
    let position = |side: &Interval, step: usize| {
        side.low + (side.high - side.low) * step as f64 / (count - 1) as f64
    };
    let (across, along) = (grid.sides.first()?, grid.sides.get(1)?);
    let point = |number: usize| {
        [
            position(across, number % count),
            position(along, number / count),
        ]
    };
    let points: Vec<[f64; 2]> = (0..count * count).map(point).collect();
    let across = points.iter().map(|point| point[0] - u).collect();
    let along = points.iter().map(|point| point[1] - v).collect();
    Some(Samples {
        from: [across, along],
        to: at(&points)?,
    })
}

/// The pixel at which the plane has its origin, by Newton's method from the middle of the image.
fn origin(grid: &Grid, at: &impl Fn(&[[f64; 2]]) -> Option<[Vec<f64>; 2]>) -> Option<[f64; 2]> {
    /// Steps at most.
    const STEPS: usize = 40;
    /// Pixels over which derivatives are taken.
    const APART: f64 = 0.5;
    let middle = |axis: usize| {
        let side = grid.sides.get(axis)?;
        Some(f64::midpoint(side.low, side.high))
    };
    let mut pixel = [middle(0)?, middle(1)?];
    for _ in 0..STEPS {
        let [u, v] = pixel;
        let around = [
            pixel,
            [u + APART, v],
            [u - APART, v],
            [u, v + APART],
            [u, v - APART],
        ];
        let [x, y] = at(&around)?;
        let (&[x0, x1, x2, x3, x4], &[y0, y1, y2, y3, y4]) = (x.as_slice(), y.as_slice()) else {
            return None;
        };
        let [a, b, c, d] = [x1 - x2, x3 - x4, y1 - y2, y3 - y4].map(|own| own / (2.0 * APART));
        let determinant = a * d - b * c;
        let step = [
            (d * x0 - b * y0) / determinant,
            (a * y0 - c * x0) / determinant,
        ];
        if !step.iter().all(|value| value.is_finite()) {
            return None;
        }
        pixel = [u - step[0], v - step[1]];
        if step[0].hypot(step[1]) < 1e-10 {
            return Some(pixel);
        }
    }
    None
}

fn write(
    cards: &mut Vec<SipCard>,
    described: &[WorldAxis],
    (linear, polynomials): (&Linear, Option<&Polynomials>),
    sky: Option<(&Ending, Sky)>,
) -> Option<()> {
    let count = described.len();
    cards.push(integer("WCSAXES", count, "number of coordinate axes"));
    let suffix = if polynomials.is_some() { "-SIP" } else { "" };
    let mut values = linear.values.clone();
    if let Some((ending, sky)) = sky {
        let [longitude, latitude] = ending.reference()?;
        *values.get_mut(sky.longitude)? = longitude;
        *values.get_mut(sky.latitude)? = latitude;
    }
    for (number, axis) in (1..).zip(described) {
        let kind = match (sky, axis.curve) {
            (Some((ending, sky)), _)
                if number == sky.longitude + 1 || number == sky.latitude + 1 =>
            {
                format!("{:-<4}-{}{suffix}", axis.kind, ending.code)
            }
            (_, Curve::Logarithm) => format!("{:-<4}-LOG", axis.kind),
            (_, Curve::Line) => axis.kind.clone(),
        };
        axes::push_text(cards, &format!("CTYPE{number}"), &kind, "what the axis is");
        if !axis.unit.is_empty() {
            axes::push_text(
                cards,
                &format!("CUNIT{number}"),
                &axis.unit,
                "unit of the coordinate",
            );
        }
    }
    linear_cards(cards, linear, &values);
    if let Some((ending, sky)) = sky {
        ending.push_cards(cards, sky);
    }
    if let Some(own) = polynomials {
        polynomial_cards(
            cards,
            (own.degree, &own.forward),
            (own.inverse_degree, &own.inverse),
        );
    }
    Some(())
}

/// Reference pixel, its coordinates, and the matrix.
fn linear_cards(cards: &mut Vec<SipCard>, linear: &Linear, values: &[f64]) {
    let axes = linear.pixel.iter().zip(values).zip(1..);
    for ((pixel, value), axis) in axes {
        cards.push(real(
            &format!("CRPIX{axis}"),
            pixel + 1.0,
            "reference pixel, from 1",
        ));
        cards.push(real(&format!("CRVAL{axis}"), *value, "coordinate there"));
    }
    let is_diagonal = linear.is_diagonal();
    for (row, line) in (1..).zip(&linear.matrix) {
        for (column, value) in (1..).zip(line) {
            if is_diagonal && row == column {
                cards.push(real(&format!("CDELT{row}"), *value, "step of a pixel"));
            } else if !is_diagonal {
                cards.push(real(
                    &format!("CD{row}_{column}"),
                    *value,
                    "linear transform",
                ));
            }
        }
    }
}
