//! Writes three arrays, each with a codec of its own, and says in the history what was done.
//!
//! `cargo run --example three_codecs -- out.asdf`
#![expect(clippy::print_stdout, reason = "it is for people")]

use asdf_core::array::NewArray;
use asdf_core::block::{Codec, Compression};
use asdf_core::file::Storage;
use asdf_core::{AsdfFile, Draft, Error, Result, WriteOptions};

fn main() -> Result<()> {
    run(&std::env::args().skip(1).collect::<Vec<_>>())
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let [out] = args else {
        return Err(Error::of_caller("usage: three_codecs OUT"));
    };
    let ramp: Vec<f32> = (0..100_u8).cycle().take(256 * 256).map(f32::from).collect();
    let flags = vec![0_u32; 256 * 256];
    let mut draft = Draft::new();
    draft.set("meta/telescope", "invented")?;
    let image = [256, 256];
    let codecs = [
        (
            "data",
            NewArray::from_slice(&ramp, &image)?,
            Compression::new(Codec::Zstd)?.level(9)?,
        ),
        (
            "err",
            NewArray::from_slice(&ramp, &image)?,
            Compression::new(Codec::Lz4)?,
        ),
        (
            "dq",
            NewArray::from_slice(&flags, &image)?,
            Compression::new(Codec::Bzip2)?,
        ),
    ];
    for (name, array, compression) in codecs {
        draft.set_array(name, array, &Storage::compressed(compression))?;
    }
    draft.add_history("made with three codecs")?;
    draft.save(out, &WriteOptions::default())?;

    let file = AsdfFile::open(out)?;
    for block in file.blocks() {
        let header = block.header();
        println!(
            "{}: {} of {} bytes",
            header.codec(),
            header.used,
            header.data_size
        );
    }
    for entry in file.history() {
        println!("{}", entry.description.unwrap_or_default());
    }
    Ok(())
}
