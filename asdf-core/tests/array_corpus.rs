//! Every array of the corpus against the reference's: type, shape, contents, masks, extremes.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::float_cmp,
    clippy::too_many_lines,
    clippy::needless_for_each,
    reason = "a test"
)]

use asdf_core::array::{Datatype, Extreme};
use asdf_core::{ArrayRef, AsdfFile, Error, OpenOptions};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("ASDF_CORPUS").map(PathBuf::from);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let found = [named, Some(root)]
        .into_iter()
        .flatten()
        .find(|path| path.is_dir());
    if found.is_none() {
        println!("no corpus: set ASDF_CORPUS; nothing was compared");
    }
    found
}

/// All sidecars below `folder`.
fn sidecars(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            sidecars(&path, out);
        } else if path.to_string_lossy().ends_with(".asdf.expected.json") {
            out.push(path);
        }
    }
    out.sort();
}

fn asdf_of(sidecar: &Path) -> PathBuf {
    PathBuf::from(sidecar.to_string_lossy().trim_end_matches(".expected.json"))
}

fn number(value: &Value) -> f64 {
    match (
        value,
        value.get("$float").and_then(Value::as_str),
        value.get("$int").and_then(Value::as_str),
    ) {
        (_, Some(text), _) | (_, _, Some(text)) => text.parse().unwrap(),
        (Value::Bool(value), ..) => f64::from(u8::from(*value)),
        _ => value.as_f64().unwrap(),
    }
}

fn integer(value: &Value) -> i128 {
    match (value, value.get("$int").and_then(Value::as_str)) {
        (_, Some(text)) => text.parse().unwrap(),
        (Value::Bool(value), _) => i128::from(*value),
        _ => value.as_i64().unwrap().into(),
    }
}

fn same_extreme(found: Extreme, wanted: &Value) -> bool {
    match found {
        Extreme::Int(value) => value == integer(wanted),
        Extreme::Float(value) => {
            value.to_bits() == number(wanted).to_bits() || value == number(wanted)
        }
    }
}

/// Arrays that differ on purpose.
const DELIBERATE: [&str; 5] = [
    // numpy gives up on `null` among integers and makes an array of objects of it.
    "bare_null_mask.asdf",
    "bare_null_mask_2d.asdf",
    // Stride 0 is found in real files: read with a warning.
    "nd_strides_zero.asdf",
    // The last element ends exactly where the block ends.
    "nd_strides_partial_last.asdf",
    // Refused with the name of the limit, as numpy does.
    "nd_shape_1000_dims.asdf",
];

/// What differs.
fn difference(array: &ArrayRef<'_>, wanted: &Value) -> Option<String> {
    let mut out = Vec::new();
    let mut tell = |what: &str, found: String, wanted: &Value| {
        out.push(format!("{what} is {found}, expected {wanted}"));
    };
    if array.shape()
        != wanted["shape"]
            .as_array()
            .unwrap()
            .iter()
            .map(|length| length.as_u64().unwrap())
            .collect::<Vec<_>>()
    {
        tell("shape", format!("{:?}", array.shape()), &wanted["shape"]);
    }
    if array.datatype().to_json() != wanted["datatype"] {
        tell(
            "datatype",
            array.datatype().to_json().to_string(),
            &wanted["datatype"],
        );
    }
    if array.byteorder().name() != wanted["byteorder"] {
        tell(
            "byteorder",
            array.byteorder().name().to_owned(),
            &wanted["byteorder"],
        );
    }
    match array.digest() {
        Ok(digest) if wanted["sha256"] == digest.as_str() => {}
        other => tell("digest", format!("{other:?}"), &wanted["sha256"]),
    }
    match array.mask_digest() {
        Ok(digest) if wanted.get("mask_sha256").and_then(Value::as_str) == digest.as_deref() => {}
        other => tell(
            "mask digest",
            format!("{other:?}"),
            wanted.get("mask_sha256").unwrap_or(&Value::Null),
        ),
    }
    let stats = match array.stats() {
        Ok(stats) => stats,
        Err(error) => {
            tell("stats", error.to_string(), &Value::Null);
            return Some(out.join("; "));
        }
    };
    if matches!(array.datatype(), Datatype::Record(_)) {
        return (!out.is_empty()).then(|| out.join("; "));
    }
    let column = &stats.columns[0];
    if let Some(masked) = wanted.get("masked_count")
        && masked.as_u64() != Some(column.counts.masked)
    {
        tell("masked", column.counts.masked.to_string(), masked);
    }
    // The sidecars look under the mask, the statistics do not.
    if wanted.get("mask_sha256").is_none() && wanted.get("min").is_some() {
        if wanted
            .get("nan_count")
            .is_some_and(|count| count.as_u64() != Some(column.counts.nan))
        {
            tell("nan", column.counts.nan.to_string(), &wanted["nan_count"]);
        }
        match &column.numbers {
            Some(numbers) => {
                if !same_extreme(numbers.min, &wanted["min"])
                    || !same_extreme(numbers.max, &wanted["max"])
                {
                    tell(
                        "extremes",
                        format!("{} {}", numbers.min, numbers.max),
                        &wanted["min"],
                    );
                }
                let count = column.counts.elements - column.counts.nan;
                #[expect(clippy::cast_precision_loss, reason = "small counts")]
                let (sum, wanted_sum) = (numbers.mean * count as f64, number(&wanted["sum"]));
                let scale = array
                    .load()
                    .unwrap()
                    .to_f64()
                    .unwrap()
                    .iter()
                    .filter(|value| !value.is_nan())
                    .map(|value| value.abs())
                    .sum::<f64>();
                // A mean below the normal numbers has fewer digits than the sum.
                let near = (sum - wanted_sum).abs() <= 1e-9 * scale + 1e-300;
                if !(near || sum == wanted_sum || sum.is_nan() && wanted_sum.is_nan()) {
                    tell("sum", sum.to_string(), &wanted["sum"]);
                }
            }
            None if wanted["min"].is_null() || wanted["min"]["$float"] == "nan" => {}
            None => tell("numbers", "none".into(), &wanted["min"]),
        }
    }
    (!out.is_empty()).then(|| out.join("; "))
}

#[test]
fn arrays_of_the_corpus_agree_with_the_reference() {
    let Some(corpus) = corpus() else { return };
    let mut files = Vec::new();
    sidecars(&corpus.join("generated"), &mut files);
    sidecars(&corpus.join("real"), &mut files);
    let (mut compared, mut equal) = (0, 0);
    let mut different = Vec::new();
    for sidecar in files {
        let wanted: Value = serde_json::from_slice(&fs::read(&sidecar).unwrap()).unwrap();
        let arrays = wanted["arrays"].as_array().cloned().unwrap_or_default();
        if arrays.is_empty() {
            continue;
        }
        let name = sidecar.strip_prefix(&corpus).unwrap().display().to_string();
        let file = match AsdfFile::open(asdf_of(&sidecar)) {
            Ok(file) => file,
            Err(error) => {
                different.push(format!("{name}: {error}"));
                continue;
            }
        };
        let found: BTreeMap<String, _> = file
            .arrays()
            .unwrap()
            .into_iter()
            .map(|(path, node)| (path.to_string(), node))
            .collect();
        for wanted in &arrays {
            let path = wanted["path"].as_str().unwrap();
            compared += 1;
            let Some(node) = found.get(path) else {
                different.push(format!("{name} {path}: not found"));
                continue;
            };
            let array = file.array_at(*node);
            if let Some(error) = wanted.get("error") {
                let ours = array.and_then(|array| {
                    Ok((
                        array.shape().to_vec(),
                        array.digest()?,
                        array.mask_digest()?,
                    ))
                });
                different.push(format!("{name} {path}: reference {error}; here {ours:?}"));
                continue;
            }
            match array.map(|array| difference(&array, wanted)) {
                Ok(None) => equal += 1,
                Ok(Some(what)) => different.push(format!("{name} {path}: {what}")),
                Err(error) => different.push(format!("{name} {path}: {error}")),
            }
        }
    }
    println!("{equal} of {compared} arrays agree");
    different.iter().for_each(|line| println!("{line}"));
    let expected = |line: &String| {
        line.contains(": reference ") || DELIBERATE.iter().any(|name| line.contains(name))
    };
    assert!(different.iter().all(expected), "see above");
}

/// What became of the arrays of a broken file.
fn outcome(path: &Path) -> (&'static str, String) {
    let file = match OpenOptions::default().open(path) {
        Ok(file) => file,
        Err(error) => return ("error", error.to_string()),
    };
    let arrays = match file.arrays() {
        Ok(arrays) => arrays,
        Err(error) => return ("error", error.to_string()),
    };
    let mut told = Vec::new();
    for (_, node) in arrays {
        let mut read = || -> Result<(), Error> {
            let array = file.array_at(node)?;
            array.digest()?;
            array.mask_digest()?;
            array.load()?.write_json(&mut std::io::sink())?;
            array.stats()?;
            told.extend(array.warnings().map(ToString::to_string));
            Ok(())
        };
        if let Err(error) = read() {
            return ("error", error.to_string());
        }
    }
    told.extend(file.warnings().map(ToString::to_string));
    if told.is_empty() {
        ("ok", String::new())
    } else {
        ("warn", told.join(", "))
    }
}

#[test]
fn broken_arrays_are_refused_or_warned_of() {
    let Some(corpus) = corpus() else { return };
    let mut files = Vec::new();
    sidecars(&corpus.join("bad"), &mut files);
    let mut different = Vec::new();
    let mut count = 0;
    for sidecar in files {
        let name = sidecar.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("nd_") {
            continue;
        }
        count += 1;
        let wanted: Value = serde_json::from_slice(&fs::read(&sidecar).unwrap()).unwrap();
        let (found, why) = outcome(&asdf_of(&sidecar));
        println!(
            "{name}: {found} {}",
            why.replace(&*corpus.to_string_lossy(), "")
        );
        if wanted["should"] != found && wanted["should"] != "any" {
            different.push(format!(
                "{name} should {} ({}), found {found} {why}",
                wanted["should"], wanted["why"]
            ));
        }
    }
    println!(
        "{} of {count} broken arrays as expected",
        count - different.len()
    );
    different
        .iter()
        .for_each(|line| println!("DIFFERENT {line}"));
    assert!(
        different
            .iter()
            .all(|line| DELIBERATE.iter().any(|name| line.contains(name))),
        "see above"
    );
}
