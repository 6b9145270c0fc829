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
        let values = curve.values.iter().enumerate();
        let places = values.map(|(at, value)| {
            let height = axes.height(*value);
            let part = axes.across(curve.place(at)).filter(|_| height.is_finite());
            (
                *value,
                part.map(|part| [self.x(part), self.y(axes.up(height))]),
            )
        });
        if drawing == Kind::Line {
            let mut last = None;
            strokes(places.map(|place| place.1), |from, to| {
                match lines.last_mut().filter(|_| last == Some(from)) {
                    Some(line) if to != from => line.push(place_of(to)),
                    Some(_) => {}
                    // A place without neighbours is a dot.
                    None => lines.push(vec![place_of(from), place_of(to)]),
                }
                last = Some(to);
            });
            picture.lines(lines, thick, color, 1.0);
            return;
        }
        let mut last: Option<[i64; 2]> = None;
        for (value, place) in places {
            match (drawing, last, place) {
                (Kind::Points, _, Some(place)) => {
                    let ([x, y], side) = (place_of(place), reach);
                    lines.push(vec![[x - side, y], [x + side, y]]);
                    lines.push(vec![[x, y - side], [x, y + side]]);
                }
                (Kind::Histogram, last, Some([x, y])) if value > 0.0 => {
                    // To the column before it, so that none is left out.
                    let first = last.map_or(x, |last| last[0] + 1).min(x);
                    let count = |from: i64, to: i64| usize::try_from(to - from + 1).unwrap_or(0);
                    let size = [count(first, x), count(y, self.y(0.0))];
                    picture.rectangle([first, y], size, color);
                }
                (Kind::Line | Kind::Histogram, _, Some(_)) | (_, _, None) => {}
            }
            last = place;
        }
        picture.lines(lines, thick, color, 1.0);
    }
}

/// The lines that join the places of a curve, each with the one before it. What goes up and down within a column of pixels is
/// one line from its lowest to its highest place: noise has thousands of values in each.
fn strokes(
    places: impl Iterator<Item = Option<[i64; 2]>>,
    mut draw: impl FnMut([i64; 2], [i64; 2]),
) {
    let mut last: Option<[i64; 2]> = None;
    // The column of `last`, from the least to the greatest place, not drawn yet.
    let mut run: Option<[i64; 2]> = None;
    for place in places {
        if let (Some(last), Some([low, high]), Some([x, y])) = (&mut last, &mut run, place)
            && last[0] == x
        {
            *low = y.min(*low);
            *high = y.max(*high);
            *last = [x, y];
            continue;
        }
        if let (Some([x, _]), Some([low, high])) = (last, run) {
            draw([x, low], [x, high]);
        }
        if let (Some(from), Some(to)) = (last, place) {
            draw(from, to);
        }
        last = place;
        run = place.map(|[_, y]| [y, y]);
    }
    if let (Some([x, _]), Some([low, high])) = (last, run) {
        draw([x, low], [x, high]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line from one pixel to another, thicker by so many pixels.
    fn line([x, y]: [i64; 2], to: [i64; 2], reach: i64, color: Rgb, picture: &mut Picture) {
        let (across, down) = (to[0] - x, to[1] - y);
        let steps = across.abs().max(down.abs()).max(1);
        for step in 0..=steps {
            let (x, y) = (x + across * step / steps, y + down * step / steps);
            for dot in 0..=reach {
                picture.set(x, y + dot, color);
                picture.set(x + dot, y, color);
            }
        }
    }

    #[test]
    fn noise_is_a_few_lines_for_each_column_and_looks_the_same() {
        let mut state = 7_u64;
        let mut noise = |most: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((state >> 33) % most).unwrap()
        };
        let places: Vec<Option<[i64; 2]>> = (0..4000)
            .map(|at| (at % 977 != 0).then(|| [at / 100, noise(30)]))
            .collect();
        let [mut found, mut wanted] = [(); 2].map(|()| Picture::new(50, 40, BACKGROUND));
        let mut count = 0;
        strokes(places.iter().copied(), |from, to| {
            count += 1;
            line(from, to, 1, INK, &mut found);
        });
        let mut last = None;
        for place in places {
            if let (Some(from), Some(to)) = (last.or(place), place) {
                line(from, to, 1, INK, &mut wanted);
            }
            last = place;
        }
        assert_eq!(found, wanted);
        assert!(count < 100, "{count} lines");
    }
}
