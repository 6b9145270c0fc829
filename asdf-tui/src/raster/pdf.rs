//! Pictures as PDF of one page: the pixels as an image, what is drawn over them as lines and texts.
//!
//! Eight objects in a fixed order, written by this file: `spec-notes/pictures.md` says why by no crate.

use super::canvas::{Picture, Rgb};
use super::drawing::{Drawing, Shape};
use super::glyphs::HEIGHT;
use super::svg::{EM, short};
use asdf_core::Result;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::fmt::Write as _;
use std::io::Write;

/// Points of a pixel: those of screens with 96 pixels to the inch.
const POINTS: f64 = 0.75;
/// The longest side of a page in points, by the standard.
const LONGEST: f64 = 14_400.0;

/// Writes a picture with what is drawn over it, and texts that say what it is.
///
/// # Errors
/// The sink fails.
pub fn write_pdf(
    picture: &Picture,
    drawing: &Drawing,
    texts: &[(&str, String)],
    sink: impl Write,
) -> Result<()> {
    #[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
    let [width, height] = [picture.width, picture.height].map(|side| side as f64);
    let points = POINTS.min(LONGEST / width.max(height).max(1.0));
    let parts = parts_of(drawing);
    let content = content(drawing, [width, height], points, &parts);
    let mut states = String::new();
    for (number, part) in parts.iter().enumerate() {
        // Writing to a text does not fail.
        let _ = write!(states, "/G{number} <</CA {}>> ", short(*part));
    }
    let mut out = Objects {
        sink,
        written: 0,
        places: Vec::new(),
    };
    out.bytes(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")?;
    out.object("<</Type /Catalog /Pages 2 0 R>>", None)?;
    out.object("<</Type /Pages /Kids [3 0 R] /Count 1>>", None)?;
    let page = format!(
        "<</Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Contents 4 0 R /Resources <</XObject <</I 5 0 R>> /Font <</F 6 0 R /S 7 0 R>> /ExtGState <<{states}>>>>>>",
        short(width * points),
        short(height * points)
    );
    out.object(&page, None)?;
    out.object(
        "/Filter /FlateDecode",
        Some(&packed(&[content.as_bytes()])?),
    )?;
    let rows: Vec<&[u8]> = vec![picture.pixels.as_flattened()];
    let image = format!(
        "/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Interpolate false /Filter /FlateDecode",
        picture.width, picture.height
    );
    out.object(&image, Some(&packed(&rows)?))?;
    out.object(
        "<</Type /Font /Subtype /Type1 /BaseFont /Courier-Bold /Encoding /WinAnsiEncoding>>",
        None,
    )?;
    out.object("<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>", None)?;
    let mut about = String::from("<<");
    for (keyword, text) in texts {
        let name = match *keyword {
            "Source" => "Title",
            "Software" => "Producer",
            "Limits" => "Subject",
            _ => "Keywords",
        };
        let _ = write!(about, "/{name} {} ", string(text));
    }
    about.push_str(">>");
    out.object(&about, None)?;
    out.end()
}

/// The objects of a file, each with its place.
struct Objects<W> {
    sink: W,
    written: usize,
    places: Vec<usize>,
}

impl<W: Write> Objects<W> {
    fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.written += bytes.len();
        Ok(self.sink.write_all(bytes)?)
    }

    /// Writes the next object: a value, or the keys of a stream and its bytes.
    fn object(&mut self, value: &str, stream: Option<&[u8]>) -> Result<()> {
        self.places.push(self.written);
        let number = self.places.len();
        let Some(stream) = stream else {
            return self.bytes(format!("{number} 0 obj\n{value}\nendobj\n").as_bytes());
        };
        let length = stream.len();
        let head = format!("{number} 0 obj\n<<{value} /Length {length}>>\nstream\n");
        self.bytes(head.as_bytes())?;
        self.bytes(stream)?;
        self.bytes(b"\nendstream\nendobj\n")
    }

    /// The table of the places of all objects, the last of which says what the file is.
    fn end(mut self) -> Result<()> {
        let (start, count) = (self.written, self.places.len());
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", count + 1);
        for place in &self.places {
            let _ = writeln!(table, "{place:010} 00000 n ");
        }
        let _ = write!(
            table,
            "trailer\n<</Size {} /Root 1 0 R /Info {count} 0 R>>\nstartxref\n{start}\n%%EOF\n",
            count + 1
        );
        self.bytes(table.as_bytes())?;
        Ok(self.sink.flush()?)
    }
}

fn packed(parts: &[&[u8]]) -> Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    for part in parts {
        encoder.write_all(part)?;
    }
    Ok(encoder.finish()?)
}

/// How much is seen of lines, each once.
fn parts_of(drawing: &Drawing) -> Vec<f64> {
    let mut parts = vec![1.0];
    for shape in &drawing.shapes {
        if let Shape::Lines { part, .. } = shape
            && !parts.iter().any(|own| (own - part).abs() < 1e-9)
        {
            parts.push(*part);
        }
    }
    parts
}

/// What is on the page. Places count from the upper left corner in pixels.
fn content(drawing: &Drawing, [width, height]: [f64; 2], points: f64, parts: &[f64]) -> String {
    let mut out = format!(
        "{points} 0 0 {} 0 {} cm\n1 J 1 j\nq {width} 0 0 {} 0 {height} cm /I Do Q\n",
        -points,
        height * points,
        -height
    );
    for shape in &drawing.shapes {
        match shape {
            Shape::Lines {
                lines,
                width,
                color,
                part,
            } => {
                let state = parts.iter().position(|own| (own - part).abs() < 1e-9);
                let (color, width) = (color_of(*color), short(*width));
                let _ = writeln!(out, "/G{} gs {color} RG {width} w", state.unwrap_or(0));
                for line in lines {
                    for (number, [x, y]) in line.iter().enumerate() {
                        let letter = if number == 0 { 'm' } else { 'l' };
                        let _ = write!(out, "{} {} {letter} ", short(x + 0.5), short(y + 0.5));
                    }
                }
                out.push_str("S\n");
            }
            Shape::Rectangle {
                corner: [x, y],
                size: [width, height],
                color,
            } => {
                let color = color_of(*color);
                let _ = writeln!(out, "{color} rg {x} {y} {width} {height} re f");
            }
            Shape::Text {
                text,
                at: [x, y],
                scale,
                color,
            } => {
                #[expect(clippy::cast_precision_loss, reason = "a small number")]
                let scale = *scale as f64;
                #[expect(clippy::cast_precision_loss, reason = "within a picture")]
                let line = *y as f64 + HEIGHT as f64 * scale;
                let size = short(EM * scale);
                let place = format!("1 0 0 -1 {x} {} Tm", short(line));
                let (color, rim) = (color_of(*color), short(2.0 * scale.sqrt()));
                let shown = shown(text, &size);
                // The rim first, then the letters over it.
                let _ = writeln!(
                    out,
                    "/G0 gs BT 0 0 0 RG {rim} w 1 Tr {place} {shown}ET BT {color} rg 0 Tr {place} {shown}ET"
                );
            }
        }
    }
    out
}

fn color_of(color: Rgb) -> String {
    let [red, green, blue] = color.map(|level| short_level(f64::from(level) / 255.0));
    format!("{red} {green} {blue}")
}

fn short_level(value: f64) -> String {
    format!("{value:.4}")
}

/// The operators that show a text: letters of Courier, and Greek ones of Symbol.
fn shown(text: &str, size: &str) -> String {
    let mut out = String::new();
    let mut run: Option<(char, String)> = None;
    let flush = |run: &mut Option<(char, String)>, out: &mut String| {
        if let Some((font, bytes)) = run.take() {
            let _ = write!(out, "/{font} {size} Tf ({bytes}) Tj ");
        }
    };
    for letter in text.chars() {
        let (font, byte) = match greek(letter) {
            Some(byte) => ('S', byte),
            None => ('F', ansi(letter)),
        };
        if run.as_ref().is_some_and(|run| run.0 != font) {
            flush(&mut run, &mut out);
        }
        let (_, bytes) = run.get_or_insert_with(|| (font, String::new()));
        match byte {
            b'(' | b')' | b'\\' => {
                bytes.push('\\');
                bytes.push(char::from(byte));
            }
            b' '..=b'~' => bytes.push(char::from(byte)),
            _ => {
                let _ = write!(bytes, "\\{byte:03o}");
            }
        }
    }
    flush(&mut run, &mut out);
    out
}

/// The place of a letter in Windows' Latin encoding; `?` of one that it lacks.
fn ansi(letter: char) -> u8 {
    match letter {
        '\u{3bc}' => 0xb5,
        '\u{212b}' => 0xc5,
        '…' => 0x85,
        '\u{2212}' | '\u{2013}' | '\u{2014}' => b'-',
        '\u{2032}' | '\u{2019}' => b'\'',
        '\u{2033}' => b'"',
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(letter)).unwrap_or(b'?'),
        _ => b'?',
    }
}

/// The place of a Greek letter in the font Symbol.
fn greek(letter: char) -> Option<u8> {
    const LETTERS: &str = "αβχδεφγηιϕκλνοπθρστυωξψζΔΓΛΩΠΣΦΨΘ";
    const PLACES: &[u8] = b"abcdefghijklnopqrstuwxyzDGLWPSFYQ";
    let at = LETTERS.chars().position(|known| known == letter)?;
    PLACES.get(at).copied()
}

/// A text as a string of what the file says about itself.
fn string(text: &str) -> String {
    let mut out = String::from("<FEFF");
    for unit in text.encode_utf16() {
        let _ = write!(out, "{unit:04X}");
    }
    out.push('>');
    out
}
