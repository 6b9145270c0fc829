//! The axes of the sky: from the plane of the projection to longitude and latitude (Calabretta & Greisen 2002, FITS paper
//! II), with what conventions put between.

use super::axes::Axes;
use super::dss::Plate;
use super::iraf::Iraf;
use super::keywords::{Elements, Keywords};
use super::model;
use super::number::{Read, Refusal};
use super::pole;
use super::pole::Fiducial;
use super::projection::{Given, Projection, turn_node};
use super::sip;
use super::tpv;

/// Longitude and latitude of a projection.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Celestial {
    projection: Projection,
    /// What is done in the plane first.
    correction: Option<String>,
    /// What is added to the plane, so that the reference point is elsewhere in it.
    offset: Option<[f64; 2]>,
    /// Longitude and latitude of the native pole and the native longitude of the celestial one.
    pole: [f64; 3],
    /// The keyword of the longitude's type.
    ctype: String,
    /// True for `TPV` and plate solutions, where SIP does not count.
    pub(super) has_own_distortion: bool,
}

/// The place of the reference point, by default or by `PVi_0` to `PVi_2` of the longitude.
struct Reference {
    point: [Option<f64>; 2],
    is_offset: bool,
    pole: [Option<f64>; 2],
}

/// What a code says of the plane, and what is left for the projection.
struct Plane<'a> {
    /// The code of the projection, or `NCP` or `GLS`.
    code: &'a str,
    /// `PVi_m` of both axes that are the projection's.
    longitude: Given,
    latitude: Given,
    correction: Option<String>,
    is_tpv: bool,
}

impl<'a> Plane<'a> {
    fn read(
        keywords: Keywords<'_>,
        axes: &Axes,
        [longitude, latitude]: [usize; 2],
        code: &'a str,
    ) -> Read<Self> {
        let elements = keywords.parameters(Some(latitude + 1))?;
        let mut plane = Self {
            code,
            longitude: of_axis(&elements, longitude + 1),
            latitude: of_axis(&elements, latitude + 1),
            correction: None,
            is_tpv: code == "TPV",
        };
        let both = || plane.longitude.iter().chain(&plane.latitude);
        if code == "TAN" && both().any(|given| given.0 >= 5) {
            let is_tan = |place: usize| {
                let own = axes.list.get(place);
                own.is_some_and(|own| own.text.trim().ends_with("-TAN"))
            };
            if is_tan(longitude) && is_tan(latitude) {
                plane.is_tpv = true;
            } else if sip::terms(keywords)?.is_some() {
                // SIP says the same in another way.
                plane.longitude.clear();
                plane.latitude.clear();
            }
        }
        if plane.is_tpv {
            plane.correction = Some(tpv::transform(&plane.longitude, &plane.latitude)?);
            plane.longitude.clear();
            plane.latitude.clear();
        } else if let Some(iraf) = Iraf::read(keywords, [longitude, latitude])? {
            plane.correction = iraf.correction;
            let given = iraf.parameters.into_iter();
            let given =
                given.map(|(index, value)| (index, format!("WAT{}_001", latitude + 1), value));
            plane.latitude.extend(given);
        }
        plane.code = match code {
            "TPV" | "TNX" => "TAN",
            "ZPX" => "ZPN",
            code => code,
        };
        Ok(plane)
    }
}

impl Celestial {
    /// `crval` and the steps `CDELTi` in degrees, the longitude first; no steps where `CDi_j` has them. `None` for a sky
    /// without a projection.
    pub(super) fn read(
        keywords: Keywords<'_>,
        axes: &Axes,
        crval: [f64; 2],
        steps: Option<[f64; 2]>,
    ) -> Read<Option<Self>> {
        let (Some([longitude, latitude]), Some(code)) = (axes.sky, axes.projection()) else {
            return Ok(None);
        };
        let (first, second) = (longitude + 1, latitude + 1);
        let ctype = format!("CTYPE{first}");
        let value = format!("CRVAL{second}");
        // 90 degrees in another unit may be more by its rounding.
        if crval[1].abs() > 90.0 * (1.0 + 1e-12) {
            return Err(keywords.expected(&value, "a latitude of at most 90 degrees"));
        }
        let crval = [crval[0], crval[1].clamp(-90.0, 90.0)];
        let plane = Plane::read(keywords, axes, [longitude, latitude], code)?;
        let mut reference = reference(keywords, &plane.longitude)?;
        let projection = match plane.code {
            "NCP" if crval[1] == 0.0 => {
                let wanted = "a latitude off the equator, which NCP needs";
                return Err(keywords.expected(&value, wanted));
            }
            "NCP" => Projection::of_ncp(crval[1]),
            "GLS" => {
                reference.point = [Some(0.0), Some(crval[1])];
                reference.is_offset = true;
                Projection::new(keywords, &ctype, "SFL", &plane.latitude)?
            }
            code => Projection::new(keywords, &ctype, code, &plane.latitude)?,
        };
        let [phi, theta] = reference.point;
        let fiducial = Fiducial {
            native: [
                phi.unwrap_or(0.0),
                theta.unwrap_or(projection.reference_latitude()),
            ],
            pole: reference.pole,
        };
        let pole = pole::native(crval, fiducial).ok_or_else(|| {
            keywords.expected(&value, "a latitude that its projection's LONPOLE allows")
        })?;
        let offset = match (phi, theta) {
            (Some(phi), Some(theta)) if reference.is_offset => {
                let offset = in_plane(&projection, [phi, theta]);
                Some(offset.ok_or_else(|| {
                    let keyword = keywords.name(&format!("PV{first}_0"));
                    let reason = "puts the reference point where its projection has none";
                    Refusal::new(keyword, reason)
                })?)
            }
            _ => None,
        };
        let correction = plane.correction.map(|own| match steps {
            Some(steps) => before_steps(own, steps),
            None => own,
        });
        Ok(Some(Self {
            projection,
            correction,
            offset,
            pole,
            ctype: keywords.name(&ctype),
            has_own_distortion: plane.is_tpv,
        }))
    }

    /// The tangent plane of a plate.
    pub(super) fn of_plate(plate: &Plate) -> Self {
        let [longitude, latitude] = plate.centre;
        Self {
            projection: Projection::tangent(),
            correction: Some(plate.correction.clone()),
            offset: None,
            pole: [longitude, latitude, 180.0],
            ctype: "CTYPE1".to_owned(),
            has_own_distortion: true,
        }
    }

    /// From the plane to the sky, the longitude first on both sides. `reach` is given where the text is written to a file: how
    /// far from the centre of the plane the image goes, in degrees.
    pub(super) fn transform(&self, reach: Option<f64>) -> Read<String> {
        let mut steps = Vec::new();
        steps.extend(self.correction.clone());
        if let Some(offset) = self.offset {
            steps.extend(model::shifts(&offset));
        }
        steps.push(match (&self.projection, reach) {
            (Projection::Polynomial(zenithal), Some(reach)) => {
                zenithal.written(reach, &self.ctype)?
            }
            (projection, _) => {
                let [forward, _] = projection.nodes();
                forward
            }
        });
        steps.push(turn_node(self.pole));
        Ok(model::chain(steps).unwrap_or_default())
    }

    /// True where the projection has no transform of the standard.
    pub(super) fn is_local(&self) -> bool {
        matches!(self.projection, Projection::Polynomial(_))
    }
}

/// A polynomial of the plane, where `CDELTi` are apart from the matrix: wcslib has it before them (spec-notes F-87).
fn before_steps(correction: String, steps: [f64; 2]) -> String {
    let scales = |factors: [f64; 2]| model::beside(factors.map(model::scale));
    let before = scales(steps.map(|step| 1.0 / step));
    let whole = before.into_iter().chain([correction]).chain(scales(steps));
    model::chain(whole).unwrap_or_default()
}

/// The parameters of one axis, with their keywords.
fn of_axis(parameters: &Elements, axis: usize) -> Given {
    let own = parameters.iter().filter(|((of, _), _)| *of == axis);
    own.map(|((_, index), (keyword, value))| (*index, keyword.clone(), *value))
        .collect()
}

/// The reference point, `LONPOLE` and `LATPOLE`; all may be parameters of the longitude.
fn reference(keywords: Keywords<'_>, own: &Given) -> Read<Reference> {
    let mut reference = Reference {
        point: [None; 2],
        is_offset: false,
        pole: [keywords.number("LONPOLE")?, keywords.number("LATPOLE")?],
    };
    for (index, keyword, value) in own {
        match index {
            0 => reference.is_offset = *value != 0.0,
            1 => reference.point[0] = Some(*value),
            2 => reference.point[1] = Some(*value),
            3 => reference.pole[0] = Some(*value),
            4 => reference.pole[1] = Some(*value),
            _ => {
                let reason = "is a parameter of the longitude that is not read";
                return Err(Refusal::new(keyword, reason));
            }
        }
    }
    Ok(reference)
}

/// Where a point of the native sphere is in the plane.
fn in_plane(projection: &Projection, [phi, theta]: [f64; 2]) -> Option<[f64; 2]> {
    let transform = projection.transform()?;
    let found = transform.program().ok()?.eval(&[&[phi], &[theta]]).ok()?;
    let value = |axis: usize| {
        let value = *found.get(axis)?.first()?;
        value.is_finite().then_some(value)
    };
    Some([value(0)?, value(1)?])
}
