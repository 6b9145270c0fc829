//! The transforms of JWST (`tag:stsci.edu:jwst_pipeline/…`). Slits and orders are those of each point; one
//! that is not there has no result.

mod directions;
mod grism;
mod keyed;
mod prism;
mod slits;
mod trace;
mod values;

use super::model::Model;
use super::parameters::Read;
use super::parameters::Reader;
use super::reader::Reading;
use super::registry;
use crate::error::Result;
use std::sync::Arc;

/// Those without other transforms in them by the names in their tags, sorted.
pub(super) const JWST_TRANSFORMS: &[(&str, Read)] = &[
    ("coords", directions::read_coords),
    ("grating_equation", directions::read_grating_equation),
    ("logical", values::read_logical),
    ("miri_ab2slice", values::read_miri_ab2slice),
    ("refraction_index_from_prism", prism::read_refraction_index),
    ("rotation_sequence", directions::read_rotation_sequence),
    ("snell", prism::read_snell),
    ("v23tosky", directions::read_v23tosky),
];

impl Reading<'_> {
    /// Reads one that has other transforms in it, by its tag without version; `None` for another tag.
    pub(super) fn jwst(
        &mut self,
        tag: &str,
        reader: &Reader<'_>,
        nesting: usize,
    ) -> Result<Option<Arc<dyn Model>>> {
        let Some(name) = registry::jwst_name(tag) else {
            return Ok(None);
        };
        let model = match name {
            "gwa_to_slit" | "slit_to_gwa" => self.slits(reader, slits::Kind::Gwa, nesting)?,
            "slit_to_msa" => {
                let kind = if slits::is_legacy(reader) {
                    slits::Kind::LegacyToMsa
                } else {
                    slits::Kind::ToMsa
                };
                self.slits(reader, kind, nesting)?
            }
            "msa_to_slit" => self.slits(reader, slits::Kind::FromMsa, nesting)?,
            // Old files have the first spelling.
            "niriss-soss" | "niriss_soss" => self.slits(reader, slits::Kind::Orders, nesting)?,
            "nircam_grism_dispersion" => self.nircam_grism(reader, nesting)?,
            "niriss_grism_dispersion" => {
                let angle = reader.number_or("theta", 0.0)?;
                self.wide_field(reader, angle, nesting)?
            }
            "miri_wfss_dispersion" => self.wide_field(reader, 0.0, nesting)?,
            _ => return Ok(None),
        };
        Ok(Some(model))
    }
}
