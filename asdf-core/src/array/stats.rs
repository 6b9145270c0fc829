//! Statistics of an array, exact and in bounded memory.
//!
//! The first pass counts, sums and finds the extremes (`moments`); the passes after it close in on the
//! quantiles, sixteen bits of an order-preserving key at a time (`quantile`).
//! Work is cut into slices of a fixed size whose results are joined in order, so that the result
//! does not depend on the number of threads.

mod flagged;
mod key;
mod moments;
mod pass;
mod quantile;

use super::ArrayRef;
use super::array_part::ArrayPart;
use super::data::ArrayData;
use super::datatype::{Datatype, Scalar};
use crate::error::Result;
use crate::error::{ArrayFault, Error, Locate};
use crate::tree::float_json;
use crate::tree::{float_text, float32_text};
use half::f16;
use key::Key;
use num_complex::Complex;
use pass::Elements;
use std::fmt;

/// The percentiles that are found.
pub(crate) const PERCENTILES: [u8; 7] = [1, 5, 25, 50, 75, 95, 99];

/// Statistics of an array: one column, or one for each numeric field of a record array.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrayStats {
    /// The datatype, for people.
    pub datatype: String,
    /// Lengths of the axes.
    pub shape: Vec<u64>,
    /// The columns.
    pub columns: Vec<ColumnStats>,
}

/// Statistics of the numbers of an array or of one field.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnStats {
    /// The field's name; empty for an array that is not a record array.
    pub field: String,
    /// The datatype, for people.
    pub datatype: String,
    /// How many elements of which sort.
    pub counts: Counts,
    /// The statistics; `None` for text and complex numbers, and when nothing is left to count.
    pub numbers: Option<NumberStats>,
}

/// How many elements there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub elements: u64,
    /// NaN, among those not masked.
    pub nan: u64,
    /// Infinite, among those not masked.
    pub infinite: u64,
    /// Masked.
    pub masked: u64,
}

/// Statistics over all elements that are neither masked nor NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberStats {
    /// The smallest.
    pub min: Extreme,
    /// The largest.
    pub max: Extreme,
    /// The mean, in float64.
    pub mean: f64,
    /// The standard deviation of the population (numpy's default), in float64.
    pub std: f64,
    /// The median.
    pub median: f64,
    /// Percentiles with linear interpolation (numpy's default).
    pub percentiles: Vec<(u8, f64)>,
}

impl NumberStats {
    /// The statistics of numbers in memory, as those of an array of them; `None` when all are NaN, or there are none.
    ///
    /// # Examples
    /// ```
    /// use asdf_core::array::NumberStats;
    ///
    /// let stats = NumberStats::of(&[1.0, 2.0, f64::NAN, 2.0, 10.5]).expect("numbers");
    /// assert_eq!((stats.mean, stats.median), (3.875, 2.0));
    /// assert_eq!(NumberStats::of(&[f64::NAN]), None);
    /// ```
    pub fn of(values: &[f64]) -> Option<Self> {
        // What is in memory can be read.
        numbers::<f64>(&Elements::Floats(values)).ok()?.1
    }

    /// A percentile of [`percentiles`](Self::percentiles); NaN of one that is not among them.
    pub fn percentile(&self, percent: u8) -> f64 {
        let known = self.percentiles.iter();
        let found = known.copied().find(|percentile| percentile.0 == percent);
        found.map_or(f64::NAN, |percentile| percentile.1)
    }
}

/// The smallest or largest element, exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extreme {
    /// Of an integer array.
    Int(i128),
    /// Of a float array.
    Float(f64),
}

/// A mean that rounding has not brought beyond the extremes; NaN stays.
fn within(mean: f64, min: f64, max: f64) -> f64 {
    if mean < min {
        min
    } else if mean > max {
        max
    } else {
        mean
    }
}

impl Extreme {
    /// The number as a float: exact but for integers beyond 2^53.
    #[expect(clippy::cast_precision_loss, reason = "the caller asked for a float")]
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    /// As text with the digits that the type of its elements has: of `float16` and `float32` the fewest that read back in single
    /// precision, as they are printed everywhere else. `datatype` is that of [`ColumnStats`].
    #[expect(clippy::cast_possible_truncation, reason = "the element is not wider")]
    pub fn text(self, datatype: &str) -> String {
        match self {
            Self::Float(value) if matches!(datatype, "float16" | "float32") => {
                float32_text(value as f32)
            }
            value => value.to_string(),
        }
    }

    /// As a JSON value: large integers as `{"$int": …}`, infinities as `{"$float": …}`.
    pub fn to_json(self) -> serde_json::Value {
        match self {
            Self::Int(value) => match i64::try_from(value) {
                Ok(value) if value.unsigned_abs() <= 1 << 53 => value.into(),
                _ => serde_json::json!({ "$int": value.to_string() }),
            },
            Self::Float(value) => float_json(value),
        }
    }
}

impl fmt::Display for Extreme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => value.fmt(f),
            Self::Float(value) => f.write_str(&float_text(*value)),
        }
    }
}

impl ArrayRef<'_> {
    /// Statistics of the whole array; of a record array, of each field that holds numbers.
    ///
    /// # Errors
    /// The block is cut, cannot be decoded or exceeds a limit; the sibling file or the HDU cannot be read.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let stats = file.array("roman/data")?.stats()?;
    /// let numbers = stats.columns[0].numbers.as_ref().expect("numbers");
    /// assert!((numbers.median - 0.6445011).abs() < 1e-7);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stats(&self) -> Result<ArrayStats> {
        self.stats_watched(&|_| true)
    }

    /// As [`ArrayRef::stats`], telling `watch` from whatever thread how many bytes were gone over
    /// since it was told last: of numbers, two passes or more over all of them; of a record array,
    /// nothing. When it answers false, the work ends with [`ErrorKind::Cancelled`](crate::error::ErrorKind::Cancelled).
    ///
    /// # Errors
    /// As [`ArrayRef::stats`]; [`ErrorKind::Cancelled`](crate::error::ErrorKind::Cancelled).
    pub fn stats_watched(&self, watch: &(dyn Fn(u64) -> bool + Sync)) -> Result<ArrayStats> {
        self.stats_of(None, watch)
    }

    /// As [`ArrayRef::stats`], without the elements for which an array of flags has one of some bits: these are counted as masked.
    /// The flags have the shape of this array, or that of its last axes, and then are those of each part along the others.
    ///
    /// # Errors
    /// As [`ArrayRef::stats`]; the flags are not integers, have another shape, or cannot be read; this is an array of records.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let flags = file.array("roman/dq")?;
    /// let saturated = 2;
    /// let stats = file.array("roman/data")?.stats_without(&flags, saturated, &|_| true)?;
    /// println!("{} of {}", stats.columns[0].counts.masked, stats.columns[0].counts.elements);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stats_without(
        &self,
        flags: &ArrayRef<'_>,
        bits: u64,
        watch: &(dyn Fn(u64) -> bool + Sync),
    ) -> Result<ArrayStats> {
        if matches!(self.datatype(), Datatype::Record(_)) {
            return Err(Error::from(ArrayFault::FlagsOfRecords)).at_path(|| self.path());
        }
        let excluded = flagged::elements(flags, bits, self.shape()).at_path(|| flags.path())?;
        self.stats_of(Some(excluded), watch)
    }

    /// As [`stats`](Self::stats), of a part of the array, which is loaded for it.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn stats_of_part(&self, part: &ArrayPart) -> Result<ArrayStats> {
        self.stats_of_data(&part.load(self)?)
    }

    /// As [`stats_without`](Self::stats_without), of a part of the array: of the flags the same part is taken. Flags of records count
    /// for each value of a field.
    ///
    /// # Errors
    /// As [`stats_without`](Self::stats_without) and [`load`](Self::load); elements of the part are records.
    pub fn stats_of_part_without(
        &self,
        part: &ArrayPart,
        flags: &ArrayRef<'_>,
        bits: u64,
    ) -> Result<ArrayStats> {
        if matches!(part.datatype(), Datatype::Record(_)) {
            return Err(Error::from(ArrayFault::FlagsOfRecords)).at_path(|| self.path());
        }
        let mut data = part.load(self)?;
        let excluded = flagged::elements_of_part(flags, bits, self.shape(), part, data.len());
        let excluded = excluded.at_path(|| flags.path())?;
        data.mask = flagged::joined(data.mask.take(), Some(excluded));
        self.stats_of_data(&data)
    }

    fn stats_of_data(&self, data: &ArrayData<'_>) -> Result<ArrayStats> {
        let columns = if matches!(data.datatype, Datatype::Record(_)) {
            data.fields()
                .map(|(label, field)| column(&field.datatype, label, &Elements::Data(&field)))
                .collect::<Result<_>>()
        } else {
            column(&data.datatype, String::new(), &Elements::Data(data)).map(|only| vec![only])
        };
        Ok(ArrayStats {
            datatype: data.datatype.to_string(),
            shape: data.shape.clone(),
            columns: columns.at_path(|| self.path())?,
        })
    }

    fn stats_of(
        &self,
        excluded: Option<Vec<bool>>,
        watch: &(dyn Fn(u64) -> bool + Sync),
    ) -> Result<ArrayStats> {
        let columns = self.columns(excluded, watch).at_path(|| self.path())?;
        Ok(ArrayStats {
            datatype: self.datatype().to_string(),
            shape: self.shape().to_vec(),
            columns,
        })
    }

    fn columns(
        &self,
        excluded: Option<Vec<bool>>,
        watch: &(dyn Fn(u64) -> bool + Sync),
    ) -> Result<Vec<ColumnStats>> {
        let may_mask = self.is_masked() || matches!(self.data, super::DataSource::Inline(_));
        if matches!(self.datatype(), Datatype::Record(_)) {
            let data = if may_mask {
                self.load()?
            } else {
                self.load_unmasked()?
            };
            return data
                .fields()
                .map(|(label, field)| column(&field.datatype, label, &Elements::Data(&field)))
                .collect();
        }
        let own = if may_mask { self.load()?.mask } else { None };
        let mask = flagged::joined(own, excluded);
        let elements = Elements::Array {
            array: self,
            mask,
            watch,
        };
        Ok(vec![column(self.datatype(), String::new(), &elements)?])
    }
}

fn column(datatype: &Datatype, field: String, elements: &Elements<'_, '_>) -> Result<ColumnStats> {
    let (counts, numbers) = match datatype.scalar() {
        Some(Scalar::Int8) => numbers::<i8>(elements)?,
        Some(Scalar::Int16) => numbers::<i16>(elements)?,
        Some(Scalar::Int32) => numbers::<i32>(elements)?,
        Some(Scalar::Int64) => numbers::<i64>(elements)?,
        Some(Scalar::Uint8) => numbers::<u8>(elements)?,
        Some(Scalar::Uint16) => numbers::<u16>(elements)?,
        Some(Scalar::Uint32) => numbers::<u32>(elements)?,
        Some(Scalar::Uint64) => numbers::<u64>(elements)?,
        Some(Scalar::Float16) => numbers::<f16>(elements)?,
        Some(Scalar::Float32) => numbers::<f32>(elements)?,
        Some(Scalar::Float64) => numbers::<f64>(elements)?,
        Some(Scalar::Bool8) => numbers::<bool>(elements)?,
        Some(Scalar::Complex64) => (
            complex::<Complex<f32>>(elements, |value| (value.is_nan(), value.is_infinite()))?,
            None,
        ),
        Some(Scalar::Complex128) => (
            complex::<Complex<f64>>(elements, |value| (value.is_nan(), value.is_infinite()))?,
            None,
        ),
        None => (
            Counts {
                elements: elements.len(),
                masked: elements.masked(),
                ..Counts::default()
            },
            None,
        ),
    };
    elements.check_text(datatype)?;
    Ok(ColumnStats {
        field,
        datatype: datatype.to_string(),
        counts,
        numbers,
    })
}

fn complex<T: super::element::Element>(
    elements: &Elements<'_, '_>,
    kind: impl Fn(T) -> (bool, bool) + Sync,
) -> Result<Counts> {
    let mut counts = elements.pass(
        Counts::default,
        |counts, first, bytes| {
            for (index, bytes) in bytes.chunks_exact(T::SIZE).enumerate() {
                if elements.is_masked_at(first, index) {
                    continue;
                }
                let (nan, infinite) = kind(T::read(bytes, super::ByteOrder::Little));
                counts.nan += u64::from(nan);
                counts.infinite += u64::from(infinite && !nan);
            }
        },
        |a, b| Counts {
            nan: a.nan + b.nan,
            infinite: a.infinite + b.infinite,
            ..a
        },
    )?;
    counts.elements = elements.len();
    counts.masked = elements.masked();
    Ok(counts)
}

fn numbers<T: Key>(elements: &Elements<'_, '_>) -> Result<(Counts, Option<NumberStats>)> {
    let first = moments::first::<T>(elements)?;
    let counts = Counts {
        elements: elements.len(),
        masked: elements.masked(),
        nan: first.nan,
        infinite: first.infinite,
    };
    if first.count == 0 {
        return Ok((counts, None));
    }
    let found = quantile::find::<T>(elements, &first)?;
    let median = found
        .percentiles
        .iter()
        .find(|percentile| percentile.0 == 50)
        .map_or(f64::NAN, |percentile| percentile.1);
    let (min, max) = (T::extreme(found.min), T::extreme(found.max));
    let numbers = NumberStats {
        min,
        max,
        mean: within(first.mean, min.to_f64(), max.to_f64()),
        std: (first.squares / moments::float(first.count)).sqrt(),
        median,
        percentiles: found.percentiles,
    };
    Ok((counts, Some(numbers)))
}
