//! Projections by their codes of three letters.

use super::keywords::Keywords;
use super::model;
use super::number::{Read, Refusal};
use super::polynomial::Zenithal;
use crate::file::OpenOptions;
use crate::transform::Transform;
use crate::tree::Node;

/// Where the reference point of a projection is on its own sphere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::wcs) enum Family {
    /// At the pole.
    Zenithal,
    /// On the equator.
    Equatorial,
    /// On the parallel between the two of the cone.
    Conic,
}

/// A code, its tag without `transform/`, the family, and names and defaults of the parameters `PVi_1`, `PVi_2`, ….
type Line = (
    &'static str,
    &'static str,
    Family,
    &'static [(&'static str, f64)],
);

const CONE: &[(&str, f64)] = &[("sigma", 90.0), ("delta", 0.0)];

/// Codes that are another projection with more to it.
const ALIASES: [&str; 5] = ["NCP", "GLS", "TPV", "TNX", "ZPX"];

/// The codes that are read: those with a transform of the standard and its name, then the others.
pub(super) fn codes() -> Vec<(&'static str, &'static str)> {
    let tagged = PROJECTIONS.iter().map(|line| {
        let name = line.1.rsplit_once('-').map_or(line.1, |(name, _)| name);
        (line.0, name)
    });
    let others = ["ZPN"].into_iter().chain(ALIASES).map(|code| (code, ""));
    tagged.chain(others).collect()
}

/// True for a code that is read.
pub(super) fn is_known(code: &str) -> bool {
    code == "ZPN" || ALIASES.contains(&code) || PROJECTIONS.iter().any(|line| line.0 == code)
}

/// Those that have a transform in the standard.
const PROJECTIONS: &[Line] = &[
    (
        "AZP",
        "zenithal_perspective-1.5.0",
        Family::Zenithal,
        &[("mu", 0.0), ("gamma", 0.0)],
    ),
    (
        "SZP",
        "slant_zenithal_perspective-1.4.0",
        Family::Zenithal,
        &[("mu", 0.0), ("phi0", 0.0), ("theta0", 90.0)],
    ),
    ("TAN", "gnomonic-1.4.0", Family::Zenithal, &[]),
    ("STG", "stereographic-1.4.0", Family::Zenithal, &[]),
    (
        "SIN",
        "slant_orthographic-1.4.0",
        Family::Zenithal,
        &[("xi", 0.0), ("eta", 0.0)],
    ),
    ("ARC", "zenithal_equidistant-1.4.0", Family::Zenithal, &[]),
    ("ZEA", "zenithal_equal_area-1.4.0", Family::Zenithal, &[]),
    ("AIR", "airy-1.4.0", Family::Zenithal, &[("theta_b", 90.0)]),
    ("XPH", "healpix_polar-1.4.0", Family::Zenithal, &[]),
    (
        "CYP",
        "cylindrical_perspective-1.5.0",
        Family::Equatorial,
        &[("mu", 1.0), ("lam", 1.0)],
    ),
    (
        "CEA",
        "cylindrical_equal_area-1.5.0",
        Family::Equatorial,
        &[("lam", 1.0)],
    ),
    ("CAR", "plate_carree-1.4.0", Family::Equatorial, &[]),
    ("MER", "mercator-1.4.0", Family::Equatorial, &[]),
    ("SFL", "sanson_flamsteed-1.4.0", Family::Equatorial, &[]),
    ("PAR", "parabolic-1.4.0", Family::Equatorial, &[]),
    ("MOL", "molleweide-1.4.0", Family::Equatorial, &[]),
    ("AIT", "hammer_aitoff-1.4.0", Family::Equatorial, &[]),
    ("COP", "conic_perspective-1.5.0", Family::Conic, CONE),
    ("COE", "conic_equal_area-1.5.0", Family::Conic, CONE),
    ("COD", "conic_equidistant-1.5.0", Family::Conic, CONE),
    ("COO", "conic_orthomorphic-1.5.0", Family::Conic, CONE),
    (
        "BON",
        "bonne_equal_area-1.5.0",
        Family::Equatorial,
        &[("theta1", 0.0)],
    ),
    ("PCO", "polyconic-1.4.0", Family::Equatorial, &[]),
    (
        "TSC",
        "tangential_spherical_cube-1.4.0",
        Family::Equatorial,
        &[],
    ),
    (
        "CSC",
        "cobe_quad_spherical_cube-1.4.0",
        Family::Equatorial,
        &[],
    ),
    ("QSC", "quad_spherical_cube-1.4.0", Family::Equatorial, &[]),
    (
        "HPX",
        "healpix-1.4.0",
        Family::Equatorial,
        &[("H", 4.0), ("X", 3.0)],
    ),
];

/// A projection with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::wcs) enum Projection {
    /// One with a tag of the standard, whose name is without `transform/`.
    Tagged {
        tag: &'static str,
        /// The keys of its node with their values.
        parameters: Vec<(&'static str, f64)>,
        family: Family,
    },
    /// `ZPN`, which has none.
    Polynomial(Zenithal),
}

/// The turn of the native sphere.
pub(super) fn turn_node(pole: [f64; 3]) -> String {
    let [phi, theta, psi] = pole.map(crate::tree::yaml_float);
    let keys = format!("direction: native2celestial, phi: {phi}, theta: {theta}, psi: {psi}");
    model::tagged("rotate3d-1.5.0", &keys)
}

/// The transform of a node.
fn transform_of(node: &str) -> Option<Transform> {
    let text = format!(
        "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\nprojection: {node}\n...\n"
    );
    let file = OpenOptions::default().read_bytes(text.into_bytes(), "projection");
    file.ok()?.transform("projection").ok()
}

/// Parameters `PVi_m` of one axis, with their keywords.
pub(super) type Given = Vec<(usize, String, f64)>;

impl Projection {
    /// The projection of a code with `PVi_m` of the latitude. Parameters that the projection does not have count for nothing.
    pub(super) fn new(
        keywords: Keywords<'_>,
        ctype: &str,
        code: &str,
        given: &Given,
    ) -> Read<Self> {
        if code == "ZPN" {
            let zenithal = Zenithal::new(given.iter().map(|own| (own.0, own.2)));
            return zenithal.map(Self::Polynomial).ok_or_else(|| {
                let reason = "names the projection ZPN, whose PVi_m do not rise from the pole";
                keywords.refused(ctype, reason)
            });
        }
        let Some((_, tag, family, names)) = PROJECTIONS.iter().find(|line| line.0 == code) else {
            let reason = format!("names the projection {code}, which has no transform");
            return Err(keywords.refused(ctype, reason));
        };
        // Those that the projection does not have count for nothing, as in wcslib (spec-notes F-98).
        let value = |index: usize| given.iter().find(|found| found.0 == index);
        // The parallels of cones and of BON have no default.
        let needed = *family == Family::Conic || code == "BON";
        if needed && value(1).is_none() {
            let reason =
                format!("names the projection {code}, whose PVi_1 of the latitude is missing");
            return Err(keywords.refused(ctype, reason));
        }
        let parameters = names.iter().enumerate();
        let parameters = parameters.map(|(place, (name, default))| {
            (*name, value(place + 1).map_or(*default, |found| found.2))
        });
        let is_bonne = code == "BON" && value(1).is_some_and(|own| own.2 != 0.0);
        if code == "BON" && !is_bonne {
            // Its limit on the equator.
            return Self::new(keywords, ctype, "SFL", &Given::new());
        }
        let projection = Self::Tagged {
            tag,
            parameters: parameters.collect(),
            family: *family,
        };
        let own = given.iter().find(|own| (1..=names.len()).contains(&own.0));
        if let (Some((_, keyword, value)), None) = (own, projection.transform()) {
            let reason = format!("is {value:?}: with these PVi_m {code} is not a projection");
            return Err(Refusal::new(keyword, reason));
        }
        Ok(projection)
    }

    /// From the sphere to the plane; `None` when the parameters make none.
    pub(super) fn transform(&self) -> Option<Transform> {
        let [_, backward] = self.nodes();
        transform_of(&backward)
    }

    /// The projection of a node of a tree, from the plane to the sphere, with its code; `number` reads a parameter, angles in
    /// degrees, `numbers` an array of them.
    pub(in crate::wcs) fn of_node(
        node: Node<'_>,
        number: &impl Fn(Node<'_>, &str) -> Option<f64>,
        numbers: &impl Fn(Node<'_>) -> Option<Vec<f64>>,
    ) -> Option<(&'static str, Self)> {
        if let Some(zenithal) = Zenithal::of_node(node, numbers) {
            return Some(("ZPN", Self::Polynomial(zenithal)));
        }
        let name = node.tag()?.base().rsplit('/').next()?;
        let is_own = |line: &&Line| line.1.rsplit_once('-').is_some_and(|own| own.0 == name);
        let (code, tag, family, names) = PROJECTIONS.iter().find(is_own)?;
        if node
            .get("direction")
            .and_then(Node::text)
            .unwrap_or("pix2sky")
            != "pix2sky"
        {
            return None;
        }
        let value = |(key, default): &(&'static str, f64)| {
            // The schema says `lambda`, the reference writes `lam`.
            let also = if *key == "lam" { "lambda" } else { key };
            let given = [*key, also].into_iter().find(|key| node.get(key).is_some());
            let value = match given {
                Some(key) => number(node, key)?,
                None => *default,
            };
            Some((*key, value))
        };
        let parameters = names.iter().map(value).collect::<Option<Vec<_>>>()?;
        let projection = Self::Tagged {
            tag,
            parameters,
            family: *family,
        };
        projection.transform()?;
        Some((code, projection))
    }

    /// The parameters with their numbers: 1 for `PVi_1`.
    pub(in crate::wcs) fn values(&self) -> Vec<(usize, f64)> {
        match self {
            Self::Tagged { parameters, .. } => (1..)
                .zip(parameters.iter().map(|parameter| parameter.1))
                .collect(),
            Self::Polynomial(zenithal) => zenithal.parameters(),
        }
    }

    /// From native coordinates to those of the sky, for longitude and latitude of the native pole and the native longitude of
    /// the celestial one, in degrees.
    pub(in crate::wcs) fn turn(pole: [f64; 3]) -> Option<Transform> {
        transform_of(&turn_node(pole))
    }

    /// From the plane to the sky with such a pole.
    pub(in crate::wcs) fn with_turn(&self, pole: [f64; 3]) -> Option<Transform> {
        let [forward, _] = self.nodes();
        transform_of(&model::chain([forward, turn_node(pole)])?)
    }

    /// `TAN`.
    pub(super) fn tangent() -> Self {
        Self::Tagged {
            tag: "gnomonic-1.4.0",
            parameters: Vec::new(),
            family: Family::Zenithal,
        }
    }

    /// `NCP`, as `SIN` that is slanted to the north celestial pole.
    pub(super) fn of_ncp(latitude: f64) -> Self {
        let latitude = latitude.to_radians();
        Self::Tagged {
            tag: "slant_orthographic-1.4.0",
            parameters: vec![("xi", 0.0), ("eta", latitude.cos() / latitude.sin())],
            family: Family::Zenithal,
        }
    }

    /// Native latitude of the reference point in degrees; its longitude is 0.
    pub(in crate::wcs) fn reference_latitude(&self) -> f64 {
        match self {
            Self::Polynomial(_) => 90.0,
            Self::Tagged {
                family, parameters, ..
            } => match family {
                Family::Zenithal => 90.0,
                Family::Equatorial => 0.0,
                Family::Conic => parameters.first().map_or(90.0, |parameter| parameter.1),
            },
        }
    }

    /// The node, from the plane to the sphere, and back.
    pub(super) fn nodes(&self) -> [String; 2] {
        match self {
            // The reference has no bounds for this one alone; those of wcslib are a key that only we read.
            Self::Tagged {
                tag: tag @ "plate_carree-1.4.0",
                ..
            } => ["pix2sky", "sky2pix"].map(|direction| {
                let keys = format!("direction: {direction}, is_bounded: true");
                model::tagged(tag, &keys)
            }),
            Self::Polynomial(zenithal) => zenithal.nodes(),
            Self::Tagged {
                tag, parameters, ..
            } => ["pix2sky", "sky2pix"].map(|direction| {
                let values = parameters.iter();
                let keys: String = values
                    .map(|(name, value)| format!(", {name}: {}", crate::tree::yaml_float(*value)))
                    .collect();
                model::tagged(tag, &format!("direction: {direction}{keys}"))
            }),
        }
    }
}
