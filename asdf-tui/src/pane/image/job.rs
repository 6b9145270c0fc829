//! The jobs of the picture pane: all that reads the file, off the thread that draws.

use super::content::Content;
use super::cut::Cut;
use super::flags::FlagAsk;
use super::flags::FlagCounts;
use super::flags::FlagTile;
use super::marked::MarkedJob;
use super::measure::MeasureAsk;
use super::message::ImageAnswer;
use super::message::ImageFound;
use super::message::ImageMsg;
use super::message::ImageTrouble;
use super::message::Lane;
use super::place::PlaceAsk;
use super::readout::ReadoutAsk;
use super::region::RegionStats;
use super::save::Export;
use super::second::Second;
use super::second::Target;
use super::subject::Subject;
use super::tile;
use super::tile::TileAsk;
use crate::pane::chart::ChartJob;
use crate::pane::wcs::WcsJob;
use crate::raster::LimitRule;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::Result;
use asdf_core::TreePath;
use asdf_core::error::ErrorKind;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A piece of work, with the ticket that its answer carries.
#[derive(Debug, Clone)]
pub struct ImageJob {
    /// Numbers the jobs of a pane; answers with an old ticket are dropped.
    pub ticket: u64,
    /// What it is for.
    pub lane: Lane,
    pub(super) work: ImageWork,
}

/// What is to be done.
#[derive(Debug, Clone)]
pub(super) enum ImageWork {
    Subject(TreePath),
    Sample(TileAsk),
    Tile(TileAsk),
    /// Of the second image at the right.
    BesideTile(TileAsk),
    Limits(Box<Content>, Cut, LimitRule),
    Readout(Box<ReadoutAsk>),
    /// The pixel under the mouse.
    Hover(Box<ReadoutAsk>),
    /// A second image beside that at a path.
    Second(TreePath, Target),
    /// The time that a plane shows.
    Pause,
    Place(Box<PlaceAsk>),
    Measure(Box<MeasureAsk>),
    Marked(Box<MarkedJob>),
    FlagCounts(Arc<Subject>, Cut),
    Region(Box<Content>, Cut, [Range<u64>; 2]),
    Flags {
        subject: Arc<Subject>,
        cut: Cut,
        window: [Range<u64>; 2],
        factor: u64,
        bits: u64,
    },
    Save(Box<Export>),
    Chart(ChartJob),
    Wcs(WcsJob),
}

/// How long a plane shows when they are played.
const PAUSE: Duration = Duration::from_millis(100);

impl ImageJob {
    /// How long a worker waits before it does it.
    pub fn pause(&self) -> Option<Duration> {
        matches!(self.work, ImageWork::Pause).then_some(PAUSE)
    }

    /// The file that has to be opened for it.
    pub fn wants(&self) -> Option<&Path> {
        match &self.work {
            ImageWork::Second(_, Target::Open(path, _)) => Some(path),
            _ => None,
        }
    }

    /// Gives it that file.
    pub fn give(&mut self, file: Arc<AsdfFile>) {
        if let ImageWork::Second(_, target) = &mut self.work
            && let Target::Open(_, path) = target
        {
            *target = Target::File(file, path.take());
        }
    }

    /// The answer when that file cannot be opened.
    pub fn refuse(self, reason: &str) -> ImageMsg {
        let text = asdf_core::inspect::escape(reason).into_owned();
        ImageMsg::Answer(Box::new(ImageAnswer {
            ticket: self.ticket,
            lane: self.lane,
            found: Err(ImageTrouble::Failed(text)),
        }))
    }

    /// Does the work; once `cancel` is set it ends soon.
    pub fn run(self, file: &AsdfFile, cancel: &AtomicBool) -> ImageMsg {
        let (ticket, lane) = (self.ticket, self.lane);
        let found = self.find(file, cancel).map_err(|error| trouble(&error));
        ImageMsg::Answer(Box::new(ImageAnswer {
            ticket,
            lane,
            found,
        }))
    }

    fn find(self, file: &AsdfFile, cancel: &AtomicBool) -> Result<ImageFound> {
        // Cancelled while it waited for a thread.
        if cancel.load(Ordering::Relaxed) {
            return Err(ErrorKind::Cancelled.into());
        }
        Ok(match self.work {
            ImageWork::Subject(path) => ImageFound::Subject(Box::new(Subject::find(file, &path)?)),
            ImageWork::Sample(ask) => ImageFound::Tile(ask.sample(file)?),
            ImageWork::Tile(ask) | ImageWork::BesideTile(ask) => {
                ImageFound::Tile(ask.load(file, cancel)?)
            }
            ImageWork::Limits(content, cut, rule) => {
                ImageFound::Limits(tile::find_limits(file, &content, &cut, rule, cancel)?)
            }
            ImageWork::Readout(ask) => ImageFound::Readout(ask.find(file)?),
            ImageWork::Hover(ask) => ImageFound::Hover(ask.find(file)?),
            ImageWork::Second(first, target) => {
                ImageFound::Second(Box::new(Second::find(file, &first, target)?))
            }
            ImageWork::Pause => ImageFound::Paused,
            ImageWork::Place(ask) => ImageFound::Place(ask.find(file, cancel)?),
            ImageWork::Measure(ask) => ImageFound::Measured(ask.find(file)?),
            ImageWork::Marked(job) => ImageFound::Marked(job.run(file)),
            ImageWork::FlagCounts(subject, cut) => {
                let source = subject.flags.as_ref().ok_or_else(|| no_flags(&subject))?;
                ImageFound::FlagCounts(FlagCounts::find(file, source, &cut, cancel)?)
            }
            ImageWork::Region(content, cut, window) => {
                ImageFound::Region(RegionStats::find(file, &content, &cut, &window, cancel)?)
            }
            ImageWork::Flags {
                subject,
                cut,
                window,
                factor,
                bits,
            } => {
                let source = subject.flags.as_ref().ok_or_else(|| no_flags(&subject))?;
                let ask = FlagAsk {
                    window,
                    factor,
                    bits,
                };
                ImageFound::Flags(FlagTile::read(file, source, &cut, &ask, cancel)?)
            }
            ImageWork::Save(export) => ImageFound::Saved(export.write(file, cancel)?),
            ImageWork::Chart(job) => ImageFound::Chart(job.run(file, cancel)),
            ImageWork::Wcs(job) => ImageFound::Wcs(job.run(file, cancel)),
        })
    }
}

fn no_flags(subject: &Subject) -> Error {
    Error::of_caller(format!("{}: there are no flags beside it", subject.path))
}

fn trouble(error: &Error) -> ImageTrouble {
    match error.kind() {
        ErrorKind::Cancelled => ImageTrouble::Stopped,
        kind => ImageTrouble::Failed(asdf_core::inspect::escape(&kind.to_string()).into_owned()),
    }
}
