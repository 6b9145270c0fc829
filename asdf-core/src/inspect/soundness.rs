//! Whether everything in a file can be read: its blocks and HDUs, and every array with its mask.

mod parts;
mod problem;

pub use problem::{Problem, ProblemKind};

#[cfg(feature = "fits")]
use super::HduReport;
use crate::array::ArrayRef;
use crate::array::is_array;
use crate::block::hash_all;
use crate::block::report_all;
use crate::block::{BlockHeader, BlockReport, IndexState};
use crate::error::{Error, Malformed, WarningKind};
use crate::file::AsdfFile;
use crate::tree::{Node, Value};
use parts::Parts;
use std::collections::BTreeSet;

/// What a full check of a file found. A file is sound when all that its tree promises can be read: each
/// block and HDU is there, has the right checksum and decodes to what its header promises, and each array
/// can be located in them together with its mask.
#[derive(Debug)]
#[non_exhaustive]
pub struct Soundness {
    /// The blocks, in file order.
    pub blocks: Vec<BlockReport>,
    /// The HDUs of a FITS file; empty for any other.
    #[cfg(feature = "fits")]
    pub hdus: Vec<HduReport>,
    /// Array nodes that were looked at, masks among them, shared ones once; `None` when they were left alone.
    pub arrays: Option<u64>,
    /// What is wrong with the file as a whole, then with arrays, in document order.
    pub problems: Vec<Problem>,
}

impl Soundness {
    /// Checks a file. Each block is hashed and decoded once however many arrays lie in it, in this file and in
    /// others that arrays name, elements in the tree are parsed once; memory does not depend on the sizes of blocks.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::inspect::Soundness;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let report = Soundness::of(&file);
    /// assert!(report.is_sound());
    /// assert_eq!(report.arrays, Some(20));
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(file: &AsdfFile) -> Self {
        let blocks = report_all(&file.blocks().collect::<Vec<_>>());
        #[cfg(feature = "fits")]
        let hdus = file.fits().map(HduReport::all).unwrap_or_default();
        let mut parts = Parts::new(
            file,
            &blocks,
            #[cfg(feature = "fits")]
            &hdus,
        );
        let mut arrays = 0_u64;
        for node in file.tree().nodes().filter(|node| is_array(*node)) {
            arrays = arrays.saturating_add(1);
            array(file, node, &mut parts);
        }
        let mut problems = structure(file);
        problems.extend(parts.finish());
        name_cut(file, blocks.iter().any(is_cut), &mut problems);
        Self {
            blocks,
            #[cfg(feature = "fits")]
            hdus,
            arrays: Some(arrays),
            problems,
        }
    }

    /// Checks what the tree and the headers say without the data: each array must lie within its block, HDU or other file, and
    /// these must be there. Nothing is hashed or decoded.
    pub fn of_headers(file: &AsdfFile) -> Self {
        let mut problems = structure(file);
        problems.extend(file.block_table().headers().iter().filter_map(cut));
        let mut arrays = 0_u64;
        for node in file.tree().nodes().filter(|node| is_array(*node)) {
            arrays = arrays.saturating_add(1);
            match file.array_at(node) {
                Ok(array) => file.note_warnings(&array),
                Err(error) => problems.push(Problem::of(file, node.path(), &error)),
            }
        }
        name_cut(file, false, &mut problems);
        Self {
            blocks: Vec::new(),
            #[cfg(feature = "fits")]
            hdus: Vec::new(),
            arrays: Some(arrays),
            problems,
        }
    }

    /// Checks the checksums alone, and that the bytes they are of are there.
    pub fn checksums(file: &AsdfFile) -> Self {
        Self {
            blocks: hash_all(&file.blocks().collect::<Vec<_>>()),
            #[cfg(feature = "fits")]
            hdus: file.fits().map(HduReport::checksums).unwrap_or_default(),
            arrays: None,
            problems: structure(file),
        }
    }

    /// True when nothing is wrong. A wrong block index is ignored on reading, so it does no harm.
    pub fn is_sound(&self) -> bool {
        #[cfg(feature = "fits")]
        let hdus = self.hdus.iter().all(|report| report.error.is_none());
        #[cfg(not(feature = "fits"))]
        let hdus = true;
        hdus && self.blocks.iter().all(BlockReport::is_sound) && self.problems.is_empty()
    }
}

/// True for a block of which the end is missing.
fn is_cut(report: &BlockReport) -> bool {
    let error = report.error.as_ref();
    error.is_some_and(|error| ProblemKind::of(error) == ProblemKind::Truncated)
}

/// Blocks that are missing in a file that was cut are so for that reason.
fn name_cut(file: &AsdfFile, has_cut_block: bool, problems: &mut [Problem]) {
    let is_own =
        |problem: &Problem, kind: ProblemKind| problem.kind == kind && problem.file.is_none();
    let is_missing = |problem: &Problem| is_own(problem, ProblemKind::MissingBlock);
    if !problems.iter().any(is_missing) {
        return;
    }
    let has_cut = problems
        .iter()
        .any(|problem| is_own(problem, ProblemKind::Truncated));
    if !has_cut && !has_cut_block && !ends_between_blocks(file) {
        return;
    }
    for problem in problems.iter_mut().filter(|problem| is_missing(problem)) {
        problem.kind = ProblemKind::Truncated;
    }
}

/// True for a file without a block index that ends after one of its blocks, or before the first, although the tree names all
/// up to a later one: a file that was written whole has the index at its end.
fn ends_between_blocks(file: &AsdfFile) -> bool {
    if file.block_table().index() != IndexState::Absent {
        return false;
    }
    let nodes = file.tree().nodes().filter(|node| is_array(*node));
    let source = |node: Node<'_>| match node.get("source")?.value() {
        Value::Int(number) => u64::try_from(number).ok(),
        _ => None,
    };
    let named: BTreeSet<u64> = nodes.filter_map(source).collect();
    let count = file.block_table().headers().len() as u64;
    let last = named.last().copied().unwrap_or(0);
    last >= count && named.len() as u64 == last.saturating_add(1)
}

/// A block that goes on beyond the end of the file.
fn cut(header: &BlockHeader) -> Option<Problem> {
    let (needed, available) = (header.used, header.available);
    (!header.is_streamed() && available < needed).then(|| {
        let error = Error::from(Malformed::Truncated { needed, available });
        Problem::of_block(&error, header)
    })
}

/// Locates an array and notes what its elements and its masks need.
fn array<'f>(file: &'f AsdfFile, node: Node<'f>, parts: &mut Parts<'f, '_>) {
    let array = match file.array_at(node) {
        Ok(array) => array,
        Err(error) => return parts.tell(node, Problem::of(file, node.path(), &error)),
    };
    let mut next: Option<&ArrayRef<'f>> = Some(&array);
    while let Some(part) = next {
        if let Some(kind) = part.cut_row() {
            let problem = Problem::new(ProblemKind::Truncated, node.path(), kind.to_string());
            parts.tell(node, problem);
        }
        parts.check(node, part);
        next = part.mask_array();
    }
    file.note_warnings(&array);
}

/// What the walk over the file met that only a damaged file has.
fn structure(file: &AsdfFile) -> Vec<Problem> {
    let damage = file.warnings().filter(|warning| {
        matches!(
            warning.kind,
            WarningKind::WalkEnds { .. }
                | WarningKind::AllocationCut { .. }
                | WarningKind::NoBlock { .. }
                | WarningKind::FileCut { .. }
                | WarningKind::FitsPadding { .. }
        )
    });
    let mut out: Vec<Problem> = damage.map(Problem::of_warning).collect();
    #[cfg(feature = "fits")]
    let is_fits = file.fits().is_some();
    #[cfg(not(feature = "fits"))]
    let is_fits = false;
    // Legal, but nobody means it: the beginning of any file is one of these.
    if !is_fits && file.tree_span().is_none() && file.block_table().headers().is_empty() {
        out.push(Problem {
            kind: ProblemKind::Truncated,
            path: None,
            file: None,
            block: None,
            hdu: None,
            message: "the file ends after its header lines, with neither tree nor block".to_owned(),
        });
    }
    out
}
