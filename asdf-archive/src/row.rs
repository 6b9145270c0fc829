//! The rows of a file: one of `files`, one of `arrays` for each array.

use crate::profile::Profile;
use crate::schema::{Cell, HEALPIX_ORDER};
use asdf_core::file::is_url;
use asdf_core::inspect::{
    CatalogueArray, CatalogueEntry, CatalogueLeaf, EntryOptions, LeafValue, file_name_text,
};
use asdf_core::wcs::healpix_nested;
use asdf_core::{AsdfFile, Error, Result};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// What rows have.
#[derive(Debug, Clone)]
pub struct RowOptions {
    /// Profiles, the first that fits a file counts.
    pub profiles: Vec<Profile>,
    /// Where the leaves are that become columns, in place of what the profile says.
    pub under: Option<String>,
    /// Whether the places of chunks are listed, whose heads are read.
    pub chunks: bool,
    /// The order of the cells that a footprint touches, at most 29.
    pub healpix_order: u8,
    /// Which run over the same files it is: of two rows of a file that of the greater one counts.
    pub generation: i32,
}

impl Default for RowOptions {
    fn default() -> Self {
        Self {
            profiles: Profile::built_in().unwrap_or_default(),
            under: None,
            chunks: false,
            healpix_order: HEALPIX_ORDER,
            generation: 1,
        }
    }
}

/// What is known of a file before it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// An absolute path, or a URL.
    pub access_url: String,
    /// Bytes, as far as somebody was asked.
    pub size: Option<u64>,
    /// Milliseconds since 1970.
    pub mtime: Option<i64>,
    /// What is another one when the file has changed: `mtime_ns-size-inode` of a local file.
    pub etag: Option<String>,
}

/// The rows of a file.
#[derive(Debug, Clone)]
pub struct FileRow {
    /// The columns of `files` that have a value.
    pub cells: Vec<(String, Cell)>,
    /// The values of the tree.
    pub leaves: Vec<CatalogueLeaf>,
    /// The columns of each array that have a value.
    pub arrays: Vec<Vec<(&'static str, Cell)>>,
    /// Why an image of the sky has no position in ICRS, so that no search by position finds it.
    pub unplaced: Option<String>,
}

impl FileFacts {
    /// What the file system says.
    pub fn of(path: &Path) -> Self {
        if is_url(path) {
            return Self {
                access_url: path.to_string_lossy().into_owned(),
                size: None,
                mtime: None,
                etag: None,
            };
        }
        let place = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let found = std::fs::metadata(path).ok();
        let modified = found.as_ref().and_then(|found| found.modified().ok());
        let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let size = found.as_ref().map(std::fs::Metadata::len);
        Self {
            access_url: file_name_text(&place).into_owned(),
            size,
            mtime: since.and_then(|since| i64::try_from(since.as_millis()).ok()),
            etag: since.zip(size).map(|(since, size)| {
                format!("{}-{size}-{}", since.as_nanos(), inode(found.as_ref()))
            }),
        }
    }

    fn cells(&self, generation: i32) -> Vec<(String, Cell)> {
        let mut out = Cells(Vec::new());
        out.text("access_url", Some(self.access_url.clone()));
        out.int("file_size", self.size);
        out.int("access_estsize", self.size.map(|size| size.div_ceil(1000)));
        if let Some(mtime) = self.mtime {
            out.put("file_mtime", Cell::Int(mtime));
        }
        out.text("file_etag", self.etag.clone());
        out.put("generation", Cell::Int(generation.into()));
        out.0
    }
}

#[cfg(unix)]
fn inode(found: Option<&std::fs::Metadata>) -> u64 {
    use std::os::unix::fs::MetadataExt;
    found.map_or(0, MetadataExt::ino)
}

#[cfg(not(unix))]
fn inode(_: Option<&std::fs::Metadata>) -> u64 {
    0
}

impl FileRow {
    /// The rows of a file that was opened under that name. No payload is read.
    ///
    /// # Errors
    /// The tree has more arrays than the limit.
    pub fn of(file: &AsdfFile, path: &Path, options: &RowOptions) -> Result<Self> {
        Self::of_known(file, FileFacts::of(path), options)
    }

    /// The same of a file of which something is known already.
    ///
    /// # Errors
    /// The tree has more arrays than the limit.
    pub fn of_known(file: &AsdfFile, mut facts: FileFacts, options: &RowOptions) -> Result<Self> {
        if is_url(Path::new(&facts.access_url)) {
            facts.access_url = file.name().to_string_lossy().into_owned();
        }
        facts.size = facts.size.or(Some(file.input().len()));
        let profile = options.profiles.iter().find(|profile| profile.fits(file));
        let under = match (&options.under, profile) {
            (Some(path), _) => vec![path.clone()],
            (None, Some(profile)) => profile.under.clone(),
            (None, None) => Vec::new(),
        };
        let chunks = options.chunks;
        let entry = CatalogueEntry::of(file, &EntryOptions { chunks, under })?;
        let mut out = Cells(facts.cells(options.generation));
        let first = file.warnings().next().map(ToString::to_string);
        let message = first.or_else(|| entry.faults.first().cloned());
        let status = if message.is_some() { "warnings" } else { "ok" };
        let unplaced = entry.position.as_ref().and_then(|sky| sky.unplaced.clone());
        let message = message.or_else(|| unplaced.clone());
        out.text("status", Some(status.to_owned()));
        out.text("message", message);
        let format = if file.fits().is_some() {
            "application/fits"
        } else {
            "application/x-asdf"
        };
        out.text("access_format", Some(format.to_owned()));
        out.text("asdf_standard", entry.standard.clone());
        let [library, version] = entry.library.clone();
        out.text("asdf_library", library);
        out.text("asdf_library_version", version);
        out.text("root_tag", entry.root_tag.clone());
        out.int("n_blocks", Some(entry.n_blocks as u64));
        out.int("n_arrays", Some(entry.arrays.len() as u64));
        out.int("n_hdus", entry.n_hdus.map(|count| count as u64));
        out.text("profile", profile.map(|profile| profile.name.clone()));
        if let Some(profile) = profile {
            out.0.extend(profile.cells(file));
        }
        out.position(&entry, options.healpix_order);
        let arrays = entry.arrays.iter().map(|array| array_cells(array, &facts));
        Ok(Self {
            cells: out.0,
            arrays: arrays.collect(),
            leaves: entry.leaves,
            unplaced,
        })
    }

    /// The row of a file that cannot be read: it is one, never a hole.
    pub fn of_error(facts: &FileFacts, error: &Error, options: &RowOptions) -> Self {
        let mut out = Cells(facts.cells(options.generation));
        out.text("status", Some("error".to_owned()));
        out.text("message", Some(error.kind().to_string()));
        out.int("n_arrays", Some(0));
        Self::alone(out.0)
    }

    /// The row of a file that was there and is not any more.
    pub fn of_gone(access_url: &str, generation: i32) -> Self {
        let mut out = Cells(Vec::new());
        out.text("access_url", Some(access_url.to_owned()));
        out.text("status", Some("gone".to_owned()));
        out.put("generation", Cell::Int(generation.into()));
        out.int("n_arrays", Some(0));
        Self::alone(out.0)
    }

    fn alone(cells: Vec<(String, Cell)>) -> Self {
        Self {
            cells,
            leaves: Vec::new(),
            unplaced: None,
            arrays: Vec::new(),
        }
    }

    /// The text of a column.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.cell(name)? {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer of a column.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.cell(name)? {
            Cell::Int(value) => Some(*value),
            _ => None,
        }
    }

    fn cell(&self, name: &str) -> Option<&Cell> {
        let found = self.cells.iter().find(|cell| cell.0 == name);
        Some(&found?.1)
    }
}

/// Columns with values.
struct Cells(Vec<(String, Cell)>);

impl Cells {
    fn put(&mut self, name: &str, cell: Cell) {
        self.0.push((name.to_owned(), cell));
    }

    fn text(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            self.put(name, Cell::Text(value));
        }
    }

    fn int(&mut self, name: &str, value: Option<u64>) {
        if let Some(value) = value.and_then(|value| i64::try_from(value).ok()) {
            self.put(name, Cell::Int(value));
        }
    }

    fn float(&mut self, name: &str, value: Option<f64>) {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            self.put(name, Cell::Float(value));
        }
    }

    fn position(&mut self, entry: &CatalogueEntry, order: u8) {
        let Some(sky) = &entry.position else {
            return;
        };
        self.text("s_region", Some(sky.s_region.clone()));
        self.int("s_xel1", sky.pixels.map(|pixels| pixels[0]));
        self.int("s_xel2", sky.pixels.map(|pixels| pixels[1]));
        self.float("s_pixel_scale", sky.pixel_scale);
        let Some(region) = &sky.region else {
            return;
        };
        let [longitude, latitude] = region.centre();
        self.float("s_ra", Some(longitude));
        self.float("s_dec", Some(latitude));
        self.float("s_fov", Some(2.0 * region.radius()));
        if let Some(cell) = healpix_nested(29, longitude, latitude) {
            self.put("_healpix_29", Cell::Int(cell));
        }
        if let Some(cells) = region.cells(order) {
            self.put("healpix_order", Cell::Int(order.into()));
            let cells = cells.into_iter().map(Cell::Int).collect();
            self.put("healpix_cells", Cell::List(cells));
        }
    }
}

/// The value of a leaf.
pub(crate) fn leaf_cell(value: LeafValue) -> Cell {
    match value {
        LeafValue::Bool(value) => Cell::Bool(value),
        LeafValue::Int(value) => Cell::Int(value),
        LeafValue::Float(value) => Cell::Float(value),
        LeafValue::Time(value) => Cell::Time(value),
        LeafValue::Text(text) => Cell::Text(text),
        LeafValue::List(items) => Cell::List(items.into_iter().map(leaf_cell).collect()),
    }
}

fn array_cells(array: &CatalogueArray, facts: &FileFacts) -> Vec<(&'static str, Cell)> {
    let info = &array.info;
    let int = |value: u64| i64::try_from(value).ok().map(Cell::Int);
    let text = |text: &str| Some(Cell::Text(text.to_owned()));
    let list = |values: &mut dyn Iterator<Item = u64>| {
        let values: Option<Vec<Cell>> = values.map(int).collect();
        values.map(Cell::List)
    };
    let chunks = array.chunks.as_deref();
    let columns = [
        ("access_url", text(&facts.access_url)),
        ("path", text(&array.path)),
        ("datatype", text(&info.datatype.to_string())),
        ("shape", list(&mut info.shape.iter().copied())),
        ("byteorder", text(info.byteorder())),
        ("storage", text(array.storage)),
        ("block", array.number.and_then(|number| int(number as u64))),
        ("codec", info.compression.as_deref().and_then(text)),
        ("offset", info.offset.and_then(int)),
        ("stored_bytes", info.stored_bytes.and_then(int)),
        ("bytes", int(info.bytes)),
        ("array_offset", int(info.array_offset)),
        (
            "strides",
            Some(Cell::List(
                info.strides.iter().copied().map(Cell::Int).collect(),
            )),
        ),
        ("checksum", array.checksum.map(Cell::Digest)),
        (
            "chunk_offsets",
            chunks.and_then(|chunks| list(&mut chunks.iter().map(|chunk| chunk.offset))),
        ),
        (
            "chunk_sizes",
            chunks.and_then(|chunks| list(&mut chunks.iter().map(|chunk| chunk.stored))),
        ),
    ];
    let there = columns.into_iter();
    there
        .filter_map(|(name, cell)| Some((name, cell?)))
        .collect()
}
