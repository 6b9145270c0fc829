//! Commands on URLs, over a server on loopback: what they print is what they print of the file.
#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "sizes and speeds of tests are small"
)]
#![expect(clippy::too_many_lines, reason = "tables of cases")]

mod browsing;
mod commands;
mod counted;
mod hostile;
#[path = "../../../asdf-remote/tests/remote/moto.rs"]
mod moto;
#[path = "../../../asdf-remote/tests/remote/server.rs"]
#[expect(dead_code, reason = "for other tests")]
mod server;
#[cfg(unix)]
#[path = "../../../asdf-core/tests/support/signals.rs"]
mod signals;
mod signed;
#[path = "../../../asdf-remote/tests/remote/store.rs"]
#[expect(dead_code, reason = "for other tests")]
mod store;
mod suite;
mod told;
mod writing;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder or file of the test data.
fn data(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test-data")
        .join(folder)
}

/// The command, without what the user has set.
fn asdf(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asdf"));
    command
        .args(args)
        .env("HOME", "/nonexistent")
        .env("NO_COLOR", "1")
        .env("COLUMNS", "200");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command
}

fn run(args: &[&str]) -> Output {
    asdf(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a command that must succeed; gives how much memory it had at most.
#[cfg(target_os = "linux")]
fn peak_kilobytes(command: &mut Command) -> u64 {
    let mut child = command.stdout(std::process::Stdio::null()).spawn().unwrap();
    let mut most = 0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        let path = format!("/proc/{}/status", child.id());
        let told = std::fs::read_to_string(path).unwrap_or_default();
        // Before it is the command it is a copy of this process, with the memory of that.
        let told = Some(told).filter(|told| told.starts_with("Name:\tasdf\n"));
        let told = told.unwrap_or_default();
        let line = told.lines().find(|line| line.starts_with("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        most = most.max(number.and_then(|number| number.parse().ok()).unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert!(status.success(), "{status}");
    assert!(most > 0);
    most
}
