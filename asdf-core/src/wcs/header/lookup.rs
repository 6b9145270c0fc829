//! Distortions by tables that other HDUs have (`CPDISi`, `D2IMDISi`), with the rules of astropy.

use super::keywords::Keywords;
use super::model;
use super::model::{Beyond, Terms};
use super::number;
use super::number::{Read, Refusal};
use super::tabular;
use super::tabular::{Cell, TableName};
use crate::error::Error;
use crate::fits::{ColumnForm, FitsFile, FitsHeader, Hdu};

/// How far the edges of a table are continued, in its own pixels.
const BEYOND: f64 = 1e7;
/// Numbers of a table at most: it becomes a part of the tree.
const MOST: usize = 1 << 18;

/// A table with the keywords of its HDU.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lookup {
    /// Along x and y.
    pub(crate) lengths: [usize; 2],
    /// Row after row.
    pub(crate) values: Vec<f64>,
    /// `CRPIXi`, `CRVALi` and `CDELTi`.
    pub(crate) axes: [[f64; 3]; 2],
}

/// Where the tables of a header are.
pub(crate) trait Lookups {
    /// The table of an HDU, by its name and version, as `float32` numbers; why there is none.
    fn lookup(&self, name: &str, version: i64) -> Result<Lookup, String>;

    /// The array in the first row of a column, as `-TAB` has its coordinates and indices; why there is none.
    fn cell(&self, table: &TableName, column: &str) -> Result<Cell, String>;
}

impl Lookups for FitsFile {
    fn lookup(&self, name: &str, version: i64) -> Result<Lookup, String> {
        let hdu = self.find(name, Some(version));
        let hdu = hdu.ok_or_else(|| format!("its table {name} {version} is missing"))?;
        let elements = hdu.elements().map_err(|error| error.to_string())?;
        let count = elements
            .shape
            .iter()
            .try_fold(1_u64, |all, own| all.checked_mul(*own));
        if count.is_none_or(|count| count > MOST as u64) {
            return Err(format!("its table {name} {version} is too large"));
        }
        let image = hdu.image().and_then(|image| image.load());
        let image = image.map_err(|error| error.to_string())?;
        let values = image.to_f64().map_err(|error| error.to_string())?;
        lookup_of(&hdu.image_header(), image.shape(), values)
    }

    fn cell(&self, table: &TableName, column: &str) -> Result<Cell, String> {
        let own = |hdu: &Hdu<'_>| hdu.is_table() && tabular::is_named(&hdu.header(), table);
        let hdu = self.hdus().find(own);
        let hdu = hdu.ok_or_else(|| tabular::missing(table))?;
        let text = |error: Error| error.to_string();
        let rows = hdu.table().map_err(text)?;
        let found = rows.column(column).ok_or("which its table does not have")?;
        if found.rows() == 0 {
            return Err("its table has no row".to_owned());
        }
        let first = found.within(0..1);
        let array = match found.form() {
            ColumnForm::Variable { .. } => first.cell(0),
            _ => first.load(),
        };
        let array = array.map_err(text)?;
        let mut shape = array.shape().to_vec();
        if let ColumnForm::Fixed { .. } = found.form() {
            shape.remove(0);
        }
        let values = array.to_f64().map_err(text)?;
        Ok(Cell { shape, values })
    }
}

/// The table of an array and the header that belongs to it; astropy takes its values as `float32`.
pub(super) fn lookup_of(
    header: &FitsHeader<'_>,
    shape: &[u64],
    values: Vec<f64>,
) -> Result<Lookup, String> {
    let length = |length: &u64| usize::try_from(*length).ok();
    let lengths = match shape {
        [height, width] => length(width).zip(length(height)),
        // One row, as the tables of `AXISCORR` are.
        [width] => length(width).zip(Some(1)),
        _ => None,
    };
    let (width, height) = lengths.ok_or("its table has more than two axes")?;
    let number = |stem: &str, axis: usize, default: f64| {
        let value = number::number(header, &format!("{stem}{axis}"));
        value
            .map(|value| value.unwrap_or(default))
            .map_err(|refusal| refusal.fault().to_string())
    };
    let axis = |axis: usize| -> Result<[f64; 3], String> {
        Ok([
            number("CRPIX", axis, 0.0)?,
            number("CRVAL", axis, 0.0)?,
            number("CDELT", axis, 1.0)?,
        ])
    };
    #[expect(clippy::cast_possible_truncation, reason = "as astropy has them")]
    let single = |value: f64| f64::from(value as f32);
    Ok(Lookup {
        lengths: [width, height],
        values: values.into_iter().map(single).collect(),
        axes: [axis(1)?, axis(2)?],
    })
}

/// What is added to pixels along x and y, which count from `start`.
pub(super) type Offsets = [Option<String>; 2];

/// The tables of `D2IMDISi`, or of `CPDISi`.
pub(super) struct Distortion {
    keyword: &'static str,
    record: &'static str,
    hdu: &'static str,
}

pub(super) const DETECTOR: Distortion = Distortion {
    keyword: "D2IMDIS",
    record: "D2IM",
    hdu: "D2IMARR",
};
pub(super) const PRIOR: Distortion = Distortion {
    keyword: "CPDIS",
    record: "DP",
    hdu: "WCSDVARR",
};

impl Distortion {
    /// Transforms of two pixel coordinates to what is added to each, where these count as 1 + `start` less than the
    /// header's do.
    pub(super) fn offsets(
        &self,
        keywords: Keywords<'_>,
        tables: &dyn Lookups,
        start: [f64; 2],
    ) -> Read<Offsets> {
        let one = |axis: usize| self.offset(keywords, tables, start, axis);
        Ok([one(1)?, one(2)?])
    }

    fn offset(
        &self,
        keywords: Keywords<'_>,
        tables: &dyn Lookups,
        start: [f64; 2],
        axis: usize,
    ) -> Read<Option<String>> {
        let header = keywords.header;
        if self.keyword == DETECTOR.keyword
            && let Some(corrected) = number::number(header, AXISCORR)?
        {
            return corrected_axis(keywords, tables, start, axis, corrected);
        }
        let keyword = format!("{}{axis}", self.keyword);
        let Some(kind) = number::string(header, &keyword)? else {
            return Ok(None);
        };
        if !kind.eq_ignore_ascii_case("lookup") {
            return Err(Refusal::expected(header, &keyword, "'LOOKUP'"));
        }
        let field = |name: &str| record(keywords, &format!("{}{axis}", self.record), name);
        let version = field("EXTVER")?.unwrap_or(1.0);
        #[expect(clippy::cast_possible_truncation, reason = "versions are small")]
        let version = version as i64;
        let first = field(&format!("AXIS.{axis}"))?;
        let lookup = tables
            .lookup(self.hdu, version)
            .map_err(|reason| Refusal::new(&keyword, format!("is 'LOOKUP', {reason}")))?;
        let is_own = first.is_none_or(|first| {
            #[expect(clippy::cast_precision_loss, reason = "1 or 2")]
            let own = axis as f64;
            (first - own).abs() < 0.5
        });
        let lookup = if is_own { lookup } else { lookup.transposed() };
        let table = lookup.transform(start);
        let table = table.ok_or_else(|| {
            let reason = format!(
                "is 'LOOKUP', its table {} {version} is empty or too large",
                self.hdu
            );
            Refusal::new(keyword, reason)
        })?;
        Ok(Some(table))
    }
}

/// The old form of `D2IMDISi`: one table, and the axis that it is for.
const AXISCORR: &str = "AXISCORR";

fn corrected_axis(
    keywords: Keywords<'_>,
    tables: &dyn Lookups,
    start: [f64; 2],
    axis: usize,
    corrected: f64,
) -> Read<Option<String>> {
    #[expect(clippy::cast_precision_loss, reason = "1 or 2")]
    let is = |axis: usize| (corrected - axis as f64).abs() < 0.5;
    if !is(1) && !is(2) {
        return Err(Refusal::expected(keywords.header, AXISCORR, "1 or 2"));
    }
    let refused = |reason: String| Refusal::new(AXISCORR, format!("is {corrected}, {reason}"));
    let lookup = tables.lookup(DETECTOR.hdu, 1).map_err(refused)?;
    if !is(axis) {
        return Ok(None);
    }
    let table = lookup.transform(start);
    let empty = || refused(format!("its table {} is empty or too large", DETECTOR.hdu));
    table.ok_or_else(empty).map(Some)
}

/// The value of a record `DP1 = 'EXTVER: 1.0'`, or of a keyword `DP1.EXTVER`.
fn record(keywords: Keywords<'_>, keyword: &str, field: &str) -> Read<Option<f64>> {
    let joined = format!("{keyword}.{field}");
    for card in keywords.header.cards() {
        let own = card.keyword();
        if own == joined.as_str() {
            return number::finite(card, &own).map(Some);
        }
        let value = card.value();
        if own != keyword {
            continue;
        }
        let pair = value.as_text().and_then(|text| text.split_once(':'));
        if let Some((name, number)) = pair
            && name.trim() == field
        {
            let number = number.trim().parse().ok();
            let wrong = || Refusal::expected(keywords.header, keyword, "a record with a number");
            return number.ok_or_else(wrong).map(Some);
        }
    }
    Ok(None)
}

impl Lookup {
    fn transposed(self) -> Self {
        let [width, height] = self.lengths;
        let at = |x: usize, y: usize| self.values.get(y * width + x).copied().unwrap_or(0.0);
        let values = (0..width).flat_map(|x| (0..height).map(move |y| (x, y)));
        let values = values.map(|(x, y)| at(x, y)).collect();
        Self {
            lengths: [height, width],
            values,
            axes: self.axes,
        }
    }

    /// The table over pixels; beyond its edges it goes on as it is there. `None` without values, or with too many.
    #[expect(clippy::cast_precision_loss, reason = "tables are small")]
    fn transform(&self, start: [f64; 2]) -> Option<String> {
        let [width, height] = self.lengths;
        let count = width.checked_mul(height)?;
        if count == 0 || count > MOST || self.values.len() != count {
            return None;
        }
        let mut points = [Vec::new(), Vec::new()];
        for (own, ((length, axis), start)) in points
            .iter_mut()
            .zip(self.lengths.into_iter().zip(self.axes).zip(start))
        {
            let [reference, value, step] = axis;
            // The pixel, from 1, of an element of the table.
            let at = |place: f64| (place + 1.0 - reference) * step + value - 1.0 - start;
            own.push(at(-BEYOND));
            own.extend((0..length).map(|place| at(place as f64)));
            own.push(at(length as f64 - 1.0 + BEYOND));
            if step < 0.0 {
                own.reverse();
            }
        }
        if points.iter().flatten().any(|point| !point.is_finite()) {
            return None;
        }
        let [by_x, by_y] = self.lengths.map(|length| {
            let inner = 0..length;
            let last = length.saturating_sub(1);
            std::iter::once(0)
                .chain(inner)
                .chain([last])
                .collect::<Vec<_>>()
        });
        let is_turned = self.axes.map(|axis| axis[2] < 0.0);
        let ordered = |mut places: Vec<usize>, is_turned: bool| {
            if is_turned {
                places.reverse();
            }
            places
        };
        let (by_x, by_y) = (ordered(by_x, is_turned[0]), ordered(by_y, is_turned[1]));
        let value = |x: usize, y: usize| self.values.get(y * width + x).copied().unwrap_or(0.0);
        let rows: Vec<Vec<f64>> = by_x
            .iter()
            .map(|x| by_y.iter().map(|y| value(*x, *y)).collect())
            .collect();
        Some(model::table(&points, &rows, Beyond::Continued))
    }
}

/// Two pixel coordinates with what is added to each, where something is.
pub(super) fn added(offsets: &Offsets) -> Option<String> {
    if offsets.iter().all(Option::is_none) {
        return None;
    }
    let own = |powers: [usize; 2]| -> String {
        let terms: Terms = vec![(powers, 1.0)];
        model::polynomial2(&terms)
    };
    let [x, y] = offsets;
    let part = |offset: &Option<String>, powers| match offset {
        Some(offset) => model::sum(&own(powers), offset),
        None => own(powers),
    };
    let both = [
        Some(model::remap(&[0, 1, 0, 1], 2)),
        model::beside([part(x, [1, 0]), part(y, [0, 1])]),
    ];
    model::chain(both.into_iter().flatten())
}
