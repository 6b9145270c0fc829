//! What a transform of the tree makes of a point.

use super::{WorldPoint, WorldReport};
use crate::pane::image::readout;
use crate::pane::wcs::{WcsLine, WcsLineKind};
use asdf_core::inspect::{PipelineKind, escape, transform_lines};
use asdf_core::transform::{BoundingBox, Transform};
use asdf_core::{AsdfFile, TreePath};

fn line(kind: WcsLineKind, text: impl AsRef<str>) -> WcsLine {
    WcsLine {
        depth: 0,
        kind,
        text: escape(text.as_ref()).into_owned(),
        detail: String::new(),
    }
}

/// Inputs, outputs, what the inverse makes of them, and the models.
///
/// # Errors
/// The transform cannot be read; the point has not as many numbers as it has inputs.
pub(super) fn report(
    file: &AsdfFile,
    path: &TreePath,
    point: Option<&WorldPoint>,
) -> Result<WorldReport, String> {
    let told = |error: asdf_core::Error| error.kind().to_string();
    let transform = file.transform(path.clone()).map_err(told)?;
    let mut lines = vec![line(WcsLineKind::Fact, format!("transform {path}"))];
    match transform.program() {
        Ok(program) => {
            let inputs = program.n_inputs();
            let numbers = match point {
                None => middle(&transform, inputs),
                Some(WorldPoint::Inputs(numbers)) if numbers.len() == inputs => numbers.clone(),
                Some(WorldPoint::Inputs(numbers)) => {
                    let count = numbers.len();
                    return Err(format!(
                        "{count} numbers were typed, the transform has {inputs} inputs"
                    ));
                }
                Some(WorldPoint::Sky(_)) => {
                    return Err("a transform takes numbers, not a position".to_owned());
                }
            };
            lines.extend(values(&transform, &program.unbounded(), &numbers));
        }
        Err(error) => lines.push(line(
            WcsLineKind::Warning,
            format!("the transform cannot be evaluated: {}", error.kind()),
        )),
    }
    if let Some(BoundingBox::Simple(intervals)) = transform.bounding_box() {
        let interval = |interval: &Option<asdf_core::transform::Interval>| match interval {
            Some(interval) => {
                let [low, high] = [interval.low, interval.high].map(readout::number);
                format!("{low} … {high}")
            }
            None => "any".to_owned(),
        };
        let texts: Vec<String> = intervals.iter().map(interval).collect();
        lines.push(line(
            WcsLineKind::Fact,
            format!("bounding box {}", texts.join(" × ")),
        ));
    }
    lines.push(line(WcsLineKind::Fact, ""));
    for found in transform_lines(file, &transform) {
        lines.push(WcsLine {
            depth: found.depth.saturating_sub(1),
            kind: match found.kind {
                PipelineKind::Frame => WcsLineKind::Frame,
                PipelineKind::Model => WcsLineKind::Model,
                PipelineKind::Note => WcsLineKind::Note,
            },
            text: escape(&found.text).into_owned(),
            detail: escape(&found.detail).into_owned(),
        });
    }
    Ok(WorldReport {
        path: path.clone(),
        lines,
        chart: None,
    })
}

/// The middle of the bounding box, else zeros.
fn middle(transform: &Transform, inputs: usize) -> Vec<f64> {
    let mut point = vec![0.0; inputs];
    if let Some(BoundingBox::Simple(intervals)) = transform.bounding_box() {
        for (slot, interval) in point.iter_mut().zip(intervals) {
            let middle = interval.map(|interval| f64::midpoint(interval.low, interval.high));
            *slot = middle.filter(|middle| middle.is_finite()).unwrap_or(*slot);
        }
    }
    point
}

fn first(columns: &[Vec<f64>]) -> Vec<f64> {
    let value = |column: &Vec<f64>| column.first().copied();
    columns.iter().filter_map(value).collect()
}

/// Names with values: `x=3 y=4`.
fn named(names: &[Box<str>], values: &[f64]) -> String {
    let text = |(place, value): (usize, &f64)| {
        let name = names.get(place).map_or("", |name| name);
        let equals = if name.is_empty() { "" } else { "=" };
        format!("{name}{equals}{}", asdf_core::tree::float_text(*value))
    };
    let texts: Vec<String> = values.iter().enumerate().map(text).collect();
    texts.join("  ")
}

fn values(
    transform: &Transform,
    program: &asdf_core::transform::Program,
    point: &[f64],
) -> Vec<WcsLine> {
    let columns: Vec<&[f64]> = point.iter().map(std::slice::from_ref).collect();
    let mut lines = vec![line(
        WcsLineKind::Values,
        format!("in   {}", named(transform.input_names(), point)),
    )];
    let out = match program.eval(&columns) {
        Ok(out) => first(&out),
        Err(error) => {
            lines.push(line(WcsLineKind::Warning, error.kind().to_string()));
            return lines;
        }
    };
    lines.push(line(
        WcsLineKind::Values,
        format!("out  {}", named(transform.output_names(), &out)),
    ));
    let inverse = transform
        .inverse()
        .and_then(|inverse| inverse.program().ok());
    let Some(inverse) = inverse else {
        lines.push(line(WcsLineKind::Note, "no inverse"));
        return lines;
    };
    let columns: Vec<&[f64]> = out.iter().map(std::slice::from_ref).collect();
    match inverse.unbounded().eval(&columns) {
        Ok(back) => {
            let apart = first(&back)
                .iter()
                .zip(point)
                .map(|(a, b)| (a - b).powi(2))
                .sum::<f64>();
            lines.push(line(
                WcsLineKind::Fact,
                format!("inverse is off by {:.1e}", apart.sqrt()),
            ));
        }
        Err(error) => lines.push(line(
            WcsLineKind::Warning,
            format!("inverse: {}", error.kind()),
        )),
    }
    lines
}
