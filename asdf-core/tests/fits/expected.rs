//! HDUs, headers, images, tables and groups against `NAME.expected.json`.

use crate::folders;
use asdf_core::ArrayData;
use asdf_core::array::{Datatype, Scalar};
use asdf_core::fits::{CardValue, FitsColumn, FitsFile, FitsHeader, Hdu, HduKind};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::path::PathBuf;

/// Headers in which astropy moves or drops cards; the keywords are compared as a set with values.
fn is_compressed(hdu: &Value) -> bool {
    hdu["type"] == "CompImageHDU"
}

#[test]
fn every_file_of_the_project_is_read_as_astropy_does() {
    let (count, differences) = compare(&folders::test_data("fits"));
    assert!(differences.is_empty(), "{differences:#?}");
    assert!(count >= 12, "only {count} files");
}

#[test]
fn every_file_of_the_shared_folder_is_read_as_astropy_does() {
    let Some(folder) = folders::corpus().map(|corpus| corpus.join("../fits/files")) else {
        return;
    };
    let (count, differences) = compare(&folder);
    assert!(differences.is_empty(), "{differences:#?}");
    eprintln!("{count} shared FITS files agree");
}

fn compare(folder: &Path) -> (usize, Vec<String>) {
    let mut out = Vec::new();
    let mut count = 0;
    for sidecar in folders::files(folder, folders::SUFFIX) {
        let expected: Value = serde_json::from_slice(&std::fs::read(&sidecar).unwrap()).unwrap();
        let Some(hdus) = expected["hdus"].as_array() else {
            continue;
        };
        count += 1;
        let path: PathBuf = folders::described(&sidecar);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match FitsFile::open(&path) {
            Err(error) => out.push(format!("{name}: {error}")),
            Ok(file) => {
                let mut found = Vec::new();
                same(
                    "number of HDUs",
                    &Value::from(file.len()),
                    &Value::from(hdus.len()),
                    &mut found,
                );
                for (hdu, expected) in file.hdus().zip(hdus) {
                    let mut here = Vec::new();
                    compare_hdu(hdu, expected, &mut here);
                    found.extend(
                        here.into_iter()
                            .map(|line| format!("HDU {}: {line}", hdu.index())),
                    );
                }
                out.extend(found.into_iter().map(|line| format!("{name}: {line}")));
            }
        }
    }
    (count, out)
}

fn same(what: &str, found: &Value, expected: &Value, out: &mut Vec<String>) {
    if found != expected {
        out.push(format!("{what} is {found}, expected {expected}"));
    }
}

fn compare_hdu(hdu: Hdu<'_>, expected: &Value, out: &mut Vec<String>) {
    same(
        "name",
        &hdu.name().to_uppercase().into(),
        &upper(&expected["name"]),
        out,
    );
    same("version", &hdu.version().into(), &expected["ver"], out);
    let kind = match expected["type"].as_str().unwrap() {
        "PrimaryHDU" | "ImageHDU" => HduKind::Image,
        "CompImageHDU" => HduKind::CompressedImage,
        "BinTableHDU" => HduKind::BinTable,
        "TableHDU" => HduKind::AsciiTable,
        "GroupsHDU" => HduKind::Groups,
        _ => HduKind::Other,
    };
    same("kind", &hdu.kind().name().into(), &kind.name().into(), out);
    if let Some(cards) = expected["header"].as_array() {
        compare_header(&hdu.image_header(), cards, is_compressed(expected), out);
    }
    if !expected["image"].is_null() {
        match hdu.image().and_then(|image| image.load()) {
            Ok(data) => compare_array("image", &data, &expected["image"], out),
            Err(error) => out.push(error.to_string()),
        }
    }
    if !expected["groups"].is_null() {
        compare_groups(hdu, &expected["groups"], out);
    }
    if !expected["table"].is_null() {
        compare_table(hdu, &expected["table"], out);
    }
}

/// astropy gives names in capitals.
fn upper(name: &Value) -> Value {
    name.as_str().unwrap_or_default().to_uppercase().into()
}

fn compare_header(
    header: &FitsHeader<'_>,
    expected: &[Value],
    sorted: bool,
    out: &mut Vec<String>,
) {
    let blank = |card: &&Value| card[0] == "" && card[1] == "";
    let mut expected: Vec<String> = expected
        .iter()
        .filter(|card| !blank(card))
        .map(|card| {
            format!(
                "{} = {} / {}",
                card[0].as_str().unwrap(),
                number(&card[1]),
                card[2]
            )
        })
        .collect();
    let text = |card: asdf_core::fits::FitsCard<'_>| {
        let value = card.value();
        let comment = Value::from(card.comment());
        format!("{} = {} / {comment}", card.keyword(), value_json(&value))
    };
    let mut found: Vec<String> = header.cards().map(text).collect();
    found.retain(|line| line != " = \"\" / \"\"");
    if sorted {
        found.sort();
        expected.sort();
        // astropy invents comments for what it fills in.
        let bare = |line: &String| line.split(" / ").next().unwrap_or_default().to_owned();
        found = found.iter().map(bare).collect();
        expected = expected.iter().map(bare).collect();
    }
    for line in found.iter().filter(|line| !expected.contains(line)) {
        out.push(format!("card not expected: {line}"));
    }
    for line in expected.iter().filter(|line| !found.contains(line)) {
        out.push(format!("card missing: {line}"));
    }
    if out.is_empty() && found != expected {
        out.push("cards in another order".to_owned());
    }
}

/// Numbers as floats say the same whether they were written `5` or `5.0`.
fn number(value: &Value) -> String {
    match value.as_f64() {
        Some(float) if value.as_i64().is_none() => format!("{float:?}"),
        _ => value.to_string(),
    }
}

fn value_json(value: &CardValue) -> String {
    match value {
        CardValue::Text(text) => Value::from(text.as_str()).to_string(),
        CardValue::Logical(value) => value.to_string(),
        CardValue::Integer(number) => match i64::try_from(*number) {
            Ok(number) => number.to_string(),
            #[expect(clippy::cast_precision_loss, reason = "as the expectation is read")]
            Err(_) => format!("{:?}", *number as f64),
        },
        CardValue::Float(number) => format!("{number:?}"),
        CardValue::Complex(re, im) => format!("{{\"!complex\":[{re:?},{im:?}]}}"),
        CardValue::Undefined => "{\"!undefined\":true}".to_owned(),
        other => other.to_string(),
    }
}

fn dtype(datatype: &Datatype) -> String {
    let scalar = match datatype {
        Datatype::Scalar(scalar) => *scalar,
        other => return other.to_string(),
    };
    let letter = match scalar {
        Scalar::Bool8 => "b",
        Scalar::Complex64 | Scalar::Complex128 => "c",
        Scalar::Float16 | Scalar::Float32 | Scalar::Float64 => "f",
        other if other.name().starts_with('u') => "u",
        _ => "i",
    };
    format!("{letter}{}", scalar.size())
}

/// Little-endian bytes with every NaN as numpy makes it.
fn normal(data: &ArrayData<'_>) -> Vec<u8> {
    let mut bytes = data.to_le_bytes();
    match data.datatype() {
        Datatype::Scalar(Scalar::Float32) => {
            for place in bytes.chunks_exact_mut(4) {
                if f32::from_le_bytes(place.try_into().unwrap()).is_nan() {
                    place.copy_from_slice(&0x7fc0_0000_u32.to_le_bytes());
                }
            }
        }
        Datatype::Scalar(Scalar::Float64) => {
            for place in bytes.chunks_exact_mut(8) {
                if f64::from_le_bytes(place.try_into().unwrap()).is_nan() {
                    place.copy_from_slice(&0x7ff8_0000_0000_0000_u64.to_le_bytes());
                }
            }
        }
        _ => {}
    }
    bytes
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn compare_array(what: &str, data: &ArrayData<'_>, expected: &Value, out: &mut Vec<String>) {
    same(
        &format!("{what}: dtype"),
        &dtype(data.datatype()).into(),
        &expected["dtype"],
        out,
    );
    same(
        &format!("{what}: shape"),
        &data.shape().into(),
        &expected["shape"],
        out,
    );
    // A NaN that stands in the file stays as it is; one that is made may be any.
    let digests = [sha256(&data.to_le_bytes()), sha256(&normal(data))];
    if !digests
        .iter()
        .any(|digest| expected["sha256"] == digest.as_str())
    {
        out.push(format!("{what}: values differ"));
    }
}

fn compare_groups(hdu: Hdu<'_>, expected: &Value, out: &mut Vec<String>) {
    let groups = hdu.groups().unwrap();
    same("groups", &groups.len().into(), &expected["n"], out);
    let names: Vec<_> = (0..groups.parameter_count())
        .map(|parameter| groups.parameter_name(parameter).unwrap())
        .collect();
    same("parameters", &names.into(), &expected["parnames"], out);
    compare_array("groups", &groups.load().unwrap(), &expected["data"], out);
    for (parameter, expected) in expected["pars"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let data = groups.parameter(parameter as u64).unwrap();
        compare_array("parameter", &data, expected, out);
    }
}

pub(crate) fn compare_table(hdu: Hdu<'_>, expected: &Value, out: &mut Vec<String>) {
    let table = match hdu.table() {
        Ok(table) => table,
        Err(error) => return out.push(error.to_string()),
    };
    same("rows", &table.rows().into(), &expected["rows"], out);
    let columns = expected["columns"].as_array().unwrap();
    same(
        "columns",
        &table.columns().len().into(),
        &columns.len().into(),
        out,
    );
    for (column, expected) in table.columns().iter().zip(columns) {
        let mut here = Vec::new();
        compare_column(column, table.rows(), expected, &mut here);
        out.extend(
            here.into_iter()
                .map(|line| format!("column {}: {line}", column.number())),
        );
    }
}

fn compare_column(column: &FitsColumn<'_>, rows: u64, expected: &Value, out: &mut Vec<String>) {
    same("name", &column.name().into(), &expected["name"], out);
    same(
        "format",
        &column.form_text().trim().into(),
        &expected["format"],
        out,
    );
    same("unit", &column.unit().into(), &expected["unit"], out);
    same("display", &column.display().into(), &expected["disp"], out);
    if expected["null"].is_i64() {
        same("null", &column.null().into(), &expected["null"], out);
    }
    if let Some(cells) = expected["vla"].as_array() {
        for (row, expected) in (0..rows).zip(cells) {
            match column.cell(row) {
                Ok(data) => compare_array(&format!("row {row}"), &data, expected, out),
                Err(error) => out.push(error.to_string()),
            }
        }
        return;
    }
    let data = match column.load() {
        Ok(data) => data,
        Err(error) => return out.push(error.to_string()),
    };
    if !expected["array"].is_null() {
        compare_array("values", &data, &expected["array"], out);
    }
    if let Some(strings) = expected["strings"].as_array() {
        let Datatype::Ascii(length) = data.datatype() else {
            return out.push("is not text".to_owned());
        };
        let bytes = data.to_le_bytes();
        let texts = bytes.chunks_exact(usize::try_from(*length).unwrap());
        let found: Vec<String> = texts
            .map(|text| {
                let end = text
                    .iter()
                    .position(|byte| *byte == 0)
                    .unwrap_or(text.len());
                String::from_utf8_lossy(&text[..end]).trim_end().to_owned()
            })
            .collect();
        let flat = |value: &Value| match value {
            Value::Array(inner) => inner.clone(),
            other => vec![other.clone()],
        };
        let strings: Vec<Value> = strings.iter().flat_map(flat).collect();
        same("strings", &found.into(), &strings.into(), out);
        same("shape", &data.shape().into(), &expected["shape"], out);
    }
}
