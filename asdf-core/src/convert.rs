//! A tree or an array in another format.

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
mod whole;
mod yaml;

pub use csv_read::{CsvColumn, CsvHeader, read_csv};
pub use csv_write::write_csv;
#[cfg(feature = "wcs")]
pub use cutout::{Cutout, CutoutSize};
#[cfg(feature = "fits")]
pub use fits_card::read_value as card_value;
#[cfg(feature = "fits")]
pub use fits_hdus::{hdu_list, is_hdu_list};
#[cfg(feature = "fits")]
pub use fits_read::{FitsHeaders, FitsReadOptions, draft_with_hdus, read_fits};
#[cfg(feature = "fits")]
pub use fits_write::write_fits;
pub use inline::{write_inline_json, write_inline_yaml};
pub use json::{References, write_json};
pub use json_read::read_json;
pub use npy::{NpyReader, write_npy};
pub use whole::{write_json_file, write_yaml_file};
pub use yaml::write_yaml;
