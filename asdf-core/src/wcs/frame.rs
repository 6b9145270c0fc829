//! Coordinate frames: what the axes of a step are.

mod axes;
mod spectral;

use super::sky::Sky;
use crate::tree::Node;
use crate::tree::Value;
use crate::unit::Unit;

/// A frame: the names, order, units and physical types of its axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    name: Box<str>,
    kind: FrameKind,
    axes_order: Vec<usize>,
    axes_names: Vec<Box<str>>,
    axis_physical_types: Vec<Box<str>>,
    axes_type: Vec<Box<str>>,
    units: Vec<Box<str>>,
    reference: Option<ReferenceFrame>,
    /// The year of the equinox, of a frame whose reference is only named.
    pub(super) equinox: Option<f64>,
    /// The frequency at rest in Hz, of a spectral frame that has one.
    rest: Option<f64>,
}

/// What kind of frame it is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FrameKind {
    /// Positions on the sky.
    Celestial,
    /// Wavelength, frequency, energy or velocity.
    Spectral,
    /// Time since the time of the reference frame.
    Temporal,
    /// Polarisation.
    Stokes,
    /// A plane, as of a detector.
    Plane,
    /// Anything else with named axes.
    Generic,
    /// Several frames side by side.
    Composite(Vec<Frame>),
    /// A name, and nothing else is known.
    Named,
}

/// The astronomical reference of a frame: the name in its tag (`icrs`), and its attributes as the
/// tree has them.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferenceFrame {
    /// `icrs`, `fk5`, `galactic`, …; for a temporal frame `time`.
    pub name: Box<str>,
    /// The tag.
    pub tag: Box<str>,
    /// The year of the equinox, of frames that have one: 2000 for `J2000`.
    pub equinox: Option<f64>,
}

/// Frames within frames.
const NESTING: usize = 16;

impl Frame {
    /// Reads a frame, which may be a name alone; `None` when it is neither.
    pub(super) fn read(node: Node<'_>) -> Option<Self> {
        Self::read_nested(node, 0)
    }

    fn read_nested(node: Node<'_>, nesting: usize) -> Option<Self> {
        if let (None, Value::Str(name)) = (node.tag(), node.value()) {
            return Some(Self::named(name));
        }
        let tag = node.tag()?.base();
        let kind = match tag.rsplit('/').next()? {
            "celestial_frame" => FrameKind::Celestial,
            "spectral_frame" => FrameKind::Spectral,
            "temporal_frame" => FrameKind::Temporal,
            "stokes_frame" => FrameKind::Stokes,
            "frame2d" => FrameKind::Plane,
            "composite_frame" if nesting < NESTING => {
                let frames = node.get("frames")?.as_seq()?;
                let frames: Option<Vec<_>> = frames
                    .iter()
                    .map(|frame| Self::read_nested(frame, nesting + 1))
                    .collect();
                FrameKind::Composite(frames?)
            }
            _ => FrameKind::Generic,
        };
        let order = |node: Node<'_>| match node.value() {
            Value::Int(value) => usize::try_from(value).ok(),
            _ => None,
        };
        let axes_order = node.get("axes_order").and_then(Node::as_seq);
        Some(Self {
            name: node
                .get("name")
                .and_then(Node::text)
                .unwrap_or_default()
                .into(),
            kind,
            axes_order: axes_order
                .iter()
                .flat_map(|list| list.iter())
                .filter_map(order)
                .collect(),
            axes_names: texts(node, "axes_names"),
            axis_physical_types: texts(node, "axis_physical_types"),
            axes_type: texts(node, "axes_type"),
            units: texts(node, "unit"),
            reference: node.get("reference_frame").and_then(reference),
            equinox: equinox(node),
            rest: spectral::rest(node),
        })
    }

    fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            kind: FrameKind::Named,
            axes_order: Vec::new(),
            axes_names: Vec::new(),
            axis_physical_types: Vec::new(),
            axes_type: Vec::new(),
            units: Vec::new(),
            reference: None,
            equinox: None,
            rest: None,
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What kind of frame it is.
    pub fn kind(&self) -> &FrameKind {
        &self.kind
    }

    /// For each axis of the frame its place among the coordinates; empty when it is not given.
    pub fn axes_order(&self) -> &[usize] {
        &self.axes_order
    }

    /// The names of the axes, in the order of the frame.
    pub fn axes_names(&self) -> &[Box<str>] {
        &self.axes_names
    }

    /// The physical types of the axes (`pos.eq.ra`), in the order of the frame.
    pub fn axis_physical_types(&self) -> &[Box<str>] {
        &self.axis_physical_types
    }

    /// The units of the axes, in the order of the frame.
    pub fn units(&self) -> &[Box<str>] {
        &self.units
    }

    /// The units of the coordinates in their order; `None` for one that is not given or not known.
    pub(super) fn world_units(&self) -> Vec<Option<Unit>> {
        let mut placed = self.placed_units();
        placed.sort_by_key(|unit| unit.0);
        placed.into_iter().map(|unit| unit.1).collect()
    }

    /// True when every axis is one of space.
    pub(super) fn is_spatial(&self) -> bool {
        match &self.kind {
            FrameKind::Celestial | FrameKind::Plane => true,
            FrameKind::Composite(frames) => frames.iter().all(Self::is_spatial),
            FrameKind::Generic => {
                let mut kinds = self.axes_type.iter();
                !self.axes_type.is_empty() && kinds.all(|kind| kind.eq_ignore_ascii_case("spatial"))
            }
            FrameKind::Spectral | FrameKind::Temporal | FrameKind::Stokes | FrameKind::Named => {
                false
            }
        }
    }

    /// The frame of positions on the sky: itself or one of those it is composed of.
    pub fn celestial(&self) -> Option<&Self> {
        match &self.kind {
            FrameKind::Celestial => Some(self),
            FrameKind::Composite(frames) => frames.iter().find_map(Self::celestial),
            _ => None,
        }
    }

    /// Where longitude and latitude stand among the coordinates, and what they are multiplied with to be in
    /// radians; `None` when it has no positions on the sky.
    pub(super) fn sky(&self) -> Option<Sky> {
        let frame = self.celestial()?;
        let place = |axis: usize| frame.axes_order.get(axis).copied().unwrap_or(axis);
        let unit = frame.units.first().map_or("deg", |unit| &**unit);
        let radian = Unit::parse("rad")?;
        Some(Sky {
            longitude: place(0),
            latitude: place(1),
            radians: Unit::parse(unit)?.factor_to(&radian)?,
        })
    }

    /// The units of the axes with their places among the coordinates.
    fn placed_units(&self) -> Vec<(usize, Option<Unit>)> {
        let default = match &self.kind {
            FrameKind::Composite(frames) => {
                return frames.iter().flat_map(Self::placed_units).collect();
            }
            FrameKind::Celestial => ["deg"; 2].as_slice(),
            FrameKind::Plane => &["pixel"; 2],
            FrameKind::Temporal => &["s"],
            FrameKind::Stokes => &[""],
            FrameKind::Spectral | FrameKind::Generic | FrameKind::Named => &[],
        };
        let texts: Vec<&str> = if self.units.is_empty() {
            default.to_vec()
        } else {
            self.units.iter().map(|unit| &**unit).collect()
        };
        let place = |axis: usize| self.axes_order.get(axis).copied().unwrap_or(axis);
        let units = texts.iter().enumerate();
        units
            .map(|(axis, text)| (place(axis), Unit::parse(text)))
            .collect()
    }

    /// The astronomical reference, if it is given.
    pub fn reference_frame(&self) -> Option<&ReferenceFrame> {
        self.reference.as_ref()
    }
}

fn texts(node: Node<'_>, key: &str) -> Vec<Box<str>> {
    let list = node.get(key).and_then(Node::as_seq);
    let items = list.iter().flat_map(|list| list.iter());
    items
        .map(|item| item.text().unwrap_or_default().into())
        .collect()
}

fn reference(node: Node<'_>) -> Option<ReferenceFrame> {
    let tag = node.tag()?;
    Some(ReferenceFrame {
        name: tag.base().rsplit('/').next()?.into(),
        tag: tag.as_str().into(),
        equinox: node.get("frame_attributes").and_then(equinox),
    })
}

/// The equinox of `frame_attributes`: a time, as text or with a `value`.
fn equinox(attributes: Node<'_>) -> Option<f64> {
    let node = attributes.get("equinox")?;
    let node = node.get("value").unwrap_or(node);
    match node.value() {
        Value::Float(year) => Some(year),
        #[expect(clippy::cast_precision_loss, reason = "years are small")]
        Value::Int(year) => Some(year as f64),
        Value::Str(text) => text.trim_start_matches(['J', 'B']).parse().ok(),
        _ => None,
    }
}
