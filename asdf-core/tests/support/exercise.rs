//! Does with a file everything that a caller can do, and keeps what went wrong.

use asdf_core::array::Slice;
use asdf_core::block::{Verdict, report_all};
use asdf_core::convert::{References, write_json, write_yaml};
use asdf_core::error::Warning;
use asdf_core::file::FileNode;
use asdf_core::inspect::{ArrayInfo, Outline, OutlineOptions, Query};
use asdf_core::{ArrayRef, AsdfFile, Error};

/// Bytes of an array that is still read in a test without optimisation; the checks of the blocks
/// decode larger ones as well.
const LARGEST: u64 = 32 << 20;

/// Bytes of an array that is always read in every way.
const SMALL: u64 = 1 << 10;

/// What was met.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Every error of every step.
    pub(crate) errors: Vec<Error>,
    /// Oddities of file, arrays and blocks.
    pub(crate) warnings: Vec<Warning>,
    /// Where blocks are whose checksum is wrong.
    pub(crate) mismatches: Vec<u64>,
}

impl Found {
    fn keep<T>(&mut self, result: Result<T, Error>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }
}

/// Tree, arrays, blocks and references. `whole` also writes, searches and
/// outlines the tree, and reads the arrays in more ways than one.
pub(crate) fn exercise(file: &AsdfFile, whole: bool) -> Found {
    let mut found = Found::default();
    blocks(file, &mut found);
    arrays(file, whole, &mut found);
    for reference in file.references() {
        found.keep(reference.target());
        found.keep(reference.resolve());
    }
    let root = FileNode {
        file,
        node: file.tree().root(),
    };
    if file.references().next().is_some() || whole {
        found.keep(write_json(
            root,
            References::Resolve,
            &mut std::io::sink(),
            file.limits(),
        ));
    }
    if whole {
        tree(file, root, &mut found);
    }
    found.warnings.extend(file.warnings().cloned());
    // Every message can be written.
    let _ = (
        found.errors.iter().map(ToString::to_string).count(),
        format!("{:?}", found.warnings),
    );
    found
}

fn tree(file: &AsdfFile, root: FileNode<'_>, found: &mut Found) {
    let limits = file.limits();
    found.keep(write_json(
        root,
        References::Keep,
        &mut std::io::sink(),
        limits,
    ));
    found.keep(write_yaml(
        root,
        References::Keep,
        &mut std::io::sink(),
        limits,
    ));
    let search = |query: &Query| file.search(query)?.collect::<Result<Vec<_>, _>>();
    found.keep(search(&Query {
        value: Some("1".to_owned()),
        ..Query::default()
    }));
    found.keep(search(&Query {
        kind: "array".parse().ok(),
        tag: Some("*core*".to_owned()),
        ..Query::default()
    }));
    let _ = Outline::new(file, root.node, &OutlineOptions::default())
        .rows
        .len();
    let _ = (file.writer(), file.tree().comments().count());
    for node in file.tree().nodes() {
        let path = node.path();
        let _ = (node.key_text().len(), node.span(), file.node(&path).is_ok());
    }
    found.keep(root.node.read::<serde_json::Value>());
}

fn arrays(file: &AsdfFile, whole: bool, found: &mut Found) {
    let external = file.tree().nodes().filter(|node| {
        node.tag()
            .is_some_and(|tag| tag.as_str().contains("/externalarray-"))
    });
    let mut nodes: Vec<_> = external.collect();
    if let Some(arrays) = found.keep(file.arrays()) {
        nodes.extend(arrays.into_iter().map(|(_, node)| node));
    }
    for node in nodes {
        let _ = ArrayInfo::of_node(node);
        let Some(array) = found.keep(file.array_at(node)) else {
            continue;
        };
        let info = ArrayInfo::new(&array);
        let _ = (
            info.byteorder(),
            info.shape_text(),
            info.storage_text(),
            info.source_json(),
        );
        if array.byte_len() <= LARGEST {
            found.keep(array.digest());
            found.keep(array.mask_digest());
        }
        if whole || array.byte_len() <= SMALL {
            elements(&array, found);
        } else if array.datatype().scalar().is_none() && array.byte_len() <= LARGEST {
            // Text is looked at by nothing cheaper.
            found.keep(array.stats());
        }
        let warnings: Vec<_> = array.warnings().cloned().collect();
        found.warnings.extend(warnings);
    }
}

fn elements(array: &ArrayRef<'_>, found: &mut Found) {
    found.keep(array.stats());
    if let Some(data) = found.keep(array.load()) {
        found.keep(data.write_json(&mut std::io::sink()));
        let _ = data.to_f64();
    }
    let middle: Vec<_> = array
        .shape()
        .iter()
        .map(|length| length / 3..length.div_ceil(2))
        .collect();
    found.keep(array.load_window(&middle));
    if !array.shape().is_empty() {
        found.keep(array.load_slices(&[Slice::Range {
            start: None,
            stop: None,
            step: -2,
        }]));
    }
}

fn blocks(file: &AsdfFile, found: &mut Found) {
    let blocks: Vec<_> = file.blocks().collect();
    for report in report_all(&blocks) {
        let offset = file
            .block_table()
            .headers()
            .get(report.index)
            .map_or(0, |header| header.offset);
        if let Some(Verdict::Mismatch { .. }) = report.verdict {
            found.mismatches.push(offset);
        }
        found.errors.extend(report.error);
        found.warnings.extend(report.warnings);
    }
}
