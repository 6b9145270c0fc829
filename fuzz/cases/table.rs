//! Comma-separated values to a table and back: the same columns.

use super::limits;
use asdf_core::array::{ByteOrder, NewArray, Scalar};
use asdf_core::convert::{CsvColumn, CsvHeader, read_csv, write_csv};
use asdf_core::file::{FileNode, Storage};
use asdf_core::{Draft, Error, OpenOptions, WriteOptions};
use std::io::Cursor;

/// Comma-separated values.
pub(crate) fn table(data: &[u8]) {
    let Ok(columns) = read_csv(data, CsvHeader::Detect, &limits()) else {
        return;
    };
    // An element of no character stands for one of NULs, and a table without columns for none.
    if columns.is_empty() || data.contains(&0) {
        return;
    }
    let Ok(text) = written(&columns) else {
        return;
    };
    let again = match read_csv(&text, CsvHeader::Yes, &limits()) {
        Ok(again) => again,
        Err(error) => {
            assert!(error.is_limit(), "what was written cannot be read: {error}");
            return;
        }
    };
    assert_eq!(columns.len(), again.len(), "columns");
    for (one, two) in columns.iter().zip(&again) {
        assert_eq!(one.name, two.name);
        assert_eq!(one.datatype, two.datatype, "{}", one.name);
        assert_eq!(one.mask, two.mask, "{}", one.name);
        let float = one.datatype.scalar() == Some(Scalar::Float64);
        let same = |(one, two): (&[u8], &[u8])| one == two || float && is_nan(one) && is_nan(two);
        let cells = one.bytes.chunks(8).zip(two.bytes.chunks(8));
        assert!(
            one.bytes.len() == two.bytes.len() && cells.into_iter().all(same),
            "{}: {:?} is {:?}",
            one.name,
            one.bytes,
            two.bytes
        );
    }
}

fn is_nan(bytes: &[u8]) -> bool {
    bytes
        .try_into()
        .is_ok_and(|bytes| f64::from_le_bytes(bytes).is_nan())
}

fn written(columns: &[CsvColumn]) -> Result<Vec<u8>, Error> {
    let mut draft = Draft::new();
    let nodes = draft.nodes();
    let mut items = Vec::new();
    for column in columns {
        let pairs = [("name", nodes.string(&column.name)), ("data", nodes.null())];
        items.push(nodes.map_of(pairs));
    }
    let pairs = [("columns", nodes.seq(items))];
    let node = nodes.map_of(pairs);
    draft.tree().set("table", node)?;
    for (index, column) in columns.iter().enumerate() {
        let (path, order) = (format!("table/columns/{index}/data"), CsvColumn::BYTEORDER);
        let (bytes, shape) = (column.bytes.as_slice(), [column.len()]);
        let array = NewArray::from_bytes(bytes, column.datatype.clone(), order, &shape)?;
        draft.set_array(&path, array, &Storage::internal())?;
        if let Some(mask) = &column.mask {
            let bytes: Vec<u8> = mask.iter().map(|empty| u8::from(*empty)).collect();
            let mask = NewArray::from_bytes(bytes, Scalar::Bool8.into(), ByteOrder::Big, &shape)?;
            draft.set_array(&format!("{path}/mask"), mask, &Storage::internal())?;
        }
    }
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default())?;
    let options = OpenOptions::default().limits(limits());
    let file = options.read_bytes(sink.into_inner(), "x.asdf")?;
    let node = file.node("table")?;
    let mut out = Vec::new();
    write_csv(FileNode { file: &file, node }, &mut out)?;
    Ok(out)
}
