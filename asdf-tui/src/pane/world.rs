//! A WCS or a transform of the tree, whether an array belongs to it or not: a point in every frame, and its footprint on
//! the sky.

mod footprint;
mod transform;

pub use footprint::SkyChart;

use crate::measure::SkyToPixel;
use crate::pane::cursor::Cursor;
use crate::pane::image::typed::Typed;
use crate::pane::wcs::{WcsAsk, WcsLine};
use asdf_core::transform::BoundingBox;
use asdf_core::wcs::Wcs;
use asdf_core::{AsdfFile, Node, TreePath};
use std::sync::Arc;

/// The state of the pane.
#[derive(Debug)]
pub struct WorldPane {
    /// The node that it was asked for.
    pub path: TreePath,
    /// What was found, or why nothing was; `None` while it is looked for.
    pub found: Option<Result<Arc<WorldReport>, String>>,
    /// The first line that shows.
    pub cursor: Cursor,
}

/// What is to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct WorldAsk {
    /// The selected node.
    pub path: TreePath,
    /// The point that was typed.
    pub point: Option<WorldPoint>,
}

/// A point that was typed.
#[derive(Debug, Clone, PartialEq)]
pub enum WorldPoint {
    /// The inputs: pixels.
    Inputs(Vec<f64>),
    /// A position on the sky in degrees, in the system of the WCS.
    Sky([f64; 2]),
}

/// What is told.
#[derive(Debug, Clone, PartialEq)]
pub struct WorldReport {
    /// The WCS or the transform.
    pub path: TreePath,
    /// The lines.
    pub lines: Vec<WcsLine>,
    /// The footprint.
    pub chart: Option<SkyChart>,
}

impl WorldPane {
    /// What is told, once it is there.
    pub fn report(&self) -> Option<&WorldReport> {
        match &self.found {
            Some(Ok(report)) => Some(report),
            _ => None,
        }
    }

    /// The number of lines.
    pub fn len(&self) -> u64 {
        self.report().map_or(0, |report| report.lines.len() as u64)
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl WorldPoint {
    /// Reads what was typed: numbers, or a position on the sky; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(Ok(Typed::Sky(place))) = Typed::parse(text) {
            return Some(Self::Sky(place));
        }
        let words = text.split([',', ' ']).filter(|word| !word.is_empty());
        let numbers: Option<Vec<f64>> = words.map(|word| word.parse().ok()).collect();
        let numbers = numbers.filter(|numbers| !numbers.is_empty())?;
        numbers
            .iter()
            .all(|number| number.is_finite())
            .then_some(Self::Inputs(numbers))
    }
}

/// What a node has of these.
enum Subject {
    Wcs(Arc<Wcs>),
    Transform(TreePath),
}

impl WorldAsk {
    /// Finds what is to be told.
    ///
    /// # Errors
    /// There is no WCS and no transform at the node, above it or for its array; it cannot be read; the point does not fit.
    pub fn find(&self, file: &AsdfFile) -> Result<WorldReport, String> {
        match self.subject(file)? {
            Subject::Wcs(wcs) => self.of_wcs(file, &wcs),
            Subject::Transform(path) => transform::report(file, &path, self.point.as_ref()),
        }
    }

    /// The WCS or transform of the node itself, of the nearest node above it, of the array, or the first of the file.
    fn subject(&self, file: &AsdfFile) -> Result<Subject, String> {
        let told = |error: asdf_core::Error| error.kind().to_string();
        let steps = self.path.steps().len();
        if let Ok(node) = file.node(&self.path)
            && asdf_core::array::is_array(node)
            && let Ok(info) = asdf_core::inspect::ArrayInfo::of(file, node)
            && let Some(wcs) = file.wcs_of_array(&self.path, &info.shape)
        {
            return Ok(Subject::Wcs(Arc::new(wcs)));
        }
        let mut depth = steps;
        loop {
            let path = self.path.prefix(depth);
            if let Ok(node) = file.node(&path) {
                if is_transform(node) {
                    // Of a transform within another the outer one is not meant.
                    return Ok(Subject::Transform(path));
                }
                if looks_like_wcs(&path, node) {
                    return Ok(Subject::Wcs(Arc::new(file.wcs(&path).map_err(told)?)));
                }
            }
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => break,
            }
        }
        match file.wcs_paths().first() {
            Some(path) => Ok(Subject::Wcs(Arc::new(file.wcs(path).map_err(told)?))),
            None => Err("no WCS in this file, and no transform at this node".to_owned()),
        }
    }

    fn of_wcs(&self, file: &AsdfFile, wcs: &Arc<Wcs>) -> Result<WorldReport, String> {
        let inputs = wcs
            .program()
            .map_err(|error| error.kind().to_string())?
            .n_inputs();
        let middle = middle(wcs, inputs);
        let point = match &self.point {
            None => middle,
            Some(WorldPoint::Inputs(numbers)) if numbers.len() == inputs => numbers.clone(),
            Some(WorldPoint::Inputs(numbers)) => {
                return Err(format!(
                    "{} numbers were typed, a pixel has {inputs}",
                    numbers.len()
                ));
            }
            Some(WorldPoint::Sky(place)) => {
                let way = SkyToPixel::new(wcs, Some(&middle))?;
                let pixel = way.coordinates(*place)?;
                if pixel.iter().any(|value| !value.is_finite()) {
                    return Err("no pixel has this position".to_owned());
                }
                pixel
            }
        };
        let ask = WcsAsk {
            wcs: Some(Arc::clone(wcs)),
            pixel: point.clone(),
        };
        Ok(WorldReport {
            path: wcs.path().clone(),
            lines: ask.report(file),
            chart: SkyChart::of(wcs, &point),
        })
    }
}

/// A transform by its tag.
fn is_transform(node: Node<'_>) -> bool {
    node.tag().is_some_and(|tag| {
        tag.base().contains("/transform/") || tag.base().contains("jwst_pipeline/")
    })
}

/// A WCS by its tag or its key.
fn looks_like_wcs(path: &TreePath, node: Node<'_>) -> bool {
    use asdf_core::tree::PathStep;
    let is_named = matches!(path.steps().last(), Some(PathStep::Key(key)) if &**key == "wcs");
    asdf_core::wcs::is_wcs(node) || (is_named && node.as_map().is_some())
}

/// The middle of the bounding box, else of the image, else the first pixel.
#[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
fn middle(wcs: &Wcs, inputs: usize) -> Vec<f64> {
    let mut point = vec![0.0; inputs];
    if let Some(shape) = wcs.pixel_shape() {
        for (slot, length) in point.iter_mut().zip(shape) {
            *slot = (length.saturating_sub(1) / 2) as f64;
        }
    }
    if let Some(BoundingBox::Simple(intervals)) = wcs.bounding_box() {
        for (slot, interval) in point.iter_mut().zip(intervals) {
            let middle = interval.map(|interval| f64::midpoint(interval.low, interval.high));
            *slot = middle
                .filter(|middle| middle.is_finite())
                .map_or(*slot, f64::floor);
        }
    }
    point
}
