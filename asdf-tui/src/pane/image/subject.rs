//! What is known of an array beside its elements: unit, flags, world coordinates, arrays to compare with.

use super::flags::FlagNames;
use crate::raster::channel_axis;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::Node;
use asdf_core::Result;
use asdf_core::TreePath;
use asdf_core::array::is_array;
use asdf_core::inspect::ArrayInfo;
use asdf_core::tree::Value;
use asdf_core::wcs::Wcs;
use std::sync::Arc;

/// An array that can be shown as a picture.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Where it is.
    pub path: TreePath,
    /// Lengths of its axes: two at least.
    pub shape: Vec<u64>,
    /// What an element is.
    pub datatype: String,
    /// The axis along which its elements are the colours of a pixel.
    pub channels: Option<usize>,
    /// The unit of its elements; empty where none is known.
    pub unit: String,
    /// An array with the error of each of its elements, and its shape.
    pub errors: Option<(TreePath, Vec<u64>)>,
    /// An array with a word of flags for each of its pixels.
    pub flags: Option<FlagSource>,
    /// The WCS of its pixels.
    pub wcs: Option<Arc<Wcs>>,
    /// Arrays beside it whose planes are as large.
    pub alike: Vec<TreePath>,
}

/// An array of flags.
#[derive(Debug, Clone)]
pub struct FlagSource {
    /// Where it is.
    pub path: TreePath,
    /// Lengths of its axes.
    pub shape: Vec<u64>,
    /// What its bits are called.
    pub names: FlagNames,
}

/// Names of arrays of flags beside the arrays that they are about.
const FLAG_NAMES: [&str; 5] = ["dq", "DQ", "pixeldq", "groupdq", "mask"];
/// Arrays to compare with at most.
const ALIKE: usize = 64;

impl Subject {
    /// Finds out about the array at a path.
    ///
    /// # Errors
    /// There is no such array; it is none of numbers; it has less than two axes.
    pub fn find(file: &AsdfFile, path: &TreePath) -> Result<Self> {
        let node = file.node(path)?;
        let info = ArrayInfo::of(file, node)?;
        if info.datatype.scalar().is_none() || info.shape.len() < 2 {
            let reason = format!(
                "{path}: {} with {} axes; a picture needs numbers with two axes or more",
                info.datatype,
                info.shape.len()
            );
            return Err(Error::of_caller(reason));
        }
        let owner = owner(file, path);
        let flags = owner.and_then(|owner| flags(file, owner, path, &info.shape));
        let flags = flags.or_else(|| flags_of_hdu(file, path, &info.shape));
        Ok(Self {
            unit: unit(file, path).unwrap_or_default(),
            errors: errors(file, owner, path, &info.shape),
            flags,
            wcs: file.wcs_of_array(path, &info.shape).map(Arc::new),
            alike: match owner.map(|owner| alike(file, owner, path, &info.shape)) {
                Some(found) if !found.is_empty() => found,
                _ => alike_hdus(file, path, &info.shape),
            },
            channels: channels(path, &info),
            path: path.clone(),
            datatype: info.datatype.to_string(),
            shape: info.shape,
        })
    }

    /// The pixel coordinates of the WCS for a place in the array; those of axes that the array lacks are 0.
    pub fn pixel(&self, index: &[u64]) -> Option<Vec<f64>> {
        let inputs = self.wcs.as_ref()?.program().ok()?.n_inputs();
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        let reversed = index.iter().rev().map(|place| *place as f64);
        let further = std::iter::repeat(0.0);
        Some(reversed.chain(further).take(inputs).collect())
    }
}

/// The axis of colours; flags are bytes too, and have none.
fn channels(path: &TreePath, info: &ArrayInfo) -> Option<usize> {
    channel_axis(&info.shape, &info.datatype).filter(|_| !is_flags(path))
}

/// Whether an array is called as flags are.
pub fn is_flags(path: &TreePath) -> bool {
    let names = path.steps().iter().rev().map(|step| match step {
        asdf_core::tree::PathStep::Key(key) => key.to_string(),
        asdf_core::tree::PathStep::Index(_) => String::new(),
    });
    // Of a quantity the name is above.
    let name = names.into_iter().find(|name| name != "value");
    name.is_some_and(|name| FLAG_NAMES.contains(&name.as_str()))
}

/// The mapping that an array belongs to: of a quantity the one that holds the quantity.
fn owner<'f>(file: &'f AsdfFile, path: &TreePath) -> Option<Node<'f>> {
    let steps = path.steps().len();
    let parent = file.node(path.prefix(steps.checked_sub(1)?)).ok()?;
    let is_quantity = parent.get("value").is_some_and(is_array) && parent.get("unit").is_some();
    if is_quantity && steps >= 2 {
        return file.node(path.prefix(steps - 2)).ok();
    }
    Some(parent)
}

/// The name of an array within its owner.
fn own_name(path: &TreePath, owner: Node<'_>) -> Option<String> {
    let depth = owner.path().steps().len();
    match path.steps().get(depth)? {
        asdf_core::tree::PathStep::Key(key) => Some(key.to_string()),
        asdf_core::tree::PathStep::Index(_) => None,
    }
}

/// The unit that a quantity has, or that stands beside the array or in its metadata (`meta/bunit_data`), or in the cards of
/// its HDU (`BUNIT`).
pub fn unit(file: &AsdfFile, path: &TreePath) -> Option<String> {
    let text = |node: Node<'_>| match node.value() {
        Value::Str(text) if !text.is_empty() && text.len() < 80 => Some(text.to_owned()),
        _ => None,
    };
    let parent = file
        .node(path.prefix(path.steps().len().checked_sub(1)?))
        .ok()?;
    if let Some(unit) = parent.get("unit").and_then(text) {
        return Some(unit);
    }
    let named = || {
        let owner = owner(file, path)?;
        let name = own_name(path, owner)?;
        let meta = owner.get("meta")?;
        meta.get(&format!("bunit_{name}")).and_then(text)
    };
    named().or_else(|| {
        let hdu = file.hdu_of_array(file.node(path).ok()?)?;
        let unit = hdu.image_header().text("BUNIT").ok()??;
        let unit = unit.trim();
        (!unit.is_empty()).then(|| unit.to_owned())
    })
}

fn ends_alike(shape: &[u64], other: &[u64]) -> bool {
    let last = |shape: &[u64]| shape.iter().rev().take(2).copied().collect::<Vec<_>>();
    other.len() >= 2 && last(shape) == last(other)
}

/// Arrays of the mapping, with what they are.
fn arrays<'f>(
    file: &'f AsdfFile,
    owner: Node<'f>,
) -> impl Iterator<Item = (String, Node<'f>, ArrayInfo)> + use<'f> {
    let entries = owner.as_map().map(|map| map.iter().collect::<Vec<_>>());
    let entries = entries.into_iter().flatten();
    entries.filter_map(move |(key, node)| {
        let node = if is_array(node) {
            node
        } else {
            node.get("value")?
        };
        let info = is_array(node).then(|| ArrayInfo::of(file, node).ok())??;
        Some((key.key_text().into_owned(), node, info))
    })
}

fn flags(file: &AsdfFile, owner: Node<'_>, path: &TreePath, shape: &[u64]) -> Option<FlagSource> {
    let own = own_name(path, owner);
    let is_flags = |name: &str| FLAG_NAMES.contains(&name);
    if own.as_deref().is_some_and(is_flags) {
        return itself(file, owner, path, shape);
    }
    let found = FLAG_NAMES.iter().find_map(|name| {
        let node = owner.get(name).filter(|node| is_array(*node))?;
        let info = ArrayInfo::of(file, node).ok()?;
        let fits = ends_alike(shape, &info.shape) && info.shape.len() <= shape.len();
        (is_integer(&info) && fits && node.path() != *path).then_some((node, info))
    });
    let (node, info) = found?;
    Some(FlagSource {
        path: node.path(),
        shape: info.shape,
        names: FlagNames::find(file, owner),
    })
}

/// The array of errors beside an array, or in the HDU of that name.
fn errors(
    file: &AsdfFile,
    owner: Option<Node<'_>>,
    path: &TreePath,
    shape: &[u64],
) -> Option<(TreePath, Vec<u64>)> {
    const NAMES: [&str; 5] = ["err", "ERR", "error", "errors", "uncertainty"];
    let is_errors = |node: Node<'_>| {
        let info = ArrayInfo::of(file, node).ok()?;
        let fits = ends_alike(shape, &info.shape) && info.shape.len() <= shape.len();
        let is_float = info.datatype.scalar().is_some() && !is_integer(&info);
        (fits && is_float && node.path() != *path).then(|| (node.path(), info.shape))
    };
    let beside = NAMES.iter().find_map(|name| {
        let node = owner?.get(name)?;
        let node = if is_array(node) {
            node
        } else {
            node.get("value").or_else(|| node.get("array"))?
        };
        is_errors(node).filter(|_| is_array(node))
    });
    beside.or_else(|| {
        let node = file.node(&hdu_beside(file, path, "ERR")?).ok()?;
        is_errors(node)
    })
}

/// The data of the HDU of a name and the same version in a FITS file without a tree.
fn hdu_beside(file: &AsdfFile, path: &TreePath, name: &str) -> Option<TreePath> {
    use asdf_core::tree::PathStep;
    let fits = file.fits()?;
    let [
        key @ PathStep::Key(_),
        PathStep::Index(index),
        PathStep::Key(data),
    ] = path.steps()
    else {
        return None;
    };
    let own = fits.hdu(*index).ok()?;
    let found = if own.name() == name {
        own
    } else {
        fits.find(name, Some(own.version()))?
    };
    Some(TreePath::from(vec![
        key.clone(),
        PathStep::Index(found.index()),
        PathStep::Key(data.clone()),
    ]))
}

/// An array of flags is told by the names of its own bits.
fn itself(file: &AsdfFile, owner: Node<'_>, path: &TreePath, shape: &[u64]) -> Option<FlagSource> {
    let info = ArrayInfo::of(file, file.node(path).ok()?).ok()?;
    is_integer(&info).then(|| FlagSource {
        path: path.clone(),
        shape: shape.to_vec(),
        names: FlagNames::find(file, owner),
    })
}

fn is_integer(info: &ArrayInfo) -> bool {
    use asdf_core::array::Scalar;
    let is_float = |scalar| {
        matches!(
            scalar,
            Scalar::Float16
                | Scalar::Float32
                | Scalar::Float64
                | Scalar::Complex64
                | Scalar::Complex128
        )
    };
    info.datatype
        .scalar()
        .is_some_and(|scalar| !is_float(scalar))
}

/// Of the HDUs of a FITS file: the one that is called DQ and has the same version.
fn flags_of_hdu(file: &AsdfFile, path: &TreePath, shape: &[u64]) -> Option<FlagSource> {
    let fits = file.fits()?;
    let path = hdu_beside(file, path, "DQ")?;
    let info = ArrayInfo::of(file, file.node(&path).ok()?).ok()?;
    let fits_in = ends_alike(shape, &info.shape) && info.shape.len() <= shape.len();
    (is_integer(&info) && fits_in).then(|| FlagSource {
        path,
        shape: info.shape,
        names: FlagNames::of_header(fits),
    })
}

fn alike(file: &AsdfFile, owner: Node<'_>, path: &TreePath, shape: &[u64]) -> Vec<TreePath> {
    let others = arrays(file, owner).filter(|(_, node, info)| {
        info.datatype.scalar().is_some() && ends_alike(shape, &info.shape) && node.path() != *path
    });
    others.map(|(_, node, _)| node.path()).take(ALIKE).collect()
}

/// The same of the HDUs of a FITS file without a tree, whose arrays have nothing else beside them.
fn alike_hdus(file: &AsdfFile, path: &TreePath, shape: &[u64]) -> Vec<TreePath> {
    if file.fits().is_none() || file.tree_hdu().is_some() {
        return Vec::new();
    }
    let is_alike = |node: Node<'_>| {
        let info = ArrayInfo::of(file, node);
        info.is_ok_and(|info| info.datatype.scalar().is_some() && ends_alike(shape, &info.shape))
    };
    let others = file.arrays().into_iter().flatten();
    let others = others.filter(|(other, node)| other != path && is_alike(*node));
    others.map(|(path, _)| path).take(ALIKE).collect()
}
