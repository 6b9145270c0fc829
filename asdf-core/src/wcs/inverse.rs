//! The inverse by iteration: Gauss-Newton steps on the difference of what a pixel gives and what is wanted.
//!
//! Positions on the sky are compared as unit vectors, which have no seam at 360 degrees and no poles. Where the image
//! is bounded, derivatives come from a grid over it, which is made once; points that do not settle with
//! these get derivatives of their own.

use super::sky::Sky;
use crate::error::Result;
use crate::transform::Interval;
use crate::transform::Program;
use rayon::prelude::*;

/// How near the pixels are that are found, in pixels.
const TOLERANCE: f64 = 1e-9;
/// Steps of a point with derivatives of its own.
const STEPS: usize = 40;
/// Steps with the derivatives of the grid.
const GRID_STEPS: usize = 6;
/// Nodes of the grid along each axis.
const NODES: usize = 33;
/// Over how many pixels derivatives are taken.
const APART: f64 = 0.01;
/// Points of a job.
const JOB: usize = 4096;
/// Pixels at most; inverses in more dimensions are not iterated.
pub(super) const DIMENSIONS: usize = 6;
/// Numbers that are compared: a position on the sky counts for three.
const RESIDUALS: usize = DIMENSIONS + 1;

/// Derivatives of each compared number by each pixel coordinate.
type Jacobian = [[f64; DIMENSIONS]; RESIDUALS];

/// What finds pixels by iteration.
#[derive(Debug, Clone)]
pub(super) struct Solver {
    forward: Program,
    backward: Option<Program>,
    sky: Option<Sky>,
    dimensions: usize,
    grid: Option<Grid>,
}

/// What the forward transform does on a grid over the image.
#[derive(Debug, Clone)]
struct Grid {
    intervals: [Interval; 2],
    /// What is compared at each node, the first axis fastest.
    values: Vec<[f64; RESIDUALS]>,
    slopes: Vec<Jacobian>,
    /// How wrong interpolated derivatives are, at most: what remains of an error after a step.
    remains: f64,
}

/// A point on its way.
#[derive(Debug, Clone, Copy)]
struct Walker {
    /// Its number in the job.
    point: usize,
    at: [f64; DIMENSIONS],
    step: [f64; DIMENSIONS],
    /// How far what it gives was from what is wanted before the step.
    before: f64,
}

impl Solver {
    /// The inverse of a transform with as many outputs as inputs. `intervals` say where the image is.
    pub(super) fn new(
        forward: Program,
        backward: Option<Program>,
        sky: Option<Sky>,
        intervals: Option<&[Interval]>,
    ) -> Result<Self> {
        let mut solver = Self {
            dimensions: forward.inputs(),
            forward,
            backward,
            sky,
            grid: None,
        };
        if let Some(&[x, y]) = intervals {
            let sound = [x, y]
                .iter()
                .all(|side| side.low < side.high && (side.high - side.low).is_finite());
            if sound && solver.dimensions == 2 {
                solver.grid = Some(solver.grid([x, y])?);
            }
        }
        Ok(solver)
    }

    /// Coordinates of a pixel, and of a place in the world.
    pub(super) fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Pixels of world coordinates; NaN for those that are not found.
    pub(super) fn solve(&self, world: &[&[f64]]) -> Result<Vec<Vec<f64>>> {
        let count = world.first().map_or(0, |column| column.len());
        let starts: Vec<usize> = (0..count).step_by(JOB).collect();
        let jobs: Result<Vec<Vec<Vec<f64>>>> = starts
            .par_iter()
            .map(|start| {
                let part = |column: &&[f64]| {
                    let end = (start + JOB).min(column.len());
                    column.get(*start..end).unwrap_or_default().to_vec()
                };
                self.job(&world.iter().map(part).collect::<Vec<_>>())
            })
            .collect();
        let mut pixels = vec![Vec::with_capacity(count); self.dimensions];
        for job in jobs? {
            for (column, part) in pixels.iter_mut().zip(job) {
                column.extend(part);
            }
        }
        Ok(pixels)
    }

    fn job(&self, world: &[Vec<f64>]) -> Result<Vec<Vec<f64>>> {
        if self.sky.is_some_and(|sky| sky.beyond_poles(world)) {
            // Such latitudes are no positions: the numbers themselves are compared.
            let plain = Self {
                sky: None,
                grid: None,
                ..self.clone()
            };
            return plain.job(world);
        }
        let count = world.first().map_or(0, Vec::len);
        let wanted: Vec<_> = (0..count)
            .map(|point| self.compared(world, point))
            .collect();
        let mut pixels = vec![vec![f64::NAN; count]; self.dimensions];
        let known = match &self.backward {
            Some(backward) => {
                let columns: Vec<&[f64]> = world.iter().map(Vec::as_slice).collect();
                Some(backward.eval(&columns)?)
            }
            None => None,
        };
        let places = (0..count).collect::<Vec<_>>();
        self.walk(
            self.start(places, known.as_deref(), &wanted),
            &wanted,
            &mut pixels,
        )?;
        if known.is_some() {
            // An inverse may lead astray: what it does not lead to is looked for without it.
            let lost = pixels.first().map(|column| {
                let places = column.iter().enumerate();
                places
                    .filter(|place| place.1.is_nan())
                    .map(|place| place.0)
                    .collect()
            });
            let again = self.start(lost.unwrap_or_default(), None, &wanted);
            self.walk(again, &wanted, &mut pixels)?;
        }
        Ok(pixels)
    }

    /// Lets points walk until they settle or are lost.
    fn walk(
        &self,
        mut walkers: Vec<Walker>,
        wanted: &[[f64; RESIDUALS]],
        pixels: &mut [Vec<f64>],
    ) -> Result<()> {
        if let Some(grid) = &self.grid {
            for _ in 0..GRID_STEPS {
                if walkers.is_empty() {
                    return Ok(());
                }
                walkers = self.grid_step(grid, walkers, wanted, pixels)?;
            }
            for walker in &mut walkers {
                walker.before = f64::INFINITY;
            }
        }
        for _ in 0..STEPS {
            if walkers.is_empty() {
                break;
            }
            walkers = self.own_step(walkers, wanted, pixels)?;
        }
        Ok(())
    }

    /// Where the search for points begins: at what is known, else at the next node of the grid.
    fn start(
        &self,
        points: Vec<usize>,
        known: Option<&[Vec<f64>]>,
        wanted: &[[f64; RESIDUALS]],
    ) -> Vec<Walker> {
        let mut walkers = Vec::with_capacity(points.len());
        for point in points {
            let Some(wanted) = wanted.get(point) else {
                continue;
            };
            if wanted.iter().any(|value| value.is_nan()) {
                continue;
            }
            let mut at = [0.0; DIMENSIONS];
            let from = |column: &Vec<f64>| column.get(point).copied().unwrap_or(f64::NAN);
            for (value, column) in at.iter_mut().zip(known.iter().copied().flatten()) {
                *value = from(column);
            }
            let lost = at.iter().any(|value| !value.is_finite());
            if lost || known.is_none() {
                let node = self.grid.as_ref().map(|grid| grid.next(wanted));
                at = node.unwrap_or_default();
            }
            walkers.push(Walker {
                point,
                at,
                step: [0.0; DIMENSIONS],
                before: f64::INFINITY,
            });
        }
        walkers
    }

    /// One step of all with the derivatives of the grid; gives those that have not settled.
    fn grid_step(
        &self,
        grid: &Grid,
        walkers: Vec<Walker>,
        wanted: &[[f64; RESIDUALS]],
        pixels: &mut [Vec<f64>],
    ) -> Result<Vec<Walker>> {
        let found = self.evaluate(walkers.iter().map(|walker| walker.at), walkers.len())?;
        let mut rest = Vec::new();
        for (number, mut walker) in walkers.into_iter().enumerate() {
            let residual = self.residual(&found, number, wanted.get(walker.point));
            let slopes = grid.slopes_at(&walker.at);
            let Some((step, _)) = solve(&slopes, &residual, 2, self.sky.is_some()) else {
                rest.push(walker);
                continue;
            };
            let length = norm(&step);
            let outside = !grid.has(&walker.at);
            if !length.is_finite() || outside && length > 1.0 {
                // It starts again with derivatives of its own.
                rest.push(walker);
                continue;
            }
            for (at, step) in walker.at.iter_mut().zip(step) {
                *at -= step;
            }
            let remains = if outside { 0.5 } else { grid.remains };
            if length * remains < TOLERANCE {
                walker.settle(pixels);
            } else {
                rest.push(walker);
            }
        }
        Ok(rest)
    }

    /// One step of each with its own derivatives; gives those that have not settled.
    fn own_step(
        &self,
        walkers: Vec<Walker>,
        wanted: &[[f64; RESIDUALS]],
        pixels: &mut [Vec<f64>],
    ) -> Result<Vec<Walker>> {
        let count = walkers.len();
        let moved = |axis: Option<usize>| {
            let places = walkers.iter().map(move |walker| {
                let mut at = walker.at;
                if let Some(value) = axis.and_then(|axis| at.get_mut(axis)) {
                    *value += APART;
                }
                at
            });
            self.evaluate(places, count)
        };
        let found = moved(None)?;
        let beside = (0..self.dimensions).map(|axis| moved(Some(axis)));
        let beside = beside.collect::<Result<Vec<_>>>()?;
        let mut rest = Vec::new();
        for (number, mut walker) in walkers.into_iter().enumerate() {
            let residual = self.residual(&found, number, wanted.get(walker.point));
            let here = self.compared(&found, number);
            let mut slopes = [[0.0; DIMENSIONS]; RESIDUALS];
            for (axis, columns) in beside.iter().enumerate() {
                let there = self.compared(columns, number);
                for ((row, there), here) in slopes.iter_mut().zip(there).zip(here) {
                    if let Some(slope) = row.get_mut(axis) {
                        *slope = (there - here) / APART;
                    }
                }
            }
            let solved = solve(&slopes, &residual, self.dimensions, self.sky.is_some());
            if walker.advance(solved) {
                walker.settle(pixels);
            } else if walker.at.iter().all(|value| value.is_finite()) {
                rest.push(walker);
            }
        }
        Ok(rest)
    }

    fn evaluate(
        &self,
        places: impl Iterator<Item = [f64; DIMENSIONS]>,
        count: usize,
    ) -> Result<Vec<Vec<f64>>> {
        let mut columns = vec![Vec::with_capacity(count); self.dimensions];
        for place in places {
            for (column, value) in columns.iter_mut().zip(place) {
                column.push(value);
            }
        }
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        self.forward.eval(&columns)
    }

    /// What is compared of world coordinates: a position on the sky as a unit vector, the others as they are.
    fn compared(&self, world: &[Vec<f64>], point: usize) -> [f64; RESIDUALS] {
        let mut compared = [0.0; RESIDUALS];
        let at = |column: &Vec<f64>| column.get(point).copied().unwrap_or(f64::NAN);
        let mut slots = compared.iter_mut();
        let skip = match self.sky {
            Some(sky) => {
                let angle = |place: usize| world.get(place).map_or(f64::NAN, at);
                let vector = sky.vector(angle(sky.longitude), angle(sky.latitude));
                for value in vector {
                    if let Some(slot) = slots.next() {
                        *slot = value;
                    }
                }
                [sky.longitude, sky.latitude]
            }
            None => [usize::MAX; 2],
        };
        let others = world
            .iter()
            .enumerate()
            .filter(|(place, _)| !skip.contains(place));
        for (slot, (_, column)) in slots.zip(others) {
            *slot = at(column);
        }
        compared
    }

    fn residual(
        &self,
        found: &[Vec<f64>],
        number: usize,
        wanted: Option<&[f64; RESIDUALS]>,
    ) -> [f64; RESIDUALS] {
        let mut residual = self.compared(found, number);
        for (value, wanted) in residual.iter_mut().zip(wanted.into_iter().flatten()) {
            *value -= wanted;
        }
        residual
    }

    fn grid(&self, intervals: [Interval; 2]) -> Result<Grid> {
        let nodes = NODES * NODES;
        let [x, y] = intervals;
        #[expect(clippy::cast_precision_loss, reason = "a node is a small number")]
        let node = |number: usize| {
            let part = |number: usize, side: Interval| {
                side.low + (side.high - side.low) * number as f64 / (NODES - 1) as f64
            };
            (part(number % NODES, x), part(number / NODES, y))
        };
        let evaluate = |beside: [f64; 2], within: f64| {
            let width = (x.high - x.low) / to_f64(NODES - 1) * within;
            let height = (y.high - y.low) / to_f64(NODES - 1) * within;
            let places = (0..nodes).map(|number| {
                let (x, y) = node(number);
                let mut at = [0.0; DIMENSIONS];
                at[0] = x + beside[0] + width;
                at[1] = y + beside[1] + height;
                at
            });
            let columns = self.evaluate(places, nodes)?;
            Ok::<_, crate::error::Error>(
                (0..nodes)
                    .map(|number| self.compared(&columns, number))
                    .collect::<Vec<_>>(),
            )
        };
        let slopes = |within: f64| {
            let sides = [
                (
                    evaluate([APART, 0.0], within)?,
                    evaluate([-APART, 0.0], within)?,
                ),
                (
                    evaluate([0.0, APART], within)?,
                    evaluate([0.0, -APART], within)?,
                ),
            ];
            let slope = |number: usize| {
                let mut jacobian = [[0.0; DIMENSIONS]; RESIDUALS];
                for (axis, (above, below)) in sides.iter().enumerate() {
                    let pair = above.get(number).zip(below.get(number));
                    let Some((above, below)) = pair else { continue };
                    for ((row, above), below) in jacobian.iter_mut().zip(above).zip(below) {
                        if let Some(slope) = row.get_mut(axis) {
                            *slope = (above - below) / (2.0 * APART);
                        }
                    }
                }
                jacobian
            };
            Ok::<_, crate::error::Error>((0..nodes).map(slope).collect::<Vec<_>>())
        };
        let mut grid = Grid {
            intervals,
            values: evaluate([0.0, 0.0], 0.0)?,
            slopes: slopes(0.0)?,
            remains: 0.0,
        };
        let between = slopes(0.5)?;
        grid.remains = grid.wrong(&between);
        Ok(grid)
    }
}

#[expect(clippy::cast_precision_loss, reason = "for small numbers")]
fn to_f64(number: usize) -> f64 {
    number as f64
}

impl Walker {
    /// Moves by a step, or back half of the last one when that went too far; true when it has settled.
    fn advance(&mut self, solved: Option<([f64; DIMENSIONS], f64)>) -> bool {
        /// Derivatives over finite differences leave a part of the error.
        const SMALL: f64 = TOLERANCE * 1e2;
        let (step, off) = solved.unwrap_or(([f64::NAN; DIMENSIONS], f64::INFINITY));
        if off.is_finite() && off <= self.before {
            self.before = off;
            self.step = step;
            for (at, step) in self.at.iter_mut().zip(step) {
                *at -= step;
            }
            return norm(&step) < SMALL;
        }
        if !self.before.is_finite() {
            self.at = [f64::NAN; DIMENSIONS];
            return false;
        }
        if norm(&self.step) < SMALL {
            // It cannot come nearer: what is left is rounding.
            return true;
        }
        for (at, step) in self.at.iter_mut().zip(&mut self.step) {
            *step *= 0.5;
            *at += *step;
        }
        false
    }

    fn settle(&self, pixels: &mut [Vec<f64>]) {
        for (column, value) in pixels.iter_mut().zip(self.at) {
            if let Some(slot) = column.get_mut(self.point) {
                *slot = value;
            }
        }
    }
}

impl Grid {
    /// The node whose values are nearest.
    fn next(&self, wanted: &[f64; RESIDUALS]) -> [f64; DIMENSIONS] {
        let far = |values: &[f64; RESIDUALS]| {
            let far: f64 = values
                .iter()
                .zip(wanted)
                .map(|(a, b)| (a - b) * (a - b))
                .sum();
            if far.is_nan() { f64::INFINITY } else { far }
        };
        let nodes = self.values.iter().enumerate();
        let nearest = nodes.map(|(number, values)| (number, far(values)));
        let nearest = nearest.min_by(|a, b| a.1.total_cmp(&b.1));
        let number = nearest.map_or(0, |node| node.0);
        let mut at = [0.0; DIMENSIONS];
        for ((at, side), number) in at
            .iter_mut()
            .zip(&self.intervals)
            .zip([number % NODES, number / NODES])
        {
            *at = side.low + (side.high - side.low) * to_f64(number) / to_f64(NODES - 1);
        }
        at
    }

    fn has(&self, at: &[f64; DIMENSIONS]) -> bool {
        let sides = self.intervals.iter().zip(at);
        sides.into_iter().all(|(side, at)| side.has(*at))
    }

    /// Derivatives between the nodes; beyond the edges those of the edge.
    fn slopes_at(&self, at: &[f64; DIMENSIONS]) -> Jacobian {
        let mut place = [(0, 0.0); 2];
        for ((place, side), at) in place.iter_mut().zip(&self.intervals).zip(at) {
            let cell = (at - side.low) / (side.high - side.low) * to_f64(NODES - 1);
            let cell = cell.clamp(0.0, to_f64(NODES - 1) - 1e-9);
            #[expect(clippy::cast_possible_truncation, reason = "it is a small number")]
            #[expect(clippy::cast_sign_loss, reason = "it is clamped from 0 on")]
            let whole = cell as usize;
            *place = (whole, cell - cell.floor());
        }
        let [(column, across), (row, along)] = place;
        let corners = [
            (0, (1.0 - across) * (1.0 - along)),
            (1, across * (1.0 - along)),
            (NODES, (1.0 - across) * along),
            (NODES + 1, across * along),
        ];
        let first = row * NODES + column;
        let mut slopes = [[0.0; DIMENSIONS]; RESIDUALS];
        for (corner, weight) in corners {
            let Some(node) = self.slopes.get(first + corner) else {
                continue;
            };
            for (sum, row) in slopes.iter_mut().zip(node).take(3) {
                sum[0] += weight * row[0];
                sum[1] += weight * row[1];
            }
        }
        slopes
    }

    /// The greatest relative error of interpolated derivatives, by those in the middle of the cells.
    fn wrong(&self, between: &[Jacobian]) -> f64 {
        let mut wrong: f64 = 0.0;
        for (number, exact) in between.iter().enumerate() {
            let (column, row) = (number % NODES, number / NODES);
            if column + 1 == NODES || row + 1 == NODES {
                continue;
            }
            let mut at = [0.0; DIMENSIONS];
            let cells = [column, row].map(|cell| (to_f64(cell) + 0.5) / to_f64(NODES - 1));
            for ((at, side), part) in at.iter_mut().zip(&self.intervals).zip(cells) {
                *at = side.low + (side.high - side.low) * part;
            }
            let interpolated = self.slopes_at(&at);
            let (mut off, mut whole) = (0.0, 0.0);
            for (exact, found) in exact.iter().flatten().zip(interpolated.iter().flatten()) {
                off += (exact - found) * (exact - found);
                whole += exact * exact;
            }
            let relative = (off / whole).sqrt();
            if relative.is_nan() {
                return 1.0;
            }
            wrong = wrong.max(relative);
        }
        // A cell may be worse than its middle.
        2.0 * wrong
    }
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|part| part * part).sum::<f64>().sqrt()
}

/// The step that the residual asks for, the least squares solution of `slopes · step = residual`, and the
/// size of the residual. Numbers of different kinds are weighed by how fast they change, about in pixels.
fn solve(
    slopes: &Jacobian,
    residual: &[f64; RESIDUALS],
    dimensions: usize,
    sky: bool,
) -> Option<([f64; DIMENSIONS], f64)> {
    let mut weights = [0.0; RESIDUALS];
    for (weight, row) in weights.iter_mut().zip(slopes) {
        *weight = row.iter().map(|slope| slope * slope).sum();
    }
    if sky {
        let whole = weights.iter().take(3).sum();
        weights
            .iter_mut()
            .take(3)
            .for_each(|weight| *weight = whole);
    }
    let mut matrix = [[0.0; DIMENSIONS + 1]; DIMENSIONS];
    let mut size = 0.0;
    for ((row, off), weight) in slopes.iter().zip(residual).zip(weights) {
        if weight == 0.0 {
            continue;
        }
        size += off * off / weight;
        for (line, own) in matrix.iter_mut().zip(row).take(dimensions) {
            for (cell, other) in line.iter_mut().zip(row).take(dimensions) {
                *cell += own * other / weight;
            }
            line[DIMENSIONS] += own * off / weight;
        }
    }
    eliminate(&mut matrix, dimensions)?;
    let mut step = [0.0; DIMENSIONS];
    for (step, line) in step.iter_mut().zip(&matrix).take(dimensions) {
        *step = line[DIMENSIONS];
    }
    Some((step, size.sqrt()))
}

/// Gauss-Jordan elimination with pivots; the last column becomes the solution.
fn eliminate(matrix: &mut [[f64; DIMENSIONS + 1]; DIMENSIONS], dimensions: usize) -> Option<()> {
    for pivot in 0..dimensions {
        let size = |row: &usize| {
            matrix
                .get(*row)
                .and_then(|row| row.get(pivot))
                .map(|v| v.abs())
        };
        let best = (pivot..dimensions).max_by(|a, b| {
            let (a, b) = (size(a).unwrap_or(0.0), size(b).unwrap_or(0.0));
            a.total_cmp(&b)
        })?;
        matrix.swap(pivot, best);
        let mut line = *matrix.get(pivot)?;
        let head = *line.get(pivot)?;
        if head == 0.0 || !head.is_finite() {
            return None;
        }
        for cell in &mut line {
            *cell /= head;
        }
        for (row, other) in matrix.iter_mut().enumerate().take(dimensions) {
            if row == pivot {
                *other = line;
                continue;
            }
            let factor = other.get(pivot).copied()?;
            for (cell, own) in other.iter_mut().zip(&line) {
                *cell -= factor * own;
            }
        }
    }
    Some(())
}
