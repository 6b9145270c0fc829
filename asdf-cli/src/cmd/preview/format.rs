//! What pictures are written as.

use super::{Made, unusable};
use asdf_core::Result;
use asdf_tui::raster::{self, Picture};
use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

/// What a picture is written as.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PictureFormat {
    Png,
    Jpeg,
    /// The pixels, and what is drawn over them as lines and texts.
    Svg,
    Pdf,
}

impl PictureFormat {
    /// By the end of the name.
    pub(super) fn of(path: &Path) -> Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::Png);
        }
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        match ending.to_str() {
            Some("png") => Ok(Self::Png),
            Some("jpg" | "jpeg") => Ok(Self::Jpeg),
            Some("svg") => Ok(Self::Svg),
            Some("pdf") => Ok(Self::Pdf),
            _ => {
                let reason = "the name of a picture ends with .png, .jpg, .jpeg, .svg or .pdf";
                Err(unusable(reason).at_file(&crate::network::shown(path)))
            }
        }
    }

    /// Writes a picture; a JPEG with that quality.
    pub(super) fn write(self, made: &Made, quality: u8, sink: impl Write) -> Result<()> {
        let (picture, drawing, texts) = (&made.picture, &made.drawing, &made.texts);
        match self {
            Self::Png => raster::write_png(&made.flat(), texts, sink),
            Self::Jpeg => raster::write_jpeg(&made.flat(), quality, sink),
            Self::Svg => raster::write_svg(picture, drawing, texts, sink),
            Self::Pdf => raster::write_pdf(picture, drawing, texts, sink),
        }
    }
}

impl Made {
    /// All of it as pixels.
    pub(super) fn flat(&self) -> Cow<'_, Picture> {
        if self.drawing.shapes.is_empty() {
            return Cow::Borrowed(&self.picture);
        }
        let mut picture = self.picture.clone();
        picture.draw(&self.drawing);
        Cow::Owned(picture)
    }
}
