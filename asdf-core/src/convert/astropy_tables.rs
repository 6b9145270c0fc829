//! Tables of FITS files as tables of astropy, with what astropy adds to FITS: columns of times, positions and quantities
//! (spec-notes F-107 to F-112).

mod read;
mod write;

pub use read::{FitsTables, read_fits_tables};
pub use write::{TableHdu, table_nodes, write_fits_tables};

/// The comments between which astropy keeps what columns are, as YAML.
const BEGIN: &str = "--BEGIN-ASTROPY-SERIALIZED-COLUMNS--";
const END: &str = "--END-ASTROPY-SERIALIZED-COLUMNS--";
/// Characters of the YAML in a card; a longer line goes on in the next one, after a backslash.
const LINE: usize = 70;
