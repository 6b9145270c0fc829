//! Commands on URLs, over a server on loopback: what they print is what they print of the file.
#![expect(clippy::unwrap_used, reason = "a test")]

mod commands;
#[path = "../../../asdf-remote/tests/remote/server.rs"]
#[expect(dead_code, reason = "for other tests")]
mod server;
mod signed;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of the test data.
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
