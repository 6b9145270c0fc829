//! The exact area that a circle or an ellipse has in common with a pixel.

/// The area that a circle about the origin has in common with a rectangle: from `low` to `high`.
pub(super) fn circle(low: [f64; 2], high: [f64; 2], radius: f64) -> f64 {
    if radius <= 0.0 {
        return 0.0;
    }
    let corners = [low, [high[0], low[1]], high, [low[0], high[1]]];
    let far = corners.iter().map(|[x, y]| x.hypot(*y));
    if far.fold(0.0, f64::max) <= radius {
        return (high[0] - low[0]) * (high[1] - low[1]);
    }
    polygon(&corners, radius)
}

/// The same of an ellipse with these half axes, the first of which is turned by an angle from x towards y.
pub(super) fn ellipse(low: [f64; 2], high: [f64; 2], [a, b]: [f64; 2], angle: f64) -> f64 {
    if a <= 0.0 || b <= 0.0 {
        return 0.0;
    }
    // Where the ellipse is the unit circle the pixel is a parallelogram.
    let (sin, cos) = angle.sin_cos();
    let corners = [low, [high[0], low[1]], high, [low[0], high[1]]];
    let corners = corners.map(|[x, y]| [(x * cos + y * sin) / a, (y * cos - x * sin) / b]);
    if corners.iter().all(|[x, y]| x.hypot(*y) <= 1.0) {
        return (high[0] - low[0]) * (high[1] - low[1]);
    }
    polygon(&corners, 1.0) * a * b
}

/// The area that a polygon, counterclockwise, has in common with a circle about the origin: of each edge that of the
/// triangle with the origin.
fn polygon(corners: &[[f64; 2]], radius: f64) -> f64 {
    let next = corners.iter().cycle().skip(1);
    let parts = corners
        .iter()
        .zip(next)
        .map(|(from, to)| triangle(*from, *to, radius));
    parts.sum::<f64>().max(0.0)
}

fn cross(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// The signed area of the triangle of the origin and an edge within the circle.
fn triangle(from: [f64; 2], to: [f64; 2], radius: f64) -> f64 {
    let sector = |a: [f64; 2], b: [f64; 2]| radius * radius * cross(a, b).atan2(dot(a, b)) / 2.0;
    let along = [to[0] - from[0], to[1] - from[1]];
    let (square, half) = (dot(along, along), dot(from, along));
    let root = half * half - square * (dot(from, from) - radius * radius);
    if square == 0.0 {
        return 0.0;
    }
    if root <= 0.0 {
        return sector(from, to);
    }
    let root = root.sqrt();
    let start = ((-half - root) / square).max(0.0);
    let end = ((-half + root) / square).min(1.0);
    if start >= end {
        return sector(from, to);
    }
    let at = |part: f64| [from[0] + along[0] * part, from[1] + along[1] * part];
    let (enters, leaves) = (at(start), at(end));
    let before = if start > 0.0 {
        sector(from, enters)
    } else {
        0.0
    };
    let after = if end < 1.0 { sector(leaves, to) } else { 0.0 };
    before + cross(enters, leaves) / 2.0 + after
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn the_pixels_of_a_circle_have_its_area() {
        for (x, y, radius) in [
            (0.0, 0.0, 3.0),
            (0.3, -0.45, 0.2),
            (10.25, 7.75, 5.5),
            (0.5, 0.5, 0.5),
        ] {
            let sum: f64 = (-20..40)
                .flat_map(|row| (-20..40).map(move |column| (column, row)))
                .map(|(column, row)| {
                    let low = [f64::from(column) - 0.5 - x, f64::from(row) - 0.5 - y];
                    circle(low, low.map(|edge| edge + 1.0), radius)
                })
                .sum();
            assert!(
                (sum - PI * radius * radius).abs() < 1e-11,
                "{radius}: {sum}"
            );
        }
    }

    #[test]
    fn the_pixels_of_an_ellipse_have_its_area() {
        for angle in [0.0, 0.4, 1.5, -2.0] {
            let sum: f64 = (-20..20)
                .flat_map(|row| (-20..20).map(move |column| (column, row)))
                .map(|(column, row)| {
                    let low = [f64::from(column) - 0.3, f64::from(row) - 0.8];
                    ellipse(low, low.map(|edge| edge + 1.0), [7.0, 2.5], angle)
                })
                .sum();
            assert!((sum - PI * 7.0 * 2.5).abs() < 1e-11, "{angle}: {sum}");
        }
    }

    #[test]
    fn what_is_apart_has_nothing_in_common() {
        assert!(circle([3.0, 0.0], [4.0, 1.0], 2.9).abs() < 1e-15);
        assert!(circle([-0.5, -0.5], [0.5, 0.5], 0.0).abs() < 1e-15);
        assert!((circle([-0.5, -0.5], [0.5, 0.5], 1.0) - 1.0).abs() < 1e-15);
    }
}
