//! The inverse by iteration: Gauss-Newton steps on the difference of what a pixel gives and what is wanted.
//!
//! Positions on the sky are compared as unit vectors, which have no seam at 360 degrees and no poles. Most
//! points of an image settle with the derivatives of a grid over it; the others get derivatives of their own.

mod image;

use super::sky::Sky;
use crate::error::Result;
use crate::transform::Interval;
use crate::transform::Program;
use image::Image;
use rayon::prelude::*;

/// How near the pixels are that are found, in pixels.
const TOLERANCE: f64 = 1e-9;
/// How far what a pixel gives may be from what is wanted when no step leads nearer, in pixels: rounding is less by far,
/// while a place where the difference is at its least, but there, is no solution.
const ENOUGH: f64 = 1e-4;
/// Steps of a point.
const STEPS: usize = 40;
/// Over how many pixels derivatives are taken.
const APART: f64 = 0.01;
/// Points of a job.
const JOB: usize = 4096;
/// Pixel coordinates at most.
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
    image: Option<Image>,
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
    /// The inverse of a transform with as many outputs as inputs. Of an image of the sky `vectors` gives unit vectors
    /// instead of positions, and the intervals say where it is.
    pub(super) fn new(
        forward: Program,
        backward: Option<Program>,
        sky: Option<Sky>,
        vectors: Option<(Program, [Interval; 2])>,
    ) -> Result<Self> {
        let image = match vectors {
            Some((vectors, intervals)) => Image::new(vectors, intervals)?,
            None => None,
        };
        Ok(Self {
            forward,
            backward,
            sky,
            image,
        })
    }

    /// Coordinates of a pixel, and of a place in the world.
    pub(super) fn dimensions(&self) -> usize {
        self.forward.n_inputs()
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
        let mut pixels = vec![Vec::with_capacity(count); self.dimensions()];
        for job in jobs? {
            for (column, part) in pixels.iter_mut().zip(job) {
                column.extend(part);
            }
        }
        Ok(pixels)
    }

    fn job(&self, world: &[Vec<f64>]) -> Result<Vec<Vec<f64>>> {
        if self.sky.is_some_and(|sky| sky.beyond_poles(world)) {
            // Such latitudes are not positions: the numbers themselves are compared.
            let plain = Self {
                sky: None,
                image: None,
                ..self.clone()
            };
            return plain.job(world);
        }
        let count = world.first().map_or(0, Vec::len);
        let mut pixels = vec![vec![f64::NAN; count]; self.dimensions()];
        let known = match &self.backward {
            Some(backward) => {
                let columns: Vec<&[f64]> = world.iter().map(Vec::as_slice).collect();
                Some(backward.eval(&columns)?)
            }
            None => None,
        };
        if let (Some(image), Some(sky)) = (&self.image, self.sky) {
            let wanted = sky.vectors(world);
            image.solve(&wanted, known.as_deref(), &mut pixels)?;
            if lost(&pixels).next().is_none() {
                return Ok(pixels);
            }
        }
        let wanted: Vec<_> = (0..count)
            .map(|point| self.compared(world, point))
            .collect();
        // An inverse may lead astray: what it does not lead to is looked for without it.
        for known in [known.as_deref(), None] {
            let walkers = self.start(lost(&pixels), known, &wanted);
            self.walk(walkers, &wanted, &mut pixels)?;
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
        for _ in 0..STEPS {
            if walkers.is_empty() {
                break;
            }
            walkers = self.own_step(walkers, wanted, pixels)?;
        }
        Ok(())
    }

    /// Where the search for points begins: at what is known, else at the next node of the image, else at 0.
    fn start(
        &self,
        points: impl Iterator<Item = usize>,
        known: Option<&[Vec<f64>]>,
        wanted: &[[f64; RESIDUALS]],
    ) -> Vec<Walker> {
        let mut walkers = Vec::new();
        for point in points {
            let Some(wanted) = wanted.get(point) else {
                continue;
            };
            if wanted.iter().any(|value| value.is_nan()) {
                continue;
            }
            let mut at = [0.0; DIMENSIONS];
            if let (Some(image), [x, y, z, ..]) = (&self.image, *wanted) {
                for (value, next) in at.iter_mut().zip(image.next([x, y, z])) {
                    *value = next;
                }
            }
            if let Some(known) = known {
                for (value, column) in at.iter_mut().zip(known) {
                    *value = column.get(point).copied().unwrap_or(f64::NAN);
                }
            }
            if at.iter().all(|value| value.is_finite()) {
                walkers.push(Walker {
                    point,
                    at,
                    step: [0.0; DIMENSIONS],
                    before: f64::INFINITY,
                });
            }
        }
        walkers
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
        let beside = (0..self.dimensions()).map(|axis| moved(Some(axis)));
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
            let solved = solve(&slopes, &residual, self.dimensions(), self.sky.is_some());
            if walker.advance(solved) {
                walker.store_converged(pixels);
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
        let mut columns = vec![Vec::with_capacity(count); self.dimensions()];
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
}

/// The points that are not found.
fn lost(pixels: &[Vec<f64>]) -> impl Iterator<Item = usize> + use<> {
    let first = pixels.first().map(Vec::as_slice).unwrap_or_default();
    let lost = first.iter().enumerate().filter(|place| place.1.is_nan());
    lost.map(|place| place.0).collect::<Vec<_>>().into_iter()
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
            return norm(&step) < SMALL && self.is_there();
        }
        if !self.before.is_finite() {
            self.at = [f64::NAN; DIMENSIONS];
            return false;
        }
        if norm(&self.step) < SMALL {
            // It cannot come nearer: what is left is rounding.
            return self.is_there();
        }
        for (at, step) in self.at.iter_mut().zip(&mut self.step) {
            *step *= 0.5;
            *at += *step;
        }
        false
    }

    /// Whether it is at a solution; where it is not it is lost.
    fn is_there(&mut self) -> bool {
        let is_there = self.before <= ENOUGH;
        if !is_there {
            self.at = [f64::NAN; DIMENSIONS];
        }
        is_there
    }

    fn store_converged(&self, pixels: &mut [Vec<f64>]) {
        for (column, value) in pixels.iter_mut().zip(self.at) {
            if let Some(slot) = column.get_mut(self.point) {
                *slot = value;
            }
        }
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
