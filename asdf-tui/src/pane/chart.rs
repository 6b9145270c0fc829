//! A histogram, or values along a line of an array.

mod axes;
mod picture;
mod series;
pub mod ticks;

#[cfg(test)]
mod tests;

pub use axes::Axes;
pub use picture::picture;
pub use series::ChartAsk;
pub use series::Curve;
pub use series::Drawing;
pub use series::Places;
pub use series::Series;

use asdf_core::AsdfFile;
use asdf_core::error::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What is charted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// How many elements of the plane have which value, about the limits.
    Histogram,
    /// The row of the crosshair.
    Row,
    /// Its column.
    Column,
    /// The diagonal through it, with x and y growing together.
    Diagonal,
    /// Means by the distance from the aperture.
    Radial,
    /// The line through it along one of the axes that do not show, by its number among those.
    Along(usize),
}

/// Which axes are logarithmic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogAxes {
    /// The horizontal one.
    pub across: bool,
    /// The vertical one.
    pub up: bool,
}

/// The colours of curves beside the first.
pub const CURVE_COLORS: [[u8; 3]; 7] = [
    [255, 170, 60],
    [110, 220, 110],
    [255, 110, 160],
    [120, 170, 255],
    [230, 220, 90],
    [190, 130, 255],
    [90, 220, 220],
];

/// Curves that are kept at most.
const MOST_KEPT: usize = 8;

/// The state of the pane.
#[derive(Debug)]
pub struct ChartPane {
    kind: ChartKind,
    /// Which axes are logarithmic.
    pub log: LogAxes,
    /// Curves that are drawn beside those that were found last.
    kept: Vec<Curve>,
    /// Whether coordinates of the WCS stand along the horizontal axis; `None` where they do for what is along axes that the
    /// picture does not show.
    pub(crate) in_world: Option<bool>,
    /// What was found last; shown until something newer is there.
    series: Option<Result<Arc<Series>, String>>,
    ticket: u64,
    is_waiting: bool,
}

/// Something that happens to the pane.
#[derive(Debug)]
pub enum ChartMsg {
    /// Another pixel, plane, array or other limits.
    Ask(ChartAsk),
    /// A job is done; `None` when it was stopped.
    Found(u64, Option<Result<Series, String>>),
}

/// Reads what a chart shows.
#[derive(Debug, Clone)]
pub struct ChartJob {
    /// Numbers the jobs of a pane; answers with an old ticket are dropped.
    pub ticket: u64,
    ask: ChartAsk,
}

impl ChartPane {
    /// An empty chart.
    pub fn new(kind: ChartKind) -> Self {
        Self {
            kind,
            log: LogAxes::default(),
            kept: Vec::new(),
            in_world: None,
            series: None,
            ticket: 0,
            is_waiting: false,
        }
    }

    /// What is charted.
    pub fn kind(&self) -> ChartKind {
        self.kind
    }

    /// What was found last, or why nothing was; `None` before anything was.
    pub fn series(&self) -> Option<&Result<Arc<Series>, String>> {
        self.series.as_ref()
    }

    /// The same axes as those of another chart.
    #[must_use]
    pub fn like(mut self, other: &Self) -> Self {
        self.log = other.log;
        self
    }

    /// Curves that were kept.
    pub fn kept(&self) -> &[Curve] {
        &self.kept
    }

    /// Whether coordinates of the WCS are to stand along the horizontal axis.
    pub fn is_in_world(&self) -> bool {
        self.in_world
            .unwrap_or(matches!(self.kind, ChartKind::Along(_)))
    }

    /// Keeps the curves that show beside those that follow; false when there is none, or no room for it.
    pub fn keep(&mut self) -> bool {
        let Some(Ok(series)) = &self.series else {
            return false;
        };
        if series.drawing == Drawing::Histogram || self.kept.len() >= MOST_KEPT {
            return false;
        }
        for curve in &series.curves {
            let mut curve = curve.clone();
            if curve.name.is_empty() {
                curve.name.clone_from(&series.title);
            }
            self.kept.push(curve);
        }
        true
    }

    /// True while a job is under way.
    pub fn is_busy(&self) -> bool {
        self.is_waiting
    }

    /// Takes what happens, and gives the jobs that are to be done for it.
    pub fn update(&mut self, msg: ChartMsg) -> Vec<ChartJob> {
        match msg {
            ChartMsg::Ask(ask) => {
                self.kind = ask.kind;
                self.ticket += 1;
                self.is_waiting = true;
                let ticket = self.ticket;
                vec![ChartJob { ticket, ask }]
            }
            ChartMsg::Found(ticket, found) => {
                if ticket == self.ticket {
                    self.is_waiting = false;
                    if let Some(found) = found {
                        self.series = Some(found.map(Arc::new));
                    }
                }
                Vec::new()
            }
        }
    }
}

impl ChartJob {
    /// Does the work; once `cancel` is set it ends soon.
    pub fn run(self, file: &AsdfFile, cancel: &AtomicBool) -> ChartMsg {
        let found = match self.ask.find(file, cancel) {
            Ok(series) => Some(Ok(series)),
            Err(error) => match error.kind() {
                ErrorKind::Cancelled => None,
                kind => Some(Err(
                    asdf_core::inspect::escape(&kind.to_string()).into_owned()
                )),
            },
        };
        ChartMsg::Found(self.ticket, found)
    }
}
