//! Images, random groups and bytes of HDUs as arrays.

use super::super::fits_hdus::HduTags;
use super::pieces::Pieces;
use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::NewArray;
use crate::array::Scalar;
use crate::error::LimitExceeded;
use crate::error::Result;
use crate::file::Draft;
use crate::fits::Hdu;
use crate::fits::HduKind;
use crate::limits::Limit;
use crate::tree::NewNode;

/// The pixels of an image; null for a primary HDU without data.
pub(super) fn image<'f>(draft: &mut Draft<'f>, hdu: Hdu<'f>, native: bool) -> Result<NewNode> {
    let image = hdu.image()?;
    if image.is_absent() {
        return match hdu.index() {
            0 => Ok(draft.nodes().null()),
            _ => nothing(draft, image.stored_type()),
        };
    }
    let elements = hdu.elements()?;
    let bytes = hdu.data()?;
    let array = if elements.is_raw && !(native && elements.datatype.size() > 1) {
        NewArray::from_bytes(bytes, elements.datatype, ByteOrder::Big, &elements.shape)?
    } else {
        let (datatype, shape, order) = (elements.datatype, elements.shape, ByteOrder::Little);
        let reader = Pieces::of_image(image, order);
        let array = NewArray::from_reader(reader, datatype, order, &shape)?;
        limit("bytes of an image", array.byte_len(), hdu)?;
        array
    };
    Ok(draft.array_node(array, Vec::new()))
}

/// What asdf-astropy needs to find after the first HDU where there are no data: an array without elements.
pub(super) fn nothing(draft: &mut Draft<'_>, stored: Scalar) -> Result<NewNode> {
    let array = NewArray::from_bytes(Vec::new(), stored.into(), ByteOrder::Big, &[0])?;
    Ok(draft.array_node(array, Vec::new()))
}

/// Random groups as a table: the parameters under their names, the arrays as `DATA`.
pub(super) fn groups<'f>(draft: &mut Draft<'f>, hdu: Hdu<'f>, native: bool) -> Result<NewNode> {
    let groups = hdu.groups()?;
    let mut names = Vec::new();
    let mut columns = Vec::new();
    for parameter in 0..groups.parameter_count() {
        names.push(groups.parameter_name(parameter)?.unwrap_or_default());
        columns.push(groups.parameter(parameter)?);
    }
    names.push("DATA".to_owned());
    columns.push(groups.load()?);
    let names = crate::fits::unique_names(names.iter().map(|name| Some(name.as_str())));
    let mut nodes = Vec::with_capacity(columns.len());
    for (name, column) in names.iter().zip(&columns) {
        let array = draft.array_node(in_memory(column, native)?, Vec::new());
        nodes.push(column_node(draft, name, array));
    }
    Ok(table_node(draft, &names, nodes))
}

fn in_memory<'f>(data: &ArrayData<'_>, native: bool) -> Result<NewArray<'f>> {
    let (datatype, shape) = (data.datatype().clone(), data.shape());
    if native {
        return NewArray::from_bytes(data.to_le_bytes(), datatype, ByteOrder::Little, shape);
    }
    let order = data.byteorder();
    NewArray::from_bytes(data.packed().into_owned(), datatype, order, shape)
}

pub(super) fn column_node(draft: &mut Draft<'_>, name: &str, data: NewNode) -> NewNode {
    let tag = HduTags::of_standard(draft.standard_version()).column;
    let nodes = draft.nodes();
    let name = nodes.string(name);
    let node = nodes.map_of([("name", name), ("data", data)]);
    nodes.set_tag(node, tag);
    node
}

pub(super) fn table_node(
    draft: &mut Draft<'_>,
    names: &[String],
    columns: Vec<NewNode>,
) -> NewNode {
    let tag = HduTags::of_standard(draft.standard_version()).table;
    let nodes = draft.nodes();
    let names = names.iter().map(|name| nodes.string(name)).collect();
    let pairs = [
        ("colnames", nodes.seq(names)),
        ("columns", nodes.seq(columns)),
        ("qtable", nodes.bool(false)),
    ];
    let node = nodes.map_of(pairs);
    nodes.set_tag(node, tag);
    node
}

/// All bytes of the HDU, with the fill that is there.
pub(super) fn raw<'f>(draft: &mut Draft<'f>, hdu: Hdu<'f>) -> Result<NewNode> {
    // The data must be complete.
    hdu.data()?;
    let input = hdu.file().input();
    let bytes = input.slice(hdu.header_span().start..hdu.end().min(input.len()))?;
    let shape = [bytes.len() as u64];
    let array = NewArray::from_bytes(bytes, Scalar::Uint8.into(), ByteOrder::Big, &shape)?;
    Ok(draft.array_node(array, Vec::new()))
}

/// True when the tree gives the bytes of the HDU again.
pub(super) fn is_exact(hdu: Hdu<'_>) -> Result<bool> {
    let header = hdu.header();
    if !header.raw().iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return Ok(false);
    }
    Ok(match hdu.kind() {
        HduKind::Image => {
            let image = hdu.image()?;
            let name = |scalar: Scalar| scalar.name().contains("int");
            let integer = name(image.stored_type()) && name(image.physical_type());
            !image.is_scaled() || integer
        }
        HduKind::BinTable => super::table::is_exact(&hdu.table()?, hdu),
        _ => false,
    })
}

/// Refuses data that are decoded to more than the limit.
pub(super) fn limit(what: &'static str, needed: u64, hdu: Hdu<'_>) -> Result<()> {
    let allowed = hdu.file().limits().decoded_bytes;
    LimitExceeded::check(what, Limit::DecodedBytes, needed, allowed)
}
