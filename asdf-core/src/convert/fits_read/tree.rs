//! A FITS file without a tree, seen as if it had one.

use super::header;
use crate::array::datatype_node;
use crate::error::Locate;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::fits::FitsFile;
use crate::fits::Hdu;
use crate::fits::HduKind;
use crate::limits::Limits;
use crate::tree::{NewNode, Nodes, Tree, TreeEdit};
use crate::wcs::header_node;

const NDARRAY: &str = "tag:stsci.edu:asdf/core/ndarray-1.1.0";

impl AsdfFile {
    /// Gives a FITS file that carries no tree one that is made of its HDUs, so that all that reads trees can read it:
    /// `/fits/N/header` is a mapping of keywords to values, `/fits/N/data` the image with its physical values, or the
    /// table as an array of records, `/fits/N/wcs` the celestial WCS of an image as a GWCS, where all of it is understood.
    /// Only headers are read. Any other file stays as it is.
    ///
    /// The tree is in memory only, its nodes have no place in the file. [`read_fits`](crate::read_fits) makes the one to
    /// be written.
    ///
    /// # Errors
    /// The headers have more values than a tree may have nodes.
    pub fn with_hdu_tree(mut self) -> Result<Self> {
        let made = match self.fits() {
            Some(fits) if self.tree_hdu().is_none() => Some(tree(fits, self.limits())),
            _ => None,
        };
        if let Some(tree) = made {
            self.put_tree(tree.in_file(self.name())?);
        }
        Ok(self)
    }
}

fn tree(fits: &FitsFile, limits: &Limits) -> Result<Tree> {
    let mut edit = TreeEdit::new();
    let nodes = edit.nodes();
    let items = fits.hdus().map(|hdu| hdu_node(hdu, nodes));
    let items = items.collect::<Result<Vec<_>>>()?;
    let list = nodes.seq(items);
    edit.set("fits", list)?;
    edit.read_anew(limits)
}

fn hdu_node(hdu: Hdu<'_>, nodes: &mut Nodes) -> Result<NewNode> {
    let cards = hdu.image_header();
    let mut pairs = vec![
        ("header", header::mapping(&cards, nodes)),
        ("data", data_node(hdu, nodes)),
    ];
    if matches!(hdu.kind(), HduKind::Image | HduKind::CompressedImage) {
        let wcs = header_node(&cards, nodes).in_hdu(hdu.index())?;
        pairs.extend(wcs.map(|wcs| ("wcs", wcs)));
    }
    Ok(nodes.map_of(pairs))
}

/// The data as an array that names the HDU; null when there are none. What is no array (random groups, columns of
/// variable length) is named as well: reading it says why it cannot be read, nothing would pass for no data.
fn data_node(hdu: Hdu<'_>, nodes: &mut Nodes) -> NewNode {
    let span = hdu.data_span();
    let (datatype, shape) = match hdu.elements() {
        // A table without columns, which has no records.
        Ok(elements)
            if span.is_empty() && hdu.is_table() && elements.datatype.scalar().is_some() =>
        {
            return nodes.null();
        }
        Ok(elements) => (datatype_node(&elements.datatype, nodes), elements.shape),
        Err(_) if span.is_empty() => return nodes.null(),
        Err(_) => {
            let bytes = span.end.saturating_sub(span.start);
            (nodes.string("uint8"), vec![bytes])
        }
    };
    let source = nodes.string(&format!("fits:{}", hdu.index()));
    let byteorder = nodes.string("big");
    let shape = shape.into_iter().map(|length| nodes.int(length)).collect();
    let shape = nodes.seq(shape);
    let node = nodes.map_of([
        ("source", source),
        ("datatype", datatype),
        ("byteorder", byteorder),
        ("shape", shape),
    ]);
    nodes.set_tag(node, NDARRAY);
    node
}
