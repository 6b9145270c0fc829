//! The tables of `docs/status`: what is read, evaluated, written, and by which command. They are made of the registries.

use crate::bench::{asdf, workspace};
use asdf_core::block::{Codec, Compression};
use asdf_core::fits::tile_compressions;
use asdf_core::schema::SchemaLibrary;
use asdf_core::tagged::{
    Column, HistoryEntry, Quantity, SkyCoord, Software, Table, Tagged, Time, UnitName,
};
use asdf_core::transform::known_tags;
use asdf_core::tree::{Tag, Tree};
use asdf_core::wcs::{header_conventions, is_wcs};
use asdf_core::{Limits, array};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Compares a page with the registries, or writes it.
fn check(name: &str, title: &str, text: &str) {
    let page = format!(
        "# {title}\n\nMade of the registries by `UPDATE_DOCS=1 cargo test --test cli status::`: do not edit.\n\n{text}"
    );
    let path = workspace().join("docs/status").join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, page).unwrap();
        return;
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == page,
        "docs/status/{name} is not up to date: `UPDATE_DOCS=1 cargo test --test cli status::` writes it"
    );
}

/// Whether a type of Rust stands for a tag.
type Stands = fn(&Tag) -> bool;

/// The types of `asdf_core::tagged`.
const TYPES: [(&str, Stands); 8] = [
    ("UnitName", UnitName::is_tag),
    ("Quantity", <Quantity<'static>>::is_tag),
    ("Time", <Time<'static>>::is_tag),
    ("SkyCoord", <SkyCoord<'static>>::is_tag),
    ("Column", <Column<'static>>::is_tag),
    ("Table", <Table<'static>>::is_tag),
    ("HistoryEntry", HistoryEntry::is_tag),
    ("Software", Software::is_tag),
];

#[test]
fn tags() {
    let library = SchemaLibrary::new();
    let entries = library.entries();
    let tags = entries.iter().filter(|entry| entry.kind == "tag");
    let tags: Vec<&str> = tags.map(|entry| entry.uri.as_str()).collect();
    // A tag is that of a node.
    let mut text = "%YAML 1.1\n---\n".to_owned();
    for tag in &tags {
        writeln!(text, "- !<{tag}> {{}}").unwrap();
    }
    let tree = Tree::parse(text.as_bytes(), 0, &Limits::default(), &mut Vec::new()).unwrap();
    let transforms = known_tags();
    let mut lines: BTreeMap<&str, (String, Vec<String>)> = BTreeMap::new();
    for node in tree.root().as_seq().unwrap() {
        let tag = node.tag().unwrap();
        let base = tag.base();
        let found = TYPES.iter().find(|(_, stands)| stands(tag));
        let read = match found {
            Some((name, _)) => format!("`tagged::{name}`"),
            None if array::is_array(node) => "`ArrayRef`".to_owned(),
            None if transforms.iter().any(|known| known == base) => "`Transform`".to_owned(),
            None if is_wcs(node) => "`Wcs`".to_owned(),
            None if base.starts_with("tag:stsci.edu:gwcs/") && base.ends_with("_frame") => {
                "`wcs::Frame`".to_owned()
            }
            None => "a node".to_owned(),
        };
        let (major, minor, patch) = tag.version().unwrap();
        let line = lines.entry(base).or_insert((read, Vec::new()));
        line.1.push(format!("{major}.{minor}.{patch}"));
    }
    let mut text = "Every tag of the published schemas, which are built in, with the versions that are validated. All other tags are read, kept \
                    and written as nodes, and named by `asdf validate`.\n\n| tag | versions | read as |\n|---|---|---|\n"
        .to_owned();
    for (base, (read, versions)) in &lines {
        writeln!(text, "| `{base}` | {} | {read} |", versions.join(", ")).unwrap();
    }
    assert!(lines.len() > 150, "{}", lines.len());
    check("tags.md", "Tags", &text);
}

#[test]
fn transforms() {
    let tags = known_tags();
    let mut text = format!(
        "The {} transforms that are evaluated, of every version. A transform with another tag is kept and shown; evaluating it tells its tag. \
         How far each is from the Python reference: [wcs-models.md](../wcs-models.md).\n\n| tag |\n|---|\n",
        tags.len()
    );
    for tag in &tags {
        writeln!(text, "| `{tag}` |").unwrap();
    }
    check("transforms.md", "Transforms", &text);
}

#[test]
fn codecs() {
    let mut text = "Codecs of blocks, in a build with all features.\n\n| label | read | written | levels |\n|---|---|---|---|\n".to_owned();
    for codec in Codec::KNOWN {
        let compression = Compression::new(codec);
        let levels = compression.as_ref().map_or(Vec::new(), |compression| {
            let all = (0..=30).filter(|level| compression.level(*level).is_ok());
            all.collect()
        });
        let levels = match (levels.first(), levels.last()) {
            (Some(first), Some(last)) => format!("{first} to {last}"),
            _ => String::new(),
        };
        let written = if compression.is_ok() { "yes" } else { "no" };
        writeln!(text, "| `{codec}` | yes | {written} | {levels} |").unwrap();
    }
    check("codecs.md", "Codecs", &text);
}

#[test]
fn commands() {
    let help = asdf("--help").run().out;
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let list = list.take_while(|line| line.starts_with("  "));
    let mut text = "| command | what it does |\n|---|---|".to_owned();
    let mut count = 0;
    for line in list {
        match line.trim().split_once(' ') {
            Some((name, about)) if !line.starts_with("   ") => {
                count += 1;
                write!(text, " |\n| `asdf {name}` | {}", about.trim()).unwrap();
            }
            // The line before goes on.
            _ => write!(text, " {}", line.trim()).unwrap(),
        }
    }
    text = text.replacen("|---|---| |", "|---|---|", 1) + " |\n";
    assert!(count > 20, "{help}");
    check("commands.md", "Commands", &text);
}

#[test]
fn fits() {
    let [projections, spectral, others] = header_conventions();
    let mut text = "What is read of FITS files beside the standard's HDUs.\n\n## Tile compressions of images (`ZCMPTYPE`)\n\n".to_owned();
    for name in tile_compressions() {
        writeln!(text, "- `{name}`").unwrap();
    }
    for (title, head, lines) in [
        (
            "Projections",
            "| code | transform of the standard |",
            projections,
        ),
        ("Spectral quantities", "| name | unit |", spectral),
        ("Conventions of WCS", "| convention | keywords |", others),
    ] {
        write!(text, "\n## {title}\n\n{head}\n|---|---|\n").unwrap();
        for (name, about) in lines {
            writeln!(text, "| {name} | {about} |").unwrap();
        }
    }
    check("fits.md", "FITS conventions", &text);
}
