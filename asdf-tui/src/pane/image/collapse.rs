//! Planes of a cube made one, and planes one after the other.

use super::ImageJob;
use super::ImagePane;
use super::content::Collapsed;
use super::cut::Cut;
use super::job::ImageWork;
use super::message::Lane;
use crate::raster::Collapse;
use std::ops::Range;

impl ImagePane {
    /// The next way to make all planes one, or none.
    pub(super) fn next_collapse(&mut self) -> Vec<ImageJob> {
        let now = self.shown.collapsed.as_ref().map(|collapsed| collapsed.how);
        let at = Collapse::ALL.iter().position(|entry| Some(entry.0) == now);
        let next = at.map_or(0, |at| at + 1);
        let planes = self.shown.collapsed.as_ref().map(|own| own.planes.clone());
        match Collapse::ALL.get(next) {
            Some((how, _)) => self.collapse(Some(*how), planes),
            None => self.collapse(None, None),
        }
    }

    /// Makes planes one, by default all, or shows one of them again.
    pub(super) fn collapse(
        &mut self,
        how: Option<Collapse>,
        planes: Option<Range<u64>>,
    ) -> Vec<ImageJob> {
        let Some(how) = how else {
            self.shown.collapsed = None;
            return self.renew();
        };
        let axis = self.shown.cut.as_ref().and_then(|cut| cut.others().last());
        let Some(axis) = axis else {
            self.note = Some("there is only one plane".to_owned());
            return Vec::new();
        };
        let subject = self.shown.subject.as_ref();
        let length = subject.and_then(|subject| subject.shape.get(axis).copied());
        let length = length.unwrap_or(0);
        let planes = planes.unwrap_or(0..length);
        if planes.is_empty() || planes.end > length {
            self.note = Some(format!("planes are from 0 to {}", length.saturating_sub(1)));
            return Vec::new();
        }
        self.without_colors();
        self.shown.collapsed = Some(Collapsed { axis, planes, how });
        self.renew()
    }

    /// So many planes on, or back; what was one is planes again.
    pub(super) fn step_by(&mut self, is_forward: bool, count: u64) -> Vec<ImageJob> {
        self.shown.collapsed = None;
        if !self.is_lupton() {
            self.without_colors();
        }
        let Some(cut) = &mut self.shown.cut else {
            return Vec::new();
        };
        // More steps than there are planes come round again.
        let planes = cut.planes();
        let mut moved = false;
        for _ in 0..count.checked_rem(planes).unwrap_or(0) {
            moved |= cut.step(is_forward);
        }
        if planes < 2 {
            self.note = Some("there is only one plane".to_owned());
        }
        if moved { self.renew() } else { Vec::new() }
    }

    /// Shows plane after plane until the one where it began, or stops.
    pub(super) fn play(&mut self) -> Vec<ImageJob> {
        if self.playing.take().is_some() {
            self.tickets.remove(&Lane::Play);
            return Vec::new();
        }
        let planes = self.shown.cut.as_ref().map_or(0, Cut::planes);
        if planes < 2 {
            self.note = Some("there is only one plane".to_owned());
            return Vec::new();
        }
        self.playing = Some(planes);
        vec![self.job(Lane::Play, ImageWork::Pause)]
    }

    /// It is time for the next plane.
    pub(super) fn play_on(&mut self) -> Vec<ImageJob> {
        let Some(left) = self.playing else {
            return Vec::new();
        };
        // The picture of the last one is not there yet.
        if self.tickets.contains_key(&Lane::Tile) {
            return vec![self.job(Lane::Play, ImageWork::Pause)];
        }
        let mut jobs = self.step_by(true, 1);
        self.playing = left.checked_sub(1).filter(|left| *left > 0);
        if self.playing.is_some() {
            jobs.push(self.job(Lane::Play, ImageWork::Pause));
        }
        jobs
    }
}
