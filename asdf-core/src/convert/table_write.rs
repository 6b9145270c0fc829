//! Tables with the types and units of their columns: ECSV of astropy, `VOTable` of the IVOA.

use super::csv_write;
use crate::array::is_array;
use crate::array::{ArrayRef, Datatype, Scalar};
use crate::error::Locate;
use crate::error::Result;
use crate::file::FileNode;
use crate::tagged::Table;
use crate::tree::Node;
use crate::tree::PathStep;
use csv::ByteRecord;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;

/// A format of tables whose columns have types and units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableFormat {
    /// ECSV 1.0: a header in YAML, then comma-separated values.
    Ecsv,
    /// `VOTable` 1.4 with the cells as text.
    Votable,
}

/// Writes a table, or an array of one or two axes, as [`write_csv`](super::write_csv) does, with the types of its columns and
/// their units: those of the columns, or of the header (`TUNITn`) beside the data of an HDU.
///
/// Integers of 64 bits without sign and complex numbers are text in a `VOTable`, which has no type for all of them. Memory is
/// bounded, but for masks.
///
/// # Errors
/// As [`write_csv`](super::write_csv).
pub fn write_table(at: FileNode<'_>, format: TableFormat, out: &mut dyn Write) -> Result<()> {
    let at = at.resolve()?;
    let columns = csv_write::columns(at).in_file(at.file.name())?;
    let cards = CardUnits::beside(at);
    let table = if is_array(at.node) {
        None
    } else {
        Table::of(at)?.map(|table| units(&table)).transpose()?
    };
    let mut heads = Vec::new();
    for (place, (name, array)) in columns.iter().enumerate() {
        let units = Units::of(table.as_deref(), &cards, (place, name), array);
        let inner = array.shape().get(1..).unwrap_or_default();
        for label in csv_write::spread(name, inner) {
            add_heads(&label, array.datatype(), &units, &mut heads);
        }
    }
    let written = match format {
        TableFormat::Ecsv => ecsv(&heads, &columns, out),
        TableFormat::Votable => votable(&heads, &columns, out),
    };
    for (_, array) in &columns {
        at.file.note_warnings(array);
    }
    written.in_file(at.file.name())
}

/// A column of cells.
struct Head {
    name: String,
    /// `None` for text.
    scalar: Option<Scalar>,
    unit: Option<String>,
}

/// Units of a column, or of the fields of its records.
struct Units {
    own: Option<String>,
    fields: Vec<Option<String>>,
}

impl Units {
    fn of(
        table: Option<&[Option<String>]>,
        cards: &CardUnits<'_>,
        (place, name): (usize, &str),
        array: &ArrayRef<'_>,
    ) -> Self {
        if let (None, Datatype::Record(fields)) = (table, array.datatype()) {
            let fields = fields.iter().enumerate();
            return Self {
                own: None,
                fields: fields
                    .map(|(place, field)| cards.unit(&field.label(place), place))
                    .collect(),
            };
        }
        let unit = table.and_then(|units| units.get(place)).cloned().flatten();
        Self {
            own: unit.or_else(|| cards.unit(name, place)),
            fields: Vec::new(),
        }
    }
}

/// The units of the columns that a table is written as.
fn units(table: &Table<'_>) -> Result<Vec<Option<String>>> {
    let mut out = Vec::new();
    for column in &table.columns {
        out.extend(column.arrays()?.into_iter().map(|part| part.unit));
    }
    Ok(out)
}

/// The header of the HDU whose data a table is.
fn header_beside(at: FileNode<'_>) -> Option<Node<'_>> {
    let path = at.node.path();
    let (last, before) = path.steps().split_last()?;
    if !matches!(last, PathStep::Key(key) if &**key == "data") {
        return None;
    }
    let hdu = at.file.node(path.prefix(before.len())).ok()?;
    hdu.get("header")
}

/// The units that the cards beside the data of an HDU give its columns.
#[derive(Default)]
struct CardUnits<'n> {
    /// The `n` of `TTYPEn` of each name.
    numbers: HashMap<&'n str, usize>,
    /// `TUNITn` by `n`.
    units: BTreeMap<usize, Option<&'n str>>,
}

impl<'n> CardUnits<'n> {
    /// The header is looked through once, whatever it has.
    fn beside(at: FileNode<'n>) -> Self {
        let Some(header) = header_beside(at) else {
            return Self::default();
        };
        let pairs = header.as_map().into_iter().flatten();
        let pairs = pairs.map(|(key, value)| (key.text(), Some(value)));
        let list = header.as_seq().into_iter().flatten();
        let list = list.map(|card| (card.at(0).and_then(Node::text), card.at(1)));
        let (mut names, mut units) = (BTreeMap::new(), BTreeMap::new());
        for (keyword, value) in pairs.chain(list) {
            let Some(keyword) = keyword else { continue };
            let text = value.and_then(Node::text).map(str::trim);
            // Of a keyword that stands several times the first card counts.
            if let Some(number) = numbered(keyword, "TTYPE") {
                names.entry(number).or_insert(text);
            } else if let Some(number) = numbered(keyword, "TUNIT") {
                units.entry(number).or_insert(text);
            }
        }
        let mut numbers = HashMap::new();
        for (number, name) in names {
            if let Some(name) = name {
                numbers.entry(name).or_insert(number);
            }
        }
        Self { numbers, units }
    }

    /// `TUNITn` of the column that `TTYPEn` names, else of the one at that place.
    fn unit(&self, name: &str, place: usize) -> Option<String> {
        let at_place = place.saturating_add(1);
        let number = self.numbers.get(name).copied().unwrap_or(at_place);
        let unit = self.units.get(&number).copied().flatten()?;
        (!unit.is_empty()).then(|| unit.to_owned())
    }
}

/// The number after the name of a keyword.
fn numbered(keyword: &str, name: &str) -> Option<usize> {
    let digits = keyword.strip_prefix(name)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| is_number)
}

fn add_heads(label: &str, datatype: &Datatype, units: &Units, heads: &mut Vec<Head>) {
    match datatype {
        Datatype::Record(fields) => {
            for (index, field) in fields.iter().enumerate() {
                let name = csv_write::below(label, field.label(index));
                let units = Units {
                    own: units.fields.get(index).cloned().flatten(),
                    fields: Vec::new(),
                };
                for label in csv_write::spread(&name, &field.shape) {
                    add_heads(&label, &field.datatype, &units, heads);
                }
            }
        }
        _ => heads.push(Head {
            name: label.to_owned(),
            scalar: datatype.scalar(),
            unit: units.own.clone(),
        }),
    }
}

fn ecsv(heads: &[Head], columns: &[(String, ArrayRef<'_>)], out: &mut dyn Write) -> Result<()> {
    writeln!(out, "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:")?;
    for head in heads {
        let datatype = match head.scalar {
            None => "string",
            Some(Scalar::Bool8) => "bool",
            Some(scalar) => scalar.name(),
        };
        let unit = head.unit.as_ref();
        let unit = unit.map(|unit| format!(", unit: {}", quoted(unit)));
        let (name, unit) = (quoted(&head.name), unit.unwrap_or_default());
        writeln!(out, "# - {{name: {name}, datatype: {datatype}{unit}}}")?;
    }
    writeln!(out, "# schema: astropy-2.0")?;
    csv_write::write_columns(columns, out)
}

/// Text as JSON has it, which YAML takes as well.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn votable(heads: &[Head], columns: &[(String, ArrayRef<'_>)], out: &mut dyn Write) -> Result<()> {
    let (rows, _) = csv_write::measure(columns)?;
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\">"
    )?;
    writeln!(out, "<RESOURCE>\n<TABLE nrows=\"{rows}\">")?;
    for head in heads {
        let unit = head.unit.as_ref();
        let unit = unit.map(|unit| format!(" unit=\"{}\"", escaped(unit)));
        let (name, unit) = (escaped(&head.name), unit.unwrap_or_default());
        let datatype = votable_type(head.scalar);
        // Without an ID readers call the column by its name.
        writeln!(out, "<FIELD name=\"{name}\" {datatype}{unit}/>")?;
    }
    writeln!(out, "<DATA>\n<TABLEDATA>")?;
    csv_write::rows(columns, &mut |record: &ByteRecord| {
        write!(out, "<TR>")?;
        for (cell, head) in record.iter().zip(heads) {
            let text = String::from_utf8_lossy(cell);
            let text = match (head.scalar.is_some(), text.as_ref()) {
                (true, "nan") => "NaN".to_owned(),
                (true, "inf") => "+InF".to_owned(),
                (true, "-inf") => "-InF".to_owned(),
                // What is empty is null, whatever the datatype.
                _ => escaped(&text),
            };
            write!(out, "<TD>{text}</TD>")?;
        }
        Ok(writeln!(out, "</TR>")?)
    })?;
    writeln!(
        out,
        "</TABLEDATA>\n</DATA>\n</TABLE>\n</RESOURCE>\n</VOTABLE>"
    )?;
    Ok(())
}

fn votable_type(scalar: Option<Scalar>) -> &'static str {
    match scalar {
        Some(Scalar::Bool8) => "datatype=\"boolean\"",
        Some(Scalar::Uint8) => "datatype=\"unsignedByte\"",
        Some(Scalar::Int8 | Scalar::Int16) => "datatype=\"short\"",
        Some(Scalar::Uint16 | Scalar::Int32) => "datatype=\"int\"",
        Some(Scalar::Uint32 | Scalar::Int64) => "datatype=\"long\"",
        Some(Scalar::Float16 | Scalar::Float32) => "datatype=\"float\"",
        Some(Scalar::Float64) => "datatype=\"double\"",
        Some(Scalar::Uint64 | Scalar::Complex64 | Scalar::Complex128) => {
            "datatype=\"char\" arraysize=\"*\""
        }
        None => "datatype=\"unicodeChar\" arraysize=\"*\"",
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_cell() {
        assert_eq!(
            escaped("a<b>&\"\u{1}\n"),
            "a&lt;b&gt;&amp;&quot;\u{fffd}&#10;"
        );
        assert_eq!(quoted("a\"b\n"), "\"a\\\"b\\n\"");
    }

    #[test]
    fn each_type_of_a_votable_holds_all_values() {
        assert_eq!(votable_type(Some(Scalar::Int8)), "datatype=\"short\"");
        assert_eq!(votable_type(Some(Scalar::Uint32)), "datatype=\"long\"");
        assert!(votable_type(Some(Scalar::Uint64)).contains("char"));
    }
}
