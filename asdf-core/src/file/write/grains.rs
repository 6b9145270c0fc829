//! What encoders are told of the data of each block: bytes of an element, and chunks that are whole rows of its array.

use crate::array::{ArraySpec, Source, c_strides, chunk_rows, is_ndarray};
use crate::block::{Block, Codec, Compression, Grain, cuts};
use crate::error::{Error, Locate, Result, Warning, WarningKind, WriteFault};
use crate::file::AsdfFile;
use crate::file::draft::{Draft, Fresh, NewBlock};
use crate::file::storage::{ChunkRows, WriteOptions};

/// No chunk has more bytes: readers take a chunk as a whole.
const MOST: u64 = 256 << 20;

/// How the array of a block lies in it.
#[derive(Debug, Clone)]
struct Rows {
    /// Bytes of an element.
    element: usize,
    /// Lengths of the axes and where the array stands, when it is all of the block in C order.
    whole: Option<(Vec<u64>, Option<String>)>,
}

/// What encoders are told of these blocks, in their order.
///
/// # Errors
/// The number of rows that is asked for does not divide those of an array, or is too many.
pub(super) fn of(
    draft: &Draft<'_>,
    blocks: &[NewBlock<'_>],
    options: &WriteOptions,
) -> Result<Vec<Grain>> {
    if options.compression.is_none() && options.chunk_rows.is_none() {
        return Ok(Vec::new());
    }
    let old = draft.source.map(rows_of).unwrap_or_default();
    let own = draft.source.map(AsdfFile::input);
    let known = |block: &Block<'_>| {
        let is_own = own.is_some_and(|own| std::ptr::eq(own, block.input()));
        old.get(block.header().index).filter(|_| is_own)
    };
    let grain = |block: &NewBlock<'_>| {
        let (rows, codec) = match block {
            NewBlock::Stored(block) => {
                let own = block.header().codec();
                let codec = options.compression.map_or(own, Compression::codec);
                (known(block).cloned(), codec)
            }
            NewBlock::Fresh(fresh) => {
                let codec = options.of_new(fresh.compression).codec();
                (Some(fresh.rows()), codec)
            }
            _ => (None, Codec::None),
        };
        let Some(rows) = rows else {
            return Ok(Grain::of_element(1));
        };
        let chunk = match (options.chunk_rows, rows.whole) {
            (Some(asked), Some((shape, path))) if cuts(codec) => {
                chunk(asked, &shape, rows.element, draft, path.as_deref())?
            }
            _ => None,
        };
        Ok(Grain {
            element: rows.element,
            chunk,
        })
    };
    blocks.iter().map(grain).collect()
}

/// Bytes of a chunk of whole rows, all of which have the same number of them.
fn chunk(
    asked: ChunkRows,
    shape: &[u64],
    element: usize,
    draft: &Draft<'_>,
    path: Option<&str>,
) -> Result<Option<usize>> {
    let Some((&rows, inner)) = shape.split_first() else {
        return Ok(None);
    };
    let row = inner
        .iter()
        .try_fold(element as u64, |size, length| size.checked_mul(*length));
    let Some(row) = row.filter(|row| rows > 0 && *row > 0) else {
        return Ok(None);
    };
    let chosen = match asked {
        ChunkRows::Auto => {
            let Some(chosen) = chunk_rows(rows, row) else {
                tell(draft, rows, row, path);
                return Ok(None);
            };
            chosen
        }
        // Of an array with fewer rows they are one chunk.
        ChunkRows::Count(count) => count.get().min(rows),
    };
    let size = row.saturating_mul(chosen);
    let fault = if rows.checked_rem(chosen) == Some(0) {
        (size > MOST).then_some(WriteFault::ChunkLarge { size, most: MOST })
    } else {
        let near = chunk_rows(rows, row);
        Some(WriteFault::ChunkRows {
            rows,
            asked: chosen,
            near: near.map_or_else(Default::default, |near| format!(" ({near} does)").into()),
        })
    };
    match (fault, path) {
        (Some(fault), Some(path)) => Err(Error::from(fault)).at_path(|| path.to_owned()),
        (Some(fault), None) => Err(fault.into()),
        (None, _) => Ok(usize::try_from(size).ok()),
    }
}

fn tell(draft: &Draft<'_>, rows: u64, row: u64, path: Option<&str>) {
    let warning = Warning::new(WarningKind::NoRowChunks { rows, row });
    if let Some(file) = draft.source {
        file.warn(match path {
            Some(path) => warning.at_path(path),
            None => warning,
        });
    }
}

impl Fresh<'_> {
    fn rows(&self) -> Rows {
        Rows {
            element: self.element_size,
            whole: self.shape.clone().map(|shape| (shape, None)),
        }
    }
}

/// How the arrays of an open file lie in its blocks. Where several share a block the one that is all of it counts.
fn rows_of(file: &AsdfFile) -> Vec<Rows> {
    let none = Rows {
        element: 1,
        whole: None,
    };
    let mut out = vec![none; file.block_table().headers().len()];
    for node in file.tree().nodes().filter(|node| is_ndarray(*node)) {
        let Ok(spec) = ArraySpec::parse(node) else {
            continue;
        };
        let Source::Block(number) = spec.source else {
            continue;
        };
        let Ok(block) = file.block_by_source(number) else {
            continue;
        };
        let Some(rows) = out.get_mut(block.header().index) else {
            continue;
        };
        if rows.whole.is_some() {
            continue;
        }
        rows.element = usize::try_from(spec.datatype.size()).unwrap_or(1);
        if is_whole(&spec, block) {
            rows.whole = Some((spec.shape, Some(node.path().to_string())));
        }
    }
    out
}

/// True for an array in C order that is all of its block.
fn is_whole(spec: &ArraySpec, block: Block<'_>) -> bool {
    let size = spec.datatype.size();
    let dense = c_strides(&spec.shape, size);
    let is_dense = spec.strides.as_ref().is_none_or(|own| *own == dense);
    is_dense && !spec.star && spec.offset == 0 && spec.needed() == Some(block.decoded_size())
}
