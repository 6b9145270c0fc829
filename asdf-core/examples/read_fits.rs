//! Reads an image or a table of a FITS file as native numbers and times it: `read_fits image|table FILE TIMES`.
//!
//! `test-data/bench_fits.py` compares it with astropy and cfitsio.

#![expect(clippy::print_stdout, reason = "an example prints what it found")]

use asdf_core::{ArrayData, FitsFile, Limits, Result};
use std::time::Instant;

/// Which values are summed to be compared: too few to be timed.
const STEP: usize = 997;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [kind, path, times] = words.as_slice() else {
        println!("read_fits image|table FILE TIMES");
        return Ok(());
    };
    for _ in 0..times.parse().unwrap_or(1) {
        let start = Instant::now();
        let file = FitsFile::open(path, true, &Limits::default())?;
        let sum = if kind == "table" {
            table(&file)?
        } else {
            let data = file.hdu(1)?.image()?.load()?;
            let pixels = data.view::<f32>()?.to_vec();
            pixels
                .iter()
                .step_by(STEP)
                .map(|value| f64::from(*value))
                .sum()
        };
        println!("{:.6} {sum:e}", start.elapsed().as_secs_f64());
    }
    Ok(())
}

/// All columns as native numbers.
fn table(file: &FitsFile) -> Result<f64> {
    let table = file.hdu(1)?.table()?;
    let mut sum = 0.0;
    for (index, column) in table.columns().iter().enumerate() {
        let data = column.load()?;
        let bytes = native(&data)?;
        if index == 0 {
            sum = data.view::<f64>()?.iter().step_by(STEP).sum();
        }
        std::hint::black_box(bytes);
    }
    Ok(sum)
}

/// The bytes of the numbers in this machine's order.
fn native(data: &ArrayData<'_>) -> Result<usize> {
    Ok(match data.datatype().to_string().as_str() {
        "float64" => std::hint::black_box(data.view::<f64>()?.to_vec()).len(),
        "float32" => std::hint::black_box(data.view::<f32>()?.to_vec()).len(),
        "int32" => std::hint::black_box(data.view::<i32>()?.to_vec()).len(),
        "int16" => std::hint::black_box(data.view::<i16>()?.to_vec()).len(),
        "int64" => std::hint::black_box(data.view::<i64>()?.to_vec()).len(),
        _ => std::hint::black_box(data.to_le_bytes()).len(),
    })
}
