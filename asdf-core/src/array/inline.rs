//! Arrays whose elements stand in the tree: shape and type found out as numpy does, elements to bytes.

use super::AXES;
use super::byte_order::ByteOrder;
use super::datatype::{Datatype, Scalar};
use super::number::Number;
use super::shape;
use super::spec;
use super::spec::{ArraySpec, Source};
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::{Warning, WarningKind};
use crate::limits::{Limit, Limits};
use crate::tree::Node;
use crate::tree::NodeKind;
use crate::tree::Value;

/// The elements of an inline array, as bytes in C order.
#[derive(Debug)]
pub(super) struct InlineData {
    pub(super) bytes: Vec<u8>,
    /// For each element whether it is `null`; `None` when none is.
    pub(super) nulls: Option<Vec<bool>>,
    pub(super) warnings: Vec<Warning>,
    /// Bytes of text read so far.
    text_bytes: u64,
}

/// What an inline node holds: datatype and shape as declared, else as found.
pub(crate) fn describe(node: Node<'_>, limits: &Limits) -> Result<ArraySpec> {
    let data = spec::inline_data(node)
        .ok_or_else(|| spec::bad(node, "ndarray", "`source`, `data` or a list"))?;
    let map = node.as_map();
    let declared = map
        .and_then(|map| map.get("shape"))
        .map(spec::parse_shape)
        .transpose()?;
    let own_order = map
        .and_then(|map| map.get("byteorder"))
        .map(ByteOrder::parse)
        .transpose()?;
    let byteorder = own_order.unwrap_or(ByteOrder::NATIVE);
    let datatype = match map.and_then(|map| map.get("datatype")) {
        Some(datatype) => Some(Datatype::parse(datatype, byteorder)?),
        None => None,
    };
    let levels = datatype.as_ref().map_or(0, levels);
    let shape = match declared {
        Some((mut shape, star)) => {
            if let (true, Some(first), Some(seq)) = (star, shape.first_mut(), data.as_seq()) {
                *first = seq.len() as u64;
            }
            shape
        }
        None => found_shape(data, levels)?,
    };
    axes(node, shape.len())?;
    let values = datatype.as_ref().map_or(1, Datatype::values);
    let allowed = limits.expanded_nodes;
    LimitExceeded::check(
        "nodes of an inline array",
        Limit::ExpandedNodes,
        nodes(&shape, values),
        allowed,
    )?;
    let datatype = match datatype {
        Some(datatype) => datatype,
        None => infer(data, &shape, limits)?,
    };
    let bytes =
        shape::count(&shape).map_or(u64::MAX, |count| count.saturating_mul(datatype.size()));
    LimitExceeded::check(
        "bytes of an inline array",
        Limit::ViewBytes,
        bytes,
        limits.view_bytes,
    )?;
    Ok(ArraySpec {
        byteorder: own_order.unwrap_or_else(|| datatype.shown_order(byteorder)),
        datatype,
        shape,
        star: false,
        strides: None,
        offset: 0,
        source: Source::Inline,
    })
}

/// Bounds the number of axes, which here are nested lists.
fn axes(node: Node<'_>, count: usize) -> Result<()> {
    LimitExceeded::fixed("number of axes", count as u64, AXES)
        .at(node.span())
        .at_path(|| node.path())
}

/// Counts the text that is read: shared text each time.
fn count_text(item: Node<'_>, total: &mut u64, limits: &Limits) -> Result<()> {
    *total = total.saturating_add(item.text().map_or(0, str::len) as u64);
    LimitExceeded::check(
        "bytes of text in an inline array",
        Limit::TreeBytes,
        *total,
        limits.tree_bytes,
    )
}

/// How many nodes a walk over the lists meets: shared ones each time.
fn nodes(shape: &[u64], values: u64) -> u64 {
    let (mut lists, mut total) = (1_u64, 0_u64);
    for length in shape {
        total = total.saturating_add(lists);
        lists = lists.saturating_mul(*length);
    }
    total.saturating_add(lists.saturating_mul(values.max(1)))
}

/// How many levels of lists the first value of an element lies in: `found_shape` goes that way.
fn levels(datatype: &Datatype) -> usize {
    match datatype {
        Datatype::Record(fields) => {
            let inner = fields.first().map_or(0, |field| {
                field.shape.len().saturating_add(levels(&field.datatype))
            });
            inner.saturating_add(1)
        }
        _ => 0,
    }
}

/// The lengths of nested lists along the first elements, without those that belong to an element.
fn found_shape(data: Node<'_>, levels: usize) -> Result<Vec<u64>> {
    let mut shape = Vec::new();
    let mut node = data;
    while let Some(seq) = node.as_seq() {
        shape.push(seq.len() as u64);
        axes(data, shape.len().saturating_sub(levels))?;
        match seq.iter().next() {
            Some(first) => node = first,
            None => break,
        }
    }
    shape.truncate(
        shape
            .len()
            .saturating_sub(levels)
            .max(usize::from(levels > 0)),
    );
    Ok(shape)
}

/// Hands every element to `take`, in C order, and checks that the lists have the shape.
fn each<'t>(
    data: Node<'t>,
    shape: &[u64],
    take: &mut dyn FnMut(Node<'t>) -> Result<()>,
) -> Result<()> {
    let Some((length, inner)) = shape.split_first() else {
        return take(data);
    };
    let Some(seq) = data.as_seq() else {
        return Err(ragged(data, *length));
    };
    if seq.len() as u64 != *length {
        return Err(ragged(data, *length));
    }
    seq.iter().try_for_each(|item| each(item, inner, take))
}

fn ragged(node: Node<'_>, length: u64) -> Error {
    Error::from(Malformed::Ragged {
        found: node.describe(),
        length,
    })
    .at(node.span())
    .at_path(|| node.path())
}

/// What was met among the elements.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one sort of element that was met"
)]
struct Met {
    bool: bool,
    int: bool,
    negative: bool,
    wide: bool,
    float: bool,
    complex: bool,
    text: Option<usize>,
}

/// The datatype that numpy finds for a list: the narrowest of its defaults that holds every element.
fn infer(data: Node<'_>, shape: &[u64], limits: &Limits) -> Result<Datatype> {
    let mut met = Met::default();
    let mut text_bytes = 0;
    each(data, shape, &mut |item| {
        count_text(item, &mut text_bytes, limits)?;
        if is_complex(item) {
            met.complex = true;
            return Ok(());
        }
        match item.value() {
            Value::Null => {}
            Value::Bool(_) => met.bool = true,
            Value::Int(value) => {
                met.int = true;
                met.negative |= value < 0;
            }
            Value::BigInt(value) if value.as_str().parse::<u64>().is_ok() => met.wide = true,
            Value::Float(_) => met.float = true,
            Value::Str(text) => met.text = Some(met.text.unwrap_or(0).max(text.chars().count())),
            _ => {
                return Err(spec::bad(
                    item,
                    "element",
                    "a number, a truth value or text",
                ));
            }
        }
        Ok(())
    })?;
    if let Some(longest) = met.text {
        let widths = [
            (met.bool, 5),
            (met.int, 21),
            (met.wide, 21),
            (met.float, 32),
            (met.complex, 64),
        ];
        let number = widths
            .iter()
            .filter(|width| width.0)
            .map(|width| width.1)
            .max()
            .unwrap_or(0);
        return Ok(Datatype::Ucs4(longest.max(number).max(1) as u64));
    }
    Ok(Datatype::Scalar(if met.complex {
        Scalar::Complex128
    } else if met.float || (met.wide && met.negative) {
        Scalar::Float64
    } else if met.wide {
        Scalar::Uint64
    } else if met.int {
        Scalar::Int64
    } else if met.bool {
        Scalar::Bool8
    } else {
        Scalar::Float64
    }))
}

fn is_complex(node: Node<'_>) -> bool {
    node.tag().is_some_and(|tag| tag.is_core("core/complex"))
}

/// Reads the elements into bytes.
pub(super) fn build(node: Node<'_>, spec: &ArraySpec, limits: &Limits) -> Result<InlineData> {
    let data =
        spec::inline_data(node).ok_or_else(|| spec::bad(node, "ndarray", "`data` or a list"))?;
    let mut out = InlineData {
        bytes: Vec::new(),
        nulls: None,
        warnings: Vec::new(),
        text_bytes: 0,
    };
    let size = usize::try_from(spec.datatype.size()).unwrap_or(usize::MAX);
    let mut nulls = Vec::new();
    each(data, &spec.shape, &mut |item| {
        let null = matches!(item.value(), Value::Null) && item.tag().is_none();
        nulls.push(null);
        if null {
            out.bytes.resize(out.bytes.len().saturating_add(size), 0);
            return Ok(());
        }
        write(item, &spec.datatype, spec.byteorder, limits, &mut out)
    })?;
    out.nulls = nulls.contains(&true).then_some(nulls);
    Ok(out)
}

fn write(
    item: Node<'_>,
    datatype: &Datatype,
    order: ByteOrder,
    limits: &Limits,
    out: &mut InlineData,
) -> Result<()> {
    count_text(item, &mut out.text_bytes, limits)?;
    match datatype {
        Datatype::Scalar(scalar) => {
            let number = number(item)
                .filter(|number| number.fits(*scalar))
                .ok_or_else(|| spec::bad(item, "element", wanted(*scalar)))?;
            number.write(*scalar, order, &mut out.bytes);
            Ok(())
        }
        Datatype::Ascii(_) | Datatype::Ucs4(_) => write_text(item, datatype, order, out),
        Datatype::Record(fields) => {
            let seq = item.as_seq().filter(|seq| seq.len() == fields.len());
            let seq = seq.ok_or_else(|| ragged(item, fields.len() as u64))?;
            for (value, field) in seq.iter().zip(fields) {
                each(value, &field.shape, &mut |item| {
                    write(item, &field.datatype, field.byteorder, limits, out)
                })?;
            }
            Ok(())
        }
    }
}

fn wanted(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Int8 => "an int8",
        Scalar::Int16 => "an int16",
        Scalar::Int32 => "an int32",
        Scalar::Int64 => "an int64",
        Scalar::Uint8 => "a uint8",
        Scalar::Uint16 => "a uint16",
        Scalar::Uint32 => "a uint32",
        Scalar::Uint64 => "a uint64",
        Scalar::Float16 | Scalar::Float32 | Scalar::Float64 => "a float",
        Scalar::Complex64 | Scalar::Complex128 => "a complex number",
        Scalar::Bool8 => "a truth value",
    }
}

/// The number that an element is; text is read as a number, as numpy does.
fn number(item: Node<'_>) -> Option<Number> {
    if item.kind() != NodeKind::Scalar {
        return None;
    }
    if is_complex(item) {
        return Number::parse_complex(item.text()?);
    }
    Number::of(item.value())
}

fn write_text(
    item: Node<'_>,
    datatype: &Datatype,
    order: ByteOrder,
    out: &mut InlineData,
) -> Result<()> {
    let text = match item.value() {
        Value::Str(text) => text.to_owned(),
        Value::Bool(value) => if value { "True" } else { "False" }.to_owned(),
        Value::Seq(_) | Value::Map(_) => return Err(spec::bad(item, "element", "text")),
        _ => item.key_text().into_owned(),
    };
    let (capacity, unit) = match datatype {
        Datatype::Ascii(length) => (*length, 1),
        Datatype::Ucs4(length) => (*length, 4),
        _ => (0, 1),
    };
    if unit == 1 && !text.is_ascii() {
        return Err(spec::bad(item, "element", "ASCII text"));
    }
    let capacity = usize::try_from(capacity).unwrap_or(usize::MAX);
    let length = text.chars().count();
    if length > capacity {
        let kind = WarningKind::TextCut { length, capacity };
        out.warnings
            .push(Warning::new(kind).at(item.span()).at_path(item.path()));
    }
    for char in text.chars().take(capacity) {
        let code = u32::from(char);
        match (unit, order) {
            (1, _) => out.bytes.push(u8::try_from(code).unwrap_or(b'?')),
            (_, ByteOrder::Little) => out.bytes.extend(code.to_le_bytes()),
            (_, ByteOrder::Big) => out.bytes.extend(code.to_be_bytes()),
        }
    }
    let padding = capacity.saturating_sub(length).saturating_mul(unit);
    out.bytes.resize(out.bytes.len().saturating_add(padding), 0);
    Ok(())
}
