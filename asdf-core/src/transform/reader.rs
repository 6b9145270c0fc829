//! Reading transforms from their nodes.

use super::BoundingBox;
use super::Fixed;
use super::Interval;
use super::Kind;
use super::Operator;
use super::Parts;
use super::Transform;
use super::model::Model;
use super::parameters::{Reader, number};
use super::registry;
use super::units;
use super::units::Units;
use crate::error::Locate;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::tree::IntoTreePath;
use crate::tree::Node;
use crate::tree::NodeId;
use crate::tree::Tag;
use crate::tree::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Transforms within transforms.
const NESTING: usize = 200;

impl AsdfFile {
    /// The transform at a path.
    ///
    /// # Errors
    /// There is no node; it is not a transform; its parameters are not what they must be.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let wcs = file.wcs("roman/meta/wcs")?;
    /// let transform = wcs.forward()?; // or `file.transform(PATH)` of a node with a transform's tag
    /// assert_eq!(transform.arity(), Some((2, 2)));
    /// let program = transform.program()?; // wired once, for any number of points
    /// let world = program.eval(&[&[10.0], &[20.0]])?;
    /// # assert!((world[0][0] - 268.4988401192674).abs() < 1e-12);
    /// # Ok(())
    /// # }
    /// ```
    pub fn transform(&self, path: impl IntoTreePath) -> Result<Transform> {
        let node = self.node(path)?;
        self.transform_at(node).in_file(self.name())
    }

    /// The transform of a node.
    pub(crate) fn transform_at(&self, node: Node<'_>) -> Result<Transform> {
        read(self, node)
    }
}

/// Reads the transform of a node.
pub(super) fn read(file: &AsdfFile, node: Node<'_>) -> Result<Transform> {
    let mut reading = Reading {
        file,
        known: HashMap::new(),
    };
    reading.transform(node, 0)
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
        let tag = tag.ok_or_else(|| reader.fault("a node without a tag is not a transform"))?;
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
    for item in reader.list(mapping_key)? {
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
        for entry in entries {
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
        for (name, bounds) in named {
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
