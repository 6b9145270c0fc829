//! Parsing trees and writing them as JSON.
#![expect(clippy::unwrap_used, reason = "a benchmark")]

use asdf_core::Limits;
use asdf_core::tree::Tree;
use divan::Bencher;
use divan::counter::BytesCount;
use std::fmt::Write;

fn main() {
    let text = mappings();
    let tree = parse(&text);
    let (nodes, overhead) = (tree.len(), tree.memory_bytes());
    #[expect(clippy::cast_precision_loss, reason = "a ratio to look at")]
    let each = overhead as f64 / nodes as f64;
    eprintln!(
        "{} bytes of text, {nodes} nodes, {each:.1} bytes of overhead a node",
        text.len()
    );
    divan::main();
}

fn parse(text: &str) -> Tree {
    Tree::parse(text.as_bytes(), 0, &Limits::default(), &mut Vec::new()).unwrap()
}

/// 100,000 small mappings, as a catalogue has them.
fn mappings() -> String {
    let mut text =
        "%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\nitems:\n".to_owned();
    for number in 0..100_000 {
        writeln!(
            text,
            "- {{id: {number}, name: star-{number}, flux: {}.25, ok: true}}",
            number % 977
        )
        .unwrap();
    }
    text.push_str("...\n");
    text
}

/// The same in block style, tagged.
fn blocks() -> String {
    let mut text =
        "%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\nitems:\n".to_owned();
    for number in 0..100_000 {
        let flux = number % 977;
        writeln!(
            text,
            "- !x/star-1.0.0\n  id: {number}\n  name: star-{number}\n  flux: {flux}.25"
        )
        .unwrap();
    }
    text.push_str("...\n");
    text
}

fn floats() -> String {
    let mut text = "---\nvalues: [".to_owned();
    for number in 0..300_000 {
        write!(text, "{}.{number:06}, ", number % 89).unwrap();
    }
    text.push_str("]\n...\n");
    text
}

#[divan::bench(args = [("flow mappings", mappings as fn() -> String), ("block mappings", blocks), ("floats", floats)].map(|(name, text)| Input { name, text: text() }))]
fn tree(bencher: Bencher<'_, '_>, input: &Input) {
    bencher
        .counter(BytesCount::of_str(&input.text))
        .bench(|| parse(&input.text));
}

struct Input {
    name: &'static str,
    text: String,
}

impl std::fmt::Display for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
