//! What the pane has to ask for after a change.

use super::Companion;
use super::ImageJob;
use super::ImagePane;
use super::Region;
use super::colored::Channel;
use super::content::Content;
use super::cut::Cut;
use super::flags::FlagAsk;
use super::job::ImageWork;
use super::layout;
use super::layout::Beside;
use super::layout::Parts;
use super::message::Lane;
use super::readout::ReadoutAsk;
use super::tile::Limits;
use super::tile::TileAsk;
use super::viewport::Viewport;
use crate::pane::chart::ChartAsk;
use crate::pane::chart::ChartKind;
use crate::pane::chart::ChartMsg;
use crate::pane::wcs::WcsAsk;
use crate::pane::wcs::WcsMsg;
use crate::raster::LimitRule;
use ratatui::layout::Rect;
use std::ops::Range;
use std::sync::Arc;

impl ImagePane {
    /// The parts of an area, as they are now.
    pub fn parts(&self, area: Rect) -> Parts {
        let beside = match &self.companion {
            None => Beside::Nothing,
            Some(Companion::Chart(_)) => Beside::Chart,
            Some(Companion::Wcs(_)) => Beside::Wcs,
        };
        let parts = layout::parts(area, beside);
        if self.has_colorbar && self.colored.is_none() {
            parts.with_colorbar()
        } else {
            parts
        }
    }

    /// Pixels that the picture, or each of two, has room for.
    fn pixels(&self) -> [u64; 2] {
        let (width, height) = self.size;
        let picture = self.parts(Rect::new(0, 0, width, height)).picture;
        let columns = match self.beside {
            // A column between the two.
            Some(_) => picture.width.saturating_sub(1) / 2,
            None => picture.width,
        };
        [
            u64::from(columns) * u64::from(self.cell[0]),
            u64::from(picture.height) * u64::from(self.cell[1]),
        ]
    }

    /// The view in the room that there is now.
    pub(super) fn fit_view(&mut self) {
        let pixels = self.pixels();
        if let Some(view) = &mut self.view
            && pixels.iter().all(|side| *side > 0)
        {
            view.resize(pixels);
        }
    }

    /// Where the second of two pictures begins.
    pub(super) fn offset(&self) -> u64 {
        self.pixels()[0] + u64::from(self.cell[0])
    }

    pub(super) fn job(&mut self, lane: Lane, work: ImageWork) -> ImageJob {
        let ticket = self.ticket(lane);
        ImageJob { ticket, lane, work }
    }

    /// After a change of the pane's size, or of what stands in it.
    pub(super) fn lay_out(&mut self) -> Vec<ImageJob> {
        if self.shown.subject.is_none() {
            if self.error.is_some() || self.tickets.contains_key(&Lane::Subject) {
                return Vec::new();
            }
            let work = ImageWork::Subject(self.shown.path.clone());
            return vec![self.job(Lane::Subject, work)];
        }
        let pixels = self.pixels();
        let Some(cut) = &self.shown.cut else {
            return Vec::new();
        };
        match &mut self.view {
            Some(view) if view.pixels.iter().all(|side| *side > 0) => view.resize(pixels),
            view => {
                let mut new = Viewport::new(cut.lengths(), pixels);
                new.origin = self.origin;
                *view = Some(new);
            }
        }
        self.demand_picture()
    }

    /// Whatever the view needs and is not there.
    pub(super) fn demand_picture(&mut self) -> Vec<ImageJob> {
        let (Some(view), Some(cut), Some(content)) =
            (self.view, self.shown.cut.clone(), self.shown.content())
        else {
            return Vec::new();
        };
        let ask = TileAsk {
            content,
            cut: cut.clone(),
            window: view.window(),
            factor: view.zoom.factor(),
            reduction: self.reduction,
        };
        let [rows, columns] = &ask.window;
        if rows.is_empty() || columns.is_empty() {
            return Vec::new();
        }
        let mut jobs = Vec::new();
        let has = |tile: &Arc<super::Tile>| tile.is_exact && tile.ask == ask;
        if self.shown.tile.as_ref().is_some_and(has) {
            // What is under way is not wanted any more.
            self.wanted = None;
            self.tickets.remove(&Lane::Tile);
            self.tickets.remove(&Lane::Coarse);
        } else if self.wanted.as_ref() != Some(&ask) {
            self.wanted = Some(ask.clone());
            self.tickets.remove(&Lane::Coarse);
            if ask.is_large() {
                jobs.push(self.job(Lane::Coarse, ImageWork::Sample(ask.clone())));
            }
            jobs.push(self.job(Lane::Tile, ImageWork::Tile(ask.clone())));
        }
        jobs.extend(self.demand_beside(&ask));
        jobs.extend(self.demand_bands(&ask));
        jobs.extend(self.demand_flags(&ask).into_iter().flatten());
        jobs
    }

    fn demand_flags(&mut self, ask: &TileAsk) -> Option<Vec<ImageJob>> {
        let subject = self.shown.subject.clone()?;
        self.flags.as_ref()?;
        subject.flags.as_ref()?;
        let bits = self.flags.as_ref()?.bits;
        let wanted = FlagAsk {
            window: ask.window.clone(),
            factor: ask.factor,
            bits,
        };
        let mut jobs = Vec::new();
        if self.shown.flag_counts.is_none() && !self.tickets.contains_key(&Lane::FlagCounts) {
            let work = ImageWork::FlagCounts(Arc::clone(&subject), ask.cut.clone());
            jobs.push(self.job(Lane::FlagCounts, work));
        }
        let has = |tile: &Arc<super::FlagTile>| tile.ask == wanted;
        if !self.shown.flags.as_ref().is_some_and(has) {
            let work = ImageWork::Flags {
                subject,
                cut: ask.cut.clone(),
                window: wanted.window,
                factor: wanted.factor,
                bits,
            };
            jobs.push(self.job(Lane::Flags, work));
        }
        Some(jobs)
    }

    /// The limits by the rule: own ones are known at once.
    pub(super) fn demand_limits(&mut self) -> Vec<ImageJob> {
        if let LimitRule::Fixed(values) = self.look.rule {
            self.tickets.remove(&Lane::Limits);
            let is_exact = true;
            self.shown.limits = Some(Limits { values, is_exact });
            self.demand_beside_limits();
            self.demand_band_limits(None);
            return self.tell_limits();
        }
        let (Some(cut), Some(content)) = (self.shown.cut.clone(), self.shown.content()) else {
            return Vec::new();
        };
        let work = ImageWork::Limits(Box::new(content), cut, self.look.rule);
        let mut jobs = vec![self.job(Lane::Limits, work)];
        jobs.extend(self.demand_beside_limits());
        jobs.extend(self.demand_band_limits(None));
        jobs
    }

    /// The channels of a picture in colours, with what each shows.
    fn channel_parts(&self) -> Vec<(Channel, Content, Cut)> {
        let colored = self.colored.as_ref();
        let base = self.shown.content().zip(self.shown.cut.as_ref());
        let parts = colored.zip(base);
        parts.map_or_else(Vec::new, |(colored, (content, cut))| {
            colored.parts(&content, cut)
        })
    }

    /// The work that reads a pixel.
    pub(super) fn readout_of(&self, pixel: [u64; 2]) -> Option<ImageWork> {
        Some(ImageWork::Hover(Box::new(self.readout_ask(pixel)?)))
    }

    fn readout_ask(&self, pixel: [u64; 2]) -> Option<ReadoutAsk> {
        Some(ReadoutAsk {
            content: self.shown.content()?,
            beside: self.beside.as_ref().map(|half| half.versus.clone()),
            channels: self.channel_parts(),
            cut: self.shown.cut.clone()?,
            pixel,
        })
    }

    /// What hangs on the pixel of the crosshair.
    pub(super) fn demand_pixel(&mut self) -> Vec<ImageJob> {
        let Some(cut) = self.shown.cut.clone() else {
            return Vec::new();
        };
        let [rows, columns] = cut.lengths();
        let [x, y] = self.cursor;
        self.cursor = [
            x.min(columns.saturating_sub(1)),
            y.min(rows.saturating_sub(1)),
        ];
        if rows == 0 || columns == 0 {
            return Vec::new();
        }
        let Some(ask) = self.readout_ask(self.cursor) else {
            return Vec::new();
        };
        let work = ImageWork::Readout(Box::new(ask));
        let mut jobs = vec![self.job(Lane::Readout, work)];
        jobs.extend(self.move_aperture());
        jobs.extend(self.demand_companion());
        jobs
    }

    /// What the chart or the WCS shows of the pixel.
    pub(super) fn demand_companion(&mut self) -> Option<ImageJob> {
        let subject = self.shown.subject.clone()?;
        let cut = self.shown.cut.clone()?;
        let limits = self.shown.limits.map(|limits| limits.values);
        let region = self.window_of_region();
        let (lane, work) = match self.companion.as_mut()? {
            Companion::Chart(pane) => {
                let ask = ChartAsk {
                    kind: pane.kind(),
                    content: self.shown.content()?,
                    cut,
                    pixel: self.cursor,
                    limits,
                    unit: self.shown.unit.clone(),
                    center: self.aperture.as_ref().map(|state| state.center),
                    reach: self.radii[2].max(self.radii[0] * 2.0),
                    region,
                    in_world: pane.is_in_world(),
                };
                let job = pane.update(ChartMsg::Ask(ask)).pop()?;
                (Lane::Chart, ImageWork::Chart(job))
            }
            Companion::Wcs(pane) => {
                let place = subject.pixel(&cut.index(self.cursor));
                let ask = WcsAsk {
                    wcs: subject.wcs.clone(),
                    pixel: place.unwrap_or_default(),
                };
                let job = pane.update(WcsMsg::Ask(ask)).pop()?;
                (Lane::Wcs, ImageWork::Wcs(job))
            }
        };
        Some(self.job(lane, work))
    }

    /// The limits are others: the histogram marks them.
    pub(super) fn tell_limits(&mut self) -> Vec<ImageJob> {
        match &self.companion {
            Some(Companion::Chart(pane)) if pane.kind() == ChartKind::Histogram => {
                self.demand_companion().into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Rows and columns of a region that is whole.
    fn window_of_region(&self) -> Option<[Range<u64>; 2]> {
        let Region::Whole([first, second], _) = &self.region else {
            return None;
        };
        let range = |axis: usize| {
            let (a, b) = (first[axis], second[axis]);
            a.min(b)..a.max(b).saturating_add(1)
        };
        Some([range(1), range(0)])
    }

    /// The statistics of a region that is whole.
    pub(super) fn demand_region(&mut self) -> Option<ImageJob> {
        let window = self.window_of_region()?;
        if let Region::Whole(_, stats) = &mut self.region {
            *stats = None;
        }
        let cut = self.shown.cut.clone()?;
        let content = Box::new(self.shown.content()?);
        let work = ImageWork::Region(content, cut, window);
        Some(self.job(Lane::Region, work))
    }

    /// Everything anew: another plane shows.
    pub(super) fn demand_all(&mut self) -> Vec<ImageJob> {
        self.shown.flags = None;
        self.shown.flag_counts = None;
        self.tickets.remove(&Lane::FlagCounts);
        self.wanted = None;
        self.forget_beside();
        let mut jobs = self.demand_limits();
        jobs.extend(self.demand_picture());
        jobs.extend(self.demand_pixel());
        jobs.extend(self.demand_region());
        jobs
    }
}
