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
    /// The picture with the text over it, and how many patches are painted.
    shown: Option<(Arc<Painted>, Over, usize)>,
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

    /// Writes a picture, unless it is there already, and the text over it again. Of one that is there but for some parts
    /// these are written.
    pub(crate) fn paint(
        &mut self,
        picture: &Arc<Painted>,
        over: &Over,
        screen: &mut Screen,
    ) -> io::Result<()> {
        // Below text the picture stays whatever stands over it.
        let is_below = picture.protocol() == Protocol::Kitty;
        let known = self.shown.as_ref().filter(|(known, cells, count)| {
            let is_same =
                Arc::ptr_eq(&known.bytes, &picture.bytes) && known.area() == picture.area();
            is_same && (is_below || cells == over) && *count <= picture.patches.len()
        });
        let done = known.map(|known| known.2);
        let patches = picture.patches.get(done.unwrap_or(0)..).unwrap_or_default();
        if done.is_some() && patches.is_empty() {
            return Ok(());
        }
        if done.is_none() {
            self.write(picture.area(), &picture.bytes)?;
        }
        for patch in patches {
            self.write(patch.area, &patch.bytes)?;
        }
        if !is_below {
            let is_covered = |x: u16, y: u16| {
                let at = ratatui::layout::Position::new(x, y);
                done.is_none() || patches.iter().any(|patch| patch.area.contains(at))
            };
            let cells = over.iter().filter(|(x, y, _)| is_covered(*x, *y));
            let cells = cells.map(|(x, y, cell)| (*x, *y, cell));
            screen.backend_mut().draw(cells)?;
        }
        Backend::flush(screen.backend_mut())?;
        self.shown = Some((Arc::clone(picture), over.clone(), picture.patches.len()));
        self.protocol = Some(picture.protocol());
        Ok(())
    }

    /// Writes what draws a picture on an area.
    fn write(&self, area: Rect, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        queue!(out, SavePosition, MoveTo(area.x, area.y))?;
        out.write_all(&self.passage.wrap(bytes))?;
        queue!(out, RestorePosition)?;
        out.flush()
    }
}
