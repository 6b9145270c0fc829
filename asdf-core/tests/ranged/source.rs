//! An object in memory that counts what is asked of it.

use asdf_core::file::{Input, RangeSource, TakePiece};
use asdf_core::{AsdfFile, Limits, OpenOptions};
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Bytes of the begin and of the end that come with the first round trip.
pub(crate) const ENDS: usize = 64 << 10;

/// How a source fails.
pub(crate) type Fault = Box<dyn Fn(&Range<u64>) -> io::Result<()> + Send + Sync>;

pub(crate) struct Object {
    bytes: Vec<u8>,
    calls: AtomicU64,
    requests: AtomicU64,
    come: AtomicU64,
    fault: Mutex<Option<Fault>>,
}

impl std::fmt::Debug for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Object({} bytes)", self.bytes.len())
    }
}

/// What was asked since the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) calls: u64,
    pub(crate) requests: u64,
    pub(crate) bytes: u64,
}

impl Object {
    pub(crate) fn new(bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self {
            bytes,
            calls: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            come: AtomicU64::new(0),
            fault: Mutex::new(None),
        })
    }

    pub(crate) fn fail(&self, fault: Option<Fault>) {
        *self.fault.lock().unwrap() = fault;
    }

    pub(crate) fn asked(&self) -> Asked {
        Asked {
            calls: self.calls.swap(0, Ordering::SeqCst),
            requests: self.requests.swap(0, Ordering::SeqCst),
            bytes: self.come.swap(0, Ordering::SeqCst),
        }
    }

    /// The input, of which the begin and the end are known.
    pub(crate) fn input(self: &Arc<Self>) -> Input {
        let head = &self.bytes[..self.bytes.len().min(ENDS)];
        let at = self.bytes.len().saturating_sub(ENDS);
        let known = [(0, head), (at as u64, &self.bytes[at..])];
        Input::ranged(self.clone(), &known, &Limits::default()).unwrap()
    }

    pub(crate) fn open(self: &Arc<Self>) -> AsdfFile {
        let options = OpenOptions::default();
        options.read_input(self.input(), "object").unwrap()
    }
}

impl RangeSource for Object {
    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn fetch(&self, ranges: &[Range<u64>], take: TakePiece<'_>) -> io::Result<()> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        for range in ranges {
            self.requests.fetch_add(1, Ordering::SeqCst);
            if let Some(fault) = &*self.fault.lock().unwrap() {
                fault(range)?;
            }
            let at = |place: u64| usize::try_from(place).unwrap();
            let bytes = &self.bytes[at(range.start)..at(range.end)];
            self.come.fetch_add(bytes.len() as u64, Ordering::SeqCst);
            // In pieces, the last one first.
            for (number, piece) in bytes.chunks(100_000).enumerate().rev() {
                take(range.start + number as u64 * 100_000, piece)?;
            }
        }
        Ok(())
    }
}
