//! Statistics of a Roman exposure without the pixels that its flags call bad.
//!
//! `cargo run --example roman_statistics -- r0003201001001001004_0001_wfi01_f158_cal.asdf`
#![expect(clippy::print_stdout, reason = "it is for people")]

use asdf_core::{AsdfFile, Error, Result};

/// `DO_NOT_USE`, the lowest bit of Roman's `dq`.
const DO_NOT_USE: u64 = 1;

fn main() -> Result<()> {
    run(&std::env::args().skip(1).collect::<Vec<_>>())
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let [path] = args else {
        return Err(Error::of_caller("usage: roman_statistics FILE"));
    };
    let file = AsdfFile::open(path)?;
    let flags = file.array("roman/dq")?;
    for name in ["data", "err"] {
        let array = file.array(format!("roman/{name}").as_str())?;
        let stats = array.stats_without(&flags, DO_NOT_USE, &|_| true)?;
        for column in stats.columns {
            let counts = column.counts;
            println!(
                "{name}: {} of {} pixels are left out",
                counts.masked, counts.elements
            );
            if let Some(numbers) = column.numbers {
                println!(
                    "  from {} to {}, median {}",
                    numbers.min, numbers.max, numbers.median
                );
                println!(
                    "  mean {:.6}, standard deviation {:.6}",
                    numbers.mean, numbers.std
                );
            }
        }
    }
    Ok(())
}
