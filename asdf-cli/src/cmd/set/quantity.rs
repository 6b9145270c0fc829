//! Quantities and moments, set as people write them: `5`, `5 mJy`, `2027-03-14T15:09:26`.

use super::{Args, Kind, bad, value};
use crate::usage::refused;
use asdf_core::file::FileNode;
use asdf_core::inspect::scaled;
use asdf_core::tagged::{Quantity, Time, TimeFormat, UnitName};
use asdf_core::tree::{NewNode, Value};
use asdf_core::{Draft, Node, Result, TreePath};

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
    let found = draft.source().and_then(|file| {
        let node = file.node(path).ok()?;
        Some(FileNode { file, node })
    });
    if !is_plain {
        return match &args.unit {
            Some(_) => Err(bad(text, "a number, as --unit needs it")),
            None => Ok(None),
        };
    }
    let quantity = found.and_then(Quantity::single);
    let quantity = quantity.and_then(|quantity| {
        let old = quantity.values.scalar()?;
        Some((quantity, old))
    });
    if let Some(quantity) = quantity {
        return of_quantity(draft, path, quantity, text, args);
    }
    if let Some(unit) = &args.unit {
        let number = value(draft.nodes(), text, args.kind)?;
        number_of(text)?;
        return Ok(Some((path.clone(), new(draft, number, unit)?)));
    }
    let time = found.and_then(Time::single);
    match time
        .as_ref()
        .and_then(|time| Some((time, time.values.scalar()?)))
    {
        Some((time, old)) => Ok(Some((
            path.clone().key("value"),
            of_time(draft, time, old, text)?,
        ))),
        // A text that is a moment by its tag alone, which `set` leaves on it.
        None if found.is_some_and(|at| at.is_tagged::<Time>() && at.node.text().is_some()) => {
            check_time(&Time::new(text), text)?;
            Ok(None)
        }
        None => Ok(None),
    }
}

/// Refuses a text that is no moment: Python could not read it.
fn check_time(time: &Time<'_>, text: &str) -> Result<()> {
    let is_other = matches!(time.format, Some(TimeFormat::Other(_)));
    if is_other || time.mjd().is_ok() {
        return Ok(());
    }
    let scale = time.scale();
    let expected = format!(
        "a date and time (of the scale {scale}) as in 2027-03-14T15:09:26.535, 2027:073:15:09:26 or J2000.0; --type yaml \
         replaces all of it"
    );
    Err(bad(text, &expected))
}

/// The value of a quantity, in the unit that it has; with --replace the unit becomes that of the value.
fn of_quantity(
    draft: &mut Draft<'_>,
    path: &TreePath,
    (quantity, old): (Quantity<'_>, Node<'_>),
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
    let unit = unit.filter(|unit| *unit != quantity.unit.as_str());
    let Some(unit) = unit else {
        let node = like(draft, old, number, args.kind)?;
        return Ok(Some((path.clone().key("value"), node)));
    };
    if args.replace {
        let number = value(draft.nodes(), number, args.kind)?;
        return Ok(Some((path.clone(), new(draft, number, unit)?)));
    }
    let Ok(factor) = UnitName::new(unit).factor_to(quantity.unit.as_str()) else {
        let reason = format!(
            "{path} is in `{}`, into which `{}` does not convert; --replace gives it that unit",
            quantity.unit.as_str().escape_debug(),
            unit.escape_debug()
        );
        return Err(refused(reason));
    };
    let converted = scaled(number_of(number)?, factor);
    let node = like(draft, old, &converted, args.kind)?;
    Ok(Some((path.clone().key("value"), node)))
}

/// A number, a float where one stood there.
fn like(draft: &mut Draft<'_>, old: Node<'_>, text: &str, kind: Option<Kind>) -> Result<NewNode> {
    let is_float = matches!(old.value(), Value::Float(_)) && kind.is_none();
    let kind = if is_float { Some(Kind::Float) } else { kind };
    value(draft.nodes(), text, kind)
}

/// The value of a moment, of the kind that it is of.
fn of_time(draft: &mut Draft<'_>, time: &Time<'_>, old: Node<'_>, text: &str) -> Result<NewNode> {
    let is_text = matches!(old.value(), Value::Str(_) | Value::Timestamp(_));
    let text_time = Time {
        format: time.format.clone(),
        scale: time.scale.clone(),
        ..Time::new(text)
    };
    if is_text {
        check_time(&text_time, text)?;
        return Ok(draft.nodes().string(text));
    }
    let format = time.format.as_ref().or(time.base_format.as_ref());
    if number_of(text).is_err() {
        // A date for a count of days, in the scale that the moment has.
        let zero = match format {
            Some(TimeFormat::Mjd) => Some(0.0),
            Some(TimeFormat::Jd) => Some(2_400_000.5),
            _ => None,
        };
        let days = Time {
            format: None,
            ..text_time
        }
        .mjd()
        .ok();
        if let (Some(zero), Some([days])) = (zero, days.as_deref()) {
            return Ok(draft.nodes().float(zero + days));
        }
        let expected = format!(
            "a number, as times in the format {} are (dates are converted to mjd and jd); --type yaml replaces all of it",
            format.map_or("of the file", TimeFormat::name)
        );
        return Err(bad(text, &expected));
    }
    like(draft, old, text, None)
}

/// A new quantity, with the tag of the version of the standard that the file follows.
fn new(draft: &mut Draft<'_>, number: NewNode, unit: &str) -> Result<NewNode> {
    if UnitName::new(unit).factor_to(unit).is_err() {
        let reason = format!(
            "`{}` is not a known unit; --type yaml writes any",
            unit.escape_debug()
        );
        return Err(refused(reason));
    }
    if draft.standard_tag("unit/quantity").is_none() {
        let reason = format!(
            "version {} of the standard, which the file follows, has no quantities",
            draft.standard_version()
        );
        return Err(refused(reason));
    }
    let quantity = draft.tagged(&Quantity::new(number, unit))?;
    draft.nodes().set_flow(quantity, true);
    Ok(quantity)
}

fn number_of(text: &str) -> Result<f64> {
    super::float(text).ok_or_else(|| bad(text, "a number, or a number and a unit"))
}
