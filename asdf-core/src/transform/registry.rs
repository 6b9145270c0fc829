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

/// Those that have other transforms in them, or are wiring; by their whole tags without version, sorted. What reads each is in
/// `reader.rs`, `jwst.rs` and `dkist.rs`.
const COMPOUND: &[&str] = &[
    "asdf://dkist.nso.edu/tags/asymmetric_mapping_model",
    "asdf://dkist.nso.edu/tags/coupled_compound_model",
    "asdf://dkist.nso.edu/tags/inverse_varying_celestial_transform",
    "asdf://dkist.nso.edu/tags/ravel_model",
    "asdf://dkist.nso.edu/tags/varying_celestial_transform",
    "asdf://dkist.nso.edu/tags/varying_celestial_transform_slit",
    "tag:stsci.edu:asdf/transform/add",
    "tag:stsci.edu:asdf/transform/compose",
    "tag:stsci.edu:asdf/transform/concatenate",
    "tag:stsci.edu:asdf/transform/divide",
    "tag:stsci.edu:asdf/transform/fix_inputs",
    "tag:stsci.edu:asdf/transform/identity",
    "tag:stsci.edu:asdf/transform/multiply",
    "tag:stsci.edu:asdf/transform/power",
    "tag:stsci.edu:asdf/transform/remap_axes",
    "tag:stsci.edu:asdf/transform/subtract",
    "tag:stsci.edu:gwcs/fitswcs_imaging",
    "tag:stsci.edu:gwcs/label_mapper",
    "tag:stsci.edu:gwcs/regions_selector",
    "tag:stsci.edu:jwst_pipeline/gwa_to_slit",
    "tag:stsci.edu:jwst_pipeline/miri_wfss_dispersion",
    "tag:stsci.edu:jwst_pipeline/msa_to_slit",
    "tag:stsci.edu:jwst_pipeline/nircam_grism_dispersion",
    "tag:stsci.edu:jwst_pipeline/niriss-soss",
    "tag:stsci.edu:jwst_pipeline/niriss_grism_dispersion",
    "tag:stsci.edu:jwst_pipeline/niriss_soss",
    "tag:stsci.edu:jwst_pipeline/slit_to_gwa",
    "tag:stsci.edu:jwst_pipeline/slit_to_msa",
];

/// The tags of all transforms that are evaluated, without version, sorted.
///
/// ```
/// let tags = asdf_core::transform::known_tags();
/// assert!(tags.iter().any(|tag| tag == "tag:stsci.edu:asdf/transform/gnomonic"));
/// ```
pub fn known_tags() -> Vec<String> {
    let elementary = [
        (STANDARD, TRANSFORMS),
        (STANDARD, FUNCTIONS),
        (STANDARD, PROJECTIONS),
        (GWCS, GWCS_TRANSFORMS),
        (ASTROPY, ASTROPY_TRANSFORMS),
        (JWST, JWST_TRANSFORMS),
    ];
    let elementary = elementary
        .into_iter()
        .flat_map(|(space, table)| table.iter().map(move |(name, _)| format!("{space}{name}")));
    let compound = COMPOUND.iter().map(|tag| (*tag).to_owned());
    let mut tags: Vec<String> = elementary.chain(compound).collect();
    tags.sort();
    tags
}

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

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::known_tags;
    use crate::file::OpenOptions;
    use std::fmt::Write;

    /// A node without parameters is not a transform, but its tag is known.
    #[test]
    fn every_tag_of_the_list_has_a_reader() {
        let mut text = "#ASDF 1.0.0\n%YAML 1.1\n---\n".to_owned();
        let tags = known_tags();
        for (number, tag) in tags
            .iter()
            .chain([&"tag:nobody:none".to_owned()])
            .enumerate()
        {
            writeln!(text, "t{number}: !<{tag}-1.0.0> {{}}").unwrap();
        }
        text.push_str("...\n");
        let file = OpenOptions::default()
            .read_bytes(text.into_bytes(), "made.asdf")
            .unwrap();
        let is_known = |number: usize| {
            let read = file.transform(format!("t{number}").as_str());
            read.map_or(true, |read| !matches!(read.0.kind, Kind::Unknown))
        };
        for (number, tag) in tags.iter().enumerate() {
            assert!(is_known(number), "{tag}");
        }
        assert!(!is_known(tags.len()));
    }
}
