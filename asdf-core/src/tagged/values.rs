//! The values of a quantity, a time or a column.

use crate::array::ArrayRef;
use crate::array::is_array;
use crate::error::Error;
use crate::error::Mismatch;
use crate::error::Result;
use crate::file::{Draft, FileNode};
use crate::tree::{NewNode, Node, Value, float_text};
use std::fmt;

/// One value or many: what stands in an open file, or what is to be written.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Values<'f> {
    /// A node of an open file: a number, a text, a list, an array.
    Node(FileNode<'f>),
    /// A number to be written.
    Float(f64),
    /// An integer to be written.
    Int(i64),
    /// A text to be written.
    Text(String),
    /// A node of the draft that it is written to, such as [`Draft::new_array`] makes.
    Made(NewNode),
}

impl<'f> Values<'f> {
    /// The node of a single value in an open file.
    pub fn scalar(&self) -> Option<Node<'f>> {
        match self {
            Self::Node(at) => Some(at.node).filter(|node| node.text().is_some()),
            _ => None,
        }
    }

    /// The single number; `None` of text, of lists and of arrays.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Node(at) => number(at.node),
            Self::Float(value) => Some(*value),
            #[expect(clippy::cast_precision_loss, reason = "the caller asked for a float")]
            Self::Int(value) => Some(*value as f64),
            Self::Text(_) | Self::Made(_) => None,
        }
    }

    /// The single text; `None` of numbers, of lists and of arrays.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Node(at) => match at.node.value() {
                Value::Str(text) => Some(text),
                // A moment without a tag of its own is written as it stands.
                Value::Timestamp(_) => at.node.text(),
                _ => None,
            },
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The array, located in its file and not loaded; `None` where there is none.
    ///
    /// # Errors
    /// As [`AsdfFile::array_at`](crate::AsdfFile::array_at).
    pub fn array(&self) -> Result<Option<ArrayRef<'f>>> {
        match self {
            Self::Node(at) if is_array(at.node) => at.file.array_at(at.node).map(Some),
            _ => Ok(None),
        }
    }

    /// All numbers: the single one, or those of the array in C order, rounded to `f64` where they are larger. Masked elements are NaN.
    ///
    /// # Errors
    /// There are none, or the array cannot be read, or has elements that are not numbers.
    pub fn numbers(&self) -> Result<Vec<f64>> {
        if let Some(number) = self.number() {
            return Ok(vec![number]);
        }
        match self.array()? {
            Some(array) => {
                let data = array.load()?;
                let mut numbers = data.to_f64()?;
                for (number, _) in numbers
                    .iter_mut()
                    .zip(data.mask().into_iter().flatten())
                    .filter(|(_, is_masked)| **is_masked)
                {
                    *number = f64::NAN;
                }
                Ok(numbers)
            }
            None => Err(self.is_not("a number or an array of numbers")),
        }
    }

    /// All texts: the single one, or those of the list or of the array.
    ///
    /// # Errors
    /// As [`numbers`](Self::numbers).
    pub fn texts(&self) -> Result<Vec<String>> {
        if let Some(text) = self.text() {
            return Ok(vec![text.to_owned()]);
        }
        match self.array()? {
            Some(array) => array.load()?.records().collect(),
            None => Err(self.is_not("a text or an array of texts")),
        }
    }

    pub(super) fn is_not(&self, expected: &str) -> Error {
        if let Self::Node(at) = self {
            return at.is_not(expected);
        }
        let detail = format!("expected {expected}, found {self}").into();
        Mismatch::Value { detail }.into()
    }

    /// The node that they become in a draft.
    pub(super) fn to_node(&self, draft: &mut Draft<'f>) -> Result<NewNode> {
        Ok(match self {
            Self::Node(at) => draft.new_copy(*at)?,
            Self::Float(value) => draft.nodes().float(*value),
            Self::Int(value) => draft.nodes().int(*value),
            Self::Text(text) => draft.nodes().string(text),
            Self::Made(node) => *node,
        })
    }

    /// Whether it is one value, so that its mapping stands on one line.
    pub(super) fn is_single(&self) -> bool {
        match self {
            Self::Node(at) => at.node.text().is_some(),
            Self::Made(_) => false,
            Self::Float(_) | Self::Int(_) | Self::Text(_) => true,
        }
    }
}

impl fmt::Display for Values<'_> {
    /// A single value as it is written; of many what they are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(at) if at.node.text().is_some() => f.write_str(&at.node.key_text()),
            Self::Node(at) => f.write_str(&at.node.describe()),
            Self::Float(value) => f.write_str(&float_text(*value)),
            Self::Int(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(text),
            Self::Made(_) => f.write_str("a node of a draft"),
        }
    }
}

/// The number that a node is.
fn number(node: Node<'_>) -> Option<f64> {
    match node.value() {
        Value::Float(value) => Some(value),
        #[expect(clippy::cast_precision_loss, reason = "a value of a unit is a float")]
        Value::Int(value) => Some(value as f64),
        _ => None,
    }
}

impl From<f64> for Values<'_> {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<i64> for Values<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Values<'_> {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Values<'_> {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<NewNode> for Values<'_> {
    fn from(node: NewNode) -> Self {
        Self::Made(node)
    }
}

impl<'f> From<FileNode<'f>> for Values<'f> {
    fn from(at: FileNode<'f>) -> Self {
        Self::Node(at)
    }
}
