//! Does with a FITS file everything that a caller can do, and keeps what went wrong.

use asdf_core::convert::{FitsReadOptions, hdu_list, read_fits, write_fits};
use asdf_core::file::FileNode;
use asdf_core::fits::{FitsFile, FitsImage, FitsTable, Hdu};
use asdf_core::{Error, OpenOptions, WriteOptions};
use std::io::Cursor;

/// Rows whose variable-length arrays are read.
const ROWS: u64 = 50;

/// All errors of all HDUs.
pub(crate) fn exercise(file: &FitsFile) -> Vec<Error> {
    let mut errors = Vec::new();
    for hdu in file.hdus() {
        header(hdu);
        keep(hdu.data(), &mut errors);
        keep(hdu.verify(), &mut errors);
        if let Some(image) = keep(hdu.image(), &mut errors) {
            self::image(&image, &mut errors);
        }
        if let Some(table) = keep(hdu.table(), &mut errors) {
            self::table(&table, &mut errors);
        }
        if let Some(groups) = keep(hdu.groups(), &mut errors) {
            keep(groups.load(), &mut errors);
            for parameter in 0..groups.parameter_count().min(20) {
                keep(groups.parameter(parameter), &mut errors);
                keep(groups.parameter_name(parameter), &mut errors);
            }
        }
        let _ = file.find(hdu.name(), Some(hdu.version())).map(Hdu::index);
    }
    for raw in [false, true] {
        keep(there_and_back(file, raw), &mut errors);
    }
    // Every message can be written.
    let _ = (format!("{errors:?}"), format!("{:?}", file.warnings()));
    let _ = errors.iter().map(ToString::to_string).count();
    errors
}

fn keep<T>(result: Result<T, Error>, errors: &mut Vec<Error>) -> Option<T> {
    result.map_err(|error| errors.push(error)).ok()
}

/// As a tree of HDUs, and a FITS file of that.
fn there_and_back(file: &FitsFile, raw: bool) -> Result<(), Error> {
    let draft = read_fits(file, &FitsReadOptions::default().raw_hdus(raw))?;
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default())?;
    let options = OpenOptions::default().limits(file.limits().clone());
    let tree = options.read_bytes(sink.into_inner(), "x.asdf")?;
    let node = hdu_list(tree.tree().root()).expect("the list that was written");
    let mut out = Vec::new();
    write_fits(FileNode { file: &tree, node }, &mut out)?;
    let again = FitsFile::new(out.into(), file.limits())?;
    assert_eq!(again.len().max(1), file.len());
    Ok(())
}

fn header(hdu: Hdu<'_>) {
    for header in [hdu.header(), hdu.image_header()] {
        for card in header.cards().take(2000) {
            let keyword = card.keyword().into_owned();
            let _ = (
                card.value().to_string(),
                card.comment(),
                header.get(&keyword).is_some(),
            );
        }
    }
    let _ = (
        hdu.name(),
        hdu.version(),
        hdu.header_span(),
        hdu.data_span(),
        hdu.end(),
        hdu.kind().name(),
    );
}

fn image(image: &FitsImage<'_>, errors: &mut Vec<Error>) {
    let _ = (
        image.physical_type(),
        image.stored_type(),
        image.is_scaled(),
    );
    keep(image.load_stored(), errors);
    let whole = keep(image.load(), errors);
    let window: Vec<_> = image
        .shape()
        .iter()
        .map(|length| length / 3..length.div_ceil(2))
        .collect();
    let part = keep(image.load_window(&window), errors);
    if let (Some(whole), Some(part)) = (whole, part)
        && !image.shape().is_empty()
    {
        let first: Vec<u64> = window.iter().map(|range| range.start).collect();
        let zeros = vec![0; first.len()];
        let same = match (whole.view::<f32>(), part.view::<f32>()) {
            (Ok(whole), Ok(part)) if !part.is_empty() => {
                whole.get(&first).map(f32::to_bits) == part.get(&zeros).map(f32::to_bits)
            }
            _ => true,
        };
        assert!(same, "a window differs from the whole");
    }
    for tile in 0..image.tile_count().min(3) {
        keep(image.tile_window(tile), errors);
    }
}

fn table(table: &FitsTable<'_>, errors: &mut Vec<Error>) {
    keep(table.row_data(), errors);
    for column in table.columns() {
        let _ = (
            column.cell_shape(),
            column.physical_type(),
            column.name(),
            column.unit(),
        );
        if column.form().is_variable() {
            for row in 0..table.rows().min(ROWS) {
                keep(column.cell(row), errors);
                keep(column.cell_len(row), errors);
            }
            continue;
        }
        keep(column.load_stored(), errors);
        if let Some(data) = keep(column.load(), errors) {
            let _ = data.mask().map(<[bool]>::len);
        }
    }
}
