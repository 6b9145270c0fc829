//! All that the screen shows: open files with their panes, overlays, the line that is typed. No input
//! or output, no clock.

use crate::canvas::Canvas;
use crate::effect::Effect;
use crate::effect::Job;
use crate::effect::Slot;
use crate::effect::Work;
use crate::graphics::Graphics;
use crate::key::Key;
use crate::keymap::UserKeys;
use crate::line::Line;
use crate::pane::blocks::BlocksPane;
use crate::pane::diff::DiffPane;
use crate::pane::facts::Facts;
use crate::pane::files::FilesPane;
use crate::pane::grid::GridPane;
use crate::pane::hdus::HdusPane;
use crate::pane::help::HelpPane;
use crate::pane::hex::HexPane;
use crate::pane::image::ImagePane;
use crate::pane::node::NodePane;
use crate::pane::palette::PalettePane;
use crate::pane::picker::PickerPane;
use crate::pane::plot::PlotPane;
use crate::pane::problems::ProblemsPane;
use crate::pane::search::SearchPane;
use crate::pane::stats::StatsPane;
use crate::pane::table::SummaryPane;
use crate::pane::table::TablePane;
use crate::pane::tree::TreePane;
use crate::pane::world::WorldPane;
use crate::raster::Origin;
use crate::session::Bookmark;
use crate::stamp::Stamp;
use crate::theme::Theme;
use crate::traffic::Traffic;
use crate::update::Kept;
use crate::update::Resume;
use crate::update::Step;
use asdf_core::AsdfFile;
use asdf_core::Node;
use asdf_core::inspect::escape;
use asdf_core::tree::NodeId;
use std::collections::HashMap;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

/// What fills the screen between the bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Screen {
    /// The tree with the selected node in detail.
    Tree,
    /// The picture of an array.
    Image,
    /// Cells of an array or a table.
    Table,
    /// The blocks.
    Blocks,
    /// Statistics of an array.
    Stats,
    /// Warnings and violations.
    Problems,
    /// The HDUs of a FITS file.
    Hdus,
    /// A comparison with another file.
    Diff,
    /// A WCS or a transform.
    World,
    /// Numbers as lines, dots or a histogram.
    Plot,
    /// The list of files.
    Files,
}

impl Screen {
    /// All screens with their names, in the order of the bar.
    pub const ALL: [(Self, char, &'static str); 11] = [
        (Self::Tree, '1', "tree"),
        (Self::Image, '3', "image"),
        (Self::Table, '4', "table"),
        (Self::Blocks, '5', "blocks"),
        (Self::Stats, '6', "stats"),
        (Self::World, '7', "wcs"),
        (Self::Plot, 'p', "plot"),
        (Self::Problems, '8', "problems"),
        (Self::Hdus, '9', "hdus"),
        (Self::Diff, 'D', "diff"),
        (Self::Files, 'F', "files"),
    ];
}

/// What is drawn over the screen.
#[derive(Debug)]
pub enum Overlay {
    /// The keys.
    Help(HelpPane),
    /// Bytes of a block.
    Hex(HexPane),
    /// Choosing a file.
    Picker(PickerPane),
    /// All that can be done here.
    Palette(PalettePane),
    /// Statistics and frequencies of a column.
    Summary(SummaryPane),
}

/// What a line is typed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// A text to be searched for.
    Search,
    /// A path or command.
    Command,
    /// A condition on the rows of a table.
    Filter,
    /// A text to be searched for in the cells of a table.
    Cell,
    /// A condition on the files of the list.
    Condition,
    /// The columns of the list of files.
    Columns,
    /// Where the names of marked files are written.
    MarksFile,
}

/// The line at the bottom while something is typed.
#[derive(Debug)]
pub struct Prompt {
    /// What for.
    pub asking: Asking,
    /// The text.
    pub line: Line,
    /// What could stand there, after Tab.
    pub candidates: Vec<String>,
    /// Which line of the history shows, from the newest; `None` for the own one.
    pub(crate) recalled: Option<usize>,
}

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It went well.
    Good,
    /// Something to be aware of.
    Bad,
}

/// What is shown of an array or table.
#[derive(Debug)]
pub enum Cells {
    /// A matrix.
    Grid(GridPane),
    /// A table.
    Table(TablePane),
}

/// A file that is not open yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Awaited {
    /// None has been chosen.
    Nothing,
    /// It is being opened.
    Opening,
    /// It cannot be opened, and why.
    Failed(String),
}

/// An open file with its panes.
#[derive(Debug)]
pub struct Tab {
    /// Numbers the tabs, never twice the same.
    pub id: u64,
    /// The file.
    pub file: Arc<AsdfFile>,
    /// Whether it is not open yet: then the file is an empty one of its name.
    pub awaited: Option<Awaited>,
    /// Its name, escaped.
    pub name: String,
    /// What shows.
    pub screen: Screen,
    /// What shows again when the list of files is left.
    pub under: Screen,
    /// Whether the keys go to the detail beside the tree.
    pub is_in_detail: bool,
    /// What is known of arrays.
    pub facts: Facts,
    /// The tree.
    pub tree: TreePane,
    /// The selected node.
    pub node: NodePane,
    /// The search.
    pub search: SearchPane,
    /// The picture of an array.
    pub image: Option<ImagePane>,
    /// An array or table as cells.
    pub cells: Option<Cells>,
    /// A node whose cells show as soon as the facts about its arrays are there.
    pub opening: Option<NodeId>,
    /// Whether it may show as a picture when it turns out to be one.
    pub may_be_picture: bool,
    /// The cell that is selected when the cells are there.
    pub reopened: Option<Vec<u64>>,
    /// What stood under the name of the file at the first look.
    pub stamp: Option<Stamp>,
    /// Whether the file on disk is another one now.
    pub is_changed: bool,
    /// How many faults were found at the first look, which reads no data; `None` before it.
    pub faults: Option<usize>,
    /// The blocks.
    pub blocks: BlocksPane,
    /// Statistics.
    pub stats: Option<StatsPane>,
    /// Problems.
    pub problems: ProblemsPane,
    /// HDUs.
    pub hdus: HdusPane,
    /// A comparison.
    pub diff: Option<DiffPane>,
    /// A WCS or a transform.
    pub world: Option<WorldPane>,
    /// Numbers as lines, dots or a histogram.
    pub plot: Option<PlotPane>,
}

impl Tab {
    /// A file on its first screen: the tree, or the HDUs of a FITS file without one.
    pub fn new(id: u64, file: Arc<AsdfFile>) -> Self {
        let name = file.name().display().to_string();
        let tree = TreePane::new(&file);
        let screen = if file.fits().is_some() && file.tree_hdu().is_none() {
            Screen::Hdus
        } else {
            Screen::Tree
        };
        Self {
            id,
            awaited: None,
            name: escape(&name).into_owned(),
            screen,
            under: screen,
            is_in_detail: false,
            facts: Facts::default(),
            tree,
            node: NodePane::default(),
            search: SearchPane::default(),
            image: None,
            cells: None,
            opening: None,
            may_be_picture: false,
            reopened: None,
            stamp: None,
            is_changed: false,
            faults: None,
            blocks: BlocksPane::default(),
            stats: None,
            problems: ProblemsPane::default(),
            hdus: HdusPane::default(),
            diff: None,
            world: None,
            plot: None,
            file,
        }
    }

    /// The selected node.
    pub fn selected(&self) -> Option<Node<'_>> {
        self.file.tree().by_id(self.tree.selected()?.node)
    }
}

/// Stands for the number of a tab in jobs that belong to none.
const OF_NO_TAB: u64 = u64::MAX;

/// The state of the browser.
#[derive(Debug)]
pub struct App {
    /// The open files; never none.
    pub tabs: Vec<Tab>,
    /// Which one shows.
    pub current: usize,
    /// Columns and rows of the screen.
    pub size: (u16, u16),
    /// The styles.
    pub theme: Theme,
    /// Where pictures have the first row.
    pub origin: Origin,
    /// How pictures are drawn.
    pub graphics: Graphics,
    /// Width and height of a cell in pixels, where pictures are drawn in these.
    pub cell: [u16; 2],
    /// The picture in pixels.
    pub canvas: Canvas,
    /// The list of files.
    pub files: Option<FilesPane>,
    /// The bookmarks.
    pub bookmarks: Vec<Bookmark>,
    /// Keys of the user's own.
    pub keys: UserKeys,
    /// What is drawn over the screen.
    pub overlay: Option<Overlay>,
    /// The line that is typed.
    pub prompt: Option<Prompt>,
    /// What is to be told, until the next key.
    pub message: Option<(Mood, String)>,
    /// Keys of a combination that has begun.
    pub pending: Vec<Key>,
    /// The same of the user's own keys.
    pub(crate) own_pending: Vec<Key>,
    /// Lines that were typed after `:`, the oldest first.
    pub(crate) history: Vec<String>,
    /// The count that is being typed.
    pub(crate) count: Option<u64>,
    /// What was pressed and waits for what it is for.
    pub(crate) kept: VecDeque<Kept>,
    /// The newest ticket of each tab and slot.
    pub(crate) tickets: HashMap<(u64, Slot), u64>,
    /// Numbers jobs and tabs.
    pub(crate) counter: u64,
    /// The file that shows as soon as it is open, by the number of its slot.
    pub(crate) follow: Option<u64>,
    /// What is still to be done in files that have just been opened.
    pub(crate) resumes: Vec<Resume>,
    /// The same of files that are being opened, by the number of their slot.
    pub(crate) arriving: Vec<(u64, Vec<Step>)>,
    /// The picture of a file that was left for another one of the list, by the tab.
    pub(crate) carried: Option<(u64, Box<ImagePane>)>,
    /// The tab whose picture the next file is to show, while files without that array are passed.
    pub(crate) passed: Option<u64>,
    /// Where files are chosen.
    pub(crate) folder: PathBuf,
    /// What has come over the network, when URLs are open.
    pub(crate) traffic: Option<Traffic>,
    /// Why the only file cannot be opened.
    pub(crate) failure: Option<String>,
}

impl App {
    /// A first file on a screen of that size.
    pub fn new(file: Arc<AsdfFile>, size: (u16, u16), theme: Theme) -> Self {
        let folder = file.name().parent().map(PathBuf::from).unwrap_or_default();
        Self {
            tabs: vec![Tab::new(0, file)],
            current: 0,
            size,
            theme,
            origin: Origin::default(),
            graphics: Graphics::default(),
            cell: [8, 16],
            canvas: Canvas::default(),
            files: None,
            bookmarks: Vec::new(),
            keys: UserKeys::default(),
            overlay: None,
            prompt: None,
            message: None,
            pending: Vec::new(),
            own_pending: Vec::new(),
            history: Vec::new(),
            count: None,
            kept: VecDeque::new(),
            tickets: HashMap::new(),
            counter: 0,
            follow: None,
            resumes: Vec::new(),
            arriving: Vec::new(),
            carried: None,
            passed: None,
            folder,
            traffic: None,
            failure: None,
        }
    }

    /// The file that shows.
    #[expect(clippy::missing_panics_doc, reason = "there is always a tab")]
    pub fn tab(&self) -> &Tab {
        let at = self.current.min(self.tabs.len().saturating_sub(1));
        self.tabs.get(at).expect("there is always a tab")
    }

    /// The file that shows.
    #[expect(clippy::missing_panics_doc, reason = "there is always a tab")]
    pub fn tab_mut(&mut self) -> &mut Tab {
        let at = self.current.min(self.tabs.len().saturating_sub(1));
        self.tabs.get_mut(at).expect("there is always a tab")
    }

    /// A number that was not given before.
    pub(crate) fn number(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// A job for the file that shows.
    pub(crate) fn job(&mut self, slot: Slot, work: Work) -> Effect {
        let (tab, file) = (self.tab().id, Arc::clone(&self.tab().file));
        self.job_with(tab, file, slot, work)
    }

    /// A job for the file of a tab; `None` when that is closed.
    pub(crate) fn job_of(&mut self, tab: u64, slot: Slot, work: Work) -> Option<Effect> {
        let known = self.tabs.iter().find(|known| known.id == tab)?;
        let file = Arc::clone(&known.file);
        Some(self.job_with(tab, file, slot, work))
    }

    fn job_with(&mut self, tab: u64, file: Arc<AsdfFile>, slot: Slot, work: Work) -> Effect {
        let ticket = self.number();
        self.tickets.insert((tab, slot), ticket);
        Effect::Work(Job {
            tab,
            ticket,
            slot,
            file,
            work,
        })
    }

    /// A job for the list of files or a session, which belong to no tab.
    pub(crate) fn job_of_all(&mut self, slot: Slot, work: Work) -> Effect {
        let file = Arc::clone(&self.tab().file);
        self.job_with(OF_NO_TAB, file, slot, work)
    }

    /// Opens the file of the tab that shows, which is an empty one until then.
    pub fn await_first(&mut self, path: PathBuf) -> Effect {
        self.tab_mut().awaited = Some(Awaited::Opening);
        self.job(Slot::First, Work::Open(path))
    }

    /// Drops what runs for a slot of the file that shows.
    pub(crate) fn cancel(&mut self, slot: Slot) -> Effect {
        let tab = self.tab().id;
        self.tickets.remove(&(tab, slot));
        Effect::Cancel(tab, slot)
    }

    /// Tells something until the next key.
    pub(crate) fn say(&mut self, mood: Mood, text: impl Into<String>) {
        self.message = Some((mood, text.into()));
    }
}
