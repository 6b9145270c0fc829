//! The quick way from text to tree gives what the event parser gives: nodes, spans, comments, warnings, errors.
#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "support/direct.rs"]
mod direct;
#[path = "support/folders.rs"]
#[expect(dead_code, reason = "only some of it is needed here")]
mod folders;
#[path = "support/mutate.rs"]
mod mutate;

use asdf_core::Limits;
use mutate::Dice;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Time for damaged trees.
const BUDGET: Duration = Duration::from_secs(10);

/// The tree's text: from the line of `%YAML` or `---` up to and including that of `...`.
fn tree_text(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut at, mut start) = (0, None);
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        if start.is_none() && (line.starts_with(b"%YAML") || line.starts_with(b"---")) {
            start = Some(at);
        }
        at += line.len();
        if start.is_some() && line.trim_ascii_end() == b"..." {
            break;
        }
    }
    start.map(|start| bytes[start..at].to_vec())
}

/// The trees of all files below a folder, with the names of the files.
fn trees(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let files = folders::files(folder, ".asdf");
    let texts = files.iter().filter_map(|path| {
        let text = tree_text(&std::fs::read(path).unwrap())?;
        Some((path.display().to_string(), text))
    });
    texts.collect()
}

fn compare_all(texts: &[(String, Vec<u8>)]) -> usize {
    let mut direct = 0;
    for (name, text) in texts {
        match direct::compare(text, &Limits::default()) {
            Ok(is_direct) => direct += usize::from(is_direct),
            Err(difference) => panic!("{name}: {difference}"),
        }
    }
    direct
}

#[test]
fn every_tree_of_the_test_data_is_the_same_both_ways() {
    for folder in ["made", "bad"] {
        let texts = trees(&folders::test_data(folder));
        let direct = compare_all(&texts);
        println!("{direct} of {} trees are read directly", texts.len());
        // What is odd on purpose is left to the event parser; the rest is not.
        assert!(folder == "bad" || direct * 10 > texts.len() * 8);
    }
}

#[test]
fn every_tree_of_the_corpus_is_the_same_both_ways() {
    let Some(corpus) = folders::corpus() else {
        return;
    };
    let texts = trees(&corpus.join("real"));
    let direct = compare_all(&texts);
    println!("{direct} of {} real trees are read directly", texts.len());
    assert!(direct * 100 > texts.len() * 97);
    for folder in ["generated", "bad", "../cases"] {
        compare_all(&trees(&corpus.join(folder)));
    }
}

#[test]
fn damaged_trees_are_the_same_both_ways() {
    let (start, mut dice) = (Instant::now(), Dice::new(20_261_128));
    let texts: Vec<_> = trees(&folders::test_data("made"))
        .into_iter()
        .filter(|(_, text)| text.len() < 4096)
        .collect();
    let (mut count, mut direct) = (0, 0);
    while start.elapsed() < BUDGET {
        let (_, text) = &texts[dice.below(texts.len())];
        let text = direct::damage(&mutate::mutate(text, &mut dice), &mut |end| dice.below(end));
        match direct::compare(&text, &Limits::default()) {
            Ok(is_direct) => direct += u32::from(is_direct),
            Err(difference) => panic!("{difference}\n{:?}", String::from_utf8_lossy(&text)),
        }
        count += 1;
    }
    println!("{count} damaged trees, {direct} read directly");
}

/// A scalar as writers emit it, for a value or a key on one line.
fn scalar() -> BoxedStrategy<String> {
    prop_oneof![
        "[a-zA-Z_][a-zA-Z0-9_./-]{0,12}",
        "[a-z]{1,5}( [a-z#:(),=<>é]{1,6}){0,3}[a-z]",
        "-?[0-9]{1,4}(\\.[0-9]{0,4})?(e[+-][0-9]{1,2})?",
        "(true|null|~|yes|\\.nan|2020-01-01|0x1f|1:30|=|<<)",
        "'([a-z :#,\\[\\]{}\"é]|''){0,12}'",
        "\"([a-z :#,\\[\\]{}'é]|\\\\n|\\\\\"|\\\\xe9|\\\\u03b4| ){0,12}\"",
    ]
    .boxed()
}

/// Tags and anchors in front of a node.
fn properties() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just(String::new()),
        1 => "!(core/ndarray-1\\.0\\.0|x|!str|<a:b/c-1\\.0>|) ",
        1 => "&a[0-9]{1,2} ",
        1 => "&b[0-9]{1,2} !x/y ",
    ]
}

/// Lines of a scalar, an alias or nothing, as [`node`] has them.
fn leaf() -> BoxedStrategy<Vec<String>> {
    let folded = (scalar(), scalar(), scalar()).prop_map(|(a, b, c)| {
        vec![
            format!(" {a}"),
            format!("  {b}"),
            String::new(),
            format!("  {c}"),
        ]
    });
    let literal = (
        "[|>][+-]?2?",
        prop::collection::vec(" {0,3}[a-z #:'-]{0,8}", 1..4),
    )
        .prop_map(|(header, lines)| {
            let lines = lines.into_iter().map(|line| format!("  {line}"));
            std::iter::once(format!(" {header}")).chain(lines).collect()
        });
    prop_oneof![
        8 => (properties(), scalar()).prop_map(|(properties, text)| vec![format!(" {properties}{text}")]),
        1 => "( \\*a[0-9]| # comment|)".prop_map(|text| vec![text]),
        1 => folded,
        1 => literal,
    ]
    .boxed()
}

/// Lines of a node below an indent, starting with what follows `key:` or `-` on its line.
fn node() -> impl Strategy<Value = Vec<String>> {
    leaf().prop_recursive(4, 40, 5, |inner| {
        let pairs = prop::collection::vec((scalar(), inner.clone()), 1..5);
        let items = prop::collection::vec(inner.clone(), 1..5);
        prop_oneof![
            (properties(), pairs, 0..3_usize).prop_map(|(properties, pairs, indent)| {
                let lines = pairs
                    .into_iter()
                    .flat_map(|(key, value)| entry(&format!("{key}:"), value));
                below(&properties, lines, &" ".repeat(indent + 1))
            }),
            (properties(), items, 0..3_usize).prop_map(|(properties, items, indent)| {
                let lines = items.into_iter().flat_map(|item| entry("-", item));
                below(&properties, lines, &" ".repeat(indent))
            }),
            // A mapping on the line of its dash.
            (scalar(), inner.clone(), inner.clone()).prop_map(|(key, first, second)| {
                let lines = entry(&format!("{key}:"), first)
                    .into_iter()
                    .chain(entry("z:", second));
                let lines = lines.enumerate().map(|(index, line)| {
                    if index == 0 {
                        format!(" {line}")
                    } else {
                        format!("  {line}")
                    }
                });
                lines.collect()
            }),
            flow(inner),
        ]
    })
}

/// A collection in brackets.
fn flow(inner: BoxedStrategy<Vec<String>>) -> impl Strategy<Value = Vec<String>> {
    let pairs = prop::collection::vec((scalar(), inner), 0..4);
    let written = (properties(), pairs, any::<(bool, bool)>());
    written.prop_map(|(properties, pairs, (is_map, is_split))| {
        let separator = if is_split { ",\n    " } else { ", " };
        let items = pairs.into_iter().map(|(key, value)| {
            let value = value.join("\n    ");
            if is_map {
                format!("{key}:{value}")
            } else {
                value.trim().to_owned()
            }
        });
        let text = items.collect::<Vec<_>>().join(separator);
        let text = if is_map {
            format!("{{{text}}}")
        } else {
            format!("[{text}]")
        };
        vec![format!(" {properties}{text}")]
    })
}

/// A key or a dash with the lines of its node.
fn entry(start: &str, node: Vec<String>) -> Vec<String> {
    let mut lines = node;
    if let Some(first) = lines.first_mut() {
        first.insert_str(0, start);
    }
    lines
}

/// A collection below the line that announces it.
fn below(properties: &str, lines: impl Iterator<Item = String>, indent: &str) -> Vec<String> {
    let first = format!(" {}", properties.trim_end());
    let lines = lines.map(|line| format!("{indent}{line}"));
    std::iter::once(first.trim_end().to_owned())
        .chain(lines)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn documents_as_writers_emit_them_are_the_same_both_ways(
        pairs in prop::collection::vec((scalar(), node()), 1..6),
        head in "(%YAML 1\\.1\n)?(%TAG ! tag:stsci\\.edu:asdf/\n)?",
        root in "---( !core/asdf-1\\.1\\.0| !x|)",
        end in "(\\.\\.\\.\n|)",
    ) {
        let lines = pairs.into_iter().flat_map(|(key, value)| entry(&format!("{key}:"), value));
        let body: Vec<String> = lines.collect();
        let text = format!("{head}{root}\n{}\n{end}", body.join("\n"));
        if let Err(difference) = direct::compare(text.as_bytes(), &Limits::default()) {
            prop_assert!(false, "{difference}\n{text}");
        }
    }
}
