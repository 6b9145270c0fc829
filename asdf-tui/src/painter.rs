//! Pictures in pixels on the terminal: written after the frame that they stand in, taken away before the next one
//! that has none.

use crate::canvas::Painted;
use crate::graphics;
use crate::graphics::Passage;
use crate::graphics::Protocol;
use crate::terminal;
use crate::terminal::Screen;
use crossterm::cursor::MoveTo;
use crossterm::cursor::RestorePosition;
use crossterm::cursor::SavePosition;
use crossterm::queue;
use ratatui::backend::Backend;
use ratatui::buffer::Buffer;
use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use std::io;
use std::io::Write;
use std::sync::Arc;

/// Cells with text over a picture.
type Over = Vec<(u16, u16, Cell)>;

/// What the terminal shows.
#[derive(Debug)]
pub(crate) struct Painter {
    passage: Passage,
    /// The picture with the text over it.
    shown: Option<(Arc<Painted>, Over)>,
    protocol: Option<Protocol>,
}

/// The cells of an area that are not blank.
pub(crate) fn over(buffer: &Buffer, area: Rect) -> Over {
    let places = area.intersection(buffer.area).positions();
    let cell = |at: ratatui::layout::Position| {
        let cell = buffer.cell(at).filter(|cell| **cell != Cell::default())?;
        Some((at.x, at.y, cell.clone()))
    };
    places.filter_map(cell).collect()
}

impl Painter {
    pub(crate) fn new(passage: Passage) -> Self {
        Self {
            passage,
            shown: None,
            protocol: None,
        }
    }

    /// The screen was emptied: whatever is wanted is to be written again.
    pub(crate) fn forget(&mut self) {
        self.shown = None;
    }

    /// Takes the last picture away when there is none any more.
    pub(crate) fn make_way(&mut self, is_next: bool, screen: &mut Screen) -> io::Result<()> {
        if !is_next && self.protocol.is_some() {
            self.erase()?;
            self.forget();
            terminal::blank(screen)?;
        }
        Ok(())
    }

    /// Tells the terminal to forget the picture.
    pub(crate) fn erase(&mut self) -> io::Result<()> {
        let Some(protocol) = self.protocol.take() else {
            return Ok(());
        };
        let mut out = io::stdout().lock();
        out.write_all(&self.passage.wrap(graphics::erase(protocol)))?;
        out.flush()
    }

    /// Writes a picture, unless it is there already, and the text over it again.
    pub(crate) fn paint(
        &mut self,
        picture: &Arc<Painted>,
        over: &Over,
        screen: &mut Screen,
    ) -> io::Result<()> {
        if matches!(&self.shown, Some((known, cells)) if Arc::ptr_eq(known, picture) && cells == over)
        {
            return Ok(());
        }
        let area = picture.area();
        let mut out = io::stdout().lock();
        queue!(out, SavePosition, MoveTo(area.x, area.y))?;
        out.write_all(&self.passage.wrap(&picture.bytes))?;
        queue!(out, RestorePosition)?;
        out.flush()?;
        drop(out);
        let cells = over.iter().map(|(x, y, cell)| (*x, *y, cell));
        screen.backend_mut().draw(cells)?;
        Backend::flush(screen.backend_mut())?;
        self.shown = Some((Arc::clone(picture), over.clone()));
        self.protocol = Some(picture.protocol());
        Ok(())
    }
}
