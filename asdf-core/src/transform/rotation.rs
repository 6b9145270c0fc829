//! rotate2d, rotate3d, `rotate_sequence_3d`. Angles are in degrees.
#![expect(
    clippy::inline_always,
    reason = "only what is inlined is compiled for wide vectors"
)]

use super::model::Model;
use super::model::Role;
use super::parameters::Reader;
use super::vector::Kernel;
use super::vector::atan2_degrees;
use super::vector::each_point;
use super::vector::sin_cos_degrees;
use crate::error::Result;
use std::sync::Arc;

/// A turn of the plane, counter-clockwise.
#[derive(Debug, Clone, Copy)]
struct Turn {
    angle: f64,
}

impl Model for Turn {
    fn arity(&self) -> (usize, usize) {
        (2, 2)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let ([x, y], [u, v]) = (input, output) else {
            return;
        };
        let (sin, cos) = self.angle.to_radians().sin_cos();
        for (((u, v), x), y) in u.iter_mut().zip(v.iter_mut()).zip(*x).zip(*y) {
            *u = x * cos - y * sin;
            *v = x * sin + y * cos;
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(Arc::new(Self { angle: -self.angle }))
    }
}

pub(super) fn read_rotate2d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    Ok(Arc::new(Turn {
        angle: reader.angle("angle")?,
    }))
}

type Matrix = [[f64; 3]; 3];

const IDENTITY: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// Turns of the axes, the first one first: `zyx` by angles in degrees.
fn matrix(axes: &str, angles: &[f64]) -> Option<Matrix> {
    let mut product = IDENTITY;
    for (axis, angle) in axes.bytes().zip(angles) {
        product = times(&turn(axis, *angle)?, &product);
    }
    Some(product)
}

/// The turn of the axes about one of them.
fn turn(axis: u8, angle: f64) -> Option<Matrix> {
    let (sin, cos) = angle.to_radians().sin_cos();
    Some(match axis {
        b'x' => [[1.0, 0.0, 0.0], [0.0, cos, sin], [0.0, -sin, cos]],
        b'y' => [[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]],
        b'z' => [[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]],
        _ => return None,
    })
}

fn times(left: &Matrix, right: &Matrix) -> Matrix {
    let [first, second, third] = right;
    left.map(|[a, b, c]| {
        let cell = |x: f64, y: f64, z: f64| a * x + b * y + c * z;
        [
            cell(first[0], second[0], third[0]),
            cell(first[1], second[1], third[1]),
            cell(first[2], second[2], third[2]),
        ]
    })
}

#[inline(always)]
fn apply(matrix: &Matrix, [x, y, z]: [f64; 3]) -> [f64; 3] {
    matrix.map(|[a, b, c]| a * x + b * y + c * z)
}

/// A rotation of space, of vectors or of directions (longitude and latitude).
#[derive(Debug, Clone)]
pub(super) struct Rotation {
    axes: Box<str>,
    angles: Vec<f64>,
    matrix: Matrix,
    kind: RotationKind,
    /// That of the inverse.
    back: RotationKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RotationKind {
    /// x, y, z.
    Cartesian,
    /// Longitude and latitude, the longitude from -180 to 180.
    Spherical,
    /// The same, the longitude from 0 to 360.
    Wrapped,
}

impl Rotation {
    /// The rotation as a model among others.
    pub(super) fn into_model(self) -> Arc<dyn Model> {
        Arc::new(self)
    }

    fn new(axes: &str, angles: Vec<f64>, kind: RotationKind, back: RotationKind) -> Option<Self> {
        Some(Self {
            matrix: matrix(axes, &angles)?,
            axes: axes.into(),
            angles,
            kind,
            back,
        })
    }

    pub(super) fn inverted(&self) -> Option<Self> {
        let axes: String = self.axes.chars().rev().collect();
        let angles = self.angles.iter().rev().map(|angle| -angle).collect();
        Self::new(&axes, angles, self.back, self.kind)
    }

    /// A direction that is turned.
    pub(super) fn direction(&self, longitude: f64, latitude: f64) -> (f64, f64) {
        let turn = Directions(self.matrix, self.wrap());
        let [longitude, latitude] = turn.point([longitude, latitude]);
        (longitude, latitude)
    }

    /// What is added to negative longitudes.
    fn wrap(&self) -> f64 {
        if self.kind == RotationKind::Wrapped {
            360.0
        } else {
            0.0
        }
    }
}

/// Turns vectors.
#[derive(Debug)]
struct Vectors(Matrix);

impl Model for Vectors {
    fn arity(&self) -> (usize, usize) {
        (3, 3)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        each_point(self, input, output);
    }

    fn role(&self) -> Role {
        Role::Rotation(self.0)
    }
}

/// Two turns of vectors as one: the second after the first.
pub(super) fn vectors(second: &Matrix, first: &Matrix) -> Arc<dyn Model> {
    Arc::new(Vectors(times(second, first)))
}

impl Kernel<3, 3> for Vectors {
    #[inline(always)]
    fn point(&self, vector: [f64; 3]) -> [f64; 3] {
        apply(&self.0, vector)
    }
}

/// Turns longitudes and latitudes; a number is added to negative longitudes.
struct Directions(Matrix, f64);

impl Kernel<2, 2> for Directions {
    #[inline(always)]
    fn point(&self, [longitude, latitude]: [f64; 2]) -> [f64; 2] {
        let (sin_lon, cos_lon) = sin_cos_degrees(longitude);
        let (sin_lat, cos_lat) = sin_cos_degrees(latitude);
        let [x, y, z] = apply(&self.0, [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]);
        let turned = atan2_degrees(y, x);
        let longitude = if turned < 0.0 {
            turned + self.1
        } else {
            turned
        };
        [longitude, atan2_degrees(z, (x * x + y * y).sqrt())]
    }
}

impl Model for Rotation {
    fn arity(&self) -> (usize, usize) {
        match self.kind {
            RotationKind::Cartesian => (3, 3),
            RotationKind::Spherical | RotationKind::Wrapped => (2, 2),
        }
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        match self.kind {
            RotationKind::Cartesian => each_point(&Vectors(self.matrix), input, output),
            RotationKind::Spherical | RotationKind::Wrapped => {
                each_point(&Directions(self.matrix, self.wrap()), input, output);
            }
        }
    }

    fn role(&self) -> Role {
        match self.kind {
            RotationKind::Cartesian => Role::Rotation(self.matrix),
            RotationKind::Spherical | RotationKind::Wrapped => Role::Other,
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        Some(Arc::new(self.inverted()?))
    }
}

/// From native to celestial coordinates of a projection, by the celestial position of the native pole, or
/// of the reference point of a zenithal projection, and the native longitude of the celestial pole. The
/// way back gives native longitudes from -180 to 180, which projections want.
pub(super) fn native_to_celestial(longitude: f64, latitude: f64, pole: f64) -> Option<Rotation> {
    let angles = vec![pole - 90.0, -(90.0 - latitude), -(90.0 + longitude)];
    Rotation::new(
        "zxz",
        angles,
        RotationKind::Wrapped,
        RotationKind::Spherical,
    )
}

pub(super) fn read_rotate3d(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let [phi, theta, psi] = [
        reader.angle("phi")?,
        reader.angle("theta")?,
        reader.angle("psi")?,
    ];
    let wrong = || {
        reader.wrong(
            "direction",
            "three axes, native2celestial or celestial2native",
        )
    };
    match reader.text_or("direction", "native2celestial")? {
        "native2celestial" => {
            let rotation = native_to_celestial(phi, theta, psi);
            rotation.map(Rotation::into_model).ok_or_else(wrong)
        }
        "celestial2native" => {
            let forth = native_to_celestial(phi, theta, psi);
            let mut back = forth.and_then(|forth| forth.inverted()).ok_or_else(wrong)?;
            // On its own it gives longitudes from 0 on, as the reference does.
            back.kind = RotationKind::Wrapped;
            Ok(Arc::new(back))
        }
        axes if axes.len() == 3 => {
            let rotation = Rotation::new(
                axes,
                vec![phi, theta, psi],
                RotationKind::Spherical,
                RotationKind::Spherical,
            );
            Ok(Arc::new(rotation.ok_or_else(wrong)?))
        }
        _ => Err(wrong()),
    }
}

/// Turns of directions, the first axis first; longitudes are from -180 to 180.
pub(super) fn spherical(axes: &str, angles: Vec<f64>) -> Option<Arc<dyn Model>> {
    let kind = RotationKind::Spherical;
    Some(Arc::new(Rotation::new(axes, angles, kind, kind)?))
}

pub(super) fn read_sequence(reader: &Reader<'_>) -> Result<Arc<dyn Model>> {
    let (_, mut angles) = reader.array("angles")?;
    if let Some(unit) = reader.unit("angles")? {
        let factor = reader.factor("angles", &unit, "deg")?;
        for angle in &mut angles {
            *angle *= factor;
        }
    }
    let axes = reader.text("axes_order")?;
    if axes.len() != angles.len() {
        return Err(reader.wrong(
            "axes_order",
            &format!("an axis for each of {} angles", angles.len()),
        ));
    }
    let kind = match reader.text("rotation_type")? {
        "cartesian" => RotationKind::Cartesian,
        "spherical" => RotationKind::Spherical,
        _ => return Err(reader.wrong("rotation_type", "cartesian or spherical")),
    };
    let rotation = Rotation::new(axes, angles, kind, kind);
    Ok(Arc::new(rotation.ok_or_else(|| {
        reader.wrong("axes_order", "the letters x, y, z")
    })?))
}
