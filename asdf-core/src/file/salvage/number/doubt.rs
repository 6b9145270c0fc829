//! Blocks that were numbered out exactly, so that headers lead to each other all the same.

use super::fit::Fit;
use crate::block::BlockHeader;
use crate::file::salvage::blocks::Found;
use crate::file::salvage::judge::Element;
use std::collections::BTreeSet;

/// So many bytes may be missing by chance just where a block of that size was.
const CHANCE: u64 = 64;

/// Takes the numbers of blocks that may be others, or have the end of another one, when blocks are missing of which
/// there is no trace.
pub(super) fn missing(of: &mut [Option<usize>], found: &Found, total: usize, fit: &Fit<'_>) {
    // A file that ends within a block lacks what came after that, if the sizes of that are not damaged.
    let cut = found
        .elements
        .last()
        .is_some_and(|last| last.agrees() && last.header.available < last.header.used);
    // A small one that is missing may have been in front of any block.
    let numbered: BTreeSet<usize> = of.iter().flatten().copied().collect();
    let room = CHANCE.saturating_sub(BlockHeader::fixed_size());
    let missing = || (0..total).filter(|number| !numbered.contains(number));
    let is_narrow = missing().any(|number| fit.capacity(number) <= room);
    // Whether the blocks from here on, as far as they lead to each other, could have the numbers after theirs.
    let mut shifts = true;
    let mut next: Option<usize> = None;
    for (at, element) in found.elements.iter().enumerate().rev() {
        let after = found.elements.get(at.saturating_add(1));
        let joined = after.is_some_and(|after| after.chained);
        let number = of.get(at).copied().flatten();
        let behind = number.and_then(|number| number.checked_add(1));
        let fits = behind.is_none_or(|behind| behind < total && fit.block(at, !joined, behind));
        shifts = fits && (shifts || !joined);
        let unproven = element.sure && !element.is_proven() && !element.header.is_streamed();
        let is_next = behind.is_some_and(|behind| {
            next == Some(behind) || (next.is_none() && fit.only(at.saturating_add(1), behind))
        });
        // Only a block that is the next one shows that this one has its own end. Where the file was cut, that is why others
        // are missing: then a damaged last block that can be the next one is enough, or what is left of its header.
        let damaged = |after: &Element| {
            let last = at.saturating_add(2) == found.elements.len();
            let can_be = behind.is_some_and(|behind| fit.block(at.saturating_add(1), true, behind));
            last && !after.sure && next.is_none() && found.cut && can_be
        };
        let shown = match after {
            Some(after) => {
                let agrees = after.sure || after.agrees();
                joined && agrees && (is_next || damaged(after))
            }
            // The last one of an index may have the header of another one: not of one whose size is another.
            None if found.ends && fit.has_index() && behind == Some(total) => {
                fit.is_unlike(at, missing())
            }
            None => found.cut && found.leaves(element),
        };
        let mixed = unproven && !shown;
        let doubtful =
            mixed || element.is_patched() || (shifts && (is_narrow || is_small(element)) && !cut);
        if let Some(slot) = of.get_mut(at).filter(|_| doubtful) {
            *slot = None;
        }
        next = number;
    }
    behind(of, found, fit);
}

/// The same for small blocks that could as well have the numbers in front of theirs, together with all those that lead to
/// them: the one that was numbered out stood after them.
fn behind(of: &mut [Option<usize>], found: &Found, fit: &Fit<'_>) {
    let mut shifts = false;
    let mut before: Option<usize> = None;
    for (at, element) in found.elements.iter().enumerate() {
        let Some(number) = of.get(at).copied().flatten() else {
            shifts &= element.chained;
            continue;
        };
        let after = found.elements.get(at.saturating_add(1));
        let joined = after.is_some_and(|after| after.chained);
        let other = number.checked_sub(1).filter(|&other| {
            before.is_none_or(|before| before < other) || (shifts && element.chained)
        });
        shifts = other.is_some_and(|other| fit.block(at, !joined, other));
        before = Some(number);
        if let Some(slot) = of.get_mut(at).filter(|_| shifts && is_small(element)) {
            *slot = None;
        }
    }
}

/// True when as many bytes may be missing by chance as the block takes.
fn is_small(element: &Element) -> bool {
    let size = element.end.saturating_sub(element.header.offset);
    size <= CHANCE && !element.header.is_streamed()
}
