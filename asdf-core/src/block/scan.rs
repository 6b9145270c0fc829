//! Finding the blocks one after another. Only header pages are touched.

use super::BlockTable;
use super::IndexState;
use super::header::BlockHeader;
use super::header::MAGIC;
use super::index;
use crate::error::ErrorKind;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Warning;
use crate::error::WarningKind;
use crate::input::Input;
use crate::limits::{Limit, Limits};

impl BlockTable {
    /// No blocks and no index.
    pub(crate) fn empty() -> Self {
        Self::of_headers(Vec::new())
    }

    /// Blocks that are known already; nothing is said of an index.
    pub(crate) fn of_headers(headers: Vec<BlockHeader>) -> Self {
        Self {
            headers,
            index: IndexState::Absent,
            recorded: None,
            odd: false,
        }
    }

    /// Walks the blocks from `start` (absolute offset of the first byte after the tree, or after
    /// the header comments when there is no tree) to the end of the file. The offsets of its block
    /// index count from `origin`, which is 0 unless the file is carried within another one.
    ///
    /// Padding of any content before the first block is skipped. A block that cannot be
    /// followed ends the walk with a warning; only what is certain is in the table.
    ///
    /// # Errors
    /// The file ends before the first data byte of its first block, or has more than
    /// `limits.blocks` blocks.
    #[doc(hidden)]
    pub fn scan(
        input: &Input,
        origin: u64,
        start: u64,
        limits: &Limits,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self> {
        let known = warnings.len();
        index::want(input, origin, start, limits)?;
        let Some(first) = input.find(start, &MAGIC)? else {
            warn_of_no_block(input, start, warnings)?;
            return Ok(Self {
                odd: warnings.len() > known,
                ..Self::empty()
            });
        };
        let mut headers = Vec::new();
        let end = walk(input, first, limits, &mut headers, warnings)?;
        let odd = warnings.len() > known;
        let (index, recorded) = match end {
            Some(end) => index::read(input, origin..end, &headers, limits, warnings)?,
            None => (IndexState::Absent, None),
        };
        Ok(Self {
            headers,
            index,
            recorded,
            odd,
        })
    }
}

/// Collects headers from `at` on; gives the end of the last block, or nothing when the walk broke
/// off there and what follows means nothing.
fn walk(
    input: &Input,
    mut at: u64,
    limits: &Limits,
    headers: &mut Vec<BlockHeader>,
    warnings: &mut Vec<Warning>,
) -> Result<Option<u64>> {
    loop {
        let number = headers.len();
        if number as u64 >= limits.blocks {
            let needed = (number as u64).saturating_add(1);
            let allowed = limits.blocks;
            let excess = LimitExceeded::new("number of blocks", Limit::Blocks, needed, allowed);
            return Err(excess.into());
        }
        let header = match BlockHeader::read(number, input.cursor(at), input.len()) {
            Ok(header) => header,
            // What cannot be fetched is not wrong.
            Err(error) if !error.is_corrupt() => return Err(error),
            Err(error) => {
                let there = input.len().saturating_sub(at);
                if number == 0 && there < BlockHeader::fixed_size() {
                    return Err(error.at(at..input.len()).in_block(0));
                }
                let span = error
                    .place()
                    .span
                    .clone()
                    .unwrap_or(at..at.saturating_add(there.min(6)));
                if let ErrorKind::Malformed(fact) = error.kind() {
                    let kind = WarningKind::WalkEnds { fact: fact.clone() };
                    warnings.push(Warning::new(kind).at(span).in_block(number));
                }
                return Ok(None);
            }
        };
        if number == 0
            && header.used > 0
            && !header.is_streamed()
            && header.data_offset == input.len()
        {
            let fact = Malformed::Truncated {
                needed: header.used,
                available: 0,
            };
            return Err(crate::error::Error::from(fact)
                .at(at..input.len())
                .in_block(0));
        }
        warn_of_header(&header, input.len(), warnings);
        let next = header.end();
        let streamed = header.is_streamed();
        headers.push(header);
        if streamed || next >= input.len() {
            return Ok(None);
        }
        at = next;
        if input.up_to(at, MAGIC.len())? != MAGIC {
            return Ok(Some(at));
        }
    }
}

/// Says what the header alone shows to be wrong.
fn warn_of_header(header: &BlockHeader, size: u64, warnings: &mut Vec<Warning>) {
    let there = size.saturating_sub(header.data_offset);
    let kind = match header.fault() {
        Some(fact) => WarningKind::BlockUnreadable { fact },
        None if !header.is_streamed() && header.allocated > there => WarningKind::AllocationCut {
            allocated: header.allocated,
            available: there,
        },
        None => return,
    };
    let span = header.offset..header.data_offset;
    warnings.push(Warning::new(kind).at(span).in_block(header.index));
}

/// Without a block there is nothing to pad: bytes other than blanks, or an index of no blocks,
/// may be a first block whose magic is damaged.
fn warn_of_no_block(input: &Input, start: u64, warnings: &mut Vec<Warning>) -> Result<()> {
    let first = input.up_to(start, index::MARKER.len())?;
    if first != index::MARKER && !input.is_blank(start)? {
        let kind = WarningKind::NoBlock {
            bytes: input.len().saturating_sub(start),
            found: beginning(first),
        };
        warnings.push(Warning::new(kind).at(start..input.len()));
    }
    Ok(())
}

/// The first few bytes, escaped.
pub(super) fn beginning(bytes: &[u8]) -> Box<str> {
    let first = bytes.get(..bytes.len().min(8)).unwrap_or_default();
    format!("`{}`", first.escape_ascii()).into()
}
