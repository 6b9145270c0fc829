//! Whatever is read by range is what is read from memory: values, oddities, errors.

use crate::exercise::exercise;
use crate::source::Object;
use asdf_core::file::{Input, RangeSource, TakePiece};
use asdf_core::fits::FitsFile;
use asdf_core::{AsdfFile, Limits, OpenOptions};
use md5::{Digest, Md5};
use std::fmt::Write;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Their blocks and trees come as those of others do, but what is in them takes half a minute to go over.
const LARGE: [&str; 2] = ["bomb_aliases.asdf", "bug03_bzip2_zeros.asdf"];

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test-data")
        .join(folder);
    let mut out = Vec::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let is_json = path
            .extension()
            .is_some_and(|extension| extension == "json");
        let is_large = LARGE.iter().any(|name| path.ends_with(name));
        if path.is_file() && !is_json && !is_large {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// All that a file says, as text.
fn told(file: &AsdfFile) -> String {
    let mut out = String::new();
    let found = exercise(file, true);
    let mut warnings: Vec<String> = found.warnings.iter().map(ToString::to_string).collect();
    warnings.sort();
    let mut errors: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
    errors.sort();
    let _ = writeln!(out, "{errors:#?}\n{warnings:#?}\n{:?}", found.mismatches);
    let _ = writeln!(out, "{:?} {:?}", file.header(), file.block_table());
    let _ = writeln!(out, "{}", file.tree().text());
    for (path, _) in file.arrays().into_iter().flatten() {
        let array = match file.array(&path) {
            Ok(array) => array,
            Err(error) => {
                let _ = writeln!(out, "{path}: {error}");
                continue;
            }
        };
        if array.byte_len() > 4 << 20 {
            continue;
        }
        match array.load() {
            Ok(data) => {
                let bytes = Md5::digest(data.to_le_bytes());
                let mask = Md5::digest(format!("{:?}", data.mask()));
                let _ = writeln!(out, "{path}: {bytes:x?} {mask:x?}");
            }
            Err(error) => {
                let _ = writeln!(out, "{path}: {error}");
            }
        }
    }
    out
}

/// Opened by range and from memory.
fn both(bytes: &[u8]) -> [String; 2] {
    let options = OpenOptions::default();
    let object = Object::new(bytes.to_vec());
    let ranged = options.read_input(object.input(), "x");
    let here = options.read_bytes(bytes.to_vec(), "x");
    [ranged, here].map(|file| match file {
        Ok(file) => told(&file),
        Err(error) => error.to_string(),
    })
}

fn compare(folder: &str) -> usize {
    let files = files(folder);
    for path in &files {
        let [ranged, here] = both(&std::fs::read(path).unwrap());
        let differs = ranged
            .lines()
            .zip(here.lines())
            .find(|(ranged, here)| ranged != here);
        assert!(ranged == here, "{}: {differs:#?}", path.display());
    }
    files.len()
}

#[test]
fn files_that_can_be_read() {
    assert!(compare("made") > 100);
}

#[test]
fn files_that_are_broken() {
    assert!(compare("bad") > 50);
}

#[test]
fn fits_files() {
    assert!(compare("fits") > 10);
}

#[test]
fn hdus_of_fits_files() {
    for path in files("fits") {
        let bytes = std::fs::read(&path).unwrap();
        let object = Object::new(bytes.clone());
        let limits = Limits::default();
        let [ranged, here] = [object.input(), Input::from(bytes)].map(|input| {
            let file = FitsFile::new(input, &limits).map_err(|error| error.to_string())?;
            let mut out = format!("{:?}\n", file.warnings());
            for hdu in file.hdus() {
                let _ = writeln!(
                    out,
                    "{:?} {:?} {:?}",
                    hdu.name(),
                    hdu.checksums(),
                    hdu.data()
                );
                if let Ok(image) = hdu.image() {
                    let window: Vec<_> = image
                        .shape()
                        .iter()
                        .map(|length| length / 3..length / 2 + 1)
                        .collect();
                    let window = image.load_window(&window).map(|data| data.to_le_bytes());
                    let _ = writeln!(out, "{window:?}");
                }
            }
            Ok::<String, String>(out)
        });
        assert_eq!(ranged, here, "{}", path.display());
    }
}

/// The begin of the tree comes in steps: of each length of a file, and with a source that knows nothing beforehand.
#[test]
fn a_file_that_is_cut_anywhere() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../test-data/made/roman_exposure.asdf");
    let bytes = std::fs::read(path).unwrap();
    for length in (0..bytes.len()).step_by(977) {
        let cut = &bytes[..length];
        let options = OpenOptions::default();
        let ranged = Input::ranged(Object::new(cut.to_vec()), &[], &Limits::default()).unwrap();
        let [ranged, here] = [ranged, Input::from(cut.to_vec())].map(|input| {
            let file = options
                .read_input(input, "x")
                .map_err(|error| error.to_string())?;
            let warnings: Vec<String> = file.warnings().map(ToString::to_string).collect();
            Ok::<_, String>((warnings, format!("{:?}", file.block_table())))
        });
        assert_eq!(ranged, here, "{length}");
    }
}

/// Trees of all lengths around the steps in which they come.
#[test]
fn a_tree_that_ends_at_any_step() {
    for length in (65_500..65_600).chain(262_100..262_180).step_by(9) {
        let head = "#ASDF 1.0.0\n%YAML 1.1\n---\na: ";
        let text = "x".repeat(length - head.len());
        for end in ["\n...\n", "\r\n...\r\n", "\n...", "\n", "\n...x\n...\n"] {
            let mut bytes = format!("{head}{text}{end}").into_bytes();
            for block in [false, true] {
                if block {
                    bytes.extend_from_slice(b"\xd3BLK\0\x30");
                    bytes.extend_from_slice(&[0; 48]);
                }
                let [ranged, here] = both(&bytes);
                assert!(ranged == here, "{length} {end:?}");
            }
        }
    }
}

/// Many threads at once, of which each needs what others fetch.
#[test]
fn threads_share_what_comes() {
    #[derive(Debug)]
    struct Slow(Arc<Object>);
    impl RangeSource for Slow {
        fn size(&self) -> u64 {
            self.0.size()
        }
        fn fetch(&self, ranges: &[Range<u64>], take: TakePiece<'_>) -> io::Result<()> {
            std::thread::sleep(std::time::Duration::from_millis(2));
            self.0.fetch(ranges, take)
        }
    }
    let bytes: Vec<u8> = (0..1_000_000_u32)
        .map(|number| (number / 251).to_le_bytes()[0] ^ number.to_le_bytes()[0])
        .collect();
    let object = Object::new(bytes.clone());
    let input = Input::ranged(Arc::new(Slow(object.clone())), &[], &Limits::default()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8_u64 {
            let (input, bytes) = (&input, &bytes);
            scope.spawn(move || {
                let mut state = thread;
                for _ in 0..60 {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    let start = (state >> 33) % 1_000_000;
                    let end = (start + (state >> 20) % 50_000).min(1_000_000);
                    let part = usize::try_from(start).unwrap()..usize::try_from(end).unwrap();
                    assert_eq!(input.slice(start..end).unwrap(), &bytes[part]);
                }
            });
        }
    });
    assert!(object.asked().bytes <= 1_000_000, "nothing comes twice");
}
