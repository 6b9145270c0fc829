//! What kind of WCS a node is, by its tag.

use crate::tree::Node;
use crate::tree::Tag;

/// A node that is a world coordinate system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WcsKind {
    /// Frames with transforms between them (`gwcs/wcs`).
    Gwcs,
    /// The header of a FITS file (`astropy/wcs/wcs`).
    Header,
    /// Another WCS as it is (`astropy/wcs/highlevelwcswrapper`).
    HighLevel,
    /// Slices of another one (`astropy/wcs/slicedwcs`).
    Sliced,
    /// Another one with larger or smaller pixels (`ndcube/resampledwcs`).
    Resampled,
    /// Another one with its axes in another order (`ndcube/reorderedwcs`).
    Reordered,
    /// Several side by side (`ndcube/compoundwcs`).
    Compound,
    /// One that nobody here knows.
    Other,
}

impl WcsKind {
    /// The kind of a node; `None` for what is not a WCS.
    pub(super) fn of(node: Node<'_>) -> Option<Self> {
        let base = node.tag().map(Tag::base)?;
        let (space, name) = base.rsplit_once('/')?;
        match space {
            "tag:stsci.edu:gwcs" if name == "wcs" => return Some(Self::Gwcs),
            "tag:stsci.edu:gwcs" => return None,
            "tag:astropy.org:astropy/wcs" => match name {
                "wcs" => return Some(Self::Header),
                "highlevelwcswrapper" => return Some(Self::HighLevel),
                "slicedwcs" => return Some(Self::Sliced),
                _ => {}
            },
            _ if space.starts_with("tag:sunpy.org:ndcube") => match name {
                "resampledwcs" | "resampledlowlevelwcs" => return Some(Self::Resampled),
                "reorderedwcs" | "reorderedlowlevelwcs" => return Some(Self::Reordered),
                "compoundwcs" | "compoundlowlevelwcs" => return Some(Self::Compound),
                _ => {}
            },
            _ => {}
        }
        node.as_map()?;
        let name = name.to_ascii_lowercase();
        let is_wcs = name.ends_with("wcs") || name.ends_with("wcswrapper");
        is_wcs.then_some(Self::Other)
    }

    /// The kind of what stands under a key: under `wcs` a tagged mapping is a WCS, whatever the tag is.
    pub(super) fn under(key: &str, node: Node<'_>) -> Option<Self> {
        let known = Self::of(node);
        if known.is_some() || key != "wcs" {
            return known;
        }
        let is_tagged = node.as_map().is_some() && node.tag().is_some_and(|tag| !is_plain(tag));
        is_tagged.then_some(Self::Other)
    }
}

/// True for tags of mappings that YAML itself has.
fn is_plain(tag: &Tag) -> bool {
    tag.as_str().starts_with("tag:yaml.org,2002:")
}
