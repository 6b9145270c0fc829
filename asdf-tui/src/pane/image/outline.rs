//! Outlines of regions in pixels of the screen.

use super::scene::{MARK_COLOR, Scene};
use crate::measure::Pen;
use crate::raster::Rgb;
use std::collections::HashMap;

/// The half side of a marker in pixels.
const MARKER: f64 = 2.0;
/// Pixels between the dots of the ring of the sky: each dot that moves costs bytes on the way to the terminal.
const APART: f64 = 8.0;

/// The pixels of all outlines of a picture.
pub(super) fn outlines(scene: &Scene) -> HashMap<[i64; 2], Rgb> {
    let view = scene.view;
    let screen = |place: [f64; 2]| view.screen(place);
    let mut pen = Pen::new(&screen, view.scale(), view.pixels, MARKER);
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
