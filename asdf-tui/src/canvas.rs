//! The picture in pixels, for terminals that draw them: what was asked for, and the bytes that draw it.

use crate::graphics;
use crate::graphics::Protocol;
use crate::pane::image::scene::Scene;
use ratatui::layout::Rect;
use std::sync::Arc;

/// A picture that is to be encoded.
#[derive(Debug, Clone)]
pub struct PaintAsk {
    /// What it is made of.
    pub scene: Scene,
    /// The cells that it covers.
    pub area: Rect,
    /// How the terminal is told of it.
    pub protocol: Protocol,
}

/// An encoded picture.
#[derive(Debug)]
pub struct Painted {
    /// What it was made of.
    ask: PaintAsk,
    /// What draws it, with the cursor at the upper left corner of the area.
    pub bytes: Vec<u8>,
}

impl PaintAsk {
    /// Paints and encodes.
    ///
    /// # Errors
    /// The picture cannot be compressed.
    pub fn paint(self) -> Result<Arc<Painted>, String> {
        let picture = self.scene.paint();
        let cells = [self.area.width, self.area.height];
        let bytes = graphics::encode(&picture, self.protocol, cells);
        match bytes {
            Ok(bytes) => Ok(Arc::new(Painted { ask: self, bytes })),
            Err(error) => Err(error.kind().to_string()),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        self.area == other.area
            && self.protocol == other.protocol
            && self.scene.is_like(&other.scene)
    }
}

impl Painted {
    /// The cells that it covers.
    pub fn area(&self) -> Rect {
        self.ask.area
    }

    /// How the terminal is told of it.
    pub fn protocol(&self) -> Protocol {
        self.ask.protocol
    }
}

/// The picture that the terminal shows, or is to show.
#[derive(Debug, Default)]
pub struct Canvas {
    asked: Option<PaintAsk>,
    /// The newest picture.
    pub painted: Option<Arc<Painted>>,
}

impl Canvas {
    /// Takes what is to be seen now; gives what has to be painted for it.
    pub(crate) fn want(&mut self, wanted: Option<PaintAsk>) -> Option<PaintAsk> {
        let Some(wanted) = wanted else {
            *self = Self::default();
            return None;
        };
        // One of another place is not to be seen there any longer.
        if self
            .painted
            .as_ref()
            .is_some_and(|painted| painted.area() != wanted.area)
        {
            self.painted = None;
        }
        if self
            .asked
            .as_ref()
            .is_some_and(|asked| asked.is_like(&wanted))
        {
            return None;
        }
        self.asked = Some(wanted.clone());
        Some(wanted)
    }

    /// Takes a painted picture, unless nobody wants one any more.
    pub(crate) fn take(&mut self, painted: Arc<Painted>) {
        let is_wanted = |asked: &PaintAsk| asked.area == painted.area();
        if self.asked.as_ref().is_some_and(is_wanted) {
            self.painted = Some(painted);
        }
    }
}
