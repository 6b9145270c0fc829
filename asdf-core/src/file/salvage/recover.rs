//! The state of each block that was found, and its data.

use super::blocks::Found;
use super::loss::{Loss, LossKind};
use super::{BlockState, Content, SalvagedBlock};
use crate::array::is_ndarray;
use crate::block::Block;
use crate::block::BlockHeader;
use crate::block::Codec;
use crate::block::LastIndex;
use crate::block::Verdict;
use crate::block::hex;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::Result;
use crate::input::Input;
use crate::limits::Limits;
use crate::tree::Tree;
use crate::tree::Value;
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
    input: &'f Input,
    limits: &'f Limits,
    /// The block numbers that the tree names, with the nodes' paths.
    sources: Vec<(i64, Box<str>)>,
}

impl<'f> Recovery<'f> {
    pub(super) fn new(input: &'f Input, limits: &'f Limits, tree: &Tree) -> Self {
        let sources = tree
            .nodes()
            .filter(|&node| is_ndarray(node))
            .filter_map(|node| match node.get("source")?.value() {
                Value::Int(number) => Some((number, node.path().to_string().into())),
                _ => None,
            })
            .collect();
        Self {
            input,
            limits,
            sources,
        }
    }

    /// The blocks in order; a gap is a lost block when the tree names more blocks than there are.
    pub(super) fn blocks(
        &self,
        found: Vec<Found>,
        start: u64,
        losses: &mut Vec<Loss>,
    ) -> Result<Vec<SalvagedBlock>> {
        let there = found
            .iter()
            .filter(|found| !matches!(found, Found::Gap { .. }))
            .count();
        let mut missing = self.named(there).saturating_sub(there);
        let mut blocks = Vec::new();
        let is_only = found.len() == 1;
        for one in found {
            let number = blocks.len();
            match one {
                Found::Block {
                    header,
                    end,
                    mended,
                } => blocks.push(self.block(number, header, end, mended, losses)?),
                Found::Lost { offset, why } => {
                    blocks.push(lost(number, why, Some(offset), losses));
                }
                Found::Gap { start: from, end } if missing > 0 => {
                    missing = missing.saturating_sub(1);
                    stray(from, end, losses);
                    blocks.push(lost(
                        number,
                        "no header is left where it was",
                        Some(from),
                        losses,
                    ));
                }
                // Any bytes may stand between the tree and the first block.
                Found::Gap { start: from, .. } if from == start && !is_only => {}
                Found::Gap { start: from, end } => stray(from, end, losses),
            }
        }
        let has_negative = self.sources.iter().any(|(number, _)| *number < 0);
        while missing > 0 && !has_negative {
            missing = missing.saturating_sub(1);
            blocks.push(lost(
                blocks.len(),
                "the tree names it, the file ends before it",
                None,
                losses,
            ));
        }
        self.dangling(blocks.len(), losses);
        Ok(blocks)
    }

    /// How many blocks the tree speaks of; numbers out of all proportion do not count.
    fn named(&self, there: usize) -> usize {
        let most = there.saturating_add(self.sources.len());
        let counts = self
            .sources
            .iter()
            .filter_map(|(number, _)| usize::try_from(*number).ok()?.checked_add(1));
        counts.filter(|&count| count <= most).max().unwrap_or(0)
    }

    fn dangling(&self, count: usize, losses: &mut Vec<Loss>) {
        let known = i64::try_from(count).unwrap_or(i64::MAX);
        for (source_number, path) in &self.sources {
            let source_number = *source_number;
            if source_number >= known || source_number < known.saturating_neg() {
                let mut loss = Loss::new(LossKind::Dangling {
                    source_number,
                    count,
                });
                loss.place.path = Some(path.clone());
                losses.push(loss);
            }
        }
    }

    fn block(
        &self,
        number: usize,
        mut header: BlockHeader,
        end: u64,
        mended: bool,
        losses: &mut Vec<Loss>,
    ) -> Result<SalvagedBlock> {
        header.index = number;
        let span = header.offset..header.data_offset;
        if mended {
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
        let block = Block::new(self.input, &header, self.limits);
        let why = fault(block)?;
        let state = if why.is_some() {
            BlockState::Damaged
        } else {
            BlockState::Whole
        };
        if let Some(why) = why {
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
            state,
            content: Content::Verbatim { stored, padding },
        })
    }

    /// A block that goes on behind the end of the file.
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

fn stray(start: u64, end: u64, losses: &mut Vec<Loss>) {
    let bytes = end.saturating_sub(start);
    losses.push(Loss::new(LossKind::Stray { bytes }).at(start..end));
}

fn lost(
    index: usize,
    why: &'static str,
    offset: Option<u64>,
    losses: &mut Vec<Loss>,
) -> SalvagedBlock {
    let mut loss = Loss::new(LossKind::BlockLost { why: why.into() }).in_block(index);
    if let Some(offset) = offset {
        loss = loss.at(offset..offset);
    }
    losses.push(loss);
    SalvagedBlock {
        index,
        header: None,
        state: BlockState::Lost,
        content: Content::Placeholder,
    }
}

/// What is wrong with a block that is all there.
fn fault(block: Block<'_>) -> Result<Option<Box<str>>> {
    let verdict = match block.verify() {
        Ok(verdict) => verdict,
        Err(error) => return why(error).map(Some),
    };
    match verdict {
        Verdict::Mismatch { recorded, computed } => {
            let text = format!(
                "checksum is {}, the stored bytes have {}",
                hex(&recorded),
                hex(&computed)
            );
            return Ok(Some(text.into()));
        }
        Verdict::Match if matches!(block.header().codec(), Codec::None) => return Ok(None),
        _ => {}
    }
    match block.problems() {
        Ok(_) => Ok(None),
        Err(error) if error.is_unsupported() => Ok(None),
        Err(error) => why(error).map(Some),
    }
}

/// What an error says about the block; those of the system are passed on.
fn why(error: Error) -> Result<Box<str>> {
    match error.kind() {
        ErrorKind::Io(_) => Err(error),
        kind => Ok(kind.to_string().into()),
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

/// Says when the index is not that of the blocks.
pub(super) fn compare_index(
    index: Option<&LastIndex>,
    blocks: &[SalvagedBlock],
    losses: &mut Vec<Loss>,
) {
    let Some(index) = index.filter(|index| index.at_end) else {
        return;
    };
    let offsets = blocks
        .iter()
        .filter_map(|block| block.header.as_ref())
        .map(|header| header.offset);
    if !offsets.eq(index.offsets.iter().copied()) {
        losses.push(Loss::new(LossKind::Index).at(index.start..index.start));
    }
}
