//! Headers of a FITS file under change, written to the file itself or to another one.

use super::AsdfFile;
use super::embedded::{EDITED, HASH};
use super::extract::linked;
use super::hdu_link::HduLink;
use super::journal;
use super::journal::{Change, Journal};
use super::update::{Updated, check_unchanged};
use crate::error::HeaderFault;
use crate::error::Locate;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::fits::{CardValue, FitsFile, HeaderEdit, header_range};
use crate::tree::{Node, Value};
use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

/// Bytes that are copied at a time.
const PIECE: usize = 1 << 20;

/// Changes of the headers of a FITS file, with or without a tree. All other bytes of the file stay, but for a
/// `_fits_hash` in the tree: it fits no edited header, so that readers that would take the tree's values take
/// those of the headers (`spec-notes/fits.md`, F-74).
///
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/fits/header.fits");
/// use asdf_core::AsdfFile;
/// use asdf_core::file::FitsEdit;
/// use asdf_core::fits::CardValue;
///
/// let file = AsdfFile::open(path)?;
/// let mut edit = FitsEdit::new(&file)?;
/// edit.set(0, "EXPTIME", None, &CardValue::Integer(5), Some("[s] exposure time"))?;
/// edit.set(0, "HISTORY", None, &CardValue::Text("exposure time put right".into()), None)?;
/// let mut bytes = Vec::new();
/// edit.write(&mut bytes)?; // or edit.update(path)? for the file itself
/// # assert_eq!(bytes.len() % 2880, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct FitsEdit<'f> {
    file: &'f AsdfFile,
    fits: &'f FitsFile,
    headers: BTreeMap<usize, HeaderEdit>,
}

/// New bytes for a range of the file.
struct Patch<'e> {
    range: Range<u64>,
    old: &'e [u8],
    new: Vec<u8>,
}

impl<'f> FitsEdit<'f> {
    /// No changes yet.
    ///
    /// # Errors
    /// The file is not a FITS file, or is compressed as a whole.
    pub fn new(file: &'f AsdfFile) -> Result<Self> {
        let Some(fits) = file.fits() else {
            return Err(HeaderFault::NotFits.into());
        };
        file.check_changeable()?;
        let headers = BTreeMap::new();
        Ok(Self {
            file,
            fits,
            headers,
        })
    }

    /// Gives a card of an HDU a value, as [`HeaderEdit::set`].
    ///
    /// # Errors
    /// As there; the HDU is not there, or carries the tree; the tree would lose its arrays: it names the HDU as it is called.
    pub fn set(
        &mut self,
        hdu: usize,
        keyword: &str,
        number: Option<usize>,
        value: &CardValue,
        comment: Option<&str>,
    ) -> Result<()> {
        self.change(hdu, keyword, |header| {
            header.set(keyword, number, value, comment)
        })
    }

    /// Takes a card of an HDU away, as [`HeaderEdit::remove`].
    ///
    /// # Errors
    /// As [`FitsEdit::set`].
    pub fn remove(&mut self, hdu: usize, keyword: &str, number: Option<usize>) -> Result<()> {
        self.change(hdu, keyword, |header| header.remove(keyword, number))
    }

    fn change(
        &mut self,
        hdu: usize,
        keyword: &str,
        change: impl FnOnce(&mut HeaderEdit) -> Result<()>,
    ) -> Result<()> {
        let old = self.fits.hdu(hdu)?;
        if self.file.tree_hdu() == Some(hdu) {
            return Err(HeaderFault::TreeHdu.into()).in_hdu(hdu);
        }
        if keyword.to_ascii_uppercase().starts_with("TTYPE")
            && self.file.linked_hdus().contains_key(&hdu)
        {
            return Err(HeaderFault::TreeColumns.into()).in_hdu(hdu);
        }
        let header = self.headers.get(&hdu).cloned();
        let mut header = header.unwrap_or_else(|| HeaderEdit::new(old));
        change(&mut header)?;
        self.headers.insert(hdu, header);
        self.check_links().in_hdu(hdu)
    }

    /// Every array of the tree must find the HDU that it found before.
    fn check_links(&self) -> Result<()> {
        let names: Vec<(String, i64)> = self.fits.hdus().map(|hdu| self.name(hdu)).collect();
        for node in linked(self.file) {
            let Some(HduLink::Named(name, version)) = link(node) else {
                continue;
            };
            let before = self.fits.find(name, Some(version));
            let name = name.trim();
            let after = names
                .iter()
                .position(|(found, number)| found.eq_ignore_ascii_case(name) && *number == version);
            if before.map(crate::fits::Hdu::index) != after {
                return Err(HeaderFault::TreeLink.into()).at_path(|| node.path());
            }
        }
        Ok(())
    }

    /// Name and version of an HDU as they are now.
    fn name(&self, hdu: crate::fits::Hdu<'_>) -> (String, i64) {
        let Some(header) = self.headers.get(&hdu.index()) else {
            return (hdu.name().to_owned(), hdu.version());
        };
        let name = header.value("EXTNAME");
        let name = name.as_ref().and_then(CardValue::as_text).unwrap_or("");
        let name = match (name.trim(), hdu.index()) {
            ("", 0) => "PRIMARY",
            (name, _) => name,
        };
        let version = header.value("EXTVER").and_then(|value| value.as_integer());
        (name.to_owned(), version.unwrap_or(1))
    }

    /// Writes the whole file as it is now.
    ///
    /// # Errors
    /// The sink fails; the file was changed since it was opened.
    pub fn write(&self, sink: &mut dyn Write) -> Result<()> {
        self.copy(&self.patches()?, sink)
    }

    /// Writes the changes to the file that was opened, whose path is given again: in place when the headers have room,
    /// else all of it to a new file which then takes its name. A program that is stopped at any moment leaves the old
    /// file or the new one.
    ///
    /// # Errors
    /// The file cannot be written, or was changed since it was opened.
    pub fn update(&self, path: impl AsRef<Path>) -> Result<Updated> {
        let path = path.as_ref();
        let patches = self.patches()?;
        if patches.is_empty() {
            // What another change has left is put right all the same: this is a command that writes.
            if self.fits.input().is_overlaid() {
                journal::writing(path).in_file(path)?;
            }
            return Ok(Updated::Unchanged);
        }
        let writing = journal::writing(path).in_file(path)?;
        if !writing.is_locked {
            self.file.warn(Warning::new(WarningKind::NoLocks));
        }
        let lock = writing.file;
        check_unchanged(self.file, &lock, path).in_file(path)?;
        let resized = |patch: &Patch<'_>| patch.old.len() != patch.new.len();
        if patches.iter().any(resized) || !journal::is_free(path) {
            super::replace::replace(path, |file| {
                let mut sink = std::io::BufWriter::with_capacity(PIECE, file);
                self.copy(&patches, &mut sink)?;
                Ok(sink.flush()?)
            })?;
            return Ok(Updated::Rewritten);
        }
        let length = self.fits.input().len();
        let changes = patches.into_iter();
        let changes =
            changes.map(|patch| Change::new(patch.range.start, patch.old.to_vec(), patch.new));
        let journal = Journal {
            old_len: length,
            new_len: length,
            changes: changes.collect(),
        };
        journal.apply(&lock, path).in_file(path)?;
        Ok(Updated::InPlace)
    }

    /// The headers that are not as they were.
    fn patches(&self) -> Result<Vec<Patch<'_>>> {
        let mut out = Vec::new();
        for (index, header) in &self.headers {
            let range = header_range(self.fits.hdu(*index)?);
            let (old, new) = (header.old(), header.bytes()?);
            if old != new {
                out.push(Patch { range, old, new });
            }
        }
        if !out.is_empty() {
            out.extend(self.hash_patch());
        }
        out.sort_by_key(|patch| patch.range.start);
        Ok(out)
    }

    /// A `_fits_hash` that fits the headers becomes one that says so itself that it does not: [`EDITED`]. `None` where there
    /// is none, where it did not fit before, and where it does not stand in the file as it is read or has a checksum
    /// over it.
    fn hash_patch(&self) -> Option<Patch<'_>> {
        let node = self.file.tree().root().get(HASH)?;
        let hash = node.text()?;
        let hdu = self.fits.hdu(self.file.tree_hdu()?).ok()?;
        let header = hdu.header();
        let has_sum = ["CHECKSUM", "DATASUM"].map(|keyword| header.get(keyword).is_some());
        if hash.len() != EDITED.len() || !self.file.is_fits_hash_fresh() || has_sum != [false; 2] {
            return None;
        }
        let span = node.span();
        let text = self.fits.input().slice(span.clone()).ok()?;
        let at = text
            .windows(hash.len())
            .position(|part| part == hash.as_bytes())?;
        let start = span.start.saturating_add(at as u64);
        let range = start..start.saturating_add(hash.len() as u64);
        Some(Patch {
            old: self.fits.input().slice(range.clone()).ok()?,
            new: EDITED.as_bytes().to_vec(),
            range,
        })
    }

    /// The file with its patches.
    fn copy(&self, patches: &[Patch<'_>], sink: &mut dyn Write) -> Result<()> {
        let input = self.fits.input();
        let mut at = 0;
        for patch in patches {
            self.copy_range(at..patch.range.start, sink)?;
            if input.slice(patch.range.clone())? != patch.old {
                return Err(journal::changed());
            }
            sink.write_all(&patch.new)?;
            at = patch.range.end;
        }
        self.copy_range(at..input.len(), sink)
    }

    fn copy_range(&self, range: Range<u64>, sink: &mut dyn Write) -> Result<()> {
        let mut buffer = vec![0; PIECE];
        let mut at = range.start;
        while at < range.end {
            let most = usize::try_from(range.end - at).map_or(PIECE, |left| left.min(PIECE));
            let out = buffer.get_mut(..most).unwrap_or_default();
            let count = self.fits.input().read_at(at, out)?;
            if count == 0 {
                return Err(journal::changed());
            }
            sink.write_all(out.get(..count).unwrap_or_default())?;
            at = at.saturating_add(count as u64);
        }
        Ok(())
    }
}

/// The HDU that a node of the tree names.
fn link(node: Node<'_>) -> Option<HduLink<'_>> {
    match node.get("source")?.value() {
        Value::Str(uri) => HduLink::of_source(uri),
        _ => None,
    }
}
