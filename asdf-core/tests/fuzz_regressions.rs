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
