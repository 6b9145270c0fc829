//! Parts of an HDU as arrays of their own, where the HDU is not one array: columns of a table that has arrays of variable
//! length, parameters and pixels of random groups.

use super::FitsColumn;
use super::FitsGroups;
use super::Hdu;
use super::HduKind;
use super::form::ColumnForm;
use super::names::unique as unique_names;
use super::values::{HduElements, order};
use crate::array::ArrayData;
use crate::array::ByteOrder;
use crate::array::Datatype;
use crate::array::HduPart;
use crate::array::Scalar;
use crate::array::Slice;
use crate::error::Mismatch;
use crate::error::Result;
use std::borrow::Cow;
use std::ops::Range;

/// A part of an HDU with its name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NamedPart {
    pub(crate) name: String,
    pub(crate) kind: NamedKind,
    /// The number that stands for a missing value.
    pub(crate) null: Option<i64>,
}

/// What a name in an HDU stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamedKind {
    /// An array.
    One(HduPart),
    /// Arrays of different lengths: where each begins, and all elements.
    Jagged { offsets: HduPart, values: HduPart },
}

impl Hdu<'_> {
    /// The parts of a table or of random groups, in their order.
    ///
    /// # Errors
    /// The header contradicts itself; the HDU is something else.
    pub(crate) fn parts(self) -> Result<Vec<NamedPart>> {
        if self.kind() == HduKind::Groups {
            return self.group_parts();
        }
        let table = self.table_outline()?;
        let names = unique_names(table.columns().iter().map(FitsColumn::name));
        let parts = table.columns().iter().zip(names).map(|(column, name)| {
            let number = column.number();
            let kind = match column.form() {
                ColumnForm::Variable { .. } => NamedKind::Jagged {
                    offsets: HduPart::Offsets(number),
                    values: HduPart::Values(number),
                },
                _ => NamedKind::One(HduPart::Column(number)),
            };
            let null = column.physical_null();
            NamedPart {
                name,
                kind,
                null: null.and_then(|null| i64::try_from(null).ok()),
            }
        });
        Ok(parts.collect())
    }

    fn group_parts(self) -> Result<Vec<NamedPart>> {
        let groups = self.groups()?;
        let mut names = Vec::new();
        for parameter in 0..groups.parameter_count() {
            names.push(groups.parameter_name(parameter)?.unwrap_or_default());
        }
        names.push("DATA".to_owned());
        let names = unique_names(names.iter().map(|name| Some(name.as_str())));
        let count = groups.parameter_count();
        let parts = names.into_iter().zip(0..).map(|(name, number)| NamedPart {
            name,
            kind: NamedKind::One(if number < count {
                HduPart::Parameter(number)
            } else {
                HduPart::Pixels
            }),
            null: None,
        });
        Ok(parts.collect())
    }

    /// What the elements of a part are.
    ///
    /// # Errors
    /// There is no such part, or a row of it leads out of the heap.
    pub(crate) fn part_elements(self, part: HduPart) -> Result<HduElements> {
        let found = match part {
            HduPart::Whole => return self.elements(),
            HduPart::Column(number) => self.with_column(number, |column| {
                let mut shape = vec![column.rows()];
                shape.extend(column.cell_shape());
                Ok(elements(
                    column.physical_type(),
                    order(column.is_raw()),
                    shape,
                ))
            }),
            HduPart::Offsets(number) => self.with_column(number, |column| {
                let shape = vec![column.rows().saturating_add(1)];
                let datatype = Datatype::Scalar(Scalar::Int64);
                Ok(elements(datatype, ByteOrder::Little, shape))
            }),
            HduPart::Values(number) => self.with_column(number, |column| {
                let mut total = 0_u64;
                for row in 0..column.rows() {
                    total = total.saturating_add(length(column, row)?);
                }
                Ok(elements(
                    values_type(column),
                    values_order(column),
                    vec![total],
                ))
            }),
            HduPart::Mask(number) => {
                let own = match self.with_column(number, |column| Ok(column.form()))? {
                    ColumnForm::Variable { .. } => HduPart::Values(number),
                    _ => HduPart::Column(number),
                };
                let datatype = Datatype::Scalar(Scalar::Bool8);
                self.part_elements(own)
                    .map(|own| elements(datatype, ByteOrder::NATIVE, own.shape))
            }
            HduPart::Parameter(_) | HduPart::Pixels => self.group_part(part).map(|data| {
                elements(
                    data.datatype().clone(),
                    data.byteorder(),
                    data.shape().to_vec(),
                )
            }),
        };
        self.locate(found)
    }

    /// The columns of a part that have masks which no number says, by their numbers; those of a whole table each with the
    /// field of its records.
    ///
    /// # Errors
    /// The header contradicts itself.
    pub(crate) fn parts_with_masks(self, part: HduPart) -> Result<Vec<(Option<usize>, u64)>> {
        let number = match part {
            HduPart::Column(number) | HduPart::Values(number) => number,
            HduPart::Whole if self.is_table() => {
                let table = self.table_outline()?;
                let columns = table.columns().iter().enumerate();
                let masked = columns.filter(|(_, column)| column.has_own_mask());
                return Ok(masked
                    .map(|(field, column)| (Some(field), column.number()))
                    .collect());
            }
            _ => return Ok(Vec::new()),
        };
        let masked = self.with_column(number, |column| Ok(column.has_own_mask()));
        Ok(if masked? {
            vec![(None, number)]
        } else {
            Vec::new()
        })
    }

    /// The elements of a part in a window, a range for each axis; C order, packed.
    ///
    /// # Errors
    /// As [`Hdu::part_elements`]; the data are cut.
    pub(crate) fn part_window(
        self,
        part: HduPart,
        window: &[Range<u64>],
    ) -> Result<ArrayData<'static>> {
        let first = window.first().cloned().unwrap_or(0..0);
        let found = match part {
            HduPart::Whole => Err(self.wrong_kind("a part of it")),
            HduPart::Column(number) => self.with_column(number, |column| {
                let inner = window.get(1..).unwrap_or_default();
                cut(&column.within(first.clone()).load()?, inner, 1)
            }),
            HduPart::Offsets(number) => self.with_column(number, |column| {
                let mut total = 0_u64;
                let mut bytes = Vec::new();
                for row in 0..first.end {
                    if row >= first.start {
                        bytes.extend_from_slice(&total.to_le_bytes());
                    }
                    if row.saturating_add(1) < first.end {
                        total = total.saturating_add(length(column, row)?);
                    }
                }
                let datatype = Datatype::Scalar(Scalar::Int64);
                packed(bytes, datatype, ByteOrder::Little)
            }),
            HduPart::Values(number) => self
                .with_column(number, |column| values(column, first.clone()))
                .map(|values| values.0),
            HduPart::Mask(number) => self.with_column(number, |column| {
                if let ColumnForm::Variable { .. } = column.form() {
                    return truth(&values(column, first.clone())?.1, None);
                }
                let data = column.within(first.clone()).load()?;
                let mask = match data.mask() {
                    Some(mask) => Cow::Borrowed(mask),
                    None => Cow::Owned(vec![false; data.len()]),
                };
                let inner = window.get(1..).unwrap_or_default();
                cut(&truth(&mask, Some(data.shape()))?, inner, 1)
            }),
            HduPart::Parameter(_) | HduPart::Pixels => {
                self.group_part(part).and_then(|data| cut(&data, window, 0))
            }
        };
        self.locate(found)
    }

    /// Bytes of a part as they are in the file.
    pub(crate) fn part_bytes(self, part: HduPart) -> u64 {
        let span = self.data_span();
        let whole = span.end.saturating_sub(span.start);
        match part {
            HduPart::Whole => whole,
            HduPart::Column(number) | HduPart::Offsets(number) => {
                let bytes = self.with_column(number, |column| {
                    let width = column.form().row_bytes().unwrap_or(0);
                    Ok(width.saturating_mul(column.rows()))
                });
                bytes.unwrap_or(0)
            }
            HduPart::Values(_) | HduPart::Mask(_) | HduPart::Parameter(_) | HduPart::Pixels => {
                let elements = self.part_elements(part);
                elements.map_or(0, |elements| {
                    let count = elements.shape.iter().product::<u64>();
                    count.saturating_mul(elements.datatype.size())
                })
            }
        }
    }

    fn with_column<T>(
        self,
        number: u64,
        look: impl FnOnce(&FitsColumn<'_>) -> Result<T>,
    ) -> Result<T> {
        let table = self.table()?;
        let columns = table.columns();
        let place = number
            .checked_sub(1)
            .and_then(|at| usize::try_from(at).ok());
        let column = place.and_then(|place| columns.get(place));
        let (what, count) = ("column", columns.len() as u64);
        let missing = || Mismatch::NoPart {
            what,
            asked: number,
            count,
        };
        look(column.ok_or_else(missing)?)
    }

    fn group_part(self, part: HduPart) -> Result<ArrayData<'static>> {
        let groups: FitsGroups<'_> = self.groups()?;
        let data = match part {
            HduPart::Parameter(number) => groups.parameter(number)?,
            _ => groups.load()?,
        };
        cut(&data, &[], 0)
    }
}

fn elements(datatype: Datatype, byteorder: ByteOrder, shape: Vec<u64>) -> HduElements {
    HduElements {
        datatype,
        byteorder,
        shape,
        is_raw: false,
    }
}

/// Elements of the array of a row; none of a column whose descriptors are not there.
fn length(column: &FitsColumn<'_>, row: u64) -> Result<u64> {
    match column.form() {
        ColumnForm::Variable { there: false, .. } => Ok(0),
        _ => column.cell_len(row),
    }
}

fn values_type(column: &FitsColumn<'_>) -> Datatype {
    match column.physical_type() {
        Datatype::Ascii(_) => Datatype::Ascii(1),
        datatype => datatype,
    }
}

fn values_order(column: &FitsColumn<'_>) -> ByteOrder {
    let is_coded =
        matches!(column.form(), ColumnForm::Variable { code, .. } if "LX".contains(code));
    order(!is_coded && !column.is_scaled())
}

/// Some of the elements of all rows, one row after the other, and for each whether it stands for no value.
fn values(column: &FitsColumn<'_>, wanted: Range<u64>) -> Result<(ArrayData<'static>, Vec<bool>)> {
    let datatype = values_type(column);
    let size = datatype.size();
    let (mut start, mut bytes, mut mask) = (0_u64, Vec::new(), Vec::new());
    let mut order = values_order(column);
    for row in 0..column.rows() {
        let end = start.saturating_add(length(column, row)?);
        let own = start.max(wanted.start)..end.min(wanted.end);
        if !own.is_empty() {
            let cell = column.cell(row)?;
            order = cell.byteorder();
            let place = |at: u64| {
                let bytes = at.saturating_sub(start).saturating_mul(size);
                usize::try_from(bytes).unwrap_or(usize::MAX)
            };
            let [from, to] = [own.start, own.end]
                .map(|at| usize::try_from(at.saturating_sub(start)).unwrap_or(usize::MAX));
            match cell.mask().and_then(|mask| mask.get(from..to)) {
                Some(own) => mask.extend_from_slice(own),
                None => mask.resize(mask.len().saturating_add(to.saturating_sub(from)), false),
            }
            let cell = cell.packed();
            let cell = cell.get(place(own.start)..place(own.end));
            bytes.extend_from_slice(cell.unwrap_or_default());
        }
        start = end;
        if start >= wanted.end {
            break;
        }
    }
    Ok((packed(bytes, datatype, order)?, mask))
}

/// Truth values as an array; one axis when no shape is given.
fn truth(values: &[bool], shape: Option<&[u64]>) -> Result<ArrayData<'static>> {
    let bytes: Vec<u8> = values.iter().map(|value| u8::from(*value)).collect();
    let shape = shape.map_or_else(|| vec![bytes.len() as u64], <[u64]>::to_vec);
    let datatype = Datatype::Scalar(Scalar::Bool8);
    ArrayData::from_parts(bytes, 0, datatype, ByteOrder::NATIVE, shape, None)
}

/// A window of data in bytes of its own; axes before `from` are whole.
fn cut(data: &ArrayData<'_>, window: &[Range<u64>], from: usize) -> Result<ArrayData<'static>> {
    let whole = Slice::Range {
        start: None,
        stop: None,
        step: 1,
    };
    let bound = |at: u64| i64::try_from(at).ok();
    let mut slices = vec![whole; from];
    slices.extend(window.iter().map(|range| Slice::Range {
        start: bound(range.start),
        stop: bound(range.end),
        step: 1,
    }));
    let part = data.part(&slices)?;
    let shape = part.shape().to_vec();
    let bytes = part.packed().into_owned();
    let (datatype, byteorder) = (part.datatype().clone(), part.byteorder());
    ArrayData::from_parts(bytes, 0, datatype, byteorder, shape, None)
}

fn packed(bytes: Vec<u8>, datatype: Datatype, order: ByteOrder) -> Result<ArrayData<'static>> {
    let count = (bytes.len() as u64).checked_div(datatype.size());
    ArrayData::from_parts(bytes, 0, datatype, order, vec![count.unwrap_or(0)], None)
}
