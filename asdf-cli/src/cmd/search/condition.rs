//! `--where`: a condition on the nodes that are found, and on the files that they are in.

use crate::columns::{self, Cell, Column, Expr, Met, Place, Units, Valued};
use crate::context::Context;
use crate::usage::refused;
use asdf_core::file::FileNode;
use asdf_core::inspect::{Hit, short_tag, type_name};
use asdf_core::{AsdfFile, Result};

/// The names that are of the node itself.
const OWN: [&str; 5] = ["key", "value", "path", "type", "tag"];

/// A condition, and what it asks of each file.
#[derive(Debug)]
pub(super) struct Condition<'e> {
    expr: &'e Expr,
    columns: Vec<Column>,
    met: Met,
    units: Units<'e>,
}

impl<'e> Condition<'e> {
    /// # Errors
    /// A name in it is not a path.
    pub(super) fn new(expr: &'e Expr) -> Result<Self> {
        let names = expr.names().into_iter().filter(|name| !OWN.contains(name));
        let columns: Vec<Column> = names.map(Column::parse).collect::<Result<_>>()?;
        if let Some(column) = columns
            .iter()
            .find(|column| matches!(column.place, Place::Pattern(_)))
        {
            let reason = format!(
                "`{}` may be many nodes, --where asks for one",
                column.name()
            );
            return Err(refused(reason));
        }
        let met = Met::new(columns.len());
        let units = Units::new(Some(expr), &[]);
        Ok(Self {
            expr,
            columns,
            met,
            units,
        })
    }

    /// Whether it says something about the nodes themselves.
    pub(super) fn is_of_nodes(&self) -> bool {
        self.expr.names().iter().any(|name| OWN.contains(name))
    }

    /// The values that it asks for of a file.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub(super) fn of<'c>(&'c self, file: &'c AsdfFile) -> Result<Values<'c>> {
        let mut cells = Vec::new();
        for (number, column) in self.columns.iter().enumerate() {
            let found = match &column.place {
                Place::Path(path) => columns::one_at_path(file, path)?,
                Place::Card(hdu, keyword) => {
                    columns::of_card(file, hdu, keyword).map(|cell| (cell, None))
                }
                Place::Pattern(_) => None,
            };
            if found.is_some() {
                self.met.note(number);
            }
            let (cell, unit) = found.unwrap_or((Cell::Empty, None));
            cells.push((column.name(), Valued { cell, unit }));
        }
        self.met.note_file(file, &self.columns);
        Ok(Values {
            condition: self,
            file,
            cells,
        })
    }

    /// Tells where numbers of several units were compared as they stand.
    pub(super) fn complain_of_units(&self, context: &Context) {
        self.units.complain(context);
    }

    /// A name that no file has was most likely mistyped; only whether it is null may be asked of it.
    ///
    /// # Errors
    /// There is such a name.
    pub(super) fn complain_of_missing(&self) -> Result<()> {
        let compared = self.expr.compared();
        for (number, meant) in self.met.missing() {
            let Some(column) = self.columns.get(number) else {
                continue;
            };
            if compared.contains(&column.name()) {
                let meant =
                    meant.map_or_else(String::new, |path| format!(", did you mean `{path}`?"));
                let reason = format!("no file has the node `{}` of --where{meant}", column.name());
                return Err(refused(reason));
            }
        }
        Ok(())
    }
}

/// What a condition asks for, of one file.
#[derive(Debug)]
pub(super) struct Values<'c> {
    condition: &'c Condition<'c>,
    file: &'c AsdfFile,
    cells: Vec<(&'c str, Valued)>,
}

impl Values<'_> {
    /// Whether the condition is true for a node.
    pub(super) fn holds(&self, hit: &Hit<'_>) -> bool {
        let value = |name: &str| match name {
            "key" => {
                let step = hit.path.steps().last();
                step.map_or(Cell::Empty, |step| Cell::Text(step.to_string()))
                    .into()
            }
            "value" => {
                let (file, node) = (self.file, hit.node);
                let found = Cell::of_scalar(FileNode { file, node });
                let (cell, unit) = found.unwrap_or((Cell::Empty, None));
                Valued { cell, unit }
            }
            "path" => Cell::Text(hit.path.to_string()).into(),
            "type" => Cell::Text(type_name(hit.node).to_owned()).into(),
            "tag" => {
                let tag = hit.node.tag();
                tag.map_or(Cell::Empty, |tag| Cell::Text(short_tag(tag)))
                    .into()
            }
            name => {
                let found = self.cells.iter().find(|cell| cell.0 == name);
                found.map_or(Cell::Empty.into(), |found| found.1.clone())
            }
        };
        self.condition.units.note(&value);
        self.condition.expr.holds(&value)
    }
}
