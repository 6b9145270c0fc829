//! Headers in a tree: of HDUs, and of `astropy/wcs/wcs`.

use super::super::Wcs;
use super::super::wrapper::fault;
use super::cube;
use crate::array::is_ndarray;
use crate::error::Error;
use crate::error::Result;
use crate::error::Unsupported;
use crate::file::AsdfFile;
use crate::fits::CardValue;
use crate::fits::FitsHeader;
use crate::fits::NewHeader;
use crate::limits::Limits;
use crate::transform::BoundingBox;
use crate::transform::Interval;
use crate::tree::Node;
use crate::tree::PathStep;
use crate::tree::Seq;
use crate::tree::Tree;
use crate::tree::TreeEdit;
use crate::tree::TreePath;
use crate::tree::Value;

/// Axes of a header.
const AXES: usize = 32;

/// The HDU whose header has its WCS at this path: a mapping with `header` and `data`, and no node at the path.
pub(in crate::wcs) fn hdu_at<'f>(file: &'f AsdfFile, path: &TreePath) -> Option<Node<'f>> {
    let (last, before) = path.steps().split_last()?;
    if !matches!(last, PathStep::Key(key) if &**key == "wcs") {
        return None;
    }
    let node = file.tree().node(TreePath::from(before.to_vec())).ok()?;
    is_hdu(node).then_some(node)
}

/// True for a mapping with `data` and a `header` that has the types of axes, and no `wcs` beside it.
pub(in crate::wcs) fn is_hdu(node: Node<'_>) -> bool {
    let types = |header: Node<'_>| match header.as_seq() {
        Some(cards) => cards
            .iter()
            .any(|card| card.at(0).and_then(Node::text) == Some("CTYPE1")),
        None => header.get("CTYPE1").is_some(),
    };
    node.as_map().is_some()
        && node.get("data").is_some()
        && node.get("wcs").is_none()
        && node.get("header").is_some_and(types)
}

/// The WCS of the header of an HDU, as it is found at this path.
pub(in crate::wcs) fn of_hdu(file: &AsdfFile, hdu: Node<'_>, place: &TreePath) -> Result<Wcs> {
    let missing = || fault(hdu, "the key `header` is missing");
    let mut cards = cards(hdu.get("header").ok_or_else(missing)?)?;
    let data = hdu.get("data").filter(|data| is_ndarray(*data));
    if let Some(data) = data
        && let Ok(array) = file.array_at(data)
    {
        for (axis, length) in array.shape().iter().rev().enumerate() {
            let length = CardValue::Integer((*length).into());
            cards.set(&format!("NAXIS{}", axis + 1), &length, "")?;
        }
    }
    let found = celestial(file, &cards.read(), place)?;
    found.ok_or_else(|| {
        let reason = super::refusal(&cards.read());
        let reason = reason.map_or_else(String::new, |reason| reason.to_string());
        fault(hdu, &format!("the header of this HDU: {reason}"))
    })
}

/// The WCS of the first two axes of a header. `None` when it is not one of the sky, or not understood.
pub(super) fn celestial(
    file: &AsdfFile,
    header: &FitsHeader<'_>,
    place: &TreePath,
) -> Result<Option<Wcs>> {
    let mut edit = TreeEdit::new();
    let Some(node) = super::header_node(header, edit.nodes())? else {
        return Ok(None);
    };
    edit.set("wcs", node)?;
    let tree = edit.read_anew(&Limits::default())?;
    let mut wcs = read(file, &tree, place)?;
    wcs.is_of_header = true;
    Ok(Some(wcs))
}

fn read(file: &AsdfFile, tree: &Tree, place: &TreePath) -> Result<Wcs> {
    Wcs::read_gwcs(file, tree.node("wcs")?, place)
}

/// The WCS of a node of `astropy/wcs/wcs`: a list of HDUs whose first one has the header, and what no header has.
pub(in crate::wcs) fn read_wcs(file: &AsdfFile, node: Node<'_>, place: &TreePath) -> Result<Wcs> {
    let refused = |reason: &str| {
        let tag = node.tag().map(|tag| tag.as_str().into());
        Error::from(Unsupported::Wcs {
            tag: tag.unwrap_or_default(),
            reason: reason.into(),
        })
    };
    let hdus = node.get("hdulist").and_then(Node::as_seq);
    let header = hdus.and_then(|hdus| hdus.iter().next()?.get("header"));
    let header = header.ok_or_else(|| refused("there is no header in `hdulist`"))?;
    let attribute = |key: &str| {
        let value = node.get("attrs").and_then(|attributes| attributes.get(key));
        value.filter(|value| !matches!(value.value(), Value::Null))
    };
    for key in ["colsel", "keysel"] {
        if attribute(key).is_some() {
            return Err(refused(&format!("`{key}` is given")));
        }
    }
    let alternative = attribute("key").and_then(Node::text).unwrap_or(" ");
    if !alternative.trim().is_empty() {
        return Err(refused(&format!("it is the alternative `{alternative}`")));
    }
    let cards = cards(header)?;
    let count = match attribute("naxis").map(Node::value) {
        Some(Value::Int(count)) => usize::try_from(count).ok(),
        _ => None,
    };
    let cards = cards.read();
    let own = cards.integer("WCSAXES").ok().flatten();
    let own = own.and_then(|count| usize::try_from(count).ok());
    let count = own.or(count).unwrap_or(2);
    if count == 0 || count > AXES {
        return Err(refused(&format!("{count} axes")));
    }
    let shape = attribute("pixel_shape").and_then(Node::as_seq);
    let shape = shape.and_then(|shape| lengths(shape, count));
    let mut wcs = cube::read(file, &cards, count, place).map_err(|error| match error {
        cube::Refused::Because(reason) => refused(&reason),
        cube::Refused::Error(error) => error,
    })?;
    wcs.pixel_shape = shape;
    let bounds = attribute("pixel_bounds").and_then(Node::as_seq);
    let bounds = bounds.map(|bounds| intervals(bounds).ok_or_else(|| refused("`pixel_bounds`")));
    Ok(wcs.bound(bounds.transpose()?.map(BoundingBox::Simple)))
}

fn lengths(shape: Seq<'_>, count: usize) -> Option<Vec<u64>> {
    let length = |length: Node<'_>| match length.value() {
        Value::Int(value) => u64::try_from(value).ok(),
        _ => None,
    };
    let lengths: Option<Vec<u64>> = shape.iter().map(length).collect();
    lengths.filter(|lengths| lengths.len() == count)
}

fn intervals(bounds: Seq<'_>) -> Option<Vec<Option<Interval>>> {
    let number = |node: Node<'_>| match node.value() {
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        Value::Int(value) => Some(value as f64),
        Value::Float(value) => Some(value),
        _ => None,
    };
    let interval = |ends: Node<'_>| {
        let (low, high) = (number(ends.at(0)?)?, number(ends.at(1)?)?);
        Some(Some(Interval { low, high }))
    };
    bounds.iter().map(interval).collect()
}

/// A header of the tree, a list of `[keyword, value, comment]` or a mapping, as cards without comments. A value that no
/// card has becomes text, which is none that a WCS has.
pub(super) fn cards(header: Node<'_>) -> Result<NewHeader> {
    let mut out = NewHeader::new();
    let mut push = |keyword: Option<&str>, value: Option<Node<'_>>| {
        let Some(keyword) = keyword.filter(|keyword| !is_commentary(keyword)) else {
            return;
        };
        let value = value.map_or(Some(CardValue::Undefined), card_value);
        let value = value.unwrap_or_else(|| CardValue::Text("?".to_owned()));
        if out.push(keyword, &value, "").is_err() {
            // A keyword that no header can have says nothing about a WCS.
            let _ = out.push(keyword, &CardValue::Text("?".to_owned()), "");
        }
    };
    if let Some(list) = header.as_seq() {
        for card in list {
            push(card.at(0).and_then(Node::text), card.at(1));
        }
        return Ok(out);
    }
    let Some(map) = header.as_map() else {
        return Err(fault(header, "a header is a list of cards or a mapping"));
    };
    for (key, value) in map {
        let first = value
            .as_seq()
            .map_or(Some(value), |list| list.iter().next());
        push(key.text(), first);
    }
    Ok(out)
}

fn is_commentary(keyword: &str) -> bool {
    matches!(keyword, "" | "COMMENT" | "HISTORY" | "CONTINUE" | "END")
}

fn card_value(node: Node<'_>) -> Option<CardValue> {
    Some(match node.value() {
        Value::Null => CardValue::Undefined,
        Value::Bool(value) => CardValue::Logical(value),
        Value::Int(number) => CardValue::Integer(number.into()),
        Value::BigInt(number) => CardValue::Integer(number.as_str().parse().ok()?),
        Value::Float(number) => CardValue::Float(number),
        Value::Str(text) => CardValue::Text(text.to_owned()),
        _ => CardValue::Text(node.text()?.to_owned()),
    })
}
