//! Sets one value in any number of files, on all cores. Each file is the old one or the new one, whenever the program is stopped; what
//! fails is told and stops none of the others.
//!
//! `cargo run --example batch_update -- meta/checked yes night/*.asdf`
#![expect(clippy::print_stdout, reason = "it is for people")]

use asdf_core::{AsdfFile, Error, Result, WriteOptions};
use rayon::prelude::*;

fn main() -> Result<()> {
    run(&std::env::args().skip(1).collect::<Vec<_>>())
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let [path, value, files @ ..] = args else {
        return Err(Error::of_caller("usage: batch_update PATH VALUE FILE…"));
    };
    let update = |name: &String| -> Result<()> {
        let file = AsdfFile::open(name)?;
        let mut draft = file.to_draft();
        draft.set(path.as_str(), value)?;
        draft.add_history(&format!("{path} set to {value}"))?;
        draft.update(name, &WriteOptions::default())?; // in place where there is room
        Ok(())
    };
    let errors: Vec<Error> = files
        .par_iter()
        .filter_map(|name| update(name).err())
        .collect();
    for error in &errors {
        println!("{error}"); // it names the file
    }
    println!(
        "{} of {} files changed",
        files.len() - errors.len(),
        files.len()
    );
    errors.into_iter().next().map_or(Ok(()), Err)
}
