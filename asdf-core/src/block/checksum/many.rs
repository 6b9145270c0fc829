//! The MD5 of many streams: as many as there are lanes are hashed at a time, and a lane whose stream has ended takes the next.

use super::lanes::{BLOCK, LANES, States};
use crate::error::Result;
use std::io::Read;
use std::ops::Range;

/// Bytes of a stream that are read at a time: those of all lanes stay in the processor's own memory.
const PIECE: usize = 32 << 10;

/// A stream in a lane.
struct Lane<T, R> {
    name: T,
    reader: R,
    /// A piece of the stream, at its end with the padding of MD5, and then nothing of meaning.
    bytes: Box<[u8]>,
    /// What of `bytes` is read and not yet hashed.
    left: Range<usize>,
    /// Length of the stream so far.
    total: u64,
    has_ended: bool,
}

impl<T, R: Read> Lane<T, R> {
    fn new((name, reader): (T, R)) -> Self {
        Self {
            name,
            reader,
            bytes: vec![0; PIECE + 2 * BLOCK].into(),
            left: 0..0,
            total: 0,
            has_ended: false,
        }
    }

    /// What can be hashed now: whole blocks.
    fn waiting(&self) -> &[u8] {
        let rest = self.bytes.get(self.left.clone()).unwrap_or_default();
        rest.as_chunks::<BLOCK>().0.as_flattened()
    }

    /// Reads on when less than a block is left.
    fn fill(&mut self) -> Result<()> {
        if self.has_ended || !self.waiting().is_empty() {
            return Ok(());
        }
        let mut end = self.left.len();
        self.bytes.copy_within(self.left.clone(), 0);
        while let Some(room) = self
            .bytes
            .get_mut(end..PIECE)
            .filter(|room| !room.is_empty())
        {
            let count = self.reader.read(room)?;
            if count == 0 {
                self.has_ended = true;
                break;
            }
            self.total = self.total.saturating_add(count as u64);
            end = end.saturating_add(count);
        }
        self.left = 0..end;
        if self.has_ended {
            self.pad();
        }
        Ok(())
    }

    /// A one, zeros, and the length in bits, up to a whole block.
    fn pad(&mut self) {
        let end = self.left.end;
        let length = end.saturating_add(9).next_multiple_of(BLOCK);
        if let Some(padding) = self.bytes.get_mut(end..length) {
            padding.fill(0);
            if let Some(one) = padding.first_mut() {
                *one = 0x80;
            }
            if let Some(bits) = padding.last_chunk_mut::<8>() {
                *bits = self.total.wrapping_mul(8).to_le_bytes();
            }
        }
        self.left.end = length;
    }
}

/// Hashes all streams that `next` gives; `done` is told the name and the digest of each, or why it cannot be read.
pub(in crate::block) fn digest_each<T, R: Read>(
    mut next: impl FnMut() -> Option<(T, R)>,
    mut done: impl FnMut(T, Result<[u8; 16]>),
) {
    let mut states = States::new();
    let mut lanes: [Option<Lane<T, R>>; LANES] = std::array::from_fn(|_| None);
    loop {
        for (index, slot) in lanes.iter_mut().enumerate() {
            fill(index, slot, &mut states, &mut next, &mut done);
        }
        let waiting = || lanes.iter().flatten().map(Lane::waiting);
        let Some(shortest) = waiting().min_by_key(|bytes| bytes.len()) else {
            return;
        };
        let count = shortest.len();
        // A lane without a stream hashes what another one does.
        let messages: [&[u8]; LANES] = lanes
            .each_ref()
            .map(|lane| lane.as_ref().map_or(shortest, Lane::waiting));
        if waiting().count() == 1 {
            let index = lanes.iter().position(Option::is_some).unwrap_or(0);
            states.update_one(index, shortest);
        } else {
            states.update(&messages);
        }
        for lane in lanes.iter_mut().flatten() {
            lane.left.start = lane.left.start.saturating_add(count);
        }
    }
}

/// Finishes the stream of a lane, if it has come to its end, and puts the next one there.
fn fill<T, R: Read>(
    index: usize,
    slot: &mut Option<Lane<T, R>>,
    states: &mut States,
    next: &mut impl FnMut() -> Option<(T, R)>,
    done: &mut impl FnMut(T, Result<[u8; 16]>),
) {
    loop {
        if let Some(mut lane) = slot.take() {
            let result = match lane.fill() {
                Ok(()) if !lane.waiting().is_empty() => {
                    *slot = Some(lane);
                    return;
                }
                Ok(()) => Ok(states.digest(index)),
                Err(error) => Err(error),
            };
            done(lane.name, result);
        }
        let Some(stream) = next() else { return };
        states.reset(index);
        *slot = Some(Lane::new(stream));
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test")]
mod tests {
    use super::*;
    use md5::{Digest, Md5};

    #[test]
    fn streams_of_all_lengths_have_the_digests_that_the_crate_gives() {
        let bytes: Vec<u8> = (0..100_000_u32)
            .map(|at| (at.wrapping_mul(at) >> 7).to_le_bytes()[0])
            .collect();
        let edges = [0, 64, 128, PIECE, PIECE + 64, 2 * PIECE, 3 * PIECE];
        let lengths: Vec<usize> = edges
            .iter()
            .flat_map(|&edge| {
                (edge.saturating_sub(9)..edge + 9).chain([edge + 55, edge + 56, edge + 57])
            })
            .collect();
        // All of them in as many lanes as there are; one, two and nine alone.
        for count in [1, 2, 9, lengths.len()] {
            let mut streams = lengths
                .iter()
                .rev()
                .take(count)
                .map(|&length| (length, &bytes[..length]));
            let mut found = 0;
            digest_each(
                || streams.next(),
                |length, digest| {
                    let expected: [u8; 16] = Md5::digest(&bytes[..length]).into();
                    assert_eq!(digest.unwrap(), expected, "{length} bytes");
                    found += 1;
                },
            );
            assert_eq!(found, count);
        }
    }

    #[test]
    fn a_stream_that_cannot_be_read_does_not_disturb_the_others() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("broken"))
            }
        }
        let good = vec![7; 200_000];
        let mut streams = (0..20).map(|name| {
            let reader: Box<dyn Read + '_> = match name % 3 {
                0 => Box::new(good.get(..1000).unwrap().chain(Broken)),
                _ => Box::new(good.as_slice()),
            };
            (name, reader)
        });
        let expected: [u8; 16] = Md5::digest(&good).into();
        digest_each(
            || streams.next(),
            |name, digest| match name % 3 {
                0 => assert!(digest.is_err()),
                _ => assert_eq!(digest.unwrap(), expected),
            },
        );
    }
}
