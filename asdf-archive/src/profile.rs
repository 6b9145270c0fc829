//! Where the values of `ObsCore`'s columns are in the trees of a mission: data, one TOML file a mission.

use crate::fault::fault;
use crate::schema::Cell;
use asdf_core::inspect::mjd;
use asdf_core::tree::Value;
use asdf_core::{AsdfFile, Node, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Bytes of a text at most; a longer one is not a name.
const TEXT: usize = 1 << 16;
/// Columns of times, which are modified Julian dates.
const MOMENTS: [&str; 2] = ["t_min", "t_max"];

/// The profiles that are built in, the first that fits a file counts.
const BUILT_IN: [&str; 3] = [
    include_str!("../profiles/roman.toml"),
    include_str!("../profiles/jwst.toml"),
    include_str!("../profiles/dkist.toml"),
];

/// Where the values of columns are in the trees of a mission.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What the column `profile` says.
    pub name: String,
    /// Paths of the nodes whose leaves become columns, the first that is there.
    #[serde(default)]
    pub under: Vec<String>,
    when: When,
    columns: BTreeMap<String, Source>,
}

/// Which files a profile is for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct When {
    /// A node that is there,
    path: String,
    /// with this value,
    is: Option<Constant>,
    /// and this text in its tag.
    tag: Option<String>,
}

/// Where a column has its values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    /// The first that is there counts.
    #[serde(default)]
    paths: Vec<String>,
    /// The value of all files.
    value: Option<Constant>,
    /// What values stand for.
    #[serde(default)]
    map: BTreeMap<String, Constant>,
    /// What numbers are multiplied by.
    factor: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum Constant {
    Int(i64),
    Float(f64),
    Text(String),
}

impl Constant {
    fn cell(&self) -> Cell {
        match self {
            Self::Int(value) => Cell::Int(*value),
            Self::Float(value) => Cell::Float(*value),
            Self::Text(text) => Cell::Text(text.clone()),
        }
    }
}

impl Profile {
    /// A profile as TOML.
    ///
    /// # Errors
    /// The text is not one, or names a column that catalogues do not have.
    pub fn parse(text: &str) -> Result<Self> {
        let profile: Self = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
        let known = crate::schema::files();
        let is_known = |name: &String| known.iter().any(|column| column.name == *name);
        match profile.columns.keys().find(|name| !is_known(name)) {
            Some(name) => Err(fault(format!("catalogues have no column `{name}`"))),
            None => Ok(profile),
        }
    }

    /// A profile of a file.
    ///
    /// # Errors
    /// The file cannot be read; as [`parse`](Self::parse).
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(crate::fault::io(path))?;
        Self::parse(&text).map_err(|error| error.at_file(path))
    }

    /// The built-in profiles.
    ///
    /// # Errors
    /// None: they are tested.
    pub fn built_in() -> Result<Vec<Self>> {
        BUILT_IN.iter().map(|text| Self::parse(text)).collect()
    }

    /// Whether the profile is for a file.
    pub fn fits(&self, file: &AsdfFile) -> bool {
        let Ok(node) = file.node(self.when.path.as_str()) else {
            return false;
        };
        let is = self.when.is.as_ref();
        let has_value =
            is.is_none_or(|wanted| value(node).is_some_and(|cell| cell == wanted.cell()));
        let tag = self.when.tag.as_deref();
        let has_tag = tag.is_none_or(|part| {
            let tag = node.tag();
            tag.is_some_and(|tag| tag.to_string().contains(part))
        });
        has_value && has_tag
    }

    /// The values of the columns.
    pub(crate) fn cells(&self, file: &AsdfFile) -> Vec<(String, Cell)> {
        let columns = self.columns.iter();
        let cells = columns.filter_map(|(name, source)| {
            let cell = source.cell(file, MOMENTS.contains(&name.as_str()))?;
            Some((name.clone(), cell))
        });
        cells.collect()
    }
}

impl Source {
    fn cell(&self, file: &AsdfFile, is_moment: bool) -> Option<Cell> {
        let mut nodes = self
            .paths
            .iter()
            .filter_map(|path| file.node(path.as_str()).ok());
        let found = nodes.find_map(value);
        let Some(found) = found else {
            return self.value.as_ref().map(Constant::cell);
        };
        if !self.map.is_empty() {
            return Some(self.map.get(&found.text())?.cell());
        }
        match (found, self.factor) {
            (Cell::Text(text), _) if is_moment => mjd(&text).map(Cell::Float),
            (Cell::Float(value), Some(factor)) => Some(Cell::Float(value * factor)),
            #[expect(clippy::cast_precision_loss, reason = "a number that is scaled")]
            (Cell::Int(value), Some(factor)) => Some(Cell::Float(value as f64 * factor)),
            (cell, _) => Some(cell),
        }
    }
}

/// The value of a scalar, of a quantity, or of a moment.
fn value(node: Node<'_>) -> Option<Cell> {
    let is_wrapper = node.tag().is_some_and(|tag| {
        let base = tag.base();
        base.ends_with("unit/quantity") || base.ends_with("time/time")
    });
    let inner = node.get("value").filter(|_| is_wrapper);
    let node = inner.unwrap_or(node);
    Some(match node.value() {
        Value::Bool(value) => Cell::Bool(value),
        Value::Int(value) => Cell::Int(value),
        Value::Float(value) => Cell::Float(value),
        Value::Timestamp(time) => Cell::Text(time.to_string()),
        Value::Str(text) if text.len() <= TEXT => Cell::Text(text.to_owned()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_profiles_name_columns_that_are_there() {
        let names: Vec<String> = Profile::built_in()
            .unwrap()
            .into_iter()
            .map(|profile| profile.name)
            .collect();
        assert_eq!(names, ["roman", "jwst", "dkist"]);
        let wrong = "name = 'x'\n[when]\npath = 'a'\n[columns.nonsense]\nvalue = 1\n";
        let error = Profile::parse(wrong).unwrap_err().to_string();
        assert!(error.contains("no column `nonsense`"), "{error}");
    }
}
