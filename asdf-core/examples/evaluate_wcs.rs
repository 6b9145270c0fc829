//! World coordinates of pixels: `evaluate_wcs FILE X Y …`, with the first WCS of the tree.
#![expect(clippy::print_stdout, reason = "it is for people")]

use asdf_core::{AsdfFile, Result};
use std::env;

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let file = AsdfFile::open(arguments.next().unwrap_or_default())?;
    let pixel: Vec<[f64; 1]> = arguments
        .filter_map(|argument| Some([argument.parse().ok()?]))
        .collect();
    for path in file.wcs_paths().into_iter().take(1) {
        let wcs = file.wcs(path)?;
        let columns: Vec<&[f64]> = pixel.iter().map(<[f64; 1]>::as_slice).collect();
        let world = wcs.pixel_to_world(&columns)?;
        println!("{world:?}");
        let world: Vec<&[f64]> = world.iter().map(Vec::as_slice).collect();
        println!("{:?}", wcs.world_to_pixel(&world)?);
        println!("{:?}", wcs.world_to_pixel_numerical(&world)?);
    }
    Ok(())
}
