//! What is drawn over a picture beside the crosshair: regions, markers, catalogues.

use super::cut::Cut;
use super::job::ImageWork;
use super::message::Lane;
use super::subject::Subject;
use super::typed::MarkedAsk;
use super::{ImageJob, ImagePane};
use crate::measure::{
    Catalog, Coordinates, Region, RegionShape, SkySystem, SkyToPixel, read_regions, write_regions,
};
use crate::pane::table::text_columns;
use crate::raster::Rgb;
use asdf_core::inspect::escape;
use asdf_core::{AsdfFile, TreePath};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Something on the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// As it stands in its file.
    pub region: Region,
    /// In pixels.
    pub shape: RegionShape,
    /// Its colour.
    pub color: Rgb,
}

/// What was read of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkedFound {
    /// What is to be drawn.
    pub marked: Vec<Marked>,
    /// What is to be told.
    pub note: String,
}

/// What is to be read or written.
#[derive(Debug, Clone)]
pub(super) struct MarkedJob {
    ask: MarkedAsk,
    subject: Arc<Subject>,
    cut: Cut,
    cursor: [u64; 2],
    /// What is written.
    marked: Arc<Vec<Marked>>,
    folder: PathBuf,
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

impl ImagePane {
    /// Reads, writes or forgets what is drawn over the picture.
    pub(super) fn mark_up(&mut self, ask: MarkedAsk) -> Vec<ImageJob> {
        let (Some(subject), Some(cut)) = (self.shown.subject.clone(), self.shown.cut.clone())
        else {
            return Vec::new();
        };
        if ask == MarkedAsk::Clear {
            let count = self.marked.len();
            self.marked = Arc::default();
            self.note = Some(format!("{count} regions and markers taken away"));
            return Vec::new();
        }
        let mut marked = Arc::clone(&self.marked);
        if matches!(ask, MarkedAsk::SaveRegions(_)) {
            Arc::make_mut(&mut marked).extend(self.aperture_regions());
        }
        let job = MarkedJob {
            ask,
            subject,
            cut,
            cursor: self.cursor,
            marked,
            folder: self.folder.clone(),
        };
        vec![self.job(Lane::Marked, ImageWork::Marked(Box::new(job)))]
    }

    pub(super) fn take_marked(&mut self, found: MarkedFound) {
        Arc::make_mut(&mut self.marked).extend(found.marked);
        self.note = Some(found.note);
    }
}

impl Marked {
    /// A region that is given in pixels.
    pub(super) fn in_pixels(shape: RegionShape, label: String) -> Self {
        let region = Region {
            coordinates: Coordinates::Pixels,
            shape: shape.clone(),
            label,
            color: String::new(),
            is_included: true,
        };
        Self {
            color: color(&region.color),
            region,
            shape,
        }
    }
}

impl MarkedJob {
    /// Does it.
    ///
    /// # Errors
    /// A file cannot be read or written, or is not understood: why.
    pub(super) fn run(self, file: &AsdfFile) -> Result<MarkedFound, String> {
        match &self.ask {
            MarkedAsk::Clear => Ok(MarkedFound {
                marked: Vec::new(),
                note: String::new(),
            }),
            MarkedAsk::Regions(name) => {
                let path = self.folder.join(name);
                let regions =
                    read_regions(&text_of(&path)?).map_err(|reason| format!("{name}: {reason}"))?;
                let all = regions.len();
                Ok(self.placed(regions, all, &format!("regions of {name}")))
            }
            MarkedAsk::SaveRegions(name) => self.save(name),
            MarkedAsk::Catalog(name) => {
                let path = self.folder.join(name);
                let catalog = match node(file, name) {
                    Some(path) if !self.folder.join(name).is_file() => {
                        catalog_of_tree(file, &path)?
                    }
                    _ => Catalog::read(&text_of(&path)?)
                        .map_err(|reason| format!("{name}: {reason}"))?,
                };
                Ok(self.sources(catalog, name))
            }
            #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
            MarkedAsk::Marker(label) => {
                let place = self.cursor.map(|place| place as f64);
                let shape = RegionShape::Point(place);
                Ok(MarkedFound {
                    marked: vec![Marked::in_pixels(shape, label.clone())],
                    note: format!("marker at {}, {}", self.cursor[0], self.cursor[1]),
                })
            }
        }
    }

    /// The way from the sky to the pixels of the picture, or why there is none.
    fn way(&self) -> Result<SkyToPixel<'_>, String> {
        let pixel = self.subject.pixel(&self.cut.index(self.cursor));
        match self.subject.wcs.as_deref() {
            Some(wcs) => SkyToPixel::new(wcs, pixel.as_deref()),
            None => Err("no WCS for the pixels of this array".to_owned()),
        }
    }

    /// The regions that are on the picture.
    fn placed(&self, regions: Vec<Region>, all: usize, what: &str) -> MarkedFound {
        let way = self.way();
        let mut reason = String::new();
        let mut marked = Vec::new();
        for region in regions {
            let shape = match (&way, region.coordinates) {
                (_, Coordinates::Pixels) => Some(region.shape.clone()),
                (Ok(way), _) => way.region(&region),
                (Err(why), _) => {
                    reason.clone_from(why);
                    None
                }
            };
            if let Some(shape) = shape {
                marked.push(Marked {
                    color: color(&region.color),
                    region,
                    shape,
                });
            }
        }
        let note = match (marked.len(), reason.as_str()) {
            (count, "") if count == all => format!("{count} {what}"),
            (count, "") => format!("{count} of {all} {what} have a place here"),
            (count, reason) => format!("{count} of {all} {what}: {reason}"),
        };
        MarkedFound {
            marked,
            note: escape(&note).into_owned(),
        }
    }

    fn sources(&self, catalog: Catalog, name: &str) -> MarkedFound {
        let all = catalog.rows.len();
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
        };
        // The folders of a file take the room of what is said about it.
        let short = Path::new(name).file_name().map(OsStr::to_string_lossy);
        let name = short.unwrap_or(name.into());
        let what = format!("sources of {name} ({})", catalog.columns.join(", "));
        if !catalog.is_sky {
            let regions = catalog
                .rows
                .into_iter()
                .map(|row| region(row.place, row.label));
            return self.placed(regions.collect(), all, &what);
        }
        self.on_sky(catalog, &what, region)
    }

    /// The sources that are on the image, all at once: an inverse of many points is one computation.
    fn on_sky(
        &self,
        catalog: Catalog,
        what: &str,
        region: impl Fn([f64; 2], String) -> Region,
    ) -> MarkedFound {
        let all = catalog.rows.len();
        let way = match self.way() {
            Ok(way) => way,
            Err(reason) => {
                return MarkedFound {
                    marked: Vec::new(),
                    note: escape(&format!("no {what}: {reason}")).into_owned(),
                };
            }
        };
        let positions: Vec<[f64; 2]> = catalog.rows.iter().map(|row| row.place).collect();
        let pixels = way.pixels(&positions, SkySystem::Icrs);
        let [rows, columns] = self.cut.lengths();
        #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
        let lengths = [columns as f64, rows as f64];
        let is_here = |pixel: &[f64; 2]| {
            let mut axes = pixel.iter().zip(lengths);
            axes.all(|(place, length)| (-0.5..length - 0.5).contains(place))
        };
        let placed = catalog
            .rows
            .into_iter()
            .zip(pixels)
            .filter(|(_, pixel)| is_here(pixel));
        let marked: Vec<Marked> = placed
            .map(|(row, pixel)| Marked {
                region: region(row.place, row.label),
                shape: RegionShape::Point(pixel),
                color: color(CATALOG),
            })
            .collect();
        let note = format!("{} of {all} {what} are on the image", marked.len());
        MarkedFound {
            marked,
            note: escape(&note).into_owned(),
        }
    }

    fn save(&self, name: &str) -> Result<MarkedFound, String> {
        if self.marked.is_empty() {
            return Err("no regions, markers or aperture to be written".to_owned());
        }
        let path = self.folder.join(name);
        let regions: Vec<Region> = self
            .marked
            .iter()
            .map(|marked| marked.region.clone())
            .collect();
        let told = |error: std::io::Error| format!("{name}: {error}");
        let mut sink = fs::File::create_new(&path).map_err(told)?;
        let text = write_regions(&regions);
        std::io::Write::write_all(&mut sink, text.as_bytes()).map_err(told)?;
        Ok(MarkedFound {
            marked: Vec::new(),
            note: escape(&format!("wrote {} regions to {name}", regions.len())).into_owned(),
        })
    }
}

/// The text of a file of bounded size.
fn text_of(path: &std::path::Path) -> Result<String, String> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let found = path.metadata().map_err(told)?;
    if !found.is_file() {
        return Err(format!("{}: not a file", path.display()));
    }
    if found.len() > MOST_BYTES {
        return Err(format!("{}: more than {MOST_BYTES} bytes", path.display()));
    }
    fs::read_to_string(path).map_err(told)
}

/// The path of a node that a name means.
fn node(file: &AsdfFile, name: &str) -> Option<TreePath> {
    let path = TreePath::parse(name).ok()?;
    file.node(&path).ok().map(|_| path)
}

/// The catalogue of a table of the file.
fn catalog_of_tree(file: &AsdfFile, path: &TreePath) -> Result<Catalog, String> {
    let node = file.node(path).map_err(|error| error.kind().to_string())?;
    let columns = text_columns(file, node).map_err(|error| error.kind().to_string())?;
    let columns = columns.ok_or_else(|| format!("{path} is not a table"))?;
    Catalog::of_columns(&columns)
}
