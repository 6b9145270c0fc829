//! What a WCS says of a pixel.

use crate::pane::image::readout;
use crate::pane::image::readout::World;
use asdf_core::AsdfFile;
use asdf_core::Result;
use asdf_core::inspect::PipelineKind;
use asdf_core::inspect::escape;
use asdf_core::inspect::pipeline;
use asdf_core::transform::BoundingBox;
use asdf_core::wcs::{EvalOptions, Frame, Inverse, Wcs};
use std::sync::Arc;

/// Which pixel of which WCS.
#[derive(Debug, Clone)]
pub struct WcsAsk {
    /// The WCS; `None` where the array has none.
    pub wcs: Option<Arc<Wcs>>,
    /// The pixel coordinates, x first, counted from 0 at the centre of the first pixel.
    pub pixel: Vec<f64>,
}

/// A line of the pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WcsLine {
    /// Levels that it is indented by.
    pub depth: usize,
    /// What it is about.
    pub kind: WcsLineKind,
    /// Its text, escaped.
    pub text: String,
    /// What is less important, escaped.
    pub detail: String,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WcsLineKind {
    /// The pixel, scale, bounding box.
    Fact,
    /// Something to be aware of: outside of the bounding box, no inverse.
    Warning,
    /// A frame.
    Frame,
    /// Coordinates in a frame.
    Values,
    /// A model, or models side by side.
    Model,
    /// Something about the models above.
    Note,
}

impl WcsAsk {
    /// Everything that is to be told.
    pub fn report(&self, file: &AsdfFile) -> Vec<WcsLine> {
        let Some(wcs) = &self.wcs else {
            let text = "no WCS for the pixels of this array";
            return vec![line(WcsLineKind::Warning, text)];
        };
        let mut lines = Vec::new();
        lines.push(line(WcsLineKind::Fact, format!("WCS {}", wcs.path())));
        let texts: Vec<String> = self
            .pixel
            .iter()
            .map(|value| readout::number(*value))
            .collect();
        lines.push(line(
            WcsLineKind::Fact,
            format!("pixel {}", texts.join(", ")),
        ));
        self.place(wcs, &mut lines);
        lines.push(box_line(wcs));
        lines.push(self.residual(wcs));
        lines.extend(self.scale(wcs));
        lines.push(line(WcsLineKind::Fact, ""));
        self.frames(file, wcs, &mut lines);
        lines
    }

    fn columns(&self) -> Vec<&[f64]> {
        self.pixel.iter().map(std::slice::from_ref).collect()
    }

    fn place(&self, wcs: &Wcs, lines: &mut Vec<WcsLine>) {
        let Some(world) = World::of(wcs, &self.pixel) else {
            let text = "the transforms cannot be evaluated";
            lines.push(line(WcsLineKind::Warning, text));
            return;
        };
        lines.push(line(WcsLineKind::Fact, world.text));
        lines.push(if world.is_inside {
            line(WcsLineKind::Fact, "inside of the bounding box")
        } else {
            line(WcsLineKind::Warning, "outside of the bounding box")
        });
    }

    /// How far the inverse leads from the pixel.
    fn residual(&self, wcs: &Wcs) -> WcsLine {
        let back = || -> Result<Vec<f64>> {
            let unbounded = |inverse| EvalOptions {
                bounds: false,
                inverse,
                ..EvalOptions::default()
            };
            let world = wcs.eval(&self.columns(), &unbounded(None))?;
            let world: Vec<&[f64]> = world.iter().map(Vec::as_slice).collect();
            let pixels = wcs.eval(&world, &unbounded(Some(Inverse::Given)))?;
            let first = |column: &Vec<f64>| column.first().copied();
            Ok(pixels.iter().filter_map(first).collect())
        };
        match back() {
            Ok(pixels) => {
                let apart = |(back, own): (&f64, &f64)| (back - own).powi(2);
                let squares: f64 = pixels.iter().zip(&self.pixel).map(apart).sum();
                let text = format!("inverse is off by {:.1e} pixels", squares.sqrt());
                line(WcsLineKind::Fact, text)
            }
            Err(error) => line(
                WcsLineKind::Warning,
                format!("no inverse: {}", error.kind()),
            ),
        }
    }

    fn scale(&self, wcs: &Wcs) -> Option<WcsLine> {
        let [x, y] = self.pixel.as_slice() else {
            return None;
        };
        let scale = wcs.pixel_scale(Some([*x, *y])).ok()?;
        let [across, along] = scale.arcseconds;
        let sides = if scale.mirrored {
            ", east to the right of north"
        } else {
            ""
        };
        let text = format!(
            "scale {across:.5}″ × {along:.5}″, y towards {:.2}° from north through east{sides}",
            scale.position_angle
        );
        Some(line(WcsLineKind::Fact, text))
    }

    /// Frames and models, with the coordinates in each frame.
    fn frames(&self, file: &AsdfFile, wcs: &Wcs, lines: &mut Vec<WcsLine>) {
        let mut steps = wcs.steps().iter();
        let first = wcs.steps().first().map(|step| step.frame.name().to_owned());
        for found in pipeline(file, wcs) {
            let kind = match found.kind {
                PipelineKind::Frame => WcsLineKind::Frame,
                PipelineKind::Model => WcsLineKind::Model,
                PipelineKind::Note => WcsLineKind::Note,
            };
            lines.push(WcsLine {
                depth: found.depth,
                kind,
                text: escape(&found.text).into_owned(),
                detail: escape(&found.detail).into_owned(),
            });
            if found.kind == PipelineKind::Frame
                && let Some(step) = steps.next()
                && let Some(first) = &first
            {
                lines.push(self.values(wcs, first, &step.frame));
            }
        }
    }

    fn values(&self, wcs: &Wcs, first: &str, frame: &Frame) -> WcsLine {
        let eval = || -> Result<Vec<f64>> {
            if frame.name() == first {
                return Ok(self.pixel.clone());
            }
            let program = wcs.program_between(first, frame.name())?.unbounded();
            let values = program.eval(&self.columns())?;
            let first = |column: &Vec<f64>| column.first().copied();
            Ok(values.iter().filter_map(first).collect())
        };
        let text = |(axis, value): (usize, &f64)| {
            let name = frame.axes_names().get(axis).map_or("", |name| name);
            let unit = frame.units().get(axis).map_or("", |unit| unit);
            let equals = if name.is_empty() { "" } else { "=" };
            let text = format!("{name}{equals}{} {unit}", precise(*value));
            text.trim().to_owned()
        };
        let (kind, text) = match eval() {
            Ok(values) => {
                let texts: Vec<String> = values.iter().enumerate().map(text).collect();
                (WcsLineKind::Values, texts.join("  "))
            }
            Err(error) => (WcsLineKind::Warning, error.kind().to_string()),
        };
        WcsLine {
            depth: 1,
            kind,
            text: escape(&text).into_owned(),
            detail: String::new(),
        }
    }
}

/// A coordinate with the digits that an image of the sky needs.
fn precise(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-4..1e9).contains(&size) {
        let text = format!("{value:.9}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    format!("{value:.9e}")
}

fn box_line(wcs: &Wcs) -> WcsLine {
    match wcs.bounding_box() {
        None => line(WcsLineKind::Fact, "no bounding box"),
        Some(BoundingBox::Simple(intervals)) => {
            let interval = |interval: &Option<asdf_core::transform::Interval>| match interval {
                Some(interval) => {
                    let [low, high] = [interval.low, interval.high].map(readout::number);
                    format!("{low} … {high}")
                }
                None => "any".to_owned(),
            };
            let texts: Vec<String> = intervals.iter().map(interval).collect();
            line(
                WcsLineKind::Fact,
                format!("bounding box {}", texts.join(" × ")),
            )
        }
        Some(_) => line(
            WcsLineKind::Fact,
            "a bounding box for each value of some inputs",
        ),
    }
}

fn line(kind: WcsLineKind, text: impl AsRef<str>) -> WcsLine {
    WcsLine {
        depth: 0,
        kind,
        text: escape(text.as_ref()).into_owned(),
        detail: String::new(),
    }
}
