//! Small files that ask for much: every run has 256 MB for its data beyond the file, and two minutes.
#![cfg(target_os = "linux")]

mod blocks;
mod empty;
mod gzipped;
mod schemas;
mod shared;
mod windows;

use crate::bench::{Asdf, Done, asdf};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// What a run may take for its data, in kilobytes.
const MEMORY: u64 = 256 << 10;
/// A debug build on a machine that is busy otherwise needs seconds; what does not end needs all of them.
const SECONDS: &str = "120";

const HEAD: &str = "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n";

/// A folder for hostile files.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file of that name.
    fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(name), bytes).unwrap();
        self
    }

    /// The command under limits of memory and time; it did not run into either.
    fn run(&self, arguments: &str) -> Done {
        let Asdf { command, .. } = asdf(arguments);
        let mut limited = Command::new("sh");
        limited
            .arg("-c")
            .arg(format!(
                "ulimit -d {MEMORY} && exec timeout {SECONDS} \"$0\" --threads 2 \"$@\""
            ))
            .arg(command.get_program())
            .args(command.get_args())
            .current_dir(self.0.path());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => limited.env(name, value),
                None => limited.env_remove(name),
            };
        }
        let done = Asdf::of(limited).run();
        assert!(
            matches!(done.code, Some(0..=2)),
            "{arguments}: {:?}, {}",
            done.code,
            done.err
        );
        done
    }

    /// The command ends in an error that names a limit.
    fn is_refused(&self, arguments: &str) {
        let done = self.run(arguments);
        assert_eq!(done.code, Some(2), "{arguments}: {}", done.err);
        assert!(done.err.contains("limit"), "{arguments}: {}", done.err);
    }
}

fn tree(text: &str) -> Vec<u8> {
    format!("{HEAD}{text}\n...\n").into_bytes()
}

/// A block as it stands in a file.
fn block(label: [u8; 4], data: &[u8], decoded: u64) -> Vec<u8> {
    let mut out = b"\xd3BLK\0\x30\0\0\0\0".to_vec();
    out.extend(label);
    for size in [data.len() as u64, data.len() as u64, decoded] {
        out.extend(size.to_be_bytes());
    }
    out.extend([0; 16]);
    out.extend(data);
    out
}

/// An HDU: cards and data, each filled up to 2880 bytes.
fn hdu(cards: &[(&str, &str)], data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (keyword, value) in cards {
        let card = format!("{keyword:<8}= {value:>20}");
        out.extend(format!("{card:<80}").into_bytes());
    }
    out.extend(format!("{:<80}", "END").into_bytes());
    out.resize(out.len().next_multiple_of(2880), b' ');
    out.extend(data);
    out.resize(out.len().next_multiple_of(2880), 0);
    out
}

/// An empty primary HDU.
fn primary() -> Vec<u8> {
    hdu(
        &[
            ("SIMPLE", "T"),
            ("BITPIX", "8"),
            ("NAXIS", "0"),
            ("EXTEND", "T"),
        ],
        b"",
    )
}
