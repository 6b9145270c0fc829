//! From pixels to the plane of the projection: `CDi_j`, or `PCi_j` and `CDELTi`, or `CROTAi`.

use super::number::{Read, Unknown, number, number_or};
use crate::fits::FitsHeader;

/// The matrix in degrees a pixel, a row for each of the two axes, in the order of `axes`; `scales` are degrees in their units.
pub(super) fn matrix(
    header: &FitsHeader<'_>,
    axes: [usize; 2],
    scales: [f64; 2],
) -> Read<[[f64; 2]; 2]> {
    if depends_on_others(header)? {
        return Err(Unknown);
    }
    let element = |name: &str, i: usize, j: usize, default: f64| {
        number_or(header, &format!("{name}{i}_{j}"), default)
    };
    let mut matrix = [[0.0; 2]; 2];
    let has = |name: &str| {
        let pairs = [(1, 1), (1, 2), (2, 1), (2, 2)];
        pairs
            .iter()
            .any(|(i, j)| header.get(&format!("{name}{i}_{j}")).is_some())
    };
    let [longitude, latitude] = axes;
    let steps = [cdelt(header, longitude)?, cdelt(header, latitude)?];
    let angle = number_or(header, &format!("CROTA{latitude}"), 0.0)?;
    if has("CD") {
        for (row, i) in matrix.iter_mut().zip(axes) {
            *row = [element("CD", i, 1, 0.0)?, element("CD", i, 2, 0.0)?];
        }
    } else if !has("PC") && angle != 0.0 {
        // The old keyword turns axes whose first one is the longitude.
        if longitude != 1 {
            return Err(Unknown);
        }
        let (sin, cos) = angle.to_radians().sin_cos();
        let [x, y] = steps;
        matrix = [[x * cos, -y * sin], [x * sin, y * cos]];
    } else {
        for ((row, i), step) in matrix.iter_mut().zip(axes).zip(steps) {
            let unity = |j: usize| if i == j { 1.0 } else { 0.0 };
            *row = [
                step * element("PC", i, 1, unity(1))?,
                step * element("PC", i, 2, unity(2))?,
            ];
        }
    }
    for (row, scale) in matrix.iter_mut().zip(scales) {
        *row = row.map(|value| value * scale);
    }
    let [[a, b], [c, d]] = matrix;
    let determinant = a * d - b * c;
    if determinant != 0.0 && determinant.is_finite() {
        Ok(matrix)
    } else {
        Err(Unknown)
    }
}

fn cdelt(header: &FitsHeader<'_>, axis: usize) -> Read<f64> {
    number_or(header, &format!("CDELT{axis}"), 1.0)
}

/// True when the place on the sky changes along a third axis or one beyond.
fn depends_on_others(header: &FitsHeader<'_>) -> Read<bool> {
    const MOST_AXES: i64 = 32;
    let axes = ["NAXIS", "WCSAXES"].map(|keyword| header.integer(keyword).ok().flatten());
    let count = axes.into_iter().flatten().max().unwrap_or(0);
    for i in 1..=2 {
        for j in 3..=count.min(MOST_AXES) {
            for name in ["CD", "PC"] {
                if number(header, &format!("{name}{i}_{j}"))?.is_some_and(|value| value != 0.0) {
                    return Ok(true);
                }
            }
        }
    }
    Ok(count > MOST_AXES)
}
