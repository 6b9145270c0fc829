//! Columns of tables (`core/column`, `table/column`, and what stands in the place of one).

use super::{Tagged, UnitName, Values};
use crate::array::ArrayRef;
use crate::array::is_array;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Mismatch;
use crate::error::Result;
use crate::file::{Draft, FileNode};
use crate::tree::{NewNode, Tag};

/// Mappings on the way to an array: a column whose `data` are a quantity, whose `value` is the array.
const DEPTH: usize = 4;
/// The tags of columns: that of the standard since 1.6.0, and the one before.
const TAGS: [&str; 2] = [
    "tag:stsci.edu:asdf/table/column-1.2.0",
    "tag:stsci.edu:asdf/core/column-1.0.0",
];

/// Names of components of positions, in the order in which astropy has them; a tree has its keys in the order of the alphabet.
const COMPONENTS: [&str; 41] = [
    "ra",
    "l",
    "sgl",
    "az",
    "ha",
    "lon",
    "x",
    "u",
    "rho",
    "phi",
    "theta",
    "dec",
    "b",
    "sgb",
    "alt",
    "lat",
    "y",
    "v",
    "r",
    "z",
    "w",
    "distance",
    "pm_ra_cosdec",
    "pm_ra",
    "pm_l_cosb",
    "pm_l",
    "pm_sgl_cossgb",
    "pm_sgl",
    "pm_az_cosalt",
    "pm_az",
    "pm_ha_cosdec",
    "pm_ha",
    "pm_lon_coslat",
    "pm_lon",
    "pm_dec",
    "pm_b",
    "pm_sgb",
    "pm_alt",
    "pm_lat",
    "radial_velocity",
    "obstime",
];

/// The place of a component of positions among the others; what is none comes after them.
pub(crate) fn component_order(key: &str) -> usize {
    let place = COMPONENTS.iter().position(|known| *known == key);
    place.unwrap_or(COMPONENTS.len())
}

/// A column of a [`Table`](super::Table).
#[derive(Debug, Clone)]
pub struct Column<'f> {
    /// The name.
    pub name: String,
    /// The values: an array, or what stands in the place of a column, as a quantity, a time or positions, which is written as it is.
    pub values: Values<'f>,
    /// The unit, where it is given.
    pub unit: Option<UnitName>,
    /// What it is, for people.
    pub description: Option<String>,
    /// Whatever else there is to know.
    pub meta: Option<FileNode<'f>>,
}

impl<'f> Column<'f> {
    /// A column that is to be written, of an array that [`Draft::new_array`] made.
    pub fn new(name: &str, values: impl Into<Values<'f>>) -> Self {
        Self {
            name: name.to_owned(),
            values: values.into(),
            unit: None,
            description: None,
            meta: None,
        }
    }

    /// The column in a unit.
    #[must_use]
    pub fn in_unit(mut self, unit: &str) -> Self {
        self.unit = Some(UnitName::new(unit));
        self
    }

    /// The array, located and not loaded; of a quantity or a time that of its values.
    ///
    /// # Errors
    /// The column is not an array, as one of positions on the sky; the array cannot be located.
    pub fn array(&self) -> Result<ArrayRef<'f>> {
        let at = self.array_node()?;
        at.file.array_at(at.node)
    }

    /// The node of the array.
    pub(crate) fn array_node(&self) -> Result<FileNode<'f>> {
        let Values::Node(at) = &self.values else {
            return Err(self.values.is_not("an array"));
        };
        values(*at, DEPTH)?.ok_or_else(|| {
            let found = at.node.describe();
            let error = Error::from(Mismatch::NotArray { found });
            let error = error.at(at.node.span()).at_path(|| at.node.path());
            error.in_file(at.file.name())
        })
    }

    /// The arrays of the column by name, with their units: that of the column itself, or those of an object, such as the
    /// longitudes and latitudes of positions, `NAME.ra` and `NAME.dec`.
    ///
    /// # Errors
    /// It has no array; a reference leads nowhere.
    pub(crate) fn arrays(&self) -> Result<Vec<ColumnArray<'f>>> {
        if let Values::Node(at) = &self.values
            && values(*at, DEPTH)?.is_none()
        {
            let mut out = Vec::new();
            parts(*at, &self.name, DEPTH, &mut out)?;
            if !out.is_empty() {
                return Ok(out);
            }
        }
        Ok(vec![ColumnArray {
            name: self.name.clone(),
            at: self.array_node()?,
            unit: self.unit.as_ref().map(ToString::to_string),
        }])
    }

    /// A column, or what stands in the place of one: an array, a quantity, a time. `listed` is the name that the table gives it.
    pub(super) fn read(at: FileNode<'f>, listed: Option<&str>) -> Result<Self> {
        let at = at.resolve()?;
        let text = |key| match at.node.get(key).map(crate::tree::Node::value) {
            Some(crate::tree::Value::Str(text)) => Some(text),
            _ => None,
        };
        let data = at.under("data")?.filter(|_| !is_array(at.node));
        let mut unit = at.under("unit")?;
        if let (None, Some(data)) = (unit, data) {
            unit = data.under("unit")?;
        }
        let unit = unit.filter(|unit| unit.node.text().is_some());
        Ok(Self {
            name: listed.or(text("name")).unwrap_or_default().to_owned(),
            values: Values::Node(data.unwrap_or(at)),
            unit: unit.map(UnitName::read).transpose()?,
            description: text("description").map(str::to_owned),
            meta: at.under("meta")?,
        })
    }
}

/// An array of a column.
#[derive(Debug)]
pub(crate) struct ColumnArray<'f> {
    pub(crate) name: String,
    pub(crate) at: FileNode<'f>,
    pub(crate) unit: Option<String>,
}

/// The arrays within an object, each under the keys that lead to it.
fn parts<'f>(
    at: FileNode<'f>,
    name: &str,
    depth: usize,
    out: &mut Vec<ColumnArray<'f>>,
) -> Result<()> {
    let Some(deeper) = depth.checked_sub(1) else {
        return Ok(());
    };
    let map = at.node.as_map().into_iter();
    let mut entries: Vec<_> = map.flat_map(crate::tree::Map::iter).collect();
    entries.sort_by_key(|(key, _)| component_order(&key.key_text()));
    for (key, node) in entries {
        let child = FileNode { node, ..at }.resolve()?;
        let name = format!("{name}.{}", key.key_text());
        match values(child, deeper)? {
            // One for each row, and not a number that all rows share.
            Some(array) => {
                let unit = child.under("unit")?.and_then(|unit| unit.node.text());
                let unit = unit.map(str::to_owned);
                out.push(ColumnArray {
                    name,
                    at: array,
                    unit,
                });
            }
            None => parts(child, &name, deeper, out)?,
        }
    }
    Ok(())
}

/// The array of a column, which may be the value of a quantity.
fn values(at: FileNode<'_>, depth: usize) -> Result<Option<FileNode<'_>>> {
    if is_array(at.node) {
        return Ok(Some(at));
    }
    let Some(depth) = depth.checked_sub(1) else {
        return Ok(None);
    };
    for key in ["data", "value", "values"] {
        if let Some(inner) = at.under(key)?
            && let Some(found) = values(inner, depth)?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

impl<'f> Tagged<'f> for Column<'f> {
    const TAG: &'static str = TAGS[0];

    fn is_tag(tag: &Tag) -> bool {
        TAGS.iter().any(|known| tag.is_version_of(known))
    }

    fn from_node(at: FileNode<'f>) -> Result<Self> {
        Self::read(at, None)
    }

    fn to_node(&self, draft: &mut Draft<'f>) -> Result<NewNode> {
        if let Values::Node(at) = &self.values
            && at.node.tag().is_some()
            && !is_array(at.node)
        {
            return draft.new_copy(*at);
        }
        let mut pairs = vec![
            ("name", draft.nodes().string(&self.name)),
            ("data", self.values.to_node(draft)?),
        ];
        if let Some(unit) = &self.unit {
            pairs.push(("unit", draft.tagged(unit)?));
        }
        if let Some(description) = &self.description {
            pairs.push(("description", draft.nodes().string(description)));
        }
        if let Some(meta) = self.meta {
            pairs.push(("meta", draft.new_copy(meta)?));
        }
        let tag = draft.first_tag_in_standard(&TAGS)?;
        let nodes = draft.nodes();
        let node = nodes.map_of(pairs);
        nodes.set_tag(node, &tag);
        Ok(node)
    }
}
