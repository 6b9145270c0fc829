//! Elements of a raw block as changes of the file, where they stand.

use super::elements;
use super::journal::Change;
use crate::array::{Patch, put};
use crate::block::{Block, BlockHeader, NewHeader};
use crate::error::Result;
use md5::{Digest, Md5};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Read;
use std::sync::Arc;

/// Bytes that are changed together.
const PAGE: u64 = 256;

/// The changes that put the patches into a raw block, its checksum with them; `None` when they hold
/// more than `most` bytes.
pub(super) fn changes(
    block: Block<'_>,
    patches: &[Arc<Patch>],
    most: u64,
) -> Result<Option<Vec<Change>>> {
    let header = block.header();
    let Some(pages) = pages(block, patches, most)? else {
        return Ok(None);
    };
    let mut out: Vec<Change> = Vec::new();
    for (page, new) in pages {
        let offset = header.data_offset.saturating_add(page.saturating_mul(PAGE));
        let end = offset.saturating_add(new.len() as u64);
        let old = block.input().slice(offset..end)?;
        match out.last_mut() {
            Some(last) if last.offset.saturating_add(last.new.len() as u64) == offset => {
                last.old.extend_from_slice(old);
                last.new.extend(new);
            }
            _ => out.push(Change::new(offset, old.to_vec(), new)),
        }
    }
    if !header.is_streamed() && header.checksum != [0; 16] {
        let new = digest(block, patches)?.to_vec();
        out.push(checksum_change(header, new));
    }
    Ok(Some(out))
}

fn checksum_change(header: &BlockHeader, new: Vec<u8>) -> Change {
    let offset = header.offset.saturating_add(NewHeader::CHECKSUM);
    Change::new(offset, header.checksum.to_vec(), new)
}

/// The pieces of the data in which elements are, as they will be.
fn pages(
    block: Block<'_>,
    patches: &[Arc<Patch>],
    most: u64,
) -> Result<Option<BTreeMap<u64, Vec<u8>>>> {
    let header = block.header();
    let size = block.decoded_size();
    let mut pages: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
    for (place, bytes) in patches.iter().flat_map(|patch| patch.runs()) {
        let end = place.saturating_add(bytes.len() as u64);
        for page in place / PAGE..end.div_ceil(PAGE) {
            let start = page.saturating_mul(PAGE);
            let count = pages.len() as u64;
            let piece = match pages.entry(page) {
                Entry::Occupied(there) => there.into_mut(),
                Entry::Vacant(free) => {
                    if count.saturating_mul(PAGE).saturating_mul(2) > most {
                        return Ok(None);
                    }
                    let from = header.data_offset.saturating_add(start);
                    let to = header
                        .data_offset
                        .saturating_add(start.saturating_add(PAGE).min(size));
                    free.insert(block.input().slice(from..to)?.to_vec())
                }
            };
            put(piece, start, place, bytes);
        }
    }
    Ok(Some(pages))
}

/// MD5 of the data as it will be.
fn digest(block: Block<'_>, patches: &[Arc<Patch>]) -> Result<[u8; 16]> {
    let mut reader = elements::patched(block, patches)?;
    let mut hash = Md5::new();
    let mut piece = vec![0; 1 << 17];
    loop {
        let count = reader.read(&mut piece)?;
        if count == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(piece.get(..count).unwrap_or_default());
    }
}
