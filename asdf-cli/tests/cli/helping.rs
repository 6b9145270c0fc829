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
        let done = asdf(&format!("complete-paths {ROMAN} {begun}")).run();
        let paths = done
            .out
            .lines()
            .map(|line| line.split('\t').next().unwrap());
        assert_eq!(paths.collect::<Vec<_>>(), wanted, "{begun}");
    }
}

/// As bash asks for it: the words, and which of them is being typed.
#[test]
fn bash_completes_commands_options_values_and_paths() {
    let folder = tempfile::tempdir().unwrap();
    copy(ROMAN, &folder.path().join("x.asdf"));
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
            // A machine without bash.
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
        ("ls --sor", "--sort\n"),
        ("ls --sort s", "size\nstored\n"),
        ("val", "validate\n"),
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
