//! Projections onto the faces of a cube: tangential (TSC), quadrilateralized (QSC) and that of COBE (CSC).

use super::super::model::Model;
use super::super::parameters::Reader;
use super::sphere::{NOWHERE, Projection, projected, sin_cos};
use crate::error::Result;
use std::f64::consts::FRAC_1_SQRT_2;
use std::sync::Arc;

/// How far beyond an edge a rounding error may be, in halves of a face.
const EDGE: f64 = 1e-12;

/// A face by its centre in halves of a face, and its axes: outwards, to the right, up, each a direction
/// (x towards longitude 0, y towards 90, z towards the north) and a sign.
#[derive(Debug, Clone, Copy)]
struct Face {
    centre: (f64, f64),
    axes: [(usize, f64); 3],
}

const fn face(centre: (f64, f64), axes: [(usize, f64); 3]) -> Face {
    Face { centre, axes }
}

const FACES: [Face; 6] = [
    face((0.0, 2.0), [(2, 1.0), (1, 1.0), (0, -1.0)]),
    face((0.0, 0.0), [(0, 1.0), (1, 1.0), (2, 1.0)]),
    face((2.0, 0.0), [(1, 1.0), (0, -1.0), (2, 1.0)]),
    face((4.0, 0.0), [(0, -1.0), (1, -1.0), (2, 1.0)]),
    face((6.0, 0.0), [(1, -1.0), (0, 1.0), (2, 1.0)]),
    face((0.0, -2.0), [(2, -1.0), (1, 1.0), (0, 1.0)]),
];

impl Face {
    /// A direction along the axes of the face: outwards, to the right, up.
    fn along(self, direction: [f64; 3]) -> [f64; 3] {
        let [x, y, z] = direction;
        self.axes
            .map(|(axis, sign)| sign * [x, y, z].get(axis).copied().unwrap_or(f64::NAN))
    }

    /// The direction that has these parts along the axes of the face.
    fn direction(self, along: [f64; 3]) -> [f64; 3] {
        let mut direction = [0.0; 3];
        for ((axis, sign), part) in self.axes.into_iter().zip(along) {
            if let Some(slot) = direction.get_mut(axis) {
                *slot = sign * part;
            }
        }
        direction
    }
}

/// What happens within a face.
trait Cube: std::fmt::Debug + Send + Sync + Clone + 'static {
    /// From the parts outwards, to the right and up of a direction to the place in the face, each from -1 to 1.
    fn place(&self, along: [f64; 3]) -> (f64, f64);

    /// The way back.
    fn along(&self, right: f64, up: f64) -> [f64; 3];

    /// The latitude of a direction, in degrees.
    fn latitude(&self, [x, y, z]: [f64; 3]) -> f64 {
        z.atan2(x.hypot(y)).to_degrees()
    }

    /// A coordinate with as many digits as the way back has.
    fn rounded(&self, value: f64) -> f64 {
        value
    }
}

#[derive(Debug, Clone)]
struct OnCube<C>(C);

impl<C: Cube> Projection for OnCube<C> {
    fn pix2sky(&self, x: f64, y: f64) -> (f64, f64) {
        let (mut across, up) = (self.0.rounded(x / 45.0), self.0.rounded(y / 45.0));
        let inside = if across.abs() <= 1.0 + EDGE {
            up.abs() <= 3.0 + EDGE
        } else {
            across.abs() <= 7.0 + EDGE && up.abs() <= 1.0 + EDGE
        };
        if !inside {
            return NOWHERE;
        }
        if across < -1.0 - EDGE {
            across = self.0.rounded(across + 8.0);
        }
        let number = match (across, up) {
            (across, _) if across > 5.0 => 4,
            (across, _) if across > 3.0 => 3,
            (across, _) if across > 1.0 => 2,
            (_, up) if up > 1.0 => 0,
            (_, up) if up < -1.0 => 5,
            _ => 1,
        };
        let Some(face) = FACES.get(number) else {
            return NOWHERE;
        };
        let right = self.0.rounded(across - face.centre.0);
        let along = self.0.along(right, self.0.rounded(up - face.centre.1));
        let direction = face.direction(along);
        let [x, y, _] = direction;
        let phi = if x == 0.0 && y == 0.0 {
            0.0
        } else {
            y.atan2(x).to_degrees()
        };
        (phi, self.0.latitude(direction))
    }

    fn sky2pix(&self, phi: f64, theta: f64) -> (f64, f64) {
        let ((sin, cos), (sine, cosine)) = (sin_cos(phi), sin_cos(theta));
        let direction = [cosine * cos, cosine * sin, sine];
        let mut best: Option<(Face, [f64; 3])> = None;
        for face in FACES {
            let along = face.along(direction);
            if best.is_none_or(|(_, other)| along[0] > other[0]) {
                best = Some((face, along));
            }
        }
        match best {
            Some((face, along)) if !phi.is_nan() && !theta.is_nan() => {
                let (right, up) = self.0.place(along);
                (45.0 * (face.centre.0 + right), 45.0 * (face.centre.1 + up))
            }
            _ => NOWHERE,
        }
    }
}

/// TSC: from the centre of the sphere.
#[derive(Debug, Clone, Copy)]
struct Tangential;

impl Cube for Tangential {
    fn place(&self, [out, right, up]: [f64; 3]) -> (f64, f64) {
        (right / out, up / out)
    }

    fn along(&self, right: f64, up: f64) -> [f64; 3] {
        let out = 1.0 / (1.0 + right * right + up * up).sqrt();
        [out, right * out, up * out]
    }
}

/// QSC: areas are true.
#[derive(Debug, Clone, Copy)]
struct Quadrilateral;

impl Cube for Quadrilateral {
    fn place(&self, [out, right, up]: [f64; 3]) -> (f64, f64) {
        if right == 0.0 && up == 0.0 {
            return (0.0, 0.0);
        }
        let sideways = right.abs() > up.abs();
        let (long, short) = if sideways { (right, up) } else { (up, right) };
        let omega = short / long;
        // 1 - out, without cancellation near the centre of the face.
        let depth = if out > 0.9 {
            (right * right + up * up) / (1.0 + out)
        } else {
            1.0 - out
        };
        let part = depth / (1.0 - 1.0 / (2.0 + omega * omega).sqrt());
        let u = part.max(0.0).sqrt().copysign(long);
        let turn = omega.atan() - (omega / (2.0 * (1.0 + omega * omega)).sqrt()).asin();
        let v = u * turn.to_degrees() / 15.0;
        if sideways { (u, v) } else { (v, u) }
    }

    fn along(&self, right: f64, up: f64) -> [f64; 3] {
        if right == 0.0 && up == 0.0 {
            return [1.0, 0.0, 0.0];
        }
        let sideways = right.abs() > up.abs();
        let (u, v) = if sideways { (right, up) } else { (up, right) };
        let (sin, cos) = (15.0 * v / u).to_radians().sin_cos();
        let omega = sin / (cos - FRAC_1_SQRT_2);
        let depth = u * u * (1.0 - 1.0 / (2.0 + omega * omega).sqrt());
        let out = 1.0 - depth;
        let long = (depth * (2.0 - depth) / (1.0 + omega * omega))
            .max(0.0)
            .sqrt()
            .copysign(u);
        let short = omega * long;
        if sideways {
            [out, long, short]
        } else {
            [out, short, long]
        }
    }
}

/// CSC: the tangential one, distorted by polynomials so that areas are nearly true (Chan & O'Neill 1975). The way
/// back is a polynomial of its own, about 0.001 degrees off.
#[derive(Debug, Clone, Copy)]
struct Cobe;

/// A polynomial in x² and y², with the coefficients of each power of x² in a row.
fn polynomial<const N: usize>(rows: &[[f64; N]; N], x: f64, y: f64) -> f64 {
    rows.iter().rev().fold(0.0, |sum, row| {
        sum * x + row.iter().rev().fold(0.0, |sum, factor| sum * y + factor)
    })
}

impl Cobe {
    /// One coordinate in the face from those of the tangential projection.
    fn forth(x: f64, y: f64) -> f64 {
        /// The scale in the middle, and what it is made up to at the edge.
        const SCALE: f64 = 1.374_848_477_32;
        const GAMMA: f64 = -0.131_616_714_74;
        const M: f64 = 0.004_869_491_981;
        const OMEGA: f64 = -0.159_596_235_474;
        const D: [f64; 2] = [0.075_919_620_046_7, -0.021_776_249_069_9];
        const C: [[f64; 3]; 3] = [
            [0.141_189_631_152, -0.281_528_535_557, 0.106_959_469_314],
            [0.080_970_128_652_5, 0.153_841_128_76, 0.0],
            [-0.178_251_207_466, 0.0, 0.0],
        ];
        let (a, b) = (x * x, y * y);
        let mixed = GAMMA + (M - GAMMA) * a + (1.0 - b) * polynomial(&C, a, b);
        let own = OMEGA - (1.0 - a) * (D[0] + D[1] * a);
        let place = x * (SCALE + a * (1.0 - SCALE) + (1.0 - a) * (b * mixed + a * own));
        // The polynomial is not quite 1 at the edge.
        place.clamp(-1.0, 1.0)
    }

    /// The way back, in single precision: that is how wcslib has it, and the coefficients say no more.
    #[expect(
        clippy::excessive_precision,
        reason = "the digits as they were published"
    )]
    fn back(x: f32, y: f32) -> f32 {
        /// A row for each power of y², with the coefficients of the powers of x².
        const P: [[f32; 7]; 7] = [
            [
                -0.272_926_96,
                -0.076_299_69,
                -0.227_970_56,
                0.548_523_84,
                -0.629_300_65,
                0.257_957_94,
                0.025_843_75,
            ],
            [
                -0.028_194_52,
                -0.014_715_65,
                0.480_515_09,
                -1.741_144_54,
                1.715_475_08,
                -0.530_223_37,
                0.0,
            ],
            [
                0.270_581_6,
                -0.568_009_38,
                0.308_033_17,
                0.989_381_02,
                -0.831_804_69,
                0.0,
                0.0,
            ],
            [
                -0.604_415_6,
                1.508_800_86,
                -0.936_785_76,
                0.086_938_41,
                0.0,
                0.0,
                0.0,
            ],
            [0.934_120_77, -1.416_019_2, 0.338_874_46, 0.0, 0.0, 0.0, 0.0],
            [-0.639_153_06, 0.520_322_38, 0.0, 0.0, 0.0, 0.0, 0.0],
            [0.143_815_85, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        ];
        let (a, b) = (x * x, y * y);
        let row = |row: &[f32; 7]| {
            row.iter()
                .rev()
                .fold(0.0, |sum: f32, factor| factor + a * sum)
        };
        let sum = P
            .iter()
            .rev()
            .fold(0.0, |sum: f32, factors| row(factors) + b * sum);
        x + x * (1.0 - a) * sum
    }
}

impl Cube for Cobe {
    fn place(&self, along: [f64; 3]) -> (f64, f64) {
        let (right, up) = Tangential.place(along);
        (Self::forth(right, up), Self::forth(up, right))
    }

    fn along(&self, right: f64, up: f64) -> [f64; 3] {
        #[expect(clippy::cast_possible_truncation, reason = "singles are meant")]
        let (right, up) = (right as f32, up as f32);
        let (right, up) = (Self::back(right, up), Self::back(up, right));
        let out = 1.0 / (f64::from(right * right + up * up) + 1.0).sqrt();
        [out, f64::from(right) * out, f64::from(up) * out]
    }

    /// The direction is as long as singles make it, and wcslib looks at nothing but its last part.
    fn latitude(&self, [_, _, z]: [f64; 3]) -> f64 {
        z.clamp(-1.0, 1.0).asin().to_degrees()
    }

    #[expect(clippy::cast_possible_truncation, reason = "singles are meant")]
    fn rounded(&self, value: f64) -> f64 {
        f64::from(value as f32)
    }
}

pub(super) fn read_cobe(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, OnCube(Cobe))
}

pub(super) fn read_tangential(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, OnCube(Tangential))
}

pub(super) fn read_quadrilateral(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    projected(reader, OnCube(Quadrilateral))
}
