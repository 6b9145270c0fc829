//! Puts the WCS of one file into another, in the place of the one that is there. All else of that file stays as it is.
//!
//! `cargo run --example copy_wcs -- reference.asdf obs.asdf`
#![expect(clippy::print_stdout, reason = "it is for people")]

use asdf_core::{AsdfFile, Error, Result, WriteOptions};

fn main() -> Result<()> {
    run(&std::env::args().skip(1).collect::<Vec<_>>())
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let [from, to] = args else {
        return Err(Error::of_caller("usage: copy_wcs FROM TO"));
    };
    let (reference, file) = (AsdfFile::open(from)?, AsdfFile::open(to)?);
    let first = |file: &AsdfFile, name: &str| {
        let found = file.wcs_paths().into_iter().next();
        found.ok_or_else(|| Error::of_caller(format!("{name} has no WCS")))
    };
    let (source, target) = (first(&reference, from)?, first(&file, to)?);
    let mut draft = file.to_draft();
    draft.copy_node(&reference, &source, &target)?; // with the arrays of its transforms
    draft.add_history(&format!("WCS of {from}"))?;
    draft.drop_unused_blocks();
    draft.update(to, &WriteOptions::default())?;

    let wcs = AsdfFile::open(to)?.wcs(&target)?;
    let world = wcs.pixel_to_world(&[&[0.0], &[0.0]])?;
    println!("{target}: the first pixel is at {world:?}");
    Ok(())
}
