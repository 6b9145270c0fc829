//! A whole file as one text, its arrays as lists in the tree.

use super::inline::{write_inline_json, write_inline_yaml};
use super::json::{References, write_json};
use crate::array::ArrayRef;
use crate::block::CorruptBlocks;
use crate::error::Result;
use crate::file::{Draft, FileNode, OpenOptions, WriteOptions};
use crate::limits::Limits;
use std::io::{Cursor, Write};

/// Writes a draft as YAML: an ASDF file without blocks, which every ASDF reader reads. Large arrays
/// are written in bounded memory.
///
/// # Errors
/// An array cannot be read, or holds what a text cannot; its checksum is wrong; there are blocks that no array names
/// ([`Draft::drop_unknown_blocks`] leaves them out).
pub fn write_yaml_file(draft: &Draft<'_>, out: &mut dyn Write) -> Result<()> {
    with_head(draft, "YAML", &mut |head, words, _| {
        splice(head, words, out, &mut |word, array, before, out| {
            let line = before.rsplit('\n').next().unwrap_or_default();
            let blanks = line.len().saturating_sub(line.trim_start().len());
            write_inline_yaml(array, out, blanks.saturating_add(4))?;
            Ok(word.len())
        })
    })
}

/// Writes a draft as one document of tagged JSON with a line end. Large arrays are written in bounded
/// memory. Header lines and comments have no place in it.
///
/// # Errors
/// As [`write_yaml_file`].
pub fn write_json_file(draft: &Draft<'_>, out: &mut dyn Write) -> Result<()> {
    with_head(draft, "JSON", &mut |head, words, limits| {
        let options = OpenOptions::default().limits(limits.clone());
        let file = options.read_bytes(head.to_owned().into_bytes(), "draft")?;
        let mut json = Vec::new();
        let node = file.tree().root();
        write_json(
            FileNode { file: &file, node },
            References::Keep,
            &mut json,
            file.limits(),
        )?;
        let json = String::from_utf8_lossy(&json);
        let quoted: Vec<_> = words
            .iter()
            .map(|(word, array)| (format!("\"{word}\""), array))
            .collect();
        let quoted: Vec<_> = quoted.iter().map(|(word, array)| (word, *array)).collect();
        splice_words(&json, &quoted, out, &mut |word, array, _, out| {
            write_inline_json(array, out)?;
            Ok(word.len())
        })?;
        Ok(out.write_all(b"\n")?)
    })
}

/// Takes header lines and tree, and the words that stand in the place of the data of large arrays.
type Work<'w> = &'w mut dyn FnMut(&str, &[(String, ArrayRef<'_>)], &Limits) -> Result<()>;

/// Hands header lines and tree to `work`, with a word in the place of the data of each large array.
fn with_head(draft: &Draft<'_>, format: &str, work: Work<'_>) -> Result<()> {
    let mut draft = draft.placed()?;
    draft.check_unknown_blocks(format)?;
    if !draft.has_new_data() {
        let limits = draft.limits().clone();
        let (head, words) = head(&mut draft)?;
        return work(&head, &words, &limits);
    }
    // Arrays of other files, or new ones, are read from a file that has them all.
    draft.implode()?;
    let corrupt = draft.corrupt_blocks();
    let options = WriteOptions::default().keep_corrupt(corrupt == CorruptBlocks::Keep);
    let mut sink = Cursor::new(Vec::new());
    draft.drop_unused_blocks();
    draft.write(&mut sink, &options)?;
    let limits = draft.limits().clone();
    let opening = OpenOptions::default()
        .limits(limits.clone())
        .corrupt_blocks(corrupt);
    let file = opening.read_bytes(sink.into_inner(), "draft")?;
    let (head, words) = head(&mut file.to_draft())?;
    work(&head, &words, &limits)
}

fn head<'f>(draft: &mut Draft<'f>) -> Result<(String, Vec<(String, ArrayRef<'f>)>)> {
    let words = draft.inline_by_words()?;
    draft.drop_unused_blocks();
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default())?;
    let text = String::from_utf8_lossy(&sink.into_inner()).into_owned();
    Ok((text, words))
}

/// Writes what stands in the place of a word, given the text before it; gives the word's length.
type WriteArray<'w> = &'w mut dyn FnMut(&str, &ArrayRef<'_>, &str, &mut dyn Write) -> Result<usize>;

fn splice(
    text: &str,
    words: &[(String, ArrayRef<'_>)],
    out: &mut dyn Write,
    write: WriteArray<'_>,
) -> Result<()> {
    let words: Vec<_> = words.iter().map(|(word, array)| (word, array)).collect();
    splice_words(text, &words, out, write)
}

fn splice_words(
    text: &str,
    words: &[(&String, &ArrayRef<'_>)],
    out: &mut dyn Write,
    write: WriteArray<'_>,
) -> Result<()> {
    let mut places: Vec<_> = words
        .iter()
        .flat_map(|(word, array)| {
            text.match_indices(word.as_str())
                .map(move |(at, _)| (at, *word, *array))
        })
        .collect();
    places.sort_by_key(|(at, ..)| *at);
    let mut done = 0;
    for (at, word, array) in places {
        let before = text.get(done..at).unwrap_or_default();
        out.write_all(before.as_bytes())?;
        let line = text.get(..at).unwrap_or_default();
        done = at.saturating_add(write(word, array, line, out)?);
    }
    Ok(out.write_all(text.get(done..).unwrap_or_default().as_bytes())?)
}
