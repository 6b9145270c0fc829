//! Catalogues of positions: CSV, ECSV and `VOTable`.

use super::position::read_position;

/// A source of a catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogRow {
    /// Where it is: degrees on the sky (longitude first), or pixels from 0.
    pub place: [f64; 2],
    /// What it is called; may be empty.
    pub label: String,
}

/// Positions with names.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalog {
    /// Whether the places are on the sky (ICRS).
    pub is_sky: bool,
    /// The sources that have a place.
    pub rows: Vec<CatalogRow>,
    /// The columns that places and names were taken of.
    pub columns: Vec<String>,
}

/// A column of a table as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextColumn {
    /// Its name.
    pub name: String,
    /// Its unit; may be empty.
    pub unit: String,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A table of texts.
#[derive(Debug, Default)]
struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

/// A column as the file describes it.
#[derive(Debug, Default, Clone)]
struct Column {
    name: String,
    unit: String,
    ucd: String,
}

/// Rows at most.
const MOST: usize = 1_000_000;

/// Names of columns of longitudes, latitudes, pixels and names, the likeliest first.
const LONGITUDES: [&str; 9] = [
    "ra",
    "ra_icrs",
    "raj2000",
    "_raj2000",
    "ra_deg",
    "radeg",
    "alpha",
    "sky_centroid.ra",
    "lon",
];
const LATITUDES: [&str; 10] = [
    "dec",
    "de_icrs",
    "dej2000",
    "decj2000",
    "_dej2000",
    "dec_deg",
    "decdeg",
    "delta",
    "sky_centroid.dec",
    "lat",
];
const ACROSS: [&str; 5] = ["x", "xcentroid", "x_centroid", "xcenter", "x_image"];
const UP: [&str; 5] = ["y", "ycentroid", "y_centroid", "ycenter", "y_image"];
const LABELS: [&str; 8] = [
    "name",
    "label",
    "id",
    "source_id",
    "designation",
    "object",
    "source",
    "main_id",
];

impl Catalog {
    /// Reads a file: a `VOTable`, ECSV or CSV.
    ///
    /// # Errors
    /// It is none of these, or has no columns of positions.
    pub fn read(text: &str) -> Result<Self, String> {
        let table = if text.trim_start().starts_with('<') {
            votable(text)?
        } else {
            delimited(text)?
        };
        Self::of(&table)
    }

    /// Takes columns of a table.
    ///
    /// # Errors
    /// There are no columns of positions.
    pub fn of_columns(columns: &[TextColumn]) -> Result<Self, String> {
        let length = columns
            .iter()
            .map(|column| column.cells.len())
            .min()
            .unwrap_or(0);
        let cell = |row: usize| {
            let cells = columns.iter().map(|column| column.cells.get(row).cloned());
            cells.map(Option::unwrap_or_default).collect()
        };
        let table = Table {
            columns: columns
                .iter()
                .map(|column| Column {
                    name: column.name.clone(),
                    unit: column.unit.clone(),
                    ucd: String::new(),
                })
                .collect(),
            rows: (0..length.min(MOST)).map(cell).collect(),
        };
        Self::of(&table)
    }

    fn of(table: &Table) -> Result<Self, String> {
        let sky = table.ucd("pos.eq.ra").or_else(|| table.named(&LONGITUDES));
        let sky = sky.zip(table.ucd("pos.eq.dec").or_else(|| table.named(&LATITUDES)));
        let pixels = table.named(&ACROSS).zip(table.named(&UP));
        let is_sky = sky.is_some();
        let Some((first, second)) = sky.or(pixels) else {
            let columns = table.columns.iter().map(|column| &*column.name);
            let columns: Vec<&str> = columns.take(12).collect();
            return Err(format!(
                "no columns of positions (ra and dec, x and y) among {}",
                columns.join(", ")
            ));
        };
        let label = table.named(&LABELS);
        let unit = table.columns.get(first).map_or("", |column| &column.unit);
        let is_hours = is_sky && matches!(unit, "h" | "hour" | "hourangle" | "hr");
        let rows = table.rows.iter().filter_map(|row| {
            Some(CatalogRow {
                place: place([row.get(first)?, row.get(second)?], is_sky, is_hours)?,
                label: label
                    .and_then(|at| row.get(at))
                    .cloned()
                    .unwrap_or_default(),
            })
        });
        let taken = [Some(first), Some(second), label].into_iter().flatten();
        let name = |at: usize| table.columns.get(at).map(|column| column.name.clone());
        Ok(Self {
            is_sky,
            rows: rows.collect(),
            columns: taken.filter_map(name).collect(),
        })
    }
}

/// A position of two cells: numbers, or on the sky as people write it.
fn place([first, second]: [&String; 2], is_sky: bool, is_hours: bool) -> Option<[f64; 2]> {
    let (first, second) = (first.trim(), second.trim());
    match (first.parse::<f64>(), second.parse::<f64>()) {
        (Ok(x), Ok(y)) if x.is_finite() && y.is_finite() => {
            Some([if is_hours { x * 15.0 } else { x }, y])
        }
        (Ok(_), Ok(_)) => None,
        _ if is_sky => read_position(&format!("{first}, {second}")),
        _ => None,
    }
}

impl Table {
    /// The column of a UCD, the main one if there are several.
    fn ucd(&self, start: &str) -> Option<usize> {
        let is_own = |column: &Column| column.ucd.starts_with(start);
        let mut columns = self.columns.iter();
        let main = columns.position(|column| is_own(column) && column.ucd.contains("meta.main"));
        main.or_else(|| self.columns.iter().position(is_own))
    }

    /// The column of the first of these names that one has.
    fn named(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let mut columns = self.columns.iter();
            columns.position(|column| column.name.eq_ignore_ascii_case(name))
        })
    }
}

/// CSV with a line of names, or ECSV.
fn delimited(text: &str) -> Result<Table, String> {
    let is_ecsv = text.starts_with("# %ECSV");
    let comments: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .collect();
    let mut lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let heading = lines.next().ok_or("the file is empty")?;
    let said = comments
        .iter()
        .find_map(|line| line.trim().strip_prefix("delimiter:"));
    let delimiter = match said {
        Some(said) if said.contains(',') => ',',
        _ if is_ecsv => ' ',
        _ if heading.contains(',') => ',',
        _ if heading.contains('\t') => '\t',
        _ if heading.contains(';') => ';',
        _ => return Err("expected CSV, ECSV or a VOTable".to_owned()),
    };
    let names = cells(heading, delimiter);
    let columns = names.into_iter().map(|name| Column {
        unit: ecsv_unit(&comments, &name).unwrap_or_default(),
        name,
        ucd: String::new(),
    });
    Ok(Table {
        columns: columns.collect(),
        rows: lines
            .take(MOST)
            .map(|line| cells(line, delimiter))
            .collect(),
    })
}

/// The unit that the head of an ECSV file has for a column: `- {name: ra, unit: deg, datatype: float64}`.
fn ecsv_unit(comments: &[&str], name: &str) -> Option<String> {
    let own = comments.iter().find(|line| {
        let named = line.split_once("name:").map(|found| found.1.trim_start());
        let value = named.and_then(|rest| rest.split([',', '}']).next());
        value.is_some_and(|value| value.trim().trim_matches(['"', '\'']) == name)
    })?;
    let unit = own.split_once("unit:")?.1;
    Some(
        unit.split([',', '}'])
            .next()?
            .trim()
            .trim_matches(['"', '\''])
            .to_owned(),
    )
}

/// The cells of a line; in quotes the delimiter does not count.
fn cells(line: &str, delimiter: char) -> Vec<String> {
    let mut found = Vec::new();
    let mut cell = String::new();
    let (mut quoted, mut was_quoted) = (false, false);
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' if quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' => {
                quoted = !quoted;
                was_quoted = true;
            }
            char if char == delimiter && !quoted => {
                // Several blanks are one.
                if delimiter != ' ' || !cell.is_empty() || was_quoted {
                    found.push(std::mem::take(&mut cell));
                }
                was_quoted = false;
            }
            '\r' => {}
            char => cell.push(char),
        }
    }
    if delimiter != ' ' || !cell.is_empty() || was_quoted {
        found.push(cell);
    }
    let trimmed = found.into_iter().map(|cell| cell.trim().to_owned());
    trimmed.collect()
}

/// The first table of a `VOTable` whose rows stand as text.
fn votable(text: &str) -> Result<Table, String> {
    let start = text
        .find("<TABLE")
        .ok_or("expected a TABLE in the VOTable")?;
    let text = text.get(start..).unwrap_or_default();
    let end = text.find("</TABLE>").unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default();
    let mut table = Table::default();
    let (head, data) = text.split_once("<DATA").ok_or("the TABLE has no DATA")?;
    let mut rest = head;
    while let Some((_, after)) = rest.split_once("<FIELD") {
        let (field, behind) = after.split_once('>').ok_or("a FIELD does not end")?;
        table.columns.push(Column {
            name: attribute(field, "name").unwrap_or_default(),
            unit: attribute(field, "unit").unwrap_or_default(),
            ucd: attribute(field, "ucd").unwrap_or_default(),
        });
        rest = behind;
    }
    if !data.contains("<TABLEDATA") {
        return Err("only VOTables with TABLEDATA are read, this one is binary".to_owned());
    }
    let mut rest = data;
    while let Some((_, after)) = rest.split_once("<TR") {
        let (row, behind) = after.split_once("</TR>").ok_or("a TR does not end")?;
        let mut cells = Vec::new();
        let mut inner = row;
        while let Some((_, after)) = inner.split_once("<TD") {
            let (open, behind) = after.split_once('>').ok_or("a TD does not end")?;
            if open.ends_with('/') {
                cells.push(String::new());
                inner = behind;
                continue;
            }
            let (cell, next) = behind.split_once("</TD>").ok_or("a TD does not end")?;
            cells.push(plain(cell.trim()));
            inner = next;
        }
        if table.rows.len() >= MOST {
            break;
        }
        table.rows.push(cells);
        rest = behind;
    }
    Ok(table)
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once(name)?;
        let is_name = before.ends_with(char::is_whitespace);
        let value = after.trim_start().strip_prefix('=').map(str::trim_start);
        if let Some(value) = value.filter(|_| is_name) {
            let quote = value
                .chars()
                .next()
                .filter(|char| matches!(char, '"' | '\''))?;
            return Some(plain(value.get(1..)?.split(quote).next()?));
        }
        rest = after;
    }
}

/// A text of XML without its entities.
fn plain(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<([f64; 2], String)> {
        let catalog = Catalog::read(text).unwrap();
        catalog
            .rows
            .into_iter()
            .map(|row| (row.place, row.label))
            .collect()
    }

    fn is_at(place: [f64; 2], expected: [f64; 2]) -> bool {
        let mut axes = place.iter().zip(expected);
        axes.all(|(a, b)| (a - b).abs() < 1e-12)
    }

    #[test]
    fn tables_of_text_are_read() {
        let csv = "name,RA,Dec\n\"a, b\",10.5,-3\nlost,,\nc,11,4\n";
        let expected = vec![
            ([10.5, -3.0], "a, b".to_owned()),
            ([11.0, 4.0], "c".to_owned()),
        ];
        assert_eq!(places(csv), expected);
        let ecsv = "# %ECSV 1.0\n# ---\n# datatype:\n# - {name: id, datatype: string}\n# - {name: ra, unit: hourangle, datatype: float64}\n# - {name: dec, unit: deg, datatype: float64}\nid ra dec\n\"a, b\" 0.7 -3\nc 1 4\n";
        let found = places(ecsv);
        assert!(
            (found[0].0[0] - 10.5).abs() < 1e-12 && found[0].1 == "a, b",
            "{found:?}"
        );
        assert!(is_at(found[1].0, [15.0, 4.0]), "{found:?}");
        assert!(is_at(
            places("ra\tdec\n05:22:00\t-69:30:00\n")[0].0,
            [80.5, -69.5]
        ));
        let pixels = Catalog::read("id,xcentroid,ycentroid\n1,3.5,4\n").unwrap();
        assert!(!pixels.is_sky);
        assert!(
            Catalog::read("a,b\n1,2\n")
                .unwrap_err()
                .contains("among a, b")
        );
        assert!(Catalog::read("nothing of the kind\n").is_err());
    }

    #[test]
    fn votables_are_read_by_their_ucds() {
        let table = r#"<?xml version="1.0"?><VOTABLE><RESOURCE><TABLE>
            <FIELD name="a" ucd="pos.eq.ra;meta.main" unit="deg"/><FIELD ucd='pos.eq.dec;meta.main' name='b'/>
            <FIELD name="ra" ucd="phot.mag"/><FIELD name="name"/>
            <DATA><TABLEDATA><TR><TD>1.5</TD><TD>2</TD><TD>9</TD><TD>x &amp; y</TD></TR>
            <TR><TD/><TD>2</TD><TD>9</TD><TD></TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>"#;
        assert_eq!(places(table), [([1.5, 2.0], "x & y".to_owned())]);
        assert!(
            Catalog::read(
                "<VOTABLE><TABLE><FIELD name=\"ra\"/><DATA><BINARY/></DATA></TABLE></VOTABLE>"
            )
            .unwrap_err()
            .contains("binary")
        );
        assert!(Catalog::read("<html></html>").is_err());
    }
}
