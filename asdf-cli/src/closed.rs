//! Whether standard output was closed (`>&-`) when the program began.
//!
//! Before `main` Rust's runtime opens `/dev/null` in place of a standard stream that is closed, and afterwards nothing tells it from one
//! that the caller has opened there. So this looks before the runtime does, as one of the functions that the loader calls.

#![cfg_attr(
    unix,
    expect(
        unsafe_code,
        reason = "only a named section of the program brings a function before the runtime"
    )
)]

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

static IS_CLOSED: AtomicBool = AtomicBool::new(false);

// The loader calls each function of this section with no other thread there; this one asks the kernel about a number and writes an
// atomic, and needs nothing of the runtime.
#[cfg(unix)]
#[used]
#[cfg_attr(
    target_vendor = "apple",
    unsafe(link_section = "__DATA,__mod_init_func")
)]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
static LOOK: extern "C" fn() = look;

#[cfg(unix)]
extern "C" fn look() {
    let is_closed = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err();
    IS_CLOSED.store(is_closed, Ordering::Relaxed);
}

/// Refuses to print to a standard output that was closed: nobody could get it.
///
/// # Errors
/// It was closed.
pub(crate) fn check() -> io::Result<()> {
    if IS_CLOSED.load(Ordering::Relaxed) {
        return Err(io::Error::other("it is closed"));
    }
    Ok(())
}
