//! What is drawn over a picture: lines of the sky, and where north is.

use super::look::{Look, Preset};
use super::{Args, marks, unusable};
use crate::context::Context;
use asdf_core::wcs::{ArrayWcs, NoWcs, Wcs};
use asdf_core::{AsdfFile, Result, TreePath};
use asdf_tui::raster::{
    Compass, ContourLevels, Drawing, Image, Pixels, Reduced, Rgb, WorldMesh, draw_compass,
    draw_contours, draw_grid,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

const GRID: Rgb = [0x6f, 0xd0, 0xff];
const CONTOUR: Rgb = [0xff, 0x8c, 0x2e];
const COMPASS: Rgb = [0xff, 0xd7, 0x5f];

#[derive(Debug, Default, Clone, clap::Args)]
#[command(next_help_heading = "Drawn over it")]
pub(super) struct OverlayArgs {
    /// Lines of equal longitude and latitude
    #[arg(long)]
    grid: bool,
    /// Arrows to north and east
    #[arg(long)]
    compass: bool,
    /// A bar of the colours with their values, to the right
    #[arg(long)]
    pub(super) colorbar: bool,
    /// Lines of equal value at these levels: auto, auto:10, 0.5,1,2
    #[arg(long, value_name = "LEVELS", conflicts_with_all = ["term", "rgb"], allow_hyphen_values = true)]
    pub(super) contours: Option<ContourLevels>,
    /// The regions of a file of DS9: circles, rings, ellipses, boxes, polygons, lines, points with their labels
    #[arg(long, value_name = "FILE", conflicts_with = "term")]
    pub(super) regions: Vec<PathBuf>,
    /// The sources of a CSV, ECSV, `VOTable`, FITS or ASDF file, or of a table of the tree, by positions
    #[arg(long, value_name = "FILE|PATH", conflicts_with = "term")]
    pub(super) catalog: Vec<PathBuf>,
    /// Whether a file of regions has lines that were not drawn.
    #[arg(skip)]
    pub(super) is_part: Arc<AtomicBool>,
    /// The WCS of grid, compass, regions and catalogues (default: that which is nearest to the array)
    #[arg(long, value_name = "PATH")]
    wcs: Option<String>,
}

impl OverlayArgs {
    /// An option that was given.
    pub(super) fn given(&self) -> Option<&'static str> {
        let given = [
            (self.grid, "--grid"),
            (self.compass, "--compass"),
            (self.colorbar, "--colorbar"),
            (self.contours.is_some(), "--contours"),
            (!self.regions.is_empty(), "--regions"),
            (!self.catalog.is_empty(), "--catalog"),
            (self.wcs.is_some(), "--wcs"),
        ];
        given.iter().find(|option| option.0).map(|option| option.1)
    }
}

/// Draws what is asked for.
pub(super) fn draw(
    args: &Args,
    context: &Context,
    file: &AsdfFile,
    (image, pixels, look): (&Image<'_>, &Pixels, &Look),
    drawing: &mut Drawing,
) -> Result<()> {
    if !args.overlay.regions.is_empty() || !args.overlay.catalog.is_empty() {
        let found = wcs(args, file, image).map_err(|error| error.to_string());
        let found = found.as_ref().map_err(Clone::clone);
        marks::draw(
            &args.overlay,
            context,
            file,
            (image, pixels),
            found,
            drawing,
        )?;
    }
    let OverlayArgs { grid, compass, .. } = args.overlay;
    let roman = look.preset == Some(Preset::Roman);
    if !grid && !compass && !roman {
        return Ok(());
    }
    let wcs = match wcs(args, file, image) {
        Ok(wcs) => wcs,
        Err(error) if roman && !grid && !compass => {
            context.caution(&format!("no compass: {error}"));
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    if grid {
        draw_grid(drawing, &WorldMesh::new(&wcs, pixels)?, GRID);
    }
    // Roman's compass is that of the first pixel.
    let at = if compass { middle(pixels) } else { [0.0, 0.0] };
    if compass || roman {
        let scale = wcs.pixel_scale(Some(at))?;
        draw_compass(drawing, Compass::new(&scale, pixels), COMPASS);
    }
    Ok(())
}

/// Draws the contours that are asked for; gives what the picture says of them.
pub(super) fn contours(
    args: &Args,
    context: &Context,
    (reduced, look, limits): (&Reduced, &Look, [f64; 2]),
    drawing: &mut Drawing,
) -> Option<(&'static str, String)> {
    let levels = args.overlay.contours.as_ref()?;
    let levels = levels.levels(limits, look.stretch);
    let side = drawing.size[0] / reduced.width.max(1);
    draw_contours(drawing, (reduced, look.origin, side), &levels, CONTOUR);
    let levels: Vec<String> = levels.iter().map(f64::to_string).collect();
    context.explain(&format!("contours at {}", levels.join(", ")));
    Some(("Contours", levels.join(",")))
}

/// The element in the middle of a picture.
fn middle(pixels: &Pixels) -> [f64; 2] {
    #[expect(clippy::cast_precision_loss, reason = "no picture is that large")]
    let centre = pixels.size.map(|side| (side as f64 - 1.0) / 2.0);
    pixels.element(centre)
}

/// The WCS of the cells of a column, where the header of the table has one.
fn wcs_of_column(file: &AsdfFile, table: &TreePath, column: &str) -> Option<Wcs> {
    let (_, hdu) = table.steps().split_last()?;
    let place = TreePath::from(hdu.to_vec()).key("wcs").key(column);
    let wcs = file.wcs(place).ok()?;
    let is_image = wcs.program().is_ok_and(|program| program.n_inputs() == 2);
    is_image.then_some(wcs)
}

/// The WCS, if it is that of the image.
fn wcs(args: &Args, file: &AsdfFile, image: &Image<'_>) -> Result<Wcs> {
    let plane = image.plane();
    let shape = plane.lengths();
    let path = plane.array().path();
    if let (None, Some(column)) = (&args.overlay.wcs, plane.column())
        && let Some(wcs) = wcs_of_column(file, path, column)
    {
        return Ok(wcs);
    }
    let wcs = match args.overlay.wcs.as_deref() {
        None => match file.array_wcs(path, shape) {
            ArrayWcs::One(wcs) => *wcs,
            ArrayWcs::None(NoWcs::Missing) if file.wcs_paths().is_empty() => {
                crate::cmd::wcs::find(file, None)?
            }
            ArrayWcs::None(why) => {
                let reason = format!("the array has no WCS: {why} (--wcs names one)");
                return Err(unusable(&reason).at_node(path));
            }
        },
        Some(wcs) => crate::cmd::wcs::find(file, Some(wcs))?,
    };
    let [rows, columns] = plane.axes();
    let own = [columns, rows].map(|axis| shape.get(axis).copied().unwrap_or(0));
    let wanted = file.image_shape(&wcs)?;
    if own == wanted && columns + 1 == shape.len() && rows + 2 == shape.len() {
        return Ok(wcs);
    }
    let [x, y] = wanted;
    Err(unusable(&format!(
        "the WCS {} is that of an image of {x}×{y} elements (x first), and axes of {}×{} are shown (--wcs names another)",
        wcs.path(),
        own[0],
        own[1]
    ))
    .at_node(plane.array().path()))
}
