//! The blocks, HDUs and nodes that arrays lie in, each of them checked once.

use super::{Problem, ProblemKind, problem};
#[cfg(feature = "fits")]
use crate::array::HduPart;
use crate::array::{ArrayRef, DataSource};
use crate::block::{Block, BlockHeader, BlockReport, Verdict, report_all};
use crate::file::AsdfFile;
use crate::input::Input;
#[cfg(feature = "fits")]
use crate::inspect::HduReport;
use crate::tree::{Node, NodeId, Tree};
use std::collections::HashMap;
use std::path::PathBuf;

/// What the arrays of a file need, and what is wrong with that.
pub(super) struct Parts<'f, 'r> {
    file: &'f AsdfFile,
    blocks: &'r [BlockReport],
    #[cfg(feature = "fits")]
    hdus: &'r [HduReport],
    /// Blocks of other files, in the order in which they were met, and their numbers in that.
    foreign: Vec<Block<'f>>,
    numbers: HashMap<*const BlockHeader, usize>,
    /// Which arrays lie in which of them.
    users: Vec<(Node<'f>, usize)>,
    /// What is wrong with nodes whose elements are in the tree, and with HDUs of other files.
    nodes: HashMap<(*const Tree, NodeId), Option<Problem>>,
    #[cfg(feature = "fits")]
    decoded: HashMap<(*const (), usize, HduPart), Option<Problem>>,
    found: Vec<(NodeId, Problem)>,
}

impl<'f, 'r> Parts<'f, 'r> {
    pub(super) fn new(
        file: &'f AsdfFile,
        blocks: &'r [BlockReport],
        #[cfg(feature = "fits")] hdus: &'r [HduReport],
    ) -> Self {
        Self {
            file,
            blocks,
            #[cfg(feature = "fits")]
            hdus,
            foreign: Vec::new(),
            numbers: HashMap::new(),
            users: Vec::new(),
            nodes: HashMap::new(),
            #[cfg(feature = "fits")]
            decoded: HashMap::new(),
            found: Vec::new(),
        }
    }

    /// Keeps what is wrong with the array of that node.
    pub(super) fn tell(&mut self, node: Node<'f>, problem: Problem) {
        self.found.push((node.id(), problem));
    }

    /// Checks what an array, or the mask of one, says and where it lies; `node` is that of the array.
    pub(super) fn check(&mut self, node: Node<'f>, array: &ArrayRef<'f>) {
        let file = self.file;
        let look = || {
            let error = array.check_node().err()?;
            Some(Problem::of(file, node.path(), &error))
        };
        let found = match array.source() {
            // A list of elements may serve many arrays as their mask.
            DataSource::Inline(own) => {
                let key = (std::ptr::from_ref(own.tree()), own.id());
                self.nodes.entry(key).or_insert_with(look).clone()
            }
            _ => look(),
        };
        if let Some(problem) = found {
            self.tell(node, problem.at(node.path()));
        }
        match array.source() {
            DataSource::Inline(_) => {}
            DataSource::Block(block) => self.check_block(node, block),
            #[cfg(feature = "fits")]
            DataSource::Hdu(_) => self.check_hdu(node, array),
            #[cfg(not(feature = "fits"))]
            DataSource::Hdu(_) => {}
        }
    }

    fn check_block(&mut self, node: Node<'f>, block: Block<'f>) {
        let header = block.header();
        let headers = self.file.block_table().headers();
        let is_own = headers
            .get(header.index)
            .is_some_and(|own| std::ptr::eq(own, header));
        if !is_own {
            let next = self.foreign.len();
            let number = *self
                .numbers
                .entry(std::ptr::from_ref(header))
                .or_insert(next);
            if number == next {
                self.foreign.push(block);
            }
            self.users.push((node, number));
            return;
        }
        if let Some((kind, text)) = self.blocks.get(header.index).and_then(fault) {
            let problem = Problem::new(kind, node.path(), in_block(header, &text));
            self.tell(node, problem.in_block(header.index));
        }
    }

    #[cfg(feature = "fits")]
    fn check_hdu(&mut self, node: Node<'f>, array: &ArrayRef<'f>) {
        let DataSource::Hdu(hdu) = array.source() else {
            return;
        };
        let file = self.file;
        let own = file.fits().map(|fits| std::ptr::from_ref(fits).cast());
        let found = if own == Some(hdu.owner()) {
            let report = self.hdus.get(hdu.index());
            report
                .and_then(|report| report.error.as_ref())
                .map(|error| Problem::of(file, node.path(), error))
        } else {
            let read = || {
                let error = array.stream_le(&mut |_| Ok(())).err()?;
                Some(Problem::of(file, node.path(), &error))
            };
            let key = (hdu.owner(), hdu.index(), hdu.part_of_hdu());
            self.decoded.entry(key).or_insert_with(read).clone()
        };
        if let Some(problem) = found {
            self.tell(node, problem.at(node.path()));
        }
    }

    /// Reads the blocks of other files, and gives all that is wrong in the order of the tree.
    pub(super) fn finish(mut self) -> impl Iterator<Item = Problem> {
        let reports = report_all(&self.foreign);
        let faults: Vec<Option<(ProblemKind, String)>> = reports.iter().map(fault).collect();
        if faults.iter().any(Option::is_some) {
            let names = names(self.file);
            for (node, number) in std::mem::take(&mut self.users) {
                let (Some(Some((kind, text))), Some(block)) =
                    (faults.get(number), self.foreign.get(number))
                else {
                    continue;
                };
                let mut problem = Problem::new(*kind, node.path(), in_block(block.header(), text));
                problem.file = names.get(&std::ptr::from_ref(block.input())).cloned();
                self.tell(node, problem);
            }
        }
        self.found.sort_by_key(|found| found.0);
        self.found.into_iter().map(|found| found.1)
    }
}

/// Why the data of a block cannot be read, or is not to be trusted.
fn fault(report: &BlockReport) -> Option<(ProblemKind, String)> {
    let mismatch = matches!(report.verdict, Some(Verdict::Mismatch { .. }));
    let error = report.error.as_ref().or(report.unsupported.as_ref());
    if let Some(error) = error {
        // Data that are not what was written may well not decode.
        let kind = if mismatch {
            ProblemKind::Checksum
        } else {
            ProblemKind::of(error)
        };
        return Some((kind, error.kind().to_string()));
    }
    let text = || "the checksum does not match".to_owned();
    mismatch.then(|| (ProblemKind::Checksum, text()))
}

fn in_block(header: &BlockHeader, text: &str) -> String {
    format!("{}{text}", problem::in_block(header))
}

/// The names of the files that were opened on behalf of a file, by what they are read from.
fn names(file: &AsdfFile) -> HashMap<*const Input, PathBuf> {
    let mut out = HashMap::new();
    let mut waiting = vec![file];
    while let Some(file) = waiting.pop() {
        for other in file.opened() {
            out.insert(std::ptr::from_ref(other.input()), other.name().to_owned());
            waiting.push(other);
        }
    }
    out
}
