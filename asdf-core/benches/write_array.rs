//! Writes an array of float64 that is in memory: `cargo bench --bench write_array -- OUT BYTES [--no-checksum] [--blocks N]`.
//! Prints how long it took, without making the numbers.
//!
//! `test-data/bench_write.py` compares it with others.

use asdf_core::array::NewArray;
use asdf_core::file::Storage;
use asdf_core::{Draft, WriteOptions};
use std::io::Write;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().filter(|arg| arg != "--bench").collect();
    let (Some(out), Some(bytes)) = (args.get(1), args.get(2)) else {
        // As when all benchmarks are run.
        writeln!(
            std::io::stdout(),
            "write_array OUT BYTES [--no-checksum] [--blocks N]"
        )?;
        return Ok(());
    };
    let blocks: usize = match args.iter().position(|arg| arg == "--blocks") {
        Some(at) => args.get(at + 1).ok_or("--blocks N")?.parse()?,
        None => 1,
    };
    let count = bytes.parse::<usize>()? / 8 / blocks;
    let values: Vec<f64> = (0..u32::try_from(count)?).map(f64::from).collect();

    let start = Instant::now();
    let mut draft = Draft::new();
    for index in 0..blocks {
        let array = NewArray::from_slice(&values, &[count as u64])?;
        draft.set_array(&format!("data{index}"), array, &Storage::internal())?;
    }
    let options = WriteOptions::default();
    let wanted = !args.iter().any(|arg| arg == "--no-checksum");
    draft.save(out, &options.checksums(wanted))?;
    let passed = start.elapsed().as_secs_f64();
    writeln!(std::io::stdout(), "seconds {passed:.6}")?;
    Ok(())
}
