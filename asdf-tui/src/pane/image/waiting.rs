//! What keys and lines need of all that is being read for a picture.

use super::ImageKey;
use super::ImagePane;
use super::Lane;
use super::colored::Channel;

impl ImagePane {
    fn awaits(&self, lane: Lane) -> bool {
        self.tickets.contains_key(&lane)
    }

    /// True while nothing is known of the array.
    fn awaits_array(&self) -> bool {
        self.shown.subject.is_none() && self.error.is_none()
    }

    fn awaits_channels(&self) -> bool {
        Channel::COLORS
            .into_iter()
            .any(|channel| self.awaits(Lane::Channel(channel)))
    }

    /// True while a place, a second image or the images of colours are looked for.
    pub fn is_looking(&self) -> bool {
        self.awaits(Lane::Place) || self.awaits(Lane::Second) || self.awaits_channels()
    }

    /// True while it is not known which element the crosshair is on, or of what.
    pub fn awaits_place(&self) -> bool {
        self.awaits_array() || self.is_looking()
    }

    /// Whether a key would do something else once what is being read is there.
    pub fn awaits_for_key(&self, key: ImageKey) -> bool {
        match key {
            ImageKey::Back => false,
            _ if self.awaits_array() => true,
            ImageKey::RaiseUpper
            | ImageKey::LowerUpper
            | ImageKey::RaiseLower
            | ImageKey::LowerLower => self.awaits(Lane::Limits) || self.awaits_channels(),
            ImageKey::Stretch
            | ImageKey::Limits
            | ImageKey::ResetLook
            | ImageKey::Colormap
            | ImageKey::Invert
            | ImageKey::Colorbar
            | ImageKey::Origin
            | ImageKey::Reduction => self.awaits_channels(),
            ImageKey::Save => {
                // A file is written for each of them.
                self.is_looking() || self.awaits(Lane::Limits) || self.awaits(Lane::Save)
            }
            ImageKey::Center => self.is_looking() || self.awaits(Lane::Measure),
            ImageKey::NextFlag | ImageKey::ToggleFlag => {
                self.is_looking() || self.awaits(Lane::FlagCounts)
            }
            ImageKey::KeepCurve => self.is_looking() || self.awaits(Lane::Chart),
            _ => self.is_looking(),
        }
    }

    /// Whether a line that was typed would do something else then.
    pub fn awaits_for_line(&self, text: &str) -> bool {
        let word = text.split_whitespace().next().unwrap_or_default();
        match word {
            _ if self.awaits_place() => true,
            "contours" => self.awaits(Lane::Limits),
            // What is drawn over the picture is added to, or written, as a whole.
            "regions" | "catalog" | "mark" | "clear" => self.awaits(Lane::Marked),
            _ => false,
        }
    }

    /// Whether the value that can be copied is still being read.
    pub fn awaits_value(&self) -> bool {
        self.awaits_place()
            || [Lane::Readout, Lane::Measure, Lane::Region]
                .into_iter()
                .any(|lane| self.awaits(lane))
    }

    /// Gives up what is looked for: the lanes whose work is not wanted any more.
    pub fn give_up(&mut self) -> Vec<Lane> {
        let lanes = [Lane::Place, Lane::Second];
        let lanes = lanes.into_iter().filter(|lane| self.awaits(*lane));
        let lanes: Vec<Lane> = lanes.collect();
        for lane in &lanes {
            self.tickets.remove(lane);
        }
        if !lanes.is_empty() {
            self.note = Some("the search is given up".to_owned());
        }
        lanes
    }
}
