//! Numbers of parts of a picture: apertures, profiles, and the files that tell of them. Pure functions of values and
//! places, which the browser and the command line use.
//!
//! Places are in pixels, x first, counted from 0 at the centre of the first one; a pixel covers half of one to all sides.

mod aperture;
mod catalog;
mod convert;
mod marked;
mod matched;
mod outline;
mod overlap;
mod position;
mod profile;
mod region;
mod sky;

pub use aperture::{Aperture, Held, Photometry, Shape, SkyLevel, Source, photometry};
pub use catalog::{Catalog, CatalogColumns, CatalogRow, TextColumn};
pub use convert::SkyToPixel;
pub use marked::{Marked, Placed, place_regions, place_sources, read_marks};
pub use matched::{Matched, OnSky};
pub use outline::{Pen, outline};
pub use position::read_position;
pub use profile::{RadialProfile, radial_profile};
pub use region::{
    Coordinates, Physical, Region, RegionFile, RegionShape, read_regions, write_regions,
};
pub use sky::SkySystem;
