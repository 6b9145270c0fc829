//! Whether a block begins at an offset of a damaged file: what its checksum, its sizes and what follows it say.

use super::head::rest;
use crate::block::BLOCK_MAGIC;
use crate::block::Block;
use crate::block::BlockHeader;
use crate::block::Codec;
use crate::block::INDEX_MARKER;
use crate::block::LastIndex;
use crate::block::Verdict;
use crate::block::hex;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::input::Input;
use crate::limits::{Limit, Limits};
use std::cell::Cell;

/// What a header begins with: magic and usual size.
const START: [u8; 6] = *b"\xd3BLK\x00\x30";

/// How many of these bytes speak for a header that was there.
const START_ENOUGH: usize = 4;

/// How many bytes of an index's first line speak for it.
const MARKER_ENOUGH: usize = 12;

/// A block that was found.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a finding of its own"
)]
pub(super) struct Element {
    /// Its header as it should be.
    pub(super) header: BlockHeader,
    /// The end of its space.
    pub(super) end: u64,
    /// Whether the header had to be set right.
    pub(super) mended: bool,
    /// True when one bit of its sizes was set right, and its checksum agrees.
    pub(super) one_bit: bool,
    /// True when the data is what the header says, as far as that can be known.
    pub(super) sure: bool,
    /// True when another header, or the end of all blocks, stands at its end.
    pub(super) leads: bool,
    /// True when it begins where the one before it ends, or where blocks begin.
    pub(super) chained: bool,
    /// True when bytes that are not data stand between it and what is before it, or its first ones are others than those of
    /// a header: these may be what is left of other padding, and all that was between the two is gone.
    pub(super) apart: bool,
    /// True when the index of another file stands after it: it lies in data.
    pub(super) inner: bool,
    /// What is wrong with its data.
    pub(super) fault: Option<Box<str>>,
    /// Blocks that certainly were between it and the one before it.
    pub(super) hidden: usize,
    /// The end of its space by its header as it was found.
    pub(super) claimed: u64,
    /// How many bytes its data have by its header as it was found, where several fields of that say the same.
    pub(super) says: Option<u64>,
    /// How many bytes its data can have by its header as it was found; all, where the fields of that disagree.
    pub(super) holds: u64,
    /// True when damaged bytes in front of it hold text of an ASDF file: it may be a block of that one.
    pub(super) texts: bool,
}

impl Element {
    /// Bytes of the header and of what is stored.
    pub(super) fn length(&self) -> u64 {
        self.stored_end().saturating_sub(self.header.offset)
    }

    /// Where its data end.
    pub(super) fn stored_end(&self) -> u64 {
        self.header.data_offset.saturating_add(self.header.used)
    }

    /// True when the fields of its header, as it was found, agree with each other.
    pub(super) fn agrees(&self) -> bool {
        self.holds != u64::MAX
    }

    /// True when just its data are in its space, so that another block stands at its end if there is one more.
    pub(super) fn is_closed(&self) -> bool {
        self.sure && self.end == self.claimed && self.end == self.stored_end()
    }

    /// True when there is space after its data.
    pub(super) fn is_padded(&self) -> bool {
        self.sure && self.header.allocated > self.header.used
    }

    /// True for a streamed block, which is the last of a file. Where it has sizes, its flag may be wrong.
    pub(super) fn is_open(&self) -> bool {
        let header = &self.header;
        header.is_streamed() && [header.allocated, header.used, header.data_size] == [0; 3]
    }

    /// True when its space was mended.
    pub(super) fn is_respaced(&self) -> bool {
        self.mended && self.end != self.claimed
    }

    /// True when its space was mended, or its size without compression: the beginning of its header, with the label, may be
    /// that of another block than its end and data.
    pub(super) fn is_patched(&self) -> bool {
        let raw = self.header.codec() == Codec::None && !self.header.is_streamed();
        let resized = raw && self.says.is_none() && self.header.used > 0;
        self.sure && self.mended && !self.one_bit && (self.is_respaced() || resized)
    }

    /// True when other data would not have passed: it has a checksum, of its block or of its codec.
    pub(super) fn is_proven(&self) -> bool {
        self.sure && is_checked(&self.header)
    }
}

/// Looks at headers.
pub(super) struct Judge<'f> {
    pub(super) input: &'f Input,
    /// All of its bytes.
    pub(super) bytes: &'f [u8],
    pub(super) limits: &'f Limits,
    /// Where the blocks end: the index, or the end of the file.
    pub(super) end: u64,
    /// True when there is an index.
    pub(super) indexed: bool,
    /// Offsets of all magics.
    pub(super) candidates: Vec<u64>,
    pub(super) vain: Cell<u64>,
}

impl<'f> Judge<'f> {
    /// Looks for every magic of the file once.
    pub(super) fn new(
        input: &'f Input,
        start: u64,
        index: Option<&LastIndex>,
        limits: &'f Limits,
    ) -> Result<Self> {
        let end = index.map_or(input.len(), |index| index.start);
        let bytes = input.whole()?;
        let mut candidates = Vec::new();
        let from = usize::try_from(start).unwrap_or(usize::MAX);
        for at in memchr::memmem::find_iter(rest(bytes, from), &BLOCK_MAGIC) {
            let needed = (candidates.len() as u64).saturating_add(1);
            LimitExceeded::check("number of blocks", Limit::Blocks, needed, limits.blocks)?;
            candidates.push(start.saturating_add(at as u64));
        }
        Ok(Self {
            input,
            bytes,
            limits,
            end,
            indexed: index.is_some(),
            candidates,
            vain: Cell::new(0),
        })
    }

    /// The first magic at or after `from`.
    pub(super) fn next(&self, from: u64) -> Option<u64> {
        let first = self.candidates.partition_point(|&offset| offset < from);
        self.candidates.get(first).copied()
    }

    /// True for the end of all blocks and for where another one begins, or what is left of its header.
    pub(super) fn is_boundary(&self, offset: u64) -> bool {
        offset == self.end || self.is_start(offset) || self.is_index(offset)
    }

    /// True where most of a header's first bytes stand.
    pub(super) fn is_start(&self, offset: u64) -> bool {
        let alike = self.alike(offset, &START);
        alike == START.len() || (alike >= START_ENOUGH && !self.begins_before(offset))
    }

    /// True when the first bytes of a header stand in front of that offset, and others in their place.
    fn begins_before(&self, offset: u64) -> bool {
        (1..START.len()).any(|moved| {
            let start = offset.saturating_sub(moved as u64);
            let begin = self.input.slice(start..offset).unwrap_or_default();
            Some(begin) == START.get(..moved)
        })
    }

    /// True when the data of a block end in an index of which the rest is gone.
    pub(super) fn ends_in_index(&self, header: &BlockHeader) -> bool {
        let end = header.data_offset.saturating_add(header.used);
        let data = self
            .input
            .slice(header.data_offset..end)
            .unwrap_or_default();
        let mut begins = (1..INDEX_MARKER.len()).filter_map(|len| INDEX_MARKER.get(..len));
        let text = memchr::memmem::rfind(data, INDEX_MARKER).and_then(|at| data.get(at..));
        let is_text = |text: &[u8]| text.iter().all(|byte| byte.is_ascii() && *byte != 0);
        let is_cut = |text: &[u8]| is_text(text) && !text.trim_ascii_end().ends_with(b"...");
        begins.any(|begin| data.ends_with(begin)) || text.is_some_and(is_cut)
    }

    /// True where the index of a file that lies in data stands: there is a block after it.
    pub(super) fn is_inner_index(&self, offset: u64) -> bool {
        self.alike(offset, INDEX_MARKER) >= MARKER_ENOUGH && self.next(offset).is_some()
    }

    /// True where most of an index's first line stands, and no magic after it: data may hold a whole file.
    pub(super) fn is_index(&self, offset: u64) -> bool {
        if self.next(offset).is_some() {
            return false;
        }
        let at = usize::try_from(offset).unwrap_or(usize::MAX);
        let left = rest(self.bytes, at);
        let cut = !left.is_empty() && INDEX_MARKER.starts_with(left);
        cut || self.alike(offset, INDEX_MARKER) >= MARKER_ENOUGH
    }

    fn alike(&self, offset: u64, wanted: &[u8]) -> usize {
        let at = usize::try_from(offset).unwrap_or(usize::MAX);
        let found = rest(self.bytes, at).iter().zip(wanted);
        found.filter(|(found, wanted)| found == wanted).count()
    }

    fn has_magic(&self, at: u64) -> bool {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        rest(self.bytes, at).starts_with(&BLOCK_MAGIC)
    }

    /// The block at that offset, when its data is what its header says.
    pub(super) fn sure(&self, at: u64) -> Result<Option<Element>> {
        let magic = self.has_magic(at);
        for size in [None, Some(48)] {
            let Some(header) = BlockHeader::read_anyhow(0, self.input, at, size) else {
                continue;
            };
            if size.is_some() && header.header_size == 48 && self.recorded_size(at) == Some(48) {
                continue;
            }
            let was = header.clone();
            // Nothing but a checksum tells where the data begin when the size of the header does not.
            if size.is_some() && !is_checked(&header) {
                continue;
            }
            let sizes = [header.allocated, header.used, header.data_size];
            let found = if header.is_streamed() && sizes == [0; 3] {
                None
            } else {
                self.agreeing(header, magic)?
            };
            if let Some((header, end)) = found {
                let mended = header != was || !magic || size.is_some();
                let mut element = self.element(header, end, &was, mended);
                self.settle(&mut element)?;
                return Ok(Some(element));
            }
            if magic && self.may_stream(&was)? {
                let end = self.input.len();
                return Ok(Some(self.element(was.clone(), end, &was, false)));
            }
        }
        Ok(None)
    }

    fn recorded_size(&self, at: u64) -> Option<u16> {
        let start = at.checked_add(4)?;
        let bytes = self.input.slice(start..start.checked_add(2)?).ok()?;
        Some(u16::from_be_bytes(bytes.try_into().ok()?))
    }

    /// A streamed block has no checksum, no index after it, and no further block. Its sizes mean nothing.
    fn may_stream(&self, header: &BlockHeader) -> Result<bool> {
        let ends = self.indexed || header.checksum != [0; 16];
        if !header.is_streamed() || header.codec() != Codec::None || ends {
            return Ok(false);
        }
        let next = self.next(header.data_offset);
        match next.and_then(|next| BlockHeader::read_anyhow(0, self.input, next, None)) {
            Some(next) if !next.is_streamed() => Ok(self.agreeing(next, true)?.is_none()),
            _ => Ok(true),
        }
    }

    fn element(&self, header: BlockHeader, end: u64, was: &BlockHeader, mended: bool) -> Element {
        Element {
            claimed: was.data_offset.saturating_add(was.allocated),
            says: says(was),
            holds: holds(was),
            leads: header.is_streamed() || self.is_boundary(end),
            end,
            mended,
            one_bit: is_one_bit(&header, was),
            header,
            sure: true,
            chained: false,
            apart: false,
            inner: self.is_inner_index(end),
            fault: None,
            hidden: 0,
            texts: false,
        }
    }

    /// A header at that offset whose data is not what it says, when its fields can be what they are.
    pub(super) fn ghost(&self, at: u64) -> Result<Option<Element>> {
        let found = BlockHeader::read_anyhow(0, self.input, at, None)
            .or_else(|| BlockHeader::read_anyhow(0, self.input, at, Some(48)));
        let Some(mut header) = found.filter(|_| self.has_magic(at)) else {
            return Ok(None);
        };
        if !is_plausible(&header) || header.data_offset > self.end {
            return Ok(None);
        }
        let was = header.clone();
        header.flags &= !1;
        let there = self.end.saturating_sub(header.data_offset);
        header.available = header.used.min(there);
        let end = header.end();
        let in_place = header.used <= header.allocated && end <= self.end && self.is_boundary(end);
        let mut element = self.element(header, end, &was, false);
        element.sure = false;
        element.leads = in_place;
        if in_place {
            element.fault = Some(self.mismatch(&element.header)?);
        }
        Ok(Some(element))
    }

    /// How many headers stand between these offsets that lead nowhere, but agree with themselves.
    pub(super) fn headers(&self, from: u64, to: u64) -> usize {
        let mut count = 0_usize;
        let mut at = self.next(from);
        while let Some(offset) = at.filter(|offset| *offset < to) {
            let header = BlockHeader::read_anyhow(0, self.input, offset, None);
            let plausible =
                |header: &BlockHeader| is_plausible(header) && holds(header) != u64::MAX;
            count = count.saturating_add(usize::from(header.as_ref().is_some_and(plausible)));
            at = self.next(offset.saturating_add(1));
        }
        count
    }

    /// In what the data of a block is not what its header says.
    pub(super) fn mismatch(&self, header: &BlockHeader) -> Result<Box<str>> {
        let block = Block::new(self.input, header, self.limits);
        let fact = match block.verify() {
            Ok(Verdict::Mismatch { recorded, computed }) => {
                let (recorded, computed) = (hex(&recorded), hex(&computed));
                format!("checksum is {recorded}, the stored bytes have {computed}").into()
            }
            Ok(_) => match block.problems() {
                Ok(_) => "its sizes do not agree".into(),
                Err(error) => why(error)?,
            },
            Err(error) => why(error)?,
        };
        Ok(fact)
    }
}

/// True when damage of the data shows: by a checksum in the header, or by those that the codec always has. Other codecs
/// decode damaged data to something else.
pub(super) fn is_checked(header: &BlockHeader) -> bool {
    header.checksum != [0; 16] || matches!(header.codec(), Codec::Zlib | Codec::Bzip2)
}

/// True for a header whose fields can be what they say, wherever it stands.
fn is_plausible(header: &BlockHeader) -> bool {
    let printable = |byte: &u8| *byte == 0 || byte.is_ascii_graphic() || *byte == b' ';
    header.flags <= 1 && header.label.iter().all(printable)
}

/// True when a block that begins before `offset` ends, by its header, just where the file does: what is at `offset`
/// is data.
pub(super) fn holds_end(input: &Input, start: u64, offset: u64) -> bool {
    let from = usize::try_from(start).unwrap_or(usize::MAX);
    let to = usize::try_from(offset).unwrap_or(usize::MAX);
    let whole = input.whole().unwrap_or_default();
    let bytes = whole.get(from..to).unwrap_or_default();
    memchr::memmem::find_iter(bytes, &BLOCK_MAGIC).any(|at| {
        let at = start.saturating_add(at as u64);
        let header = BlockHeader::read_anyhow(0, input, at, None);
        header.is_some_and(|header| {
            let end = header.data_offset.saturating_add(header.allocated);
            is_plausible(&header) && holds(&header) != u64::MAX && end == input.len()
        })
    })
}

/// True when a header whose checksum agrees differs in one bit of its sizes from what it was.
fn is_one_bit(header: &BlockHeader, was: &BlockHeader) -> bool {
    let sizes = [
        header.allocated ^ was.allocated,
        header.used ^ was.used,
        header.data_size ^ was.data_size,
    ];
    let bits: u32 = sizes.iter().map(|bits| bits.count_ones()).sum();
    bits == 1 && header.checksum != [0; 16]
}

/// How many bytes the data of a block have by its header, where that is not damaged.
fn says(header: &BlockHeader) -> Option<u64> {
    let agrees = header.used <= header.allocated && header.used == header.data_size;
    (agrees && header.codec() == Codec::None && header.used > 0).then_some(header.used)
}

/// How many bytes the data of a block can have by its header.
fn holds(header: &BlockHeader) -> u64 {
    let raw = header.codec() == Codec::None;
    let agrees = header.used <= header.allocated && (!raw || header.used == header.data_size);
    if agrees { header.allocated } else { u64::MAX }
}

/// What an error says about the block; those of the system are passed on.
pub(super) fn why(error: Error) -> Result<Box<str>> {
    match error.kind() {
        ErrorKind::Io(_) => Err(error),
        kind => Ok(kind.to_string().into()),
    }
}
