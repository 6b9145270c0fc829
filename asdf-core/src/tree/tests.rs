//! Whole trees, small.

use super::*;
use crate::error::Warning;
use crate::error::WarningKind;
use std::collections::BTreeMap;
use std::fmt::Write;

fn parse(text: &str) -> Tree {
    parse_with(text).0
}

fn parse_with(text: &str) -> (Tree, Vec<Warning>) {
    let mut warnings = Vec::new();
    let tree = Tree::parse(text.as_bytes(), 100, &Limits::default(), &mut warnings);
    (
        tree.unwrap_or_else(|error| panic!("{text}: {error}")),
        warnings,
    )
}

fn refused(text: &str) -> Error {
    Tree::parse(text.as_bytes(), 100, &Limits::default(), &mut Vec::new()).expect_err(text)
}

const HEAD: &str = "%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n%TAG !x! tag:x.org:\n---\n";

#[test]
fn tags_are_resolved_through_their_handles() {
    let tree = parse(&format!(
        "{HEAD}a: !core/software-1.0.0 {{}}\nb: !x!y-1.0.0 1\nc: !<tag:z,1:w> z\nd: !!str 5\n...\n"
    ));
    let tag = |path: &str| tree.node(path).unwrap().tag().map(Tag::as_str);
    assert_eq!(tag("a"), Some("tag:stsci.edu:asdf/core/software-1.0.0"));
    assert_eq!(tag("b"), Some("tag:x.org:y-1.0.0"));
    assert_eq!(tag("c"), Some("tag:z,1:w"));
    assert_eq!(tag("d"), None);
    assert!(matches!(tree.node("d").unwrap().value(), Value::Str("5")));
    assert!(matches!(tree.node("b").unwrap().value(), Value::Str("1")));
}

#[test]
fn an_alias_is_the_node_it_names() {
    let tree = parse("---\na: &one {x: 1}\nb: *one\n");
    let (a, b) = (tree.node("a").unwrap(), tree.node("b").unwrap());
    assert_eq!(a.id(), b.id());
    assert_eq!(a.anchor(), Some("one"));
    assert_eq!(b.path().to_string(), "/a");
    assert_eq!(tree.node("b.x").unwrap().read::<i64>().unwrap(), 1);
}

#[test]
fn a_tree_that_contains_itself_can_be_walked() {
    let tree = parse("--- &root\na: [*root, 1]\n");
    let limits = Limits::default();
    let mut walk = tree.walk(&limits);
    let mut paths = Vec::new();
    while let Some(node) = walk.next() {
        node.unwrap();
        paths.push(walk.path().to_string());
    }
    assert_eq!(paths, ["", "/a", "/a/0", "/a/1"]);
    assert!(tree.root().read::<serde_json::Value>().is_err());
}

#[test]
fn spans_are_absolute_and_count_bytes() {
    let text = "---\nä: 'ö'\nb: &x !x\n  - 1\n  - [2]\nc: 3\n";
    let tree = parse(text);
    let at = |path: &str| {
        let span = tree.node(path).unwrap().span();
        let range =
            usize::try_from(span.start - 100).unwrap()..usize::try_from(span.end - 100).unwrap();
        &text[range]
    };
    assert_eq!(at("ä"), "'ö'");
    assert_eq!(at("b"), "&x !x\n  - 1\n  - [2]");
    assert_eq!(at("b[1]"), "[2]");
    assert_eq!(at("c"), "3");
}

#[test]
fn comments_are_kept_with_their_places() {
    let tree = parse("# one\n---\na: 1 # two\n");
    let comments: Vec<_> = tree
        .comments()
        .map(|(span, text)| (span.start, text))
        .collect();
    assert_eq!(comments, [(100, "# one"), (115, "# two")]);
}

#[test]
fn merge_keys_are_flattened_and_own_keys_win() {
    let tree = parse(
        "---\na: &a {x: 1, y: 2}\nb: &b {x: 9, z: 3}\nc: {<<: [*a, *b], y: 5}\nd: {<<: *a}\n",
    );
    let map: BTreeMap<&str, i64> = tree.node("c").unwrap().read().unwrap();
    assert_eq!(map, BTreeMap::from([("x", 1), ("y", 5), ("z", 3)]));
    assert_eq!(
        tree.node("c").unwrap().as_map().unwrap().raw_iter().len(),
        2
    );
    assert_eq!(tree.node("d.y").unwrap().read::<i64>().unwrap(), 2);
}

#[test]
fn of_duplicate_keys_the_last_wins_with_a_warning() {
    let (tree, warnings) =
        parse_with("---\nm: {a: 1, b: 2, a: 3}\nn: {1: x, 1.0: y, true: z, '1': w}\n");
    assert_eq!(tree.node("m.a").unwrap().read::<i64>().unwrap(), 3);
    assert_eq!(tree.node("n").unwrap().as_map().unwrap().len(), 2);
    let doubled = |warning: &&Warning| matches!(warning.kind, WarningKind::DuplicateKey { .. });
    assert_eq!(warnings.iter().filter(doubled).count(), 2);
    assert_eq!(
        warnings.iter().find(doubled).unwrap().place.path.as_deref(),
        Some("/m/a")
    );
}

#[test]
fn keys_that_are_no_strings_have_canonical_paths() {
    let tree = parse("---\n7: a\ntrue: b\n'1': c\n~: d\n2.50: e\n");
    let text = |path: &str| tree.node(path).unwrap().text().unwrap();
    assert_eq!(
        (text("/1"), text("/true"), text("/null"), text("/2.5")),
        ("c", "b", "d", "e")
    );
}

#[test]
fn what_the_reference_refuses_is_refused_with_its_place() {
    let cases = [
        ("---\na: !!int x\n", 107),
        ("---\na: 2001-13-01\n", 107),
        ("---\na: !!binary '*'\n", 107),
        ("---\n<<: 1\n", 108),
        ("---\na: *b\n", 107),
        ("---\na: 1\n---\nb: 2\n", 109),
    ];
    for (text, offset) in cases {
        let error = refused(text);
        assert!(error.is_corrupt(), "{text}");
        assert_eq!(
            error.place().span.as_ref().unwrap().start,
            offset,
            "{text}: {error}"
        );
    }
}

#[test]
fn deep_nesting_ends_in_a_limit() {
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(20_000),
    ] {
        assert!(refused(&format!("--- \n{text}\n")).is_limit());
    }
}

#[test]
fn merge_bombs_end_in_a_limit() {
    let mut text = "---\na0: &a0 {k0: 1}\n".to_owned();
    for level in 1..10 {
        let list = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(text, "a{level}: &a{level} {{<<: [{list}], k{level}: 1}}").unwrap();
    }
    assert!(refused(&text).is_limit());
}

#[test]
fn a_struct_is_read_with_errors_that_name_the_path() {
    #[derive(Debug, serde::Deserialize, PartialEq)]
    struct Meta<'a> {
        name: &'a str,
        time: f64,
        mode: Option<String>,
        list: Vec<u8>,
    }
    let tree = parse(
        "---\nmeta: {name: x, time: 3, mode: null, list: [1, 2], other: {}}\nbad: {name: x, time: 3, list: [1, 300]}\n",
    );
    let meta: Meta<'_> = tree.node("meta").unwrap().read().unwrap();
    assert_eq!(
        meta,
        Meta {
            name: "x",
            time: 3.0,
            mode: None,
            list: vec![1, 2]
        }
    );
    let error = tree.node("bad").unwrap().read::<Meta<'_>>().unwrap_err();
    assert_eq!(error.place().path.as_deref(), Some("/bad/list/1"));
}

#[test]
fn a_missing_node_names_the_deepest_part_that_exists() {
    let tree = parse("---\na: {b: [1]}\n");
    let error = tree.node("a.b[7].c").unwrap_err();
    assert_eq!(error.place().path.as_deref(), Some("/a/b/7/c"));
    assert!(
        error.to_string().ends_with("no `7`: /a/b is a list of 1"),
        "{error}"
    );
}

#[test]
fn integers_of_any_size_keep_their_digits() {
    let tree = parse("---\na: 0xffffffffffffffff\nb: -170141183460469231731687303715884105729\n");
    assert_eq!(tree.node("a").unwrap().read::<u64>().unwrap(), u64::MAX);
    match tree.node("b").unwrap().value() {
        Value::BigInt(value) => {
            assert_eq!(value.as_str(), "-170141183460469231731687303715884105729");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn invalid_utf8_is_an_error_at_its_byte() {
    let error =
        Tree::parse(b"---\na: \xff\n", 10, &Limits::default(), &mut Vec::new()).unwrap_err();
    assert_eq!(error.place().span, Some(17..18));
}

#[test]
fn reading_shared_nodes_into_a_type_is_bounded() {
    let mut text = "---\na0: &a0 [1, 1]\n".to_owned();
    for level in 1..40 {
        writeln!(text, "a{level}: &a{level} [*a{0}, *a{0}]", level - 1).unwrap();
    }
    let limits = Limits {
        expanded_nodes: 1000,
        ..Limits::default()
    };
    let tree = Tree::parse(text.as_bytes(), 0, &limits, &mut Vec::new()).unwrap();
    assert!(
        tree.root()
            .read::<serde_json::Value>()
            .unwrap_err()
            .is_limit()
    );
}

#[test]
fn a_chain_of_merges_ends_in_a_limit() {
    let mut text = "---\na0: &a0 {k0: 1}\n".to_owned();
    for level in 1..20_000 {
        writeln!(
            text,
            "a{level}: &a{level} {{<<: *a{}, k{level}: 1}}",
            level - 1
        )
        .unwrap();
    }
    assert!(refused(&text).is_limit());
}

#[test]
fn many_inline_merges_take_linear_time() {
    let items = "{<<: {a: 1}}, ".repeat(50_000);
    let tree = parse(&format!("---\nm: {{<<: [{items}], b: 2}}\n"));
    assert_eq!(tree.node("m").unwrap().as_map().unwrap().len(), 2);
    assert_eq!(tree.node("m.a").unwrap().path().to_string(), "/m/a");
}

#[test]
fn a_mapping_may_merge_one_that_holds_it() {
    let tree = parse("---\na: &a {x: 1, b: {<<: *a, y: 2}}\n");
    assert_eq!(tree.node("a.b.x").unwrap().read::<i64>().unwrap(), 1);
    assert_eq!(
        tree.node("a.b.b").unwrap().id(),
        tree.node("a.b").unwrap().id()
    );
}

#[test]
fn of_a_thousand_warnings_the_rest_is_counted() {
    let items = "18446744073709551616, ".repeat(100_000);
    let (_, warnings) = parse_with(&format!("---\n- [{items}]\n"));
    assert_eq!(warnings.len(), 1001);
    assert_eq!(
        warnings.last().unwrap().kind,
        WarningKind::MoreInTree { count: 99_000 }
    );
}

#[test]
fn odd_tags_and_directives_are_reported_once() {
    let head = "%YAML 1.1\n%FOO bar\n%TAG ! tag:stsci.edu:asdf/\n---\n";
    let body = "a: [!core/nothing-1.0.0 1, !core/nothing-1.0.0 2]\nb: !core/ndarray-9.0.0 {}\n\
                c: !!python/name:os.system ''\nd: !core/ndarray-1.1.0 [1]\ne: !<tag:x.org:y-9> 1\n";
    let (_, warnings) = parse_with(&format!("{head}{body}"));
    let paths: Vec<_> = warnings
        .iter()
        .map(|warning| warning.place.path.as_deref())
        .collect();
    assert_eq!(paths, [None, Some("/a/0"), Some("/b"), Some("/c")]);
}

#[test]
fn signs_that_mean_something_as_keys_only_keep_their_tag_elsewhere() {
    let tree = parse("---\na: =\nb: [<<]\n=: c\n");
    let tag = |path: &str| tree.node(path).unwrap().tag().map(Tag::as_str);
    assert_eq!(tag("a"), Some("tag:yaml.org,2002:value"));
    assert_eq!(tag("b[0]"), Some("tag:yaml.org,2002:merge"));
    assert_eq!(tree.node("/=").unwrap().text(), Some("c"));
}

#[test]
fn the_pairs_of_an_omap_may_be_tagged_like_the_whole() {
    let tree = parse("---\na: !!omap\n- !!omap\n  b: 1\n- c: 2\n");
    let Value::Omap(pairs) = tree.node("a").unwrap().value() else {
        panic!("no omap");
    };
    let keys = pairs
        .iter()
        .map(|pair| pair.as_map().unwrap().iter().next().unwrap());
    assert_eq!(
        keys.map(|pair| pair.0.text().unwrap()).collect::<Vec<_>>(),
        ["b", "c"]
    );
    refused("---\na: !!omap {b: 1}\n");
}
