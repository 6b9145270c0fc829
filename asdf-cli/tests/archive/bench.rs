//! A night of files, and runs of the command on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Done {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asdf"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("COLUMNS", "200")
        .env("NO_COLOR", "1")
        .env("ASDF_CONFIG", "/no/such/file");
    command.arg("--no-config");
    done(command.output().unwrap())
}

pub(crate) fn done(output: Output) -> Done {
    Done {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs a command that must succeed.
pub(crate) fn runs(folder: &Path, arguments: &[&str]) -> String {
    let done = run(folder, arguments);
    assert_eq!(
        done.code,
        Some(0),
        "{arguments:?}: {}{}",
        done.out,
        done.err
    );
    done.out
}

/// Roman exposures with times of their own, a FITS file, a small file, one that cannot be read: `night/`.
pub(crate) fn night(count: u32) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let night = folder.path().join("night");
    fs::create_dir(&night).unwrap();
    let roman = fs::read(workspace().join("test-data/made/roman_exposure.asdf")).unwrap();
    for number in 0..count {
        // As many digits as there were, so that all blocks stay where they are.
        let time = format!("exposure_time: {:9.5}", 100.0 + f64::from(number));
        let changed = replaced(&roman, b"exposure_time: 107.52398", time.as_bytes());
        let longitude = format!("_id: '000320100100100{:08}'", 40_001 + number);
        let changed = replaced(
            &changed,
            b"_id: '00032010010010010040001'",
            longitude.as_bytes(),
        );
        fs::write(night.join(format!("r{number:04}.asdf")), changed).unwrap();
    }
    for (from, to) in [
        ("test-data/fits/images.fits", "image.fits"),
        ("test-data/made/mask_number.asdf", "small.asdf"),
        ("test-data/bad/bug06_invalid_utf8.asdf", "bad.asdf"),
    ] {
        fs::copy(workspace().join(from), night.join(to)).unwrap();
    }
    folder
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = bytes
        .windows(from.len())
        .position(|part| part == from)
        .unwrap();
    let mut out = bytes.to_vec();
    // The last one: `effective_exposure_time` stands before it.
    out[at..at + to.len()].copy_from_slice(to);
    out
}

/// The files below a folder with their bytes, sorted by name.
pub(crate) fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(place) = waiting.pop() {
        for entry in fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                out.push((name, fs::read(path).unwrap()));
            }
        }
    }
    out.sort();
    out
}
