//! Reading transforms from their nodes.

use super::BoundingBox;
use super::Fixed;
use super::Interval;
use super::Kind;
use super::Operator;
use super::Parts;
use super::Transform;
use super::model::Model;
use super::registry;
use super::units;
use super::units::Units;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Unsupported;
use crate::file::AsdfFile;
use crate::tree::Node;
use crate::tree::NodeId;
use crate::tree::Seq;
use crate::tree::Tag;
use crate::tree::Value;
use crate::unit::Unit;
use std::collections::HashMap;
use std::sync::Arc;

/// Transforms within transforms.
const NESTING: usize = 200;

/// A reader of one kind of elementary transform.
pub(super) type Read = fn(&Reader<'_>) -> Result<Arc<dyn Model>>;

/// Reads the transform of a node.
pub(super) fn read(file: &AsdfFile, node: Node<'_>) -> Result<Transform> {
    let mut reading = Reading {
        file,
        known: HashMap::new(),
    };
    reading.transform(node, 0)
}

/// The parameters of one transform.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'f> {
    file: &'f AsdfFile,
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
        factor.ok_or_else(|| self.fault(&format!("`{key}` is in {unit}, wanted {wanted}")))
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
            self.fault(&format!("{} is no number and no quantity", node.describe()))
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
        self.fault(&format!("`{key}` is {found}, wanted {wanted}"))
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

/// Reading under way.
pub(super) struct Reading<'f> {
    file: &'f AsdfFile,
    /// Transforms that are shared; `None` for those that are being read.
    known: HashMap<NodeId, Option<Transform>>,
}

impl Reading<'_> {
    /// Reads the transform of a node, which is shared when it is used again.
    pub(super) fn transform(&mut self, node: Node<'_>, nesting: usize) -> Result<Transform> {
        let reader = Reader {
            file: self.file,
            node,
        };
        match self.known.get(&node.id()) {
            Some(Some(transform)) => return Ok(transform.clone()),
            Some(None) => return Err(reader.fault("it is a part of itself")),
            None if nesting > NESTING => return Err(reader.fault("transforms nest too deep")),
            None => {}
        }
        self.known.insert(node.id(), None);
        let base = node.tag().map(Tag::base).unwrap_or_default();
        let (kind, inverse) = match self.dkist(&reader, base, nesting)? {
            Some(read) => read,
            None => (self.kind(&reader, nesting)?, None),
        };
        let mut parts = Parts::of(kind);
        parts.inverse = inverse;
        parts.tag = node
            .tag()
            .map(|tag| tag.as_str().into())
            .unwrap_or_default();
        parts.path = node.path();
        parts.name = node.get("name").and_then(Node::text).map(Into::into);
        parts.inputs = names(node, "inputs");
        parts.outputs = names(node, "outputs");
        if let Some(bounds) = node.get("bounding_box") {
            parts.bounding_box = Some(bounding_box(&reader, bounds, &parts)?);
        }
        if let Some(inverse) = node.get("inverse") {
            parts.inverse = Some(self.transform(inverse, nesting + 1)?);
        }
        let transform = Transform(Arc::new(parts));
        self.known.insert(node.id(), Some(transform.clone()));
        Ok(transform)
    }

    fn kind(&mut self, reader: &Reader<'_>, nesting: usize) -> Result<Kind> {
        let tag = reader.node.tag();
        let tag = tag.ok_or_else(|| reader.fault("a node without a tag is no transform"))?;
        if let Some(read) = registry::reader(tag.base()) {
            let model = read(reader)?;
            let units = units::of(reader, tag.base(), model.arity())?;
            return Ok(Kind::Model(model, units));
        }
        if nesting > NESTING {
            return Err(reader.fault("transforms nest too deep"));
        }
        if tag.base() == "tag:stsci.edu:gwcs/fitswcs_imaging" {
            return self.fits_imaging(reader, nesting);
        }
        if let Some(model) = self.of_others(tag.base(), reader, nesting)? {
            return Ok(Kind::Model(model, Units::default()));
        }
        let operator = match registry::short_name(tag.base()) {
            Some("compose") => None,
            Some("concatenate") => {
                let (left, right) = self.pair(reader, nesting)?;
                return Ok(Kind::Concatenate(left, right));
            }
            Some("add") => Some(Operator::Add),
            Some("subtract") => Some(Operator::Subtract),
            Some("multiply") => Some(Operator::Multiply),
            Some("divide") => Some(Operator::Divide),
            Some("power") => Some(Operator::Power),
            Some("fix_inputs") => return self.fix_inputs(reader, nesting),
            Some("remap_axes") => return remapped(reader, "mapping", "n_inputs"),
            Some("identity") => {
                let inputs = if reader.has("n_dims") {
                    reader.count("n_dims")?
                } else {
                    1
                };
                return width(reader, inputs).map(|inputs| Kind::Remap {
                    inputs,
                    mapping: (0..inputs).collect(),
                });
            }
            _ => return Ok(Kind::Unknown),
        };
        let (left, right) = self.pair(reader, nesting)?;
        Ok(match operator {
            Some(operator) => Kind::Arithmetic(operator, left, right),
            None => Kind::Compose(left, right),
        })
    }

    /// A model that has other transforms as parameters.
    fn of_others(
        &mut self,
        base: &str,
        reader: &Reader<'_>,
        nesting: usize,
    ) -> Result<Option<Arc<dyn Model>>> {
        match base {
            "tag:stsci.edu:gwcs/label_mapper" => self.label_mapper(reader, nesting).map(Some),
            "tag:stsci.edu:gwcs/regions_selector" => {
                self.regions_selector(reader, nesting).map(Some)
            }
            base => self.jwst(base, reader, nesting),
        }
    }

    /// The two transforms of `forward`.
    pub(super) fn pair(
        &mut self,
        reader: &Reader<'_>,
        nesting: usize,
    ) -> Result<(Transform, Transform)> {
        let forward = reader.list("forward")?;
        let mut items = forward.iter();
        match (items.next(), items.next(), items.next()) {
            (Some(left), Some(right), None) => Ok((
                self.transform(left, nesting + 1)?,
                self.transform(right, nesting + 1)?,
            )),
            _ => Err(reader.wrong("forward", "a list of two transforms")),
        }
    }

    /// `forward: [transform, {keys: […], values: […]}]`; a key is the number or name of an input.
    fn fix_inputs(&mut self, reader: &Reader<'_>, nesting: usize) -> Result<Kind> {
        let wrong = || reader.wrong("forward", "a transform, and keys with values");
        let forward = reader.list("forward")?;
        let mut items = forward.iter();
        let (Some(inner), Some(fixed)) = (items.next(), items.next()) else {
            return Err(wrong());
        };
        let inner = self.transform(inner, nesting + 1)?;
        let list = |key| fixed.get(key).and_then(Node::as_seq).ok_or_else(wrong);
        let mut places = Vec::new();
        for (key, value) in list("keys")?.iter().zip(list("values")?.iter()) {
            let place = match key.value() {
                Value::Int(place) => usize::try_from(place).ok(),
                _ => inner
                    .input_names()
                    .iter()
                    .position(|name| Some(&**name) == key.text()),
            };
            let (value, unit) = reader.quantity_at(value)?;
            places.push(Fixed {
                place: place.ok_or_else(wrong)?,
                value,
                unit,
            });
        }
        places.sort_by_key(|fixed| fixed.place);
        Ok(Kind::Fix(inner, places))
    }
}

/// Inputs in another order: their numbers, and how many there are where it is not one more than the
/// greatest.
pub(super) fn remapped(reader: &Reader<'_>, mapping_key: &str, inputs_key: &str) -> Result<Kind> {
    let mut mapping = Vec::new();
    for item in reader.list(mapping_key)?.iter() {
        let Value::Int(from) = item.value() else {
            return Err(reader.wrong(mapping_key, "a list of numbers of inputs"));
        };
        let from = usize::try_from(from).map_err(|error| reader.fault(&error.to_string()))?;
        mapping.push(width(reader, from)?);
    }
    let least = mapping.iter().max().map_or(0, |last| last + 1);
    let inputs = if reader.has(inputs_key) {
        reader.count(inputs_key)?
    } else {
        least
    };
    if inputs < least {
        return Err(reader.wrong(inputs_key, &format!("at least {least}")));
    }
    Ok(Kind::Remap {
        inputs: width(reader, inputs)?,
        mapping,
    })
}

/// A number of inputs that is not absurd.
fn width(reader: &Reader<'_>, inputs: usize) -> Result<usize> {
    const WIDEST: usize = 1 << 12;
    if inputs > WIDEST {
        return Err(reader.fault(&format!("{inputs} inputs, at most {WIDEST} are supported")));
    }
    Ok(inputs)
}

fn names(node: Node<'_>, key: &str) -> Vec<Box<str>> {
    let list = node.get(key).and_then(Node::as_seq);
    list.iter()
        .flat_map(|list| list.iter())
        .map(|name| name.key_text().into())
        .collect()
}

/// A box in any of its forms.
fn bounding_box(reader: &Reader<'_>, node: Node<'_>, parts: &Parts) -> Result<BoundingBox> {
    let wrong = || reader.wrong("bounding_box", "intervals for the inputs");
    if let Some(selectors) = node.get("selector_args") {
        let place = |argument: Node<'_>| match argument.get("argument")?.value() {
            Value::Int(place) => usize::try_from(place).ok(),
            Value::Str(name) => parts.inputs.iter().position(|known| &**known == name),
            _ => None,
        };
        let list = selectors.as_seq().ok_or_else(wrong)?;
        let places: Option<Vec<_>> = list.iter().map(place).collect();
        let ignored: Vec<_> = list
            .iter()
            .filter(|argument| {
                matches!(
                    argument.get("ignore").map(Node::value),
                    Some(Value::Bool(true))
                )
            })
            .filter_map(place)
            .collect();
        let mut boxes = Vec::new();
        let entries = node.get("cbbox").and_then(Node::as_seq).ok_or_else(wrong)?;
        for entry in entries.iter() {
            let key = entry.get("key").and_then(Node::as_seq).ok_or_else(wrong)?;
            let key: Option<Vec<_>> = key.iter().map(number).collect();
            let inner = entry.get("bbox").ok_or_else(wrong)?;
            let mut intervals = intervals(inner, parts).ok_or_else(wrong)?;
            for place in &ignored {
                if let Some(interval) = intervals.get_mut(*place) {
                    *interval = None;
                }
            }
            boxes.push((key.ok_or_else(wrong)?, intervals));
        }
        return Ok(BoundingBox::Compound {
            selectors: places.ok_or_else(wrong)?,
            boxes,
        });
    }
    intervals(node, parts)
        .map(BoundingBox::Simple)
        .ok_or_else(wrong)
}

/// An interval for each input: by name (`intervals: {x: [lo, hi]}`), or, in old files, as a list with
/// the last input first.
fn intervals(node: Node<'_>, parts: &Parts) -> Option<Vec<Option<Interval>>> {
    if let Some(named) = node.get("intervals") {
        let named = named.as_map()?;
        let mut found = vec![None; parts.inputs.len()];
        for (name, bounds) in named.iter() {
            let place = parts
                .inputs
                .iter()
                .position(|input| **input == *name.key_text())?;
            *found.get_mut(place)? = Some(interval(bounds)?);
        }
        return Some(found);
    }
    let list = node.as_seq()?;
    if let Some(single) = interval(node) {
        return Some(vec![Some(single)]);
    }
    list.iter()
        .rev()
        .map(|bounds| interval(bounds).map(Some))
        .collect()
}

fn interval(node: Node<'_>) -> Option<Interval> {
    let bounds = node.as_seq()?;
    let mut ends = bounds.iter().map(number);
    match (ends.next()??, ends.next()??, ends.next()) {
        (low, high, None) => Some(Interval { low, high }),
        _ => None,
    }
}
