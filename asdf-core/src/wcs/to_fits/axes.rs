//! What the axes of frames are called in FITS, and the cards of their reference.

use super::super::frame::{Frame, FrameKind};
use super::super::header;
use super::super::sip::{reference_cards, sky_names};
use super::super::{SipCard, SipValue, Wcs};
use crate::file::AsdfFile;
use crate::tree::{Node, Value};

/// How a coordinate goes with the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    Line,
    Logarithm,
}

/// An axis of the world as FITS has it.
#[derive(Debug, Clone)]
pub(super) struct WorldAxis {
    /// `CTYPEi`, without the code of a projection.
    pub(super) kind: String,
    /// `CUNITi`.
    pub(super) unit: String,
    pub(super) curve: Curve,
}

/// The axes of a WCS, in the order of the coordinates; `None` where the frames say nothing of one.
pub(super) fn of(wcs: &Wcs, count: usize) -> Option<Vec<WorldAxis>> {
    let frame = &wcs.steps().last()?.frame;
    let mut found: Vec<Option<WorldAxis>> = vec![None; count];
    put(frame, &mut found);
    found.into_iter().collect()
}

fn put(frame: &Frame, found: &mut [Option<WorldAxis>]) {
    if let FrameKind::Composite(frames) = frame.kind() {
        for own in frames {
            put(own, found);
        }
        return;
    }
    let count = match frame.kind() {
        FrameKind::Celestial | FrameKind::Plane => 2,
        FrameKind::Generic => frame.axes_order().len().max(frame.axes_names().len()),
        _ => 1,
    };
    for axis in 0..count {
        let place = frame.axes_order().get(axis).copied().unwrap_or(axis);
        let unit = frame.units().get(axis).map_or("", |unit| &**unit);
        let own = WorldAxis {
            kind: kind(frame, axis),
            // Positions come in degrees, whatever their frame has.
            unit: match frame.kind() {
                FrameKind::Celestial => "deg".to_owned(),
                FrameKind::Stokes => String::new(),
                // A blank multiplies in FITS as well; a fraction has none around its line.
                _ => unit.replace(" / ", "/"),
            },
            curve: Curve::Line,
        };
        if let Some(slot) = found.get_mut(place) {
            *slot = Some(own);
        }
    }
}

fn kind(frame: &Frame, axis: usize) -> String {
    match frame.kind() {
        FrameKind::Celestial => {
            let [longitude, latitude] = sky_names(frame);
            if axis == 0 { longitude } else { latitude }.to_owned()
        }
        FrameKind::Spectral => {
            let unit = frame.units().first().map_or("", |unit| &**unit);
            let physical = frame.axis_physical_types().first().map_or("", |own| &**own);
            header::spectral_kind(frame.name(), physical, unit).to_owned()
        }
        FrameKind::Stokes => "STOKES".to_owned(),
        FrameKind::Temporal => header::time_kind(frame.name()).to_owned(),
        _ => {
            let physical = frame.axis_physical_types().get(axis);
            let own = physical.and_then(|own| own.strip_prefix("custom:"));
            let name = own.or_else(|| frame.axes_names().get(axis).map(|name| &**name));
            let is_plain = |name: &&str| {
                let mut letters = name.bytes();
                (1..=8).contains(&name.len())
                    && letters.all(|letter| letter.is_ascii_alphanumeric())
            };
            let name = name
                .filter(is_plain)
                .unwrap_or("LINEAR")
                .to_ascii_uppercase();
            // A name that is something else in FITS would be read as that.
            if header::is_plain_axis(&name) {
                name
            } else {
                "LINEAR".to_owned()
            }
        }
    }
}

pub(super) fn push_text(
    cards: &mut Vec<SipCard>,
    keyword: &str,
    text: &str,
    comment: &'static str,
) {
    cards.push((keyword.to_owned(), SipValue::Text(text.to_owned()), comment));
}

/// The cards of the reference frames: equatorial system, Doppler frame, rest frequency, place of the observer.
pub(super) fn add_frame(cards: &mut Vec<SipCard>, file: &AsdfFile, wcs: &Wcs) {
    let Some(step) = wcs.steps().last() else {
        return;
    };
    if !step.frame.name().is_empty() && step.frame.name().is_ascii() {
        push_text(
            cards,
            "WCSNAME",
            step.frame.name(),
            "name of the coordinate frame",
        );
    }
    if let Some(frame) = step.frame.celestial() {
        reference_cards(frame.reference_frame(), cards);
    }
    for node in wcs.model_nodes(file).into_iter().flatten() {
        let steps = node.get("steps").and_then(Node::as_seq);
        let Some(frame) = steps.and_then(|steps| steps.iter().last()?.get("frame")) else {
            continue;
        };
        let parts = frame.get("frames").and_then(Node::as_seq);
        let frames = parts.iter().flat_map(|parts| parts.iter()).chain([frame]);
        for frame in frames {
            spectral(cards, frame);
        }
    }
}

/// What a spectral frame has beside the keys of gwcs (spec-notes F-88).
fn spectral(cards: &mut Vec<SipCard>, frame: Node<'_>) {
    let text = |key: &str| frame.get(key).and_then(Node::text);
    let position = match text("reference_position") {
        Some("geocenter") => Some("GEOCENTR"),
        Some("barycenter") => Some("BARYCENT"),
        Some("heliocenter") => Some("HELIOCEN"),
        _ => None,
    };
    if let Some(system) = text("specsys").or(position) {
        push_text(cards, "SPECSYS", system, "Doppler frame");
    }
    if let Some(system) = text("ssysobs") {
        push_text(cards, "SSYSOBS", system, "Doppler frame of the observer");
    }
    #[expect(clippy::cast_precision_loss, reason = "a number of a header")]
    let number = |node: Node<'_>| match node.value() {
        Value::Float(value) => Some(value),
        Value::Int(value) => Some(value as f64),
        _ => None,
    };
    for (key, keyword, comment) in [
        ("restfrq", "RESTFRQ", "[Hz] rest frequency"),
        ("restwav", "RESTWAV", "[m] rest wavelength"),
        ("velosys", "VELOSYS", "[m/s] velocity of the observer"),
        ("zsource", "ZSOURCE", "redshift of the source"),
    ] {
        if let Some(value) = frame.get(key).and_then(number) {
            cards.push((keyword.to_owned(), SipValue::Real(value), comment));
        }
    }
    let place = frame.get("obsgeo").and_then(Node::as_seq);
    for (value, side) in place
        .iter()
        .flat_map(|list| list.iter())
        .zip(["X", "Y", "Z"])
    {
        if let Some(value) = number(value) {
            cards.push((
                format!("OBSGEO-{side}"),
                SipValue::Real(value),
                "[m] place of the observer",
            ));
        }
    }
}
