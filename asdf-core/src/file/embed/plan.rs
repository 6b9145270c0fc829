//! Which arrays of a file become HDUs, and how they are called.

use crate::array::ArrayRef;
use crate::array::DataSource;
use crate::array::Datatype;
use crate::array::Scalar;
use crate::array::is_ndarray;
use crate::error::EmbedFault;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::file::AsdfFile;
use crate::file::embedded::carries_tree;
use crate::fits::FitsFile;
use crate::tree::{Node, NodeId, PathStep, TreePath};
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;

/// Bytes up to which an array deep in the tree stays with it.
const SMALL: u64 = 1024;

/// An array that is to become an HDU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HduMove {
    /// The array's path.
    pub path: TreePath,
    /// `EXTNAME`: printable ASCII.
    pub name: String,
    /// `EXTVER`, from 1.
    pub version: i64,
}

impl std::str::FromStr for HduMove {
    type Err = Error;

    /// Reads `PATH=NAME` or `PATH=NAME,VERSION`; the version is 1 when none is given.
    fn from_str(text: &str) -> Result<Self> {
        let (path, name, version) = Self::split(text)?;
        Ok(Self {
            path: TreePath::parse(path)?,
            name: name.to_owned(),
            version,
        })
    }
}

impl HduMove {
    /// The path as it is written, the name and the version of `PATH=NAME` or `PATH=NAME,VERSION`.
    ///
    /// # Errors
    /// It is neither; the name is not printable ASCII; the version is below 1.
    pub(crate) fn split(text: &str) -> Result<(&str, &str, i64)> {
        let wanted = || Error::from(EmbedFault::Move { given: text.into() });
        let (path, target) = text.rsplit_once('=').ok_or_else(wanted)?;
        let (name, version) = match target.rsplit_once(',') {
            Some((name, version)) => match version.trim().parse() {
                Ok(version) => (name, version),
                Err(_) => (target, 1),
            },
            None => (target, 1),
        };
        let name = name.trim();
        if version < 1 || !is_name(name) {
            return Err(wanted());
        }
        Ok((path, name, version))
    }
}

/// An array with the HDU that it becomes.
pub(super) struct Planned<'f> {
    pub(super) array: ArrayRef<'f>,
    /// The nodes that describe it.
    pub(super) nodes: Vec<Node<'f>>,
    pub(super) name: String,
    pub(super) version: i64,
}

/// The HDUs to be made of the arrays of an open file.
pub(super) fn plan<'f>(
    file: Option<&'f AsdfFile>,
    moves: Option<&[HduMove]>,
    base: Option<&FitsFile>,
    (stays, by_schema): (&[TreePath], &HashMap<NodeId, (String, i64)>),
) -> Result<Vec<Planned<'f>>> {
    let Some(file) = file else {
        return match moves {
            Some([first, ..]) => Err(Error::from(EmbedFault::NoArray).at_path(|| &first.path)),
            _ => Ok(Vec::new()),
        };
    };
    let mut names = Names::of(base);
    match moves {
        Some(moves) => asked(file, moves, &mut names),
        None if file.is_carried() => Ok(Vec::new()),
        None => by_rule(file, &mut names, stays, by_schema),
    }
}

/// The names and versions that are taken.
struct Names(BTreeSet<(String, i64)>);

impl Names {
    fn of(base: Option<&FitsFile>) -> Self {
        let mut taken = BTreeSet::from([("PRIMARY".to_owned(), 1), ("ASDF".to_owned(), 1)]);
        let hdus = base.iter().flat_map(|base| base.hdus());
        let kept = hdus.filter(|hdu| !carries_tree(*hdu));
        taken.extend(kept.map(|hdu| (hdu.name().to_ascii_uppercase(), hdu.version())));
        Self(taken)
    }

    /// True when nobody had it.
    fn take(&mut self, name: &str, version: i64) -> bool {
        self.0.insert((name.to_ascii_uppercase(), version))
    }
}

fn asked<'f>(file: &'f AsdfFile, moves: &[HduMove], names: &mut Names) -> Result<Vec<Planned<'f>>> {
    let mut out: Vec<Planned<'f>> = Vec::with_capacity(moves.len());
    for HduMove {
        path,
        name,
        version,
    } in moves
    {
        let node = file.node(path.clone())?;
        let array = file.array_at(node)?;
        let at = |error: Error| error.at_path(|| path);
        if let DataSource::Hdu(hdu) = array.source() {
            let hdu = hdu.index();
            return Err(at(EmbedFault::IsHdu { hdu }.into()));
        }
        if let Err(fact) = fits(&array) {
            return Err(at(fact.into()));
        }
        if out
            .iter()
            .any(|planned| planned.nodes.iter().any(|known| known.id() == node.id()))
        {
            return Err(at(EmbedFault::MovedTwice.into()));
        }
        if !names.take(name, *version) {
            let (name, version) = (name.as_str().into(), *version);
            return Err(at(EmbedFault::NameTaken { name, version }.into()));
        }
        out.push(Planned {
            array,
            nodes: vec![node],
            name: name.clone(),
            version: *version,
        });
    }
    Ok(out)
}

/// All that FITS can hold and that stand in the root or are large, but for those of a WCS; and those that schemas name an HDU for.
fn by_rule<'f>(
    file: &'f AsdfFile,
    names: &mut Names,
    stays: &[TreePath],
    by_schema: &HashMap<NodeId, (String, i64)>,
) -> Result<Vec<Planned<'f>>> {
    let mut out: Vec<Planned<'f>> = Vec::new();
    let mut seen: BTreeSet<NodeId> = BTreeSet::new();
    let mut same: BTreeMap<String, usize> = BTreeMap::new();
    for (path, node) in file.arrays()? {
        if !seen.insert(node.id()) || node.as_map().is_none() || !is_ndarray(node) {
            continue;
        }
        if stays
            .iter()
            .any(|within| path.steps().starts_with(within.steps()))
        {
            continue;
        }
        let array = file.array_at(node)?;
        let depth = path.steps().len();
        let given = by_schema.get(&node.id());
        let stays_small = depth > 1 && (array.byte_len() <= SMALL || in_wcs(&path));
        if fits(&array).is_err() || (given.is_none() && stays_small) {
            continue;
        }
        if array.is_masked() || array.load_nulls()? {
            continue;
        }
        let Some((name, version)) = given.cloned().or_else(|| name(&path)) else {
            continue;
        };
        // Nodes that describe the same elements of a block share an HDU.
        let key = match array.source() {
            DataSource::Block(block) => {
                let elements = array.describe_place();
                Some(format!(
                    "{:p} {} {elements}",
                    block.input(),
                    block.header().index
                ))
            }
            _ => None,
        };
        let known = key.as_ref().and_then(|key| same.get(key));
        if let Some(planned) = known.and_then(|index| out.get_mut(*index)) {
            planned.nodes.push(node);
            continue;
        }
        let version = (version..i64::MAX).find(|version| names.take(&name, *version));
        same.extend(key.map(|key| (key, out.len())));
        out.push(Planned {
            array,
            nodes: vec![node],
            name,
            version: version.unwrap_or(1),
        });
    }
    Ok(out)
}

/// The last key in capitals, and the place in the list that it is in.
fn name(path: &TreePath) -> Option<(String, i64)> {
    let steps = path.steps();
    let at = steps
        .iter()
        .rposition(|step| matches!(step, PathStep::Key(_)))?;
    let PathStep::Key(key) = steps.get(at)? else {
        return None;
    };
    let name = key.to_ascii_uppercase();
    let index = steps.iter().rev().find_map(|step| match step {
        PathStep::Index(index) => i64::try_from(*index).ok(),
        PathStep::Key(_) => None,
    });
    is_name(&name).then_some((name, index.unwrap_or(0).saturating_add(1)))
}

fn in_wcs(path: &TreePath) -> bool {
    let is_wcs = |step: &PathStep| matches!(step, PathStep::Key(key) if &**key == "wcs");
    path.steps().iter().any(is_wcs)
}

/// Text that `EXTNAME` can hold and that a source can be read back from.
fn is_name(name: &str) -> bool {
    let printable = |byte: u8| (b' '..=b'~').contains(&byte);
    !name.is_empty() && name.len() <= 60 && name.trim() == name && name.bytes().all(printable)
}

/// Whether FITS has images or tables of such elements.
fn fits(array: &ArrayRef<'_>) -> Result<(), EmbedFault> {
    if array.shape().is_empty() {
        return Err(EmbedFault::ImageAxes);
    }
    if array.shape().contains(&0) && !matches!(array.datatype(), Datatype::Record(_)) {
        return Err(EmbedFault::Empty {
            shape: array.shape().into(),
        });
    }
    let fine = match array.datatype() {
        Datatype::Scalar(scalar) => !matches!(
            scalar,
            Scalar::Float16 | Scalar::Bool8 | Scalar::Complex64 | Scalar::Complex128
        ),
        Datatype::Record(fields) => {
            array.shape().len() == 1
                && fields.iter().all(|field| match &field.datatype {
                    Datatype::Scalar(scalar) => *scalar != Scalar::Float16,
                    Datatype::Ascii(_) => true,
                    Datatype::Ucs4(_) | Datatype::Record(_) => false,
                })
        }
        Datatype::Ascii(_) | Datatype::Ucs4(_) => false,
    };
    if fine {
        Ok(())
    } else {
        Err(EmbedFault::NoHduType {
            datatype: array.datatype().to_string().into(),
            axes: array.shape().len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_names_path_name_and_version() {
        let cases = [
            ("data=SCI,2", Some(("/data", "SCI", 2))),
            ("meta/flat=FLAT", Some(("/meta/flat", "FLAT", 1))),
            ("a=B, C,3", Some(("/a", "B, C", 3))),
            ("a=B,C", Some(("/a", "B,C", 1))),
            ("a", None),
            ("a=", None),
            ("a=X,0", None),
        ];
        for (text, wanted) in cases {
            let found = text.parse::<HduMove>().ok();
            let found = found.map(|found| (found.path.to_string(), found.name, found.version));
            let wanted =
                wanted.map(|(path, name, version)| (path.to_owned(), name.to_owned(), version));
            assert_eq!(found, wanted, "{text}");
        }
    }

    #[test]
    fn the_last_key_names_the_hdu_and_the_list_its_version() {
        let of = |text: &str| name(&TreePath::parse(text).unwrap());
        assert_eq!(of("/data"), Some(("DATA".to_owned(), 1)));
        assert_eq!(of("slits[2].data"), Some(("DATA".to_owned(), 3)));
        assert_eq!(of("planes[4]"), Some(("PLANES".to_owned(), 5)));
        assert_eq!(of("/grün"), None);
    }
}
