//! Files that are the same as others.

use super::finding::Outcome;
use asdf_core::AsdfFile;
use asdf_core::block::Verdict;
use asdf_core::inspect::Soundness;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Bytes of data from which on equal data are no accident, whatever the trees say.
const DATA: u64 = 4096;

/// What the files so far have.
#[derive(Debug, Default)]
pub(super) struct Twins {
    contents: HashMap<Vec<u8>, String>,
    ids: HashMap<(String, String), String>,
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
        for (path, value) in std::mem::take(&mut outcome.ids) {
            let key = (path.clone(), value.clone());
            let first = self.ids.entry(key).or_insert_with(|| file.clone());
            if *first != file {
                let text = format!("{value}, as in {first}");
                outcome.add("duplicate", Some(&path), text);
            }
        }
    }
}

/// What is equal for files with the same content: the checksums of all blocks, which have just been found right, where there
/// are data enough; else all bytes. `None` for a file whose data are damaged.
pub(super) fn content(file: &AsdfFile, found: &Soundness) -> Option<Vec<u8>> {
    if !found.is_sound() {
        return None;
    }
    let headers = file.block_table().headers();
    let bytes: u64 = headers.iter().map(|header| header.data_size).sum();
    let is_known = |verdict: &Option<Verdict>| matches!(verdict, Some(Verdict::Match));
    let mut hasher = Sha256::new();
    if file.fits().is_none()
        && bytes >= DATA
        && found.blocks.iter().all(|report| is_known(&report.verdict))
    {
        for header in headers {
            hasher.update(header.data_size.to_le_bytes());
            hasher.update(header.checksum);
        }
    } else {
        let input = file.fits().map_or(file.input(), |fits| fits.input());
        hasher.update(input.bytes());
    }
    Some(hasher.finalize().to_vec())
}
