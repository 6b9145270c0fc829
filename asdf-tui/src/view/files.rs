//! Draws the list of files, and the picture of the selected one.

use super::frame;
use crate::app::App;
use crate::graphics::Graphics;
use crate::pane::files::FilesPane;
use crate::pane::files::listing::FileRow;
use crate::pane::files::thumbnail::Dots;
use crate::pane::image::scene::Dot;
use crate::raster::Colormap;
use crate::raster::NAN_COLOR;
use crate::theme::ColorDepth;
use crate::theme::Theme;
use asdf_core::inspect::escape;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

/// The widest cell, but of the name.
const WIDEST: usize = 24;
/// The least room that a name has.
const LEAST_NAME: usize = 16;
/// Columns of the folder that all files are in.
const LONGEST_FOLDER: usize = 40;
/// Lines below the picture: what it is of.
const ABOUT: u16 = 3;

pub(super) fn draw(app: &App, pane: &FilesPane, area: Rect, buf: &mut Buffer) {
    let theme = &app.theme;
    let room = usize::from(area.width).saturating_sub(4);
    let rows = pane.rows();
    let shown = widths(pane, &rows, usize::from(area.width).saturating_sub(4));
    let mut title = title(pane);
    // It is told where there are more columns than show.
    match pane.columns().saturating_sub(shown.len()) {
        0 => {}
        1 if pane.whole().is_some() => title.insert_str(0, "1 more column: l, "),
        more if pane.whole().is_some() => title.insert_str(0, &format!("{more} more columns: l, ")),
        _ => {}
    }
    let title = frame::fit(&title, room);
    let inner = frame::frame(&title, true, area, buf, theme);
    match &pane.table {
        None => frame::tell(&waiting(pane), theme.busy, inner, buf),
        Some(Err(error)) => frame::tell(&escape(error), theme.bad, inner, buf),
        Some(Ok(_)) if rows.is_empty() => {
            frame::tell("no file fits the condition", theme.faint, inner, buf);
        }
        Some(Ok(_)) => list(pane, &rows, inner, buf, theme),
    }
}

fn waiting(pane: &FilesPane) -> String {
    match pane.progress {
        Some((done, all)) => format!("reading {done} of {all} files …"),
        None => format!("reading {} files …", pane.ask.files.len()),
    }
}

/// How many files, under which condition, in which order.
fn title(pane: &FilesPane) -> String {
    let all = pane.ask.files.len();
    let shown = pane.rows().len();
    let mut title = if shown == all || pane.whole().is_none() {
        format!("{all} files")
    } else {
        format!("{shown} of {all} files")
    };
    if !pane.ask.condition.is_empty() {
        title.push_str(&format!(", {}", escape(&pane.ask.condition)));
    }
    if !pane.wanted.is_empty() {
        title.push_str(&format!(", with {}", escape(&pane.wanted)));
    }
    if !pane.ask.sort.is_empty() {
        title.push_str(&format!(", by {}", escape(&pane.ask.sort)));
    }
    if !pane.marks.is_empty() {
        title.push_str(&format!(", {} marked", pane.marks.len()));
    }
    match pane.whole().map_or(0, |table| table.faults) {
        0 => {}
        faults => title.push_str(&format!(", {faults} cannot be read")),
    }
    if pane.is_busy && pane.table.is_some() {
        title.push_str(", reading …");
    }
    if !pane.folder.is_empty() {
        let folder = pane
            .folder
            .strip_suffix('/')
            .filter(|rest| !rest.is_empty());
        let folder = frame::fit_end(folder.unwrap_or(&pane.folder), LONGEST_FOLDER);
        title.push_str(&format!(", in {folder}"));
    }
    title
}

/// The columns that show, each with its width: the name always, of the others those about the selected one that fit.
fn widths(pane: &FilesPane, rows: &[&FileRow], room: usize) -> Vec<(usize, usize)> {
    let Some(table) = pane.whole() else {
        return Vec::new();
    };
    let wide = |column: usize| {
        let head = table.heads.get(column);
        let name = head.map_or(0, |head| {
            let unit = head.unit.as_deref().map_or(0, |unit| unit.width() + 3);
            // A mark of the order stands after it.
            head.name.width() + unit + 2
        });
        let cells = rows.iter().map(|row| cell(pane, row, column).width());
        let cells = cells.max().unwrap_or(0);
        name.max(cells)
    };
    let others: Vec<usize> = (1..table.heads.len()).collect();
    let own: Vec<usize> = others
        .iter()
        .map(|column| wide(*column).min(WIDEST))
        .collect();
    let name = wide(0);
    let least = name.min(LEAST_NAME);
    // From the selected column to the left, as many as fit; then to the right.
    let mut left = room.saturating_sub(least);
    let at = pane.column.max(1);
    let mut shown: Vec<(usize, usize)> = Vec::new();
    let before = others.iter().zip(&own).filter(|(column, _)| **column <= at);
    let after = others.iter().zip(&own).filter(|(column, _)| **column > at);
    for (column, width) in before.rev().chain(after) {
        if width + 1 > left {
            break;
        }
        left -= width + 1;
        shown.push((*column, *width));
    }
    shown.sort_unstable();
    let used: usize = shown.iter().map(|(_, width)| width + 1).sum();
    let mut out = vec![(0, name.min(room.saturating_sub(used)))];
    out.extend(shown);
    out
}

fn list(pane: &FilesPane, rows: &[&FileRow], area: Rect, buf: &mut Buffer, theme: &Theme) {
    // A column for the mark, and one between.
    let room = usize::from(area.width).saturating_sub(2);
    let columns = widths(pane, rows, room);
    heading(pane, &columns, area, buf, theme);
    let height = area.height.saturating_sub(1);
    let shown = pane.cursor.rows(rows.len() as u64, u64::from(height));
    let first = usize::try_from(shown.start).unwrap_or(usize::MAX);
    for ((row, at), y) in rows.iter().skip(first).zip(shown).zip(area.y + 1..) {
        let is_marked = pane.marks.contains(&row.path);
        let is_open = pane.opened.as_ref() == Some(&row.path);
        let sign = match (is_marked, is_open) {
            (true, _) => "*",
            (false, true) => ">",
            (false, false) => " ",
        };
        buf.set_stringn(area.x, y, sign, 1, theme.mark);
        let mut x = area.x + 2;
        for (column, width) in &columns {
            let text = cell(pane, row, *column);
            let is_number = number(pane, *column);
            let style = match (&row.fault, column) {
                (Some(_), _) => theme.bad,
                (None, 0) => theme.text,
                (None, _) if is_number => theme.number,
                (None, _) => theme.string,
            };
            put(buf, [x, y], *width, text, style, (*column == 0, is_number));
            x = x.saturating_add(u16::try_from(width + 1).unwrap_or(u16::MAX));
        }
        // Its other cells are empty.
        if let Some(fault) = &row.fault {
            let name = columns.first().map_or(0, |column| column.1 + 1);
            let x = area.x + 2 + u16::try_from(name).unwrap_or(u16::MAX);
            let left = usize::from(area.right().saturating_sub(x));
            buf.set_stringn(x, y, frame::fit(&escape(fault), left), left, theme.bad);
        }
        if at == pane.cursor.at {
            buf.set_style(Rect::new(area.x, y, area.width, 1), theme.selected);
        }
    }
}

/// A cell; a name without the folder that all files are in.
fn cell<'r>(pane: &FilesPane, row: &'r FileRow, column: usize) -> &'r str {
    let text = row.cells.get(column).map_or("", String::as_str);
    match column {
        0 => text.strip_prefix(pane.folder.as_str()).unwrap_or(text),
        _ => text,
    }
}

fn number(pane: &FilesPane, column: usize) -> bool {
    let head = pane.whole().and_then(|table| table.heads.get(column));
    head.is_some_and(|head| head.is_number)
}

fn heading(
    pane: &FilesPane,
    columns: &[(usize, usize)],
    area: Rect,
    buf: &mut Buffer,
    theme: &Theme,
) {
    let Some(table) = pane.whole() else { return };
    let mut x = area.x + 2;
    for (column, width) in columns {
        let Some(head) = table.heads.get(*column) else {
            continue;
        };
        let unit = head.unit.as_deref();
        let unit = unit.map_or_else(String::new, |unit| format!(" [{}]", escape(unit)));
        let sign = match pane.ask.sort.as_str() {
            sort if sort == head.name => " ▲",
            sort if sort.strip_prefix('-') == Some(&head.name) => " ▼",
            _ => "",
        };
        // The end of a path tells most.
        let room = width.saturating_sub(unit.width() + sign.width());
        let name = frame::fit_end(&escape(&head.name), room.max(1));
        let style = if *column == pane.column {
            theme.title.patch(theme.selected_dim)
        } else {
            theme.title
        };
        let text = format!("{name}{unit}{sign}");
        put(
            buf,
            [x, area.y],
            *width,
            &text,
            style,
            (false, head.is_number),
        );
        x = x.saturating_add(u16::try_from(width + 1).unwrap_or(u16::MAX));
    }
}

/// A cell; numbers stand at the right, and of a name the end shows.
fn put(
    buf: &mut Buffer,
    [x, y]: [u16; 2],
    width: usize,
    text: &str,
    style: Style,
    (is_name, to_right): (bool, bool),
) {
    let text = if is_name {
        frame::fit_end(text, width)
    } else {
        frame::fit(text, width)
    };
    let pad = if to_right {
        width.saturating_sub(text.width())
    } else {
        0
    };
    let x = x.saturating_add(u16::try_from(pad).unwrap_or(0));
    buf.set_stringn(x, y, text, width, style);
}

/// The picture of the selected file, and what it is of.
pub(super) fn side(app: &App, pane: &FilesPane, area: Rect, buf: &mut Buffer) {
    let theme = &app.theme;
    let selected = pane.selected();
    let name = selected.and_then(|row| row.path.file_name());
    let name = name.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let room = usize::from(area.width).saturating_sub(4);
    let title = frame::fit_end(&escape(&name), room);
    let inner = frame::frame(&title, false, area, buf, theme);
    let Some(row) = selected else { return };
    if let Some(fault) = &row.fault {
        return frame::tell(&escape(fault), theme.bad, inner, buf);
    }
    let found = pane.thumbnail.as_ref().filter(|found| found.0 == row.path);
    match found.map(|found| &found.1) {
        None | Some(None) => frame::tell("reading …", theme.busy, inner, buf),
        Some(Some(Err(error))) => frame::tell(&escape(error), theme.bad, inner, buf),
        Some(Some(Ok(thumbnail))) => {
            let (picture, below) = picture_area(inner);
            let text_area = match &thumbnail.dots {
                Some(dots) => {
                    picture_of(app, dots, picture, buf);
                    below
                }
                None => inner,
            };
            let lines = thumbnail.about.iter();
            let lines = lines.flat_map(|line| frame::wrap(&escape(line), text_area.width));
            for (line, y) in lines.zip(text_area.y..text_area.bottom()) {
                let width = usize::from(text_area.width);
                buf.set_stringn(text_area.x, y, line, width, theme.faint);
            }
        }
    }
}

/// Where the picture stands in the inner part, and what is told of it.
pub(crate) fn picture_area(inner: Rect) -> (Rect, Rect) {
    let below = ABOUT.min(inner.height / 3);
    let picture = Rect {
        height: inner.height - below,
        ..inner
    };
    let text = Rect {
        y: picture.bottom(),
        height: below,
        ..inner
    };
    (picture, text)
}

/// Two pixels in a cell, in the middle of the area; letters where there are no colours.
fn picture_of(app: &App, dots: &Dots, area: Rect, buf: &mut Buffer) {
    let theme = &app.theme;
    let has_colors = theme.depth != ColorDepth::None && app.graphics != Graphics::Letters;
    let colors = Colormap::default();
    // Small arrays are shown larger.
    let room = [usize::from(area.width), usize::from(area.height) * 2];
    let side = (room[0] / dots.width.max(1))
        .min(room[1] / dots.height.max(1))
        .max(1);
    let (width, height) = (dots.width * side, dots.height * side);
    let level = |x: usize, y: usize| {
        let is_inside = x < width && y < height;
        let place = y / side * dots.width + x / side;
        let dot = dots.dots.get(place).filter(|_| is_inside);
        dot.copied().unwrap_or(Dot::Outside)
    };
    let columns = u16::try_from(width).unwrap_or(u16::MAX).min(area.width);
    let rows = u16::try_from(height.div_ceil(2)).unwrap_or(u16::MAX);
    let rows = rows.min(area.height);
    let left = area.x + (area.width - columns) / 2;
    let top = area.y + (area.height - rows) / 2;
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (usize::from(column), usize::from(row) * 2);
            let both = [level(x, y), level(x, y + 1)];
            let place = Position::new(left + column, top + row);
            let Some(cell) = buf.cell_mut(place) else {
                continue;
            };
            if has_colors {
                let color = |dot: Dot| match dot {
                    Dot::Missing => theme.depth.color(NAN_COLOR),
                    Dot::Level(level) => theme.depth.color(colors.color(level)),
                    Dot::Color(color) => theme.depth.color(color),
                    _ => None,
                };
                match both.map(color) {
                    [Some(upper), Some(lower)] => {
                        cell.set_char('▀').set_fg(upper).set_bg(lower);
                    }
                    [Some(upper), None] => {
                        cell.set_char('▀').set_fg(upper);
                    }
                    _ => {}
                }
            } else if let Some(letter) = super::image::letter(both) {
                cell.set_char(letter);
            }
        }
    }
}
