//! A Parquet file that is being written.

use super::schema_of;
use crate::fault::{at, io};
use crate::schema::Column;
use arrow_array::RecordBatch;
use asdf_core::Result;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Rows of a row group.
pub(crate) const GROUP: usize = 16_384;
/// Rows of a page: what a reader of many files has of each column in memory.
pub(crate) const PAGE: usize = 2048;
/// Bytes of the different values of a column in a row group; with more of them each value is written out.
const DICTIONARY: usize = 32 << 10;

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A part, which is kept and asked.
    Part,
    /// Rows that are put aside, read once.
    Aside,
}

/// A Parquet file that is being written.
pub(crate) struct PartWriter {
    writer: ArrowWriter<File>,
    path: PathBuf,
    purpose: Purpose,
}

impl PartWriter {
    pub(crate) fn create(path: &Path, columns: &[Column], purpose: Purpose) -> Result<Self> {
        let level = match purpose {
            Purpose::Part => 3,
            Purpose::Aside => 1,
        };
        let level = ZstdLevel::try_new(level).map_err(at(path))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by(format!("asdf {}", env!("CARGO_PKG_VERSION")))
            .set_max_row_group_row_count(Some(GROUP))
            .set_data_page_row_count_limit(PAGE)
            .set_dictionary_page_size_limit(DICTIONARY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .build();
        let file = File::create(path).map_err(io(path))?;
        let writer = ArrowWriter::try_new(file, schema_of(columns), Some(properties));
        Ok(Self {
            writer: writer.map_err(at(path))?,
            path: path.to_path_buf(),
            purpose,
        })
    }

    /// Writes rows. What the file holds depends on how they are cut into batches, so that cuts must depend on the rows only.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.writer.write(batch).map_err(at(&self.path))
    }

    /// Completes the file, and brings one that is kept to the disk.
    pub(crate) fn finish(self) -> Result<()> {
        let file = self.writer.into_inner().map_err(at(&self.path))?;
        match self.purpose {
            Purpose::Part => file.sync_all().map_err(io(&self.path)),
            Purpose::Aside => Ok(()),
        }
    }
}
