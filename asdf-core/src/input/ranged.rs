//! Bytes that are elsewhere and come by range: a file that fills up as they are asked for.
//!
//! Granules of the file are missing, in flight or present. Only present ones are handed out, and nothing is written to them any
//! more; the lock is held to look and to mark, never while bytes are on their way.

use super::runs::{Runs, join};
use super::{mapped, sparse, ticket};
use crate::error::{Error, LimitExceeded, Result};
use crate::limits::Limit;
use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Duration;

/// What a source hands pieces to, each with its offset.
pub type TakePiece<'t> = &'t mut dyn FnMut(u64, &[u8]) -> io::Result<()>;

/// Bytes of one object, by range. Blocks until they are there; is called from any thread, and from several at a time.
///
/// # Examples
/// ```
/// use asdf_core::file::{RangeSource, TakePiece};
/// use std::io;
/// use std::ops::Range;
///
/// #[derive(Debug)]
/// struct Memory(Vec<u8>);
///
/// impl RangeSource for Memory {
///     fn size(&self) -> u64 {
///         self.0.len() as u64
///     }
///
///     fn fetch(&self, ranges: &[Range<u64>], take: TakePiece<'_>) -> io::Result<()> {
///         for range in ranges {
///             take(range.start, &self.0[range.start as usize..range.end as usize])?;
///         }
///         Ok(())
///     }
/// }
/// ```
pub trait RangeSource: Send + Sync + fmt::Debug {
    /// Bytes of the object, which do not change.
    fn size(&self) -> u64;

    /// Hands all bytes of these ranges to `take`: in pieces of any size and in any order, each once. The ranges are in order
    /// and apart from each other; they may be asked for in parallel, as what is needed for one round trip comes in one call. A source
    /// that waits for long hands over an empty piece at the start of a range now and then: the answer tells whether it is still
    /// expected.
    ///
    /// # Errors
    /// The bytes cannot be had; what `take` returns. An [`Error`] of this crate may travel within the [`io::Error`].
    fn fetch(&self, ranges: &[Range<u64>], take: TakePiece<'_>) -> io::Result<()>;
}

/// Bytes that come at least together.
const GRANULE: u64 = 4 << 10;
/// Ranges that are asked for in one round trip; beyond, near ones are joined.
const TOGETHER: usize = 24;
/// Bytes between two ranges that are fetched for the sake of one request less.
const GAP: u64 = 128 << 10;
/// Bytes that one pass over much data asks for together.
const PART: u64 = 4 << 20;
/// Bytes of a step of a walk over small pieces, such as the headers of empty blocks.
const STEP: u64 = 64 << 10;
/// Bytes that are fetched at most for the next steps of such a walk.
const STEPS: u64 = 1 << 20;
/// How long it takes to see that nobody waits any more.
const PATIENCE: Duration = Duration::from_millis(100);
/// Parts that are on their way after the one that is waited for, and threads that wait for them.
const AHEAD: u64 = 4;

/// A file that fills up.
pub(super) struct Ranged {
    source: Arc<dyn RangeSource>,
    file: File,
    map: Option<memmap2::Mmap>,
    size: u64,
    /// Bytes that may be kept.
    limit: u64,
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct State {
    present: Runs,
    flying: Runs,
    /// Bytes that are present or in flight.
    kept: u64,
    /// Where the last fetch ended, when there was one, and how much more than was asked for it brought.
    walked: Option<u64>,
    stride: u64,
    /// What is to come without anybody waiting for it yet.
    wanted: VecDeque<Range<u64>>,
    workers: u64,
}

/// Marks ranges as no longer in flight, also when the source panics.
struct Flight<'r> {
    ranged: &'r Ranged,
    ranges: Vec<Range<u64>>,
    has_landed: AtomicBool,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        let mut state = self.ranged.lock();
        for range in &self.ranges {
            state.flying.remove(range);
            if self.has_landed.load(Ordering::Relaxed) {
                state.present.insert(range);
            } else {
                state.kept = state.kept.saturating_sub(length(range));
            }
        }
        drop(state);
        self.ranged.arrived.notify_all();
    }
}

impl Ranged {
    /// Nothing but `known` pieces, each at its offset.
    pub(super) fn new(
        source: Arc<dyn RangeSource>,
        known: &[(u64, &[u8])],
        limit: u64,
    ) -> Result<Self> {
        let size = source.size();
        if usize::try_from(size).is_err() || i64::try_from(size).is_err() {
            let text = format!("an object of {size} bytes cannot be mapped here");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, text).into());
        }
        let file = sparse::create(size)?;
        let map = if size > 0 {
            Some(mapped::map(&file, size)?)
        } else {
            None
        };
        let mut state = State::default();
        for (offset, bytes) in known {
            let end = offset.saturating_add(bytes.len() as u64);
            let whole = Self::inside(&(*offset..end), size);
            if end <= size && !whole.is_empty() {
                sparse::write(&file, bytes, *offset)?;
                let missing = state.present.gaps(&whole);
                let count: u64 = missing.iter().map(length).sum();
                state.kept = state.kept.saturating_add(count);
                state.present.insert(&whole);
            }
        }
        Ok(Self {
            source,
            file,
            map,
            size,
            limit,
            state: Mutex::new(state),
            arrived: Condvar::new(),
        })
    }

    /// The whole granules within a range.
    fn inside(range: &Range<u64>, size: u64) -> Range<u64> {
        let start = down(range.start.saturating_add(GRANULE - 1), GRANULE);
        let end = if range.end == size {
            size
        } else {
            down(range.end, GRANULE)
        };
        start..end.max(start)
    }

    /// The granules that a range touches.
    fn around(&self, range: &Range<u64>, unit: u64) -> Range<u64> {
        let end = range.end.min(self.size);
        let start = range.start.min(end);
        if start == end {
            return start..end;
        }
        let behind = end.checked_next_multiple_of(unit).unwrap_or(self.size);
        down(start, unit)..behind.min(self.size)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All bytes as they are mapped; those that are not present must not be looked at.
    pub(super) fn mapped(&self) -> &[u8] {
        self.map.as_deref().unwrap_or_default()
    }

    /// The file, for bytes that are present.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// True when all of a range is present.
    pub(super) fn has(&self, range: &Range<u64>) -> bool {
        self.lock().present.covers(&self.around(range, GRANULE))
    }

    /// Waits until these ranges are present.
    pub(super) fn fill(&self, ranges: &[Range<u64>]) -> Result<()> {
        let ranges: Vec<Range<u64>> = ranges
            .iter()
            .map(|range| self.around(range, GRANULE))
            .filter(|range| !range.is_empty())
            .collect();
        self.fill_granules(&ranges)
    }

    /// As [`fill`](Self::fill) in one pass over the bytes up to `end`: more of them come meanwhile.
    pub(super) fn fill_ahead(self: &Arc<Self>, range: &Range<u64>, end: u64) -> Result<()> {
        if end.saturating_sub(range.start) <= PART {
            let rest = range.start..end;
            return self.fill(std::slice::from_ref(&rest));
        }
        let part = self.around(range, PART);
        let part = part.start..part.end.min(end).max(range.end);
        let ahead = part.end..part.end.saturating_add(AHEAD.saturating_mul(PART)).min(end);
        self.want_later(&ahead);
        self.fill(&[part])
    }

    fn fill_granules(&self, ranges: &[Range<u64>]) -> Result<()> {
        let mut state = self.lock();
        loop {
            let missing: Vec<Range<u64>> = ranges
                .iter()
                .flat_map(|range| state.present.gaps(range))
                .collect();
            if missing.is_empty() {
                return Ok(());
            }
            let mut mine = Runs::default();
            for gap in missing.iter().flat_map(|range| state.flying.gaps(range)) {
                mine.insert(&gap);
            }
            if mine.is_empty() {
                // Somebody else waits for all of it.
                let woken = self.arrived.wait_timeout(state, PATIENCE);
                state = woken.unwrap_or_else(PoisonError::into_inner).0;
                ticket::check_expected()?;
                continue;
            }
            ticket::check_expected()?;
            self.walk(&mut state, &missing, &mut mine);
            let flight = self.start(&mut state, &mine)?;
            drop(state);
            self.fetch(&flight)?;
            drop(flight);
            state = self.lock();
        }
    }

    /// Adds what a walk in small steps is going to ask for: where it goes on where the last fetch ended, twice as much each time.
    fn walk(&self, state: &mut State, missing: &[Range<u64>], mine: &mut Runs) {
        let step = match missing {
            [step] if length(step) <= STEP => step.clone(),
            _ => {
                state.stride = 0;
                return;
            }
        };
        let goes_on = state.walked == Some(step.start);
        state.stride = if goes_on {
            state.stride.saturating_mul(2).clamp(GRANULE, STEPS)
        } else {
            0
        };
        let end = step.end.saturating_add(state.stride).min(self.size);
        let more = end.saturating_sub(step.start);
        state.walked = Some(step.end);
        // Within the limit what is needed comes first.
        if more > length(&step) && state.kept.saturating_add(more) <= self.limit {
            for gap in state.present.gaps(&(step.end..end)) {
                state
                    .flying
                    .gaps(&gap)
                    .iter()
                    .for_each(|part| mine.insert(part));
            }
            state.walked = Some(end);
        }
    }

    /// Marks what is missing as in flight, with what lies between where that saves requests.
    fn start(&self, state: &mut State, mine: &Runs) -> Result<Flight<'_>> {
        let all = 0..self.size;
        // The set turned inside out twice is the list of its ranges.
        let mut outside = Runs::default();
        mine.gaps(&all).iter().for_each(|gap| outside.insert(gap));
        let joined = join(outside.gaps(&all), TOGETHER, GAP);
        let mut ranges = Vec::new();
        for range in &joined {
            for gap in state.present.gaps(range) {
                ranges.extend(state.flying.gaps(&gap));
            }
        }
        let more: u64 = ranges.iter().map(length).sum();
        let needed = state.kept.saturating_add(more);
        let what = "bytes of an object that are kept";
        LimitExceeded::check(what, Limit::InputBytes, needed, self.limit)?;
        state.kept = needed;
        for range in &ranges {
            state.flying.insert(range);
        }
        Ok(Flight {
            ranged: self,
            ranges,
            has_landed: AtomicBool::new(false),
        })
    }

    fn fetch(&self, flight: &Flight<'_>) -> Result<()> {
        let wanted: u64 = flight.ranges.iter().map(length).sum();
        let mut come = 0_u64;
        let mut take = |offset: u64, bytes: &[u8]| {
            let end = offset.saturating_add(bytes.len() as u64);
            let mut ranges = flight.ranges.iter();
            if !ranges.any(|range| range.start <= offset && end <= range.end) {
                let text =
                    format!("the source gave bytes {offset} to {end}, which nobody asked for");
                return Err(io::Error::other(text));
            }
            ticket::check_expected().map_err(io::Error::other)?;
            come = come.saturating_add(bytes.len() as u64);
            sparse::write(&self.file, bytes, offset)
        };
        self.source.fetch(&flight.ranges, &mut take)?;
        if come != wanted {
            let text = format!("the source gave {come} bytes of {wanted}");
            return Err(Error::from(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                text,
            )));
        }
        flight.has_landed.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Has threads fetch a range, part by part; who needs some of it before fetches that itself.
    pub(super) fn want_later(self: &Arc<Self>, range: &Range<u64>) {
        let range = self.around(range, GRANULE);
        let mut state = self.lock();
        let mut at = range.start;
        while at < range.end {
            let end = down(at.saturating_add(PART), PART).min(range.end);
            let part = at..end;
            let is_coming = state.wanted.contains(&part)
                || state.present.covers(&part)
                || state.flying.covers(&part);
            if !is_coming {
                state.wanted.push_back(part);
            }
            at = end;
        }
        let waiting = state.wanted.len() as u64;
        while state.workers < AHEAD.min(waiting) {
            let weak = Arc::downgrade(self);
            // Without a thread the bytes come when they are asked for.
            let spawned = thread::Builder::new().spawn(move || Self::work(&weak));
            if spawned.is_err() {
                return;
            }
            state.workers = state.workers.saturating_add(1);
        }
    }

    /// Fetches what is wanted until there is no more, or nobody holds the file any longer.
    fn work(weak: &Weak<Self>) {
        while let Some(ranged) = weak.upgrade() {
            let mut state = ranged.lock();
            let Some(part) = state.wanted.pop_front() else {
                state.workers = state.workers.saturating_sub(1);
                return;
            };
            drop(state);
            // Who needs the part asks again, and is told what is wrong.
            let _ = ranged.fill(&[part]);
        }
    }
}

/// The last multiple of a unit that is not greater.
fn down(place: u64, unit: u64) -> u64 {
    place.saturating_sub(place.checked_rem(unit).unwrap_or(0))
}

fn length(range: &Range<u64>) -> u64 {
    range.end.saturating_sub(range.start)
}
