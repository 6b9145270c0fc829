//! What goes into a file, in order: decided before the first byte is written.

mod owners;

use crate::array::is_ndarray;
use crate::block::{Grain, Room, Sink, zeros};
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Warning;
use crate::error::WriteFault;
use crate::file::AsdfFile;
use crate::file::carry::{is_harmless, path_part};
use crate::file::draft::{Draft, NewBlock, is_ndarray_tag, sources};
use crate::file::layout;
use crate::file::readable::{When, check};
use crate::file::storage::WriteOptions;
use crate::file::write::grains;
use crate::limits::Limits;
use crate::tree::{NewNode, Tree, TreeEdit};
use std::collections::{BTreeMap, BTreeSet};

/// What stands between the tree and the first block.
#[derive(Debug)]
pub(super) enum Gap<'f> {
    /// What stood there.
    Same(&'f [u8]),
    /// Room for the tree to grow.
    Room(Room),
    Nothing,
}

impl Gap<'_> {
    /// Writes it after a head of that many bytes.
    pub(super) fn write(&self, sink: &mut dyn Sink, head: u64) -> Result<()> {
        match self {
            Self::Same(bytes) => Ok(sink.write_all(bytes)?),
            Self::Room(room) => zeros(sink, room.allocated(head).saturating_sub(head)),
            Self::Nothing => Ok(()),
        }
    }
}

/// A file that is ready to be written.
#[derive(Debug)]
pub(in crate::file) struct FilePlan<'f> {
    /// Header lines and tree.
    pub(in crate::file) head: Vec<u8>,
    pub(super) gap: Gap<'f>,
    pub(in crate::file) blocks: Vec<NewBlock<'f>>,
    /// What encoders are told of each block.
    pub(super) grains: Vec<Grain>,
}

impl<'f> FilePlan<'f> {
    /// A file that has nothing but a block.
    pub(super) fn of_block(block: NewBlock<'f>) -> Self {
        let head = format!("{}{EMPTY_TREE}", new_header("1.6.0"));
        Self {
            head: head.into_bytes(),
            gap: Gap::Nothing,
            blocks: vec![block],
            grains: Vec::new(),
        }
    }

    /// True when the last block goes on to the end of the file.
    pub(in crate::file) fn is_endless(&self) -> bool {
        self.blocks.last().is_some_and(NewBlock::is_streamed)
    }

    /// What a draft consists of, which stays as it is.
    pub(in crate::file) fn of(draft: &Draft<'f>, options: &WriteOptions) -> Result<Self> {
        Ok(Self::with_tree(draft, options, &draft.limits)?.0)
    }

    /// The same with the tree as the file will be read within these limits, where that is another than that of the open
    /// file, and what reading it warns of.
    pub(in crate::file) fn with_tree(
        draft: &Draft<'f>,
        options: &WriteOptions,
        limits: &Limits,
    ) -> Result<(Self, Option<ReadTree>)> {
        let (blocks, renumbered) = arrange(draft)?;
        let (head, is_same, tree) = head(draft, renumbered.as_ref(), limits)?;
        let tree = match tree {
            Some((tree, warnings)) => Some((check(draft, tree, &blocks, When::Writing)?, warnings)),
            None => None,
        };
        let gap = match draft.source {
            _ if blocks.is_empty() => Gap::Nothing,
            _ if options.room.is_some() => Gap::Room(options.room_rule()),
            Some(file) if is_same => Gap::Same(old_gap(file)),
            _ if options.tree_room => Gap::Room(Room { percent: 0.1 }),
            _ => Gap::Nothing,
        };
        let plan = Self {
            head,
            gap,
            grains: grains::of(draft, &blocks, options)?,
            blocks,
        };
        Ok((plan, tree))
    }
}

/// A tree and what reading it warns of.
pub(in crate::file) type ReadTree = (Tree, Vec<Warning>);

const EMPTY_TREE: &str = "%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0 {}\n...\n";

fn new_header(standard: &str) -> String {
    format!("#ASDF 1.0.0\n#ASDF_STANDARD {standard}\n")
}

/// Header lines and tree, whether they are those of the open file, and the tree if it is another.
fn head(
    draft: &Draft<'_>,
    renumbered: Option<&TreeEdit<'_>>,
    limits: &Limits,
) -> Result<(Vec<u8>, bool, Option<ReadTree>)> {
    let Some(file) = draft.source else {
        let standard = draft.standard.as_deref().unwrap_or("1.6.0");
        let mut head = new_header(standard).into_bytes();
        let read = new_tree(draft, renumbered, head.len() as u64, limits)?;
        head.extend(read.0.text().as_bytes());
        return Ok((head, false, Some(read)));
    };
    let mut head = file.head_text().to_vec();
    // A FITS file without a tree has no lines of its own.
    let is_new = head.is_empty();
    if is_new {
        head = new_header("1.6.0").into_bytes();
    }
    if let Some(standard) = &draft.standard {
        head = with_standard(&head, standard);
    }
    let unended = !end_line(&mut head);
    let old = file
        .tree_span()
        .and_then(|span| file.input().slice(span).ok());
    let is_same = draft.text.is_none() && renumbered.is_none() && draft.is_tree_unchanged();
    let mut tree = None;
    match old {
        Some(old) if is_same => head.extend(old),
        None if is_same => {}
        _ => {
            let read = new_tree(draft, renumbered, head.len() as u64, limits)?;
            head.extend(tree.insert(read).0.text().as_bytes());
        }
    }
    let is_ended = end_line(&mut head) && !unended;
    let is_same = is_same && draft.standard.is_none() && !is_new && is_ended;
    Ok((head, is_same, tree))
}

/// Ends the last line, so that another may follow; false when it had no end.
fn end_line(text: &mut Vec<u8>) -> bool {
    let is_ended = matches!(text.last(), None | Some(b'\n' | b'\r'));
    if !is_ended {
        text.push(b'\n');
    }
    is_ended
}

/// The tree as it will be read behind that many bytes.
fn new_tree(
    draft: &Draft<'_>,
    renumbered: Option<&TreeEdit<'_>>,
    base: u64,
    limits: &Limits,
) -> Result<ReadTree> {
    match &draft.text {
        Some(whole) => whole.read_at(base, limits),
        None => renumbered.unwrap_or(&draft.tree).read_text_at(base, limits),
    }
}

/// Header lines that name another standard version.
fn with_standard(head: &[u8], standard: &str) -> Vec<u8> {
    let line = format!("#ASDF_STANDARD {standard}\n");
    let mut out = Vec::with_capacity(head.len() + line.len());
    let mut done = false;
    let named = |line: &[u8]| line.starts_with(b"#ASDF_STANDARD");
    for (index, old) in layout::lines(head).enumerate() {
        let is_version = named(old);
        if is_version && !done {
            out.extend(line.as_bytes());
            done = true;
        } else if !is_version {
            out.extend(old);
        }
        if index == 0 && !layout::lines(head).any(named) {
            end_line(&mut out);
            out.extend(line.as_bytes());
            done = true;
        }
    }
    out
}

/// The bytes between the tree and the first block.
fn old_gap(file: &AsdfFile) -> &[u8] {
    let start = match file.tree_span() {
        Some(span) => span.end,
        None => file.origin.saturating_add(file.head_text().len() as u64),
    };
    let first = file
        .block_table()
        .headers()
        .first()
        .map(|header| header.offset);
    let end = first.unwrap_or(start);
    file.input().slice(start..end).unwrap_or_default()
}

/// The blocks in their order, without those that the changes have left without use. The tree's
/// `source` numbers follow: in a tree of its own, when any of them changes.
fn arrange<'f>(draft: &Draft<'f>) -> Result<(Vec<NewBlock<'f>>, Option<TreeEdit<'f>>)> {
    let mut blocks = draft.blocks.clone();
    let same = draft.text.is_some() || draft.is_tree_unchanged();
    let old_count = draft
        .source
        .map_or(0, |file| file.block_table().headers().len());
    if same && draft.keep_unused {
        // Data of nodes that a new text has replaced. After a block that goes on to the end of the file they would
        // become part of it.
        blocks.truncate(old_count);
        return Ok((blocks, None));
    }
    let mut found = sources(&draft.tree);
    found.extend(own_first(draft));
    let mut used = used(&found, &blocks, old_count);
    let old: BTreeSet<usize> = match draft.source {
        Some(file) if draft.keep_unused => old_sources(file),
        _ => (0..old_count).collect(),
    };
    refuse_dangling(draft, &found, old_count, blocks.len())?;
    let mut in_use: BTreeSet<usize> = used.values().copied().collect();
    if draft.keep_unused {
        in_use.extend(owners::kept(draft, old_count));
    }
    for number in old.difference(&in_use) {
        if let Some(block) = blocks.get_mut(*number) {
            *block = NewBlock::Empty;
        }
    }
    // New data that no node names any more, or never did.
    for (number, block) in blocks.iter_mut().enumerate().skip(old_count) {
        if !in_use.contains(&number) {
            *block = NewBlock::Empty;
        }
    }
    reuse(&mut blocks, old_count, &mut used);
    let order = order(&blocks, !is_harmless(draft));
    let renumbered = renumber(&draft.tree, &found, &used, &order)?;
    let mut blocks: Vec<Option<NewBlock<'f>>> = blocks.into_iter().map(Some).collect();
    let blocks = order
        .iter()
        .filter_map(|number| blocks.get_mut(*number)?.take());
    Ok((blocks.collect(), renumbered))
}

/// Nodes whose `source` is the URI of the file itself, `#` or its name: that means its first block.
fn own_first(draft: &Draft<'_>) -> Vec<(NewNode, i64)> {
    let (tree, nodes) = (&draft.tree, draft.tree.node_table());
    let arrays = tree.reachable().into_iter();
    let arrays = arrays.filter(|node| nodes.tag(*node).is_some_and(is_ndarray_tag));
    let is_own = |node: &NewNode| {
        let source = tree.under(*node, "source");
        let Some(name) = source
            .and_then(|source| nodes.string_text(source))
            .map(path_part)
        else {
            return false;
        };
        let own = draft.source.filter(|_| !name.is_empty());
        own.map_or(name.is_empty(), |own| {
            own.sibling(name).is_ok_and(|file| std::ptr::eq(file, own))
        })
    };
    arrays.filter(is_own).map(|node| (node, 0)).collect()
}

/// The number that a `source` stands for; negative ones count from the last block.
fn resolve(source: i64, count: usize) -> Option<usize> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let number = if source < 0 {
        count.saturating_add(source)
    } else {
        source
    };
    usize::try_from(number).ok()
}

/// The block that each node names.
fn used(
    found: &[(NewNode, i64)],
    blocks: &[NewBlock<'_>],
    old_count: usize,
) -> BTreeMap<NewNode, usize> {
    // Counted from the end, a number means the block of the open file, or a new streamed one.
    let from_end = crate::file::draft::counted_from_end(blocks, old_count);
    let count = |source: i64| if source < 0 { from_end } else { blocks.len() };
    let pairs = found.iter();
    pairs
        .filter_map(|(node, source)| Some((*node, resolve(*source, count(*source))?)))
        .collect()
}

/// The numbers of the blocks that are written, in their order.
fn order(blocks: &[NewBlock<'_>], keep_numbers: bool) -> Vec<usize> {
    let empty = |number: &usize| matches!(blocks.get(*number), Some(NewBlock::Empty));
    let last = (0..blocks.len()).rev().find(|number| !empty(number));
    let mut order: Vec<usize> = (0..last.map_or(0, |last| last + 1)).collect();
    if !keep_numbers {
        order.retain(|number| !empty(number));
    }
    // What goes on to the end of the file comes last.
    order.sort_by_key(|number| blocks.get(*number).is_some_and(NewBlock::is_streamed));
    order
}

/// The tree with the new numbers of the blocks that its nodes name; `None` when all stay as they are.
fn renumber<'f>(
    tree: &TreeEdit<'f>,
    found: &[(NewNode, i64)],
    used: &BTreeMap<NewNode, usize>,
    order: &[usize],
) -> Result<Option<TreeEdit<'f>>> {
    let mut renumbered = None;
    let places = order.iter().enumerate();
    let numbers: BTreeMap<usize, usize> = places.map(|(new, old)| (*old, new)).collect();
    for (node, source) in found {
        let Some(number) = used.get(node).and_then(|old| numbers.get(old)) else {
            continue;
        };
        if resolve(*source, order.len()) != Some(*number) {
            let tree = renumbered.get_or_insert_with(|| tree.clone());
            let value = tree.nodes().int(*number as u64);
            tree.set_key(*node, "source", value)?;
        }
    }
    Ok(renumbered)
}

/// New data takes the number, and so the place, of a block that is no longer used and has room for it.
fn reuse(blocks: &mut [NewBlock<'_>], old_count: usize, used: &mut BTreeMap<NewNode, usize>) {
    let mut free: Vec<usize> = (0..old_count)
        .filter(|number| matches!(blocks.get(*number), Some(NewBlock::Empty)))
        .collect();
    for new in old_count..blocks.len() {
        if free.is_empty() {
            return;
        }
        if !matches!(blocks.get(new), Some(NewBlock::Fresh(_))) {
            continue;
        }
        let place = free.remove(0);
        blocks.swap(place, new);
        used.values_mut()
            .filter(|number| **number == new)
            .for_each(|number| *number = place);
    }
}

/// The blocks that the arrays of an open file name.
pub(in crate::file) fn old_sources(file: &AsdfFile) -> BTreeSet<usize> {
    let nodes = file.tree().nodes().filter(|node| is_ndarray(*node));
    let numbers = nodes.filter_map(|node| match node.get("source")?.value() {
        crate::tree::Value::Int(number) => Some(number),
        _ => None,
    });
    numbers
        .filter_map(|number| file.block_by_source(number).ok())
        .map(|block| block.header().index)
        .collect()
}

/// A number that names no block must not name one of the new ones by chance.
fn refuse_dangling(
    draft: &Draft<'_>,
    found: &[(NewNode, i64)],
    old_count: usize,
    count: usize,
) -> Result<()> {
    if count <= old_count {
        return Ok(());
    }
    let there = |source: i64| resolve(source, old_count).is_some_and(|number| number < old_count);
    for (node, source) in found {
        if draft.tree.original(*node).is_some()
            && owners::has_own_source(draft, *node)
            && !there(*source)
        {
            let error = Error::from(WriteFault::NumberTaken { number: *source });
            let node = draft.source.zip(draft.tree.original(*node));
            let node = node.and_then(|(file, id)| file.tree().by_id(id));
            return Err(match node {
                Some(node) => error.at_path(|| node.path()),
                None => error,
            });
        }
    }
    Ok(())
}
