//! Stops the commands that write at every single change of a file, and looks at what is left.
//!
//! For each scenario the command runs once unharmed; a library loaded in front of the C library
//! (`shim.c`) counts its changes of files. Then it runs again for each number and each way to
//! fail: killed, out of space, a failing disk, a power failure. Afterwards the folder must hold
//! the old or the new state, whole. Prints the number of points tried; see `shim.c` for the ways.
#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(clippy::print_stderr, reason = "says what was tried")]

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod linux {
    mod inputs;
    mod point;
    mod race;
    mod scenario;
    mod shim;
    mod stand_in;
    mod state;
    mod trials;

    pub(crate) use trials::main;
}

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
fn main() {
    linux::main();
}

#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
fn main() {
    eprintln!("crash test: SKIPPED, it needs Linux on x86_64 or aarch64");
}
