//! The guide is what it says: each `console` block of README.md and docs/*.md is typed into a shell, and what is seen is held against the
//! page. The commands of a page run from top to bottom in a folder of their own, in which `test-data` is that of the repository.
//! `<!-- needs: archive -->` before a block names the feature without which it is skipped; a block that cannot be run is of another
//! language, and `<!-- not run: why -->` before it says why.
#![cfg(unix)]

use crate::bench::workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

/// A command of a page, and the lines after it.
struct Step {
    line: usize,
    command: String,
    seen: Vec<String>,
}

/// The blocks of a page that this build runs, and how many it has not the features for.
#[derive(Default)]
struct Page {
    steps: Vec<Step>,
    skipped: usize,
}

/// What stands before a block in a comment of the form `<!-- KEY: VALUE -->`.
fn remark<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix("<!-- ")?
        .strip_suffix(" -->")?
        .strip_prefix(key)?
        .strip_prefix(": ")
}

fn has_feature(name: &str) -> bool {
    match name {
        "archive" => cfg!(feature = "archive"),
        "remote" => cfg!(feature = "remote"),
        _ => panic!("no feature `{name}`"),
    }
}

fn page(text: &str) -> Page {
    let mut out = Page::default();
    let mut block: Option<bool> = None;
    let mut before = "";
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        match (line.strip_prefix("```"), block) {
            (Some(language), None) => {
                let is_told = remark(before, "not run").is_some() || before.contains("<!-- test: ");
                assert!(
                    is_told || !["sh", "bash", "shell"].contains(&language),
                    "line {number}: commands that are not run: `console`, or `<!-- not run: why -->` before them"
                );
                let runs = remark(before, "needs").is_none_or(has_feature);
                let is_console = language == "console";
                out.skipped += usize::from(is_console && !runs);
                block = Some(is_console && runs);
            }
            (Some(_), Some(_)) => block = None,
            (None, Some(true)) => match (line.strip_prefix("$ "), out.steps.last_mut()) {
                (Some(command), _) => out.steps.push(Step {
                    line: number,
                    command: command.to_owned(),
                    seen: Vec::new(),
                }),
                (None, Some(step)) => step.seen.push(line.to_owned()),
                (None, None) => panic!("line {number}: output before a command"),
            },
            (None, _) => {}
        }
        before = line;
    }
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
    let Some((start, rest)) = wanted.split_once('…') else {
        return wanted == seen;
    };
    seen.strip_prefix(start).is_some_and(|seen| {
        let mut ends = seen.char_indices().map(|(at, _)| at).chain([seen.len()]);
        ends.any(|at| is_like_text(rest, &seen[at..]))
    })
}

/// Runs the commands of a page; returns what is not as the page says.
fn differences(name: &str, steps: &[Step]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let home = tempfile::tempdir().unwrap();
    let data = workspace().join("test-data").canonicalize().unwrap();
    std::os::unix::fs::symlink(data, folder.path().join("test-data")).unwrap();
    let own = Path::new(env!("CARGO_BIN_EXE_asdf"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", own.parent().unwrap().display());
    let mut wrong = Vec::new();
    let mut code = 0;
    for step in steps {
        // What the last command ended with, as a shell that goes on has it.
        let script = format!("(exit {code}); {}", step.command);
        let done = Command::new("bash")
            .args(["--norc", "-c", &format!("exec 2>&1; {script}")])
            .current_dir(folder.path())
            .stdin(std::process::Stdio::null())
            .env("PATH", &path)
            .env("COLUMNS", "100")
            .env("NO_COLOR", "1")
            .env("LC_ALL", "C.UTF-8")
            .env("XDG_CONFIG_HOME", home.path())
            .env("XDG_DATA_HOME", home.path())
            .output()
            .unwrap();
        code = done.status.code().unwrap_or(1);
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        let seen: Vec<&str> = text.lines().collect();
        if !is_like(&step.seen, &seen) {
            wrong.push(format!("{name}:{}: $ {}\n{text}", step.line, step.command));
        }
    }
    wrong
}

/// README.md and the pages of docs/.
fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(workspace().join("docs")).unwrap();
    let mut out: Vec<PathBuf> = docs.map(|entry| entry.unwrap().path()).collect();
    out.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    out.sort();
    out.push(workspace().join("README.md"));
    out.push(workspace().join("CONTRIBUTING.md"));
    out
}

#[test]
fn the_pages_are_what_is_seen() {
    let wrong = Mutex::new(Vec::new());
    let work = Mutex::new(pages().into_iter());
    let commands = Mutex::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let Some(path) = work.lock().unwrap().next() else {
                        break;
                    };
                    let name = path
                        .strip_prefix(workspace())
                        .unwrap()
                        .display()
                        .to_string();
                    let page = page(&fs::read_to_string(&path).unwrap());
                    if page.skipped > 0 {
                        eprintln!("skipped: {} blocks of {name}: other features", page.skipped);
                    }
                    *commands.lock().unwrap() += page.steps.len();
                    wrong
                        .lock()
                        .unwrap()
                        .extend(differences(&name, &page.steps));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let commands = commands.into_inner().unwrap();
    assert!(commands > 200, "{commands}");
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
    assert!(like("a…1…", "a 21 1") && like("x…1", "x 11"));
}
