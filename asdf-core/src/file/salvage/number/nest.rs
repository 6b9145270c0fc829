//! Blocks that may lie within the data of another one: data may hold whole files, and where a container is damaged,
//! their blocks are found as if they were blocks of the file.

use super::fit::Fit;
use super::run::Run;
use crate::file::salvage::judge::Element;

/// Marks the runs that are found after damage and are small enough for what is damaged or lost there.
pub(super) fn mark(runs: &mut [Run], total: Option<usize>, fit: &Fit<'_>) {
    let lost = lost(runs, total, fit);
    for run in runs {
        // One block alone that ends where all blocks end may do so by chance.
        let alone = run.len == 1 && run.exposed == Some(run.first) && run.anchor != Some(0);
        let free = run.anchor.is_none() || alone;
        let Some(first) = run.exposed.filter(|_| free) else {
            continue;
        };
        let before = first
            .checked_sub(1)
            .and_then(|before| fit.elements.get(before));
        let holds = before
            .filter(|before| !before.sure)
            .map_or(0, |before| before.holds);
        let length = fit.elements.get(run.first).map_or(0, Element::length);
        let texts = fit.elements.get(first).is_some_and(|first| first.texts);
        run.nested |= texts && length <= holds.max(lost);
    }
}

/// How many bytes a block has at most of which nothing was found for certain.
fn lost(runs: &[Run], total: Option<usize>, fit: &Fit<'_>) -> u64 {
    let Some(total) = total else {
        return u64::MAX;
    };
    let begin = runs.first().filter(|run| run.anchor == Some(0));
    let from = begin.map_or(0, |run| run.len);
    let end = runs.last().and_then(|run| run.anchor);
    let to = end.filter(|&end| end >= from).unwrap_or(total);
    let sizes = (from..to).map(|number| fit.capacity(number));
    sizes.max().unwrap_or(0)
}
