//! Two axes of an array as rows and columns, read window by window.

use asdf_core::array::{ArrayPart, DataSource, Datatype, Element, Scalar, Slice, Subscript};
use asdf_core::block::Codec;
use asdf_core::error::Mismatch;
use asdf_core::{ArrayData, ArrayRef, Error, Result};
use half::f16;
use num_complex::Complex;
use std::ops::Range;

use super::bands::{self, Bands};
use super::zscale::Precision;

/// Which of the planes of an array with more than two axes is shown: the last two axes stay.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Layer {
    /// The middle one of each axis.
    #[default]
    Middle,
    /// The one at these positions, one for each axis; negative ones count from the end.
    At(Vec<i64>),
    /// The first along the last of these axes, the middle of the others: the first group of a ramp.
    First,
    /// The last along the last of these axes, the middle of the others: the last group of a ramp.
    Last,
}

/// What is taken of an axis of the array.
#[derive(Debug, Clone, Copy)]
pub(super) enum Axis {
    One(i64),
    Along { start: i64, step: i64, count: u64 },
}

/// Two axes of an array of numbers; nothing is read yet.
#[derive(Debug)]
pub struct Plane<'f> {
    array: ArrayRef<'f>,
    axes: Vec<Axis>,
    /// All elements, where a window would cost as much as they do.
    held: Option<ArrayData<'f>>,
    /// Of cells of a table.
    cells: Option<Cells>,
    /// The rows in use, where these are too many to be held.
    bands: Option<Bands<'f>>,
}

/// Cells of a column of a table that are shown.
#[derive(Debug)]
struct Cells {
    column: String,
    datatype: Datatype,
    /// Lengths of the axes.
    lengths: Vec<u64>,
}

impl<'f> Plane<'f> {
    /// The plane that slices and layer leave of an array. Only arrays in the tree and those in blocks of a codec
    /// without chunks (zlib, bzip2), or stored column by column in a compressed block, are loaded here.
    ///
    /// # Errors
    /// The elements are not numbers; fewer than two axes are left; there is no such layer; nothing is in it.
    pub fn new(array: ArrayRef<'f>, slices: &[Slice], layer: &Layer) -> Result<Self> {
        if array.datatype().scalar().is_none() {
            let found = array.datatype().to_string().into();
            return Err(at(
                &array,
                Mismatch::ElementType {
                    found,
                    asked: "numbers",
                },
            ));
        }
        let mut axes = taken(&array, slices)?;
        choose(&array, array.shape(), &mut axes, layer)?;
        let plane = Self {
            array,
            axes,
            held: None,
            cells: None,
            bands: None,
        };
        let mut plane = plane.not_empty()?;
        if is_costly(&plane.array, &plane.axes) {
            plane.bands = plane.bands()?;
            if plane.bands.is_none() {
                plane.held = Some(plane.array.load_slices(&plane.slices(None))?);
            }
        }
        Ok(plane)
    }

    /// The plane of cells of a table: `data[3].FLUX`, or a column of numbers in rows. All that is shown is loaded here.
    ///
    /// # Errors
    /// As [`new`](Self::new); the array cannot be read.
    pub fn of_cells(array: ArrayRef<'f>, mut part: ArrayPart, layer: &Layer) -> Result<Self> {
        if part.datatype().scalar().is_none() {
            let found = part.datatype().to_string().into();
            return Err(at(
                &array,
                Mismatch::ElementType {
                    found,
                    asked: "numbers",
                },
            ));
        }
        let of_part = part.result_axes();
        let lengths: Vec<u64> = of_part.iter().map(|axis| axis.1).collect();
        let shape = part.shape();
        let mut axes: Vec<Axis> = shape
            .iter()
            .map(|length| Axis::Along {
                start: 0,
                step: 1,
                count: *length,
            })
            .collect();
        choose(&array, &shape, &mut axes, layer)?;
        let index = |axis: &Axis| match axis {
            Axis::One(index) => Slice::Index(*index),
            Axis::Along { .. } => Slice::ALL,
        };
        let subscripts: Vec<_> = axes.iter().map(index).map(Subscript::Slice).collect();
        part.take(&subscripts)?;
        // Places count in the cell, whatever is taken of it.
        for (axis, (slice, length)) in axes.iter_mut().zip(of_part) {
            let (start, step, _) = slice.positions(length).unwrap_or((0, 1, 0));
            match axis {
                Axis::One(index) => *index = start.saturating_add(index.saturating_mul(step)),
                Axis::Along {
                    start: own,
                    step: steps,
                    ..
                } => (*own, *steps) = (start, step),
            }
        }
        let held = Some(part.load(&array)?);
        let plane = Self {
            axes,
            held,
            cells: Some(Cells {
                column: part.fields().join("."),
                datatype: part.datatype().clone(),
                lengths,
            }),
            bands: None,
            array,
        };
        plane.not_empty()
    }

    fn not_empty(self) -> Result<Self> {
        let [rows, columns] = self.shape();
        if rows == 0 || columns == 0 {
            return Err(no_picture(
                &self.array,
                &format!("{rows} rows of {columns} elements leave nothing to show"),
            ));
        }
        Ok(self)
    }

    /// The column of a table whose cells are shown.
    pub fn column(&self) -> Option<&str> {
        self.cells.as_ref().map(|cells| &*cells.column)
    }

    /// Lengths of the axes of what is shown: of the array, or of cells.
    pub fn lengths(&self) -> &[u64] {
        match &self.cells {
            Some(cells) => &cells.lengths,
            None => self.array.shape(),
        }
    }

    fn datatype(&self) -> &Datatype {
        match &self.cells {
            Some(cells) => &cells.datatype,
            None => self.array.datatype(),
        }
    }

    /// Bands of rows, for a large plane of an HDU whose elements have to be decoded.
    fn bands(&self) -> Result<Option<Bands<'f>>> {
        let [down, _] = self.axes();
        let Some(together) = self.array.decoded_together(down) else {
            return Ok(None);
        };
        let step = match self.axes.get(down) {
            Some(Axis::Along { step, .. }) => step.unsigned_abs().max(1),
            _ => 1,
        };
        // Whole rows of the array are decoded.
        let inner = self.array.shape().iter().skip(down + 1);
        let row = inner.fold(self.array.datatype().size(), |bytes, length| {
            bytes.saturating_mul(*length)
        });
        let row = row.saturating_mul(step);
        if self.shape()[0].saturating_mul(row) <= bands::LARGE {
            return Ok(None);
        }
        Bands::new(row, together.div_ceil(step)).map(Some)
    }

    /// Rows and columns.
    pub fn shape(&self) -> [u64; 2] {
        let mut counts = self.axes.iter().filter_map(|axis| match axis {
            Axis::One(_) => None,
            Axis::Along { count, .. } => Some(*count),
        });
        [counts.next().unwrap_or(0), counts.next().unwrap_or(0)]
    }

    /// Where the first row and column are in the array, and how far it is from one to the next: `[y, x]`.
    pub fn geometry(&self) -> [(f64, f64); 2] {
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        let mut places = self.axes.iter().filter_map(|axis| match axis {
            Axis::One(_) => None,
            Axis::Along { start, step, .. } => Some((*start as f64, *step as f64)),
        });
        [
            places.next().unwrap_or((0.0, 1.0)),
            places.next().unwrap_or((0.0, 1.0)),
        ]
    }

    /// The positions along the axes that are not shown.
    pub fn position(&self) -> Vec<i64> {
        let one = |axis: &Axis| match axis {
            Axis::One(index) => Some(*index),
            Axis::Along { .. } => None,
        };
        self.axes.iter().filter_map(one).collect()
    }

    /// Which axes of the array are the rows and the columns.
    pub fn axes(&self) -> [usize; 2] {
        let axes = self.axes.iter().enumerate();
        let mut shown = axes.filter(|(_, axis)| matches!(axis, Axis::Along { .. }));
        let mut next = || shown.next().map_or(0, |axis| axis.0);
        [next(), next()]
    }

    /// The slices that take the same part of another array of as many axes, or of two.
    pub fn same_slices(&self, axes: usize) -> Vec<Slice> {
        let all = self.slices(None);
        if axes == self.axes.len() {
            return all;
        }
        let shown = |slice: &Slice| !matches!(slice, Slice::Index(_));
        all.into_iter().filter(shown).collect()
    }

    /// What is taken of each axis of the array.
    pub(super) fn taken(&self) -> &[Axis] {
        &self.axes
    }

    /// The array.
    pub fn array(&self) -> &ArrayRef<'f> {
        &self.array
    }

    /// The floats that its arithmetic is in.
    pub fn precision(&self) -> Precision {
        match self.datatype().scalar() {
            Some(Scalar::Float16) => Precision::Half,
            Some(Scalar::Float32 | Scalar::Complex64) => Precision::Single,
            _ => Precision::Double,
        }
    }

    /// True when no element can be missing: integers without a mask.
    pub fn is_complete(&self) -> bool {
        let float = matches!(
            self.datatype().scalar(),
            Some(
                Scalar::Float16
                    | Scalar::Float32
                    | Scalar::Float64
                    | Scalar::Complex64
                    | Scalar::Complex128
            )
        );
        let inline = matches!(self.array.source(), DataSource::Inline(_));
        !float && !inline && !self.array.is_masked()
    }

    /// The elements of a window in C order, NaN where they are masked; of complex numbers the absolute values.
    ///
    /// # Errors
    /// The array cannot be read.
    pub fn values(&self, rows: &Range<u64>, columns: &Range<u64>) -> Result<Vec<f64>> {
        self.with_window(rows, columns, unmasked, Extend::extend)
    }

    /// The bits of the integers of a window; `None` when they are not integers.
    ///
    /// # Errors
    /// The array cannot be read.
    pub fn bits(&self, rows: &Range<u64>, columns: &Range<u64>) -> Result<Option<Vec<u64>>> {
        let join = |all: &mut Option<Vec<u64>>, more: Option<Vec<u64>>| {
            if let (Some(all), Some(more)) = (all, more) {
                all.extend(more);
            }
        };
        self.with_window(rows, columns, bits, join)
    }

    fn with_window<T>(
        &self,
        rows: &Range<u64>,
        columns: &Range<u64>,
        work: impl Fn(&ArrayData<'_>) -> Result<T>,
        join: impl Fn(&mut T, T),
    ) -> Result<T> {
        if let Some(bands) = &self.bands {
            let [height, width] = self.shape();
            let (mut row, mut all) = (rows.start, None);
            loop {
                let band = bands.around(row, height);
                let slices = self.slices(Some([&band, &(0..width)]));
                let data = bands.get(band.start, || self.array.copy_slices(&slices))?;
                let end = rows.end.min(band.end).max(row);
                let own = row - band.start..end - band.start;
                let found = work(&data.part(&[part(0, 1, &own), part(0, 1, columns)])?)?;
                match &mut all {
                    None => all = Some(found),
                    Some(all) => join(all, found),
                }
                row = end;
                if row >= rows.end.min(height)
                    && let Some(all) = all
                {
                    return Ok(all);
                }
            }
        }
        match &self.held {
            Some(held) => {
                let range = |range: &Range<u64>| part(0, 1, range);
                work(&held.part(&[range(rows), range(columns)])?)
            }
            None => work(
                &self
                    .array
                    .copy_slices(&self.slices(Some([rows, columns])))?,
            ),
        }
    }

    /// The slices of the array that take a window, or all of the plane.
    fn slices(&self, window: Option<[&Range<u64>; 2]>) -> Vec<Slice> {
        let mut ranges = window.into_iter().flatten();
        let slice = |axis: &Axis| match *axis {
            Axis::One(index) => Slice::Index(index),
            Axis::Along { start, step, count } => {
                part(start, step, ranges.next().unwrap_or(&(0..count)))
            }
        };
        self.axes.iter().map(slice).collect()
    }
}

/// Whether the elements of a window cost about as much as all that is taken of the axes.
pub(super) fn is_costly(array: &ArrayRef<'_>, axes: &[Axis]) -> bool {
    let DataSource::Block(block) = array.source() else {
        return true;
    };
    let by_column = || {
        let shown = |(axis, stride): (&Axis, &i64)| match axis {
            Axis::One(_) => None,
            Axis::Along { .. } => Some(stride.unsigned_abs()),
        };
        let strides = array.spec().strides.iter().flatten();
        let shown: Vec<u64> = axes.iter().zip(strides).filter_map(shown).collect();
        matches!(shown.as_slice(), [.., row, column] if row < column)
    };
    match block.header().codec() {
        Codec::None => false,
        // Windows are read from a temporary file.
        _ if block.spills() => false,
        Codec::Zlib | Codec::Bzip2 => true,
        _ => by_column(),
    }
}

/// The part of an axis, of which `start` and `step` say what is taken, within a range of that.
pub(super) fn part(start: i64, step: i64, range: &Range<u64>) -> Slice {
    let place = |position: u64| {
        let steps = i64::try_from(position).unwrap_or(i64::MAX);
        start.saturating_add(steps.saturating_mul(step))
    };
    Slice::Range {
        start: Some(place(range.start)),
        // A negative position would count from the end.
        stop: Some(place(range.end)).filter(|stop| *stop >= 0),
        step,
    }
}

/// What slices take of each axis.
fn taken(array: &ArrayRef<'_>, slices: &[Slice]) -> Result<Vec<Axis>> {
    let shape = array.shape();
    if slices.len() > shape.len() {
        let reason = format!(
            "bad window: {} slices for {} axes",
            slices.len(),
            shape.len()
        );
        return Err(at(array, Error::of_caller(reason)));
    }
    let slices = slices.iter().copied().chain(std::iter::repeat(Slice::ALL));
    let axis = |(number, (length, slice)): (usize, (&u64, Slice))| {
        let outside = || {
            let reason = format!(
                "bad window: index {slice} is outside of axis {number}, which has {length}"
            );
            at(array, Error::of_caller(reason))
        };
        let (start, step, count) = slice.positions(*length).ok_or_else(outside)?;
        Ok(match slice {
            Slice::Index(_) => Axis::One(start),
            Slice::Range { .. } => Axis::Along { start, step, count },
        })
    };
    shape.iter().zip(slices).enumerate().map(axis).collect()
}

/// Leaves the last two axes.
fn choose(array: &ArrayRef<'_>, shape: &[u64], axes: &mut [Axis], layer: &Layer) -> Result<()> {
    let left = |axis: &&mut Axis| matches!(axis, Axis::Along { .. });
    let open = axes.iter_mut().filter(left).count();
    let Some(others) = open.checked_sub(2) else {
        let shape: Vec<_> = shape.iter().map(u64::to_string).collect();
        return Err(no_picture(
            array,
            &format!(
                "a picture needs two axes, and of the shape ({}) {open} {} left",
                shape.join(", "),
                if open == 1 { "is" } else { "are" }
            ),
        ));
    };
    if let Layer::At(positions) = layer
        && positions.len() != others
    {
        return Err(no_picture(
            array,
            &format!(
                "a plane of {} numbers, and the axes beside those of the picture are {others}",
                positions.len()
            ),
        ));
    }
    for (number, axis) in axes.iter_mut().filter(left).take(others).enumerate() {
        let Axis::Along { start, step, count } = *axis else {
            continue;
        };
        let length = i64::try_from(count).unwrap_or(i64::MAX);
        let index = match layer {
            Layer::At(positions) => positions.get(number).copied().unwrap_or(0),
            Layer::First if number + 1 == others => 0,
            Layer::Last if number + 1 == others => length.saturating_sub(1),
            _ => length / 2,
        };
        let index = if index < 0 {
            index.saturating_add(length)
        } else {
            index
        };
        if !(0..length).contains(&index) {
            return Err(no_picture(
                array,
                &format!("there is no plane {index}: that axis has {length}, counted from 0"),
            ));
        }
        *axis = Axis::One(start.saturating_add(index.saturating_mul(step)));
    }
    Ok(())
}

fn at(array: &ArrayRef<'_>, fact: impl Into<Error>) -> Error {
    fact.into().at_node(array.path())
}

/// An error that says why there is no picture of an array.
fn no_picture(array: &ArrayRef<'_>, reason: &str) -> Error {
    at(array, Error::of_caller(reason))
}

/// All elements as floats, NaN where they are masked.
pub(crate) fn unmasked(data: &ArrayData<'_>) -> Result<Vec<f64>> {
    let mut values = floats(data)?;
    if let Some(mask) = data.mask() {
        for (value, masked) in values.iter_mut().zip(mask) {
            if *masked {
                *value = f64::NAN;
            }
        }
    }
    Ok(values)
}

/// All elements as floats.
fn floats(data: &ArrayData<'_>) -> Result<Vec<f64>> {
    match data.datatype() {
        Datatype::Scalar(Scalar::Float16) => each(data, f16::to_f64),
        Datatype::Scalar(Scalar::Float32) => each::<f32, _>(data, f64::from),
        Datatype::Scalar(Scalar::Int16) => each::<i16, _>(data, f64::from),
        Datatype::Scalar(Scalar::Uint8) => each::<u8, _>(data, f64::from),
        Datatype::Scalar(Scalar::Uint16) => each::<u16, _>(data, f64::from),
        Datatype::Scalar(Scalar::Int32) => each::<i32, _>(data, f64::from),
        Datatype::Scalar(Scalar::Uint32) => each::<u32, _>(data, f64::from),
        Datatype::Scalar(Scalar::Complex64) => each(data, |value: Complex<f32>| {
            f64::from(value.re).hypot(f64::from(value.im))
        }),
        Datatype::Scalar(Scalar::Complex128) => {
            each(data, |value: Complex<f64>| value.re.hypot(value.im))
        }
        _ => data.to_f64(),
    }
}

#[expect(clippy::cast_sign_loss, reason = "its bits are used")]
fn bits(data: &ArrayData<'_>) -> Result<Option<Vec<u64>>> {
    Ok(Some(match data.datatype().scalar() {
        Some(Scalar::Int8) => each::<i8, _>(data, |value| u64::from(value as u8))?,
        Some(Scalar::Int16) => each::<i16, _>(data, |value| u64::from(value as u16))?,
        Some(Scalar::Int32) => each::<i32, _>(data, |value| u64::from(value as u32))?,
        Some(Scalar::Int64) => each::<i64, _>(data, |value| value as u64)?,
        Some(Scalar::Uint8) => each::<u8, _>(data, u64::from)?,
        Some(Scalar::Uint16) => each::<u16, _>(data, u64::from)?,
        Some(Scalar::Uint32) => each::<u32, _>(data, u64::from)?,
        Some(Scalar::Uint64) => each::<u64, _>(data, |value| value)?,
        Some(Scalar::Bool8) => each::<bool, _>(data, u64::from)?,
        _ => return Ok(None),
    }))
}

fn each<T: Element, U>(data: &ArrayData<'_>, convert: impl Fn(T) -> U) -> Result<Vec<U>> {
    let view = data.view::<T>()?;
    Ok(match view.as_slice() {
        Some(slice) => slice.iter().map(|value| convert(*value)).collect(),
        None => view.to_vec().into_iter().map(convert).collect(),
    })
}
