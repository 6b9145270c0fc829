//! The threads of heavy work. Those of rayon's own pool are not there any more in a process that was forked, and whoever waits
//! for them waits for ever: so each process makes its own.

use pyo3::PyResult;
use pyo3::exceptions::PyRuntimeError;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

struct Pool {
    process: u32,
    threads: ThreadPool,
}

/// The pool of this process, or of the one that it was forked from. Not a lock, which may be held while it is forked.
static POOL: AtomicPtr<Pool> = AtomicPtr::new(ptr::null_mut());

/// Does the work on the threads of this process.
pub(crate) fn run<T: Send>(work: impl FnOnce() -> T + Send) -> PyResult<T> {
    Ok(pool()?.threads.install(work))
}

fn pool() -> PyResult<&'static Pool> {
    let found = POOL.load(Ordering::Acquire);
    // SAFETY: the pointer is null or from `Box::into_raw` below; what it points to is never freed.
    if let Some(pool) = unsafe { found.as_ref() }
        && pool.process == std::process::id()
    {
        return Ok(pool);
    }
    let threads = ThreadPoolBuilder::new()
        .thread_name(|index| format!("asdfkit-{index}"))
        .build()
        .map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    let process = std::process::id();
    let made = Box::into_raw(Box::new(Pool { process, threads }));
    match POOL.compare_exchange(found, made, Ordering::AcqRel, Ordering::Acquire) {
        // SAFETY: as above; the pool of the process before is left as it is, its threads are not there.
        Ok(_) => Ok(unsafe { &*made }),
        Err(first) => {
            // SAFETY: nobody else has seen the one that was made here; the first is one of this process.
            unsafe {
                drop(Box::from_raw(made));
                Ok(&*first)
            }
        }
    }
}
