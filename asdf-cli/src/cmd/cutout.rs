//! `asdf cutout`.

use crate::check::CheckArgs;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::output;
use asdf_core::{AsdfFile, CutoutSize, Result, Usage, Wcs, WriteOptions};
use std::path::PathBuf;

/// Cut a window out of an image, with its WCS
///
/// Every array with the shape of the image is cut, whatever other axes it has; the WCS is that of the window. Everything
/// else of the file stays.
#[derive(Debug, clap::Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "Examples:\n  asdf cutout obs.asdf --center 269.98,65.98 --size 30arcsec -o star.asdf\n  asdf cutout obs.asdf --center 17:59:55.2,+65:58:48 --size 100px -o star.asdf\n  asdf cutout obs.asdf --pixel 2044,1000 --size 200x100px -o part.asdf"
)]
pub(crate) struct Args {
    /// File
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where the middle is: longitude and latitude in the frame of the WCS, in degrees or as h:m:s,d:m:s
    #[arg(long, value_name = "RA,DEC", value_parser = position, required_unless_present = "pixel")]
    center: Option<[f64; 2]>,
    /// Where the middle is in pixels, from 0
    #[arg(long, value_name = "X,Y", value_parser = pair, conflicts_with = "center")]
    pixel: Option<[f64; 2]>,
    /// How large it is: 100px, 30arcsec, 2arcmin, 0.1deg; 200x100px
    #[arg(long, value_name = "SIZE", value_parser = size)]
    size: CutoutSize,
    /// The WCS (default: the first)
    #[arg(long, value_name = "PATH")]
    wcs: Option<String>,
    /// The file to write, or - for standard output
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Overwrite it
    #[arg(short, long)]
    force: bool,
    #[command(flatten)]
    check: CheckArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> std::result::Result<Exit, Failure> {
    let file = context.open(&args.file)?;
    output::check_free(&args.output, args.force)?;
    let wcs = super::wcs::find(&file, args.wcs.as_deref())?;
    let place = |error| file.name_in(error);
    let centre = centre(args, &file, &wcs).map_err(place)?;
    let window = file.cutout_window(&wcs, centre, args.size).map_err(place)?;
    let mut draft = file.cutout(&wcs, &window).map_err(place)?;
    draft.drop_unused_blocks();
    args.check.check(Some(&file), &draft).map_err(place)?;
    let options = WriteOptions::default();
    output::write(&args.output, &mut context.out, |sink| {
        draft.write(sink, &options)
    })?;
    let [x, y] = &window;
    context.explain(&format!(
        "{}: x {}…{}, y {}…{}",
        args.output.display(),
        x.start,
        x.end,
        y.start,
        y.end
    ));
    context.warn_all(file.warnings());
    Ok(Exit::Fine)
}

/// The pixel in the middle.
fn centre(args: &Args, file: &AsdfFile, wcs: &Wcs) -> Result<[f64; 2]> {
    if let Some(pixel) = args.pixel {
        return Ok(pixel);
    }
    let [longitude, latitude] = args.center.unwrap_or_default();
    let centre = wcs.pixel_at([longitude, latitude])?;
    if centre.iter().all(|value| value.is_finite()) {
        return Ok(centre);
    }
    let shape = file.image_shape(wcs)?;
    let reason = format!(
        "the position {longitude},{latitude} is not near the image of {}×{} pixels (`asdf wcs footprint` says where it is)",
        shape[0], shape[1]
    );
    Err(Usage::Edit {
        reason: reason.into(),
    }
    .into())
}

/// Two numbers with a comma between them.
pub(crate) fn pair(text: &str) -> std::result::Result<[f64; 2], String> {
    let parts = text.split_once(',');
    let number = |text: &str| {
        text.trim()
            .parse::<f64>()
            .ok()
            .filter(|value| value.is_finite())
    };
    parts
        .and_then(|(x, y)| Some([number(x)?, number(y)?]))
        .ok_or_else(|| "expected two numbers with a comma between them".to_owned())
}

/// A position in degrees, or in hours and degrees with minutes and seconds.
fn position(text: &str) -> std::result::Result<[f64; 2], String> {
    if !text.contains(':') {
        return pair(text);
    }
    let wrong = || "expected RA,DEC in degrees, or h:m:s,d:m:s".to_owned();
    let (hours, degrees) = text.split_once(',').ok_or_else(wrong)?;
    let (hours, degrees) = (
        sexagesimal(hours).ok_or_else(wrong)?,
        sexagesimal(degrees).ok_or_else(wrong)?,
    );
    Ok([hours * 15.0, degrees])
}

fn sexagesimal(text: &str) -> Option<f64> {
    let text = text.trim();
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let mut sum = 0.0;
    let mut part = 1.0;
    for field in text.trim_start_matches(['-', '+']).split(':') {
        let value: f64 = field
            .parse()
            .ok()
            .filter(|value| *value >= 0.0 && *value < 1e4)?;
        sum += value / part;
        part *= 60.0;
    }
    (part <= 216_000.0).then_some(sign * sum)
}

fn size(text: &str) -> std::result::Result<CutoutSize, String> {
    let wrong = || "expected a size such as 100px, 30arcsec, 2arcmin, 0.1deg, 200x100px".to_owned();
    let end =
        text.find(|letter: char| letter.is_ascii_alphabetic() && letter != 'x' && letter != 'e');
    let (numbers, unit) = end
        .and_then(|end| text.split_at_checked(end))
        .ok_or_else(wrong)?;
    let number = |text: &str| {
        text.trim()
            .parse::<f64>()
            .ok()
            .filter(|value| *value > 0.0 && value.is_finite())
    };
    let sides = match numbers.split_once('x') {
        Some((width, height)) => number(width).zip(number(height)),
        None => number(numbers).map(|side| (side, side)),
    };
    let (width, height) = sides.ok_or_else(wrong)?;
    let arcseconds = match unit {
        "px" | "pix" | "pixel" | "pixels" => return Ok(CutoutSize::Pixels([width, height])),
        "mas" => 0.001,
        "arcsec" => 1.0,
        "arcmin" => 60.0,
        "deg" => 3600.0,
        _ => return Err(wrong()),
    };
    Ok(CutoutSize::Arcseconds([
        width * arcseconds,
        height * arcseconds,
    ]))
}
