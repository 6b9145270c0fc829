//! Nodes that are shared: a walk over all their places never ends.

use super::{Place, tree};

/// Lists of ten, each made of the one before.
fn lists(innermost: &str) -> Vec<u8> {
    let mut lines = vec![format!("a0: &a0 {innermost}")];
    for level in 1..40 {
        let item = format!("*a{}", level - 1);
        lines.push(format!(
            "a{level}: &a{level} [{}]",
            vec![item; 10].join(",")
        ));
    }
    tree(&lines.join("\n"))
}

fn transforms() -> Vec<u8> {
    let shape = "inputs: [x], outputs: [y]";
    let mut lines = vec![format!(
        "a0: &a0 !transform/shift-1.2.0 {{offset: 1.0, {shape}}}"
    )];
    for level in 1..60 {
        let below = level - 1;
        lines.push(format!(
            "a{level}: &a{level} !transform/compose-1.2.0 {{forward: [*a{below}, *a{below}], {shape}}}"
        ));
    }
    tree(&lines.join("\n"))
}

#[test]
fn a_search_visits_a_shared_node_once_for_each_place_shown() {
    let place = Place::new()
        .with("lists.asdf", lists("[1, 1, 1]"))
        .with("transforms.asdf", transforms());
    for file in ["lists.asdf", "transforms.asdf"] {
        place.is_refused(&format!("search --value 1 {file}"));
        place.is_refused(&format!("search --json --type list {file}"));
        let found = place.run(&format!("search --key ^a5$ {file}"));
        assert_eq!((found.code, found.out.lines().count()), (Some(0), 1));
        let none = place.run(&format!("search --value text {file}"));
        assert_eq!((none.code, none.out.as_str()), (Some(1), ""));
    }
}

#[test]
fn places_within_the_limit_are_all_found() {
    let text = "a: &a [1, {b: 1}]\nc: &c [*a, *a]\nd: {e: *c}";
    let place = Place::new().with("few.asdf", tree(text));
    let found = place.run("search --value 1 few.asdf");
    assert_eq!(found.out.lines().count(), 10);
    assert!(found.out.contains("/d/e/1/1/b (int): 1\n"), "{}", found.out);
    let keyed = place.run("search --key b few.asdf");
    assert_eq!(keyed.out.lines().count(), 5);
}

#[test]
fn a_node_inside_itself_is_searched_once_from_each_side() {
    let text = "a: &a {b: &b {up: *a, x: 1}}\nc: *b";
    let place = Place::new().with("self.asdf", tree(text));
    let found = place.run("search --value 1 self.asdf");
    let paths: Vec<&str> = found
        .out
        .split_whitespace()
        .filter(|word| word.starts_with('/'))
        .collect();
    assert_eq!(paths, ["/a/b/x", "/c/x"]);
}

#[test]
fn a_long_chain_of_references_is_refused() {
    let mut lines: Vec<String> = (0..100_000)
        .map(|number| format!("r{number}: {{$ref: '#/r{}'}}", number + 1))
        .collect();
    lines.push("r100000: 1".to_owned());
    let place = Place::new().with("chain.asdf", tree(&lines.join("\n")));
    place.is_refused("get --resolve chain.asdf r0");
    place.is_refused("convert --resolve-references chain.asdf o.yaml");
    let near = place.run("get --resolve chain.asdf r99500");
    assert_eq!((near.code, near.out.as_str()), (Some(0), "1\n"));
}

#[test]
fn arrays_that_are_shared_without_bound_are_refused() {
    let place = Place::new().with("arrays.asdf", lists("!core/ndarray-1.1.0 {data: [1, 2]}"));
    for command in ["ls", "stats", "ls --digest", "search --type array"] {
        place.is_refused(&format!("{command} arrays.asdf"));
    }
}

/// Mappings of ten, each made of the one before.
fn mappings() -> Vec<u8> {
    let mut lines = vec!["a0: &a0 {k: v}".to_owned()];
    for level in 1..40 {
        let pairs: Vec<String> = (0..10)
            .map(|key| format!("x{key}: *a{}", level - 1))
            .collect();
        lines.push(format!("a{level}: &a{level} {{{}}}", pairs.join(", ")));
    }
    tree(&lines.join("\n"))
}

#[test]
fn a_check_looks_at_a_shared_node_once() {
    let place = Place::new()
        .with("maps.asdf", mappings())
        .with("lists.asdf", lists("[1, 1, 1]"));
    for command in ["check maps.asdf lists.asdf", "check --id a39 maps.asdf"] {
        let done = place.run(command);
        assert_eq!(done.code, Some(0), "{command}: {}", done.err);
    }
    let done = place.run("check --require a39.** maps.asdf");
    assert_eq!(done.code, Some(1), "{}", done.err);
    assert!(done.out.contains("limit"), "{}", done.out);
}

#[test]
fn a_pattern_that_fits_too_many_places_is_refused_before_the_first() {
    let place = Place::new().with("maps.asdf", mappings()).with(
        "few.asdf",
        tree("a: &a [1, {b: 1}]\nc: &c [*a, *a]\nd: &d {e: *c, f: *d}"),
    );
    for keys in ["**", "**.k", "a39.*.*.*.*.*.*.*.*.*", "**.x0.**"] {
        place.is_refused(&format!("table --to csv -k {keys} maps.asdf"));
    }
    let done = place.run("table --to csv -k a39.x1.**.x2.x3.* --limit expanded_nodes=9 maps.asdf");
    assert_eq!(done.code, Some(2), "{}", done.out);
    // Of what is within the limit nothing is lost: 24 nodes are below the root, one of which contains itself.
    let done = place.run("search --under ** --type int few.asdf");
    assert_eq!(done.out.lines().count(), 10, "{}", done.out);
    for (limit, code) in [(25, 0), (24, 2)] {
        let done = place.run(&format!(
            "table --to csv -k ** --limit expanded_nodes={limit} few.asdf"
        ));
        assert_eq!(done.code, Some(code), "{limit}: {}", done.err);
    }
}

#[test]
fn entries_of_a_history_are_told_one_after_the_other() {
    let text = "x".repeat(300_000);
    let list = format!(
        "history:\n  entries:\n  - &e !core/history_entry-1.0.0 {{description: \"{text}\"}}\n{}",
        "  - *e\n".repeat(1000)
    );
    let place = Place::new().with("h.asdf", tree(&list));
    for form in ["", "--jsonl"] {
        let asdf = crate::bench::asdf("history").command();
        let limited = std::process::Command::new("sh")
            .arg("-c")
            .arg(format!(
                "ulimit -d 131072 && exec \"$0\" history {form} h.asdf | tail -c 100"
            ))
            .arg(asdf.get_program())
            .current_dir(place.0.path())
            .output()
            .unwrap();
        let end = String::from_utf8_lossy(&limited.stdout).into_owned();
        assert!(end.contains("xxx"), "{form}: {limited:?}");
        assert!(limited.stderr.is_empty(), "{form}: {limited:?}");
    }
    place.is_refused("history --limit expanded_nodes=2000 h.asdf");
}
