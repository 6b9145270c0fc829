//! A whole file as one text, its arrays as lists in the tree.

use super::inline::{write_inline_json, write_inline_yaml};
use super::json::{References, write_json};
use crate::array::ArrayRef;
use crate::error::Result;
use crate::file::{Draft, FileNode, OpenOptions, WriteOptions};
use std::io::{Cursor, Write};

/// Writes a draft as YAML: an ASDF file without blocks, which every ASDF reader reads. Large arrays
/// are written in bounded memory. Blocks that no array names are left out.
///
/// # Errors
/// An array cannot be read, or holds what a text cannot.
pub fn write_yaml_file(draft: &Draft<'_>, out: &mut dyn Write) -> Result<()> {
    let (head, words) = head(draft)?;
    splice(&head, &words, out, &mut |word, array, before, out| {
        let line = before.rsplit('\n').next().unwrap_or_default();
        let blanks = line.len().saturating_sub(line.trim_start().len());
        write_inline_yaml(array, out, blanks.saturating_add(4))?;
        Ok(word.len())
    })
}

/// Writes a draft as one document of tagged JSON with a line end. Large arrays are written in bounded
/// memory. Header lines and comments have no place in it.
///
/// # Errors
/// As [`write_yaml_file`].
pub fn write_json_file(draft: &Draft<'_>, out: &mut dyn Write) -> Result<()> {
    let (head, words) = head(draft)?;
    let options = OpenOptions::default().limits(draft.limits().clone());
    let file = options.read_bytes(head.into_bytes(), "draft")?;
    let mut json = Vec::new();
    let node = file.tree().root();
    write_json(
        FileNode { file: &file, node },
        References::Keep,
        &mut json,
        file.limits(),
    )?;
    let quoted: Vec<_> = words
        .into_iter()
        .map(|(word, array)| (format!("\"{word}\""), array))
        .collect();
    let json = String::from_utf8_lossy(&json);
    splice(&json, &quoted, out, &mut |word, array, _, out| {
        write_inline_json(array, out)?;
        Ok(word.len())
    })?;
    Ok(out.write_all(b"\n")?)
}

/// Header lines and tree, with a word in the place of the data of each large array.
fn head<'f>(draft: &Draft<'f>) -> Result<(String, Vec<(String, ArrayRef<'f>)>)> {
    let mut draft = draft.clone();
    let words = draft.inline_by_words()?;
    draft.drop_unused_blocks();
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default())?;
    Ok((
        String::from_utf8_lossy(&sink.into_inner()).into_owned(),
        words,
    ))
}

/// Writes what stands in the place of a word, given the text before it; gives the word's length.
type WriteArray<'w> = &'w mut dyn FnMut(&str, &ArrayRef<'_>, &str, &mut dyn Write) -> Result<usize>;

fn splice(
    text: &str,
    words: &[(String, ArrayRef<'_>)],
    out: &mut dyn Write,
    write: WriteArray<'_>,
) -> Result<()> {
    let mut places: Vec<_> = words
        .iter()
        .flat_map(|(word, array)| {
            text.match_indices(word.as_str())
                .map(move |(at, _)| (at, word, array))
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
