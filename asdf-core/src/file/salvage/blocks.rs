//! Finding the blocks of a damaged file: from header to header, and behind damage from magic to magic.

use super::head::{blank, rest};
use super::loss::{Loss, LossKind};
use crate::block::BLOCK_MAGIC;
use crate::block::BlockHeader;
use crate::block::Codec;
use crate::block::LastIndex;
use crate::block::digest_of;
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::input::Input;
use crate::limits::Limits;

/// A block as it was found.
#[derive(Debug)]
pub(super) enum Found {
    /// There, with its header as it should be and the end of its space.
    Block {
        header: BlockHeader,
        end: u64,
        mended: bool,
    },
    /// Not there, but there was one, at that offset.
    Lost { offset: u64, why: &'static str },
    /// Bytes that belong to nothing; a block may have been there.
    Gap { start: u64, end: u64 },
}

/// A header somewhere in the file that looks like one.
struct Candidate {
    header: BlockHeader,
    /// Its end and those of all that follow lead exactly to the end of the file.
    leads_to_end: bool,
}

/// Walks over a damaged file.
pub(super) struct Walker<'f> {
    input: &'f Input,
    index: Option<&'f LastIndex>,
    /// Where the blocks end: the index, or the end of the file.
    end: u64,
    candidates: Vec<Candidate>,
    found: Vec<Found>,
}

impl<'f> Walker<'f> {
    /// Looks at every magic of the file once.
    pub(super) fn new(
        input: &'f Input,
        start: u64,
        index: Option<&'f LastIndex>,
        limits: &Limits,
    ) -> Result<Self> {
        let index = index.filter(|index| index.at_end);
        let end = index.map_or(input.len(), |index| index.start);
        let mut walker = Self {
            input,
            index,
            end,
            candidates: Vec::new(),
            found: Vec::new(),
        };
        let from = usize::try_from(start).unwrap_or(usize::MAX);
        for at in memchr::memmem::find_iter(rest(input.bytes(), from), &BLOCK_MAGIC) {
            let offset = start.saturating_add(at as u64);
            let header = BlockHeader::read_anyhow(0, input, offset, None);
            if let Some(header) = header.filter(is_plausible) {
                let needed = (walker.candidates.len() as u64).saturating_add(1);
                LimitExceeded::check("number of blocks", "blocks", needed, limits.blocks)?;
                walker.candidates.push(Candidate {
                    header,
                    leads_to_end: false,
                });
            }
        }
        for at in (0..walker.candidates.len()).rev() {
            let leads = walker
                .candidates
                .get(at)
                .is_some_and(|candidate| walker.leads_to_end(&candidate.header));
            if let Some(candidate) = walker.candidates.get_mut(at) {
                candidate.leads_to_end = leads;
            }
        }
        Ok(walker)
    }

    fn leads_to_end(&self, header: &BlockHeader) -> bool {
        if header.is_streamed() {
            return self.index.is_none();
        }
        let end = header.end();
        end == self.end || self.candidate(end).is_some_and(|next| next.leads_to_end)
    }

    fn candidate(&self, offset: u64) -> Option<&Candidate> {
        let found = self
            .candidates
            .binary_search_by_key(&offset, |candidate| candidate.header.offset);
        self.candidates.get(found.ok()?)
    }

    /// True for the end of all blocks and for where another one begins.
    fn is_boundary(&self, offset: u64) -> bool {
        offset == self.end || self.candidate(offset).is_some()
    }

    fn is_listed(&self, offset: u64) -> bool {
        self.index
            .is_some_and(|index| index.offsets.contains(&offset))
    }

    /// The first header at or behind `from` for which more speaks than its magic.
    fn next_certain(&self, from: u64) -> Option<u64> {
        let first = self
            .candidates
            .partition_point(|candidate| candidate.header.offset < from);
        let mut behind = self.candidates.get(first..).unwrap_or_default().iter();
        behind
            .find(|candidate| candidate.leads_to_end || self.is_listed(candidate.header.offset))
            .map(|candidate| candidate.header.offset)
    }

    /// The first header at or behind `from` that looks like one.
    fn next_any(&self, from: u64) -> Option<u64> {
        let first = self
            .candidates
            .partition_point(|candidate| candidate.header.offset < from);
        self.candidates
            .get(first)
            .map(|candidate| candidate.header.offset)
    }

    /// All that is found from `at` on.
    pub(super) fn walk(mut self, mut at: u64, losses: &mut Vec<Loss>) -> Result<Vec<Found>> {
        while at < self.end {
            if let Some((header, end, mended)) = self.block_at(at)? {
                self.found.push(Found::Block {
                    header,
                    end,
                    mended,
                });
                at = end;
                continue;
            }
            let next = self.resume(at);
            let bytes = self.input.slice(at..next)?;
            if bytes.starts_with(&BLOCK_MAGIC) {
                let why = "its header is cut or damaged";
                self.found.push(Found::Lost { offset: at, why });
                Self::stray(at.saturating_add(4), next, losses);
            } else if !blank(bytes) {
                self.found.push(Found::Gap {
                    start: at,
                    end: next,
                });
            }
            at = next;
        }
        Ok(self.found)
    }

    fn stray(start: u64, end: u64, losses: &mut Vec<Loss>) {
        if start < end {
            let bytes = end.saturating_sub(start);
            losses.push(Loss::new(LossKind::Stray { bytes }).at(start..end));
        }
    }

    /// Where the walk goes on behind something that is no block.
    fn resume(&self, at: u64) -> u64 {
        let behind = at.saturating_add(1);
        let mut next = self
            .next_certain(behind)
            .or_else(|| self.next_any(behind))
            .unwrap_or(self.end)
            .min(self.end);
        // An entry of the index in between may be a block whose magic is damaged.
        let entries = self.index.map_or(&[][..], |index| &index.offsets);
        for &entry in entries.iter().filter(|&&entry| entry > at) {
            if entry < next && matches!(self.mended(entry), Ok(Some(_))) {
                next = entry;
            }
        }
        next
    }

    /// The block at that offset, the end of its space, and whether its header had to be mended.
    fn block_at(&self, at: u64) -> Result<Option<(BlockHeader, u64, bool)>> {
        let number = self.number();
        let strict = self
            .candidate(at)
            .and_then(|_| BlockHeader::read_anyhow(number, self.input, at, None));
        if let Some(header) = &strict
            && let Some(end) = self.trusted_end(header)
            && header.fault().is_none()
        {
            return Ok(Some((header.clone(), end, false)));
        }
        if let Some((header, end)) = self.mended(at)? {
            let was = strict.is_some_and(|strict| strict == header);
            return Ok(Some((header, end, !was)));
        }
        let Some(header) = strict else {
            return Ok(None);
        };
        self.bounded(header).map(Some)
    }

    fn number(&self) -> usize {
        let is_block = |found: &&Found| !matches!(found, Found::Gap { .. });
        self.found.iter().rev().filter(is_block).count()
    }

    /// The end of a block whose sizes lead to another block or to the end.
    fn trusted_end(&self, header: &BlockHeader) -> Option<u64> {
        if header.is_streamed() {
            let ends = self.next_certain(header.data_offset).is_none() && self.index.is_none();
            return (ends && header.codec() == Codec::None).then_some(self.input.len());
        }
        Some(header.end()).filter(|&end| self.is_boundary(end))
    }

    /// A header whose magic, size or flags are damaged while all else fits, or the checksum does.
    fn mended(&self, at: u64) -> Result<Option<(BlockHeader, u64)>> {
        for header_size in [None, Some(48)] {
            let number = self.number();
            let header = BlockHeader::read_anyhow(number, self.input, at, header_size);
            let Some(mut header) = header else { continue };
            if header.is_streamed() && header.used > 0 {
                header.flags &= !1;
                header.available = header
                    .used
                    .min(self.input.len().saturating_sub(header.data_offset));
            }
            if header.is_streamed() || !has_known_label(&header) {
                continue;
            }
            let end = header.end();
            let fits = self.is_boundary(end) && header.used > 0 && header.fault().is_none();
            if fits || (header.fault().is_none() && end <= self.end && self.matches(&header)?) {
                return Ok(Some((header, end)));
            }
        }
        Ok(None)
    }

    /// True when there is a checksum and the used bytes have it.
    fn matches(&self, header: &BlockHeader) -> Result<bool> {
        let start = header.data_offset;
        let end = start.saturating_add(header.used);
        if header.checksum == [0; 16] || header.used == 0 || end > self.end {
            return Ok(false);
        }
        Ok(digest_of(self.input, start..end)? == header.checksum)
    }

    /// A block whose sizes are wrong or lead past the end: its space ends at the next one.
    fn bounded(&self, mut header: BlockHeader) -> Result<(BlockHeader, u64, bool)> {
        let start = header.data_offset;
        let claimed = header.end();
        let next = self.next_certain(start).unwrap_or(self.end);
        if header.is_streamed() {
            header.available = self.input.len().saturating_sub(start);
            return Ok((header, self.end, false));
        }
        let inside = claimed <= next && header.used <= header.allocated;
        let space = if inside { claimed } else { next }.saturating_sub(start);
        let is_cut = claimed > self.end && next == self.end && self.index.is_none();
        let end = start.saturating_add(space);
        if is_cut && header.used > space && header.used <= header.allocated {
            return Ok((header, end, false));
        }
        let raw = header.codec() == Codec::None;
        let sizes = if raw {
            vec![header.used, header.data_size, header.allocated, space]
        } else {
            vec![header.used, header.allocated, space]
        };
        let recorded = header.clone();
        header.allocated = space;
        let fitting: Vec<u64> = sizes.into_iter().filter(|&size| size <= space).collect();
        let mut chosen = None;
        for &used in &fitting {
            header.used = used;
            if chosen.is_none() && self.matches(&header)? {
                chosen = Some(used);
            }
        }
        // Without a checksum that fits: what two fields agree on, else all there is.
        let agreed = fitting
            .iter()
            .copied()
            .find(|&size| size > 0 && (size == recorded.data_size || size == recorded.allocated));
        header.used = chosen
            .or(agreed)
            .or_else(|| fitting.first().copied().filter(|&used| used > 0))
            .unwrap_or(space);
        if raw {
            header.data_size = header.used;
        }
        header.available = header.used;
        let mended = header != recorded;
        Ok((header, end, mended))
    }
}

/// True for a header whose fields can be what they say, wherever it stands.
fn is_plausible(header: &BlockHeader) -> bool {
    let printable = |byte: &u8| *byte == 0 || byte.is_ascii_graphic() || *byte == b' ';
    header.flags <= 1 && header.label.iter().all(printable)
}

fn has_known_label(header: &BlockHeader) -> bool {
    !matches!(header.codec(), Codec::Unknown(_))
}
