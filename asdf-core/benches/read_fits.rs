//! Reads an image or a table of a FITS file as native numbers and times it:
//! `cargo bench --bench read_fits -- image|table FILE TIMES`.
//!
//! `test-data/bench_fits.py` compares it with astropy and cfitsio.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it found")]

use asdf_core::Result;
use asdf_core::fits::FitsFile;
use std::time::Instant;

/// Which values are summed to be compared: too few to be timed.
const STEP: usize = 997;

fn main() -> Result<()> {
    let words = std::env::args().skip(1).filter(|word| word != "--bench");
    let words: Vec<String> = words.collect();
    let [kind, path, times] = words.as_slice() else {
        println!("read_fits image|table FILE TIMES");
        return Ok(());
    };
    for _ in 0..times.parse().unwrap_or(1) {
        let start = Instant::now();
        let file = FitsFile::open(path)?;
        let sum = if kind == "table" {
            table(&file)?
        } else {
            let data = file.hdu(1)?.image()?.load()?.into_native()?;
            let pixels = data.view::<f32>()?;
            let some = pixels.as_slice().unwrap_or_default().iter().step_by(STEP);
            some.map(|value| f64::from(*value)).sum()
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
        let data = std::hint::black_box(column.load()?.into_native()?);
        if index == 0 {
            sum = data.view::<f64>()?.iter().step_by(STEP).sum();
        }
    }
    Ok(sum)
}
