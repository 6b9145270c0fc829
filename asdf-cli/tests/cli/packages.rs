//! `asdf schema add` and `remove`: packages in the forms in which they are published.

use crate::bench::{Done, asdf};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::Path;

const SCHEMA: &str = "%YAML 1.1\n---\n$schema: http://stsci.edu/schemas/yaml-schema/draft-01\nid: asdf://example.org/schemas/lamp-1.0.0\ntype: object\nproperties: {power: {type: number}}\n...\n";
const MANIFEST: &str = "%YAML 1.1\n---\nid: asdf://example.org/manifests/lamps-1.0.0\nextension_uri: asdf://example.org/extensions/lamps-1.0.0\ntags:\n- tag_uri: asdf://example.org/tags/lamp-1.0.0\n  schema_uri: asdf://example.org/schemas/lamp-1.0.0\n...\n";
const LAMP: &str = "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\nlamp: !<asdf://example.org/tags/lamp-1.0.0> {power: bright}\n...\n";

fn run(folder: &Path, words: &[&str]) -> Done {
    let mut asdf = asdf(words[0]);
    asdf.command.args(&words[1..]).current_dir(folder);
    asdf.command.env("ASDF_SCHEMAS", folder.join("kept"));
    asdf.run()
}

/// A file of a tar archive, as POSIX has it.
fn entry(out: &mut Vec<u8>, name: &str, kind: u8, content: &[u8]) {
    let mut header = [0_u8; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    header[148..156].fill(b' ');
    header[156] = kind;
    header[257..263].copy_from_slice(b"ustar\0");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    out.extend(header);
    out.extend(content);
    out.resize(out.len().next_multiple_of(512), 0);
}

fn sdist(path: &Path) {
    let mut archive = Vec::new();
    entry(&mut archive, "lamps-1.2.0/", b'5', b"");
    let long = format!("lamps-1.2.0/{}/lamp.yaml", "deep/".repeat(30));
    let record = format!(" path={long}\n");
    let length = record.len() + 3;
    entry(
        &mut archive,
        "header",
        b'x',
        format!("{length}{record}").as_bytes(),
    );
    entry(&mut archive, "short", b'0', SCHEMA.as_bytes());
    entry(
        &mut archive,
        "lamps-1.2.0/manifest.yaml",
        b'0',
        MANIFEST.as_bytes(),
    );
    entry(&mut archive, "lamps-1.2.0/setup.py", b'0', &[b'#'; 1000]);
    archive.resize(archive.len() + 1024, 0);
    let mut out = GzEncoder::new(fs::File::create(path).unwrap(), Compression::fast());
    out.write_all(&archive).unwrap();
    out.finish().unwrap();
}

#[test]
fn a_source_distribution_is_added_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("lamp.asdf"), LAMP).unwrap();
    sdist(&folder.path().join("lamps-1.2.0.tar.gz"));
    let before = run(folder.path(), &["validate", "lamp.asdf"]);
    assert_eq!(before.code, Some(0), "{}", before.out);
    let done = run(folder.path(), &["schema", "add", "lamps-1.2.0.tar.gz"]);
    assert!(
        done.out.starts_with("lamps 1.2.0: 2 schemas and manifests"),
        "{} {}",
        done.out,
        done.err
    );
    let after = run(folder.path(), &["validate", "lamp.asdf"]);
    assert_eq!(after.code, Some(1), "{}", after.out);
    assert!(after.out.contains("/lamp/power"), "{}", after.out);
    assert_eq!(
        run(folder.path(), &["schema", "remove", "lamps"]).code,
        Some(0)
    );
    assert_eq!(run(folder.path(), &["validate", "lamp.asdf"]).code, Some(0));
    let none = run(folder.path(), &["schema", "remove", "lamps"]);
    assert_eq!(none.code, Some(1));
    assert!(none.err.contains("none was added"), "{}", none.err);
}

#[test]
fn a_single_schema_is_added_and_a_broken_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("lamp-1.0.0.yaml"), SCHEMA).unwrap();
    let done = run(folder.path(), &["schema", "add", "lamp-1.0.0.yaml"]);
    assert!(
        done.out.starts_with("lamp-1.0.0: 1 schemas"),
        "{} {}",
        done.out,
        done.err
    );
    let broken = SCHEMA.replace("type: object", "type: [object");
    fs::write(folder.path().join("broken.yaml"), broken).unwrap();
    let done = run(folder.path(), &["schema", "add", "broken.yaml"]);
    assert_eq!(done.code, Some(2));
    assert!(
        done.err
            .contains("asdf://example.org/schemas/lamp-1.0.0 is not YAML"),
        "{}",
        done.err
    );
    fs::write(folder.path().join("cut.tar.gz"), b"\x1f\x8b\x08\0").unwrap();
    let done = run(folder.path(), &["schema", "add", "cut.tar.gz"]);
    assert_eq!(done.code, Some(2));
    assert!(
        done.err.contains("not a whole .tar.gz archive"),
        "{}",
        done.err
    );
}

/// Files of a zip archive without compression, as the format has it.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut crc = flate2::Crc::new();
        crc.update(content.as_bytes());
        let size = u32::try_from(content.len()).unwrap().to_le_bytes();
        let mut common = [20_u16, 0, 0, 0, 0].map(u16::to_le_bytes).concat();
        common.extend(crc.sum().to_le_bytes());
        common.extend(size);
        common.extend(size);
        common.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        common.extend([0, 0]);
        let at = u32::try_from(out.len()).unwrap().to_le_bytes();
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(at);
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(common);
        out.extend(name.as_bytes());
        out.extend(content.as_bytes());
    }
    let begin = u32::try_from(out.len()).unwrap().to_le_bytes();
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count, count].concat());
    out.extend([size, begin].concat());
    out.extend([0, 0]);
    out
}

/// The newest wheel that pip has kept, whatever the name of the file is.
#[test]
fn a_package_is_taken_from_the_cache_of_pip() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    for (file, name, version) in [
        ("http-v2/a/b/0123.body", "Lamp_Posts", "1.10.0"),
        ("http-v2/a/c/4567.body", "lamp_posts", "1.9.3"),
        (
            "wheels/x/lamp_posts-1.2-py3-none-any.whl",
            "lamp_posts",
            "1.2",
        ),
        ("http-v2/a/b/89ab.body", "lamps", "7.0"),
    ] {
        let path = cache.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let info = format!("{name}-{version}.dist-info/METADATA");
        fs::write(path, zip(&[("x/lamp.yaml", SCHEMA), (&info, "Name: x\n")])).unwrap();
    }
    fs::write(cache.join("http-v2/a/b/0123"), "cc=4,").unwrap();
    fs::write(cache.join("http-v2/damaged.body"), "PK\x03\x04 and no more").unwrap();
    let add = |name: &str| {
        let mut asdf = asdf("schema add");
        asdf.command.arg(name).current_dir(folder.path());
        asdf.command.env("ASDF_SCHEMAS", folder.path().join("kept"));
        asdf.command.env("PIP_CACHE_DIR", &cache);
        asdf.run()
    };
    for name in ["lamp-posts", "LAMP.POSTS"] {
        let done = add(name);
        assert!(
            done.out.starts_with("Lamp_Posts 1.10.0: 1 schemas"),
            "{done:?}"
        );
    }
    let none = add("candles");
    assert_eq!(none.code, Some(2));
    assert!(
        none.err
            .contains("no wheel of a package of that name in the cache of pip"),
        "{}",
        none.err
    );
    fs::write(folder.path().join("bad.yaml"), "a: [").unwrap();
    let bad = add("bad.yaml");
    assert_eq!(bad.code, Some(2));
    assert!(
        bad.err.starts_with("asdf: bad.yaml: ") && !bad.err.contains("no schema found"),
        "{}",
        bad.err
    );
}
