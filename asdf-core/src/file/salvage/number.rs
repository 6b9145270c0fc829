//! Which number each block had: by the index, by unbroken sequence from either end, and by what the arrays need.
//!
//! A number is given only when no other one agrees with all that is known.

use super::blocks::Found;
use super::judge::Element;
use super::naming::Naming;
use std::collections::BTreeMap;

/// Numbers that are tried at most for each block.
const TRIES: usize = 64;

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

/// What numbers are concluded from.
struct Evidence<'e> {
    elements: &'e [Element],
    /// Offsets that the index lists.
    index: Option<&'e [u64]>,
    total: Option<usize>,
    ends: bool,
    hidden: usize,
    naming: &'e Naming<'e>,
    /// True when each block is as large as some array says that its block is.
    exact: bool,
    /// Numbers by the size that their arrays need.
    sizes: BTreeMap<u64, Vec<usize>>,
}

impl Numbers {
    /// Numbers what was found.
    pub(super) fn new(found: &Found, index: Option<&[u64]>, naming: &Naming<'_>) -> Self {
        let elements = found.elements.as_slice();
        let there = elements.len();
        let named = naming.total();
        let index = index.filter(|offsets| is_usable(offsets, named));
        let total = index
            .map(<[u64]>::len)
            .or_else(|| named.filter(|&total| total >= there));
        let first = elements.first();
        // Any bytes may stand in front of the first block, when it is certain that there is none among them.
        let padded = total == Some(there) && first.is_some_and(|first| first.hidden == 0);
        let sound = |(at, element): (usize, &Element)| {
            (element.sure || element.leads) && (element.chained || (at == 0 && padded))
        };
        let unbroken = found.ends && elements.iter().enumerate().all(sound);
        if unbroken && total.is_none_or(|total| total == there) {
            return Self {
                of: (0..there).map(Some).collect(),
                total: Some(there),
                clean: true,
            };
        }
        let mut evidence = Evidence {
            elements,
            index,
            total,
            ends: found.ends,
            hidden: found.hidden,
            naming,
            exact: false,
            sizes: BTreeMap::new(),
        };
        evidence.measure();
        Self {
            of: evidence.conclude(),
            total,
            clean: false,
        }
    }
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

impl Evidence<'_> {
    /// Learns whether blocks are as large as their arrays.
    fn measure(&mut self) {
        let mut plain = true;
        for (number, need) in self.naming.needs() {
            plain &= need.plain;
            self.sizes.entry(need.least).or_default().push(number);
        }
        let fits = |element: &Element| {
            !element.sure || self.sizes.contains_key(&element.header.decoded_size())
        };
        self.exact = plain && self.naming.total().is_some() && self.elements.iter().all(fits);
    }

    fn conclude(&self) -> Vec<Option<usize>> {
        let (forward, backward) = (self.forward(), self.backward());
        let mut doubt = forward.iter().zip(&backward).any(|pair| match pair {
            (Some(one), Some(two)) => one != two,
            _ => false,
        });
        let mut known: Vec<Option<usize>> = forward
            .iter()
            .zip(&backward)
            .map(|(one, two)| match (one, two) {
                (Some(one), Some(two)) if one != two => None,
                _ if doubt && one != two => None,
                _ => one.or(*two),
            })
            .collect();
        for (number, at) in known.iter_mut().zip(0..) {
            if let Some(wanted) = *number
                && !self.agrees(at, wanted)
            {
                *number = None;
                // A sequence that does not fit the arrays was not unbroken.
                doubt |= self.index.is_none();
            }
        }
        doubt |= !is_rising(&known);
        if doubt {
            known.fill(None);
        }
        self.unexplained(&mut known);
        self.fill(&mut known, doubt);
        if !is_rising(&known) {
            known.fill(None);
        }
        known
    }

    fn element(&self, at: usize) -> Option<&Element> {
        self.elements.get(at)
    }

    /// True when a block of that size can have that number.
    fn agrees(&self, at: usize, number: usize) -> bool {
        let Some(element) = self.element(at) else {
            return false;
        };
        let size = element.header.decoded_size();
        let need = self.naming.need(number);
        let fits =
            need.is_none_or(|need| size >= need.least && (!self.exact || size == need.least));
        (fits || !element.sure) && self.spans(at, number)
    }

    /// True when the index has as much room for that block as it takes.
    fn spans(&self, at: usize, number: usize) -> bool {
        let (Some(offsets), Some(element)) = (self.index, self.element(at)) else {
            return true;
        };
        let next = number.checked_add(1).and_then(|next| offsets.get(next));
        let (Some(start), Some(next)) = (offsets.get(number), next) else {
            return offsets.len() == number.saturating_add(1);
        };
        let size = element.end.saturating_sub(element.header.offset);
        !element.sure || element.mended || next.saturating_sub(*start) == size
    }

    /// Numbers from the first block on.
    fn forward(&self) -> Vec<Option<usize>> {
        let mut out = Vec::with_capacity(self.elements.len());
        let mut anchor: Option<(usize, usize)> = None;
        for (at, element) in self.elements.iter().enumerate() {
            let number = match anchor {
                Some((before, number)) => self.after(before, number, at),
                None => self.first(at, element),
            };
            let number = number.filter(|&number| self.spans(at, number));
            if let Some(number) = number {
                anchor = Some((at, number));
            }
            out.push(number);
        }
        out
    }

    fn first(&self, at: usize, element: &Element) -> Option<usize> {
        let begins = at == 0 && element.chained;
        let listed = self
            .index
            .and_then(|offsets| offsets.binary_search(&element.header.offset).ok());
        match listed {
            Some(number) if number >= at && (!begins || number == 0) => Some(number),
            None if begins => Some(0),
            _ => None,
        }
    }

    /// The number of a block by that of one before it.
    fn after(&self, before: usize, number: usize, at: usize) -> Option<usize> {
        let (one, two) = (self.element(before)?, self.element(at)?);
        let next = number.checked_add(1)?;
        let follows = at == before.saturating_add(1) && two.chained;
        let Some(offsets) = self.index else {
            return (follows && one.sure).then_some(next);
        };
        let distance = two.header.offset.checked_sub(one.header.offset)?;
        let target = offsets.get(number)?.checked_add(distance)?;
        let found = offsets.binary_search(&target).ok()?;
        (found > number && (!follows || found == next)).then_some(found)
    }

    /// Numbers from the last block on.
    fn backward(&self) -> Vec<Option<usize>> {
        let mut out = vec![None; self.elements.len()];
        let mut anchor: Option<(usize, usize)> = None;
        for (at, place) in out.iter_mut().enumerate().rev() {
            let number = match anchor {
                Some((after, number)) => self.before(after, number, at),
                None if at.saturating_add(1) == self.elements.len() && self.ends => {
                    self.total.and_then(|total| total.checked_sub(1))
                }
                None => None,
            };
            let number = number.filter(|&number| self.spans(at, number));
            if let Some(number) = number {
                anchor = Some((at, number));
            }
            *place = number;
        }
        out
    }

    /// The number of a block by that of one after it.
    fn before(&self, after: usize, number: usize, at: usize) -> Option<usize> {
        let (one, two) = (self.element(at)?, self.element(after)?);
        let follows = after == at.saturating_add(1) && two.chained;
        let Some(offsets) = self.index else {
            let previous = number.checked_sub(1)?;
            return (follows && one.sure).then_some(previous);
        };
        let distance = two.header.offset.checked_sub(one.header.offset)?;
        let target = offsets.get(number)?.checked_sub(distance)?;
        let found = offsets.binary_search(&target).ok()?;
        (found < number && (!follows || found.saturating_add(1) == number)).then_some(found)
    }

    /// Bytes between blocks that have no room for another one there, without an index to say so: what follows is in doubt.
    fn unexplained(&self, known: &mut [Option<usize>]) {
        if self.index.is_some() {
            return;
        }
        let mut doubtful = false;
        let mut last = None;
        for (at, number) in known.iter_mut().enumerate() {
            let Some(element) = self.elements.get(at) else {
                continue;
            };
            let after_ghost = at
                .checked_sub(1)
                .and_then(|before| self.elements.get(before))
                .is_some_and(|before| !before.sure);
            if !element.chained && !after_ghost {
                let expected = last.map_or(Some(0), |last: Option<usize>| last?.checked_add(1));
                doubtful = number.is_some() && *number == expected;
            }
            last = Some(*number);
            if doubtful {
                *number = None;
            }
        }
    }

    /// The least and the greatest number that each block can have.
    fn bounds(&self, known: &[Option<usize>]) -> Vec<(usize, usize)> {
        let most = self.total.unwrap_or_else(|| {
            let last = self.naming.needs().last();
            last.map_or(0, |(number, _)| number.saturating_add(1))
        });
        let mut out = Vec::with_capacity(known.len());
        let mut least = 0_usize;
        for (number, element) in known.iter().zip(self.elements) {
            least = number.unwrap_or_else(|| least.saturating_add(element.hidden));
            out.push((least, usize::MAX));
            least = least.saturating_add(1);
        }
        // One more than the greatest number that is left.
        let mut room = most.saturating_sub(self.hidden);
        let all = known.iter().zip(self.elements).zip(out.iter_mut()).rev();
        for ((number, element), place) in all {
            let greatest = number.or_else(|| room.checked_sub(1));
            place.1 = greatest.unwrap_or(0);
            room = greatest.unwrap_or(0);
            if number.is_none() {
                room = room.saturating_sub(element.hidden);
            }
        }
        out
    }

    /// Numbers what can have one number only. With `doubt` no two blocks are taken for neighbours.
    fn fill(&self, known: &mut [Option<usize>], doubt: bool) {
        let bounds = self.bounds(known);
        let mut at = 0;
        while at < known.len() {
            let mut end = at.saturating_add(1);
            let open = known.get(at).is_some_and(Option::is_none);
            while open
                && !doubt
                && known.get(end).is_some_and(Option::is_none)
                && self.is_joined(end)
            {
                end = end.saturating_add(1);
            }
            if open && let Some(number) = self.only(at..end, &bounds, doubt) {
                let places = known.get_mut(at..end).unwrap_or_default();
                for (place, number) in places.iter_mut().zip(number..) {
                    *place = Some(number);
                }
            }
            at = end;
        }
    }

    /// True when nothing can be missing between a block and the one before it.
    fn is_joined(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.element(before));
        self.element(at).is_some_and(|element| element.chained)
            && before.is_some_and(|before| before.sure)
    }

    /// The number of the first of some neighbours, when only one is possible and something speaks for it.
    #[expect(clippy::similar_names, reason = "least and last are both meant")]
    fn only(
        &self,
        blocks: std::ops::Range<usize>,
        bounds: &[(usize, usize)],
        doubt: bool,
    ) -> Option<usize> {
        let (least, _) = *bounds.get(blocks.start)?;
        let last = blocks.end.checked_sub(1)?;
        let (_, greatest) = *bounds.get(last)?;
        let more = last.saturating_sub(blocks.start);
        let greatest = greatest.checked_sub(more)?;
        let fits = |number: usize| {
            blocks
                .clone()
                .zip(number..)
                .all(|(at, number)| self.agrees(at, number))
                && self.distances(blocks.clone(), number)
        };
        if least == greatest && self.total.is_some() && !doubt {
            let explained = self.is_explained(blocks.clone(), bounds);
            return (fits(least) && explained).then_some(least);
        }
        // Sizes tell one number from another only where they are known.
        if self.index.is_none() && !self.exact {
            return None;
        }
        let mut found = None;
        if self.index.is_none() && more == 0 {
            let size = self.element(blocks.start)?.header.decoded_size();
            let numbers = self.sizes.get(&size).map_or(&[][..], Vec::as_slice);
            let from = numbers.partition_point(|&number| number < least);
            let to = numbers.partition_point(|&number| number <= greatest);
            let [number] = numbers.get(from..to)? else {
                return None;
            };
            return self.element(blocks.start)?.sure.then_some(*number);
        }
        if greatest.saturating_sub(least) > TRIES || !self.element(blocks.start)?.sure {
            return None;
        }
        for number in least..=greatest {
            if fits(number) {
                if found.is_some() {
                    return None;
                }
                found = Some(number);
            }
        }
        found
    }

    /// True when the blocks are as far apart as the index says.
    fn distances(&self, blocks: std::ops::Range<usize>, number: usize) -> bool {
        let Some(offsets) = self.index else {
            return true;
        };
        let pairs = blocks.clone().zip(blocks.skip(1)).zip(number..);
        let mut pairs = pairs.map(|((one, two), number)| {
            let next = offsets.get(number.checked_add(1)?)?;
            let wanted = next.checked_sub(*offsets.get(number)?)?;
            let end = self.element(two)?.header.offset;
            let found = end.checked_sub(self.element(one)?.header.offset)?;
            Some(wanted == found)
        });
        pairs.all(|same| same == Some(true))
    }

    /// True when blocks that are counted stand where some block must have stood, or where bytes were that
    /// can have been one: else they may lie within the data of a block whose header is gone.
    fn is_explained(&self, blocks: std::ops::Range<usize>, bounds: &[(usize, usize)]) -> bool {
        let number = |at: usize| {
            bounds
                .get(at)
                .filter(|(low, high)| low == high)
                .map(|(low, _)| *low)
        };
        let gap = |at: usize| -> bool {
            let Some(element) = self.element(at) else {
                return true;
            };
            let before = at.checked_sub(1).and_then(|before| self.element(before));
            if element.chained || before.is_some_and(|before| !before.sure) {
                return true;
            }
            let behind = at.checked_sub(1).and_then(number);
            match (behind, number(at)) {
                (Some(one), Some(two)) => two.saturating_sub(one) > 1,
                (None, Some(two)) => at == 0 && two > 0,
                _ => false,
            }
        };
        gap(blocks.start) && gap(blocks.end)
    }
}

fn is_rising(known: &[Option<usize>]) -> bool {
    let numbers: Vec<usize> = known.iter().flatten().copied().collect();
    numbers.windows(2).all(|pair| pair.first() < pair.get(1))
}
