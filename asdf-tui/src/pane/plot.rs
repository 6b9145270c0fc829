//! Numbers as lines, dots and histograms: arrays with one axis, and columns of tables.

mod read;

use crate::app::Screen;
use crate::pane::chart::Drawing;
use crate::pane::chart::LogAxes;
use crate::pane::chart::Series;
use crate::pane::table::Column;
use asdf_core::TreePath;
use std::sync::Arc;

/// The state of the pane.
#[derive(Debug)]
pub struct PlotPane {
    /// What was asked for.
    pub ask: PlotAsk,
    /// What was found, or why nothing was; `None` before anything was.
    pub found: Option<Result<Arc<Series>, String>>,
    /// True while it is read.
    pub is_busy: bool,
    /// Which axes are logarithmic.
    pub log: LogAxes,
    /// What shows again when the plot is left.
    pub under: Screen,
}

/// What is plotted.
#[derive(Debug, Clone, PartialEq)]
pub struct PlotAsk {
    /// Where the numbers are.
    pub source: PlotSource,
    /// How they are drawn.
    pub drawing: Drawing,
}

/// Where numbers are.
#[derive(Debug, Clone, PartialEq)]
pub enum PlotSource {
    /// In arrays with one axis; the horizontal axis is another one, else the coordinate of the WCS, else the index.
    Arrays(Vec<TreePath>, Option<TreePath>),
    /// In columns of a table.
    Columns(TableSource),
}

/// Columns of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableSource {
    /// The path of the table.
    pub path: String,
    /// All its columns.
    pub columns: Arc<Vec<Column>>,
    /// Those that are plotted.
    pub shown: Vec<usize>,
    /// The one along the horizontal axis; the row where there is none.
    pub against: Option<usize>,
    /// Rows of the table.
    pub rows: u64,
    /// The rows that count, where not all do.
    pub picked: Option<Arc<Vec<u64>>>,
}

impl PlotPane {
    /// A plot that has been asked for.
    pub fn new(ask: PlotAsk) -> Self {
        Self {
            ask,
            found: None,
            is_busy: true,
            log: LogAxes::default(),
            under: Screen::Tree,
        }
    }

    /// The path of what is plotted.
    pub fn path(&self) -> String {
        match &self.ask.source {
            PlotSource::Arrays(paths, _) => paths.first().map(ToString::to_string),
            PlotSource::Columns(table) => Some(table.path.clone()),
        }
        .unwrap_or_default()
    }

    /// Takes what was found, unless that was stopped.
    pub fn take(&mut self, found: Option<Result<Series, String>>) {
        self.is_busy = false;
        if let Some(found) = found {
            self.found = Some(found.map(Arc::new));
        }
    }

    /// The next way to draw: a line, dots, a histogram of the first of several.
    pub fn next_drawing(&mut self) {
        self.ask.drawing = match self.ask.drawing {
            Drawing::Line => Drawing::Points,
            Drawing::Points => Drawing::Histogram,
            Drawing::Histogram => Drawing::Line,
        };
        self.is_busy = true;
    }
}

/// The names of a line: those that are plotted, and the one after `against`.
///
/// # Errors
/// There are none, or several after `against`.
pub fn names(text: &str) -> Result<(Vec<&str>, Option<&str>), String> {
    let wrong = || "plot NAME ..., plot NAME ... against NAME".to_owned();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut parts = words.split(|word| *word == "against");
    let shown = parts.next().unwrap_or_default().to_vec();
    let against = match (parts.next(), parts.next()) {
        (None, _) => None,
        (Some([name]), None) => Some(*name),
        _ => return Err(wrong()),
    };
    if shown.is_empty() {
        return Err(wrong());
    }
    Ok((shown, against))
}
