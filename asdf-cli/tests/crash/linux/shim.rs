//! Compiles the library that counts and hurts, and runs programs under it.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// Exit code of a program that was stopped.
pub(crate) const KILLED: i32 = 137;

/// Ways to stop a program that take back what was not brought to disk. A new file may be lost then, as with `cp`;
/// what stood there before may not.
pub(crate) const POWER_FAILURES: [&str; 4] = ["lost", "reordered", "unlisted", "undeleted"];
/// Those after which the program goes on and reports the error.
pub(crate) const ERRORS: [&str; 3] = ["eio", "enospc", "dead"];

/// A folder for everything, in memory where that is possible: the test syncs a lot.
pub(crate) struct Workshop {
    pub(crate) folder: tempfile::TempDir,
    library: PathBuf,
    next: AtomicU64,
}

/// What runs: a program, and what its environment holds besides.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) exe: PathBuf,
    pub(crate) environment: Vec<(&'static str, String)>,
    pub(crate) arguments: Vec<String>,
    /// Whether nothing may change files past the library; not for programs that start others.
    pub(crate) guarded: bool,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
}

/// One counted change of a file.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) kind: String,
    pub(crate) path: String,
    pub(crate) bytes: u64,
}

impl Call {
    /// Whether half of it can be done.
    pub(crate) fn divides(&self) -> bool {
        self.bytes > 1
    }
}

impl Workshop {
    /// Makes the folder and compiles the library with the system's C compiler.
    pub(crate) fn new() -> Result<Self, String> {
        let memory = Path::new("/dev/shm");
        let folder = tempfile::Builder::new()
            .prefix("asdf-crash-")
            .tempdir_in(memory)
            .or_else(|_| tempfile::tempdir())
            .map_err(|error| format!("no folder for the test: {error}"))?;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/linux/shim.c");
        let library = folder.path().join("shim.so");
        let done = Command::new("cc")
            .args([
                "-std=gnu11",
                "-O1",
                "-Wall",
                "-Werror",
                "-shared",
                "-fPIC",
                "-o",
            ])
            .arg(&library)
            .arg(&source)
            .arg("-lpthread")
            .output()
            .map_err(|error| format!("cc does not run: {error}"))?;
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).into_owned());
        }
        Ok(Self {
            folder,
            library,
            next: AtomicU64::new(0),
        })
    }

    /// A path that nobody uses yet.
    pub(crate) fn fresh(&self, what: &str) -> PathBuf {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.folder.path().join(format!("{what}{number}"))
    }

    /// Runs unharmed and returns the changes of files below `folder` as well.
    pub(crate) fn count(&self, program: &Program, folder: &Path) -> (Run, Vec<Call>) {
        let log = self.fresh("log");
        let mut command = self.command(program, folder);
        command.env("ASDF_CRASH_LOG", &log);
        if program.guarded {
            command.env("ASDF_CRASH_GUARD", "1");
        }
        let run = finish(command);
        let text = fs::read_to_string(&log).unwrap_or_default();
        let _ = fs::remove_file(&log);
        (run, text.lines().filter_map(call).collect())
    }

    /// Runs, and lets it come to harm at change number `at`.
    pub(crate) fn hurt(&self, program: &Program, folder: &Path, how: &str, at: usize) -> Run {
        let mut command = self.command(program, folder);
        command
            .env("ASDF_CRASH_HOW", how)
            .env("ASDF_CRASH_AT", at.to_string());
        finish(command)
    }

    fn command(&self, program: &Program, folder: &Path) -> Command {
        let mut command = program.command(folder);
        command
            .env("LD_PRELOAD", &self.library)
            .env("ASDF_CRASH_DIR", folder)
            .env("ASDF_CRASH_EXE", &program.exe)
            .env("TMPDIR", self.folder.path());
        command
    }
}

impl Program {
    /// The program in that folder, without the library.
    pub(crate) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.exe);
        command
            .args(&self.arguments)
            .current_dir(folder)
            .env("SOURCE_DATE_EPOCH", "1700000000")
            .env("NO_COLOR", "1")
            .env_remove("VISUAL")
            .envs(self.environment.iter().map(|(key, value)| (key, value)));
        command
    }

    /// Runs it without the library.
    pub(crate) fn run(&self, folder: &Path) -> Run {
        finish(self.command(folder))
    }
}

fn finish(mut command: Command) -> Run {
    let done = command.stdin(Stdio::null()).output().unwrap();
    Run {
        code: done.status.code(),
        stderr: String::from_utf8_lossy(&done.stderr).into_owned(),
    }
}

fn call(line: &str) -> Option<Call> {
    let mut fields = line.split('\t');
    Some(Call {
        kind: fields.next()?.to_owned(),
        path: fields.next()?.trim_start_matches('/').to_owned(),
        bytes: fields.next()?.parse().ok()?,
    })
}
