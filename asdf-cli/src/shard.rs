//! `--shard I/N`: one of N jobs that share the files of a run, on one machine or many.

use crate::inputs::{Inputs, Item};
use crate::usage::refused;
use asdf_core::error::ErrorKind;
use asdf_core::file::is_url;
use asdf_core::{Error, Result};
use std::io;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

/// Which part of the files a run is about.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Many machines")]
pub(crate) struct ShardArgs {
    /// Only part I of N of the files, 1/N to N/N, in their order: the parts are the same in every command that names the same files. The exit
    /// code is 0 when the part is done, also when files in it are bad, which is told: a scheduler would try them for ever. It is 2 when
    /// what comes of it cannot be written
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// What the parts have the same amount of: files, or bytes [default: count]
    #[arg(long, value_name = "BY", requires = "shard")]
    shard_by: Option<ShardBy>,
}

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    /// From 1.
    index: u64,
    count: u64,
}

/// What parts are equal in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ShardBy {
    /// Files
    Count,
    /// Bytes of the files, which are asked for at once
    Size,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let numbers = text
            .split_once('/')
            .and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match numbers {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Self { index, count }),
            _ => Err("expected I/N with I from 1 to N, as in 3/40".to_owned()),
        }
    }
}

impl Shard {
    /// The files of the part, of so many.
    fn of_count(self, files: usize) -> Range<usize> {
        let edge = |index: u64| {
            let place = u128::from(index) * files as u128 / u128::from(self.count);
            usize::try_from(place).unwrap_or(files)
        };
        edge(self.index - 1)..edge(self.index)
    }

    /// The files of the part, where each has so many bytes: those whose middle lies in that part of all bytes.
    fn of_sizes(self, sizes: &[u64]) -> Range<usize> {
        let total: u128 = sizes.iter().map(|size| u128::from(*size)).sum();
        if total == 0 {
            return self.of_count(sizes.len());
        }
        let mut before = 0_u128;
        let parts: Vec<u128> = sizes
            .iter()
            .map(|size| {
                let middle = 2 * before + u128::from(*size);
                before += u128::from(*size);
                (middle * u128::from(self.count) / (2 * total)).min(u128::from(self.count) - 1)
            })
            .collect();
        let edge = |index: u64| parts.partition_point(|part| *part < u128::from(index));
        edge(self.index - 1)..edge(self.index)
    }
}

impl ShardArgs {
    /// Whether a part is asked for.
    pub(crate) fn is_given(&self) -> bool {
        self.shard.is_some()
    }

    /// The name of the part of a catalogue that this part of the files makes.
    #[cfg(feature = "archive")]
    pub(crate) fn part_name(&self) -> Option<String> {
        let Shard { index, count } = self.shard?;
        Some(format!("part-{index:04}-of-{count:04}.parquet"))
    }

    /// The files, of which only the part that is asked for is worked on.
    ///
    /// # Errors
    /// Sizes are asked for of URLs.
    pub(crate) fn of(&self, files: Inputs) -> Result<Inputs> {
        let Some(shard) = self.shard else {
            return Ok(files);
        };
        let part = match self.shard_by {
            Some(ShardBy::Size) => shard.of_sizes(&sizes(files.items())?),
            _ => shard.of_count(files.items().len()),
        };
        Ok(files.with_part(part))
    }
}

fn sizes(items: &[Item]) -> Result<Vec<u64>> {
    let size = |item: &Item| match item.path() {
        Some(path) if is_url(path) => {
            let reason =
                "--shard-by size is for local files: nobody has asked for the sizes of URLs";
            Err(refused(reason).at_file(path))
        }
        // What is not there is told when it is opened.
        Some(path) => Ok(path.metadata().map_or(0, |found| found.len())),
        None => Ok(0),
    };
    items.iter().map(size).collect()
}

/// True for an error that another try may not meet: the operating system said no, and not about the file that was read.
pub(crate) fn is_of_output(error: &Error, input: Option<&Path>) -> bool {
    let ErrorKind::Io(fault) = error.kind() else {
        return false;
    };
    let file = error.place().file.as_deref();
    fault.kind() != io::ErrorKind::NotFound && file != input
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shards(count: u64) -> impl Iterator<Item = Shard> {
        (1..=count).map(move |index| Shard { index, count })
    }

    #[test]
    fn parts_are_all_of_the_files_in_their_order() {
        for files in [0, 1, 2, 7, 40, 1000] {
            for count in [1, 2, 3, 7, 64] {
                let parts: Vec<usize> = shards(count)
                    .flat_map(|shard| shard.of_count(files))
                    .collect();
                assert_eq!(parts, (0..files).collect::<Vec<_>>());
                let sizes: Vec<u64> = (0..files as u64).map(|number| number % 5 * 1000).collect();
                let parts: Vec<usize> = shards(count)
                    .flat_map(|shard| shard.of_sizes(&sizes))
                    .collect();
                assert_eq!(parts, (0..files).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn parts_are_equal_in_what_is_asked_for() {
        let sizes = [10, 10, 10, 10, 1000, 10, 10, 10, 10, 990];
        let bytes = |shard: Shard| -> u64 { sizes[shard.of_sizes(&sizes)].iter().sum() };
        assert_eq!(shards(2).map(bytes).collect::<Vec<_>>(), [1040, 1030]);
        let files = |shard: Shard| shard.of_count(10).len();
        assert_eq!(shards(4).map(files).collect::<Vec<_>>(), [2, 3, 2, 3]);
    }

    #[test]
    fn a_part_is_one_of_the_whole() {
        assert_eq!(
            "3/40".parse(),
            Ok(Shard {
                index: 3,
                count: 40
            })
        );
        for wrong in ["0/4", "5/4", "1", "1/", "/1", "-1/2", "1/0"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
