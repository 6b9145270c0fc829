//! Catalogues of positions: CSV, ECSV and `VOTable`.

mod delimited;
mod votable;

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
    /// The numbers of the rows that have no place, from 0.
    pub without_place: Vec<usize>,
}

/// The names of the columns of a catalogue, where they are not to be found by themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogColumns {
    /// Right ascension, or the longitude.
    pub longitude: Option<String>,
    /// Declination, or the latitude.
    pub latitude: Option<String>,
    /// What sources are called.
    pub label: Option<String>,
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
        Self::read_as(text, &CatalogColumns::default())
    }

    /// The same with columns of these names.
    ///
    /// # Errors
    /// It is none of these, or has no such columns.
    pub fn read_as(text: &str, names: &CatalogColumns) -> Result<Self, String> {
        let table = if text.trim_start().starts_with('<') {
            votable::read(text)?
        } else {
            delimited::read(text)?
        };
        Self::of(&table, names)
    }

    /// Takes columns of a table.
    ///
    /// # Errors
    /// There are no columns of positions.
    pub fn of_columns(columns: &[TextColumn]) -> Result<Self, String> {
        Self::of_columns_as(columns, &CatalogColumns::default())
    }

    /// The same of columns of these names.
    ///
    /// # Errors
    /// There are no such columns.
    pub fn of_columns_as(columns: &[TextColumn], names: &CatalogColumns) -> Result<Self, String> {
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
        Self::of(&table, names)
    }

    fn of(table: &Table, names: &CatalogColumns) -> Result<Self, String> {
        let asked = |name: &Option<String>| match name {
            None => Ok(None),
            Some(name) => match table.named(&[name.as_str()]) {
                Some(found) => Ok(Some(found)),
                None => Err(format!(
                    "there is no column `{name}` among {}",
                    table.names()
                )),
            },
        };
        let (own_longitude, own_latitude) = (asked(&names.longitude)?, asked(&names.latitude)?);
        let own_label = asked(&names.label)?;
        let longitude = table.ucd("pos.eq.ra").or_else(|| table.named(&LONGITUDES));
        let latitude = table.ucd("pos.eq.dec").or_else(|| table.named(&LATITUDES));
        let sky = own_longitude.or(longitude);
        let sky = sky.zip(own_latitude.or(latitude));
        let pixels = table.named(&ACROSS).zip(table.named(&UP));
        let is_sky = sky.is_some();
        let Some((first, second)) = sky.or(pixels) else {
            return Err(format!(
                "no columns of positions (ra and dec, x and y) among {}",
                table.names()
            ));
        };
        let label = own_label.or_else(|| table.named(&LABELS));
        let unit = table.columns.get(first).map_or("", |column| &column.unit);
        let is_hours = is_sky && matches!(unit, "h" | "hour" | "hourangle" | "hr");
        let mut without_place = Vec::new();
        let rows = table.rows.iter().enumerate().filter_map(|(number, row)| {
            let of_row = || place([row.get(first)?, row.get(second)?], is_sky, is_hours);
            let Some(place) = of_row() else {
                without_place.push(number);
                return None;
            };
            Some(CatalogRow {
                place,
                label: label
                    .and_then(|at| row.get(at))
                    .cloned()
                    .unwrap_or_default(),
            })
        });
        let taken = [Some(first), Some(second), label].into_iter().flatten();
        let name = |at: usize| table.columns.get(at).map(|column| column.name.clone());
        let rows = rows.collect();
        Ok(Self {
            is_sky,
            rows,
            without_place,
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

    /// The first names, to be told.
    fn names(&self) -> String {
        let names = self.columns.iter().map(|column| &*column.name);
        names.take(12).collect::<Vec<&str>>().join(", ")
    }

    /// The column of the first of these names that one has.
    fn named(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let mut columns = self.columns.iter();
            columns.position(|column| column.name.eq_ignore_ascii_case(name))
        })
    }
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
