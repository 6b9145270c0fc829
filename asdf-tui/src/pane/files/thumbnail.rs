//! The small picture of the array that a file is about.

use crate::pane::image::content::Content;
use crate::pane::image::cut::Cut;
use crate::pane::image::subject::Subject;
use crate::raster;
use crate::raster::Image;
use crate::raster::Levels;
use crate::raster::LimitRule;
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
    /// The brightness of its pixels; `None` of a file without an array that is a picture.
    pub levels: Option<Levels>,
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
                levels: None,
                about: vec!["no array that is a picture".to_owned()],
            });
        };
        let subject = match Subject::find(file, &path) {
            Ok(subject) => Arc::new(subject),
            Err(error) => {
                return Ok(Self {
                    levels: None,
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
        let content = Content::of(subject);
        let image = content.image(file, &cut)?;
        let levels = levels(&image, ask, cancel)?;
        Ok(Self {
            levels: Some(levels),
            about,
        })
    }
}

/// The brightness by the limits and the stretch that pictures have at first.
fn levels(image: &Image<'_>, ask: ThumbnailAsk, cancel: &AtomicBool) -> Result<Levels> {
    let [rows, columns] = image.shape();
    let [width, height] = ask.size.map(|side| side.max(1));
    let factor = rows.div_ceil(height).max(columns.div_ceil(width)).max(1);
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
