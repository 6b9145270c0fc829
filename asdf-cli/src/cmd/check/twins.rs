//! Files that are the same as others.

use super::finding::Outcome;
use super::shared::{self, Hash};
use asdf_core::block::{Block, Verdict};
use asdf_core::inspect::Soundness;
use asdf_core::tree::Value;
use asdf_core::{AsdfFile, Node};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// What the files so far have.
#[derive(Debug, Default)]
pub(super) struct Twins {
    contents: HashMap<Vec<u8>, String>,
    ids: HashMap<(String, Vec<u8>), String>,
}

impl Twins {
    /// Notes which earlier file has the same content, or the same value where each has its own.
    pub(super) fn compare(&mut self, outcome: &mut Outcome) {
        let file = outcome.file.clone();
        if let Some(content) = outcome.content.take() {
            let first = self.contents.entry(content).or_insert_with(|| file.clone());
            if *first != file {
                let text = format!("the same content as {first}");
                outcome.add("duplicate", None, text);
            }
        }
        for (path, identity) in std::mem::take(&mut outcome.ids) {
            let key = (path.clone(), identity.key);
            let first = self.ids.entry(key).or_insert_with(|| file.clone());
            if *first != file {
                let text = format!("{}, as in {first}", identity.shown);
                outcome.add("duplicate", Some(&path), text);
            }
        }
    }
}

/// What is equal for files with the same content: the tree with all its values, whatever the order of its keys and the
/// style of its text, and the stored bytes of all blocks, for which their checksums stand where these have just been found
/// right. Of FITS files, and of trees in which a node contains itself, all bytes. `None` for a file whose data are damaged.
pub(super) fn content(file: &AsdfFile, found: &Soundness) -> Option<Vec<u8>> {
    if !found.is_sound() {
        return None;
    }
    let mut hasher = Sha256::new();
    if let Some(tree) = tree(file).filter(|_| file.fits().is_none()) {
        hasher.update(tree);
        for (block, report) in file.blocks().zip(&found.blocks) {
            let is_known = matches!(report.verdict, Some(Verdict::Match));
            hasher.update(data(block, is_known)?);
        }
    } else {
        let input = file.fits().map_or(file.input(), |fits| fits.input());
        hasher.update(input.whole().ok()?);
    }
    Some(hasher.finalize().to_vec())
}

/// The hash of all nodes: each with its tag and its value.
fn tree(file: &AsdfFile) -> Option<Hash> {
    if file.tree().is_empty() {
        return Some(Hash::default());
    }
    let own = |node: Node<'_>, hasher: &mut Sha256| {
        let tag = node.tag().map_or("", |tag| tag.as_str());
        let text = node.text().is_some().then(|| node.key_text());
        for text in [tag, kind(node), text.as_deref().unwrap_or_default()] {
            part(hasher, text.as_bytes());
        }
        Ok(true)
    };
    shared::hash(file.tree().root(), own).ok().flatten()
}

/// `1` and `"1"` are different values.
fn kind(node: Node<'_>) -> &'static str {
    match node.value() {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::BigInt(_) => "int",
        Value::Float(_) => "float",
        Value::Timestamp(_) => "timestamp",
        Value::Str(_) => "str",
        Value::Seq(_) => "list",
        Value::Map(_) => "map",
        _ => "other",
    }
}

/// Hashes bytes with their number, so that none of them passes for a part of what follows.
pub(super) fn part(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update((bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

/// Adds as one number of many bytes.
pub(super) fn add(sum: &mut [u8; 32], more: &[u8]) {
    let mut carry = 0_u16;
    for (place, byte) in sum.iter_mut().zip(more) {
        carry += u16::from(*place) + u16::from(*byte);
        [*place, _] = carry.to_le_bytes();
        carry >>= 8;
    }
}

/// What stands for the data of a block.
fn data(block: Block<'_>, is_known: bool) -> Option<Vec<u8>> {
    let header = block.header();
    let mut hasher = Sha256::new();
    hasher.update(header.data_size.to_le_bytes());
    hasher.update(header.codec().to_string());
    if is_known {
        hasher.update(header.checksum);
    } else {
        hasher.update(block.stored().ok()?);
    }
    Some(hasher.finalize().to_vec())
}
