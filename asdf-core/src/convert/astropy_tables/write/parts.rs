//! The columns of FITS that the columns of a table become.

use crate::array::{ArrayData, ByteOrder, Datatype, Scalar};
use crate::convert::astropy_yaml::{self as yaml, LENGTHS, SERIALIZED, class};
use crate::convert::csv_write;
use crate::convert::fits_write::column::writable;
use crate::convert::unit_text as units;
use crate::error::{Locate, Result, Unsupported};
use crate::file::FileNode;
use crate::fits::{DescriptorForm, NewColumn};
use crate::tagged::{Column, Quantity, Table, Time, Values};
use crate::tree::{Node, TreePath};

/// A table as columns of FITS.
#[derive(Default)]
pub(super) struct Made<'f> {
    pub(super) parts: Vec<Part<'f>>,
    /// What astropy must be told of columns that are not columns of FITS: name and YAML.
    pub(super) objects: Vec<(String, String)>,
    pub(super) has_times: bool,
    /// Where the times were taken: geocentric metres.
    pub(super) location: Option<[f64; 3]>,
}

/// A column of FITS.
pub(super) struct Part<'f> {
    pub(super) name: String,
    pub(super) elements: Elements<'f>,
    /// As FITS has it.
    pub(super) unit: Option<String>,
    /// What astropy is told beside.
    pub(super) description: Option<String>,
    pub(super) meta: Option<String>,
    pub(super) path: TreePath,
    pub(super) time: Option<TimeCards>,
}

/// What a header says of a column of times.
pub(super) struct TimeCards {
    pub(super) scale: String,
    pub(super) is_here: bool,
}

pub(super) enum Elements<'f> {
    Fixed {
        data: ArrayData<'f>,
        /// Masked integers get a number that stands for no value.
        has_null: bool,
    },
    Variable {
        values: ArrayData<'f>,
        offsets: Vec<u64>,
    },
}

impl Part<'_> {
    /// The column that is written.
    pub(super) fn column(&self) -> Result<NewColumn<'_>> {
        let mut column = match &self.elements {
            Elements::Variable { values, offsets } => {
                NewColumn::joined(&self.name, values, offsets, DescriptorForm::P).or_else(|_| {
                    NewColumn::joined(&self.name, values, offsets, DescriptorForm::Q)
                })?
            }
            Elements::Fixed { data, has_null } => {
                let column = NewColumn::new(&self.name, data)?;
                match data.mask().filter(|_| *has_null) {
                    Some(mask) => column.masked(mask, None)?,
                    None => column,
                }
            }
        };
        if let Some(unit) = &self.unit {
            column = column.unit(unit);
        }
        Ok(column)
    }
}

pub(super) fn of_table<'f>(table: &Table<'f>, at: FileNode<'f>) -> Result<Made<'f>> {
    let mut made = Made::default();
    let columns = at.node.path().key("columns");
    for (index, column) in table.columns.iter().enumerate() {
        let path = columns.clone().index(index);
        let added = made.add(column, table.is_qtable, &path);
        added.at_path(|| path)?;
    }
    Ok(made)
}

impl<'f> Made<'f> {
    fn add(&mut self, column: &Column<'f>, is_qtable: bool, path: &TreePath) -> Result<()> {
        if let Values::Node(at) = &column.values {
            if at.is_tagged::<Time<'_>>() {
                return self.times(&at.tagged()?, &column.name, path);
            }
            if let Some(entries) = self.object(*at, &column.name, path)? {
                self.objects
                    .push((column.name.clone(), yaml::map(&entries)));
                return Ok(());
            }
        }
        let is_quantity = is_qtable || is_quantity(column);
        self.plain(column, is_quantity, path)
    }

    fn plain(&mut self, column: &Column<'f>, is_quantity: bool, path: &TreePath) -> Result<()> {
        let data = writable(csv_write::array(column)?.load()?)?;
        let unit = column
            .unit
            .as_ref()
            .map(|unit| unit.as_str().trim().to_owned());
        // A quantity of plain numbers has the empty unit, which FITS does not write.
        let unit = unit.filter(|unit| is_quantity || !unit.is_empty());
        let given = unit.as_deref().filter(|unit| !unit.is_empty());
        let of_fits = given.and_then(units::to_fits);
        let is_masked = data.mask().is_some_and(|mask| mask.contains(&true));
        let name = &column.name;
        if let (Some(unit), true) = (&unit, is_quantity)
            && (!is_masked || of_fits.is_none())
        {
            let quantity = quantity(name, unit, is_masked);
            self.objects.push((name.clone(), quantity));
        }
        let meta = column.meta.map(|meta| meta.node);
        let (elements, mask) = match lengths(column)?.and_then(|lengths| joined(&data, &lengths)) {
            Some(elements) => (elements, None),
            None => fixed(data)?,
        };
        // A unit that FITS does not have is told by its own name, unless astropy is told of it.
        let unit = of_fits.or(unit.filter(|_| !is_quantity));
        self.parts.push(Part {
            name: name.clone(),
            elements,
            unit,
            description: column.description.clone(),
            meta: meta.and_then(described),
            path: path.clone(),
            time: None,
        });
        if let Some(mask) = mask {
            let beside = format!("{name}.mask");
            let entries = [
                ("__class__".to_owned(), class::MASKED_COLUMN.to_owned()),
                ("data".to_owned(), yaml::column(name)),
                ("mask".to_owned(), yaml::column(&beside)),
            ];
            self.objects.retain(|(known, _)| known != name);
            self.objects.push((name.clone(), yaml::map(&entries)));
            self.push(&beside, mask, None, path);
        }
        Ok(())
    }

    /// A column of numbers of something else.
    pub(super) fn push(
        &mut self,
        name: &str,
        data: ArrayData<'f>,
        unit: Option<String>,
        path: &TreePath,
    ) {
        self.parts.push(Part {
            name: name.to_owned(),
            elements: Elements::Fixed {
                data,
                has_null: false,
            },
            unit,
            description: None,
            meta: None,
            path: path.clone(),
            time: None,
        });
    }

    /// Times as two numbers each.
    fn times(&mut self, time: &Time<'f>, name: &str, path: &TreePath) -> Result<()> {
        let pairs = time.julian_pairs()?;
        let mut shape = match time.values.array()? {
            Some(array) => array.shape().to_vec(),
            None => vec![pairs.len() as u64],
        };
        shape.push(2);
        let bytes = pairs
            .iter()
            .flatten()
            .flat_map(|number| number.to_be_bytes());
        let data = doubles(bytes.collect(), shape)?;
        let location = time.location.as_ref().map(place).transpose()?;
        if let (Some(new), Some(known)) = (location, self.location)
            && new.map(f64::to_bits) != known.map(f64::to_bits)
        {
            let what = "times of several places on the Earth in one table".into();
            let format = "FITS";
            return Err(Unsupported::Format { format, what }.into());
        }
        self.location = self.location.or(location);
        self.has_times = true;
        self.push(name, data, Some("d".to_owned()), path);
        if let Some(part) = self.parts.last_mut() {
            part.time = Some(TimeCards {
                scale: time.scale().name().to_ascii_uppercase(),
                is_here: location.is_some(),
            });
        }
        Ok(())
    }
}

/// What astropy is told of a column with a unit.
fn quantity(name: &str, unit: &str, is_masked: bool) -> String {
    let value = if is_masked {
        let class = ("__class__".to_owned(), class::MASKED_ARRAY.to_owned());
        let data = ("data".to_owned(), yaml::column(name));
        format!("{SERIALIZED} {}", yaml::map(&[class, data]))
    } else {
        yaml::column(name)
    };
    yaml::map(&[
        ("__class__".to_owned(), class::QUANTITY.to_owned()),
        ("unit".to_owned(), yaml::unit(unit)),
        ("value".to_owned(), value),
    ])
}

/// The lengths that the rows had before they were filled up.
fn lengths(column: &Column<'_>) -> Result<Option<Vec<i64>>> {
    let found = column
        .meta
        .and_then(|meta| Some((meta, meta.node.get(LENGTHS)?)));
    let found = found.map(|(meta, node)| {
        let lengths = meta.file.array_for_output(node)?.load()?;
        Ok(lengths.view::<i64>()?.iter().collect())
    });
    found.transpose()
}

/// Geocentric metres of a place.
fn place(location: &[Quantity<'_>; 3]) -> Result<[f64; 3]> {
    let mut out = [0.0; 3];
    for (to, length) in out.iter_mut().zip(location) {
        let numbers = length.numbers_in("m")?;
        let [number] = numbers.as_slice() else {
            let what = "a place on the Earth for each time".into();
            let format = "FITS";
            return Err(Unsupported::Format { format, what }.into());
        };
        *to = *number;
    }
    Ok(out)
}

pub(super) fn doubles<'f>(bytes: Vec<u8>, shape: Vec<u64>) -> Result<ArrayData<'f>> {
    let (kind, order) = (Scalar::Float64.into(), ByteOrder::Big);
    ArrayData::from_parts(bytes, 0, kind, order, shape, None)
}

fn is_quantity(column: &Column<'_>) -> bool {
    matches!(&column.values, Values::Node(at) if at.is_tagged::<Quantity<'_>>())
}

/// What astropy can be told of a column's `meta`, without what FITS says itself.
fn described(meta: Node<'_>) -> Option<String> {
    let map = meta.as_map()?;
    let mut entries = Vec::new();
    for (key, value) in map {
        if key.text() != Some(LENGTHS) {
            entries.push((yaml::scalar(key)?, yaml::plain(value)?));
        }
    }
    (!entries.is_empty()).then(|| yaml::map(&entries))
}

/// Rows of the lengths that they had before they were filled up; `None` when these do not fit.
fn joined<'f>(data: &ArrayData<'f>, lengths: &[i64]) -> Option<Elements<'f>> {
    let (rows, cell) = data.shape().split_first()?;
    if *rows != lengths.len() as u64 {
        return None;
    }
    let is_text = matches!(data.datatype(), Datatype::Ascii(_));
    let (size, longest) = match (data.datatype(), cell) {
        (Datatype::Ascii(width), []) => (1, *width),
        (other, [longest]) if !is_text => (other.size(), *longest),
        _ => return None,
    };
    let size = usize::try_from(size).ok()?;
    let packed = data.packed();
    let row = usize::try_from(longest).ok()?.checked_mul(size)?;
    let mut bytes = Vec::new();
    let mut offsets = vec![0_u64];
    for (index, length) in lengths.iter().enumerate() {
        let length = u64::try_from(*length)
            .ok()
            .filter(|length| *length <= longest)?;
        let start = index.checked_mul(row)?;
        let end = start.checked_add(usize::try_from(length).ok()?.checked_mul(size)?)?;
        bytes.extend_from_slice(packed.get(start..end)?);
        offsets.push(offsets.last()?.checked_add(length)?);
    }
    // What is masked within a row has no place there.
    let masks = data.mask().filter(|_| row > 0);
    for (masks, length) in masks
        .into_iter()
        .flat_map(|mask| mask.chunks_exact(row / size))
        .zip(lengths)
    {
        let length = usize::try_from(*length).ok()?;
        if !is_float(data.datatype()) && masks.get(..length)?.contains(&true) {
            return None;
        }
    }
    let datatype = if is_text {
        Datatype::Ascii(1)
    } else {
        data.datatype().clone()
    };
    let shape = vec![*offsets.last()?];
    let values = ArrayData::from_parts(bytes, 0, datatype, data.byteorder(), shape, None).ok()?;
    Some(Elements::Variable { values, offsets })
}

fn is_float(datatype: &Datatype) -> bool {
    datatype
        .scalar()
        .is_some_and(|scalar| scalar.name().contains("float"))
}

/// The elements with what FITS and astropy have for no value: NaN, empty text, a number of its own. Where none of these will
/// do, the mask is a column of its own.
fn fixed(data: ArrayData<'_>) -> Result<(Elements<'_>, Option<ArrayData<'_>>)> {
    let Some(mask) = data.mask().filter(|mask| mask.contains(&true)) else {
        let has_null = false;
        return Ok((Elements::Fixed { data, has_null }, None));
    };
    let scalar = data.datatype().scalar();
    let blank = match (data.datatype(), scalar) {
        (Datatype::Ascii(width), _) => Some(vec![0; usize::try_from(*width).unwrap_or(0)]),
        (_, Some(Scalar::Float32)) => Some(nan(f32::NAN.to_be_bytes(), data.byteorder())),
        (_, Some(Scalar::Float64)) => Some(nan(f64::NAN.to_be_bytes(), data.byteorder())),
        (_, Some(Scalar::Complex64)) => {
            Some(nan(f32::NAN.to_be_bytes(), data.byteorder()).repeat(2))
        }
        (_, Some(Scalar::Complex128)) => {
            Some(nan(f64::NAN.to_be_bytes(), data.byteorder()).repeat(2))
        }
        _ => None,
    };
    let shape = data.shape().to_vec();
    if let Some(blank) = blank {
        let mut bytes = data.packed().into_owned();
        let elements = bytes.chunks_exact_mut(blank.len().max(1)).zip(mask);
        for (element, _) in elements.filter(|(_, masked)| **masked) {
            element.copy_from_slice(&blank);
        }
        let (kind, order) = (data.datatype().clone(), data.byteorder());
        let data = ArrayData::from_parts(bytes, 0, kind, order, shape, None)?;
        let has_null = false;
        return Ok((Elements::Fixed { data, has_null }, None));
    }
    // Astropy compares `TNULLn` with the numbers of a column without an offset.
    let has_null = matches!(
        scalar,
        Some(Scalar::Uint8 | Scalar::Int16 | Scalar::Int32 | Scalar::Int64)
    ) && NewColumn::new("", &data)?.masked(mask, None).is_ok();
    let beside = if has_null {
        None
    } else {
        let bytes: Vec<u8> = mask.iter().map(|masked| u8::from(*masked)).collect();
        let (kind, order) = (Scalar::Bool8.into(), ByteOrder::Big);
        Some(ArrayData::from_parts(bytes, 0, kind, order, shape, None)?)
    };
    Ok((Elements::Fixed { data, has_null }, beside))
}

fn nan<const N: usize>(mut bytes: [u8; N], order: ByteOrder) -> Vec<u8> {
    if order == ByteOrder::Little {
        bytes.reverse();
    }
    bytes.to_vec()
}
