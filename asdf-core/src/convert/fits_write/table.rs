//! Tables of a tree and arrays of records as binary tables.

use super::super::fits_hdus::VARIABLE;
use super::super::fits_names::unique;
use super::column;
use super::{bad, wrong};
use crate::array::ArrayData;
use crate::array::Datatype;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::file::FileNode;
use crate::fits::ColumnForm;
use crate::fits::FitsHeader;
use crate::fits::FitsWriter;
use crate::fits::NewColumn;
use crate::fits::NewHdu;
use crate::fits::NewHeader;
use crate::tree::{Node, Value};
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

/// Writes a table of columns: `astropy/table`, `core/table`.
pub(super) fn write(
    at: FileNode<'_>,
    header: NewHeader,
    writer: &mut FitsWriter<&mut dyn Write>,
) -> Result<()> {
    let columns = at.node.get("columns").and_then(Node::as_seq);
    let columns = columns.ok_or_else(|| wrong(at.node, "a list of columns"))?;
    let labels = at.node.get("colnames");
    let (mut loaded, mut nodes, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for (index, node) in columns.iter().enumerate() {
        let label = labels.and_then(|labels| labels.at(index));
        let name = match label.or(node.get("name")).map(Node::value) {
            Some(Value::Str(name)) => name.to_owned(),
            _ => String::new(),
        };
        let column = load(FileNode { node, ..at }).at_path(|| node.path())?;
        loaded.push(column);
        nodes.push(node);
        names.push(name);
    }
    let cards = header.read();
    own_names(&mut names, &cards);
    let mut columns = Vec::with_capacity(loaded.len());
    for (((column, name), node), number) in loaded.iter().zip(&names).zip(&nodes).zip(1_u64..) {
        let place = |error: Error| error.at_path(|| node.path());
        let mut made = new_column(name, column, number, &cards).map_err(place)?;
        if let Some(Value::Str(unit)) = node.get("unit").map(Node::value) {
            made = made.unit(unit);
        }
        columns.push(made);
    }
    writer.write(&NewHdu::table(columns)?.whole_header(header))
}

/// Writes an array of records, a column for each field.
pub(super) fn write_records(
    data: &ArrayData<'_>,
    header: NewHeader,
    writer: &mut FitsWriter<&mut dyn Write>,
) -> Result<()> {
    let Datatype::Record(fields) = data.datatype() else {
        return Err(bad("a table needs records"));
    };
    if data.shape().len() != 1 {
        let reason = format!(
            "a table is a list of records, found the shape {:?}",
            data.shape()
        );
        return Err(bad(reason));
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
    let made = unique(given.iter().map(Option::as_deref));
    if given.iter().any(Option::is_some) || header.get("TFIELDS").is_some() {
        for ((name, made), given) in names.iter_mut().zip(made).zip(given) {
            if *name == made {
                *name = given.unwrap_or_default();
            }
        }
    }
}

fn load<'f>(at: FileNode<'f>) -> Result<Loaded<'f>> {
    let array = |key: &str| {
        let node = at.node.get(key);
        let node = node.ok_or_else(|| wrong(at.node, &format!("a column with `{key}`")))?;
        at.file.array_at(node)
    };
    if at.node.tag().is_some_and(|tag| tag.as_str() == VARIABLE) {
        let offsets = column::offsets(&array("offsets")?.load()?)?;
        let values = column::writable(array("values")?.load()?)?;
        return Ok(Loaded::Variable { values, offsets });
    }
    // A column, or a quantity in the place of one.
    let key = if at.node.get("data").is_some() {
        "data"
    } else {
        "value"
    };
    let null = at.node.get(key).and_then(|data| data.get("mask"));
    let null = match null.map(Node::value) {
        Some(Value::Int(null)) => Some(null),
        _ => None,
    };
    let data = column::writable(array(key)?.load()?)?;
    Ok(Loaded::Fixed { data, null })
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
            let wide = !matches!(form, Some(ColumnForm::Variable { wide: false, .. }));
            NewColumn::joined(name, values, offsets, wide)
        }
        Loaded::Fixed { data, null } => {
            let bits = matches!(form, Some(ColumnForm::Fixed { code: 'X', .. }));
            if bits && *data.datatype() == crate::array::Scalar::Bool8.into() {
                return NewColumn::bits(name, data);
            }
            let given = header.integer(&format!("TNULL{number}")).ok().flatten();
            match given {
                Some(_) => NewColumn::new(name, data),
                None => column::with_null(name, data, *null),
            }
        }
    }
}
