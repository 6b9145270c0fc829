//! Parts around the positions of a table.

use super::{Args, chosen, cut, format, hdus_as_asdf};
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::format::Format;
use crate::inputs::Inputs;
use crate::out_dir::Folders;
use crate::output;
use crate::report;
use crate::usage;
use asdf_core::array::Datatype;
use asdf_core::convert::table_nodes;
use asdf_core::file::FileNode;
use asdf_core::wcs::Wcs;
use asdf_core::{AsdfFile, Result, TreePath};
use asdf_tui::measure::{Catalog, CatalogColumns, read_marks};
use asdf_tui::pane::image::marked::catalog_of_tree_as;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A position and the name of what is cut there.
struct Place {
    position: [f64; 2],
    name: String,
}

/// What is known of the positions after all files.
struct Seen {
    /// Those that are on an image.
    found: Vec<bool>,
    /// Whether a file, or a position on one, could not be looked at.
    is_incomplete: bool,
}

/// Cuts out of each file the parts around those positions that are on its image. A position that is on none is a finding.
pub(super) fn run(
    args: &Args,
    table: &Path,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let places = places(args, table, context)?;
    let files = Inputs::find(&args.files, &args.find);
    // Outputs that are the same file are told before anything is written.
    let extension = args.out_dir.format().unwrap_or(Format::Asdf);
    let names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    let outputs = args
        .out_dir
        .outputs_named(files.items(), &names, extension.name())?;
    let folders = Folders::new(true);
    let seen = Mutex::new(Seen {
        found: vec![false; places.len()],
        is_incomplete: false,
    });
    let exit = context.each_path(&files, |context, input| {
        let outputs = outputs.get(context.number).map_or(&[][..], Vec::as_slice);
        let of_file = input.map_err(Failure::from).and_then(|input| {
            let rows = places.iter().zip(outputs);
            let work = Work {
                args,
                input,
                folders: &folders,
            };
            work.of_file(rows, context)
        });
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (found, exit) = of_file.inspect_err(|_| seen.is_incomplete = true)?;
        for (all, found) in seen.found.iter_mut().zip(&found) {
            *all |= *found == Some(true);
        }
        seen.is_incomplete |= found.contains(&None);
        Ok(exit)
    })?;
    let Seen {
        found,
        is_incomplete,
    } = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    let missing = names.iter().zip(&found).filter(|(_, found)| !**found);
    let missing: Vec<&str> = missing.map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Ok(exit);
    }
    let shown = missing
        .iter()
        .take(5)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    let more = if missing.len() > 5 { ", …" } else { "" };
    let looked_at = if is_incomplete {
        " that could be looked at"
    } else {
        ""
    };
    context.caution(&format!(
        "{} of {} positions are on no image{looked_at}: {shown}{more}",
        missing.len(),
        places.len()
    ));
    Ok(exit.max(Exit::No))
}

/// A file that parts are cut out of.
struct Work<'w> {
    args: &'w Args,
    input: &'w Path,
    folders: &'w Folders,
}

impl Work<'_> {
    /// Which of the positions are on the image of the file, all of which are cut; `None` of those for which that cannot be told.
    /// One that fails is told, and the others are cut.
    fn of_file<'p>(
        &self,
        rows: impl Iterator<Item = (&'p Place, &'p PathBuf)>,
        context: &mut Context,
    ) -> std::result::Result<(Vec<Option<bool>>, Exit), Failure> {
        let Self { args, input, .. } = *self;
        let file = context.open_for_part(input, args.keep_corrupt)?;
        let extension = args.out_dir.format().unwrap_or(Format::Asdf);
        let spool = hdus_as_asdf(&file, extension, args.keep_corrupt)?;
        let file = match &spool {
            Some(spool) => context.open_spool(spool.path(), input)?,
            None => file,
        };
        let list = chosen(args, &file, context)?;
        let (mut found, mut exit) = (Vec::new(), Exit::Fine);
        for (place, output) in rows {
            let is_there = list.first().map(|wcs| is_on_image(args, &file, wcs, place));
            let is_there = is_there
                .transpose()
                .map(|is_there| is_there.unwrap_or(false))
                .map_err(|error| file.name_in(error));
            found.push(is_there.as_ref().ok().copied());
            let done = match is_there {
                Ok(true) => self.cut(&file, &list, (place, output), context),
                Ok(false) => {
                    context.explain(&format!(
                        "{}: not on the image of {}",
                        place.name,
                        input.display()
                    ));
                    Ok(())
                }
                Err(error) => Err(error.into()),
            };
            match done {
                Ok(()) => {}
                Err(Failure::Asdf(error)) => {
                    exit = exit.max(context.complain(&error));
                    report::about("", &format!("position {}: no part is written", place.name));
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok((found, exit))
    }

    fn cut(
        &self,
        file: &AsdfFile,
        list: &[Wcs],
        (place, output): (&Place, &Path),
        context: &mut Context,
    ) -> std::result::Result<(), Failure> {
        output::check_free(output, self.args.force)?;
        self.folders.make_for(output)?;
        let one = Args {
            center: Some(place.position),
            ..self.args.clone()
        };
        let names = (self.input, output);
        cut(&one, file, list, names, format(output)?, context).map(drop)
    }
}

/// Whether a part around a position has a pixel of the image.
#[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
fn is_on_image(args: &Args, file: &AsdfFile, wcs: &Wcs, place: &Place) -> Result<bool> {
    let centre = file.image_pixel(wcs, place.position)?;
    if !centre.iter().all(|value| value.is_finite()) {
        return Ok(false);
    }
    let shape = file.image_shape(wcs)?;
    let extents = match args.size {
        Some(size) => file.cutout_extents(wcs, centre, size)?,
        None => return Ok(true),
    };
    let mut sides = centre.iter().zip(extents).zip(shape);
    Ok(sides.all(|((centre, extent), length)| {
        // As many pixels as a window has, the first one at or after half of it before the middle.
        let count = extent.round().max(1.0);
        let start = (centre - count / 2.0 - 1e-6).ceil();
        start < length as f64 && start + count > 0.0
    }))
}

/// The positions of the table, with a name each.
fn places(args: &Args, table: &Path, context: &Context) -> Result<Vec<Place>> {
    let columns = CatalogColumns {
        longitude: args.ra_column.clone(),
        latitude: args.dec_column.clone(),
        label: args.name_column.clone(),
    };
    let wrong = |reason: String| usage::refused(reason).at_file(table);
    let is_text = !matches!(Format::named(table), Some(Format::Asdf | Format::Fits));
    let catalog = if is_text {
        if args.from_path.is_some() {
            return Err(wrong(
                "--from-path is for tables in FITS and ASDF files".to_owned(),
            ));
        }
        let text = read_marks(table).map_err(usage::refused)?;
        Catalog::read_as(&text, &columns).map_err(wrong)?
    } else {
        let file = context.open(table)?.with_hdu_tree()?;
        let path = table_path(args, &file)?;
        catalog_of_tree_as(&file, &path, &columns).map_err(wrong)?
    };
    if !catalog.is_sky {
        return Err(wrong(
            "it has pixels (x and y) and no positions on the sky".to_owned(),
        ));
    }
    if let Some((row, latitude)) = catalog.beyond_pole {
        let row = row.saturating_add(1);
        return Err(wrong(format!(
            "row {row}: a latitude of {latitude} degrees is beyond the pole"
        )));
    }
    if let Some(row) = catalog.without_place.first() {
        let count = catalog.without_place.len();
        let row = row.saturating_add(1);
        return Err(wrong(format!(
            "{count} rows have no position, the first of them is row {row}"
        )));
    }
    if catalog.rows.is_empty() {
        return Err(wrong("it has no rows".to_owned()));
    }
    let digits = catalog.rows.len().to_string().len();
    let rows = catalog.rows.into_iter().enumerate();
    Ok(rows
        .map(|(number, row)| Place {
            position: row.place,
            name: file_name(row.label.trim(), number, digits),
        })
        .collect())
}

/// A name that a file may have: what else there is becomes `_`; the number of a row without a name, from 1.
fn file_name(label: &str, number: usize, digits: usize) -> String {
    let safe = |letter: char| {
        let is_safe = letter.is_alphanumeric() || "+-._".contains(letter);
        if is_safe { letter } else { '_' }
    };
    let name: String = label.chars().map(safe).collect();
    match name.trim_start_matches('.') {
        "" => format!("{:0digits$}", number.saturating_add(1)),
        name => name.to_owned(),
    }
}

/// The table that is meant, or the only one.
fn table_path(args: &Args, file: &AsdfFile) -> Result<TreePath> {
    if let Some(path) = &args.from_path {
        return Ok(file.select_resolved(path)?.at.node.path());
    }
    let mut paths: Vec<TreePath> = Vec::new();
    for table in table_nodes(file)? {
        let FileNode { node, .. } = table.at;
        paths.push(node.path());
    }
    if paths.is_empty() {
        // Tables of HDUs are arrays of records there.
        let arrays = file.arrays()?.into_iter();
        let records = arrays.filter(|(_, node)| {
            let array = file.array_at(*node);
            array.is_ok_and(|array| matches!(array.datatype(), Datatype::Record(_)))
        });
        paths = records.map(|(path, _)| path).collect();
    }
    match paths.as_slice() {
        [path] => Ok(path.clone()),
        [] => Err(file.name_in(usage::refused("there is no table in the file"))),
        several => {
            let shown: Vec<String> = several.iter().take(5).map(ToString::to_string).collect();
            let reason = format!("--from-path says which table: {}", shown.join(", "));
            Err(file.name_in(usage::refused(reason)))
        }
    }
}
