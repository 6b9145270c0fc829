//! Which number each block had.
//!
//! Blocks that certainly follow each other are a run. Runs are put in order among the numbers that the file had, so
//! that all that is known holds: where the first and the last block stand, the distances in the index, the sizes
//! that arrays need. A run has its numbers when there is one way only.

mod doubt;
mod fit;
mod nest;
mod order;
mod run;

use super::blocks::Found;
use super::judge::Element;
use super::naming::Naming;
use fit::Fit;
use order::Order;
use run::Run;

/// The numbers of the blocks that were found.
#[derive(Debug)]
pub(super) struct Numbers {
    /// One for each block that was found; none where it is not certain.
    pub(super) of: Vec<Option<usize>>,
    /// How many blocks the file had.
    pub(super) total: Option<usize>,
    /// True when nothing is missing and each header leads to the next one.
    pub(super) clean: bool,
}

impl Numbers {
    /// Numbers what was found.
    pub(super) fn new(found: &Found, index: Option<&[u64]>, naming: &Naming<'_>) -> Self {
        let there = found.elements.len();
        let named = naming.total();
        let index = index.filter(|offsets| is_usable(offsets, named));
        let total = index.map(<[u64]>::len).or(named);
        let listed = |offsets: &[u64]| {
            let mut all = found.elements.iter().zip(offsets);
            named == Some(there) && all.all(|(element, offset)| element.header.offset == *offset)
        };
        // The arrays name the blocks that are there, and the index has more than those.
        let longer = index.is_some_and(listed) && is_unbroken(found, named);
        let enough = index.is_none() && named.is_some_and(|named| named < there);
        if longer || is_unbroken(found, total) || (enough && all_sure(found)) {
            return Self {
                of: run::in_order(found, naming),
                total: Some(there),
                clean: true,
            };
        }
        let mut fit = Fit::new(&found.elements, index, naming, total);
        let mut runs = run::of(found, total, &fit, false);
        nest::mark(&mut runs, total, &fit);
        if index.is_none() && total.is_some_and(|total| known(&runs, found) < total) {
            // What is missing may have been anywhere between blocks, if not all of what is between them is data.
            runs = run::of(found, total, &fit, true);
            nest::mark(&mut runs, total, &fit);
        }
        // More blocks than the arrays name: some have no array.
        let total = total.filter(|&total| index.is_some() || total >= count(&runs));
        fit.measure(&runs);
        let runs = run::torn(runs, &fit);
        let (mut of, agrees) = number(&runs, found, total, &fit);
        if let Some(total) = total.filter(|&total| !agrees || known(&runs, found) < total) {
            doubt::missing(&mut of, found, total, &fit);
        }
        Self {
            of,
            total,
            clean: false,
        }
    }
}

/// How many blocks certainly were blocks of the file.
fn count(runs: &[Run]) -> usize {
    let certain = runs.iter().filter(|run| !run.nested);
    certain.map(|run| run.len).sum()
}

/// How many blocks there were for certain, with those that have left a trace only.
fn known(runs: &[Run], found: &Found) -> usize {
    let hidden: usize = found.elements.iter().map(|element| element.hidden).sum();
    count(runs)
        .saturating_add(hidden)
        .saturating_add(found.hidden)
}

/// The numbers of all runs that have one place only; false when they contradict each other.
fn number(
    runs: &[Run],
    found: &Found,
    total: Option<usize>,
    fit: &Fit<'_>,
) -> (Vec<Option<usize>>, bool) {
    let mut order = Order {
        total,
        hidden: found.hidden,
        traces: true,
        fit,
    };
    let mut places = order.places(runs);
    if places.is_none() {
        // Bytes that were inserted look like what is left of a block.
        order.traces = false;
        places = order.places(runs);
    }
    let agrees = places.is_some();
    if !agrees {
        // What contradicts is what nothing holds in its place.
        let anchored: Vec<Run> = runs
            .iter()
            .map(|run| Run {
                nested: run.nested || run.anchor.is_none(),
                ..run.clone()
            })
            .collect();
        places = order.places(&anchored);
    }
    let mut out = vec![None; found.elements.len()];
    for (run, place) in runs.iter().zip(places.unwrap_or_default()) {
        let Some(first) = place else { continue };
        let slots = out.get_mut(run.range()).unwrap_or_default();
        for (slot, number) in slots.iter_mut().zip(first..) {
            *slot = Some(number);
        }
    }
    (out, agrees)
}

/// True when all blocks are there, each where the one before it ends.
fn is_unbroken(found: &Found, total: Option<usize>) -> bool {
    let elements = found.elements.as_slice();
    let there = elements.len();
    let first = elements.first();
    // Any bytes may stand in front of the first block, when it is certain that there is none among them.
    let padded = total == Some(there) && first.is_some_and(|first| first.hidden == 0);
    let mut all = elements.iter().enumerate();
    found.ends
        && total.is_none_or(|total| total == there)
        && all.all(|(at, element)| {
            let mixed = element.is_patched() && !element.is_proven();
            (element.sure || element.leads) && !mixed && (element.chained || (at == 0 && padded))
        })
}

/// True when all blocks are there, each certain and where the one before it ends: those that no array names are blocks of
/// the file, too.
fn all_sure(found: &Found) -> bool {
    let sure = |element: &Element| element.sure && !element.inner;
    is_unbroken(found, None) && found.elements.iter().all(sure)
}

/// An index that can be one: its blocks follow each other, and there are as many as the tree names.
fn is_usable(offsets: &[u64], named: Option<usize>) -> bool {
    let apart = |pair: &[u64]| match pair {
        [one, two] => two.saturating_sub(*one) >= 54,
        _ => false,
    };
    !offsets.is_empty()
        && named.is_none_or(|named| named <= offsets.len())
        && offsets.windows(2).all(apart)
}
