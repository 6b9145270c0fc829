//! What users of the library rely on.

#[path = "api/examples.rs"]
mod examples;

use asdf_core::error::ErrorKind;
use asdf_core::tree::Tree;
use asdf_core::{AsdfFile, Error, Node};
use std::path::Path;
use std::path::PathBuf;

fn made(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test-data/made")
        .join(name)
}

fn crosses_threads<T: Send + Sync>() {}
fn outlives_everything<T: 'static>() {}

#[test]
fn files_trees_and_errors_cross_threads() {
    crosses_threads::<AsdfFile>();
    crosses_threads::<asdf_core::fits::FitsFile>();
    crosses_threads::<asdf_core::fits::FitsImage<'_>>();
    crosses_threads::<asdf_core::fits::FitsTable<'_>>();
    crosses_threads::<Tree>();
    crosses_threads::<Node<'_>>();
    crosses_threads::<Error>();
    outlives_everything::<Error>();
}

#[test]
fn the_example_of_the_front_page_works() -> Result<(), Error> {
    let file = AsdfFile::open(made("roman_exposure.asdf"))?;
    let exposure: f64 = file
        .tree()
        .node("roman/meta/exposure/exposure_time")?
        .read()?;
    let data = file.array("roman/data")?.load()?;
    let peak = data.view::<f32>()?.iter().fold(f32::MIN, f32::max);
    assert!(exposure > 0.0, "{exposure}");
    assert!(peak.is_finite(), "{peak}");
    Ok(())
}

#[test]
fn finding_loading_and_viewing_fail_one_by_one_and_say_where() {
    let file = AsdfFile::open(made("roman_exposure.asdf")).unwrap();
    let missing = file.array("roman/nothing").unwrap_err();
    assert!(
        matches!(missing.kind(), ErrorKind::Mismatch(_)),
        "{missing:?}"
    );
    assert!(
        missing.to_string().contains("roman_exposure.asdf"),
        "{missing}"
    );
    let data = file.array("roman/data").unwrap().load().unwrap();
    let wrong = data.view::<i16>().unwrap_err();
    assert!(wrong.to_string().contains("float32"), "{wrong}");
    assert!(wrong.to_string().contains("int16"), "{wrong}");
}

/// The documentation of a public item: the lines above its first line of code, attributes left out.
fn documentation<'s>(source: &'s str, item: &str) -> Vec<&'s str> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let Some(at) = lines.iter().position(|line| line.starts_with(item)) else {
        return Vec::new();
    };
    let above = lines[..at].iter().rev();
    above
        .take_while(|line| !line.is_empty() && !line.ends_with('}') && !line.ends_with('{'))
        .filter(|line| line.starts_with("///"))
        .copied()
        .collect()
}

#[test]
fn every_entry_point_has_an_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = std::fs::read_to_string(root.join("tests/entry_points.txt")).unwrap();
    let mut missing = Vec::new();
    let mut count = 0;
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        count += 1;
        let (file, item) = line.split_once(": ").unwrap();
        let source = std::fs::read_to_string(root.join("src").join(file)).unwrap();
        // A module's guide is at the head of its file.
        let shown = match item {
            "guide" => source.lines().any(|line| line.starts_with("//! ```")),
            item => documentation(&source, item).contains(&"/// ```"),
        };
        if !shown {
            missing.push(line);
        }
    }
    assert!(count >= 60, "{count} entry points");
    assert!(missing.is_empty(), "no example: {missing:#?}");
}
