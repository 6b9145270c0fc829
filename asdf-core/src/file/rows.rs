//! An array that is written row by row, of any size, its length known or not.

use super::draft::{Draft, Fresh, NewBlock};
use super::replace::Pending;
use super::storage::WriteOptions;
use super::write::FilePlan;
use crate::array::{ArrayBytes, ByteOrder, Datatype, Element, NewArray};
use crate::block::{Compression, NewHeader, index_text};
use crate::error::ArrayFault;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::tree::IntoTreePath;
use md5::{Digest, Md5};
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes that are collected before they are written.
const PIECE: usize = 1 << 20;

/// What the rows of an array are.
#[derive(Debug, Clone)]
pub struct Rows {
    /// What an element is.
    pub datatype: Datatype,
    /// The order of bytes.
    pub byteorder: ByteOrder,
    /// Lengths of the axes of one row; empty when a row is one element.
    pub shape: Vec<u64>,
    /// How many rows there will be. Without it the array gets the streamed block of the file, which
    /// goes on to its end.
    pub count: Option<u64>,
}

/// Writes the rows of one array of a file; the file is there when [`RowWriter::finish`] has been
/// called.
#[derive(Debug)]
pub struct RowWriter {
    out: BufWriter<File>,
    pending: Pending,
    path: PathBuf,
    rows: Rows,
    row_bytes: u64,
    written: u64,
    hash: Md5,
    offsets: Vec<u64>,
    checksums: bool,
    index: bool,
}

impl Draft<'_> {
    /// Puts an array at a path whose rows are then given one after the other, and begins to write
    /// the file under the name `file`. Everything else of the draft is written first. The rows themselves are never compressed.
    ///
    /// # Errors
    /// As [`Draft::save`]; the draft has a streamed block already; a codec is asked for and there is no other block.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// use asdf_core::array::{ByteOrder, Datatype, Scalar};
    /// use asdf_core::file::Rows;
    /// use asdf_core::{AsdfFile, Draft, WriteOptions};
    ///
    /// let rows = Rows {
    ///     datatype: Datatype::Scalar(Scalar::Float32),
    ///     byteorder: ByteOrder::Little,
    ///     shape: vec![4],
    ///     count: None, // as many as come
    /// };
    /// let mut writer = Draft::new().save_rows(&out, "readings", rows, &WriteOptions::default())?;
    /// for second in 0..1000 {
    ///     writer.write(&[second as f32; 4])?;
    /// }
    /// writer.finish()?;
    /// assert_eq!(AsdfFile::open(&out)?.array("readings")?.shape(), [1000, 4]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn save_rows(
        &self,
        file: impl AsRef<Path>,
        path: impl IntoTreePath,
        rows: Rows,
        options: &WriteOptions,
    ) -> Result<RowWriter> {
        let shown = file.as_ref().to_path_buf();
        let mut shape = vec![rows.count.unwrap_or(0)];
        shape.extend(&rows.shape);
        let one = shape.get(1..).unwrap_or_default();
        let row =
            NewArray::from_reader(std::io::empty(), rows.datatype.clone(), rows.byteorder, one)?;
        let row_bytes = row.byte_len();
        let array = NewArray::from_reader(
            std::io::empty(),
            rows.datatype.clone(),
            rows.byteorder,
            &shape,
        )?;
        let draft = self.for_file(&shown)?;
        let mut draft = draft.unwrap_or_else(|| self.clone());
        if options.is_compressed() && draft.blocks.is_empty() {
            return Err(ArrayFault::RowsCompressed.into());
        }
        draft.put_last(path, &array, rows.count.is_none())?;
        draft.blocks.push(NewBlock::Streamed(Arc::new(Fresh {
            data: ArrayBytes::Memory(Vec::new().into()),
            size: 0,
            element_size: 1,
            shape: None,
            compression: Compression::NONE,
        })));
        let mut pending = Pending::create(&shown)?;
        let plan = FilePlan::of(&draft, options)?;
        let offsets = plan
            .write_blocks(&mut pending.file, options)
            .in_file(&shown)?;
        let out = pending
            .file
            .try_clone()
            .map_err(Error::from)
            .in_file(&shown)?;
        Ok(RowWriter {
            out: BufWriter::with_capacity(PIECE, out),
            pending,
            path: shown,
            rows,
            row_bytes,
            written: 0,
            hash: Md5::new(),
            offsets,
            checksums: options.checksums,
            index: options.index,
        })
    }
}

impl RowWriter {
    /// Writes one row, or several at once.
    ///
    /// # Errors
    /// The type is not that of the elements; the values are not whole rows.
    pub fn write<T: Element + bytemuck::NoUninit>(&mut self, values: &[T]) -> Result<()> {
        let same = self.rows.datatype == Datatype::Scalar(T::SCALAR);
        if !same || (self.rows.byteorder != ByteOrder::NATIVE && T::SIZE > 1) {
            return Err(self.refuse(ArrayFault::RowType { datatype: T::NAME }));
        }
        self.write_bytes(bytemuck::cast_slice(values))
    }

    /// Writes one row, or several at once, as the bytes that they have in the file.
    ///
    /// # Errors
    /// The bytes are not whole rows, or more than were announced; the file cannot be written.
    pub fn write_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        let count = bytes.len() as u64;
        let whole = count.checked_rem(self.row_bytes).unwrap_or(count) == 0;
        if !whole {
            let (found, row) = (count, self.row_bytes);
            return Err(self.refuse(ArrayFault::PartRow { found, row }));
        }
        let total = self.written.saturating_add(count);
        let most = self
            .rows
            .count
            .map(|rows| rows.saturating_mul(self.row_bytes));
        if most.is_some_and(|most| total > most) {
            let announced = self.rows.count.unwrap_or(0);
            return Err(self.refuse(ArrayFault::TooManyRows { announced }));
        }
        if self.checksums && most.is_some() {
            self.hash.update(bytes);
        }
        self.out
            .write_all(bytes)
            .map_err(Error::from)
            .in_file(&self.path)?;
        self.written = total;
        Ok(())
    }

    /// Completes the file and gives it its name.
    ///
    /// # Errors
    /// Rows are missing; the file cannot be written.
    pub fn finish(mut self) -> Result<()> {
        let path = self.path.clone();
        self.complete().in_file(&path)?;
        self.pending.finish().map(drop)
    }

    fn complete(&mut self) -> Result<()> {
        if let Some(count) = self.rows.count {
            let size = count.saturating_mul(self.row_bytes);
            if self.written != size {
                let (written, row) = (self.written, self.row_bytes);
                let found = written.checked_div(row).unwrap_or(0);
                let announced = count;
                return Err(self.refuse(ArrayFault::TooFewRows { found, announced }));
            }
            if self.index {
                self.out.write_all(index_text(&self.offsets).as_bytes())?;
            }
            let checksum = if self.checksums {
                std::mem::take(&mut self.hash).finalize().into()
            } else {
                [0; 16]
            };
            let header = NewHeader {
                allocated: size,
                used: size,
                data_size: size,
                checksum,
                ..NewHeader::default()
            };
            let start = self.offsets.last().copied().unwrap_or(0);
            self.out.seek(SeekFrom::Start(start))?;
            self.out.write_all(&header.bytes())?;
        }
        Ok(self.out.flush()?)
    }

    fn refuse(&self, fact: ArrayFault) -> Error {
        Error::from(fact).at_file(&self.path)
    }
}
