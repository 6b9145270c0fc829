//! Writers that do it wrongly in one way each, and one that does it right: whether the test sees it.
//!
//! They run as this very program with [`VARIABLE`] set, and change `n: 1` to `n: 2` in a file.

use std::fs;
use std::fs::File;
use std::io;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Names the stand-in to play.
pub(crate) const VARIABLE: &str = "ASDF_CRASH_STAND_IN";

/// Each stand-in, and the ways to fail that must give it away.
pub(crate) const STAND_INS: &[(&str, &[&str])] = &[
    ("careful", &[]),
    ("copying", &[]),
    (
        "truncating",
        &[
            "kill",
            "torn",
            "lost",
            "reordered",
            "unlisted",
            "eio",
            "enospc",
            "dead",
            "undeleted",
        ],
    ),
    ("overwriting", &["torn"]),
    ("unsynced", &["lost", "reordered"]),
    ("littering", &["enospc", "eio"]),
    ("silent", &["enospc", "eio", "dead"]),
];

/// Plays a stand-in; the exit code is that of the command.
pub(crate) fn play(name: &str, path: &Path) -> i32 {
    let result = match name {
        "careful" | "littering" => careful(path, name == "careful", true),
        "copying" => copying(path),
        "truncating" => changed(path).and_then(|bytes| fs::write(path, bytes)),
        "overwriting" => overwriting(path),
        "unsynced" => careful(path, true, false),
        "silent" => {
            let _ = careful(path, true, true);
            Ok(())
        }
        other => Err(io::Error::other(other.to_owned())),
    };
    match result {
        Ok(()) => 0,
        Err(error) => {
            let line = format!("asdf: {}: {error}\n", path.display());
            let _ = io::stderr().write_all(line.as_bytes());
            2
        }
    }
}

fn changed(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = fs::read(path)?;
    let at = position(&bytes)?;
    let (before, after) = bytes.split_at(at);
    Ok([before, b"n: 2", after.get(4..).unwrap_or_default()].concat())
}

fn position(bytes: &[u8]) -> io::Result<usize> {
    let mut places = bytes.windows(4);
    places
        .position(|window| window == b"n: 1" || window == b"n: 2")
        .ok_or_else(|| io::Error::other("nothing to change"))
}

/// A new file in pieces, brought to disk, put in place, its folder brought to disk.
fn careful(path: &Path, clean: bool, sync: bool) -> io::Result<()> {
    let new = path.with_extension("new");
    let write = || {
        let mut file = File::create(&new)?;
        for piece in changed(path)?.chunks(1000) {
            file.write_all(piece)?;
        }
        if sync {
            file.sync_all()?;
        }
        fs::rename(&new, path)
    };
    let result = write();
    if result.is_err() && clean {
        let _ = fs::remove_file(&new);
    }
    result?;
    // The change is made; a folder that cannot be synced is worth no error here.
    let _ = File::open(".").and_then(|folder| folder.sync_all());
    Ok(())
}

/// The same, but the kernel copies the file first.
fn copying(path: &Path) -> io::Result<()> {
    let new = path.with_extension("new");
    let write = || {
        let at = position(&fs::read(path)?)?;
        fs::copy(path, &new)?;
        let file = File::options().write(true).open(&new)?;
        file.write_all_at(b"n: 2", at as u64)?;
        file.sync_data()?;
        fs::rename(&new, path)
    };
    let result = write();
    if result.is_err() {
        let _ = fs::remove_file(&new);
    }
    result
}

/// In place, with nothing to go back to.
fn overwriting(path: &Path) -> io::Result<()> {
    let at = position(&fs::read(path)?)?;
    let file = File::options().write(true).open(path)?;
    file.write_all_at(b"n: 2\n  s: 'SOME TEXT'", at as u64)?;
    file.sync_all()
}
