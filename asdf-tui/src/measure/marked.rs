//! Regions and sources of catalogues at their places on an image.

use super::catalog::Catalog;
use super::convert::SkyToPixel;
use super::region::{Coordinates, Region, RegionShape};
use super::sky::SkySystem;
use crate::raster::Rgb;
use std::fs;
use std::path::Path;

/// Something on an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// As it stands in its file.
    pub region: Region,
    /// In pixels.
    pub shape: RegionShape,
    /// Its colour.
    pub color: Rgb,
}

/// What of a file is on an image.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placed {
    /// What is there.
    pub marked: Vec<Marked>,
    /// How many there are in all.
    pub all: usize,
    /// How many of these have no position in their file.
    pub without_position: usize,
    /// Why some have no place; `None` where those are only beside the image.
    pub reason: Option<String>,
}

/// Bytes of a file of regions or of a catalogue at most.
const MOST_BYTES: u64 = 1 << 28;
/// The colours of region files by name.
const COLORS: [(&str, Rgb); 9] = [
    ("green", [0, 230, 0]),
    ("red", [255, 60, 60]),
    ("blue", [90, 130, 255]),
    ("cyan", [0, 230, 230]),
    ("magenta", [255, 80, 255]),
    ("yellow", [255, 255, 0]),
    ("white", [255, 255, 255]),
    ("black", [0, 0, 0]),
    ("orange", [255, 165, 0]),
];
/// The colour of sources of catalogues.
const CATALOG: &str = "yellow";

/// The colour of a name, or of `#rrggbb`.
fn color(name: &str) -> Rgb {
    let hex = |text: &str, at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    let own = name.strip_prefix('#').filter(|text| text.len() == 6);
    let own = own.and_then(|text| Some([hex(text, 0)?, hex(text, 2)?, hex(text, 4)?]));
    let known = COLORS.iter().find(|entry| entry.0 == name);
    own.or(known.map(|entry| entry.1)).unwrap_or(COLORS[0].1)
}

/// The text of a file of regions or of a catalogue.
///
/// # Errors
/// It is not a file, too large, or cannot be read: why.
pub fn read_marks(path: &Path) -> Result<String, String> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let found = path.metadata().map_err(told)?;
    if !found.is_file() {
        return Err(format!("{}: not a file", path.display()));
    }
    if found.len() > MOST_BYTES {
        return Err(format!("{}: more than {MOST_BYTES} bytes", path.display()));
    }
    let bytes = fs::read(path).map_err(told)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let before = bytes.get(..at).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        let byte = bytes.get(at).copied().unwrap_or_default();
        format!(
            "{}: line {line}: byte {byte:#04x} at offset {at} is not UTF-8, which is expected",
            path.display()
        )
    })
}

impl Marked {
    /// A region at a shape in pixels.
    pub fn new(region: Region, shape: RegionShape) -> Self {
        Self {
            color: color(&region.color),
            region,
            shape,
        }
    }

    /// A region that is given in pixels.
    pub fn in_pixels(shape: RegionShape, label: String) -> Self {
        let region = Region {
            coordinates: Coordinates::Pixels,
            shape: shape.clone(),
            label,
            color: String::new(),
            is_included: true,
            is_text: false,
            in_pixels: false,
        };
        Self::new(region, shape)
    }
}

/// Regions at their places; those on the sky by a way to the pixels, or with the reason why there is none.
pub fn place_regions(regions: Vec<Region>, way: Result<&SkyToPixel<'_>, &str>) -> Placed {
    let mut placed = Placed {
        all: regions.len(),
        ..Placed::default()
    };
    for region in regions {
        let shape = match (way, region.coordinates) {
            (_, Coordinates::Pixels) => Some(region.shape.clone()),
            (Ok(way), _) => way.region(&region),
            (Err(why), _) => {
                placed.reason = Some(why.to_owned());
                None
            }
        };
        placed
            .marked
            .extend(shape.map(|shape| Marked::new(region, shape)));
    }
    placed
}

/// The sources of a catalogue that are on an image of rows and columns, all at once: an inverse of many points is one
/// computation.
pub fn place_sources(
    catalog: Catalog,
    way: Result<&SkyToPixel<'_>, &str>,
    [rows, columns]: [u64; 2],
) -> Placed {
    let without_position = catalog.without_place.len();
    let all = catalog.rows.len() + without_position;
    let coordinates = if catalog.is_sky {
        Coordinates::Sky(SkySystem::Icrs)
    } else {
        Coordinates::Pixels
    };
    let region = |place: [f64; 2], label: String| Region {
        coordinates,
        shape: RegionShape::Point(place),
        label,
        color: CATALOG.to_owned(),
        is_included: true,
        is_text: false,
        in_pixels: false,
    };
    let rows_of = catalog.rows.into_iter();
    if !catalog.is_sky {
        let regions = rows_of.map(|row| region(row.place, row.label)).collect();
        return Placed {
            all,
            without_position,
            ..place_regions(regions, way)
        };
    }
    let way = match way {
        Ok(way) => way,
        Err(reason) => {
            return Placed {
                marked: Vec::new(),
                all,
                without_position,
                reason: Some(reason.to_owned()),
            };
        }
    };
    let sources: Vec<_> = rows_of.collect();
    let positions: Vec<[f64; 2]> = sources.iter().map(|row| row.place).collect();
    let pixels = way.pixels(&positions, SkySystem::Icrs);
    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
    let lengths = [columns as f64, rows as f64];
    let is_here = |pixel: &[f64; 2]| {
        let mut axes = pixel.iter().zip(lengths);
        axes.all(|(place, length)| (-0.5..length - 0.5).contains(place))
    };
    let placed = sources.into_iter().zip(pixels);
    let placed = placed.filter(|(_, pixel)| is_here(pixel));
    let marked = placed
        .map(|(row, pixel)| Marked::new(region(row.place, row.label), RegionShape::Point(pixel)));
    Placed {
        marked: marked.collect(),
        all,
        without_position,
        reason: None,
    }
}
