//! Journals of changes in place, laid out by hand (`spec-notes/journal.md`).

use md5::{Digest, Md5};

/// First line, numbers, changes (offset, old bytes, new bytes), digest.
pub(crate) fn journal(line: &[u8], numbers: &[u64], changes: &[(u64, &[u8], &[u8])]) -> Vec<u8> {
    let mut out = line.to_vec();
    for value in numbers {
        out.extend(value.to_le_bytes());
    }
    for (offset, old, new) in changes {
        for value in [*offset, old.len() as u64, new.len() as u64] {
            out.extend(value.to_le_bytes());
        }
        out.extend(*old);
        out.extend(*new);
    }
    let digest = Md5::digest(&out);
    out.extend(digest);
    out
}
