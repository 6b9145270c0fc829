//! Headers in a tree: of HDUs, and of `astropy/wcs/wcs`.

use super::super::Wcs;
use super::super::source::ModelSource;
use super::super::wrapper::fault;
use super::keywords::Keywords;
use super::lookup::Lookup;
use super::lookup::Lookups;
use super::lookup::lookup_of;
use super::tabular;
use super::tabular::{Cell, TableName};
use super::text;
use super::text::Purpose;
use crate::array::is_ndarray;
use crate::error::Error;
use crate::error::Locate;
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
use crate::tree::TreePath;
use crate::tree::Value;

/// An HDU of the tree, and which description of its header is meant.
pub(in crate::wcs) struct HeaderPlace<'f> {
    hdu: Node<'f>,
    /// A letter, or nothing for the primary description.
    alternate: String,
}

/// The HDU whose header has its WCS at this path: a mapping with `header` and `data`, and no node at the path. A letter after
/// the key `wcs` is that of an alternate description.
pub(in crate::wcs) fn hdu_at<'f>(file: &'f AsdfFile, path: &TreePath) -> Option<HeaderPlace<'f>> {
    let (last, before) = path.steps().split_last()?;
    let PathStep::Key(last) = last else {
        return None;
    };
    let (alternate, before) = match before.split_last() {
        Some((PathStep::Key(key), before)) if &**key == "wcs" && is_letter(last) => {
            (last.to_string(), before)
        }
        _ if &**last == "wcs" => (String::new(), before),
        _ => return None,
    };
    let hdu = file.tree().node(TreePath::from(before.to_vec())).ok()?;
    let is_own = if alternate.is_empty() {
        is_hdu(hdu)
    } else {
        has_header(hdu)
    };
    is_own.then_some(HeaderPlace { hdu, alternate })
}

fn is_letter(text: &str) -> bool {
    text.len() == 1 && text.bytes().all(|letter| letter.is_ascii_uppercase())
}

/// True for a mapping with `data` and a `header` that says something of axes, and no `wcs` beside it.
pub(in crate::wcs) fn is_hdu(node: Node<'_>) -> bool {
    has_header(node) && node.get("wcs").is_none()
}

fn has_header(node: Node<'_>) -> bool {
    let says = |keyword: Option<&str>| {
        keyword.is_some_and(|keyword| {
            ["CTYPE", "CRVAL", "CRPIX", "AMDX"].iter().any(|stem| {
                let rest = keyword.strip_prefix(stem);
                rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
            })
        })
    };
    let types = |header: Node<'_>| match (header.as_seq(), header.as_map()) {
        (Some(cards), _) => cards
            .iter()
            .any(|card| says(card.at(0).and_then(Node::text))),
        (None, Some(map)) => map.into_iter().any(|(key, _)| says(key.text())),
        (None, None) => false,
    };
    node.as_map().is_some() && node.get("data").is_some() && node.get("header").is_some_and(types)
}

/// The WCS of the header of an HDU, as it is found at this path.
pub(in crate::wcs) fn of_hdu(file: &AsdfFile, hdu: Node<'_>, place: &TreePath) -> Result<Wcs> {
    of_description(
        file,
        &HeaderPlace {
            hdu,
            alternate: String::new(),
        },
        place,
    )
}

/// The WCS of a description of a header, as it is found at this path.
pub(in crate::wcs) fn of_description(
    file: &AsdfFile,
    of: &HeaderPlace<'_>,
    place: &TreePath,
) -> Result<Wcs> {
    let hdu = of.hdu;
    let tables = FileLookups { file, hdu };
    let read = |header: &FitsHeader<'_>| {
        let keywords = Keywords::new(header, &of.alternate);
        match text::of(keywords, &tables, Purpose::Evaluation) {
            Ok(text) => made(file, &text.yaml, place),
            Err(refusal) => {
                let fault = Error::from(refusal.fault());
                Err(fault.at_path(|| hdu.path()))
            }
        }
    };
    if let Some(header) = fits_header(file, &hdu.path()) {
        return read(&header);
    }
    let missing = || fault(hdu, "the key `header` is missing");
    let mut cards = cards(hdu.get("header").ok_or_else(missing)?)?;
    let data = hdu.get("data").filter(|data| is_ndarray(*data));
    if let Some(data) = data
        && let Ok(array) = file.array_at(data)
    {
        let shape = array.shape();
        if let Ok(count) = i64::try_from(shape.len()) {
            cards.set("NAXIS", &CardValue::Integer(count.into()), "")?;
        }
        for (axis, length) in shape.iter().rev().enumerate() {
            let length = CardValue::Integer((*length).into());
            cards.set(&format!("NAXIS{}", axis + 1), &length, "")?;
        }
    }
    read(&cards.read())
}

/// The header itself, where a path is that of an HDU of a FITS file; those of trees are made of nodes.
pub(in crate::wcs) fn fits_header<'f>(
    file: &'f AsdfFile,
    hdu: &TreePath,
) -> Option<FitsHeader<'f>> {
    let fits = file.fits()?;
    let [PathStep::Key(list), number] = hdu.steps() else {
        return None;
    };
    if **list != *file.hdu_key() {
        return None;
    }
    let index = match number {
        PathStep::Index(index) => *index,
        PathStep::Key(text) => text.parse().ok()?,
    };
    Some(fits.hdu(index).ok()?.image_header())
}

/// The WCS of a description in cards, with the tables of the file; `None` where it is not understood.
pub(in crate::wcs) fn of_cards(
    file: &AsdfFile,
    header: &FitsHeader<'_>,
    alternate: &str,
    place: &TreePath,
) -> Option<Wcs> {
    let hdu = file.tree().root();
    let tables = FileLookups { file, hdu };
    let keywords = Keywords::new(header, alternate);
    let text = text::of(keywords, &tables, Purpose::Evaluation).ok()?;
    made(file, &text.yaml, place).ok()
}

/// The WCS of a text.
pub(super) fn made(file: &AsdfFile, text: &str, place: &TreePath) -> Result<Wcs> {
    let tree = Tree::parse(text.as_bytes(), 0, &Limits::default(), &mut Vec::new())?;
    let mut wcs = Wcs::read_gwcs(file, tree.root(), place)?;
    wcs.is_of_header = true;
    wcs.sources = vec![ModelSource::of_header(tree)];
    Ok(wcs)
}

/// The node of `astropy/wcs/wcs`: a list of HDUs whose first one has the header, and what no header has.
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
    let alternate = attribute("key").and_then(Node::text).unwrap_or(" ").trim();
    let mut cards = cards(header)?;
    // The image is not that of the header: astropy keeps the number of axes beside it.
    let count = match attribute("naxis").map(Node::value) {
        Some(Value::Int(count)) => Some(count),
        _ => None,
    };
    if let Some(count) = count {
        cards.set("NAXIS", &CardValue::Integer(count.into()), "")?;
    }
    let header = cards.read();
    let keywords = Keywords::new(&header, alternate);
    let tables = FileLookups { file, hdu: node };
    let text = text::of(keywords, &tables, Purpose::Evaluation);
    let text = text.map_err(|refusal| refused(&refusal.fault().to_string()))?;
    let mut wcs = made(file, &text.yaml, place)?;
    let count = wcs.program()?.n_inputs();
    let shape = attribute("pixel_shape").and_then(Node::as_seq);
    wcs.pixel_shape = shape.and_then(|shape| lengths(shape, count));
    let bounds = attribute("pixel_bounds").and_then(Node::as_seq);
    let bounds = bounds.map(|bounds| intervals(bounds).ok_or_else(|| refused("`pixel_bounds`")));
    Ok(wcs.bound(bounds.transpose()?.map(BoundingBox::Simple)))
}

/// Tables of HDUs: of the file where it is one of FITS, else of the list of HDUs in the tree.
struct FileLookups<'f> {
    file: &'f AsdfFile,
    hdu: Node<'f>,
}

impl Lookups for FileLookups<'_> {
    fn lookup(&self, name: &str, version: i64) -> std::result::Result<Lookup, String> {
        if let Some(fits) = self.file.fits() {
            return fits.lookup(name, version);
        }
        let missing = || format!("its table {name} {version} is missing");
        for hdu in self.hdus().ok_or_else(missing)? {
            let Some(header) = hdu.get("header") else {
                continue;
            };
            let cards = cards(header).map_err(|error| error.to_string())?;
            let header = cards.read();
            let is_own = header.text("EXTNAME").ok().flatten().as_deref() == Some(name)
                && header.integer("EXTVER").ok().flatten().unwrap_or(1) == version;
            let data = hdu.get("data").filter(|_| is_own);
            let Some(data) = data else { continue };
            let array = self.file.array_at(data).and_then(|array| array.load());
            let array = array.map_err(|error| error.to_string())?;
            let values = array.to_f64().map_err(|error| error.to_string())?;
            return lookup_of(&header, array.shape(), values);
        }
        Err(missing())
    }

    fn cell(&self, table: &TableName, column: &str) -> std::result::Result<Cell, String> {
        if let Some(fits) = self.file.fits() {
            return fits.cell(table, column);
        }
        let missing = || tabular::missing(table);
        for hdu in self.hdus().ok_or_else(missing)? {
            let Some(header) = hdu.get("header") else {
                continue;
            };
            let cards = cards(header).map_err(|error| error.to_string())?;
            let data = hdu.get("data");
            let Some(data) = data.filter(|_| tabular::is_named(&cards.read(), table)) else {
                continue;
            };
            let columns = data.get("columns").and_then(Node::as_seq);
            let mut columns = columns.into_iter().flatten();
            let is_own = |own: &Node<'_>| {
                let name = own.get("name").and_then(Node::text);
                name.is_some_and(|name| name.trim().eq_ignore_ascii_case(column))
            };
            let own = columns.find(is_own);
            let own = own.ok_or("which its table does not have")?;
            let data = own.get("data").or_else(|| own.get("value"));
            let data = data.ok_or("which has no data")?;
            let array = self.file.array_at(data).and_then(|array| array.load());
            let array = array.map_err(|error| error.to_string())?;
            let mut shape = array.shape().to_vec();
            if shape.first().is_none_or(|rows| *rows == 0) {
                return Err("its table has no row".to_owned());
            }
            shape.remove(0);
            let mut values = array.to_f64().map_err(|error| error.to_string())?;
            let count: u64 = shape.iter().product();
            values.truncate(usize::try_from(count).unwrap_or(usize::MAX));
            return Ok(Cell { shape, values });
        }
        Err(missing())
    }
}

impl<'f> FileLookups<'f> {
    /// The list of HDUs that the header is one of.
    fn hdus(&self) -> Option<Seq<'f>> {
        let around = || {
            let path = self.hdu.path();
            let steps = path.steps().len().checked_sub(1)?;
            self.file.tree().node(path.prefix(steps)).ok()
        };
        let list = self.hdu.get("hdulist").or_else(around);
        list.and_then(Node::as_seq)
    }
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
pub(in crate::wcs) fn cards(header: Node<'_>) -> Result<NewHeader> {
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
        let Some(list) = value.as_seq() else {
            push(key.text(), Some(value));
            continue;
        };
        // A keyword that stands several times has all its values; a number may have a comment after it.
        let is_commented = matches!(
            (
                list.len(),
                value.at(0).map(Node::value),
                value.at(1).map(Node::value)
            ),
            (
                2,
                Some(Value::Int(_) | Value::Float(_) | Value::Bool(_)),
                Some(Value::Str(_))
            )
        );
        let count = if is_commented { 1 } else { list.len() };
        for item in list.iter().take(count.max(1)) {
            push(key.text(), Some(item));
        }
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
