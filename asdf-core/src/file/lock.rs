//! Advisory locks of files, waited for only so long.

use std::fs::File;
use std::fs::TryLockError;
use std::io;
use std::io::ErrorKind;
use std::time::Duration;
use std::time::Instant;

/// How long to wait for another program.
const PATIENCE: Duration = Duration::from_secs(5);
const STEP: Duration = Duration::from_millis(5);

/// What a lock is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Many at a time.
    Read,
    /// One alone.
    Write,
}

/// What came of asking for a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The lock is held as long as the file stays open.
    Held,
    /// The file system has no locks.
    NoLocks,
    /// Another program still holds it.
    Busy,
}

/// Asks for a lock, and waits a few seconds for a program that holds it.
pub(super) fn lock(file: &File, access: Access) -> io::Result<Outcome> {
    let start = Instant::now();
    loop {
        let asked = ask(file, access)?;
        if asked != Outcome::Busy || start.elapsed() >= PATIENCE {
            return Ok(asked);
        }
        std::thread::sleep(STEP);
    }
}

/// Asks for a lock without waiting.
pub(super) fn ask(file: &File, access: Access) -> io::Result<Outcome> {
    loop {
        let tried = match access {
            Access::Read => file.try_lock_shared(),
            Access::Write => file.try_lock(),
        };
        return match tried {
            Ok(()) => Ok(Outcome::Held),
            Err(TryLockError::WouldBlock) => Ok(Outcome::Busy),
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Interrupted => continue,
            Err(TryLockError::Error(error)) if has_no_locks(&error) => Ok(Outcome::NoLocks),
            Err(TryLockError::Error(error)) => Err(error),
        };
    }
}

/// True when the file system, and not the state of the file, is the reason.
fn has_no_locks(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        let none = [Errno::NOLCK, Errno::OPNOTSUPP, Errno::NOSYS, Errno::NOTSUP];
        let code = error.raw_os_error();
        if none.iter().any(|errno| Some(errno.raw_os_error()) == code) {
            return true;
        }
    }
    error.kind() == ErrorKind::Unsupported
}

/// Who holds a lock of the file, for messages: `python3 (process 4711)`, or `another program`.
pub(super) fn holder(file: &File) -> String {
    #[cfg(target_os = "linux")]
    if let Some(process) = process(file) {
        let name = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
        return match name.trim_end().escape_debug().to_string().as_str() {
            "" => format!("process {process}"),
            name => format!("{name} (process {process})"),
        };
    }
    let _ = file;
    "another program".to_owned()
}

/// The process that the kernel's list of locks names for this file.
#[cfg(target_os = "linux")]
fn process(file: &File) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let found = file.metadata().ok()?;
    let device = found.dev();
    let wanted = format!(
        "{:02x}:{:02x}:{}",
        rustix::fs::major(device),
        rustix::fs::minor(device),
        found.ino()
    );
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let words = |line: &str| {
        line.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let process = locks.lines().map(words).find_map(|words| {
        let is_this = words.get(1)? == "FLOCK" && *words.get(5)? == wanted;
        is_this.then(|| words.get(4)?.parse().ok()).flatten()
    })?;
    (process != std::process::id()).then_some(process)
}
