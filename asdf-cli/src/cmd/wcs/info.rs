//! `asdf wcs info`.

use super::files::FileArgs;
use super::points::json_number;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::palette::paint;
use asdf_core::AsdfFile;
use asdf_core::inspect::{PipelineKind, PipelineLine, escape, pipeline};
use asdf_core::transform::BoundingBox;
use asdf_core::tree::float_text;
use asdf_core::wcs::{Frame, FrameKind, Wcs};
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

/// Show frames and models, from the pixels to the world
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf wcs info obs.asdf\n  asdf wcs info obs.asdf roman.meta.wcs --json"
)]
pub(crate) struct Args {
    /// File, folder, @LIST of names, or - for standard input; then the WCS (default: all)
    #[arg(required = true, value_name = "FILE [PATH]")]
    words: Vec<PathBuf>,
    #[command(flatten)]
    files: FileArgs,
}

pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let (files, path) = args.files.split(&args.words)?;
    args.files
        .each(&files, "wcs", context, |context, file, json| {
            one(&args.files, context, file, path.as_deref(), json)
        })
}

fn one(
    files: &FileArgs,
    context: &mut Context,
    file: &AsdfFile,
    path: Option<&str>,
    json: bool,
) -> Result<Exit, Failure> {
    let mut found = Vec::new();
    match path {
        Some(_) => found.push(files.find(file, path)?),
        None if files.has_key() => found.push(files.find(file, None)?),
        None => {
            for path in file.wcs_paths() {
                found.push(file.wcs(path)?);
            }
        }
    }
    if json {
        let list: Vec<Value> = found.iter().map(|wcs| document(file, wcs)).collect();
        write!(context.out, "{}", Value::Array(list))?;
    } else {
        for (number, wcs) in found.iter().enumerate() {
            if number > 0 {
                writeln!(context.out)?;
            }
            show(context, file, wcs)?;
        }
    }
    let refused = match path {
        Some(_) => Vec::new(),
        None if files.has_key() => Vec::new(),
        None => file.headers_without_wcs(),
    };
    for error in &refused {
        context.caution(&error.to_string());
    }
    if found.is_empty() && !refused.is_empty() {
        return Ok(Exit::No);
    }
    if found.is_empty() {
        let name = file.name().display();
        context.caution(&format!("{name}: there is no WCS in the tree"));
        return Ok(Exit::No);
    }
    Ok(Exit::Fine)
}

fn show(context: &mut Context, file: &AsdfFile, wcs: &Wcs) -> Result<(), Failure> {
    let palette = context.palette;
    let name = wcs.name().filter(|name| !name.is_empty());
    let name = name
        .map(|name| format!("  {}", escape(name)))
        .unwrap_or_default();
    writeln!(context.out, "{}{name}", paint(palette.title, wcs.path()))?;
    if let Some(shape) = wcs.pixel_shape() {
        let shape: Vec<String> = shape.iter().map(u64::to_string).collect();
        fact(context, "image", &format!("{} pixels", shape.join("×")))?;
    }
    if let Some(bounding_box) = wcs.bounding_box() {
        fact(context, "bounding box", &box_text(bounding_box))?;
    }
    if let Ok(scale) = wcs.pixel_scale(None) {
        let [x, y] = scale.arcseconds;
        let mirrored = if scale.mirrored { ", mirrored" } else { "" };
        let text = format!(
            "{x:.6} × {y:.6} arcsec/pixel, y axis at position angle {:.4}°{mirrored}",
            scale.position_angle
        );
        fact(context, "scale", &text)?;
    }
    if !wcs.dropped().is_empty() {
        let texts: Vec<String> = wcs.dropped().iter().map(ToString::to_string).collect();
        fact(context, "fixed", &escape(&texts.join(", ")))?;
    }
    fact(context, "inverse", inverse(wcs))?;
    writeln!(context.out)?;
    for line in pipeline(file, wcs) {
        draw(context, &line)?;
    }
    Ok(())
}

fn fact(context: &mut Context, name: &str, text: &str) -> Result<(), Failure> {
    let palette = context.palette;
    Ok(writeln!(
        context.out,
        "  {} {text}",
        paint(palette.faint, format!("{name:<12}"))
    )?)
}

fn draw(context: &mut Context, line: &PipelineLine) -> Result<(), Failure> {
    let palette = context.palette;
    let text = escape(&line.text);
    let detail = escape(&line.detail);
    match line.kind {
        PipelineKind::Frame => {
            let name = paint(palette.key, text);
            writeln!(context.out, "● {name}  {}", paint(palette.kind, detail))?;
        }
        PipelineKind::Model | PipelineKind::Note => {
            let indent = "  ".repeat(line.depth.saturating_sub(1));
            let bar = paint(palette.faint, "│");
            let text = match line.kind {
                PipelineKind::Note => paint(palette.faint, text),
                _ => text.to_string(),
            };
            let detail = if detail.is_empty() {
                String::new()
            } else {
                format!("  {}", paint(palette.faint, format!("({detail})")))
            };
            writeln!(context.out, "{bar}  {indent}{text}{detail}")?;
        }
    }
    Ok(())
}

/// Which inverse there is.
fn inverse(wcs: &Wcs) -> &'static str {
    match wcs.backward_program() {
        Ok(Some(_)) => "in the transforms",
        Ok(None) => "by iteration",
        Err(_) => "none: a transform is not known",
    }
}

fn box_text(bounding_box: &BoundingBox) -> String {
    match bounding_box {
        BoundingBox::Simple(intervals) => {
            let text = intervals.iter().map(|interval| match interval {
                Some(interval) => {
                    format!(
                        "{} … {}",
                        float_text(interval.low),
                        float_text(interval.high)
                    )
                }
                None => "any".to_owned(),
            });
            text.collect::<Vec<_>>().join(", ")
        }
        BoundingBox::Compound { boxes, .. } => format!("one of {}, by a coordinate", boxes.len()),
    }
}

fn document(file: &AsdfFile, wcs: &Wcs) -> Value {
    let bounding_box = wcs.bounding_box().map(|bounding_box| match bounding_box {
        BoundingBox::Simple(intervals) => {
            let pair = |interval: &Option<asdf_core::transform::Interval>| match interval {
                Some(interval) => json!([json_number(interval.low), json_number(interval.high)]),
                None => Value::Null,
            };
            intervals.iter().map(pair).collect()
        }
        BoundingBox::Compound { boxes, .. } => json!({ "boxes": boxes.len() }),
    });
    let scale = wcs.pixel_scale(None).ok().map(|scale| {
        json!({
            "arcseconds": scale.arcseconds.map(json_number),
            "position_angle": json_number(scale.position_angle),
            "mirrored": scale.mirrored,
        })
    });
    let inverse = match wcs.backward_program() {
        Ok(Some(_)) => "transforms",
        Ok(None) => "iteration",
        Err(_) => "none",
    };
    let lines = pipeline(file, wcs).into_iter().map(|line| {
        json!({
            "depth": line.depth,
            "kind": match line.kind {
                PipelineKind::Frame => "frame",
                PipelineKind::Model => "model",
                PipelineKind::Note => "note",
            },
            "text": line.text,
            "detail": line.detail,
        })
    });
    json!({
        "path": wcs.path().to_string(),
        "name": wcs.name(),
        "pixel_shape": wcs.pixel_shape(),
        "bounding_box": bounding_box,
        "pixel_scale": scale,
        "fixed": wcs.dropped().iter().map(|fixed| json!({
            "name": &*fixed.name,
            "physical_type": &*fixed.physical_type,
            "value": json_number(fixed.value),
            "unit": &*fixed.unit,
        })).collect::<Vec<_>>(),
        "inverse": inverse,
        "frames": wcs.steps().iter().map(|step| frame(&step.frame)).collect::<Vec<_>>(),
        "pipeline": lines.collect::<Vec<_>>(),
    })
}

fn frame(frame: &Frame) -> Value {
    let kind = match frame.kind() {
        FrameKind::Celestial => "celestial",
        FrameKind::Spectral => "spectral",
        FrameKind::Temporal => "temporal",
        FrameKind::Stokes => "stokes",
        FrameKind::Plane => "frame2d",
        FrameKind::Composite(_) => "composite",
        FrameKind::Named => "named",
        _ => "frame",
    };
    let inner: Vec<Value> = match frame.kind() {
        FrameKind::Composite(frames) => frames.iter().map(self::frame).collect(),
        _ => Vec::new(),
    };
    json!({
        "name": frame.name(),
        "kind": kind,
        "reference_frame": frame.reference_frame().map(|reference| reference.name.to_string()),
        "axes_order": frame.axes_order(),
        "axes_names": texts(frame.axes_names()),
        "axis_physical_types": texts(frame.axis_physical_types()),
        "unit": texts(frame.units()),
        "frames": inner,
    })
}

fn texts(texts: &[Box<str>]) -> Vec<&str> {
    texts.iter().map(|text| &**text).collect()
}
