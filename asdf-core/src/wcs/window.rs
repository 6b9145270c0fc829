//! The WCS of a window of an image: evaluated, and written into a draft.

use super::Wcs;
use super::points;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Usage;
use crate::file::AsdfFile;
use crate::file::Draft;
use crate::transform::Interval;
use crate::transform::Transform;
use crate::tree::NewNode;
use crate::tree::Node;
use crate::tree::Value;

impl Wcs {
    /// The WCS of a window that begins at this pixel, given for each input, the first (x) first. `shape` is the
    /// extent of the window, where it is known.
    ///
    /// # Errors
    /// There are not as many offsets as pixel coordinates; there is no transform.
    pub fn shifted(&self, offsets: &[f64], shape: Option<&[u64]>) -> Result<Self> {
        let first = self.steps.first().and_then(|step| step.transform.clone());
        let first = first.ok_or_else(|| points("this WCS has no transform"))?;
        let inputs = first.arity().map(|arity| arity.0);
        if inputs != Some(offsets.len()) {
            return Err(points(&format!(
                "{} offsets for a WCS of {} pixel coordinates",
                offsets.len(),
                inputs.unwrap_or_default()
            )));
        }
        let mut shifted = self.clone();
        shifted.made = super::Made::default();
        shifted.pixel_shape = shape.map(<[u64]>::to_vec);
        shifted.bounding_box = self
            .bounding_box
            .as_ref()
            .map(|own| own.moved(offsets, shape));
        if let Some(step) = shifted.steps.first_mut() {
            let moved = Transform::chain(
                Transform::shifts(offsets)
                    .into_iter()
                    .chain([first.clone()]),
            );
            step.transform = moved.map(|moved| match first.bounding_box() {
                Some(bounding_box) => moved.bounded(bounding_box.moved(offsets, shape)),
                None => moved,
            });
        }
        Ok(shifted)
    }

    /// Puts the WCS of a window into a draft of the file that it was read from: a shift before its first
    /// transform, the bounding box and the pixel shape moved.
    ///
    /// # Errors
    /// As [`shifted`](Self::shifted); the tree cannot be changed there.
    pub fn shift_in<'f>(
        &self,
        file: &'f AsdfFile,
        draft: &mut Draft<'f>,
        offsets: &[f64],
        shape: &[u64],
    ) -> Result<()> {
        let shifted = self.shifted(offsets, Some(shape))?;
        let path = self.path.clone();
        let wcs = file.node(path.clone())?;
        let step = wcs.get("steps").and_then(|steps| steps.at(0));
        let transform = step.and_then(|step| step.get("transform"));
        let transform = transform.ok_or_else(|| points("this WCS has no transform"))?;
        let own = [
            transform_version(file, "compose"),
            transform_version(file, "shift"),
        ];
        let mut writer = ShiftWriter {
            draft,
            versions: own.map(|version| version.unwrap_or("1.2.0".into())),
            // A number that is added to one with a unit needs that unit.
            unit: shifted.uses_units().then(|| self.pixel_unit()),
            quantity: version_of(file, "unit/quantity-").unwrap_or("1.1.0".into()),
        };
        let window: Vec<_> = offsets.iter().copied().zip(shape.iter().copied()).collect();
        let node = writer.compose(transform, &window)?;
        let place = transform.path();
        writer.draft.tree().set(place, node).at_path(|| &path)?;
        if wcs
            .get("pixel_shape")
            .is_some_and(|shape| !matches!(shape.value(), Value::Null))
        {
            let nodes = draft.nodes();
            let shape = shape.iter().map(|extent| nodes.int(*extent)).collect();
            let shape = nodes.seq(shape);
            draft.tree().set(&format!("{path}/pixel_shape"), shape)?;
        }
        Ok(())
    }

    pub(super) fn uses_units(&self) -> bool {
        let transforms = self.steps.iter().filter_map(|step| step.transform.as_ref());
        transforms.into_iter().any(Transform::uses_units)
    }

    /// The unit of the first frame.
    fn pixel_unit(&self) -> Box<str> {
        let frame = self.steps.first().map(|step| &step.frame);
        let unit = frame.and_then(|frame| frame.units().first().cloned());
        unit.unwrap_or_else(|| "pixel".into())
    }
}

/// The version of a transform's tag in a file: that of its own, else of any other transform.
fn transform_version(file: &AsdfFile, name: &str) -> Option<Box<str>> {
    version_of(file, &format!("/transform/{name}-"))
        .or_else(|| version_of(file, "/transform/concatenate-"))
        .or_else(|| version_of(file, "/transform/remap_axes-"))
}

fn version_of(file: &AsdfFile, part: &str) -> Option<Box<str>> {
    let mut tags = file.tree().nodes().filter_map(Node::tag);
    tags.find_map(|tag| Some(tag.as_str().split_once(part)?.1.into()))
}

/// What writes a shift before a transform.
struct ShiftWriter<'d, 'f> {
    draft: &'d mut Draft<'f>,
    /// Of `compose` and `shift`.
    versions: [Box<str>; 2],
    unit: Option<Box<str>>,
    quantity: Box<str>,
}

impl ShiftWriter<'_, '_> {
    fn compose(&mut self, transform: Node<'_>, window: &[(f64, u64)]) -> Result<NewNode> {
        let old = self.draft.tree().find(transform.path())?;
        let old = old.ok_or_else(|| {
            Error::from(Usage::Edit {
                reason: "the transform is not there any more".into(),
            })
        })?;
        let mut shifts = window
            .iter()
            .map(|(offset, _)| self.shift(*offset))
            .collect::<Vec<_>>();
        let mut count = 1;
        let mut shift = shifts.remove(0);
        for next in shifts {
            count += 1;
            let forward = self.draft.nodes().seq(vec![shift, next]);
            let keys = vec![("forward", forward)];
            shift = self.transform("concatenate", keys, count, "y");
        }
        let forward = self.draft.nodes().seq(vec![shift, old]);
        let mut keys = vec![("forward", forward)];
        if let Some(bounding_box) = transform.get("bounding_box") {
            let names = transform.get("inputs").and_then(Node::as_seq);
            let names = names.iter().flat_map(|names| names.iter());
            let names: Vec<String> = names.map(|name| name.key_text().into_owned()).collect();
            keys.push((
                "bounding_box",
                self.moved_box(bounding_box, &names, window)?,
            ));
        }
        let node = self.transform("compose", keys, window.len(), "y");
        if let Some(outputs) = transform.get("outputs") {
            let outputs = self.draft.nodes().copy(outputs);
            self.draft.tree().set_key(node, "outputs", outputs)?;
        }
        Ok(node)
    }

    /// A transform with inputs named `x0`, `x1`, … and as many outputs.
    fn transform(
        &mut self,
        name: &str,
        mut keys: Vec<(&str, NewNode)>,
        inputs: usize,
        output: &str,
    ) -> NewNode {
        let version = &self.versions[usize::from(name == "shift")];
        let tag = format!("tag:stsci.edu:asdf/transform/{name}-{version}");
        let nodes = self.draft.nodes();
        for (key, letter) in [("inputs", "x"), ("outputs", output)] {
            let names = (0..inputs).map(|number| match inputs {
                1 => nodes.string(letter),
                _ => nodes.string(&format!("{letter}{number}")),
            });
            let names = names.collect();
            keys.push((key, nodes.seq(names)));
        }
        let node = nodes.map_of(keys);
        nodes.set_tag(node, &tag);
        node
    }

    fn shift(&mut self, offset: f64) -> NewNode {
        let offset = self.number(offset);
        self.transform("shift", vec![("offset", offset)], 1, "y")
    }

    /// A number, or a quantity where numbers have units.
    fn number(&mut self, value: f64) -> NewNode {
        let nodes = self.draft.nodes();
        let number = nodes.float(value);
        let Some(unit) = &self.unit else {
            return number;
        };
        let unit = nodes.string(unit);
        nodes.set_tag(unit, "tag:stsci.edu:asdf/unit/unit-1.0.0");
        let datatype = nodes.string("float64");
        let node = nodes.map_of([("datatype", datatype), ("unit", unit), ("value", number)]);
        nodes.set_tag(
            node,
            &format!("tag:stsci.edu:asdf/unit/quantity-{}", self.quantity),
        );
        node
    }

    /// A bounding box in the form that it has, its ends less the offsets, cut to the window.
    fn moved_box(
        &mut self,
        node: Node<'_>,
        names: &[String],
        window: &[(f64, u64)],
    ) -> Result<NewNode> {
        if let Some(intervals) = node.get("intervals").and_then(Node::as_map) {
            let mut pairs = Vec::new();
            for (name, interval) in intervals.iter() {
                let name = name.key_text();
                let place = names.iter().position(|known| *known == *name);
                let side = place.and_then(|place| Some((place, window.get(place)?)));
                let (place, side) = side.ok_or_else(|| {
                    points(&format!(
                        "the bounding box has an interval of `{name}`, which is no input"
                    ))
                })?;
                pairs.push((format!("x{place}"), self.moved_interval(interval, *side)?));
            }
            let copy = self.draft.nodes().copy(node);
            let pairs = pairs.iter().map(|(name, node)| (name.as_str(), *node));
            let moved = self.draft.nodes().map_of(pairs);
            self.draft.tree().set_key(copy, "intervals", moved)?;
            return Ok(copy);
        }
        let Some(list) = node.as_seq() else {
            return Err(points(
                "a bounding box that depends on a coordinate is not moved",
            ));
        };
        let is_single = list.iter().all(|end| end.as_seq().is_none());
        if let ([side], true) = (window, is_single) {
            return self.moved_interval(node, *side);
        }
        let mut moved = Vec::new();
        for (interval, side) in list.iter().zip(window.iter().rev()) {
            moved.push(self.moved_interval(interval, *side)?);
        }
        Ok(self.draft.nodes().seq(moved))
    }

    /// An interval; ends with units keep them.
    fn moved_interval(&mut self, node: Node<'_>, (offset, extent): (f64, u64)) -> Result<NewNode> {
        let number = |end: Node<'_>| match end.get("value").unwrap_or(end).value() {
            #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
            Value::Int(value) => Some(value as f64),
            Value::Float(value) => Some(value),
            _ => None,
        };
        let ends = node.at(0).zip(node.at(1));
        let interval = ends.and_then(|(low, high)| {
            let (low, high) = (number(low)?, number(high)?);
            Some(Interval { low, high }.moved(offset, Some(extent)))
        });
        let (Some((low, high)), Some(interval)) = (ends, interval) else {
            return Err(points("an interval of the bounding box is not two numbers"));
        };
        let mut moved = Vec::new();
        for (end, value) in [(low, interval.low), (high, interval.high)] {
            let value = self.draft.nodes().float(value);
            let copy = self.draft.nodes().copy(end);
            moved.push(if end.get("value").is_some() {
                self.draft.tree().set_key(copy, "value", value)?;
                copy
            } else {
                value
            });
        }
        Ok(self.draft.nodes().seq(moved))
    }
}
