//! The least and the greatest numbers that runs can have in their order.

use super::fit::Fit;
use super::fit::TRIES;
use super::run::Run;

/// What bounds the numbers of all runs.
pub(super) struct Order<'e> {
    pub(super) total: Option<usize>,
    /// Blocks that certainly were after the last one.
    pub(super) hidden: usize,
    /// False when what is left of blocks between others does not count.
    pub(super) traces: bool,
    pub(super) fit: &'e Fit<'e>,
}

/// The numbers that the first block of a run can have.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    /// By what is before and after the run alone.
    outer: (usize, usize),
    /// By its sizes, too.
    inner: (usize, usize),
    /// False when not all numbers were tried.
    tried: bool,
}

impl Order<'_> {
    /// The number of the first block of each run, where there is only one; nothing when the runs contradict each other.
    pub(super) fn places(&self, runs: &[Run]) -> Option<Vec<Option<usize>>> {
        let Some(total) = self.total else {
            // Only what stands at the beginning.
            return Some(runs.iter().map(|run| run.anchor).collect());
        };
        let mut all = Vec::with_capacity(runs.len());
        let mut least = 0_usize;
        let mut behind = false;
        for run in runs {
            if run.nested {
                all.push(None);
                behind = true;
                continue;
            }
            let hidden = if std::mem::take(&mut behind) {
                0
            } else {
                self.before(run)
            };
            let from = least.saturating_add(hidden);
            let to = total.checked_sub(run.len)?;
            let (found, tried) = self.search(run, from, from..=to)?;
            least = found.saturating_add(run.len);
            all.push(Some(Bounds {
                outer: (from, to),
                inner: (found, to),
                tried,
            }));
        }
        let after = if self.traces { self.hidden } else { 0 };
        let mut room = total.checked_sub(after)?;
        for (at, (run, place)) in runs.iter().zip(&mut all).enumerate().rev() {
            let Some(bounds) = place else { continue };
            let to = room.checked_sub(run.len)?;
            let (found, tried) = self.search(run, to, (bounds.outer.0..=to).rev())?;
            bounds.outer.1 = to;
            bounds.inner.1 = found;
            bounds.tried &= tried;
            let behind = at.checked_sub(1).and_then(|before| runs.get(before));
            let behind = behind.is_some_and(|before| before.nested);
            let hidden = if behind { 0 } else { self.before(run) };
            room = found.checked_sub(hidden)?;
        }
        let places = runs.iter().zip(all);
        Some(
            places
                .map(|(run, bounds)| self.only(run, bounds?))
                .collect(),
        )
    }

    /// Blocks that certainly were in front of a run.
    fn before(&self, run: &Run) -> usize {
        let first = self.fit.elements.get(run.first).filter(|_| self.traces);
        first.map_or(0, |first| first.hidden)
    }

    /// The first number of those at which the run fits; that of its end of the row, when there are too many to try.
    fn search(
        &self,
        run: &Run,
        end: usize,
        mut numbers: impl Iterator<Item = usize>,
    ) -> Option<(usize, bool)> {
        if let Some(anchor) = run.anchor {
            return numbers
                .any(|number| number == anchor)
                .then_some((anchor, true));
        }
        if !self.fit.tells() {
            return numbers.next().map(|number| (number, true));
        }
        let mut left = TRIES;
        for number in numbers {
            if self.fits(run, number) {
                return Some((number, true));
            }
            left = left.saturating_sub(1);
            if left == 0 {
                return Some((end, false));
            }
        }
        None
    }

    /// True when an array of bytes can hold that block, or other data, where it begins within the header of the one before.
    fn in_data(&self, at: usize) -> bool {
        let Some(here) = self.fit.elements.get(at) else {
            return false;
        };
        let before = at.checked_sub(1).and_then(|at| self.fit.elements.get(at));
        let within = before.is_some_and(|before| here.header.offset < before.header.data_offset);
        self.fit.may_hold(here.length()) || (within && !self.fit.has_index())
    }

    fn fits(&self, run: &Run, number: usize) -> bool {
        if run.torn {
            return self.fit.size(run.first, number);
        }
        self.fit.run(run.range(), number)
    }

    fn only(&self, run: &Run, bounds: Bounds) -> Option<usize> {
        let (least, greatest) = bounds.inner;
        let counted = bounds.outer.0 == bounds.outer.1;
        // Nothing tells how far the last block of an index reaches.
        let told = run.len > 1 || self.fit.is_told(least);
        // A block alone that is found after damage may lie in the data of another one.
        let told =
            told && !(run.exposed == Some(run.first) && run.len == 1 && self.in_data(run.first));
        if run.torn && !self.fit.is_exact() {
            return None;
        }
        let one = least == greatest && bounds.tried && self.fits(run, least);
        let one = one && (run.torn || self.fit.exactly(run.range(), least));
        (one && (counted || told || run.anchor.is_some())).then_some(least)
    }
}
