//! Everything that an update may ask of the world.

use crate::canvas::PaintAsk;
use crate::canvas::Painted;
use crate::pane::blocks::Checked;
use crate::pane::blocks::Users;
use crate::pane::chart::Series;
use crate::pane::diff::DiffRows;
use crate::pane::facts::ArrayFact;
use crate::pane::files::listing::FileTable;
use crate::pane::files::listing::ListAsk;
use crate::pane::files::thumbnail::Thumbnail;
use crate::pane::files::thumbnail::ThumbnailAsk;
use crate::pane::hdus::HduRow;
use crate::pane::hex::HexAsk;
use crate::pane::hex::HexBytes;
use crate::pane::image::ImageJob;
use crate::pane::image::ImageMsg;
use crate::pane::image::Lane;
use crate::pane::picker::Listing;
use crate::pane::plot::PlotAsk;
use crate::pane::problems::Problem;
use crate::pane::search::Hits;
use crate::pane::search::Pattern;
use crate::pane::sheet::Window;
use crate::pane::sheet::WindowAsk;
use crate::pane::table::CellAsk;
use crate::pane::table::Pick;
use crate::pane::table::PickAsk;
use crate::pane::table::Summary;
use crate::pane::table::SummaryAsk;
use crate::pane::table::TableExport;
use crate::pane::world::WorldAsk;
use crate::pane::world::WorldReport;
use crate::schema_note::SchemaNote;
use crate::session::Session;
use crate::stamp::Stamp;
use asdf_core::AsdfFile;
use asdf_core::TreePath;
use asdf_core::array::ArrayStats;
use asdf_core::tree::NodeId;
use std::path::PathBuf;
use std::sync::Arc;

/// What the runtime does for an update.
#[derive(Debug)]
pub enum Effect {
    /// Hands a job to the workers.
    Work(Job),
    /// Drops what runs for a slot of a tab.
    Cancel(u64, Slot),
    /// Puts a text on the user's clipboard.
    Copy(String),
    /// Draws everything anew.
    Redraw,
    /// Stops the process until the shell continues it.
    Suspend,
    /// Ends the browser.
    Quit,
}

/// What a job is for. A new job takes the place of an older one of the same slot and tab, whose
/// answers are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// Facts about arrays, by number: these do not replace each other.
    Facts(u64),
    /// The search.
    Search,
    /// What the schema says of the selected node.
    Schema,
    /// The window of the table or grid.
    Window,
    /// The rows of a table, sorted and filtered.
    Pick,
    /// Statistics.
    Stats,
    /// Checksums.
    Check,
    /// Which arrays use which block.
    Users,
    /// Bytes of a block.
    Hex,
    /// Warnings and violations.
    Problems,
    /// A comparison.
    Diff,
    /// The HDUs of a FITS file.
    Hdus,
    /// The picture.
    Image(Lane),
    /// The picture in pixels.
    Paint,
    /// The file of a tab that is opened while it shows.
    First,
    /// A file that is opened, by number: these do not replace each other.
    Open(u64),
    /// A folder that is listed.
    Folder,
    /// Whether the file is still what it was.
    Watch,
    /// The file, read again.
    Reload,
    /// A WCS or a transform.
    World,
    /// Numbers that are plotted.
    Plot,
    /// A first look at what may be wrong.
    Health,
    /// The rows of the list of files.
    List,
    /// The files of a folder that is to be listed.
    Gather,
    /// The picture of a file of the list.
    Thumbnail,
    /// A text that is written.
    Write,
    /// Statistics of a column of a table.
    Summary,
    /// A cell that is looked for.
    FindCell,
    /// A session that is read.
    Session,
}

/// A piece of work with the ticket that its answers carry.
#[derive(Debug)]
pub struct Job {
    /// The tab that asks.
    pub tab: u64,
    /// Numbers the jobs; answers with an old ticket are dropped.
    pub ticket: u64,
    /// What it is for.
    pub slot: Slot,
    /// The file of the tab.
    pub file: Arc<AsdfFile>,
    /// What to do.
    pub work: Work,
}

/// What can be asked of a worker.
#[derive(Debug)]
pub enum Work {
    /// Locate arrays.
    Facts(Vec<NodeId>),
    /// Search the tree.
    Search(Pattern),
    /// Find what the schemas say of a node.
    Schema(TreePath),
    /// Load the window of a table or grid.
    Window(WindowAsk),
    /// Sort and filter the rows of a table.
    Pick(PickAsk),
    /// Statistics of an array.
    Stats(NodeId),
    /// Compute the checksums of blocks.
    Check(Vec<usize>),
    /// Find which arrays use which block.
    Users,
    /// Read bytes of a block.
    Hex(HexAsk),
    /// Validate the tree and collect the warnings.
    Problems,
    /// Compare with another file.
    Diff(PathBuf),
    /// List the HDUs.
    Hdus,
    /// Something for the picture.
    Image(Box<ImageJob>),
    /// Paint a picture and encode it for the terminal.
    Paint(Box<PaintAsk>),
    /// Open a file.
    Open(PathBuf),
    /// List a folder.
    Folder(PathBuf),
    /// Look what stands under the name of the file.
    Watch,
    /// What a WCS or a transform makes of a point.
    World(WorldAsk),
    /// The numbers of a plot.
    Plot(Box<PlotAsk>),
    /// Count what is wrong without reading data.
    Health,
    /// Read the rows of the list of files.
    List(ListAsk),
    /// Find the files of a folder.
    Gather(PathBuf),
    /// Make the picture of a file.
    Thumbnail(PathBuf, ThumbnailAsk),
    /// Write a text into a new file: what it is told as.
    WriteText(PathBuf, String, String),
    /// Write a text, in the place of a file that begins with another one.
    ReplaceText(PathBuf, String, &'static str, String),
    /// Read a session.
    Session(PathBuf),
    /// Statistics and frequencies of a column.
    Summary(Box<SummaryAsk>),
    /// Look for a cell.
    FindCell(Box<CellAsk>),
    /// Write what shows of a table.
    Export(Box<TableExport>),
}

/// What a worker answers.
#[derive(Debug)]
pub enum Found {
    /// How far the job is: done and all, in the same unit.
    Progress(u64, u64),
    /// Located arrays.
    Facts(Vec<(NodeId, ArrayFact)>),
    /// Found nodes.
    Hits(Hits),
    /// What the schemas say.
    Schema(Box<SchemaNote>),
    /// A loaded window, or why it cannot be loaded.
    Window(Result<Window, String>),
    /// The rows of a table, or why they cannot be told.
    Pick(Result<Pick, String>),
    /// Statistics, or why there are none.
    Stats(Result<Arc<ArrayStats>, String>),
    /// Checked blocks, a few at a time.
    Checked(Vec<(usize, Checked)>),
    /// Arrays by block.
    Users(Users),
    /// Bytes of a block.
    Hex(Result<HexBytes, String>),
    /// What is wrong with the file.
    Problems(Vec<Problem>),
    /// A comparison.
    Diff(Result<(DiffRows, Arc<AsdfFile>), String>),
    /// The HDUs, or why there are none.
    Hdus(Result<Vec<HduRow>, String>),
    /// What the picture asked for.
    Image(ImageMsg),
    /// A picture for the terminal.
    Painted(Result<Arc<Painted>, String>),
    /// An opened file.
    Opened(Result<Arc<AsdfFile>, String>),
    /// A listed folder.
    Folder(Result<Listing, String>),
    /// What stands under the name of the file now.
    Watched(Stamp),
    /// What a WCS or a transform makes of a point, or why nothing.
    World(Result<Arc<WorldReport>, String>),
    /// The numbers of a plot, or why there are none; `None` when it was stopped.
    Plot(Option<Result<Series, String>>),
    /// How many faults there are.
    Health(usize),
    /// The rows of the list of files, or why there are none; `None` when it was given up.
    List(Option<Result<FileTable, String>>),
    /// The files of a folder.
    Gathered(Result<Vec<PathBuf>, String>),
    /// The picture of a file.
    Thumbnail(PathBuf, Result<Arc<Thumbnail>, String>),
    /// Statistics of a column, or why there are none; `None` when it was stopped.
    Summary(Option<Result<Arc<Summary>, String>>),
    /// A cell, row and column, or that there is none; `None` when it was stopped.
    Cell(Option<Result<Option<[u64; 2]>, String>>),
    /// What was written, or why not.
    Written(Result<String, String>),
    /// A session, or why there is none.
    Session(Result<Box<Session>, String>),
}
