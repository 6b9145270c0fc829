//! A bar of all colours with the values that they stand for.

use super::canvas::{Picture, Rgb, coordinate, whole};
use super::colormap::Colormap;
use super::glyphs;
use super::stretch::Stretch;

/// Values beside the bar.
const LABELS: usize = 5;
const BACKGROUND: Rgb = [0x18, 0x18, 0x18];
const INK: Rgb = [0xe8, 0xe8, 0xe8];

/// Places a colour bar to the right of a picture: the values of evenly spaced colours between the limits.
#[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
pub fn add_colorbar(
    picture: &Picture,
    colormap: &Colormap,
    stretch: Stretch,
    limits: [f64; 2],
) -> Picture {
    let scale = (picture.height / 400).max(1);
    // Room for the labels at both ends, however low the picture is.
    let least = LABELS * (glyphs::HEIGHT + 3) * scale;
    let height = picture.height.max(least);
    let labels: Vec<(f64, String)> = (0..LABELS)
        .map(|index| {
            let part = index as f64 / (LABELS - 1) as f64;
            let value = match index {
                0 => limits[0],
                _ if index + 1 == LABELS => limits[1],
                _ => stretch.value_at(part, limits),
            };
            (part, number(value, limits[1] - limits[0]))
        })
        .collect();
    let text = labels.iter().map(|label| glyphs::width(&label.1)).max();
    let (gap, thick) = (6 * scale, 16 * scale);
    let width = gap + thick + 3 * gap + text.unwrap_or(0) * scale;
    let mut out = Picture::new(picture.width + width, height, BACKGROUND);
    out.place(picture, 0, (height - picture.height) / 2);
    let (left, top) = (picture.width + gap, gap);
    let length = height.saturating_sub(2 * gap).max(2);
    let reach = (length - 1) as f64;
    for row in 0..length {
        let part = 1.0 - row as f64 / reach;
        let level = u8::try_from(whole((part * 256.0).min(255.0))).unwrap_or(0);
        for column in 0..thick {
            let (x, y) = (coordinate(left + column), coordinate(top + row));
            out.set(x, y, colormap.color(level));
        }
    }
    for (part, label) in &labels {
        let y = coordinate(top) + whole((1.0 - part) * reach + 0.5);
        for column in 0..gap {
            out.set(coordinate(left + thick + column), y, INK);
        }
        let half = coordinate(glyphs::HEIGHT * scale) / 2;
        let lowest = coordinate(height.saturating_sub(glyphs::HEIGHT * scale + 1));
        let place = [
            coordinate(left + thick + gap + gap / 2),
            (y - half).clamp(1, lowest.max(1)),
        ];
        out.text(label, place, scale, INK);
    }
    out
}

/// A value with digits enough to tell it from its neighbours, given how far the limits are apart.
pub(super) fn number(value: f64, range: f64) -> String {
    let greatest = value.abs().max(range.abs());
    if greatest == 0.0 || !greatest.is_finite() {
        return format!("{value}");
    }
    let magnitude = whole(greatest.log10());
    // Three digits of the range.
    let fine = whole(range.abs().max(f64::MIN_POSITIVE).log10()) - 2;
    if !(-4..6).contains(&magnitude) {
        let digits = usize::try_from((magnitude - fine).clamp(1, 8)).unwrap_or(2);
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
    fn labels_have_the_digits_that_tell_them_apart() {
        let texts = [
            number(0.367_653_8, 0.488),
            number(119.004_59, 29.3),
            number(-0.000_1, 100.0),
            number(65_319.0, 65_252.0),
            number(1.234e8, 2e8),
            number(1.234_567e-9, 1e-9),
            number(1_000_000.25, 1.0),
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
            "0",
        ];
        assert_eq!(texts, wanted);
    }
}
