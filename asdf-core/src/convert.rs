//! A tree or an array in another format.
//!
//! [`write_json`] and [`write_yaml`] write a node with the data of its arrays, [`read_json`] reads it back. [`write_npy`] and [`NpyReader`] are numpy's
//! format, [`write_csv`] and [`read_csv`] tables. [`read_fits`] makes a draft of a FITS file, [`write_fits`] a FITS file of a list of HDUs. [`ZarrReferences`] lets Zarr read
//! the arrays where they are. All of them work piece by piece where the format permits it.
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! # let folder = tempfile::tempdir()?;
//! # let out = folder.path().join("data.npy");
//! use asdf_core::AsdfFile;
//! use asdf_core::convert::write_npy;
//!
//! let file = AsdfFile::open(path)?;
//! write_npy(&file.array("roman/data")?, &mut std::fs::File::create(&out)?)?;
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "fits")]
mod astropy_tables;
mod astropy_yaml;
mod csv_read;
mod csv_write;
#[cfg(feature = "wcs")]
mod cutout;
#[cfg(feature = "fits")]
mod fits_card;
#[cfg(feature = "fits")]
mod fits_hdus;
#[cfg(feature = "fits")]
mod fits_read;
#[cfg(feature = "fits")]
mod fits_write;
mod inline;
mod json;
mod json_read;
mod json_text;
mod leaf;
mod npy;
mod npy_header;
mod table_write;
mod unit_text;
mod whole;
mod yaml;
mod zarr;

#[cfg(feature = "fits")]
pub use astropy_tables::{FitsTables, TableHdu, read_fits_tables, table_nodes, write_fits_tables};
pub use csv_read::{CsvColumn, CsvHeader, read_csv};
pub use csv_write::write_csv;
#[cfg(feature = "wcs")]
pub use cutout::{Cutout, CutoutSize, SpectralValue};
#[cfg(feature = "fits")]
pub use fits_card::read_value as card_value;
#[cfg(feature = "fits")]
pub use fits_hdus::{hdu_list, is_hdu_list};
#[cfg(feature = "fits")]
pub use fits_read::{
    FitsHeaders, FitsReadOptions, draft_with_hdus, fits_blank_warnings, read_fits,
};
#[cfg(feature = "fits")]
pub use fits_write::write_fits;
pub use inline::{write_inline_json, write_inline_yaml};
pub use json::{References, write_json};
pub use json_read::read_json;
pub use npy::{NpyReader, write_npy};
pub use table_write::{TableFormat, write_table};
pub use whole::{write_json_file, write_yaml_file};
pub use yaml::write_yaml;
pub use zarr::{ZarrFormat, ZarrReferences};
