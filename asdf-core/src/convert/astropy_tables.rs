//! Tables of FITS files as tables of astropy, with what astropy adds to FITS: columns of times, positions and quantities
//! (spec-notes F-107 to F-112).

mod read;
mod units;
mod write;

pub use read::{FitsTables, read_fits_tables};
pub use write::{TableHdu, table_nodes, write_fits_tables};

/// The comments between which astropy keeps what columns are, as YAML.
const BEGIN: &str = "--BEGIN-ASTROPY-SERIALIZED-COLUMNS--";
const END: &str = "--END-ASTROPY-SERIALIZED-COLUMNS--";
/// Characters of the YAML in a card; a longer line goes on in the next one, after a backslash.
const LINE: usize = 70;
/// The key of a column's `meta` with the number of elements of each row, of arrays of different lengths.
const LENGTHS: &str = "variable_lengths";
/// The namespace of astropy's tags in that YAML.
const SERIALIZED: &str = "!astropy.table.SerializedColumn";

/// The names that astropy's classes have in that YAML, and have had.
mod class {
    pub(super) const SKY_COORD: &str = "astropy.coordinates.sky_coordinate.SkyCoord";
    pub(super) const EARTH_LOCATION: &str = "astropy.coordinates.earth.EarthLocation";
    pub(super) const DISTANCE: &str = "astropy.coordinates.distances.Distance";
    pub(super) const LONGITUDE: &str = "astropy.coordinates.angles.core.Longitude";
    pub(super) const LATITUDE: &str = "astropy.coordinates.angles.core.Latitude";
    pub(super) const ANGLE: &str = "astropy.coordinates.angles.core.Angle";
    pub(super) const QUANTITY: &str = "astropy.units.quantity.Quantity";
    pub(super) const TIME: &str = "astropy.time.core.Time";
    pub(super) const TIME_DELTA: &str = "astropy.time.core.TimeDelta";
    pub(super) const MASKED_COLUMN: &str = "astropy.table.column.MaskedColumn";
    pub(super) const MASKED_ARRAY: &str = "astropy.utils.masked.core.MaskedNDArray";
}
