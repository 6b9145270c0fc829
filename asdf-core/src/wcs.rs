//! World coordinate systems: frames and the transforms between them (`tag:stsci.edu:gwcs/wcs-…`).
//!
//! A [`Wcs`] is a chain of frames, from the detector to the sky, with a transform between each and the next. [`AsdfFile::wcs`](crate::AsdfFile::wcs) reads
//! the one at a path, [`AsdfFile::wcs_of_array`](crate::AsdfFile::wcs_of_array) finds that of an array. Pixels count from 0 at the centre of the first one, the
//! column (x) first, although an array has its rows first.
//!
//! ```
//! # fn main() -> asdf_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
//! use asdf_core::AsdfFile;
//!
//! let file = AsdfFile::open(path)?;
//! let wcs = file.wcs("roman/meta/wcs")?;
//! let world = wcs.pixel_to_world(&[&[10.0], &[20.0]])?;
//! println!("right ascension {}, declination {} degrees", world[0][0], world[1][0]);
//! let between = wcs.between("v2v3", "world")?; // a part of the chain
//! assert_eq!(between.arity(), Some((2, 2)));
//! # Ok(())
//! # }
//! ```
//!
//! [`Wcs::world_to_pixel`] takes the inverse that the file gives, else iterates; [`Wcs::world_to_pixel_numerical`] always iterates, to 1e-8 pixels.
//! [`Wcs::eval`] has all of these as options. [`Wcs::footprint`] and [`Wcs::pixel_scale`] describe an image, [`Wcs::grid`] evaluates all pixels of a
//! window in bounded memory, [`Wcs::to_fits_sip`] approximates a FITS header and says how far it is off.
//!
//! Source: the schemas of gwcs; `spec-notes/transforms.md` has the clauses.

mod dropped;
mod eval;
mod footprint;
mod frame;
mod grid;
#[cfg(feature = "fits")]
mod header;
mod healpix;
mod icrs;
mod inverse;
mod kind;
mod owner;
mod sip;
mod sky;
mod sky_region;
#[cfg(feature = "fits")]
mod source;
#[cfg(feature = "fits")]
mod to_fits;
mod window;
mod wrapper;

pub use crate::unit::Unit;
pub use dropped::DroppedCoordinate;
pub use eval::{EvalOptions, Inverse};
pub(crate) use footprint::polygon;
pub use footprint::{Extent, PixelScale};
pub use frame::{Frame, FrameKind, ReferenceFrame};
pub use grid::{Grid, GridRows};
#[cfg(feature = "fits")]
#[doc(hidden)]
pub use header::header_conventions;
#[cfg(feature = "fits")]
pub use header::{HeaderDescription, header_wcs_warnings};
#[cfg(feature = "fits")]
pub(crate) use header::{quoted_numbers, shown_node, shown_table_node, written_node};
pub use healpix::healpix_nested;
pub use owner::{ArrayWcs, GridArray, NoWcs};
pub use sip::{SipApproximation, SipCard, SipCoefficients, SipOptions, SipValue};
pub use sky_region::{SkyRegion, sky_separation};
#[cfg(feature = "fits")]
pub use to_fits::{Fidelity, FitsWcsHeader, WcsCards};

use crate::error::Locate;
use crate::error::Result;
use crate::error::WcsFault;
use crate::file::AsdfFile;
use crate::transform::BoundingBox;
use crate::transform::Interval;
use crate::transform::Program;
use crate::transform::Transform;
use crate::tree::IntoTreePath;
use crate::tree::Node;
use crate::tree::PathStep;
use crate::tree::TreePath;
use crate::tree::Value;
use inverse::Solver;
use kind::WcsKind;
use sky::Sky;
#[cfg(feature = "fits")]
use source::ModelSource;
use std::sync::OnceLock;

/// Tolerance in pixels at the edges of the bounding box, for points that come back.
const SLACK: f64 = 1e-6;
/// The same of inverses that files have, which are fits.
const BACKWARD_SLACK: f64 = 0.01;

/// A chain of frames, from the pixels to the world, with the transforms between them.
#[derive(Debug, Clone)]
pub struct Wcs {
    name: Option<Box<str>>,
    path: TreePath,
    steps: Vec<WcsStep>,
    pixel_shape: Option<Vec<u64>>,
    /// The extent where it is not a whole number of pixels.
    extent: Option<Vec<f64>>,
    bounding_box: Option<BoundingBox>,
    /// What is between the pixels and the WCS that it was made of, the outermost first.
    wrappers: Vec<Box<str>>,
    /// Coordinates that slices have taken away.
    dropped: Vec<DroppedCoordinate>,
    /// Where its transforms stand.
    #[cfg(feature = "fits")]
    sources: Vec<ModelSource>,
    /// Whether transforms stand in no tree, but were made of a header.
    is_of_header: bool,
    /// What is made when it is first asked for.
    cache: Cache,
}

#[derive(Debug, Clone, Default)]
struct Cache {
    forward: OnceLock<Program>,
    backward: OnceLock<Option<Program>>,
    solver: OnceLock<Solver>,
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
    /// The WCS at a path: one of gwcs, of astropy (`astropy/wcs/wcs`), or one that wraps others. The header of an HDU in the
    /// tree has its WCS at the key `wcs` beside it, where no node is there.
    ///
    /// # Errors
    /// There is no node; it is not a WCS, or one whose tag is not known; a transform's parameters are not what they must
    /// be.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let wcs = file.wcs("roman/meta/wcs")?;
    /// let frames: Vec<_> = wcs.steps().iter().map(|step| step.frame.name()).collect();
    /// assert_eq!(frames, ["detector", "v2v3", "v2v3vacorr", "world"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn wcs(&self, path: impl IntoTreePath) -> Result<Wcs> {
        let path = path.into_tree_path()?;
        #[cfg(feature = "fits")]
        if let Some(hdu) = header::hdu_at(self, &path) {
            return header::of_description(self, &hdu, &path).in_file(self.name());
        }
        let node = self.node(&path)?;
        let kind = match path.steps().last() {
            Some(PathStep::Key(key)) => WcsKind::under(key, node),
            _ => WcsKind::of(node),
        };
        let read = match kind {
            Some(kind) => wrapper::read(self, node, kind, &path, 0),
            None => Err(wrapper::fault(
                node,
                &format!("{} is not a WCS", node.describe()),
            )),
        };
        read.in_file(self.name())
    }
}

/// True for a node that its tag calls a WCS of any kind. Another one can be a WCS by its key, `wcs`.
pub fn is_wcs(node: Node<'_>) -> bool {
    WcsKind::of(node).is_some()
}

impl Wcs {
    /// Reads frames and transforms of a node of `gwcs/wcs`.
    fn read_gwcs(file: &AsdfFile, node: Node<'_>, place: &TreePath) -> Result<Self> {
        use wrapper::fault;
        let list = node.get("steps").and_then(Node::as_seq);
        let list = list.ok_or_else(|| fault(node, "a WCS needs a list of `steps`"))?;
        let mut steps = Vec::new();
        for step in list {
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
        let first = steps
            .first()
            .and_then(|step: &WcsStep| step.transform.as_ref());
        let bounding_box = first.and_then(|first| {
            let own = first.bounding_box().cloned();
            own.or_else(|| first.natural_box())
        });
        Ok(Self {
            bounding_box,
            name: node.get("name").and_then(Node::text).map(Into::into),
            path: place.clone(),
            extent: None,
            pixel_shape: shape.and_then(|shape| shape.iter().map(extent).collect()),
            steps,
            wrappers: Vec::new(),
            dropped: Vec::new(),
            #[cfg(feature = "fits")]
            sources: vec![ModelSource::of_file(node)],
            is_of_header: false,
            cache: Cache::default(),
        })
    }

    /// What is between its pixels and those of the WCS that it was made of (slices, larger pixels, other orders), a text
    /// each, the outermost first; empty for one that wraps no other.
    pub fn wrappers(&self) -> &[Box<str>] {
        &self.wrappers
    }

    /// True when it was made of the keywords of a FITS header, so that no tree has its transforms.
    pub fn is_of_header(&self) -> bool {
        self.is_of_header
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

    /// Where it is valid: the bounding box of the first step, as gwcs has it; of a table alone its points.
    pub fn bounding_box(&self) -> Option<&BoundingBox> {
        self.bounding_box.as_ref()
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
        back.ok_or_else(|| WcsFault::NoInverse.into())
    }

    /// From one frame to the other by their numbers.
    fn chain(&self, from: usize, to: usize) -> Result<Transform> {
        let steps = self.steps.get(from..to).unwrap_or_default();
        let transforms = steps.iter().filter_map(|step| step.transform.clone());
        Transform::chain(transforms).ok_or_else(|| WcsFault::NoTransform.into())
    }

    /// World coordinates of pixels: `pixels[i]` has input `i` (x first, from 0, at pixel centres) of every point; a column for each
    /// world axis comes back, in the units of the last frame. Pixels outside of the bounding box have NaN.
    ///
    /// # Errors
    /// A transform is not known or does not fit the others; columns of other number or length.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let wcs = AsdfFile::open(path)?.wcs("roman/meta/wcs")?;
    /// let (x, y) = ([10.0, 11.0], [20.0, 20.0]); // from 0 at the centre of the first pixel; x is the column
    /// let world = wcs.pixel_to_world(&[&x, &y])?;
    /// assert!((world[0][0] - 268.4988401192674).abs() < 1e-12); // right ascension, degrees
    /// assert!((world[1][0] + 29.20508174282476).abs() < 1e-12); // declination
    /// # Ok(())
    /// # }
    /// ```
    pub fn pixel_to_world(&self, pixels: &[&[f64]]) -> Result<Vec<Vec<f64>>> {
        self.program()?.eval(pixels)
    }

    /// Pixels of world coordinates: by the inverse that the transforms have, else by iteration. What the inverse of
    /// a file says may be off by hundredths of a pixel; [`world_to_pixel_numerical`](Self::world_to_pixel_numerical)
    /// is exact. Points outside of the bounding box are NaN.
    ///
    /// # Errors
    /// As [`pixel_to_world`](Self::pixel_to_world); there is no inverse.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let wcs = AsdfFile::open(path)?.wcs("roman/meta/wcs")?;
    /// let pixels = wcs.world_to_pixel(&[&[268.4988401192674], &[-29.20508174282476]])?;
    /// assert!((pixels[0][0] - 10.0).abs() < 1e-4); // by the inverse that the file gives, a polynomial
    /// # Ok(())
    /// # }
    /// ```
    pub fn world_to_pixel(&self, world: &[&[f64]]) -> Result<Vec<Vec<f64>>> {
        match self.backward_program()? {
            Some(backward) => Ok(self.within(backward.eval(world)?, BACKWARD_SLACK)),
            None => self.world_to_pixel_numerical(world),
        }
    }

    /// Pixels of world coordinates by iteration, to 1e-8 pixels: they give these coordinates again. NaN
    /// where no pixel is found, and outside of the bounding box.
    ///
    /// # Errors
    /// As [`pixel_to_world`](Self::pixel_to_world); there are not as many world coordinates as pixel
    /// coordinates.
    pub fn world_to_pixel_numerical(&self, world: &[&[f64]]) -> Result<Vec<Vec<f64>>> {
        Ok(self.within(self.unbounded_numerical(world)?, SLACK))
    }

    /// The same without the bounding box.
    fn unbounded_numerical(&self, world: &[&[f64]]) -> Result<Vec<Vec<f64>>> {
        let solver = if let Some(solver) = self.cache.solver.get() {
            solver
        } else {
            let solver = self.new_solver()?;
            self.cache.solver.get_or_init(|| solver)
        };
        if world.len() != solver.dimensions() {
            return Err(WcsFault::WorldColumns {
                found: world.len(),
                dimensions: solver.dimensions(),
            }
            .into());
        }
        solver.solve(world)
    }

    /// The pixel of a position on the sky, longitude and latitude in degrees, in the image or near it: to 1e-8
    /// pixels where the iteration finds it, else what the inverse of the transforms says.
    ///
    /// # Errors
    /// It is not an image of the sky in two dimensions; a latitude beyond 90 degrees; a transform cannot be evaluated.
    pub fn pixel_at(&self, [longitude, latitude]: [f64; 2]) -> Result<[f64; 2]> {
        let (_, sky) = self.image()?;
        if sky::is_beyond_pole(latitude.to_radians()) {
            let latitude = latitude.to_string().into();
            return Err(WcsFault::BeyondPole { latitude }.into());
        }
        let mut world = [[f64::NAN]; 2];
        for (place, degrees) in [(sky.longitude, longitude), (sky.latitude, latitude)] {
            if let Some(slot) = world.get_mut(place) {
                *slot = [degrees.to_radians() / sky.radians];
            }
        }
        let world = world.each_ref().map(<[f64; 1]>::as_slice);
        let first = |columns: Vec<Vec<f64>>| {
            let at = |axis: usize| columns.get(axis).and_then(|column| column.first()).copied();
            [at(0).unwrap_or(f64::NAN), at(1).unwrap_or(f64::NAN)]
        };
        let found = first(self.unbounded_numerical(&world)?);
        if found.iter().all(|value| value.is_finite()) {
            return Ok(found);
        }
        match self.backward_program()? {
            Some(backward) => Ok(first(backward.eval(&world)?)),
            None => Ok(found),
        }
    }

    fn new_solver(&self) -> Result<Solver> {
        let forward = self.unbounded_program()?;
        if forward.n_inputs() != forward.n_outputs() || forward.n_inputs() > inverse::DIMENSIONS {
            return Err(WcsFault::Unequal {
                pixel: forward.n_inputs(),
                world: forward.n_outputs(),
                most: inverse::DIMENSIONS,
            }
            .into());
        }
        let backward = self.backward_program().ok().flatten().cloned();
        let sky = self.steps.last().and_then(|step| step.frame.sky());
        Solver::new(forward, backward, sky, self.vectors(sky)?)
    }

    /// The whole chain to unit vectors, and where the image is; of an image of the sky in degrees.
    fn vectors(&self, sky: Option<Sky>) -> Result<Option<(Program, [Interval; 2])>> {
        let degree = 1.0_f64.to_radians();
        let sky = sky.filter(|sky| (sky.radians / degree - 1.0).abs() < 1e-15);
        let intervals = self.intervals();
        let intervals = intervals.and_then(|sides| <[Interval; 2]>::try_from(sides).ok());
        let (Some(sky), Some(intervals)) = (sky, intervals) else {
            return Ok(None);
        };
        let vectors = self.forward()?.to_vectors(sky.longitude, sky.latitude);
        let program = vectors.map(|vectors| vectors.program()).transpose()?;
        Ok(program.map(|program| (program, intervals)))
    }

    /// The transform of an image of the sky, and which of its results are the position.
    fn image(&self) -> Result<(Program, Sky)> {
        let program = self.unbounded_program()?;
        let sky = self.steps.last().and_then(|step| step.frame.sky());
        match sky {
            Some(sky) if program.n_inputs() == 2 => Ok((program, sky)),
            _ => Err(WcsFault::NotAnImage.into()),
        }
    }

    /// Where the image is: the bounding box, else the pixel shape.
    fn intervals(&self) -> Option<Vec<Interval>> {
        if let Some(bounding_box) = self.bounding_box() {
            return bounding_box.intervals();
        }
        let interval = |extent: f64| Interval {
            low: -0.5,
            high: extent - 0.5,
        };
        if let Some(extent) = &self.extent {
            return Some(extent.iter().map(|length| interval(*length)).collect());
        }
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        let lengths = self
            .pixel_shape
            .as_ref()?
            .iter()
            .map(|length| *length as f64);
        Some(lengths.map(interval).collect())
    }

    fn within(&self, mut pixels: Vec<Vec<f64>>, slack: f64) -> Vec<Vec<f64>> {
        if let Some(bounding_box) = self.bounding_box() {
            bounding_box.blank_outside(&mut pixels, slack);
        }
        pixels
    }

    /// From the pixels to the world ready for evaluation, with the bounding box.
    ///
    /// # Errors
    /// As [`pixel_to_world`](Self::pixel_to_world).
    pub fn program(&self) -> Result<&Program> {
        if let Some(program) = self.cache.forward.get() {
            return Ok(program);
        }
        let last = self.steps.len().saturating_sub(1);
        let program = self.program_of(&self.forward()?, 0, last)?;
        Ok(self.cache.forward.get_or_init(|| program))
    }

    /// The same without the bounding box.
    fn unbounded_program(&self) -> Result<Program> {
        Ok(self.program()?.clone().unbounded())
    }

    /// From the world to the pixels ready for evaluation, without the bounding box; `None` when there is
    /// no inverse.
    ///
    /// # Errors
    /// As [`pixel_to_world`](Self::pixel_to_world).
    pub fn backward_program(&self) -> Result<Option<&Program>> {
        if let Some(program) = self.cache.backward.get() {
            return Ok(program.as_ref());
        }
        let last = self.steps.len().saturating_sub(1);
        let backward = self.backward()?;
        let program = backward.map(|transform| self.program_of(&transform, last, 0));
        let program = program.transpose()?;
        Ok(self.cache.backward.get_or_init(|| program).as_ref())
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
            WcsFault::NoFrame {
                name: name.into(),
                known: names.join(", ").into(),
            }
            .into()
        })
    }
}
