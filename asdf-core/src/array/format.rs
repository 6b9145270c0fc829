//! Loaded elements as text for people, laid out as numpy prints arrays.

use super::byte_order::ByteOrder;
use super::data::ArrayData;
use super::datatype::Datatype;
use super::field_masks::FieldMasks;
use super::json;
use super::shape;
use super::text;
use std::fmt::Write;

/// Elements above which long axes are cut.
const THRESHOLD: u64 = 1000;
/// Elements shown at each end of an axis that is cut, and fewer when there are many axes.
const EDGES: [u64; 3] = [3, 2, 1];
/// Elements shown at most, as long as there is a smaller edge.
const CELLS: u64 = 4096;

impl ArrayData<'_> {
    /// The elements between brackets, in columns; of large arrays the ends of each axis. Masked
    /// elements are `--`. Lines are broken at about `width` columns.
    pub fn summary(&self, width: usize) -> String {
        let count = shape::count(&self.shape).unwrap_or(u64::MAX);
        if count == 0 {
            return "[]".to_owned();
        }
        let edge = (count > THRESHOLD).then(|| edge(&self.shape));
        let axes: Vec<Vec<Option<u64>>> = self
            .shape
            .iter()
            .map(|length| shown(*length, edge))
            .collect();
        let mut cells = Vec::new();
        self.collect(&axes, &mut Vec::new(), &mut cells);
        let widest = cells
            .iter()
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0);
        let mut out = String::new();
        let mut cells = cells.into_iter();
        lay_out(&axes, 0, width, widest, &mut cells, &mut out);
        out
    }

    /// The texts of the elements shown, in C order.
    fn collect(&self, axes: &[Vec<Option<u64>>], index: &mut Vec<u64>, cells: &mut Vec<String>) {
        let Some((outer, inner)) = axes.split_first() else {
            cells.push(self.cell(index));
            return;
        };
        for at in outer.iter().flatten() {
            index.push(*at);
            self.collect(inner, index, cells);
            index.pop();
        }
    }

    /// The element at that index, one position for each axis, as [`ArrayData::summary`] shows it:
    /// `--` when it is masked.
    pub fn cell(&self, index: &[u64]) -> String {
        let mut at = i64::try_from(self.first).unwrap_or(i64::MAX);
        let mut flat = 0_u64;
        for ((index, stride), length) in index.iter().zip(&self.strides).zip(&self.shape) {
            at = at.wrapping_add(stride.wrapping_mul(i64::try_from(*index).unwrap_or(0)));
            flat = flat.wrapping_mul(*length).wrapping_add(*index);
        }
        let masked = usize::try_from(flat)
            .ok()
            .and_then(|flat| self.mask.as_ref()?.get(flat).copied());
        if masked == Some(true) {
            return "--".to_owned();
        }
        let start = usize::try_from(at).unwrap_or(usize::MAX);
        let size = usize::try_from(self.datatype.size()).unwrap_or(usize::MAX);
        let bytes = self
            .bytes
            .get(start..start.saturating_add(size))
            .unwrap_or_default();
        let record = (
            &self.field_masks,
            usize::try_from(flat).unwrap_or(usize::MAX),
        );
        element(bytes, &self.datatype, self.byteorder, Some(record))
    }
}

/// The largest edge that leaves no more than [`CELLS`] elements, or the smallest.
fn edge(shape: &[u64]) -> u64 {
    let cells = |edge: u64| {
        let shown = shape.iter().map(|length| (*length).min(2 * edge + 1));
        shown.fold(1, u64::saturating_mul)
    };
    let fits = EDGES.into_iter().find(|edge| cells(*edge) <= CELLS);
    fits.unwrap_or(1)
}

/// The positions of an axis that are shown, `None` where some are left out.
fn shown(length: u64, edge: Option<u64>) -> Vec<Option<u64>> {
    match edge {
        Some(edge) if length > 2 * edge => {
            let head = (0..edge).map(Some);
            let tail = (length.saturating_sub(edge)..length).map(Some);
            head.chain([None]).chain(tail).collect()
        }
        _ => (0..length).map(Some).collect(),
    }
}

/// An element as it is shown; `record` has the masks of its fields and its place among the records.
fn element(
    bytes: &[u8],
    datatype: &Datatype,
    order: ByteOrder,
    record: Option<(&FieldMasks, usize)>,
) -> String {
    match datatype {
        Datatype::Scalar(scalar) => json::scalar_text(*scalar, bytes, order),
        Datatype::Ascii(_) => format!("{:?}", text::ascii(bytes)),
        Datatype::Ucs4(_) => match text::ucs4(bytes, order) {
            Ok(text) => format!("{text:?}"),
            Err(code) => format!("(no code point: {code:#x})"),
        },
        Datatype::Record(fields) => {
            let mut rest = bytes;
            let mut out = "(".to_owned();
            for (index, field) in fields.iter().enumerate() {
                let size = usize::try_from(field.size()).unwrap_or(usize::MAX);
                let (own, behind) = rest.split_at_checked(size).unwrap_or((rest, &[]));
                rest = behind;
                if index > 0 {
                    out.push_str(", ");
                }
                let one = usize::try_from(field.datatype.size())
                    .unwrap_or(usize::MAX)
                    .max(1);
                let parts: Vec<String> = own
                    .chunks(one)
                    .enumerate()
                    .map(|(value, bytes)| {
                        let masked =
                            record.is_some_and(|(masks, at)| masks.is_masked(at, index, value));
                        if masked || field.is_null(bytes, field.byteorder) {
                            return "--".to_owned();
                        }
                        element(bytes, &field.datatype, field.byteorder, None)
                    })
                    .collect();
                if field.shape.is_empty() {
                    out.push_str(&parts.concat());
                } else {
                    let _ = write!(out, "[{}]", parts.join(" "));
                }
            }
            out.push(')');
            out
        }
    }
}

fn lay_out(
    axes: &[Vec<Option<u64>>],
    depth: usize,
    width: usize,
    widest: usize,
    cells: &mut impl Iterator<Item = String>,
    out: &mut String,
) {
    let Some((outer, inner)) = axes.split_first() else {
        out.push_str(&cells.next().unwrap_or_default());
        return;
    };
    out.push('[');
    let last = inner.is_empty();
    let mut column = depth + 1;
    for (number, at) in outer.iter().enumerate() {
        if number > 0 {
            if last && column + 1 + widest < width {
                out.push(' ');
                column += 1;
            } else {
                // As numpy does: a blank line between matrices, two between cubes.
                out.extend(std::iter::repeat_n('\n', inner.len().max(1)));
                out.extend(std::iter::repeat_n(' ', depth + 1));
                column = depth + 1;
            }
        }
        match at {
            None => {
                out.push_str("...");
                column += 3;
            }
            Some(_) if last => {
                let cell = cells.next().unwrap_or_default();
                out.extend(std::iter::repeat_n(
                    ' ',
                    widest.saturating_sub(cell.chars().count()),
                ));
                out.push_str(&cell);
                column += widest;
            }
            Some(_) => lay_out(inner, depth + 1, width, widest, cells, out),
        }
    }
    out.push(']');
}
