//! The parameters of a transform, read from its node: numbers, units, texts, arrays.

use super::model::Model;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Unsupported;
use crate::file::AsdfFile;
use crate::tree::Node;
use crate::tree::Seq;
use crate::tree::Value;
use crate::unit::Unit;
use std::sync::Arc;

/// A reader of one kind of elementary transform.
pub(super) type Read = fn(&Reader<'_>) -> Result<Arc<dyn Model>>;

/// The parameters of one transform.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'f> {
    pub(super) file: &'f AsdfFile,
    pub(super) node: Node<'f>,
}

impl<'f> Reader<'f> {
    /// The reader of another node of the same file.
    pub(super) fn at<'n>(&self, node: Node<'n>) -> Reader<'n>
    where
        'f: 'n,
    {
        Reader {
            file: self.file,
            node,
        }
    }

    /// A number that must be there; of a quantity its value.
    pub(super) fn number(&self, key: &str) -> Result<f64> {
        let node = self.child(key)?;
        number(node).ok_or_else(|| self.wrong(key, "a number"))
    }

    /// A number that must be there, in degrees: of a quantity converted, else as it is.
    pub(super) fn angle(&self, key: &str) -> Result<f64> {
        let value = self.number(key)?;
        Ok(match self.unit(key)? {
            Some(unit) => value * self.factor(key, &unit, "deg")?,
            None => value,
        })
    }

    /// What a unit is multiplied with to be another.
    pub(super) fn factor(&self, key: &str, unit: &Unit, wanted: &str) -> Result<f64> {
        let factor = Unit::parse(wanted).and_then(|wanted| unit.factor_to(&wanted));
        factor.ok_or_else(|| self.fault(&format!("`{key}` is in {unit}, expected {wanted}")))
    }

    /// The unit of what stands under a key; `None` when that is missing or no quantity.
    pub(super) fn unit(&self, key: &str) -> Result<Option<Unit>> {
        match self.node.get(key) {
            Some(node) => self.unit_at(node),
            None => Ok(None),
        }
    }

    /// The unit of a quantity; `None` of anything else.
    pub(super) fn unit_at(&self, node: Node<'_>) -> Result<Option<Unit>> {
        if !is_quantity(node) {
            return Ok(None);
        }
        let text = node.get("unit").and_then(Node::text);
        let text = text.ok_or_else(|| self.fault("a quantity without `unit`"))?;
        self.parse_unit(text).map(Some)
    }

    /// The unit that a text names.
    pub(super) fn parse_unit(&self, text: &str) -> Result<Unit> {
        Unit::parse(text).ok_or_else(|| {
            let error = Error::from(Unsupported::TransformOption {
                option: format!("the unit `{text}`").into(),
            });
            error.at_path(|| self.node.path())
        })
    }

    /// A number or a quantity.
    pub(super) fn quantity_at(&self, node: Node<'_>) -> Result<(f64, Option<Unit>)> {
        let value = number(node).ok_or_else(|| {
            self.fault(&format!(
                "{} is neither a number nor a quantity",
                node.describe()
            ))
        })?;
        Ok((value, self.unit_at(node)?))
    }

    /// A number, or what it is when it is not there.
    pub(super) fn number_or(&self, key: &str, default: f64) -> Result<f64> {
        match self.node.get(key) {
            Some(_) => self.number(key),
            None => Ok(default),
        }
    }

    /// A whole number from 0 on.
    pub(super) fn count(&self, key: &str) -> Result<usize> {
        let node = self.child(key)?;
        match node.value() {
            Value::Int(value) => usize::try_from(value).ok(),
            _ => None,
        }
        .ok_or_else(|| self.wrong(key, "a whole number from 0 on"))
    }

    /// A text that must be there.
    pub(super) fn text(&self, key: &str) -> Result<&'f str> {
        let node = self.child(key)?;
        node.text().ok_or_else(|| self.wrong(key, "a text"))
    }

    /// A text, or what it is when it is not there.
    pub(super) fn text_or(&self, key: &str, default: &'f str) -> Result<&'f str> {
        if self.has(key) {
            self.text(key)
        } else {
            Ok(default)
        }
    }

    /// True when the key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.node
            .get(key)
            .is_some_and(|node| !matches!(node.value(), Value::Null))
    }

    /// The items of a list that must be there.
    pub(super) fn list(&self, key: &str) -> Result<Seq<'f>> {
        let node = self.child(key)?;
        node.as_seq().ok_or_else(|| self.wrong(key, "a list"))
    }

    /// Shape and elements of an array that must be there: an ndarray, or lists of numbers.
    pub(super) fn array(&self, key: &str) -> Result<(Vec<usize>, Vec<f64>)> {
        self.array_at(self.child(key)?)
    }

    /// The same of a node.
    pub(super) fn array_at(&self, node: Node<'f>) -> Result<(Vec<usize>, Vec<f64>)> {
        let node = plain(node);
        if node.tag().is_none() {
            let mut shape = Vec::new();
            let mut numbers = Vec::new();
            if nested(node, 0, &mut shape, &mut numbers).is_some() {
                return Ok((shape, numbers));
            }
        }
        let array = self.file.array_at(node)?.load()?;
        let shape = array.shape().iter().map(|extent| usize::try_from(*extent));
        let shape = shape.collect::<std::result::Result<_, _>>();
        let shape = shape.map_err(|error| self.fault(&error.to_string()))?;
        Ok((shape, array.to_f64()?))
    }

    /// What stands under a key.
    fn child(&self, key: &str) -> Result<Node<'f>> {
        let node = self.node.get(key);
        node.ok_or_else(|| self.fault(&format!("the key `{key}` is missing")))
    }

    /// An error about the value of a key: what it must be.
    pub(super) fn wrong(&self, key: &str, wanted: &str) -> Error {
        let found = self.node.get(key).map(Node::describe).unwrap_or_default();
        self.fault(&format!("`{key}` is {found}, expected {wanted}"))
    }

    /// An error about the transform.
    pub(super) fn fault(&self, detail: &str) -> Error {
        let error = Error::from(Malformed::Transform {
            detail: detail.into(),
        });
        error.at_path(|| self.node.path())
    }
}

/// True for a number or array with a unit (`unit/quantity-1.x`).
pub(super) fn is_quantity(node: Node<'_>) -> bool {
    node.tag()
        .is_some_and(|tag| tag.base().ends_with("/quantity"))
}

/// The value of a quantity; anything else as it is.
fn plain(node: Node<'_>) -> Node<'_> {
    if is_quantity(node) {
        node.get("value").unwrap_or(node)
    } else {
        node
    }
}

/// A number, or that of a quantity.
pub(super) fn number(node: Node<'_>) -> Option<f64> {
    match plain(node).value() {
        #[expect(clippy::cast_precision_loss, reason = "transforms work in f64")]
        Value::Int(value) => Some(value as f64),
        Value::Float(value) => Some(value),
        _ => None,
    }
}

/// Lists of lists of numbers, all of the same shape.
fn nested(
    node: Node<'_>,
    depth: usize,
    shape: &mut Vec<usize>,
    numbers: &mut Vec<f64>,
) -> Option<()> {
    /// Dimensions that a parameter has at most.
    const DEEPEST: usize = 8;
    let Some(items) = node.as_seq() else {
        numbers.push(number(node)?);
        return (depth == shape.len()).then_some(());
    };
    if depth >= DEEPEST {
        return None;
    }
    match shape.get(depth) {
        None if numbers.is_empty() => shape.push(items.len()),
        Some(extent) if *extent == items.len() => {}
        _ => return None,
    }
    items
        .iter()
        .try_for_each(|item| nested(item, depth + 1, shape, numbers))
}
