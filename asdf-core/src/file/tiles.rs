//! Arrays whose elements lie in many FITS files, one beside the other: the `file_manager` of DKIST datasets, formerly
//! `array_container` (spec-notes F-120 to F-125).

mod files;
mod subslice;

use super::AsdfFile;
use crate::array::{ArrayRef, ArraySpec, ByteOrder, DataSource, Datatype, MaskSource, Scalar};
use crate::array::{HduData, HduPart, Source};
use crate::error::{Error, LimitExceeded, Locate, Malformed, Result, Warning, WarningKind};
use crate::limits::Limit;
use crate::tree::{Node, NodeId, Seq, TreePath, Value};
pub(super) use files::TileSet;
use files::{Layout, Target, is_float};
use std::fmt;
use subslice::Cut;

/// Missing files that are named.
const NAMED: usize = 5;

/// The tile sets of a file that were asked for, by their nodes.
#[derive(Default)]
pub(super) struct TileSets(elsa::sync::FrozenMap<NodeId, Box<TileSet>>);

impl fmt::Debug for TileSets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TileSets")
            .field("count", &self.0.len())
            .finish_non_exhaustive()
    }
}

impl AsdfFile {
    /// The array that the files of a node make together; nothing but their names is looked at.
    pub(super) fn tiled_array<'f>(
        &'f self,
        node: Node<'f>,
        path: &TreePath,
    ) -> Result<ArrayRef<'f>> {
        let set = if let Some(known) = self.tile_sets.0.get(&node.id()) {
            known
        } else {
            let set = self.tile_set(node)?;
            self.tile_sets.0.insert(node.id(), Box::new(set))
        };
        let missing = set.missing();
        if let Some(first) = missing.first() {
            let mut names = first.to_string();
            for name in missing.iter().take(NAMED).skip(1) {
                names.push_str(", ");
                names.push_str(name);
            }
            if missing.len() > NAMED {
                names.push_str(", …");
            }
            let (count, of) = (missing.len(), set.len());
            let names = names.into();
            let warning = Warning::new(WarningKind::MissingTiles { count, of, names });
            self.warn(warning.at(node.span()).at_path(path));
        }
        let spec = |datatype: Scalar| ArraySpec {
            datatype: Datatype::Scalar(datatype),
            byteorder: ByteOrder::NATIVE,
            shape: set.shape(),
            star: false,
            strides: None,
            offset: 0,
            source: Source::Uri(set.describe().into()),
        };
        let array = |datatype: Scalar, part: HduPart, mask: Option<MaskSource<'f>>| {
            let data = DataSource::Hdu(HduData::new(0, part, None, set));
            ArrayRef::new(spec(datatype), data, mask, path.clone(), self.limits())
        };
        // Floats have NaN where a file is missing; of integers a mask says it.
        let mask = if missing.is_empty() || is_float(set.scalar()) {
            None
        } else {
            let mask = array(Scalar::Bool8, HduPart::Mask(0), None)?;
            Some(MaskSource::Array(Box::new(mask)))
        };
        array(set.scalar(), HduPart::Whole, mask)
    }

    fn tile_set(&self, node: Node<'_>) -> Result<TileSet> {
        let layout = Layout {
            scalar: scalar(node)?,
            tile: lengths(node)?,
            target: target(node)?,
            ..self.names(node)?
        };
        let cut = Cut::of(node, &layout.shape(), layout.grid_axes)?;
        Ok(TileSet::new(layout, cut, self.surroundings().kept()))
    }

    /// The names of the files, and the lengths of the axes along which they lie.
    fn names(&self, node: Node<'_>) -> Result<Layout> {
        let list = node.get("fileuris").ok_or_else(|| key("fileuris"))?;
        let mut layout = Layout::default();
        let mut level = vec![list];
        // Lists within lists, all of one length at each depth.
        while level.first().is_some_and(|node| node.as_seq().is_some()) {
            let mut next = Vec::new();
            let length = level
                .first()
                .and_then(|node| node.as_seq())
                .map_or(0, Seq::len);
            for item in &level {
                let Some(items) = item.as_seq().filter(|items| items.len() == length) else {
                    return Err(bad(
                        *item,
                        format!("a list of {length} as the one before it"),
                    ));
                };
                next.extend(items.iter());
                let allowed = self.limits().expanded_nodes;
                let what = "number of files of an array";
                LimitExceeded::check(what, Limit::ExpandedNodes, next.len() as u64, allowed)?;
            }
            layout.grid.push(length as u64);
            level = next;
        }
        layout.grid_axes = layout.grid.len();
        for item in level {
            match item.value() {
                Value::Str(name) => layout.names.push(name.into()),
                _ => return Err(bad(item, "the name of a file".to_owned())),
            }
        }
        if layout.names.is_empty() {
            return Err(bad(list, "the names of files".to_owned()));
        }
        Ok(layout)
    }
}

/// The type of the elements, by its name in ASDF or in numpy.
fn scalar(node: Node<'_>) -> Result<Scalar> {
    let node = node.get("datatype").ok_or_else(|| key("datatype"))?;
    let Value::Str(text) = node.value() else {
        return Err(bad(node, "the name of a type of numbers".to_owned()));
    };
    let name = match text.trim_start_matches(['<', '>', '=']) {
        "f4" => "float32",
        "f8" | "d" | "float" => "float64",
        "i1" => "int8",
        "i2" => "int16",
        "i4" => "int32",
        "i8" | "int" => "int64",
        "u1" => "uint8",
        "u2" => "uint16",
        "u4" => "uint32",
        "u8" => "uint64",
        other => other,
    };
    let scalar = Scalar::named(name).filter(|scalar| is_float(*scalar) || scalar.is_integer());
    scalar.ok_or_else(|| bad(node, "the name of a type of numbers".to_owned()))
}

/// The lengths of the axes in one file.
fn lengths(node: Node<'_>) -> Result<Vec<u64>> {
    let node = node.get("shape").ok_or_else(|| key("shape"))?;
    let wrong = |node: Node<'_>| bad(node, "the lengths of the axes of a file".to_owned());
    let list = node.as_seq().ok_or_else(|| wrong(node))?;
    let length = |item: Node<'_>| match item.value() {
        Value::Int(length) => u64::try_from(length).ok().ok_or_else(|| wrong(item)),
        _ => Err(wrong(item)),
    };
    list.iter().map(length).collect()
}

/// The HDU that has the elements.
fn target(node: Node<'_>) -> Result<Target> {
    let node = node.get("target").ok_or_else(|| key("target"))?;
    match node.value() {
        Value::Int(number) => Ok(Target::Number(number)),
        Value::Str(name) => Ok(Target::Name(name.into())),
        _ => Err(bad(node, "the number or the name of an HDU".to_owned())),
    }
}

fn key(key: &'static str) -> Error {
    Malformed::TilesKey { key }.into()
}

fn bad(node: Node<'_>, wanted: String) -> Error {
    let fact = Malformed::Tiles {
        found: node.describe(),
        wanted: wanted.into(),
    };
    Error::from(fact).at(node.span()).at_path(|| node.path())
}
