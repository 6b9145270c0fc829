//! Cells of `HEALPix` in the nested order: which one a position lies in (Górski et al. 2005, `ApJ` 622, 759, section 4).

/// The finest order whose numbers fit 64 bits with a sign.
pub(crate) const FINEST: u8 = 29;

/// The number of the cell of that order, at most 29, that a position in degrees lies in; `None` for what is no position.
///
/// # Examples
/// ```
/// use asdf_core::wcs::healpix_nested;
///
/// assert_eq!(healpix_nested(0, 45.0, 60.0), Some(0)); // the first of the twelve cells
/// assert_eq!(healpix_nested(29, f64::NAN, 0.0), None);
/// ```
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "at most 2^29 cells along a side"
)]
pub fn healpix_nested(order: u8, longitude: f64, latitude: f64) -> Option<i64> {
    let is_position = longitude.is_finite() && (-90.0..=90.0).contains(&latitude);
    if order > FINEST || !is_position {
        return None;
    }
    let side = 1_i64 << order;
    let length = side as f64;
    let (sin_lat, cos_lat) = latitude.to_radians().sin_cos();
    let height = sin_lat.abs();
    // Quarter turns.
    let turns = (longitude.rem_euclid(360.0) / 90.0).min(4.0_f64.next_down());
    let (face, x, y) = if height <= 2.0 / 3.0 {
        // Lines of the equatorial region that ascend and descend.
        let (middle, slope) = (length * (0.5 + turns), length * sin_lat * 0.75);
        let (falling, rising) = ((middle - slope) as i64, (middle + slope) as i64);
        let (a, b) = (falling >> order, rising >> order);
        let face = match a.cmp(&b) {
            std::cmp::Ordering::Equal => a | 4,
            std::cmp::Ordering::Less => a,
            std::cmp::Ordering::Greater => b + 8,
        };
        let x = rising & (side - 1);
        let y = side - (falling & (side - 1)) - 1;
        (face, x, y)
    } else {
        let quarter = turns.floor();
        let along = turns - quarter;
        // Near a pole 1 - sin loses what the cos_lat still has.
        let from_pole = length * cos_lat / ((1.0 + height) / 3.0).sqrt();
        let near = |part: f64| ((part * from_pole) as i64).min(side - 1);
        let (a, b) = (near(along), near(1.0 - along));
        let quarter = quarter as i64;
        if sin_lat >= 0.0 {
            (quarter, side - b - 1, side - a - 1)
        } else {
            (quarter + 8, a, b)
        }
    };
    Some((face << (2 * order)) | spread(x) | (spread(y) << 1))
}

/// The bits of a number at even places.
fn spread(number: i64) -> i64 {
    let steps = [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ];
    let apart = |bits: i64, (by, mask): (u32, i64)| (bits | (bits << by)) & mask;
    steps.into_iter().fold(number, apart)
}

/// The side of a cell in degrees, as a square of the same area has it.
pub(crate) fn side(order: u8) -> f64 {
    let cells = 12.0 * 4.0_f64.powi(order.into());
    (4.0 * std::f64::consts::PI / cells).sqrt().to_degrees()
}
