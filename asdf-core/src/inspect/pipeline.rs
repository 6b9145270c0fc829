//! A WCS as a person reads it: frames, and between them the models with their parameters.

use crate::array::is_array;
use crate::file::AsdfFile;
use crate::transform::Transform;
use crate::tree::Node;
use crate::tree::Seq;
use crate::tree::Value;
use crate::tree::float_text;
use crate::wcs::Frame;
use crate::wcs::FrameKind;
use crate::wcs::Wcs;
use std::collections::HashSet;

/// A line of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelineLine {
    /// Levels below the pipeline: 0 for frames.
    pub depth: usize,
    /// What it is about.
    pub kind: PipelineKind,
    /// The frame's name, or the models.
    pub text: String,
    /// Axes, units and reference of a frame; numbers of inputs and outputs of a model.
    pub detail: String,
}

/// What a line of a pipeline is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PipelineKind {
    /// A frame.
    Frame,
    /// A model, or models side by side.
    Model,
    /// Something about the models above: bounding box, inverse.
    Note,
}

/// Transforms within transforms that are shown.
const NESTING: usize = 100;
/// Numbers of a list that are shown.
const NUMBERS: usize = 9;
/// Lines of one transform that are shown.
const LINES: usize = 400;

/// Frames and models of a WCS, from the pixels to the world; what wraps another WCS is a note below the first frame.
pub fn pipeline(file: &AsdfFile, wcs: &Wcs) -> Vec<PipelineLine> {
    let mut lines = Vec::new();
    for (number, step) in wcs.steps().iter().enumerate() {
        lines.push(PipelineLine {
            depth: 0,
            kind: PipelineKind::Frame,
            text: step.frame.name().to_owned(),
            detail: frame_text(&step.frame),
        });
        let note = |text: &str| PipelineLine {
            depth: 1,
            kind: PipelineKind::Note,
            text: text.to_owned(),
            detail: String::new(),
        };
        if number == 0 {
            lines.extend(wcs.wrappers().iter().map(|text| note(text)));
        }
        let Some(transform) = &step.transform else {
            continue;
        };
        if wcs.is_of_header() {
            lines.push(note("as the keywords of its header say"));
            continue;
        }
        lines.extend(transform_lines(file, transform));
    }
    lines
}

/// The models of a transform of the tree, one below the other.
pub fn transform_lines(file: &AsdfFile, transform: &Transform) -> Vec<PipelineLine> {
    let mut lines = Vec::new();
    for part in of_tree(transform) {
        let Ok(node) = file.node(part.path()) else {
            continue;
        };
        let mut writer = Writer {
            lines: Vec::new(),
            seen: HashSet::new(),
        };
        writer.stages(node, 1);
        writer.notes(node, 1);
        lines.append(&mut writer.lines);
    }
    lines
}

/// The transforms of the tree that one is made of: itself, or those that were put together.
fn of_tree(transform: &Transform) -> Vec<Transform> {
    let mut found = Vec::new();
    let mut open = vec![transform.clone()];
    while let Some(next) = open.pop() {
        if next.path().steps().is_empty() {
            open.extend(next.parts().into_iter().rev());
        } else if found.len() < LINES {
            found.push(next);
        }
    }
    found
}

/// A frame on one line: kind, reference, axes with their units.
pub fn frame_text(frame: &Frame) -> String {
    let mut parts = vec![kind_name(frame.kind()).to_owned()];
    if let Some(reference) = frame.reference_frame() {
        let name = reference.name.split('-').next().unwrap_or_default();
        parts.push(name.to_owned());
    }
    if let FrameKind::Composite(frames) = frame.kind() {
        let inner = frames
            .iter()
            .map(|frame| format!("[{}]", frame_text(frame)));
        parts.extend(inner);
        return parts.join(" ");
    }
    let names = frame.axes_names().iter().map(|name| &**name);
    let mut axes: Vec<String> = names.map(str::to_owned).collect();
    let count = axes.len().max(frame.units().len());
    axes.resize(count, "?".to_owned());
    for (axis, unit) in axes.iter_mut().zip(frame.units()) {
        if !unit.is_empty() {
            *axis = format!("{axis} ({unit})");
        }
    }
    if !axes.is_empty() {
        parts.push(axes.join(", "));
    }
    parts.join(" ")
}

fn kind_name(kind: &FrameKind) -> &'static str {
    match kind {
        FrameKind::Celestial => "celestial",
        FrameKind::Spectral => "spectral",
        FrameKind::Temporal => "temporal",
        FrameKind::Stokes => "stokes",
        FrameKind::Plane => "frame2d",
        FrameKind::Generic => "frame",
        FrameKind::Composite(_) => "composite",
        FrameKind::Named => "",
    }
}

struct Writer {
    lines: Vec<PipelineLine>,
    /// Nodes that are on the way down: a tree may contain itself.
    seen: HashSet<crate::tree::NodeId>,
}

/// The name in a transform's tag.
fn name(node: Node<'_>) -> String {
    let Some(tag) = node.tag() else {
        return node.describe().into();
    };
    let base = tag.base();
    base.rsplit('/').next().unwrap_or(base).to_owned()
}

fn forward(node: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let forward = node.get("forward")?;
    Some((forward.at(0)?, forward.at(1)?))
}

impl Writer {
    /// The models of a chain, one line each.
    fn stages(&mut self, node: Node<'_>, depth: usize) {
        if depth > NESTING || self.lines.len() >= LINES || !self.seen.insert(node.id()) {
            self.line(depth, PipelineKind::Note, "…".to_owned(), String::new());
            return;
        }
        match (name(node).as_str(), forward(node)) {
            ("compose", Some((left, right))) => {
                self.stages(left, depth);
                self.stages(right, depth);
            }
            (_, Some(_)) if is_simple(node, 0) => {
                let text = infix(node, 0);
                self.line(depth, PipelineKind::Model, text, counts(node));
            }
            (operator, Some((left, right))) => {
                self.line(
                    depth,
                    PipelineKind::Model,
                    operator.to_owned(),
                    counts(node),
                );
                for part in [left, right] {
                    self.stages(part, depth + 1);
                }
            }
            (name, None) => {
                let text = model(node);
                self.line(depth, PipelineKind::Model, text, counts(node));
                self.parts(node, name, depth);
            }
        }
        self.seen.remove(&node.id());
    }

    /// The transforms that are parameters of a model.
    fn parts(&mut self, node: Node<'_>, name: &str, depth: usize) {
        for key in ["projection", "label_mapper", "mapper", "inputs_mapping"] {
            if let Some(part) = node.get(key).filter(|part| is_transform(*part)) {
                self.stages(part, depth + 1);
            }
        }
        for key in ["selector", "models", "xmodels", "ymodels", "lmodels"] {
            let Some(list) = node.get(key) else { continue };
            let count = list.as_seq().map_or(0, Seq::len);
            if name != "regions_selector" && count > 0 {
                let text = format!("{key}: {count} transforms");
                self.line(depth + 1, PipelineKind::Note, text, String::new());
            }
        }
    }

    /// Bounding box and inverse of a step's transform.
    fn notes(&mut self, node: Node<'_>, depth: usize) {
        if let Some(text) = node.get("bounding_box").and_then(bounding_box) {
            self.line(
                depth,
                PipelineKind::Note,
                format!("bounding box {text}"),
                String::new(),
            );
        }
        if node.get("inverse").is_some() {
            self.line(
                depth,
                PipelineKind::Note,
                "inverse given".to_owned(),
                String::new(),
            );
        }
    }

    fn line(&mut self, depth: usize, kind: PipelineKind, text: String, detail: String) {
        if self.lines.len() < LINES {
            self.lines.push(PipelineLine {
                depth,
                kind,
                text,
                detail,
            });
        }
    }
}

/// True for models side by side, or combined, that fit on a line: no chains among them.
fn is_simple(node: Node<'_>, depth: usize) -> bool {
    match (name(node).as_str(), forward(node)) {
        ("compose", _) => false,
        (_, Some((left, right))) => {
            depth < 8 && is_simple(left, depth + 1) && is_simple(right, depth + 1)
        }
        (_, None) => !["regions_selector", "label_mapper"].contains(&name(node).as_str()),
    }
}

/// Models with the signs between them.
fn infix(node: Node<'_>, depth: usize) -> String {
    let Some((left, right)) = forward(node).filter(|_| depth < 8) else {
        return model(node);
    };
    let sign = match name(node).as_str() {
        "concatenate" => "&",
        "add" => "+",
        "subtract" => "-",
        "multiply" => "*",
        "divide" => "/",
        "power" => "**",
        "fix_inputs" => return fixed(left, right),
        other => {
            return format!(
                "{other}({}, {})",
                infix(left, depth + 1),
                infix(right, depth + 1)
            );
        }
    };
    let part = |part: Node<'_>| {
        let text = infix(part, depth + 1);
        let same = name(part) == name(node);
        if forward(part).is_some() && !same {
            format!("({text})")
        } else {
            text
        }
    };
    format!("{} {sign} {}", part(left), part(right))
}

/// A model of which some inputs are fixed.
fn fixed(inner: Node<'_>, fixed: Node<'_>) -> String {
    let list = |key: &str| -> Vec<String> {
        let list = fixed.get(key).and_then(Node::as_seq);
        list.iter()
            .flat_map(|list| list.iter())
            .filter_map(value)
            .collect()
    };
    let pairs = list("keys").into_iter().zip(list("values"));
    let pairs: Vec<String> = pairs.map(|(key, value)| format!("{key}={value}")).collect();
    format!("{} with {}", infix(inner, 1), pairs.join(", "))
}

fn is_transform(node: Node<'_>) -> bool {
    node.tag().is_some_and(|tag| {
        let base = tag.base();
        base.contains("/transform/") || base.contains("gwcs/")
    })
}

/// A model with its parameters.
fn model(node: Node<'_>) -> String {
    const OTHERS: [&str; 11] = [
        "forward",
        "inputs",
        "outputs",
        "bounding_box",
        "inverse",
        "fixed",
        "bounds",
        "name",
        "input_units_equivalencies",
        "selector",
        "undefined_transform_value",
    ];
    let name = name(node);
    if name == "polynomial"
        && let Some(text) = polynomial(node)
    {
        return text;
    }
    if name == "regions_selector" {
        let labels = node.get("selector").map(|selector| match selector.value() {
            Value::Omap(pairs) => pairs.iter().find_map(|pair| pair.get("labels")),
            _ => selector.get("labels"),
        });
        let count = labels.flatten().and_then(Node::as_seq).map_or(0, Seq::len);
        return format!("regions_selector({count} regions)");
    }
    let mut parts = Vec::new();
    for (key, parameter) in node.as_map().iter().flat_map(|map| map.iter()) {
        let key = key.key_text();
        if OTHERS.contains(&&*key) {
            continue;
        }
        if let Some(text) = value(parameter) {
            parts.push(format!("{key}={text}"));
        }
    }
    if parts.is_empty() {
        name
    } else {
        format!("{name}({})", parts.join(", "))
    }
}

/// The degree instead of the coefficients.
fn polynomial(node: Node<'_>) -> Option<String> {
    let coefficients = node.get("coefficients")?;
    let shape = shape(coefficients)?;
    let degree = shape.first()?.checked_sub(1)?;
    Some(format!(
        "polynomial(degree={degree}, {} variables)",
        shape.len()
    ))
}

/// The lengths of an array that stands as nested lists or has a `shape`.
fn shape(node: Node<'_>) -> Option<Vec<u64>> {
    let node = if node.get("value").is_some() {
        node.get("value")?
    } else {
        node
    };
    if let Some(shape) = node.get("shape").and_then(Node::as_seq) {
        let length = |length: Node<'_>| match length.value() {
            Value::Int(value) => u64::try_from(value).ok(),
            _ => None,
        };
        return shape.iter().map(length).collect();
    }
    let mut lengths = Vec::new();
    let mut inner = Some(node.get("data").unwrap_or(node));
    while let Some(list) = inner.and_then(Node::as_seq) {
        lengths.push(list.len() as u64);
        inner = list.iter().next().filter(|_| lengths.len() < 8);
    }
    (!lengths.is_empty()).then_some(lengths)
}

/// A parameter as text; `None` for what is not a number, text, list of them or array.
fn value(node: Node<'_>) -> Option<String> {
    if let Some(unit) = node.get("unit").and_then(Node::text) {
        return Some(format!("{} {unit}", value(node.get("value")?)?));
    }
    if is_array(node) {
        let shape: Vec<String> = shape(node)?.iter().map(u64::to_string).collect();
        return Some(format!("array {}", shape.join("×")));
    }
    if node
        .tag()
        .is_some_and(|tag| tag.base().contains("/transform/"))
    {
        return None;
    }
    match node.value() {
        Value::Float(value) => Some(float_text(value)),
        Value::Int(value) => Some(value.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Str(text) => Some(text.to_owned()),
        Value::Seq(list) => {
            let shown = list.iter().take(NUMBERS);
            let items: Option<Vec<String>> = shown.map(value).collect();
            let rest = if list.len() > NUMBERS { ", …" } else { "" };
            Some(format!("[{}{rest}]", items?.join(", ")))
        }
        _ => None,
    }
}

/// `2 → 3` inputs and outputs.
fn counts(node: Node<'_>) -> String {
    let count = |key: &str| node.get(key).and_then(Node::as_seq).map(Seq::len);
    match (count("inputs"), count("outputs")) {
        (Some(inputs), Some(outputs)) => format!("{inputs} → {outputs}"),
        _ => String::new(),
    }
}

/// The intervals of a box by the names of the inputs.
fn bounding_box(node: Node<'_>) -> Option<String> {
    let interval = |ends: Node<'_>| -> Option<String> {
        Some(format!("{} … {}", value(ends.at(0)?)?, value(ends.at(1)?)?))
    };
    if let Some(boxes) = node.get("cbbox").and_then(Node::as_seq) {
        return Some(format!("one of {}, by a coordinate", boxes.len()));
    }
    if let Some(intervals) = node.get("intervals").and_then(Node::as_map) {
        let each = intervals
            .iter()
            .map(|(name, ends)| Some(format!("{} {}", name.key_text(), interval(ends)?)));
        return Some(each.collect::<Option<Vec<_>>>()?.join(", "));
    }
    let list = node.as_seq()?;
    if list.iter().all(|item| item.as_seq().is_none()) {
        return interval(node);
    }
    let each: Option<Vec<String>> = list.iter().map(interval).collect();
    let mut each = each?;
    each.reverse();
    Some(each.join(", "))
}
