//! The small picture of the array that a file is about.

use crate::pane::image::content::Content;
use crate::pane::image::cut::Cut;
use crate::pane::image::scene::Dot;
use crate::pane::image::subject::Subject;
use crate::pane::image::tile::TileAsk;
use crate::raster;
use crate::raster::Blend;
use crate::raster::Image;
use crate::raster::Levels;
use crate::raster::LimitRule;
use crate::raster::NAN_COLOR;
use crate::raster::Origin;
use crate::raster::Reduction;
use crate::raster::Stretch;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::Node;
use asdf_core::Result;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// What is asked for: the pixels that there is room for, and where the first row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThumbnailAsk {
    /// Across and down.
    pub size: [u64; 2],
    /// Where the first row is.
    pub origin: Origin,
}

/// A small picture, and what it is of.
#[derive(Debug, Clone, PartialEq)]
pub struct Thumbnail {
    /// Its pixels; `None` of a file without an array that is a picture.
    pub dots: Option<Dots>,
    /// Path, datatype and shape of the array, or that there is none.
    pub about: Vec<String>,
}

impl Thumbnail {
    /// Makes the picture.
    ///
    /// # Errors
    /// The array cannot be read; the work was cancelled.
    pub fn make(file: &AsdfFile, ask: ThumbnailAsk, cancel: &AtomicBool) -> Result<Self> {
        let Some(path) = file.main_array()?.map(Node::path) else {
            return Ok(Self {
                dots: None,
                about: vec!["no array that is a picture".to_owned()],
            });
        };
        let subject = match Subject::find(file, &path) {
            Ok(subject) => Arc::new(subject),
            Err(error) => {
                return Ok(Self {
                    dots: None,
                    about: vec![error.kind().to_string()],
                });
            }
        };
        let shape: Vec<String> = subject.shape.iter().map(u64::to_string).collect();
        let about = vec![
            path.to_string(),
            format!("{} {}", subject.datatype, shape.join("×")),
        ];
        let none = || Error::of_caller("an array with an axis of no length".to_owned());
        let cut = Cut::new(&subject.shape).ok_or_else(none)?;
        let dots = if let Some(axis) = subject.channels {
            colors(file, subject, cut, (ask, axis), cancel)?
        } else {
            let content = Content::of(subject);
            let image = content.image(file, &cut)?;
            Dots::of(&levels(&image, ask, cancel)?)
        };
        Ok(Self {
            dots: Some(dots),
            about,
        })
    }
}

/// Pixels, the first row at the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Dots {
    /// Pixels along a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The pixels.
    pub dots: Vec<Dot>,
}

impl Dots {
    fn of(levels: &Levels) -> Self {
        let dot = |level: &Option<u8>| level.map_or(Dot::Missing, Dot::Level);
        Self {
            width: levels.width,
            height: levels.height,
            dots: levels.levels.iter().map(dot).collect(),
        }
    }
}

/// How many elements a pixel has along a side.
fn factor([rows, columns]: [u64; 2], ask: ThumbnailAsk) -> u64 {
    let [width, height] = ask.size.map(|side| side.max(1));
    rows.div_ceil(height).max(columns.div_ceil(width)).max(1)
}

/// The colours that elements are along an axis.
fn colors(
    file: &AsdfFile,
    subject: Arc<Subject>,
    mut cut: Cut,
    (ask, axis): (ThumbnailAsk, usize),
    cancel: &AtomicBool,
) -> Result<Dots> {
    cut.show(if axis == 0 { [1, 2] } else { [0, 1] });
    let count = subject.shape.get(axis).copied().unwrap_or(0);
    let content = Content::of(subject);
    let lengths = cut.lengths();
    let mut bands = [None, None, None, None];
    for (place, band) in (0..count).zip(&mut bands) {
        let base = TileAsk {
            content: content.clone(),
            cut: cut.at(axis, place),
            window: lengths.map(|length| 0..length),
            factor: factor(lengths, ask),
            reduction: Reduction::Mean,
        };
        *band = Some(base.load(file, cancel)?.reduced);
    }
    let [red, green, blue, opacity] = &bands;
    let images = [red, green, blue, opacity].map(Option::as_ref);
    let picture = Blend::Bytes.paint(images, ask.origin, NAN_COLOR);
    let none = || Error::of_caller("images of different sizes".to_owned());
    let picture = picture.ok_or_else(none)?;
    Ok(Dots {
        width: picture.width,
        height: picture.height,
        dots: picture.pixels.into_iter().map(Dot::Color).collect(),
    })
}

/// The brightness by the limits and the stretch that pictures have at first.
fn levels(image: &Image<'_>, ask: ThumbnailAsk, cancel: &AtomicBool) -> Result<Levels> {
    let [rows, columns] = image.shape();
    let factor = factor([rows, columns], ask);
    let watch = |_, _| !cancel.load(Ordering::Relaxed);
    let window = [0..rows, 0..columns];
    let (reduced, survey) =
        raster::reduce_window(image, window, [factor; 2], Reduction::Mean, &watch)?;
    let limits = LimitRule::default().find(image, &survey)?;
    Ok(Levels::new(
        &reduced,
        limits,
        Stretch::default(),
        ask.origin,
    ))
}
