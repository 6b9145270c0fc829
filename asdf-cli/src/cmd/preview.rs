//! `asdf preview`.

mod format;
mod lines;
mod look;
mod many;
mod marks;
mod overlay;
mod pick;
mod rgb;
mod terminal;

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, files_and_paths};
use crate::out_dir::OutDirArgs;
use crate::output;
use crate::progress::Progress;
use crate::shard::ShardArgs;
use crate::usage;
use asdf_core::{AsdfFile, Error, Result};
use asdf_tui::graphics::GraphicsChoice;
use asdf_tui::raster::{self, Drawing, Image, Levels, Picture, Pixels, Reduced, Survey};
pub(crate) use format::PictureFormat;
use look::{Look, LookArgs};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::Ordering;

/// Quality of a JPEG.
const QUALITY: u8 = 92;

/// Make a picture of an array: PNG, JPEG, SVG, PDF, or text for the terminal
///
/// Without PATH the array is /roman/data, /data or /sci, else the largest with two axes or more. Of more axes the last
/// two are shown, in the middle of the others; of ramps the last group less the first. A pixel is the mean of a square
/// of elements; those that are masked, NaN or infinite do not count. The first row is at the bottom. Bytes with a last axis of three or
/// four, or a first one of three, are colours. SVG and PDF have the pixels as they are and all that is drawn over them as lines
/// and text.
#[derive(Debug, Clone, clap::Args)]
#[command(
    allow_negative_numbers = true,
    override_usage = "asdf preview [OPTIONS] FILE [PATH] -o OUT\n       asdf preview [OPTIONS] FILE [PATH] --term\n       asdf preview [OPTIONS] [--path PATH] --out-dir DIR FILE...\n       asdf preview [OPTIONS] [--path PATH] --sheet OUT FILE...",
    after_help = "Examples:\n  asdf preview obs.asdf -o obs.png\n  asdf preview obs.asdf -o obs.jpg --preset roman\n  asdf preview obs.asdf roman.err -o err.png --limits pct:99 --stretch log --cmap viridis --colorbar\n  asdf preview obs.asdf 'roman.data[1000:2000, 1000:2000]' -o part.png --grid --compass\n  asdf preview obs.asdf -o lines.png --contours auto:8\n  asdf preview cube.asdf data -o plane.png --plane 3\n  asdf preview obs.asdf -o clean.png --mask dq:1\n  asdf preview obs.asdf -o paper.pdf --grid --compass --colorbar\n  asdf preview obs.asdf -o marked.png --regions stars.reg --catalog sources.ecsv --zoom 2\n  asdf preview obs.asdf -o colors.png --rgb f444w,f277w,f115w --rgb-stretch 2\n  asdf preview spectrum.asdf flux -o flux.png --log y\n  asdf preview obs.asdf --term\n  asdf preview --out-dir pictures night/\n  asdf preview --sheet night.png --path roman.data night/"
)]
pub(crate) struct Args {
    /// File, or - for standard input; then the array, which may be sliced as in numpy
    #[arg(required = true, value_name = "FILE [PATH]")]
    words: Vec<PathBuf>,
    #[arg(skip)]
    file: PathBuf,
    /// The array. All other arguments are files then; with --out-dir and --sheet folders and @LISTs of names too
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// The picture to write: .png, .jpg, .jpeg, .svg or .pdf; - for a PNG to standard output
    #[arg(short, long, value_name = "OUT", required_unless_present_any = ["term", "out_dir", "sheet"], conflicts_with_all = ["out_dir", "sheet"])]
    output: Option<PathBuf>,
    #[command(flatten)]
    out_dir: OutDirArgs,
    /// Write small pictures of all files on one, numbered as in the list that is printed
    #[arg(long, value_name = "OUT", conflicts_with = "term")]
    sheet: Option<PathBuf>,
    /// Overwrite it
    #[arg(short, long)]
    force: bool,
    /// Print the picture to the terminal, in the colours that it has or in these
    #[arg(
        long,
        value_name = "COLORS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "auto",
        conflicts_with_all = ["output", "out_dir", "grid", "compass", "colorbar"]
    )]
    term: Option<terminal::TermColors>,
    /// How the terminal is told of it: auto (pixels in terminals that are known to have them), halfblocks, none (letters),
    /// kitty, sixel, iterm2
    #[arg(
        long,
        value_name = "HOW",
        default_value = "auto",
        conflicts_with = "output"
    )]
    graphics: GraphicsChoice,
    /// Quality of a JPEG, 1 to 100
    #[arg(long, value_name = "N", default_value_t = QUALITY, value_parser = clap::value_parser!(u8).range(1..=100))]
    quality: u8,
    /// Use blocks whose checksum is wrong, as they are
    #[arg(long, conflicts_with = "term")]
    keep_corrupt: bool,
    #[command(flatten)]
    part: pick::PartArgs,
    #[command(flatten)]
    look: LookArgs,
    #[command(flatten)]
    overlay: overlay::OverlayArgs,
    #[command(flatten)]
    rgb: rgb::RgbArgs,
    /// Logarithmic axes for the line of an array with one axis: x, y or xy
    #[arg(long, value_name = "AXES", help_heading = "Look", conflicts_with_all = ["term", "rgb"])]
    log: Option<lines::LogChoice>,
    #[command(flatten)]
    shard: ShardArgs,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> std::result::Result<Exit, Failure> {
    let exit = run_all(args, context)?;
    // What is missing on a picture has been told.
    let is_part = args.overlay.is_part.load(Ordering::Relaxed);
    Ok(match exit {
        Exit::Fine if is_part => Exit::No,
        exit => exit,
    })
}

fn run_all(args: &Args, context: &mut Context) -> std::result::Result<Exit, Failure> {
    if args.shard.is_given() && (!args.out_dir.is_given() || args.sheet.is_some()) {
        return Err(unusable("--shard is for --out-dir DIR: a picture of each file").into());
    }
    if args.out_dir.is_given() || args.sheet.is_some() {
        return many::run(args, context);
    }
    let asked: Vec<String> = args.path.iter().cloned().collect();
    let (files, mut paths) = files_and_paths(&args.words, &asked)?;
    let ([file], true) = (files.as_slice(), paths.len() < 2) else {
        let reason =
            "one picture is made, of one file: --out-dir DIR or --sheet OUT makes those of several";
        return Err(unusable(reason).into());
    };
    let one = Args {
        file: file.clone(),
        path: paths.pop(),
        ..args.clone()
    };
    run_one(&one, context)
}

/// Makes the picture of one file.
fn run_one(args: &Args, context: &mut Context) -> std::result::Result<Exit, Failure> {
    let mut format = PictureFormat::Png;
    if let Some(output) = &args.output {
        format = PictureFormat::of(output)?;
        output::check_free(output, args.force)?;
    }
    let file = if args.output.is_some() {
        context.open_for_part(&args.file, args.keep_corrupt)?
    } else {
        context.open(&args.file)?
    };
    let outcome = one(args, context, &file, format);
    if let Err(Failure::Asdf(error)) = &outcome {
        context.remember(error);
    }
    context.warn_all(file.warnings());
    match outcome {
        Err(Failure::Asdf(error)) => {
            context.hint_at(&file, &error);
            Err(file.name_in(error).into())
        }
        outcome => outcome.map(|()| Exit::Fine),
    }
}

/// Makes the picture that the command makes without options, of the array at a path or that which it chooses.
pub(crate) fn plain(
    file: &AsdfFile,
    path: Option<&str>,
    (output, format): (&Path, PictureFormat),
    context: &mut Context,
) -> std::result::Result<(), Failure> {
    let args = Args {
        words: Vec::new(),
        out_dir: OutDirArgs::default(),
        sheet: None,
        find: FindArgs::default(),
        shard: ShardArgs::default(),
        file: file.name().to_path_buf(),
        path: path.map(str::to_owned),
        output: Some(output.to_path_buf()),
        force: true,
        term: None,
        graphics: GraphicsChoice::default(),
        quality: QUALITY,
        keep_corrupt: false,
        part: pick::PartArgs::default(),
        look: LookArgs::default(),
        overlay: overlay::OverlayArgs::default(),
        rgb: rgb::RgbArgs::default(),
        log: None,
    };
    one(&args, context, file, format)
}

fn one(
    args: &Args,
    context: &mut Context,
    file: &AsdfFile,
    format: PictureFormat,
) -> std::result::Result<(), Failure> {
    match picture(args, context, file)? {
        Some(made) => write(args, context, format, &made),
        None => Ok(()),
    }
}

/// What a picture says about itself.
type Texts = Vec<(&'static str, String)>;

/// A picture that is to be written.
struct Made {
    picture: Picture,
    /// What is drawn over it.
    drawing: Drawing,
    texts: Texts,
}

/// Makes the picture; `None` when it has gone to the terminal.
fn picture(args: &Args, context: &mut Context, file: &AsdfFile) -> Result<Option<Made>> {
    let look = args.look.look();
    if let Some((picture, drawing, path)) = lines::picture(args, file)? {
        let source = format!("{} {path}", own_name(args));
        return Ok(Some(Made {
            picture,
            drawing,
            texts: vec![software(), ("Source", source)],
        }));
    }
    let made = if args.rgb.is_given() {
        Some(rgb::picture(args, context, file, &look)?)
    } else {
        rgb::of_bytes(args, context, file, &look)?
    };
    match made {
        Some(made) => colored(args, context, file, (&look, made)),
        None => gray(args, context, file, &look),
    }
}

/// The picture of one image by its brightness.
fn gray(args: &Args, context: &mut Context, file: &AsdfFile, look: &Look) -> Result<Option<Made>> {
    let zoom = args.look.zoom();
    let image = pick::image(file, args.path.as_deref(), &args.part, look)?;
    if args.log.is_some() {
        let reason = "--log is for lines: this array is a picture";
        return Err(unusable(reason).at_node(image.plane().array().path()));
    }
    check_size(&image, zoom)?;
    let graphics = terminal::graphics(context, args.graphics, args.term);
    let factor = factor(args, context, image.shape(), look);
    let (mut reduced, survey) = reduce(context, &image, factor, look)?;
    let limits = if look.limits_of_picture {
        look.limits.find_in(&reduced)
    } else {
        look.limits.find(&image, &survey)?
    };
    if look.missing_is_zero {
        for value in reduced.values.iter_mut().filter(|value| value.is_nan()) {
            *value = 0.0;
        }
    }
    let array = image.plane().array();
    file.note_warnings(array);
    // The picture of an image has read all of it, that of a plane has not.
    let read = if array.shape().len() == 2 {
        u64::MAX
    } else {
        0
    };
    file.note_checksum(array, read);
    let levels = Levels::new(&reduced, limits, look.stretch, look.origin);
    explain(context, file, &image, &reduced, limits, look);
    if let Some(colors) = args.term {
        let picture = levels.paint(&look.colormap, look.missing);
        terminal::write(context, (&levels, &picture), colors, graphics)?;
        return Ok(None);
    }
    let picture = levels.paint(&look.colormap, look.missing);
    let (mut picture, pixels) = magnified(picture, &image, (&reduced, look, zoom));
    let mut drawing = Drawing::over(&picture);
    let contours = overlay::contours(args, context, (&reduced, look, limits), &mut drawing);
    overlay::draw(args, context, file, (&image, &pixels, look), &mut drawing)?;
    if args.overlay.colorbar {
        let unit = unit_of(file, &image);
        let both = (&mut picture, &mut drawing);
        raster::add_colorbar(both, &look.colormap, look.stretch, limits, &unit);
    }
    let mut texts = texts(args, file, &image, limits, look);
    texts.extend(contours);
    Ok(Some(Made {
        picture,
        drawing,
        texts,
    }))
}

/// The unit of the array that is shown, without what would write over the picture.
fn unit_of(file: &AsdfFile, image: &Image<'_>) -> String {
    const LONGEST: usize = 30;
    let unit = asdf_tui::pane::image::subject::unit(file, image.plane().array().path());
    let unit = unit.unwrap_or_default();
    unit.chars().take(LONGEST).collect()
}

/// A picture in colours, with what is drawn over it.
fn colored(
    args: &Args,
    context: &mut Context,
    file: &AsdfFile,
    (look, made): (&Look, rgb::Colored<'_>),
) -> Result<Option<Made>> {
    if let Some(colors) = args.term {
        let graphics = terminal::graphics(context, args.graphics, args.term);
        let levels = rgb::levels(&made.picture);
        terminal::write(context, (&levels, &made.picture), colors, graphics)?;
        return Ok(None);
    }
    let zoom = args.look.zoom();
    let (picture, pixels) = magnified(made.picture, &made.image, (&made.reduced, look, zoom));
    let mut drawing = Drawing::over(&picture);
    let own = (&made.image, &pixels, look);
    overlay::draw(args, context, file, own, &mut drawing)?;
    let [source, limits] = made.texts;
    let source = format!("{} {source}", own_name(args));
    let texts = vec![software(), ("Source", source), ("Limits", limits)];
    Ok(Some(Made {
        picture,
        drawing,
        texts,
    }))
}

/// The name of the file without its folders.
fn own_name(args: &Args) -> std::borrow::Cow<'_, str> {
    let name = args.file.file_name().unwrap_or(args.file.as_os_str());
    name.to_string_lossy()
}

/// How many elements a pixel has along each axis.
fn factor(args: &Args, context: &Context, shape: [u64; 2], look: &Look) -> [u64; 2] {
    match (args.term, look.size) {
        (Some(_), None) => {
            let graphics = terminal::graphics(context, args.graphics, args.term);
            terminal::factor(context, shape, graphics)
        }
        _ => look.factor_of(shape, args.look.zoom()),
    }
}

/// An error where a picture would be too large.
fn check_size(image: &Image<'_>, zoom: Option<look::Zoom>) -> Result<()> {
    if Look::is_too_large(image.shape(), zoom) {
        let reason = "--zoom makes a picture of more than 268435456 pixels";
        return Err(unusable(reason).at_node(image.plane().array().path()));
    }
    Ok(())
}

/// A picture as large as the zoom says, and where its pixels are in the array.
fn magnified(
    picture: Picture,
    image: &Image<'_>,
    (reduced, look, zoom): (&Reduced, &Look, Option<look::Zoom>),
) -> (Picture, Pixels) {
    let pixels = Pixels::new(image.plane(), reduced, look.origin);
    match zoom {
        Some(look::Zoom::In(side)) if side > 1 => (picture.enlarged(side), pixels.enlarged(side)),
        _ => (picture, pixels),
    }
}

/// Makes the image small, and tells how far it has got.
fn reduce(
    context: &Context,
    image: &Image<'_>,
    factor: [u64; 2],
    look: &Look,
) -> Result<(Reduced, Survey)> {
    const PARTS: usize = 100;
    let shown = Mutex::new((Progress::new(context, "preview", PARTS), 0));
    let tell = |done: usize, total: usize| {
        let Ok(mut shown) = shown.lock() else { return };
        while shown.1 * total < done * PARTS {
            shown.0.step();
            shown.1 += 1;
        }
    };
    raster::reduce_telling(image, factor, look.reduction, &tell)
}

fn write(
    args: &Args,
    context: &mut Context,
    format: PictureFormat,
    made: &Made,
) -> std::result::Result<(), Failure> {
    let Some(output) = &args.output else {
        return Ok(());
    };
    output::write(output, &mut context.out, |sink| {
        format.write(made, args.quality, std::io::BufWriter::new(sink))
    })
}

/// What the picture says about itself.
fn texts(
    args: &Args,
    file: &AsdfFile,
    image: &Image<'_>,
    [low, high]: [f64; 2],
    look: &Look,
) -> Texts {
    let source = format!("{} {}", own_name(args), shown(file, image));
    let limits = format!("{low},{high} ({}, {})", look.limits, look.stretch);
    vec![software(), ("Source", source), ("Limits", limits)]
}

fn software() -> (&'static str, String) {
    ("Software", format!("asdf {}", env!("CARGO_PKG_VERSION")))
}

/// The path of the array with the plane that is shown, and the coordinates that all of it has.
fn shown(file: &AsdfFile, image: &Image<'_>) -> String {
    let plane = image.plane();
    let positions: Vec<_> = plane.position().iter().map(i64::to_string).collect();
    let path = plane.array().path();
    let path = match plane.column() {
        Some(column) => format!("{path}.{column}"),
        None => path.to_string(),
    };
    if positions.is_empty() {
        return path;
    }
    let array = plane.array();
    let coordinates = if plane.column().is_some() {
        String::new()
    } else {
        let slices = plane.same_slices(array.shape().len());
        crate::plane_coordinates::text(file, array, &slices)
    };
    format!("{path} plane {}{coordinates}", positions.join(","))
}

fn explain(
    context: &Context,
    file: &AsdfFile,
    image: &Image<'_>,
    reduced: &Reduced,
    limits: [f64; 2],
    look: &Look,
) {
    let [rows, columns] = image.shape();
    let [low, high] = limits;
    context.explain(&format!(
        "{}: {rows}×{columns} elements, {}×{} pixels, limits {low} to {high} ({}), stretch {}",
        shown(file, image),
        reduced.height,
        reduced.width,
        look.limits,
        look.stretch,
    ));
}

/// An error about what was asked for.
fn unusable(reason: &str) -> Error {
    usage::refused(reason)
}
