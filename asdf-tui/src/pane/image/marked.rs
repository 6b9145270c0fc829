//! What is drawn over a picture beside the crosshair: regions, markers, catalogues.

use super::cut::Cut;
use super::job::ImageWork;
use super::message::Lane;
use super::subject::Subject;
use super::typed::MarkedAsk;
use super::{ImageJob, ImagePane};
pub use crate::measure::Marked;
use crate::measure::{
    Catalog, CatalogColumns, Physical, Placed, Region, RegionShape, SkyToPixel, place_regions,
    place_sources, read_marks, read_regions, write_regions,
};
use crate::pane::table::text_columns;
use asdf_core::array::Datatype;
use asdf_core::convert::table_nodes;
use asdf_core::inspect::escape;
use asdf_core::{AsdfFile, TreePath};
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
                let physical = Physical::of_array(file, &self.subject.path);
                let read = read_regions(&read_marks(&path)?, &physical)
                    .map_err(|reason| format!("{name}: {reason}"))?;
                let skipped = read.told();
                let way = self.way();
                let placed = place_regions(read.regions, way.as_ref().map_err(String::as_str));
                let mut found = Self::told(placed, &format!("regions of {name}"));
                if let Some(skipped) = skipped {
                    found.note.push_str("; ");
                    found.note.push_str(&escape(&skipped));
                }
                Ok(found)
            }
            MarkedAsk::Text(text) => {
                let read = read_regions(text, &Physical::default())?;
                let way = self.way();
                let placed = place_regions(read.regions, way.as_ref().map_err(String::as_str));
                Ok(Self::told(placed, "regions of the session"))
            }
            MarkedAsk::SaveRegions(name) => self.save(name),
            MarkedAsk::Catalog(name) => {
                let path = self.folder.join(name);
                match node(file, name) {
                    Some(node) if !path.is_file() => {
                        Ok(self.sources(catalog_of_tree(file, &node)?, name))
                    }
                    _ => Ok(self.sources(catalog_of_file(&path)?, name)),
                }
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

    /// What was found of regions, with what is to be told.
    fn told(placed: Placed, what: &str) -> MarkedFound {
        let (count, all) = (placed.marked.len(), placed.all);
        let note = match placed.reason {
            None if count == all => format!("{count} {what}"),
            None => format!("{count} of {all} {what} have a place here"),
            Some(reason) => format!("{count} of {all} {what}: {reason}"),
        } + &without(placed.without_position);
        MarkedFound {
            marked: placed.marked,
            note: escape(&note).into_owned(),
        }
    }

    fn sources(&self, catalog: Catalog, name: &str) -> MarkedFound {
        // The folders of a file take the room of what is said about it.
        let short = Path::new(name).file_name().map(OsStr::to_string_lossy);
        let name = short.unwrap_or(name.into());
        let what = format!("sources of {name} ({})", catalog.columns.join(", "));
        let (way, is_sky) = (self.way(), catalog.is_sky);
        let way = way.as_ref().map_err(String::as_str);
        let placed = place_sources(catalog, way, self.cut.lengths());
        let note = match &placed.reason {
            _ if !is_sky => return Self::told(placed, &what),
            Some(reason) => format!("no {what}: {reason}"),
            None => format!(
                "{} of {} {what} are on the image",
                placed.marked.len(),
                placed.all
            ),
        } + &without(placed.without_position);
        MarkedFound {
            marked: placed.marked,
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

/// What is told of rows that have no position.
fn without(rows: usize) -> String {
    match rows {
        0 => String::new(),
        1 => "; 1 row has no position".to_owned(),
        rows => format!("; {rows} rows have no position"),
    }
}

/// The path of a node that a name means.
pub(crate) fn node(file: &AsdfFile, name: &str) -> Option<TreePath> {
    let path = TreePath::parse(name).ok()?;
    file.node(&path).ok().map(|_| path)
}

/// The catalogue of a file: text, or the first table of a FITS or ASDF file that has columns of positions.
///
/// # Errors
/// It cannot be read, or has no such columns: its name and why.
pub fn catalog_of_file(path: &Path) -> Result<Catalog, String> {
    let named = |reason: String| format!("{}: {reason}", path.display());
    if !holds_tables(path) {
        let text = read_marks(path).map_err(|reason| {
            let is_other = reason.contains("is not UTF-8");
            let known = "; CSV, ECSV, VOTable, FITS and ASDF files are read";
            reason + if is_other { known } else { "" }
        })?;
        return Catalog::read(&text).map_err(named);
    }
    let told = |error: asdf_core::Error| named(error.kind().to_string());
    let file = AsdfFile::open(path).and_then(AsdfFile::with_hdu_tree);
    let file = file.map_err(told)?;
    let tables = table_nodes(&file).map_err(told)?.into_iter();
    let mut places: Vec<TreePath> = tables.map(|table| table.at.node.path()).collect();
    // Tables of HDUs are arrays of records.
    for (place, node) in file.arrays().map_err(told)? {
        let array = file.array_at(node);
        if array.is_ok_and(|array| matches!(array.datatype(), Datatype::Record(_))) {
            places.push(place);
        }
    }
    let mut first = None;
    for place in places {
        match catalog_of_tree(&file, &place) {
            Ok(catalog) => return Ok(catalog),
            Err(reason) => drop(first.get_or_insert(format!("{place}: {reason}"))),
        }
    }
    Err(named(first.unwrap_or_else(|| {
        "there is no table in the file".to_owned()
    })))
}

/// Whether a file begins as those of FITS and ASDF do.
fn holds_tables(path: &Path) -> bool {
    let mut begin = [0; 9];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut begin));
    let marks: [&[u8]; 2] = [b"SIMPLE  =", b"#ASDF "];
    read.is_ok() && marks.iter().any(|mark| begin.starts_with(mark))
}

/// The catalogue of a table of the file.
///
/// # Errors
/// It is not a table, or has no columns of positions: why.
pub fn catalog_of_tree(file: &AsdfFile, path: &TreePath) -> Result<Catalog, String> {
    catalog_of_tree_as(file, path, &CatalogColumns::default())
}

/// The same with columns of these names.
///
/// # Errors
/// As [`catalog_of_tree`].
pub fn catalog_of_tree_as(
    file: &AsdfFile,
    path: &TreePath,
    names: &CatalogColumns,
) -> Result<Catalog, String> {
    let node = file.node(path).map_err(|error| error.kind().to_string())?;
    let columns = text_columns(file, node).map_err(|error| error.kind().to_string())?;
    let columns = columns.ok_or_else(|| format!("{path} is not a table"))?;
    Catalog::of_columns_as(&columns, names)
}
