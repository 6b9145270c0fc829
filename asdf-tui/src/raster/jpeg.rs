//! Pictures as JPEG.

use super::canvas::Picture;
use asdf_core::{Error, Result};
use std::io::{self, Write};

/// Writes a picture with a quality of 1 to 100.
///
/// # Errors
/// The sink fails, or a side has more than 65535 pixels.
pub fn write_jpeg(picture: &Picture, quality: u8, sink: impl Write) -> Result<()> {
    let side = |length: usize| {
        u16::try_from(length).ok().ok_or_else(|| {
            let reason = format!("a side of {length} pixels: a JPEG has at most 65535");
            Error::of_caller(reason)
        })
    };
    let (width, height) = (side(picture.width)?, side(picture.height)?);
    let mut encoder = jpeg_encoder::Encoder::new(sink, quality.clamp(1, 100));
    // Small letters and lone stars keep their colour.
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_1_1);
    encoder
        .encode(
            picture.pixels.as_flattened(),
            width,
            height,
            jpeg_encoder::ColorType::Rgb,
        )
        .map_err(|error| match error {
            jpeg_encoder::EncodingError::IoError(error) => error.into(),
            other => io::Error::other(other).into(),
        })
}
