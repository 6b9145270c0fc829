//! Catalogues of positions: CSV, ECSV and `VOTable`.

mod delimited;
mod names;
mod votable;

use super::position::read_position;
use asdf_core::wcs::Unit;
use names::{FROM_ONE, LABELS, LATITUDES, LONGITUDES, PIXELS};

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
    /// The first row whose latitude is beyond a pole, from 0, and that latitude in degrees. Such rows have no place.
    pub beyond_pole: Option<(usize, f64)>,
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
        let sky = table.sky(names)?;
        let mut pairs = PIXELS.iter().chain(&FROM_ONE);
        let pixels = pairs.find_map(|[x, y]| table.named(&[x]).zip(table.named(&[y])));
        let is_sky = sky.is_some();
        let Some((first, second)) = sky.or(pixels) else {
            return Err(format!(
                "no columns of positions (ra and dec, x and y) among {}",
                table.names()
            ));
        };
        let label = table.asked(names.label.as_deref())?;
        let label = label.or_else(|| table.named(&LABELS));
        let found = Self {
            is_sky,
            rows: Vec::new(),
            columns: Vec::new(),
            without_place: Vec::new(),
            beyond_pole: None,
        };
        let mut found = found.with_rows(table, (first, second), label)?;
        let taken = [Some(first), Some(second), label].into_iter().flatten();
        let name = |at: usize| table.columns.get(at).map(|column| column.name.clone());
        found.columns = taken.filter_map(name).collect();
        Ok(found)
    }

    /// Takes the places of the rows of two columns, and what they are called.
    fn with_rows(
        mut self,
        table: &Table,
        (first, second): (usize, usize),
        label: Option<usize>,
    ) -> Result<Self, String> {
        let is_sky = self.is_sky;
        let axes = [table.axis(first, is_sky), table.axis(second, is_sky)];
        for (number, row) in table.rows.iter().enumerate() {
            let place = match row.get(first).zip(row.get(second)) {
                Some((x, y)) => place([x, y], &axes, is_sky)?,
                None => None,
            };
            // 90 degrees in another unit may be more by its rounding.
            let is_beyond = |latitude: f64| is_sky && latitude.abs() > 90.0 * (1.0 + 1e-9);
            let place = match place {
                Some([_, latitude]) if is_beyond(latitude) => {
                    self.beyond_pole.get_or_insert((number, latitude));
                    None
                }
                place => place,
            };
            let Some(place) = place else {
                self.without_place.push(number);
                continue;
            };
            let label = label.and_then(|at| row.get(at)).cloned();
            self.rows.push(CatalogRow {
                place,
                label: label.unwrap_or_default(),
            });
        }
        Ok(self)
    }
}

/// How the numbers of a column of positions become degrees, or pixels from 0.
struct Axis<'t> {
    column: &'t Column,
    /// Degrees of the unit; `None` of one that is not an angle.
    factor: Option<f64>,
    /// What pixels count from.
    origin: f64,
}

impl Axis<'_> {
    fn value(&self, number: f64) -> Result<f64, String> {
        match self.factor {
            Some(factor) => Ok(number * factor - self.origin),
            None => Err(format!(
                "the column `{}` has the unit `{}`, expected an angle",
                self.column.name, self.column.unit
            )),
        }
    }
}

/// Degrees of a unit of a column of positions.
fn degrees(unit: &str) -> Option<f64> {
    match unit.trim() {
        "" | "deg" | "degree" | "degrees" => Some(1.0),
        // Right ascensions in hours are said to be so, or in the unit of time.
        "h" | "hr" | "hour" | "hours" | "hourangle" => Some(15.0),
        "radian" | "radians" => Some(1.0_f64.to_degrees()),
        unit if unit.eq_ignore_ascii_case("deg") => Some(1.0),
        unit => Unit::factor_between(unit, "deg"),
    }
}

/// A position of two cells: numbers, or on the sky as people write it. `None` where there is none.
fn place(
    [first, second]: [&String; 2],
    [x_axis, y_axis]: &[Axis<'_>; 2],
    is_sky: bool,
) -> Result<Option<[f64; 2]>, String> {
    let (first, second) = (first.trim(), second.trim());
    match (first.parse::<f64>(), second.parse::<f64>()) {
        (Ok(x), Ok(y)) if x.is_finite() && y.is_finite() => {
            Ok(Some([x_axis.value(x)?, y_axis.value(y)?]))
        }
        (Ok(_), Ok(_)) => Ok(None),
        (x, y) if is_sky => {
            // A number beside a cell of another form is in its unit.
            let text = |number: Option<f64>, axis: &Axis<'_>, cell: &str| match number {
                Some(number) => axis.value(number).map(|number| format!("{number}d")),
                None => Ok(cell.to_owned()),
            };
            let (x, y) = (text(x.ok(), x_axis, first)?, text(y.ok(), y_axis, second)?);
            Ok(read_position(&format!("{x}, {y}")))
        }
        _ => Ok(None),
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

    /// The numbers of a column of positions.
    fn axis(&self, at: usize, is_sky: bool) -> Axis<'_> {
        const NONE: &Column = &Column {
            name: String::new(),
            unit: String::new(),
            ucd: String::new(),
        };
        let column = self.columns.get(at).unwrap_or(NONE);
        let is_name = |name: &&str| column.name.eq_ignore_ascii_case(name);
        let is_from_one = !is_sky && FROM_ONE.iter().flatten().any(is_name);
        Axis {
            column,
            factor: if is_sky {
                degrees(&column.unit)
            } else {
                Some(1.0)
            },
            origin: if is_from_one { 1.0 } else { 0.0 },
        }
    }

    /// The column of a name that is asked for.
    fn asked(&self, name: Option<&str>) -> Result<Option<usize>, String> {
        let Some(name) = name else {
            return Ok(None);
        };
        let found = self.named(&[name]);
        let missing = || format!("there is no column `{name}` among {}", self.names());
        found.ok_or_else(missing).map(Some)
    }

    /// The columns of longitudes and latitudes: those of these names, else those that are called so.
    fn sky(&self, names: &CatalogColumns) -> Result<Option<(usize, usize)>, String> {
        let own_longitude = self.asked(names.longitude.as_deref())?;
        let own_latitude = self.asked(names.latitude.as_deref())?;
        let longitude = self.ucd("pos.eq.ra").or_else(|| self.named(&LONGITUDES));
        let latitude = self.ucd("pos.eq.dec").or_else(|| self.named(&LATITUDES));
        let sky = own_longitude.or(longitude);
        match sky.zip(own_latitude.or(latitude)) {
            None if own_longitude.is_none() && own_latitude.is_none() => self.coordinates(),
            found => Ok(found),
        }
    }

    /// The two columns of a coordinate object, as astropy names them: `pos.ra` and `pos.dec`.
    fn coordinates(&self) -> Result<Option<(usize, usize)>, String> {
        let lower: Vec<String> = self
            .columns
            .iter()
            .map(|column| column.name.to_ascii_lowercase())
            .collect();
        let pairs: Vec<(usize, usize)> = lower
            .iter()
            .enumerate()
            .filter_map(|(first, name)| {
                let latitude = format!("{}.dec", name.strip_suffix(".ra")?);
                let second = lower.iter().position(|name| *name == latitude)?;
                Some((first, second))
            })
            .collect();
        match pairs.as_slice() {
            [] => Ok(None),
            [pair] => Ok(Some(*pair)),
            several => {
                let names = several
                    .iter()
                    .filter_map(|(first, _)| self.columns.get(*first));
                let names: Vec<&str> = names.map(|column| &*column.name).collect();
                Err(format!(
                    "several columns of positions, one has to be named: {}",
                    names.join(", ")
                ))
            }
        }
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
        // 0.18640116 rad by astropy; a number beside text is in its unit, too.
        let radians = ecsv.replace("hourangle", "rad").replace("deg", "arcmin");
        let radians = radians.replace("0.7 -3", "0.18640116 2476.2");
        let found = places(&radians)[0].0;
        assert!(is_at(found, [10.679_999_764_342_782, 41.27]), "{found:?}");
        let mixed = ecsv.replace("0.7 -3", "0.7 -03:30:00");
        assert!(is_at(places(&mixed)[0].0, [10.5, -3.5]));
        let wrong = Catalog::read(&ecsv.replace("unit: deg", "unit: Jy")).unwrap_err();
        assert!(wrong.contains("`dec` has the unit `Jy`"), "{wrong}");
        // As astropy writes a `SkyCoord`.
        let object = ecsv.replace("ra,", "pos.ra,").replace("dec,", "pos.dec,");
        let object = object.replace("id ra dec", "id pos.ra pos.dec");
        assert!(is_at(places(&object)[0].0, [10.5, -3.0]));
        let beyond = Catalog::read("ra,dec\n1,2\n3,500\n").unwrap();
        assert_eq!(
            (beyond.rows.len(), beyond.beyond_pole),
            (1, Some((1, 500.0)))
        );
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
    fn pixels_of_sextractor_count_from_1() {
        // The FITS convention: SExtractor's user manual, "Position parameters".
        let catalog = Catalog::read("NUMBER,X_IMAGE,Y_IMAGE\n1,201.25,151.5\n").unwrap();
        assert_eq!(
            (catalog.is_sky, catalog.rows[0].place),
            (false, [200.25, 150.5])
        );
        let catalog = Catalog::read("XWIN_IMAGE,YWIN_IMAGE\n1,1\n").unwrap();
        assert!(is_at(catalog.rows[0].place, [0.0, 0.0]));
        let catalog = Catalog::read("x,y,X_IMAGE,Y_IMAGE\n1,1,2,2\n").unwrap();
        assert!(is_at(catalog.rows[0].place, [1.0, 1.0]));
        for [longitude, latitude] in [
            ["ALPHA_J2000", "DELTA_J2000"],
            ["ALPHA_SKY", "DELTA_SKY"],
            ["X_WORLD", "Y_WORLD"],
            ["ALPHAWIN_J2000", "DELTAWIN_J2000"],
            ["coord.ra", "coord.dec"],
        ] {
            let text = format!("{longitude},{latitude},X_IMAGE,Y_IMAGE\n150.5,-2,3,4\n");
            let catalog = Catalog::read(&text).unwrap();
            assert!(catalog.is_sky, "{longitude}");
            assert!(is_at(catalog.rows[0].place, [150.5, -2.0]), "{longitude}");
        }
        assert!(Catalog::read("a.ra,b.dec\n1,2\n").is_err());
    }

    #[test]
    fn angles_are_in_the_units_of_their_columns() {
        let ecsv = |units: [&str; 2], row: &str| {
            let [first, second] = units;
            let text = format!(
                "# %ECSV 1.0\n# ---\n# datatype:\n# - {{name: ra, unit: {first}, datatype: float64}}\n# - {{name: dec, unit: {second}, datatype: float64}}\nra dec\n{row}\n"
            );
            Catalog::read(&text)
        };
        // astropy.units: (2.5 * u.rad).to("deg"), (300 * u.arcmin).to("deg"), (10 * u.hourangle).to("deg").
        for (units, row, expected) in [
            (
                ["rad", "rad"],
                "2.5 -0.25",
                [143.239_448_782_705_8, -14.323_944_878_270_58],
            ),
            (["arcmin", "arcsec"], "300 -3600", [5.0, -1.0]),
            (
                ["hourangle", "rad"],
                "10 -0.25",
                [150.0, -14.323_944_878_270_58],
            ),
        ] {
            let found = ecsv(units, row).unwrap();
            let place = found.rows[0].place;
            assert!(is_at(place, expected), "{units:?} {place:?}");
        }
        let error = ecsv(["m", "deg"], "1 2").unwrap_err();
        assert_eq!(error, "the column `ra` has the unit `m`, expected an angle");
        // The unit is that of texts then, as VizieR writes them.
        let found = ecsv(["'\"h:m:s\"'", "'\"d:m:s\"'"], "05:22:00 -69:30:00").unwrap();
        assert!(is_at(found.rows[0].place, [80.5, -69.5]));
    }

    #[test]
    fn rows_without_a_position_are_counted() {
        let text = "name,ra,dec\na,150.1,2.2\nb,,\nc,nan,nan\nd,abc,1\n";
        let catalog = Catalog::read(text).unwrap();
        assert_eq!(catalog.rows.len(), 1);
        assert_eq!(catalog.without_place, [1, 2, 3]);
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
