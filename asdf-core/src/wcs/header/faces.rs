//! `CUBEFACE`: the faces of a quadrilateralised cube one upon the other along an axis (FITS paper II, section 5.6), with the rules
//! of wcslib.

use super::model;
use super::model::Beyond;

/// How far a number may be from that of a face.
const NEAR: f64 = 1e-10;
/// The side of a face in degrees.
const SIDE: f64 = 90.0;
/// Where the middle of each face is in the plane, in sides: along the longitude, and along the latitude.
const PLACES: [[f64; 6]; 2] = [
    [0.0, 0.0, 1.0, 2.0, 3.0, 0.0],
    [1.0, 0.0, 0.0, 0.0, 0.0, -1.0],
];

/// From coordinates on a face and its number to those of the cross of all six, with the number again.
pub(super) fn unfolded() -> String {
    let [forward, backward] = [SIDE, -SIDE].map(|side| {
        let moved = PLACES.map(|places| {
            let place = table(places.map(|place| place * side));
            model::sum(
                &own(0),
                &model::chain([model::remap(&[1], 2), place]).unwrap_or_default(),
            )
        });
        let [longitude, latitude] = moved;
        let steps = [
            Some(model::remap(&[0, 2, 1, 2, 2], 3)),
            model::beside([longitude, latitude, model::identity(1)]),
        ];
        model::chain(steps.into_iter().flatten()).unwrap_or_default()
    });
    model::inverted_by(&forward, &backward)
}

/// One of two inputs.
fn own(place: usize) -> String {
    model::remap(&[place], 2)
}

/// A number for each face, and none for what is not the number of a face.
fn table(values: [f64; 6]) -> String {
    let (mut points, mut line) = (Vec::new(), Vec::new());
    for (face, value) in (0_u8..).zip(values) {
        let face = f64::from(face);
        if face > 0.0 {
            points.push(face - 0.5);
            line.push(f64::NAN);
        }
        points.extend([face - NEAR, face + NEAR]);
        line.extend([value, value]);
    }
    model::table1(&points, &line, Beyond::Nothing)
}
