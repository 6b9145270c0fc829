//! Regions and catalogues drawn over a picture.

use super::overlay::OverlayArgs;
use super::unusable;
use crate::context::Context;
use asdf_core::wcs::Wcs;
use asdf_core::{AsdfFile, Result};
use asdf_tui::measure::{
    Catalog, Marked, Pen, Placed, RegionShape, SkyToPixel, place_regions, place_sources,
    read_marks, read_regions,
};
use asdf_tui::pane::image::marked::catalog_of_tree;
use asdf_tui::raster::{Image, Picture, Pixels};
use std::path::Path;

/// Draws the region files and catalogues that are asked for; the WCS leads to positions on the sky.
pub(super) fn draw(
    args: &OverlayArgs,
    context: &Context,
    file: &AsdfFile,
    (image, pixels): (&Image<'_>, &Pixels),
    wcs: std::result::Result<&Wcs, String>,
    picture: &mut Picture,
) -> Result<()> {
    let pixel = wcs.as_ref().ok().and_then(|wcs| place(wcs, image));
    let way = match wcs {
        Ok(wcs) => SkyToPixel::new(wcs, pixel.as_deref()),
        Err(reason) => Err(reason),
    };
    let way = way.as_ref().map_err(String::as_str);
    let mut marked: Vec<Marked> = Vec::new();
    let mut take = |what: &Path, placed: Placed| -> Result<()> {
        let (count, all) = (placed.marked.len(), placed.all);
        if let Some(reason) = placed.reason {
            let reason = format!("{count} of {all} have a place on the picture: {reason}");
            return Err(unusable(&reason).at_file(what));
        }
        if count < all {
            let what = what.display();
            context.explain(&format!("{what}: {count} of {all} are on the image"));
        }
        marked.extend(placed.marked);
        Ok(())
    };
    for path in &args.regions {
        let told = |reason: String| unusable(&reason).at_file(path);
        let text = read_marks(path).map_err(|reason| unusable(&reason))?;
        take(path, place_regions(read_regions(&text).map_err(told)?, way))?;
    }
    let shape = image.plane().lengths();
    let lengths = image
        .plane()
        .axes()
        .map(|axis| shape.get(axis).copied().unwrap_or(0));
    for path in &args.catalog {
        let told = |reason: String| unusable(&reason).at_file(path);
        let node = file.one_path(&path.to_string_lossy()).ok();
        let node = node.filter(|node| !path.is_file() && file.node(node).is_ok());
        let catalog = if let Some(node) = node {
            catalog_of_tree(file, &node).map_err(told)?
        } else {
            let text = read_marks(path).map_err(|reason| unusable(&reason))?;
            Catalog::read(&text).map_err(told)?
        };
        take(path, place_sources(catalog, way, lengths))?;
    }
    paint(&marked, pixels, picture);
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

fn paint(marked: &[Marked], pixels: &Pixels, picture: &mut Picture) {
    let shorter = picture.width.min(picture.height);
    let letters = (shorter / 500).max(1);
    let thick = i64::try_from((shorter / 400).max(1)).unwrap_or(1);
    let screen = |place: [f64; 2]| pixels.screen(place);
    let size = [picture.width, picture.height].map(|side| u64::try_from(side).unwrap_or(u64::MAX));
    #[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
    let half = (shorter as f64 / 100.0).clamp(2.0, 12.0);
    let mut pen = Pen::new(&screen, pixels.scale(), size, half);
    for one in marked {
        pen.color = one.color;
        pen.shape(&one.shape);
    }
    for ([x, y], color) in pen.into_pixels() {
        for right in 0..thick {
            for below in 0..thick {
                picture.set(x + right, y + below, color);
            }
        }
    }
    for one in marked.iter().filter(|one| !one.region.label.is_empty()) {
        let (center, reach) = anchor(&one.shape);
        let [x, y] = screen(center);
        let right = x + reach * pixels.scale() + half + 2.0;
        #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
        let at = [right as i64, y as i64 - 3];
        picture.text(&one.region.label, at, letters, one.color);
    }
}

/// Where the label of a shape stands: its middle, and how far it reaches to the right.
fn anchor(shape: &RegionShape) -> ([f64; 2], f64) {
    match shape {
        RegionShape::Point(center) => (*center, 0.0),
        RegionShape::Circle(center, radius) => (*center, *radius),
        RegionShape::Annulus(center, radii) => (*center, radii.iter().copied().fold(0.0, f64::max)),
        RegionShape::Ellipse(center, axes, _) => (*center, axes[0].max(axes[1])),
        RegionShape::Box(center, sides, _) => (*center, sides[0].max(sides[1]) / 2.0),
        RegionShape::Polygon(corners) => (corners.first().copied().unwrap_or_default(), 0.0),
        RegionShape::Line(_, to) => (*to, 0.0),
    }
}
