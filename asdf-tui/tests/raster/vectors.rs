//! Pictures as SVG and PDF: well-formed, with the pixels as they are and what is drawn over them at its place.

use asdf_tui::raster::{Drawing, Picture, text_size, write_pdf, write_svg};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use quick_xml::events::Event;
use std::io::{Cursor, Read};

/// A label with all that a format may stumble over.
const LABEL: &str = "a<b & \"c\" (d)\\ λ é 漢\u{1}";

fn picture() -> (Picture, Drawing) {
    let mut picture = Picture::new(7, 5, [1, 2, 3]);
    picture.set(6, 4, [250, 128, 0]);
    let mut drawing = Drawing::over(&picture);
    drawing.lines(
        vec![vec![[0.0, 0.0], [3.0, 4.0], [6.0, 0.25]]],
        1.5,
        [255, 0, 16],
        0.65,
    );
    drawing.rectangle([2, 1], [3, 2], [0, 255, 0]);
    drawing.text(LABEL, [1, 2], 2, [255, 255, 0]);
    (picture, drawing)
}

fn texts() -> Vec<(&'static str, String)> {
    vec![
        ("Software", "asdf 0".to_owned()),
        ("Source", "ü <x>.asdf /data".to_owned()),
    ]
}

/// The name of an element, its attributes and its text.
type Element = (String, Vec<(String, String)>, String);

fn elements(bytes: &[u8]) -> Vec<Element> {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut reader = quick_xml::Reader::from_str(text);
    let mut found: Vec<Element> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => {
                let name = String::from_utf8(start.name().as_ref().to_vec()).unwrap();
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                    (key, String::from_utf8(attribute.value.to_vec()).unwrap())
                });
                found.push((name, attributes.collect(), String::new()));
            }
            Event::Text(text) => {
                let text = text.decode().unwrap();
                found
                    .last_mut()
                    .unwrap()
                    .2
                    .push_str(text.trim_matches('\n'));
            }
            Event::GeneralRef(entity) => {
                let name = entity.decode().unwrap();
                let letter = match &*name {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    other => panic!("{other}"),
                };
                found.last_mut().unwrap().2.push(letter);
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn attribute<'a>(all: &'a [(String, String)], name: &str) -> &'a str {
    let found = all.iter().find(|attribute| attribute.0 == name);
    &found.unwrap_or_else(|| panic!("{name}")).1
}

#[test]
fn an_svg_has_the_pixels_and_lines_at_the_centres_of_pixels() {
    let (picture, drawing) = picture();
    let mut bytes = Vec::new();
    write_svg(&picture, &drawing, &texts(), &mut bytes).unwrap();
    let found = elements(&bytes);
    let names: Vec<&str> = found.iter().map(|element| element.0.as_str()).collect();
    assert_eq!(
        names,
        ["svg", "desc", "title", "image", "path", "rect", "text"]
    );
    assert_eq!(attribute(&found[0].1, "viewBox"), "0 0 7 5");
    assert_eq!(found[2].2, "Source: ü <x>.asdf /data");
    let png = attribute(&found[3].1, "href");
    let png = png.strip_prefix("data:image/png;base64,").unwrap();
    let png = STANDARD.decode(png).unwrap();
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(pixels, picture.pixels.as_flattened());
    // The centre of the first pixel is half a pixel from both edges.
    assert_eq!(attribute(&found[4].1, "d"), "M0.5 0.5L3.5 4.5L6.5 0.75");
    assert_eq!(attribute(&found[4].1, "stroke"), "#ff0010");
    assert_eq!(attribute(&found[4].1, "stroke-opacity"), "0.65");
    assert_eq!(attribute(&found[5].1, "width"), "3");
    let [width, height] = text_size(LABEL, 2);
    assert_eq!(attribute(&found[6].1, "textLength"), width.to_string());
    assert_eq!(attribute(&found[6].1, "y"), (2 + height).to_string());
    assert_eq!(found[6].2, LABEL.replace('\u{1}', "?"));
}

/// The objects of a PDF by its table, each as bytes up to its end.
fn objects(bytes: &[u8]) -> Vec<&[u8]> {
    let find = |from: usize, text: &[u8]| {
        let at = bytes[from..]
            .windows(text.len())
            .position(|own| own == text);
        from + at.unwrap()
    };
    let tail = std::str::from_utf8(&bytes[bytes.len() - 60..]).unwrap();
    let start = tail.split("startxref\n").nth(1).unwrap();
    let start: usize = start.lines().next().unwrap().parse().unwrap();
    let table = std::str::from_utf8(&bytes[start..]).unwrap();
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("xref"));
    let count: usize = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(lines.next(), Some("0000000000 65535 f "));
    let mut found = Vec::new();
    for number in 1..count {
        let line = lines.next().unwrap();
        assert_eq!(line.len(), 19, "each entry has 20 bytes with its end");
        let place: usize = line[..10].parse().unwrap();
        let head = format!("{number} 0 obj\n");
        assert!(bytes[place..].starts_with(head.as_bytes()), "{number}");
        found.push(&bytes[place + head.len()..find(place, b"\nendobj\n")]);
    }
    found
}

fn stream(object: &[u8]) -> (String, Vec<u8>) {
    let at = object
        .windows(8)
        .position(|own| own == b"\nstream\n")
        .unwrap();
    let keys = String::from_utf8(object[..at].to_vec()).unwrap();
    let body = object[at + 8..].strip_suffix(b"\nendstream").unwrap();
    assert!(
        keys.contains(&format!("/Length {}>>", body.len())),
        "{keys}"
    );
    let mut out = Vec::new();
    ZlibDecoder::new(body).read_to_end(&mut out).unwrap();
    (keys, out)
}

#[test]
fn a_pdf_has_a_page_with_the_pixels_and_what_is_drawn() {
    let (picture, drawing) = picture();
    let mut bytes = Vec::new();
    write_pdf(&picture, &drawing, &texts(), &mut bytes).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.4\n"));
    let found = objects(&bytes);
    assert_eq!(found.len(), 8);
    let page = std::str::from_utf8(found[2]).unwrap();
    // A pixel is 0.75 points.
    assert!(page.contains("/MediaBox [0 0 5.25 3.75]"), "{page}");
    let (keys, pixels) = stream(found[4]);
    assert!(keys.contains("/Width 7 /Height 5"), "{keys}");
    assert_eq!(pixels, picture.pixels.as_flattened());
    let (_, content) = stream(found[3]);
    let content = String::from_utf8(content).unwrap();
    assert!(
        content.starts_with("0.75 0 0 -0.75 0 3.75 cm\n"),
        "{content}"
    );
    assert!(
        content.contains("/G1 gs 1.0000 0.0000 0.0627 RG 1.5 w\n0.5 0.5 m 3.5 4.5 l 6.5 0.75 l S"),
        "{content}"
    );
    assert!(
        content.contains("0.0000 1.0000 0.0000 rg 2 1 3 2 re f"),
        "{content}"
    );
    // λ is the l of the font Symbol; é by its place; what has none is a question mark.
    let shown = "(a<b & \"c\" \\(d\\)\\\\ ) Tj /S 23.33 Tf (l) Tj /F 23.33 Tf ( \\351 ??) Tj";
    assert!(content.contains(shown), "{content}");
    let about = std::str::from_utf8(found[7]).unwrap();
    // ü is 00FC.
    assert!(about.contains("/Title <FEFF00FC0020003C"), "{about}");
}

#[test]
fn a_large_picture_is_a_page_that_readers_take() {
    let picture = Picture::new(30_000, 1, [0; 3]);
    let mut bytes = Vec::new();
    write_pdf(&picture, &Drawing::over(&picture), &[], &mut bytes).unwrap();
    let page = String::from_utf8_lossy(objects(&bytes)[2]).into_owned();
    assert!(page.contains("/MediaBox [0 0 14400 0.48]"), "{page}");
}
