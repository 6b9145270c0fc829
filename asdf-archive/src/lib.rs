//! Catalogues of ASDF and FITS files: Parquet with the names of `ObsCore`, for `DuckDB`, Polars, pyarrow, Spark and whatever reads it.
//!
//! [`schema`] says what the columns are, [`row`] makes the rows of a file that was opened, [`write`](mod@write) puts them into parts of a catalogue in
//! bounded memory, [`read`] reads parts back. A catalogue is a folder:
//!
//! ```text
//! files/part-….parquet     a row for each file
//! arrays/part-….parquet    a row for each array, in the order of the files
//! keys.parquet             a row for each column that came from trees
//! catalogue.json           version of the schema, and where columns come from
//! ```
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! # let folder = tempfile::tempdir()?;
//! # let out = folder.path().join("catalogue");
//! use asdf_archive::read::Catalogue;
//! use asdf_archive::row::{FileRow, RowOptions};
//! use asdf_archive::write::Indexer;
//! use asdf_core::AsdfFile;
//!
//! let options = RowOptions::default();
//! let indexer = Indexer::create(&out)?;
//! indexer.push(FileRow::of(&AsdfFile::open(path)?, path.as_ref(), &options)?)?;
//! indexer.finish(None)?;
//! assert_eq!(Catalogue::open(&out)?.rows()?, 1);
//! # Ok(())
//! # }
//! ```

mod fault;
mod part;
pub mod profile;
pub mod read;
pub mod row;
pub mod schema;
pub mod write;
