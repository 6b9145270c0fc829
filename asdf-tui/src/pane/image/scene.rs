//! The picture as it stands on the screen, pixel by pixel: values, flags and marks together.

use super::colored::Colors;
use super::flags::FlagOrder;
use super::flags::FlagTile;
use super::look::Look;
use super::marked::Marked;
use super::outline;
use super::tile::Tile;
use super::viewport::Viewport;
use crate::raster::NAN_COLOR;
use crate::raster::Picture;
use crate::raster::Rgb;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The colour of the crosshair and of regions.
pub const MARK_COLOR: Rgb = [0, 230, 230];
/// What is after a picture that leaves room.
pub const OUTSIDE_COLOR: Rgb = [0, 0, 0];
/// Pixels of an arm of the crosshair, and those between it and its element.
const ARM: i64 = 10;
/// The same where an aperture is about it.
const SHORT: i64 = 3;
const GAP: i64 = 2;

/// What a pixel shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dot {
    /// Nothing: it is outside of the plane, or not loaded yet.
    Outside,
    /// An element without a value.
    Missing,
    /// A brightness.
    Level(u8),
    /// A colour.
    Color(Rgb),
    /// A flag, by its colour, over what is below it, and the share of the elements that have it, of 255.
    Flag(Rgb, Ground, u8),
    /// The crosshair or the outline of a region.
    Mark,
    /// The outline of something in a colour.
    Outline(Rgb),
}

/// What is below a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// An element without a value.
    Missing,
    /// A brightness.
    Level(u8),
    /// A colour.
    Color(Rgb),
}

impl From<Ground> for Dot {
    fn from(ground: Ground) -> Self {
        match ground {
            Ground::Missing => Self::Missing,
            Ground::Level(level) => Self::Level(level),
            Ground::Color(color) => Self::Color(color),
        }
    }
}

/// How much of a colour of flags is seen, of 255: where few elements have one, and where all have.
const SHEER: [u16; 2] = [60, 190];

/// A flag over a brightness: the more, the more elements have it; what is below is seen through it.
fn blend(below: Rgb, flag: Rgb, share: u8) -> Rgb {
    let [few, all] = SHEER;
    let part = few + (all - few) * u16::from(share) / 255;
    let mut mixed = below;
    for (own, flag) in mixed.iter_mut().zip(flag) {
        let sum = u16::from(*own) * (255 - part) + u16::from(flag) * part;
        *own = u8::try_from(sum / 255).unwrap_or(u8::MAX);
    }
    mixed
}

/// A second image at the right of the first.
#[derive(Debug, Clone)]
pub struct Beside {
    /// Its values.
    pub tile: Option<Arc<Tile>>,
    /// The values of its first and last colour.
    pub limits: Option<[f64; 2]>,
    /// The pixel where it begins.
    pub offset: u64,
}

impl Beside {
    fn is_like(&self, other: &Self) -> bool {
        is_same(self.tile.as_ref(), other.tile.as_ref())
            && bits(self.limits) == bits(other.limits)
            && self.offset == other.offset
    }
}

impl Colors {
    fn is_like(&self, other: &Self) -> bool {
        let mut pairs = self.tiles.iter().zip(&other.tiles);
        self.blend == other.blend && pairs.all(|(own, other)| is_same(own.as_ref(), other.as_ref()))
    }
}

/// Whether both are the same in memory, or none.
fn is_same(own: Option<&Arc<Tile>>, other: Option<&Arc<Tile>>) -> bool {
    match (own, other) {
        (Some(own), Some(other)) => Arc::ptr_eq(own, other),
        (own, other) => own.is_none() && other.is_none(),
    }
}

fn bits(limits: Option<[f64; 2]>) -> Option<[u64; 2]> {
    limits.map(|limits| limits.map(f64::to_bits))
}

/// All that a picture is made of.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The values.
    pub tile: Option<Arc<Tile>>,
    /// The values of the first and the last colour.
    pub limits: Option<[f64; 2]>,
    /// The images of its colours.
    pub colors: Option<Colors>,
    /// A second image at the right, of the same place.
    pub beside: Option<Beside>,
    /// How values become colours.
    pub look: Look,
    /// Which part shows, in each of the pictures.
    pub view: Viewport,
    /// Flags, and which of them stands in front.
    pub flags: Option<(Arc<FlagTile>, FlagOrder)>,
    /// The pixel of the crosshair.
    pub cursor: Option<[u64; 2]>,
    /// Two corners of a region.
    pub region: Option<[[u64; 2]; 2]>,
    /// Regions, markers and sources of catalogues.
    pub marked: Arc<Vec<Marked>>,
    /// The levels of contours.
    pub contours: Vec<f64>,
    /// The middle of the aperture, its radius, and those of the ring of the sky.
    pub aperture: Option<([f64; 2], [f64; 3])>,
}

/// Marks in pixels of the screen.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    cursor: Option<[Range<i64>; 2]>,
    /// The length of the arms of the crosshair.
    arm: i64,
    region: Option<[Range<i64>; 2]>,
    /// Pixels of outlines.
    outlines: HashMap<[i64; 2], Rgb>,
}

impl Marks {
    fn has(&self, at: [i64; 2]) -> bool {
        self.cursor
            .as_ref()
            .is_some_and(|cross| on_cross(cross, self.arm, at))
            || self
                .region
                .as_ref()
                .is_some_and(|frame| on_frame(frame, at))
    }
}

/// Whether a pixel is on a crosshair with arms of a length.
fn on_cross(cross: &[Range<i64>; 2], length: i64, at: [i64; 2]) -> bool {
    let arm = |along: usize, across: usize| {
        let (own, other) = (&cross[along], &cross[across]);
        let middle = i64::midpoint(other.start, other.end.saturating_sub(1));
        let before = own.start.saturating_sub(at[along]);
        let behind = at[along].saturating_sub(own.end.saturating_sub(1));
        at[across] == middle && (GAP..=length).contains(&before.max(behind))
    };
    arm(0, 1) || arm(1, 0)
}

fn on_frame(frame: &[Range<i64>; 2], at: [i64; 2]) -> bool {
    let inside = |axis: usize| frame[axis].contains(&at[axis]);
    let edge = |axis: usize| at[axis] == frame[axis].start || at[axis] + 1 == frame[axis].end;
    inside(0) && inside(1) && (edge(0) || edge(1))
}

fn signed([x, y]: [u64; 2]) -> [i64; 2] {
    [x, y].map(|place| i64::try_from(place).unwrap_or(i64::MAX))
}

impl Scene {
    /// True when both give the same picture; values are told apart by where they are in memory.
    pub fn is_like(&self, other: &Self) -> bool {
        self.cursor == other.cursor && self.is_like_but_cursor(other)
    }

    /// Pixels across and down of all that is drawn.
    pub fn size(&self) -> [u64; 2] {
        let [width, height] = self.view.pixels;
        let offset = self.beside.as_ref().map_or(0, |beside| beside.offset);
        [offset.saturating_add(width), height]
    }

    /// The pixels that each crosshair covers, across and down; none without one.
    pub fn crosshairs(&self) -> Vec<[Range<i64>; 2]> {
        let Some(cursor) = self.cursor else {
            return Vec::new();
        };
        let [across, down] = self.view.pixels_of(signed(cursor));
        let wide =
            |range: Range<i64>| range.start.saturating_sub(ARM)..range.end.saturating_add(ARM);
        let (across, down) = (wide(across), wide(down));
        let mut found = vec![[across.clone(), down.clone()]];
        if let Some(beside) = &self.beside {
            let offset = i64::try_from(beside.offset).unwrap_or(i64::MAX);
            let right = across.start.saturating_add(offset)..across.end.saturating_add(offset);
            found.push([right, down]);
        }
        found
    }

    /// True when both give the same picture but for the place of the crosshair.
    pub fn is_like_but_cursor(&self, other: &Self) -> bool {
        let same_tile = is_same(self.tile.as_ref(), other.tile.as_ref());
        let same_beside = match (&self.beside, &other.beside) {
            (Some(own), Some(other)) => own.is_like(other),
            (own, other) => own.is_none() && other.is_none(),
        };
        let same_colors = match (&self.colors, &other.colors) {
            (Some(own), Some(other)) => own.is_like(other),
            (own, other) => own.is_none() && other.is_none(),
        };
        let same_flags = match (&self.flags, &other.flags) {
            (Some(own), Some(other)) => Arc::ptr_eq(&own.0, &other.0) && own.1 == other.1,
            (own, other) => own.is_none() && other.is_none(),
        };
        same_tile
            && same_beside
            && same_colors
            && same_flags
            && bits(self.limits) == bits(other.limits)
            && self.look == other.look
            && self.view == other.view
            && self.region == other.region
            && Arc::ptr_eq(&self.marked, &other.marked)
            && self.aperture == other.aperture
            && self.contours == other.contours
    }

    /// The marks, found once for all pixels.
    pub fn marks(&self) -> Marks {
        let frame = |corners: [[u64; 2]; 2]| {
            let [first, second] = corners.map(|corner| self.view.pixels_of(signed(corner)));
            let joined = |axis: usize| {
                let (a, b) = (&first[axis], &second[axis]);
                a.start.min(b.start)..a.end.max(b.end)
            };
            [joined(0), joined(1)]
        };
        Marks {
            cursor: self.cursor.map(|pixel| self.view.pixels_of(signed(pixel))),
            // An aperture tells the place as well.
            arm: if self.aperture.is_some() { SHORT } else { ARM },
            region: self.region.map(frame),
            outlines: outline::outlines(self),
        }
    }

    /// What a pixel shows, counted from the left and from the top.
    pub fn dot(&self, [x, y]: [i64; 2], marks: &Marks) -> Dot {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let second = self.beside.as_ref();
        let second = second.filter(|beside| x >= signed(beside.offset));
        let at = [x - second.map_or(0, |beside| signed(beside.offset)), y];
        if self.beside.is_some() && at[0] >= signed(self.view.pixels[0]) {
            return Dot::Outside;
        }
        let (tile, limits) = match second {
            Some(beside) => (beside.tile.as_ref(), beside.limits),
            None => (self.tile.as_ref(), self.limits),
        };
        if marks.has(at) {
            return Dot::Mark;
        }
        if let Some(color) = marks.outlines.get(&at) {
            return Dot::Outline(*color);
        }
        let colors = self.colors.as_ref().filter(|_| second.is_none());
        let Some(ground) = (match colors {
            Some(colors) => self.mixed(colors, at),
            None => self.level(tile.map(|tile| &**tile), limits, at),
        }) else {
            return Dot::Outside;
        };
        if let Some((tile, order)) = &self.flags {
            let (word, share) = tile.over(self.view.elements(at));
            if let Some(bit) = order.first(word) {
                return Dot::Flag(order.color(bit), ground, share);
            }
        }
        ground.into()
    }

    /// The value at a pixel; `None` outside of what is loaded.
    fn value(&self, tile: &Tile, at: [i64; 2]) -> Option<f64> {
        if self.view.zoom.is_between() {
            tile.over(self.view.elements(at))
        } else {
            tile.at(self.view.element(at))
        }
    }

    fn level(&self, tile: Option<&Tile>, limits: Option<[f64; 2]>, at: [i64; 2]) -> Option<Ground> {
        let level = self.look.level(self.value(tile?, at)?, limits?);
        Some(level.map_or(Ground::Missing, Ground::Level))
    }

    /// What the images of the colours make of a pixel.
    fn mixed(&self, colors: &Colors, at: [i64; 2]) -> Option<Ground> {
        let mut values = [None; 4];
        for (slot, tile) in values.iter_mut().zip(&colors.tiles) {
            if let Some(tile) = tile {
                *slot = Some(self.value(tile, at)?);
            }
        }
        let color = colors.blend.color(values);
        Some(color.map_or(Ground::Missing, Ground::Color))
    }

    /// The colour of a pixel; `None` where there is nothing.
    pub fn color(&self, dot: Dot) -> Option<Rgb> {
        match dot {
            Dot::Outside => None,
            Dot::Missing => Some(NAN_COLOR),
            Dot::Level(level) => Some(self.look.colormap.color(level)),
            Dot::Color(color) | Dot::Outline(color) => Some(color),
            Dot::Flag(color, ground, share) => {
                let below = self.color(ground.into())?;
                Some(blend(below, color, share))
            }
            Dot::Mark => Some(MARK_COLOR),
        }
    }

    /// All pixels of the view.
    pub fn paint(&self) -> Picture {
        let [width, height] = self.size();
        self.paint_part([0..width, 0..height])
    }

    /// The pixels of a part of the view, across and down.
    pub fn paint_part(&self, [across, down]: [Range<u64>; 2]) -> Picture {
        let side = |range: &Range<u64>| {
            usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0)
        };
        let (width, height) = (side(&across), side(&down));
        let [left, top] = signed([across.start, down.start]);
        let marks = self.marks();
        let mut picture = Picture::new(width, height, OUTSIDE_COLOR);
        for (row, line) in (top..).zip(picture.pixels.chunks_mut(width.max(1))) {
            for (column, pixel) in (left..).zip(line) {
                let dot = self.dot([column, row], &marks);
                *pixel = self.color(dot).unwrap_or(OUTSIDE_COLOR);
            }
        }
        picture
    }
}
