//! Rows, and the columns that they make together.

use super::arrays;
use crate::columns::{self, Cell, Column, Place, Valued};
use crate::context::Context;
use crate::usage::refused;
use asdf_core::Result;
use asdf_core::inspect::file_name_text;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// The cells of a file, by the names of their columns, with the units of quantities.
#[derive(Debug, Clone)]
pub(super) struct Row {
    file: PathBuf,
    cells: Vec<Entry>,
    /// The first cell of each name, where there are many.
    places: HashMap<String, usize>,
}

/// So many cells are looked through faster than a table of their names is made.
const FEW: usize = 32;

/// A cell, by the name of its column.
#[derive(Debug, Clone)]
struct Entry {
    name: String,
    valued: Valued,
    /// The number of the pattern that found it.
    pattern: Option<usize>,
}

impl Row {
    pub(super) fn new(file: PathBuf) -> Self {
        Self {
            file,
            cells: Vec::new(),
            places: HashMap::new(),
        }
    }

    fn push(&mut self, entry: Entry) {
        if self.cells.len() == FEW {
            for (at, known) in self.cells.iter().enumerate() {
                self.places.entry(known.name.clone()).or_insert(at);
            }
        }
        if self.cells.len() >= FEW {
            let at = self.cells.len();
            self.places.entry(entry.name.clone()).or_insert(at);
        }
        self.cells.push(entry);
    }

    pub(super) fn set(&mut self, name: &str, cell: Cell, unit: Option<String>) {
        self.push(Entry {
            name: name.to_owned(),
            valued: Valued { cell, unit },
            pattern: None,
        });
    }

    /// The same of a node that a pattern found.
    pub(super) fn set_found(
        &mut self,
        pattern: usize,
        name: String,
        cell: Cell,
        unit: Option<String>,
    ) {
        self.push(Entry {
            name,
            valued: Valued { cell, unit },
            pattern: Some(pattern),
        });
    }

    /// The cell of a column; `file` is one too.
    pub(super) fn get(&self, name: &str) -> Cell {
        self.valued(name).cell
    }

    /// The cell with its unit.
    pub(super) fn valued(&self, name: &str) -> Valued {
        match self.find(name) {
            Some(entry) => entry.valued.clone(),
            None if name == "file" => Cell::Text(file_name_text(&self.file).into_owned()).into(),
            None => Cell::Empty.into(),
        }
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        if self.cells.len() <= FEW {
            return self.cells.iter().find(|entry| entry.name == name);
        }
        self.cells.get(*self.places.get(name)?)
    }

    fn unit(&self, name: &str) -> Option<&String> {
        self.find(name)?.valued.unit.as_ref()
    }
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing but empty cells.
    Empty,
    Bool,
    Int,
    Float,
    Text,
}

impl Kind {
    /// Formats with types have integers of 64 bits; longer ones are text, which has all digits.
    pub(super) fn of_integer(value: i128) -> Self {
        match i64::try_from(value) {
            Ok(_) => Self::Int,
            Err(_) => Self::Text,
        }
    }
}

/// A column of a table that is complete.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) unit: Option<String>,
    /// Whether values of several kinds have become text.
    is_mixed: bool,
    /// Whether quantities have several units.
    has_units: bool,
}

impl Head {
    pub(super) fn new(name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            unit: None,
            is_mixed: false,
            has_units: false,
        }
    }
}

/// A column that rows are sorted by.
#[derive(Debug)]
struct Order {
    name: String,
    /// Whether the greatest comes first.
    is_down: bool,
}

impl Order {
    fn parse(lists: &[String]) -> Result<Vec<Self>> {
        let names = lists.iter().flat_map(|list| columns::split(list));
        let orders = names.map(|name| match name.strip_prefix('-') {
            Some(name) => Self {
                name: name.to_owned(),
                is_down: true,
            },
            None => Self {
                name,
                is_down: false,
            },
        });
        let orders: Vec<Self> = orders.collect();
        if orders.is_empty() && !lists.is_empty() {
            return Err(refused("--sort needs a column"));
        }
        Ok(orders)
    }

    /// Empty cells come last, whichever way it goes.
    fn compare(&self, a: &Cell, b: &Cell) -> Ordering {
        let order = a.order(b);
        if self.is_down && !a.is_empty() && !b.is_empty() {
            order.reverse()
        } else {
            order
        }
    }
}

/// A table.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) heads: Vec<Head>,
    /// Cells in the order of the heads.
    pub(super) cells: Vec<Vec<Cell>>,
    sources: Vec<Row>,
}

impl Rows {
    /// The columns that were asked for, in their order; a pattern has those of all nodes that it has met.
    pub(super) fn new(rows: Vec<Row>, columns: &[Column], shown: usize, arrays: bool) -> Self {
        let mut names = vec!["file".to_owned()];
        if arrays {
            names.extend(arrays::COLUMNS.map(str::to_owned));
        }
        // A node is a column once, whether it is named or found.
        let columns = columns.iter().take(shown);
        let mut met: HashSet<String> = columns.clone().filter_map(Column::pointer).collect();
        for (number, column) in columns.enumerate() {
            let cells = || rows.iter().flat_map(|row| &row.cells);
            let is_found = || cells().any(|entry| entry.pattern == Some(number));
            let is_named = match &column.place {
                Place::Pattern(_) => column.is_alias,
                Place::Card(..) => true,
                // The slice of a list is a column each item that any file has.
                Place::Path(path) => {
                    let is_own = |entry: &Entry| {
                        entry.name == column.name() && !matches!(entry.valued.cell, Cell::Empty)
                    };
                    path.as_path().is_some() || !is_found() || cells().any(is_own)
                }
            };
            if is_named {
                names.push(column.name().to_owned());
            }
            let cells = cells();
            for entry in cells.filter(|entry| entry.pattern == Some(number)) {
                if !met.contains(&entry.name) {
                    met.insert(entry.name.clone());
                    names.push(entry.name.clone());
                }
            }
        }
        Self::of_names(rows, &names)
    }

    fn of_names(rows: Vec<Row>, names: &[String]) -> Self {
        let heads = names.iter().map(|name| head(name, &rows)).collect();
        let mut out = Self {
            heads,
            cells: Vec::new(),
            sources: rows,
        };
        out.fill();
        out
    }

    /// A table made of another one.
    pub(super) fn of_cells(heads: Vec<Head>, cells: Vec<Vec<Cell>>) -> Self {
        Self {
            heads,
            cells,
            sources: Vec::new(),
        }
    }

    fn fill(&mut self) {
        let cells = |row: &Row| self.heads.iter().map(|head| head.cell(row)).collect();
        self.cells = self.sources.iter().map(cells).collect();
    }

    /// The names of the files, each once.
    pub(super) fn files(&self) -> Vec<&Path> {
        let mut out: Vec<&Path> = self.sources.iter().map(|row| row.file.as_path()).collect();
        out.dedup();
        out
    }

    /// The file of a row.
    pub(super) fn file(&self, row: usize) -> Option<&Path> {
        self.sources.get(row).map(|row| row.file.as_path())
    }

    /// A cell of a row, also of a column that is not shown.
    pub(super) fn get(&self, row: usize, name: &str) -> Cell {
        self.sources
            .get(row)
            .map_or(Cell::Empty, |row| row.get(name))
    }

    pub(super) fn len(&self) -> usize {
        self.sources.len()
    }

    /// Sorts by columns; rows that are equal in them stay in the order of the files.
    ///
    /// # Errors
    /// There is nothing to sort by.
    pub(super) fn sort(&mut self, lists: &[String]) -> Result<()> {
        let orders = Order::parse(lists)?;
        if orders.is_empty() {
            return Ok(());
        }
        self.sources.sort_by(|a, b| {
            let mut each = orders.iter();
            let of = |order: &Order| order.compare(&a.get(&order.name), &b.get(&order.name));
            each.find_map(|order| Some(of(order)).filter(|found| found.is_ne()))
                .unwrap_or(Ordering::Equal)
        });
        self.fill();
        Ok(())
    }

    /// Sorts a table of groups by columns that it shows.
    ///
    /// # Errors
    /// There is nothing to sort by, or it is no column of the table.
    pub(super) fn sort_groups(&mut self, lists: &[String]) -> Result<()> {
        let mut orders = Vec::new();
        for order in Order::parse(lists)? {
            let place = self.heads.iter().position(|head| head.name == order.name);
            let place = place.ok_or_else(|| {
                let names: Vec<&str> = self.heads.iter().map(|head| head.name.as_str()).collect();
                refused(format!(
                    "--sort {}: with --group-by the columns are {}",
                    order.name,
                    names.join(", ")
                ))
            })?;
            orders.push((place, order));
        }
        self.cells.sort_by(|a, b| {
            let mut pairs = orders.iter().filter_map(|(place, order)| {
                let (a, b) = (a.get(*place)?, b.get(*place)?);
                Some(order.compare(a, b))
            });
            pairs.find(|found| found.is_ne()).unwrap_or(Ordering::Equal)
        });
        Ok(())
    }

    /// Tells which columns have become text, or have lost their unit.
    pub(super) fn complain_of_kinds(&self, context: &Context) {
        for head in &self.heads {
            let name = &head.name;
            if head.is_mixed {
                context.caution(&format!(
                    "column {name}: values of several kinds, so all are text"
                ));
            }
            if head.has_units {
                context.caution(&format!(
                    "column {name}: quantities of several units, so they stand with the values"
                ));
            }
        }
    }
}

impl Head {
    /// The cell of a row as this column has it.
    fn cell(&self, row: &Row) -> Cell {
        let cell = row.get(&self.name);
        match (self.kind, cell) {
            (_, Cell::Empty) => Cell::Empty,
            (Kind::Text, cell) => {
                let unit = row.unit(&self.name).filter(|_| self.has_units);
                let text = cell.text();
                Cell::Text(unit.map_or_else(|| text.clone(), |unit| format!("{text} {unit}")))
            }
            (Kind::Float, cell) => cell.number().map_or(Cell::Empty, Cell::Float),
            (_, cell) => cell,
        }
    }
}

/// What the cells of a column are together.
fn head(name: &str, rows: &[Row]) -> Head {
    let mut out = Head::new(name, Kind::Empty);
    let mut units: Vec<Option<&String>> = Vec::new();
    let mut kinds: Vec<Kind> = Vec::new();
    for row in rows {
        let kind = match row.get(name) {
            Cell::Empty => continue,
            Cell::Bool(_) => Kind::Bool,
            Cell::Int(value) => Kind::of_integer(value),
            Cell::Float(_) => Kind::Float,
            Cell::Text(_) | Cell::Time(..) => Kind::Text,
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
        let unit = row.unit(name);
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    out.kind = match kinds.as_slice() {
        [] => Kind::Empty,
        [kind] => *kind,
        [Kind::Int | Kind::Float, Kind::Int | Kind::Float]
            if !rows.iter().any(|row| row.get(name).is_rounded()) =>
        {
            Kind::Float
        }
        _ => {
            out.is_mixed = true;
            Kind::Text
        }
    };
    match units.as_slice() {
        [] => {}
        [unit] => out.unit = unit.cloned(),
        _ => {
            out.has_units = true;
            out.kind = Kind::Text;
        }
    }
    out
}
