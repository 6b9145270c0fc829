//! Damaged files: bytes flipped and ends cut off, always the same ones. Nothing may panic.
#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "support/exercise.rs"]
mod exercise;
#[path = "support/folders.rs"]
#[expect(dead_code, reason = "only some of it is needed here")]
mod folders;

use asdf_core::{Limits, OpenOptions};
use std::time::{Duration, Instant};

/// Larger files are left to the fuzz targets.
const LARGEST: usize = 8 << 10;
/// Time for all of it.
const BUDGET: Duration = Duration::from_secs(15);
const ROUNDS: usize = 12;

/// Numbers that look random and are not (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }
}

fn mutate(original: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            match dice.below(3) {
                0 => *byte ^= 1 << dice.below(8),
                1 => *byte = u8::try_from(dice.below(256)).unwrap(),
                // Digits and brackets make other numbers and shapes of a tree.
                _ => *byte = b"0123456789-[]{}:,*&!"[dice.below(20)],
            }
        }
    }
    if dice.below(5) == 0 {
        bytes.truncate(dice.below(bytes.len()));
    }
    bytes
}

fn exercise(bytes: Vec<u8>, name: &str) {
    // Low enough that what is legal is also quick.
    let mut limits = Limits::default();
    for (limit, value) in [
        ("decoded_bytes", 1 << 20),
        ("view_bytes", 1 << 18),
        ("expanded_nodes", 20_000),
    ] {
        assert!(limits.set(limit, value));
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
    let (start, mut dice, mut count) = (Instant::now(), Dice(20_261_123), 0);
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
