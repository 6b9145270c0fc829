//! Arrays with one axis as lines.

use super::{Args, unusable};
use asdf_core::{AsdfFile, Result};
use asdf_tui::pane::chart::{self, Drawing as Kind, LogAxes};
use asdf_tui::pane::plot::{PlotAsk, PlotSource};
use asdf_tui::raster::{Drawing, Picture};
use clap::ValueEnum;
use std::sync::atomic::AtomicBool;

/// Pixels of the longer side, and rows for a hundred columns.
const WIDTH: u64 = 1080;
const RATIO: u64 = 60;

/// Which axes are logarithmic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogChoice {
    /// The horizontal one
    X,
    /// The vertical one
    Y,
    /// Both
    Xy,
}

/// The picture of an array with one axis, what is drawn over it, and what it is of; `None` of other arrays.
pub(super) fn picture(args: &Args, file: &AsdfFile) -> Result<Option<(Picture, Drawing, String)>> {
    let Some(path) = &args.path else {
        return Ok(None);
    };
    let found = file.select(path)?;
    let at = found.at;
    if found.part.is_some() {
        return Ok(None);
    }
    let array = at.file.array_at(at.node)?;
    if array.shape().len() != 1 || array.datatype().scalar().is_none() {
        return Ok(None);
    }
    let option = match &args.term {
        Some(_) => Some("--term"),
        None => args.look.of_one_image(),
    };
    if let Some(option) = option.or_else(|| args.overlay.given()) {
        let reason = format!("{option} is of no use for an array with one axis, which is a line");
        return Err(unusable(&reason).at_node(at.node.path()));
    }
    let own = at.node.path();
    let ask = PlotAsk {
        source: PlotSource::Arrays(vec![own.clone()], None),
        drawing: Kind::Line,
    };
    let series = ask.find(at.file, &AtomicBool::new(false))?;
    let log = LogAxes {
        across: matches!(args.log, Some(LogChoice::X | LogChoice::Xy)),
        up: matches!(args.log, Some(LogChoice::Y | LogChoice::Xy)),
    };
    let width = args.look.size().unwrap_or(WIDTH);
    let pixels = |count: u64| usize::try_from(count.max(100)).unwrap_or(100);
    let sides = [pixels(width), pixels(width * RATIO / 100)];
    let (picture, drawing) = chart::picture(&series, log, sides);
    Ok(Some((picture, drawing, own.to_string())))
}
