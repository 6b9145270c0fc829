//! What can be recovered of a damaged or truncated file, and what is lost (`spec-notes/repair.md`).

mod blocks;
mod head;
mod judge;
mod loss;
mod naming;
mod number;
mod recover;
mod sizes;
mod standard;
mod text;
mod trace;
mod write;

pub use loss::{Loss, LossKind};

use super::AsdfFile;
use super::carry;
use super::open::OpenOptions;
use crate::block::BlockHeader;
use crate::block::CorruptBlocks;
use crate::block::last_index;
use crate::error::Locate;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::file::{mark, pending};
use crate::input::{Input, InputOptions};
use crate::limits::Limits;
use std::io::{BufWriter, Read, Write};
use std::ops::Range;
use std::path::Path;

/// A damaged file with all that is left of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Salvaged {
    /// Comment lines between `#ASDF 1.0.0` and the tree, with `#`, without line ends.
    pub header: Vec<Vec<u8>>,
    /// The tree from `%YAML` to `...`; empty when there is none.
    pub tree_text: String,
    /// The text of the damaged tree as it stands in the file, when `tree_text` is another.
    pub lost_text: Option<Range<u64>>,
    /// The blocks, with empty ones in place of the lost, so that numbers stay right.
    pub blocks: Vec<SalvagedBlock>,
    /// What is lost or uncertain.
    pub losses: Vec<Loss>,
    /// What was odd and could be set right without loss.
    pub mended: Vec<Loss>,
    names_files: bool,
    input: Input,
    limits: Limits,
}

/// One block.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SalvagedBlock {
    /// Its number.
    pub index: usize,
    /// Its header as it should be; `None` when the block is lost.
    pub header: Option<BlockHeader>,
    /// What is known about it.
    pub state: BlockState,
    /// What is left of it.
    pub content: Content,
}

/// How much of a block is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockState {
    /// All: its checksum matches, or it has none and its sizes agree and it decodes.
    Whole,
    /// All bytes, but they are not those that were written, or they do not decode.
    Damaged,
    /// Its beginning.
    Truncated,
    /// Nothing.
    Lost,
}

/// What to write in place of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// The stored bytes as they are, with the recorded checksum, in the space that they have.
    Verbatim {
        /// Used bytes, as absolute offsets.
        stored: Range<u64>,
        /// Bytes of padding after them.
        padding: u64,
    },
    /// New data without compression: the first `there` bytes are what could be decoded, the
    /// rest is zeros. See [`Salvaged::reader`].
    Recovered {
        /// All bytes.
        size: u64,
        /// Bytes that are data.
        there: u64,
    },
    /// An empty block.
    Placeholder,
}

impl BlockState {
    /// `whole`, `damaged`, `truncated`, `lost`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Damaged => "damaged",
            Self::Truncated => "truncated",
            Self::Lost => "lost",
        }
    }
}

/// Finds what is left of a file on disk. When a change of it in place was not completed, that is the file before
/// the change, as its journal has it; nothing is written.
///
/// # Errors
/// Those of [`salvage`]; the file is in the middle of a change in place, whose journal is missing or
/// does not fit it.
///
/// # Examples
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
/// # let folder = tempfile::tempdir()?;
/// # let out = folder.path().join("out.asdf");
/// # let whole = folder.path().join("whole.asdf");
/// # let bytes = std::fs::read(path)?;
/// # std::fs::write(&out, &bytes[..bytes.len() - 2000])?;
/// use asdf_core::AsdfFile;
/// use asdf_core::file::{InputOptions, salvage_file};
///
/// let salvaged = salvage_file(out.as_path(), &InputOptions::default())?;
/// for loss in &salvaged.losses {
///     println!("{loss}");
/// }
/// salvaged.write_to(&mut std::fs::File::create(&whole)?)?;
/// assert_eq!(AsdfFile::open(&whole)?.blocks().len(), 20);
/// # Ok(())
/// # }
/// ```
pub fn salvage_file(path: &Path, options: &InputOptions) -> Result<Salvaged> {
    let input = Input::open(path, options)?;
    let metadata = path
        .metadata()
        .map_err(crate::error::Error::from)
        .in_file(path)?;
    let mut told = Vec::new();
    let input = pending::whole(input, (path, true), &metadata, &mut told).in_file(path)?;
    let is_pending = |warning: &Warning| warning.kind == WarningKind::ChangePending;
    let unfinished = told.iter().any(is_pending);
    let mut found = salvage(input, &options.limits).in_file(path)?;
    if unfinished {
        found.mended.insert(0, Loss::new(LossKind::Unfinished));
    }
    Ok(found)
}

/// As [`salvage_file`], of a file that was left in the middle of a change in place and whose journal is lost.
///
/// Without the journal nobody knows which bytes are old and which are new. What is found is what stands there: blocks whose checksum does
/// not fit are told as damaged, and the tree may be that of before, that of afterwards, or neither. [`LossKind::JournalLost`] is among the
/// losses, of a file that is in change.
///
/// # Errors
/// Those of [`salvage`].
pub fn salvage_without_journal(path: &Path, options: &InputOptions) -> Result<Salvaged> {
    let input = Input::open(path, options)?;
    salvage(input, &options.limits).in_file(path)
}

/// Finds what is left of a file.
///
/// # Errors
/// The file is of another format, cannot be read, or goes beyond a limit. No damage is an error.
pub fn salvage(input: Input, limits: &Limits) -> Result<Salvaged> {
    let mut losses = Vec::new();
    let whole = input.whole()?;
    if mark::is_mark(whole) {
        losses.push(Loss::new(LossKind::JournalLost));
    }
    let mut head = head::find(whole, limits, &mut losses)?;
    let bytes = whole.get(head.tree.clone()).unwrap_or_default();
    let span = head.tree.start as u64..head.tree.end as u64;
    let mended = if bytes.is_empty() && head.directives.is_empty() {
        text::RepairedTree::nothing()
    } else {
        let mended = text::mend(&head, bytes, limits, &mut losses)?;
        text::settle(mended, &mut head, limits, &mut losses)?
    };
    let index = last_index(whole, head.blocks_start, limits)
        .filter(|index| index.at_end && !judge::holds_end(&input, head.blocks_start, index.start));
    let judge = judge::Judge::new(&input, head.blocks_start, index.as_ref(), limits)?;
    let mut found = blocks::Found::walk(&judge, head.blocks_start, head.ended)?;
    let offsets = index.as_ref().map(|index| index.offsets.as_slice());
    let naming = naming::Naming::new(&mended.tree, mended.whole);
    found.count_lost(&naming);
    let numbers = number::Numbers::new(&found, offsets, &naming);
    let first = numbers.of.first() == Some(&Some(0));
    found.tell_gaps(first.then_some(head.blocks_start), &mut losses);
    let left = found.has_index_left(&judge);
    let recovery = recover::Recovery {
        input: &input,
        limits,
        naming: &naming,
    };
    let blocks = recovery.blocks(found, &numbers, &mut losses)?;
    recover::compare_index(index.as_ref(), left, &blocks, &mut losses);
    losses.sort_by_key(|loss| loss.place.span.as_ref().map(|span| span.start));
    let (set_right, losses) = losses
        .into_iter()
        .partition(|loss: &Loss| loss.kind.is_mended());
    Ok(Salvaged {
        header: head.lines,
        tree_text: mended.text,
        lost_text: mended.changed.then_some(span),
        names_files: mended.tree.nodes().any(carry::names_file),
        blocks,
        losses,
        mended: set_right,
        limits: limits.clone(),
        input,
    })
}

impl Salvaged {
    /// The bytes of the damaged file.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// True when the tree names other files by relative URIs: written to another folder, the repaired file needs more than
    /// [`Salvaged::write_to`]. [`Salvaged::in_place_of`] gives a file whose drafts bring along what it names.
    pub fn names_files(&self) -> bool {
        self.names_files
    }

    /// The repaired file, taken for the damaged one: other files that it names are looked for in the folder of `path`.
    /// Damaged blocks go into what is written of it, with their recorded checksums. Nothing is written but a temporary
    /// file.
    ///
    /// # Errors
    /// The temporary file cannot be written; a limit.
    pub fn in_place_of(&self, path: &Path, options: &OpenOptions) -> Result<AsdfFile> {
        let spool = tempfile::NamedTempFile::new()?;
        let mut out = BufWriter::with_capacity(1 << 20, spool.as_file());
        self.write_to(&mut out)?;
        out.flush()?;
        drop(out);
        let input = Input::open(spool.path(), options.input())?;
        options
            .clone()
            .corrupt_blocks(CorruptBlocks::Keep)
            .stand_in(input, path)
    }

    /// The bytes to write in place of a block, in bounded memory: its stored bytes, or its
    /// recovered data with zeros at the end.
    ///
    /// # Errors
    /// The block's stored bytes cannot be read.
    pub fn reader<'s>(&'s self, block: &SalvagedBlock) -> Result<Box<dyn Read + 's>> {
        recover::reader(&self.input, &self.limits, block)
    }
}

#[cfg(test)]
mod tests;
