//! Objects that are being written when a signal comes: what was sent is taken back before the command ends.

use crate::report;
use asdf_core::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Objects that are being written.
static COUNT: Mutex<usize> = Mutex::new(0);
/// True after a signal that came while something was written.
static IS_ASKED: AtomicBool = AtomicBool::new(false);

fn count() -> MutexGuard<'static, usize> {
    COUNT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks what writes objects to take them back; false when nothing does, or when it has been asked before.
#[cfg(unix)]
pub(super) fn is_asked_to_stop() -> bool {
    *count() > 0 && !IS_ASKED.swap(true, Ordering::SeqCst)
}

/// An object that is being written.
#[derive(Debug)]
pub(crate) struct Upload(());

impl Upload {
    /// From now on a signal does not end the command, but sets the flag.
    pub(crate) fn begin() -> Self {
        super::remove_outputs();
        let mut count = count();
        *count = count.saturating_add(1);
        Self(())
    }

    /// The flag that a signal sets.
    #[expect(
        clippy::unused_self,
        reason = "it is looked at while something is written"
    )]
    pub(crate) fn flag(&self) -> &AtomicBool {
        &IS_ASKED
    }

    /// Ends the command after a signal: as soon as all that was sent is taken back.
    pub(crate) fn leave(self, error: &Error) -> ! {
        report::last(&error.to_string());
        drop(self);
        while *count() > 0 {
            std::thread::sleep(Duration::from_millis(10));
        }
        // As `Exit::Trouble`: other threads are at work that nobody waits for.
        std::process::exit(2)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let mut count = count();
        *count = count.saturating_sub(1);
    }
}
