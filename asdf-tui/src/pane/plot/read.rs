//! The numbers of a plot.

use super::PlotAsk;
use super::PlotSource;
use super::TableSource;
use crate::pane::chart::Curve;
use crate::pane::chart::Drawing;
use crate::pane::chart::Places;
use crate::pane::chart::Series;
use crate::pane::image::content::wcs_axes;
use crate::pane::image::subject::unit;
use crate::pane::table::Column;
use crate::pane::table::elements;
use crate::raster::unmasked;
use asdf_core::ArrayData;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::Result;
use asdf_core::TreePath;
use asdf_core::array::Slice;
use asdf_core::error::ErrorKind;
use asdf_core::inspect::escape;
use asdf_core::wcs::EvalOptions;
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// Values of a curve at most: of more every so many are taken.
const MOST: u64 = 1 << 21;
/// Rows that are read at once.
const PIECE: u64 = 1 << 20;
/// Columns of a histogram.
const BINS: u32 = 128;

/// Values with their places.
struct Read {
    name: String,
    unit: String,
    places: Option<(String, Vec<f64>)>,
    values: Vec<f64>,
    step: u64,
}

impl PlotAsk {
    /// Reads the numbers.
    ///
    /// # Errors
    /// There is no such array; it has more than one axis, or no numbers; it cannot be read; the work was cancelled.
    pub fn find(&self, file: &AsdfFile, cancel: &AtomicBool) -> Result<Series> {
        let read = match &self.source {
            PlotSource::Arrays(paths, against) => arrays(file, paths, against.as_ref(), cancel)?,
            PlotSource::Columns(table) => columns(file, table, cancel)?,
        };
        let mut title = read.first().map(Read::title).unwrap_or_default();
        if read.len() > 1 {
            "".clone_into(&mut title);
        }
        if self.drawing == Drawing::Histogram {
            return Ok(histogram(read));
        }
        let named = read.first().and_then(|one| one.places.as_ref());
        let across = named.map_or_else(|| "index".to_owned(), |places| places.0.clone());
        #[expect(clippy::cast_precision_loss, reason = "a few million at most")]
        let curve = |one: Read| Curve {
            name: one.title(),
            places: match one.places {
                Some((_, places)) => Places::Each(places),
                None => Places::Even {
                    start: 0.0,
                    step: one.step as f64,
                },
            },
            values: one.values,
        };
        Ok(Series {
            title,
            across,
            curves: read.into_iter().map(curve).collect(),
            marks: Vec::new(),
            drawing: self.drawing,
        })
    }
}

impl Read {
    /// `flux [mJy], every 4th`.
    fn title(&self) -> String {
        let mut title = with_unit(&self.name, &self.unit);
        if self.step > 1 {
            title.push_str(&format!(", every {}th", self.step));
        }
        let missing = self
            .values
            .iter()
            .filter(|value| !value.is_finite())
            .count();
        if missing > 0 {
            title.push_str(&format!(", {missing} without a value"));
        }
        title
    }
}

fn with_unit(name: &str, unit: &str) -> String {
    let text = match unit {
        "" => name.to_owned(),
        unit => format!("{name} [{unit}]"),
    };
    escape(&text).into_owned()
}

fn refused(path: &impl std::fmt::Display, reason: &str) -> Error {
    Error::of_caller(reason.to_owned()).at_node(path)
}

fn arrays(
    file: &AsdfFile,
    paths: &[TreePath],
    against: Option<&TreePath>,
    cancel: &AtomicBool,
) -> Result<Vec<Read>> {
    let own = match against {
        Some(path) => Some(array(file, path, false)?),
        None => None,
    };
    let mut found = Vec::new();
    for path in paths {
        if cancel.load(Ordering::Relaxed) {
            return Err(ErrorKind::Cancelled.into());
        }
        let mut read = array(file, path, own.is_none())?;
        if let Some(own) = &own {
            if own.values.len() != read.values.len() {
                let reason = format!(
                    "{} values against {} of {}",
                    read.values.len(),
                    own.values.len(),
                    own.name
                );
                return Err(refused(path, &reason));
            }
            read.places = Some((with_unit(&own.name, &own.unit), own.values.clone()));
        }
        found.push(read);
    }
    Ok(found)
}

/// An array with one axis, with the coordinates that its WCS has for it.
fn array(file: &AsdfFile, path: &TreePath, wants_places: bool) -> Result<Read> {
    let array = file.array(path)?;
    let [length] = *array.shape() else {
        let reason = format!(
            "an array with {} axes; a line has one, and a picture (3) has two",
            array.shape().len()
        );
        return Err(refused(path, &reason));
    };
    if array.datatype().scalar().is_none() {
        return Err(refused(
            path,
            &format!("{}, which are no numbers", array.datatype()),
        ));
    }
    let step = length.div_ceil(MOST).max(1);
    let slice = Slice::Range {
        start: None,
        stop: None,
        step: i64::try_from(step).unwrap_or(i64::MAX),
    };
    let values = unmasked(&array.copy_slices(&[slice])?)?;
    let places = if wants_places {
        world(file, path, &[length], step, values.len())
    } else {
        None
    };
    Ok(Read {
        name: path.to_string(),
        unit: unit(file, path).unwrap_or_default(),
        places,
        values,
        step,
    })
}

/// The coordinate of each value of an array with one axis, with what it is.
#[expect(clippy::cast_precision_loss, reason = "a few million at most")]
fn world(
    file: &AsdfFile,
    path: &TreePath,
    shape: &[u64],
    step: u64,
    count: usize,
) -> Option<(String, Vec<f64>)> {
    let wcs = file.wcs_of_array(path, shape)?;
    if wcs.program().ok()?.n_inputs() != 1 {
        return None;
    }
    let pixels: Vec<f64> = (0..count).map(|at| at as f64 * step as f64).collect();
    let options = EvalOptions {
        bounds: false,
        ..EvalOptions::default()
    };
    let values = wcs.eval(&[&pixels], &options).ok()?.into_iter().next()?;
    let (name, unit) = wcs_axes(&wcs).into_iter().next()?;
    Some((with_unit(&name, &unit), values))
}

fn columns(file: &AsdfFile, table: &TableSource, cancel: &AtomicBool) -> Result<Vec<Read>> {
    let column = |at: usize| {
        table
            .columns
            .get(at)
            .ok_or_else(|| refused(&table.path, &format!("there is no column {at}")))
    };
    let mut own = None;
    if let Some(at) = table.against {
        let column = column(at)?;
        let name = with_unit(&column.name, column.unit.as_deref().unwrap_or_default());
        own = Some((name, numbers(file, table, column, cancel)?.0));
    }
    let mut found = Vec::new();
    for at in &table.shown {
        let column = column(*at)?;
        let (values, step) = numbers(file, table, column, cancel)?;
        let mut places = own.clone();
        if places.is_none() {
            let rows = |at: usize| {
                let at = u64::try_from(at).unwrap_or(u64::MAX).saturating_mul(step);
                table.row(at)
            };
            places = Some(("row".to_owned(), (0..values.len()).map(rows).collect()));
        }
        found.push(Read {
            name: column.name.clone(),
            unit: column.unit.clone().unwrap_or_default(),
            places,
            values,
            step,
        });
    }
    Ok(found)
}

impl TableSource {
    /// How many rows count.
    fn count(&self) -> u64 {
        let picked = self.picked.as_ref();
        picked.map_or(self.rows, |rows| {
            u64::try_from(rows.len()).unwrap_or(u64::MAX)
        })
    }

    /// The row of the table that counts at a place.
    #[expect(clippy::cast_precision_loss, reason = "no table is that long")]
    fn row(&self, at: u64) -> f64 {
        let picked = self.picked.as_ref().zip(usize::try_from(at).ok());
        let row = picked.and_then(|(rows, at)| rows.get(at).copied());
        row.unwrap_or(at) as f64
    }
}

/// The numbers of a column, every so many of those rows that count.
fn numbers(
    file: &AsdfFile,
    table: &TableSource,
    column: &Column,
    cancel: &AtomicBool,
) -> Result<(Vec<f64>, u64)> {
    let step = table.count().div_ceil(MOST).max(1);
    let skip = usize::try_from(step).unwrap_or(usize::MAX);
    let mut all = Vec::new();
    let mut row = 0;
    let is_picked = table.picked.is_some();
    while row < table.rows {
        if cancel.load(Ordering::Relaxed) {
            return Err(ErrorKind::Cancelled.into());
        }
        let end = row.saturating_add(PIECE).min(table.rows);
        let values = piece(file, column, row..end)?;
        if is_picked {
            all.extend(values);
        } else {
            let before = usize::try_from(row % step).unwrap_or(0);
            let first = (skip - before) % skip;
            all.extend(values.into_iter().skip(first).step_by(skip));
        }
        row = end;
    }
    if let Some(rows) = &table.picked {
        let value = |row: &u64| {
            let at = usize::try_from(*row).ok();
            at.and_then(|at| all.get(at)).copied().unwrap_or(f64::NAN)
        };
        all = rows.iter().step_by(skip).map(value).collect();
    }
    Ok((all, step))
}

fn piece(file: &AsdfFile, column: &Column, rows: Range<u64>) -> Result<Vec<f64>> {
    let count = usize::try_from(rows.end - rows.start).unwrap_or(usize::MAX);
    let read = elements(file, column, rows)?;
    let numbers = |data: &ArrayData<'_>| {
        if data.datatype().scalar().is_none() {
            let reason = format!("{}, which are no numbers", data.datatype());
            return Err(refused(&column.name, &reason));
        }
        let values = unmasked(data)?;
        if values.len() != count {
            return Err(refused(&column.name, "it has several numbers in a row"));
        }
        Ok(values)
    };
    match &column.field {
        None => numbers(&read),
        Some(field) => match read.field(field) {
            Some(data) => numbers(&data),
            None => Err(refused(&column.name, "there is no such field")),
        },
    }
}

/// How many values are in each of even steps from the least to the greatest, as `numpy.histogram` counts.
#[expect(clippy::cast_precision_loss, reason = "a few million at most")]
fn histogram(read: Vec<Read>) -> Series {
    let one = read.into_iter().next();
    let (title, across, values) = match one {
        Some(one) => (one.title(), with_unit(&one.name, &one.unit), one.values),
        None => (String::new(), String::new(), Vec::new()),
    };
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let low = finite().fold(f64::INFINITY, f64::min);
    let high = finite().fold(f64::NEG_INFINITY, f64::max);
    let (low, high) = match (low < high, low.is_finite()) {
        (true, _) => (low, high),
        (false, true) => (low - 0.5, low + 0.5),
        (false, false) => (0.0, 1.0),
    };
    let bins = f64::from(BINS);
    let width = high / bins - low / bins;
    let mut counts = vec![0_u64; usize::try_from(BINS).unwrap_or(0)];
    for value in finite() {
        #[expect(clippy::cast_possible_truncation, reason = "within the bins")]
        #[expect(clippy::cast_sign_loss, reason = "not below 0")]
        let at = ((value / width - low / width).max(0.0) as usize).min(counts.len() - 1);
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    Series {
        title: format!("histogram of {title}"),
        across,
        curves: vec![Curve {
            name: String::new(),
            places: Places::Even {
                start: low + width / 2.0,
                step: width,
            },
            values: counts.into_iter().map(|count| count as f64).collect(),
        }],
        marks: Vec::new(),
        drawing: Drawing::Histogram,
    }
}
