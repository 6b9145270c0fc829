//! `docs/cookbook.md` is what it says: each block is typed into a shell, and what is seen is held against the page.
#![cfg(unix)]

use crate::bench::workspace;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A command of the page, and the lines after it.
struct Step {
    line: usize,
    command: String,
    seen: Vec<String>,
}

fn steps(page: &str) -> Vec<Step> {
    let mut out: Vec<Step> = Vec::new();
    let mut is_console = false;
    for (number, line) in page.lines().enumerate() {
        if let Some(language) = line.strip_prefix("```") {
            is_console = !is_console && language == "console";
        } else if is_console {
            match (line.strip_prefix("$ "), out.last_mut()) {
                (Some(command), _) => out.push(Step {
                    line: number + 1,
                    command: command.to_owned(),
                    seen: Vec::new(),
                }),
                (None, Some(step)) => step.seen.push(line.to_owned()),
                (None, None) => panic!("line {}: output before a command", number + 1),
            }
        }
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

#[test]
fn the_page_is_what_is_seen() {
    let page = fs::read_to_string(workspace().join("docs/cookbook.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let own = Path::new(env!("CARGO_BIN_EXE_asdf"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", own.parent().unwrap().display());
    let exposure = workspace().join("test-data/made/roman_exposure.asdf");
    let steps = steps(&page);
    assert!(steps.len() > 40, "{}", steps.len());
    let mut wrong = Vec::new();
    let mut code = 0;
    for step in &steps {
        // What the last command ended with, as a shell that goes on has it.
        let script = format!("(exit {code}); {}", step.command);
        let done = Command::new("bash")
            .args(["--norc", "-c", &format!("exec 2>&1; {script}")])
            .current_dir(folder.path())
            .env("PATH", &path)
            .env("EXPOSURE", exposure.canonicalize().unwrap())
            .env("COLUMNS", "100")
            .env("NO_COLOR", "1")
            .env("XDG_CONFIG_HOME", folder.path())
            .env("XDG_DATA_HOME", folder.path())
            .output()
            .unwrap();
        code = done.status.code().unwrap_or(1);
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        let seen: Vec<&str> = text.lines().collect();
        if !is_like(&step.seen, &seen) {
            wrong.push(format!(
                "docs/cookbook.md:{}: $ {}\n{text}",
                step.line, step.command
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
