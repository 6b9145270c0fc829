//! A tree that is carried by a FITS file: found by its content, its arrays in HDUs (spec-notes F-27 to F-32).

use super::AsdfFile;
use super::layout;
use crate::block::BlockHeader;
use crate::error::Locate;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::fits::FitsFile;
use crate::fits::Hdu;
use crate::fits::HduKind;
use crate::input::{Input, Unpacked};
use crate::limits::{Limit, Limits};
use crate::tree::{Node, Tree, Value};
use sha2::{Digest, Sha256};
use std::ops::Range;
use std::slice;

/// The name of the HDU that carries a tree.
pub(super) const NAME: &str = "ASDF";
/// The key under which a tree remembers the headers that it was written with.
pub(super) const HASH: &str = "_fits_hash";
/// The hash of a file whose headers we have changed: it fits none, and says that this is known. Digits
/// alone would be a number where the scalar has no quotes.
pub(super) const EDITED: &str = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
const MAGIC: &[u8] = b"#ASDF ";
/// Bytes of the carried file that are fetched together: most are no longer.
const NEAR: u64 = 4 << 20;

/// The FITS file around a tree.
#[derive(Debug)]
pub(super) struct Carrier {
    pub(super) fits: FitsFile,
    /// The HDU that holds the tree; none when the file has none.
    pub(super) tree: Option<usize>,
    /// The data of each HDU in the form of an uncompressed block.
    pub(super) data: Vec<BlockHeader>,
}

/// Where the carried file is.
pub(super) struct Cell {
    /// The bytes up to its end.
    pub(super) input: Input,
    /// Its first byte.
    pub(super) origin: u64,
}

impl Carrier {
    pub(super) fn new(fits: FitsFile, warnings: &mut Vec<Warning>) -> Result<Self> {
        let data = fits.hdus().map(|hdu| raw(&fits, hdu)).collect();
        let tree = find(&fits, warnings)?;
        Ok(Self { fits, tree, data })
    }

    /// The carried file; `None` when there is none.
    pub(super) fn cell(&self, limits: &Limits) -> Result<Option<Cell>> {
        let Some(index) = self.tree else {
            return Ok(None);
        };
        let hdu = self.fits.hdu(index)?;
        let cell = if is_gzipped(hdu) {
            gunzip(hdu.data()?, limits).in_hdu(index)?
        } else {
            // Complete or an error: a cut tree is not a tree.
            hdu.there()?;
            let span = cell_span(hdu)?;
            let near = span.start.saturating_add(NEAR).min(span.end);
            let first = span.start..near;
            self.fits.input().want(slice::from_ref(&first))?;
            Cell {
                input: self.fits.input().until(span.end),
                origin: span.start,
            }
        };
        if is_gzipped(hdu) || self.fits.compression().is_some() {
            layout::check_unpacked(&cell.input, cell.origin, limits).in_hdu(index)?;
        }
        Ok(Some(cell))
    }

    /// Whether the headers are those that the tree was written with; `None` when it does not tell.
    pub(super) fn is_fresh(&self, tree: &Tree) -> Option<bool> {
        match tree.root().get(HASH)?.value() {
            Value::Str(recorded) => Some(recorded == headers_hash(&self.fits)),
            _ => None,
        }
    }

    /// Tells when headers were changed after the tree was written.
    pub(super) fn check_hash(&self, tree: &Tree, warnings: &mut Vec<Warning>) {
        let is_known = tree.root().get(HASH).and_then(Node::text) == Some(EDITED);
        if !is_known && self.is_fresh(tree) == Some(false) {
            let warning = Warning::new(WarningKind::FitsHeadersChanged);
            warnings.push(warning.at_path(crate::tree::TreePath::default().key(HASH)));
        }
    }
}

impl AsdfFile {
    /// Whether a new hash over the headers may be put into the tree. Not into that of a FITS file whose headers were
    /// edited: readers that find the hash wrong take the values of the headers, and must go on to do so.
    pub(super) fn is_fits_hash_fresh(&self) -> bool {
        let carrier = self.carrier.as_ref();
        carrier.is_none_or(|carrier| carrier.is_fresh(&self.tree) == Some(true))
    }
}

/// SHA-256 over the headers with their fill, of all HDUs but those that carry a tree, in lowercase hexadecimal digits.
/// Source: `_fits_hash` of stdatamodels.
pub(super) fn headers_hash(fits: &FitsFile) -> String {
    let mut hash = Sha256::new();
    for hdu in fits.hdus().filter(|hdu| !is_named_asdf(*hdu)) {
        hash.update(fits.input().slice(hdu.header_span()).unwrap_or_default());
    }
    crate::block::hex(&hash.finalize())
}

pub(super) fn is_named_asdf(hdu: Hdu<'_>) -> bool {
    hdu.name().eq_ignore_ascii_case(NAME)
}

/// The last HDU with a tree; one that is named for it comes first.
fn find(fits: &FitsFile, warnings: &mut Vec<Warning>) -> Result<Option<usize>> {
    let may_carry = |hdu: &Hdu<'_>| hdu.kind() != HduKind::CompressedImage;
    for hdu in fits.hdus().filter(may_carry) {
        // What cannot be fetched may be a tree.
        if let Err(error) = beginning(hdu)
            && error.is_of_source()
        {
            return Err(error.in_hdu(hdu.index()));
        }
    }
    let found: Vec<Hdu<'_>> = fits.hdus().filter(|hdu| carries_tree(*hdu)).collect();
    let named = found.iter().rfind(|hdu| is_named_asdf(**hdu));
    let Some(chosen) = named.or(found.last()).map(|hdu| hdu.index()) else {
        return Ok(None);
    };
    if found.len() > 1 {
        let kind = WarningKind::FitsManyTrees { count: found.len() };
        warnings.push(Warning::new(kind).in_hdu(chosen));
    }
    Ok(Some(chosen))
}

/// True for an HDU whose data begin as an ASDF file does; what other HDUs hold is not looked at beyond that.
pub(super) fn carries_tree(hdu: Hdu<'_>) -> bool {
    if hdu.kind() == HduKind::CompressedImage {
        return false;
    }
    let named_and_gzipped = is_named_asdf(hdu) && is_gzipped(hdu);
    named_and_gzipped || beginning(hdu).is_ok_and(|found| found == MAGIC)
}

/// The first bytes of what an HDU may carry.
fn beginning(hdu: Hdu<'_>) -> Result<&[u8]> {
    let span = cell_span(hdu)?;
    let input = hdu.file().input();
    let end = span.start.saturating_add(MAGIC.len() as u64).min(span.end);
    input.slice(span.start..end)
}

/// `XTENSION = 'ASDF'` with `COMPRESS = T`: the whole file gzipped.
fn is_gzipped(hdu: Hdu<'_>) -> bool {
    let header = hdu.header();
    hdu.kind() == HduKind::Other && header.logical("COMPRESS").ok().flatten() == Some(true)
}

/// The bytes of the carried file: the first cell of a table, else all data.
fn cell_span(hdu: Hdu<'_>) -> Result<Range<u64>> {
    let data = hdu.data_span();
    if hdu.kind() != HduKind::BinTable {
        return Ok(data);
    }
    let table = hdu.table()?;
    let first = table.columns().first();
    let within = match first {
        Some(column) if table.rows() > 0 => column.first_cell()?,
        _ => 0..0,
    };
    let at = |offset: u64| data.start.saturating_add(offset);
    Ok(at(within.start)..at(within.end))
}

fn gunzip(bytes: &[u8], limits: &Limits) -> Result<Cell> {
    let stream = flate2::read::GzDecoder::new(bytes);
    let limit = (Limit::UnpackedBytes, limits.unpacked_bytes);
    let mut unpacked = Unpacked::new(stream, "bytes of a gzipped tree", limit);
    unpacked.fill(u64::MAX)?;
    Ok(Cell {
        input: unpacked.into_input()?,
        origin: 0,
    })
}

fn raw(fits: &FitsFile, hdu: Hdu<'_>) -> BlockHeader {
    let span = hdu.data_span();
    let there = fits.input().len().saturating_sub(span.start);
    BlockHeader::of_data(hdu.index(), span, there)
}
