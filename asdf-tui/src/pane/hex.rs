//! The first bytes of a block.

use crate::pane::cursor::Cursor;
use asdf_core::AsdfFile;
use asdf_core::Result;

/// Bytes that are shown.
pub const SHOWN: u64 = 4096;
/// Bytes of a line.
pub const LINE: u64 = 16;

/// Which bytes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HexAsk {
    /// The block.
    pub block: usize,
    /// The decoded bytes rather than those in the file.
    pub decoded: bool,
}

/// Bytes and where they stand: in the file, or in the decoded data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HexBytes {
    /// Position of the first.
    pub offset: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// The state of the overlay.
#[derive(Debug)]
pub struct HexPane {
    /// What is shown.
    pub ask: HexAsk,
    /// The bytes, or why there are none; `None` while they are read.
    pub found: Option<std::result::Result<HexBytes, String>>,
    /// The first line that shows.
    pub cursor: Cursor,
}

impl HexPane {
    /// The bytes of a block as they stand in the file.
    pub fn new(block: usize) -> Self {
        Self {
            ask: HexAsk {
                block,
                decoded: false,
            },
            found: None,
            cursor: Cursor::default(),
        }
    }

    /// Number of lines.
    pub fn len(&self) -> u64 {
        match &self.found {
            Some(Ok(found)) => (found.bytes.len() as u64).div_ceil(LINE),
            _ => 0,
        }
    }

    /// True when there are no lines.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Reads the bytes.
///
/// # Errors
/// There is no such block, or it cannot be decoded.
pub fn read(file: &AsdfFile, ask: HexAsk) -> Result<HexBytes> {
    let block = file.block(ask.block)?;
    if ask.decoded {
        let end = block.decoded_size().min(SHOWN);
        return Ok(HexBytes {
            offset: 0,
            bytes: block.decoded_range(0..end)?.into_vec(),
        });
    }
    let stored = block.stored()?;
    let end = stored
        .len()
        .min(usize::try_from(SHOWN).unwrap_or(usize::MAX));
    Ok(HexBytes {
        offset: block.header().data_offset,
        bytes: stored.get(..end).unwrap_or_default().to_vec(),
    })
}
