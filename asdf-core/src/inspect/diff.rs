//! What differs between two files: trees by meaning, arrays by contents.

mod side;
mod stored;

pub use side::Side;

use super::pattern::PathPattern;
use super::{ArrayInfo, type_name};
use crate::array::{ArrayRef, ElementDifferences, Tolerance, is_array};
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::limits::Limit;
use crate::tree::{Node, NodeId, NodeKind, PathStep, TreePath, Value};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

/// What counts as a difference.
#[derive(Debug, Clone)]
pub struct DiffOptions {
    /// Nodes at these paths are not looked at.
    pub ignore: Vec<PathPattern>,
    /// How far numbers may be apart, in the tree and in arrays.
    pub tolerance: Tolerance,
    /// Whether the elements of arrays are compared; shape and datatype always are.
    pub arrays: bool,
    /// Whether what belongs to the container counts: `_fits_hash`, which a tree has in a FITS file only.
    pub all: bool,
    /// Differences of the tree that are kept; the rest is counted.
    pub most: usize,
}

impl Default for DiffOptions {
    /// Everything is compared, to the last bit, and all differences are kept.
    fn default() -> Self {
        Self {
            ignore: Vec::new(),
            tolerance: Tolerance::default(),
            arrays: true,
            all: false,
            most: usize::MAX,
        }
    }
}

/// What differs at one place.
#[derive(Debug)]
#[non_exhaustive]
#[expect(
    clippy::large_enum_variant,
    reason = "there are few of them, and most are about elements"
)]
pub enum DifferenceKind {
    /// Only the first file has the node.
    OnlyInA,
    /// Only the second file has the node.
    OnlyInB,
    /// The values differ.
    Value,
    /// The values are of different types.
    Type,
    /// The tags differ.
    Tag,
    /// The shapes of the arrays differ.
    Shape,
    /// The datatypes of the arrays differ.
    Datatype,
    /// Elements of the arrays differ.
    Elements(ElementDifferences),
    /// The arrays cannot be compared.
    Unreadable(Error),
    /// Blocks that no array of their files names differ.
    Block,
    /// The files follow different versions of the standard.
    Standard,
}

impl DifferenceKind {
    /// A word for it, the same in every version.
    pub fn name(&self) -> &'static str {
        match self {
            Self::OnlyInA => "only-in-a",
            Self::OnlyInB => "only-in-b",
            Self::Value => "value",
            Self::Type => "type",
            Self::Tag => "tag",
            Self::Shape => "shape",
            Self::Datatype => "datatype",
            Self::Elements(_) => "elements",
            Self::Unreadable(_) => "unreadable",
            Self::Block => "block",
            Self::Standard => "standard",
        }
    }
}

/// One difference.
#[derive(Debug)]
pub struct Difference {
    /// Where; the root for what concerns the file as a whole.
    pub path: TreePath,
    /// What differs.
    pub kind: DifferenceKind,
    /// What the first file has there, in short.
    pub a: Option<Side>,
    /// What the second file has there, in short.
    pub b: Option<Side>,
}

/// The result of a comparison.
#[derive(Debug, Default)]
pub struct Diff {
    /// In the order of the first file, with what only the second one has after its mapping or list.
    pub differences: Vec<Difference>,
    /// Differences beyond those that are kept.
    pub more: u64,
    /// Arrays whose elements were compared.
    pub arrays: usize,
}

impl Diff {
    /// True when nothing differs.
    pub fn is_equal(&self) -> bool {
        self.differences.is_empty() && self.more == 0
    }
}

/// Compares two files. The order of keys, byte order, storage and compression are not differences, nor
/// is sharing; what is shared is compared once.
///
/// # Errors
/// The trees are too large when their shared parts are taken in pairs. What goes wrong with single
/// arrays is among the differences.
///
/// # Examples
/// ```
/// # fn main() -> asdf_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
/// # let other = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure_zlib.asdf");
/// use asdf_core::AsdfFile;
/// use asdf_core::inspect::{DiffOptions, diff};
///
/// let (lz4, zlib) = (AsdfFile::open(path)?, AsdfFile::open(other)?);
/// let difference = diff(&lz4, &zlib, &DiffOptions::default())?;
/// for place in &difference.differences {
///     println!("{} {:?}", place.path, place.kind);
/// }
/// # Ok(())
/// # }
/// ```
pub fn diff(a: &AsdfFile, b: &AsdfFile, options: &DiffOptions) -> Result<Diff> {
    let mut walk = Walk {
        files: (a, b),
        options,
        seen: HashSet::new(),
        waiting: Vec::new(),
        out: Diff::default(),
        arrays: Vec::new(),
    };
    let standards = [a, b].map(|file| file.header().standard_version.clone());
    if let [a, b] = &standards
        && a != b
    {
        let shown = |version: &Option<String>| Some(version.as_deref().unwrap_or("none").into());
        walk.note(
            TreePath::default(),
            DifferenceKind::Standard,
            shown(a),
            shown(b),
        );
    }
    walk.waiting.push((
        TreePath::default(),
        Pair::Both(a.tree().root(), b.tree().root()),
    ));
    while let Some((path, pair)) = walk.waiting.pop() {
        walk.pair(path, &pair)?;
    }
    Ok(walk.finish())
}

/// Two arrays to be compared, and their nodes.
struct ArrayPair<'f> {
    path: TreePath,
    nodes: (Node<'f>, Node<'f>),
    arrays: (ArrayRef<'f>, ArrayRef<'f>),
}

enum Pair<'f> {
    Both(Node<'f>, Node<'f>),
    OnlyA(Node<'f>),
    OnlyB(Node<'f>),
}

struct Walk<'f, 'o> {
    files: (&'f AsdfFile, &'f AsdfFile),
    options: &'o DiffOptions,
    seen: HashSet<(NodeId, NodeId)>,
    waiting: Vec<(TreePath, Pair<'f>)>,
    out: Diff,
    /// Arrays to be compared, with their places among the differences.
    arrays: Vec<(usize, ArrayPair<'f>)>,
}

impl<'f> Walk<'f, '_> {
    fn note(&mut self, path: TreePath, kind: DifferenceKind, a: Option<Side>, b: Option<Side>) {
        let difference = Difference { path, kind, a, b };
        if self.out.differences.len() < self.options.most {
            self.out.differences.push(difference);
        } else {
            self.out.more += 1;
        }
    }

    fn pair(&mut self, path: TreePath, pair: &Pair<'f>) -> Result<()> {
        if !self.options.all && is_of_container(&path) {
            return Ok(());
        }
        if self
            .options
            .ignore
            .iter()
            .any(|pattern| pattern.matches(&path))
        {
            return Ok(());
        }
        let (a, b) = match *pair {
            Pair::Both(a, b) => (a, b),
            Pair::OnlyA(a) => {
                self.note(path, DifferenceKind::OnlyInA, Some(Side::of(a)), None);
                return Ok(());
            }
            Pair::OnlyB(b) => {
                self.note(path, DifferenceKind::OnlyInB, None, Some(Side::of(b)));
                return Ok(());
            }
        };
        if a.kind() != NodeKind::Scalar {
            if !self.seen.insert((a.id(), b.id())) {
                return Ok(());
            }
            let allowed = self.files.0.limits().expanded_nodes;
            let what = "number of pairs of nodes compared";
            LimitExceeded::check(what, Limit::ExpandedNodes, self.seen.len() as u64, allowed)?;
        }
        if is_array(a) && is_array(b) {
            self.array(path, a, b);
            return Ok(());
        }
        let tags = [a, b].map(|node| node.tag().map(|tag| tag.as_str().to_owned()));
        if let [tag_a, tag_b] = tags
            && tag_a != tag_b
        {
            let none = || Some("no tag".to_owned());
            self.note(
                path.clone(),
                DifferenceKind::Tag,
                tag_a.or_else(none).map(Side::from),
                tag_b.or_else(none).map(Side::from),
            );
        }
        self.values(path, a, b);
        Ok(())
    }

    fn values(&mut self, path: TreePath, a: Node<'f>, b: Node<'f>) {
        let same = match (a.value(), b.value()) {
            (Value::Map(_), Value::Map(_)) | (Value::Set(_), Value::Set(_)) => {
                self.maps(&path, a, b);
                return;
            }
            (Value::Seq(_), Value::Seq(_))
            | (Value::Omap(_), Value::Omap(_))
            | (Value::Pairs(_), Value::Pairs(_)) => {
                self.lists(&path, a, b);
                return;
            }
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::BigInt(a), Value::BigInt(b)) if a == b => true,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
            (Value::Binary(a), Value::Binary(b)) => a == b,
            (Value::Int(a), Value::Int(b)) if a == b => true,
            (va, vb) => match (as_integer(&va), as_integer(&vb)) {
                (Some(a), Some(b)) => self.options.tolerance.holds_integers(a, b),
                _ => match (as_float(&va), as_float(&vb)) {
                    (Some(fa), Some(fb)) => {
                        let exact = self.options.tolerance.is_exact();
                        let mixed = type_name(a) != type_name(b);
                        !(exact && mixed) && self.options.tolerance.holds(fa, fb)
                    }
                    _ => false,
                },
            },
        };
        if !same {
            let kind = if type_name(a) == type_name(b) {
                DifferenceKind::Value
            } else {
                DifferenceKind::Type
            };
            self.note(path, kind, Some(Side::of(a)), Some(Side::of(b)));
        }
    }

    fn maps(&mut self, path: &TreePath, a: Node<'f>, b: Node<'f>) {
        let pairs = |node: Node<'f>| node.as_map().into_iter().flat_map(crate::tree::Map::iter);
        let identity = |key: Node<'f>| (type_name(key), key.key_text());
        let others: HashMap<_, _> = pairs(b)
            .map(|(key, value)| (identity(key), value))
            .collect();
        let own: HashSet<_> = pairs(a).map(|(key, _)| identity(key)).collect();
        let mut children = Vec::new();
        for (key, value) in pairs(a) {
            let child = path.clone().key(&key.key_text());
            children.push((
                child,
                match others.get(&identity(key)) {
                    Some(other) => Pair::Both(value, *other),
                    None => Pair::OnlyA(value),
                },
            ));
        }
        for (key, value) in pairs(b).filter(|(key, _)| !own.contains(&identity(*key))) {
            children.push((path.clone().key(&key.key_text()), Pair::OnlyB(value)));
        }
        self.waiting.extend(children.into_iter().rev());
    }

    fn lists(&mut self, path: &TreePath, a: Node<'f>, b: Node<'f>) {
        let items = |node: Node<'f>| -> Vec<Node<'f>> {
            node.as_seq()
                .into_iter()
                .flat_map(crate::tree::Seq::iter)
                .collect()
        };
        let (a, b) = (items(a), items(b));
        let mut children = Vec::new();
        for index in 0..a.len().max(b.len()) {
            let pair = match (a.get(index), b.get(index)) {
                (Some(a), Some(b)) => Pair::Both(*a, *b),
                (Some(a), None) => Pair::OnlyA(*a),
                (None, Some(b)) => Pair::OnlyB(*b),
                (None, None) => continue,
            };
            children.push((path.clone().index(index), pair));
        }
        self.waiting.extend(children.into_iter().rev());
    }

    fn array(&mut self, path: TreePath, a: Node<'f>, b: Node<'f>) {
        let nodes = (a, b);
        let found = self
            .files
            .0
            .array_as(a, &path)
            .and_then(|a| Ok((a, self.files.1.array_as(b, &path)?)));
        let (a, b) = match found {
            Ok(found) => found,
            Err(_) if stored::are_same(self.files, a, b) => return,
            Err(error) => return self.note(path, DifferenceKind::Unreadable(error), None, None),
        };
        let side = |text: String| Some(Side::from(text));
        let texts = |text: fn(&ArrayRef<'_>) -> String| (side(text(&a)), side(text(&b)));
        if a.shape() != b.shape() {
            let (a, b) = texts(|array| ArrayInfo::new(array).shape_text());
            return self.note(path, DifferenceKind::Shape, a, b);
        }
        if !same_datatype(&a, &b) {
            let (a, b) = texts(|array| array.datatype().to_json().to_string());
            return self.note(path, DifferenceKind::Datatype, a, b);
        }
        if self.options.arrays {
            let arrays = (a, b);
            let pair = ArrayPair {
                path,
                nodes,
                arrays,
            };
            self.arrays.push((self.out.differences.len(), pair));
        }
    }

    /// Compares the arrays, several at a time, and puts what differs in its place.
    fn finish(mut self) -> Diff {
        let tolerance = self.options.tolerance;
        let files = self.files;
        self.out.arrays = self.arrays.len();
        let compared: Vec<_> = self
            .arrays
            .into_par_iter()
            .map(|(place, pair)| {
                let (a, b) = &pair.arrays;
                let found = a.compare(b, tolerance);
                // What cannot be decoded may still be the same.
                let same = found.is_err() && stored::are_same(files, pair.nodes.0, pair.nodes.1);
                let found = if same {
                    Ok(ElementDifferences::default())
                } else {
                    found
                };
                (place, pair.path, found)
            })
            .collect();
        let mut differences = Vec::new();
        let mut rest = self.out.differences.into_iter().enumerate().peekable();
        for (place, path, result) in compared {
            while let Some((_, difference)) = rest.next_if(|(index, _)| *index < place) {
                differences.push(difference);
            }
            let kind = match result {
                Ok(found) if found.differing == 0 => continue,
                Ok(found) => DifferenceKind::Elements(found),
                Err(error) => DifferenceKind::Unreadable(error),
            };
            differences.push(Difference {
                path,
                kind,
                a: None,
                b: None,
            });
        }
        differences.extend(rest.map(|(_, difference)| difference));
        if self.options.arrays {
            differences.extend(stored::unnamed(files.0, files.1));
        }
        Diff {
            differences,
            ..self.out
        }
    }
}

/// True for the key that says which headers a tree in a FITS file was written with.
fn is_of_container(path: &TreePath) -> bool {
    matches!(path.steps(), [PathStep::Key(key)] if &**key == "_fits_hash")
}

/// Records may differ in the byte order of their fields alone.
fn same_datatype(a: &ArrayRef<'_>, b: &ArrayRef<'_>) -> bool {
    fn plain(value: serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Object(mut map) => {
                map.remove("byteorder");
                map.into_iter()
                    .map(|(key, value)| (key, plain(value)))
                    .collect()
            }
            serde_json::Value::Array(items) => items.into_iter().map(plain).collect(),
            other => other,
        }
    }
    plain(a.datatype().to_json()) == plain(b.datatype().to_json())
}

fn as_integer(value: &Value<'_>) -> Option<i128> {
    match value {
        Value::Int(value) => Some((*value).into()),
        Value::BigInt(value) => value.as_str().parse().ok(),
        _ => None,
    }
}

fn as_float(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Float(value) => Some(*value),
        #[expect(
            clippy::cast_precision_loss,
            reason = "numpy compares integers and floats so"
        )]
        Value::Int(value) => Some(*value as f64),
        _ => None,
    }
}
