//! The columns of the output that the columns of a table become, and what they are together.

use super::TableFormat;
use super::cards::CardColumns;
use super::object::{Cannot, Kind, Made, Object, Value};
use crate::array::is_array;
use crate::array::{ArrayRef, Datatype};
use crate::convert::astropy_yaml::LENGTHS;
use crate::convert::csv_write::{self, Cells};
use crate::error::Result;
use crate::file::FileNode;
use crate::tagged::{Column, Table, Values};
use std::collections::HashSet;

/// What is known of a column of numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    pub(super) unit: Option<String>,
    pub(super) description: Option<String>,
}

/// What is known of a column of the output beside its values.
#[derive(Debug, Default)]
pub(super) struct Part<'f> {
    pub(super) about: About,
    pub(super) meta: Option<FileNode<'f>>,
    /// Of records: what is known of each field.
    pub(super) fields: Vec<About>,
    /// Elements of each row, of a column of arrays of different lengths.
    pub(super) lengths: Option<Vec<u64>>,
}

/// A table as columns of arrays.
#[derive(Debug)]
pub(super) struct Parts<'f> {
    /// The columns of the output, by name.
    pub(super) columns: Vec<(String, Cells<'f>)>,
    /// The same, what is known of them.
    pub(super) described: Vec<Part<'f>>,
    /// Columns of the table that are more than their parts, by name.
    pub(super) objects: Vec<(String, Object<'f>)>,
    pub(super) meta: Option<FileNode<'f>>,
    /// What the output cannot say.
    pub(super) notes: Vec<String>,
    pub(super) format: TableFormat,
    /// The names of the table's columns, and of those of the output.
    names: HashSet<String>,
    written: HashSet<String>,
    /// The column of the table that is looked at.
    current: String,
}

impl<'f> Parts<'f> {
    pub(super) fn new(format: TableFormat) -> Self {
        Self {
            columns: Vec::new(),
            described: Vec::new(),
            objects: Vec::new(),
            meta: None,
            notes: Vec::new(),
            format,
            names: HashSet::new(),
            written: HashSet::new(),
            current: String::new(),
        }
    }

    /// The columns of a table, or of an array that is one by itself.
    pub(super) fn of(at: FileNode<'f>, format: TableFormat) -> Result<Self> {
        let cards = CardColumns::beside(at);
        let mut out = Self::new(format);
        if is_array(at.node) {
            let (name, array) = csv_write::single(at)?;
            out.add_array(name, array, &cards);
            return Ok(out);
        }
        let Some(table) = Table::of(at)? else {
            return Err(csv_write::not_array(at.node));
        };
        out.meta = table.meta;
        let names = table.columns.iter().map(|column| column.name.clone());
        out.names = names.collect();
        for (place, column) in table.columns.iter().enumerate() {
            let name = csv_write::named(column.name.clone(), place);
            let first = out.described.len();
            out.add(column, &name, table.is_qtable)?;
            let about = cards.about(&name, place);
            if let Some(part) = out.described.get_mut(first) {
                let own = &mut part.about;
                own.unit = own.unit.take().or(about.unit);
                own.description = own.description.take().or(about.description);
            }
            out.note_time(&name, cards.time(&name, place));
        }
        Ok(out)
    }

    fn add_array(&mut self, name: String, array: ArrayRef<'f>, cards: &CardColumns<'_>) {
        let mut part = Part::default();
        if let Datatype::Record(fields) = array.datatype() {
            for (place, field) in fields.iter().enumerate() {
                let name = field.label(place);
                part.fields.push(cards.about(&name, place));
                self.note_time(&name, cards.time(&name, place));
            }
        } else {
            part.about = cards.about(&name, 0);
        }
        self.columns.push((name, Cells::Array(array)));
        self.described.push(part);
    }

    fn note_time(&mut self, name: &str, keyword: Option<String>) {
        let is_object = |(known, _): &(String, Object<'_>)| known == name;
        if let Some(keyword) = keyword
            && !self.objects.iter().any(is_object)
        {
            self.notes.push(format!(
                "column `{}` has times by the keyword {keyword} of its header and is written as numbers; `convert --as tables` of the FITS file makes times of it",
                name.escape_debug()
            ));
        }
    }

    /// Adds a column of the table.
    fn add(&mut self, column: &Column<'f>, name: &str, is_qtable: bool) -> Result<()> {
        let first = self.columns.len();
        name.clone_into(&mut self.current);
        match self.known(column, name, is_qtable) {
            Ok(true) => return self.describe(column, name, first),
            Ok(false) => {}
            Err(Cannot::Fails(error)) => return Err(error),
            Err(Cannot::Untold(what)) => {
                self.drop_from(first);
                let parts = column.arrays()?;
                let parts = parts.iter().map(|part| part.name.as_str());
                self.notes.push(format!(
                    "column `{}`: {} cannot say {what}; it is written as {}",
                    name.escape_debug(),
                    self.format.name(),
                    parts.collect::<Vec<_>>().join(", ").escape_debug()
                ));
            }
        }
        for part in column.arrays()? {
            let array = part.at.file.array_for_output(part.at.node)?;
            let about = About {
                unit: part.unit,
                description: None,
            };
            let own = if part.name.is_empty() {
                name
            } else {
                &part.name
            };
            self.push(own, Cells::Array(array), about);
        }
        self.describe(column, name, first)
    }

    fn drop_from(&mut self, first: usize) {
        for (name, _) in self.columns.drain(first..) {
            self.written.remove(&name);
        }
        self.described.truncate(first);
    }

    /// Adds a column whose kind is known; false of a mapping that is none.
    fn known(&mut self, column: &Column<'f>, name: &str, is_qtable: bool) -> Made<bool> {
        let Values::Node(at) = &column.values else {
            return Ok(false);
        };
        let at = *at;
        if !is_array(at.node) {
            let Some(tag) = at.node.tag() else {
                return Ok(false);
            };
            let Value::Object(object) = self.value(at, "", name, 0)? else {
                return Cannot::untold(tag.as_str());
            };
            // A table that is not a `QTable` has a column with a unit in the place of a quantity.
            if is_qtable || object.kind != Kind::Quantity {
                self.objects.push((name.to_owned(), object));
            }
            return Ok(true);
        }
        let array = at.file.array_for_output(at.node)?;
        let unit = column.unit.as_ref();
        let unit = unit.map(|unit| unit.as_str().trim().to_owned());
        let unit = unit.filter(|unit| !unit.is_empty());
        let is_number = array.datatype().scalar().is_some();
        let is_inner = array.shape().len() > 1;
        if let Datatype::Record(fields) = array.datatype() {
            let value = Value::structured(name, fields);
            let is_whole = !is_inner && !array.is_masked();
            self.push(name, Cells::Array(array), About::default());
            match value.filter(|_| is_whole) {
                Some(object) => self.objects.push((name.to_owned(), object)),
                None => self.notes.push(format!(
                    "column `{}` of records is written as a column for each field",
                    name.escape_debug()
                )),
            }
            return Ok(true);
        }
        let about = About {
            unit: unit.clone(),
            description: None,
        };
        // Arrays of different lengths are no quantity.
        let has_lengths = column
            .meta
            .is_some_and(|meta| meta.node.get(LENGTHS).is_some());
        let is_quantity = is_qtable && is_number && !(has_lengths && is_inner);
        if let Some(unit) = unit.filter(|_| is_quantity) {
            let value = self.array(array, name, about)?;
            let entries = vec![
                ("unit".to_owned(), Value::Unit(unit)),
                ("value".to_owned(), value),
            ];
            let object = Object::new(Kind::Quantity, entries);
            self.objects.push((name.to_owned(), object));
        } else {
            self.push(name, Cells::Array(array), about);
        }
        Ok(true)
    }

    /// Adds what the table says of a column: to the column of its values, else to the object.
    fn describe(&mut self, column: &Column<'f>, name: &str, first: usize) -> Result<()> {
        let is_own = |(known, _): &(String, Cells<'_>)| known == name;
        let is_one = self.columns.len() == first.saturating_add(1);
        let is_primary = is_one && self.columns.get(first).is_some_and(is_own);
        if let (Some(part), true) = (self.described.get_mut(first), is_primary) {
            part.about.description.clone_from(&column.description);
            part.meta = column.meta;
            let cells = self.columns.get(first).map(|(_, cells)| cells);
            part.lengths = match cells.filter(|cells| cells.inner().len() == 1) {
                Some(cells) => lengths(column, cells)?,
                None => None,
            };
            return Ok(());
        }
        if column.description.is_none() && column.meta.is_none() {
            return Ok(());
        }
        let object = self.objects.last_mut().filter(|(known, _)| known == name);
        if let Some((_, object)) = object {
            object.info = Some((column.description.clone(), column.meta));
        } else if let Some(part) = self.described.get_mut(first) {
            part.about.description.clone_from(&column.description);
            part.meta = column.meta;
        }
        Ok(())
    }

    /// Adds a column of an object; its name, which no other column has.
    pub(super) fn push(&mut self, name: &str, cells: Cells<'f>, about: About) -> String {
        let mut own = name.to_owned();
        while self.written.contains(&own) || (own != self.current && self.names.contains(&own)) {
            own.push('_');
        }
        self.written.insert(own.clone());
        self.columns.push((own.clone(), cells));
        self.described.push(Part {
            about,
            ..Part::default()
        });
        own
    }
}

/// The lengths that the rows had before they were filled up.
fn lengths(column: &Column<'_>, cells: &Cells<'_>) -> Result<Option<Vec<u64>>> {
    let found = column
        .meta
        .and_then(|meta| Some((meta, meta.node.get(LENGTHS)?)));
    let Some((meta, node)) = found.filter(|(_, node)| is_array(*node)) else {
        return Ok(None);
    };
    let data = meta.file.array_for_output(node)?.load()?;
    let Ok(view) = data.view::<i64>() else {
        return Ok(None);
    };
    let longest = cells.inner().first().copied().unwrap_or(0);
    let one = |length: i64| u64::try_from(length).ok().filter(|own| *own <= longest);
    let lengths: Option<Vec<u64>> = view.iter().map(one).collect();
    Ok(lengths.filter(|lengths| cells.rows() == Some(lengths.len() as u64)))
}
