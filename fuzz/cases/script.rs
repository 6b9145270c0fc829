//! A script of changes, one a line, as the targets `edit` and `update` take it:
//! `set PATH YAML`, `remove PATH`, `tag PATH URI`, `copy PATH PATH`, `array PATH CODEC COUNT`, `elements PATH SLICES YAML`.

use super::limits;
use asdf_core::array::{ByteOrder, Datatype, NewArray, Scalar, Slice};
use asdf_core::file::Storage;
use asdf_core::tree::Tree;
use asdf_core::{AsdfFile, Draft, Error, TreePath};
use std::collections::BTreeMap;

/// Lines of a script; more would only be slow.
const LINES: usize = 8;
/// Arrays that are compared, and bytes of each.
const ARRAYS: usize = 50;
const LARGEST: u64 = 1 << 20;

/// A length in two bytes, a script of that length, and what is left.
pub(super) fn split(data: &[u8]) -> Option<(&str, &[u8])> {
    let ([high, low], rest) = data.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    let (script, rest) = rest.split_at_checked(length)?;
    Some((std::str::from_utf8(script).ok()?, rest))
}

/// Arrays by path: digests of elements and mask, of those that can be read.
pub(super) type Digests = BTreeMap<String, (String, Option<String>)>;

pub(super) fn digests(file: &AsdfFile) -> Digests {
    let mut out = Digests::new();
    for (path, node) in file.arrays().into_iter().flatten().take(ARRAYS) {
        let Ok(array) = file.array_at(node) else {
            continue;
        };
        if array.byte_len() > LARGEST {
            continue;
        }
        if let (Ok(elements), Ok(mask)) = (array.digest(), array.mask_digest()) {
            out.insert(path.to_string(), (elements, mask));
        }
    }
    out
}

/// The paths at which arrays may have changed.
#[derive(Debug, Default)]
pub(super) struct Touched {
    paths: Vec<String>,
    /// More than can be told.
    all: bool,
}

impl Touched {
    /// What stands at a path, above it and below it, there and where it is shared.
    fn add(&mut self, draft: &mut Draft<'_>, path: &TreePath) -> Result<(), Error> {
        let others = draft.tree().other_paths(path)?;
        self.all |= others.len() >= 100;
        self.paths.extend(others.iter().map(ToString::to_string));
        self.paths.push(path.to_string());
        Ok(())
    }

    fn holds(&self, array: &str) -> bool {
        let below = |inner: &str, outer: &str| {
            let rest = inner.strip_prefix(outer);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mut paths = self.paths.iter();
        self.all || paths.any(|path| below(array, path) || below(path, array))
    }

    /// All other arrays must be there as they were.
    pub(super) fn check(&self, before: &Digests, after: &AsdfFile) {
        let now = digests(after);
        for (path, digests) in before {
            if !self.holds(path) && before.len() < ARRAYS {
                assert_eq!(now.get(path), Some(digests), "{path}: {self:?}");
            }
        }
    }
}

/// Makes the changes that are possible; `None` when there is none.
pub(super) fn apply(draft: &mut Draft<'_>, script: &str) -> Option<Touched> {
    let mut touched = Touched::default();
    for line in script.lines().take(LINES) {
        let _ = change(draft, line, &mut touched);
    }
    (!touched.paths.is_empty()).then_some(touched)
}

fn change(draft: &mut Draft<'_>, line: &str, touched: &mut Touched) -> Result<(), Error> {
    let mut words = line.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_default();
    let (command, path, rest) = (word(), TreePath::parse(word())?, word());
    match command {
        "set" => {
            let value = value(rest)?;
            touched.add(draft, &path)?;
            let node = draft.nodes().copy(value.node("v")?);
            draft.tree().set(&path, node)
        }
        "remove" => {
            touched.add(draft, &path)?;
            // The items after one of a list move.
            let holder = path.prefix(path.steps().len().saturating_sub(1));
            touched.add(draft, &holder)?;
            draft.remove(&path).map(|_| ())
        }
        "tag" => {
            touched.add(draft, &path)?;
            let tag = (!rest.is_empty()).then_some(rest);
            draft.tree().set_tag(&path, tag)
        }
        "copy" => {
            let target = TreePath::parse(rest)?;
            touched.add(draft, &target)?;
            match draft.source() {
                Some(file) => draft.copy_node(file, &path, &target).map(|_| ()),
                None => Ok(()),
            }
        }
        "array" => {
            touched.add(draft, &path)?;
            array(draft, &path, rest)
        }
        "elements" => {
            let (slices, text) = rest.split_once(' ').unwrap_or((rest, "0"));
            let slices = Slice::parse_list(slices)?;
            let done = draft.set_elements_to(&path, &slices, value(text)?.node("v")?)?;
            touched.add(draft, &path)?;
            touched.all |= done.also.len() >= 100;
            touched
                .paths
                .extend(done.also.iter().map(ToString::to_string));
            Ok(())
        }
        _ => Ok(()),
    }
}

fn value(text: &str) -> Result<Tree, Error> {
    let text = format!("%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\nv: {text}\n...\n");
    Tree::parse(text.as_bytes(), 0, &limits(), &mut Vec::new())
}

fn array(draft: &mut Draft<'_>, path: &TreePath, rest: &str) -> Result<(), Error> {
    let (codec, count) = rest.split_once(' ').unwrap_or((rest, "3"));
    let count: u8 = count.parse().unwrap_or(3);
    let storage = match codec {
        "inline" => Storage::inline(),
        "streamed" => Storage::streamed(),
        codec => Storage::compressed(codec.parse()?),
    };
    let bytes: Vec<u8> = (0..count).flat_map(|at| [at, at / 2]).collect();
    let datatype = Datatype::Scalar(Scalar::Int16);
    let array = NewArray::from_bytes(bytes, datatype, ByteOrder::Little, &[count.into()])?;
    draft.set_array(path, array, &storage).map(|_| ())
}
