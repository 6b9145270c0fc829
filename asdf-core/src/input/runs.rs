//! Sets of bytes as ranges that do not touch each other.

use std::collections::BTreeMap;
use std::ops::Range;

/// Ranges by their starts; neighbours are joined, so that memory follows the number of gaps.
#[derive(Debug, Default)]
pub(super) struct Runs(BTreeMap<u64, u64>);

impl Runs {
    /// Adds a range.
    pub(super) fn insert(&mut self, range: &Range<u64>) {
        if range.is_empty() {
            return;
        }
        let (mut start, mut end) = (range.start, range.end);
        while let Some((&from, &to)) = self.0.range(..=end).next_back()
            && to >= start
        {
            self.0.remove(&from);
            (start, end) = (start.min(from), end.max(to));
        }
        self.0.insert(start, end);
    }

    /// Takes a range out.
    pub(super) fn remove(&mut self, range: &Range<u64>) {
        while let Some((&from, &to)) = self.0.range(..range.end).next_back()
            && to > range.start
        {
            self.0.remove(&from);
            if from < range.start {
                self.0.insert(from, range.start);
            }
            if to > range.end {
                self.0.insert(range.end, to);
            }
        }
    }

    /// What of a range is not in the set, in order.
    pub(super) fn gaps(&self, range: &Range<u64>) -> Vec<Range<u64>> {
        let mut gaps = Vec::new();
        let before = self.0.range(..=range.start).next_back();
        let mut at = before.map_or(range.start, |(_, &end)| end.max(range.start));
        for (&start, &end) in self.0.range(range.start..range.end.max(range.start)) {
            if start > at {
                gaps.push(at..start);
            }
            at = at.max(end);
        }
        if at < range.end {
            gaps.push(at..range.end);
        }
        gaps
    }

    /// True when all of a range is in the set.
    pub(super) fn covers(&self, range: &Range<u64>) -> bool {
        let before = self.0.range(..=range.start).next_back();
        range.is_empty() || before.is_some_and(|(_, &end)| end >= range.end)
    }

    /// True when there is nothing in the set.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Joins the nearest of these ranges, which are in order, until no more than `count` are left or what lies between them is more
/// than `most` bytes: few requests are worth some bytes that nobody asked for.
pub(super) fn join(ranges: Vec<Range<u64>>, count: usize, most: u64) -> Vec<Range<u64>> {
    let between = |pair: &[Range<u64>]| match pair {
        [a, b] => b.start.saturating_sub(a.end),
        _ => 0,
    };
    let mut gaps: Vec<u64> = ranges.windows(2).map(between).collect();
    gaps.sort_unstable();
    let excess = ranges.len().saturating_sub(count);
    let last = excess.checked_sub(1).and_then(|last| gaps.get(last));
    let limit = last.map_or(0, |gap| (*gap).min(most));
    let mut out: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start.saturating_sub(last.end) <= limit => {
                last.end = last.end.max(range.end);
            }
            _ => out.push(range),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined_and_split() {
        let mut runs = Runs::default();
        for range in [10..20, 30..40, 20..25, 38..50, 5..6] {
            runs.insert(&range);
        }
        assert_eq!(runs.gaps(&(0..60)), [0..5, 6..10, 25..30, 50..60]);
        assert!(runs.covers(&(12..25)) && !runs.covers(&(12..26)) && runs.covers(&(3..3)));
        runs.remove(&(15..35));
        assert_eq!(runs.gaps(&(10..50)).first(), Some(&(15..35)));
        runs.insert(&(0..100));
        assert_eq!(runs.gaps(&(0..100)), []);
        runs.remove(&(0..100));
        assert!(runs.is_empty());
    }

    #[test]
    fn runs_are_what_a_list_of_bytes_says() {
        let mut runs = Runs::default();
        let mut bytes = [false; 64];
        let mut state = 7_u64;
        for step in 0..2000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let start = (state >> 33) % 64;
            let end = (start + (state >> 50) % 9).min(64);
            let adds = step % 3 != 0;
            if adds {
                runs.insert(&(start..end));
            } else {
                runs.remove(&(start..end));
            }
            for byte in start..end {
                bytes[usize::try_from(byte).unwrap()] = adds;
            }
            let missing: u64 = runs
                .gaps(&(0..64))
                .iter()
                .map(|gap| gap.end - gap.start)
                .sum();
            let expected = bytes.iter().filter(|there| !**there).count() as u64;
            assert_eq!(missing, expected);
        }
    }

    #[test]
    fn the_nearest_are_joined_first() {
        let ranges = vec![0..10, 12..20, 100..110, 115..120, 1000..1010];
        assert_eq!(join(ranges.clone(), 9, 500), ranges);
        assert_eq!(
            join(ranges.clone(), 4, 500),
            [0..20, 100..110, 115..120, 1000..1010]
        );
        assert_eq!(join(ranges.clone(), 2, 500), [0..120, 1000..1010]);
        assert_eq!(join(ranges, 1, 500), [0..120, 1000..1010]);
    }
}
