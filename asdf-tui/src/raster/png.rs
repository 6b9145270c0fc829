//! Pictures as PNG.

use super::canvas::Picture;
use asdf_core::{Error, Result};
use std::io::{self, Write};

/// Writes a picture with texts that say what it is: keywords of Latin letters, any text.
///
/// # Errors
/// The sink fails, or the picture has no pixels.
pub fn write_png(picture: &Picture, texts: &[(&str, String)], sink: impl Write) -> Result<()> {
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(sink, side(picture.width), side(picture.height));
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    for (keyword, text) in texts {
        let added = if text.chars().all(|letter| u32::from(letter) < 256) {
            encoder.add_text_chunk((*keyword).to_owned(), text.clone())
        } else {
            encoder.add_itxt_chunk((*keyword).to_owned(), text.clone())
        };
        added.map_err(trouble)?;
    }
    let mut writer = encoder.write_header().map_err(trouble)?;
    writer
        .write_image_data(picture.pixels.as_flattened())
        .map_err(trouble)?;
    writer.finish().map_err(trouble)
}

fn trouble(error: png::EncodingError) -> Error {
    match error {
        png::EncodingError::IoError(error) => error.into(),
        other => io::Error::other(other).into(),
    }
}
