//! Writing what shows as a PNG.

use super::look::Look;
use super::tile::TileAsk;
use crate::raster;
use crate::raster::Blend;
use crate::raster::Levels;
use crate::raster::NAN_COLOR;
use crate::raster::Origin;
use crate::raster::Picture;
use crate::raster::Reduced;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::Result;
use std::fs::File;
use std::io::BufWriter;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// A picture to be written.
#[derive(Debug, Clone)]
pub(super) struct Export {
    /// Which elements, one pixel for each square.
    pub(super) ask: TileAsk,
    /// The channels of a picture in colours, and how they become these.
    pub(super) bands: Option<([Option<TileAsk>; 4], Blend)>,
    pub(super) look: Look,
    pub(super) limits: [f64; 2],
    pub(super) origin: Origin,
    /// Where it goes.
    pub(super) folder: PathBuf,
}

/// Names that are tried before giving up.
const NAMES: u32 = 10_000;

impl Export {
    /// Writes the file under a name that is not taken yet, and tells the name.
    ///
    /// # Errors
    /// The array cannot be read; the file cannot be written; the work was cancelled.
    pub(super) fn write(self, file: &AsdfFile, cancel: &AtomicBool) -> Result<String> {
        let Self {
            ask,
            bands,
            look,
            limits,
            origin,
            folder,
        } = self;
        let own = file
            .name()
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let source = format!("{own} {}", ask.content.text(&ask.cut));
        let name = format!("{own}{}", plain(&ask.content.subject.path.to_string()));
        let [low, high] = limits;
        let (picture, how) = if let Some((bands, blend)) = bands {
            let picture = colored(bands, blend, origin, (file, cancel))?;
            (picture, blend.to_string())
        } else {
            let reduced = ask.load(file, cancel)?.reduced;
            let picture = painted(&reduced, &look, limits, origin);
            (picture, format!("{low},{high} ({})", look.text()))
        };
        let (path, sink) = free(&folder, &name)?;
        let texts = [
            ("Software", format!("asdf {}", env!("CARGO_PKG_VERSION"))),
            ("Source", source),
            ("Limits", how),
        ];
        raster::write_png(&picture, &texts, BufWriter::new(sink))?;
        Ok(path.display().to_string())
    }
}

/// The picture of values by a look.
fn painted(reduced: &Reduced, look: &Look, limits: [f64; 2], origin: Origin) -> Picture {
    let level = |value: &f64| look.level(*value, limits);
    let rows = reduced.values.chunks(reduced.width.max(1));
    let levels = match origin {
        Origin::Lower => rows.rev().flatten().map(level).collect(),
        Origin::Upper => rows.flatten().map(level).collect(),
    };
    let levels = Levels {
        width: reduced.width,
        height: reduced.height,
        levels,
    };
    levels.paint(&look.colormap, NAN_COLOR)
}

/// The picture of channels.
fn colored(
    bands: [Option<TileAsk>; 4],
    blend: Blend,
    origin: Origin,
    (file, cancel): (&AsdfFile, &AtomicBool),
) -> Result<Picture> {
    let mut loaded = [None, None, None, None];
    for (slot, ask) in loaded.iter_mut().zip(bands) {
        *slot = match ask {
            Some(ask) => Some(ask.load(file, cancel)?.reduced),
            None => None,
        };
    }
    let [red, green, blue, opacity] = &loaded;
    let images = [red, green, blue, opacity].map(Option::as_ref);
    let picture = blend.paint(images, origin, NAN_COLOR);
    picture.ok_or_else(|| Error::of_caller("images of different sizes".to_owned()))
}

/// A path without what does not belong into the name of a file.
fn plain(path: &str) -> String {
    let letter = |letter: char| {
        if letter.is_alphanumeric() {
            letter
        } else {
            '_'
        }
    };
    path.chars().map(letter).take(100).collect()
}

/// A new file of that name, or with a number after it.
fn free(folder: &std::path::Path, name: &str) -> Result<(PathBuf, File)> {
    for number in 0..NAMES {
        let name = match number {
            0 => format!("{name}.png"),
            number => format!("{name}-{number}.png"),
        };
        let path = folder.join(name);
        match File::create_new(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Error::from(error).at_file(&path)),
        }
    }
    let error = std::io::Error::from(ErrorKind::AlreadyExists);
    Err(Error::from(error).at_file(&folder.join(name)))
}
