//! Any bytes as a journal beside a file: what readers see is what the next writer makes of it, and nothing
//! that does not count is touched.

use super::disk::Disk;
use asdf_core::WriteOptions;
use asdf_core::file::Updated;
use md5::{Digest, Md5};
use std::fs;

/// A byte of choices, the length of the journal in two, the journal without its digest, the file.
pub(crate) fn journal(data: &[u8]) {
    let [choices, high, low, rest @ ..] = data else {
        return;
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    let Some((journal, bytes)) = rest.split_at_checked(length) else {
        return;
    };
    let mut journal = journal.to_vec();
    if choices & 1 == 0 {
        let digest = Md5::digest(&journal);
        journal.extend(digest);
    }
    let disk = Disk::new(bytes);
    fs::write(&disk.journal, &journal).expect("a journal");
    let opened = disk.open(choices & 2 == 0);
    assert!(disk.bytes() == bytes, "a reader has changed the file");
    assert!(
        fs::read(&disk.journal).is_ok_and(|left| left == journal),
        "a reader has changed the journal"
    );
    let Ok(file) = opened else {
        return;
    };
    // A file in FITS is never changed in place.
    if file.fits().is_some() {
        return;
    }
    let seen = file.input().whole().expect("a local file").to_vec();
    let mut draft = file.to_draft();
    if choices & 4 == 0 {
        // Nothing to write: what is pending is settled all the same.
        if draft.update(&disk.path, &WriteOptions::default()).is_ok() {
            assert!(disk.bytes() == seen, "a writer made something else of it");
        }
        return;
    }
    if draft.set("fuzzed", 1).is_err() {
        return;
    }
    let done = draft.update(&disk.path, &WriteOptions::default());
    let left = disk.bytes();
    match done {
        Err(_) => assert!(left == bytes || left == seen, "a refusal changed the file"),
        Ok(Updated::Unchanged) => assert!(left == seen, "nothing was to be changed"),
        Ok(_) => match disk.open(true) {
            Ok(file) => assert!(file.tree().node("fuzzed").is_ok()),
            Err(error) => assert!(error.is_limit(), "what was written cannot be read: {error}"),
        },
    }
}
