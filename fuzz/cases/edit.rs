//! A script of changes of a file, saved and opened again: all arrays that it does not name are as before.

use super::{limits, script};
use asdf_core::{AsdfFile, OpenOptions, WriteOptions};
use std::io::Cursor;

/// Length of the script in two bytes, the script, the file.
pub(crate) fn edit(data: &[u8]) {
    let Some((script, bytes)) = script::split(data) else {
        return;
    };
    let Ok(file) = open(bytes.to_vec()) else {
        return;
    };
    let before = script::digests(&file);
    let mut draft = file.to_draft();
    let Some(touched) = script::apply(&mut draft, script) else {
        return;
    };
    let mut sink = Cursor::new(Vec::new());
    if draft.write(&mut sink, &WriteOptions::default()).is_err() {
        return;
    }
    match open(sink.into_inner()) {
        Ok(after) => touched.check(&before, &after),
        Err(error) => assert!(error.is_limit(), "what was written cannot be read: {error}"),
    }
}

fn open(bytes: Vec<u8>) -> Result<AsdfFile, asdf_core::Error> {
    OpenOptions::default()
        .limits(limits())
        .read_bytes(bytes, "fuzz")
}
