//! Tables as ECSV and `VOTable`: what columns are. `test-data/read_back_tables.py` lets astropy read them.

use crate::bench::{asdf, workspace};

/// What a conversion writes to a file of that name, and what it tells.
fn converted(input: &str, options: &str, name: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join(name);
    let out = out.to_str().unwrap();
    let words = format!("convert {input} {out} {options}");
    let done = asdf(words.trim()).run();
    assert_eq!(done.code, Some(0), "{}", done.err);
    (std::fs::read_to_string(out).unwrap(), done.err)
}

fn has_all(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

const TABLE: &str = "test-data/fits/astropy_table.asdf";

#[test]
fn ecsv_says_what_columns_are() {
    let (ecsv, told) = converted(TABLE, "", "t.ecsv");
    assert_eq!(told, "");
    has_all(
        &ecsv,
        &[
            "# - {name: \"flux\", datatype: float32, unit: \"Jy\"}\n",
            "# - {name: \"short\", datatype: int16, description: \"counts, some of them missing\"}\n",
            "# - {name: \"vector\", datatype: string, subtype: \"float64[2]\", unit: \"m\"}\n",
            "# - {name: \"icrs.ra\", datatype: float64, unit: \"deg\"}\n# - {name: \"icrs.dec\", datatype: float64, unit: \"deg\"}\n",
            "meta: {\"a\": {\"b\": [1, 2.5, null, true]}}}\n",
            "# meta: !!omap\n# - {\"LIST\": [1, 2, 3]}\n# - {\"NUMBER\": 5}\n",
            "\n#     \"flux\": {__class__: astropy.units.quantity.Quantity, \"unit\": !astropy.units.Unit {unit: \"Jy\"}, \
             \"value\": !astropy.table.SerializedColumn {name: \"flux\"}}\n",
            "\n#     \"tdb\": {__class__: astropy.time.core.Time, \"value\": !astropy.table.SerializedColumn {name: \"tdb\"}, \
             \"format\": \"jd\", \"scale\": \"tdb\"}\n",
            "\"frame\": \"fk5\", \"representation_type\": \"spherical\"",
            "\"equinox\": !astropy.time.Time {\"value\": \"J1975.000\", \"format\": \"jyear_str\", \"scale\": \"tt\"}",
            "\"location\": !astropy.coordinates.earth.EarthLocation {",
            "\n2,2.5,2.5,2.0,3,",
            ",\"[4.0,5.0]\",",
        ],
    );
}

#[test]
fn a_votable_says_what_it_has_words_for_and_the_rest_is_told() {
    let (votable, told) = converted(TABLE, "", "t.vot");
    has_all(
        &votable,
        &[
            "<COOSYS ID=\"coosys_1\" system=\"ICRS\"/>\n<COOSYS ID=\"coosys_2\" system=\"eq_FK5\" equinox=\"J1975.000\"/>\n",
            "<TIMESYS ID=\"timesys_1\" timeorigin=\"JD-origin\" timescale=\"TDB\" refposition=\"UNKNOWN\"/>\n\
             <TIMESYS ID=\"timesys_2\" timescale=\"UTC\" refposition=\"TOPOCENTER\"/>\n",
            "<FIELD name=\"tdb\" datatype=\"double\" unit=\"d\" ucd=\"time.epoch\" ref=\"timesys_1\"/>\n",
            "<FIELD name=\"fk5.ra\" datatype=\"double\" unit=\"deg\" ucd=\"pos.eq.ra\" ref=\"coosys_2\"/>\n",
            "<FIELD name=\"vector\" datatype=\"double\" arraysize=\"2\" unit=\"m\"/>\n",
            "<FIELD name=\"complex\" datatype=\"doubleComplex\"/>\n",
            "<FIELD name=\"rate\" datatype=\"double\" unit=\"'electron'.s**-1\"/>\n",
            "><DESCRIPTION>counts, some of them missing</DESCRIPTION></FIELD>\n",
            "<INFO name=\"comments\" value=\"one\"/>\n<INFO name=\"comments\" value=\"two\"/>\n",
            "<PARAM name=\"LIST\" datatype=\"long\" arraysize=\"3\" value=\"1 2 3\"/>\n",
            "<PARAM name=\"TEXT\" datatype=\"unicodeChar\" arraysize=\"*\" value=\"it's\"/>\n",
            "<PARAM name=\"utc.location.x\" datatype=\"double\" unit=\"m\" value=\"1000.0\"/>\n",
        ],
    );
    has_all(
        &told,
        &[
            "column `span`",
            "column `place`",
            "column `unsigned` is written in the next wider type",
            "`a` in meta of column `told` is a mapping",
        ],
    );
}

#[test]
fn what_astropy_does_not_know_is_written_as_plain_columns() {
    let folder = tempfile::tempdir().unwrap();
    let tree = "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n\
        t: !<tag:astropy.org:astropy/table/table-1.3.0>\n  colnames: [c, d, e]\n  qtable: true\n  columns:\n  \
        - !<tag:astropy.org:astropy/coordinates/skycoord-1.0.0>\n    frame: skyoffseticrs\n    \
        lat: {value: !core/ndarray-1.1.0 {data: [3.0, 4.0]}, unit: deg}\n    \
        lon: {value: !core/ndarray-1.1.0 {data: [1.0, 2.0]}, unit: deg}\n  \
        - !time/time-1.4.0 {format: moons, value: !core/ndarray-1.1.0 {data: [5.0, 6.0]}}\n  \
        - !<tag:example.org:thing-1.0.0> {a: !core/ndarray-1.1.0 {data: [7, 8]}}\n  \
        meta: {odd: !<tag:example.org:thing-1.0.0> {a: 1}, '\u{e9}': 1}\n...\n";
    let path = folder.path().join("t.asdf");
    std::fs::write(&path, tree).unwrap();
    let (ecsv, told) = converted(path.to_str().unwrap(), "--path t", "t.ecsv");
    assert!(
        ecsv.ends_with("\nc.lon,c.lat,d,e.a\n1.0,3.0,5.0,7\n2.0,4.0,6.0,8\n"),
        "{ecsv}"
    );
    assert!(
        !ecsv.contains("SkyCoord") && !ecsv.contains("core.Time"),
        "{ecsv}"
    );
    has_all(&ecsv, &["# - {\"\\U000000E9\": 1}\n"]);
    has_all(
        &told,
        &[
            "column `c`: ECSV cannot say the frame `skyoffseticrs`; it is written as c.lon, c.lat",
            "column `d`: ECSV cannot say the format `moons`; it is written as d",
            "column `e`: ECSV cannot say what has the tag thing-1.0.0; it is written as e.a",
            "`odd` in meta of the table is a mapping",
        ],
    );
}

#[test]
fn tables_of_fits_files_are_written_with_types_and_units() {
    let path = "--path fits/1/data";
    let (ecsv, told) = converted("test-data/fits/tables.fits", path, "x.ecsv");
    assert_eq!(told, "");
    has_all(
        &ecsv,
        &[
            "# %ECSV 1.0\n# ---\n",
            "# - {name: \"B\", datatype: uint8, unit: \"adu\"}\n",
            "# - {name: \"L\", datatype: bool}\n",
            "# - {name: \"VEC\", datatype: string, subtype: \"float32[4]\"}\n",
            "# - {name: \"U8\", datatype: uint64}\n",
            "# - {name: \"C\", datatype: complex64}\n",
            "# - {name: \"A\", datatype: string}\n",
            "# - {name: \"ZERO\", datatype: string, subtype: ",
        ],
    );
    let (votable, told) = converted("test-data/fits/tables.fits", path, "x.vot");
    has_all(
        &votable,
        &[
            "<FIELD name=\"B\" datatype=\"unsignedByte\" unit=\"adu\"/>\n",
            "<FIELD name=\"U8\" datatype=\"char\" arraysize=\"*\"/>\n",
            "<FIELD name=\"MAT\" datatype=\"int\" arraysize=\"3x2\"/>\n",
        ],
    );
    assert_eq!(votable.matches("<TR>").count(), 4);
    has_all(
        &told,
        &[
            "`U8` is written as text",
            "`ZERO` is without elements and left out",
        ],
    );
    let read = asdf("convert test-data/fits/tables.fits - --to csv --from ecsv").run();
    assert_eq!(read.code, Some(2));
}

/// Times by the keywords of the standard, and arrays of different lengths.
#[test]
fn times_of_fits_tables_are_times() {
    let (ecsv, _) = converted(
        "test-data/fits/astropy_more.fits",
        "--path fits/1",
        "x.ecsv",
    );
    has_all(
        &ecsv,
        &[
            "# - {name: \"CELLS\", datatype: string, subtype: \"float32[null]\", unit: \"adu\"}\n",
            "\n#     \"TIME\": {__class__: astropy.time.core.Time,",
            "\"scale\": \"tt\"}\n",
            "\n[],,",
            "\n\"[2.0,3.0]\",xx,",
        ],
    );
    // From the list of HDUs the keywords stand beside the table: what they say of times is told.
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("x.asdf");
    let list = list.to_str().unwrap();
    let more = workspace().join("test-data/fits/astropy_table.fits");
    let done = asdf(&format!("convert {} {list}", more.display())).run();
    assert_eq!(done.code, Some(0), "{}", done.err);
    let (ecsv, told) = converted(list, "--path fits/1/data", "x.ecsv");
    assert!(ecsv.contains("unit: \"Jy\""), "{ecsv}");
    assert!(
        told.contains("column `tdb` has times by the keyword TCTYP"),
        "{told}"
    );
}
