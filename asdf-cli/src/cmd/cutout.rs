//! `asdf cutout`.

mod many;

use crate::check::CheckArgs;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::format::Format;
use crate::inputs::FindArgs;
use crate::out_dir::OutDirArgs;
use crate::output;
use crate::pair::pair;
use crate::plane_coordinates;
use crate::usage;
use asdf_core::array::Slice;
use asdf_core::convert::{
    Cutout, CutoutSize, FitsReadOptions, SpectralValue, draft_with_hdus, read_fits,
};
use asdf_core::inspect::MAIN_ARRAYS;
use asdf_core::wcs::Wcs;
use asdf_core::{AsdfFile, Draft, Result, WriteOptions};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Cut a window out of an image, with its WCS
///
/// The arrays that have the WCS are cut, whatever further axes they have, and their masks; the WCS is that of the window, and so
/// are the keywords of headers beside the arrays. Everything else of the file stays. The format follows from the name of OUT, as
/// `asdf convert` has it; ASDF where the name has no ending.
#[derive(Debug, Clone, clap::Args)]
#[command(
    allow_negative_numbers = true,
    after_help = "Examples:\n  asdf cutout obs.asdf --center 269.98,65.98 --size 30arcsec -o star.asdf\n  asdf cutout obs.asdf --center 17:59:55.2,+65:58:48 --size 100px -o star.asdf\n  asdf cutout obs.asdf --pixel 2044,1000 --size 200x100px -o part.asdf\n  asdf cutout cube.fits --center 150.1,2.2 --size 5arcsec --wave 656nm:658nm -o line.fits\n  asdf cutout obs.asdf --from stars.csv --size 5arcsec --out-dir stamps\n  asdf cutout night/ --center 269.98,65.98 --size 30arcsec --out-dir stamps\n  asdf cutout many.asdf --path exposures[2].data --pixel 20,20 --size 9px -o part.fits"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Args {
    /// File; with --out-dir any number of files, folders and @LISTs of names
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Where the middle is: longitude and latitude in the frame of the WCS, in degrees or as h:m:s,d:m:s
    #[arg(long, value_name = "RA,DEC", value_parser = position, required_unless_present_any = ["pixel", "wave", "from"], allow_hyphen_values = true)]
    center: Option<[f64; 2]>,
    /// Where the middle is in pixels, from 0
    #[arg(long, value_name = "X,Y", value_parser = pair, conflicts_with = "center", allow_hyphen_values = true)]
    pixel: Option<[f64; 2]>,
    /// A part around each position of a table: CSV, ECSV, `VOTable`, FITS or ASDF, with columns such as ra, dec and name; needs
    /// --out-dir. The part of NAME goes to {stem}_{name}.{ext}
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["center", "pixel", "output"], requires = "out_dir")]
    from: Option<PathBuf>,
    /// The table within TABLE, where it has several
    #[arg(long, value_name = "PATH", requires = "from")]
    from_path: Option<String>,
    /// The column of right ascensions or longitudes
    #[arg(long, value_name = "NAME", requires = "from")]
    ra_column: Option<String>,
    /// The column of declinations or latitudes
    #[arg(long, value_name = "NAME", requires = "from")]
    dec_column: Option<String>,
    /// The column of the names of outputs [default: one that is called so, else the number of the row]
    #[arg(long, value_name = "NAME", requires = "from")]
    name_column: Option<String>,
    /// How large it is: 100px, 30arcsec, 2arcmin, 0.1deg; 200x100px
    #[arg(long, value_name = "SIZE", value_parser = size, required_unless_present = "wave")]
    size: Option<CutoutSize>,
    /// Of a cube the planes between two wavelengths, frequencies, energies or velocities: 1.5um:1.6um, 115.1GHz:115.3GHz. They
    /// need not be of the kind of its axis
    /// (the whole image without --size)
    #[arg(long, value_name = "LOW:HIGH", value_parser = wave, allow_hyphen_values = true)]
    wave: Option<[SpectralValue; 2]>,
    /// An error, and no file, when the window reaches over the edge of the image; without it that is told and the part
    /// within is written
    #[arg(long)]
    strict: bool,
    /// The whole window where it reaches over the edge of the image: NaN outside of it, or --fill; the WCS is that of the window
    #[arg(long, conflicts_with = "strict", requires = "size")]
    pad: bool,
    /// The value of pixels outside of the image [default: NaN, 0 in arrays of integers]
    #[arg(
        long,
        value_name = "VALUE",
        requires = "pad",
        allow_negative_numbers = true
    )]
    fill: Option<f64>,
    /// The array; those that have the same WCS are cut with it (default: the only image that has a WCS, or the main one)
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// The WCS whose arrays are cut
    #[arg(long, value_name = "PATH", conflicts_with = "path")]
    wcs: Option<String>,
    /// The file to write, or - for standard output
    #[arg(
        short,
        long,
        value_name = "OUT",
        required_unless_present = "out_dir",
        conflicts_with = "out_dir"
    )]
    output: Option<PathBuf>,
    #[command(flatten)]
    out_dir: OutDirArgs,
    /// Overwrite it
    #[arg(short, long)]
    force: bool,
    /// Use blocks whose checksum is wrong, as they are
    #[arg(long)]
    keep_corrupt: bool,
    #[command(flatten)]
    check: CheckArgs,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> std::result::Result<Exit, Failure> {
    if let Some(table) = &args.from {
        return many::run(args, table, context);
    }
    let extension = args.out_dir.format().unwrap_or(Format::Asdf).name();
    let jobs = args.out_dir.jobs_of(
        &args.files,
        args.output.as_deref(),
        &args.find,
        extension,
        None,
    )?;
    jobs.run(context, |context, input, output| {
        run_one(args, input, output, context)
    })
}

fn run_one(
    args: &Args,
    input: &Path,
    output: &Path,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let file = context.open_for_part(input, args.keep_corrupt)?;
    output::check_free(output, args.force)?;
    let to = format(output)?;
    // The HDUs that the tree does not name are cut as those of the ASDF file that the FITS file would become.
    let spool = hdus_as_asdf(&file, to, args.keep_corrupt)?;
    let file = match &spool {
        Some(spool) => context.open_spool(spool.path(), input)?,
        None => file,
    };
    let list = chosen(args, &file, context)?;
    cut(args, &file, &list, (input, output), to, context)
}

/// A FITS file as an ASDF file of its tree and the HDUs beside it; none where the tree names all of them.
fn hdus_as_asdf(
    file: &AsdfFile,
    to: Format,
    keep_corrupt: bool,
) -> std::result::Result<Option<tempfile::NamedTempFile>, Failure> {
    let Some(fits) = file.fits() else {
        return Ok(None);
    };
    // In a FITS file they have their headers all the same.
    if to != Format::Fits && file.tree_hdu().is_some() && file.hdus_beside_tree().is_empty() {
        return Ok(None);
    }
    let spool = new_spool()?;
    let place = |error| file.name_in(error);
    let options = FitsReadOptions::default();
    let draft = match file.tree_hdu() {
        Some(_) => draft_with_hdus(file, &options),
        None => read_fits(fits, &options),
    };
    let draft = draft.map_err(place)?;
    // What is copied from there has the checksums that it has there.
    let options = WriteOptions::default().keep_corrupt(keep_corrupt);
    draft.save(spool.path(), &options).map_err(place)?;
    Ok(Some(spool))
}

/// The format that a name tells; without an ending, and for standard output, ASDF.
fn format(output: &Path) -> Result<Format> {
    if let Some(known) = Format::named(output) {
        return Ok(known);
    }
    match output.extension() {
        Some(ending) if output != Path::new("-") => {
            let reason = format!(
                "no format has the ending .{}; there are .asdf .fits .yaml .json .npy .csv .ecsv .vot .png .jpg",
                ending.to_string_lossy()
            );
            Err(usage::refused(reason).at_file(output))
        }
        _ => Ok(Format::Asdf),
    }
}

fn new_spool() -> std::io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().suffix(".asdf").tempfile()
}

fn cut(
    args: &Args,
    file: &AsdfFile,
    list: &[Wcs],
    (input, output): (&Path, &Path),
    to: Format,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let wcs = list.first().ok_or_else(no_wcs)?;
    let place = |error| file.name_in(error);
    let Part {
        window,
        padded,
        planes,
        is_less,
    } = part(args, file, wcs).map_err(place)?;
    let [x, y] = &window;
    let [width, height] = [x, y].map(|side| side.end - side.start);
    if is_less && args.strict {
        let reason = format!(
            "the window reaches over the edge of the image, only {width}×{height} pixels are within (--strict)"
        );
        return Err(file.name_in(usage::refused(reason)).into());
    }
    let Cutout {
        mut draft,
        arrays,
        notes,
    } = match &padded {
        Some(window) => file.cutout_padded(list, window, &planes, args.fill),
        None => file.cutout_images(list, &window, &planes),
    }
    .map_err(place)?;
    args.check.check(Some(file), &draft).map_err(place)?;
    let array = arrays.first().map(ToString::to_string);
    write(args, file, &mut draft, array, (input, output), to, context)?;
    for note in notes {
        context.caution(&note);
    }
    if is_less {
        let whole = padded.map_or_else(String::new, |[x, y]| {
            format!(" of {}×{} pixels", x.end - x.start, y.end - y.start)
        });
        context.caution(&format!(
            "the window{whole} reaches over the edge of the image, {width}×{height} pixels are within"
        ));
    }
    let cut = summary(arrays.len(), list, &window);
    let coordinates = of_one_plane(file, wcs, &planes).map_err(place)?;
    context.explain_file(output, &format!("{cut}{coordinates}"));
    context.warn_all(file.warnings());
    Ok(Exit::Fine)
}

/// What was cut, on one line.
fn summary(arrays: usize, list: &[Wcs], [x, y]: &[Range<u64>; 2]) -> String {
    let paths: Vec<String> = list.iter().map(|wcs| wcs.path().to_string()).collect();
    format!(
        "{arrays} arrays of {}, x {}…{}, y {}…{}",
        paths.join(", "),
        x.start,
        x.end,
        y.start,
        y.end
    )
}

/// The coordinates that all pixels have where one plane of a cube was cut out.
fn of_one_plane(file: &AsdfFile, wcs: &Wcs, planes: &[Range<u64>]) -> Result<String> {
    let one = |range: &Range<u64>| match i64::try_from(range.start) {
        Ok(start) if range.end == range.start + 1 => Slice::Index(start),
        _ => Slice::ALL,
    };
    let arrays = file.arrays_of_wcs(wcs)?;
    let Some(array) = arrays.first().filter(|_| !planes.is_empty()) else {
        return Ok(String::new());
    };
    // The further axes stand before rows and columns, the last of them first.
    let further = array.shape.len().saturating_sub(2 + planes.len());
    let mut slices = vec![Slice::ALL; further];
    slices.extend(planes.iter().rev().map(one));
    Ok(plane_coordinates::of_wcs(wcs, &array.shape, &slices))
}

/// Writes what was cut; `array` is the one that formats of one array take.
fn write(
    args: &Args,
    file: &AsdfFile,
    draft: &mut Draft<'_>,
    array: Option<String>,
    (input, output): (&Path, &Path),
    to: Format,
    context: &mut Context,
) -> std::result::Result<(), Failure> {
    let options = WriteOptions::default().keep_corrupt(args.keep_corrupt);
    if to == Format::Asdf {
        return output::write_draft(output, &mut context.out, draft, &options);
    }
    let spool = new_spool()?;
    let saved = draft.save(spool.path(), &options);
    saved.map_err(|error| file.name_in(error))?;
    let array = array.filter(|_| to.is_of_one_array());
    let input = (spool.path(), input);
    crate::cmd::convert::run_plain(input, output, array.as_deref(), context)?;
    Ok(())
}

/// What is cut out of an image.
struct Part {
    window: [Range<u64>; 2],
    /// The same with what is outside of the image.
    padded: Option<[Range<i64>; 2]>,
    planes: Vec<Range<u64>>,
    /// True when the window that was asked for reaches over the edge of the image.
    is_less: bool,
}

/// Where the options say that the part is.
#[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
fn part(args: &Args, file: &AsdfFile, wcs: &Wcs) -> Result<Part> {
    let shape = file.image_shape(wcs)?;
    let whole = shape.map(|length| length as f64);
    let centre = match (args.center, args.pixel) {
        (None, None) => whole.map(|length| (length - 1.0) / 2.0),
        _ => centre(args, file, wcs)?,
    };
    let (window, wanted) = match args.size {
        None => (shape.map(|length| 0..length), whole),
        Some(size) => (
            file.cutout_window(wcs, centre, size)?,
            file.cutout_extents(wcs, centre, size)?,
        ),
    };
    let planes = planes(args, file, wcs, centre)?;
    let sides = window.iter().zip(wanted);
    let is_less = sides
        .map(|(side, wanted)| ((side.end - side.start) as f64, wanted.round()))
        .any(|(side, wanted)| side < wanted);
    let padded = args.size.filter(|_| args.pad);
    let padded = padded.map(|size| file.padded_window(wcs, centre, size));
    Ok(Part {
        padded: padded.transpose()?,
        window,
        planes,
        is_less,
    })
}

fn no_wcs() -> asdf_core::Error {
    usage::refused("no image has a WCS")
}

/// The WCS of the array that is named with those that give the same coordinates, the one that is named, or those that images
/// have where all are the same; of several those of the array which the file is about.
fn chosen(args: &Args, file: &AsdfFile, context: &Context) -> Result<Vec<Wcs>> {
    let place = |error| file.name_in(error);
    let alike = |wcs: Wcs| file.same_wcs(wcs).map_err(place);
    if let Some(path) = &args.path {
        return alike(super::wcs::of_array(file, path)?);
    }
    if let Some(path) = &args.wcs {
        return Ok(vec![super::wcs::find(file, Some(path))?]);
    }
    let images = file.images().map_err(|error| file.name_in(error))?;
    match images.as_slice() {
        [] => Ok(vec![super::wcs::find(file, None)?]),
        [(wcs, _)] => Ok(vec![file.wcs(wcs)?]),
        several => {
            let [(first, _), ..] = several else {
                return Err(file.name_in(no_wcs()));
            };
            let all = alike(file.wcs(first)?)?;
            if all.len() == several.len() {
                return Ok(all);
            }
            let main = MAIN_ARRAYS.iter().find_map(|path| {
                let wcs = super::wcs::of_array(file, path).ok()?;
                Some((path, wcs))
            });
            if let Some((path, wcs)) = main {
                let all = alike(wcs)?;
                if all.len() < several.len() {
                    context.caution(&format!(
                        "{} images have a WCS of their own; this is that of {path} (--path names another)",
                        several.len()
                    ));
                }
                return Ok(all);
            }
            let shown: Vec<String> = several
                .iter()
                .take(6)
                .map(|image| image.1.to_string())
                .collect();
            let more = if several.len() > shown.len() {
                ", …"
            } else {
                ""
            };
            let reason = format!(
                "{} images have a WCS of their own, --path says which: {}{more}",
                several.len(),
                shown.join(", ")
            );
            Err(file.name_in(usage::refused(reason)))
        }
    }
}

/// The planes that `--wave` asks for: ranges of the axes beyond x and y up to that of the spectrum.
fn planes(args: &Args, file: &AsdfFile, wcs: &Wcs, centre: [f64; 2]) -> Result<Vec<Range<u64>>> {
    let Some(between) = &args.wave else {
        return Ok(Vec::new());
    };
    let (axis, range) = file.spectral_window(wcs, centre, between)?;
    let arrays = file.arrays_of_wcs(wcs)?;
    let lengths = arrays
        .first()
        .map(|array| array.shape.iter().rev().copied());
    let before = lengths.into_iter().flatten().take(axis).skip(2);
    let mut planes: Vec<_> = before.map(|length| 0..length).collect();
    planes.push(range);
    Ok(planes)
}

/// The pixel in the middle.
fn centre(args: &Args, file: &AsdfFile, wcs: &Wcs) -> Result<[f64; 2]> {
    if let Some(pixel) = args.pixel {
        return Ok(pixel);
    }
    let [longitude, latitude] = args.center.unwrap_or_default();
    let centre = file.image_pixel(wcs, [longitude, latitude])?;
    if centre.iter().all(|value| value.is_finite()) {
        return Ok(centre);
    }
    let shape = file.image_shape(wcs)?;
    let reason = format!(
        "the position {longitude},{latitude} is not near the image of {}×{} pixels (`asdf wcs footprint` says where it is)",
        shape[0], shape[1]
    );
    Err(usage::refused(reason))
}

/// Two values with units.
fn wave(text: &str) -> std::result::Result<[SpectralValue; 2], String> {
    let wrong = || "expected LOW:HIGH with a unit, such as 1.5um:1.6um".to_owned();
    let one = |text: &str| -> Option<SpectralValue> {
        let text = text.trim();
        let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        // The longest number that it begins with: 1e3m is one.
        let end = ends.filter(|end| {
            let number = text.get(..*end).map(str::trim);
            number.is_some_and(|number| {
                number.ends_with(|last: char| last.is_ascii_digit() || last == '.')
                    && number.parse::<f64>().is_ok_and(f64::is_finite)
            })
        });
        let (number, unit) = text.split_at_checked(end.max()?)?;
        Some(SpectralValue {
            value: number.trim().parse().ok()?,
            unit: unit.trim().to_owned(),
        })
    };
    let (low, high) = text.split_once(':').ok_or_else(wrong)?;
    let (mut low, high) = one(low).zip(one(high)).ok_or_else(wrong)?;
    if low.unit.is_empty() {
        low.unit.clone_from(&high.unit);
    }
    Ok([low, high])
}

/// A position in degrees, or as people write positions on the sky.
fn position(text: &str) -> std::result::Result<[f64; 2], String> {
    let wrong = || "expected RA,DEC in degrees, h:m:s,d:m:s or 5h22m1s -69d30m".to_owned();
    pair(text).or_else(|_| asdf_tui::measure::read_position(text).ok_or_else(wrong))
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
