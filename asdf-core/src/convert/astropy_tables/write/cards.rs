//! The header of a table: its name, times, `meta`, and what astropy is told of the columns.

use super::super::read::{is_of_column, is_of_structure};
use super::super::{BEGIN, END, LINE};
use super::TableHdu;
use super::parts::{Elements, Made, Part};
use crate::array::{ArrayData, Datatype};
use crate::convert::astropy_yaml as yaml;
use crate::error::Result;
use crate::fits::{CardValue, NewHeader};
use crate::tree::{Map, Node, Value};

/// Text of a `COMMENT` card.
const COMMENT: usize = 72;

/// Text of the history as cards.
pub(super) fn history(texts: &[String]) -> Result<NewHeader> {
    let mut out = NewHeader::new();
    for text in texts {
        let printable = |letter: char| {
            if (' '..='~').contains(&letter) {
                letter
            } else {
                '?'
            }
        };
        out.push_text("HISTORY", &text.chars().map(printable).collect::<String>())?;
    }
    Ok(out)
}

pub(super) fn of(
    hdu: &TableHdu<'_>,
    made: &Made<'_>,
    meta: Option<Node<'_>>,
    odd: &mut Vec<String>,
) -> Result<NewHeader> {
    let mut out = NewHeader::new();
    let text = |text: &str| CardValue::Text(text.to_owned());
    times(made, &mut out)?;
    if !hdu.name.is_empty() {
        out.push("EXTNAME", &text(&hdu.name), "")?;
    }
    if hdu.version > 1 {
        out.push("EXTVER", &CardValue::Integer(hdu.version.into()), "")?;
    }
    let mut left = Vec::new();
    for (key, value) in meta.and_then(Node::as_map).into_iter().flat_map(Map::iter) {
        let name = key.text().unwrap_or_default();
        let is_own = matches!(name, "EXTNAME" | "EXTVER") && value.text().is_some();
        if is_own || name.starts_with("__") || put(name, value, &mut out)? {
            continue;
        }
        match (yaml::scalar(key), yaml::plain(value)) {
            (Some(key), Some(value)) => left.push((key, value)),
            _ => odd.push(format!(
                "`{}` of the table's meta is {}, which a FITS header cannot hold; it is left out",
                name.escape_debug(),
                value.describe()
            )),
        }
    }
    let is_told = !left.is_empty()
        || !made.objects.is_empty()
        || made
            .parts
            .iter()
            .any(|part| part.description.is_some() || part.meta.is_some());
    if is_told {
        push_lines(&lines(made, &left), &mut out)?;
    }
    Ok(out)
}

/// What the standard says of times.
fn times(made: &Made<'_>, out: &mut NewHeader) -> Result<()> {
    if !made.has_times {
        return Ok(());
    }
    for (part, number) in made.parts.iter().zip(1_u64..) {
        let Some(time) = &part.time else { continue };
        let scale = CardValue::Text(time.scale.clone());
        out.push(&format!("TCTYP{number}"), &scale, "")?;
        out.push(&format!("TCUNI{number}"), &CardValue::Text("d".into()), "")?;
        if time.is_here {
            let place = CardValue::Text("TOPOCENTER".into());
            out.push(&format!("TRPOS{number}"), &place, "")?;
        }
    }
    let system = CardValue::Text("UTC".into());
    out.push("TIMESYS", &system, "Default time scale")?;
    let start = CardValue::Float(0.0);
    out.push("JDREF", &start, "Time columns are jd = jd1 + jd2")?;
    let place = CardValue::Text("TOPOCENTER".into());
    out.push("TREFPOS", &place, "Time reference position")?;
    for (axis, value) in ["X", "Y", "Z"]
        .iter()
        .zip(made.location.into_iter().flatten())
    {
        out.push(&format!("OBSGEO-{axis}"), &CardValue::Float(value), "")?;
    }
    Ok(())
}

/// Writes an entry of `meta` as cards; false when no card gives it back as it is.
fn put(name: &str, value: Node<'_>, out: &mut NewHeader) -> Result<bool> {
    let items: Vec<Node<'_>> = match value.as_seq() {
        Some(items) => items.iter().collect(),
        None => vec![value],
    };
    if value.tag().is_some() || items.iter().any(|item| item.tag().is_some()) {
        return Ok(false);
    }
    let is_list = value.as_seq().is_some();
    if matches!(name, "comments" | "HISTORY") {
        let keyword = if name == "comments" { "COMMENT" } else { name };
        let texts: Option<Vec<&str>> = items.iter().map(|item| item.text()).collect();
        let fits = |text: &&str| {
            let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
            printable && text.len() <= COMMENT && text.trim_end() == *text && *text != BEGIN
        };
        let texts = texts.filter(|texts| is_list && texts.iter().all(fits));
        for text in texts.iter().flatten() {
            out.push_text(keyword, text)?;
        }
        return Ok(texts.is_some());
    }
    let is_keyword = (1..=8).contains(&name.len())
        && name.bytes().all(|byte| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"-_".contains(&byte)
        })
        && !is_of_column(name)
        && !is_of_structure(name)
        && !matches!(
            name,
            "COMMENT" | "CONTINUE" | "HIERARCH" | "SIMPLE" | "EXTEND"
        );
    // One of several equal keywords is a value, not a list of one.
    if !is_keyword || (is_list && items.len() < 2) {
        return Ok(false);
    }
    let values: Option<Vec<CardValue>> = items.iter().map(|item| card_value(*item)).collect();
    for value in values.iter().flatten() {
        out.push(name, value, "")?;
    }
    Ok(values.is_some())
}

fn card_value(node: Node<'_>) -> Option<CardValue> {
    Some(match node.value() {
        Value::Bool(value) => CardValue::Logical(value),
        Value::Int(value) => CardValue::Integer(value.into()),
        Value::Float(value) if value.is_finite() => CardValue::Float(value),
        Value::Str(text) if is_card_text(text) => CardValue::Text(text.to_owned()),
        _ => return None,
    })
}

fn is_card_text(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && text.trim_end() == text
}

/// The YAML that astropy reads.
fn lines(made: &Made<'_>, meta: &[(String, String)]) -> Vec<String> {
    let mut out = vec!["datatype:".to_owned()];
    for part in &made.parts {
        let mut entries = vec![("name".to_owned(), yaml::quoted(&part.name))];
        if let Some(unit) = &part.unit {
            entries.push(("unit".to_owned(), yaml::quoted(unit)));
        }
        entries.push(("datatype".to_owned(), datatype(part)));
        if let Some(text) = &part.description {
            entries.push(("description".to_owned(), yaml::quoted(text)));
        }
        if let Some(meta) = &part.meta {
            entries.push(("meta".to_owned(), meta.clone()));
        }
        out.push(format!("- {}", yaml::map(&entries)));
    }
    out.push("meta: !!omap".to_owned());
    out.extend(meta.iter().map(|(key, value)| format!("- {key}: {value}")));
    if made.objects.is_empty() {
        out.push("- __serialized_columns__: {}".to_owned());
    } else {
        out.push("- __serialized_columns__:".to_owned());
    }
    for (name, object) in &made.objects {
        out.push(format!("    {}: {object}", yaml::quoted(name)));
    }
    out
}

fn datatype(part: &Part<'_>) -> String {
    let (Elements::Fixed { data, .. } | Elements::Variable { values: data, .. }) = &part.elements;
    let scalar = |data: &ArrayData<'_>| match data.datatype() {
        Datatype::Scalar(crate::array::Scalar::Bool8) => "bool".to_owned(),
        Datatype::Scalar(scalar) => scalar.name().to_owned(),
        _ => "string".to_owned(),
    };
    scalar(data)
}

/// Lines as `COMMENT` cards, longer ones in several.
fn push_lines(lines: &[String], out: &mut NewHeader) -> Result<()> {
    out.push_text("COMMENT", BEGIN)?;
    for line in lines {
        let mut rest = line.as_str();
        while let Some((part, more)) = rest
            .split_at_checked(LINE)
            .filter(|(_, more)| !more.is_empty())
        {
            out.push_text("COMMENT", &format!("{part}\\"))?;
            rest = more;
        }
        out.push_text("COMMENT", rest)?;
    }
    out.push_text("COMMENT", END)
}
