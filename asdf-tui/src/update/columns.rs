//! Columns of a table: hidden, pinned, written in another way, summed up, searched, exported.

use super::act;
use crate::app::App;
use crate::app::Asking;
use crate::app::Cells;
use crate::app::Mood;
use crate::app::Overlay;
use crate::app::Screen;
use crate::effect::Effect;
use crate::effect::Slot;
use crate::effect::Work;
use crate::keymap::ColumnKey;
use crate::pane::search::Pattern;
use crate::pane::table::CellAsk;
use crate::pane::table::CellFormat;
use crate::pane::table::ShownRows;
use crate::pane::table::SummaryAsk;
use crate::pane::table::SummaryPane;
use crate::pane::table::TableExport;
use crate::pane::table::TablePane;
use asdf_core::inspect::escape;
use std::path::PathBuf;

fn table(app: &mut App) -> Option<&mut TablePane> {
    let tab = app.tab_mut();
    match &mut tab.cells {
        Some(Cells::Table(table)) if tab.screen == Screen::Table => Some(table),
        _ => None,
    }
}

/// Whether a table shows.
pub(super) fn has_table(app: &App) -> bool {
    let tab = app.tab();
    tab.screen == Screen::Table && matches!(tab.cells, Some(Cells::Table(_)))
}

/// What a key means to the selected column.
pub(super) fn key(app: &mut App, key: ColumnKey) -> Vec<Effect> {
    let Some(table) = table(app) else {
        return Vec::new();
    };
    match key {
        ColumnKey::Hide => {
            if !table.hide() {
                app.say(Mood::Bad, "the last column stays");
            }
        }
        ColumnKey::ShowAll => table.show_all(),
        ColumnKey::Pin => table.pin(),
        ColumnKey::Summary => return summary(app),
    }
    Vec::new()
}

fn shown_rows(table: &TablePane) -> ShownRows {
    ShownRows {
        count: table.sheet.rows,
        picked: table.picked.clone(),
    }
}

fn summary(app: &mut App) -> Vec<Effect> {
    let Some(table) = table(app) else {
        return Vec::new();
    };
    let rows = shown_rows(table);
    let Some((_, column)) = table.selected_column() else {
        return Vec::new();
    };
    let ask = SummaryAsk {
        column: column.clone(),
        rows,
    };
    app.overlay = Some(Overlay::Summary(SummaryPane::new(ask.clone())));
    vec![app.job(Slot::Summary, Work::Summary(Box::new(ask)))]
}

/// `format .3f`, `format none`.
pub(super) fn set_format(app: &mut App, text: &str) {
    let Some(table) = table(app) else {
        return app.say(Mood::Bad, "no table shows");
    };
    match text.trim() {
        "none" => table.set_format(None),
        text => match text.parse::<CellFormat>() {
            Ok(format) => table.set_format(Some(format)),
            Err(error) => app.say(Mood::Bad, escape(&error).into_owned()),
        },
    }
}

/// `export FILE`.
pub(super) fn export(app: &mut App, name: &str) -> Vec<Effect> {
    let Some(table) = table(app) else {
        app.say(Mood::Bad, "no table shows: 4 shows one");
        return Vec::new();
    };
    let export = TableExport {
        path: PathBuf::from(name.trim()),
        columns: table.shown_columns(),
        rows: shown_rows(table),
    };
    if let Err(error) = export.check() {
        app.say(Mood::Bad, escape(&error).into_owned());
        return Vec::new();
    }
    app.say(Mood::Good, "writing …");
    vec![app.job(Slot::Write, Work::Export(Box::new(export)))]
}

/// Begins to look for a text in the cells.
pub(super) fn begin_search(app: &mut App) {
    act::ask(app, Asking::Cell);
}

/// Looks for a text that was typed.
pub(super) fn search(app: &mut App, text: &str) -> Vec<Effect> {
    let pattern = Pattern::new(text);
    if let Some(table) = table(app) {
        table.wanted = pattern;
    }
    next(app, true)
}

/// Looks for the next cell with the text, or the one before.
pub(super) fn next(app: &mut App, is_forward: bool) -> Vec<Effect> {
    let Some(table) = table(app) else {
        return Vec::new();
    };
    let Some(pattern) = table.wanted.clone() else {
        app.say(Mood::Bad, "no search yet: / begins one");
        return Vec::new();
    };
    let ask = CellAsk {
        pattern,
        columns: table.shown_columns(),
        rows: shown_rows(table),
        from: [table.sheet.row.at, table.sheet.column.at],
        is_forward,
    };
    vec![app.job(Slot::FindCell, Work::FindCell(Box::new(ask)))]
}

/// A cell was found, or none.
pub(super) fn found(app: &mut App, id: u64, found: Result<Option<[u64; 2]>, String>) {
    match found {
        Ok(Some([row, column])) => {
            let tab = app.tabs.iter_mut().find(|tab| tab.id == id);
            if let Some(Cells::Table(table)) = tab.and_then(|tab| tab.cells.as_mut()) {
                table.sheet.select(row, column);
            }
        }
        Ok(None) => app.say(Mood::Bad, "no cell has the text"),
        Err(error) => app.say(Mood::Bad, escape(&error).into_owned()),
    }
}
