//! Columns of tables: summed up, hidden, pinned, written in another way, searched, exported.

use crate::stage::Stage;
use crate::stage::data;
use crate::stage::on;
use crate::stage::stage;
use asdf_tui::theme::ColorDepth;

/// `catalogue`, a table of the file.
fn sized(width: u16, height: u16, keys: &str) -> Stage {
    stage("measure/errors.asdf", width, height)
        .keys(&format!(":catalogue<enter>4<wait>{keys}<wait>"))
}

fn records(keys: &str) -> Stage {
    stage("made/record_simple.asdf", 80, 24).keys(&format!("J<enter><wait>{keys}<wait>"))
}

#[test]
fn a_column_is_summed_up() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        sized(width, height, "li").shows(&format!("column_{width}x{height}"));
    }
    // id is 1 and -2; flux is 2.5 and NaN.
    records("i").has("-0.5");
    let text = records("li").text();
    let line = text.lines().find(|line| line.contains("without value"));
    assert!(line.unwrap().contains("1│"), "{text}");
    records("lli").has("one");
    records("&flux > 0<enter><wait>i")
        .has("rows                                                       1");
    let path = data().join("made/record_simple.asdf");
    let mut colored = on(&path, 40, 14, ColorDepth::Indexed).keys("J<enter><wait>i");
    insta::assert_snapshot!("column_256_colours", colored.styles());
}

#[test]
fn columns_are_hidden_and_pinned() {
    records("l-").has("1 column hidden");
    let text = records("l-").text();
    assert!(!text.contains("flux"), "{text}");
    records("l-l").has("name = ");
    records("---").has("the last column stays");
    let all = records("l-+").text();
    assert!(all.contains("flux") && !all.contains("hidden"), "{all}");
    // The last column first, and back.
    let heading = |keys: &str| {
        let text = records(keys).text();
        let line = text.lines().nth(2).unwrap().to_owned();
        ["id", "flux", "name"].map(|name| line.find(name).unwrap())
    };
    let [id, flux, name] = heading("ll!");
    assert!(name < id && id < flux);
    let [id, flux, name] = heading("ll!!");
    assert!(id < flux && flux < name);
    // A condition and an order are of the column whatever stands beside it.
    records("-&flux > 0<enter><wait>").has("1 with flux > 0");
    records("ll!s").has("by name ▲");
}

#[test]
fn a_pinned_column_stays_when_others_scroll() {
    let narrow = |keys: &str| {
        let keys = format!("J<enter><wait>{keys}<wait>");
        stage("made/record_simple.asdf", 26, 8).keys(&keys).text()
    };
    assert!(narrow("!ll").contains("id") && narrow("!ll").contains("name"));
}

#[test]
fn numbers_are_written_in_a_format() {
    records("l:format .3f<enter><wait>").has("2.500");
    records(":format hex<enter><wait>").has("-0x2");
    records("l:format .3f<enter>:format none<enter><wait>").has(" 2.5");
    records(":format much<enter>").has("is not a format: .3f");
    stage("made/record_simple.asdf", 80, 24)
        .keys(":format .3f<enter>")
        .has("no table shows");
}

#[test]
fn cells_are_searched() {
    records("/two<enter><wait>").has("row 1 name = two");
    records("/two<enter><wait>gn").has("row 1 name = two");
    records("/o<enter><wait>n").has("row 1 name = two");
    records("/o<enter><wait>n<wait>n").has("row 0 name = one");
    records("/o<enter><wait>N").has("row 1 name = two");
    records("/three<enter>").has("no cell has the text");
    records("n").has("no search yet");
}

#[test]
fn what_shows_is_exported() {
    let folder = tempfile::tempdir().unwrap();
    let export = |name: &str, keys: &str| {
        let path = folder.path().join(name);
        let told = records(&format!("{keys}:export {}<enter><wait>", path.display())).text();
        (told, std::fs::read_to_string(&path).unwrap_or_default())
    };
    let (told, text) = export("a.csv", "");
    assert!(told.contains("2 rows of 3 columns written to"), "{told}");
    assert_eq!(text, "id,flux,name\n1,2.5,one\n-2,nan,two\n");
    let (_, text) = export("b.csv", "l-s<wait>");
    assert_eq!(text, "id,name\n1,one\n-2,two\n");
    let (_, text) = export("c.csv", "s<wait>");
    assert_eq!(text, "id,flux,name\n-2,nan,two\n1,2.5,one\n");
    // As astropy writes and reads it.
    let (_, text) = export("d.ecsv", "ll!&flux > 0<enter><wait>");
    let wanted = "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n# - {name: \"name\", datatype: string}\n\
        # - {name: \"id\", datatype: int32}\n# - {name: \"flux\", datatype: float64}\n\
        # schema: astropy-2.0\nname,id,flux\none,1,2.5\n";
    assert_eq!(text, wanted);
    assert!(export("a.csv", "").0.contains("another name is needed"));
    assert!(export("a.txt", "").0.contains("ends with .csv or .ecsv"));
    stage("image/sky.asdf", 80, 24)
        .keys(":export a.csv<enter>")
        .has("no table shows");
}

#[test]
fn parts_of_positions_and_times_are_columns() {
    // The names that astropy's represent_mixins_as_columns gives, where times are one column each and a column of
    // arrays is hidden: their order is that of the file.
    const NAMES: [&str; 30] = [
        "i",
        "flux",
        "speed",
        "rate",
        "short",
        "unsigned",
        "double",
        "text",
        "flag",
        "complex",
        "tdb",
        "utc",
        "icrs.dec",
        "icrs.ra",
        "fk5.dec",
        "fk5.distance",
        "fk5.ra",
        "galactic.b",
        "galactic.l",
        "moving.dec",
        "moving.obstime",
        "moving.pm_dec",
        "moving.pm_ra_cosdec",
        "moving.ra",
        "span.jd1",
        "span.jd2",
        "place.x",
        "place.y",
        "place.z",
        "told",
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.csv");
    let keys = format!(
        ":catalogue<enter>4<wait>llllllll-:export {}<enter><wait>",
        path.display()
    );
    stage("fits/astropy_table.asdf", 120, 40)
        .keys(&keys)
        .has("4 rows of 30 columns");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next().unwrap(), NAMES.join(","));
    let first: Vec<&str> = lines.next().unwrap().split(',').collect();
    let of = |name: &str| first[NAMES.iter().position(|own| *own == name).unwrap()];
    // QTable: icrs (1, 2) deg; place (1, 2, 6371000) m.
    assert_eq!([of("icrs.ra"), of("icrs.dec")], ["1.0", "2.0"]);
    assert_eq!(of("place.z"), "6371000.0");
}

#[test]
fn a_number_is_that_of_the_row_in_the_table() {
    // id is 1 and -2, flux 2.5 and NaN: the second row is the only one of the condition.
    records("&id <lt> 0<enter><wait>:1<enter>").has("row 1 id = -2");
    records("&id <lt> 0<enter><wait>:0<enter>").has("row 0 does not show: id < 0");
    records("&id <lt> 0<enter><wait>:7<enter>").has("there is no 7");
    records("s<wait>:0<enter>").has("row 0 id = 1");
}
