//! Blocks that certainly follow each other.

use super::fit::Fit;
use crate::file::salvage::blocks::Found;
use crate::file::salvage::judge::Element;
use crate::file::salvage::naming::Naming;
use std::ops::Range;

/// Blocks with numbers that follow each other.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// The first of them.
    pub(super) first: usize,
    /// How many.
    pub(super) len: usize,
    /// The number of the first, where the run stands at the beginning or the end of all blocks.
    pub(super) anchor: Option<usize>,
    /// True when it may lie within the data of a damaged block, or contradicts its own place: it has no number.
    pub(super) nested: bool,
    /// True when it was part of a run that fits nowhere: only its size tells.
    pub(super) torn: bool,
    /// The first block that was found after damage, when nothing but headers is between it and this run.
    pub(super) exposed: Option<usize>,
}

impl Run {
    pub(super) fn range(&self) -> Range<usize> {
        self.first..self.first.saturating_add(self.len)
    }
}

/// The runs of all blocks that were found.
///
/// A block whose data was proven has its neighbour at its end. One that merely leads to a header may have lost its
/// end together with the beginning of the next one: where the number of blocks is known, that tells.
pub(super) fn of(found: &Found, total: Option<usize>, fit: &Fit<'_>, loose: bool) -> Vec<Run> {
    // A loss that begins in the space after the tree ends just as well in that after some block, where there is any. Where
    // the file was not cut, and no bytes are there that may be what is left of a block, it was in front of some block.
    let padded = !(found.cut || found.remains) || found.elements.iter().any(Element::is_padded);
    let mut runs: Vec<Run> = Vec::new();
    let mut before: Option<&Element> = None;
    for (at, element) in found.elements.iter().enumerate() {
        let chained = element.chained;
        let leads = |before: &Element| match total {
            Some(_) => before.is_proven() && !before.is_patched() && !before.is_respaced(),
            None => before.sure,
        };
        let held = !(loose && element.apart && (at > 0 || padded || element.mended));
        let inner = element.inner || before.is_some_and(|before| before.inner);
        let joined = chained && held && !inner && before.is_some_and(leads);
        match runs.last_mut() {
            Some(run) if joined => run.len = run.len.saturating_add(1),
            last => {
                let ghost = before.is_some_and(|before| !before.sure);
                let exposed = match last {
                    Some(_) if chained && ghost && element.texts => Some(at),
                    Some(last) if chained && last.anchor.is_none() => last.exposed,
                    _ if chained => None,
                    _ => Some(at),
                };
                let begins = at == 0 && chained && held && element.hidden == 0;
                runs.push(Run {
                    first: at,
                    len: 1,
                    anchor: begins.then_some(0).filter(|_| !element.inner),
                    nested: element.inner,
                    torn: false,
                    exposed,
                });
            }
        }
        before = Some(element);
    }
    anchor(&mut runs, found, total, fit);
    runs
}

/// The numbers of blocks that follow each other from the first to the last one. Where one has fewer bytes than its arrays
/// need, it may be another one, and the end of the one before it may be missing together with what was between the two,
/// if no checksum says that it is all there.
pub(super) fn in_order(found: &Found, naming: &Naming<'_>) -> Vec<Option<usize>> {
    let elements = &found.elements;
    let mut out: Vec<Option<usize>> = (0..elements.len()).map(Some).collect();
    for (at, (before, element)) in elements.iter().zip(elements.iter().skip(1)).enumerate() {
        let number = at.saturating_add(1);
        let least = naming.need(number).map_or(0, |need| need.least);
        let small = !element.is_open() && element.header.decoded_size() < least;
        let doubtful = small && !before.is_proven();
        for number in [at, number].into_iter().filter(|_| doubtful) {
            if let Some(slot) = out.get_mut(number) {
                *slot = None;
            }
        }
    }
    out
}

/// Holds the runs at the beginning and at the end of all blocks. A run that does not fit there is not held.
///
/// Where each block leads to the next one, and others are missing all the same, some were taken out exactly. Nothing shows
/// between which: it may have been anywhere, also in front of the first one, and only sizes tell.
fn anchor(runs: &mut Vec<Run>, found: &Found, total: Option<usize>, fit: &Fit<'_>) {
    let elements = &found.elements;
    let leads = |element: &Element| element.sure || (element.leads && element.agrees());
    let follows = |element: &Element| leads(element) && element.chained && element.hidden == 0;
    let unbroken = found.ends && elements.iter().all(follows);
    if unbroken && total.is_some_and(|total| total > elements.len()) {
        let alone = |(first, element): (usize, &Element)| Run {
            first,
            len: 1,
            anchor: None,
            nested: element.inner,
            torn: true,
            exposed: None,
        };
        *runs = elements.iter().enumerate().map(alone).collect();
        return;
    }
    let one = runs.len() == 1 || (unbroken && !fit.has_index());
    let more = total.is_some_and(|total| total < elements.len());
    if let Some(run) = runs.first_mut().filter(|_| found.ends && one && more)
        && run.anchor.is_some()
    {
        run.anchor = None;
        return;
    }
    if let Some(run) = runs.first_mut() {
        let contradicts = run
            .anchor
            .is_some_and(|number| !fit.run(run.range(), number));
        if contradicts {
            run.anchor = None;
            // It stands where the first block stands, and cannot be that.
            run.nested = fit.anywhere(run.range());
        }
    }
    let streamed = |last: &Element| last.sure && last.is_open();
    let closed = found.closed && fit.has_index();
    if (closed || found.elements.last().is_some_and(streamed))
        && let Some(total) = total
    {
        end(runs, total, fit);
    }
}

/// The last block has the last number where it ends, as its header says, at the index, or where it has no end.
///
/// Blocks before it that may lie within the data of another one are left aside when they do not fit.
fn end(runs: &mut Vec<Run>, total: usize, fit: &Fit<'_>) {
    let taken = match runs.as_slice() {
        [first, _, ..] if first.anchor.is_some() => first.len,
        _ => 0,
    };
    let Some(run) = runs.last_mut().filter(|run| run.anchor.is_none()) else {
        return;
    };
    let Some(begin) = total
        .checked_sub(run.len)
        .or_else(|| run.exposed.map(|_| 0))
    else {
        return;
    };
    let most = total.saturating_sub(taken).min(run.len);
    if begin >= taken && most == run.len && fit.run(run.range(), begin) {
        run.anchor = Some(begin);
        return;
    }
    // What is found after damage without such text lies in no data.
    let first = run.exposed.and_then(|first| fit.elements.get(first));
    if !first.is_some_and(|first| first.texts) {
        return;
    }
    let stop = run.range().end;
    let fits = |len: &usize| {
        let at = stop.saturating_sub(*len);
        fit.block(at, at.saturating_add(1) == stop, total.saturating_sub(*len))
    };
    let len = (1..=most).take_while(fits).count();
    if len > 0 {
        run.len = run.len.saturating_sub(len);
        run.nested = true;
        let first = stop.saturating_sub(len);
        let exposed = run.exposed;
        runs.push(Run {
            first,
            len,
            anchor: total.checked_sub(len),
            nested: false,
            torn: false,
            exposed,
        });
    }
}

/// Takes runs apart that fit nowhere: there is damage within them that left no trace.
pub(super) fn torn(runs: Vec<Run>, fit: &Fit<'_>) -> Vec<Run> {
    let mut out = Vec::with_capacity(runs.len());
    for run in runs {
        if run.anchor.is_some() || run.nested || run.len == 1 || fit.anywhere(run.range()) {
            out.push(run);
            continue;
        }
        // The first ones may lie in the data of a damaged block, just where that ends.
        let stop = run.range().end;
        let mut rest = run.range().skip(1).filter(|_| run.exposed.is_some());
        let rest = rest.find(|&first| fit.anywhere(first..stop));
        for at in run.first..rest.unwrap_or(stop) {
            out.push(Run {
                first: at,
                len: 1,
                torn: true,
                nested: rest.is_some(),
                ..run.clone()
            });
        }
        out.extend(rest.map(|first| Run {
            first,
            len: stop.saturating_sub(first),
            ..run.clone()
        }));
    }
    out
}
