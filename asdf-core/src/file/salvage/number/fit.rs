//! Whether blocks can have certain numbers: by the distances in the index, and by the sizes that arrays need.

use super::run::Run;
use crate::file::salvage::judge::Element;
use crate::file::salvage::naming::Naming;
use std::collections::BTreeSet;
use std::ops::Range;

/// Numbers that are tried at most for each run.
pub(super) const TRIES: usize = 256;

/// Bytes in front of the blocks of the smallest file whose tree has an array.
const LEAST_FRONT: u64 = 128;

/// What each block must agree with.
pub(super) struct Fit<'e> {
    pub(super) elements: &'e [Element],
    /// Offsets that the index lists.
    index: Option<&'e [u64]>,
    /// True when blocks are missing: what an index with a damaged entry agrees with may agree by chance.
    missing: bool,
    naming: &'e Naming<'e>,
    total: Option<usize>,
    /// True when each block is as large as some array says that its block is.
    exact: bool,
    /// The sizes that arrays say.
    sizes: BTreeSet<u64>,
    /// The largest size of an array of bytes, if nothing that was found has just that size: it may be a whole file.
    room: u64,
}

impl<'e> Fit<'e> {
    pub(super) fn new(
        elements: &'e [Element],
        index: Option<&'e [u64]>,
        naming: &'e Naming<'e>,
        total: Option<usize>,
    ) -> Self {
        Self {
            elements,
            index,
            missing: total.is_some_and(|total| total > elements.len()),
            naming,
            total,
            exact: false,
            sizes: naming.needs().map(|(_, need)| need.least).collect(),
            room: 0,
        }
    }

    /// Learns whether blocks are as large as their arrays, and which arrays of bytes have no block.
    pub(super) fn measure(&mut self, runs: &[Run]) {
        let there = self.elements.iter().filter(|element| element.sure);
        let there: BTreeSet<u64> = there.map(|element| element.header.decoded_size()).collect();
        let bytes = self.naming.needs().filter(|(_, need)| need.bytes);
        let lost = bytes
            .map(|(_, need)| need.least)
            .filter(|size| !there.contains(size));
        self.room = lost.max().unwrap_or(0);
        let naming = self.naming;
        let plain = naming.needs().all(|(_, need)| need.plain);
        let certain = runs.iter().filter(|run| !run.nested);
        let mut found = certain.flat_map(|run| self.elements.get(run.range()).unwrap_or_default());
        self.exact = plain
            && naming.total().is_some()
            && found.all(|element| {
                let header = &element.header;
                !element.sure || header.is_streamed() || self.sizes.contains(&header.decoded_size())
            });
    }

    pub(super) fn has_index(&self) -> bool {
        self.index.is_some()
    }

    /// True when each block is as large as some array needs.
    pub(super) fn is_exact(&self) -> bool {
        self.exact
    }

    /// True when a block can have that number by its size alone.
    pub(super) fn size(&self, at: usize, number: usize) -> bool {
        let element = self.elements.get(at);
        element.is_some_and(|element| self.has_size(element, number))
    }

    /// True when a block can have that number by its size, and none after it.
    pub(super) fn only(&self, at: usize, number: usize) -> bool {
        let size = self.exact_size(at);
        let needs = |number: usize| self.naming.need(number).map(|need| need.least);
        let mut behind = number.saturating_add(1)..self.total.unwrap_or(usize::MAX);
        let others = behind.len() > TRIES || behind.any(|other| needs(other) == size);
        size.is_some() && needs(number) == size && !others
    }

    /// True when none of those blocks has as many bytes as this one.
    pub(super) fn is_unlike(&self, at: usize, mut others: impl Iterator<Item = usize>) -> bool {
        let size = self.exact_size(at);
        let unlike = |number| {
            let need = self.naming.need(number);
            need.is_some_and(|need| Some(need.least) != size)
        };
        size.is_some() && others.all(unlike)
    }

    /// How many bytes a block has, where that is what its arrays need.
    fn exact_size(&self, at: usize) -> Option<u64> {
        let element = self.elements.get(at).filter(|_| self.exact)?;
        if element.sure {
            Some(element.header.decoded_size())
        } else {
            element.says
        }
    }

    /// True when sizes tell one block from another.
    pub(super) fn tells(&self) -> bool {
        self.exact || self.index.is_some()
    }

    /// True when the index says how far that block reaches, or arrays how large it is.
    pub(super) fn is_told(&self, number: usize) -> bool {
        let listed = self
            .index
            .is_some_and(|offsets| number.saturating_add(1) < offsets.len());
        listed || self.exact
    }

    /// How many bytes the data of that block has at most, as far as is known; what stands in it in clear is not longer
    /// than what it decodes to.
    pub(super) fn capacity(&self, number: usize) -> u64 {
        let listed = self.index.and_then(|offsets| {
            let next = *offsets.get(number.checked_add(1)?)?;
            next.checked_sub(*offsets.get(number)?)
        });
        let need = self.naming.need(number).filter(|need| need.plain);
        let needed = need.map_or(u64::MAX, |need| need.least);
        needed.min(listed.unwrap_or(u64::MAX))
    }

    /// True when an array of bytes whose block was not found has room for a file with a block of that length.
    pub(super) fn may_hold(&self, length: u64) -> bool {
        self.room >= length.saturating_add(LEAST_FRONT)
    }

    /// True when the blocks can have the numbers from `number` on.
    pub(super) fn run(&self, blocks: Range<usize>, number: usize) -> bool {
        let last = blocks.end.saturating_sub(1);
        blocks
            .zip(number..)
            .all(|(at, number)| self.block(at, at == last, number))
    }

    /// True when a block of a run can have that number.
    pub(super) fn block(&self, at: usize, is_last: bool, number: usize) -> bool {
        let Some(element) = self.elements.get(at) else {
            return false;
        };
        let next = self.elements.get(at.saturating_add(1)).filter(|_| !is_last);
        self.has_size(element, number) && self.reaches(element, next, number)
    }

    /// True when the entries of the index are just as far apart as these blocks. Where blocks are missing, those of another
    /// place may agree by chance with an entry that is taken for damaged.
    pub(super) fn exactly(&self, blocks: Range<usize>, number: usize) -> bool {
        let Some(offsets) = self.index.filter(|_| self.missing) else {
            return true;
        };
        let places = self.elements.get(blocks).unwrap_or_default();
        let offsets = offsets.get(number..).unwrap_or_default();
        let apart = |pair: &[Element]| match pair {
            [one, two] => two.header.offset.checked_sub(one.header.offset),
            _ => None,
        };
        let listed = |pair: &[u64]| match pair {
            [one, two] => two.checked_sub(*one),
            _ => None,
        };
        let mut pairs = places.windows(2).zip(offsets.windows(2));
        pairs.all(|(places, offsets)| apart(places) == listed(offsets))
    }

    /// True when there is some number that the first of these blocks can have.
    pub(super) fn anywhere(&self, blocks: Range<usize>) -> bool {
        let last = self.index.map(<[u64]>::len).or_else(|| self.naming.total());
        let Some(most) = last.and_then(|last| last.checked_sub(blocks.len())) else {
            return last.is_none();
        };
        most > TRIES || (0..=most).any(|number| self.run(blocks.clone(), number))
    }

    fn has_size(&self, element: &Element, number: usize) -> bool {
        let header = &element.header;
        if element.is_open() {
            // It goes on to the end of the file, and is the last.
            let last = number.checked_add(1);
            return self.total.is_none() || self.total == last;
        }
        if header.is_streamed() {
            return true;
        }
        let need = self.naming.need(number);
        let size = if element.sure {
            Some(header.decoded_size())
        } else {
            // A size that no array has is that of a damaged header.
            element
                .says
                .filter(|says| !self.exact || self.sizes.contains(says))
        };
        let (Some(need), Some(size)) = (need, size) else {
            return true;
        };
        size >= need.least && (!self.exact || size == need.least)
    }

    /// True when the index has as much room for that block as it takes.
    fn reaches(&self, element: &Element, next: Option<&Element>, number: usize) -> bool {
        let Some(offsets) = self.index else {
            return true;
        };
        let after = number.checked_add(1).and_then(|after| offsets.get(after));
        let (Some(&start), Some(&after)) = (offsets.get(number), after) else {
            return offsets.len() == number.saturating_add(1) && next.is_none();
        };
        let to = |end: u64| are_apart(start, after, end.saturating_sub(element.header.offset));
        match next {
            Some(next) => to(next.header.offset),
            None => {
                !element.sure
                    || element.mended
                    || !element.leads
                    || to(element.end)
                    || to(element.claimed)
            }
        }
    }
}

/// True when two offsets of the index are that far apart, or one of them is and has a damaged digit.
fn are_apart(one: u64, two: u64, distance: u64) -> bool {
    two.checked_sub(one) == Some(distance)
        || is_alike(two, one.saturating_add(distance))
        || two
            .checked_sub(distance)
            .is_some_and(|wanted| is_alike(one, wanted))
}

/// True when one bit of a digit, or one digit more or less, makes one number of the other.
fn is_alike(one: u64, two: u64) -> bool {
    let (one, two) = (one.to_string(), two.to_string());
    let (one, two) = (one.as_bytes(), two.as_bytes());
    let (short, long) = if one.len() < two.len() {
        (one, two)
    } else {
        (two, one)
    };
    let same = short
        .iter()
        .zip(long)
        .take_while(|(one, two)| one == two)
        .count();
    match long.len().checked_sub(short.len()) {
        Some(0) => {
            let other = short.iter().zip(long).filter(|(one, two)| one != two);
            let bits: u32 = other.map(|(one, two)| (one ^ two).count_ones()).sum();
            bits <= 1
        }
        Some(1) => short.get(same..) == long.get(same.saturating_add(1)..),
        _ => false,
    }
}
