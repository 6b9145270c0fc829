//! The cards of the WCS of arrays that become HDUs.

use super::super::owner::ArrayWcs;
use super::super::{SipCard, SipOptions};
use super::{Fidelity, card_value};
use crate::error::Result;
use crate::file::ArrayCards;
use crate::file::AsdfFile;
use crate::fits::NewHeader;
use crate::tree::TreePath;

/// Pixels that a fit may be off: readers of FITS take these cards for the truth.
const CLOSE: f64 = 1e-3;

/// Gives arrays of a file the cards of their WCS when they become HDUs
/// ([`EmbedOptions::cards`](crate::file::EmbedOptions::cards)): those of [`AsdfFile::wcs_header`]. Where they only come close
/// a comment says by how much. Arrays without a WCS that FITS can have get none.
#[derive(Debug, Clone, Copy)]
pub struct WcsCards<'f> {
    file: &'f AsdfFile,
}

impl<'f> WcsCards<'f> {
    /// Of the arrays of a file.
    pub fn new(file: &'f AsdfFile) -> Self {
        Self { file }
    }
}

impl ArrayCards for WcsCards<'_> {
    fn cards(&self, path: &TreePath, shape: &[u64]) -> Result<NewHeader> {
        let mut header = NewHeader::new();
        let ArrayWcs::One(wcs) = self.file.array_wcs(path, shape) else {
            return Ok(header);
        };
        let options = SipOptions {
            max_error: CLOSE,
            max_inverse_error: CLOSE,
            ..SipOptions::default()
        };
        let Ok(found) = self.file.wcs_header(&wcs, &options) else {
            return Ok(header);
        };
        if let Fidelity::Fitted(fit) = &found.fidelity {
            let mut text = format!(
                "The WCS below approximates that of the ASDF tree within {:.2e} pixels",
                fit.error
            );
            if fit.degree > 1 {
                text.push_str(&format!(", its inverse within {:.2e}", fit.inverse_error));
            }
            header.push_text("COMMENT", &text)?;
        }
        let is_of_structure = |card: &&SipCard| card.0.starts_with("NAXIS");
        for (keyword, value, comment) in found.cards.iter().filter(|card| !is_of_structure(card)) {
            header.push(keyword, &card_value(value), comment)?;
        }
        Ok(header)
    }
}
