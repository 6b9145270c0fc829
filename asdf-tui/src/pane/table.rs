//! A table: columns that belong together, from a record array or a `table` node, with its rows sorted
//! and filtered.

use crate::pane::cursor::Motion;
use crate::pane::search::Pattern;
use crate::pane::sheet::Sheet;
use crate::pane::sheet::SheetSource;
use crate::pane::sheet::WindowAsk;
use asdf_core::AsdfFile;
use asdf_core::Node;
use asdf_core::array::Datatype;
use asdf_core::array::is_array;
use asdf_core::inspect::ArrayInfo;
use asdf_core::inspect::escape;
use asdf_core::tree::NodeId;
use asdf_core::tree::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

mod export;
mod filter;
mod find;
mod load;
mod pick;
mod shown;
mod summary;

pub use export::TableExport;
pub use filter::Filter;
pub use find::CellAsk;
pub(crate) use load::elements;
pub use load::load;
pub use load::text_columns;
pub use pick::Pick;
pub use pick::PickAsk;
pub use pick::pick;
pub use shown::CellFormat;
pub use summary::ShownRows;
pub use summary::Summary;
pub use summary::SummaryAsk;
pub use summary::SummaryPane;

/// Columns of a datatype below the name.
const LONGEST_TYPE: usize = 12;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name, escaped.
    pub name: String,
    /// The unit, escaped.
    pub unit: Option<String>,
    /// The datatype, for people.
    pub datatype: String,
    /// The array that holds it.
    pub node: NodeId,
    /// The field of a record array.
    pub field: Option<String>,
}

/// How the rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorting {
    /// By this column.
    pub column: usize,
    /// The largest first.
    pub is_descending: bool,
}

/// The state of the pane.
#[derive(Debug)]
pub struct TablePane {
    /// The path of the table.
    pub path: String,
    /// The columns.
    pub columns: Arc<Vec<Column>>,
    /// Rows of the whole table.
    pub rows: u64,
    /// The order of the rows.
    pub sorting: Option<Sorting>,
    /// Which rows show.
    pub filter: Option<Filter>,
    /// The rows that show, when they are not all in their own order.
    pub picked: Option<Arc<Vec<u64>>>,
    /// Whether rows are being picked.
    pub is_picking: bool,
    /// The columns that show, by their numbers, in their order.
    pub(crate) shown: Vec<usize>,
    /// How many of them stay at the left.
    pub(crate) pinned: usize,
    /// How the numbers of columns are written.
    formats: BTreeMap<usize, CellFormat>,
    /// The widths of the headings of all columns.
    widths: Vec<u16>,
    /// The text that is looked for in the cells.
    pub(crate) wanted: Option<Pattern>,
    /// The cells.
    pub sheet: Sheet,
}

impl TablePane {
    /// The table of a node: a record array with its facts, or a `table` node with columns whose
    /// facts `fact` looks up. `None` when the node is neither.
    pub fn new(
        file: &AsdfFile,
        node: Node<'_>,
        path: String,
        fact: impl Fn(NodeId) -> Option<Arc<ArrayInfo>>,
    ) -> Option<Self> {
        let (columns, rows) = if is_array(node) {
            let (columns, rows) = record_columns(node.id(), &*fact(node.id())?)?;
            (with_units(file, node, columns), rows)
        } else {
            let columns = table_columns(node)?;
            let rows = columns.iter().filter_map(|column| fact(column.node));
            let rows = rows.map(|info| info.shape.first().copied().unwrap_or(1));
            let rows = rows.min()?;
            (with_types(columns, &fact), rows)
        };
        debug_assert!(std::ptr::eq(file.tree(), node.tree()));
        let widths = columns.iter().map(|column| {
            let below = column.unit.as_deref().unwrap_or(&column.datatype);
            let width = column.name.width().max(below.width().min(LONGEST_TYPE));
            u16::try_from(width).unwrap_or(u16::MAX)
        });
        let widths: Vec<u16> = widths.collect();
        let sheet = Sheet::new(rows, columns.len() as u64, widths.clone());
        Some(Self {
            path,
            rows,
            sorting: None,
            filter: None,
            picked: None,
            is_picking: false,
            shown: (0..columns.len()).collect(),
            pinned: 0,
            formats: BTreeMap::new(),
            widths,
            wanted: None,
            sheet,
            columns: Arc::new(columns),
        })
    }

    /// The arrays whose facts [`TablePane::new`] needs.
    pub fn arrays(node: Node<'_>) -> Vec<NodeId> {
        if is_array(node) {
            return vec![node.id()];
        }
        let columns = table_columns(node).unwrap_or_default();
        columns.iter().map(|column| column.node).collect()
    }

    /// Moves the selected cell.
    pub fn step(&mut self, motion: Motion) {
        self.sheet.step(motion);
    }

    /// Sorts by the selected column: upwards, then downwards, then not at all.
    pub fn sort(&mut self) -> Option<PickAsk> {
        let (column, _) = self.selected_column()?;
        let sorting = |is_descending| {
            Some(Sorting {
                column,
                is_descending,
            })
        };
        self.sorting = match self.sorting {
            Some(now) if now.column == column && now.is_descending => None,
            Some(now) if now.column == column => sorting(true),
            _ => sorting(false),
        };
        self.ask()
    }

    /// Shows only rows that pass a filter, or all again.
    pub fn set_filter(&mut self, filter: Option<Filter>) -> Option<PickAsk> {
        self.filter = filter;
        self.ask()
    }

    /// What is to be picked; `None` when all rows show in their own order again.
    fn ask(&mut self) -> Option<PickAsk> {
        if self.sorting.is_none() && self.filter.is_none() {
            self.is_picking = false;
            self.show(None);
            return None;
        }
        self.is_picking = true;
        Some(PickAsk {
            columns: Arc::clone(&self.columns),
            rows: self.rows,
            sorting: self.sorting,
            filter: self.filter.clone(),
        })
    }

    /// Takes the rows that were picked, or why they cannot be told.
    pub fn take(&mut self, pick: Result<Pick, String>) {
        self.is_picking = false;
        match pick {
            Ok(pick) => self.show(Some(pick.rows)),
            Err(fault) => self.sheet.fault = Some(fault),
        }
    }

    fn show(&mut self, picked: Option<Arc<Vec<u64>>>) {
        self.sheet.rows = picked.as_ref().map_or(self.rows, |rows| rows.len() as u64);
        self.sheet.numbered = self.rows;
        self.picked = picked;
        self.sheet.forget();
        self.sheet.select(0, self.sheet.column.at);
    }

    /// The row of the table that stands at a row of the sheet.
    pub fn row(&self, at: u64) -> u64 {
        let picked = self.picked.as_ref().zip(usize::try_from(at).ok());
        let row = picked.and_then(|(rows, at)| rows.get(at));
        row.copied().unwrap_or(at)
    }

    /// The row of the sheet at which a row of the table stands; `None` where it does not show.
    pub fn place_of(&self, row: u64) -> Option<u64> {
        let place = match &self.picked {
            Some(rows) => rows.iter().position(|own| *own == row)? as u64,
            None => row,
        };
        (place < self.sheet.rows).then_some(place)
    }

    /// What is to be loaded.
    pub fn missing(&mut self) -> Option<WindowAsk> {
        let (rows, columns) = self.sheet.missing()?;
        let picked = self.picked.is_some();
        let picked = picked.then(|| rows.clone().map(|at| self.row(at)).collect());
        Some(WindowAsk {
            source: SheetSource::Columns(self.shown_columns()),
            rows,
            picked,
            columns,
        })
    }
}

/// The fields of a record array.
fn record_columns(node: NodeId, info: &ArrayInfo) -> Option<(Vec<Column>, u64)> {
    let Datatype::Record(fields) = &info.datatype else {
        return None;
    };
    let columns = fields.iter().enumerate().map(|(index, field)| {
        let label = field.label(index);
        let shape: Vec<String> = field.shape.iter().map(u64::to_string).collect();
        let shape = if shape.is_empty() {
            String::new()
        } else {
            format!("[{}]", shape.join(", "))
        };
        Column {
            name: escape(&label).into_owned(),
            unit: None,
            datatype: format!("{}{shape}", field.datatype),
            node,
            field: Some(label),
        }
    });
    let rows = match info.shape.as_slice() {
        [] => 1,
        [rows] => *rows,
        _ => return None,
    };
    Some((columns.collect(), rows))
}

/// The units of the columns of a table of a FITS file: its cards are beside the array.
fn with_units(file: &AsdfFile, node: Node<'_>, mut columns: Vec<Column>) -> Vec<Column> {
    let Some(hdu) = file.hdu_of_array(node) else {
        return columns;
    };
    let header = hdu.image_header();
    let text = |keyword: String| {
        let text = header.text(&keyword).ok().flatten();
        text.map(|text| text.trim().to_owned())
    };
    let fields = header.integer("TFIELDS").ok().flatten().unwrap_or(0);
    let units: BTreeMap<String, String> = (1..=fields)
        .filter_map(|number| {
            let unit = text(format!("TUNIT{number}")).filter(|unit| !unit.is_empty())?;
            Some((text(format!("TTYPE{number}"))?, unit))
        })
        .collect();
    for column in &mut columns {
        let unit = column.field.as_ref().and_then(|name| units.get(name));
        column.unit = unit.map(|unit| escape(unit).into_owned());
    }
    columns
}

/// The columns of a node with `columns`, as the tables of the standard and of astropy have them.
fn table_columns(node: Node<'_>) -> Option<Vec<Column>> {
    let is_table = node.tag().is_some_and(|tag| tag.base().ends_with("table"));
    if !is_table {
        return None;
    }
    let list = node.get("columns")?.as_seq()?;
    // Columns that are quantities, times and so on have their names in the table only.
    let names: Vec<Node<'_>> = node
        .get("colnames")
        .and_then(Node::as_seq)
        .map(|names| names.iter().collect())
        .unwrap_or_default();
    let columns = list.iter().enumerate();
    let columns = columns.flat_map(|(at, node)| parts(node, names.get(at).copied()));
    let columns: Vec<Column> = columns.collect();
    (!columns.is_empty()).then_some(columns)
}

/// The column of a node; of what holds several arrays, as positions on the sky do, a column each, which is called by their
/// keys: `coord.ra`.
fn parts(node: Node<'_>, listed: Option<Node<'_>>) -> Vec<Column> {
    let text = |node: Node<'_>| match node.value() {
        Value::Str(text) => Some(escape(text).into_owned()),
        _ => None,
    };
    let name = node.get("name").and_then(text);
    let name = name.or_else(|| listed.and_then(text)).unwrap_or_default();
    if let Some(array) = values(node, 4) {
        let unit = node.get("unit").or_else(|| node.get("data")?.get("unit"));
        return vec![column(name, unit, array)];
    }
    let mut found = Vec::new();
    inner(node, &name, 3, &mut found);
    found
}

/// The arrays below the keys of a node.
fn inner(node: Node<'_>, name: &str, depth: usize, found: &mut Vec<Column>) {
    let Some((entries, depth)) = node.as_map().zip(depth.checked_sub(1)) else {
        return;
    };
    for (key, node) in entries {
        let name = format!("{name}.{}", escape(&key.key_text()));
        match values(node, 2) {
            Some(array) => found.push(column(name, node.get("unit"), array)),
            None => inner(node, &name, depth, found),
        }
    }
}

fn column(name: String, unit: Option<Node<'_>>, array: Node<'_>) -> Column {
    Column {
        name,
        unit: unit
            .and_then(Node::text)
            .map(|unit| escape(unit).into_owned()),
        datatype: String::new(),
        node: array.id(),
        field: None,
    }
}

/// The array of a column: its `data`, the `value` of a quantity in there, and so on.
fn values(node: Node<'_>, depth: usize) -> Option<Node<'_>> {
    if is_array(node) {
        return Some(node);
    }
    let depth = depth.checked_sub(1)?;
    let mut inner = ["data", "value", "values"]
        .into_iter()
        .filter_map(|key| node.get(key));
    inner.find_map(|node| values(node, depth))
}

fn with_types(
    mut columns: Vec<Column>,
    fact: &impl Fn(NodeId) -> Option<Arc<ArrayInfo>>,
) -> Vec<Column> {
    for column in &mut columns {
        if let Some(info) = fact(column.node) {
            let inner = info.shape.get(1..).unwrap_or_default();
            let shape = if inner.is_empty() {
                String::new()
            } else {
                format!("{inner:?}")
            };
            column.datatype = format!("{}{shape}", info.datatype);
        }
    }
    columns
}
