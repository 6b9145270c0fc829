//! The celestial WCS of a FITS header as a GWCS (Greisen & Calabretta 2002, Calabretta & Greisen 2002, the SIP
//! convention).
//!
//! What is not understood completely (other distortions, projections without a transform, axes that depend on
//! others) gives none, as a WCS that is nearly right would be taken for one that is. The keyword that stands in the way
//! is told.

mod axes;
mod cube;
mod keywords;
mod linear;
mod number;
mod pole;
mod projection;
mod sip;
mod text;
mod tree;

use crate::error::Error;
use crate::error::FitsFault;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Warning;
use crate::error::WarningKind;
use crate::file::AsdfFile;
use crate::fits::FitsFile;
use crate::fits::FitsHeader;
use crate::fits::Hdu;
use crate::fits::HduKind;
use crate::limits::Limits;
use crate::tree::{NewNode, Nodes, PathStep, Tree, TreePath};
use keywords::HeaderWcs;
use number::Read;
pub(super) use tree::{hdu_at, is_hdu, of_hdu, read_wcs};

/// The GWCS of an image: from pixels, which count from 0, to degrees on the sky, in the order of the header's axes. `None`
/// when the first two axes are not celestial, or the header says more than is understood.
pub(crate) fn header_node(header: &FitsHeader<'_>, nodes: &mut Nodes) -> Result<Option<NewNode>> {
    let Ok(text) = gwcs(header) else {
        return Ok(None);
    };
    let tree = Tree::parse(text.as_bytes(), 0, &Limits::default(), &mut Vec::new())?;
    Ok(Some(nodes.copy(tree.root())))
}

fn gwcs(header: &FitsHeader<'_>) -> Read<String> {
    let wcs = HeaderWcs::read(header)?;
    text::of(&wcs).ok_or_else(|| wcs.without_pole(header))
}

/// A warning for each image of a file whose header gives no WCS on the sky, with the keyword that stands in the way.
pub fn header_wcs_warnings(fits: &FitsFile) -> Vec<Warning> {
    let images = fits.hdus().filter(|hdu| has_pixels(*hdu));
    images
        .filter_map(|hdu| {
            let fault = Box::new(header_wcs_fault(hdu)?);
            let warning = Warning::new(WarningKind::FitsNoWcs { fault });
            Some(warning.at(hdu.header_span()).in_hdu(hdu.index()))
        })
        .collect()
}

fn has_pixels(hdu: Hdu<'_>) -> bool {
    hdu.image().is_ok_and(|image| !image.is_absent())
}

/// Why a header gives no WCS on the sky.
pub(super) fn refusal(header: &FitsHeader<'_>) -> Option<FitsFault> {
    gwcs(header).err().map(|refusal| refusal.fault())
}

/// Why the header of an HDU gives no WCS on the sky: the keyword that stands in the way. `None` when it gives one.
fn header_wcs_fault(hdu: Hdu<'_>) -> Option<FitsFault> {
    if !matches!(hdu.kind(), HduKind::Image | HduKind::CompressedImage) {
        let keyword = if hdu.kind() == HduKind::Groups {
            "GROUPS"
        } else {
            "XTENSION"
        };
        let reason = format!("makes the HDU a {}, not an image", hdu.kind().name());
        return Some(number::Refusal::new(keyword, reason).fault());
    }
    refusal(&hdu.image_header())
}

impl AsdfFile {
    /// The error that says why an HDU has no WCS at `/fits/N/wcs`, or, without a path, why the first image has none: the
    /// keyword of its header that is not understood. `None` where there is one, and when the path is another.
    pub fn missing_wcs(&self, path: Option<&TreePath>) -> Option<Error> {
        let fits = self.fits()?;
        let hdu = if let Some(path) = path {
            let [PathStep::Key(list), index, PathStep::Key(key)] = path.steps() else {
                return None;
            };
            let index = match index {
                PathStep::Index(index) => *index,
                PathStep::Key(text) => text.parse().ok()?,
            };
            if list.as_ref() != "fits" || key.as_ref() != "wcs" {
                return None;
            }
            fits.hdu(index).ok()?
        } else {
            fits.hdus()
                .find(|hdu| has_pixels(*hdu))
                .or_else(|| fits.hdu(0).ok())?
        };
        let fault = header_wcs_fault(hdu)?;
        let error = Error::from(fault).at(hdu.header_span());
        Some(self.name_in(error.in_hdu(hdu.index())))
    }
}
