//! Damaged files with a tree: nothing may panic, and what is written of them can be read.

use super::exercise;
use super::exercise_carried;
use super::folders;
use super::mutate::Dice;
use super::mutate::mutate;
use asdf_core::{Limits, OpenOptions};
use std::time::{Duration, Instant};

/// Time for all of it.
const BUDGET: Duration = Duration::from_secs(10);
const ROUNDS: usize = 60;

#[test]
fn damaged_files_never_panic() {
    let mut limits = Limits::default();
    for (limit, value) in [
        ("decoded_bytes", 1 << 20),
        ("view_bytes", 1 << 18),
        ("tile_bytes", 1 << 18),
    ] {
        limits.set(limit.parse().unwrap(), value);
    }
    let files = folders::files(&folders::test_data("fits/embedded"), ".fits");
    assert!(files.len() > 10, "test-data is not there");
    let files: Vec<Vec<u8>> = files
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    let (start, mut dice) = (Instant::now(), Dice::new(61_123));
    let (mut count, mut opened, mut errors) = (0, 0, 0);
    'all: for _ in 0..ROUNDS {
        for bytes in &files {
            let options = OpenOptions::default().limits(limits.clone());
            if let Ok(file) = options.read_bytes(mutate(bytes, &mut dice), "damaged") {
                opened += 1;
                errors += exercise::exercise(&file, true).errors.len();
                errors += exercise_carried::exercise(&file).len();
            }
            count += 1;
            if start.elapsed() > BUDGET {
                break 'all;
            }
        }
    }
    println!("{count} files, {opened} opened, {errors} errors");
    assert!(opened > 0 && errors > 0);
}
