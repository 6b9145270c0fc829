//! The HDUs of `asdf info`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::render::{Align, Table};
use crate::size;
use asdf_core::AsdfFile;
use asdf_core::inspect::{HduInfo, escape};
use serde_json::{Value, json};
use std::io::Write;

/// The table of HDUs.
pub(super) fn table(context: &mut Context, file: &AsdfFile, columns: usize) -> Result<(), Failure> {
    let palette = context.palette;
    let mut table = Table::new(&[
        ("HDU", Align::Right),
        ("name", Align::Left),
        ("ver", Align::Right),
        ("type", Align::Left),
        ("cards", Align::Right),
        ("contents", Align::Left),
        ("stored", Align::Right),
        ("codec", Align::Left),
    ]);
    for hdu in HduInfo::all(file) {
        table.push(vec![
            (palette.faint, hdu.index.to_string()),
            (palette.key, escape(&hdu.name).into_owned()),
            (palette.number, hdu.version.to_string()),
            (palette.kind, hdu.kind.name().to_owned()),
            (palette.number, hdu.cards.to_string()),
            (palette.number, escape(&hdu.contents()).into_owned()),
            (palette.number, size::human(hdu.stored_bytes)),
            (palette.faint, hdu.compression.unwrap_or("-").to_owned()),
        ]);
    }
    for line in table.lines(&palette, columns) {
        writeln!(context.out, "{line}")?;
    }
    Ok(())
}

/// The HDUs as `info --json` has them; nothing of a file that is not a FITS file.
pub(super) fn document(file: &AsdfFile) -> Option<Value> {
    file.fits()?;
    let hdus = HduInfo::all(file).into_iter().map(|hdu| {
        json!({
            "index": hdu.index,
            "name": hdu.name,
            "version": hdu.version,
            "type": hdu.kind.name(),
            "datatype": hdu.datatype.map(|datatype| datatype.to_json()),
            "shape": hdu.shape,
            "offset": hdu.offset,
            "stored_bytes": hdu.stored_bytes,
            "compression": hdu.compression,
            "holds_tree": hdu.holds_tree,
        })
    });
    Some(Value::Array(hdus.collect()))
}

/// A FITS file that is cut is shown as far as it goes, but it is trouble.
pub(super) fn exit(file: &AsdfFile) -> Exit {
    if file.is_fits_cut() {
        Exit::Trouble
    } else {
        Exit::Fine
    }
}

/// Says that before the table is shown.
pub(super) fn complain_of_cut(context: &Context, file: &AsdfFile) {
    if file.is_fits_cut() {
        let name = file.name().display().to_string();
        context.caution(&format!(
            "{}: the FITS file is cut, what is left of it is shown",
            escape(&name)
        ));
    }
}
