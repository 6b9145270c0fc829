//! The WCS of a window of an image: evaluated, and written into a draft.

use super::Wcs;
use super::kind::WcsKind;
use crate::error::EditFault;
use crate::error::Locate;
use crate::error::Result;
use crate::error::WcsFault;
use crate::file::AsdfFile;
use crate::file::Draft;
use crate::transform::Interval;
use crate::transform::Transform;
use crate::tree::NewNode;
use crate::tree::Node;
use crate::tree::Shared;
use crate::tree::TreePath;
use crate::tree::Value;

impl Wcs {
    /// The WCS of a window that begins at this pixel, given for each input, the first (x) first. `shape` is the
    /// extent of the window, where it is known.
    ///
    /// # Errors
    /// There are not as many offsets as pixel coordinates; there is no transform.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let wcs = AsdfFile::open(path)?.wcs("roman/meta/wcs")?;
    /// let cut = wcs.shifted(&[8.0, 16.0], None)?; // of an image that begins at column 8, row 16
    /// assert_eq!(cut.pixel_to_world(&[&[2.0], &[4.0]])?, wcs.pixel_to_world(&[&[10.0], &[20.0]])?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn shifted(&self, offsets: &[f64], shape: Option<&[u64]>) -> Result<Self> {
        let first = self.steps.first().and_then(|step| step.transform.clone());
        let first = first.ok_or(WcsFault::Empty)?;
        let inputs = first.arity().map(|arity| arity.0);
        if inputs != Some(offsets.len()) {
            return Err(WcsFault::Offsets {
                found: offsets.len(),
                inputs: inputs.unwrap_or_default(),
            }
            .into());
        }
        let mut shifted = self.clone();
        shifted.cache = super::Cache::default();
        shifted.pixel_shape = shape.map(<[u64]>::to_vec);
        shifted.extent = None;
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

    /// Puts the WCS of a window into a draft of the file that it was read from, at its place and nowhere else. A GWCS gets a
    /// shift before its first transform, its bounding box and pixel shape are those of the window; slices are narrowed; any
    /// other WCS is sliced (`astropy/wcs/slicedwcs`). That of a header beside an array stays: its keywords are another matter.
    ///
    /// # Errors
    /// As [`shifted`](Self::shifted); the tree cannot be changed there.
    pub(crate) fn shift_in<'f>(
        &self,
        file: &'f AsdfFile,
        draft: &mut Draft<'f>,
        (offsets, extents): (&[i64], &[u64]),
        shared: &Shared,
    ) -> Result<()> {
        let mut place = self.path.clone();
        // The wrapper that changes nothing is looked through.
        for _ in 0..16 {
            let Ok(node) = file.tree().node(&place) else {
                return Ok(());
            };
            match WcsKind::under("wcs", node) {
                Some(WcsKind::HighLevel) => place = place.key("wcs"),
                Some(WcsKind::Gwcs) => {
                    return self.shift_gwcs(file, draft, &place, (offsets, extents), shared);
                }
                Some(WcsKind::Sliced) => {
                    let list = place.key("slices_array");
                    let narrowed = narrowed(draft, node, (offsets, extents))?;
                    draft.tree().own(&list, shared)?;
                    return draft.tree().set(&list, narrowed);
                }
                _ => {
                    let list = whole_slices(draft, (offsets, extents))?;
                    draft.tree().own(&place, shared)?;
                    let old = draft.tree().find(&place)?;
                    let old = old.ok_or(WcsFault::Gone)?;
                    let nodes = draft.nodes();
                    let sliced = nodes.map_of([("slices_array", list), ("wcs", old)]);
                    nodes.set_tag(sliced, "tag:astropy.org:astropy/wcs/slicedwcs-1.1.0");
                    return draft.tree().set(&place, sliced);
                }
            }
        }
        Err(WcsFault::Nested.into())
    }

    fn shift_gwcs<'f>(
        &self,
        file: &'f AsdfFile,
        draft: &mut Draft<'f>,
        place: &TreePath,
        (offsets, extents): (&[i64], &[u64]),
        shared: &Shared,
    ) -> Result<()> {
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        let starts: Vec<f64> = offsets.iter().map(|offset| *offset as f64).collect();
        let shifted = self.shifted(&starts, Some(extents))?;
        let wcs = file.node(place)?;
        let step = wcs.get("steps").and_then(|steps| steps.at(0));
        let transform = step.and_then(|step| step.get("transform"));
        let transform = transform.ok_or(WcsFault::Empty)?;
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
        let target = place.clone().key("steps").index(0).key("transform");
        let window: Vec<_> = starts.into_iter().zip(extents.iter().copied()).collect();
        let node = writer.compose(transform, &target, &window)?;
        draft.tree().own(&target, shared)?;
        draft.tree().set(&target, node).at_path(|| place.clone())?;
        if wcs
            .get("pixel_shape")
            .is_some_and(|shape| !matches!(shape.value(), Value::Null))
        {
            let nodes = draft.nodes();
            let shape = extents.iter().map(|extent| nodes.int(*extent)).collect();
            let shape = nodes.seq(shape);
            draft.tree().set(place.clone().key("pixel_shape"), shape)?;
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

/// `slices_array` of a WCS in which the axes that are left are cut once more.
fn narrowed(
    draft: &mut Draft<'_>,
    node: Node<'_>,
    (offsets, extents): (&[i64], &[u64]),
) -> Result<NewNode> {
    let list = node.get("slices_array").and_then(Node::as_seq);
    let list = list.ok_or(WcsFault::NoSlices)?;
    // Slices are in the order of the array's axes; those that are not given are whole.
    let mut left = offsets.iter().zip(extents).rev();
    let mut items = Vec::new();
    for item in list {
        if item.as_map().is_none() {
            items.push(draft.nodes().copy(item));
            continue;
        }
        let start = match item.get("start").map(Node::value) {
            Some(Value::Int(start)) => start.max(0),
            _ => 0,
        };
        let (offset, extent) = left.next().ok_or(WcsFault::SliceAxes)?;
        items.push(slice(draft, start.saturating_add(*offset), *extent)?);
    }
    for (offset, extent) in left {
        items.push(slice(draft, *offset, *extent)?);
    }
    Ok(draft.nodes().seq(items))
}

/// `slices_array` of a window.
fn whole_slices(draft: &mut Draft<'_>, (offsets, extents): (&[i64], &[u64])) -> Result<NewNode> {
    let pairs = offsets.iter().zip(extents).rev();
    let items = pairs.map(|(offset, extent)| slice(draft, *offset, *extent));
    let items = items.collect::<Result<_>>()?;
    Ok(draft.nodes().seq(items))
}

fn slice(draft: &mut Draft<'_>, start: i64, extent: u64) -> Result<NewNode> {
    // A slice that begins before the first pixel means another thing.
    let start = u64::try_from(start).map_err(|_error| WcsFault::SliceBefore)?;
    let nodes = draft.nodes();
    let ends = [
        ("start", nodes.int(start)),
        ("step", nodes.int(1)),
        ("stop", nodes.int(start.saturating_add(extent))),
    ];
    let node = nodes.map_of(ends);
    nodes.set_flow(node, true);
    Ok(node)
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
    fn compose(
        &mut self,
        transform: Node<'_>,
        place: &TreePath,
        window: &[(f64, u64)],
    ) -> Result<NewNode> {
        let old = self.draft.tree().find(place)?;
        let old = old.ok_or(EditFault::TransformGone)?;
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
        let [other, shift] = &self.versions;
        let version = if name == "shift" { shift } else { other };
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
            for (name, interval) in intervals {
                let name = name.key_text();
                let place = names.iter().position(|known| *known == *name);
                let side = place.and_then(|place| Some((place, window.get(place)?)));
                let (place, side) = side.ok_or_else(|| WcsFault::IntervalName {
                    name: name.to_string().into(),
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
            return Err(WcsFault::DependentBox.into());
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
            return Err(WcsFault::IntervalEnds.into());
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
