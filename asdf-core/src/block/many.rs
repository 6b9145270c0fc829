//! Work on many blocks at a time.

use super::Block;
use super::Verdict;
use super::checksum;
use crate::error::Error;
use crate::error::Result;
use crate::error::Warning;
use std::cmp::Reverse;
use std::sync::Mutex;
use std::sync::PoisonError;

/// Does the same with each block, several at a time, the longest first; the results come in the
/// order of `blocks`. As many blocks are in work as there are threads in the current rayon pool.
pub(super) fn map_blocks<'f, T: Send>(
    blocks: &[Block<'f>],
    work: impl Fn(Block<'f>) -> T + Send + Sync,
) -> Vec<T> {
    let threads = rayon::current_num_threads().min(blocks.len());
    share(blocks, threads, |next, done| {
        while let Some((index, block)) = next() {
            done(index, work(block));
        }
    })
}

/// Runs `work` in so many threads of the current rayon pool: it takes blocks, the longest first, and tells the result of each. The
/// results come in the order of `blocks`.
fn share<'f, T: Send>(
    blocks: &[Block<'f>],
    threads: usize,
    work: impl Fn(&dyn Fn() -> Option<(usize, Block<'f>)>, &dyn Fn(usize, T)) + Send + Sync,
) -> Vec<T> {
    let mut order: Vec<(usize, Block<'f>)> = blocks.iter().copied().enumerate().collect();
    order.sort_by_key(|(_, block)| Reverse(block.header().available.max(block.decoded_size())));
    let waiting = Mutex::new(order.into_iter());
    let done = Mutex::new(Vec::with_capacity(blocks.len()));
    let next = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    };
    let tell = |index: usize, result: T| {
        done.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((index, result));
    };
    rayon::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|_| work(&next, &tell));
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|&(index, _)| index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// What a full check of one block found.
#[derive(Debug)]
pub struct BlockReport {
    /// Number of the block.
    pub index: usize,
    /// The state of its checksum; `None` when its stored bytes cannot be read.
    pub verdict: Option<Verdict>,
    /// What forbids to read the block or to decode it.
    pub error: Option<Error>,
    /// Why the data cannot be decoded although nothing is wrong with it: a codec that is not known here.
    pub unsupported: Option<Error>,
    /// Oddities of data that can be decoded.
    pub warnings: Vec<Warning>,
}

impl BlockReport {
    /// True when its bytes are there, their checksum is not wrong, and they decode to what the header
    /// promises, if their codec is known.
    pub fn is_sound(&self) -> bool {
        let mismatch = matches!(self.verdict, Some(Verdict::Mismatch { .. }));
        self.error.is_none() && self.warnings.is_empty() && !mismatch
    }
}

/// Checks many blocks in parallel: checksums, and whether compressed data decodes to what the
/// header promises. Memory does not depend on their sizes. An unknown codec is not an error here.
pub fn report_all(blocks: &[Block<'_>]) -> Vec<BlockReport> {
    let mut reports = hash_all(blocks);
    let problems = map_blocks(blocks, Block::problems);
    for (report, problems) in reports.iter_mut().zip(problems) {
        if report.error.is_some() {
            continue;
        }
        match problems {
            Ok(found) => report.warnings = found,
            Err(found) if found.is_unsupported() => report.unsupported = Some(found),
            Err(found) => report.error = Some(found),
        }
    }
    reports
}

/// Only the checksums of many blocks, in parallel; what they decode to is not looked at.
pub(crate) fn hash_all(blocks: &[Block<'_>]) -> Vec<BlockReport> {
    let verdicts = blocks.iter().zip(verify_all(blocks));
    let report = |(block, verdict): (&Block<'_>, Result<Verdict>)| {
        let (verdict, error) = match verdict {
            Ok(verdict) => (Some(verdict), None),
            Err(error) => (None, Some(error)),
        };
        BlockReport {
            index: block.header().index,
            verdict,
            error,
            unsupported: None,
            warnings: Vec::new(),
        }
    };
    verdicts.map(report).collect()
}

/// Threads for so many blocks, at least one. Hashing a few of them side by side takes as long as hashing as many as there are
/// lanes, so that a second thread with some of them would take processor time and gain none.
fn hashing_threads(blocks: usize) -> usize {
    let all = rayon::current_num_threads();
    let wanted = if blocks <= all {
        blocks
    } else {
        blocks.div_ceil(checksum::LANES)
    };
    wanted.min(all)
}

/// Checks the checksums of many blocks, several side by side in each thread; memory does not depend on their sizes.
pub fn verify_all(blocks: &[Block<'_>]) -> Vec<Result<Verdict>> {
    if let [block] = blocks {
        return vec![block.verify()];
    }
    share(blocks, hashing_threads(blocks.len()), |next, done| {
        let stored = || loop {
            let (index, block) = next()?;
            match checksum::recorded(block.as_it_is()) {
                Ok(Some(stored)) => return Some(((index, block.as_it_is()), stored)),
                Ok(None) => done(index, Ok(Verdict::Absent)),
                Err(error) => done(index, Err(error)),
            }
        };
        checksum::digest_each(stored, |(index, block), digest| {
            done(index, digest.map(|digest| checksum::verdict(block, digest)));
        });
    })
}
