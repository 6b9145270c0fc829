//! The blocks of the file, their checksums and the arrays that use them.

use crate::pane::cursor::Cursor;
use asdf_core::AsdfFile;
use asdf_core::array::is_array;
use asdf_core::block::Verdict;
use asdf_core::inspect::ArrayInfo;
use asdf_core::inspect::ArrayStorage;
use asdf_core::tree::NodeId;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// What a check of a block found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// The checksum is that of the bytes.
    Good,
    /// It is that of the decoded bytes, as old writers have it.
    Legacy,
    /// It is not that of the bytes.
    Wrong,
    /// There is none.
    Absent,
    /// The block cannot be read.
    Broken(String),
}

/// Arrays by the block that holds their elements.
pub type Users = HashMap<usize, Vec<NodeId>>;

/// The state of the pane.
#[derive(Debug, Default)]
pub struct BlocksPane {
    /// The selected block.
    pub cursor: Cursor,
    /// What was checked.
    pub checked: HashMap<usize, Checked>,
    /// The arrays by block; `None` while they are looked for.
    pub users: Option<Arc<Users>>,
    /// Blocks that are being checked: done and all.
    pub progress: Option<(u64, u64)>,
}

impl BlocksPane {
    /// Takes checked blocks.
    pub fn learn(&mut self, checked: Vec<(usize, Checked)>) {
        self.checked.extend(checked);
    }

    /// The first array that uses the selected block.
    pub fn user(&self) -> Option<NodeId> {
        let at = usize::try_from(self.cursor.at).ok()?;
        self.users.as_ref()?.get(&at)?.first().copied()
    }
}

/// Computes the checksums of blocks one by one; stops when it is cancelled.
pub fn check(
    file: &AsdfFile,
    blocks: &[usize],
    cancel: &AtomicBool,
    tell: &dyn Fn(Vec<(usize, Checked)>, u64),
) {
    let mut done = 0;
    for index in blocks {
        if cancel.load(Ordering::Relaxed) {
            return;
        }
        let verdict = file.block(*index).and_then(asdf_core::block::Block::verify);
        let checked = match verdict {
            Ok(Verdict::Match) => Checked::Good,
            Ok(Verdict::Legacy) => Checked::Legacy,
            Ok(Verdict::Absent) => Checked::Absent,
            Ok(Verdict::Mismatch { .. }) => Checked::Wrong,
            Err(error) => Checked::Broken(error.kind().to_string()),
        };
        done += 1;
        tell(vec![(*index, checked)], done);
    }
}

/// Finds the arrays of each block; `None` when it was cancelled.
pub fn users(file: &AsdfFile, cancel: &AtomicBool) -> Option<Users> {
    let mut users = Users::new();
    for node in file.tree().nodes().filter(|node| is_array(*node)) {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        let Ok(info) = ArrayInfo::of(file, node) else {
            continue;
        };
        if let ArrayStorage::Block(block) | ArrayStorage::Streamed(block) = info.storage {
            users.entry(block).or_default().push(node.id());
        }
    }
    Some(users)
}
