//! A second image beside the first: difference, ratio, blinking, side by side, matched by the WCS of both.

use super::ImageJob;
use super::ImagePane;
use super::Shown;
use super::content::Versus;
use super::cut::Cut;
use super::job::ImageWork;
use super::message::Lane;
use super::subject::Subject;
use super::tile::Limits;
use super::tile::Tile;
use super::tile::TileAsk;
use crate::measure::Matched;
use crate::measure::OnSky;
use crate::raster::Interpolation;
use crate::raster::LimitRule;
use crate::raster::Operation;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::Result;
use asdf_core::TreePath;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;

/// A second image.
#[derive(Debug)]
pub struct Second {
    /// Its file; `None` for that of the first.
    pub file: Option<Arc<AsdfFile>>,
    /// Its array.
    pub subject: Arc<Subject>,
    /// What it is called.
    pub name: String,
}

/// Where a second image is.
#[derive(Debug, Clone)]
pub enum Target {
    /// In the same file.
    Array(TreePath),
    /// In another one that is open: without a path there at that of the first, or what the file is about.
    File(Arc<AsdfFile>, Option<TreePath>),
    /// In one that is to be opened.
    Open(PathBuf, Option<TreePath>),
}

/// What is done as soon as there is a second image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// What becomes of both is shown.
    Operation(Operation),
    /// Both are shown.
    Beside,
    /// They are changed between.
    Blink,
    /// Nothing yet.
    Known,
}

/// Why a second image is brought onto the pixels of the first in one way or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MatchReason {
    /// It follows from the sizes of both.
    Sizes,
    /// It was asked for.
    Asked,
}

/// The second image at the right of the first.
#[derive(Debug)]
pub(crate) struct Half {
    pub(crate) versus: Versus,
    pub(crate) tile: Option<Arc<Tile>>,
    pub(crate) limits: Option<Limits>,
    wanted: Option<TileAsk>,
}

impl Half {
    fn new(versus: Versus) -> Self {
        Self {
            versus,
            tile: None,
            limits: None,
            wanted: None,
        }
    }
}

impl Second {
    /// Finds out about it.
    ///
    /// # Errors
    /// There is no such array, or it is no picture.
    pub(super) fn find(file: &AsdfFile, first: &TreePath, target: Target) -> Result<Self> {
        let (other, path) = match target {
            Target::Array(path) => (None, Some(path)),
            Target::File(other, path) => (Some(other), path),
            Target::Open(path, _) => {
                return Err(Error::of_caller("the file is not open".to_owned()).at_file(&path));
            }
        };
        let at = other.as_deref().unwrap_or(file);
        let path = match path {
            Some(path) => path,
            None if at.node(first).is_ok() => first.clone(),
            None => at
                .main_array()?
                .map(asdf_core::Node::path)
                .ok_or_else(|| Error::of_caller("no array that is a picture".to_owned()))?,
        };
        let subject = Subject::find(at, &path).map_err(|error| at.name_in(error))?;
        let short = |file: &Arc<AsdfFile>| {
            let name = file.name().file_name().map(OsStr::to_string_lossy);
            format!("{} ", name.unwrap_or_default())
        };
        let name = other.as_ref().map(short).unwrap_or_default();
        Ok(Self {
            name: format!("{name}{path}"),
            file: other,
            subject: Arc::new(subject),
        })
    }

    /// From the pixels of the first to its own.
    ///
    /// # Errors
    /// One of the two has no WCS, or other axes show than those of the sky.
    pub(super) fn way(&self, first: &Subject, cut: &Cut, own: &Cut) -> Result<Matched> {
        let on_sky = |subject: &Subject, cut: &Cut| {
            let reason = || Error::of_caller("no WCS for the pixels".to_owned());
            let wcs = subject.wcs.clone().ok_or_else(reason)?;
            let rank = subject.shape.len();
            if cut.axes() != [rank.saturating_sub(2), rank.saturating_sub(1)] {
                let reason = "images are matched by their last two axes";
                return Err(Error::of_caller(reason.to_owned()));
            }
            let pixel = subject.pixel(&cut.index([0, 0])).ok_or_else(reason)?;
            Ok(OnSky { wcs, pixel })
        };
        let told = |error: Error, path: &TreePath| error.at_node(path);
        Ok(Matched {
            from: on_sky(first, cut).map_err(|error| told(error, &first.path))?,
            to: on_sky(&self.subject, own).map_err(|error| told(error, &self.subject.path))?,
        })
    }
}

impl ImagePane {
    /// The other open files, the next one first: a second image may be in one of them.
    pub fn know_neighbours(&mut self, files: Vec<Arc<AsdfFile>>) {
        self.neighbours = files;
    }

    /// Looks for a second image, for which something is done then.
    pub fn compare_with(&mut self, target: Target, wish: Wish) -> Vec<ImageJob> {
        self.wish = wish;
        let work = ImageWork::Second(self.shown.path.clone(), target);
        vec![self.job(Lane::Second, work)]
    }

    /// What a second image is wanted for when another one is named.
    pub fn wish_for_second(&self) -> Wish {
        match (&self.shown.versus, &self.beside) {
            (Some(versus), _) if versus.operation != Operation::Second => {
                Wish::Operation(versus.operation)
            }
            (_, Some(_)) => Wish::Beside,
            _ => Wish::Known,
        }
    }

    /// Where second images may be: the same array in other open files, then arrays beside this one.
    fn targets(&self) -> Vec<Target> {
        let other = |file: &Arc<AsdfFile>| Target::File(Arc::clone(file), None);
        let beside = self.shown.subject.iter().flat_map(|subject| &subject.alike);
        let beside = beside.map(|path| Target::Array(path.clone()));
        self.neighbours.iter().map(other).chain(beside).collect()
    }

    /// Does something with the second image; looks for one where there is none.
    fn with_second(&mut self, wish: Wish) -> Vec<ImageJob> {
        if self.second.is_some() {
            return self.fulfil(wish);
        }
        if let Some(target) = self.targets().into_iter().next() {
            return self.compare_with(target, wish);
        }
        let text = "no second image: open another file (o), or :second FILE PATH";
        self.note = Some(text.to_owned());
        Vec::new()
    }

    /// Difference, ratio, the first alone.
    pub(super) fn next_operation(&mut self) -> Vec<ImageJob> {
        let now = self.shown.versus.as_ref().map(|versus| versus.operation);
        match now {
            None | Some(Operation::Second) => {
                self.with_second(Wish::Operation(Operation::Difference))
            }
            Some(Operation::Difference) => self.with_second(Wish::Operation(Operation::Ratio)),
            Some(Operation::Ratio) => self.alone(),
        }
    }

    /// The first image without the second.
    pub(super) fn alone(&mut self) -> Vec<ImageJob> {
        self.shown.versus = None;
        self.forget_blinked();
        self.renew()
    }

    /// Both images, or the first alone.
    pub(super) fn toggle_beside(&mut self) -> Vec<ImageJob> {
        if self.beside.take().is_none() {
            return self.with_second(Wish::Beside);
        }
        self.tickets.remove(&Lane::BesideTile);
        self.tickets.remove(&Lane::BesideLimits);
        self.lay_out()
    }

    /// The next of the images that may be the second.
    pub(super) fn next_second(&mut self) -> Vec<ImageJob> {
        let targets = self.targets();
        let now = self.second.as_ref().and_then(|second| {
            targets.iter().position(|target| match target {
                Target::Array(path) => second.file.is_none() && *path == second.subject.path,
                Target::File(file, _) => second
                    .file
                    .as_ref()
                    .is_some_and(|own| Arc::ptr_eq(own, file)),
                Target::Open(..) => false,
            })
        });
        let next = now.map_or(0, |at| at + 1).checked_rem(targets.len());
        let target = next.and_then(|next| targets.get(next)).cloned();
        let wish = self.wish_for_second();
        match target {
            Some(target) => self.compare_with(target, wish),
            None => self.with_second(wish),
        }
    }

    /// Pixel by pixel, or by the WCS of both with the nearest pixel or linearly.
    pub(super) fn next_match(&mut self) -> Vec<ImageJob> {
        let next = match self.matched {
            None => Some(Interpolation::Nearest),
            Some(Interpolation::Nearest) => Some(Interpolation::Linear),
            Some(Interpolation::Linear) => None,
        };
        self.match_by(next)
    }

    /// Brings the second image onto the pixels of the first in another way.
    pub(super) fn match_by(&mut self, matched: Option<Interpolation>) -> Vec<ImageJob> {
        let Some(second) = self.second.clone() else {
            if self.is_lupton() {
                return self.match_bands(matched);
            }
            self.matched = matched;
            self.match_reason = MatchReason::Asked;
            return self.with_second(Wish::Known);
        };
        let matched = match matched {
            // Images of other sizes have no pixels in common.
            None if !self.is_as_large(&second) => Some(Interpolation::Nearest),
            other => other,
        };
        if matched.is_some()
            && let Err(text) = self.check_way(&second)
        {
            self.note = Some(text);
            return Vec::new();
        }
        self.matched = matched;
        self.match_reason = MatchReason::Asked;
        self.note = Some(match matched {
            None => "pixel by pixel".to_owned(),
            Some(how) => format!("matched by WCS, {how}"),
        });
        if let Some(versus) = &mut self.shown.versus {
            versus.matched = matched;
        }
        if let Some(half) = &mut self.beside {
            half.versus.matched = matched;
        }
        self.forget_blinked();
        self.renew()
    }

    pub(super) fn is_as_large(&self, second: &Second) -> bool {
        let Some(cut) = &self.shown.cut else {
            return false;
        };
        let own = cut.beside(&second.subject.shape);
        own.is_some_and(|own| own.lengths() == cut.lengths())
    }

    /// Whether the WCS of both lead from one to the other.
    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
    pub(super) fn check_way(&self, second: &Second) -> std::result::Result<(), String> {
        let (Some(subject), Some(cut)) = (&self.shown.subject, &self.shown.cut) else {
            return Ok(());
        };
        let none = || "no plane of the second image for these axes".to_owned();
        let own = cut.beside(&second.subject.shape).ok_or_else(none)?;
        let way = second.way(subject, cut, &own);
        let way = way.map_err(|error| error.to_string())?;
        let [rows, columns] = cut.lengths();
        way.check([columns as f64 / 2.0, rows as f64 / 2.0])
    }

    /// The second image is known: what was to be done with it is done.
    pub(super) fn take_second(&mut self, second: Second) -> Vec<ImageJob> {
        if self.shown.cut.is_none() && self.error.is_none() {
            // Whether both are of one size is not known yet.
            self.early = Some(Box::new(second));
            return Vec::new();
        }
        let is_as_large = self.is_as_large(&second);
        if self.match_reason == MatchReason::Sizes || !is_as_large && self.matched.is_none() {
            self.matched = (!is_as_large).then_some(Interpolation::Linear);
            self.match_reason = MatchReason::Sizes;
        }
        if self.matched.is_some()
            && let Err(text) = self.check_way(&second)
        {
            self.matched = None;
            if !self.is_as_large(&second) {
                let size = |[rows, columns]: [u64; 2]| format!("{columns}×{rows}");
                let own = self.shown.cut.as_ref().map(Cut::lengths);
                let other = Cut::new(&second.subject.shape).map(|cut| cut.lengths());
                let [own, other] =
                    [own, other].map(|lengths| lengths.map(size).unwrap_or_default());
                let text = format!("{other} pixels of {} beside {own}: {text}", second.name);
                self.note = Some(asdf_core::inspect::escape(&text).into_owned());
                return Vec::new();
            }
        }
        let name = asdf_core::inspect::escape(&second.name).into_owned();
        let how = match self.matched {
            None => "pixel by pixel".to_owned(),
            Some(how) => format!("matched by WCS, {how}"),
        };
        self.note = Some(format!("second image: {name}, {how}"));
        self.second = Some(Arc::new(second));
        self.forget_blinked();
        let mut jobs = self.fulfil(self.wish);
        if std::mem::take(&mut self.is_beside_too) {
            jobs.extend(self.fulfil(Wish::Beside));
        }
        jobs
    }

    fn versus(&self, operation: Operation) -> Option<Versus> {
        Some(Versus {
            second: self.second.clone()?,
            operation,
            matched: self.matched,
        })
    }

    fn fulfil(&mut self, wish: Wish) -> Vec<ImageJob> {
        match wish {
            Wish::Operation(operation) => {
                self.without_colors();
                self.shown.versus = self.versus(operation);
                self.forget_blinked();
                self.renew()
            }
            Wish::Beside => {
                self.beside = self.versus(Operation::Second).map(Half::new);
                let mut jobs = self.lay_out();
                jobs.extend(self.demand_beside_limits());
                jobs.extend(self.demand_pixel());
                jobs
            }
            Wish::Blink => self.blink_second(),
            Wish::Known => Vec::new(),
        }
    }

    /// Changes to the same array of another open file on the pixels of this one.
    pub(super) fn blink_with_file(&mut self) -> Vec<ImageJob> {
        if self.targets().is_empty() {
            self.note = Some("no other array with planes as large beside it".to_owned());
            return Vec::new();
        }
        self.with_second(Wish::Blink)
    }

    /// Changes between the first image and the second on its pixels.
    pub(super) fn blink_second(&mut self) -> Vec<ImageJob> {
        let is_kept = |other: &Shown| other.versus.is_some() != self.shown.versus.is_some();
        if !self.other.as_ref().is_some_and(is_kept) {
            let versus = match &self.shown.versus {
                Some(_) => None,
                None => self.versus(Operation::Second),
            };
            self.other = Some(self.shown.with(versus));
        }
        self.change()
    }

    /// What blinking changed to is another image now.
    fn forget_blinked(&mut self) {
        let is_own = |other: &Shown| other.path == self.shown.path;
        if self.other.as_ref().is_some_and(is_own) {
            self.other = None;
        }
    }

    /// Other values show at the same place.
    pub(super) fn renew(&mut self) -> Vec<ImageJob> {
        self.shown.renew();
        self.demand_all()
    }

    /// What the second image at the right needs and has not.
    pub(super) fn demand_beside(&mut self, ask: &TileAsk) -> Option<ImageJob> {
        let half = self.beside.as_mut()?;
        let mut wanted = ask.clone();
        wanted.content.versus = Some(half.versus.clone());
        let has = |tile: &Arc<Tile>| tile.ask == wanted;
        if half.tile.as_ref().is_some_and(has) || half.wanted.as_ref() == Some(&wanted) {
            return None;
        }
        half.wanted = Some(wanted.clone());
        Some(self.job(Lane::BesideTile, ImageWork::BesideTile(wanted)))
    }

    /// The limits of the second image at the right.
    pub(super) fn demand_beside_limits(&mut self) -> Option<ImageJob> {
        let half = self.beside.as_mut()?;
        if let LimitRule::Fixed(values) = self.look.rule {
            let is_exact = true;
            half.limits = Some(Limits { values, is_exact });
            return None;
        }
        let versus = half.versus.clone();
        let mut content = self.shown.content()?;
        content.versus = Some(versus);
        let work = ImageWork::Limits(Box::new(content), self.shown.cut.clone()?, self.look.rule);
        Some(self.job(Lane::BesideLimits, work))
    }

    pub(super) fn take_beside(&mut self, tile: Tile) {
        if let Some(half) = &mut self.beside {
            half.wanted = None;
            half.tile = Some(Arc::new(tile));
        }
    }

    pub(super) fn take_beside_limits(&mut self, limits: Limits) {
        if let Some(half) = &mut self.beside {
            half.limits = Some(limits);
        }
    }

    /// Another plane shows.
    pub(super) fn forget_beside(&mut self) {
        if let Some(half) = &mut self.beside {
            half.wanted = None;
            half.tile = None;
        }
    }
}
