//! Plots of arrays with one axis and of columns of tables.

use crate::app::App;
use crate::app::Cells;
use crate::app::Mood;
use crate::app::Screen;
use crate::app::Tab;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::keymap::PlotKey;
use crate::pane::chart::Drawing;
use crate::pane::plot::PlotAsk;
use crate::pane::plot::PlotPane;
use crate::pane::plot::PlotSource;
use crate::pane::plot::TableSource;
use crate::pane::plot::names;
use asdf_core::Node;
use asdf_core::TreePath;
use asdf_core::array::is_array;
use asdf_core::inspect::escape;

/// Plots what is selected: the column of a table as a histogram, an array as a line.
pub(super) fn show(app: &mut App) -> Vec<Effect> {
    let tab = app.tab();
    let ask = match (tab.screen, &tab.cells) {
        (Screen::Table, Some(Cells::Table(_))) => column(tab),
        (Screen::Table, Some(Cells::Grid(grid))) => TreePath::parse(&grid.path).ok().map(line),
        _ => {
            let node = tab.selected().filter(|node| is_array(*node));
            node.map(Node::path).map(line)
        }
    };
    match ask {
        Some(ask) => plot(app, ask),
        None if app.tab().plot.is_some() => {
            let tab = app.tab_mut();
            let under = under(tab);
            if let Some(plot) = &mut tab.plot {
                plot.under = under;
            }
            tab.screen = Screen::Plot;
            Vec::new()
        }
        None => {
            let text = "no array is selected; of a table p plots the column in its cells (4)";
            app.say(Mood::Bad, text);
            Vec::new()
        }
    }
}

fn line(path: TreePath) -> PlotAsk {
    PlotAsk {
        source: PlotSource::Arrays(vec![path], None),
        drawing: Drawing::Line,
    }
}

/// The table that shows, or that is plotted, with no column yet.
fn table(tab: &Tab) -> Option<TableSource> {
    match (tab.screen, &tab.cells, &tab.plot) {
        (Screen::Plot, _, Some(plot)) => match &plot.ask.source {
            PlotSource::Columns(table) => Some(table.clone()),
            PlotSource::Arrays(..) => None,
        },
        (Screen::Table, Some(Cells::Table(table)), _) => Some(TableSource {
            path: table.path.clone(),
            columns: table.columns.clone(),
            shown: Vec::new(),
            against: None,
            rows: table.rows,
            picked: table.picked.clone(),
        }),
        _ => None,
    }
}

fn column(tab: &Tab) -> Option<PlotAsk> {
    let mut source = table(tab)?;
    if let Some(Cells::Table(table)) = &tab.cells {
        source.shown = vec![table.selected_column()?.0];
    }
    Some(PlotAsk {
        source: PlotSource::Columns(source),
        drawing: Drawing::Histogram,
    })
}

/// What a plot is shown over: another plot leads back to what that was shown over.
fn under(tab: &Tab) -> Screen {
    match (tab.screen, &tab.plot) {
        (Screen::Plot, Some(plot)) => plot.under,
        (screen, _) => screen,
    }
}

/// Asks for a plot, which then shows.
fn plot(app: &mut App, ask: PlotAsk) -> Vec<Effect> {
    let tab = app.tab_mut();
    let under = under(tab);
    tab.screen = Screen::Plot;
    let log = tab.plot.as_ref().map(|plot| plot.log);
    let mut pane = PlotPane::new(ask.clone());
    pane.log = log.unwrap_or_default();
    pane.under = under;
    tab.plot = Some(pane);
    vec![app.job(Slot::Plot, Work::Plot(Box::new(ask)))]
}

/// What a key means to the plot.
pub(super) fn key(app: &mut App, key: PlotKey) -> Vec<Effect> {
    let Some(plot) = &mut app.tab_mut().plot else {
        return Vec::new();
    };
    match key {
        PlotKey::LogUp => plot.log.up = !plot.log.up,
        PlotKey::LogAcross => plot.log.across = !plot.log.across,
        PlotKey::Drawing => {
            plot.next_drawing();
            let ask = plot.ask.clone();
            return vec![app.job(Slot::Plot, Work::Plot(Box::new(ask)))];
        }
    }
    Vec::new()
}

/// `:plot` and `:hist` with names of columns of the table that shows, else with paths of arrays.
pub(super) fn typed(app: &mut App, text: &str, is_histogram: bool) -> Vec<Effect> {
    match asked(app.tab(), text, is_histogram) {
        Ok(ask) => plot(app, ask),
        Err(error) => {
            app.say(Mood::Bad, escape(&error).into_owned());
            Vec::new()
        }
    }
}

fn asked(tab: &Tab, text: &str, is_histogram: bool) -> Result<PlotAsk, String> {
    let (shown, against) = names(text)?;
    let mut drawing = if is_histogram {
        Drawing::Histogram
    } else {
        Drawing::Line
    };
    if let Some(mut table) = table(tab) {
        let at = |name: &str| {
            let known = table.columns.iter().position(|column| column.name == name);
            let all: Vec<&str> = table
                .columns
                .iter()
                .map(|column| column.name.as_str())
                .collect();
            known.ok_or_else(|| format!("no column `{name}`; there are {}", all.join(", ")))
        };
        let own: Vec<usize> = shown
            .iter()
            .map(|name| at(name))
            .collect::<Result<_, _>>()?;
        let against = against.map(at).transpose()?;
        // Rows of a table are in no order along another column.
        if against.is_some() && !is_histogram {
            drawing = Drawing::Points;
        }
        (table.shown, table.against) = (own, against);
        let source = PlotSource::Columns(table);
        return Ok(PlotAsk { source, drawing });
    }
    let path = |name: &str| {
        let path = TreePath::parse(name).map_err(|error| error.kind().to_string())?;
        match tab.file.node(&path) {
            Ok(node) if is_array(node) => Ok(path),
            Ok(_) => Err(format!("{path} is not an array")),
            Err(error) => Err(error.to_string()),
        }
    };
    let paths: Vec<TreePath> = shown
        .iter()
        .map(|name| path(name))
        .collect::<Result<_, _>>()?;
    let against = against.map(path).transpose()?;
    let source = PlotSource::Arrays(paths, against);
    Ok(PlotAsk { source, drawing })
}
