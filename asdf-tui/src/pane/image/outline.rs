//! Outlines of regions in pixels of the screen.

use super::scene::{MARK_COLOR, Scene};
use crate::measure::Pen;
use crate::measure::RegionShape;
use crate::raster::Rgb;
use crate::raster::contour;
use std::collections::HashMap;

/// The half side of a marker in pixels.
const MARKER: f64 = 2.0;
/// Pixels between the dots of the ring of the sky: each dot that moves costs bytes on the way to the terminal.
const APART: f64 = 8.0;

/// The colour of contours.
const CONTOUR: Rgb = [255, 140, 46];

/// Contours of what shows: of elements, or of the means of the squares that are pixels.
#[expect(clippy::cast_precision_loss, reason = "no picture is that large")]
fn contours(scene: &Scene, pen: &mut Pen<'_>) {
    let Some(tile) = scene.tile.as_ref().filter(|_| !scene.contours.is_empty()) else {
        return;
    };
    let factor = tile.ask.factor.max(1) as f64;
    let [rows, columns] = &tile.ask.window;
    let starts = [columns.start as f64, rows.start as f64];
    let place = |at: [f64; 2]| {
        let along = |axis: usize| starts[axis] + (at[axis] + 0.5) * factor - 0.5;
        [along(0), along(1)]
    };
    pen.color = CONTOUR;
    for level in &scene.contours {
        for stroke in contour(&tile.reduced.values, tile.reduced.width, *level) {
            let [from, to] = stroke.map(place);
            pen.shape(&RegionShape::Line(from, to));
        }
    }
}

/// The pixels of all outlines of a picture.
pub(super) fn outlines(scene: &Scene) -> HashMap<[i64; 2], Rgb> {
    let view = scene.view;
    let screen = |place: [f64; 2]| view.screen(place);
    let mut pen = Pen::new(&screen, view.scale(), view.pixels, MARKER);
    contours(scene, &mut pen);
    for marked in scene.marked.iter() {
        pen.color = marked.color;
        pen.shape(&marked.shape);
    }
    if let Some((center, [radius, inner, outer])) = scene.aperture {
        pen.color = MARK_COLOR;
        pen.ellipse(center, [radius; 2], 0.0);
        if outer > inner {
            pen.dotted(center, inner, APART);
            pen.dotted(center, outer, APART);
        }
    }
    pen.into_pixels()
}
