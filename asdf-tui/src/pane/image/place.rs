//! Places that are looked for: the brightest pixel, a position on the sky, the plane of a wavelength.

use super::ImageJob;
use super::ImagePane;
use super::content::Content;
use super::cut::Cut;
use super::job::ImageWork;
use super::message::Lane;
use super::readout;
use super::subject::Subject;
use super::typed::Typed;
use super::viewport::Zoom;
use crate::measure::SkyToPixel;
use crate::raster::ContourLevels;
use crate::raster::Origin;
use asdf_core::AsdfFile;
use asdf_core::Error;
use asdf_core::Result;
use asdf_core::error::ErrorKind;
use asdf_core::wcs::Unit;
use asdf_core::wcs::{EvalOptions, Frame, FrameKind, Wcs};
use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wanted {
    /// The greatest finite element: in the view, or on the whole plane.
    Peak { in_view: bool },
    /// The least finite element of the plane.
    Least,
    /// A position on the sky, longitude first, in degrees.
    Sky([f64; 2]),
    /// A value of a world coordinate with its unit.
    World(String, f64, String),
}

/// What is looked for where.
#[derive(Debug, Clone)]
pub(super) struct PlaceAsk {
    content: Content,
    cut: Cut,
    /// Rows and columns.
    window: [Range<u64>; 2],
    /// The pixel of the crosshair, x first.
    cursor: [u64; 2],
    wanted: Wanted,
}

/// Elements that are read at once.
const PIECE: u64 = 1 << 20;
/// Planes whose coordinates are compared.
const MOST_PLANES: u64 = 1 << 20;

impl ImagePane {
    /// Looks for a place, to which the crosshair goes.
    pub(super) fn look_for(&mut self, wanted: Wanted) -> Vec<ImageJob> {
        let (Some(content), Some(cut)) = (self.shown.content(), self.shown.cut.clone()) else {
            return Vec::new();
        };
        let [rows, columns] = cut.lengths();
        let window = match (&wanted, self.view) {
            (Wanted::Peak { in_view: true }, Some(view)) => view.window(),
            _ => [0..rows, 0..columns],
        };
        let ask = PlaceAsk {
            content,
            cut,
            window,
            cursor: self.cursor,
            wanted,
        };
        vec![self.job(Lane::Place, ImageWork::Place(Box::new(ask)))]
    }

    /// Does what was typed.
    pub(super) fn on_typed(&mut self, typed: Typed) -> Vec<ImageJob> {
        self.note = None;
        self.hover = None;
        match typed {
            Typed::Peak => self.look_for(Wanted::Peak { in_view: false }),
            Typed::Least => self.look_for(Wanted::Least),
            Typed::Sky(place) => self.look_for(Wanted::Sky(place)),
            Typed::World(name, value, unit) => self.look_for(Wanted::World(name, value, unit)),
            Typed::Pixel(place) => self.go_to_pixel(place),
            Typed::Plane(numbers) => self.go_to_plane(&numbers),
            Typed::Aperture(radii, unit) => self.set_aperture(radii, unit),
            Typed::Marked(ask) => self.mark_up(ask),
            Typed::Limits(rule) => {
                self.look.rule = rule;
                self.new_rule()
            }
            Typed::Stretch(_) | Typed::Colormap(_) if self.colored.is_some() => {
                let text = "the picture is in colours: :rgb none shows one image";
                self.note = Some(text.to_owned());
                Vec::new()
            }
            Typed::Stretch(stretch) => {
                self.look.stretch = stretch;
                Vec::new()
            }
            Typed::Colormap(colormap) => {
                self.look.colormap = if self.look.is_inverted {
                    colormap.inverted()
                } else {
                    colormap
                };
                Vec::new()
            }
            Typed::Zoom(zoom) => self.set_zoom(zoom),
            Typed::Contours(contours) => self.set_contours(contours),
            Typed::Match(matched) => self.match_by(matched),
            Typed::Collapse(how, planes) => self.collapse(how, planes),
            Typed::Colors(ask) => self.on_colors(&ask),
            Typed::NoSecond => {
                self.second = None;
                self.beside = None;
                self.lay_out();
                self.alone()
            }
            // Which file it is of is found before.
            Typed::Second(_) => Vec::new(),
            Typed::Origin(origin) => {
                if self.view.is_some_and(|view| view.origin != origin) {
                    return self.turn_over();
                }
                self.origin = origin;
                Vec::new()
            }
        }
    }

    fn set_contours(&mut self, contours: Option<ContourLevels>) -> Vec<ImageJob> {
        self.contours = contours;
        let levels = self.contour_levels();
        let limits = self.shown.limits.map_or([0.0; 2], |limits| limits.values);
        let text = |level: &f64| readout::number_in(*level, limits[1] - limits[0]);
        let texts: Vec<String> = levels.iter().map(text).collect();
        self.note = Some(match texts.as_slice() {
            [] => "no contours".to_owned(),
            texts => format!("contours at {} {}", texts.join(", "), self.shown.unit),
        });
        Vec::new()
    }

    fn set_zoom(&mut self, zoom: Option<Zoom>) -> Vec<ImageJob> {
        match (zoom, &mut self.view) {
            (Some(zoom), _) => self.zoom(|_| zoom),
            (None, Some(view)) => {
                view.fit();
                self.demand_picture()
            }
            (None, None) => Vec::new(),
        }
    }

    /// Two numbers that are no whole ones may have been meant as a position on the sky.
    fn note_of_pixel(&self, [x, y]: [f64; 2], pixel: [u64; 2]) -> Option<String> {
        let wcs = self.shown.subject.as_ref()?.wcs.as_ref()?;
        wcs.steps().last()?.frame.celestial()?;
        let is_position = x.fract() != 0.0 && y.fract() != 0.0 && y.abs() <= 90.0;
        let [column, row] = pixel;
        let text = || format!("pixel {column}, {row}; the position on the sky is :sky {x} {y}");
        is_position.then(text)
    }

    fn go_to_pixel(&mut self, wanted: [f64; 2]) -> Vec<ImageJob> {
        let [x, y] = wanted;
        let Some(cut) = &self.shown.cut else {
            return Vec::new();
        };
        let [rows, columns] = cut.lengths();
        let place = |value: f64, length: u64| nearest(value).filter(|at| *at < length);
        let (Some(x), Some(y)) = (place(x, columns), place(y, rows)) else {
            let text = format!(
                "{x}, {y} is outside: x to {}, y to {}",
                columns - 1,
                rows - 1
            );
            self.note = Some(text);
            return Vec::new();
        };
        self.cursor = [x, y];
        self.has_crosshair = true;
        self.note = self.note_of_pixel(wanted, [x, y]);
        self.follow()
    }

    fn go_to_plane(&mut self, numbers: &[u64]) -> Vec<ImageJob> {
        let Some(cut) = &self.shown.cut else {
            return Vec::new();
        };
        let others: Vec<usize> = cut.others().collect();
        if others.len() != numbers.len() {
            self.note = Some(match others.len() {
                0 => "there is only one plane".to_owned(),
                1 => "one number tells the plane".to_owned(),
                count => format!("{count} numbers tell the plane"),
            });
            return Vec::new();
        }
        let mut index = cut.index(self.cursor);
        for (axis, number) in others.into_iter().zip(numbers) {
            if let Some(slot) = index.get_mut(axis) {
                *slot = *number;
            }
        }
        let had = self.has_crosshair;
        let moved = self.shown.cut.as_mut().and_then(|cut| cut.go_to(&index));
        self.has_crosshair = had;
        if moved.is_some() && self.shown.collapsed.take().is_some() {
            return self.renew();
        }
        match moved {
            Some((_, true)) => self.demand_all(),
            Some((_, false)) => Vec::new(),
            None => {
                self.note = Some("there is no such plane".to_owned());
                Vec::new()
            }
        }
    }

    /// The place that was looked for, or why there is none.
    pub(super) fn take_place(
        &mut self,
        found: std::result::Result<Vec<u64>, String>,
    ) -> Vec<ImageJob> {
        match found {
            Ok(index) => self.point_at(&index),
            Err(text) => {
                self.note = Some(asdf_core::inspect::escape(&text).into_owned());
                Vec::new()
            }
        }
    }

    /// Where the first row is turned to the other end.
    pub(super) fn turn_over(&mut self) -> Vec<ImageJob> {
        if let Some(view) = &mut self.view {
            view.origin = match view.origin {
                Origin::Lower => Origin::Upper,
                Origin::Upper => Origin::Lower,
            };
            self.origin = view.origin;
        }
        self.demand_picture()
    }
}

/// The pixel whose middle is nearest.
#[expect(clippy::cast_possible_truncation, reason = "of a place in an array")]
#[expect(clippy::cast_sign_loss, reason = "of a place in an array")]
pub(super) fn nearest(value: f64) -> Option<u64> {
    let whole = value.round();
    (0.0..9e15).contains(&whole).then_some(whole as u64)
}

impl PlaceAsk {
    /// The index of the element, or why there is none.
    ///
    /// # Errors
    /// The array cannot be read; the work was cancelled.
    pub(super) fn find(
        &self,
        file: &AsdfFile,
        cancel: &AtomicBool,
    ) -> Result<std::result::Result<Vec<u64>, String>> {
        match &self.wanted {
            Wanted::Peak { .. } => self.extreme(file, cancel, |value, best| value > best),
            Wanted::Least => self.extreme(file, cancel, |value, best| value < best),
            Wanted::Sky(place) => Ok(self.on_sky(*place)),
            Wanted::World(name, value, unit) => Ok(self.in_world(name, *value, unit)),
        }
    }

    /// The first element in C order that is better than all others.
    fn extreme(
        &self,
        file: &AsdfFile,
        cancel: &AtomicBool,
        is_better: impl Fn(f64, f64) -> bool,
    ) -> Result<std::result::Result<Vec<u64>, String>> {
        let plane = self.content.image(file, &self.cut)?;
        let [rows, columns] = &self.window;
        let width = columns.end.saturating_sub(columns.start).max(1);
        let height = (PIECE / width).max(1);
        let mut best: Option<(f64, [u64; 2])> = None;
        let mut row = rows.start;
        while row < rows.end {
            if cancel.load(Ordering::Relaxed) {
                return Err(Error::from(ErrorKind::Cancelled));
            }
            let end = row.saturating_add(height).min(rows.end);
            let values = plane.values(&(row..end), columns)?;
            for (place, value) in (0_u64..).zip(values) {
                if value.is_finite() && best.is_none_or(|(known, _)| is_better(value, known)) {
                    best = Some((value, [columns.start + place % width, row + place / width]));
                }
            }
            row = end;
        }
        Ok(match best {
            Some((_, pixel)) => Ok(self.cut.index(pixel)),
            None => Err("no finite value there".to_owned()),
        })
    }

    fn wcs(&self) -> std::result::Result<&Wcs, String> {
        let wcs = self.content.subject.wcs.as_deref();
        wcs.ok_or_else(|| "no WCS for the pixels of this array".to_owned())
    }

    /// The pixel at a position; of coordinates beside it those of the crosshair count.
    fn on_sky(&self, [longitude, latitude]: [f64; 2]) -> std::result::Result<Vec<u64>, String> {
        let wcs = self.wcs()?;
        let place = self.content.subject.pixel(&self.cut.index(self.cursor));
        let way = SkyToPixel::new(wcs, place.as_deref())?;
        let pixel = way.coordinates([longitude, latitude])?;
        if pixel.iter().any(|value| !value.is_finite()) {
            return Err("no pixel has this position".to_owned());
        }
        let at: Vec<Option<u64>> = pixel.iter().map(|value| nearest(*value)).collect();
        let mut index = self.cut.index(self.cursor);
        for axis in self.cut.axes() {
            let input = index.len() - 1 - axis;
            let length = self.content.subject.shape.get(axis).copied().unwrap_or(0);
            let found = at.get(input).copied().flatten().filter(|at| *at < length);
            let (Some(found), Some(slot)) = (found, index.get_mut(axis)) else {
                let texts: Vec<String> =
                    pixel.iter().map(|value| readout::number(*value)).collect();
                return Err(format!("outside of the image: pixel {}", texts.join(", ")));
            };
            *slot = found;
        }
        Ok(index)
    }

    /// The plane whose coordinate is nearest to a value, at the pixel of the crosshair.
    fn in_world(
        &self,
        name: &str,
        value: f64,
        unit: &str,
    ) -> std::result::Result<Vec<u64>, String> {
        let wcs = self.wcs()?;
        let none = || "no such coordinate in the world of this array".to_owned();
        let frame = &wcs.steps().last().ok_or_else(none)?.frame;
        let (axis, coordinate, own) = coordinate(frame, name).ok_or_else(none)?;
        let wanted = if unit.is_empty() {
            value
        } else {
            axis.spectral_coordinate(value, unit)
                .or_else(|| Unit::factor_between(unit, &own).map(|factor| value * factor))
                .ok_or_else(|| format!("{unit} does not convert into {own}"))?
        };
        let index = self.cut.index(self.cursor);
        let mut best: Option<(f64, Vec<u64>)> = None;
        let mut reached = [f64::INFINITY, f64::NEG_INFINITY];
        for axis in 0..index.len() {
            let length = self.content.subject.shape.get(axis).copied().unwrap_or(0);
            let values = along(
                wcs,
                &self.content.subject,
                &index,
                axis,
                length.min(MOST_PLANES),
                coordinate,
            );
            let values = values.map_err(|error| error.kind().to_string())?;
            let varies = values.iter().any(|value| Some(value) != values.first());
            if !varies {
                continue;
            }
            for (place, value) in (0_u64..).zip(values) {
                if !value.is_finite() {
                    continue;
                }
                reached = [reached[0].min(value), reached[1].max(value)];
                let apart = (value - wanted).abs();
                if best.as_ref().is_none_or(|(least, _)| apart < *least) {
                    let mut index = index.clone();
                    if let Some(slot) = index.get_mut(axis) {
                        *slot = place;
                    }
                    best = Some((apart, index));
                }
            }
        }
        let (apart, index) = best.ok_or_else(none)?;
        // Half a step beyond the ends still is the first or the last one.
        let [low, high] = reached;
        if (wanted < low || wanted > high) && apart > (high - low) / 2.0 {
            let [low, high] = readout::limits_text(reached);
            return Err(format!("{value} {unit} is outside of {low} … {high} {own}"));
        }
        Ok(index)
    }
}

/// A coordinate of all elements along an axis, at the others of an index.
#[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
pub(crate) fn along(
    wcs: &Wcs,
    subject: &Subject,
    index: &[u64],
    axis: usize,
    length: u64,
    coordinate: usize,
) -> Result<Vec<f64>> {
    let place = subject.pixel(index).unwrap_or_default();
    let input = index.len().saturating_sub(1).saturating_sub(axis);
    let count = usize::try_from(length).unwrap_or(usize::MAX);
    let mut columns: Vec<Vec<f64>> = place.iter().map(|value| vec![*value; count]).collect();
    let Some(column) = columns.get_mut(input) else {
        return Ok(Vec::new());
    };
    for (at, slot) in (0_u64..).zip(column) {
        *slot = at as f64;
    }
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let options = EvalOptions {
        bounds: false,
        ..EvalOptions::default()
    };
    let values = wcs.eval(&columns, &options)?;
    Ok(values.into_iter().nth(coordinate).unwrap_or_default())
}

/// The frame of the coordinate that is called so, its place and its unit: one that is not of the sky.
fn coordinate<'f>(frame: &'f Frame, name: &str) -> Option<(&'f Frame, usize, String)> {
    if let FrameKind::Composite(frames) = frame.kind() {
        return frames.iter().find_map(|frame| coordinate(frame, name));
    }
    if *frame.kind() == FrameKind::Celestial {
        return None;
    }
    let is_spectral = *frame.kind() == FrameKind::Spectral;
    let mut names = frame.axes_names().iter().enumerate();
    let own = names
        .find(|(_, known)| known.eq_ignore_ascii_case(name))
        .map(|found| found.0);
    let axis = own.or_else(|| is_spectral.then_some(0))?;
    let place = frame.axes_order().get(axis).copied().unwrap_or(axis);
    let unit = frame.units().get(axis).map(ToString::to_string);
    Some((frame, place, unit.unwrap_or_default()))
}
