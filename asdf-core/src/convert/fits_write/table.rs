//! Tables of a tree and arrays of records as binary tables.

use super::super::csv_write;
use super::column;
use super::stored;
use super::wrong;
use crate::array::ArrayData;
use crate::array::Datatype;
use crate::array::mask_node;
use crate::error::Error;
use crate::error::HeaderFault;
use crate::error::Locate;
use crate::error::Result;
use crate::file::FileNode;
use crate::fits::ColumnForm;
use crate::fits::DescriptorForm;
use crate::fits::FitsHeader;
use crate::fits::FitsWriter;
use crate::fits::NewColumn;
use crate::fits::NewHdu;
use crate::fits::NewHeader;
use crate::fits::unique_names;
use crate::tagged::{Column as TableColumn, Table};
use crate::tree::{Node, TreePath, Value};
use std::collections::HashMap;
use std::io::Write;

/// What a column of the tree holds.
enum Loaded<'f> {
    Fixed {
        data: ArrayData<'f>,
        null: Option<i64>,
    },
    Variable {
        values: ArrayData<'f>,
        offsets: Vec<u64>,
    },
}

/// A column with its name, its unit and its place in the tree.
struct Column<'f> {
    name: String,
    loaded: Loaded<'f>,
    unit: Option<String>,
    path: TreePath,
}

/// What stands beside a table, as the table has no place for it.
#[derive(Clone, Copy)]
pub(super) struct Beside<'f> {
    /// Columns of variable length.
    pub(super) variables: Option<Node<'f>>,
    /// Bytes of truth values that are not letters.
    pub(super) logicals: Option<Node<'f>>,
}

impl Beside<'_> {
    /// The bytes of the truth values of columns, by their numbers.
    fn logical_bytes(self, at: FileNode<'_>) -> Result<HashMap<u64, Vec<u8>>> {
        let mut found = HashMap::new();
        let list = self.logicals.and_then(Node::as_seq);
        for item in list.into_iter().flat_map(crate::tree::Seq::iter) {
            let number = item.get("number").map(Node::value);
            let (Some(Value::Int(number)), Some(bytes)) = (number, item.get("bytes")) else {
                return Err(wrong(item, "a column's `number` and its `bytes`"));
            };
            let bytes = at.file.array_at(bytes)?.load()?;
            let number = u64::try_from(number).unwrap_or(0);
            found.insert(number, bytes.packed().into_owned());
        }
        Ok(found)
    }
}

/// Writes a table of columns (`astropy/table`, `core/table`), with those of variable length that stand beside it.
pub(super) fn write(
    at: FileNode<'_>,
    beside: Beside<'_>,
    header: NewHeader,
    writer: &mut FitsWriter<&mut dyn Write>,
) -> Result<()> {
    let table = Table::of(at)?;
    let table = table.ok_or_else(|| wrong(at.node, "a list of columns"))?;
    let columns_path = at.node.path().key("columns");
    let mut all = Vec::new();
    for (index, column) in table.columns.into_iter().enumerate() {
        let path = columns_path.clone().index(index);
        all.push(Column {
            loaded: fixed(&column).at_path(|| &path)?,
            name: column.name,
            unit: column.unit.map(|unit| unit.to_string()),
            path,
        });
    }
    let logicals = beside.logical_bytes(at)?;
    if let Some(variables) = beside.variables {
        let list = variables.as_seq();
        let list = list.ok_or_else(|| wrong(variables, "a list of columns of variable length"))?;
        for node in list {
            let number = match node.get("number").map(Node::value) {
                Some(Value::Int(number)) => usize::try_from(number).unwrap_or(usize::MAX),
                _ => usize::MAX,
            };
            let column = Column {
                name: text(node.get("name")).unwrap_or_default(),
                loaded: variable(FileNode { node, ..at }).at_path(|| node.path())?,
                unit: text(node.get("unit")),
                path: node.path(),
            };
            all.insert(number.saturating_sub(1).min(all.len()), column);
        }
    }
    let cards = header.read();
    let mut names: Vec<String> = all.iter().map(|column| column.name.clone()).collect();
    own_names(&mut names, &cards);
    let mut columns = Vec::with_capacity(all.len());
    for ((column, name), number) in all.iter().zip(&names).zip(1_u64..) {
        let place = |error: Error| error.at_path(|| &column.path);
        let mut made = new_column(name, &column.loaded, number, &cards).map_err(place)?;
        if let Some(unit) = &column.unit {
            made = made.unit(unit);
        }
        if let (Some(bytes), true) = (logicals.get(&number), made.is_logical()) {
            made = made.with_logical_bytes(bytes);
        }
        columns.push(made);
    }
    writer.write(&NewHdu::table(columns)?.whole_header(header))
}

fn text(node: Option<Node<'_>>) -> Option<String> {
    match node.map(Node::value) {
        Some(Value::Str(text)) => Some(text.to_owned()),
        _ => None,
    }
}

/// Writes an array of records, a column for each field.
pub(super) fn write_records(
    data: &ArrayData<'_>,
    header: NewHeader,
    writer: &mut FitsWriter<&mut dyn Write>,
) -> Result<()> {
    let Datatype::Record(fields) = data.datatype() else {
        return Err(HeaderFault::NotRecords.into());
    };
    if data.shape().len() != 1 {
        let shape = data.shape().into();
        return Err(HeaderFault::RecordShape { shape }.into());
    }
    let labels = (0..).zip(fields).map(|(index, field)| field.label(index));
    let mut names: Vec<String> = labels.collect();
    let loaded: Vec<Loaded<'_>> = names
        .iter()
        .filter_map(|label| data.field(label))
        .map(|data| {
            Ok(Loaded::Fixed {
                data: column::writable(data)?,
                null: None,
            })
        })
        .collect::<Result<_>>()?;
    let cards = header.read();
    own_names(&mut names, &cards);
    let columns = loaded.iter().zip(&names).zip(1_u64..);
    let columns = columns.map(|((column, name), number)| new_column(name, column, number, &cards));
    let columns = columns.collect::<Result<Vec<_>>>()?;
    writer.write(&NewHdu::table(columns)?.whole_header(header))
}

/// Takes back the names that were made because the header has none, or equal ones.
fn own_names(names: &mut [String], header: &FitsHeader<'_>) {
    let given = (1..=names.len()).map(|number| {
        let text = header.text(&format!("TTYPE{number}")).ok().flatten();
        text.map(|name| name.trim().to_owned())
    });
    let given: Vec<Option<String>> = given.collect();
    let made = unique_names(given.iter().map(Option::as_deref));
    if given.iter().any(Option::is_some) || header.get("TFIELDS").is_some() {
        for ((name, made), given) in names.iter_mut().zip(made).zip(given) {
            if *name == made {
                *name = given.unwrap_or_default();
            }
        }
    }
}

/// A column, or a quantity in the place of one.
fn fixed<'f>(column: &TableColumn<'f>) -> Result<Loaded<'f>> {
    let null = match mask_node(column.array_node()?.node).map(Node::value) {
        Some(Value::Int(null)) => Some(null),
        _ => None,
    };
    let data = column::writable(csv_write::array(column)?.load()?)?;
    Ok(Loaded::Fixed { data, null })
}

fn variable(at: FileNode<'_>) -> Result<Loaded<'_>> {
    let array = |key: &str| {
        let node = at.node.get(key);
        let node = node.ok_or_else(|| wrong(at.node, &format!("a column with `{key}`")))?;
        at.file.array_for_output(node)?.load()
    };
    let offsets = column::offsets(&array("offsets")?)?;
    let values = column::writable(array("values")?)?;
    Ok(Loaded::Variable { values, offsets })
}

fn new_column<'a>(
    name: &str,
    loaded: &'a Loaded<'_>,
    number: u64,
    header: &FitsHeader<'_>,
) -> Result<NewColumn<'a>> {
    let form = header.text(&format!("TFORM{number}")).ok().flatten();
    let form = form.as_deref().and_then(ColumnForm::binary);
    match loaded {
        Loaded::Variable { values, offsets } => {
            let descriptor = match form {
                Some(ColumnForm::Variable { wide: false, .. }) => DescriptorForm::P,
                _ => DescriptorForm::Q,
            };
            match stored::of(values, number, header) {
                Some(found) => {
                    let column = NewColumn::joined(name, &found.data, offsets, descriptor)?;
                    Ok(column.stored(found.scale, found.zero, found.null))
                }
                None => NewColumn::joined(name, values, offsets, descriptor),
            }
        }
        Loaded::Fixed { data, null } => {
            if let Some(found) = stored::of(data, number, header) {
                let column = NewColumn::new(name, &found.data)?;
                return Ok(column.stored(found.scale, found.zero, found.null));
            }
            let bits = matches!(form, Some(ColumnForm::Fixed { code: 'X', .. }));
            if bits && *data.datatype() == crate::array::Scalar::Bool8.into() {
                return NewColumn::bits(name, data);
            }
            // In a table of text it is text, whatever it looks like.
            let binary = header.text("XTENSION").ok().flatten();
            let binary = binary.is_some_and(|name| name.trim() == "BINTABLE");
            let given = header.integer(&format!("TNULL{number}")).ok().flatten();
            column::with_null(name, data, *null, given.filter(|_| binary))
        }
    }
}
