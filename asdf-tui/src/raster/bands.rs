//! Planes of which a window costs as much as a whole band of rows: the bands in use are kept.

use asdf_core::{ArrayData, Error, Result};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Bytes of a plane from which on it is read in bands.
pub(super) const LARGE: u64 = 64 << 20;
/// Bytes of a band, where the rows that are decoded together have no more.
const BAND: u64 = 4 << 20;
/// Bytes of all bands that are kept, but for two.
const KEPT: u64 = 96 << 20;

/// The data of a band, once somebody has read it.
type Slot<'f> = Arc<Mutex<Option<Arc<ArrayData<'f>>>>>;

/// Bands of equally many rows.
#[derive(Debug)]
pub(super) struct Bands<'f> {
    rows: u64,
    most: usize,
    /// Those that were used last, the last of them at the end.
    kept: Mutex<VecDeque<(u64, Slot<'f>)>>,
    /// Decodes, while the threads that draw may all be waiting for one band.
    pool: ThreadPool,
}

impl<'f> Bands<'f> {
    /// Bands of rows of so many bytes, of which so many are decoded together.
    ///
    /// # Errors
    /// There are no threads to be had.
    pub(super) fn new(row_bytes: u64, together: u64) -> Result<Self> {
        let rows = (BAND / row_bytes.max(1)).max(1);
        let rows = rows
            .div_ceil(together.max(1))
            .saturating_mul(together.max(1));
        let band = rows.saturating_mul(row_bytes).max(1);
        let threads = ThreadPoolBuilder::new().num_threads(rayon::current_num_threads());
        let pool = threads
            .build()
            .map_err(|error| Error::from(io::Error::other(error)))?;
        Ok(Self {
            rows,
            most: usize::try_from((KEPT / band).clamp(2, 16)).unwrap_or(2),
            kept: Mutex::default(),
            pool,
        })
    }

    /// The rows of the band that a row of `height` lies in.
    pub(super) fn around(&self, row: u64, height: u64) -> Range<u64> {
        let start = row - row % self.rows;
        start..start.saturating_add(self.rows).min(height)
    }

    /// The band that begins with a row; `load` reads it when it is not kept.
    pub(super) fn get(
        &self,
        start: u64,
        load: impl FnOnce() -> Result<ArrayData<'f>> + Send,
    ) -> Result<Arc<ArrayData<'f>>> {
        let slot = self.slot(start);
        // One reads, the others wait.
        let mut held = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(data) = &*held {
            return Ok(Arc::clone(data));
        }
        // A thread of the caller's pool that waits takes other work, which may need this very band.
        let data = thread::scope(|scope| {
            let work = scope.spawn(|| self.pool.install(load));
            work.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        let data = Arc::new(data?);
        *held = Some(Arc::clone(&data));
        Ok(data)
    }

    fn slot(&self, start: u64) -> Slot<'f> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().position(|entry| entry.0 == start);
        let entry = known.and_then(|at| kept.remove(at));
        let entry = entry.unwrap_or_else(|| (start, Slot::default()));
        let slot = Arc::clone(&entry.1);
        if kept.len() >= self.most {
            kept.pop_front();
        }
        kept.push_back(entry);
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use asdf_core::OpenOptions;
    use asdf_core::array::Slice;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_band_in_use_is_read_once_and_few_are_kept() {
        let text = "#ASDF 1.0.0\n%YAML 1.1\n--- !<tag:stsci.edu:asdf/core/asdf-1.1.0>\na: !<tag:stsci.edu:asdf/core/ndarray-1.1.0> [1, 2, 3]\n...\n";
        let file = OpenOptions::default()
            .read_bytes(text.into(), "x.asdf")
            .unwrap();
        let array = file.array("a").unwrap();
        let bands = Bands::new(1 << 20, 48).unwrap();
        assert_eq!((bands.rows, bands.most), (48, 2));
        assert_eq!(bands.around(100, 1000), 96..144);
        assert_eq!(bands.around(990, 1000), 960..1000);
        let reads = AtomicUsize::new(0);
        let get = |start| {
            let load = || {
                reads.fetch_add(1, Ordering::Relaxed);
                array.copy_slices(&[Slice::ALL])
            };
            assert_eq!(bands.get(start, load).unwrap().len(), 3);
        };
        for start in [0, 48, 0, 48, 0] {
            get(start);
        }
        assert_eq!(reads.load(Ordering::Relaxed), 2);
        // The one that was not used for longest makes room.
        for start in [96, 0, 48] {
            get(start);
        }
        assert_eq!(reads.load(Ordering::Relaxed), 4);
    }
}
