//! Two axes of an array as a picture. All that reads the file is a job; the pane keeps what jobs found and shows the
//! old picture, rescaled, until the new one is there.

pub mod bookmark;
pub mod colored;
pub mod content;
pub mod cut;
pub mod flags;
pub mod layout;
pub mod look;
pub mod message;
pub mod readout;
pub mod region;
pub mod scene;
pub mod second;
pub mod subject;
pub mod tile;
pub mod typed;
pub mod viewport;

mod answer;
mod blink;
mod collapse;
mod demand;
mod job;
pub mod kept;
mod keys;
pub mod marked;
pub mod measure;
mod mouse;
mod outline;
pub(crate) mod place;
mod save;
mod waiting;

#[cfg(test)]
mod tests;

pub use job::ImageJob;
pub use message::ImageKey;
pub use message::ImageMsg;
pub use message::Lane;

use crate::graphics::Graphics;
use crate::pane::chart::ChartPane;
use crate::pane::wcs::WcsPane;
use crate::raster::ContourLevels;
use crate::raster::Interpolation;
use crate::raster::Origin;
use crate::raster::Reduction;
use asdf_core::AsdfFile;
use asdf_core::TreePath;
use colored::Colored;
use content::Collapsed;
use content::Content;
use content::Versus;
use cut::Cut;
use flags::FlagChoice;
use flags::FlagCounts;
use flags::FlagTile;
use look::Look;
use marked::Marked;
use readout::Readout;
use region::RegionStats;
use scene::Beside;
use scene::Scene;
use second::Half;
use second::MatchReason;
use second::Second;
use second::Wish;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use subject::Subject;
use tile::Limits;
use tile::Tile;
use tile::TileAsk;
use viewport::Viewport;

/// What stands below or beside the picture.
#[derive(Debug)]
pub enum Companion {
    /// A chart.
    Chart(ChartPane),
    /// The WCS at the crosshair.
    Wcs(WcsPane),
}

/// A rectangle that is marked, or being marked.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Region {
    /// None.
    #[default]
    None,
    /// One corner; the other is the crosshair.
    Begun([u64; 2]),
    /// Both corners, with the statistics as soon as they are there.
    Whole([[u64; 2]; 2], Option<Result<RegionStats, String>>),
}

/// An array with what is known of it.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) path: TreePath,
    pub(crate) subject: Option<Arc<Subject>>,
    pub(crate) cut: Option<Cut>,
    /// Planes made one.
    pub(crate) collapsed: Option<Collapsed>,
    /// What a second image makes of it.
    pub(crate) versus: Option<Versus>,
    /// The unit of what shows.
    pub(crate) unit: String,
    pub(crate) limits: Option<Limits>,
    pub(crate) tile: Option<Arc<Tile>>,
    pub(crate) flags: Option<Arc<FlagTile>>,
    /// How many elements of the plane have each bit.
    pub(crate) flag_counts: Option<FlagCounts>,
    pub(crate) readout: Option<Readout>,
}

impl Shown {
    fn new(path: TreePath) -> Self {
        Self {
            path,
            ..Self::default()
        }
    }

    /// The same array and plane with something else made of a second image.
    fn with(&self, versus: Option<Versus>) -> Self {
        let mut other = Self {
            path: self.path.clone(),
            subject: self.subject.clone(),
            cut: self.cut.clone(),
            collapsed: self.collapsed.clone(),
            versus,
            ..Self::default()
        };
        other.renew();
        other
    }

    /// What is shown, once it is known.
    pub(crate) fn content(&self) -> Option<Content> {
        let mut content = Content::of(self.subject.clone()?);
        content.collapsed.clone_from(&self.collapsed);
        content.versus.clone_from(&self.versus);
        Some(content)
    }

    /// Something else shows of the array: what was found before is not of it.
    fn renew(&mut self) {
        self.limits = None;
        self.readout = None;
        let unit = self
            .content()
            .zip(self.cut.as_ref())
            .map(|(content, cut)| content.unit(cut));
        self.unit = unit.unwrap_or_default();
    }

    /// The path with the plane, and what is made of it.
    pub(crate) fn text(&self) -> String {
        match (self.content(), &self.cut) {
            (Some(content), Some(cut)) => content.text(cut),
            _ => self.path.to_string(),
        }
    }
}

/// The state of the pane.
#[derive(Debug)]
pub struct ImagePane {
    pub(crate) shown: Shown,
    /// The array that blinking changes to.
    pub(crate) other: Option<Shown>,
    /// The second image.
    pub(crate) second: Option<Arc<Second>>,
    /// How it is brought onto the pixels of the first: `None` pixel by pixel.
    pub(crate) matched: Option<Interpolation>,
    /// Why in this way.
    match_reason: MatchReason,
    /// A second image that was found before anything is known of the first.
    early: Option<Box<Second>>,
    /// The second image at the right.
    pub(crate) beside: Option<Half>,
    /// The images of its colours.
    pub(crate) colored: Option<Colored>,
    /// What is done as soon as there is a second image.
    wish: Wish,
    /// Whether it is shown at the right as well.
    is_beside_too: bool,
    /// Other open files.
    neighbours: Vec<Arc<AsdfFile>>,
    /// Planes that are still to be shown one after the other.
    playing: Option<u64>,
    pub(crate) view: Option<Viewport>,
    pub(crate) look: Look,
    pub(crate) reduction: Reduction,
    /// The pixel that is read, x first.
    pub(crate) cursor: [u64; 2],
    pub(crate) has_crosshair: bool,
    /// The pixel under the mouse, where that is over the picture, with what is known of it.
    pub(crate) hover: Option<([u64; 2], Option<Readout>)>,
    /// The element that the crosshair goes to as soon as the axes are known.
    pending: Option<Vec<u64>>,
    pub(crate) region: Region,
    /// The aperture at the crosshair.
    pub(crate) aperture: Option<measure::ApertureState>,
    /// Its radius, and those of the ring of the sky, in pixels.
    pub(crate) radii: [f64; 3],
    /// Whether a bar of colours stands at the right.
    pub(crate) has_colorbar: bool,
    /// The levels of contours.
    pub(crate) contours: Option<ContourLevels>,
    /// Regions, markers and sources of catalogues.
    pub(crate) marked: Arc<Vec<Marked>>,
    /// Which flags are drawn.
    pub(crate) flags: Option<FlagChoice>,
    pub(crate) companion: Option<Companion>,
    /// Why there is no picture.
    pub(crate) error: Option<String>,
    /// What is to be told until the next key.
    pub(crate) note: Option<String>,
    /// Columns and rows of the pane.
    size: (u16, u16),
    pub(crate) graphics: Graphics,
    /// Pixels of a cell, across and down.
    cell: [u16; 2],
    /// Where the first row is as long as nobody has turned the picture over.
    origin: Origin,
    /// Where pictures are written.
    folder: PathBuf,
    tickets: BTreeMap<Lane, u64>,
    counter: u64,
    /// The newest tile that was asked for.
    wanted: Option<TileAsk>,
    drag: Option<mouse::Drag>,
}

impl ImagePane {
    /// A pane for the array at a path; it asks for jobs as soon as it is told its size. Pictures are written into
    /// the folder.
    pub fn new(path: TreePath, folder: PathBuf) -> Self {
        Self {
            shown: Shown::new(path),
            other: None,
            second: None,
            matched: None,
            match_reason: MatchReason::Sizes,
            early: None,
            beside: None,
            colored: None,
            wish: Wish::Known,
            is_beside_too: false,
            neighbours: Vec::new(),
            playing: None,
            view: None,
            look: Look::default(),
            reduction: Reduction::default(),
            cursor: [0, 0],
            has_crosshair: false,
            hover: None,
            pending: None,
            region: Region::None,
            aperture: None,
            radii: measure::RADII,
            has_colorbar: false,
            contours: None,
            marked: Arc::default(),
            flags: None,
            companion: None,
            error: None,
            note: None,
            size: (0, 0),
            graphics: Graphics::default(),
            cell: [1, 2],
            origin: Origin::default(),
            folder,
            tickets: BTreeMap::new(),
            counter: 0,
            wanted: None,
            drag: None,
        }
    }

    /// The same with the first row at the bottom or at the top.
    #[must_use]
    pub fn with_origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// The same drawn in another way; cells of so many pixels where it is drawn in these.
    #[must_use]
    pub fn with_graphics(mut self, graphics: Graphics, cell: [u16; 2]) -> Self {
        self.graphics = graphics;
        self.cell = match graphics {
            Graphics::Pixels(_) => cell,
            Graphics::Letters | Graphics::HalfBlocks => [1, 2],
        };
        self
    }

    /// Columns and rows that the pane was told to have.
    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// The element that is read: `/data[3, 512, 1023]`.
    pub fn place(&self) -> String {
        let Some(cut) = &self.shown.cut else {
            return self.shown.path.to_string();
        };
        let index: Vec<String> = cut.index(self.cursor).iter().map(u64::to_string).collect();
        format!("{}[{}]", self.shown.path, index.join(", "))
    }

    /// The value of the element that is read, when it is there.
    pub fn value(&self) -> Option<String> {
        let readout = self.shown.readout.as_ref();
        let readout = readout.filter(|readout| readout.pixel == self.cursor)?;
        let datatype = self.shown.content();
        let datatype = datatype.map_or_else(String::new, |shown| shown.datatype().to_owned());
        let text = || readout::whole_text(readout.value, &datatype);
        Some(readout.exact.clone().unwrap_or_else(text))
    }

    /// The pixel that is told of, with what is known of it: that under the mouse, else that of the crosshair.
    pub fn told(&self) -> ([u64; 2], Option<&Readout>) {
        if let Some((pixel, readout)) = &self.hover {
            return (*pixel, readout.as_ref());
        }
        let readout = self.shown.readout.as_ref();
        let own = readout.filter(|readout| readout.pixel == self.cursor);
        (self.cursor, own)
    }

    /// True while the mouse is over the picture.
    pub fn is_hovered(&self) -> bool {
        self.hover.is_some()
    }

    /// What the panel over the picture says: statistics of the region, else what is in the aperture.
    pub fn panel_text(&self) -> Option<String> {
        let lines = match (&self.region, &self.aperture) {
            (Region::Whole(_, Some(Ok(stats))), _) => stats.lines(),
            (_, Some(state)) => state.measured(self.radii)?.lines(),
            _ => return None,
        };
        let lines: Vec<String> = lines
            .into_iter()
            .map(|(name, value)| format!("{name}\t{value}"))
            .collect();
        Some(lines.join("\n"))
    }

    /// The index of the element under the crosshair, where that shows.
    pub fn crosshair_index(&self) -> Option<Vec<u64>> {
        let cut = self.shown.cut.as_ref().filter(|_| self.has_crosshair)?;
        Some(cut.index(self.cursor))
    }

    /// Puts the crosshair onto an element of the array, on its plane.
    pub fn point_at(&mut self, index: &[u64]) -> Vec<ImageJob> {
        self.has_crosshair = true;
        let Some(cut) = &mut self.shown.cut else {
            self.pending = Some(index.to_vec());
            return Vec::new();
        };
        let Some((pixel, is_other_plane)) = cut.go_to(index) else {
            return Vec::new();
        };
        self.cursor = pixel;
        let mut jobs = if is_other_plane {
            self.demand_all()
        } else {
            Vec::new()
        };
        jobs.extend(self.follow());
        jobs
    }

    /// Takes what happens, and gives the jobs that are to be done for it.
    pub fn update(&mut self, msg: ImageMsg) -> Vec<ImageJob> {
        match msg {
            ImageMsg::Key(key) => {
                self.note = None;
                self.on_key(key)
            }
            ImageMsg::Move(direction, by) => self.move_by(direction, by),
            ImageMsg::Typed(typed) => self.on_typed(typed),
            ImageMsg::Planes(is_forward, count) => self.step_by(is_forward, count),
            ImageMsg::Second(target, wish) => self.compare_with(target, wish),
            ImageMsg::Channels(asks, is_one) => self.find_channels(asks, is_one),
            ImageMsg::Mouse { kind, x, y } => self.on_mouse(kind, [x, y]),
            ImageMsg::Resized { width, height } => {
                self.size = (width, height);
                self.lay_out()
            }
            ImageMsg::Answer(answer) => self.on_answer(*answer),
        }
    }

    /// The array that shows and those beside it with planes as large.
    pub fn alike(&self) -> Vec<TreePath> {
        let subject = self.shown.subject.as_ref();
        let beside = subject.into_iter().flat_map(|subject| &subject.alike);
        std::iter::once(&self.shown.path)
            .chain(beside)
            .cloned()
            .collect()
    }

    /// The path of the array that shows.
    pub fn path(&self) -> &TreePath {
        &self.shown.path
    }

    /// What stands below or beside the picture.
    pub fn companion(&self) -> Option<&Companion> {
        self.companion.as_ref()
    }

    /// True while a job is under way.
    pub fn is_busy(&self) -> bool {
        !self.tickets.is_empty()
    }

    /// What the picture is made of; `None` before anything is known of the array.
    pub fn scene(&self) -> Option<Scene> {
        let region = match &self.region {
            Region::None => None,
            Region::Begun(corner) => Some([*corner, self.cursor]),
            Region::Whole(corners, _) => Some(*corners),
        };
        let choice = self.flags.as_ref();
        let flags = self.shown.flags.clone().filter(|_| choice.is_some());
        let order = self.flag_order();
        Some(Scene {
            tile: self.shown.tile.clone(),
            limits: self.shown.limits.map(|limits| limits.values),
            colors: self.colors(),
            beside: self.beside.as_ref().map(|half| Beside {
                tile: half.tile.clone(),
                limits: half.limits.map(|limits| limits.values),
                offset: self.offset(),
            }),
            look: self.look.clone(),
            view: self.view?,
            flags: flags.map(|tile| (tile, order)),
            cursor: self.has_crosshair.then_some(self.cursor),
            region,
            marked: Arc::clone(&self.marked),
            contours: self.contour_levels(),
            aperture: self
                .aperture
                .as_ref()
                .map(|state| (state.center, self.radii)),
        })
    }

    /// The images of the colours, as soon as all of them are there.
    fn colors(&self) -> Option<colored::Colors> {
        let is_awaited = |channel| self.tickets.contains_key(&Lane::Channel(channel));
        if colored::Channel::COLORS.into_iter().any(is_awaited) {
            return None;
        }
        self.colored.as_ref()?.colors()
    }

    /// The levels of the contours that show.
    pub fn contour_levels(&self) -> Vec<f64> {
        match (&self.contours, self.shown.limits) {
            (Some(contours), Some(limits)) => contours.levels(limits.values, self.look.stretch),
            _ => Vec::new(),
        }
    }

    /// A number that is not given twice, as the newest of a lane.
    fn ticket(&mut self, lane: Lane) -> u64 {
        self.counter += 1;
        self.tickets.insert(lane, self.counter);
        self.counter
    }
}
