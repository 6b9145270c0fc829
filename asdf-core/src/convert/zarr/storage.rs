//! Where the chunks of an array stand in the file, and which codec of numcodecs decodes them.

use super::Reason;
use crate::array::{ArrayRef, DataSource, Datatype, Field, Source, c_strides, chunk_rows};
use crate::block::{Block, BlockChunk, Codec};
use crate::file::AsdfFile;

/// What a user can do about chunks that are not whole rows.
const REMEDY: &str = "`asdf convert --chunk-rows auto` makes such";

/// The stored chunks of an array.
#[derive(Debug)]
pub(super) struct Storage {
    pub(super) codec: Codec,
    /// Rows of each chunk; all of them when the array has no axis.
    pub(super) rows: u64,
    /// Offset in the file and stored bytes of each, in order.
    pub(super) chunks: Vec<(u64, u64)>,
}

impl Storage {
    /// The chunks of an array that is not in the tree.
    pub(super) fn of(file: &AsdfFile, array: &ArrayRef<'_>) -> Reason<Self> {
        let size = array.datatype().size();
        let dense = c_strides(array.shape(), size);
        let strides = array.spec().strides.as_ref();
        if !array.is_empty() && strides.is_some_and(|own| *own != dense) {
            return Err("its elements are not in C order".into());
        }
        if !is_flat(array.datatype()) {
            return Err("its records hold arrays or records, or fields without a name".into());
        }
        let is_elsewhere =
            matches!(&array.spec().source, Source::Uri(uri) if !uri.starts_with("fits:"));
        if is_elsewhere && array.source().bytes().is_none() {
            return Err("its elements are in FITS files beside it".into());
        }
        let Some(block) = array.source().bytes() else {
            return Err(
                "its HDU is compressed or scaled: the bytes of the file are not the elements"
                    .into(),
            );
        };
        let is_own = matches!(array.source(), DataSource::Hdu(_))
            || file.blocks().any(|own| {
                std::ptr::eq(own.input(), block.input()) && own.header() == block.header()
            });
        if !is_own {
            return Err("its data are in another file: `asdf implode` brings them in".into());
        }
        if block.header().is_streamed() {
            return Err("it is a stream, which may grow".into());
        }
        let rows = array.shape().first().copied().unwrap_or(1);
        let row = array.byte_len().checked_div(rows).unwrap_or(0);
        match block.header().codec() {
            Codec::None => Ok(Self::raw(array, block, rows, row)),
            codec => Self::compressed(array, block, codec, rows, row),
        }
    }

    /// Raw bytes may be cut anywhere: in chunks of whole rows, when a number of them fits.
    fn raw(array: &ArrayRef<'_>, block: Block<'_>, rows: u64, row: u64) -> Self {
        let together = chunk_rows(rows, row).unwrap_or(rows).max(1);
        let start = block.header().data_offset;
        let start = start.saturating_add(array.spec().offset);
        let length = row.saturating_mul(together);
        let count = rows.checked_div(together).unwrap_or(0);
        let place = |number: u64| start.saturating_add(number.saturating_mul(length));
        Self {
            codec: Codec::None,
            rows: together,
            chunks: (0..count).map(|number| (place(number), length)).collect(),
        }
    }

    fn compressed(
        array: &ArrayRef<'_>,
        block: Block<'_>,
        codec: Codec,
        rows: u64,
        row: u64,
    ) -> Reason<Self> {
        if array.spec().offset != 0 || array.byte_len() != block.decoded_size() {
            return Err("it is a part of a compressed block".into());
        }
        let chunks = block.chunks().map_err(|error| error.to_string())?;
        check(block, codec, &chunks)?;
        let mut together = rows;
        if let [first, _, ..] = chunks.as_slice() {
            let size = first.decoded;
            together = size.checked_div(row).unwrap_or(0);
            let is_whole = size.checked_rem(row) == Some(0)
                && rows.checked_rem(together) == Some(0)
                && chunks.iter().all(|chunk| chunk.decoded == size);
            if !is_whole {
                let count = chunks.len();
                return Err(format!(
                    "its {count} chunks are not the same number of whole rows: {REMEDY}"
                )
                .into());
            }
        }
        let chunks = chunks.iter().map(|chunk| (chunk.offset, chunk.stored));
        Ok(Self {
            codec,
            rows: together.max(1),
            chunks: chunks.collect(),
        })
    }
}

/// Whether numcodecs decodes the chunks.
fn check(block: Block<'_>, codec: Codec, chunks: &[BlockChunk]) -> Reason<()> {
    let start = |chunk: &BlockChunk, length: u64| {
        let span = chunk.offset..chunk.offset.saturating_add(length.min(chunk.stored));
        block.input().slice(span).unwrap_or_default()
    };
    match codec {
        // A frame of LZ4 under the label of chunks begins where the block does.
        Codec::Lz4
            if chunks
                .iter()
                .any(|chunk| chunk.offset == block.header().data_offset) =>
        {
            Err("its LZ4 data are a frame, and numcodecs has a codec for blocks".into())
        }
        Codec::Zlib | Codec::Bzip2 | Codec::Lz4 => Ok(()),
        Codec::Zstd => {
            let says_size = |chunk| {
                start(chunk, 5)
                    .get(4)
                    .is_some_and(|flags| flags & 0xe0 != 0)
            };
            if chunks.iter().all(says_size) {
                Ok(())
            } else {
                Err(format!("its frames of zstd do not say their sizes: {REMEDY}").into())
            }
        }
        Codec::Blosc
            if chunks
                .iter()
                .all(|chunk| matches!(start(chunk, 1), [1 | 2])) =>
        {
            Ok(())
        }
        Codec::Blosc | Codec::Blosc2 => {
            Err("its data are of Blosc 2, and numcodecs has a codec for Blosc 1".into())
        }
        codec => Err(format!("numcodecs has no codec for `{}`", codec.label()).into()),
    }
}

/// True when Zarr can say what an element is: scalars, text, and records of them.
fn is_flat(datatype: &Datatype) -> bool {
    let is_plain = |field: &Field| {
        field.name.is_some()
            && field.shape.is_empty()
            && !matches!(field.datatype, Datatype::Record(_))
    };
    match datatype {
        Datatype::Record(fields) => fields.iter().all(is_plain),
        _ => true,
    }
}
