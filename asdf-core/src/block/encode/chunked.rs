//! Chunks of the data compressed in parallel and written in order.
//!
//! While one batch of chunks is compressed, the one before it is written and the next one read.

use super::source::Source;
use crate::error::Result;
use rayon::prelude::*;
use std::ops::Range;

/// Bytes of a batch for each thread, unless this is less than two chunks.
const SHARE: usize = 8 << 20;

/// How the data is cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// Bytes of every chunk but the last, which has what is left.
    pub(super) chunk: usize,
    /// Bytes before a chunk that its compression looks at.
    pub(super) before: usize,
}

/// A chunk of the data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk<'d> {
    /// The data before it, as much as asked for, less at the start.
    #[cfg_attr(
        not(feature = "zlib"),
        expect(dead_code, reason = "no other codec of this build looks back")
    )]
    pub(super) before: &'d [u8],
    /// Its own bytes, at least one.
    pub(super) data: &'d [u8],
}

/// Compresses all chunks of `source` with `encode` and hands them to `write` one after the other.
///
/// `encode` finds in its buffer what an earlier call left there, and returns what `write` needs to
/// know about what it leaves. Without data there is no chunk.
pub(super) fn run<N: Send>(
    cut: Cut,
    source: &mut Source<'_>,
    encode: impl Fn(Chunk<'_>, &mut Vec<u8>) -> Result<N> + Sync,
    mut write: impl FnMut(&[u8], N) -> Result<()>,
) -> Result<()> {
    let share = SHARE.checked_div(cut.chunk).unwrap_or(0).max(2);
    let width = share.saturating_mul(rayon::current_num_threads());
    let mut current = Batch::default();
    let mut other = Batch::default();
    current.read(cut, width, source, &[])?;
    while !current.is_empty() {
        let Batch { data, own, slots } = &mut current;
        let chunks: Vec<Chunk<'_>> = chunks(cut, data, own.start).collect();
        let mut meanwhile = Ok(());
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| {
                let jobs = slots.par_iter_mut().zip(chunks).with_max_len(1);
                jobs.for_each(|(slot, chunk)| slot.note = Some(encode(chunk, &mut slot.out)));
            });
            meanwhile = other
                .write(&mut write)
                .and_then(|()| other.read(cut, width, source, data));
        });
        meanwhile?;
        std::mem::swap(&mut current, &mut other);
    }
    other.write(&mut write)
}

/// The chunks in `data`, the first of which begins at `start`.
fn chunks(cut: Cut, data: &[u8], start: usize) -> impl Iterator<Item = Chunk<'_>> {
    let begins = (start..data.len()).step_by(cut.chunk.max(1));
    begins.map(move |begin| {
        let (before, rest) = data.split_at(begin);
        Chunk {
            before: tail(before, cut.before),
            data: rest.get(..cut.chunk).unwrap_or(rest),
        }
    })
}

/// The last bytes, at most that many.
fn tail(data: &[u8], most: usize) -> &[u8] {
    let over = data.len().saturating_sub(most);
    data.get(over..).unwrap_or_default()
}

/// Some chunks and what becomes of them.
struct Batch<N> {
    /// The end of the batch before, and the chunks.
    data: Vec<u8>,
    /// Where the chunks are in that.
    own: Range<usize>,
    /// One for each chunk.
    slots: Vec<Slot<N>>,
}

/// A compressed chunk.
struct Slot<N> {
    out: Vec<u8>,
    note: Option<Result<N>>,
}

impl<N> Default for Batch<N> {
    fn default() -> Self {
        Self {
            data: Vec::new(),
            own: 0..0,
            slots: Vec::new(),
        }
    }
}

impl<N> Batch<N> {
    fn is_empty(&self) -> bool {
        self.own.is_empty()
    }

    /// Reads up to `width` chunks; `earlier` ends with the data before them.
    fn read(
        &mut self,
        cut: Cut,
        width: usize,
        source: &mut Source<'_>,
        earlier: &[u8],
    ) -> Result<()> {
        let before = tail(earlier, cut.before);
        let size = source.at_most(width.saturating_mul(cut.chunk));
        self.own = before.len()..before.len().saturating_add(size);
        if self.data.is_empty() {
            self.data = vec![0; self.own.end];
        } else {
            self.data.resize(self.own.end, 0);
        }
        let (room, own) = self.data.split_at_mut(before.len());
        room.copy_from_slice(before);
        source.fill(own)?;
        let count = size.div_ceil(cut.chunk.max(1));
        self.slots.resize_with(count, || Slot {
            out: Vec::new(),
            note: None,
        });
        Ok(())
    }

    /// Writes the compressed chunks.
    fn write(&mut self, write: &mut impl FnMut(&[u8], N) -> Result<()>) -> Result<()> {
        for slot in &mut self.slots {
            if let Some(note) = slot.note.take() {
                write(&slot.out, note?)?;
            }
        }
        Ok(())
    }
}
