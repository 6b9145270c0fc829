//! Lines of equal value across a mesh of numbers.

/// Numbers at the crossings of a mesh, row by row.
#[derive(Debug, Clone)]
pub(super) struct Mesh<'a> {
    pub(super) columns: usize,
    pub(super) places: &'a [[f64; 2]],
    pub(super) values: &'a [f64],
}

/// A crossing of the mesh: where it is in the picture, and the number there.
type Corner = ([f64; 2], f64);

/// A stretch of a contour.
pub(super) type Stroke = [[f64; 2]; 2];

impl Mesh<'_> {
    /// The contour of a level. Cells whose corners differ by more than `jump` are left out: there an angle starts anew.
    pub(super) fn contour(&self, level: f64, jump: f64) -> Vec<Stroke> {
        let rows = self.values.len().checked_div(self.columns).unwrap_or(0);
        let cells = (1..rows).flat_map(|row| (1..self.columns).map(move |column| (row, column)));
        cells
            .filter_map(|(row, column)| self.cell(row, column, level, jump))
            .collect()
    }

    /// The contour in the cell whose last corner that is: where it enters and where it leaves.
    fn cell(&self, row: usize, column: usize, level: f64, jump: f64) -> Option<Stroke> {
        let corner = |up: usize, left: usize| {
            let index = (row - up) * self.columns + column - left;
            Some((*self.places.get(index)?, *self.values.get(index)?))
        };
        // Round the cell.
        let corners = [corner(1, 1)?, corner(1, 0)?, corner(0, 0)?, corner(0, 1)?];
        let values = corners.map(|corner| corner.1);
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let known = values.iter().all(|value| value.is_finite());
        if !known || greatest - least > jump || level < least || level > greatest {
            return None;
        }
        let behind = corners.iter().cycle().skip(1);
        let crossing = |(&(from, low), &(to, high)): (&Corner, &Corner)| {
            if (low < level) == (high < level) {
                return None;
            }
            let part = (level - low) / (high - low);
            Some([
                from[0] + (to[0] - from[0]) * part,
                from[1] + (to[1] - from[1]) * part,
            ])
        };
        let mut crossings = corners.iter().zip(behind).filter_map(crossing);
        Some([crossings.next()?, crossings.next()?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contour_crosses_the_cells_between_its_ends() {
        // Numbers grow by 10 to the right; the level 12 lies a fifth into the second cell.
        let places: Vec<[f64; 2]> = (0..6)
            .map(|index| [f64::from(index % 3), f64::from(index / 3)])
            .collect();
        let mut values = [0.0, 10.0, 20.0, 0.0, 10.0, 20.0];
        let lines = |values: &[f64], jump| {
            let mesh = Mesh {
                columns: 3,
                places: &places,
                values,
            };
            mesh.contour(12.0, jump)
        };
        let found = lines(&values, 90.0);
        assert_eq!(found.len(), 1);
        for ([x, _], y) in found[0].iter().map(|end| (*end, end[1])) {
            assert!(
                (x - 1.2).abs() < 1e-12 && [0.0, 1.0].contains(&y),
                "{x} {y}"
            );
        }
        assert!(lines(&values, 5.0).is_empty());
        values[5] = f64::NAN;
        assert!(lines(&values, 90.0).is_empty());
    }
}
