//! Quantities and moments, set as people write them: `5`, `5 mJy`, `2027-03-14T15:09:26`.

use super::{Args, Kind, bad, value};
use crate::usage::refused;
use asdf_core::inspect::{Moment, Quantity, scaled, unit_factor};
use asdf_core::tree::{NewNode, Value};
use asdf_core::{Draft, Node, Result, TreePath};

const UNIT_TAG: &str = "tag:stsci.edu:asdf/unit/unit-1.0.0";

/// Where a value goes, and what it is, when it is one of a quantity or of a moment; `None` when it is set as it stands.
pub(super) fn place(
    draft: &mut Draft<'_>,
    path: &TreePath,
    text: &str,
    args: &Args,
) -> Result<Option<(TreePath, NewNode)>> {
    // Something of another kind takes the place of all of it.
    let is_plain = !text.starts_with(['{', '[', '!'])
        && matches!(args.kind, None | Some(Kind::Int | Kind::Float | Kind::Str));
    let found = draft.source().and_then(|file| file.node(path).ok());
    if !is_plain {
        return match &args.unit {
            Some(_) => Err(bad(text, "a number, as --unit needs it")),
            None => Ok(None),
        };
    }
    if let Some(quantity) = found.and_then(Quantity::of) {
        return of_quantity(draft, path, quantity, text, args);
    }
    if let Some(unit) = &args.unit {
        let number = value(draft.nodes(), text, args.kind)?;
        number_of(text)?;
        return Ok(Some((path.clone(), new(draft, number, unit)?)));
    }
    match found.and_then(Moment::of) {
        Some(moment) => Ok(Some((
            path.clone().key("value"),
            of_moment(draft, &moment, text)?,
        ))),
        None => Ok(None),
    }
}

/// The value of a quantity, in the unit that it has; with --replace the unit becomes that of the value.
fn of_quantity(
    draft: &mut Draft<'_>,
    path: &TreePath,
    quantity: Quantity<'_>,
    text: &str,
    args: &Args,
) -> Result<Option<(TreePath, NewNode)>> {
    let (number, unit) = match (&args.unit, text.split_once(' ')) {
        (Some(unit), _) => (text, Some(unit.as_str())),
        (None, Some((number, unit))) => (number, Some(unit.trim())),
        (None, None) => (text, None),
    };
    if args.replace && args.unit.is_none() && number_of(number).is_err() {
        return Ok(None);
    }
    number_of(number)?;
    let unit = unit.filter(|unit| *unit != quantity.unit);
    let Some(unit) = unit else {
        let node = like(draft, quantity.value, number, args.kind)?;
        return Ok(Some((path.clone().key("value"), node)));
    };
    if args.replace {
        let number = value(draft.nodes(), number, args.kind)?;
        return Ok(Some((path.clone(), new(draft, number, unit)?)));
    }
    let Some(factor) = unit_factor(unit, quantity.unit) else {
        let reason = format!(
            "{path} is in `{}`, into which `{}` does not convert; --replace gives it that unit",
            quantity.unit.escape_debug(),
            unit.escape_debug()
        );
        return Err(refused(reason));
    };
    let converted = scaled(number_of(number)?, factor);
    let node = like(draft, quantity.value, &converted, args.kind)?;
    Ok(Some((path.clone().key("value"), node)))
}

/// A number, a float where one stood there.
fn like(draft: &mut Draft<'_>, old: Node<'_>, text: &str, kind: Option<Kind>) -> Result<NewNode> {
    let is_float = matches!(old.value(), Value::Float(_)) && kind.is_none();
    let kind = if is_float { Some(Kind::Float) } else { kind };
    value(draft.nodes(), text, kind)
}

/// The value of a moment, of the kind that it is of.
fn of_moment(draft: &mut Draft<'_>, moment: &Moment<'_>, text: &str) -> Result<NewNode> {
    let is_text = matches!(moment.value.value(), Value::Str(_) | Value::Timestamp(_));
    if is_text {
        return Ok(draft.nodes().string(text));
    }
    if number_of(text).is_err() {
        let expected = format!(
            "a number, as times in the format {} are; --type yaml replaces all of it",
            moment.format.unwrap_or("of the file")
        );
        return Err(bad(text, &expected));
    }
    like(draft, moment.value, text, None)
}

/// A new quantity, with the tag of the version of the standard that the file follows.
fn new(draft: &mut Draft<'_>, number: NewNode, unit: &str) -> Result<NewNode> {
    if unit_factor(unit, unit).is_none() {
        let reason = format!(
            "`{}` is not a known unit; --type yaml writes any",
            unit.escape_debug()
        );
        return Err(refused(reason));
    }
    let Some(tag) = draft.standard_tag("unit/quantity") else {
        let reason = format!(
            "version {} of the standard, which the file follows, has no quantities",
            draft.standard_version()
        );
        return Err(refused(reason));
    };
    let nodes = draft.nodes();
    let unit = nodes.string(unit);
    nodes.set_tag(unit, UNIT_TAG);
    let quantity = nodes.map_of([("value", number), ("unit", unit)]);
    nodes.set_tag(quantity, &tag);
    nodes.set_flow(quantity, true);
    Ok(quantity)
}

fn number_of(text: &str) -> Result<f64> {
    super::float(text).ok_or_else(|| bad(text, "a number, or a number and a unit"))
}
