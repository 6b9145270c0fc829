//! The pages are what they say: each block of commands is typed into a shell, and what is seen is held against the page.
#![cfg(unix)]

use crate::bench::workspace;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A page whose commands are run.
struct Page {
    path: &'static str,
    /// What is made before, by a shell, in a folder with the files of `stage.sh`.
    before: &'static str,
    /// The blocks are run one after the other in one folder, and every output stands on the page. Else each has a folder of
    /// its own, and a command without an output below it ends with 0 or 1.
    is_session: bool,
    /// Beginnings of commands that are not run, with the reason.
    without: &'static [(&'static str, &'static str)],
    /// Columns of the terminal.
    columns: &'static str,
    /// Words that stand for others, such as the address of a server for a file.
    instead: &'static [(&'static str, &'static str)],
}

const PLAIN: Page = Page {
    path: "",
    before: "",
    is_session: false,
    without: &[],
    columns: "100",
    instead: &[],
};

const TERMINAL: &str = "it needs a terminal; tests/cli/browse.rs runs it";
const RAD: &str = "it needs the schemas of rad; tests/cli/packages.rs has the like";
const ARCHIVE: &str = "feature archive; tests/archive runs it";

const PAGES: [Page; 9] = [
    Page {
        path: "docs/cookbook.md",
        is_session: true,
        ..PLAIN
    },
    Page {
        path: "README.md",
        columns: "80",
        without: &[
            ("asdf edit obs.asdf", "it opens an editor"),
            ("asdf browse obs.asdf", TERMINAL),
            (
                "asdf preview image.fits -o image.png --grid; asdf browse",
                TERMINAL,
            ),
            ("asdf index", ARCHIVE),
            ("duckdb", ARCHIVE),
            ("pip download", "it needs the network"),
            ("asdf set obs.asdf roman.meta.exposure.type WFI_SLEEP", RAD),
            ("asdf validate obs.asdf", RAD),
        ],
        ..PLAIN
    },
    Page {
        path: "docs/check.md",
        before: include_str!("pages/check.sh"),
        without: &[("asdf check --watch", "it goes on until it is interrupted")],
        ..PLAIN
    },
    Page {
        path: "docs/many-files.md",
        before: include_str!("pages/many.sh"),
        ..PLAIN
    },
    Page {
        path: "docs/network.md",
        without: &[("asdf browse", TERMINAL)],
        instead: &[
            ("s3://bucket/exposure.asdf", "obs.asdf"),
            ("https://host/obs.asdf", "obs.asdf"),
            ("s3://bucket/night/", "night/"),
        ],
        ..PLAIN
    },
    Page {
        path: "docs/paths.md",
        ..PLAIN
    },
    Page {
        path: "docs/preview.md",
        instead: &[("field.asdf", "test-data/image/sky.asdf")],
        ..PLAIN
    },
    Page {
        path: "docs/table.md",
        before: include_str!("pages/table.sh"),
        ..PLAIN
    },
    Page {
        path: "docs/zarr.md",
        ..PLAIN
    },
];

/// Pages with commands that other tests run.
const ELSEWHERE: [(&str, &str); 2] = [
    ("docs/catalogue.md", "tests/archive, with its feature"),
    ("docs/browse.md", "tests/cli/browse.rs"),
];

/// A command of a page, and the lines after it.
struct Step {
    line: usize,
    command: String,
    seen: Vec<String>,
}

/// The blocks of commands: of a console with what is seen, of a script each line that is one of ours.
fn blocks(page: &str) -> Vec<Vec<Step>> {
    let mut out: Vec<Vec<Step>> = Vec::new();
    let mut language = None;
    for (number, line) in page.lines().enumerate() {
        let step = |command: &str| Step {
            line: number + 1,
            command: command.to_owned(),
            seen: Vec::new(),
        };
        if let Some(word) = line.strip_prefix("```") {
            language = match language {
                None => Some(word),
                Some(_) => None,
            };
            if matches!(language, Some("console" | "sh")) {
                out.push(Vec::new());
            }
            continue;
        }
        let Some(block) = out.last_mut() else {
            continue;
        };
        match language {
            Some("sh") if line.starts_with("asdf ") => block.push(step(line)),
            Some("console") => match (line.strip_prefix("$ "), block.last_mut()) {
                (Some(command), _) => block.push(step(command)),
                (None, Some(before)) => before.seen.push(line.to_owned()),
                (None, None) => panic!("line {}: output before a command", number + 1),
            },
            _ => {}
        }
    }
    out.retain(|block| block.iter().any(|step| step.command.contains("asdf ")));
    out
}

/// Whether lines are as the page has them: `…` in a line is any text, a line of it alone any number of lines.
fn is_like(wanted: &[String], seen: &[&str]) -> bool {
    match (wanted.split_first(), seen.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first == "…" => {
            is_like(rest, seen)
                || seen
                    .split_first()
                    .is_some_and(|(_, others)| is_like(wanted, others))
        }
        (Some((first, rest)), Some((line, others))) => {
            is_like_text(first, line) && is_like(rest, others)
        }
        _ => false,
    }
}

fn is_like_text(wanted: &str, seen: &str) -> bool {
    // What a page shows cut, is cut.
    if wanted == seen {
        return true;
    }
    let mut parts = wanted.split('…');
    let Some(mut rest) = parts.next().and_then(|first| seen.strip_prefix(first)) else {
        return false;
    };
    let mut ends = true;
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        ends = part.is_empty() || at + part.len() == rest.len();
        rest = if part.is_empty() {
            ""
        } else {
            &rest[at + part.len()..]
        };
    }
    ends && rest.is_empty()
}

/// Types a command; gives what is seen and the exit code.
fn typed(folder: &Path, columns: &str, script: &str) -> (String, i32) {
    let own = Path::new(env!("CARGO_BIN_EXE_asdf"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", own.parent().unwrap().display());
    let exposure = workspace().join("test-data/made/roman_exposure.asdf");
    let done = Command::new("bash")
        .args(["--norc", "-c", &format!("exec 2>&1; {script}")])
        .current_dir(folder)
        .env("PATH", &path)
        .env("EXPOSURE", exposure.canonicalize().unwrap())
        .env(
            "DATA",
            workspace().join("test-data").canonicalize().unwrap(),
        )
        .env("SLURM_ARRAY_TASK_ID", "1")
        .env("COLUMNS", columns)
        .env("NO_COLOR", "1")
        .env("XDG_CONFIG_HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    (text, done.status.code().unwrap_or(2))
}

/// A folder with the files that pages speak of.
fn stage(page: &Page) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let script = if page.is_session {
        String::new()
    } else {
        format!(
            "set -e\n{}\n{}",
            include_str!("pages/stage.sh"),
            page.before
        )
    };
    let (text, code) = typed(folder.path(), page.columns, &script);
    assert_eq!(code, 0, "{}: the stage: {text}", page.path);
    folder
}

/// The files of a stage, for a block of its own.
fn copy_of(stage: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (text, code) = typed(
        folder.path(),
        "100",
        &format!("cp -a '{}'/. .", stage.display()),
    );
    assert_eq!(code, 0, "{text}");
    folder
}

/// What is not as a page says.
fn check(page: &Page) -> Vec<String> {
    let text = fs::read_to_string(workspace().join(page.path)).unwrap();
    let blocks = blocks(&text);
    assert!(!blocks.is_empty(), "{}: no commands", page.path);
    let stage = stage(page);
    let mut wrong = Vec::new();
    let mut left_out = vec![0; page.without.len()];
    for block in &blocks {
        let own = (!page.is_session).then(|| copy_of(stage.path()));
        let folder = own.as_ref().unwrap_or(&stage).path();
        let mut code = 0;
        for step in block {
            let known = page
                .without
                .iter()
                .position(|(begin, _)| step.command.starts_with(begin));
            if let Some(known) = known {
                left_out[known] += 1;
                continue;
            }
            let mut command = step.command.clone();
            for (word, other) in page.instead {
                command = command.replace(word, other);
            }
            // What the last command ended with, as a shell that goes on has it.
            let (text, ended) = typed(folder, page.columns, &format!("(exit {code}); {command}"));
            code = ended;
            let seen: Vec<&str> = text.lines().collect();
            let wanted = without_gap(&step.seen);
            let is_right = if page.is_session || !wanted.is_empty() {
                is_like(wanted, &seen)
            } else {
                code <= 1
            };
            if !is_right {
                let begin: Vec<&str> = seen.iter().copied().take(30).collect();
                let begin: String = begin.join("\n").chars().take(2000).collect();
                wrong.push(format!(
                    "{}:{}: $ {}\n{begin}\nexit code {code}",
                    page.path, step.line, step.command
                ));
            }
        }
    }
    for ((begin, reason), count) in page.without.iter().zip(left_out) {
        eprintln!("{}: `{begin}` is not run: {reason}", page.path);
        assert!(count > 0, "{}: there is no `{begin}` any more", page.path);
    }
    wrong
}

/// An empty line before the next command is of the page.
fn without_gap(lines: &[String]) -> &[String] {
    match lines.split_last() {
        Some((last, rest)) if last.is_empty() => rest,
        _ => lines,
    }
}

#[test]
fn the_cookbook_is_what_is_seen() {
    let wrong = check(&PAGES[0]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_readme_is_what_is_seen() {
    let wrong = check(&PAGES[1]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_other_pages_are_what_is_seen() {
    let wrong: Vec<String> = PAGES.iter().skip(2).flat_map(check).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_with_commands_is_run() {
    for entry in fs::read_dir(workspace().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "md") {
            continue;
        }
        let name = format!("docs/{}", path.file_name().unwrap().to_string_lossy());
        let has_commands = !blocks(&fs::read_to_string(&path).unwrap()).is_empty();
        let is_known = PAGES.iter().any(|page| page.path == name)
            || ELSEWHERE.iter().any(|page| page.0 == name);
        assert!(is_known || !has_commands, "{name}");
    }
}

#[test]
fn dots_stand_for_anything() {
    let like = |wanted: &str, seen: &str| {
        let wanted: Vec<String> = wanted.lines().map(str::to_owned).collect();
        is_like(&wanted, &seen.lines().collect::<Vec<_>>())
    };
    assert!(like("a\n…\nd", "a\nb\nc\nd") && like("…", "") && like("a…c", "abc"));
    assert!(!like("a", "a\nb") && !like("a…c", "abd") && !like("a\n…\nd", "a\nb"));
    assert!(like("x: …", "x: y") && like("…", "a"));
}
