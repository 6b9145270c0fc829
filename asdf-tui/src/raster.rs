//! Pictures of arrays: pure functions from numbers to pixels, with no terminal and no arguments in them.
//!
//! ```text
//! ArrayRef ─ Plane ─ Image ──reduce──▶ Reduced ──levels──▶ Levels ──paint──▶ Picture ─ Drawing ─ PNG, JPEG, SVG, PDF,
//!                      └──▶ limits ─────────────────┘ (stretch)    (colormap)            half blocks
//! ```
//!
//! A [`Plane`] is two axes of an array, a [`Stack`] many planes made one, an [`Image`] one of them with a second image and what
//! is left out of it. All are read piece by piece, on all
//! cores, and never as a whole, unless the way an array is stored leaves no choice ([`Plane::new`]).

mod bands;
mod canvas;
mod channels;
mod colorbar;
mod colormap;
mod compass;
mod contour;
mod downsample;
mod drawing;
mod glyphs;
mod grid;
mod halfblock;
mod image;
mod jpeg;
mod limits;
mod lupton;
mod pdf;
mod pixels;
mod plane;
mod png;
mod quantile;
mod resample;
mod scan;
mod sheet;
mod stack;
mod stretch;
mod svg;
mod zscale;

pub use self::png::write_png;
pub use canvas::{Levels, Origin, Picture, Rgb};
pub use channels::{Blend, channel_axis};
pub use colorbar::{add_colorbar, ticks};
pub(crate) use colorbar::{base, tick_text};
pub use colormap::{Colormap, NAN_COLOR};
pub use compass::{Compass, draw_compass};
pub use contour::{ContourLevels, Stroke, contour, draw_contours};
pub use downsample::{Reduced, Reduction, Survey, factor, reduce, reduce_telling, reduce_window};
pub use drawing::{Drawing, Shape};
pub use glyphs::text_size;
pub use grid::{WorldMesh, draw_grid};
pub(crate) use grid::{latitude_label, longitude_label, spacing};
pub use halfblock::{Colors, write_cells, write_plain};
pub use image::{Blank, Image, Operation, Second};
pub use jpeg::write_jpeg;
pub use limits::LimitRule;
pub use lupton::Lupton;
pub use pdf::write_pdf;
pub use pixels::Pixels;
pub(crate) use plane::unmasked;
pub use plane::{Layer, Plane};
pub use quantile::{percentiles, percentiles_of};
pub use resample::{Interpolation, Resampled, Way};
pub use scan::Segment;
pub use sheet::{contact_sheet, tile_size};
pub use stack::{Collapse, Stack};
pub use stretch::Stretch;
pub use svg::write_svg;
pub use zscale::{Precision, ZScale};
