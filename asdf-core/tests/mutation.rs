//! Damaged files: bytes flipped and ends cut off, always the same ones. Nothing may panic.
#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "support/exercise.rs"]
mod exercise;
#[path = "support/folders.rs"]
#[expect(dead_code, reason = "only some of it is needed here")]
mod folders;
#[path = "support/mutate.rs"]
mod mutate;

use asdf_core::{Limits, OpenOptions};
use mutate::Dice;
use mutate::mutate;
use std::time::{Duration, Instant};

/// Larger files are left to the fuzz targets.
const LARGEST: usize = 8 << 10;
/// Time for all of it.
const BUDGET: Duration = Duration::from_secs(15);
const ROUNDS: usize = 12;

fn exercise(bytes: Vec<u8>, name: &str) {
    // Low enough that what is legal is also quick.
    let mut limits = Limits::default();
    for (limit, value) in [
        ("decoded_bytes", 1 << 20),
        ("view_bytes", 1 << 18),
        ("expanded_nodes", 20_000),
    ] {
        limits.set(limit.parse().unwrap(), value);
    }
    if let Ok(file) = OpenOptions::default()
        .limits(limits)
        .read_bytes(bytes, name)
    {
        exercise::exercise(&file, true);
    }
}

#[test]
fn damaged_files_never_panic() {
    let (start, mut dice, mut count) = (Instant::now(), Dice::new(20_261_123), 0);
    let files: Vec<_> = folders::files(&folders::test_data("made"), ".asdf")
        .into_iter()
        .map(|path| (std::fs::read(&path).unwrap(), path.display().to_string()))
        .filter(|(bytes, _)| bytes.len() <= LARGEST)
        .collect();
    assert!(files.len() > 100, "test-data is not there");
    'all: for _ in 0..ROUNDS {
        for (bytes, name) in &files {
            exercise(mutate(bytes, &mut dice), name);
            count += 1;
            if start.elapsed() > BUDGET {
                break 'all;
            }
        }
    }
    println!("{count} damaged files in {:?}", start.elapsed());
    assert!(
        count >= files.len(),
        "only {count} files in {:?}",
        start.elapsed()
    );
}
