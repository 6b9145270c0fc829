//! World coordinate systems: frames and the transforms between them (`tag:stsci.edu:gwcs/wcs-…`).

mod frame;

pub use frame::{Frame, FrameKind, ReferenceFrame};

use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Usage;
use crate::file::AsdfFile;
use crate::transform::BoundingBox;
use crate::transform::Program;
use crate::transform::Transform;
use crate::tree::IntoTreePath;
use crate::tree::Node;
use crate::tree::TreePath;
use crate::tree::Value;

/// A chain of frames, from the pixels to the world, with the transforms between them.
#[derive(Debug, Clone)]
pub struct Wcs {
    name: Option<Box<str>>,
    path: TreePath,
    steps: Vec<WcsStep>,
    pixel_shape: Option<Vec<u64>>,
}

/// A frame of the chain, and the transform from it to the next.
#[derive(Debug, Clone)]
pub struct WcsStep {
    /// The frame.
    pub frame: Frame,
    /// From this frame to the next; the last has none.
    pub transform: Option<Transform>,
}

impl AsdfFile {
    /// The WCS at a path.
    ///
    /// # Errors
    /// There is no node; it is no WCS; a transform's parameters are not what they must be.
    pub fn wcs(&self, path: impl IntoTreePath) -> Result<Wcs> {
        let node = self.node(path)?;
        Wcs::read(self, node).in_file(self.name())
    }

    /// The places of all WCS of the tree, in document order.
    pub fn wcs_paths(&self) -> Vec<TreePath> {
        let nodes = self.tree().nodes();
        nodes.filter(|node| is_wcs(*node)).map(Node::path).collect()
    }
}

fn is_wcs(node: Node<'_>) -> bool {
    node.tag()
        .is_some_and(|tag| tag.base() == "tag:stsci.edu:gwcs/wcs")
}

impl Wcs {
    fn read(file: &AsdfFile, node: Node<'_>) -> Result<Self> {
        let fault = |node: Node<'_>, detail: &str| {
            let error = Error::from(Malformed::Transform {
                detail: detail.into(),
            });
            error.at_path(|| node.path())
        };
        if !is_wcs(node) {
            return Err(fault(node, &format!("{} is no WCS", node.describe())));
        }
        let list = node.get("steps").and_then(Node::as_seq);
        let list = list.ok_or_else(|| fault(node, "a WCS needs a list of `steps`"))?;
        let mut steps = Vec::new();
        for step in list.iter() {
            let frame = step.get("frame").and_then(Frame::read);
            let transform = match step.get("transform") {
                Some(node) if !matches!(node.value(), Value::Null) => {
                    Some(file.transform_at(node)?)
                }
                _ => None,
            };
            steps.push(WcsStep {
                frame: frame.ok_or_else(|| fault(step, "a step needs a `frame`"))?,
                transform,
            });
        }
        if steps.is_empty() {
            return Err(fault(node, "a WCS needs at least one step"));
        }
        let extent = |extent: Node<'_>| match extent.value() {
            Value::Int(value) => u64::try_from(value).ok(),
            _ => None,
        };
        let shape = node.get("pixel_shape").and_then(Node::as_seq);
        Ok(Self {
            name: node.get("name").and_then(Node::text).map(Into::into),
            path: node.path(),
            pixel_shape: shape.and_then(|shape| shape.iter().map(extent).collect()),
            steps,
        })
    }

    /// The name, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Where it stands in the tree.
    pub fn path(&self) -> &TreePath {
        &self.path
    }

    /// The frames with the transforms between them, the pixels first.
    pub fn steps(&self) -> &[WcsStep] {
        &self.steps
    }

    /// The extent of the image along each input, the first (x) first, if it is recorded.
    pub fn pixel_shape(&self) -> Option<&[u64]> {
        self.pixel_shape.as_deref()
    }

    /// Where it is valid: the bounding box of the first step, as gwcs has it.
    pub fn bounding_box(&self) -> Option<&BoundingBox> {
        self.steps.first()?.transform.as_ref()?.bounding_box()
    }

    /// From the pixels to the world, with the bounding box.
    ///
    /// # Errors
    /// There is no transform.
    pub fn forward(&self) -> Result<Transform> {
        let whole = self.chain(0, self.steps.len().saturating_sub(1))?;
        Ok(match self.bounding_box() {
            Some(bounding_box) => whole.bounded(bounding_box.clone()),
            None => whole,
        })
    }

    /// From the world to the pixels, step by step: the inverse that a transform gives, else the exact
    /// one. `None` when a part has neither.
    ///
    /// # Errors
    /// There is no transform.
    pub fn backward(&self) -> Result<Option<Transform>> {
        Ok(self.chain(0, self.steps.len().saturating_sub(1))?.inverse())
    }

    /// From one frame to another, by their names; backward where the second comes first. Only a bounding
    /// box of the transform between neighbours counts.
    ///
    /// # Errors
    /// There is no such frame; a transform has no inverse.
    pub fn between(&self, from: &str, to: &str) -> Result<Transform> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        if from <= to {
            return self.chain(from, to);
        }
        let back = self.chain(to, from)?.inverse();
        back.ok_or_else(|| points("a transform between these frames has no inverse"))
    }

    /// From one frame to the other by their numbers.
    fn chain(&self, from: usize, to: usize) -> Result<Transform> {
        let steps = self.steps.get(from..to).unwrap_or_default();
        let transforms = steps.iter().filter_map(|step| step.transform.clone());
        Transform::chain(transforms)
            .ok_or_else(|| points("there is no transform between these frames"))
    }

    /// World coordinates of pixels: a column for each of both. Pixels outside of the bounding box have NaN.
    ///
    /// # Errors
    /// A transform is not known or does not fit the others; columns of other number or length.
    pub fn pixel_to_world(&self, pixels: &[&[f64]]) -> Result<Vec<Vec<f64>>> {
        self.program(true)?.eval(pixels)
    }

    /// Pixels of world coordinates, by [`backward`](Self::backward); pixels outside of the bounding box are
    /// NaN.
    ///
    /// # Errors
    /// As [`pixel_to_world`](Self::pixel_to_world); there is no inverse.
    pub fn world_to_pixel(&self, world: &[&[f64]]) -> Result<Vec<Vec<f64>>> {
        let backward = self.backward_program()?;
        let backward =
            backward.ok_or_else(|| points("this WCS has no inverse that could be evaluated"))?;
        let mut pixels = backward.eval(world)?;
        if let Some(bounding_box) = self.bounding_box() {
            bounding_box.blank_outside(&mut pixels);
        }
        Ok(pixels)
    }

    /// The whole chain ready for evaluation, with or without the bounding box.
    ///
    /// # Errors
    /// As [`pixel_to_world`](Self::pixel_to_world).
    pub fn program(&self, bounded: bool) -> Result<Program> {
        let last = self.steps.len().saturating_sub(1);
        let program = self.program_of(&self.forward()?, 0, last)?;
        Ok(if bounded {
            program
        } else {
            program.unbounded()
        })
    }

    /// From the world to the pixels ready for evaluation, without the bounding box; `None` when there is
    /// no inverse.
    ///
    /// # Errors
    /// As [`pixel_to_world`](Self::pixel_to_world).
    pub fn backward_program(&self) -> Result<Option<Program>> {
        let last = self.steps.len().saturating_sub(1);
        let backward = self.backward()?;
        backward
            .map(|transform| self.program_of(&transform, last, 0))
            .transpose()
    }

    /// From one frame to another ready for evaluation; see [`between`](Self::between).
    ///
    /// # Errors
    /// As [`between`](Self::between) and [`pixel_to_world`](Self::pixel_to_world).
    pub fn program_between(&self, from: &str, to: &str) -> Result<Program> {
        let transform = self.between(from, to)?;
        self.program_of(&transform, self.place(from)?, self.place(to)?)
    }

    /// The program of a transform between frames by their numbers: where numbers have units on their way, they
    /// start with those of the first and end with those of the second.
    fn program_of(&self, transform: &Transform, from: usize, to: usize) -> Result<Program> {
        let units = |place: usize| self.steps.get(place).map(|step| step.frame.world_units());
        transform.program_in(units(from).as_deref(), units(to).as_deref())
    }

    fn place(&self, name: &str) -> Result<usize> {
        let found = self.steps.iter().position(|step| step.frame.name() == name);
        found.ok_or_else(|| {
            let names: Vec<_> = self.steps.iter().map(|step| step.frame.name()).collect();
            points(&format!(
                "no frame `{name}`; there are {}",
                names.join(", ")
            ))
        })
    }
}

fn points(reason: &str) -> Error {
    Usage::Points {
        reason: reason.into(),
    }
    .into()
}
