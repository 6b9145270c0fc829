//! The elements of an array as nodes of a tree: what stands under `data` of an inline ndarray.

use super::byte_order::ByteOrder;
use super::datatype::{Datatype, Field, Scalar};
use super::element::Element;
use super::empty::check_lists;
use super::json::{complex_text, float_value, scalar_text};
use super::{ArrayRef, text};
use crate::error::Locate;
use crate::error::Result;
use crate::error::Unsupported;
use crate::tree::{NewNode, Nodes};

const COMPLEX: &str = "tag:stsci.edu:asdf/core/complex-1.0.0";

/// The elements as nested lists in C order, records as lists of their fields; a mask stands elsewhere.
/// Numbers have the fewest digits from which this and every other reader finds the same value.
///
/// # Errors
/// Text that is not ASCII in an `ascii` array; data that cannot be read.
pub(crate) fn inline_nodes(array: &ArrayRef<'_>, nodes: &mut Nodes) -> Result<NewNode> {
    check_lists(array.shape(), array.datatype()).at_path(|| array.path())?;
    let data = array.load_unmasked()?;
    let mut elements = data.elements();
    let datatype = array.datatype();
    nest(array.shape(), nodes, &mut |nodes| {
        let bytes = elements.next().unwrap_or_default();
        element(bytes, datatype, array.byteorder(), nodes)
    })
    .at_path(|| array.path())
}

impl ArrayRef<'_> {
    /// An element as what stands for it in the tree.
    pub(crate) fn element_node(&self, bytes: &[u8], nodes: &mut Nodes) -> Result<NewNode> {
        element(bytes, self.datatype(), self.byteorder(), nodes).at_path(|| self.path())
    }
}

/// Lists around what `next` makes.
fn nest(
    shape: &[u64],
    nodes: &mut Nodes,
    next: &mut dyn FnMut(&mut Nodes) -> Result<NewNode>,
) -> Result<NewNode> {
    let Some((length, inner)) = shape.split_first() else {
        return next(nodes);
    };
    let mut items = Vec::new();
    for _ in 0..*length {
        items.push(nest(inner, nodes, next)?);
    }
    Ok(nodes.seq(items))
}

fn element(
    bytes: &[u8],
    datatype: &Datatype,
    order: ByteOrder,
    nodes: &mut Nodes,
) -> Result<NewNode> {
    match datatype {
        Datatype::Scalar(scalar) => Ok(number(bytes, *scalar, order, nodes)),
        Datatype::Ascii(_) => {
            if !bytes.is_ascii() {
                let what = "text with bytes above 127 in the tree";
                return Err(Unsupported::Inline { what }.into());
            }
            Ok(nodes.string(&text::ascii(bytes)))
        }
        Datatype::Ucs4(_) => {
            let text = text::exact_ucs4(bytes, order, "an inline array")?;
            Ok(nodes.string(&text))
        }
        Datatype::Record(fields) => record(bytes, fields, nodes),
    }
}

fn record(bytes: &[u8], fields: &[Field], nodes: &mut Nodes) -> Result<NewNode> {
    let mut rest = bytes;
    let mut take = |size: u64| {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let (own, behind) = rest.split_at_checked(size).unwrap_or((rest, &[]));
        rest = behind;
        own
    };
    let mut items = Vec::with_capacity(fields.len());
    for field in fields {
        items.push(nest(&field.shape, nodes, &mut |nodes| {
            element(
                take(field.datatype.size()),
                &field.datatype,
                field.byteorder,
                nodes,
            )
        })?);
    }
    Ok(nodes.seq(items))
}

fn number(bytes: &[u8], scalar: Scalar, order: ByteOrder, nodes: &mut Nodes) -> NewNode {
    match scalar {
        Scalar::Bool8 => nodes.bool(bool::read(bytes, order)),
        Scalar::Float16 | Scalar::Float32 | Scalar::Float64 => {
            nodes.float(float_value(scalar, bytes, order))
        }
        Scalar::Complex64 | Scalar::Complex128 => {
            let node = nodes.string(&complex_text(scalar, bytes, order));
            nodes.set_tag(node, COMPLEX);
            node
        }
        _ => nodes.digits(&scalar_text(scalar, bytes, order)),
    }
}
