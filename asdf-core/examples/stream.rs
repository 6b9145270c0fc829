//! Writes rows as they come, without knowing how many there will be: 4 GB, or as many megabytes as an argument says. Memory stays
//! at one piece of rows.
//!
//! `cargo run --release --example stream -- out.asdf 4000`
#![expect(clippy::print_stdout, reason = "it is for people")]

use asdf_core::array::{ByteOrder, Datatype, Scalar};
use asdf_core::file::Rows;
use asdf_core::{AsdfFile, Draft, Error, Result, WriteOptions};

/// Elements of a row, and rows that are written at a time: a megabyte.
const ROW: u64 = 1024;
const ROWS: usize = 256;

fn main() -> Result<()> {
    run(&std::env::args().skip(1).collect::<Vec<_>>())
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let (out, megabytes) = match args {
        [out] => (out, 4000),
        [out, megabytes] => (out, megabytes.parse().map_err(Error::of_caller)?),
        _ => return Err(Error::of_caller("usage: stream OUT [MEGABYTES]")),
    };
    let rows = Rows {
        datatype: Datatype::Scalar(Scalar::Float32),
        byteorder: ByteOrder::NATIVE,
        shape: vec![ROW],
        count: None,
    };
    let mut draft = Draft::new();
    draft.set("meta/rate", "as fast as the disk takes it")?;
    let mut writer = draft.save_rows(out, "readings", rows, &WriteOptions::default())?;
    let mut piece = vec![0.0_f32; 1024 * ROWS];
    for second in 0..megabytes {
        piece.fill(f32::from(u16::try_from(second % 1000).unwrap_or(0)));
        writer.write(&piece)?;
    }
    writer.finish()?;
    println!(
        "{:?} elements",
        AsdfFile::open(out)?.array("readings")?.shape()
    );
    Ok(())
}
