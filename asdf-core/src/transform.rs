//! Transforms: the models of a tree, read from their nodes, inverted and evaluated in batches
//! (`tag:stsci.edu:asdf/transform/…`, `tag:stsci.edu:gwcs/…`, `tag:stsci.edu:jwst_pipeline/…`).
//!
//! A [`Transform`] is a function from columns of numbers to columns of numbers, as the tree describes it: [`Transform::input_names`],
//! [`Transform::parts`], [`Transform::inverse`]. [`Transform::program`] makes of it a [`Program`], which is what evaluates points: wired once, in
//! batches, on all cores when there are many. Columns are separate slices, all of one length.
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! use asdf_core::AsdfFile;
//!
//! let file = AsdfFile::open(path)?;
//! let program = file.wcs("roman/meta/wcs")?.forward()?.program()?;
//! assert_eq!((program.n_inputs(), program.n_outputs()), (2, 2));
//! let (x, y): (Vec<f64>, Vec<f64>) = (0..64).map(|pixel| (f64::from(pixel), 31.0)).unzip();
//! let world = program.eval(&[&x, &y])?;
//! assert_eq!(world[1].len(), 64);
//! # Ok(())
//! # }
//! ```
//!
//! Angles are in degrees where the models of astropy take degrees. Transforms with units convert to the units that their models expect. Points outside
//! of the [`BoundingBox`] become NaN; [`Program::unbounded`] ignores the box.
//!
//! Source: the schemas of asdf-transform-schemas and gwcs; `spec-notes/transforms.md` has the clauses, `docs/wcs-models.md` the list of models.

mod blackbody;
mod bounding_box;
mod dkist;
mod exponential;
mod fits_imaging;
mod function;
mod functions;
mod glass;
mod jwst;
mod linear;
mod math;
mod model;
mod optics;
mod optimise;
mod parameters;
mod polynomial;
mod power_law;
mod profile1d;
mod profile2d;
mod program;
mod projection;
mod reader;
mod registry;
mod rotation;
mod selector;
mod special;
mod spline;
mod tabular;
mod trigonometric;
mod units;
mod vector;
mod wiring;
mod wrap;

pub use bounding_box::{BoundingBox, Interval};
pub(crate) use optics::unit_vectors;
pub use program::Program;
#[cfg(feature = "fits")]
#[cfg(feature = "fits")]
pub(crate) use projection::ZenithalPolynomial;
pub use registry::known_tags;

use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Unsupported;
use crate::tree::TreePath;
pub use crate::unit::Unit;
use model::Model;
use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;
use units::Units;

/// A transform of a tree. Copies share what they hold.
#[derive(Debug, Clone)]
pub struct Transform(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    kind: Kind,
    tag: Box<str>,
    path: TreePath,
    name: Option<Box<str>>,
    inputs: Vec<Box<str>>,
    outputs: Vec<Box<str>>,
    bounding_box: Option<BoundingBox>,
    /// The inverse that the node gives, which counts instead of the exact one.
    inverse: Option<Transform>,
    /// Numbers of inputs and outputs; `None` when a part is unknown or the parts do not fit.
    arity: Option<(usize, usize)>,
    /// True when a parameter in it is a quantity.
    quantities: bool,
}

/// What a transform does.
#[derive(Debug, Clone)]
enum Kind {
    /// An elementary model.
    Model(Arc<dyn Model>, Units),
    /// The second after the first.
    Compose(Transform, Transform),
    /// Side by side.
    Concatenate(Transform, Transform),
    /// Both with the same inputs; the results are combined one by one.
    Arithmetic(Operator, Transform, Transform),
    /// Some inputs have fixed values.
    Fix(Transform, Vec<Fixed>),
    /// Inputs in another order, left out or repeated.
    Remap { inputs: usize, mapping: Vec<usize> },
    /// A transform that is not known.
    Unknown,
}

/// An input with a fixed value.
#[derive(Debug, Clone)]
struct Fixed {
    place: usize,
    value: f64,
    unit: Option<Unit>,
}

/// What combines the results of two transforms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

impl Parts {
    fn of(kind: Kind) -> Self {
        Self {
            arity: kind.arity(),
            quantities: kind.quantities(),
            kind,
            tag: "".into(),
            path: TreePath::default(),
            name: None,
            inputs: Vec::new(),
            outputs: Vec::new(),
            bounding_box: None,
            inverse: None,
        }
    }
}

impl Kind {
    fn arity(&self) -> Option<(usize, usize)> {
        match self {
            Self::Model(model, _) => Some(model.arity()),
            Self::Compose(left, right) => {
                let ((inputs, between), (taken, outputs)) = (left.0.arity?, right.0.arity?);
                (between == taken).then_some((inputs, outputs))
            }
            Self::Concatenate(left, right) => {
                let (left, right) = (left.0.arity?, right.0.arity?);
                Some((left.0.checked_add(right.0)?, left.1.checked_add(right.1)?))
            }
            Self::Arithmetic(_, left, right) => {
                let left = left.0.arity?;
                (Some(left) == right.0.arity).then_some(left)
            }
            Self::Fix(inner, fixed) => {
                let (inputs, outputs) = inner.0.arity?;
                Some((inputs.checked_sub(fixed.len())?, outputs))
            }
            Self::Remap { inputs, mapping } => Some((*inputs, mapping.len())),
            Self::Unknown => None,
        }
    }

    fn quantities(&self) -> bool {
        match self {
            Self::Model(_, units) => units.quantities,
            Self::Compose(left, right)
            | Self::Concatenate(left, right)
            | Self::Arithmetic(_, left, right) => left.0.quantities || right.0.quantities,
            Self::Fix(inner, fixed) => {
                inner.0.quantities || fixed.iter().any(|fixed| fixed.unit.is_some())
            }
            Self::Remap { .. } | Self::Unknown => false,
        }
    }
}

impl Transform {
    fn from_kind(kind: Kind) -> Self {
        Self(Arc::new(Parts::of(kind)))
    }

    /// One transform after another; `None` when the list is empty.
    pub(crate) fn chain(steps: impl IntoIterator<Item = Self>) -> Option<Self> {
        steps
            .into_iter()
            .reduce(|left, right| Self::from_kind(Kind::Compose(left, right)))
    }

    /// A shift of each input, side by side; `None` without any.
    pub(crate) fn shifts(offsets: &[f64]) -> Option<Self> {
        let shift = |offset: &f64| {
            let units = Units::times(1, &Unit::NONE);
            Self::from_kind(Kind::Model(linear::shift(*offset), units))
        };
        let both = |left, right| Self::from_kind(Kind::Concatenate(left, right));
        offsets.iter().map(shift).reduce(both)
    }

    /// The same with unit vectors as results instead of longitude and latitude in degrees, which stand at these
    /// places among two results.
    pub(crate) fn to_vectors(&self, longitude: usize, latitude: usize) -> Option<Self> {
        let order = Self::from_kind(Kind::Remap {
            inputs: 2,
            mapping: vec![longitude, latitude],
        });
        let vector = Self::from_kind(Kind::Model(optics::to_cartesian(), Units::default()));
        let fits = self.0.arity?.1 == 2 && longitude < 2 && latitude < 2;
        Self::chain([self.clone(), order, vector]).filter(|_| fits && !self.uses_units())
    }

    /// The same with another bounding box.
    pub(crate) fn bounded(&self, bounding_box: BoundingBox) -> Self {
        let mut parts = Parts::of(self.0.kind.clone());
        parts.inverse.clone_from(&self.0.inverse);
        parts.bounding_box = Some(bounding_box);
        Self(Arc::new(parts))
    }

    /// The tag, empty for one that is made of others (an inverse).
    pub fn tag(&self) -> &str {
        &self.0.tag
    }

    /// The node's first place in the tree; the root for one that is made of others.
    pub fn path(&self) -> &TreePath {
        &self.0.path
    }

    /// The name, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The names of the inputs as the node has them.
    pub fn input_names(&self) -> &[Box<str>] {
        &self.0.inputs
    }

    /// The names of the outputs as the node has them.
    pub fn output_names(&self) -> &[Box<str>] {
        &self.0.outputs
    }

    /// Where the transform is valid.
    pub fn bounding_box(&self) -> Option<&BoundingBox> {
        self.0.bounding_box.as_ref()
    }

    /// The box that a model without one has by its nature: the points of a table.
    pub(crate) fn natural_box(&self) -> Option<BoundingBox> {
        match &self.0.kind {
            Kind::Model(model, _) => {
                let intervals = model.domain()?.into_iter().map(Some);
                Some(BoundingBox::Simple(intervals.collect()))
            }
            _ => None,
        }
    }

    /// Numbers of inputs and outputs; `None` when a transform in it is not known, or its parts do not fit
    /// each other.
    pub fn arity(&self) -> Option<(usize, usize)> {
        self.0.arity
    }

    /// The transforms that it is made of, in the order of the node.
    pub fn parts(&self) -> Vec<Self> {
        match &self.0.kind {
            Kind::Compose(left, right)
            | Kind::Concatenate(left, right)
            | Kind::Arithmetic(_, left, right) => vec![left.clone(), right.clone()],
            Kind::Fix(inner, _) => vec![inner.clone()],
            Kind::Model(..) | Kind::Remap { .. } | Kind::Unknown => Vec::new(),
        }
    }

    /// The inverse: that of the node, else the exact one, part by part. `None` when a part has none.
    pub fn inverse(&self) -> Option<Self> {
        self.inverse_with(&mut HashMap::new())
    }

    /// Shared parts are inverted once.
    fn inverse_with(&self, known: &mut HashMap<usize, Option<Self>>) -> Option<Self> {
        if let Some(inverse) = &self.0.inverse {
            return Some(inverse.clone());
        }
        let key = Arc::as_ptr(&self.0).addr();
        if let Some(inverse) = known.get(&key) {
            return inverse.clone();
        }
        let inverse = self.exact_inverse(known).map(Self::from_kind);
        known.insert(key, inverse.clone());
        inverse
    }

    fn exact_inverse(&self, known: &mut HashMap<usize, Option<Self>>) -> Option<Kind> {
        Some(match &self.0.kind {
            Kind::Model(model, units) => Kind::Model(model.inverse()?, units.inverse()),
            Kind::Compose(left, right) => {
                Kind::Compose(right.inverse_with(known)?, left.inverse_with(known)?)
            }
            Kind::Concatenate(left, right) => {
                Kind::Concatenate(left.inverse_with(known)?, right.inverse_with(known)?)
            }
            Kind::Remap { inputs, mapping } => {
                let place = |input| mapping.iter().position(|from| *from == input);
                let back: Option<Vec<_>> = (0..*inputs).map(place).collect();
                Kind::Remap {
                    inputs: mapping.len(),
                    mapping: back?,
                }
            }
            Kind::Arithmetic(..) | Kind::Fix(..) | Kind::Unknown => return None,
        })
    }

    /// True when a parameter in it is a quantity: then numbers have units on their way.
    pub fn uses_units(&self) -> bool {
        self.0.quantities
    }

    /// Why it has no arity: the first part that is not known, or whose parts do not fit.
    fn blame(&self) -> Error {
        let mut seen = HashSet::new();
        let mut open = vec![self.clone()];
        let mut culprit = self.clone();
        while let Some(transform) = open.pop() {
            let parts = transform.parts();
            if transform.0.arity.is_none() && seen.insert(Arc::as_ptr(&transform.0).addr()) {
                if parts.iter().all(|part| part.0.arity.is_some()) {
                    culprit = transform;
                    break;
                }
                open.extend(parts.into_iter().rev());
            }
        }
        let error = match culprit.0.kind {
            Kind::Unknown => Error::from(Unsupported::Transform {
                tag: culprit.0.tag.clone(),
            }),
            _ => Error::from(Malformed::Transform {
                detail: "the numbers of inputs and outputs of its parts do not fit".into(),
            }),
        };
        error.at_path(|| culprit.path())
    }
}
