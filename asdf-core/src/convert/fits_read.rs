//! A FITS file as a tree of its HDUs: `astropy/fits/fits-1.2.0` (spec-notes F-39 to F-48).

mod data;
mod header;
pub(super) mod pieces;
mod table;
mod tree;

use super::fits_hdus::{HduTags, LOGICALS, ORIGINALS, RAW, VARIABLES};
use crate::array::Scalar;
use crate::error::EmbedFault;
use crate::error::Locate;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::file::AsdfFile;
use crate::file::Draft;
use crate::fits::FitsFile;
use crate::fits::Hdu;
use crate::fits::HduKind;
use crate::tree::{NewNode, Node, TreePath};
use crate::wcs::written_node;

/// The form of headers in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FitsHeaders {
    /// A list of `[keyword, value, comment]`, as the schema has it; the way back gives the same cards.
    #[default]
    Triples,
    /// A mapping of keywords to values, for people who look things up. Comments are lost, and without its tag the
    /// list of HDUs is not found by other readers.
    Mapping,
}

/// What becomes of a FITS file in a tree.
#[derive(Debug, Clone, Copy, Default)]
#[must_use]
pub struct FitsReadOptions {
    native: bool,
    headers: FitsHeaders,
    raw_hdus: bool,
    wcs: bool,
    only: Option<usize>,
}

impl FitsReadOptions {
    /// Whether all elements become little-endian; without it those that FITS stores as they are stay big-endian and are
    /// copied.
    pub fn native(mut self, native: bool) -> Self {
        self.native = native;
        self
    }

    /// The form of headers.
    pub fn headers(mut self, headers: FitsHeaders) -> Self {
        self.headers = headers;
        self
    }

    /// Whether HDUs whose bytes the tree does not say all of (scaled and compressed images, ASCII tables, arrays of
    /// variable length) are put into the tree as bytes as well, so that the way back gives the same HDU.
    pub fn raw_hdus(mut self, wanted: bool) -> Self {
        self.raw_hdus = wanted;
        self
    }

    /// Only the HDU of that number is read; `null` stands in place of each other one, which may be damaged.
    pub fn only(mut self, hdu: Option<usize>) -> Self {
        self.only = hdu;
        self
    }

    fn leaves_out(&self, hdu: Hdu<'_>) -> bool {
        self.only.is_some_and(|only| only != hdu.index())
    }

    /// Whether the WCS of an image stands beside its header as a GWCS, `wcs`, where all of it is understood.
    pub fn wcs(mut self, wanted: bool) -> Self {
        self.wcs = wanted;
        self
    }
}

/// A new file whose tree has the HDUs of a FITS file under `fits`: a header each, and an array or a table with the
/// physical values. Elements that are stored as they are are borrowed from the FITS file; all others are decoded
/// piece by piece while the draft is written, once.
///
/// # Errors
/// Data are cut, a header contradicts itself, a table is damaged; `CHECKSUM` or `DATASUM` does not fit an HDU, unless the
/// file keeps such HDUs ([`FitsFile::corrupt_blocks`]).
///
/// # Examples
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/fits/images.fits");
/// # let folder = tempfile::tempdir()?;
/// # let out = folder.path().join("out.asdf");
/// use asdf_core::convert::{FitsReadOptions, read_fits};
/// use asdf_core::fits::FitsFile;
/// use asdf_core::{AsdfFile, WriteOptions};
///
/// let fits = FitsFile::open(path)?;
/// let draft = read_fits(&fits, &FitsReadOptions::default())?;
/// draft.save(&out, &WriteOptions::default())?; // a list of HDUs, as asdf-astropy writes and reads them
/// # assert!(!AsdfFile::open(&out)?.arrays()?.is_empty());
/// # Ok(())
/// # }
/// ```
pub fn read_fits<'f>(fits: &'f FitsFile, options: &FitsReadOptions) -> Result<Draft<'f>> {
    let mut draft = Draft::new();
    let mut items = Vec::with_capacity(fits.len());
    for hdu in fits.hdus() {
        if options.leaves_out(hdu) {
            items.push(draft.nodes().null());
            continue;
        }
        items.push(hdu_node(&mut draft, (fits, hdu), *options, None).in_hdu(hdu.index())?);
    }
    put_list(&mut draft, "fits", items, *options)?;
    Ok(draft)
}

/// A draft of a file, which brings along the HDUs beside the tree of a FITS file: all that carry no tree, as a list under
/// [`AsdfFile::hdu_key`] in the form of [`read_fits`]. An array of the tree whose elements are the data of an HDU is shared
/// with the list, so that they are written once.
///
/// # Errors
/// As [`read_fits`]; the root of the tree is not a mapping.
pub fn draft_with_hdus<'f>(file: &'f AsdfFile, options: &FitsReadOptions) -> Result<Draft<'f>> {
    let mut draft = file.to_draft();
    let Some(fits) = file.fits().filter(|_| file.tree_hdu().is_some()) else {
        return Ok(draft);
    };
    let root = file.tree().root();
    if !file.tree().is_empty() && root.as_map().is_none() {
        return Err(EmbedFault::RootNotMap.into());
    }
    let named = file.linked_hdus();
    // A view is another array, and no HDU has a mask.
    let is_whole = |node: &&Node<'_>| {
        ["offset", "strides", "mask"]
            .iter()
            .all(|key| node.get(key).is_none())
    };
    let mut items = Vec::new();
    for hdu in file.plain_hdus() {
        if options.leaves_out(hdu) {
            items.push(draft.nodes().null());
            continue;
        }
        let shared = named.get(&hdu.index()).filter(is_whole);
        let shared = shared.map(|node| NewNode::of_tree(node.id()));
        items.push(hdu_node(&mut draft, (fits, hdu), *options, shared).in_hdu(hdu.index())?);
    }
    put_list(&mut draft, &file.hdu_key(), items, *options)?;
    Ok(draft)
}

fn put_list(
    draft: &mut Draft<'_>,
    key: &str,
    items: Vec<NewNode>,
    options: FitsReadOptions,
) -> Result<()> {
    let tag = HduTags::of_standard(draft.standard_version()).list;
    let nodes = draft.nodes();
    let list = nodes.seq(items);
    nodes.set_flow(list, false);
    if options.headers == FitsHeaders::Triples {
        nodes.set_tag(list, tag);
    }
    draft.tree().set(TreePath::default().key(key), list)
}

/// Header and data of an HDU; `shared` is a node of the tree that has the data already.
fn hdu_node<'f>(
    draft: &mut Draft<'f>,
    (fits, hdu): (&FitsFile, Hdu<'f>),
    options: FitsReadOptions,
    shared: Option<NewNode>,
) -> Result<NewNode> {
    hdu.vouch()?;
    let header = hdu.image_header();
    let (cards, originals) = match options.headers {
        FitsHeaders::Triples => header::triples(&header, draft.nodes()),
        FitsHeaders::Mapping => (header::mapping(&header, draft.nodes(), true), None),
    };
    let (mut variables, mut logicals) = (None, None);
    let data = match (shared, hdu.kind()) {
        (Some(shared), _) => shared,
        (None, HduKind::Image | HduKind::CompressedImage) => {
            data::image(draft, hdu, options.native)?
        }
        (None, HduKind::BinTable | HduKind::CompressedTable | HduKind::AsciiTable) => {
            let split = table::table(draft, hdu, options.native)?;
            (variables, logicals) = (split.variables, split.logicals);
            split.table
        }
        (None, HduKind::Groups) => data::groups(draft, hdu, options.native)?,
        (None, _) => data::nothing(draft, crate::array::Scalar::Uint8)?,
    };
    let mut pairs = vec![("header", cards), ("data", data)];
    if options.wcs && matches!(hdu.kind(), HduKind::Image | HduKind::CompressedImage) {
        let wcs = written_node(fits, &header, draft.nodes())?;
        pairs.extend(wcs.map(|wcs| ("wcs", wcs)));
    }
    pairs.extend(variables.map(|columns| (VARIABLES, columns)));
    pairs.extend(logicals.map(|columns| (LOGICALS, columns)));
    pairs.extend(originals.map(|cards| (ORIGINALS, cards)));
    // Nothing else in the tree holds all that these two have.
    let only_raw = matches!(hdu.kind(), HduKind::Groups | HduKind::Other);
    if only_raw || (options.raw_hdus && !data::is_exact(hdu)?) {
        pairs.push((RAW, data::raw(draft, hdu)?));
    }
    Ok(draft.nodes().map_of(pairs))
}

/// A warning for each image of integers whose `BLANK` makes it one of floating-point numbers, as astropy reads it.
pub fn fits_blank_warnings(fits: &FitsFile) -> Vec<Warning> {
    let warning = |hdu: Hdu<'_>| {
        let image = hdu.image().ok()?;
        let rounding = match image.stored_type() {
            Scalar::Int64 => "; beyond 2^53 they are rounded",
            _ => "",
        };
        let warning = Warning::new(WarningKind::FitsBlank { rounding });
        let is_it = image.is_blank_integer() && !image.is_absent();
        is_it.then(|| warning.at(hdu.header_span()).in_hdu(hdu.index()))
    };
    fits.hdus().filter_map(warning).collect()
}
