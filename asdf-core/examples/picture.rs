//! Makes a picture of an image: a portable graymap, which every viewer shows, with the first row of the array at the bottom.
//!
//! `cargo run --example picture -- obs.asdf roman.data obs.pgm`
#![expect(clippy::print_stdout, reason = "it is for people")]

use asdf_core::{ArrayRef, AsdfFile, Error, Result};
use std::fs::File;
use std::io::{BufWriter, Write};

fn main() -> Result<()> {
    run(&std::env::args().skip(1).collect::<Vec<_>>())
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let [from, path, out] = args else {
        return Err(Error::of_caller("usage: picture FILE PATH OUT"));
    };
    let file = AsdfFile::open(from)?;
    let array = file.array(path.as_str())?;
    let &[height, width] = array.shape() else {
        return Err(Error::of_caller(format!("{path} does not have two axes")));
    };
    let [low, high] = limits(&array)?;
    let mut sink = BufWriter::new(File::create(out)?);
    write!(sink, "P5\n{width} {height}\n255\n")?;
    for row in (0..height).rev() {
        // A row at a time: the array may be larger than memory.
        let values = array.load_window(&[row..row + 1, 0..width])?.to_f64()?;
        let levels = values
            .iter()
            .map(|value| level((value - low) / (high - low)));
        sink.write_all(&levels.collect::<Vec<u8>>())?;
    }
    sink.flush()?;
    println!("{width} x {height} pixels from {low} to {high}");
    Ok(())
}

/// The values at 1 and 99 percent, found in bounded memory.
fn limits(array: &ArrayRef<'_>) -> Result<[f64; 2]> {
    let numbers = array
        .stats()?
        .columns
        .into_iter()
        .find_map(|column| column.numbers);
    let numbers = numbers.ok_or_else(|| Error::of_caller("the array has no numbers"))?;
    let at = |wanted: u8| {
        let mut percentiles = numbers.percentiles.iter();
        percentiles
            .find(|(percent, _)| *percent == wanted)
            .map(|found| found.1)
    };
    Ok([at(1).unwrap_or(0.0), at(99).unwrap_or(1.0)])
}

/// Black for 0 and what is not a number, white for 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "within 0 and 255"
)]
fn level(brightness: f64) -> u8 {
    (brightness * 255.0).round().clamp(0.0, 255.0) as u8
}
