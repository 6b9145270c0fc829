//! Which tag is read by what: one line a transform.

use super::functions::FUNCTIONS;
use super::glass;
use super::jwst::JWST_TRANSFORMS;
use super::linear;
use super::optics;
use super::parameters::Read;
use super::polynomial;
use super::projection::{PROJECTIONS, read_polynomial};
use super::rotation;
use super::spline;
use super::tabular;

/// The tags of the standard's transforms, without name and version.
const STANDARD: &str = "tag:stsci.edu:asdf/transform/";
const ASTROPY: &str = "tag:astropy.org:astropy/transform/";
const GWCS: &str = "tag:stsci.edu:gwcs/";
const JWST: &str = "tag:stsci.edu:jwst_pipeline/";
/// What headers of FITS files have and no standard's tag; such nodes are in memory only.
const FITS: &str = "local:fits/";

/// Elementary transforms by the name in their tag, sorted.
const TRANSFORMS: &[(&str, Read)] = &[
    ("affine", linear::read_affine),
    ("constant", linear::read_constant),
    ("linear1d", linear::read_linear1d),
    ("multiplyscale", linear::read_scale),
    ("ortho_polynomial", polynomial::read_ortho),
    ("planar2d", linear::read_planar2d),
    ("polynomial", polynomial::read),
    ("redshift_scale_factor", linear::read_redshift),
    ("rotate2d", rotation::read_rotate2d),
    ("rotate3d", rotation::read_rotate3d),
    ("rotate_sequence_3d", rotation::read_sequence),
    ("scale", linear::read_scale),
    ("shift", linear::read_shift),
    ("spline1d", spline::read_spline1d),
    ("tabular", tabular::read),
];

const GWCS_TRANSFORMS: &[(&str, Read)] = &[
    ("direction_cosines", optics::read_direction_cosines),
    ("grating_equation", optics::read_grating_equation),
    ("sellmeier_glass", glass::read_sellmeier_glass),
    ("sellmeier_zemax", glass::read_sellmeier_zemax),
    ("snell3d", optics::read_snell3d),
    ("spherical_cartesian", optics::read_spherical_cartesian),
];

const FITS_TRANSFORMS: &[(&str, Read)] = &[("zenithal_polynomial", read_polynomial)];

const ASTROPY_TRANSFORMS: &[(&str, Read)] = &[("units_mapping", linear::read_units_mapping)];

/// The reader of an elementary transform, by its tag without version.
pub(super) fn reader(tag: &str) -> Option<Read> {
    let find = |table: &[(&str, Read)], name: &str| {
        let found = table.binary_search_by_key(&name, |line| line.0).ok()?;
        Some(table.get(found)?.1)
    };
    short_name(tag)
        .and_then(|name| {
            find(TRANSFORMS, name)
                .or_else(|| find(FUNCTIONS, name))
                .or_else(|| find(PROJECTIONS, name))
        })
        .or_else(|| find(GWCS_TRANSFORMS, tag.strip_prefix(GWCS)?))
        .or_else(|| find(ASTROPY_TRANSFORMS, tag.strip_prefix(ASTROPY)?))
        .or_else(|| find(JWST_TRANSFORMS, jwst_name(tag)?))
        .or_else(|| find(FITS_TRANSFORMS, tag.strip_prefix(FITS)?))
}

/// The name of one of the transforms of JWST, by its tag without version.
pub(super) fn jwst_name(tag: &str) -> Option<&str> {
    tag.strip_prefix(JWST)
}

/// The name of one of the standard's transforms, by its tag without version.
pub(super) fn short_name(tag: &str) -> Option<&str> {
    tag.strip_prefix(STANDARD)
}
