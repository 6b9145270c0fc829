//! Frames of some axes of others, and of several frames side by side.

use super::Frame;
use super::FrameKind;
use crate::unit::Unit;

/// What a frame says of one of its coordinates; empty texts for what it does not.
#[derive(Debug, Clone, Default)]
pub(in crate::wcs) struct FrameAxis {
    pub(in crate::wcs) name: Box<str>,
    pub(in crate::wcs) unit: Box<str>,
    pub(in crate::wcs) physical_type: Box<str>,
}

impl Frame {
    /// What there is to say of the coordinate at a place.
    pub(in crate::wcs) fn axis(&self, place: usize) -> FrameAxis {
        if let FrameKind::Composite(frames) = &self.kind {
            let mut own = frames
                .iter()
                .filter(|frame| frame.places().contains(&place));
            return own
                .next()
                .map(|frame| frame.axis(place))
                .unwrap_or_default();
        }
        let axis = self.places().iter().position(|own| *own == place);
        let text = |texts: &[Box<str>]| {
            let own = axis.and_then(|axis| texts.get(axis).cloned());
            own.unwrap_or_default()
        };
        let default = match (&self.kind, axis) {
            (FrameKind::Celestial, _) => "deg",
            (FrameKind::Plane, _) => "pixel",
            (FrameKind::Temporal, _) => "s",
            _ => "",
        };
        let name = match (&self.kind, axis, text(&self.axes_names)) {
            (FrameKind::Celestial, Some(0), name) if name.is_empty() => "lon".into(),
            (FrameKind::Celestial, Some(1), name) if name.is_empty() => "lat".into(),
            (FrameKind::Stokes, _, name) if name.is_empty() => "stokes".into(),
            // A frame of one axis often has no other name than its own.
            (_, Some(0), name) if name.is_empty() && self.places().len() == 1 => self.name.clone(),
            (_, _, name) => name,
        };
        let unit = if self.units.is_empty() {
            default.into()
        } else {
            text(&self.units)
        };
        let physical_type = match (&self.kind, text(&self.axis_physical_types)) {
            (FrameKind::Spectral, kind) if kind.is_empty() => spectral_type(&unit).into(),
            (_, kind) => kind,
        };
        FrameAxis {
            name,
            unit,
            physical_type,
        }
    }

    /// Frames side by side: the coordinates of each follow those of the one before.
    pub(in crate::wcs) fn beside(frames: &[(Self, usize)]) -> Self {
        let mut parts = Vec::new();
        let mut start = 0;
        for (frame, count) in frames {
            parts.push(frame.moved(start));
            start += count;
        }
        let mut whole = Self::named("");
        if let [only] = parts.as_slice() {
            return only.clone();
        }
        let names: Vec<&str> = frames.iter().map(|(frame, _)| frame.name()).collect();
        whole.name = names.join(" & ").into();
        whole.kind = FrameKind::Composite(parts);
        whole
    }

    /// Its coordinates counted from another place.
    fn moved(&self, by: usize) -> Self {
        let mut moved = self.clone();
        if let FrameKind::Composite(frames) = &mut moved.kind {
            for frame in frames {
                *frame = frame.moved(by);
            }
            return moved;
        }
        moved.axes_order = self.places().iter().map(|place| place + by).collect();
        moved
    }

    /// The frame of some of the coordinates, in this order. A frame that is only a name stays one.
    pub(in crate::wcs) fn selected(&self, keep: &[usize]) -> Self {
        self.part(keep).unwrap_or_else(|| Self::named(&self.name))
    }

    /// The same; `None` when it has none of them.
    fn part(&self, keep: &[usize]) -> Option<Self> {
        if let FrameKind::Composite(frames) = &self.kind {
            let mut parts: Vec<Self> = frames.iter().filter_map(|frame| frame.part(keep)).collect();
            if parts.len() > 1 || parts.len() == frames.len() {
                let mut whole = self.clone();
                whole.kind = FrameKind::Composite(parts);
                return Some(whole);
            }
            return parts.pop();
        }
        let places = self.places();
        let kept: Vec<(usize, usize)> = places
            .iter()
            .enumerate()
            .filter_map(|(axis, place)| {
                Some((axis, keep.iter().position(|wanted| wanted == place)?))
            })
            .collect();
        if kept.is_empty() {
            return None;
        }
        let mut part = self.clone();
        part.axes_order = kept.iter().map(|kept| kept.1).collect();
        if kept.len() == places.len() {
            return Some(part);
        }
        // One coordinate of a position is not a position.
        let default = match self.kind {
            FrameKind::Celestial => "deg",
            FrameKind::Plane => "pixel",
            _ => "",
        };
        part.kind = FrameKind::Generic;
        let pick = |texts: &[Box<str>]| -> Vec<Box<str>> {
            let text = |(axis, _): &(usize, usize)| texts.get(*axis).cloned().unwrap_or_default();
            if texts.is_empty() {
                Vec::new()
            } else {
                kept.iter().map(text).collect()
            }
        };
        part.units = if self.units.is_empty() {
            vec![default.into(); kept.len()]
        } else {
            pick(&self.units)
        };
        part.axes_names = pick(&self.axes_names);
        part.axis_physical_types = pick(&self.axis_physical_types);
        part.axes_type = pick(&self.axes_type);
        Some(part)
    }

    /// The place of each axis among the coordinates.
    fn places(&self) -> Vec<usize> {
        let least = match self.kind {
            FrameKind::Celestial | FrameKind::Plane => 2,
            FrameKind::Spectral | FrameKind::Temporal | FrameKind::Stokes => 1,
            FrameKind::Generic | FrameKind::Composite(_) | FrameKind::Named => 0,
        };
        let lengths = [
            self.axes_order.len(),
            self.axes_names.len(),
            self.axis_physical_types.len(),
            self.units.len(),
        ];
        let count = lengths.into_iter().max().unwrap_or(0).max(least);
        let place = |axis: usize| self.axes_order.get(axis).copied().unwrap_or(axis);
        (0..count).map(place).collect()
    }
}

/// The physical type that gwcs gives a spectral axis of a unit, where it is a plain one.
fn spectral_type(unit: &str) -> &'static str {
    let Some(own) = Unit::parse(unit) else {
        return "";
    };
    let kinds = [
        ("m", "em.wl"),
        ("Hz", "em.freq"),
        ("J", "em.energy"),
        ("m-1", "em.wavenumber"),
    ];
    let found = kinds.into_iter().find(|(plain, _)| {
        let plain = Unit::parse(plain);
        plain.is_some_and(|plain| own.factor_to(&plain).is_some())
    });
    found.map_or("", |found| found.1)
}
