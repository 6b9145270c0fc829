//! Columns of times by the FITS standard (4.0, section 9), as astropy's `fits_to_time` has them.

use super::column::mask_node;
use crate::array::{ByteOrder, Datatype, NewArray, Scalar};
use crate::error::Result;
use crate::file::Draft;
use crate::fits::{ColumnForm, FitsColumn, FitsHeader, FitsTable};
use crate::tagged::{DayAndSeconds, MJD_0, NOON_0, TimeScale, UnitName};
use crate::tree::NewNode;
use std::collections::HashMap;

/// Units of time of the standard.
const UNITS: [&str; 9] = ["s", "d", "a", "cy", "min", "h", "yr", "ta", "Ba"];
/// Bytes of a date that is written with all its digits.
const DATE: usize = 32;

/// A column of times.
#[derive(Debug, Clone)]
pub(super) struct TimeColumn {
    scale: TimeScale,
    /// The moment that is counted from.
    reference: [f64; 2],
    /// What the numbers are multiplied with to be days.
    days: f64,
    /// Geocentric coordinates in metres.
    location: Option<[f64; 3]>,
}

/// Moments of a column.
#[derive(Debug)]
pub(super) enum Moments {
    /// Text as it stands in the file, of so many bytes each, some of it blank.
    Text(Vec<u8>, usize, Vec<bool>, Vec<u64>),
    /// Julian dates or modified ones that are one number each, without a loss.
    Numbers(&'static str, Vec<f64>, Vec<u64>),
}

impl Moments {
    /// Whether one of them has no value.
    pub(super) fn has_masked(&self) -> bool {
        match self {
            Self::Text(_, _, masked, _) => masked.contains(&true),
            Self::Numbers(_, dates, _) => dates.iter().any(|date| date.is_nan()),
        }
    }

    /// Julian dates, and dates of the calendar where one number is not enough for all of them.
    #[expect(clippy::float_cmp, reason = "without a loss")]
    pub(super) fn of_pairs(pairs: &[[f64; 2]], shape: Vec<u64>, scale: &TimeScale) -> Self {
        let exact = |first: f64, second: f64| {
            let sum = first + second;
            (sum.is_nan() || (sum - first == second && sum - second == first)).then_some(sum)
        };
        let modified = |[jd1, jd2]: &[f64; 2]| {
            let (day, rest) = (jd1 - NOON_0, jd2 - 0.5);
            let is_same = day + NOON_0 == *jd1 && rest + 0.5 == *jd2;
            exact(day, rest).filter(|sum| is_same || sum.is_nan())
        };
        let dates: Option<Vec<f64>> = pairs.iter().map(|[jd1, jd2]| exact(*jd1, *jd2)).collect();
        if let Some(dates) = dates {
            return Self::Numbers("jd", dates, shape);
        }
        if let Some(dates) = pairs.iter().map(modified).collect() {
            return Self::Numbers("mjd", dates, shape);
        }
        let sums = |pairs: &[[f64; 2]]| pairs.iter().map(|[jd1, jd2]| jd1 + jd2).collect();
        let mut bytes = Vec::with_capacity(pairs.len().saturating_mul(DATE));
        let mut masked = Vec::with_capacity(pairs.len());
        for [jd1, jd2] in pairs {
            let is_masked = (jd1 + jd2).is_nan();
            let date = DayAndSeconds::of_julian(*jd1, *jd2, scale);
            let date = date.and_then(|date| date.date(scale));
            let date = match date {
                Some(date) => date,
                // What is masked must be a date all the same.
                None if is_masked => "2000-01-01T12:00:00.000000000000".to_owned(),
                None => return Self::Numbers("jd", sums(pairs), shape),
            };
            masked.push(is_masked);
            let start = bytes.len();
            bytes.extend_from_slice(date.as_bytes());
            bytes.resize(start.saturating_add(DATE), 0);
        }
        Self::Text(bytes, DATE, masked, shape)
    }
}

/// `value`, `format` and `scale` of moments.
pub(super) fn pairs(
    draft: &mut Draft<'_>,
    moments: &Moments,
    scale: &TimeScale,
) -> Result<Vec<(&'static str, NewNode)>> {
    let mut out = Vec::new();
    match moments {
        Moments::Numbers(format, dates, shape) => {
            let masked: Vec<bool> = dates.iter().map(|date| date.is_nan()).collect();
            let bytes: Vec<u8> = dates.iter().flat_map(|date| date.to_le_bytes()).collect();
            let kind = Scalar::Float64.into();
            let array = NewArray::from_bytes(bytes, kind, ByteOrder::Little, shape)?;
            out.push(("value", masked_node(draft, array, &masked, shape)?));
            out.push(("format", draft.nodes().string(format)));
        }
        Moments::Text(bytes, width, masked, shape) => {
            let kind = Datatype::Ascii(*width as u64);
            let array = NewArray::from_bytes(bytes.clone(), kind, ByteOrder::Little, shape)?;
            out.push(("value", masked_node(draft, array, masked, shape)?));
        }
    }
    out.push(("scale", draft.nodes().string(scale.name())));
    Ok(out)
}

fn masked_node<'f>(
    draft: &mut Draft<'f>,
    array: NewArray<'f>,
    masked: &[bool],
    shape: &[u64],
) -> Result<NewNode> {
    let mut more = Vec::new();
    if masked.contains(&true) {
        more.push(("mask", mask_node(draft, masked, shape)?));
    }
    Ok(draft.array_node(array, more))
}

/// A time of these entries.
pub(super) fn tagged(
    draft: &mut Draft<'_>,
    pairs: Vec<(&'static str, NewNode)>,
) -> Result<NewNode> {
    let tag = draft.tag_in_standard("tag:stsci.edu:asdf/time/time-1.4.0")?;
    let nodes = draft.nodes();
    let node = nodes.map_of(pairs);
    nodes.set_tag(node, &tag);
    Ok(node)
}

/// The column as a time.
pub(super) fn node(
    draft: &mut Draft<'_>,
    moments: &Moments,
    column: &TimeColumn,
) -> Result<NewNode> {
    let mut pairs = pairs(draft, moments, &column.scale)?;
    if let Some(location) = column.location {
        let quantity = draft.tag_in_standard("tag:stsci.edu:asdf/unit/quantity-1.3.0")?;
        let mut axes = Vec::new();
        for (key, value) in ["x", "y", "z"].into_iter().zip(location) {
            let unit = super::column::unit_node(draft, "m");
            let nodes = draft.nodes();
            let value = nodes.float(value);
            let node = nodes.map_of([("value", value), ("unit", unit)]);
            nodes.set_tag(node, &quantity);
            axes.push((key, node));
        }
        pairs.push(("location", draft.nodes().map_of(axes)));
    }
    tagged(draft, pairs)
}

impl TimeColumn {
    /// What is told of a column that stays one of numbers or text: what they count.
    pub(super) fn unmade(&self, name: &str) -> String {
        let [whole, part] = self.reference;
        format!(
            "column `{}` stays a column of numbers or text and not of times ({}, counted from the Julian date {}): a moment has no value, and times in ASDF have no mask",
            name.escape_debug(),
            self.scale.name().to_ascii_uppercase(),
            whole + part
        )
    }

    /// The moments of the column.
    pub(super) fn moments(&self, column: &FitsColumn<'_>) -> Result<Moments> {
        let data = column.load()?;
        let mut shape = data.shape().to_vec();
        if let Datatype::Ascii(width) = *data.datatype() {
            let bytes = data.packed().into_owned();
            let width = usize::try_from(width).unwrap_or(0);
            let is_blank = |text: &[u8]| text.iter().all(|byte| matches!(byte, b' ' | 0));
            let masked = bytes.chunks_exact(width.max(1)).map(is_blank).collect();
            return Ok(Moments::Text(trimmed(bytes, width), width, masked, shape));
        }
        let numbers = data.to_f64()?;
        let is_pair = shape.len() > 1 && shape.last() == Some(&2);
        let mut given: Vec<[f64; 2]> = if is_pair {
            shape.pop();
            let pairs = numbers.chunks_exact(2);
            pairs.filter_map(<[f64]>::first_chunk).copied().collect()
        } else {
            numbers.into_iter().map(|number| [number, 0.0]).collect()
        };
        for pair in &mut given {
            *pair = self.moment(*pair);
        }
        Ok(Moments::of_pairs(&given, shape, &self.scale))
    }

    fn moment(&self, [first, second]: [f64; 2]) -> [f64; 2] {
        let (days, more) = (first * self.days, second * self.days);
        // A count from the beginning of Julian dates is the date itself.
        if self.reference == [0.0, 0.0] {
            return [days, more];
        }
        if self.reference == [MJD_0, 0.0] {
            let whole = days.floor();
            return [whole + NOON_0, (days - whole) + 0.5 + more];
        }
        // Counted in seconds, so that leap seconds are.
        let start = DayAndSeconds::of_julian(self.reference[0], self.reference[1], &self.scale);
        let seconds = self.days * 86_400.0;
        let end = start
            .and_then(|start| start.plus_seconds(first * seconds, &self.scale))
            .and_then(|at| at.plus_seconds(second * seconds, &self.scale));
        end.map_or([f64::NAN; 2], |end| end.julian(&self.scale))
    }
}

fn trimmed(mut bytes: Vec<u8>, width: usize) -> Vec<u8> {
    for text in bytes.chunks_exact_mut(width.max(1)) {
        let blanks = text.iter_mut().rev().take_while(|byte| **byte == b' ');
        blanks.for_each(|byte| *byte = 0);
    }
    bytes
}

/// What the header says of all times.
struct Global {
    scale: Option<TimeScale>,
    reference: [f64; 2],
    unit: Option<String>,
    location: Option<[f64; 3]>,
}

/// The columns of times of a table, by their places.
pub(super) fn columns(
    header: &FitsHeader<'_>,
    table: &FitsTable<'_>,
    names: &[String],
    odd: &mut Vec<String>,
) -> HashMap<usize, TimeColumn> {
    let global = global(header);
    let mut out = HashMap::new();
    for (place, (column, name)) in table.columns().iter().zip(names).enumerate() {
        match time_column(header, column, name, &global) {
            Some(Ok(time)) => {
                out.insert(place, time);
            }
            Some(Err(why)) => odd.push(format!(
                "column `{}` stays a column of numbers and not of times: {why}",
                name.escape_debug()
            )),
            None => {}
        }
    }
    out
}

fn time_column(
    header: &FitsHeader<'_>,
    column: &FitsColumn<'_>,
    name: &str,
    global: &Global,
) -> Option<std::result::Result<TimeColumn, String>> {
    let card = |stem: &str| {
        let keyword = format!("{stem}{}", column.number());
        let text = header.text(&keyword).ok().flatten();
        text.map(|text| text.trim().to_owned())
    };
    let (kind, unit, place) = (card("TCTYP"), card("TCUNI"), card("TRPOS"));
    let own_unit = column.unit().map(str::trim);
    let is_unit = |unit: Option<&str>| unit.is_some_and(|unit| UNITS.contains(&unit));
    let scale = match kind.as_deref() {
        // A coordinate of a WCS, such as RA---TAN.
        Some(kind) => match named_scale(kind) {
            Some(scale) => Some(scale),
            None if matches!(kind, "TIME" | "LOCAL") => global.scale.clone(),
            None if kind == "GPS" => {
                return Some(Err("the scale GPS has no name in ASDF".to_owned()));
            }
            None => return None,
        },
        None if is_unit(unit.as_deref()) || place.is_some() => global.scale.clone(),
        None if name.eq_ignore_ascii_case("TIME") && is_unit(own_unit) => global.scale.clone(),
        None => return None,
    };
    let is_time = matches!(
        column.form(),
        ColumnForm::Fixed { .. } | ColumnForm::Ascii { .. }
    );
    let is_number = column.physical_type().scalar().is_some();
    if !is_time || !(is_number || matches!(column.physical_type(), Datatype::Ascii(_))) {
        return Some(Err("it has arrays of variable length".to_owned()));
    }
    let Some(scale) = scale else {
        return Some(Err("TIMESYS is not a scale of ASDF".to_owned()));
    };
    let unit = own_unit.filter(|unit| !unit.is_empty());
    let unit = unit.or(global.unit.as_deref().filter(|unit| !unit.is_empty()));
    let days = match unit {
        None => Some(1.0),
        Some(unit) => days_of(unit),
    };
    let Some(days) = days else {
        let unit = unit.unwrap_or_default().escape_debug();
        return Some(Err(format!("`{unit}` is not a unit of time")));
    };
    let is_here = place.as_deref() == Some("TOPOCENTER");
    Some(Ok(TimeColumn {
        scale,
        reference: global.reference,
        days,
        location: global.location.filter(|_| is_here),
    }))
}

fn days_of(unit: &str) -> Option<f64> {
    let factor = UnitName::new(unit).factor_to("d").ok();
    factor.or(match unit {
        "cy" => Some(36_525.0),
        // Tropical and Besselian years.
        "ta" => Some(365.242_19),
        "Ba" => Some(365.242_198_781),
        _ => None,
    })
}

fn named_scale(name: &str) -> Option<TimeScale> {
    let name = match name {
        "TDT" | "ET" => "tt",
        "GMT" | "UT" => "utc",
        "IAT" => "tai",
        _ => &name.to_ascii_lowercase(),
    };
    match TimeScale::from(name) {
        TimeScale::Other(_) => None,
        scale => Some(scale),
    }
}

fn global(header: &FitsHeader<'_>) -> Global {
    let text = |keyword: &str| header.text(keyword).ok().flatten();
    let number = |keyword: &str| header.float(keyword).ok().flatten();
    let system = text("TIMESYS");
    let scale = match system.as_deref().map(str::trim) {
        None | Some("LOCAL") => Some(TimeScale::Utc),
        Some(name) => named_scale(name),
    };
    let split = |whole: &str, part: &str| {
        let (whole, part) = (number(whole), number(part));
        (whole.is_some() || part.is_some()).then(|| (whole.unwrap_or(0.0), part.unwrap_or(0.0)))
    };
    let mjd = number("MJDREF").map(|date| (date, 0.0));
    let jd = number("JDREF").map(|date| (date, 0.0));
    let date = text("DATEREF").and_then(|date| {
        let scale = scale.clone().unwrap_or(TimeScale::Utc);
        crate::tagged::Time::new(date.as_str())
            .in_scale(scale)
            .mjd()
            .ok()?
            .first()
            .copied()
    });
    let reference = if let Some((whole, part)) = mjd.or_else(|| split("MJDREFI", "MJDREFF")) {
        [whole + MJD_0, part]
    } else if let Some((whole, part)) = jd.or_else(|| split("JDREFI", "JDREFF")) {
        [whole, part]
    } else if let Some(date) = date {
        [date + MJD_0, 0.0]
    } else {
        [MJD_0, 0.0]
    };
    let axis = |keyword: &str| number(keyword).filter(|value| value.is_finite());
    let location = (|| Some([axis("OBSGEO-X")?, axis("OBSGEO-Y")?, axis("OBSGEO-Z")?]))();
    Global {
        scale,
        reference,
        unit: text("TIMEUNIT").map(|unit| unit.trim().to_owned()),
        location,
    }
}
