//! Blocks that were taken out exactly, so that headers lead to each other all the same.

use super::fit::Fit;
use super::run::Run;
use crate::file::salvage::blocks::Found;

/// So many bytes may be missing by chance just where a block of that size was.
const CHANCE: u64 = 64;

/// Takes the numbers of blocks that may be others, or have the end of another one, when blocks are missing of which
/// there is no trace.
pub(super) fn missing(
    of: &mut [Option<usize>],
    runs: &[Run],
    found: &Found,
    total: usize,
    fit: &Fit<'_>,
) {
    let there = runs.iter().filter(|run| !run.nested);
    let there: usize = there.map(|run| run.len).sum();
    let hidden: usize = found.elements.iter().map(|element| element.hidden).sum();
    let known = there.saturating_add(hidden).saturating_add(found.hidden);
    if known >= total {
        return;
    }
    // A file that ends within a block lacks what came after that.
    let cut = found
        .elements
        .last()
        .is_some_and(|last| last.header.available < last.header.used);
    // Whether the blocks from here on, as far as they lead to each other, could have the numbers behind theirs.
    let mut shifts = true;
    let mut next: Option<usize> = None;
    for (at, element) in found.elements.iter().enumerate().rev() {
        let after = found.elements.get(at.saturating_add(1));
        let joined = after.is_some_and(|after| after.chained);
        let number = of.get(at).copied().flatten();
        let behind = number.and_then(|number| number.checked_add(1));
        let fits = behind.is_some_and(|behind| behind < total && fit.block(at, !joined, behind));
        shifts = fits && (shifts || !joined);
        let small = element.end.saturating_sub(element.header.offset) <= CHANCE;
        let streamed = element.header.is_streamed();
        let unproven = element.sure && !element.is_proven() && !streamed;
        // What leads to a block that is not the next one has the end of the one before that.
        let mixed = unproven && (after.is_none() || (joined && next.is_some() && next != behind));
        if let Some(slot) = of
            .get_mut(at)
            .filter(|_| mixed || (shifts && small && !streamed && !cut))
        {
            *slot = None;
        }
        next = number;
    }
}
