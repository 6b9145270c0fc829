//! WCS that change what another one takes or gives: slices, larger pixels, other orders, several side by side.

mod slice;

use super::Cache;
use super::Wcs;
use super::WcsStep;
use super::frame::Frame;
use super::kind::WcsKind;
use crate::array::is_ndarray;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Unsupported;
use crate::file::AsdfFile;
use crate::transform::BoundingBox;
use crate::transform::Interval;
use crate::transform::Transform;
use crate::tree::Node;
use crate::tree::TreePath;
use crate::tree::Value;
use slice::{Cut, describe};

/// WCS within WCS.
const NESTING: usize = 16;
/// Axes of pixels or of the world.
const AXES: usize = 64;

/// Reads the WCS of a node of any kind, which stands at this place.
pub(super) fn read(
    file: &AsdfFile,
    node: Node<'_>,
    kind: WcsKind,
    place: &TreePath,
    nesting: usize,
) -> Result<Wcs> {
    if nesting > NESTING {
        return Err(fault(node, "WCS nest too deep"));
    }
    let inner = |node: Node<'_>| match WcsKind::under("wcs", node) {
        Some(kind) => read(file, node, kind, place, nesting + 1),
        None => Err(fault(
            node,
            &format!("`wcs` is {}, expected a WCS", node.describe()),
        )),
    };
    let of = Wrapper { file, node };
    let wrapped = || inner(node.get("wcs").ok_or_else(|| of.missing())?);
    let made = match kind {
        WcsKind::Gwcs => return Wcs::read_gwcs(file, node, place),
        #[cfg(feature = "fits")]
        WcsKind::Header => super::header::read_wcs(file, node, place),
        #[cfg(not(feature = "fits"))]
        WcsKind::Header => Err(of.unsupported("this build has no support for FITS")),
        WcsKind::HighLevel => wrapped(),
        WcsKind::Sliced => of.sliced(wrapped()?),
        WcsKind::Resampled => of.resampled(wrapped()?),
        WcsKind::Reordered => of.reordered(wrapped()?),
        WcsKind::Compound => {
            let list = node.get("wcs").and_then(Node::as_seq);
            let list = list.ok_or_else(|| of.missing())?;
            let parts = list.iter().map(inner).collect::<Result<Vec<_>>>()?;
            of.compound(&parts)
        }
        WcsKind::Other => Err(of.unsupported("its tag is not known")),
    };
    made.at_path(|| place.clone())
}

pub(super) fn fault(node: Node<'_>, detail: &str) -> Error {
    let error = Error::from(Malformed::Transform {
        detail: detail.into(),
    });
    error.at_path(|| node.path())
}

/// A node that wraps a WCS.
struct Wrapper<'f> {
    file: &'f AsdfFile,
    node: Node<'f>,
}

impl Wrapper<'_> {
    fn unsupported(&self, reason: &str) -> Error {
        let tag = self.node.tag().map(|tag| tag.as_str().into());
        Error::from(Unsupported::Wcs {
            tag: tag.unwrap_or_default(),
            reason: reason.into(),
        })
    }

    fn missing(&self) -> Error {
        self.unsupported("the key `wcs` is missing")
    }

    /// `slices_array`, in the order of the axes of an array: an index takes its axis away, and world coordinates that
    /// depend on no other axis with it.
    fn sliced(&self, wcs: Wcs) -> Result<Wcs> {
        let cuts = self.cuts(wcs.program()?.n_inputs())?;
        let note = format!("sliced: {}", describe(&cuts));
        wcs.sliced(&cuts, &note, &|fact| self.unsupported(&fact.to_string()))
    }

    /// What each pixel axis is cut to, the first (x) first.
    fn cuts(&self, count: usize) -> Result<Vec<Cut>> {
        let list = self.node.get("slices_array").and_then(Node::as_seq);
        let list = list.ok_or_else(|| self.unsupported("a list `slices_array` is missing"))?;
        if list.len() > count {
            return Err(self.unsupported("there are more slices than pixel axes"));
        }
        let whole = |node: Option<Node<'_>>| match node.map(Node::value) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Int(place)) => match u64::try_from(place) {
                Ok(place) => Ok(Some(place)),
                Err(_) => Err(self.unsupported("a slice counts from the end")),
            },
            Some(_) => Err(self.unsupported("a slice is not made of integers")),
        };
        let mut cuts = Vec::with_capacity(count);
        for item in list {
            cuts.push(match item.value() {
                #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
                Value::Int(place) if place >= 0 => Cut::At(place as f64),
                Value::Int(_) => return Err(self.unsupported("an index counts from the end")),
                _ if item.as_map().is_some() => {
                    if !matches!(whole(item.get("step"))?, None | Some(1)) {
                        return Err(self.unsupported("a slice has a step"));
                    }
                    let start = whole(item.get("start"))?.unwrap_or(0);
                    Cut::From(start, whole(item.get("stop"))?)
                }
                _ => return Err(self.unsupported("a slice is neither an integer nor a mapping")),
            });
        }
        cuts.resize(count, Cut::From(0, None));
        cuts.reverse();
        Ok(cuts)
    }

    /// Pixels that are `factor` of the underlying ones wide; the edge of the first is `offset` of these from theirs.
    fn resampled(&self, wcs: Wcs) -> Result<Wcs> {
        let count = wcs.program()?.n_inputs();
        let factors = self.numbers("factor", count, 1.0)?;
        let offsets = self.numbers("offset", count, 0.0)?;
        if factors
            .iter()
            .any(|factor| *factor == 0.0 || !factor.is_finite())
        {
            return Err(self.unsupported("a factor is 0 or not finite"));
        }
        let line = |(factor, offset): (f64, f64)| (factor, 0.5 * factor - 0.5 + offset);
        let lines: Vec<(f64, f64)> = factors.into_iter().zip(offsets).map(line).collect();
        let resampled = |interval: Interval, (factor, offset): (f64, f64)| {
            let ends = [interval.low, interval.high].map(|end| (end - offset) / factor);
            let [low, high] = ends;
            Interval {
                low: low.min(high),
                high: low.max(high),
            }
        };
        let bounding_box = match &wcs.bounding_box {
            None => None,
            Some(BoundingBox::Simple(intervals)) => {
                let pairs = intervals.iter().zip(&lines);
                let sides = pairs.map(|(interval, line)| Some(resampled((*interval)?, *line)));
                Some(BoundingBox::Simple(sides.collect()))
            }
            Some(BoundingBox::Compound { .. }) => {
                return Err(self.unsupported("a bounding box depends on a coordinate"));
            }
        };
        let shape = wcs.pixel_shape.as_ref().and_then(|shape| {
            let pairs = shape.iter().zip(&lines);
            pairs
                .map(|(length, line)| divided(*length, line.0))
                .collect()
        });
        let text = lines
            .iter()
            .map(|(factor, offset)| format!("{factor} i + {offset}"));
        let note = format!("resampled: {}", text.collect::<Vec<_>>().join(", "));
        let extent = wcs.extent().filter(|_| shape.is_none());
        let extent = extent.map(|extent| {
            let pairs = extent.iter().zip(&lines);
            pairs
                .map(|(length, line)| (length / line.0).abs())
                .collect()
        });
        let mut made = wcs.wrapped(Transform::lines(&lines), None, &note);
        made.pixel_shape = shape;
        made.extent = extent;
        Ok(made.bound(bounding_box))
    }

    /// A number for each pixel axis: a list, an array, or one for all.
    fn numbers(&self, key: &str, count: usize, default: f64) -> Result<Vec<f64>> {
        let node = self.node.get(key);
        let Some(node) = node.filter(|node| !matches!(node.value(), Value::Null)) else {
            return Ok(vec![default; count]);
        };
        let wrong = || self.unsupported(&format!("`{key}` is not {count} numbers"));
        let number = |node: Node<'_>| match node.value() {
            #[expect(clippy::cast_precision_loss, reason = "pixels are counted in f64")]
            Value::Int(value) => Some(value as f64),
            Value::Float(value) => Some(value),
            _ => None,
        };
        let found = if is_ndarray(node) {
            let array = self.file.array_at(node)?;
            if array.shape().iter().product::<u64>() > AXES as u64 {
                return Err(wrong());
            }
            array.load()?.to_f64()?
        } else if let Some(list) = node.as_seq() {
            let numbers: Option<Vec<f64>> = list.iter().map(number).collect();
            numbers.ok_or_else(wrong)?
        } else {
            vec![number(node).ok_or_else(wrong)?; count]
        };
        match found.as_slice() {
            [one] => Ok(vec![*one; count]),
            all if all.len() == count => Ok(found),
            _ => Err(wrong()),
        }
    }

    /// `pixel_order` and `world_order`: for each axis which one of the other WCS it is.
    fn reordered(&self, wcs: Wcs) -> Result<Wcs> {
        let program = wcs.unbounded_program()?;
        let pixels = self.order("pixel_order", program.n_inputs())?;
        let world = self.order("world_order", program.n_outputs())?;
        Ok(wcs.in_order(&pixels, &world))
    }

    fn order(&self, key: &str, count: usize) -> Result<Vec<usize>> {
        let numbers = self.numbers(key, count, f64::NAN)?;
        let place = |wanted: f64| {
            #[expect(clippy::cast_precision_loss, reason = "few axes")]
            let found = (0..count).find(|place| (*place as f64 - wanted).abs() < 0.25);
            found
        };
        let order: Option<Vec<usize>> = numbers.into_iter().map(place).collect();
        let order = order.filter(|order| (0..count).all(|place| order.contains(&place)));
        order.ok_or_else(|| {
            self.unsupported(&format!(
                "`{key}` is not each of 0 to {} once",
                count.saturating_sub(1)
            ))
        })
    }

    /// `mapping`: for each pixel axis of the parts which one of the whole it is.
    fn compound(&self, parts: &[Wcs]) -> Result<Wcs> {
        let widths = parts.iter().map(|wcs| Ok(wcs.program()?.n_inputs()));
        let count: usize = widths.collect::<Result<Vec<_>>>()?.iter().sum();
        if parts.is_empty() || count > AXES {
            return Err(self.unsupported("it has no parts, or too many axes"));
        }
        let mapping = match self.node.get("mapping").map(Node::value) {
            None | Some(Value::Null) => (0..count).collect(),
            Some(_) => {
                let numbers = self.numbers("mapping", count, f64::NAN)?;
                #[expect(clippy::cast_precision_loss, reason = "few axes")]
                let place =
                    |wanted: &f64| (0..count).find(|place| (*place as f64 - wanted).abs() < 0.25);
                let mapping: Option<Vec<usize>> = numbers.iter().map(place).collect();
                let wrong = || self.unsupported("`mapping` does not name axes");
                let mapping = mapping.ok_or_else(wrong)?;
                let axes = mapping.iter().max().map_or(0, |last| last + 1);
                if !(0..axes).all(|axis| mapping.contains(&axis)) {
                    return Err(self.unsupported("`mapping` leaves an axis out"));
                }
                mapping
            }
        };
        Wcs::compound(parts, mapping)?
            .ok_or_else(|| self.unsupported("a bounding box depends on a coordinate"))
    }
}

impl Wcs {
    /// The lengths of the image, whole or not.
    fn extent(&self) -> Option<Vec<f64>> {
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        let whole = |shape: &Vec<u64>| shape.iter().map(|length| *length as f64).collect();
        self.extent
            .clone()
            .or_else(|| self.pixel_shape.as_ref().map(whole))
    }

    /// The same with transforms before its first and after its last one. Bounding box and pixel shape are those of
    /// before.
    fn wrapped(mut self, before: Option<Transform>, after: Option<Transform>, note: &str) -> Self {
        self.cache = Cache::default();
        self.wrappers.insert(0, note.into());
        let first = self
            .steps
            .iter_mut()
            .find_map(|step| step.transform.as_mut());
        if let (Some(first), Some(before)) = (first, before) {
            let chain = Transform::chain([before, first.clone()]);
            if let Some(chain) = chain {
                *first = chain;
            }
        }
        let mut last = self.steps.iter_mut().rev();
        let last = last.find_map(|step| step.transform.as_mut());
        if let (Some(last), Some(after)) = (last, after) {
            let chain = Transform::chain([last.clone(), after]);
            if let Some(chain) = chain {
                *last = chain;
            }
        }
        self
    }

    /// The same with this bounding box.
    pub(super) fn bound(mut self, bounding_box: Option<BoundingBox>) -> Self {
        let mut steps = self.steps.iter_mut();
        if let Some(first) = steps.find_map(|step| step.transform.as_mut()) {
            *first = match &bounding_box {
                Some(bounding_box) => first.bounded(bounding_box.clone()),
                None => first.unbounded(),
            };
        }
        self.bounding_box = bounding_box;
        self
    }

    /// The same with its axes in another order: each is the one of this number.
    pub(super) fn in_order(self, pixels: &[usize], world: &[usize]) -> Self {
        let back = |order: &[usize]| -> Vec<usize> {
            let place = |axis: usize| order.iter().position(|own| *own == axis).unwrap_or(axis);
            (0..order.len()).map(place).collect()
        };
        let is_same =
            |order: &[usize]| order.iter().enumerate().all(|(place, axis)| place == *axis);
        let bounding_box = self.bounding_box.as_ref().map(|own| own.in_order(pixels));
        let pixel_shape = self.pixel_shape.as_ref().and_then(|shape| {
            pixels
                .iter()
                .map(|axis| shape.get(*axis).copied())
                .collect()
        });
        let extent = self.extent.as_ref().and_then(|extent| {
            let own = pixels.iter().map(|axis| extent.get(*axis).copied());
            own.collect()
        });
        let before = (!is_same(pixels)).then(|| Transform::mapping(pixels.len(), back(pixels)));
        let after = (!is_same(world)).then(|| Transform::mapping(world.len(), world.to_vec()));
        let list = |order: &[usize]| {
            let texts: Vec<String> = order.iter().map(usize::to_string).collect();
            texts.join(", ")
        };
        let note = format!(
            "reordered: pixel axes {}; world axes {}",
            list(pixels),
            list(world)
        );
        let mut made = self.wrapped(before, after, &note);
        if let Some(step) = made.steps.first_mut() {
            step.frame = step.frame.selected(pixels);
        }
        if let Some(step) = made.steps.last_mut() {
            step.frame = step.frame.selected(world);
        }
        made.pixel_shape = pixel_shape;
        made.extent = extent;
        made.bound(bounding_box)
    }

    /// Several side by side; `mapping` says for each of their pixel axes which one of the whole it is. `None` when a
    /// bounding box cannot be joined with the others.
    #[expect(
        clippy::too_many_lines,
        reason = "one case after the other, as the clause states them"
    )]
    pub(super) fn compound(parts: &[Self], mapping: Vec<usize>) -> Result<Option<Self>> {
        let axes = mapping.iter().max().map_or(0, |last| last + 1);
        let mut intervals: Vec<Option<Interval>> = vec![None; axes];
        let mut shape: Vec<Option<u64>> = vec![None; axes];
        let mut transforms = Vec::new();
        let (mut pixels, mut world) = (Vec::new(), Vec::new());
        let mut places = mapping.iter().copied();
        for part in parts {
            let program = part.unbounded_program()?;
            let own: Vec<usize> = places.by_ref().take(program.n_inputs()).collect();
            let sides = match &part.bounding_box {
                None => Vec::new(),
                Some(BoundingBox::Simple(sides)) => sides.clone(),
                Some(BoundingBox::Compound { .. }) => return Ok(None),
            };
            for (axis, place) in own.iter().enumerate() {
                let side = sides.get(axis).copied().flatten();
                if let (Some(all), Some(side)) = (intervals.get_mut(*place), side) {
                    *all = Some(all.map_or(side, |all| Interval {
                        low: all.low.max(side.low),
                        high: all.high.min(side.high),
                    }));
                }
                let length = part.pixel_shape.as_ref().and_then(|shape| shape.get(axis));
                if let (Some(all), Some(length)) = (shape.get_mut(*place), length) {
                    *all = Some(*length);
                }
            }
            let last = part.steps.len().saturating_sub(1);
            transforms.push(part.chain(0, last)?.unbounded());
            let frame = |step: Option<&WcsStep>| step.map(|step| step.frame.clone());
            pixels.extend(frame(part.steps.first()).map(|frame| (frame, program.n_inputs())));
            world.extend(frame(part.steps.last()).map(|frame| (frame, program.n_outputs())));
        }
        let first_of = |axis: usize| mapping.iter().position(|own| *own == axis).unwrap_or(axis);
        let keep: Vec<usize> = (0..axes).map(first_of).collect();
        let count = parts.len();
        let transform = Transform::chain(
            [Transform::mapping(axes, mapping)]
                .into_iter()
                .chain(Transform::beside(transforms)),
        );
        let steps = vec![
            WcsStep {
                frame: Frame::beside(&pixels).selected(&keep),
                transform,
            },
            WcsStep {
                frame: Frame::beside(&world),
                transform: None,
            },
        ];
        let path = parts.first().map(|part| part.path.clone());
        let mut notes: Vec<Box<str>> = vec![format!("{count} WCS side by side").into()];
        notes.extend(parts.iter().flat_map(|part| part.wrappers.iter().cloned()));
        let made = Self {
            name: None,
            path: path.unwrap_or_default(),
            steps,
            pixel_shape: shape.into_iter().collect(),
            extent: None,
            bounding_box: None,
            wrappers: notes,
            dropped: parts
                .iter()
                .flat_map(|part| part.dropped.iter().cloned())
                .collect(),
            #[cfg(feature = "fits")]
            sources: parts
                .iter()
                .flat_map(|part| part.sources.iter().cloned())
                .collect(),
            is_of_header: parts.iter().any(|part| part.is_of_header),
            cache: Cache::default(),
        };
        let is_bounded = intervals.iter().any(Option::is_some);
        Ok(Some(made.bound(
            is_bounded.then_some(BoundingBox::Simple(intervals)),
        )))
    }
}

/// A length in pixels of another width; `None` when that is not a whole number.
fn divided(length: u64, factor: f64) -> Option<u64> {
    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
    let count = length as f64 / factor;
    let whole = count.round();
    #[expect(clippy::cast_possible_truncation, reason = "tested")]
    #[expect(clippy::cast_sign_loss, reason = "tested")]
    ((count - whole).abs() < 1e-9 && (0.0..1e15).contains(&whole)).then_some(whole as u64)
}
