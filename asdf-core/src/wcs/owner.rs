//! Which WCS an array has, and which arrays a WCS has (spec-notes W-22 to W-26): one rule for all that asks.

use super::Wcs;
use super::kind::WcsKind;
use crate::array::is_ndarray;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::transform::Program;
use crate::tree::IntoTreePath;
use crate::tree::Node;
use crate::tree::NodeId;
use crate::tree::PathStep;
use crate::tree::TreePath;
use std::collections::HashSet;

/// Names of the arrays of a mapping that are looked at first where nothing says how large the image of a WCS is.
const MAIN: [&str; 4] = ["data", "sci", "image", "img"];
/// WCS of one mapping that are looked at.
const MOST: usize = 16;

/// What was found when the WCS of an array was looked for.
#[derive(Debug, Clone)]
pub enum ArrayWcs {
    /// The one that belongs to it.
    One(Box<Wcs>),
    /// None; why not.
    None(NoWcs),
}

/// Why an array has no WCS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoWcs {
    /// It is a part of a WCS.
    Within(TreePath),
    /// Neither its mapping nor one around it has one.
    Missing,
    /// The nearest one is that of another grid, or has more axes.
    OtherGrid(TreePath),
    /// The nearest one cannot be read.
    Unreadable(TreePath, Box<str>),
    /// Several are equally near and of its grid.
    Ambiguous(Vec<TreePath>),
}

impl std::fmt::Display for NoWcs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Within(path) => write!(f, "it is a part of the WCS {path}"),
            Self::Missing => f.write_str("no mapping around it has a WCS"),
            Self::OtherGrid(path) => write!(f, "the nearest one, {path}, is that of another grid"),
            Self::Unreadable(path, reason) => {
                write!(f, "the nearest one, {path}, cannot be read: {reason}")
            }
            Self::Ambiguous(paths) => {
                let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
                write!(f, "several may be meant: {}", paths.join(", "))
            }
        }
    }
}

/// An array that a WCS belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridArray {
    /// Its place.
    pub path: TreePath,
    /// Its lengths.
    pub shape: Vec<u64>,
}

/// The WCS that stand nearest to an array, and the mapping that they stand in.
struct Nearest {
    /// How many steps lead to the mapping.
    depth: usize,
    paths: Vec<TreePath>,
}

impl AsdfFile {
    /// The places of all WCS of the tree, in document order, each once; of one that wraps others only its own. Headers of
    /// HDUs in the tree have theirs at the key `wcs` beside the header, where all of it is understood.
    pub fn wcs_paths(&self) -> Vec<TreePath> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![(self.tree().root(), false)];
        while let Some((node, is_under_wcs)) = open.pop() {
            if !seen.insert(node.id()) {
                continue;
            }
            let kind = WcsKind::under(if is_under_wcs { "wcs" } else { "" }, node);
            if kind.is_some() {
                found.push(node.path());
                continue;
            }
            #[cfg(feature = "fits")]
            if super::header::is_hdu(node) {
                let place = node.path().key("wcs");
                if super::header::of_hdu(self, node, &place).is_ok() {
                    found.push(place);
                }
            }
            if is_ndarray(node) {
                continue;
            }
            let start = open.len();
            for (key, value) in node.as_map().iter().flat_map(|map| map.iter()) {
                open.push((value, key.text() == Some("wcs")));
            }
            let items = node.as_seq();
            open.extend(
                items
                    .iter()
                    .flat_map(|items| items.iter())
                    .map(|item| (item, false)),
            );
            if let Some(children) = open.get_mut(start..) {
                children.reverse();
            }
        }
        found
    }

    /// The WCS of an array of that shape: the nearest one in the mappings around it, if it is that of its grid.
    pub fn wcs_of_array(&self, path: &TreePath, shape: &[u64]) -> Option<Wcs> {
        match self.array_wcs(path, shape) {
            ArrayWcs::One(wcs) => Some(*wcs),
            ArrayWcs::None(_) => None,
        }
    }

    /// The same with what was found where there is none.
    pub fn array_wcs(&self, path: &TreePath, shape: &[u64]) -> ArrayWcs {
        let nearest = match self.nearest(path) {
            Ok(nearest) => nearest,
            Err(none) => return ArrayWcs::None(none),
        };
        let mut fitting: Vec<Wcs> = Vec::new();
        let (mut other, mut broken) = (None, None);
        for place in nearest.paths.iter().take(MOST) {
            match self.wcs(place) {
                Ok(wcs) if self.has_grid(&wcs, nearest.depth, shape) => fitting.push(wcs),
                Ok(_) => drop(other.get_or_insert(place)),
                Err(error) => {
                    broken.get_or_insert((place, error.kind().to_string()));
                }
            }
        }
        match (fitting.pop(), fitting.as_slice()) {
            (Some(wcs), []) => ArrayWcs::One(Box::new(wcs)),
            (Some(last), others) => {
                let paths = others.iter().chain([&last]).map(|wcs| wcs.path().clone());
                ArrayWcs::None(NoWcs::Ambiguous(paths.collect()))
            }
            (None, _) => ArrayWcs::None(match (broken, other) {
                (Some((path, reason)), _) => NoWcs::Unreadable(path.clone(), reason.into()),
                (None, Some(path)) => NoWcs::OtherGrid(path.clone()),
                (None, None) => NoWcs::Missing,
            }),
        }
    }

    /// The arrays that a WCS belongs to, in document order: those whose WCS it is.
    ///
    /// # Errors
    /// The tree has more arrays than the limit, when shared nodes are expanded; the WCS has no transform.
    pub fn arrays_of_wcs(&self, wcs: &Wcs) -> Result<Vec<GridArray>> {
        let place = wcs.path().to_string();
        let inputs = wcs.program()?.n_inputs();
        let mut grid: Option<Option<Vec<u64>>> = None;
        let mut found = Vec::new();
        for (path, node) in self.arrays()? {
            let Ok(nearest) = self.nearest(&path) else {
                continue;
            };
            if !nearest.paths.iter().any(|own| own.to_string() == place) || self.is_mask(&path) {
                continue;
            }
            let fits = |shape: &Vec<u64>| shape.len() >= inputs.min(2);
            let Some(shape) = self.lengths(node).filter(fits) else {
                continue;
            };
            let grid = grid.get_or_insert_with(|| self.grid(wcs, nearest.depth));
            let is_own = last(&shape, inputs) == *grid && {
                let others = nearest.paths.len() > 1;
                let own = others.then(|| self.wcs_of_array(&path, &shape));
                own.is_none_or(|own| own.is_some_and(|own| own.path().to_string() == place))
            };
            if is_own {
                found.push(GridArray { path, shape });
            }
        }
        Ok(found)
    }

    /// The WCS of the images of this file, each with the first of its arrays, in document order: those of two pixel
    /// coordinates or more that have arrays.
    ///
    /// # Errors
    /// The tree has more arrays than the limit, when shared nodes are expanded.
    pub fn images(&self) -> Result<Vec<(TreePath, TreePath)>> {
        let mut found: Vec<(TreePath, TreePath)> = Vec::new();
        let mut seen = HashSet::new();
        for (path, node) in self.arrays()? {
            let Ok(nearest) = self.nearest(&path) else {
                continue;
            };
            let Some(shape) = self.lengths(node).filter(|shape| shape.len() >= 2) else {
                continue;
            };
            let places: Vec<String> = nearest.paths.iter().map(ToString::to_string).collect();
            if self.is_mask(&path) || !seen.insert((places, shape.clone())) {
                continue;
            }
            let Some(wcs) = self.wcs_of_array(&path, &shape) else {
                continue;
            };
            let is_image = wcs.program().is_ok_and(|program| program.n_inputs() >= 2);
            if is_image && found.iter().all(|known| known.0 != *wcs.path()) {
                found.push((wcs.path().clone(), path));
            }
        }
        Ok(found)
    }

    /// The WCS of images of this file that give the same coordinates as one does, itself the first: those of the science data,
    /// errors and flags of FITS files, which have a header each.
    ///
    /// # Errors
    /// As [`images`](Self::images); the WCS has no transform.
    pub fn same_wcs(&self, wcs: Wcs) -> Result<Vec<Wcs>> {
        let place = wcs.path().to_string();
        let shape = |own: &Wcs| -> Result<Option<Vec<u64>>> {
            let first = self.arrays_of_wcs(own)?.into_iter().next();
            Ok(first.map(|array| array.shape))
        };
        let Some(lengths) = shape(&wcs)? else {
            return Ok(vec![wcs]);
        };
        let mut found = vec![wcs];
        for (own, _) in self.images()? {
            if own.to_string() == place {
                continue;
            }
            let other = self.wcs(&own)?;
            let is_alike = shape(&other)?.as_ref() == Some(&lengths)
                && found
                    .first()
                    .is_some_and(|wcs| wcs.is_same(&other, &lengths));
            if is_alike {
                found.push(other);
            }
        }
        Ok(found)
    }

    /// True for a path that leads to a WCS or into one.
    pub(crate) fn is_within_wcs(&self, path: &TreePath) -> bool {
        let nodes = self.along(path);
        nodes.is_some_and(|nodes| wcs_among(&nodes, path).is_some())
    }

    /// The nodes on the way to one, the root first and that itself last.
    fn along(&self, path: &TreePath) -> Option<Vec<Node<'_>>> {
        let mut nodes = vec![self.tree().root()];
        for step in path.steps() {
            nodes.push(nodes.last()?.step(step)?);
        }
        Some(nodes)
    }

    /// The mapping around an array that has WCS: the innermost one.
    fn nearest(&self, path: &TreePath) -> std::result::Result<Nearest, NoWcs> {
        let nodes = self.along(path).ok_or(NoWcs::Missing)?;
        // The nodes within a WCS are its parameters.
        if let Some(depth) = wcs_among(&nodes, path) {
            return Err(NoWcs::Within(path.prefix(depth)));
        }
        for depth in (0..path.steps().len()).rev() {
            let Some(node) = nodes.get(depth) else {
                continue;
            };
            let paths = self.held(*node, path, depth);
            if !paths.is_empty() {
                return Ok(Nearest { depth, paths });
            }
            // An HDU has the WCS of its own header, or none.
            #[cfg(feature = "fits")]
            if super::header::is_hdu(*node) {
                let own = path.prefix(depth).key("wcs");
                if let Err(error) = super::header::of_hdu(self, *node, &own) {
                    return Err(NoWcs::Unreadable(own, error.kind().to_string().into()));
                }
            }
            if is_hdu(*node) {
                return Err(NoWcs::Missing);
            }
        }
        Err(NoWcs::Missing)
    }

    /// The WCS of a mapping: `wcs`, else `meta.wcs`, else those under other keys of both. Where `wcs` is a list or mapping of
    /// several, that which has the key or number of the array's branch.
    fn held(&self, node: Node<'_>, path: &TreePath, depth: usize) -> Vec<TreePath> {
        if node.as_map().is_none() {
            return Vec::new();
        }
        let place = path.prefix(depth);
        #[cfg(feature = "fits")]
        if super::header::is_hdu(node) {
            let own = place.clone().key("wcs");
            if super::header::of_hdu(self, node, &own).is_ok() {
                return vec![own];
            }
        }
        let meta = node.get("meta").filter(|meta| meta.as_map().is_some());
        let holders = [
            Some((node, place.clone())),
            meta.map(|meta| (meta, place.key("meta"))),
        ];
        let holders = || holders.iter().flatten();
        for (holder, place) in holders() {
            let Some(own) = holder.get("wcs") else {
                continue;
            };
            let place = place.clone().key("wcs");
            if WcsKind::under("wcs", own).is_some() {
                return vec![place];
            }
            // Lists side by side, an item of one for each of the other.
            let branch = path.steps().get(depth + 1);
            if let Some((step, item)) = branch.and_then(|step| Some((step, own.step(step)?)))
                && WcsKind::under("wcs", item).is_some()
            {
                let mut steps = place.steps().to_vec();
                steps.push(step.clone());
                return vec![TreePath::from(steps)];
            }
        }
        let mut seen: HashSet<NodeId> = HashSet::new();
        let mut found = Vec::new();
        for (holder, place) in holders() {
            for (key, value) in holder.as_map().iter().flat_map(|map| map.iter()) {
                let Some(key) = key.text() else { continue };
                if WcsKind::of(value).is_some() && seen.insert(value.id()) {
                    found.push(place.clone().key(key));
                }
            }
        }
        found
    }

    fn has_grid(&self, wcs: &Wcs, depth: usize, shape: &[u64]) -> bool {
        let inputs = wcs.program().map(Program::n_inputs);
        let own = inputs.ok().and_then(|inputs| last(shape, inputs));
        own.is_some() && own == self.grid(wcs, depth)
    }

    /// The lengths of the grid of a WCS that stands in the mapping at this depth, x first: its pixel shape; else those of
    /// the arrays around it that its bounding box ends with, or the least that it lies within; without a box, or with one
    /// that is larger than each of them, those that all of these arrays have, or the one that is called `data`.
    fn grid(&self, wcs: &Wcs, depth: usize) -> Option<Vec<u64>> {
        if let Some(shape) = wcs.pixel_shape() {
            return Some(shape.to_vec());
        }
        let inputs = wcs.program().ok()?.n_inputs();
        let around = self.around(wcs, depth, inputs);
        let pixels = |lengths: &[u64]| {
            let product = |all: u64, length: &u64| all.saturating_mul(*length);
            lengths.iter().fold(1, product)
        };
        if let Some(ends) = wcs.ends().filter(|ends| ends.len() == inputs) {
            let holds = |lengths: &[u64]| {
                let mut pairs = lengths.iter().zip(&ends);
                pairs.all(|(length, end)| length >= end)
            };
            let within = around.iter().filter(|(_, lengths)| holds(lengths));
            let least = within.min_by_key(|(_, lengths)| pixels(lengths));
            if around.iter().any(|(_, lengths)| *lengths == ends) {
                return Some(ends);
            }
            if let Some((_, lengths)) = least {
                return Some(lengths.clone());
            }
            // A box beyond all of them (of the whole detector, or rounded up) does not tell one from the other.
        }
        let first = &around.first()?.1;
        if around.iter().all(|(_, lengths)| lengths == first) {
            return Some(first.clone());
        }
        let main = MAIN.iter().find_map(|name| {
            let is = |(path, _): &&(TreePath, Vec<u64>)| is_named(path, depth, name);
            around.iter().find(is)
        });
        main.map(|(_, lengths)| lengths.clone())
    }

    /// The arrays around a WCS, with their last lengths.
    fn around(&self, wcs: &Wcs, depth: usize, inputs: usize) -> Vec<(TreePath, Vec<u64>)> {
        let steps = wcs.path().steps();
        let holder = wcs.path().prefix(depth.min(steps.len())).to_string();
        let mut found = Vec::new();
        for (path, node) in self.arrays().unwrap_or_default() {
            let is_around = path.prefix(depth).to_string() == holder;
            let nearest = is_around.then(|| self.nearest(&path).ok()).flatten();
            if nearest.is_none_or(|nearest| nearest.depth != depth) || self.is_mask(&path) {
                continue;
            }
            let shape = self.lengths(node);
            found.extend(shape.and_then(|shape| Some((path, last(&shape, inputs)?))));
        }
        found
    }

    fn lengths(&self, node: Node<'_>) -> Option<Vec<u64>> {
        Some(self.array_at(node).ok()?.shape().to_vec())
    }

    /// A mask goes with the array that it is a part of.
    fn is_mask(&self, path: &TreePath) -> bool {
        let Some((last, before)) = path.steps().split_last() else {
            return false;
        };
        let is_named = matches!(last, PathStep::Key(key) if &**key == "mask");
        let parent = is_named.then(|| self.tree().node(TreePath::from(before.to_vec())));
        parent.is_some_and(|parent| parent.is_ok_and(is_ndarray))
    }
}

/// The last lengths of a shape, the first input (x) first. A picture may have further pixel axes that only its WCS knows
/// (`WCSAXES` of FITS): they are one pixel long.
fn last(shape: &[u64], count: usize) -> Option<Vec<u64>> {
    let mut lengths: Vec<u64> = shape.iter().rev().take(count).copied().collect();
    if lengths.len() >= 2 {
        lengths.resize(count, 1);
    }
    (lengths.len() == count && count > 0).then_some(lengths)
}

/// True for an array that stands under this key of the mapping, or is the value of a quantity there.
fn is_named(path: &TreePath, depth: usize, name: &str) -> bool {
    matches!(path.steps().get(depth), Some(PathStep::Key(key)) if &**key == name)
}

/// True for an HDU of a list of a FITS file, with or without a WCS in its header.
fn is_hdu(node: Node<'_>) -> bool {
    let header = node.get("header");
    let is_header = |header: Node<'_>| {
        header.get("BITPIX").is_some()
            || header.get("XTENSION").is_some()
            || header.as_seq().is_some_and(|cards| {
                cards.iter().any(|card| {
                    matches!(card.at(0).and_then(Node::text), Some("BITPIX" | "XTENSION"))
                })
            })
    };
    node.as_map().is_some() && header.is_some_and(is_header)
}

impl Wcs {
    /// Whether both give the same coordinates in the same frame, number by number, on a grid over an image of these lengths.
    fn is_same(&self, other: &Self, lengths: &[u64]) -> bool {
        /// Places along x and y.
        const STEPS: usize = 5;
        let frames = [self, other].map(|wcs| {
            let last = wcs.steps().last();
            last.map(|step| format!("{:?}", step.frame))
        });
        let [Ok(one), Ok(two)] = [self, other].map(Self::unbounded_program) else {
            return false;
        };
        let inputs = one.n_inputs();
        if frames[0] != frames[1] || two.n_inputs() != inputs {
            return false;
        }
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        let at = |axis: usize, step: usize| {
            let length = lengths.iter().rev().nth(axis).copied().unwrap_or(1);
            (length.saturating_sub(1)) as f64 * step as f64 / (STEPS - 1) as f64
        };
        let points: Vec<Vec<f64>> = (0..inputs)
            .map(|axis| {
                let steps = (0..STEPS * STEPS).map(|place| match axis {
                    0 => place % STEPS,
                    // The further axes go with y.
                    _ => place / STEPS,
                });
                steps.map(|step| at(axis, step)).collect()
            })
            .collect();
        let points: Vec<&[f64]> = points.iter().map(Vec::as_slice).collect();
        let [Ok(one), Ok(two)] = [one.eval(&points), two.eval(&points)] else {
            return false;
        };
        let bits = |columns: Vec<Vec<f64>>| -> Vec<u64> {
            let values = columns.into_iter().flatten();
            values.map(f64::to_bits).collect()
        };
        bits(one) == bits(two)
    }

    /// The least lengths of an array that the bounding box lies within, one for each input, where there is a box.
    pub(super) fn ends(&self) -> Option<Vec<u64>> {
        let intervals = self.bounding_box()?.intervals()?;
        intervals
            .iter()
            .map(|interval| {
                let end = (interval.high + 0.5).floor();
                #[expect(clippy::cast_possible_truncation, reason = "tested")]
                #[expect(clippy::cast_sign_loss, reason = "tested")]
                (1.0..1e15).contains(&end).then_some(end as u64)
            })
            .collect()
    }
}

impl AsdfFile {
    /// The place and shape of an array at a path, with why it has no WCS when it has none.
    ///
    /// # Errors
    /// There is no array.
    pub fn wcs_at_array(&self, path: impl IntoTreePath) -> Result<ArrayWcs> {
        let path = path.into_tree_path()?;
        let array = self.array(&path)?;
        Ok(self.array_wcs(&path, array.shape()))
    }
}

/// How many steps of a path lead to the first WCS among the nodes along it.
fn wcs_among(nodes: &[Node<'_>], path: &TreePath) -> Option<usize> {
    let before = [""].into_iter();
    let keys = before.chain(path.steps().iter().map(|step| match step {
        PathStep::Key(key) => &**key,
        PathStep::Index(_) => "",
    }));
    let mut pairs = nodes.iter().zip(keys);
    pairs.position(|(node, key)| WcsKind::under(key, *node).is_some())
}
