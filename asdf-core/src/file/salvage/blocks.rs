//! Finding the blocks of a damaged file: from header to header, and after damage from magic to magic.

use super::head::blank;
use super::judge::{Element, Judge};
use super::loss::{Loss, LossKind};
use super::naming::Naming;
use crate::block::BlockHeader;
use crate::error::Result;
use std::collections::BTreeSet;

/// The blocks of a damaged file in their order.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a finding of its own"
)]
pub(super) struct Found {
    pub(super) elements: Vec<Element>,
    /// True when the last one ends where all blocks end.
    pub(super) ends: bool,
    /// True when, by its header as it was found, the last one ends where the index begins.
    pub(super) closed: bool,
    /// True when the file may have gone on after the last one: there is nothing of an index, and no block ends there.
    pub(super) cut: bool,
    /// True when bytes between blocks, or after them, may be what is left of a block.
    pub(super) remains: bool,
    /// Blocks that certainly were after the last one.
    pub(super) hidden: usize,
    /// Bytes between them.
    pub(super) gaps: Vec<std::ops::Range<u64>>,
}

impl Found {
    /// Walks over a damaged file. A block is looked into only where its own header is not certain. `begun`: the first
    /// block stands at `start`, or after padding there.
    #[expect(
        clippy::too_many_lines,
        reason = "one walk, a case for each kind of place"
    )]
    pub(super) fn walk(judge: &Judge<'_>, start: u64, begun: bool) -> Result<Self> {
        let mut found = Self {
            elements: Vec::new(),
            ends: false,
            closed: false,
            cut: false,
            remains: false,
            hidden: 0,
            gaps: Vec::new(),
        };
        let mut at = start;
        let mut waiting = None;
        let mut hidden = 0;
        // Whether a block stands here if there is one more.
        let mut chained = begun;
        while at < judge.end {
            if found.elements.is_empty() {
                at = after_blanks(judge, at)?;
            }
            let here = match waiting.take() {
                Some(element) => Some(element),
                None => judge.sure(at)?,
            };
            if let Some(mut element) = here {
                element.chained = chained;
                element.hidden = std::mem::take(&mut hidden);
                found.look_behind(&mut element, judge);
                at = element.end;
                chained = element.leads;
                found.elements.push(element);
                continue;
            }
            if judge.is_index(at) {
                break;
            }
            let ghost = judge.ghost(at)?;
            if let Some(mut element) = ghost.clone().filter(|ghost| ghost.leads) {
                element.chained = chained;
                element.hidden = std::mem::take(&mut hidden);
                found.look_behind(&mut element, judge);
                at = element.end;
                chained = true;
                found.elements.push(element);
                continue;
            }
            waiting = next(judge, at.saturating_add(1))?;
            if let Some(found) = &mut waiting {
                // The header says how far its block goes, with all that may be in it.
                let header = ghost.as_ref();
                let claimed = header.filter(|ghost| ghost.agrees());
                let within = claimed.is_none_or(|ghost| found.end <= ghost.claimed);
                found.texts = judge.has_text(at, found.header.offset, within);
            }
            let next = waiting
                .as_ref()
                .map_or(judge.end, |next| next.header.offset);
            if let Some(mut element) = ghost {
                // What is left of the header of a block that is swallowed by the space of this one.
                let from = element.header.data_offset;
                // In a header that does not agree with itself these may be its own last fields.
                let within = if element.agrees() {
                    element.claimed
                } else {
                    next
                };
                let traced = waiting.is_some()
                    && element.agrees()
                    && element.claimed <= judge.end
                    && judge.has_tail(from, next);
                let headers = judge.headers(within.max(from), next);
                let lost = judge.unless_text(headers.max(usize::from(traced)), from, next);
                bound(&mut element, next, judge)?;
                element.chained = chained;
                element.hidden = std::mem::replace(&mut hidden, lost);
                found.elements.push(element);
            } else {
                let begun = chained && judge.is_start(at);
                let traced = begun || judge.has_tail(at, next);
                let headers = judge.unless_text(judge.headers(at, next), at, next);
                hidden = headers.max(usize::from(traced));
                if !blank(judge.input.slice(at..next)?) {
                    found.gaps.push(at..next);
                }
            }
            chained = false;
            at = next;
        }
        found.mark_apart(judge, start);
        found.ends = found.has_end(judge, at)?;
        let last = found.elements.last();
        found.closed =
            judge.indexed && found.ends && last.is_some_and(|last| last.claimed == judge.end);
        found.remains = found.gaps.iter().any(|gap| judge.may_be_block(gap));
        found.cut = !judge.indexed && !judge.has_index_end() && !found.ends;
        found.hidden = if found.ends { 0 } else { hidden };
        Ok(found)
    }

    /// Counts a block where as many bytes are lost as one has that the tree names: nothing else shows that it was there.
    pub(super) fn count_lost(&mut self, naming: &Naming<'_>) {
        let plain = naming.needs().filter(|(_, need)| need.plain);
        let whole = |size: u64| size.saturating_add(BlockHeader::fixed_size());
        let sizes: BTreeSet<u64> = plain.map(|(_, need)| whole(need.least)).collect();
        let starts = |end: &u64| self.gaps.binary_search_by_key(end, |gap| gap.start).is_ok();
        let mut before: Option<u64> = None;
        for element in &mut self.elements {
            let room = before.map(|end| element.header.offset.saturating_sub(end));
            let fits = room.is_some_and(|room| sizes.contains(&room));
            if element.hidden == 0 && fits && before.as_ref().is_some_and(starts) {
                element.hidden = 1;
            }
            before = element.is_closed().then_some(element.end);
        }
    }

    /// Marks the blocks where other bytes stand in front of them, after the data of the one before, or in place of their
    /// first ones.
    fn mark_apart(&mut self, judge: &Judge<'_>, start: u64) {
        let mut end = start;
        for element in &mut self.elements {
            let offset = element.header.offset;
            element.apart = offset > end || !judge.is_start(offset);
            end = element.stored_end();
        }
    }

    /// Looks for the text of a file in a damaged block that leads to this one.
    fn look_behind(&self, element: &mut Element, judge: &Judge<'_>) {
        let before = self.elements.last();
        if let Some(before) = before.filter(|before| !before.sure && element.chained) {
            let from = before.header.data_offset;
            element.texts = judge.has_text(from, element.header.offset, false);
        }
    }

    /// True when nothing but an index, or what is left of one, follows the last block.
    fn has_end(&self, judge: &Judge<'_>, at: u64) -> Result<bool> {
        let Some(last) = self.elements.last() else {
            return Ok(false);
        };
        if last.header.is_streamed() && last.sure {
            return Ok(true);
        }
        if !last.is_proven() && judge.has_index_end() {
            return Ok(false);
        }
        let rest = judge.input.slice(last.end.min(judge.end)..judge.end)?;
        Ok(
            last.end <= at
                && (judge.is_index(last.end) || blank(rest))
                && (last.sure || last.leads),
        )
    }

    /// True when the file ends within the header to which that block leads.
    pub(super) fn leaves(&self, element: &Element) -> bool {
        let last = self.gaps.last();
        element.leads && last.is_some_and(|gap| gap.start == element.end)
    }

    /// True when something of an index stands after the last block.
    pub(super) fn has_index_left(&self, judge: &Judge<'_>) -> bool {
        let last = self.elements.last();
        judge.has_index_end() || last.is_some_and(|last| judge.is_index(last.end))
    }

    /// Says which bytes belong to nothing.
    pub(super) fn tell_gaps(&self, padding: Option<u64>, losses: &mut Vec<Loss>) {
        for gap in &self.gaps {
            // Any bytes may stand between the tree and the first block.
            if padding != Some(gap.start) {
                let bytes = gap.end.saturating_sub(gap.start);
                losses.push(Loss::new(LossKind::Stray { bytes }).at(gap.clone()));
            }
        }
    }
}

fn after_blanks(judge: &Judge<'_>, at: u64) -> Result<u64> {
    let next = judge.next(at).unwrap_or(judge.end).min(judge.end);
    Ok(if blank(judge.input.slice(at..next.max(at))?) {
        next.max(at)
    } else {
        at
    })
}

/// The next block for which more speaks than its magic.
fn next(judge: &Judge<'_>, from: u64) -> Result<Option<Element>> {
    let first = judge.candidates.partition_point(|&offset| offset < from);
    for &offset in judge.candidates.get(first..).unwrap_or_default() {
        if offset >= judge.end {
            break;
        }
        if let Some(element) = judge.sure(offset)? {
            return Ok(Some(element));
        }
        if let Some(ghost) = judge.ghost(offset)?.filter(|ghost| ghost.leads) {
            return Ok(Some(ghost));
        }
    }
    Ok(None)
}

/// A block whose sizes lead nowhere: its space ends at the next one.
fn bound(element: &mut Element, next: u64, judge: &Judge<'_>) -> Result<()> {
    let header = &mut element.header;
    let start = header.data_offset;
    let space = next.saturating_sub(start);
    let recorded = header.clone();
    let claimed = start.saturating_add(header.used);
    element.end = next.max(start);
    if claimed > judge.end && next == judge.end && !judge.indexed {
        // The file ends inside it.
        header.available = judge.input.len().saturating_sub(start).min(header.used);
        return Ok(());
    }
    header.allocated = space;
    if header.used > space {
        header.used = space;
        if header.codec() == crate::block::Codec::None {
            header.data_size = space;
        }
    }
    header.available = header.used;
    element.fault = Some(judge.mismatch(header)?);
    element.mended = *header != recorded;
    Ok(())
}
