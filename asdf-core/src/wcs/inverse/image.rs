//! The inverse of an image of the sky by iteration, for most of its points: derivatives come from a grid
//! over the image that is made once.

use super::{ENOUGH, TOLERANCE};
use crate::error::Result;
use crate::transform::Interval;
use crate::transform::Program;

/// Nodes of the grid along each axis.
const NODES: usize = 33;
/// Steps of a point.
const STEPS: usize = 6;
/// Over how many pixels derivatives are taken.
const APART: f64 = 0.5;
/// How many times as long as the step a difference may be: more is not in the plane of the derivatives.
const FOLD: f64 = 1e3;

/// An image, from pixels to unit vectors.
#[derive(Debug, Clone)]
pub(super) struct Image {
    vectors: Program,
    intervals: [Interval; 2],
    /// Row after row.
    nodes: Vec<Node>,
    /// What is left of an error after a step at most: how wrong interpolated derivatives are.
    remains: f64,
}

/// Derivatives of a vector by x and y.
type Slopes = [[f64; 2]; 3];

/// What is known of a pixel.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Where it is.
    vector: [f64; 3],
    /// By how many pixels x and y change with the vector: the pseudoinverse of the derivatives.
    back: [[f64; 3]; 2],
}

/// Points on their way.
#[derive(Debug, Default)]
struct Walkers {
    /// Their numbers.
    points: Vec<usize>,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Image {
    /// A grid over an image; `None` where it cannot be laid.
    pub(super) fn new(vectors: Program, intervals: [Interval; 2]) -> Result<Option<Self>> {
        let sound = |side: &Interval| side.low < side.high && (side.high - side.low).is_finite();
        if !intervals.iter().all(sound) {
            return Ok(None);
        }
        let mut image = Self {
            vectors,
            intervals,
            nodes: Vec::new(),
            remains: 1.0,
        };
        let places = |within: f64| -> Vec<[f64; 2]> {
            let at = |number: usize| {
                let places = [number % NODES, number / NODES].map(|place| to_f64(place) + within);
                image.pixel(places)
            };
            (0..NODES * NODES).map(at).collect()
        };
        let (corners, middles) = (places(0.0), places(0.5));
        image.nodes = image
            .look(&corners, APART)?
            .into_iter()
            .map(|look| look.0)
            .collect();
        // Over fewer pixels than those of the nodes, so that what these are off by is seen, too.
        let slopes = image.look(&middles, APART / 4.0)?;
        let slopes = slopes.into_iter().map(|look| look.1);
        let middles: Vec<_> = middles.iter().copied().zip(slopes).collect();
        image.remains = image.wrong(&middles);
        Ok(Some(image))
    }

    /// The pixel of a place in the grid, counted in nodes.
    fn pixel(&self, [column, row]: [f64; 2]) -> [f64; 2] {
        let [x, y] = self.intervals;
        let at = |side: Interval, place: f64| {
            side.low + (side.high - side.low) * place / to_f64(NODES - 1)
        };
        [at(x, column), at(y, row)]
    }

    /// Vectors and derivatives at pixels.
    fn look(&self, places: &[[f64; 2]], apart: f64) -> Result<Vec<(Node, Slopes)>> {
        let evaluate = |beside: [f64; 2]| {
            let x: Vec<f64> = places.iter().map(|place| place[0] + beside[0]).collect();
            let y: Vec<f64> = places.iter().map(|place| place[1] + beside[1]).collect();
            self.vectors.eval(&[&x, &y])
        };
        let here = evaluate([0.0, 0.0])?;
        let sides = [
            (evaluate([apart, 0.0])?, evaluate([-apart, 0.0])?),
            (evaluate([0.0, apart])?, evaluate([0.0, -apart])?),
        ];
        let look = |point: usize| {
            let mut slopes = [[0.0; 2]; 3];
            for (axis, (above, below)) in sides.iter().enumerate() {
                let (above, below) = (vector(above, point), vector(below, point));
                for (row, (above, below)) in slopes.iter_mut().zip(above.iter().zip(below)) {
                    if let Some(slope) = row.get_mut(axis) {
                        *slope = (above - below) / (2.0 * apart);
                    }
                }
            }
            let node = Node {
                vector: vector(&here, point),
                back: pseudoinverse(&slopes),
            };
            (node, slopes)
        };
        Ok((0..places.len()).map(look).collect())
    }

    /// How much of an error a step leaves at most, by what it leaves in the middle of the cells.
    fn wrong(&self, middles: &[([f64; 2], Slopes)]) -> f64 {
        let mut wrong: f64 = 0.0;
        for (number, (pixel, slopes)) in middles.iter().enumerate() {
            if number % NODES + 1 == NODES || number / NODES + 1 == NODES {
                continue;
            }
            let back = self.back_at(*pixel);
            for (row, line) in back.iter().enumerate() {
                for column in 0..2 {
                    let sum: f64 = line
                        .iter()
                        .zip(slopes)
                        .map(|(b, [x, y])| b * if column == 0 { x } else { y })
                        .sum();
                    let off = (sum - if row == column { 1.0 } else { 0.0 }).abs();
                    wrong = if off.is_nan() {
                        f64::INFINITY
                    } else {
                        wrong.max(off)
                    };
                }
            }
        }
        // A cell may be worse than its middle.
        3.0 * wrong
    }

    /// Derivatives between the nodes; beyond the edges those of the edge.
    #[inline]
    fn back_at(&self, pixel: [f64; 2]) -> [[f64; 3]; 2] {
        let mut places = [(0, 0.0); 2];
        for ((place, side), at) in places.iter_mut().zip(&self.intervals).zip(pixel) {
            let cell = (at - side.low) / (side.high - side.low) * to_f64(NODES - 1);
            let cell = cell.clamp(0.0, to_f64(NODES - 1) - 1e-9);
            #[expect(clippy::cast_possible_truncation, reason = "it is a small number")]
            #[expect(clippy::cast_sign_loss, reason = "it is clamped from 0 on")]
            let whole = cell as usize;
            *place = (whole, cell - to_f64(whole));
        }
        let [(column, across), (row, along)] = places;
        let first = row * NODES + column;
        let corners = [
            (first, (1.0 - across) * (1.0 - along)),
            (first + 1, across * (1.0 - along)),
            (first + NODES, (1.0 - across) * along),
            (first + NODES + 1, across * along),
        ];
        let mut back = [[0.0; 3]; 2];
        for (corner, weight) in corners {
            let Some(node) = self.nodes.get(corner) else {
                continue;
            };
            for (sums, own) in back.iter_mut().zip(&node.back) {
                for (sum, own) in sums.iter_mut().zip(own) {
                    *sum += weight * own;
                }
            }
        }
        back
    }

    fn has(&self, pixel: [f64; 2]) -> bool {
        self.intervals
            .iter()
            .zip(pixel)
            .all(|(side, at)| side.has(at))
    }

    /// The node next to a direction.
    pub(super) fn next(&self, wanted: [f64; 3]) -> [f64; 2] {
        let cosine = |node: &Node| -> f64 {
            let cosine = node
                .vector
                .iter()
                .zip(wanted)
                .map(|(a, b)| a * b)
                .sum::<f64>();
            if cosine.is_nan() {
                f64::NEG_INFINITY
            } else {
                cosine
            }
        };
        let nodes = self.nodes.iter().enumerate();
        let nearest = nodes.map(|(number, node)| (number, cosine(node)));
        let nearest = nearest
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map_or(0, |node| node.0);
        self.pixel([to_f64(nearest % NODES), to_f64(nearest / NODES)])
    }

    /// Walks towards directions from where an inverse leads, else from the next node. What is found is
    /// written to `pixels`; what is not found is left.
    pub(super) fn solve(
        &self,
        wanted: &[Vec<f64>],
        known: Option<&[Vec<f64>]>,
        pixels: &mut [Vec<f64>],
    ) -> Result<()> {
        let count = wanted.first().map_or(0, Vec::len);
        let mut walkers = Walkers::default();
        for point in 0..count {
            let direction = vector(wanted, point);
            if direction.iter().any(|value| value.is_nan()) {
                continue;
            }
            let [x, y] = match known {
                Some([x, y]) => [x, y].map(|column| column.get(point).copied().unwrap_or(f64::NAN)),
                _ => self.next(direction),
            };
            walkers.add(point, x, y);
        }
        for _ in 0..STEPS {
            if walkers.points.is_empty() {
                break;
            }
            walkers = self.step(&walkers, wanted, pixels)?;
        }
        Ok(())
    }

    /// One step of all; gives those that go on.
    fn step(
        &self,
        walkers: &Walkers,
        wanted: &[Vec<f64>],
        pixels: &mut [Vec<f64>],
    ) -> Result<Walkers> {
        let found = self.vectors.eval(&[&walkers.x, &walkers.y])?;
        let mut rest = Walkers::default();
        let places = walkers.x.iter().zip(&walkers.y);
        for (number, (point, (x, y))) in walkers.points.iter().zip(places).enumerate() {
            let (here, there) = (vector(&found, number), vector(wanted, *point));
            let back = self.back_at([*x, *y]);
            let step = back.map(|row| {
                let off = here.iter().zip(there);
                row.iter()
                    .zip(off)
                    .map(|(back, (here, there))| back * (here - there))
                    .sum::<f64>()
            });
            let length = step[0].hypot(step[1]);
            let outside = !self.has([*x, *y]);
            // Beyond the edges derivatives are wrong; what is lost there is lost to this grid.
            if !length.is_finite() || outside && length > 1.0 {
                continue;
            }
            let at = [x - step[0], y - step[1]];
            // Where the difference is at its least no step leads nearer, and yet it may be large.
            let off = here.iter().zip(there).map(|(here, there)| here - there);
            let off = off.map(|part| part * part).sum::<f64>().sqrt();
            let scale = back.map(|row| row.iter().map(|part| part * part).sum::<f64>());
            if off * (scale[0] + scale[1]).sqrt() > ENOUGH.max(length * FOLD) {
                continue;
            }
            let remains = if outside { 0.5 } else { self.remains };
            if length * remains < TOLERANCE {
                for (column, value) in pixels.iter_mut().zip(at) {
                    if let Some(slot) = column.get_mut(*point) {
                        *slot = value;
                    }
                }
            } else {
                rest.add(*point, at[0], at[1]);
            }
        }
        Ok(rest)
    }
}

impl Walkers {
    fn add(&mut self, point: usize, x: f64, y: f64) {
        self.points.push(point);
        self.x.push(x);
        self.y.push(y);
    }
}

#[inline]
fn vector(columns: &[Vec<f64>], point: usize) -> [f64; 3] {
    match columns {
        [x, y, z] => [x, y, z].map(|column| column.get(point).copied().unwrap_or(f64::NAN)),
        _ => [f64::NAN; 3],
    }
}

/// (JᵀJ)⁻¹ Jᵀ
fn pseudoinverse(slopes: &Slopes) -> [[f64; 3]; 2] {
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for [x, y] in slopes {
        (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
    }
    let determinant = xx * yy - xy * xy;
    let across = slopes.map(|[x, y]| (yy * x - xy * y) / determinant);
    let along = slopes.map(|[x, y]| (xx * y - xy * x) / determinant);
    [across, along]
}

#[expect(clippy::cast_precision_loss, reason = "for small numbers")]
fn to_f64(number: usize) -> f64 {
    number as f64
}
