//! Pictures in colours: three arrays as red, green and blue, or an array whose elements are colours.

mod ask;
mod text;

pub use ask::ColorsAsk;
use ask::SYNTAX;

use super::ImageJob;
use super::ImagePane;
use super::content::Content;
use super::content::Versus;
use super::cut::Cut;
use super::job::ImageWork;
use super::message::Lane;
use super::second::Second;
use super::second::Target;
use super::tile::Limits;
use super::tile::Tile;
use super::tile::TileAsk;
use crate::raster::Blend;
use crate::raster::Interpolation;
use crate::raster::LimitRule;
use crate::raster::Lupton;
use crate::raster::Operation;
use asdf_core::TreePath;
use std::sync::Arc;

/// What of a colour an image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// Red.
    Red,
    /// Green.
    Green,
    /// Blue.
    Blue,
    /// How much is seen of the colour.
    Opacity,
}

impl Channel {
    /// All of them, in the order of a pixel's bytes.
    pub const ALL: [Self; 4] = [Self::Red, Self::Green, Self::Blue, Self::Opacity];
    /// Those of three arrays.
    pub const COLORS: [Self; 3] = [Self::Red, Self::Green, Self::Blue];

    /// `red`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Green => "green",
            Self::Blue => "blue",
            Self::Opacity => "opacity",
        }
    }

    /// `R`.
    pub fn letter(self) -> char {
        match self {
            Self::Red => 'R',
            Self::Green => 'G',
            Self::Blue => 'B',
            Self::Opacity => 'A',
        }
    }
}

/// How three arrays become colours: what was typed or set by keys; the rest is by the limits of each array.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LuptonLook {
    /// The values of black; without them the lower limits.
    pub minimum: Option<[f64; 3]>,
    /// The linear stretch; without it the mean distance of the limits.
    pub stretch: Option<f64>,
    /// The softening.
    pub q: f64,
}

impl Default for LuptonLook {
    fn default() -> Self {
        Self {
            minimum: None,
            stretch: None,
            q: Lupton::default().q,
        }
    }
}

/// Softenings in the order in which a key goes through them.
const SOFTENINGS: [f64; 5] = [8.0, 20.0, 0.0, 1.0, 3.0];

/// Where the values of a channel come from.
#[derive(Debug, Clone, PartialEq)]
enum Source {
    /// Another array, or the one that shows.
    Array(Versus),
    /// A place along an axis of the array that shows.
    Place(usize, u64),
}

/// A channel with what is known of it.
#[derive(Debug)]
pub(crate) struct Band {
    source: Source,
    tile: Option<Arc<Tile>>,
    limits: Option<Limits>,
    wanted: Option<TileAsk>,
}

impl Band {
    fn new(source: Source) -> Self {
        Self {
            source,
            tile: None,
            limits: None,
            wanted: None,
        }
    }

    /// What it shows where the picture shows something.
    pub(super) fn of(&self, base: &Content, cut: &Cut) -> (Content, Cut) {
        let mut content = base.clone();
        match &self.source {
            Source::Array(versus) => {
                content.versus = Some(versus.clone());
                (content, cut.clone())
            }
            Source::Place(axis, at) => {
                content.versus = None;
                (content, cut.at(*axis, *at))
            }
        }
    }

    fn ask(&self, base: &TileAsk) -> TileAsk {
        let (content, cut) = self.of(&base.content, &base.cut);
        TileAsk {
            content,
            cut,
            ..base.clone()
        }
    }
}

/// How values become colours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Mix {
    /// Three arrays, by their brightness.
    Arrays(LuptonLook),
    /// The elements are colours.
    Bytes,
}

/// A picture in colours.
#[derive(Debug)]
pub(crate) struct Colored {
    pub(crate) mix: Mix,
    /// Red, green, blue, opacity.
    pub(crate) bands: [Option<Band>; 4],
}

/// The tiles of a picture in colours, with what makes colours of them.
#[derive(Debug, Clone)]
pub struct Colors {
    /// Red, green, blue, opacity.
    pub tiles: [Option<Arc<Tile>>; 4],
    /// How their values become colours.
    pub blend: Blend,
}

impl Colored {
    pub(super) fn arrays(look: LuptonLook) -> Self {
        Self {
            mix: Mix::Arrays(look),
            bands: [None, None, None, None],
        }
    }

    /// The colours that an array has along an axis.
    pub(super) fn bytes(axis: usize, count: u64) -> Self {
        let band = |place: u64| (place < count).then(|| Band::new(Source::Place(axis, place)));
        Self {
            mix: Mix::Bytes,
            bands: [0, 1, 2, 3].map(band),
        }
    }

    fn band(&mut self, channel: Channel) -> Option<&mut Band> {
        self.bands.get_mut(channel as usize)?.as_mut()
    }

    /// What makes colours of values; `None` while limits are not known.
    pub(crate) fn blend(&self) -> Option<Blend> {
        let look = match &self.mix {
            Mix::Bytes => return Some(Blend::Bytes),
            Mix::Arrays(look) => look,
        };
        let bands = || self.bands.iter().take(3);
        let limits = |band: &Option<Band>| band.as_ref().map(|band| band.limits);
        let all: Vec<Option<Option<Limits>>> = bands().map(limits).collect();
        let known = || all.iter().flatten();
        if known().any(Option::is_none) {
            return None;
        }
        let at = |place: usize| all.get(place).copied().flatten().flatten();
        let low = |place: usize| at(place).map_or(0.0, |limits| limits.values[0]);
        let apart: Vec<f64> = known()
            .flatten()
            .map(|limits| limits.values[1] - limits.values[0])
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "three at most")]
        let mean = apart.iter().sum::<f64>() / apart.len().max(1) as f64;
        let mean = if mean > 0.0 && mean.is_finite() {
            mean
        } else {
            1.0
        };
        Some(Blend::Lupton(Lupton {
            minimum: look.minimum.unwrap_or([low(0), low(1), low(2)]),
            stretch: look.stretch.unwrap_or(mean),
            q: look.q,
        }))
    }

    /// The tiles, as soon as all are there.
    pub(super) fn colors(&self) -> Option<Colors> {
        let is_there = |band: &Option<Band>| match band {
            Some(band) => band.tile.is_some(),
            None => true,
        };
        if !self.bands.iter().all(is_there) || self.bands.iter().all(Option::is_none) {
            return None;
        }
        let tile = |band: &Option<Band>| band.as_ref().and_then(|band| band.tile.clone());
        let [red, green, blue, opacity] = &self.bands;
        Some(Colors {
            tiles: [tile(red), tile(green), tile(blue), tile(opacity)],
            blend: self.blend()?,
        })
    }

    /// What is read of each channel for a picture of that window, and how it becomes colours.
    pub(super) fn export(&self, ask: &TileAsk) -> Option<([Option<TileAsk>; 4], Blend)> {
        let own = |band: &Option<Band>| band.as_ref().map(|band| band.ask(ask));
        let [red, green, blue, opacity] = &self.bands;
        let asks = [own(red), own(green), own(blue), own(opacity)];
        Some((asks, self.blend()?))
    }

    /// The channels with what each shows.
    pub(super) fn parts(&self, base: &Content, cut: &Cut) -> Vec<(Channel, Content, Cut)> {
        let bands = Channel::ALL.into_iter().zip(&self.bands);
        let known = bands.filter_map(|(channel, band)| Some((channel, band.as_ref()?)));
        known
            .map(|(channel, band)| {
                let (content, cut) = band.of(base, cut);
                (channel, content, cut)
            })
            .collect()
    }

    /// The arrays of red, green and blue, with their file where it is another one.
    pub(super) fn seconds(&self) -> [Option<Arc<Second>>; 3] {
        let second = |band: &Option<Band>| match &band.as_ref()?.source {
            Source::Array(versus) => Some(Arc::clone(&versus.second)),
            Source::Place(..) => None,
        };
        let [red, green, blue, _] = &self.bands;
        [second(red), second(green), second(blue)]
    }

    /// `/rgb/red, /rgb/green, /rgb/blue`.
    fn names(&self) -> String {
        let name = |second: Option<Arc<Second>>| {
            second.map_or_else(|| "-".to_owned(), |second| second.name.clone())
        };
        self.seconds().map(name).join(", ")
    }
}

impl ImagePane {
    /// Whether three arrays show as colours, for which limits and stretch mean something else.
    pub(super) fn is_lupton(&self) -> bool {
        let mix = self.colored.as_ref().map(|colored| colored.mix);
        matches!(mix, Some(Mix::Arrays(_)))
    }

    /// Does what was typed after `rgb`, but for arrays, which are looked for before.
    pub(super) fn on_colors(&mut self, ask: &ColorsAsk) -> Vec<ImageJob> {
        let look = match self.colored.as_mut().map(|colored| &mut colored.mix) {
            Some(Mix::Arrays(look)) => Some(look),
            _ => None,
        };
        match (ask, look) {
            (ColorsAsk::Known, _) => return self.known_colors(),
            (ColorsAsk::Nothing, _) => {
                self.without_colors();
                let mut jobs = self.lay_out();
                jobs.extend(self.demand_pixel());
                return jobs;
            }
            (ColorsAsk::Arrays(..), _) => {}
            (ColorsAsk::Stretch(value), Some(look)) => look.stretch = Some(*value),
            (ColorsAsk::Softening(value), Some(look)) => look.q = *value,
            (ColorsAsk::Minimum(values), Some(look)) => look.minimum = Some(*values),
            (_, None) => {
                self.note = Some("no three arrays in colours: rgb RED GREEN BLUE".to_owned());
            }
        }
        self.demand_pixel()
    }

    /// One image again.
    pub(super) fn without_colors(&mut self) {
        if self.colored.take().is_none() {
            return;
        }
        self.fit_view();
        for channel in Channel::ALL {
            self.tickets.remove(&Lane::Channel(channel));
            self.tickets.remove(&Lane::ChannelTile(channel));
            self.tickets.remove(&Lane::ChannelLimits(channel));
        }
    }

    /// The colours that the elements are, else the arrays beside this one that are called red, green and blue.
    fn known_colors(&mut self) -> Vec<ImageJob> {
        let Some(subject) = self.shown.subject.clone() else {
            return Vec::new();
        };
        if let Some(axis) = subject.channels {
            self.show_bytes(axis);
            let mut jobs = self.lay_out();
            jobs.extend(self.demand_all());
            return jobs;
        }
        let all = || std::iter::once(&subject.path).chain(&subject.alike);
        let named = |channel: Channel| {
            let is_it = |path: &&TreePath| {
                let text = path.to_string().to_lowercase();
                let text = text.strip_suffix("/value").unwrap_or(&text);
                let last = text.rsplit('/').next().unwrap_or_default();
                last == channel.name() || last.eq_ignore_ascii_case(&channel.letter().to_string())
            };
            all()
                .find(is_it)
                .map(|path| (channel, Target::Array(path.clone())))
        };
        let found: Option<Vec<_>> = Channel::COLORS.into_iter().map(named).collect();
        if let Some(found) = found {
            return self.find_channels(found, false);
        }
        let text = format!("no arrays red, green and blue beside this one: {SYNTAX}");
        self.note = Some(text);
        Vec::new()
    }

    /// Shows the colours that an array has along an axis; the other two are across and up.
    pub(super) fn show_bytes(&mut self, axis: usize) {
        let Some(subject) = &self.shown.subject else {
            return;
        };
        let count = subject.shape.get(axis).copied().unwrap_or(0);
        if let Some(cut) = &mut self.shown.cut {
            cut.show(if axis == 0 { [1, 2] } else { [0, 1] });
            let [rows, columns] = cut.lengths();
            if self
                .view
                .is_some_and(|view| view.lengths != [columns, rows])
            {
                self.view = None;
                self.cursor = [columns / 2, rows / 2];
            }
        }
        self.colored = Some(Colored::bytes(axis, count));
        self.shown.renew();
    }

    /// Looks for the images of channels; the others stay where only one is named.
    pub fn find_channels(&mut self, asks: Vec<(Channel, Target)>, is_one: bool) -> Vec<ImageJob> {
        let look = match self.colored.take() {
            Some(colored) if is_one && matches!(colored.mix, Mix::Arrays(_)) => {
                self.colored = Some(colored);
                None
            }
            Some(Colored {
                mix: Mix::Arrays(look),
                ..
            }) => Some(look),
            _ => Some(LuptonLook::default()),
        };
        if let Some(look) = look {
            self.colored = Some(Colored::arrays(look));
        }
        // What is made of a second image would show in the place of the colours.
        self.shown.collapsed = None;
        let path = self.shown.path.clone();
        let mut jobs = self.lay_out();
        for (channel, target) in asks {
            let work = ImageWork::Second(path.clone(), target);
            jobs.push(self.job(Lane::Channel(channel), work));
        }
        jobs
    }

    /// The image of a channel is known.
    pub(super) fn take_channel(&mut self, channel: Channel, second: Second) -> Vec<ImageJob> {
        if !self.is_lupton() {
            return Vec::new();
        }
        let matched = if self.is_as_large(&second) {
            self.matched
        } else {
            Some(self.matched.unwrap_or(Interpolation::Linear))
        };
        if matched.is_some()
            && let Err(text) = self.check_way(&second)
        {
            let text = format!("{}: {}: {text}", channel.name(), second.name);
            self.note = Some(asdf_core::inspect::escape(&text).into_owned());
            return Vec::new();
        }
        let versus = Versus {
            second: Arc::new(second),
            operation: Operation::Second,
            matched,
        };
        let place = self.colored.as_mut();
        if let Some(slot) = place.and_then(|own| own.bands.get_mut(channel as usize)) {
            *slot = Some(Band::new(Source::Array(versus)));
        }
        let mut jobs = self.demand_band_limits(Some(channel));
        jobs.extend(self.demand_picture());
        jobs.extend(self.demand_pixel());
        jobs
    }

    /// Brings the arrays of the channels onto the pixels of the picture in another way, where that is possible.
    pub(super) fn match_bands(&mut self, matched: Option<Interpolation>) -> Vec<ImageJob> {
        let seconds = self.colored.as_ref().map(Colored::seconds);
        for (channel, second) in Channel::COLORS
            .into_iter()
            .zip(seconds.into_iter().flatten())
        {
            let Some(second) = second else { continue };
            let own = match matched {
                None if !self.is_as_large(&second) => Some(Interpolation::Nearest),
                other => other,
            };
            if own.is_some()
                && let Err(text) = self.check_way(&second)
            {
                self.note = Some(text);
                return Vec::new();
            }
            let band = self.colored.as_mut().and_then(|own| own.band(channel));
            if let Some(Source::Array(versus)) = band.map(|band| &mut band.source) {
                versus.matched = own;
            }
        }
        self.matched = matched;
        self.match_reason = super::second::MatchReason::Asked;
        self.note = Some(match matched {
            None => "pixel by pixel".to_owned(),
            Some(how) => format!("matched by WCS, {how}"),
        });
        let mut jobs = self.demand_band_limits(None);
        jobs.extend(self.demand_picture());
        jobs.extend(self.demand_pixel());
        jobs
    }

    /// The tiles of the channels that the view needs and that are not there.
    pub(super) fn demand_bands(&mut self, ask: &TileAsk) -> Vec<ImageJob> {
        let mut jobs = Vec::new();
        for channel in Channel::ALL {
            let lane = Lane::ChannelTile(channel);
            let band = self.colored.as_mut().and_then(|own| own.band(channel));
            let Some(band) = band else { continue };
            let own = band.ask(ask);
            if band.tile.as_ref().is_some_and(|tile| tile.ask == own) {
                band.wanted = None;
                self.tickets.remove(&lane);
            } else if band.wanted.as_ref() != Some(&own) {
                band.wanted = Some(own.clone());
                jobs.push(self.job(lane, ImageWork::BesideTile(own)));
            }
        }
        jobs
    }

    /// The limits of the arrays of all channels, or of one.
    pub(super) fn demand_band_limits(&mut self, only: Option<Channel>) -> Vec<ImageJob> {
        let (Some(content), Some(cut)) = (self.shown.content(), self.shown.cut.clone()) else {
            return Vec::new();
        };
        if !self.is_lupton() {
            return Vec::new();
        }
        let rule = self.look.rule;
        let mut jobs = Vec::new();
        for channel in Channel::COLORS {
            if only.is_some_and(|only| only != channel) {
                continue;
            }
            let band = self.colored.as_mut().and_then(|own| own.band(channel));
            let Some(band) = band else { continue };
            let lane = Lane::ChannelLimits(channel);
            if let LimitRule::Fixed(values) = rule {
                let is_exact = true;
                band.limits = Some(Limits { values, is_exact });
                self.tickets.remove(&lane);
                continue;
            }
            let (own, cut) = band.of(&content, &cut);
            jobs.push(self.job(lane, ImageWork::Limits(Box::new(own), cut, rule)));
        }
        jobs
    }

    pub(super) fn take_channel_tile(&mut self, channel: Channel, tile: Tile) {
        let band = self.colored.as_mut().and_then(|own| own.band(channel));
        if let Some(band) = band {
            band.wanted = None;
            band.tile = Some(Arc::new(tile));
        }
    }

    pub(super) fn take_channel_limits(&mut self, channel: Channel, limits: Limits) {
        let band = self.colored.as_mut().and_then(|own| own.band(channel));
        if let Some(band) = band {
            band.limits = Some(limits);
        }
    }

    /// What makes three arrays colours, where keys change it.
    fn change_lupton(&mut self, change: impl Fn(&mut LuptonLook, Lupton)) {
        let Some(colored) = &mut self.colored else {
            return;
        };
        if let (Some(Blend::Lupton(now)), Mix::Arrays(look)) = (colored.blend(), &mut colored.mix) {
            change(look, now);
        }
    }

    /// The next softening.
    pub(super) fn next_softening(&mut self) {
        self.change_lupton(|look, now| {
            let at = SOFTENINGS.iter().position(|q| q.total_cmp(&now.q).is_eq());
            let next = at.map_or(0, |at| (at + 1) % SOFTENINGS.len());
            look.q = SOFTENINGS.get(next).copied().unwrap_or(now.q);
        });
    }

    /// Makes the linear stretch longer or shorter by a tenth of it, or moves the values of black by as much.
    pub(super) fn shift_lupton(&mut self, which: usize, part: f64) {
        self.change_lupton(|look, now| {
            if which == 1 {
                let stretch = now.stretch * (1.0 + part);
                look.stretch = Some(stretch).filter(|stretch| *stretch > 0.0);
            } else {
                look.minimum = Some(now.minimum.map(|black| black + now.stretch * part));
            }
        });
    }

    /// Black and stretch by the limits of the arrays again; the softening too where all is as at first.
    pub(super) fn reset_lupton(&mut self, is_all: bool) {
        self.change_lupton(|look, now| {
            let q = if is_all {
                LuptonLook::default().q
            } else {
                now.q
            };
            *look = LuptonLook {
                q,
                ..LuptonLook::default()
            };
        });
    }
}
