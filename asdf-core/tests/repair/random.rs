//! Random files with random damage: every array is right or reported, and nearly all that can be there are.

use crate::damage::Damaged;
use crate::file::{Block, Codecs, Laid, choose, lay, node, whole_file};
use crate::support::Dice;
use crate::{numbers, repaired};
use asdf_core::file::{Content, SalvagedBlock};
use std::collections::BTreeSet;
use std::ops::Range;

/// Files of an ordinary run; `ASDF_CASES` asks for another number.
const CASES: u64 = 1500;

/// Of a hundred arrays whose header and bytes are intact, so many must come back.
const BACK: usize = 95;

/// An array of a random file.
#[derive(Debug, Clone)]
struct Array {
    path: String,
    block: usize,
    value: i32,
    count: usize,
}

#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    arrays: usize,
    right: usize,
    intact: usize,
    back: usize,
    wrong: usize,
}

/// Values whose bytes hold line ends, or none.
fn value(dice: &mut Dice, number: usize) -> i32 {
    let number = i32::try_from(number).unwrap();
    let low = choose(dice, &[0x0011, 0x0a11, 0x0d0a, 0x0a0a, 0x1234]);
    low + 0x0002_0000 * (number + 1)
}

fn count(dice: &mut Dice) -> usize {
    choose(dice, &[1, 3, 8, 17, 30, 40, 40, 64, 100, 150])
}

#[expect(
    clippy::too_many_lines,
    reason = "one file, from its first to its last block"
)]
#[expect(clippy::cast_possible_wrap, reason = "a file of ten blocks")]
fn generate(dice: &mut Dice, codecs: &mut Codecs) -> (Laid, Vec<Array>, Vec<Block>) {
    let number = 1 + dice.below(10);
    let equal = (dice.below(3) == 0).then(|| count(dice));
    let (checksums, index) = (dice.below(10), dice.below(5) > 0);
    let (padded, coded) = (dice.below(4) == 0, dice.below(3));
    let (mut tree, mut blocks, mut arrays) = (String::new(), Vec::new(), Vec::new());
    let streamed = !index && dice.below(3) == 0;
    for at in 0..number {
        let is_last = at + 1 == number;
        let value = value(dice, at);
        let count = equal.unwrap_or_else(|| count(dice));
        if dice.below(25) == 0 && !(streamed && is_last) {
            let bytes = whole_file(value, count, dice.below(2) == 0);
            let size = bytes.len();
            blocks.push(Block::raw(bytes));
            let line = node(&format!("file{at}"), at as i64, &size.to_string(), "");
            tree.push_str(&line.replace("int32", "uint8"));
        } else {
            let mut block = if coded == 0 || (coded == 1 && dice.below(2) == 0) {
                Block::of(value, count)
            } else {
                codecs.block(dice.below(6), value, count)
            };
            if streamed && is_last {
                block = Block::of(value, count);
                block.streamed = true;
            }
            let mut name = |tree: &mut String, name: String, more: &str| {
                tree.push_str(&node(&name, at as i64, &count.to_string(), more));
                arrays.push(Array {
                    path: name,
                    block: at,
                    value,
                    count,
                });
            };
            name(&mut tree, format!("a{at}"), "");
            if dice.below(8) == 0 {
                name(&mut tree, format!("again{at}"), "");
            }
            if dice.below(8) == 0 && at > 0 {
                // A mask is an array like others, in an array of its own that has no block.
                let data = format!(
                    ", mask: !core/ndarray-1.1.0 {{source: {}, datatype: int8, byteorder: little, shape: [1]}}",
                    at - 1
                );
                name(&mut tree, format!("masked{at}"), &data);
                arrays.pop();
            }
            blocks.push(block);
        }
        let block = blocks.last_mut().unwrap();
        block.checksum = match checksums {
            0..6 => true,
            6 => false,
            _ => dice.below(2) == 0,
        };
        if padded {
            block.padding = dice.below(40);
            block.longer = choose(dice, &[0, 0, 0, 4, 16]);
        }
    }
    let padding = choose(dice, &[0, 0, 0, 10, 100]);
    (
        lay(&tree, padding, &blocks, index && !streamed),
        arrays,
        blocks,
    )
}

/// The bytes of the damaged file of which a block was made.
fn stored(block: &SalvagedBlock) -> Option<Range<u64>> {
    match &block.content {
        Content::Verbatim { stored, .. } => Some(stored.clone()),
        Content::Recovered { .. } => {
            let header = block.header.as_ref()?;
            let end = header.data_offset + header.available;
            Some(header.data_offset..end)
        }
        _ => None,
    }
}

/// One file; complaints go to `wrong`.
fn try_one(seed: u64, codecs: &mut Codecs, tally: &mut Tally) {
    let mut dice = Dice::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    for _ in 0..8 {
        dice.below(2);
    }
    let (laid, arrays, blocks) = generate(&mut dice, codecs);
    let mut damaged = Damaged::new(&laid);
    for _ in 0..=dice.below(4) {
        damaged.hit(&mut dice);
    }
    let (found, file) = repaired(&damaged.bytes());
    let told: BTreeSet<usize> = found
        .losses
        .iter()
        .filter_map(|loss| loss.place.block)
        .collect();
    let verbose = std::env::var("ASDF_SEED").is_ok();
    if verbose {
        eprintln!("{:?} {:?}", damaged.done, laid.spans);
        eprintln!("{:#?}", found.losses);
    }
    for array in &arrays {
        let intact = damaged.is_intact(&laid.spans[array.block]);
        let read = numbers(&file, &array.path);
        let right = read.as_ref() == Some(&vec![array.value; array.count]);
        tally.arrays += 1;
        tally.right += usize::from(right);
        tally.intact += usize::from(intact);
        tally.back += usize::from(intact && right);
        if let Some(read) = read.filter(|_| !right) {
            // Bytes of this block that were not there in the whole file.
            let own = laid.spans[array.block].start..laid.ends[array.block];
            let bytes = stored(&found.blocks[array.block]);
            let foreign = bytes.is_some_and(|bytes| damaged.has_foreign(bytes, &own));
            let unknowable =
                !intact && (!blocks[array.block].checksum || blocks[array.block].streamed);
            if !told.contains(&array.block) && (foreign || !unknowable) {
                tally.wrong += 1;
                eprintln!(
                    "seed {seed}: {} ({}) is {:x?}, {:?}",
                    array.path,
                    if intact { "intact" } else { "damaged" },
                    &read[..read.len().min(3)],
                    damaged.done
                );
            }
        }
        if verbose {
            eprintln!("{} block {} {intact} {right}", array.path, array.block);
        }
    }
    if std::env::var("ASDF_MISSED").is_ok() {
        let missed = arrays.iter().any(|array| {
            damaged.is_intact(&laid.spans[array.block])
                && numbers(&file, &array.path) != Some(vec![array.value; array.count])
        });
        if missed {
            eprintln!("seed {seed} missed: {:?} {:?}", damaged.done, laid.spans);
        }
    }
}

#[test]
fn every_array_is_right_or_reported_and_the_intact_ones_come_back() {
    let cases = std::env::var("ASDF_CASES").ok();
    let cases = cases.map_or(CASES, |cases| cases.parse().unwrap());
    let only = std::env::var("ASDF_SEED").ok();
    let only = only.map(|seed| seed.parse::<u64>().unwrap());
    let first = std::env::var("ASDF_FIRST").map_or(0, |first| first.parse::<u64>().unwrap());
    let range = only.map_or(first..first + cases, |seed| seed..seed + 1);
    let workers = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let start = |worker: u64| {
            let range = range.clone();
            scope.spawn(move || {
                let (mut codecs, mut tally) = (Codecs::default(), Tally::default());
                for seed in range.filter(|seed| seed % workers == worker) {
                    try_one(seed, &mut codecs, &mut tally);
                }
                tally
            })
        };
        let running: Vec<_> = (0..workers).map(start).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let all = tallies
        .into_iter()
        .fold(Tally::default(), |sum, one| Tally {
            arrays: sum.arrays + one.arrays,
            right: sum.right + one.right,
            intact: sum.intact + one.intact,
            back: sum.back + one.back,
            wrong: sum.wrong + one.wrong,
        });
    println!(
        "{cases} files, {} arrays: {} right, {} wrong; {} of {} intact ones are back",
        all.arrays, all.right, all.wrong, all.back, all.intact
    );
    assert_eq!(all.wrong, 0);
    assert!(only.is_some() || all.back * 100 >= all.intact * BACK);
}
