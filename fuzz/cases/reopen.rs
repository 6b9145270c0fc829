//! A damaged file, repaired and opened again: its blocks are what the repair says.

use super::limits;
use asdf_core::OpenOptions;
use asdf_core::block::Verdict;
use asdf_core::error::ErrorKind;
use asdf_core::file::{BlockState, Content, Input, Salvaged};
use asdf_core::inspect::Soundness;
use std::io::{Cursor, Read};

/// A damaged file.
pub(crate) fn reopen(data: &[u8]) {
    let Ok(found) = asdf_core::file::salvage(Input::from(data.to_vec()), &limits()) else {
        return;
    };
    let Some(bytes) = written(&found) else {
        return;
    };
    let options = OpenOptions::default().limits(limits());
    let file = match options.read_bytes(bytes.clone(), "repaired") {
        Ok(file) => file,
        Err(error) => {
            assert!(
                error.is_limit(),
                "what was repaired cannot be read: {error}"
            );
            return;
        }
    };
    assert_eq!(file.blocks().len(), found.blocks.len(), "blocks");
    for (block, said) in file.blocks().zip(&found.blocks) {
        let header = block.header();
        match &said.content {
            Content::Verbatim { stored, .. } => {
                let source = found.input().slice(stored.clone());
                assert_eq!(source.ok(), block.stored().ok(), "other bytes: {said:?}");
            }
            Content::Recovered { size, there } => {
                assert!(*size == header.used && there <= size, "{said:?}");
                let mut data = Vec::new();
                let read = found
                    .reader(said)
                    .map(|mut from| from.read_to_end(&mut data));
                assert!(matches!(read, Ok(Ok(_))), "{said:?}");
                assert!(block.stored().is_ok_and(|own| *own == *data), "{said:?}");
            }
            _ => assert_eq!(header.used, 0, "{said:?}"),
        }
        let verdict = block.verify();
        if said.state == BlockState::Whole {
            let wrong = matches!(verdict, Ok(Verdict::Mismatch { .. }));
            assert!(!wrong, "a whole block has a wrong checksum: {said:?}");
            if let Err(error) = block.decoded() {
                let known = !matches!(error.kind(), ErrorKind::Unsupported(_));
                assert!(
                    error.is_limit() || !known,
                    "a whole block cannot be decoded: {error}"
                );
            }
        }
    }
    // What was repaired needs no repair, where the tree names no blocks that are not there.
    if !Soundness::of(&file).is_sound() {
        return;
    }
    if let Ok(again) = asdf_core::file::salvage(Input::from(bytes.clone()), &limits())
        && let Some(twice) = written(&again)
    {
        assert!(twice == bytes, "repaired twice it is another file");
    }
}

fn written(found: &Salvaged) -> Option<Vec<u8>> {
    let mut out = Cursor::new(Vec::new());
    found.write_to(&mut out).ok()?;
    Some(out.into_inner())
}
