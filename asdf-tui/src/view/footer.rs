//! The two lines at the bottom: where one is and what is told, or what is typed; and the keys.

use super::value;
use crate::app::App;
use crate::app::Asking;
use crate::app::Mood;
use crate::app::Prompt;
use crate::app::Screen;
use crate::keymap;
use crate::layout::Areas;
use crate::modes::modes;
use crate::pane::image::ImagePane;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

pub(super) fn draw(app: &App, areas: Areas, buf: &mut Buffer) -> Option<Position> {
    hints(app, areas.hints, buf);
    let area = areas.status;
    buf.set_style(area, app.theme.bar);
    if let Some(prompt) = &app.prompt {
        return Some(typed(app, prompt, area, buf));
    }
    let right = right(app);
    let room = usize::from(area.width).saturating_sub(right.width() + 3);
    let (left, style) = match &app.message {
        Some((Mood::Bad, text)) => (text.clone(), app.theme.bad),
        Some((Mood::Good, text)) => (text.clone(), app.theme.good),
        None if app.tab().screen == Screen::Files => (selected_file(app), app.theme.bar),
        None if app.tab().awaited.is_some() => (String::new(), app.theme.bar),
        None => (value::place(app.tab()), app.theme.bar),
    };
    let left = match (&app.message, app.tab().screen) {
        (None, Screen::Tree | Screen::Stats | Screen::Files) => super::frame::fit_end(&left, room),
        _ => super::frame::fit(&left, room),
    };
    buf.set_stringn(area.x + 1, area.y, left, room, style);
    let x = area
        .right()
        .saturating_sub(u16::try_from(right.width() + 1).unwrap_or(u16::MAX));
    buf.set_stringn(
        x.max(area.x),
        area.y,
        right,
        usize::from(area.width),
        app.theme.bar,
    );
    None
}

fn typed(app: &App, prompt: &Prompt, area: Rect, buf: &mut Buffer) -> Position {
    let sign = match prompt.asking {
        Asking::Search => "/",
        Asking::Command => ":",
        Asking::Filter => "rows with: ",
        Asking::Cell => "cells with: ",
        Asking::Condition => "files with: ",
        Asking::Columns => "columns: ",
        Asking::MarksFile => "write names to: ",
    };
    let counts = match (&app.tab().search.hits, prompt.asking) {
        (Some(hits), Asking::Search) => {
            let more = if hits.is_cut { "+" } else { "" };
            format!("{}{more} hits", hits.nodes.len())
        }
        _ => String::new(),
    };
    let column = sign.width() + prompt.line.column();
    let room = usize::from(area.width)
        .saturating_sub(counts.width() + 3)
        .max(1);
    let skip = column.saturating_sub(room.saturating_sub(1));
    let text: String = format!("{sign}{}", prompt.line.text())
        .chars()
        .skip(skip)
        .collect();
    buf.set_stringn(area.x + 1, area.y, text, room, app.theme.bar);
    let x = area
        .right()
        .saturating_sub(u16::try_from(counts.width() + 1).unwrap_or(0));
    buf.set_stringn(x, area.y, counts, usize::from(area.width), app.theme.bar);
    let at = u16::try_from(column - skip).unwrap_or(0);
    Position {
        x: (area.x + 1 + at).min(area.right().saturating_sub(1)),
        y: area.y,
    }
}

/// The path of the selected file of the list.
fn selected_file(app: &App) -> String {
    let row = app.files.as_ref().and_then(|pane| pane.selected());
    row.map_or_else(String::new, |row| {
        asdf_core::inspect::escape(&row.path.display().to_string()).into_owned()
    })
}

/// What is on its way over the network, and where one is.
fn right(app: &App) -> String {
    if app.tab().awaited.is_some() && app.tab().screen != Screen::Files {
        return String::new();
    }
    let position = position(app);
    match app.traffic.filter(|traffic| traffic.is_waited_for) {
        Some(traffic) => format!("loading: {}  {position}", traffic.text())
            .trim_end()
            .to_owned(),
        None => position,
    }
}

/// `3/120`, or which hit of how many.
fn position(app: &App) -> String {
    let tab = app.tab();
    if let (Some(pattern), Some(hits), Screen::Tree) =
        (&tab.search.pattern, &tab.search.hits, tab.screen)
    {
        let node = tab.tree.selected().map(|row| row.node);
        let number = node.map_or(0, |node| tab.search.number(node));
        let text = super::frame::fit(pattern.text(), 20);
        return format!("/{text} {number}/{}", hits.nodes.len());
    }
    let (at, len) = match tab.screen {
        Screen::Tree => (tab.tree.cursor.at, tab.tree.len()),
        Screen::Blocks => (tab.blocks.cursor.at, tab.file.blocks().len() as u64),
        Screen::Problems => (tab.problems.cursor.at, tab.problems.rows().len() as u64),
        Screen::Files => match &app.files {
            Some(pane) => (pane.cursor.at, pane.rows().len() as u64),
            None => (0, 0),
        },
        Screen::Diff => match &tab.diff {
            Some(diff) => (diff.cursor.at, diff.rows().len() as u64),
            None => (0, 0),
        },
        Screen::Hdus => match (&tab.hdus.header, tab.hdus.selected()) {
            (Some(cursor), Some(hdu)) => (cursor.at, hdu.cards.len() as u64),
            _ => (tab.hdus.cursor.at, tab.hdus.rows().len() as u64),
        },
        Screen::Image => {
            let is_busy = tab.image.as_ref().is_some_and(ImagePane::is_busy);
            return if is_busy { "reading …" } else { "" }.to_owned();
        }
        Screen::Table | Screen::Stats | Screen::World | Screen::Plot => {
            return String::new();
        }
    };
    if len == 0 {
        return String::new();
    }
    format!("{}/{len}", at + 1)
}

fn hints(app: &App, area: Rect, buf: &mut Buffer) {
    let theme = &app.theme;
    if let Some(prompt) = app
        .prompt
        .as_ref()
        .filter(|prompt| !prompt.candidates.is_empty())
    {
        let text = asdf_core::inspect::escape(&prompt.candidates.join("  ")).into_owned();
        let width = usize::from(area.width.saturating_sub(1));
        if area.height > 0 {
            let text = super::frame::fit(&text, width);
            buf.set_stringn(area.x + 1, area.y, text, width, theme.faint);
        }
        return;
    }
    let modes = modes(app);
    let mut spans = vec![Span::raw(" ")];
    let mut room = usize::from(area.width).saturating_sub(1);
    for mode in modes {
        for binding in keymap::bindings().filter(|binding| binding.mode == *mode) {
            if let (Some(hint), Some(key)) = (binding.hint, binding.label().split(' ').next()) {
                // Whole hints only.
                let width = key.width() + hint.width() + 1;
                if width > room {
                    continue;
                }
                room = room.saturating_sub(width + 2);
                spans.push(Span::styled(key.to_owned(), theme.key));
                spans.push(Span::styled(format!(" {hint}  "), theme.faint));
            }
        }
    }
    if area.height > 0 {
        buf.set_line(area.x, area.y, &Line::from(spans), area.width);
    }
}
