//! Lines of equal longitude and latitude over a picture of the sky.
//!
//! World coordinates are evaluated on a coarse mesh and the lines are its contours, so that no inverse is needed.

use super::canvas::{Rgb, coordinate, whole};
use super::contour::{Mesh, Stroke};
use super::drawing::Drawing;
use super::glyphs;
use super::pixels::Pixels;
use asdf_core::Result;
use asdf_core::wcs::Wcs;

/// Cells of the mesh along each side, and the least side of a cell in pixels.
const CELLS: f64 = 96.0;
const CELL: f64 = 4.0;
/// Lines of each kind that are wanted.
const LINES: f64 = 5.0;
/// How much of a line is seen through it.
const SHEER: f64 = 0.35;

/// Positions on the sky at the crossings of a mesh over a picture.
#[derive(Debug, Clone)]
pub struct WorldMesh {
    columns: usize,
    places: Vec<[f64; 2]>,
    /// In degrees.
    longitude: Vec<f64>,
    latitude: Vec<f64>,
    /// Longitudes are hours, minutes and seconds.
    hours: bool,
}

impl WorldMesh {
    /// Evaluates the WCS of the array that is shown.
    ///
    /// # Errors
    /// It is not one of an image of the sky, or cannot be evaluated.
    #[expect(clippy::cast_precision_loss, reason = "no picture is that large")]
    pub fn new(wcs: &Wcs, pixels: &Pixels) -> Result<Self> {
        let side = |length: usize| {
            let cells = (length as f64 / CELL).ceil().clamp(2.0, CELLS);
            let step = length as f64 / cells;
            // From edge to edge.
            (0..=whole(cells)).map(move |index| index as f64 * step - 0.5)
        };
        let columns = side(pixels.size[0]).count();
        let places: Vec<[f64; 2]> = side(pixels.size[1])
            .flat_map(|y| side(pixels.size[0]).map(move |x| [x, y]))
            .collect();
        let elements: Vec<[f64; 2]> = places.iter().map(|place| pixels.element(*place)).collect();
        let axis = |axis: usize| -> Vec<f64> { elements.iter().map(|place| place[axis]).collect() };
        let [longitude, latitude] = wcs.sky_positions(&axis(0), &axis(1))?;
        let frame = wcs.steps().last().and_then(|step| step.frame.celestial());
        let types = frame.map(asdf_core::wcs::Frame::axis_physical_types);
        let kind = types.and_then(|types| types.first());
        let is_equatorial = kind.is_none_or(|kind| kind.starts_with("pos.eq"));
        let reference = frame.and_then(|frame| frame.reference_frame());
        let hours = reference.map_or(is_equatorial, |reference| {
            let name = reference.name.to_ascii_lowercase();
            ["icrs", "fk4", "fk5", "gcrs", "cirs"]
                .iter()
                .any(|known| name.starts_with(known))
        });
        Ok(Self {
            columns,
            places,
            longitude,
            latitude,
            hours,
        })
    }

    /// The lines of one coordinate, each with what is written beside it.
    fn lines(&self, is_longitude: bool) -> Vec<(String, Vec<Stroke>)> {
        let own = if is_longitude {
            &self.longitude
        } else {
            &self.latitude
        };
        // Longitudes are counted from that in the middle, so that they do not start anew within the picture.
        let middle = own.get(own.len() / 2 + self.columns / 2).copied();
        let zero = middle
            .filter(|value| is_longitude && value.is_finite())
            .unwrap_or(0.0);
        let wrapped = |value: &f64| {
            if is_longitude {
                (value - zero + 180.0).rem_euclid(360.0) - 180.0 + zero
            } else {
                *value
            }
        };
        let values: Vec<f64> = own.iter().map(wrapped).collect();
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let low = finite().fold(f64::INFINITY, f64::min);
        let high = finite().fold(f64::NEG_INFINITY, f64::max);
        if low >= high {
            return Vec::new();
        }
        let hours = is_longitude && self.hours;
        let unit = if hours { 15.0 } else { 1.0 };
        let step = spacing((high - low) / unit);
        let mesh = Mesh {
            columns: self.columns,
            places: &self.places,
            values: &values,
        };
        let (first, last) = (whole((low / unit / step).ceil()), whole(high / unit / step));
        #[expect(clippy::cast_precision_loss, reason = "a few steps round the sky")]
        let line = |number: i64| {
            let value = number as f64 * step;
            let label = if is_longitude {
                longitude_label(value, step, hours)
            } else {
                latitude_label(value, step)
            };
            (label, mesh.contour(value * unit, 90.0))
        };
        (first..=last).map(line).collect()
    }
}

/// Draws the lines and their labels: longitudes at the lower end of their lines, latitudes at the left.
pub fn draw_grid(drawing: &mut Drawing, mesh: &WorldMesh, color: Rgb) {
    let [width, height] = drawing.size;
    let scale = (width.min(height) / 400).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let thick = (scale as f64 * 0.75).max(1.0);
    let kinds = [true, false].map(|is_longitude| mesh.lines(is_longitude));
    let strokes = kinds.iter().flatten().flat_map(|(_, strokes)| strokes);
    let strokes: Vec<Stroke> = strokes.copied().collect();
    drawing.strokes(&strokes, thick, color, 1.0 - SHEER);
    let mut taken = Vec::new();
    for (lines, is_longitude) in kinds.iter().zip([true, false]) {
        for (label, strokes) in lines {
            write_label(
                drawing,
                &mut taken,
                (label, strokes, is_longitude),
                scale,
                color,
            );
        }
    }
}

/// A rectangle: left, top, right, bottom.
type Rectangle = [i64; 4];

fn write_label(
    drawing: &mut Drawing,
    taken: &mut Vec<Rectangle>,
    (label, strokes, is_longitude): (&str, &[Stroke], bool),
    scale: usize,
    color: Rgb,
) {
    // The lower or the left end of the line.
    let far = |place: &&[f64; 2]| if is_longitude { -place[1] } else { place[0] };
    let ends = strokes.iter().flatten();
    let Some(end) = ends.min_by(|a, b| far(a).total_cmp(&far(b))) else {
        return;
    };
    let size = [glyphs::width(label), glyphs::HEIGHT].map(|dots| coordinate(dots * scale));
    let gap = coordinate(3 * scale);
    let within = |place: i64, size: i64, length: usize| {
        let last = coordinate(length) - size - gap;
        (last >= gap).then(|| place.clamp(gap, last))
    };
    let [x, y] = end.map(whole);
    let (Some(left), Some(top)) = (
        within(x + gap, size[0], drawing.size[0]),
        within(y - size[1] - gap, size[1], drawing.size[1]),
    ) else {
        return;
    };
    let own = [
        left - gap,
        top - gap,
        left + size[0] + gap,
        top + size[1] + gap,
    ];
    let overlaps = |other: &Rectangle| {
        own[0] < other[2] && other[0] < own[2] && own[1] < other[3] && other[1] < own[3]
    };
    if taken.iter().any(overlaps) {
        return;
    }
    taken.push(own);
    drawing.text(label, [left, top], scale, color);
}

/// The step, in degrees or hours, that leaves about five lines in a range: a round number of seconds, minutes or degrees.
pub(crate) fn spacing(range: f64) -> f64 {
    const ROUND: [f64; 6] = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0];
    let minutes = [1.0, 60.0].map(|unit| ROUND.map(|round| round * unit / 3600.0));
    let degrees = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 45.0];
    let parts =
        (1..=6).flat_map(|power| [1.0, 2.0, 5.0].map(|round| round * 0.1_f64.powi(power) / 3600.0));
    let all = minutes.into_iter().flatten().chain(degrees).chain(parts);
    let missed = |step: &f64| (range / step / LINES).ln().abs();
    let best = all.min_by(|a, b| missed(a).total_cmp(&missed(b)));
    best.unwrap_or(1.0)
}

pub(crate) fn longitude_label(value: f64, step: f64, hours: bool) -> String {
    if hours {
        sexagesimal(value.rem_euclid(24.0), step, ["h", "m", "s"], 24.0)
    } else {
        sexagesimal(value.rem_euclid(360.0), step, ["°", "'", "\""], 360.0)
    }
}

pub(crate) fn latitude_label(value: f64, step: f64) -> String {
    let text = sexagesimal(value.abs(), step, ["°", "'", "\""], f64::INFINITY);
    // Zero has no sign.
    let sign = match value {
        value if value.abs() < step / 2.0 => "",
        value if value < 0.0 => "-",
        _ => "+",
    };
    format!("{sign}{text}")
}

/// `17h59m55.2s` with as many parts and digits as the step asks for.
fn sexagesimal(value: f64, step: f64, [first, second, third]: [&str; 3], turn: f64) -> String {
    let seconds = step * 3600.0;
    let digits = (0..7).find(|digits| {
        let scaled = seconds * 10_f64.powi(*digits);
        (scaled - scaled.round()).abs() < 1e-6 * scaled
    });
    let digits = digits.unwrap_or(6);
    let unit = 10_f64.powi(digits);
    // In units of the last digit, so that 59.99… does not become 60.
    let total = (value * 3600.0 * unit).round() % (turn * 3600.0 * unit);
    let (whole_seconds, part) = ((total / unit).floor(), total % unit);
    let (degrees, rest) = ((whole_seconds / 3600.0).floor(), whole_seconds % 3600.0);
    let (minutes, seconds_left) = ((rest / 60.0).floor(), rest % 60.0);
    let is_whole = |size: f64| (step / size - (step / size).round()).abs() < 1e-9;
    if is_whole(1.0) {
        return format!("{degrees}{first}");
    }
    if is_whole(1.0 / 60.0) {
        return format!("{degrees}{first}{minutes:02}{second}");
    }
    let digits = usize::try_from(digits).unwrap_or(0);
    let fraction = match digits {
        0 => String::new(),
        _ => format!(".{part:0digits$}"),
    };
    format!("{degrees}{first}{minutes:02}{second}{seconds_left:02}{fraction}{third}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_leave_about_five_lines() {
        let seconds = [0.004, 1.0, 90.0, 700.0, 7.0 * 3600.0, 360.0 * 3600.0].map(|range| {
            let step = spacing(range / 3600.0) * 3600.0;
            assert!((3.0..=8.0).contains(&(range / step)), "{range} {step}");
            format!("{step:.3}")
        });
        assert_eq!(
            seconds,
            [
                "0.001",
                "0.200",
                "15.000",
                "120.000",
                "3600.000",
                "162000.000"
            ]
        );
    }

    #[test]
    fn labels_have_the_parts_that_the_step_needs() {
        let hours = |value: f64, step: f64| longitude_label(value, step, true);
        assert_eq!(
            hours(17.0 + 59.0 / 60.0 + 55.2 / 3600.0, 0.2 / 3600.0),
            "17h59m55.2s"
        );
        assert_eq!(hours(18.0 - 1e-12, 5.0 / 3600.0), "18h00m00s");
        assert_eq!(hours(-0.25, 0.25), "23h45m");
        assert_eq!(hours(24.0, 1.0), "0h");
        assert_eq!(longitude_label(-0.5, 0.5, false), "359°30'");
        assert_eq!(
            latitude_label(-66.095_833_333_333_33, 15.0 / 3600.0),
            "-66°05'45\""
        );
        assert_eq!(latitude_label(0.0, 1.0), "0°");
        assert_eq!(latitude_label(5.0, 1.0 / 60.0), "+5°00'");
    }
}
