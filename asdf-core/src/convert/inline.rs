//! The contents of an array as data of the tree: what stands under `data` of an inline ndarray node.
//!
//! Nested lists in C order; records and sub-arrays are lists, masked elements `null`, complex numbers
//! scalars tagged `core/complex-1.0.0`, text without its padding. An array without axes is the bare
//! element. Shape and datatype do not show in the data: `[]` with `shape: [0, 3]` keeps its shape by
//! that key alone, `1.0` its width by `datatype`.

use super::json::EXACT;
use super::leaf::{Leaf, Sink, walk};
use crate::array::ArrayRef;
use crate::error::Error;
use crate::error::Result;
use crate::tree::{double_quoted, float_text, push_float, yaml_float};
use std::io::Write;

const COMPLEX: &str = "tag:stsci.edu:asdf/core/complex-1.0.0";
const FORMAT: &str = "an inline array";
/// Columns of a line of YAML.
const WIDTH: usize = 80;
/// What stands in front of the data on its first line.
const KEY: usize = "data: ".len();

/// Writes the elements of an array as a YAML flow list, in bounded memory. Lines are broken at 80
/// columns and go on after `indent` blanks, which must be more than those in front of the key; there
/// is no line end after the list. Tags are written in full.
///
/// # Errors
/// What cannot be read or written; [`Unsupported::Format`](crate::error::Unsupported::Format) for text that
/// no YAML scalar can hold.
pub fn write_inline_yaml(array: &ArrayRef<'_>, out: &mut dyn Write, indent: usize) -> Result<()> {
    let column = indent.saturating_add(KEY);
    let mut sink = TextSink::new(out, Some((indent, column)));
    walk(array, FORMAT, &mut sink)?;
    sink.finish()
}

/// Writes the elements of an array as nested lists of tagged JSON, in bounded memory.
///
/// # Errors
/// What cannot be read or written; [`Unsupported::Format`](crate::error::Unsupported::Format) for text that
/// has no form in UTF-8.
pub fn write_inline_json(array: &ArrayRef<'_>, out: &mut dyn Write) -> Result<()> {
    let mut sink = TextSink::new(out, None);
    walk(array, FORMAT, &mut sink)?;
    sink.finish()
}

/// Writes lists as text; a value goes out with the brackets that touch it.
struct TextSink<'w> {
    out: &'w mut dyn Write,
    /// Blanks in front of a line and the column reached, of YAML; JSON has neither.
    wrap: Option<(usize, usize)>,
    /// A value and its brackets; written when the next one comes.
    word: String,
    /// True when the word is closed by a value or a bracket, so that a comma comes next.
    whole: bool,
    started: bool,
}

impl<'w> TextSink<'w> {
    fn new(out: &'w mut dyn Write, wrap: Option<(usize, usize)>) -> Self {
        Self {
            out,
            wrap,
            word: String::new(),
            whole: false,
            started: false,
        }
    }

    /// Writes the word, in front of the next one when there is one.
    fn flush(&mut self) -> Result<()> {
        if let Some((indent, column)) = &mut self.wrap {
            let width = self.word.chars().count();
            let blank = usize::from(self.started);
            if self.started && column.saturating_add(blank + width) > WIDTH {
                write!(self.out, "\n{:indent$}", "", indent = *indent)?;
                *column = indent.saturating_add(width);
            } else {
                self.out
                    .write_all(" ".get(..blank).unwrap_or_default().as_bytes())?;
                *column = column.saturating_add(blank + width);
            }
        }
        self.started = true;
        self.whole = false;
        self.out.write_all(self.word.as_bytes())?;
        self.word.clear();
        Ok(())
    }

    /// Ends the word with a comma when something follows it.
    fn follow(&mut self) -> Result<()> {
        if self.whole {
            self.word.push(',');
            self.flush()?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<()> {
        self.flush()
    }
}

impl Sink for TextSink<'_> {
    fn open(&mut self) -> Result<()> {
        self.follow()?;
        self.word.push('[');
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        self.word.push(']');
        self.whole = true;
        Ok(())
    }

    fn leaf(&mut self, leaf: Leaf<'_>) -> Result<()> {
        self.follow()?;
        if self.wrap.is_some() {
            yaml_leaf(leaf, &mut self.word);
        } else {
            json_leaf(leaf, &mut self.word)?;
        }
        self.whole = true;
        Ok(())
    }
}

fn yaml_leaf(leaf: Leaf<'_>, out: &mut String) {
    match leaf {
        Leaf::Null => out.push_str("null"),
        Leaf::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Leaf::Int(value) => out.push_str(&value.to_string()),
        Leaf::Float(value) => out.push_str(&yaml_float(value)),
        Leaf::Complex(text) => {
            out.push_str("!<");
            out.push_str(COMPLEX);
            out.push_str("> ");
            out.push_str(&text);
        }
        Leaf::Text(text) => out.push_str(&double_quoted(&text)),
    }
}

fn json_leaf(leaf: Leaf<'_>, out: &mut String) -> Result<()> {
    match leaf {
        Leaf::Null => out.push_str("null"),
        Leaf::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Leaf::Int(value) if value.unsigned_abs() <= EXACT.unsigned_abs().into() => {
            out.push_str(&value.to_string());
        }
        Leaf::Int(value) => out.push_str(&format!("{{\"$int\":\"{value}\"}}")),
        Leaf::Float(value) if value.is_finite() => push_float(value, out),
        Leaf::Float(value) => out.push_str(&format!("{{\"$float\":\"{}\"}}", float_text(value))),
        Leaf::Complex(text) => {
            out.push_str(&format!("{{\"$tag\":\"{COMPLEX}\",\"$value\":\"{text}\"}}"));
        }
        Leaf::Text(text) => {
            let quoted = serde_json::to_string(&text);
            out.push_str(&quoted.map_err(|error| Error::from(std::io::Error::from(error)))?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
