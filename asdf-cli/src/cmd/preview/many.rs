//! Pictures of many files: one each, and all of them small on one sheet.

use super::{Args, Made, PictureFormat, run_one, unusable};
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::Inputs;
use crate::output;
use asdf_core::inspect::escape;
use asdf_tui::raster::{Picture, contact_sheet, tile_size};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let files = args.shard.of(Inputs::find(&args.words, &args.find))?;
    let sheet = match &args.sheet {
        Some(sheet) => {
            output::check_free(sheet, args.force)?;
            Some((sheet.as_path(), PictureFormat::of(sheet)?))
        }
        None => None,
    };
    let outputs = if args.out_dir.is_given() {
        Some(args.out_dir.outputs(&files, "png")?)
    } else {
        None
    };
    context.make_outputs(args.keep_corrupt);
    let count = files.items().len();
    let tiles = Mutex::new(vec![None; count]);
    let exit = context.each_path(&files, |context, file| {
        let mut one = Args {
            file: file?.to_path_buf(),
            ..args.clone()
        };
        if let Some(outputs) = &outputs {
            one.output = Some(outputs.of(context.number)?.to_path_buf());
            run_one(&one, context)?;
        }
        if sheet.is_some() {
            let tile = tile(&mut one, context, tile_size(count))?;
            let mut tiles = tiles.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(place) = tiles.get_mut(context.number) {
                *place = Some(tile);
            }
            drop(tiles);
            let name = escape(&one.file.display().to_string()).into_owned();
            writeln!(context.out, "{} {name}", context.number + 1)?;
        }
        Ok(Exit::Fine)
    })?;
    if let Some((sheet, format)) = sheet {
        let tiles = tiles.into_inner().unwrap_or_else(PoisonError::into_inner);
        write(args, context, (sheet, format), &tiles)?;
    }
    Ok(exit)
}

/// The picture of a file as small as it is on the sheet.
fn tile(args: &mut Args, context: &mut Context, side: usize) -> Result<Picture, Failure> {
    args.look.set_size(u64::try_from(side).unwrap_or(u64::MAX));
    let file = context.open(&args.file)?;
    let made = super::picture(args, context, &file);
    context.warn_all(file.warnings());
    match made.map_err(|error| file.name_in(error))? {
        Some(made) => Ok(made.flat().shrunk(side)),
        None => Err(unusable("a sheet has no room on the terminal").into()),
    }
}

fn write(
    args: &Args,
    context: &mut Context,
    (sheet, format): (&Path, PictureFormat),
    tiles: &[Option<Picture>],
) -> Result<(), Failure> {
    if tiles.iter().all(Option::is_none) {
        return Err(unusable("no file has a picture, so there is no sheet")
            .at_file(sheet)
            .into());
    }
    let (picture, drawing) = contact_sheet(tiles);
    let one = Args {
        output: Some(sheet.to_path_buf()),
        ..args.clone()
    };
    let software = format!("asdf {}", env!("CARGO_PKG_VERSION"));
    let made = Made {
        picture,
        drawing,
        texts: vec![("Software", software)],
    };
    super::write(&one, context, format, &made)
}
