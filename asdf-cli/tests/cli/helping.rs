//! Help, manual pages, completions and the configuration file.

use crate::bench::asdf;
use crate::many::{copy, run};
use std::fs;
use std::process::Command;

const ROMAN: &str = "test-data/made/roman_exposure.asdf";

#[test]
fn every_command_has_a_manual_page_and_help_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let done = run(folder.path(), &["man", "--out", "pages"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let names = fs::read_dir(folder.path().join("pages")).unwrap();
    let names: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().all(|name| !name.contains("help")), "{names:?}");
    for name in [
        "asdf.1",
        "asdf-get.1",
        "asdf-wcs.1",
        "asdf-wcs-eval.1",
        "asdf-schema-add.1",
    ] {
        assert!(names.iter().any(|found| found == name), "{name}: {names:?}");
        let text = fs::read_to_string(folder.path().join("pages").join(name)).unwrap();
        for section in ["EXIT STATUS", "ENVIRONMENT", "FILES"] {
            assert!(
                text.contains(&format!(".SH \"{section}\"")),
                "{name} {section}"
            );
        }
    }
    let page = asdf("man wcs eval").run();
    assert_eq!(page.out, asdf("man wcs-eval").run().out);
    assert!(page.out.contains(".SH \"EXAMPLES\""));
    assert_eq!(asdf("man nothing").run().code, Some(2));
}

#[test]
fn the_configuration_file_is_about_looks() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("x.asdf"));
    let home = folder.path().join("home");
    fs::create_dir_all(home.join("asdf")).unwrap();
    let of = |text: &str, words: &[&str]| {
        fs::write(home.join("asdf/config.toml"), text).unwrap();
        let mut asdf = asdf("get");
        asdf.command.args(words).current_dir(folder.path());
        asdf.command
            .env("XDG_CONFIG_HOME", &home)
            .env_remove("ASDF_CONFIG")
            .env_remove("NO_COLOR");
        asdf.run()
    };
    let path = ["x.asdf", "roman.meta.telescope"];
    assert_eq!(
        of("threads = 1\ncolor = \"always\"\n", &path).out,
        "ROMAN\n"
    );
    let wrong = of("colour = 1\n", &path);
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.err.contains("config.toml") && wrong.err.contains("colour"),
        "{}",
        wrong.err
    );
    assert_eq!(
        of("colour = 1\n", &[&path[..], &["--no-config"]].concat()).code,
        Some(0)
    );
    let mut named = asdf("info");
    named
        .command
        .args(["x.asdf"])
        .current_dir(folder.path())
        .env("ASDF_CONFIG", "nowhere.toml");
    assert_eq!(named.run().code, Some(2));
    fs::write(folder.path().join("c.toml"), "color = \"always\"\n").unwrap();
    let mut named = asdf("ls");
    named
        .command
        .args(["x.asdf"])
        .current_dir(folder.path())
        .env("ASDF_CONFIG", "c.toml");
    assert!(named.run().out.contains('\u{1b}'));
}

#[test]
fn paths_go_on_one_step() {
    for (begun, wanted) in [
        ("roman.meta.exp", vec!["roman.meta.exposure"]),
        ("/roman/meta/exp", vec!["/roman/meta/exposure"]),
        (
            "roman.meta.exposure.e",
            vec![
                "roman.meta.exposure.effective_exposure_time",
                "roman.meta.exposure.end_time",
                "roman.meta.exposure.engineering_quality",
                "roman.meta.exposure.exposure_time",
            ],
        ),
        (
            "roman.meta.exposure.read_pattern.1",
            vec!["roman.meta.exposure.read_pattern.1"],
        ),
        ("ro", vec!["roman"]),
        ("nothing.x", vec![]),
    ] {
        assert_eq!(offered(ROMAN, begun), wanted, "{begun}");
    }
    // Keys that need quotes, positions from the end, all that fit, columns of a table.
    for (begun, wanted) in [
        ("meta.a", vec!["meta.[\"a.b\"]"]),
        ("meta[\"a", vec!["meta[\"a.b\"]"]),
        ("meta['a", vec!["meta['a.b']"]),
        ("meta[\"*", vec!["meta[\"*\"]"]),
        ("/meta/a", vec!["/meta/a.b"]),
        ("items[-1].n", vec!["items[-1].name"]),
        ("items[*].v", vec!["items[*].values"]),
        ("items[1", vec!["items[1]"]),
        ("items.2", vec!["items.2"]),
        ("cat.", vec!["cat.id", "cat.ra", "cat.xy"]),
        ("cat[\"r", vec!["cat[\"ra\"]"]),
        (
            "data.",
            vec![
                "data.source",
                "data.datatype",
                "data.byteorder",
                "data.shape",
            ],
        ),
        ("items[", vec!["items[0]", "items[1]", "items[2]"]),
        ("data[0", vec![]),
    ] {
        assert_eq!(offered("test-data/paths.asdf", begun), wanted, "{begun}");
    }
}

/// The paths that a beginning may go on with.
fn offered(file: &str, begun: &str) -> Vec<String> {
    {
        let done = asdf(&format!("complete-paths {file} {begun}")).run();
        let path = |line: &str| line.split('\t').next().unwrap().to_owned();
        done.out.lines().map(path).collect()
    }
}

/// As bash asks for it: the words, and which of them is being typed.
#[test]
fn bash_completes_commands_options_values_and_paths() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("x.asdf"));
    copy("test-data/paths.asdf", &folder.path().join("p.asdf"));
    fs::write(
        folder.path().join("asdf.bash"),
        asdf("completions bash").run().out,
    )
    .unwrap();
    let own = env!("CARGO_BIN_EXE_asdf");
    let complete = |words: &str| {
        let script = format!(
            "source asdf.bash; words=({own} {words}); COMP_WORDS=(\"${{words[@]}}\"); COMP_CWORD=$((${{#words[@]}} - 1)); \
             _asdf_with_paths {own} \"${{words[-1]}}\" \"${{words[-2]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let done = Command::new("bash")
            .args(["--norc", "-c", &script])
            .current_dir(folder.path())
            .output();
        let Ok(done) = done else {
            eprintln!("no completions are tried: there is no bash");
            return None;
        };
        Some(String::from_utf8_lossy(&done.stdout).into_owned())
    };
    for (words, wanted) in [
        ("get x.asdf roman.meta.exp", "roman.meta.exposure\n"),
        ("set x.asdf roman.meta.tel", "roman.meta.telescope\n"),
        (
            "get --path roman.meta.filename x.asdf roman.d",
            "roman.data\nroman.dq\nroman.dq2\nroman.dumo\nroman.dq_border_ref_pix_left\n",
        ),
        (
            "check x.asdf --require roman.meta.tel",
            "roman.meta.telescope\n",
        ),
        ("ls x.asdf --path roman.meta.tel", "roman.meta.telescope\n"),
        (
            "table x.asdf -k roman.meta.filename,roman.meta.tel",
            "roman.meta.filename,roman.meta.telescope\n",
        ),
        ("get p.asdf \\'meta[\\\"a", "meta[\"a.b\"]\n"),
        ("get p.asdf meta.a", "meta.[\"a.b\"]\n"),
        ("ls --limit expanded_n", "expanded_nodes=\n"),
        ("check --show-profile roman-l2", "roman-l2\n"),
        ("ls --sor", "--sort\n"),
        ("ls --sort s", "size\nstored\n"),
        ("val", "validate\n"),
        ("cp x.asdf : roman.meta.tel", "roman.meta.telescope\n"),
        ("convert x.asdf --compress zst", "zstd\n"),
        ("man vali", "validate\n"),
    ] {
        let Some(found) = complete(words) else { return };
        let mut found: Vec<&str> = found.lines().collect();
        found.retain(|line| wanted.contains(line) || !wanted.contains("dq2"));
        let wanted: Vec<&str> = wanted.lines().collect();
        assert!(
            wanted.iter().all(|wanted| found.contains(wanted)) && found.len() >= wanted.len(),
            "{words}: {found:?}"
        );
    }
}

/// A folder with two files, and the completions of a shell.
fn shell_folder(shell: &str, script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("x.asdf"));
    copy("test-data/paths.asdf", &folder.path().join("p.asdf"));
    let completions = asdf(&format!("completions {shell}")).run().out;
    fs::write(folder.path().join(script), completions).unwrap();
    folder
}

/// A command with the built one in its `PATH`; `None`, and said, where there is no such shell.
fn shell(name: &str, folder: &tempfile::TempDir) -> Option<Command> {
    if Command::new(name).arg("--version").output().is_err() {
        eprintln!("no completions are tried: there is no {name}");
        return None;
    }
    let own = std::path::Path::new(env!("CARGO_BIN_EXE_asdf"));
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new(name);
    command
        .current_dir(folder.path())
        .env(
            "PATH",
            format!("{}:{path}", own.parent().unwrap().display()),
        )
        .env("HOME", folder.path())
        .env("XDG_CONFIG_HOME", folder.path())
        .env("XDG_DATA_HOME", folder.path());
    Some(command)
}

#[test]
fn fish_completes_commands_options_values_and_paths() {
    let folder = shell_folder("fish", "asdf.fish");
    let mut wrong = Vec::new();
    for (line, wanted) in [
        ("asdf get x.asdf roman.meta.exp", "roman.meta.exposure"),
        ("asdf get p.asdf meta.a", "meta.[\"a.b\"]"),
        ("asdf get p.asdf cat.r", "cat.ra"),
        (
            "asdf check x.asdf --require roman.meta.tel",
            "roman.meta.telescope",
        ),
        ("asdf ls --path roman.meta.tel", ""),
        ("asdf ls --sort st", "stored"),
        ("asdf val", "validate"),
        ("asdf ls --limit expanded_n", "expanded_nodes"),
        (
            "asdf cp x.asdf:roman.meta.tel",
            "x.asdf:roman.meta.telescope",
        ),
        ("asdf convert x.asdf --compress zst", "zstd"),
        ("asdf man vali", "validate"),
    ] {
        let Some(mut fish) = shell("fish", &folder) else {
            return;
        };
        let script = format!("source asdf.fish; complete -C '{line}'");
        let done = fish.args(["--no-config", "-c", &script]).output().unwrap();
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        let first = |line: &str| line.split('\t').next().unwrap().to_owned();
        if !text.lines().map(first).any(|found| found == wanted) && !wanted.is_empty() {
            let told = String::from_utf8_lossy(&done.stderr).into_owned();
            wrong.push(format!("{line}: {text}{told}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn zsh_completes_commands_options_values_and_paths() {
    let folder = shell_folder("zsh", "_asdf");
    let lines = [
        (
            "asdf get x.asdf roman.meta.exp",
            "asdf get x.asdf roman.meta.exposure",
        ),
        (
            "asdf get p.asdf 'meta.exposure.t",
            "asdf get p.asdf 'meta.exposure.type",
        ),
        (
            "asdf get p.asdf 'meta[\"a",
            "asdf get p.asdf 'meta[\"a.b\"]",
        ),
        ("asdf get p.asdf cat.r", "asdf get p.asdf cat.ra"),
        (
            "asdf check x.asdf --require roman.meta.tel",
            "asdf check x.asdf --require roman.meta.telescope",
        ),
        ("asdf ls --sor", "asdf ls --sort="),
        (
            "asdf cp x.asdf:roman.meta.tel",
            "asdf cp x.asdf:roman.meta.telescope",
        ),
        (
            "asdf convert x.asdf --compress zst",
            "asdf convert x.asdf --compress zstd ",
        ),
        ("asdf ls x.asdf --sort si", "asdf ls x.asdf --sort size "),
        (
            "asdf table x.asdf -k roman.data,roman.meta.tel",
            "asdf table x.asdf -k roman.data,roman.meta.telescope",
        ),
        ("asdf man vali", "asdf man validate "),
        ("asdf val", "asdf validate "),
    ];
    let Some(mut zsh) = shell("zsh", &folder) else {
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/helping/zsh.zsh");
    let done = zsh
        .args(["-f", script])
        .args(lines.map(|line| line.0))
        .output()
        .unwrap();
    if done.status.code() == Some(9) {
        eprintln!("no completions are tried: this zsh has no zpty");
        return;
    }
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let found: Vec<&str> = text.lines().collect();
    assert_eq!(found, lines.map(|line| line.1), "{done:?}");
}

#[test]
fn manual_pages_are_clean() {
    let folder = tempfile::tempdir().unwrap();
    let done = run(folder.path(), &["man", "--out", "pages"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let pages = fs::read_dir(folder.path().join("pages")).unwrap();
    let pages: Vec<_> = pages.map(|entry| entry.unwrap().path()).collect();
    assert!(pages.len() > 30, "{}", pages.len());
    let Ok(done) = Command::new("mandoc").arg("-Tlint").args(&pages).output() else {
        eprintln!("the manual pages are not looked at: there is no mandoc");
        return;
    };
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert_eq!(told, "");
}
