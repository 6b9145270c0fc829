//! Longitudes and latitudes of positions on the sky (`astropy/coordinates/longitude`, `latitude`).

use super::Quantity;
use crate::error::Result;
use crate::file::Draft;
use crate::tree::NewNode;

const FAMILY: &str = "tag:astropy.org:astropy/coordinates/";
/// The version that asdf-astropy writes in files of every version of the standard.
const VERSION: &str = "1.2.0";

pub(super) fn latitude<'f>(value: &Quantity<'f>, draft: &mut Draft<'f>) -> Result<NewNode> {
    let pairs = value.pairs(draft)?;
    Ok(angle("latitude", pairs, value.values.is_single(), draft))
}

/// A longitude says where it wraps, which is at 360 degrees here.
pub(super) fn longitude<'f>(value: &Quantity<'f>, draft: &mut Draft<'f>) -> Result<NewNode> {
    let wrap = Quantity::new(360.0, "deg").pairs(draft)?;
    let mut pairs = value.pairs(draft)?;
    pairs.push(("wrap_angle", angle("angle", wrap, true, draft)));
    Ok(angle("longitude", pairs, false, draft))
}

fn angle(
    name: &str,
    pairs: Vec<(&'static str, NewNode)>,
    flow: bool,
    draft: &mut Draft<'_>,
) -> NewNode {
    let nodes = draft.nodes();
    let node = nodes.map_of(pairs);
    nodes.set_tag(node, &format!("{FAMILY}{name}-{VERSION}"));
    nodes.set_flow(node, flow);
    node
}
