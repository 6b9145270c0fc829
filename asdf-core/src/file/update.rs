//! Changes written to the file itself: in place when they fit, else by a new file.

use super::AsdfFile;
use super::draft::{Draft, NewBlock};
use super::journal::{Change, Journal};
use super::storage::WriteOptions;
use super::write::{FilePlan, write_block};
use crate::array::ArrayBytes;
use crate::block::{Block, BlockHeader, Codec, NewHeader, index_text};
use crate::error::Locate;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes of old and new data beyond which a new file is written instead.
const MOST: u64 = 32 << 20;

/// What an update did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Updated {
    /// Nothing: the file says so already.
    Unchanged,
    /// Some bytes of the file were changed.
    InPlace,
    /// The file was replaced by a new one.
    Rewritten,
}

impl Draft<'_> {
    /// Writes the changes to the file that was opened, whose path is given again: in place when the
    /// tree and new blocks find room, else all of it to a new file which then takes its name. A
    /// program that is stopped at any moment leaves the old file or the new one; what it may leave
    /// beside it is dealt with when the file is opened the next time.
    ///
    /// The new text is given some room to grow when the file is written anew.
    ///
    /// # Errors
    /// As [`Draft::save`]; another program changes the file at the same time.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// # std::fs::copy(path, &out)?;
    /// use asdf_core::file::Updated;
    /// use asdf_core::{AsdfFile, WriteOptions};
    ///
    /// let file = AsdfFile::open(&out)?;
    /// let mut draft = file.to_draft();
    /// draft.set("roman/meta/exposure/frame_time", 3.2)?;
    /// assert_eq!(draft.update(&out, &WriteOptions::default())?, Updated::InPlace);
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(&self, path: impl AsRef<Path>, options: &WriteOptions) -> Result<Updated> {
        let path = path.as_ref();
        let Some(file) = self.source else {
            self.save(path, options)?;
            return Ok(Updated::Rewritten);
        };
        if options.compression.is_none() && self.is_unchanged()? {
            // What another change has left is put right all the same: this is a command that writes.
            if file.whole_input().is_overlaid() {
                super::journal::writing(path).in_file(path)?;
            }
            return Ok(Updated::Unchanged);
        }
        file.check_changeable().in_file(path)?;
        let writing = super::journal::writing(path).in_file(path)?;
        if !writing.is_locked {
            file.warn(Warning::new(WarningKind::NoLocks));
        }
        let lock = writing.file;
        check_unchanged(file, &lock, path).in_file(path)?;
        // Copies keep their checksums: nothing that is wrong becomes right by being moved.
        let options = WriteOptions {
            tree_room: true,
            verify: false,
            ..options.clone()
        };
        #[cfg(feature = "fits")]
        if file.is_carried() {
            self.update_carried(path, &options)?;
            return Ok(Updated::Rewritten);
        }
        let plan = FilePlan::of(self, &options)?;
        if self.siblings.is_empty()
            && super::journal::is_free(path)
            && let Some(journal) = in_place(&plan, file, &options)?
        {
            if journal.is_empty() {
                return Ok(Updated::Unchanged);
            }
            journal.apply(&lock, path).in_file(path)?;
            return Ok(Updated::InPlace);
        }
        self.save_plan(&plan, path, &options)?;
        Ok(Updated::Rewritten)
    }
}

/// When the name is that of the file that was opened, that must be as it was.
pub(super) fn check_own(file: &AsdfFile, path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let whole = file.whole_input();
        // A change that is pending is in the file and not in what was opened.
        let Some(opened) = whole.file().filter(|_| !whole.is_overlaid()) else {
            return Ok(());
        };
        let (opened, Ok(now)) = (opened.metadata()?, path.metadata()) else {
            return Ok(());
        };
        if (opened.dev(), opened.ino()) == (now.dev(), now.ino()) {
            return check_unchanged(file, &File::open(path)?, path);
        }
    }
    let _ = (file, path);
    Ok(())
}

/// What stands under the name must be what was opened: else the changes of another would be lost.
pub(super) fn check_unchanged(file: &AsdfFile, lock: &File, path: &Path) -> Result<()> {
    let now = lock.metadata()?;
    let all = file.whole_input();
    let mut same = now.len() == all.len();
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let name = path.metadata()?;
        same &= (name.dev(), name.ino()) == (now.dev(), now.ino());
        if let Some(opened) = all.file() {
            let opened = opened.metadata()?;
            same &= (opened.dev(), opened.ino()) == (now.dev(), now.ino());
        }
    }
    let _ = path;
    // The tree is held as a copy, so that a change in place shows. A gzipped one is nowhere in the file.
    let unpacked = file.is_carried() && file.origin == 0;
    if let Some(span) = file.tree_span().filter(|_| !unpacked) {
        let mut tree = Vec::new();
        let mut reader = lock;
        reader.seek(SeekFrom::Start(span.start))?;
        reader
            .take(span.end.saturating_sub(span.start))
            .read_to_end(&mut tree)?;
        same &= tree == file.tree().text().as_bytes();
    }
    if same {
        Ok(())
    } else {
        Err(super::journal::changed())
    }
}

/// The plan as changes of the open file, when everything that stays can stay where it is.
#[expect(
    clippy::too_many_lines,
    reason = "a case for each way in which a block may change"
)]
fn in_place(
    plan: &FilePlan<'_>,
    file: &AsdfFile,
    options: &WriteOptions,
) -> Result<Option<Journal>> {
    let (table, input) = (file.block_table(), file.input());
    let Some(first) = table.headers().first().map(|header| header.offset) else {
        return Ok(None);
    };
    if plan.blocks.is_empty() || plan.head.len() as u64 > first || options.compression.is_some() {
        return Ok(None);
    }
    let mut changes = vec![head_change(&plan.head, input.slice(0..first)?)];
    let mut tail = Vec::new();
    let mut offsets = Vec::with_capacity(plan.blocks.len());
    let end = table.headers().last().map_or(first, BlockHeader::end);
    for (index, block) in plan.blocks.iter().enumerate() {
        let Some(header) = table.headers().get(index) else {
            offsets.push(end.saturating_add(tail.len() as u64));
            let Some(bytes) = encoded(block, options)? else {
                return Ok(None);
            };
            tail.extend(bytes);
            continue;
        };
        offsets.push(header.offset);
        let stays =
            |stored: &Block<'_>| stored.header() == header && std::ptr::eq(stored.input(), input);
        if matches!(block, NewBlock::Stored(stored) if stays(stored)) {
            continue;
        }
        if let NewBlock::Patched {
            block: stored,
            patches,
            ..
        } = block
            && stays(stored)
            && header.codec() == Codec::None
        {
            let Some(own) = super::in_place::changes(*stored, patches, MOST)? else {
                return Ok(None);
            };
            changes.extend(own);
            continue;
        }
        let Some(new) = encoded(block, options)?.and_then(|bytes| fitted(bytes, header)) else {
            return Ok(None);
        };
        let end = header.offset.saturating_add(new.len() as u64);
        let old = input.slice(header.offset..end)?.to_vec();
        changes.push(Change::new(header.offset, old, new));
    }
    let mut new_len = input.len();
    if plan.blocks.len() != table.headers().len() {
        if options.index && !plan.is_endless() {
            tail.extend(index_text(&offsets).into_bytes());
        }
        let kept = table.headers().get(plan.blocks.len());
        let start = kept.map_or(end, |header| header.offset);
        new_len = start.saturating_add(tail.len() as u64);
        if input.len().saturating_sub(start) > MOST {
            return Ok(None);
        }
        let old = input.slice(start..input.len())?.to_vec();
        changes.push(Change::new(start, old, tail));
    }
    changes.retain(|change| change.old != change.new);
    let journal = Journal {
        old_len: input.len(),
        new_len,
        changes,
    };
    Ok((journal.size() <= MOST).then_some(journal))
}

/// The new header lines and tree in the room that the old ones had.
fn head_change(head: &[u8], old: &[u8]) -> Change {
    let mut new = head.to_vec();
    // Room that was there stays as it is; what the old tree leaves behind is blanked.
    let old_end = old
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    new.resize(old_end.max(new.len()), 0);
    new.extend(old.get(new.len()..).unwrap_or_default());
    let same = new
        .iter()
        .zip(old)
        .take_while(|(new, old)| new == old)
        .count();
    let tail = |bytes: &[u8]| -> Vec<u8> { bytes.get(same..).unwrap_or_default().to_vec() };
    let (mut new, mut old) = (tail(&new), tail(old));
    let equal = new
        .iter()
        .rev()
        .zip(old.iter().rev())
        .take_while(|(new, old)| new == old)
        .count();
    new.truncate(new.len() - equal);
    old.truncate(old.len() - equal);
    Change {
        offset: same as u64,
        old,
        new,
    }
}

/// A new block as bytes, header and all; `None` when it cannot be held in memory, or only once.
fn encoded(block: &NewBlock<'_>, options: &WriteOptions) -> Result<Option<Vec<u8>>> {
    match block {
        NewBlock::Fresh(fresh)
            if fresh.size > MOST || matches!(fresh.data, ArrayBytes::Stream(_)) =>
        {
            Ok(None)
        }
        NewBlock::Patched { block: stored, .. }
            if stored.header().is_streamed() || stored.decoded_size() > MOST =>
        {
            Ok(None)
        }
        NewBlock::Fresh(_) | NewBlock::Empty | NewBlock::Patched { .. } => {
            let mut sink = Cursor::new(Vec::new());
            write_block(&mut sink, block, options)?;
            Ok(Some(sink.into_inner()))
        }
        NewBlock::Stored(_) | NewBlock::Part(_) | NewBlock::Streamed(_) => Ok(None),
    }
}

/// A block with the room of the one whose place it takes; `None` when that is too small.
fn fitted(mut bytes: Vec<u8>, header: &BlockHeader) -> Option<Vec<u8>> {
    let size = (bytes.len() as u64).checked_sub(NewHeader::SIZE)?;
    let usual = header.offset.saturating_add(NewHeader::SIZE) == header.data_offset;
    if !usual || header.is_streamed() || size > header.allocated {
        return None;
    }
    NewHeader::put_allocated(&mut bytes, header.allocated);
    Some(bytes)
}
