//! Tables as columns with their masks.

use super::super::fits_hdus::VARIABLE;
use super::data::{column_node, limit, table_node};
use super::pieces::Pieces;
use super::pieces::parts;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::array::NULLS;
use crate::array::NewArray;
use crate::array::Scalar;
use crate::error::Result;
use crate::file::Draft;
use crate::fits::ColumnForm;
use crate::fits::FitsColumn;
use crate::fits::FitsTable;
use crate::fits::Hdu;
use crate::fits::unique_names;
use crate::tree::NewNode;

/// A table, and its columns of variable length, which have to stand beside it.
pub(super) struct Split {
    pub(super) table: NewNode,
    pub(super) variables: Option<NewNode>,
    /// The bytes of truth values that the table does not say all of.
    pub(super) logicals: Option<NewNode>,
}

/// The columns of a table, binary or ASCII.
pub(super) fn table<'f>(draft: &mut Draft<'f>, hdu: Hdu<'f>, native: bool) -> Result<Split> {
    let table = hdu.table()?;
    // Complete or an error, before anything is written.
    hdu.data()?;
    let names = unique_names(table.columns().iter().map(FitsColumn::name));
    let (mut labels, mut columns, mut variables) = (Vec::new(), Vec::new(), Vec::new());
    let mut logicals = Vec::new();
    for (column, name) in table.columns().iter().zip(names) {
        logicals.extend(logical_bytes(draft, column)?);
        if let ColumnForm::Variable { code, .. } = column.form() {
            variables.push(variable(draft, hdu, column, code, &name, native)?);
        } else {
            columns.push(fixed(draft, hdu, column, &name, native)?);
            labels.push(name);
        }
    }
    let table = table_node(draft, &labels, columns);
    let mut list = |items: Vec<NewNode>| {
        (!items.is_empty()).then(|| {
            let node = draft.nodes().seq(items);
            draft.nodes().set_flow(node, false);
            node
        })
    };
    Ok(Split {
        table,
        variables: list(variables),
        logicals: list(logicals),
    })
}

/// The truth values of a column that are other bytes than letters.
fn logical_bytes(draft: &mut Draft<'_>, column: &FitsColumn<'_>) -> Result<Option<NewNode>> {
    let Some(bytes) = column.logical_bytes()? else {
        return Ok(None);
    };
    let shape = [bytes.len() as u64];
    let bytes = NewArray::from_bytes(bytes, Scalar::Uint8.into(), ByteOrder::Big, &shape)?;
    let bytes = draft.array_node(bytes, Vec::new());
    let nodes = draft.nodes();
    let number = nodes.int(column.number());
    Ok(Some(nodes.map_of([("number", number), ("bytes", bytes)])))
}

fn fixed<'f>(
    draft: &mut Draft<'f>,
    hdu: Hdu<'f>,
    column: &FitsColumn<'f>,
    name: &str,
    native: bool,
) -> Result<NewNode> {
    let mut shape = vec![column.rows()];
    shape.extend(column.cell_shape());
    let order = order(column.is_raw(), native);
    let reader = Pieces::of_column(column, order);
    let array = NewArray::from_reader(reader, column.physical_type(), order, &shape)?;
    if !column.is_raw() {
        limit("bytes of a column", array.byte_len(), hdu)?;
    }
    let mask = mask(draft, column, &shape)?;
    let node = draft.array_node(array, mask.into_iter().map(|mask| (NULLS, mask)).collect());
    Ok(column_node(draft, name, node))
}

/// What has to be decoded becomes little-endian.
fn order(raw: bool, native: bool) -> ByteOrder {
    if raw && !native {
        ByteOrder::Big
    } else {
        ByteOrder::Little
    }
}

/// The number or the array that says which elements have no value.
fn mask(draft: &mut Draft<'_>, column: &FitsColumn<'_>, shape: &[u64]) -> Result<Option<NewNode>> {
    let coded = matches!(
        column.form(),
        ColumnForm::Fixed { code: 'L', .. } | ColumnForm::Ascii { .. }
    );
    if column.null().is_none() && !coded {
        return Ok(None);
    }
    if let Some(null) = column.scalar_null() {
        return Ok(Some(draft.nodes().int(null)));
    }
    let mut mask = Vec::new();
    let mut found = false;
    for part in parts(column) {
        let part = part?;
        match part.mask() {
            Some(masked) => {
                found = true;
                mask.extend(masked.iter().map(|masked| u8::from(*masked)));
            }
            None => mask.resize(mask.len().saturating_add(part.len()), 0),
        }
    }
    if !found {
        return Ok(None);
    }
    let array = NewArray::from_bytes(mask, Scalar::Bool8.into(), ByteOrder::Big, shape)?;
    Ok(Some(draft.array_node(array, Vec::new())))
}

/// The same of all values of a column of variable length.
fn variable_mask(
    draft: &mut Draft<'_>,
    column: &FitsColumn<'_>,
    rows: u64,
) -> Result<Option<NewNode>> {
    if let Some(null) = column.scalar_null() {
        return Ok(Some(draft.nodes().int(null)));
    }
    if !column.has_own_mask() {
        return Ok(None);
    }
    let mut mask: Vec<u8> = Vec::new();
    for row in 0..rows {
        let cell = column.cell(row)?;
        let end = mask.len().saturating_add(cell.len());
        mask.extend(cell.mask().into_iter().flatten().map(|own| u8::from(*own)));
        mask.resize(end, 0);
    }
    if !mask.contains(&1) {
        return Ok(None);
    }
    let shape = [mask.len() as u64];
    let array = NewArray::from_bytes(mask, Scalar::Bool8.into(), ByteOrder::Big, &shape)?;
    Ok(Some(draft.array_node(array, Vec::new())))
}

/// A column of arrays of different lengths: where each begins, and all elements.
fn variable<'f>(
    draft: &mut Draft<'f>,
    hdu: Hdu<'f>,
    column: &FitsColumn<'f>,
    code: char,
    name: &str,
    native: bool,
) -> Result<NewNode> {
    let rows = column.rows();
    limit("bytes of offsets", rows.saturating_mul(8), hdu)?;
    let mut offsets = vec![0; 8];
    let mut total = 0_u64;
    let there = matches!(column.form(), ColumnForm::Variable { there: true, .. });
    for row in 0..rows {
        if there {
            total = total.saturating_add(column.cell_len(row)?);
        }
        offsets.extend_from_slice(&total.to_le_bytes());
    }
    let datatype = match column.physical_type() {
        Datatype::Ascii(_) => Datatype::Ascii(1),
        datatype => datatype,
    };
    let raw = !column.is_scaled() && !"LX".contains(code);
    let order = order(raw, native);
    let reader = Pieces::of_cells(column, if there { rows } else { 0 }, order);
    let values = NewArray::from_reader(reader, datatype, order, &[total])?;
    limit("bytes of arrays of variable length", values.byte_len(), hdu)?;
    let shape = [rows.saturating_add(1)];
    let offsets = NewArray::from_bytes(offsets, Scalar::Int64.into(), ByteOrder::Little, &shape)?;
    let offsets = draft.array_node(offsets, Vec::new());
    let mask = variable_mask(draft, column, if there { rows } else { 0 })?;
    let mask = mask.into_iter().map(|mask| (NULLS, mask)).collect();
    let values = draft.array_node(values, mask);
    let nodes = draft.nodes();
    let name = nodes.string(name);
    let number = nodes.int(column.number());
    let node = nodes.map_of([
        ("number", number),
        ("name", name),
        ("offsets", offsets),
        ("values", values),
    ]);
    nodes.set_tag(node, VARIABLE);
    Ok(node)
}

/// True when the columns give the bytes of the rows again, and there are no others.
pub(super) fn is_exact(table: &FitsTable<'_>, hdu: Hdu<'_>) -> bool {
    let plain = |column: &FitsColumn<'_>| {
        let form = column.form();
        let integer = column.physical_type().scalar();
        let integer = integer.is_some_and(|scalar| scalar.name().contains("int"));
        !form.is_variable() && (!column.is_scaled() || integer)
    };
    let width = |column: &FitsColumn<'_>| {
        if let ColumnForm::Fixed { code: 'X', .. } = column.form() {
            return column.form().row_bytes().unwrap_or(0);
        }
        let cell = column
            .cell_shape()
            .iter()
            .fold(1_u64, |count, axis| count.saturating_mul(*axis));
        cell.saturating_mul(column.physical_type().size())
    };
    let widths = table
        .columns()
        .iter()
        .map(width)
        .fold(0, u64::saturating_add);
    let span = hdu.data_span();
    let size = span.end.saturating_sub(span.start);
    table.columns().iter().all(plain)
        && widths == table.row_bytes()
        && size == table.rows().saturating_mul(table.row_bytes())
}
