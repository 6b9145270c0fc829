//! The HDUs of `asdf info`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::palette::paint;
use crate::render::{Align, Table};
use crate::size;
use asdf_core::AsdfFile;
use asdf_core::inspect::{HduInfo, escape, frame_text};
use serde_json::{Value, json};
use std::io::Write;

/// Descriptions of headers that are shown.
const MOST_WORLDS: usize = 20;

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
    if file.tree_hdu().is_none() {
        worlds(context, file)?;
    }
    Ok(())
}

/// The WCS of the headers: where each leads to, or the keyword that stands in the way.
fn worlds(context: &mut Context, file: &AsdfFile) -> Result<(), Failure> {
    let palette = context.palette;
    let descriptions = file.header_descriptions();
    for own in descriptions.iter().take(MOST_WORLDS) {
        let text = match file.header_world(own) {
            Ok(frame) => paint(palette.kind, escape(&frame_text(&frame))),
            Err(error) => paint(palette.bad, escape(&error.kind().to_string())),
        };
        writeln!(context.out, "{}  {text}", paint(palette.key, &own.path))?;
    }
    if let Some(more) = descriptions
        .len()
        .checked_sub(MOST_WORLDS)
        .filter(|more| *more > 0)
    {
        writeln!(context.out, "{more} more WCS of headers: asdf wcs info")?;
    }
    Ok(())
}

/// The HDUs as `info --json` has them; nothing of a file that is not a FITS file.
pub(super) fn document(file: &AsdfFile) -> Option<Value> {
    file.fits()?;
    let descriptions = match file.tree_hdu() {
        None => file.header_descriptions(),
        Some(_) => Vec::new(),
    };
    let hdus = HduInfo::all(file).into_iter().map(|hdu| {
        let own = descriptions.iter().filter(|own| own.hdu == hdu.index);
        let worlds = own.map(|own| {
            let (frame, reason) = match file.header_world(own) {
                Ok(frame) => (Some(frame_text(&frame)), None),
                Err(error) => (None, Some(error.kind().to_string())),
            };
            json!({ "path": own.path.to_string(), "frame": frame, "reason": reason })
        });
        json!({
            "wcs": worlds.collect::<Vec<_>>(),
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
            "{name}: the FITS file is cut, what is left of it is shown"
        ));
    }
}
