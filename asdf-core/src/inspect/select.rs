//! A node, or a part of an array, by what a person types: `roman.data[0:100, ::2]`.

use super::pattern::{PathPattern, Step};
use super::selections::part_of;
use crate::array::{ArrayPart, Slice, is_array};
use crate::error::{Error, Locate, Result, Usage};
use crate::file::{AsdfFile, FileNode};
use crate::tree::{PathStep, TreePath};

/// Paths that an error about several nodes shows.
const SHOWN: usize = 4;

/// What a path names: a node, or elements of an array.
#[derive(Debug)]
pub struct Selection<'f> {
    /// The node.
    pub at: FileNode<'f>,
    /// The path that led to it.
    pub path: TreePath,
    /// The part of the array that the node is, where steps after it take one.
    pub part: Option<ArrayPart>,
}

impl std::fmt::Display for Selection<'_> {
    /// The path, with the names of fields and the slices: `/cat/ra[0:10]`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.path)?;
        let Some(part) = &self.part else {
            return Ok(());
        };
        for field in part.fields() {
            write!(f, "{}", TreePath::default().key(field))?;
        }
        let mut slices = part.slices();
        while slices.last() == Some(&Slice::ALL) {
            slices.pop();
        }
        let slices: Vec<String> = slices.iter().map(ToString::to_string).collect();
        if slices.is_empty() {
            return Ok(());
        }
        write!(f, "[{}]", slices.join(","))
    }
}

impl AsdfFile {
    /// Finds the one thing that a path names ([`PathPattern`]), without following references. Brackets after the path of an
    /// array select elements as in numpy: `data[0:4, 2]`, `data[3][1]`, `cube[..., None]`; the name of a field of its
    /// records selects that, `table.flux`.
    ///
    /// # Errors
    /// The text cannot be parsed, leads nowhere or names several nodes; slices stand after something that is not an array.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let selection = file.select("roman.data[0:4, ::16]")?;
    /// let array = file.array_at(selection.at.node)?;
    /// let part = selection.part.expect("a part").load(&array)?;
    /// assert_eq!(part.shape(), [4, 4]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn select(&self, text: &str) -> Result<Selection<'_>> {
        self.select_one(&text.parse().in_file(self.name())?, false)
    }

    /// Finds what a text names, and follows references on the way.
    ///
    /// # Errors
    /// As [`select`](Self::select); a reference cannot be resolved.
    pub fn select_resolved(&self, text: &str) -> Result<Selection<'_>> {
        self.select_one(&text.parse().in_file(self.name())?, true)
    }

    /// Finds the one thing that a pattern names; with `resolve` references are followed on the way.
    ///
    /// # Errors
    /// As [`select`](Self::select).
    pub fn select_one(&self, pattern: &PathPattern, resolve: bool) -> Result<Selection<'_>> {
        let mut all = self.select_all(pattern, resolve)?;
        let Some(first) = all.next().transpose()? else {
            return Err(self.name_in(no_node(pattern)));
        };
        let mut shown = vec![first.to_string()];
        let mut count = 1_u64;
        for found in all {
            let found = found?;
            count += 1;
            if shown.len() < SHOWN {
                shown.push(found.to_string());
            }
        }
        if count == 1 {
            return Ok(first);
        }
        if shown.len() as u64 != count {
            shown.push("…".to_owned());
        }
        let error = Error::from(Usage::SeveralNodes {
            path: pattern.to_string().escape_debug().to_string().into(),
            count,
            first: shown.join(", ").into(),
        });
        Err(self.name_in(error))
    }

    /// The path of the one node that a text names; also of one that is not there, when only keys and indices are missing at
    /// its end, and all that may be several comes before.
    ///
    /// # Errors
    /// The text cannot be parsed, names several nodes or none, or elements of an array.
    pub fn one_path(&self, text: &str) -> Result<TreePath> {
        match self.place_of(text)? {
            (path, None) => Ok(path),
            (_, Some(_)) => Err(self.name_in(
                Usage::NotANode {
                    path: text.escape_debug().to_string().into(),
                }
                .into(),
            )),
        }
    }

    /// The path of the array some of whose elements a text names, and which: `data[0:4, 2]`, `data[3]`, `cat[0:2].ra`.
    /// `None` for a text that names a node, whether it is there or not.
    ///
    /// # Errors
    /// As [`one_path`](Self::one_path); an index outside of the array.
    pub fn array_part(&self, text: &str) -> Result<Option<(TreePath, ArrayPart)>> {
        let (path, part) = self.place_of(text)?;
        Ok(part.map(|part| (path, part)))
    }

    /// The path of a node, and the part of it where it is an array and steps take one.
    fn place_of(&self, text: &str) -> Result<(TreePath, Option<ArrayPart>)> {
        let pattern: PathPattern = text.parse().in_file(self.name())?;
        let is_one = |step: &Step| matches!(step, Step::One(_));
        let last = pattern.steps.iter().rposition(|step| !is_one(step));
        let (head, tail) = match last {
            Some(last) => pattern.steps.split_at(last + 1),
            None => pattern.steps.split_at(0),
        };
        let is_literal = |path: &TreePath| self.tree().node(path).is_ok();
        let head = match last {
            _ if pattern.pointer.as_ref().is_some_and(is_literal) => None,
            // What is not there is looked for only after all that is to be found.
            Some(_) => self.select_one(&pattern.begun(head), false).ok(),
            None => Some(Selection {
                at: FileNode {
                    file: self,
                    node: self.tree().root(),
                },
                path: TreePath::default(),
                part: None,
            }),
        };
        let Some(found) = head.filter(|head| head.part.is_none()) else {
            let whole = self.select_one(&pattern, false)?;
            return Ok((whole.path, whole.part));
        };
        let (mut node, mut steps) = (found.at.node, found.path.steps().to_vec());
        for (depth, step) in tail.iter().enumerate() {
            let Step::One(own) = step else {
                continue;
            };
            let rest = tail.get(depth..).unwrap_or_default();
            let is_index =
                matches!(own, PathStep::Index(_)) || own.key_text().parse::<i64>().is_ok();
            let is_child = node.step(own).is_some();
            let at = FileNode { file: self, node };
            if is_array(node) && (!is_child || is_index && node.as_seq().is_some()) {
                // A key that it has not is one that may be made, unless it is the name of a column.
                match part_of(at, rest)? {
                    Some(part) => return Ok((steps.into(), Some(part))),
                    None if is_index => {
                        return self
                            .select_one(&pattern, false)
                            .map(|found| (found.path, found.part));
                    }
                    None => {}
                }
            }
            steps.push(own.clone());
            let Some(child) = node.step(own) else {
                let missing = tail.get(depth + 1..).unwrap_or_default();
                steps.extend(missing.iter().filter_map(|step| match step {
                    Step::One(step) => Some(step.clone()),
                    _ => None,
                }));
                break;
            };
            node = child;
        }
        Ok((steps.into(), None))
    }
}

/// The error of a path that fits nothing.
pub(super) fn no_node(pattern: &PathPattern) -> Error {
    Usage::NoNode {
        path: pattern.to_string().escape_debug().to_string().into(),
    }
    .into()
}
