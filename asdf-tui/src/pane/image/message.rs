//! What can happen to the picture pane, and what it asks for.

use super::colored::Channel;
use super::flags::FlagCounts;
use super::flags::FlagTile;
use super::marked::MarkedFound;
use super::measure::Measured;
use super::readout::Readout;
use super::region::RegionStats;
use super::second::Second;
use super::second::Target;
use super::second::Wish;
use super::subject::Subject;
use super::tile::Limits;
use super::tile::Tile;
use super::typed::Typed;
use super::viewport::Direction;
use crate::mouse::Mouse;
use crate::pane::chart::ChartMsg;
use crate::pane::wcs::WcsMsg;

/// What keys mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageKey {
    /// Move the view by a tenth of it.
    Pan(Direction),
    /// Move the view by half of it.
    Leap(Direction),
    /// Move the crosshair by one pixel where it shows, else the view by a tenth of it; with the WCS, its lines.
    Arrow(Direction),
    /// Move the crosshair by ten pixels where it shows, else the view by half of it.
    Stride(Direction),
    /// Put the crosshair onto the brightest pixel in the view.
    Peak,
    /// Show things larger, about the crosshair where it shows, else about the middle.
    ZoomIn,
    /// Show more.
    ZoomOut,
    /// Show all.
    Fit,
    /// Show a pixel for each element.
    LifeSize,
    /// The next stretch.
    Stretch,
    /// The next way to find the limits.
    Limits,
    /// Raise the upper limit by a tenth of the range.
    RaiseUpper,
    /// Bring the upper limit down.
    LowerUpper,
    /// Raise the lower limit.
    RaiseLower,
    /// Bring the lower limit down.
    LowerLower,
    /// Contrast, bias and limits as they were at first.
    ResetLook,
    /// The next colormap.
    Colormap,
    /// Turn the colours round.
    Invert,
    /// Show or hide the bar of colours with their values.
    Colorbar,
    /// Put the first row at the bottom or at the top.
    Origin,
    /// Means or greatest elements where things are small.
    Reduction,
    /// The next plane of an array with more axes.
    NextSlice,
    /// The previous plane.
    PreviousSlice,
    /// The plane after ten.
    NextTen,
    /// The plane before ten.
    PreviousTen,
    /// Show plane after plane, or stop.
    Play,
    /// Make all planes one: mean, median, sum, greatest, moments, not any more.
    Collapse,
    /// The next pair of axes.
    NextAxes,
    /// The previous pair of axes.
    PreviousAxes,
    /// Show or hide the crosshair.
    Crosshair,
    /// Show or hide the aperture at the crosshair.
    Aperture,
    /// Move the aperture to the centroid of what is in it.
    Center,
    /// Show or hide the radial profile about the aperture.
    Radial,
    /// Begin a region at the crosshair, end it, forget it.
    Region,
    /// Profiles through the crosshair: row, column, diagonal, along the other axes, none.
    Profile,
    /// Show or hide the histogram.
    Histogram,
    /// The vertical axis of the chart logarithmic or not.
    LogUp,
    /// The horizontal one.
    LogAcross,
    /// Coordinates of the WCS along the horizontal axis of the chart, or the index.
    WorldAxis,
    /// Keep the curve of the chart beside those that follow.
    KeepCurve,
    /// Show or hide the WCS at the crosshair.
    Wcs,
    /// Draw flags over the picture or not.
    Flags,
    /// The next line of the legend of flags.
    NextFlag,
    /// Show or hide the flag of that line.
    ToggleFlag,
    /// Change between two arrays.
    Blink,
    /// Take another second image.
    NextSecond,
    /// Difference and ratio of the image and a second one, or the image alone.
    Compare,
    /// A second image at the right, or not.
    Beside,
    /// Bring the second image onto the pixels of the first by the WCS of both, or not.
    Match,
    /// Write what shows as a PNG.
    Save,
    /// Leave what was begun last: region, chart, crosshair.
    Back,
}

/// Something that happens to the pane.
#[derive(Debug)]
pub enum ImageMsg {
    /// A key, by what it means.
    Key(ImageKey),
    /// Move the crosshair by so many pixels.
    Move(Direction, u64),
    /// Go so many planes on, or back.
    Planes(bool, u64),
    /// Look for a second image, and do something with it.
    Second(Target, Wish),
    /// Look for the images of colours; the others stay where only one is named.
    Channels(Vec<(Channel, Target)>, bool),
    /// Something that was typed after `:`.
    Typed(Typed),
    /// The mouse, at a cell counted from the upper left one of the pane.
    Mouse {
        /// What it did.
        kind: Mouse,
        /// Column.
        x: u16,
        /// Row.
        y: u16,
    },
    /// The pane has so many cells: the size of the area that it is drawn on.
    Resized {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// A job is done.
    Answer(Box<ImageAnswer>),
}

/// What a job found.
#[derive(Debug)]
pub struct ImageAnswer {
    /// The ticket of the job.
    pub ticket: u64,
    /// What the job was for.
    pub lane: Lane,
    /// What was found, or why not.
    pub found: Result<ImageFound, ImageTrouble>,
}

/// Why a job found nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageTrouble {
    /// It was cancelled.
    Stopped,
    /// It failed, with the error as text.
    Failed(String),
}

/// What jobs find.
#[derive(Debug)]
pub enum ImageFound {
    /// An array.
    Subject(Box<Subject>),
    /// Values of a window.
    Tile(Tile),
    /// Limits.
    Limits(Limits),
    /// A second image.
    Second(Box<Second>),
    /// It is time for the next plane.
    Paused,
    /// One pixel.
    Readout(Readout),
    /// The pixel under the mouse.
    Hover(Readout),
    /// Where the crosshair goes: a pixel, or why to none.
    Place(Result<Vec<u64>, String>),
    /// An aperture.
    Measured(Measured),
    /// What is drawn over the picture, or why it is not.
    Marked(Result<MarkedFound, String>),
    /// A region.
    Region(RegionStats),
    /// Flags of a window.
    Flags(FlagTile),
    /// How many elements of the plane have each bit.
    FlagCounts(FlagCounts),
    /// The name of the file that was written.
    Saved(String),
    /// For the chart.
    Chart(ChartMsg),
    /// For the WCS.
    Wcs(WcsMsg),
}

/// What jobs are for. A new job takes the place of an older one of the same lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Facts about the array.
    Subject,
    /// A first, coarse picture.
    Coarse,
    /// The picture.
    Tile,
    /// Limits.
    Limits,
    /// The picture at the right.
    BesideTile,
    /// Its limits.
    BesideLimits,
    /// A second image.
    Second,
    /// The array of a colour.
    Channel(Channel),
    /// Its picture.
    ChannelTile(Channel),
    /// Its limits.
    ChannelLimits(Channel),
    /// Plane after plane.
    Play,
    /// The pixel of the crosshair.
    Readout,
    /// The pixel under the mouse.
    Hover,
    /// A place that is looked for.
    Place,
    /// The numbers of flags on the whole plane.
    FlagCounts,
    /// The aperture.
    Measure,
    /// Regions, markers and catalogues.
    Marked,
    /// The region.
    Region,
    /// Flags.
    Flags,
    /// Writing a file.
    Save,
    /// The chart.
    Chart,
    /// The WCS.
    Wcs,
}

impl Lane {
    /// All of them.
    pub const ALL: [Self; 29] = [
        Self::Subject,
        Self::Coarse,
        Self::Tile,
        Self::Limits,
        Self::BesideTile,
        Self::BesideLimits,
        Self::Second,
        Self::Channel(Channel::Red),
        Self::Channel(Channel::Green),
        Self::Channel(Channel::Blue),
        Self::ChannelTile(Channel::Red),
        Self::ChannelTile(Channel::Green),
        Self::ChannelTile(Channel::Blue),
        Self::ChannelTile(Channel::Opacity),
        Self::ChannelLimits(Channel::Red),
        Self::ChannelLimits(Channel::Green),
        Self::ChannelLimits(Channel::Blue),
        Self::Play,
        Self::Readout,
        Self::Hover,
        Self::Place,
        Self::FlagCounts,
        Self::Measure,
        Self::Marked,
        Self::Region,
        Self::Flags,
        Self::Save,
        Self::Chart,
        Self::Wcs,
    ];
}
