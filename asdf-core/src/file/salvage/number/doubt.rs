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
        let fits = behind.is_none_or(|behind| behind < total && fit.block(at, !joined, behind));
        shifts = fits && (shifts || !joined);
        let small = element.end.saturating_sub(element.header.offset) <= CHANCE;
        let streamed = element.header.is_streamed();
        let unproven = element.sure && !element.is_proven() && !streamed;
        let last = at.saturating_add(2) == found.elements.len();
        let is_behind = behind.is_none_or(|behind| fit.block(at.saturating_add(1), last, behind));
        // What leads to a block that is not the next one has the end of the one before that.
        let other = match next {
            Some(_) => next != behind,
            None => !is_behind,
        };
        let mixed = unproven && (after.is_none() || (joined && other));
        let doubtful = mixed || element.is_patched() || (shifts && small && !streamed && !cut);
        if let Some(slot) = of.get_mut(at).filter(|_| doubtful) {
            *slot = None;
        }
        next = number;
    }
    behind(of, found, fit);
}

/// The same for small blocks that could as well have the numbers in front of theirs, together with all those that lead to
/// them: the one that was taken out stood behind them.
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
        let free = number
            .checked_sub(1)
            .filter(|&other| before.is_none_or(|before| before < other));
        let other = number
            .checked_sub(1)
            .filter(|_| free.is_some() || (shifts && element.chained));
        shifts = other.is_some_and(|other| fit.block(at, !joined, other));
        before = Some(number);
        let small = element.end.saturating_sub(element.header.offset) <= CHANCE;
        let streamed = element.header.is_streamed();
        if let Some(slot) = of.get_mut(at).filter(|_| shifts && small && !streamed) {
            *slot = None;
        }
    }
}
