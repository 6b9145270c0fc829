//! The HDUs of a FITS file, seen as a tree or beside the one that the file carries.

use super::header;
use crate::array::{HduPart, NULLS, datatype_node};
use crate::error::Locate;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::file::part_source;
use crate::fits::FitsFile;
use crate::fits::Hdu;
use crate::fits::HduKind;
use crate::fits::NamedKind;
use crate::limits::Limits;
use crate::tree::{NewNode, Nodes, Tree, TreeEdit, TreePath};
use crate::wcs::{quoted_numbers, shown_node, shown_table_node};

const NDARRAY: &str = "tag:stsci.edu:asdf/core/ndarray-1.1.0";

impl AsdfFile {
    /// Lets the HDUs of a FITS file stand in the tree, so that all that reads trees can read them: `/fits/N/header` is a mapping of keywords to values, `/fits/N/data` the image with its physical values, or the
    /// table as an array of records, `/fits/N/wcs` the WCS of an image as a GWCS, where all of it is understood and has transforms of the standard.
    /// Only headers are read. Any other file stays as it is.
    ///
    /// Beside a tree that the file carries the key is [`AsdfFile::hdu_key`]. The data of HDUs that this tree names are
    /// there already: [`AsdfFile::arrays`] does not list `data` again, and there is no `wcs`.
    ///
    /// The tree is in memory only, its nodes have no place in the file. [`read_fits`](crate::convert::read_fits) makes the one to
    /// be written.
    ///
    /// # Errors
    /// The headers have more values than a tree may have nodes.
    pub fn with_hdu_tree(mut self) -> Result<Self> {
        let Some(fits) = self.fits() else {
            return Ok(self);
        };
        let key = self.hdu_key();
        let made = match self.tree_hdu() {
            None => tree(fits, self.limits()).map(Some),
            Some(_) => beside(&self, fits, &key),
        };
        if let Some(tree) = made.in_file(self.name())? {
            let named: Vec<usize> = match self.tree_hdu() {
                None => Vec::new(),
                Some(_) => self.linked_hdus().into_keys().collect(),
            };
            for warning in quoted_numbers(fits) {
                self.warn(warning);
            }
            self.put_tree(tree, key, &named);
        }
        Ok(self)
    }
}

/// The tree of the file with its HDUs after it; `None` when its root cannot have a key. What stands in the file keeps its offsets.
fn beside(file: &AsdfFile, fits: &FitsFile, key: &str) -> Result<Option<Tree>> {
    let own = file.tree();
    if !own.is_empty() && own.root().as_map().is_none() {
        return Ok(None);
    }
    let named = file.linked_hdus();
    let mut edit = TreeEdit::of(own);
    let nodes = edit.nodes();
    let mut items = Vec::with_capacity(fits.len());
    for hdu in fits.hdus() {
        if file.tree_hdu() == Some(hdu.index()) {
            // Its size is that of the tree's text: it would make a difference of each other one.
            items.push(nodes.null());
            continue;
        }
        if !named.contains_key(&hdu.index()) {
            items.push(hdu_node(fits, hdu, nodes)?);
            continue;
        }
        let header = header::mapping(&hdu.image_header(), nodes, false);
        let data = data_node(hdu, nodes);
        items.push(nodes.map_of([("header", header), ("data", data)]));
    }
    let list = nodes.seq(items);
    nodes.set_flow(list, false);
    edit.set(TreePath::default().key(key), list)?;
    let text = edit.text(file.limits())?;
    let start = file.tree_span().map_or(0, |span| span.start);
    Tree::parse(text.as_bytes(), start, file.limits(), &mut Vec::new()).map(Some)
}

fn tree(fits: &FitsFile, limits: &Limits) -> Result<Tree> {
    let mut edit = TreeEdit::new();
    let nodes = edit.nodes();
    let items = fits.hdus().map(|hdu| hdu_node(fits, hdu, nodes));
    let items = items.collect::<Result<Vec<_>>>()?;
    let list = nodes.seq(items);
    edit.set("fits", list)?;
    edit.read_anew(limits)
}

fn hdu_node(fits: &FitsFile, hdu: Hdu<'_>, nodes: &mut Nodes) -> Result<NewNode> {
    let cards = hdu.image_header();
    let mut pairs = vec![
        ("header", header::mapping(&cards, nodes, false)),
        ("data", data_node(hdu, nodes)),
    ];
    if matches!(hdu.kind(), HduKind::Image | HduKind::CompressedImage) {
        let wcs = shown_node(fits, &cards, nodes).in_hdu(hdu.index())?;
        pairs.extend(wcs.map(|wcs| ("wcs", wcs)));
    } else if hdu.is_table() {
        let wcs = shown_table_node(fits, hdu, nodes).in_hdu(hdu.index())?;
        pairs.extend(wcs.map(|wcs| ("wcs", wcs)));
    }
    Ok(nodes.map_of(pairs))
}

/// The data as an array that names the HDU; null when there are none. Random groups and tables with columns of
/// variable length are mappings of arrays. What cannot be read is named as well: reading it says why, nothing would pass for no data.
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
            if let Some(parts) = parts_node(hdu, nodes) {
                return parts;
            }
            let bytes = span.end.saturating_sub(span.start);
            (nodes.string("uint8"), vec![bytes])
        }
    };
    array_node(hdu, HduPart::Whole, (datatype, shape), None, nodes)
}

/// An array that names an HDU, or a part of it.
fn array_node(
    hdu: Hdu<'_>,
    part: HduPart,
    (datatype, shape): (NewNode, Vec<u64>),
    null: Option<i64>,
    nodes: &mut Nodes,
) -> NewNode {
    let source = nodes.string(&part_source(hdu.index(), part));
    let byteorder = nodes.string("big");
    let shape = shape.into_iter().map(|length| nodes.int(length)).collect();
    let mut pairs = vec![
        ("source", source),
        ("datatype", datatype),
        ("byteorder", byteorder),
        ("shape", nodes.seq(shape)),
    ];
    pairs.extend(null.map(|null| (NULLS, nodes.int(null))));
    let node = nodes.map_of(pairs);
    nodes.set_tag(node, NDARRAY);
    node
}

/// A table that is not one array, or random groups, as a mapping of its parts; `None` where one of them cannot be read.
fn parts_node(hdu: Hdu<'_>, nodes: &mut Nodes) -> Option<NewNode> {
    let one = |part: HduPart, null: Option<i64>, nodes: &mut Nodes| {
        let elements = hdu.part_elements(part).ok()?;
        let datatype = datatype_node(&elements.datatype, nodes);
        Some(array_node(
            hdu,
            part,
            (datatype, elements.shape),
            null,
            nodes,
        ))
    };
    // The table of a compressed image is how it is stored: where the image cannot be read, its columns do not stand for it.
    if hdu.kind() == HduKind::CompressedImage {
        return None;
    }
    let mut pairs = Vec::new();
    for part in hdu.parts().ok()? {
        let node = match part.kind {
            NamedKind::One(own) => one(own, part.null, nodes)?,
            NamedKind::Jagged { offsets, values } => {
                let offsets = one(offsets, None, nodes)?;
                let values = one(values, part.null, nodes)?;
                nodes.map_of([("offsets", offsets), ("values", values)])
            }
        };
        pairs.push((nodes.string(&part.name), node));
    }
    Some(nodes.map(pairs))
}
