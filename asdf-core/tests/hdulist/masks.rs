//! Values that stand for none, in every form of column and on every way to them: one mask everywhere.

use super::{folders, written};
use asdf_core::convert::{FitsReadOptions, read_fits};
use asdf_core::{ArrayData, AsdfFile};
use serde_json::Value;

const HDUS: [(&str, usize); 2] = [("fixed", 1), ("text", 3)];

fn expected() -> Value {
    let text = std::fs::read(folders::test_data("fits").join("masks.json"));
    serde_json::from_slice(&text.unwrap()).unwrap()
}

fn looked_at() -> AsdfFile {
    let path = folders::test_data("fits").join("masks.fits");
    let file = AsdfFile::open(path).and_then(AsdfFile::with_hdu_tree);
    file.unwrap_or_else(|error| panic!("{error}"))
}

/// Elements as JSON, those without a value null; text as it is compared, without the fill.
fn json(data: &ArrayData<'_>) -> Value {
    let mut out = Vec::new();
    data.write_json(&mut out).unwrap();
    trimmed(serde_json::from_slice(&out).unwrap())
}

fn trimmed(value: Value) -> Value {
    match value {
        Value::String(text) => text.trim_end().into(),
        Value::Array(list) => list.into_iter().map(trimmed).collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| (key, trimmed(value)))
            .collect(),
        // 1 and 1.0 are one number.
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        other => other,
    }
}

fn columns(expected: &Value) -> impl Iterator<Item = (&String, Value)> {
    let columns = expected.as_object().unwrap().iter();
    columns.map(|(name, values)| (name, trimmed(values.clone())))
}

#[test]
fn a_table_has_the_masks_of_its_columns_in_whole_and_in_windows() {
    let (file, all) = (looked_at(), expected());
    for (key, hdu) in HDUS {
        let table = file.array(format!("fits/{hdu}/data").as_str()).unwrap();
        assert!(table.is_masked());
        let whole = table.load().unwrap();
        let window = table.load_window(std::slice::from_ref(&(2..6))).unwrap();
        let rows = trimmed(json(&whole));
        for (name, values) in columns(&all[key]) {
            let place = format!("{key} {name}");
            assert_eq!(json(&whole.field(name).unwrap()), values, "{place}");
            let part: Value = values.as_array().unwrap()[2..6].to_vec().into();
            assert_eq!(json(&window.field(name).unwrap()), part, "{place}, window");
            let by_row: Value = rows
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row[name].clone())
                .collect();
            assert_eq!(by_row, values, "{place}, row by row");
        }
    }
}

#[test]
fn columns_by_themselves_have_the_same_masks() {
    let (file, all) = (looked_at(), expected());
    for (name, values) in columns(&all["fixed"]) {
        let array = file.array(format!("fits/2/data/{name}").as_str()).unwrap();
        assert_eq!(json(&array.load().unwrap()), values, "{name}");
        let part: Value = values.as_array().unwrap()[1..5].to_vec().into();
        let window = array.load_window(std::slice::from_ref(&(1..5))).unwrap();
        assert_eq!(json(&window), part, "{name}, window");
    }
    for (name, values) in columns(&all["variable"]) {
        let path = format!("fits/2/data/{name}/values");
        let array = file.array(path.as_str()).unwrap();
        assert_eq!(json(&array.load().unwrap()), values, "{name}");
        let part: Value = values.as_array().unwrap()[2..8].to_vec().into();
        let window = array.load_window(std::slice::from_ref(&(2..8))).unwrap();
        assert_eq!(json(&window), part, "{name}, window");
    }
}

#[test]
fn statistics_count_what_is_masked() {
    let (file, all) = (looked_at(), expected());
    let nulls = |values: &Value| values.to_string().matches("null").count() as u64;
    for (key, hdu) in HDUS {
        let table = file.array(format!("fits/{hdu}/data").as_str()).unwrap();
        for column in table.stats().unwrap().columns {
            let wanted = nulls(&all[key][&column.field]);
            assert_eq!(column.counts.masked, wanted, "{key} {}", column.field);
        }
    }
    for key in ["fixed", "variable"] {
        for (name, values) in all[key].as_object().unwrap() {
            let below = if key == "variable" { "/values" } else { "" };
            let array = file
                .array(format!("fits/2/data/{name}{below}").as_str())
                .unwrap();
            let stats = array.stats().unwrap();
            assert_eq!(stats.columns[0].counts.masked, nulls(values), "{name}");
        }
    }
}

#[test]
fn a_converted_table_has_the_same_masks() {
    let (all, path) = (expected(), folders::test_data("fits").join("masks.fits"));
    let source = AsdfFile::open(path).unwrap();
    let fits = source.fits().unwrap();
    let made = written(read_fits(fits, &FitsReadOptions::default()).unwrap()).unwrap();
    for (hdu, key) in [(1, "fixed"), (2, "fixed"), (3, "text")] {
        for (number, (name, values)) in columns_in_order(&all[key]).into_iter().enumerate() {
            let path = format!("fits/{hdu}/data/columns/{number}/data");
            let array = made.array(path.as_str()).unwrap();
            assert_eq!(json(&array.load().unwrap()), values, "{hdu} {name}");
        }
    }
    for (number, (name, values)) in columns_in_order(&all["variable"]).into_iter().enumerate() {
        let path = format!("fits/2/variable_columns/{number}/values");
        let array = made.array(path.as_str()).unwrap();
        assert_eq!(json(&array.load().unwrap()), values, "{name}");
    }
}

/// As the header has them; `serde_json` sorts the names.
fn columns_in_order(expected: &Value) -> Vec<(String, Value)> {
    let file = looked_at();
    let all = columns(expected).map(|(name, values)| (name.clone(), values));
    let mut all: Vec<_> = all.collect();
    let fits = file.fits().unwrap();
    let place = |name: &str| {
        let tables = [2, 3].map(|hdu| fits.hdu(hdu).unwrap().table().unwrap());
        let found = tables
            .iter()
            .find_map(|table| Some(table.column(name)?.number()));
        found.unwrap()
    };
    all.sort_by_key(|(name, _)| place(name));
    all
}
