//! A chart as a drawing.

use super::Axes;
use super::CURVE_COLORS;
use super::Curve;
use super::Drawing as Kind;
use super::LogAxes;
use super::Series;
use crate::raster::Drawing;
use crate::raster::Picture;
use crate::raster::Rgb;
use crate::raster::text_size;

const BACKGROUND: Rgb = [0x10, 0x10, 0x14];
const INK: Rgb = [0xc8, 0xc8, 0xc8];
const FIRST: Rgb = [0x5f, 0xd7, 0xff];
/// Pixels from one tick to the next, at least.
const APART: usize = 90;

/// An empty picture, so many pixels across and down, and the chart that is drawn over it, with logarithmic axes or not.
pub fn picture(series: &Series, log: LogAxes, [width, height]: [usize; 2]) -> (Picture, Drawing) {
    let ground = Picture::new(width, height, BACKGROUND);
    let mut picture = Drawing::over(&ground);
    let curves: Vec<&Curve> = series.curves.iter().collect();
    let axes = Axes::new(series, &curves, log);
    let scale = (width.min(height) / 360).max(1);
    let [_, line] = text_size("0", scale);
    let gap = line / 2 + 2;
    let labels = axes.ticks_up((height / APART.max(line * 2)).max(2));
    let widest = labels.iter().map(|label| text_size(&label.1, scale)[0]);
    let left = widest.max().unwrap_or(0) + 3 * gap;
    let plot = Plot {
        left,
        top: line + 2 * gap,
        width: width.saturating_sub(left + 2 * gap).max(2),
        height: height.saturating_sub(3 * line + 6 * gap).max(2),
    };
    picture.text(&series.title, [signed(left), signed(gap)], scale, INK);
    for (number, curve) in curves.iter().enumerate().rev() {
        let (about, color) = ((&axes, series.drawing), color(number));
        plot.curve(curve, about, scale, color, &mut picture);
    }
    if curves.len() > 1 {
        legend(&curves, [left, gap], scale, &mut picture);
    }
    plot.frame(&mut picture);
    for (value, label) in &labels {
        let y = plot.y(axes.up(*value));
        let [across, _] = text_size(label, scale);
        let x = signed(left) - signed(across + gap);
        picture.text(label, [x, y - signed(line / 2)], scale, INK);
        picture.rectangle([signed(left), y], [gap / 2, scale], INK);
    }
    let below = signed(plot.top + plot.height + gap);
    for (place, label) in axes.ticks_across((plot.width / APART.max(line * 6)).max(2)) {
        let Some(part) = axes.across(place) else {
            continue;
        };
        let x = plot.x(part);
        let [across, _] = text_size(&label, scale);
        picture.text(&label, [x - signed(across / 2), below], scale, INK);
        let foot = signed(plot.top + plot.height) - signed(gap / 2);
        picture.rectangle([x, foot], [scale, gap / 2], INK);
    }
    let [across, _] = text_size(&series.across, scale);
    let x = signed(left) + signed(plot.width.saturating_sub(across) / 2);
    let y = below + signed(line + gap);
    picture.text(&series.across, [x, y], scale, INK);
    (ground, picture)
}

/// The colour of a curve by its number.
fn color(number: usize) -> Rgb {
    let further = number
        .checked_sub(1)
        .map(|further| further % CURVE_COLORS.len());
    let known = further.and_then(|further| CURVE_COLORS.get(further));
    known.copied().unwrap_or(FIRST)
}

/// The names of curves in their colours.
fn legend(curves: &[&Curve], [left, top]: [usize; 2], scale: usize, picture: &mut Drawing) {
    let mut x = left;
    for (number, curve) in curves.iter().enumerate() {
        picture.text(&curve.name, [signed(x), signed(top)], scale, color(number));
        x += text_size(&curve.name, scale)[0] + 4 * top;
    }
}

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Where curves are drawn.
struct Plot {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Plot {
    #[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
    #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
    fn x(&self, part: f64) -> i64 {
        signed(self.left) + (part * (self.width - 1) as f64).round() as i64
    }

    #[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
    #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
    fn y(&self, part: f64) -> i64 {
        let part = 1.0 - part.clamp(0.0, 1.0);
        signed(self.top) + (part * (self.height - 1) as f64).round() as i64
    }

    #[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
    fn frame(&self, picture: &mut Drawing) {
        let (left, top) = (self.left as f64, self.top as f64);
        let (right, bottom) = (left + self.width as f64, top + self.height as f64);
        let corners = [
            [left, top],
            [right, top],
            [right, bottom],
            [left, bottom],
            [left, top],
        ];
        picture.lines(vec![corners.to_vec()], 1.0, INK, 1.0);
    }

    fn curve(
        &self,
        curve: &Curve,
        (axes, drawing): (&Axes, Kind),
        scale: usize,
        color: Rgb,
        picture: &mut Drawing,
    ) {
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let (thick, reach) = (scale as f64 * 1.2, scale as f64 + 0.5);
        #[expect(clippy::cast_precision_loss, reason = "places in a picture")]
        let place_of = |place: [i64; 2]| place.map(|at| at as f64);
        let mut lines: Vec<Vec<[f64; 2]>> = Vec::new();
        let mut last: Option<[i64; 2]> = None;
        for (at, value) in curve.values.iter().enumerate() {
            let height = axes.height(*value);
            let part = axes.across(curve.place(at)).filter(|_| height.is_finite());
            let place = part.map(|part| [self.x(part), self.y(axes.up(height))]);
            match (drawing, last, place) {
                (Kind::Line, Some(_), Some(to)) => {
                    if let Some(line) = lines.last_mut()
                        && last != place
                    {
                        line.push(place_of(to));
                    }
                }
                // A place without neighbours is a dot.
                (Kind::Line, None, Some(to)) => {
                    let to = place_of(to);
                    lines.push(vec![to, to]);
                }
                (Kind::Points, _, Some(place)) => {
                    let ([x, y], side) = (place_of(place), reach);
                    lines.push(vec![[x - side, y], [x + side, y]]);
                    lines.push(vec![[x, y - side], [x, y + side]]);
                }
                (Kind::Histogram, last, Some([x, y])) if *value > 0.0 => {
                    // To the column before it, so that none is left out.
                    let first = last.map_or(x, |last| last[0] + 1).min(x);
                    let count = |from: i64, to: i64| usize::try_from(to - from + 1).unwrap_or(0);
                    let size = [count(first, x), count(y, self.y(0.0))];
                    picture.rectangle([first, y], size, color);
                }
                (_, _, None) | (Kind::Histogram, ..) => {}
            }
            last = place;
        }
        picture.lines(lines, thick, color, 1.0);
    }
}
