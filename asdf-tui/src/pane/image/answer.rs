//! What the pane makes of the answers of its jobs.

use super::Companion;
use super::ImageJob;
use super::ImagePane;
use super::Region;
use super::cut::Cut;
use super::message::ImageAnswer;
use super::message::ImageFound;
use super::message::ImageTrouble;
use super::message::Lane;
use super::subject::Subject;
use super::tile::Tile;
use std::sync::Arc;

impl ImagePane {
    pub(super) fn on_answer(&mut self, answer: ImageAnswer) -> Vec<ImageJob> {
        let ImageAnswer {
            ticket,
            lane,
            found,
        } = answer;
        if self.tickets.get(&lane) != Some(&ticket) {
            return Vec::new();
        }
        self.tickets.remove(&lane);
        match found {
            Ok(ImageFound::Tile(tile)) if lane == Lane::BesideTile => {
                self.take_beside(tile);
                Vec::new()
            }
            Ok(ImageFound::Limits(limits)) if lane == Lane::BesideLimits => {
                self.take_beside_limits(limits);
                Vec::new()
            }
            Ok(found) => match (lane, found) {
                (Lane::Channel(channel), ImageFound::Second(second)) => {
                    self.take_channel(channel, *second)
                }
                (Lane::ChannelTile(channel), ImageFound::Tile(tile)) => {
                    self.take_channel_tile(channel, tile);
                    Vec::new()
                }
                (Lane::ChannelLimits(channel), ImageFound::Limits(limits)) => {
                    self.take_channel_limits(channel, limits);
                    Vec::new()
                }
                (_, found) => self.take(found),
            },
            Err(ImageTrouble::Stopped) => Vec::new(),
            Err(ImageTrouble::Failed(text)) => {
                self.fail(lane, text);
                Vec::new()
            }
        }
    }

    fn take(&mut self, found: ImageFound) -> Vec<ImageJob> {
        match found {
            ImageFound::Subject(subject) => return self.open(*subject),
            ImageFound::Tile(tile) => self.take_tile(tile),
            ImageFound::Limits(limits) => {
                self.shown.limits = Some(limits);
                return self.tell_limits();
            }
            ImageFound::Second(second) => return self.take_second(*second),
            ImageFound::Paused => return self.play_on(),
            ImageFound::Readout(readout) => self.shown.readout = Some(readout),
            ImageFound::Hover(found) => {
                if let Some((pixel, readout)) = &mut self.hover
                    && *pixel == found.pixel
                {
                    *readout = Some(found);
                }
            }
            ImageFound::Measured(found) => {
                if let Some(state) = &mut self.aperture {
                    state.found = Some(Ok(found));
                }
            }
            ImageFound::Marked(Ok(found)) => self.take_marked(found),
            ImageFound::Marked(Err(text)) => {
                self.note = Some(asdf_core::inspect::escape(&text).into_owned());
            }
            ImageFound::Place(found) => return self.take_place(found),
            ImageFound::FlagCounts(counts) => self.shown.flag_counts = Some(counts),
            ImageFound::Region(found) => {
                if let Region::Whole(_, stats) = &mut self.region {
                    *stats = Some(Ok(found));
                }
            }
            ImageFound::Flags(tile) => self.shown.flags = Some(Arc::new(tile)),
            ImageFound::Saved(name) => {
                self.note = Some(format!("wrote {}", asdf_core::inspect::escape(&name)));
            }
            ImageFound::Chart(msg) => {
                if let Some(Companion::Chart(pane)) = &mut self.companion {
                    pane.update(msg);
                }
            }
            ImageFound::Wcs(msg) => {
                if let Some(Companion::Wcs(pane)) = &mut self.companion {
                    pane.update(msg);
                }
            }
        }
        Vec::new()
    }

    fn take_tile(&mut self, tile: Tile) {
        if tile.is_exact {
            self.tickets.remove(&Lane::Coarse);
            self.wanted = None;
        }
        self.shown.tile = Some(Arc::new(tile));
    }

    /// The facts about the array are there: its picture can be asked for.
    fn open(&mut self, subject: Subject) -> Vec<ImageJob> {
        let cut = Cut::new(&subject.shape);
        let channels = subject.channels;
        self.shown.subject = Some(Arc::new(subject));
        let before = self.view.map(|view| view.lengths);
        self.shown.cut = cut;
        self.shown.renew();
        if let Some(axis) = channels {
            self.show_bytes(axis);
        }
        let lengths = self.shown.cut.as_ref().map(Cut::lengths);
        let Some([rows, columns]) = lengths else {
            return Vec::new();
        };
        if before != Some([columns, rows]) {
            self.view = None;
            self.cursor = [columns / 2, rows / 2];
        }
        self.error = None;
        self.wanted = None;
        if let Some(index) = self.pending.take() {
            let pixel = self.shown.cut.as_mut().and_then(|cut| cut.go_to(&index));
            self.cursor = pixel.map_or(self.cursor, |found| found.0);
        }
        let mut jobs = self.demand_limits();
        jobs.extend(self.lay_out());
        jobs.extend(self.demand_pixel());
        if let Some(second) = self.early.take() {
            jobs.extend(self.take_second(*second));
        }
        jobs
    }

    fn fail(&mut self, lane: Lane, text: String) {
        match lane {
            Lane::Subject | Lane::Tile | Lane::Limits => {
                self.wanted = None;
                self.error = Some(text);
            }
            Lane::Region => {
                if let Region::Whole(_, stats) = &mut self.region {
                    *stats = Some(Err(text));
                }
            }
            Lane::Measure => {
                if let Some(state) = &mut self.aperture {
                    state.found = Some(Err(text));
                }
            }
            Lane::Coarse | Lane::Readout | Lane::Hover | Lane::Play => {}
            Lane::ChannelTile(_) | Lane::ChannelLimits(_) => {
                self.without_colors();
                self.note = Some(text);
            }
            Lane::BesideTile | Lane::BesideLimits => {
                self.forget_beside();
                self.note = Some(text);
            }
            Lane::Second
            | Lane::Channel(_)
            | Lane::Marked
            | Lane::Place
            | Lane::FlagCounts
            | Lane::Flags
            | Lane::Save
            | Lane::Chart
            | Lane::Wcs => self.note = Some(text),
        }
    }
}
