//! A bar of all colours with the values that they stand for.

use super::canvas::{Picture, Rgb, coordinate, whole};
use super::colormap::Colormap;
use super::contour::ContourLevels;
use super::drawing::Drawing;
use super::glyphs;
use super::stretch::Stretch;

/// Values beside the bar.
const LABELS: usize = 5;
const BACKGROUND: Rgb = [0x18, 0x18, 0x18];
const INK: Rgb = [0xe8, 0xe8, 0xe8];

/// The round values that stand beside a colour bar, each with its brightness from 0 to 1.
pub fn ticks(stretch: Stretch, limits: [f64; 2]) -> Vec<(f64, f64)> {
    let [low, high] = limits;
    let range = high - low;
    if !(range > 0.0 && range.is_finite()) {
        return Vec::new();
    }
    let values = match stretch {
        Stretch::Linear => multiples(low, high, round_step(range / 5.0)),
        // At even steps of brightness, so that they do not crowd at one end.
        _ => ContourLevels::Auto(LABELS).levels(limits, stretch),
    };
    let places = values
        .into_iter()
        .map(|value| (value, stretch.apply(value, limits)));
    places
        .filter(|(_, part)| (0.0..=1.0).contains(part))
        .collect()
}

/// 1, 2 or 5 times a power of ten, at least as large.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|step| step * power);
    // Not less by rounding.
    let found = steps.into_iter().find(|step| *step >= least * (1.0 - 1e-9));
    found.unwrap_or(10.0 * power)
}

/// The multiples of a step within a range.
#[expect(clippy::cast_precision_loss, reason = "a few steps")]
fn multiples(low: f64, high: f64, step: f64) -> Vec<f64> {
    let first = (low / step - 1e-9).ceil();
    let last = (high / step + 1e-9).floor();
    let count = whole((last - first).clamp(0.0, 20.0));
    let digits = -step.log10().floor();
    let tidy = |value: f64| {
        // 0.30000000000000004 is 0.3.
        let unit = 10_f64.powf(digits.abs());
        if digits > 0.0 {
            (value * unit).round() / unit
        } else {
            value
        }
    };
    (0..=count)
        .map(|index| tidy((first + index as f64) * step))
        .collect()
}

/// A round value as short as it can be written.
pub(crate) fn tick_text(value: f64, range: f64) -> String {
    const LONGEST: usize = 7;
    let short = value.to_string();
    if short.len() <= LONGEST {
        short
    } else {
        number(value, range)
    }
}

/// A round number that values between limits can be written as a difference from: below them by less than ten times their range.
pub(crate) fn base([low, high]: [f64; 2]) -> f64 {
    let step = 10_f64.powf((high - low).log10().ceil());
    (low / step).floor() * step
}

/// Places a colour bar to the right of a picture and what is drawn over it: round values between the limits, and their unit below.
#[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
pub fn add_colorbar(
    (picture, drawing): (&mut Picture, &mut Drawing),
    colormap: &Colormap,
    stretch: Stretch,
    limits: [f64; 2],
    unit: &str,
) {
    let scale = (picture.height / 400).max(1);
    let line = (glyphs::HEIGHT + 3) * scale;
    // Room for the labels at both ends, however low the picture is.
    let least = (LABELS + 1) * line;
    let height = picture.height.max(least);
    let labels: Vec<(f64, String)> = ticks(stretch, limits)
        .into_iter()
        .map(|(value, part)| (part, tick_text(value, limits[1] - limits[0])))
        .collect();
    let text = labels.iter().map(|label| glyphs::width(&label.1)).max();
    let (gap, thick) = (6 * scale, 16 * scale);
    let beside = thick + 3 * gap + text.unwrap_or(0) * scale;
    let below = glyphs::width(unit) * scale + gap;
    let mut out = Picture::new(picture.width + gap + beside.max(below), height, BACKGROUND);
    let above = (height - picture.height) / 2;
    out.place(picture, 0, above);
    drawing.shift([0, coordinate(above)]);
    drawing.size = [out.width, out.height];
    let (left, top) = (picture.width + gap, gap);
    *picture = out;
    let foot = if unit.is_empty() { 0 } else { line + 3 * scale };
    let length = height.saturating_sub(2 * gap + foot).max(2);
    let reach = (length - 1) as f64;
    let level = |row: usize| {
        let part = 1.0 - row as f64 / reach;
        u8::try_from(whole((part * 256.0).min(255.0))).unwrap_or(0)
    };
    let mut row = 0;
    while row < length {
        let rows = (row..length).take_while(|other| level(*other) == level(row));
        let count = rows.count();
        let corner = [coordinate(left), coordinate(top + row)];
        drawing.rectangle(corner, [thick, count], colormap.color(level(row)));
        row += count;
    }
    let mut lowest = i64::MAX;
    for (part, label) in &labels {
        let y = coordinate(top) + whole((1.0 - part) * reach + 0.5);
        drawing.rectangle([coordinate(left + thick), y], [gap, scale], INK);
        let half = coordinate(glyphs::HEIGHT * scale) / 2;
        let bottom = coordinate(top + length).saturating_sub(half);
        let at = (y - half).clamp(1, bottom.max(1));
        // Labels that would cover each other are left out; their ticks stay.
        if at + coordinate(line) > lowest {
            continue;
        }
        lowest = at;
        let place = [coordinate(left + thick + gap + gap / 2), at];
        drawing.text(label, place, scale, INK);
    }
    if !unit.is_empty() {
        let y = coordinate(height.saturating_sub(line + scale));
        drawing.text(unit, [coordinate(left), y], scale, INK);
    }
}

/// A value with digits enough to tell it from its neighbours, given how far the limits are apart.
fn number(value: f64, range: f64) -> String {
    let greatest = value.abs().max(range.abs());
    if greatest == 0.0 || !greatest.is_finite() {
        return format!("{value}");
    }
    let magnitude = whole(greatest.log10());
    // Three digits of the range.
    let fine = whole(range.abs().max(f64::MIN_POSITIVE).log10()) - 2;
    if !(-4..6).contains(&magnitude) {
        let digits = usize::try_from((magnitude - fine).clamp(1, 16)).unwrap_or(2);
        let text = format!("{value:.digits$e}");
        return if value == 0.0 { "0".to_owned() } else { text };
    }
    let digits = usize::try_from((-fine).clamp(0, 12)).unwrap_or(0);
    let text = format!("{value:.digits$}");
    // Not "-0.00".
    if text.bytes().all(|byte| b"-0.".contains(&byte)) {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_between_the_limits() {
        let values = |low: f64, high: f64| -> Vec<f64> {
            ticks(Stretch::Linear, [low, high])
                .into_iter()
                .map(|tick| tick.0)
                .collect()
        };
        assert_eq!(values(0.03, 1.07), [0.5, 1.0]);
        assert_eq!(values(0.0, 1.0), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(values(-3.0, 22.0), [0.0, 5.0, 10.0, 15.0, 20.0]);
        assert_eq!(values(1e5, 3e5), [1e5, 1.5e5, 2e5, 2.5e5, 3e5]);
        assert!(ticks(Stretch::Linear, [1.0, 1.0]).is_empty());
        for (value, part) in ticks(Stretch::Asinh(0.1), [0.0, 100.0]) {
            let wanted = Stretch::Asinh(0.1).apply(value, [0.0, 100.0]);
            assert!((part - wanted).abs() < 1e-15, "{value}");
            let text = format!("{value}");
            assert!(text.len() <= 4, "{text}");
        }
    }

    #[test]
    fn labels_have_the_digits_that_tell_them_apart() {
        let texts = [
            number(0.367_653_8, 0.488),
            number(119.004_59, 29.3),
            number(-0.000_1, 100.0),
            number(65_319.0, 65_252.0),
            number(1.234e8, 2e8),
            number(1.234_567e-9, 1e-9),
            number(1_000_000.25, 1.0),
            number(9_007_199_254_741_192.0, 400.0),
            number(0.0, 0.0),
        ];
        let wanted = [
            "0.368",
            "119.0",
            "0",
            "65319",
            "1.23e8",
            "1.23e-9",
            "1.00000025e6",
            "9.007199254741192e15",
            "0",
        ];
        assert_eq!(texts, wanted);
    }
}
