//! `VOTable` of the IVOA, with the cells as text. Source: `VOTable` 1.4.

mod params;
mod systems;

use super::cells::{self, Cell, CellRows, CellWriter, several};
use super::object::has_mask;
use super::parts::Parts;
use crate::array::{Datatype, Scalar};
use crate::convert::csv_write::{self, Cells};
use crate::convert::leaf::Leaf;
use crate::convert::unit_text::to_votable;
use crate::error::Result;
use crate::tree::float_text;
use params::Params;
use std::io::Write;
use systems::{Role, Systems};

pub(super) fn write(parts: &mut Parts<'_>, out: &mut dyn Write) -> Result<()> {
    let rows = csv_write::measure(&parts.columns)?;
    let plan = plan(parts)?;
    let mut params = Params::default();
    let mut systems = Systems::default();
    for (name, object) in std::mem::take(&mut parts.objects) {
        systems.add(&name, &object, &mut params, &mut parts.notes);
        if let Some((_, Some(meta))) = &object.info {
            params.meta(*meta, Some(&name), parts, &mut systems);
        }
    }
    for place in 0..parts.described.len() {
        let meta = parts.described.get(place).and_then(|part| part.meta);
        let name = parts.columns.get(place).map(|(name, _)| name.clone());
        if let (Some(meta), Some(name)) = (meta, name) {
            params.meta(meta, Some(&name), parts, &mut systems);
        }
    }
    if let Some(meta) = parts.meta {
        params.meta(meta, None, parts, &mut systems);
    }
    note_types(&plan, &mut parts.notes);

    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\">"
    )?;
    writeln!(out, "<RESOURCE>")?;
    systems.write(out)?;
    writeln!(out, "<TABLE nrows=\"{rows}\">")?;
    params.write(out)?;
    for cell in plan.iter().flatten() {
        field(cell, systems.role(&cell.name), out)?;
    }
    writeln!(out, "<DATA>\n<TABLEDATA>")?;
    let writer = Rows {
        out: &mut *out,
        begins: true,
    };
    let mut rows = CellRows::new(&plan, &parts.described, writer);
    csv_write::rows(&parts.columns, &mut rows)?;
    writeln!(
        out,
        "</TABLEDATA>\n</DATA>\n</TABLE>\n</RESOURCE>\n</VOTABLE>"
    )?;
    Ok(())
}

/// The cells of all columns. Arrays of numbers stand in one cell; of integers only those without masks, since only numbers that
/// are not there could say that a value is missing.
fn plan(parts: &mut Parts<'_>) -> Result<Vec<Vec<Cell>>> {
    let mut out = Vec::new();
    let (mut spread, mut empty) = (Vec::new(), Vec::new());
    for ((name, cells), part) in parts.columns.iter().zip(&parts.described) {
        let is_masked = match cells {
            Cells::Array(array) => has_mask(array)?,
            Cells::Numbers(..) => true,
        };
        let keeps = |datatype: &Datatype, shape: &[u64]| {
            let is_told =
                |scalar: Scalar| !is_masked || scalar.is_inexact() || scalar == Scalar::Bool8;
            let scalar = datatype.scalar().filter(|scalar| *scalar != Scalar::Uint64);
            scalar.is_some_and(is_told) && !shape.contains(&0)
        };
        let made = cells::of_part((name, cells), part, &keeps);
        if made.is_empty() {
            empty.push(format!("`{}`", name.escape_debug()));
        } else if !cells.inner().is_empty() && !made.iter().any(Cell::is_array) {
            spread.push(format!("`{}`", name.escape_debug()));
        }
        out.push(made);
    }
    if !empty.is_empty() {
        let columns = several("column", &empty);
        parts
            .notes
            .push(format!("{columns} without elements and left out"));
    }
    if !spread.is_empty() {
        parts.notes.push(format!(
            "VOTable has no arrays of text, of integers with masks or of 64 bits without sign; {} written as a column for each element",
            several("column", &spread)
        ));
    }
    Ok(out)
}

/// Notes what has another type than before.
fn note_types(plan: &[Vec<Cell>], notes: &mut Vec<String>) {
    let named = |wanted: &[Scalar]| -> Vec<String> {
        let cells = plan.iter().flatten();
        let cells = cells.filter(|cell| cell.scalar.is_some_and(|own| wanted.contains(&own)));
        cells
            .map(|cell| format!("`{}`", cell.name.escape_debug()))
            .collect()
    };
    let wider = named(&[
        Scalar::Int8,
        Scalar::Uint16,
        Scalar::Uint32,
        Scalar::Float16,
    ]);
    if !wider.is_empty() {
        notes.push(format!(
            "VOTable has no int8, uint16, uint32 and float16; {} written in the next wider type",
            several("column", &wider)
        ));
    }
    let text = named(&[Scalar::Uint64]);
    if !text.is_empty() {
        notes.push(format!(
            "VOTable has no integers of 64 bits without sign; {} written as text",
            several("column", &text)
        ));
    }
}

fn field(cell: &Cell, role: Option<&Role>, out: &mut dyn Write) -> Result<()> {
    // Without an ID readers call the column by its name.
    write!(out, "<FIELD name=\"{}\"", escaped(&cell.name))?;
    let array = if cell.is_variable {
        Some("*".to_owned())
    } else {
        // The first axis is the one that varies fastest.
        let lengths: Vec<String> = cell.shape.iter().rev().map(u64::to_string).collect();
        Some(lengths.join("x")).filter(|text| !text.is_empty())
    };
    write!(out, " {}", votable_type(cell.scalar, array.as_deref()))?;
    let role_unit = role.and_then(|role| role.unit);
    let own = cell.unit.as_deref();
    if let Some(unit) = own.filter(|unit| !unit.is_empty()).or(role_unit) {
        let standard = to_votable(unit);
        let unit = standard.as_deref().unwrap_or(unit);
        write!(out, " unit=\"{}\"", escaped(unit))?;
    }
    let attributes = [
        ("ucd", role.and_then(|role| role.ucd)),
        ("xtype", role.and_then(|role| role.xtype)),
        ("ref", role.and_then(|role| role.system.as_deref())),
    ];
    for (key, value) in attributes {
        if let Some(value) = value {
            write!(out, " {key}=\"{value}\"")?;
        }
    }
    match &cell.description {
        Some(text) => {
            let text = escaped(text);
            writeln!(out, "><DESCRIPTION>{text}</DESCRIPTION></FIELD>")?;
        }
        None => writeln!(out, "/>")?,
    }
    Ok(())
}

fn votable_type(scalar: Option<Scalar>, array: Option<&str>) -> String {
    let datatype = match scalar {
        Some(Scalar::Bool8) => "boolean",
        Some(Scalar::Uint8) => "unsignedByte",
        Some(Scalar::Int8 | Scalar::Int16) => "short",
        Some(Scalar::Uint16 | Scalar::Int32) => "int",
        Some(Scalar::Uint32 | Scalar::Int64) => "long",
        Some(Scalar::Float16 | Scalar::Float32) => "float",
        Some(Scalar::Float64) => "double",
        Some(Scalar::Complex64) => "floatComplex",
        Some(Scalar::Complex128) => "doubleComplex",
        Some(Scalar::Uint64) => "char",
        None => "unicodeChar",
    };
    let is_text = matches!(scalar, None | Some(Scalar::Uint64));
    match array.or(is_text.then_some("*")) {
        Some(lengths) => format!("datatype=\"{datatype}\" arraysize=\"{lengths}\""),
        None => format!("datatype=\"{datatype}\""),
    }
}

/// A number as `VOTable` has it.
fn number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+InF" } else { "-InF" }.to_owned();
    }
    float_text(value)
}

/// Real and imaginary part of `1.0-2.5e-07j`.
fn complex(text: &str) -> Option<[f64; 2]> {
    let text = text.strip_suffix('j')?;
    let is_sign = |(at, letter): &(usize, char)| {
        let before = text.get(..*at).unwrap_or_default();
        matches!(letter, '+' | '-') && !before.is_empty() && !before.ends_with('e')
    };
    let (at, _) = text.char_indices().rfind(is_sign)?;
    let (real, imaginary) = text.split_at_checked(at)?;
    Some([real.parse().ok()?, imaginary.parse().ok()?])
}

/// Text as XML has it; characters that XML cannot have are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => out.push_str(&format!("&#{};", u32::from(letter))),
            _ if letter < ' ' || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                out.push(char::REPLACEMENT_CHARACTER);
            }
            _ => out.push(letter),
        }
    }
    out
}

/// Rows of a `TABLEDATA`.
struct Rows<'w> {
    out: &'w mut dyn Write,
    begins: bool,
}

impl Rows<'_> {
    fn begin(&mut self, is_first: bool) -> Result<()> {
        if std::mem::take(&mut self.begins) {
            write!(self.out, "<TR>")?;
        }
        Ok(write!(self.out, "{}", if is_first { "<TD>" } else { " " })?)
    }
}

impl CellWriter for Rows<'_> {
    fn value(&mut self, cell: &Cell, at: u64, leaf: &Leaf<'_>) -> Result<()> {
        self.begin(at == 0)?;
        let text = match (leaf, cell.scalar) {
            // What is empty is null, whatever the datatype.
            (Leaf::Null, _) if !cell.is_array() => return Ok(()),
            (Leaf::Null, Some(Scalar::Bool8)) => "?".to_owned(),
            (Leaf::Null, Some(Scalar::Complex64 | Scalar::Complex128)) => "NaN NaN".to_owned(),
            (Leaf::Null, _) => "NaN".to_owned(),
            (Leaf::Float(value), _) => number(*value),
            (Leaf::Complex(text), _) => match complex(text) {
                Some([real, imaginary]) => format!("{} {}", number(real), number(imaginary)),
                None => escaped(text),
            },
            (Leaf::Text(text), _) => escaped(text),
            (Leaf::Bool(_) | Leaf::Int(_), _) => {
                let mut text = String::new();
                csv_write::push_leaf(leaf, &mut text);
                text
            }
        };
        Ok(self.out.write_all(text.as_bytes())?)
    }

    fn end(&mut self, _: &Cell, count: u64) -> Result<()> {
        if count == 0 {
            self.begin(true)?;
        }
        Ok(write!(self.out, "</TD>")?)
    }

    fn end_row(&mut self) -> Result<()> {
        if self.begins {
            write!(self.out, "<TR>")?;
        }
        self.begins = true;
        Ok(writeln!(self.out, "</TR>")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_cell() {
        assert_eq!(
            escaped("a<b>&\"\u{1}\n"),
            "a&lt;b&gt;&amp;&quot;\u{fffd}&#10;"
        );
    }

    #[test]
    fn each_type_of_a_votable_holds_all_values() {
        let of = |scalar| votable_type(Some(scalar), None);
        assert_eq!(of(Scalar::Int8), "datatype=\"short\"");
        assert_eq!(of(Scalar::Uint32), "datatype=\"long\"");
        assert!(of(Scalar::Uint64).contains("char"));
    }

    #[test]
    fn complex_numbers_have_two_parts() {
        assert_eq!(complex("1.0-2.5e-07j"), Some([1.0, -2.5e-7]));
        assert_eq!(complex("-1e-05+0.5j"), Some([-1e-5, 0.5]));
        let [real, imaginary] = complex("nan+infj").unwrap();
        assert!(real.is_nan() && imaginary.is_infinite());
    }
}
