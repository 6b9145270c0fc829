//! One file against its sidecar, through the public API.

use crate::expect::{difference, show};
use asdf_core::block::{BlockHeader, IndexState};
use asdf_core::convert::{References, write_json};
use asdf_core::file::{FileNode, Reference};
use asdf_core::inspect::ArrayInfo;
use asdf_core::{AsdfFile, Limits, Node};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Everything in which the file differs from what its sidecar expects.
pub(crate) fn differences(path: &Path, want: &Value) -> Vec<String> {
    let refused = want.get("header_error").or(want.get("tree_error"));
    let file = match AsdfFile::open(path) {
        Ok(file) => file,
        Err(error) if refused.is_some() => {
            return vec![format!("{error}")]
                .into_iter()
                .filter(String::is_empty)
                .collect();
        }
        Err(error) => return vec![format!("open: {error}")],
    };
    if refused.is_some() {
        // Some of these are legal and only the reference refuses them; reading them must work then.
        let error = file.arrays().err().map(|error| format!("arrays: {error}"));
        return error.into_iter().collect();
    }
    let mut out = Vec::new();
    header(&file, want, &mut out);
    tree(&file, want, &mut out);
    blocks(&file, want, &mut out);
    index(&file, want, &mut out);
    arrays(&file, want, &mut out);
    references(&file, want, &mut out);
    out
}

fn list<'v>(want: &'v Value, key: &str) -> &'v [Value] {
    want.get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn header(file: &AsdfFile, want: &Value, out: &mut Vec<String>) {
    let header = file.header();
    let comments: Vec<_> = list(want, "comments")
        .iter()
        .filter_map(Value::as_str)
        .map(str::trim)
        .collect();
    if comments != header.comments {
        out.push(format!(
            "comments: {comments:?} expected, {:?} found",
            header.comments
        ));
    }
    let versions = [
        ("file_format_version", Some(header.format_version.as_str())),
        ("standard_version", header.standard_version.as_deref()),
    ];
    for (key, found) in versions {
        let wanted = want[key].as_str();
        if wanted.is_some() && wanted != found {
            out.push(format!("{key}: {wanted:?} expected, {found:?} found"));
        }
    }
}

/// A node as tagged JSON.
fn to_json(file: &AsdfFile, node: Node<'_>) -> Result<Value, String> {
    let mut text = Vec::new();
    write_json(
        FileNode { file, node },
        References::Keep,
        &mut text,
        &Limits::default(),
    )
    .map_err(|error| error.to_string())?;
    let mut parser = serde_json::Deserializer::from_slice(&text);
    parser.disable_recursion_limit();
    serde::Deserialize::deserialize(&mut parser)
        .map_err(|error| format!("our JSON is none: {error}"))
}

fn tree(file: &AsdfFile, want: &Value, out: &mut Vec<String>) {
    let found = if file.tree_span().is_some() {
        to_json(file, file.tree().root())
    } else {
        Ok(Value::Null)
    };
    match found {
        Ok(found) => {
            out.extend(difference(&want["tree"], &found, "").map(|line| format!("tree {line}")));
        }
        Err(error) => out.push(format!("tree: {error}")),
    }
    let has_tree = want["has_tree"].as_bool();
    if has_tree.is_some_and(|has| has != file.tree_span().is_some()) {
        out.push(format!("tree: {has_tree:?} expected"));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn blocks(file: &AsdfFile, want: &Value, out: &mut Vec<String>) {
    let (wanted, found) = (list(want, "blocks"), file.block_table().headers());
    if wanted.len() != found.len() {
        out.push(format!(
            "blocks: {} expected, {} found",
            wanted.len(),
            found.len()
        ));
        return;
    }
    for (at, (wanted, found)) in wanted.iter().zip(found).enumerate() {
        for (field, found) in block_fields(found) {
            if wanted[field] != found {
                out.push(format!(
                    "block {at}: {field} {} expected, {found} found",
                    wanted[field]
                ));
            }
        }
    }
}

/// The fields that a sidecar has too; the sizes of a streamed block mean nothing.
fn block_fields(header: &BlockHeader) -> Vec<(&'static str, Value)> {
    let mut fields = vec![
        ("offset", json!(header.offset)),
        ("header_size", json!(header.header_size)),
        ("flags", json!(header.flags)),
        ("data_offset", json!(header.data_offset)),
        ("streamed", json!(header.is_streamed())),
        (
            "compression",
            json!(header.label_text().unwrap_or_default()),
        ),
        ("checksum", json!(hex(&header.checksum))),
    ];
    if !header.is_streamed() {
        fields.push(("allocated", json!(header.allocated)));
        fields.push(("used", json!(header.used)));
        fields.push(("data_size", json!(header.data_size)));
    }
    fields
}

/// Sidecars hold the index as written; what it is worth follows from the blocks.
fn index(file: &AsdfFile, want: &Value, out: &mut Vec<String>) {
    let offsets: Vec<Value> = list(want, "blocks")
        .iter()
        .map(|block| block["offset"].clone())
        .collect();
    let streamed = list(want, "blocks")
        .iter()
        .any(|block| block["streamed"] == json!(true));
    let expected: &[IndexState] = match &want["index"] {
        _ if streamed => &[IndexState::Absent, IndexState::Ignored],
        Value::Null => &[IndexState::Absent],
        Value::Array(written) if *written == offsets => &[IndexState::Valid],
        Value::Array(written) if !written.is_empty() => &[IndexState::Ignored],
        _ => &[IndexState::Absent, IndexState::Ignored],
    };
    let found = file.block_table().index();
    if !expected.contains(&found) {
        out.push(format!("index: {expected:?} expected, {found:?} found"));
    }
}

fn arrays(file: &AsdfFile, want: &Value, out: &mut Vec<String>) {
    let found = match file.arrays() {
        Ok(found) => found,
        Err(error) => return out.push(format!("arrays: {error}")),
    };
    let mut found: BTreeMap<String, Node<'_>> = found
        .into_iter()
        .map(|(path, node)| (path.to_string(), node))
        .collect();
    for wanted in list(want, "arrays") {
        let path = wanted["path"].as_str().unwrap_or_default();
        match found.remove(path) {
            None => out.push(format!("array {path}: not listed")),
            // What the reference refuses may be data here; reading it must only not fail badly.
            Some(node) if wanted.get("error").is_some() => drop(digests(file, node)),
            Some(node) => array(file, node, wanted, path, out),
        }
    }
    out.extend(
        found
            .iter()
            // The expectations leave out arrays of other files that `externalarray` names.
            .filter(|(_, node)| asdf_core::array::is_ndarray(**node))
            .map(|(path, _)| format!("array {path}: listed, but not expected")),
    );
}

fn digests(file: &AsdfFile, node: Node<'_>) -> asdf_core::Result<(String, Option<String>)> {
    let array = file.array_at(node)?;
    Ok((array.digest()?, array.mask_digest()?))
}

fn array(file: &AsdfFile, node: Node<'_>, wanted: &Value, path: &str, out: &mut Vec<String>) {
    let (info, (data, mask)) =
        match ArrayInfo::of(file, node).and_then(|info| Ok((info, digests(file, node)?))) {
            Ok(found) => found,
            Err(error) => return out.push(format!("array {path}: {error}")),
        };
    let mut fields = vec![("shape", json!(info.shape)), ("mask_sha256", json!(mask))];
    // Without a datatype numpy makes Python objects of `null` among numbers: no bytes to compare.
    if wanted["python_dtype"] != "object" {
        fields.push(("sha256", json!(data)));
        let (datatype, order) = (info.datatype.to_json(), info.byteorder());
        let pair = (
            normal(&wanted["datatype"], wanted["byteorder"].as_str(), true),
            normal(&datatype, Some(order), true),
        );
        if pair.0 != pair.1 {
            out.push(format!(
                "array {path}: datatype {} expected, {} found",
                show(&pair.0),
                show(&pair.1)
            ));
        }
        if info.source_json() != "inline" {
            fields.push(("byteorder", json!(order)));
        }
    }
    for (field, found) in fields {
        let wanted = wanted.get(field).unwrap_or(&Value::Null);
        if *wanted != found {
            out.push(format!(
                "array {path}: {field} {} expected, {} found",
                show(wanted),
                show(&found)
            ));
        }
    }
}

/// A datatype with every field spelled out, and without byte orders that mean nothing.
fn normal(datatype: &Value, order: Option<&str>, outer: bool) -> Value {
    match datatype {
        Value::Array(fields) if !is_text(datatype) => {
            let one = |(at, field): (usize, &Value)| {
                let own = field.get("byteorder").and_then(Value::as_str).or(order);
                let inner = field.get("datatype").unwrap_or(field);
                let name = field
                    .get("name")
                    .and_then(Value::as_str)
                    .map_or_else(|| format!("f{at}"), str::to_owned);
                let shape = field
                    .get("shape")
                    .filter(|shape| shape.is_array())
                    .cloned()
                    .unwrap_or_else(|| json!([]));
                json!({ "name": name, "datatype": normal(inner, own, false), "shape": shape })
            };
            fields.iter().enumerate().map(one).collect()
        }
        _ if outer => datatype.clone(),
        Value::String(name) if ["int8", "uint8", "bool8"].contains(&name.as_str()) => {
            json!([datatype, null])
        }
        Value::Array(text) if text.first().is_some_and(|name| name == "ascii") => {
            json!([datatype, null])
        }
        _ => json!([datatype, order]),
    }
}

/// True for `[ascii, 3]` and `[ucs4, 3]`, which are not records.
fn is_text(datatype: &Value) -> bool {
    let Some([name, length]) = datatype.as_array().map(Vec::as_slice) else {
        return false;
    };
    (name == "ascii" || name == "ucs4") && length.is_u64()
}

/// One step of each reference.
fn references(file: &AsdfFile, want: &Value, out: &mut Vec<String>) {
    for wanted in list(want, "refs") {
        let path = wanted["path"].as_str().unwrap_or_default();
        let found = match file
            .node(path)
            .map(|node| Reference::of(FileNode { file, node }))
        {
            Ok(Some(reference)) => reference.target().map_err(|error| error.to_string()),
            Ok(None) => Err("is not a reference".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        // What the reference cannot resolve may be resolved here.
        if wanted.get("error").is_some() {
            continue;
        }
        let target = found.and_then(|target| to_json(target.file, target.node));
        match target {
            Ok(target) => {
                let line = difference(&wanted["target"], &target, "");
                out.extend(line.map(|line| format!("reference {path}: {line}")));
            }
            Err(error) => out.push(format!("reference {path}: {error}")),
        }
    }
}
