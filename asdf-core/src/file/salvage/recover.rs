//! The state of each block that was found, and its data.

use super::blocks::Found;
use super::judge::Element;
use super::judge::is_checked;
use super::judge::why;
use super::loss::{Loss, LossKind};
use super::naming::Naming;
use super::number::Numbers;
use super::{BlockState, Content, SalvagedBlock};
use crate::block::Block;
use crate::block::BlockHeader;
use crate::block::LastIndex;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::Result;
use crate::input::Input;
use crate::limits::{Limit, Limits};
use std::io;
use std::io::Read;

/// Zeros are only filled in up to this many times what is there.
const FILL: u64 = 1024;

/// Zeros are filled in up to this size anyway.
const SMALL: u64 = 64 << 20;

/// Bytes read at a time.
const PIECE: usize = 128 << 10;

/// Makes blocks of what was found.
pub(super) struct Recovery<'f> {
    pub(super) input: &'f Input,
    pub(super) limits: &'f Limits,
    pub(super) naming: &'f Naming<'f>,
}

impl Recovery<'_> {
    /// The blocks in order: those with a number in their places, empty ones in place of the lost, and after them
    /// those whose number is not certain, where no array names them.
    pub(super) fn blocks(
        &self,
        found: Found,
        numbers: &Numbers,
        losses: &mut Vec<Loss>,
    ) -> Result<Vec<SalvagedBlock>> {
        let there = found.elements.len();
        let highest = numbers.of.iter().flatten().max();
        let beyond = highest.map_or(0, |number| number.saturating_add(1));
        let negative = self.naming.has_negative();
        let count = match numbers.total {
            Some(total) if negative || numbers.clean => total.max(beyond),
            Some(total) => total.max(beyond).max(self.naming.named(total)),
            None => beyond.max(self.naming.named(there)),
        };
        let tail = self.tail(&found, numbers);
        let mut slots: Vec<Option<Element>> = Vec::new();
        slots.resize_with(count, || None);
        let (mut others, mut last) = (Vec::new(), Vec::new());
        for (at, (element, number)) in found.elements.into_iter().zip(&numbers.of).enumerate() {
            let number = number.filter(|_| may_keep_place(&element));
            match number.and_then(|number| slots.get_mut(number)) {
                Some(slot) => *slot = Some(element),
                None if at >= tail => last.push(element),
                None => others.push(element),
            }
        }
        let mut blocks = Vec::new();
        for slot in slots {
            match slot {
                Some(element) => {
                    let block = self.block(blocks.len(), element, losses)?;
                    blocks.push(block);
                }
                None => blocks.push(self.lost(blocks.len(), losses)),
            }
        }
        if negative {
            for element in others {
                losses.push(Loss::new(LossKind::LeftOut).at(element.header.offset..element.end));
            }
            self.put_at_the_end(&mut blocks, last, numbers, losses)?;
        } else {
            others.append(&mut last);
            for element in others {
                self.unnumbered(&mut blocks, element, losses)?;
            }
        }
        close_streams(&mut blocks);
        self.dangling(blocks.len(), losses);
        Ok(blocks)
    }

    /// The first of the blocks that have no number, but are certainly the last ones of the file.
    fn tail(&self, found: &Found, numbers: &Numbers) -> usize {
        let all = found.elements.len();
        if !self.naming.has_negative() || !found.ends || numbers.total.is_some() {
            return all;
        }
        let mut first = all;
        for (at, element) in found.elements.iter().enumerate().rev() {
            if !element.sure || numbers.of.get(at).is_none_or(Option::is_some) {
                break;
            }
            first = at;
            if !element.chained {
                break;
            }
        }
        first
    }

    /// The last blocks of a file whose number of blocks is not known. Where they are not known either, empty
    /// ones take their place.
    fn put_at_the_end(
        &self,
        blocks: &mut Vec<SalvagedBlock>,
        last: Vec<Element>,
        numbers: &Numbers,
        losses: &mut Vec<Loss>,
    ) -> Result<()> {
        if numbers.total.is_some() {
            return Ok(());
        }
        let deepest = self.naming.deepest().min(self.naming.count());
        for _ in last.len()..deepest {
            blocks.push(self.lost(blocks.len(), losses));
        }
        for element in last {
            let block = self.block(blocks.len(), element, losses)?;
            blocks.push(block);
        }
        Ok(())
    }

    /// A block whose number is not certain, in a place that no array names.
    fn unnumbered(
        &self,
        blocks: &mut Vec<SalvagedBlock>,
        element: Element,
        losses: &mut Vec<Loss>,
    ) -> Result<()> {
        while self.naming.need(blocks.len()).is_some() {
            let index = blocks.len();
            blocks.push(empty(index));
        }
        let span = element.header.offset..element.header.data_offset;
        let kind = if element.sure {
            LossKind::Unnumbered
        } else {
            LossKind::Unproven
        };
        losses.push(Loss::new(kind).at(span).in_block(blocks.len()));
        let block = self.block(blocks.len(), element, losses)?;
        blocks.push(block);
        Ok(())
    }

    fn dangling(&self, count: usize, losses: &mut Vec<Loss>) {
        let known = i64::try_from(count).unwrap_or(i64::MAX);
        for (source_number, node) in self.naming.sources() {
            if source_number >= known || source_number < known.saturating_neg() {
                let mut loss = Loss::new(LossKind::Dangling {
                    source_number,
                    count,
                });
                loss.place.path = self.naming.path(node);
                losses.push(loss);
            }
        }
    }

    /// An empty block in place of one that is lost.
    fn lost(&self, index: usize, losses: &mut Vec<Loss>) -> SalvagedBlock {
        let why = "nothing in the file is certainly this block";
        let mut loss = Loss::new(LossKind::BlockLost { why: why.into() }).in_block(index);
        loss.place.path = self
            .naming
            .node(index)
            .and_then(|node| self.naming.path(node));
        losses.push(loss);
        empty(index)
    }

    fn block(
        &self,
        number: usize,
        element: Element,
        losses: &mut Vec<Loss>,
    ) -> Result<SalvagedBlock> {
        let Element {
            mut header,
            end,
            mended,
            sure,
            fault,
            ..
        } = element;
        header.index = number;
        let span = header.offset..header.data_offset;
        if mended && sure {
            let what = format!(
                "header size {}, flags {}, {} bytes allocated, {} used, {} of data",
                header.header_size, header.flags, header.allocated, header.used, header.data_size
            )
            .into();
            losses.push(
                Loss::new(LossKind::HeaderMended { what })
                    .at(span.clone())
                    .in_block(number),
            );
        }
        if header.available < header.used && !header.is_streamed() {
            return self.cut(number, header, losses);
        }
        let damaged = fault.is_some() || !sure;
        if damaged {
            let why = fault.unwrap_or_else(|| "its sizes lead nowhere".into());
            losses.push(
                Loss::new(LossKind::Damaged { why })
                    .at(span)
                    .in_block(number),
            );
        }
        let stop = header.data_offset.saturating_add(header.available);
        let stored = header.data_offset..stop;
        let padding = if header.is_streamed() {
            0
        } else {
            end.min(self.input.len()).saturating_sub(stop)
        };
        Ok(SalvagedBlock {
            index: number,
            header: Some(header),
            state: if damaged {
                BlockState::Damaged
            } else {
                BlockState::Whole
            },
            content: Content::Verbatim { stored, padding },
        })
    }

    /// A block that goes on after the end of the file.
    fn cut(
        &self,
        number: usize,
        header: BlockHeader,
        losses: &mut Vec<Loss>,
    ) -> Result<SalvagedBlock> {
        let span = header.offset..self.input.len();
        let promised = header.data_size;
        let there = self.measure(&header)?;
        let allowed = self.limits.decoded_bytes;
        let reason = there.saturating_mul(FILL).max(SMALL).min(allowed);
        let (kind, state, content) = if promised <= reason {
            let size = promised;
            (
                LossKind::Truncated { there, promised },
                BlockState::Truncated,
                Content::Recovered { size, there },
            )
        } else if there > 0 {
            let size = there;
            (
                LossKind::Cut { there, promised },
                BlockState::Truncated,
                Content::Recovered { size, there },
            )
        } else {
            let why = format!("none of {promised} decoded bytes are there").into();
            (
                LossKind::BlockLost { why },
                BlockState::Lost,
                Content::Placeholder,
            )
        };
        losses.push(Loss::new(kind).at(span).in_block(number));
        Ok(SalvagedBlock {
            index: number,
            header: Some(header),
            state,
            content,
        })
    }

    /// Bytes that can be decoded of a block that was cut, at most those promised.
    fn measure(&self, header: &BlockHeader) -> Result<u64> {
        let mut reader = match Block::partial_reader(self.input, header, self.limits) {
            Ok(reader) => reader.take(header.data_size),
            Err(error) if is_chunk_limit(&error) => return Err(error),
            Err(error) => return why(error).map(|_| 0),
        };
        let mut piece = vec![0; PIECE];
        let mut there = 0_u64;
        loop {
            match reader.read(&mut piece) {
                Ok(0) => return Ok(there),
                Ok(count) => there = there.saturating_add(count as u64),
                Err(error) => return why(error.into()).map(|_| there),
            }
        }
    }
}

/// True for a chunk that takes more memory than it may: like other limits, this one can be raised.
fn is_chunk_limit(error: &Error) -> bool {
    let ErrorKind::Limit(fact) = error.kind() else {
        return false;
    };
    fact.limit == Some(Limit::ChunkBytes)
}

fn empty(index: usize) -> SalvagedBlock {
    SalvagedBlock {
        index,
        header: None,
        state: BlockState::Lost,
        content: Content::Placeholder,
    }
}

/// Damaged data may stand in its place only where its header agrees with itself, so that it is not put together from those
/// of two blocks, and where a checksum goes on saying that it is damaged, or where it was cut.
fn may_keep_place(element: &Element) -> bool {
    let header = &element.header;
    let told = is_checked(header) || header.available < header.used;
    element.sure || (told && element.agrees())
}

/// A streamed block is the last one of a file. Where others are put after it, it gets the sizes that it has.
fn close_streams(blocks: &mut [SalvagedBlock]) {
    let Some((_, all)) = blocks.split_last_mut() else {
        return;
    };
    let headers = all.iter_mut().filter_map(|block| block.header.as_mut());
    for header in headers.filter(|header| header.is_streamed()) {
        header.flags &= !1;
        header.used = header.available;
        header.allocated = header.available;
        header.data_size = header.available;
    }
}

/// The bytes that stand for a block in a repaired file.
pub(super) fn reader<'f>(
    input: &'f Input,
    limits: &'f Limits,
    block: &SalvagedBlock,
) -> Result<Box<dyn Read + 'f>> {
    match &block.content {
        Content::Placeholder => Ok(Box::new(io::empty())),
        Content::Verbatim { stored, .. } => Ok(Box::new(Stored {
            input,
            left: stored.clone(),
        })),
        Content::Recovered { size, there } => {
            let zeros = io::repeat(0).take(size.saturating_sub(*there));
            let Some(header) = block.header.as_ref().filter(|_| *there > 0) else {
                return Ok(Box::new(zeros));
            };
            let data = Block::partial_reader(input, header, limits)?;
            Ok(Box::new(data.take(*there).chain(zeros)))
        }
    }
}

/// Reads stored bytes from the file.
struct Stored<'f> {
    input: &'f Input,
    left: std::ops::Range<u64>,
}

impl Read for Stored<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.left.end.saturating_sub(self.left.start);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(out.len());
        let out = out.get_mut(..most).unwrap_or_default();
        let count = self
            .input
            .read_at(self.left.start, out)
            .map_err(io::Error::other)?;
        self.left.start = self.left.start.saturating_add(count as u64);
        Ok(count)
    }
}

/// Says when the index is not that of the blocks; `left` is true when there is none, but something of one.
pub(super) fn compare_index(
    index: Option<&LastIndex>,
    left: bool,
    blocks: &[SalvagedBlock],
    losses: &mut Vec<Loss>,
) {
    let headers = || blocks.iter().filter_map(|block| block.header.as_ref());
    let Some(index) = index else {
        if !blocks.is_empty() && !headers().any(BlockHeader::is_streamed) {
            let kind = if left {
                LossKind::IndexDamaged
            } else {
                LossKind::IndexMissing
            };
            losses.push(Loss::new(kind));
        }
        return;
    };
    let offsets = headers().map(|header| header.offset);
    if !offsets.eq(index.offsets.iter().copied()) {
        losses.push(Loss::new(LossKind::Index).at(index.start..index.start));
    }
}
