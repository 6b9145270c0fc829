//! The files of the FITS corpus, when it is there: trees and arrays as stdatamodels reads them.

use super::folders;
use asdf_core::AsdfFile;
use asdf_core::convert::{References, write_json};
use asdf_core::file::FileNode;
use serde_json::{Map, Value, json};
use sha2::Digest;
use sha2::Sha256;
use std::path::{Path, PathBuf};

#[test]
fn trees_and_arrays_of_the_corpus_are_those_of_the_reference() {
    let corpus = folders::corpus().map(|corpus| corpus.join("../fits/files"));
    let Some(corpus) = corpus.filter(|corpus| corpus.is_dir()) else {
        return;
    };
    let (mut trees, mut arrays) = (0, 0);
    for path in expected_files(&corpus) {
        let text = std::fs::read_to_string(&path).unwrap();
        let expected: Value = serde_json::from_str(&text).unwrap();
        let Some(tree) = expected.get("tree") else {
            continue;
        };
        let described = folders::described(&path);
        let name = described.display();
        let file = AsdfFile::open(&described).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(&own_tree(&file), tree, "{name}");
        trees += 1;
        for array in expected["arrays"].as_array().unwrap() {
            arrays += 1;
            check_array(&file, array, &name.to_string());
        }
        let hdus = expected["hdus"].as_array().unwrap();
        let own = file.fits().unwrap().hdus();
        let own = own.map(|hdu| json!([hdu.index(), hdu.name(), hdu.version()]));
        let wanted = hdus
            .iter()
            .map(|hdu| json!([hdu["index"], hdu["name"], hdu["ver"]]));
        assert!(own.eq(wanted), "{name}");
    }
    eprintln!("FITS corpus: {trees} trees, {arrays} arrays compared");
    assert!(trees > 30 && arrays > 200);
}

fn expected_files(corpus: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for folder in ["jwst", "asdf_in_fits", "fits_embed"] {
        out.extend(folders::files(&corpus.join(folder), folders::SUFFIX));
    }
    out
}

/// The tree with tags and odd numbers as the corpus writes them.
fn own_tree(file: &AsdfFile) -> Value {
    let mut text = Vec::new();
    let node = file.tree().root();
    write_json(
        FileNode { file, node },
        References::Keep,
        &mut text,
        file.limits(),
    )
    .unwrap();
    translated(serde_json::from_slice(&text).unwrap())
}

fn translated(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(translated).collect(),
        Value::Object(mut map) => {
            if let (2, Some(tag)) = (map.len(), map.remove("$tag")) {
                let inner = map.remove("$value").unwrap_or_default();
                return json!({ "!tag": tag, "!value": translated(inner) });
            }
            if let Some(float) = map.remove("$float") {
                return json!({ "!float": float });
            }
            if let Some(timestamp) = map.remove("$timestamp") {
                return timestamp;
            }
            let pairs = map.into_iter().map(|(key, value)| (key, translated(value)));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        other => other,
    }
}

fn check_array(file: &AsdfFile, wanted: &Value, name: &str) {
    let path = wanted["path"].as_str().unwrap();
    let array = file.array(path).unwrap_or_else(|error| panic!("{error}"));
    if wanted.get("sha256").is_none() && wanted.get("table").is_none() {
        assert_eq!(wanted["where"], "inline", "{name}{path}");
        return;
    }
    let Some(table) = wanted.get("table") else {
        assert_eq!(json!(array.shape()), wanted["shape"], "{name}{path}");
        assert_eq!(array.digest().unwrap(), wanted["sha256"], "{name}{path}");
        return;
    };
    assert_eq!(json!(array.len()), table["rows"], "{name}{path}");
    let data = array.load().unwrap();
    for column in table["columns"].as_array().unwrap() {
        let label = column["name"].as_str().unwrap();
        let field = data
            .field(label)
            .unwrap_or_else(|| panic!("{name}{path}: no {label}"));
        let Some(digest) = column["array"]["sha256"].as_str() else {
            continue;
        };
        let found = asdf_core::block::hex(&Sha256::digest(field.to_le_bytes()));
        assert_eq!(found, digest, "{name}{path}: {label}");
    }
}
