//! Damage whose effect on each block is known.

use crate::file::Laid;
use crate::support::Dice;
use std::ops::Range;

/// The place of a byte that was not in the file.
const NEW: u32 = u32::MAX;

/// Bytes with the places where they were.
#[derive(Debug, Clone)]
pub(crate) struct Damaged {
    bytes: Vec<(u8, u32)>,
    start: usize,
    pub(crate) done: Vec<String>,
}

impl Damaged {
    pub(crate) fn new(laid: &Laid) -> Self {
        Self {
            bytes: laid.bytes.iter().copied().zip(0..).collect(),
            start: laid.start,
            done: Vec::new(),
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.bytes.iter().map(|(byte, _)| *byte).collect()
    }

    /// True when these bytes are all there, next to each other.
    pub(crate) fn is_intact(&self, span: &Range<usize>) -> bool {
        let first = u32::try_from(span.start).unwrap();
        let Some(at) = self.bytes.iter().position(|(_, from)| *from == first) else {
            return false;
        };
        let found = self.bytes.get(at..at + span.len());
        found.is_some_and(|found| {
            found
                .iter()
                .zip(first..)
                .all(|((_, from), wanted)| *from == wanted)
        })
    }

    /// True when some of these bytes of the damaged file were elsewhere than there in the whole file.
    pub(crate) fn has_foreign(&self, range: Range<u64>, own: &Range<usize>) -> bool {
        let at = |end: u64| usize::try_from(end).unwrap().min(self.bytes.len());
        let found = &self.bytes[at(range.start)..at(range.end)];
        let mut from = found.iter().map(|(_, from)| *from);
        from.any(|from| from != NEW && !own.contains(&usize::try_from(from).unwrap()))
    }

    fn place(&self, dice: &mut Dice) -> usize {
        self.start + dice.below(self.bytes.len() - self.start + 1)
    }

    fn length(dice: &mut Dice) -> usize {
        match dice.below(10) {
            0..5 => 1 + dice.below(4),
            5..8 => 1 + dice.below(64),
            _ => 1 + dice.below(600),
        }
    }

    /// One random change after the tree.
    pub(crate) fn hit(&mut self, dice: &mut Dice) {
        let at = self.place(dice);
        let rest = self.bytes.len() - at;
        let text = match dice.below(9) {
            0 | 1 => {
                let length = Self::length(dice);
                let new: Vec<_> = (0..length)
                    .map(|_| (u8::try_from(dice.below(256)).unwrap(), NEW))
                    .collect();
                self.bytes.splice(at..at, new);
                format!("{length} bytes inserted at {at}")
            }
            2 | 3 => {
                let length = Self::length(dice).min(rest);
                self.bytes.drain(at..at + length);
                format!("{length} bytes deleted at {at}")
            }
            4 | 5 => {
                if let Some(byte) = self.bytes.get_mut(at) {
                    *byte = (byte.0 ^ (1 << dice.below(8)), NEW);
                }
                format!("bit of {at} flipped")
            }
            6 | 7 => {
                let length = if dice.below(2) == 0 {
                    rest
                } else {
                    dice.below(rest + 1)
                };
                let back = dice.below(2) == 0;
                let mut new = Vec::new();
                for &(byte, from) in &self.bytes[at..at + length] {
                    if byte == b'\n' && back {
                        let before = new.pop_if(|(last, _)| *last == b'\r');
                        new.push((byte, if before.is_some() { NEW } else { from }));
                    } else if byte == b'\n' {
                        new.push((b'\r', NEW));
                        new.push((byte, from));
                    } else {
                        new.push((byte, from));
                    }
                }
                self.bytes.splice(at..at + length, new);
                format!("line ends of {length} bytes at {at}, back: {back}")
            }
            _ => {
                self.bytes.truncate(at);
                format!("cut at {at}")
            }
        };
        self.done.push(text);
    }
}
