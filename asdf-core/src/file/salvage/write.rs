//! Writes what was recovered as a file that is whole again.

use super::{Content, Salvaged, SalvagedBlock};
use crate::block::BLOCK_MAGIC;
use crate::block::BlockHeader;
use crate::block::index_text;
use crate::error::Result;
use std::io::{Read, Seek, Write};

/// Bytes written at a time.
const PIECE: usize = 128 << 10;

/// The fields of a header that is written.
#[derive(Default)]
struct Fields<'h> {
    flags: u32,
    label: [u8; 4],
    allocated: u64,
    used: u64,
    data_size: u64,
    checksum: [u8; 16],
    /// What a longer header has after its fields.
    more: &'h [u8],
}

impl Salvaged {
    /// Writes the repaired file: header lines, tree, blocks in their order, index.
    ///
    /// Blocks keep their recorded checksum, right or wrong.
    ///
    /// # Errors
    /// The damaged file cannot be read; `out` fails.
    pub fn write_to(&self, out: &mut (impl Write + Seek)) -> Result<()> {
        out.write_all(b"#ASDF 1.0.0\n")?;
        for line in &self.header {
            out.write_all(line)?;
            out.write_all(b"\n")?;
        }
        out.write_all(self.tree_text.as_bytes())?;
        if !self.tree_text.is_empty() && !self.tree_text.ends_with('\n') {
            out.write_all(b"\n")?;
        }
        let mut offsets = Vec::new();
        let mut streamed = false;
        for block in &self.blocks {
            offsets.push(out.stream_position()?);
            streamed |= block.header.as_ref().is_some_and(BlockHeader::is_streamed);
            self.write_block(block, out)?;
        }
        if !offsets.is_empty() && !streamed {
            out.write_all(index_text(&offsets).as_bytes())?;
        }
        out.flush()?;
        Ok(())
    }

    fn write_block(&self, block: &SalvagedBlock, out: &mut (impl Write + Seek)) -> Result<()> {
        match (&block.content, &block.header) {
            (Content::Verbatim { stored, padding }, Some(header)) => {
                let from = header.offset.saturating_add(BlockHeader::fixed_size());
                let to = header.data_offset.max(from);
                let streamed = header.is_streamed();
                let allocated = stored
                    .end
                    .saturating_sub(stored.start)
                    .saturating_add(*padding);
                write_header(
                    out,
                    &Fields {
                        flags: header.flags,
                        label: header.label,
                        allocated: if streamed {
                            header.allocated
                        } else {
                            allocated
                        },
                        used: header.used,
                        data_size: header.data_size,
                        checksum: header.checksum,
                        more: self.input.slice(from..to)?,
                    },
                )?;
                if stored.end.saturating_sub(stored.start) <= PIECE as u64 {
                    out.write_all(self.input.slice(stored.clone())?)?;
                } else {
                    copy(&mut self.reader(block)?, out)?;
                }
                let padding = stored.end..stored.end.saturating_add(*padding);
                out.write_all(self.input.slice(padding)?)?;
                Ok(())
            }
            (Content::Recovered { .. }, _) => self.write_recovered(block, out),
            _ => write_header(out, &Fields::default()),
        }
    }

    /// Decoded data with zeros where it was cut. The recorded checksum stays: it goes on saying that this is not the
    /// whole block.
    fn write_recovered(&self, block: &SalvagedBlock, out: &mut (impl Write + Seek)) -> Result<()> {
        let size = match block.content {
            Content::Recovered { size, .. } => size,
            _ => 0,
        };
        let checksum = block.header.as_ref().map(|header| header.checksum);
        write_header(
            out,
            &Fields {
                allocated: size,
                used: size,
                data_size: size,
                checksum: checksum.unwrap_or_default(),
                ..Fields::default()
            },
        )?;
        copy(&mut self.reader(block)?, out)
    }
}

fn write_header(out: &mut impl Write, fields: &Fields<'_>) -> Result<()> {
    // A longer header was read with a size that fits 16 bits.
    let size = u16::try_from(fields.more.len().saturating_add(48)).unwrap_or(48);
    out.write_all(&BLOCK_MAGIC)?;
    out.write_all(&size.to_be_bytes())?;
    out.write_all(&fields.flags.to_be_bytes())?;
    out.write_all(&fields.label)?;
    for number in [fields.allocated, fields.used, fields.data_size] {
        out.write_all(&number.to_be_bytes())?;
    }
    out.write_all(&fields.checksum)?;
    out.write_all(fields.more)?;
    Ok(())
}

/// Copies to the end.
fn copy(from: &mut dyn Read, to: &mut impl Write) -> Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let count = from.read(&mut piece)?;
        if count == 0 {
            return Ok(());
        }
        to.write_all(piece.get(..count).unwrap_or_default())?;
    }
}
