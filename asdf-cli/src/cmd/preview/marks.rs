//! Regions and catalogues drawn over a picture.

use super::overlay::OverlayArgs;
use super::unusable;
use crate::context::Context;
use asdf_core::wcs::Wcs;
use asdf_core::{AsdfFile, Result};
use asdf_tui::measure::{
    Marked, Physical, Placed, SkyToPixel, outline, place_regions, place_sources, read_marks,
    read_regions,
};
use asdf_tui::pane::image::marked::{catalog_of_file, catalog_of_tree};
use asdf_tui::raster::{Drawing, Image, Pixels};
use std::path::Path;
use std::sync::atomic::Ordering;

/// Draws the region files and catalogues that are asked for; the WCS leads to positions on the sky.
pub(super) fn draw(
    args: &OverlayArgs,
    context: &Context,
    file: &AsdfFile,
    (image, pixels): (&Image<'_>, &Pixels),
    wcs: std::result::Result<&Wcs, String>,
    drawing: &mut Drawing,
) -> Result<()> {
    let pixel = wcs.as_ref().ok().and_then(|wcs| place(wcs, image));
    let way = match wcs {
        Ok(wcs) => SkyToPixel::new(wcs, pixel.as_deref()),
        Err(reason) => Err(reason),
    };
    let way = way.as_ref().map_err(String::as_str);
    let physical = Physical::of_array(file, image.plane().array().path());
    let mut marked: Vec<Marked> = Vec::new();
    let mut take = |what: &Path, placed: Placed| -> Result<()> {
        let (count, all) = (placed.marked.len(), placed.all);
        if let Some(reason) = placed.reason {
            let reason = format!("{count} of {all} have a place on the picture: {reason}");
            return Err(unusable(&reason).at_file(what));
        }
        if count < all {
            let what = what.display();
            let rows = placed.without_position;
            let without = if rows > 0 {
                format!("; {rows} rows have no position")
            } else {
                String::new()
            };
            context.explain(&format!(
                "{what}: {count} of {all} are on the image{without}"
            ));
        }
        marked.extend(placed.marked);
        Ok(())
    };
    for path in &args.regions {
        let told = |reason: String| unusable(&reason).at_file(path);
        let text = read_marks(path).map_err(|reason| unusable(&reason))?;
        let found = read_regions(&text, &physical).map_err(told)?;
        for (line, reason) in &found.skipped {
            let path = path.display();
            context.caution(&format!("{path}: line {line} is not drawn: {reason}"));
            args.is_part.store(true, Ordering::Relaxed);
        }
        take(path, place_regions(found.regions, way))?;
    }
    let shape = image.plane().lengths();
    let lengths = image
        .plane()
        .axes()
        .map(|axis| shape.get(axis).copied().unwrap_or(0));
    for path in &args.catalog {
        let node = file.one_path(&path.to_string_lossy()).ok();
        let node = node.filter(|node| !path.is_file() && file.node(node).is_ok());
        let catalog = if let Some(node) = node {
            catalog_of_tree(file, &node).map_err(|reason| unusable(&reason).at_file(path))?
        } else {
            catalog_of_file(path).map_err(|reason| unusable(&reason))?
        };
        take(path, place_sources(catalog, way, lengths))?;
    }
    paint(&marked, pixels, drawing);
    Ok(())
}

/// All pixel coordinates of the first pixel of the plane.
#[expect(clippy::cast_precision_loss, reason = "no cube is that deep")]
fn place(wcs: &Wcs, image: &Image<'_>) -> Option<Vec<f64>> {
    let inputs = wcs.program().ok()?.n_inputs();
    let others = image.plane().position();
    let others = others.iter().rev().map(|place| *place as f64);
    let all = [0.0, 0.0].into_iter().chain(others);
    Some(all.chain(std::iter::repeat(0.0)).take(inputs).collect())
}

fn paint(marked: &[Marked], pixels: &Pixels, drawing: &mut Drawing) {
    let shorter = drawing.size[0].min(drawing.size[1]);
    let letters = (shorter / 500).max(1);
    let screen = |place: [f64; 2]| pixels.screen(place);
    #[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
    let (thick, half) = (
        (shorter as f64 / 400.0).max(1.5),
        (shorter as f64 / 100.0).clamp(2.0, 12.0),
    );
    for one in marked {
        let mut lines = outline(&one.shape, &screen, pixels.scale(), half);
        // Places of pixels count from their centres.
        for place in lines.iter_mut().flatten() {
            *place = place.map(|at| at - 0.5);
        }
        lines.retain(|line| is_near(line, drawing.size));
        drawing.lines(lines, thick, one.color, 1.0);
    }
    for one in marked.iter().filter(|one| !one.region.label.is_empty()) {
        let (center, reach) = one.shape.anchor();
        let [x, y] = screen(center);
        let right = x + reach * pixels.scale() + half + 2.0;
        #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
        let at = [right as i64, y as i64 - 4];
        drawing.text(&one.region.label, at, letters, one.color);
    }
}

/// Whether a line may cross a picture of that size.
#[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
fn is_near(line: &[[f64; 2]], size: [usize; 2]) -> bool {
    [0, 1].into_iter().all(|axis| {
        let at = || line.iter().map(|place| place[axis]);
        at().fold(f64::INFINITY, f64::min) <= size[axis] as f64
            && at().fold(f64::NEG_INFINITY, f64::max) >= 0.0
    })
}
