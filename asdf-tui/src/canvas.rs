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
    /// A picture that differs in the place of the crosshair only: parts are painted over it.
    pub(crate) base: Option<Arc<Painted>>,
}

/// A part of a picture that is painted over it.
#[derive(Debug)]
pub struct Patch {
    /// The cells that it covers.
    pub area: Rect,
    /// What draws it, with the cursor at the upper left corner of the area.
    pub bytes: Vec<u8>,
}

/// An encoded picture.
#[derive(Debug)]
pub struct Painted {
    /// What it was made of.
    ask: PaintAsk,
    /// What draws it, with the cursor at the upper left corner of the area.
    pub bytes: Arc<[u8]>,
    /// What is painted over it after that, in this order.
    pub patches: Vec<Arc<Patch>>,
}

/// Patches after which the picture is painted anew.
const MOST_PATCHES: usize = 1000;

impl PaintAsk {
    /// Asks for a picture on an area.
    pub fn new(scene: Scene, area: Rect, protocol: Protocol) -> Self {
        Self {
            scene,
            area,
            protocol,
            base: None,
        }
    }

    /// Paints where the crosshair was and where it is.
    fn patch(mut self, base: &Painted) -> Result<Arc<Painted>, String> {
        self.base = None;
        let mut patches = base.patches.clone();
        for area in base.ask.crosshairs().into_iter().chain(self.crosshairs()) {
            let [width, height] = self.cell();
            let range = |start: u16, length: u16, size: u64| {
                let start = u64::from(start) * size;
                start..start + u64::from(length) * size
            };
            let across = range(area.x - self.area.x, area.width, width);
            let down = range(area.y - self.area.y, area.height, height);
            let picture = self.scene.paint_part([across, down]);
            let bytes = graphics::encode(&picture, self.protocol, [area.width, area.height]);
            let bytes = bytes.map_err(|error| error.kind().to_string())?;
            patches.push(Arc::new(Patch { area, bytes }));
        }
        Ok(Arc::new(Painted {
            ask: self,
            bytes: Arc::clone(&base.bytes),
            patches,
        }))
    }

    /// Pixels of a cell, across and down.
    fn cell(&self) -> [u64; 2] {
        let [width, height] = self.scene.size();
        let size = |pixels: u64, cells: u16| (pixels / u64::from(cells.max(1))).max(1);
        [size(width, self.area.width), size(height, self.area.height)]
    }

    /// The cells that the crosshairs cover.
    fn crosshairs(&self) -> Vec<Rect> {
        let all = self.scene.crosshairs().into_iter();
        all.filter_map(|place| self.cells(&place)).collect()
    }

    /// The cells of pixels across and down.
    fn cells(&self, [across, down]: &[std::ops::Range<i64>; 2]) -> Option<Rect> {
        let [width, height] = self.cell();
        let cells = |range: &std::ops::Range<i64>, size: u64, most: u16| {
            let place = |at: i64| u64::try_from(at.max(0)).unwrap_or(0);
            let start = place(range.start) / size;
            let end = place(range.end).div_ceil(size).min(u64::from(most));
            let start = start.min(end);
            let short = |number: u64| u16::try_from(number).unwrap_or(u16::MAX);
            (short(start), short(end - start))
        };
        let (x, columns) = cells(across, width, self.area.width);
        let (y, rows) = cells(down, height, self.area.height);
        let area = Rect::new(self.area.x + x, self.area.y + y, columns, rows);
        (!area.is_empty()).then_some(area)
    }

    /// Paints and encodes.
    ///
    /// # Errors
    /// The picture cannot be compressed.
    pub fn paint(self) -> Result<Arc<Painted>, String> {
        if let Some(base) = self.base.clone() {
            return self.patch(&base);
        }
        let picture = self.scene.paint();
        let cells = [self.area.width, self.area.height];
        let bytes = graphics::encode(&picture, self.protocol, cells);
        match bytes {
            Ok(bytes) => Ok(Arc::new(Painted {
                ask: self,
                bytes: bytes.into(),
                patches: Vec::new(),
            })),
            Err(error) => Err(error.kind().to_string()),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        self.is_like_but_cursor(other) && self.scene.cursor == other.scene.cursor
    }

    fn is_like_but_cursor(&self, other: &Self) -> bool {
        self.area == other.area
            && self.protocol == other.protocol
            && self.scene.is_like_but_cursor(&other.scene)
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
        let Some(mut wanted) = wanted else {
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
        let base = self.painted.as_ref().filter(|painted| {
            painted.ask.is_like_but_cursor(&wanted) && painted.patches.len() < MOST_PATCHES
        });
        wanted.base = base.cloned();
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
