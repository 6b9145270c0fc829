//! Pictures as SVG: the pixels as a PNG in it, what is drawn over them as lines and texts.

use super::canvas::{Picture, Rgb};
use super::drawing::{Drawing, Shape};
use super::glyphs::text_size;
use super::png::write_png;
use asdf_core::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::Write;

/// Pixels of a letter's square, of its height from the line to the upper edge of capitals.
pub(super) const EM: f64 = 7.0 / 0.6;

/// Writes a picture with what is drawn over it, and texts that say what it is.
///
/// # Errors
/// The sink fails, or the picture has no pixels.
pub fn write_svg(
    picture: &Picture,
    drawing: &Drawing,
    texts: &[(&str, String)],
    mut sink: impl Write,
) -> Result<()> {
    let (width, height) = (picture.width, picture.height);
    writeln!(
        sink,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
    )?;
    for (keyword, text) in texts {
        let name = if *keyword == "Source" {
            "title"
        } else {
            "desc"
        };
        writeln!(sink, "<{name}>{keyword}: {}</{name}>", escaped(text))?;
    }
    let mut png = Vec::new();
    write_png(picture, &[], &mut png)?;
    writeln!(
        sink,
        "<image width=\"{width}\" height=\"{height}\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{}\"/>",
        STANDARD.encode(png)
    )?;
    for shape in &drawing.shapes {
        write_shape(shape, &mut sink)?;
    }
    writeln!(sink, "</svg>")?;
    Ok(sink.flush()?)
}

fn write_shape(shape: &Shape, sink: &mut impl Write) -> Result<()> {
    match shape {
        Shape::Lines {
            lines,
            width,
            color,
            part,
        } => {
            write!(
                sink,
                "<path fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"",
                hex(*color),
                short(*width)
            )?;
            if *part < 1.0 {
                write!(sink, " stroke-opacity=\"{part}\"")?;
            }
            sink.write_all(b" d=\"")?;
            for line in lines {
                for (number, [x, y]) in line.iter().enumerate() {
                    // The centre of the first pixel is half a pixel from the edge.
                    let letter = if number == 0 { 'M' } else { 'L' };
                    write!(sink, "{letter}{} {}", short(x + 0.5), short(y + 0.5))?;
                }
            }
            sink.write_all(b"\"/>\n")?;
        }
        Shape::Rectangle {
            corner: [x, y],
            size: [width, height],
            color,
        } => writeln!(
            sink,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{}\"/>",
            hex(*color)
        )?,
        Shape::Text {
            text,
            at: [x, y],
            scale,
            color,
        } => {
            let [width, height] = text_size(text, *scale);
            #[expect(clippy::cast_precision_loss, reason = "a small number")]
            let scale = *scale as f64;
            writeln!(
                sink,
                "<text x=\"{x}\" y=\"{}\" font-family=\"Noto Sans Mono, DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"{}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\" fill=\"{}\" stroke=\"#000000\" stroke-width=\"{}\" stroke-linejoin=\"round\" paint-order=\"stroke\">{}</text>",
                y + i64::try_from(height).unwrap_or(0),
                short(EM * scale),
                hex(*color),
                short(2.0 * scale.sqrt()),
                escaped(text)
            )?;
        }
    }
    Ok(())
}

/// A number with two digits after the point at most.
pub(super) fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    // Not "-0".
    if text == "-0" { "0" } else { text }.to_owned()
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A text as it stands in XML; what has no place there is `?`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => out.push('?'),
            letter if letter.is_control() => out.push('?'),
            letter => out.push(letter),
        }
    }
    out
}
