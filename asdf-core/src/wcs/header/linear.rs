//! From pixels to the plane of the projection: `CDi_j`, or `PCi_j` and `CDELTi`, or `CROTAi`, with the rules of wcslib.

use super::number::{Read, Refusal, number, number_or};
use crate::fits::FitsCard;
use crate::fits::FitsHeader;
use std::collections::BTreeMap;

/// Axes that are looked at; more are refused.
const MOST_AXES: usize = 32;

/// Elements of a matrix by row and column, from 1, with the keyword that they stand under.
type Elements = BTreeMap<(usize, usize), (String, f64)>;

/// All elements that a header names, under any of the names that matrices had: `PC1_2`, `PC01_02` and `PC001002`.
#[derive(Debug, Default)]
struct Matrices {
    pc: Elements,
    cd: Elements,
    has_crota: bool,
    /// The highest axis that any of them names.
    axes: usize,
}

impl Matrices {
    fn read(header: &FitsHeader<'_>) -> Read<Self> {
        let mut found = Self::default();
        for card in header.cards().filter(|card| !card.is_hierarch()) {
            let keyword = card.keyword();
            if let Some(rest) = keyword.strip_prefix("CROTA") {
                found.has_crota |=
                    rest.parse::<usize>().is_ok() && card.value().as_float().is_some();
            }
            let elements = match keyword.get(..2) {
                Some("PC") => &mut found.pc,
                Some("CD") => &mut found.cd,
                _ => continue,
            };
            let Some(place) = keyword.get(2..).and_then(element) else {
                continue;
            };
            let value = finite(card, &keyword)?;
            let (row, column) = place;
            found.axes = found.axes.max(row).max(column);
            let entry = elements
                .entry(place)
                .or_insert_with(|| (keyword.to_string(), value));
            if entry.1.to_bits() != value.to_bits() {
                let reason = format!(
                    "is {value:?}, {} for the same element is {:?}",
                    entry.0, entry.1
                );
                return Err(Refusal::new(keyword, reason));
            }
        }
        Ok(found)
    }
}

fn finite(card: FitsCard<'_>, keyword: &str) -> Read<f64> {
    let value = card.value();
    let number = value.as_float().filter(|number| number.is_finite());
    number.ok_or_else(|| Refusal::new(keyword, format!("is {value}, expected a number")))
}

/// Row and column of an element from what stands behind `PC` or `CD`: `1_2`, or `001002`.
fn element(text: &str) -> Option<(usize, usize)> {
    let pair = match text.split_once('_') {
        Some(pair) => pair,
        None if text.len() == 6 => text.split_at_checked(3)?,
        None => return None,
    };
    let axis = |text: &str| {
        let number = text
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse().ok());
        number.flatten().filter(|axis: &usize| *axis > 0)
    };
    Some((axis(pair.0)?, axis(pair.1)?))
}

/// The matrix in degrees a pixel, a row for each of `axes` (longitude and latitude), a column for each of the first two
/// pixel axes; `scales` are degrees in the units of the rows.
pub(super) fn matrix(
    header: &FitsHeader<'_>,
    axes: [usize; 2],
    scales: [f64; 2],
) -> Read<[[f64; 2]; 2]> {
    let found = Matrices::read(header)?;
    let count = axis_count(header)?.max(found.axes);
    let mut matrix = [[0.0; 2]; 2];
    // PC goes before CD, and both before CROTA.
    if !found.pc.is_empty() || (found.cd.is_empty() && !found.has_crota) {
        let steps = steps(header, count)?;
        independent(&found.pc, axes)?;
        for (row, i) in matrix.iter_mut().zip(axes) {
            let unity = |j: usize| if i == j { 1.0 } else { 0.0 };
            let element = |j: usize| found.pc.get(&(i, j)).map_or(unity(j), |element| element.1);
            let step = step(&steps, i);
            *row = [step * element(1), step * element(2)];
        }
    } else if !found.cd.is_empty() {
        independent(&found.cd, axes)?;
        for (row, i) in matrix.iter_mut().zip(axes) {
            let element = |j: usize| found.cd.get(&(i, j)).map_or(0.0, |element| element.1);
            *row = [element(1), element(2)];
            // An axis of which nothing is said has steps of one.
            let named = |((row, column), (_, value)): (&(usize, usize), &(String, f64))| {
                (*row == i || *column == i) && *value != 0.0
            };
            if let (false, Some(own)) = (found.cd.iter().any(named), row.get_mut(i.wrapping_sub(1)))
            {
                *own = 1.0;
            }
        }
    } else {
        let steps = steps(header, count)?;
        let [longitude, latitude] = axes;
        let angle = number_or(header, &format!("CROTA{latitude}"), 0.0)?;
        let (sin, cos) = angle.to_radians().sin_cos();
        let [x, y] = axes.map(|axis| step(&steps, axis));
        matrix = if longitude < latitude {
            [[x * cos, -y * sin], [x * sin, y * cos]]
        } else {
            [[-y * sin, x * cos], [y * cos, x * sin]]
        };
    }
    for (row, scale) in matrix.iter_mut().zip(scales) {
        *row = row.map(|value| value * scale);
    }
    let [[a, b], [c, d]] = matrix;
    let determinant = a * d - b * c;
    if determinant != 0.0 && determinant.is_finite() {
        return Ok(matrix);
    }
    let elements = if found.pc.is_empty() {
        &found.cd
    } else {
        &found.pc
    };
    let keyword = elements
        .values()
        .next()
        .map_or("CDELT1", |element| element.0.as_str());
    Err(Refusal::new(
        keyword,
        "belongs to a matrix without an inverse",
    ))
}

/// Number of axes, of the image and of its WCS.
pub(super) fn axis_count(header: &FitsHeader<'_>) -> Read<usize> {
    let mut count = 2_usize;
    for keyword in ["NAXIS", "WCSAXES"] {
        let axes = header.integer(keyword).ok().flatten().unwrap_or(0);
        let axes = usize::try_from(axes).unwrap_or(0);
        if axes > MOST_AXES {
            return Err(Refusal::new(
                keyword,
                format!("is {axes}, at most {MOST_AXES} axes are read"),
            ));
        }
        count = count.max(axes);
    }
    Ok(count)
}

/// `CDELTi` of all axes. One of zero leaves no way back for any.
fn steps(header: &FitsHeader<'_>, count: usize) -> Read<Vec<f64>> {
    let step = |axis: usize| {
        let keyword = format!("CDELT{axis}");
        match number_or(header, &keyword, 1.0)? {
            0.0 => Err(Refusal::new(keyword, "is 0, the matrix has no inverse")),
            step => Ok(step),
        }
    };
    (1..=count.min(MOST_AXES)).map(step).collect()
}

fn step(steps: &[f64], axis: usize) -> f64 {
    steps.get(axis.wrapping_sub(1)).copied().unwrap_or(1.0)
}

/// Refuses places on the sky that change along a third axis or one beyond.
fn independent(elements: &Elements, axes: [usize; 2]) -> Read<()> {
    for ((row, column), (keyword, value)) in elements {
        if axes.contains(row) && *column > 2 && *value != 0.0 {
            let reason = "makes the place on the sky depend on another axis";
            return Err(Refusal::new(keyword, reason));
        }
    }
    Ok(())
}

/// A header's `PVi_m` by axis and number, with its keyword. `PROJPm` is that of the latitude.
pub(super) type Parameters = BTreeMap<(usize, usize), (String, f64)>;

/// All parameters, `PV2_1`, `PV02_01` and `PROJP1` alike.
pub(super) fn parameters(header: &FitsHeader<'_>, latitude: usize) -> Read<Parameters> {
    let mut found = Parameters::new();
    for card in header.cards().filter(|card| !card.is_hierarch()) {
        let keyword = card.keyword();
        let place = if let Some(rest) = keyword.strip_prefix("PROJP") {
            rest.parse().ok().map(|index: usize| (latitude, index))
        } else {
            let pair = keyword
                .strip_prefix("PV")
                .and_then(|rest| rest.split_once('_'));
            pair.and_then(|(axis, index)| Some((axis.parse().ok()?, index.parse().ok()?)))
        };
        let Some(place) = place else {
            continue;
        };
        let value = finite(card, &keyword)?;
        let entry = found
            .entry(place)
            .or_insert_with(|| (keyword.to_string(), value));
        if entry.1.to_bits() != value.to_bits() {
            let reason = format!(
                "is {value:?}, {} for the same parameter is {:?}",
                entry.0, entry.1
            );
            return Err(Refusal::new(keyword, reason));
        }
    }
    Ok(found)
}

/// `CRPIXj` of the first two axes.
pub(super) fn reference_pixel(header: &FitsHeader<'_>) -> Read<[f64; 2]> {
    Ok([
        number(header, "CRPIX1")?.unwrap_or(0.0),
        number(header, "CRPIX2")?.unwrap_or(0.0),
    ])
}
