//! `fitswcs_imaging` of gwcs: what a FITS header says about an image, in one transform.

use super::Kind;
use super::Transform;
use super::linear;
use super::linear::Affine;
use super::model::Model;
use super::parameters::Reader;
use super::reader::Reading;
use super::rotation;
use super::units::Units;
use crate::error::Result;
use std::sync::Arc;

/// Native longitude of the celestial pole, by the name of the projection and the celestial latitude of
/// its reference point: wcslib's default.
fn pole(projection: &str, sigma: f64, latitude: f64) -> f64 {
    const ZENITHAL: [&str; 8] = [
        "airy",
        "gnomonic",
        "slant_orthographic",
        "slant_zenithal_perspective",
        "stereographic",
        "zenithal_equal_area",
        "zenithal_equidistant",
        "zenithal_perspective",
    ];
    if ZENITHAL.contains(&projection) {
        return 180.0;
    }
    let is_conic = projection.starts_with("conic_");
    let reference = if is_conic { sigma } else { 0.0 };
    if latitude >= reference { 0.0 } else { 180.0 }
}

fn model(model: Arc<dyn Model>) -> Transform {
    Transform::from_kind(Kind::Model(model, Units::default()))
}

/// A model for each axis.
fn both([first, second]: [f64; 2], make: fn(f64) -> Arc<dyn Model>) -> Transform {
    Transform::from_kind(Kind::Concatenate(model(make(first)), model(make(second))))
}

impl Reading<'_> {
    /// Pixels less `crpix` (from 0), times `pc`, times `cdelt`, projected, and turned to `crval`.
    pub(super) fn fits_imaging(&mut self, reader: &Reader<'_>, nesting: usize) -> Result<Kind> {
        let pair = |key: &str| -> Result<[f64; 2]> {
            let (_, numbers) = reader.array(key)?;
            match *numbers.as_slice() {
                [first, second] => Ok([first, second]),
                _ => Err(reader.wrong(key, "two numbers")),
            }
        };
        let (crpix, crval, cdelt) = (pair("crpix")?, pair("crval")?, pair("cdelt")?);
        let (shape, pc) = reader.array("pc")?;
        let ([2, 2], &[a, b, c, d]) = (shape.as_slice(), pc.as_slice()) else {
            return Err(reader.wrong("pc", "a matrix of 2×2 numbers"));
        };
        let node = reader.node.get("projection");
        let node = node.ok_or_else(|| reader.fault("the key `projection` is missing"))?;
        let projection = self.transform(node, nesting + 1)?;
        let name = node.tag().and_then(|tag| tag.base().rsplit('/').next());
        let sigma = reader.at(node).number_or("sigma", 90.0)?;
        let pole = pole(name.unwrap_or_default(), sigma, crval[1]);
        let turn = rotation::native_to_celestial(crval[0], crval[1], pole);
        let turn = turn.map(rotation::Rotation::into_model);
        let turn = turn.ok_or_else(|| reader.wrong("crval", "two numbers"))?;
        let matrix = Affine {
            matrix: [[a, b], [c, d]],
            translation: [0.0, 0.0],
        };
        let steps = [
            both(crpix.map(|value| -value), linear::shift),
            model(Arc::new(matrix)),
            both(cdelt, linear::scale),
            projection,
            model(turn),
        ];
        let whole = Transform::chain(steps).ok_or_else(|| reader.fault("it has no steps"))?;
        Ok(whole.0.kind.clone())
    }
}
