//! What the pane makes of keys.

use super::Companion;
use super::ImageJob;
use super::ImagePane;
use super::Region;
use super::flags;
use super::flags::FlagChoice;
use super::flags::FlagOrder;
use super::job::ImageWork;
use super::look::Look;
use super::message::ImageKey;
use super::message::Lane;
use super::place::Wanted;
use super::save::Export;
use super::tile::TileAsk;
use super::viewport::Direction;
use super::viewport::Zoom;
use crate::pane::chart::ChartKind;
use crate::pane::chart::ChartPane;
use crate::pane::wcs::WcsMsg;
use crate::pane::wcs::WcsPane;
use crate::raster::LimitRule;
use crate::raster::Origin;
use crate::raster::Reduction;

/// Parts of the view that keys move it by.
const PAN: f64 = 0.1;
const LEAP: f64 = 0.5;
/// Pixels that the crosshair goes with shift.
const STRIDE: u64 = 10;
/// The longer side of a picture that is written.
const SAVED: u64 = 2048;

impl ImagePane {
    pub(super) fn on_key(&mut self, key: ImageKey) -> Vec<ImageJob> {
        match key {
            ImageKey::Pan(direction) => self.pan(direction, PAN),
            ImageKey::Arrow(direction) => self.arrow(direction),
            ImageKey::Stride(direction) if self.has_crosshair => self.move_by(direction, STRIDE),
            ImageKey::Leap(direction) | ImageKey::Stride(direction) => self.pan(direction, LEAP),
            ImageKey::Peak => self.look_for(Wanted::Peak { in_view: true }),
            ImageKey::ZoomIn => self.zoom(Zoom::closer),
            ImageKey::ZoomOut => self.zoom(Zoom::further),
            ImageKey::LifeSize => self.zoom(|_| Zoom::Out(1)),
            ImageKey::Fit => {
                if let Some(view) = &mut self.view {
                    view.fit();
                }
                self.demand_picture()
            }
            ImageKey::Origin => self.turn_over(),
            ImageKey::Reduction => {
                self.reduction = match self.reduction {
                    Reduction::Mean => Reduction::Max,
                    Reduction::Max => Reduction::Mean,
                };
                self.demand_picture()
            }
            ImageKey::NextSlice => self.step_by(true, 1),
            ImageKey::PreviousSlice => self.step_by(false, 1),
            ImageKey::NextTen => self.step_by(true, 10),
            ImageKey::PreviousTen => self.step_by(false, 10),
            ImageKey::Play => self.play(),
            ImageKey::Collapse => self.next_collapse(),
            ImageKey::NextAxes => self.turn(true),
            ImageKey::PreviousAxes => self.turn(false),
            ImageKey::Crosshair => self.toggle_crosshair(),
            ImageKey::Aperture => self.toggle_aperture(),
            ImageKey::Center => self.center_aperture(),
            ImageKey::Radial => self.radial(),
            ImageKey::Region => self.mark(),
            ImageKey::Profile => self.profile(),
            ImageKey::Histogram => self.histogram(),
            ImageKey::LogUp => self.change_chart(|pane| pane.log.up = !pane.log.up),
            ImageKey::LogAcross => self.change_chart(|pane| pane.log.across = !pane.log.across),
            ImageKey::WorldAxis => {
                self.change_chart(|pane| pane.in_world = Some(!pane.is_in_world()));
                self.demand_companion().into_iter().collect()
            }
            ImageKey::KeepCurve => self.keep_curve(),
            ImageKey::Wcs => self.toggle_wcs(),
            ImageKey::Flags => self.toggle_flags(),
            ImageKey::NextFlag => self.next_flag(),
            ImageKey::ToggleFlag => self.toggle_flag(),
            ImageKey::Blink => self.blink(),
            ImageKey::NextSecond => self.next_blink(),
            ImageKey::Compare => self.next_operation(),
            ImageKey::Beside => self.toggle_beside(),
            ImageKey::Match => self.next_match(),
            ImageKey::Save => self.save().into_iter().collect(),
            ImageKey::Back => self.back(),
            other => self.on_look(other),
        }
    }

    /// What keys of brightness mean to three arrays in colours.
    fn on_lupton(&mut self, key: ImageKey) -> Vec<ImageJob> {
        match key {
            ImageKey::Stretch => self.next_softening(),
            ImageKey::RaiseUpper => self.shift_lupton(1, 0.1),
            ImageKey::LowerUpper => self.shift_lupton(1, -0.1),
            ImageKey::RaiseLower => self.shift_lupton(0, 0.1),
            ImageKey::LowerLower => self.shift_lupton(0, -0.1),
            ImageKey::Limits => {
                self.reset_lupton(false);
                self.look.next_rule();
                return self.new_rule();
            }
            ImageKey::ResetLook => {
                self.reset_lupton(true);
                self.look = Look::default();
                return self.new_rule();
            }
            _ => {
                let text = "the colours are those of three arrays: :rgb none shows one of them";
                self.note = Some(text.to_owned());
            }
        }
        Vec::new()
    }

    fn on_look(&mut self, key: ImageKey) -> Vec<ImageJob> {
        if self.is_lupton() {
            return self.on_lupton(key);
        }
        if self.colored.is_some() {
            let text = "the colours are those of the file: :rgb none shows one of its planes";
            self.note = Some(text.to_owned());
            return Vec::new();
        }
        match key {
            ImageKey::Stretch => self.look.next_stretch(),
            ImageKey::Colormap => self.look.next_colormap(),
            ImageKey::Invert => self.look.invert(),
            ImageKey::Colorbar => {
                self.has_colorbar = !self.has_colorbar;
                return self.lay_out();
            }
            ImageKey::Limits => {
                self.look.next_rule();
                return self.new_rule();
            }
            ImageKey::ResetLook => {
                self.look = Look::default();
                return self.new_rule();
            }
            ImageKey::RaiseUpper => return self.shift_limit(1, 0.1),
            ImageKey::LowerUpper => return self.shift_limit(1, -0.1),
            ImageKey::RaiseLower => return self.shift_limit(0, 0.1),
            ImageKey::LowerLower => return self.shift_limit(0, -0.1),
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn new_rule(&mut self) -> Vec<ImageJob> {
        self.forget_other_limits();
        self.demand_limits()
    }

    /// Moves one of the limits by a part of their range; from then on they are the user's own.
    fn shift_limit(&mut self, which: usize, part: f64) -> Vec<ImageJob> {
        let Some(limits) = self.shown.limits else {
            return Vec::new();
        };
        let mut values = limits.values;
        let [low, high] = values;
        if let Some(value) = values.get_mut(which) {
            *value += (high - low) * part;
        }
        let [low, high] = values;
        if low < high && low.is_finite() && high.is_finite() {
            self.look.rule = LimitRule::Fixed(values);
            return self.new_rule();
        }
        Vec::new()
    }

    fn pan(&mut self, direction: Direction, part: f64) -> Vec<ImageJob> {
        if let Some(view) = &mut self.view {
            view.pan(direction, part);
        }
        self.demand_picture()
    }

    pub(super) fn zoom(&mut self, change: impl Fn(Zoom) -> Zoom) -> Vec<ImageJob> {
        let (has_crosshair, cursor) = (self.has_crosshair, self.cursor);
        if let Some(view) = &mut self.view {
            let signed = |place: u64| i64::try_from(place).unwrap_or(i64::MAX);
            let middle = view.pixels.map(|side| signed(side / 2));
            view.zoom_at(change(view.zoom), middle);
            if has_crosshair {
                view.center(cursor.map(signed));
            }
        }
        self.demand_picture()
    }

    fn arrow(&mut self, direction: Direction) -> Vec<ImageJob> {
        if let Some(Companion::Wcs(pane)) = &mut self.companion
            && !self.has_crosshair
        {
            match direction {
                Direction::Up => pane.update(WcsMsg::Scroll(-1)),
                Direction::Down => pane.update(WcsMsg::Scroll(1)),
                Direction::Left | Direction::Right => Vec::new(),
            };
            return Vec::new();
        }
        if !self.has_crosshair {
            return self.pan(direction, PAN);
        }
        self.move_by(direction, 1)
    }

    /// Moves the crosshair, which shows from then on, by so many pixels.
    pub(super) fn move_by(&mut self, direction: Direction, by: u64) -> Vec<ImageJob> {
        let Some(view) = &self.view else {
            return Vec::new();
        };
        self.has_crosshair = true;
        let is_lower = view.origin == Origin::Lower;
        let [x, y] = self.cursor;
        let [columns, rows] = view.lengths;
        let more = |place: u64, length: u64| place.saturating_add(by).min(length.saturating_sub(1));
        let up = |up: bool| {
            if up == is_lower {
                more(y, rows)
            } else {
                y.saturating_sub(by)
            }
        };
        self.cursor = match direction {
            Direction::Left => [x.saturating_sub(by), y],
            Direction::Right => [more(x, columns), y],
            Direction::Up => [x, up(true)],
            Direction::Down => [x, up(false)],
        };
        self.hover = None;
        self.follow()
    }

    /// Keeps the crosshair in the view, and reads its pixel.
    pub(super) fn follow(&mut self) -> Vec<ImageJob> {
        let cursor = self.cursor;
        if let Some(view) = &mut self.view {
            let [rows, columns] = view.window();
            if !columns.contains(&cursor[0]) || !rows.contains(&cursor[1]) {
                view.center(cursor.map(|place| i64::try_from(place).unwrap_or(i64::MAX)));
            }
        }
        let mut jobs = self.demand_picture();
        jobs.extend(self.demand_pixel());
        jobs
    }

    fn turn(&mut self, is_forward: bool) -> Vec<ImageJob> {
        let turned = self
            .shown
            .cut
            .as_mut()
            .is_some_and(|cut| cut.turn(is_forward));
        if !turned {
            self.note = Some("there are only two axes".to_owned());
            return Vec::new();
        }
        let Some([rows, columns]) = self.shown.cut.as_ref().map(super::Cut::lengths) else {
            return Vec::new();
        };
        self.shown.collapsed = None;
        if !self.is_lupton() {
            self.without_colors();
        }
        self.shown.renew();
        self.view = None;
        self.shown.tile = None;
        self.region = Region::None;
        self.cursor = [columns / 2, rows / 2];
        self.lay_out();
        self.demand_all()
    }

    fn toggle_crosshair(&mut self) -> Vec<ImageJob> {
        self.has_crosshair = !self.has_crosshair;
        if self.has_crosshair {
            self.follow()
        } else {
            Vec::new()
        }
    }

    /// A corner of a region, then the other, then none.
    fn mark(&mut self) -> Vec<ImageJob> {
        match self.region {
            Region::None => {
                self.has_crosshair = true;
                self.region = Region::Begun(self.cursor);
                self.follow()
            }
            Region::Begun(corner) => {
                self.region = Region::Whole([corner, self.cursor], None);
                self.demand_region().into_iter().collect()
            }
            Region::Whole(..) => {
                self.region = Region::None;
                Vec::new()
            }
        }
    }

    fn profile(&mut self) -> Vec<ImageJob> {
        let now = match &self.companion {
            Some(Companion::Chart(pane)) => Some(pane.kind()),
            _ => None,
        };
        let others = self
            .shown
            .cut
            .as_ref()
            .map_or(0, |cut| cut.others().count());
        let next = match now {
            Some(ChartKind::Row) => Some(ChartKind::Column),
            Some(ChartKind::Column) => Some(ChartKind::Diagonal),
            Some(ChartKind::Diagonal) if others > 0 => Some(ChartKind::Along(others - 1)),
            Some(ChartKind::Along(other)) if other > 0 => Some(ChartKind::Along(other - 1)),
            Some(ChartKind::Diagonal | ChartKind::Along(_)) => None,
            Some(ChartKind::Histogram | ChartKind::Radial) | None => Some(ChartKind::Row),
        };
        if next.is_some() {
            self.has_crosshair = true;
        }
        self.accompany(next.map(|kind| Companion::Chart(ChartPane::new(kind))))
    }

    /// Changes the chart below the picture, if there is one.
    fn change_chart(&mut self, change: impl Fn(&mut ChartPane)) -> Vec<ImageJob> {
        match &mut self.companion {
            Some(Companion::Chart(pane)) => change(pane),
            _ => self.note = Some("there is no chart: p, t or u".to_owned()),
        }
        Vec::new()
    }

    fn keep_curve(&mut self) -> Vec<ImageJob> {
        let kept = match &mut self.companion {
            Some(Companion::Chart(pane)) => pane.keep(),
            _ => false,
        };
        self.note = Some(if kept {
            "the curve stays beside those that follow".to_owned()
        } else {
            "there is no curve to be kept".to_owned()
        });
        Vec::new()
    }

    fn histogram(&mut self) -> Vec<ImageJob> {
        let is_shown = matches!(
            &self.companion,
            Some(Companion::Chart(pane)) if pane.kind() == ChartKind::Histogram
        );
        let chart = || Companion::Chart(ChartPane::new(ChartKind::Histogram));
        self.accompany((!is_shown).then(chart))
    }

    fn radial(&mut self) -> Vec<ImageJob> {
        let is_shown = matches!(
            &self.companion,
            Some(Companion::Chart(pane)) if pane.kind() == ChartKind::Radial
        );
        let mut jobs = Vec::new();
        if self.aperture.is_none() && !is_shown {
            jobs = self.toggle_aperture();
        }
        let chart = || Companion::Chart(ChartPane::new(ChartKind::Radial));
        jobs.extend(self.accompany((!is_shown).then(chart)));
        jobs
    }

    fn toggle_wcs(&mut self) -> Vec<ImageJob> {
        let is_shown = matches!(&self.companion, Some(Companion::Wcs(_)));
        self.accompany((!is_shown).then(|| Companion::Wcs(WcsPane::default())))
    }

    fn accompany(&mut self, companion: Option<Companion>) -> Vec<ImageJob> {
        self.companion = companion;
        self.tickets.remove(&Lane::Chart);
        self.tickets.remove(&Lane::Wcs);
        let mut jobs = self.lay_out();
        jobs.extend(self.demand_companion());
        jobs
    }

    fn toggle_flags(&mut self) -> Vec<ImageJob> {
        let has = self
            .shown
            .subject
            .as_ref()
            .is_some_and(|subject| subject.flags.is_some());
        if !has {
            self.note = Some("there are no flags beside this array".to_owned());
            return Vec::new();
        }
        self.flags = match self.flags {
            None => Some(FlagChoice::default()),
            Some(_) => None,
        };
        self.demand_picture()
    }

    /// The legend of the flags in the view.
    pub fn legend(&self) -> Vec<flags::FlagLine> {
        let source = self
            .shown
            .subject
            .as_ref()
            .and_then(|subject| subject.flags.as_ref());
        match (&self.flags, &self.shown.flag_counts, source) {
            (Some(choice), Some(counts), Some(source)) => {
                flags::legend(counts, &source.names, choice)
            }
            _ => Vec::new(),
        }
    }

    /// Which flag stands in front and which colours they have.
    pub fn flag_order(&self) -> FlagOrder {
        let front = self.flags.as_ref().and_then(|choice| {
            let lines = self.legend();
            choice
                .is_chosen
                .then(|| lines.get(choice.at).map(|line| line.bit))?
        });
        FlagOrder::new(self.shown.flag_counts.as_ref(), front)
    }

    fn next_flag(&mut self) -> Vec<ImageJob> {
        let lines = self.legend().len();
        if let Some(choice) = &mut self.flags {
            choice.at = (choice.at + 1).checked_rem(lines).unwrap_or(0);
            choice.is_chosen = true;
        }
        Vec::new()
    }

    fn toggle_flag(&mut self) -> Vec<ImageJob> {
        let lines = self.legend();
        if let Some(choice) = &mut self.flags
            && let Some(line) = lines.get(choice.at)
        {
            choice.bits ^= 1 << line.bit;
        }
        self.demand_picture()
    }

    fn save(&mut self) -> Option<ImageJob> {
        let view = self.view?;
        let limits = self.shown.limits?.values;
        let window = view.window();
        let length = |range: &std::ops::Range<u64>| range.end - range.start;
        let longest = window
            .iter()
            .map(length)
            .max()
            .filter(|length| *length > 0)?;
        let ask = TileAsk {
            content: self.shown.content()?,
            cut: self.shown.cut.clone()?,
            window,
            factor: longest.div_ceil(SAVED).max(1),
            reduction: self.reduction,
        };
        let colored = self.colored.as_ref();
        let export = Export {
            bands: colored.and_then(|colored| colored.export(&ask)),
            ask,
            look: self.look.clone(),
            limits,
            origin: view.origin,
            folder: self.folder.clone(),
        };
        self.note = Some("writing …".to_owned());
        Some(self.job(Lane::Save, ImageWork::Save(Box::new(export))))
    }

    fn back(&mut self) -> Vec<ImageJob> {
        if self.region != Region::None {
            self.region = Region::None;
        } else if self.companion.is_some() {
            return self.accompany(None);
        } else if self.aperture.take().is_some() {
            self.tickets.remove(&Lane::Measure);
        } else {
            self.has_crosshair = false;
        }
        Vec::new()
    }

    /// Whether there is something that [`ImageKey::Back`] would leave.
    pub fn has_something_to_leave(&self) -> bool {
        self.region != Region::None
            || self.companion.is_some()
            || self.aperture.is_some()
            || self.has_crosshair
    }
}
