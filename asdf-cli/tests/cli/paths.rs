//! Paths as `docs/paths.md` teaches them: the tables of the page are run, in every command that takes a path.

use crate::bench::{Done, workspace};
use crate::many::copy;
use std::fs;
use std::path::Path;
use std::process::Command;

const FILE: &str = "test-data/paths.asdf";

fn run(folder: &Path, words: &[&str]) -> Done {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asdf"));
    command.args(words).current_dir(folder).env("NO_COLOR", "1");
    let done = command.output().unwrap();
    Done {
        code: done.status.code(),
        out: String::from_utf8(done.stdout).unwrap(),
        err: String::from_utf8(done.stderr).unwrap(),
    }
}

/// The rows of the page: a path, and the value in JSON, of which `test-data/generate/paths.py --check` says that Python
/// and numpy have it too.
fn examples() -> Vec<(String, serde_json::Value)> {
    let page = fs::read_to_string(workspace().join("docs/paths.md")).unwrap();
    let row = |line: &str| {
        let line = line.strip_prefix("| `")?.strip_suffix("` |")?;
        let cells: Vec<&str> = line.split("` | `").collect();
        match cells.as_slice() {
            [path, _, value] => Some(((*path).to_owned(), serde_json::from_str(value).unwrap())),
            _ => None,
        }
    };
    let rows: Vec<_> = page.lines().filter_map(row).collect();
    assert!(rows.len() > 30, "{}", rows.len());
    rows
}

#[test]
fn every_example_names_what_the_page_says() {
    for (path, wanted) in examples() {
        let done = run(&workspace(), &["get", FILE, &path, "--json"]);
        assert_eq!(done.code, Some(0), "{path}: {}", done.err);
        let found: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        assert_eq!(found, wanted, "{path}");
    }
}

#[test]
fn every_example_can_be_required() {
    for (path, _) in examples() {
        let words = ["check", FILE, "--no-schemas", "--require", &path];
        let done = run(&workspace(), &words);
        assert_eq!(done.code, Some(0), "{path}: {}{}", done.out, done.err);
    }
}

#[test]
fn every_example_is_a_column_or_several() {
    for (path, wanted) in examples() {
        let done = run(&workspace(), &["table", "-k", &path, FILE, "--to", "jsonl"]);
        assert_eq!(done.code, Some(0), "{path}: {}", done.err);
        let row: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        let row = row.as_object().unwrap();
        let cells: Vec<&serde_json::Value> = row
            .iter()
            .filter(|cell| cell.0 != "file")
            .map(|cell| cell.1)
            .collect();
        let is_scalar = |value: &serde_json::Value| !value.is_array() && !value.is_object();
        match &wanted {
            serde_json::Value::Object(several)
                if several.keys().any(|key| key.starts_with('/')) =>
            {
                assert!(several.values().all(is_scalar));
                let wanted: Vec<_> = several.values().collect();
                assert_eq!(cells, wanted, "{path}");
            }
            value if is_scalar(value) => assert_eq!(cells, [value], "{path}"),
            _ => assert_eq!(cells.len(), 1, "{path}"),
        }
    }
}

#[test]
fn parts_of_arrays_have_statistics() {
    // numpy: np.arange(12).reshape(3, 4)[::2, 1:3].mean() and so on
    for (path, count, mean) in [
        ("data[::2, 1:3]", 4, 5.5),
        ("data[-1]", 4, 9.5),
        ("cat.ra[1:]", 3, 1.0),
        ("cat[::3].xy", 4, 3.5),
        ("cube[..., None, 0]", 6, 10.0),
    ] {
        let done = run(&workspace(), &["stats", FILE, path, "--json"]);
        let found: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        assert_eq!(found[0]["count"], count, "{path}: {done:?}");
        assert_eq!(found[0]["mean"], mean, "{path}");
    }
}

#[test]
fn a_command_of_one_node_says_how_many_a_path_names() {
    let folder = tempfile::tempdir().unwrap();
    copy(FILE, &folder.path().join("x.asdf"));
    let before = fs::read(folder.path().join("x.asdf")).unwrap();
    let several = "items[*].name";
    for words in [
        vec!["set", "x.asdf", several, "z"],
        vec!["rm", "x.asdf", several],
        vec!["mv", "x.asdf", several, "meta.name"],
        vec!["cp", "x.asdf:items[*].name", "x.asdf:meta.name"],
        vec!["info", "x.asdf", "--path", several],
        vec!["preview", "x.asdf", several, "-o", "x.png"],
        vec![
            "cutout", "x.asdf", "--path", several, "--pixel", "1,1", "--size", "2px", "-o",
            "y.asdf",
        ],
        vec!["wcs", "info", "x.asdf", several],
        vec!["convert", "x.asdf", "y.json", "--path", several],
    ] {
        let done = run(folder.path(), &words);
        assert_eq!(done.code, Some(2), "{words:?}");
        let says = "`items[*].name` names 3 nodes, and one is needed here: /items/0/name";
        assert!(done.err.contains(says), "{words:?}: {}", done.err);
    }
    let done = run(
        folder.path(),
        &["check", "x.asdf", "--no-schemas", "--id", several],
    );
    assert!(done.out.contains("names 3 nodes"), "{}", done.out);
    assert_eq!(fs::read(folder.path().join("x.asdf")).unwrap(), before);
}

#[test]
fn nodes_are_changed_by_positions_from_the_end() {
    let folder = tempfile::tempdir().unwrap();
    copy(FILE, &folder.path().join("x.asdf"));
    let get = |path: &str| run(folder.path(), &["get", "x.asdf", path, "--json"]).out;
    for words in [
        vec!["set", "x.asdf", "items[-1].name", "last"],
        vec!["set", "x.asdf", "items[-1].new", "5"],
        vec!["mv", "x.asdf", "items[-2].name", "items[-2].title"],
        vec!["rm", "x.asdf", "items[0].values[-1]"],
        vec!["cp", "x.asdf:items[-1].values[-1]", "x.asdf:meta.copied"],
        vec!["set", "x.asdf", "cat.ra[0:2]", "[7.5, 8.5]"],
        vec!["set", "x.asdf", "cat.xy[-1, 0]", "99"],
        vec!["set", "x.asdf", "cat[1:3].id", "5"],
        vec!["set", "x.asdf", "data[0:2][1][::2]", "-1"],
    ] {
        let done = run(folder.path(), &words);
        assert_eq!(done.code, Some(0), "{words:?}: {}", done.err);
    }
    assert_eq!(get("items[2].name"), "\"last\"\n");
    assert_eq!(get("items[2].new"), "5\n");
    assert_eq!(get("items[1].title"), "\"second\"\n");
    assert_eq!(get("items[0].values"), "[1,2]\n");
    assert_eq!(get("meta.copied"), "6\n");
    assert_eq!(get("cat.ra"), "[7.5,8.5,1.0,1.5]\n");
    assert_eq!(get("cat.xy"), "[[0,1],[2,3],[4,5],[99,7]]\n");
    assert_eq!(get("cat.id"), "[101,5,5,104]\n");
    assert_eq!(get("data[1]"), "[-1,5,-1,7]\n");
    for (words, says) in [
        (
            ["set", "x.asdf", "data[0:9]", "1"],
            "slice 0:9 is outside of axis 0",
        ),
        (
            ["set", "x.asdf", "data[None, 0]", "1"],
            "`None` makes an axis",
        ),
        (["set", "x.asdf", "items[-9].name", "1"], "no `-9`"),
    ] {
        let done = run(folder.path(), &words);
        assert_eq!(done.code, Some(2), "{words:?}");
        assert!(done.err.contains(says), "{words:?}: {}", done.err);
    }
}

#[test]
fn lists_and_searches_are_of_what_a_path_names() {
    let names = |words: &[&str]| {
        let done = run(&workspace(), words);
        let first = |line: &str| {
            line.split([' ', '\t'])
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        done.out.lines().map(first).collect::<Vec<_>>()
    };
    assert_eq!(
        names(&["ls", FILE, "--path", "c*"]),
        ["path", "/cat", "/cube"]
    );
    assert_eq!(names(&["ls", FILE, "--path", "/"]).len(), 4);
    assert_eq!(
        names(&["search", FILE, "--key", "name", "--under", "items[1:]"]),
        ["/items/1/name", "/items/2/name"]
    );
    assert_eq!(
        names(&["search", FILE, "--type", "float", "--under", "**.exposure"]),
        ["/meta/exposure/end_time", "/meta/exposure/start_time"]
    );
    let done = run(&workspace(), &["ls", FILE, "--path", "zz*"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("no node fits `zz*`"), "{}", done.err);
}

#[test]
fn a_path_that_cannot_be_one_says_what_is_wrong() {
    for (path, says) in [
        ("data[", "`]` is missing"),
        ("data[0:1:0]", "a step must not be 0"),
        ("data[..., ...]", "`...` stands there twice"),
        ("data[x]", "in brackets: `x`"),
        ("items[0, 1]", "a list has one axis"),
        ("items[...]", "a list has one axis"),
        ("meta[0:1]", "not an array, but a mapping"),
        ("data[3]", "index 3 is outside of axis 0, which has 3"),
        ("data[0, 0, 0]", "3 slices for 2 axes"),
        ("cat.nope", "a table with the columns id, ra, xy"),
        ("items[7].name", "no `7`"),
        ("items[-4]", "no `-4`"),
        ("zz.**", "no `zz`"),
        ("**.zz", "no node fits `**.zz`"),
    ] {
        let done = run(&workspace(), &["get", FILE, path]);
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{path}");
        assert!(done.err.contains(says), "{path}: {}", done.err);
    }
}

#[test]
fn shared_nodes_are_found_at_each_path_and_no_node_within_itself() {
    let folder = tempfile::tempdir().unwrap();
    // Each level names the one above it ten times: 10^12 paths to the text.
    let mut tree = String::from("#ASDF 1.0.0\n%YAML 1.1\n---\nl0: &l0 {x: end}\n");
    for level in 1..13 {
        let above = format!("*l{}", level - 1);
        let items = vec![above; 10].join(", ");
        tree.push_str(&format!("l{level}: &l{level} [{items}]\n"));
    }
    tree.push_str("...\n");
    fs::write(folder.path().join("many.asdf"), tree).unwrap();
    let done = run(
        folder.path(),
        &[
            "get",
            "many.asdf",
            "**.x",
            "--limit",
            "expanded_nodes=100000",
        ],
    );
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.err.contains("expanded_nodes"), "{}", done.err);
    let done = run(
        folder.path(),
        &["get", "many.asdf", "l2[0][3:5].x", "--json"],
    );
    assert_eq!(done.out, "{\"/l2/0/3/x\":\"end\",\"/l2/0/4/x\":\"end\"}\n");
    let cycle = "#ASDF 1.0.0\n%YAML 1.1\n---\na: &a\n  me: *a\n  x: 1\n...\n";
    fs::write(folder.path().join("cycle.asdf"), cycle).unwrap();
    let done = run(folder.path(), &["get", "cycle.asdf", "**.x", "--json"]);
    assert_eq!(done.out, "{\"/a/x\":1}\n");
    let done = run(
        folder.path(),
        &["search", "cycle.asdf", "--under", "**.me", "--key", "me"],
    );
    assert!(done.out.starts_with("/a/me"), "{done:?}");
    // Many stars do not multiply.
    let stars = format!("{}x", "**.".repeat(60));
    let done = run(folder.path(), &["get", "cycle.asdf", &stars, "--json"]);
    assert_eq!(done.out, "{\"/a/x\":1}\n");
    let stars = format!("{}x", "**.".repeat(64));
    let done = run(folder.path(), &["get", "cycle.asdf", &stars]);
    assert!(done.err.contains("more than 63 steps"), "{}", done.err);
}

#[test]
fn a_folder_where_a_path_is_expected_is_called_one() {
    let folder = tempfile::tempdir().unwrap();
    copy(FILE, &folder.path().join("x.asdf"));
    fs::create_dir(folder.path().join("night")).unwrap();
    fs::create_dir(folder.path().join("meta")).unwrap();
    for command in ["get", "stats"] {
        for word in ["night", "night/"] {
            let done = run(folder.path(), &[command, "x.asdf", word]);
            assert_eq!(done.code, Some(2), "{command} {word}");
            let says = "is a folder";
            assert!(done.err.contains(says), "{command} {word}: {}", done.err);
            assert!(done.err.contains("--path PATH"), "{}", done.err);
        }
    }
    // A node may have the name of a folder.
    assert_eq!(run(folder.path(), &["get", "x.asdf", "meta"]).code, Some(0));
}
