//! Places a catalogue of pixels on the sky: reads the columns `x` and `y` of a CSV file and writes them, with right ascension and
//! declination by the first WCS of an image, as a table that astropy reads.
//!
//! `cargo run --example catalogue_to_sky -- obs.asdf sources.csv sources.asdf`
#![expect(clippy::print_stdout, reason = "it is for people")]

use asdf_core::array::NewArray;
use asdf_core::convert::{CsvColumn, CsvHeader, read_csv};
use asdf_core::file::Storage;
use asdf_core::tagged::{Column, Quantity, SkyCoord, Table};
use asdf_core::{AsdfFile, Draft, Error, Limits, Result, WriteOptions};

fn main() -> Result<()> {
    run(&std::env::args().skip(1).collect::<Vec<_>>())
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let [image, catalogue, out] = args else {
        return Err(Error::of_caller("usage: catalogue_to_sky IMAGE CSV OUT"));
    };
    let file = AsdfFile::open(image)?;
    let place = file.wcs_paths().into_iter().next();
    let place = place.ok_or_else(|| Error::of_caller("the image has no WCS"))?;
    let columns = read_csv(
        &std::fs::read(catalogue)?,
        CsvHeader::Yes,
        &Limits::default(),
    )?;
    let (x, y) = (numbers(&columns, "x")?, numbers(&columns, "y")?);
    let world = file.wcs(place)?.pixel_to_world(&[&x, &y])?;
    let [ra, dec] = world.as_slice() else {
        return Err(Error::of_caller("the WCS does not lead to two coordinates"));
    };

    let mut draft = Draft::new();
    let mut table = Vec::new();
    let mut nodes = Vec::new();
    for (name, unit, values) in [
        ("x", "pixel", &x),
        ("y", "pixel", &y),
        ("ra", "deg", ra),
        ("dec", "deg", dec),
    ] {
        let array = NewArray::from_slice(values, &[values.len() as u64])?;
        let node = draft.new_array(array, &Storage::internal())?;
        table.push(Column::new(name, node).in_unit(unit));
        nodes.push(node);
    }
    draft.set_tagged("sources", &Table::new(table))?;
    // The same arrays once more, as positions.
    if let [_, _, ra, dec] = nodes.as_slice() {
        let sky = SkyCoord::new(
            "icrs",
            Quantity::new(*ra, "deg"),
            Quantity::new(*dec, "deg"),
        );
        draft.set_tagged("sky", &sky)?;
    }
    draft.save(out, &WriteOptions::default())?;

    let written = AsdfFile::open(out)?;
    for [ra, dec] in written.tagged::<SkyCoord<'_>>("sky")?.degrees()? {
        println!("{ra:.6} {dec:.6}");
    }
    Ok(())
}

/// The column of that name as numbers.
fn numbers(columns: &[CsvColumn], name: &str) -> Result<Vec<f64>> {
    let column = columns.iter().find(|column| column.name == name);
    let column = column.ok_or_else(|| Error::of_caller(format!("no column `{name}`")))?;
    column.data()?.to_f64()
}
