//! Ctrl-C while an object is written: what was sent is taken back before the command ends.

use crate::report;
use asdf_core::Error;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// What a signal finds.
#[derive(Debug, Default)]
struct State {
    /// True while nothing is written: a signal ends the command at once.
    is_idle: Arc<AtomicBool>,
    /// True after a signal that came while something was written. A second one ends the command at once.
    is_asked: Arc<AtomicBool>,
    /// Objects that are being written.
    count: Mutex<usize>,
}

impl State {
    /// The state of the process, which signals lead to from the first call on.
    fn get() -> io::Result<&'static Self> {
        static STATE: OnceLock<Result<State, io::ErrorKind>> = OnceLock::new();
        let state = STATE.get_or_init(|| {
            let state = Self::default();
            state.is_idle.store(true, Ordering::SeqCst);
            state.listen().map_err(|error| error.kind())?;
            Ok(state)
        });
        state.as_ref().map_err(|kind| (*kind).into())
    }

    fn count(&self) -> MutexGuard<'_, usize> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(unix)]
    fn listen(&self) -> io::Result<()> {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        use signal_hook::flag::{register, register_conditional_default};
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // In this order: the first signal finds what was before it.
            register_conditional_default(signal, Arc::clone(&self.is_idle))?;
            register_conditional_default(signal, Arc::clone(&self.is_asked))?;
            register(signal, Arc::clone(&self.is_asked))?;
        }
        Ok(())
    }

    /// Elsewhere the command ends, and the server keeps the parts that it has.
    #[cfg(not(unix))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "as on other systems"
    )]
    fn listen(&self) -> io::Result<()> {
        Ok(())
    }
}

/// An object that is being written.
#[derive(Debug)]
pub(crate) struct Interrupt(&'static State);

impl Interrupt {
    /// From now on a signal does not end the command, but sets the flag.
    pub(crate) fn watch() -> io::Result<Self> {
        let state = State::get()?;
        let mut count = state.count();
        *count += 1;
        state.is_idle.store(false, Ordering::SeqCst);
        drop(count);
        Ok(Self(state))
    }

    /// The flag that a signal sets.
    pub(crate) fn flag(&self) -> &AtomicBool {
        &self.0.is_asked
    }

    /// Ends the command after a signal: as soon as all that was sent is taken back.
    pub(crate) fn leave(self, error: &Error) -> ! {
        report::last(&error.to_string());
        let state = self.0;
        drop(self);
        while *state.count() > 0 {
            std::thread::sleep(Duration::from_millis(10));
        }
        // As `Exit::Trouble`: other threads are at work that nobody waits for.
        std::process::exit(2)
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        let mut count = self.0.count();
        *count = count.saturating_sub(1);
        self.0.is_idle.store(*count == 0, Ordering::SeqCst);
    }
}
