//! Inputs on which a fuzz target once stopped: `fuzz/regressions/TARGET/NAME`.
#![expect(clippy::type_complexity, reason = "a table")]

#[path = "../../fuzz/cases.rs"]
mod cases;
#[path = "support/folders.rs"]
#[expect(dead_code, reason = "only some of it is needed here")]
mod folders;

#[test]
fn inputs_that_stopped_a_fuzz_target_no_longer_do() {
    let targets: [(&str, fn(&[u8])); 19] = [
        ("header", cases::header),
        ("tree", cases::tree),
        ("codec", cases::codec),
        ("file", cases::file),
        ("salvage", cases::salvage),
        ("schema", cases::schema),
        ("transform", cases::transform),
        ("fits", cases::fits),
        ("fits_tile", cases::fits_tile),
        ("fits_tree", cases::fits_tree),
        ("direct", cases::direct),
        ("edit", cases::edit),
        ("fits_round", cases::fits_round),
        ("fits_wcs", cases::fits_wcs),
        ("journal", cases::journal),
        ("paths", cases::paths),
        ("reopen", cases::reopen),
        ("table", cases::table),
        ("update", cases::update),
    ];
    let mut count = 0;
    for (target, run) in targets {
        for path in folders::files(
            &folders::workspace().join("fuzz/regressions").join(target),
            "",
        ) {
            println!("{}", path.display());
            run(&std::fs::read(&path).unwrap());
            count += 1;
        }
    }
    println!("{count} inputs");
}

/// Texts made of the words of paths, in any order: most are no paths, many name something.
#[test]
fn words_of_paths_in_any_order() {
    const WORDS: [&str; 30] = [
        "data",
        "list",
        "cube",
        "cat",
        "3",
        ".",
        "/",
        "[",
        "]",
        "*",
        "**",
        "0",
        "1",
        "[-1]",
        ":",
        "[...]",
        "None",
        ",",
        "[\"a/b\"]",
        "['x[0]']",
        "~",
        "x",
        "me",
        "again",
        "xy",
        "id",
        "[*]",
        "[0:1]",
        "[::-1]",
        "[..., None, 0]",
    ];
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..30_000 {
        let mut text = String::new();
        for _ in 0..=next(7) {
            text.push_str(WORDS[next(WORDS.len())]);
            if next(3) == 0 {
                text.push('.');
            }
        }
        cases::paths(text.trim_end_matches('.').as_bytes());
    }
}
