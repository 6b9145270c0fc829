//! The celestial WCS of a FITS header as a GWCS (Greisen & Calabretta 2002, Calabretta & Greisen 2002, the SIP
//! convention).
//!
//! What is not understood completely (other distortions, projections without a transform, axes that depend on
//! others) gives none, as a WCS that is nearly right would be taken for one that is.

mod cube;
mod keywords;
mod linear;
mod number;
mod pole;
mod projection;
mod text;
mod tree;

use crate::error::Result;
use crate::fits::FitsHeader;
use crate::limits::Limits;
use crate::tree::{NewNode, Nodes, Tree};
use keywords::HeaderWcs;
pub(super) use tree::{hdu_at, is_hdu, of_hdu, read_wcs};

/// The GWCS of an image: from pixels, which count from 0, to longitude and latitude in degrees. `None` when the first two
/// axes are not celestial, or the header says more than is understood.
pub(crate) fn header_node(header: &FitsHeader<'_>, nodes: &mut Nodes) -> Result<Option<NewNode>> {
    let wcs = HeaderWcs::read(header).ok();
    let Some(text) = wcs.and_then(|wcs| text::of(&wcs)) else {
        return Ok(None);
    };
    let tree = Tree::parse(text.as_bytes(), 0, &Limits::default(), &mut Vec::new())?;
    Ok(Some(nodes.copy(tree.root())))
}
