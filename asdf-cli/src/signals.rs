//! What is left when a signal ends the command: nothing of files and objects that are not complete.

#[cfg(feature = "remote")]
mod upload;

#[cfg(feature = "remote")]
pub(crate) use upload::Upload;

use std::sync::Once;

/// From now on files under way are removed before a signal ends the process, as it would have ended it otherwise. An object that is
/// being written is taken back first; a second signal does not wait for that. Commands that write nothing do not come here, and are
/// ended by the signal itself.
pub(crate) fn remove_outputs() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(listen);
}

#[cfg(unix)]
fn listen() {
    let signals = wanted();
    let Ok(mut signals) = signal_hook::iterator::Signals::new(signals) else {
        return;
    };
    let end = move || {
        for signal in signals.forever() {
            asdf_core::file::remove_files_under_way();
            #[cfg(feature = "remote")]
            if upload::is_asked_to_stop() {
                continue;
            }
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    };
    // Without the thread the signals would do nothing; there is none only where nothing works any more.
    let thread = std::thread::Builder::new().name("signals".to_owned());
    drop(thread.spawn(end));
}

/// There are no such signals here.
#[cfg(not(unix))]
fn listen() {}

/// The signals that end a command, but for those that it was started to ignore (`nohup`, a script's `&`).
#[cfg(unix)]
fn wanted() -> Vec<i32> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let status = std::fs::read_to_string("/proc/self/status");
    let ignored = status.ok().and_then(|status| {
        let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        u64::from_str_radix(line?.trim(), 16).ok()
    });
    match ignored {
        Some(ignored) => {
            let is_heard = |signal: &i32| ignored >> (*signal - 1) & 1 == 0;
            [SIGHUP, SIGINT, SIGTERM]
                .into_iter()
                .filter(is_heard)
                .collect()
        }
        // It cannot be told, and these are rarely ignored.
        None => vec![SIGTERM],
    }
}
