//! From pixels to coordinates along the axes of the world: `CDi_j`, or `PCi_j` and `CDELTi`, or `CROTAi`, with the rules of
//! wcslib, and the transforms that a matrix of any size is.

use super::axes::Axes;
use super::keywords::{Elements, Keywords};
use super::model;
use super::number::{Read, Refusal};

/// A matrix, a row for each axis of the world.
pub(super) type Matrix = Vec<Vec<f64>>;

/// The matrix of a header in its own units, and the steps `CDELTi` in it, which `CDi_j` has within.
pub(super) fn matrix(keywords: Keywords<'_>, axes: &Axes) -> Read<(Matrix, Option<Vec<f64>>)> {
    let count = axes.list.len();
    let (pc, cd) = (keywords.elements("PC")?, keywords.elements("CD")?);
    let mut matrix = vec![vec![0.0; count]; count];
    // PC goes before CD, and both before CROTA.
    if pc.is_empty() && !cd.is_empty() {
        fill(&mut matrix, &cd, 0.0);
        for axis in 1..=count {
            // An axis of which nothing is said has steps of one.
            let is_named = cd.iter().any(|((row, column), (_, value))| {
                (*row == axis || *column == axis) && *value != 0.0
            });
            if !is_named {
                set(&mut matrix, axis, axis, 1.0);
            }
        }
        return Ok((matrix, None));
    }
    let steps = steps(keywords, count)?;
    fill(&mut matrix, &pc, 1.0);
    if pc.is_empty() && keywords.has_rotation() {
        rotate(keywords, axes, &steps, &mut matrix)?;
    }
    for (row, step) in matrix.iter_mut().zip(&steps) {
        for value in row {
            *value *= step;
        }
    }
    Ok((matrix, Some(steps)))
}

fn set(matrix: &mut Matrix, row: usize, column: usize, value: f64) {
    let cell = matrix.get_mut(row.wrapping_sub(1));
    if let Some(cell) = cell.and_then(|row| row.get_mut(column.wrapping_sub(1))) {
        *cell = value;
    }
}

/// Elements that are given, on a diagonal of the same number.
fn fill(matrix: &mut Matrix, elements: &Elements, diagonal: f64) {
    for axis in 1..=matrix.len() {
        set(matrix, axis, axis, diagonal);
    }
    for ((row, column), (_, value)) in elements {
        set(matrix, *row, *column, *value);
    }
}

/// The turn of the sky by `CROTAi` of the latitude.
fn rotate(keywords: Keywords<'_>, axes: &Axes, steps: &[f64], matrix: &mut Matrix) -> Read<()> {
    let Some([longitude, latitude]) = axes.sky else {
        return Ok(());
    };
    let (i, j) = (longitude + 1, latitude + 1);
    let angle = keywords.number_or(&format!("CROTA{j}"), 0.0)?;
    let (sin, cos) = angle.to_radians().sin_cos();
    let step = |axis: usize| steps.get(axis).copied().unwrap_or(1.0);
    let ratio = step(latitude) / step(longitude);
    set(matrix, i, i, cos);
    set(matrix, j, j, cos);
    set(matrix, i, j, -sin * ratio);
    set(matrix, j, i, sin / ratio);
    Ok(())
}

/// `CDELTi` of all axes. One of zero leaves no way back for any.
fn steps(keywords: Keywords<'_>, count: usize) -> Read<Vec<f64>> {
    let step = |axis: usize| {
        let keyword = format!("CDELT{axis}");
        match keywords.number_or(&keyword, 1.0)? {
            0.0 => Err(keywords.refused(&keyword, "is 0, the matrix has no inverse")),
            step => Ok(step),
        }
    };
    (1..=count).map(step).collect()
}

/// `CRPIXj` of all axes.
pub(super) fn reference_pixel(keywords: Keywords<'_>, count: usize) -> Read<Vec<f64>> {
    (1..=count)
        .map(|axis| keywords.number_or(&format!("CRPIX{axis}"), 0.0))
        .collect()
}

/// The keyword of a matrix that has no inverse.
pub(super) fn singular(keywords: Keywords<'_>) -> Read<Refusal> {
    let (pc, cd) = (keywords.elements("PC")?, keywords.elements("CD")?);
    let elements = if pc.is_empty() { &cd } else { &pc };
    let keyword = elements.values().next();
    let keyword = keyword.map_or_else(|| keywords.name("CDELT1"), |element| element.0.clone());
    Ok(Refusal::new(
        keyword,
        "belongs to a matrix without an inverse",
    ))
}

/// Rows and columns that depend on each other and on no others, in rising order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Block {
    rows: Vec<usize>,
    columns: Vec<usize>,
}

/// The transforms of a matrix, whose results come in the order `wanted`; `together` are two rows that stay in one block.
/// `None` when it has no inverse.
pub(super) fn transforms(
    matrix: &Matrix,
    wanted: &[usize],
    together: Option<[usize; 2]>,
) -> Option<Vec<String>> {
    let mut blocks = blocks(matrix, together);
    // The sky comes first.
    let is_sky = |block: &Block| {
        wanted
            .first()
            .is_some_and(|first| block.rows.contains(first))
    };
    blocks.sort_by_key(|block| !is_sky(block));
    let mut parts = Vec::new();
    for block in &mut blocks {
        if block.rows.len() != block.columns.len() {
            return None;
        }
        // The rows as they are wanted, so that two of them need no other order.
        let place = |row: &usize| wanted.iter().position(|own| own == row);
        block.rows.sort_by_key(place);
        let cell = |row: usize, column: usize| {
            let row = matrix.get(row).and_then(|row| row.get(column));
            row.copied().unwrap_or(0.0)
        };
        let own: Matrix = block
            .rows
            .iter()
            .map(|row| {
                block
                    .columns
                    .iter()
                    .map(|column| cell(*row, *column))
                    .collect()
            })
            .collect();
        parts.push(square(&own)?);
    }
    let columns: Vec<usize> = blocks.iter().flat_map(|own| own.columns.clone()).collect();
    let rows: Vec<usize> = blocks.iter().flat_map(|own| own.rows.clone()).collect();
    let order: Option<Vec<usize>> = wanted
        .iter()
        .map(|row| rows.iter().position(|own| own == row))
        .collect();
    let mut steps = Vec::new();
    steps.extend(model::reorder(&columns));
    steps.extend(model::beside(parts));
    steps.extend(model::reorder(&order?));
    Some(steps)
}

fn blocks(matrix: &Matrix, together: Option<[usize; 2]>) -> Vec<Block> {
    let count = matrix.len();
    // Rows, then columns, each with the number of its block.
    let mut block: Vec<usize> = (0..2 * count).collect();
    let join = |block: &mut Vec<usize>, one: usize, two: usize| {
        let (one, two) = (block.get(one).copied(), block.get(two).copied());
        if let (Some(one), Some(two)) = (one, two) {
            for own in block.iter_mut().filter(|own| **own == two) {
                *own = one;
            }
        }
    };
    for (row, cells) in matrix.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            if *cell != 0.0 {
                join(&mut block, row, count + column);
            }
        }
    }
    if let Some([one, two]) = together {
        join(&mut block, one, two);
    }
    let mut numbers: Vec<usize> = block.clone();
    numbers.sort_unstable();
    numbers.dedup();
    let members = |number: usize, from: usize| -> Vec<usize> {
        let own = block.iter().enumerate().skip(from).take(count);
        own.filter(|(_, own)| **own == number)
            .map(|(place, _)| place - from)
            .collect()
    };
    let blocks = numbers.iter().map(|number| Block {
        rows: members(*number, 0),
        columns: members(*number, count),
    });
    blocks.collect()
}

/// One block: a factor, a matrix of two, or more by elimination.
fn square(matrix: &Matrix) -> Option<String> {
    match matrix.as_slice() {
        [row] => {
            let factor = *row.first()?;
            (factor != 0.0 && factor.is_finite()).then(|| model::scale(factor))
        }
        [first, second] => {
            let matrix = [
                [*first.first()?, *first.get(1)?],
                [*second.first()?, *second.get(1)?],
            ];
            let [[a, b], [c, d]] = matrix;
            let determinant = a * d - b * c;
            let is_regular = determinant != 0.0 && determinant.is_finite();
            is_regular.then(|| model::affine(matrix))
        }
        _ => eliminated(matrix),
    }
}

/// A matrix of three or more as steps that change one coordinate by another each (L·U with the rows in another order): only
/// matrices of two have a transform.
fn eliminated(matrix: &Matrix) -> Option<String> {
    let count = matrix.len();
    let mut work = matrix.clone();
    let mut order: Vec<usize> = (0..count).collect();
    for place in 0..count {
        let size = |row: &usize| {
            work.get(*row)
                .and_then(|row| row.get(place))
                .map_or(0.0, |x| x.abs())
        };
        let pivot = (place..count).max_by(|one, two| size(one).total_cmp(&size(two)))?;
        let own = size(&pivot);
        if own == 0.0 || !own.is_finite() {
            return None;
        }
        work.swap(place, pivot);
        order.swap(place, pivot);
        let head = work.get(place)?.clone();
        let divisor = *head.get(place)?;
        for row in work.iter_mut().skip(place + 1) {
            let factor = *row.get(place)? / divisor;
            for (cell, above) in row.iter_mut().zip(&head).skip(place + 1) {
                *cell -= factor * above;
            }
            *row.get_mut(place)? = factor;
        }
    }
    let mut steps = Vec::new();
    for (row, cells) in work.iter().enumerate() {
        let own = *cells.get(row)?;
        steps.extend(sheared(count, row, row, own, 0.0));
        for (column, cell) in cells.iter().enumerate().skip(row + 1) {
            steps.extend(sheared(count, row, column, 1.0, *cell));
        }
    }
    for (row, cells) in work.iter().enumerate().rev() {
        for (column, cell) in cells.iter().enumerate().take(row) {
            steps.extend(sheared(count, row, column, 1.0, *cell));
        }
    }
    let back: Option<Vec<usize>> = (0..count)
        .map(|row| order.iter().position(|own| *own == row))
        .collect();
    steps.extend(model::reorder(&back?));
    model::chain(steps)
}

/// x[row] → own · x[row] + other · x[column], all others as they are.
fn sheared(count: usize, row: usize, column: usize, own: f64, other: f64) -> Vec<String> {
    if row == column {
        let part = |place: usize| {
            if place == row {
                model::scale(own)
            } else {
                model::identity(1)
            }
        };
        return model::beside((0..count).map(part)).into_iter().collect();
    }
    if other == 0.0 {
        return Vec::new();
    }
    let mut front = vec![row, column];
    front.extend((0..count).filter(|place| *place != row && *place != column));
    let back: Vec<usize> = (0..count)
        .filter_map(|place| front.iter().position(|own| *own == place))
        .collect();
    let matrix = [[own, other], [0.0, 1.0]];
    let mut parts = vec![model::affine(matrix)];
    if count > 2 {
        parts.push(model::identity(count - 2));
    }
    let mut steps = Vec::new();
    steps.extend(model::reorder(&front));
    steps.extend(model::beside(parts));
    steps.extend(model::reorder(&back));
    steps
}
