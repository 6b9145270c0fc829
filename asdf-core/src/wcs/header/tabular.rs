//! Coordinates in a table (`-TAB`, FITS paper III section 6): arrays in a column of a binary table, at places that an index
//! vector may give, with the rules of wcslib.

use super::axes::{Axes, Curve};
use super::keywords::Keywords;
use super::lookup::Lookups;
use super::model;
use super::model::Beyond;
use super::number;
use super::number::Read;

/// Elements of a table at most: it becomes a part of the tree.
const MOST: usize = 1 << 20;
/// Axes of a table that are read, as many as a `tabular` transform has.
const MOST_AXES: usize = 8;

/// The array of a cell of a table, the slowest axis first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    pub(crate) shape: Vec<u64>,
    pub(crate) values: Vec<f64>,
}

/// Which table a header names: `PSi_0`, `PVi_1` and `PVi_2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableName {
    pub(crate) extension: String,
    pub(crate) version: i64,
    pub(crate) level: i64,
}

/// Axes whose coordinates stand in one array.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    /// Their places among the axes of the header, in the order of the array's.
    pub(super) places: Vec<usize>,
    table: TableName,
    column: String,
    /// `PSi_2` of each; empty where an axis has no index vector.
    indices: Vec<String>,
}

/// What the keywords of one axis say.
struct Own {
    place: usize,
    table: TableName,
    column: String,
    index: String,
    axis: usize,
}

impl Own {
    fn read(keywords: Keywords<'_>, place: usize) -> Read<Self> {
        let number = place + 1;
        let text = |m: usize| keywords.text(&format!("PS{number}_{m}"));
        let whole = |m: usize| -> Read<i64> {
            let keyword = format!("PV{number}_{m}");
            let value = keywords.number_or(&keyword, 1.0)?;
            if value.fract() != 0.0 || !(1.0..=1e6).contains(&value) {
                return Err(keywords.expected(&keyword, "a whole number from 1 on"));
            }
            #[expect(clippy::cast_possible_truncation, reason = "it is at most 1e6")]
            let value = value as i64;
            Ok(value)
        };
        let table = TableName {
            extension: text(0)?.trim().to_owned(),
            version: whole(1)?,
            level: whole(2)?,
        };
        let column = text(1)?.trim().to_owned();
        for (m, given) in [(0, &table.extension), (1, &column)] {
            if given.is_empty() {
                let keyword = format!("PS{number}_{m}");
                return Err(keywords.refused(&keyword, "is missing, which names the table of -TAB"));
            }
        }
        Ok(Self {
            place,
            table,
            column,
            index: text(2)?.trim().to_owned(),
            axis: usize::try_from(whole(3)?).unwrap_or(usize::MAX),
        })
    }
}

/// The groups of a description's tabular axes.
pub(super) fn groups(keywords: Keywords<'_>, axes: &Axes) -> Read<Vec<Group>> {
    let mut left = Vec::new();
    for (place, axis) in axes.list.iter().enumerate() {
        if axis.curve == Curve::Table {
            left.push(Own::read(keywords, place)?);
        }
    }
    let mut found = Vec::new();
    while let Some(first) = left.first() {
        let (table, column) = (first.table.clone(), first.column.clone());
        let (mut own, others): (Vec<Own>, Vec<Own>) = left
            .into_iter()
            .partition(|own| own.table == table && own.column == column);
        left = others;
        own.sort_by_key(|own| own.axis);
        for (place, own) in own.iter().enumerate() {
            if own.axis != place + 1 {
                let keyword = format!("PV{}_3", own.place + 1);
                let reason = format!(
                    "says axis {} of the table, expected each of its axes once",
                    own.axis
                );
                return Err(keywords.refused(&keyword, reason));
            }
        }
        found.push(Group {
            places: own.iter().map(|own| own.place).collect(),
            indices: own.into_iter().map(|own| own.index).collect(),
            table,
            column,
        });
    }
    Ok(found)
}

impl Group {
    /// From the coordinates along the axes, `CRVALi` included, to those in the table.
    pub(super) fn transform(&self, keywords: Keywords<'_>, tables: &dyn Lookups) -> Read<String> {
        let number = self.places.first().map_or(1, |place| place + 1);
        let keyword = format!("PS{number}_1");
        let refused = |reason: String| {
            let reason = format!("is '{}', {reason}", self.column);
            keywords.refused(&keyword, reason)
        };
        let count = self.places.len();
        if count > MOST_AXES {
            let reason = format!("a table of {count} axes, at most {MOST_AXES} are read");
            return Err(refused(reason));
        }
        let cell = tables.cell(&self.table, &self.column).map_err(refused)?;
        if cell.values.len() > MOST {
            let reason = format!("its array has more than {MOST} elements");
            return Err(refused(reason));
        }
        // The fastest axis of the array numbers the coordinates; the fastest one of the others is the first.
        let lengths: Option<Vec<usize>> = cell
            .shape
            .iter()
            .rev()
            .map(|length| usize::try_from(*length).ok())
            .collect();
        let lengths = lengths.unwrap_or_default();
        let is_own = lengths.len() == count + 1 || (count == 1 && lengths.len() == 1);
        let lengths = match lengths.split_first() {
            // A vector for one axis may have no axis of coordinates.
            Some((_, [])) if is_own => lengths,
            Some((own, rest)) if is_own && *own == count => rest.to_vec(),
            _ => {
                let reason = format!(
                    "its array has the axes {lengths:?}, expected {count} coordinates of {count} axes"
                );
                return Err(refused(reason));
            }
        };
        if lengths.contains(&0) || lengths.iter().product::<usize>() * count != cell.values.len() {
            return Err(refused("its array is empty".to_owned()));
        }
        let mut points = Vec::with_capacity(count);
        for (place, (name, length)) in self.indices.iter().zip(&lengths).enumerate() {
            let axis = self.places.get(place).map_or(1, |place| place + 1);
            points.push(self.index(keywords, tables, axis, name, *length)?);
        }
        tables_of(&cell.values, &points)
            .ok_or_else(|| refused("its array has other elements than its index".to_owned()))
    }

    /// The places of the elements along an axis of the array: those of the index vector, else 1, 2, 3.
    fn index(
        &self,
        keywords: Keywords<'_>,
        tables: &dyn Lookups,
        axis: usize,
        name: &str,
        length: usize,
    ) -> Read<Vec<f64>> {
        if name.is_empty() {
            #[expect(clippy::cast_precision_loss, reason = "tables are small")]
            return Ok((1..=length).map(|place| place as f64).collect());
        }
        let refused = |reason: String| {
            let reason = format!("is '{name}', {reason}");
            keywords.refused(&format!("PS{axis}_2"), reason)
        };
        let values = tables.cell(&self.table, name).map_err(refused)?.values;
        if values.len() != length {
            let reason = format!(
                "its vector has {} elements for {length} coordinates",
                values.len()
            );
            return Err(refused(reason));
        }
        let rises = values.is_sorted_by(|one, two| one < two);
        let falls = values.is_sorted_by(|one, two| one > two);
        if !(rises || falls) || values.iter().any(|value| !value.is_finite()) {
            let reason = "its vector neither rises nor falls all along".to_owned();
            return Err(refused(reason));
        }
        Ok(values)
    }
}

/// The transforms of the array, which goes on for half an element at each end.
fn tables_of(values: &[f64], points: &[Vec<f64>]) -> Option<String> {
    let count = points.len();
    let sides: Vec<Side> = points.iter().map(|points| Side::new(points)).collect();
    let total: usize = sides.iter().map(|side| side.elements).product();
    let one = |coordinate: usize| -> Option<String> {
        // The array has its first axis fastest, the table its last.
        let mut own = Vec::with_capacity(total);
        for element in 0..total {
            let mut left = element;
            let mut places = vec![0; count];
            for (place, side) in places.iter_mut().zip(&sides).rev() {
                *place = left % side.elements;
                left /= side.elements;
            }
            let inner = places.iter().zip(&sides).rev();
            let place = inner.fold(0, |place, (own, side)| place * side.elements + own);
            own.push(*values.get(place * count + coordinate)?);
        }
        let mut lengths: Vec<usize> = sides.iter().map(|side| side.elements).collect();
        for (axis, side) in sides.iter().enumerate() {
            own = side.lengthened(&own, &lengths, axis)?;
            *lengths.get_mut(axis)? = side.points.len();
        }
        let places: Vec<Vec<f64>> = sides.iter().map(|side| side.points.clone()).collect();
        Some(match places.as_slice() {
            [points] => model::table1(points, &own, Beyond::Nothing),
            _ => model::table_of_many(&places, &own, Beyond::Nothing),
        })
    };
    let parts: Vec<String> = (0..count).map(one).collect::<Option<_>>()?;
    let spread: Vec<usize> = (0..count).flat_map(|_| 0..count).collect();
    let spread = (count > 1).then(|| model::remap(&spread, count));
    model::chain(spread.into_iter().chain(model::beside(parts)))
}

/// An axis of the array: the places of its elements in rising order, with one more at each end.
struct Side {
    points: Vec<f64>,
    elements: usize,
    is_turned: bool,
}

impl Side {
    fn new(index: &[f64]) -> Self {
        let is_turned = index.first() > index.last();
        let mut points = halves(index);
        if is_turned {
            points.reverse();
        }
        Self {
            points,
            elements: index.len(),
            is_turned,
        }
    }

    /// The values of an array of these lengths, the last axis fastest, with those half an element beyond the ends of one axis.
    fn lengthened(&self, values: &[f64], lengths: &[usize], axis: usize) -> Option<Vec<f64>> {
        let inner: usize = lengths.get(axis + 1..)?.iter().product();
        let outer: usize = lengths.get(..axis)?.iter().product();
        let long = self.points.len();
        let mut out = vec![0.0; outer * long * inner];
        for before in 0..outer {
            for after in 0..inner {
                let line = self.along(|place| {
                    let place = (before * self.elements + place) * inner + after;
                    values.get(place).copied()
                })?;
                for (place, value) in line.into_iter().enumerate() {
                    *out.get_mut((before * long + place) * inner + after)? = value;
                }
            }
        }
        Some(out)
    }

    /// Values of the elements, with those half an element beyond the ends.
    fn along(&self, value: impl Fn(usize) -> Option<f64>) -> Option<Vec<f64>> {
        let own: Vec<f64> = (0..self.elements).map(value).collect::<Option<_>>()?;
        let mut out = match own.as_slice() {
            [only] => vec![*only, *only, *only],
            _ => halves(&own),
        };
        if self.is_turned {
            out.reverse();
        }
        Some(out)
    }
}

/// Numbers, and what stands half a step before the first and after the last one. A single one has steps of 1.
fn halves(values: &[f64]) -> Vec<f64> {
    let (before, after) = match values {
        [only] => (only - 0.5, only + 0.5),
        [first, second, ..] => {
            let mut ends = values.iter().rev();
            let (last, other) = (ends.next().unwrap_or(second), ends.next().unwrap_or(first));
            (first - 0.5 * (second - first), last + 0.5 * (last - other))
        }
        [] => return Vec::new(),
    };
    let mut out = Vec::with_capacity(values.len() + 2);
    out.push(before);
    out.extend_from_slice(values);
    out.push(after);
    out
}

/// The unit of a tabular axis is that of its header: the table has no other.
pub(super) fn unit(keywords: Keywords<'_>, axis: usize, default: &str) -> Read<String> {
    let given = super::units::text(keywords, axis)?;
    Ok(if given.is_empty() {
        default.to_owned()
    } else {
        given
    })
}

/// True for the HDU that a header names.
pub(super) fn is_named(header: &crate::fits::FitsHeader<'_>, table: &TableName) -> bool {
    let whole = |keyword: &str| header.integer(keyword).ok().flatten().unwrap_or(1);
    number::string(header, "EXTNAME").is_ok_and(|name| {
        name.is_some_and(|name| name.trim().eq_ignore_ascii_case(&table.extension))
    }) && whole("EXTVER") == table.version
        && whole("EXTLEVEL") == table.level
}

/// What is said where a table is not there.
pub(super) fn missing(table: &TableName) -> String {
    format!("its table {} {} is missing", table.extension, table.version)
}
