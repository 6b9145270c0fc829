//! Whether what a thread waits for is still wanted.

use crate::error::{ErrorKind, Result};
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    /// Set by others when nobody waits for this thread's work any more.
    static DROPPED: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// Does some work; bytes that this thread waits for meanwhile are given up when the flag is set, and the work ends with
/// [`ErrorKind::Cancelled`].
pub fn unless_dropped<T>(dropped: &Arc<AtomicBool>, work: impl FnOnce() -> T) -> T {
    /// Puts back what was there before, also when the work panics.
    struct Before(Option<Arc<AtomicBool>>);
    impl Drop for Before {
        fn drop(&mut self) {
            DROPPED.set(self.0.take());
        }
    }
    let _before = Before(DROPPED.replace(Some(Arc::clone(dropped))));
    work()
}

/// An error, [`ErrorKind::Cancelled`], when the flag is set that [`unless_dropped`] was given: to be asked by what waits.
///
/// # Errors
/// Nobody waits for this thread's work any more.
pub fn check_expected() -> Result<()> {
    let is_dropped = |flag: &Arc<AtomicBool>| flag.load(Ordering::Relaxed);
    if DROPPED.with_borrow(|flag| flag.as_ref().is_some_and(is_dropped)) {
        return Err(ErrorKind::Cancelled.into());
    }
    Ok(())
}
