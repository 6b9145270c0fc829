//! Tables of columns (`astropy/table`, `core/table`, `table/table`).

use super::{Column, Tagged};
use crate::array::{ArrayData, is_array};
use crate::error::Locate;
use crate::error::Mismatch;
use crate::error::Result;
use crate::file::{AsdfFile, Draft, FileNode};
use crate::tree::{IntoTreePath, NewNode, Node, Tag, Value};

/// The tags of astropy's tables, which is what asdf-astropy writes: since version 1.6.0 of the standard, and before.
const ASTROPY: [&str; 2] = [
    "tag:astropy.org:astropy/table/table-1.3.0",
    "tag:astropy.org:astropy/table/table-1.1.0",
];
/// The standard's own.
const STANDARD: [&str; 2] = [
    "tag:stsci.edu:asdf/table/table-1.2.0",
    "tag:stsci.edu:asdf/core/table-1.0.0",
];

/// Columns of equal length, with their names and units.
#[derive(Debug, Clone)]
pub struct Table<'f> {
    /// The columns in their order.
    pub columns: Vec<Column<'f>>,
    /// Whether astropy reads columns with units as quantities.
    pub is_qtable: bool,
    /// Whatever else there is to know.
    pub meta: Option<FileNode<'f>>,
}

impl<'f> Table<'f> {
    /// A table that is to be written.
    pub fn new(columns: Vec<Column<'f>>) -> Self {
        Self {
            columns,
            is_qtable: false,
            meta: None,
        }
    }

    /// The column of that name, the first one where several have it.
    pub fn column(&self, name: &str) -> Option<&Column<'f>> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The table that a mapping with `columns` is, whatever its tag; `None` for other nodes.
    ///
    /// # Errors
    /// A reference in it leads nowhere.
    pub fn of(at: FileNode<'f>) -> Result<Option<Self>> {
        let Some(list) = at.under("columns")? else {
            return Ok(None);
        };
        let Some(columns) = list.node.as_seq() else {
            return Ok(None);
        };
        let names = at.under("colnames")?;
        let names = names.and_then(|names| names.node.as_seq());
        let mut listed = names.into_iter().flatten().map(|name| match name.value() {
            Value::Str(text) => Some(text),
            _ => None,
        });
        let mut all = Vec::with_capacity(columns.len());
        for node in columns {
            let at = FileNode { node, ..list };
            all.push(Column::read(at, listed.next().flatten())?);
        }
        Ok(Some(Self {
            columns: all,
            is_qtable: matches!(
                at.node.get("qtable").map(Node::value),
                Some(Value::Bool(true))
            ),
            meta: at.under("meta")?,
        }))
    }
}

impl AsdfFile {
    /// A column by its name: of a table, or of an array of records.
    ///
    /// # Errors
    /// There is no node at the path, it is neither a table nor an array, it has no such column, or that cannot be read.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/record_simple.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let flux = file.column("t", "flux")?.to_f64()?;
    /// assert!(!flux.is_empty());
    /// assert!(file.column("t", "no such column").unwrap_err().is_mismatch());
    /// # Ok(())
    /// # }
    /// ```
    pub fn column(&self, path: impl IntoTreePath, name: &str) -> Result<ArrayData<'_>> {
        let node = self.node(path)?;
        let at = FileNode { file: self, node }.resolve()?;
        let found = if is_array(at.node) {
            at.file.array_at(at.node)?.load()?.into_field(name)
        } else {
            let table = Table::of(at)?;
            let table = table.ok_or_else(|| at.is_not("a table or an array of records"))?;
            let column = table.column(name);
            column.map(|column| column.array()?.load()).transpose()?
        };
        found.ok_or_else(|| {
            let name = name.escape_debug().to_string().into();
            let error = crate::error::Error::from(Mismatch::NoColumn { name });
            error.at_path(|| at.node.path()).in_file(at.file.name())
        })
    }
}

impl<'f> Tagged<'f> for Table<'f> {
    const TAG: &'static str = ASTROPY[0];

    fn is_tag(tag: &Tag) -> bool {
        let mut known = ASTROPY.iter().chain(&STANDARD);
        known.any(|known| tag.is_version_of(known))
    }

    fn from_node(at: FileNode<'f>) -> Result<Self> {
        let expected = "a table, which has a list of `columns`";
        Self::of(at)?.ok_or_else(|| at.is_not(expected))
    }

    fn to_node(&self, draft: &mut Draft<'f>) -> Result<NewNode> {
        let mut columns = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            columns.push(draft.tagged(column)?);
        }
        let meta = self.meta.map(|meta| draft.new_copy(meta)).transpose()?;
        // Astropy has the same limit to versions of the standard as the standard's own table.
        let is_new = draft.tag_in_standard(STANDARD[0]).is_ok();
        let [new, old] = ASTROPY;
        let nodes = draft.nodes();
        let names = self.columns.iter().map(|column| nodes.string(&column.name));
        let names = names.collect();
        let mut pairs = vec![
            ("colnames", nodes.seq(names)),
            ("columns", nodes.seq(columns)),
        ];
        pairs.push(("qtable", nodes.bool(self.is_qtable)));
        pairs.extend(meta.map(|meta| ("meta", meta)));
        let node = nodes.map_of(pairs);
        nodes.set_tag(node, if is_new { new } else { old });
        Ok(node)
    }
}
