//! Wheels that pip has kept: those that it has built, under their names, and those that it has downloaded, under names that say nothing.

use crate::usage::refused;
use asdf_core::Result;
use asdf_core::schema::SchemaPackage;
use std::env;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Folders below the cache that wheels are in, and the ending that they have there.
const KEPT: [(&str, &str); 2] = [("wheels", "whl"), ("http-v2", "body")];
/// Folders below each other; pip makes five or six.
const DEPTH: usize = 10;
/// How a zip archive begins.
const ZIP: [u8; 4] = *b"PK\x03\x04";

/// The newest wheel of a package in the cache of pip, when this is a package's name and not that of a file; else `None`.
///
/// # Errors
/// There is no such wheel.
pub(super) fn wheel(named: &Path) -> Result<Option<PathBuf>> {
    let Some(name) = named.to_str().filter(|name| is_name(name)) else {
        return Ok(None);
    };
    if named.exists() {
        return Ok(None);
    }
    let wanted = normalised(name);
    let caches = caches();
    let mut best: Option<(Vec<u64>, PathBuf)> = None;
    for (folder, ending) in KEPT {
        for cache in &caches {
            each_file(&cache.join(folder), DEPTH, &mut |path| {
                let is_wheel =
                    path.extension().is_some_and(|own| own == ending) && begins_as_zip(path);
                // What is damaged there is none that could be taken.
                let found = is_wheel.then(|| SchemaPackage::distribution(path).ok().flatten());
                let Some((name, version)) = found.flatten() else {
                    return;
                };
                let version = numbers(&version);
                let is_newer = best.as_ref().is_none_or(|best| best.0 < version);
                if normalised(&name) == wanted && is_newer {
                    best = Some((version, path.to_path_buf()));
                }
            });
        }
    }
    if let Some((_, path)) = best {
        return Ok(Some(path));
    }
    let caches: Vec<String> = caches
        .iter()
        .map(|cache| cache.display().to_string())
        .collect();
    let reason = format!(
        "there is no such file or folder, and no wheel of a package of that name in the cache of pip ({}): `pip download --no-deps {name}` fetches it",
        caches.join(", ")
    );
    Err(refused(reason).at_file(named))
}

/// True for a name that a Python package may have, and that is not the name of a file with an ending as packages have it.
fn is_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_file = [".whl", ".gz", ".yaml", ".yml", ".zip"];
    !name.is_empty()
        && name.bytes().all(is_part)
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && !is_file.iter().any(|ending| name.ends_with(ending))
}

/// The name that all spellings of a package's name have in common.
fn normalised(name: &str) -> String {
    let words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// The numbers of a version, as far as they are in order: `1.10.0` is after `1.9`.
fn numbers(version: &str) -> Vec<u64> {
    let words = version.split(['.', '+', '-']);
    words.map_while(|word| word.parse().ok()).collect()
}

/// Where pip keeps things: what is set, else the folder of the system.
fn caches() -> Vec<PathBuf> {
    let set = |name: &str| {
        let value = env::var_os(name).filter(|value| !value.is_empty());
        value.map(PathBuf::from)
    };
    if let Some(cache) = set("PIP_CACHE_DIR") {
        return vec![cache];
    }
    let home = set("HOME");
    let mut out: Vec<PathBuf> = Vec::new();
    let unix = set("XDG_CACHE_HOME").or_else(|| Some(home.as_ref()?.join(".cache")));
    out.extend(unix.map(|folder| folder.join("pip")));
    if cfg!(target_os = "macos") {
        out.extend(home.map(|home| home.join("Library/Caches/pip")));
    }
    if cfg!(windows) {
        out.extend(set("LOCALAPPDATA").map(|local| local.join("pip").join("Cache")));
    }
    out
}

fn begins_as_zip(path: &Path) -> bool {
    let mut head = [0; ZIP.len()];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head == ZIP
}

/// Looks at each file below a folder, in the order of the names. What cannot be read there is passed over, and links are not followed.
fn each_file(folder: &Path, depth: usize, look: &mut dyn FnMut(&Path)) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() && depth > 0 {
            each_file(&entry.path(), depth - 1, look);
        } else if kind.is_file() {
            look(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_versions_are_those_of_packages() {
        for name in ["rad", "roman_datamodels", "asdf-astropy", "a.b"] {
            assert!(is_name(name), "{name}");
        }
        for file in ["rad-1.2.whl", "x.yaml", "./rad", "a/b", "", "-x"] {
            assert!(!is_name(file), "{file}");
        }
        assert_eq!(normalised("Roman__Data.Models"), "roman-data-models");
        assert!(numbers("1.10.0") > numbers("1.9"));
        assert!(numbers("1.2.1") > numbers("1.2"));
    }
}
