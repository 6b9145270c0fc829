//! Pixel axes that an image lacks.

use super::native::{Grid, Row};

/// Gives a WCS of more coordinates than pixel axes, a slit of a cube, further axes of one pixel: a header has as many of both.
/// Each goes along the coordinate that the others say least of.
pub(super) fn add_pixel_axes(grid: &Grid, rows: &mut [Row]) -> Option<()> {
    let count = rows.len();
    // What is nothing but rounding says nothing of a direction.
    for row in rows.iter_mut() {
        for (slope, side) in row.slopes.iter_mut().zip(&grid.sides) {
            if (*slope * (side.high - side.low)).abs() <= row.tolerance {
                *slope = 0.0;
            }
        }
    }
    let scale: Vec<f64> = rows
        .iter()
        .map(|row| {
            let slopes = row.slopes.iter().map(|slope| slope.abs());
            let most = slopes.fold(0.0, f64::max);
            if most > 0.0 { most } else { 1.0 }
        })
        .collect();
    // Directions among the coordinates, each counted in its own steps, that the pixel axes span.
    let mut spanned: Vec<Vec<f64>> = Vec::new();
    let rest = |spanned: &[Vec<f64>], mut vector: Vec<f64>| {
        for own in spanned {
            let along: f64 = own.iter().zip(&vector).map(|(a, b)| a * b).sum();
            for (value, part) in vector.iter_mut().zip(own) {
                *value -= along * part;
            }
        }
        let length = vector.iter().map(|value| value * value).sum::<f64>().sqrt();
        (vector, length)
    };
    let span = |spanned: &mut Vec<Vec<f64>>, vector: Vec<f64>| {
        let (vector, length) = rest(spanned, vector);
        if length < 1e-6 {
            return None;
        }
        spanned.push(vector.into_iter().map(|value| value / length).collect());
        Some(())
    };
    for axis in 0..grid.sides.len() {
        let pairs = rows.iter().zip(&scale);
        let column = pairs.map(|(row, scale)| Some(row.slopes.get(axis)? / scale));
        span(&mut spanned, column.collect::<Option<Vec<f64>>>()?)?;
    }
    while spanned.len() < count {
        let unit = |place: usize| {
            let mut vector = vec![0.0; count];
            if let Some(own) = vector.get_mut(place) {
                *own = 1.0;
            }
            vector
        };
        let places = (0..count).map(|place| (place, rest(&spanned, unit(place)).1));
        let (best, _) = places.max_by(|one, two| one.1.total_cmp(&two.1))?;
        span(&mut spanned, unit(best))?;
        for (place, (row, scale)) in rows.iter_mut().zip(&scale).enumerate() {
            row.slopes.push(if place == best { *scale } else { 0.0 });
        }
    }
    Some(())
}
