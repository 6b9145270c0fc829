//! Changing between two arrays of the same size, and between the same array of two files.

use super::ImageJob;
use super::ImagePane;
use super::Shown;
use asdf_core::TreePath;

impl ImagePane {
    /// Shows the other array, in the same place and size; at first the first one beside this that is as large.
    pub(super) fn blink(&mut self) -> Vec<ImageJob> {
        if self.second.is_some() {
            return self.blink_second();
        }
        if self.other.is_none() {
            let Some(path) = self.partner(None) else {
                return self.blink_with_file();
            };
            self.other = Some(Shown::new(path));
        }
        self.change()
    }

    /// Takes the next array to compare with.
    pub(super) fn next_blink(&mut self) -> Vec<ImageJob> {
        if self.second.is_some() {
            return self.next_second();
        }
        let Some(path) = self.partner(self.other.as_ref().map(|other| &other.path)) else {
            self.note = Some("no other array with planes as large beside it".to_owned());
            return Vec::new();
        };
        self.note = Some(format!("blinks with {path}"));
        self.other = Some(Shown::new(path));
        Vec::new()
    }

    /// The array after that one among those that are as large as what shows.
    fn partner(&self, after: Option<&TreePath>) -> Option<TreePath> {
        let alike = &self.shown.subject.as_ref()?.alike;
        let at = after.and_then(|after| alike.iter().position(|path| path == after));
        let next = at.map_or(0, |at| at + 1).checked_rem(alike.len())?;
        alike.get(next).cloned()
    }

    pub(super) fn change(&mut self) -> Vec<ImageJob> {
        let Some(other) = self.other.take() else {
            return Vec::new();
        };
        self.other = Some(std::mem::replace(&mut self.shown, other));
        self.without_colors();
        self.tickets.clear();
        self.wanted = None;
        self.error = None;
        // What is made of a second image is of the plane that showed before.
        let (shown, other) = (&mut self.shown, &self.other);
        if let Some(other) = other
            && other.path == shown.path
            && (other.cut != shown.cut || other.collapsed != shown.collapsed)
        {
            shown.cut.clone_from(&other.cut);
            shown.collapsed.clone_from(&other.collapsed);
            shown.renew();
        }
        let channels = self.shown.subject.as_ref().and_then(|own| own.channels);
        if let (Some(axis), None) = (channels, &self.shown.versus) {
            self.show_bytes(axis);
            let mut jobs = self.lay_out();
            jobs.extend(self.demand_missing());
            return jobs;
        }
        self.demand_missing()
    }

    /// Takes the place and the look of the pane of another file, as far as the sizes are the same.
    pub fn adopt(&mut self, other: &Self) -> Vec<ImageJob> {
        if self.look != other.look {
            self.look = other.look.clone();
            self.shown.limits = None;
            self.forget_other_limits();
        }
        self.reduction = other.reduction;
        let lengths = |pane: &Self| pane.view.map(|view| view.lengths);
        if self.view.is_none() || lengths(self) == lengths(other) {
            self.view = other.view;
            self.cursor = other.cursor;
            self.has_crosshair = other.has_crosshair;
        }
        self.demand_missing()
    }

    /// Whatever is to be shown and is not there.
    fn demand_missing(&mut self) -> Vec<ImageJob> {
        if self.shown.subject.is_none() {
            return self.lay_out();
        }
        let mut jobs = match self.shown.limits {
            Some(_) => Vec::new(),
            None => self.demand_limits(),
        };
        jobs.extend(self.demand_picture());
        jobs.extend(self.demand_pixel());
        jobs.extend(self.demand_region());
        jobs
    }

    /// The look is another: limits that are kept for the other array are no more right.
    pub(super) fn forget_other_limits(&mut self) {
        if let Some(other) = &mut self.other {
            other.limits = None;
        }
    }
}
