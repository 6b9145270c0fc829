//! Puts the schemas of `schemas/` into the library: a table of their URIs and texts, sorted by URI.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

fn main() -> io::Result<()> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let folder = root.join("schemas");
    println!("cargo::rerun-if-changed=schemas");
    let mut files = Vec::new();
    if env::var_os("CARGO_FEATURE_SCHEMAS").is_some() {
        collect(&folder, &mut files)?;
    }
    let mut schemas = BTreeMap::new();
    let mut manifests = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(&file)?;
        let uri = text
            .lines()
            .find_map(|line| line.strip_prefix("id:"))
            .ok_or_else(|| trouble(&file, "no line `id: URI`"))?;
        let uri = uri.trim().trim_matches(['"', '\'']).to_owned();
        let is_manifest = text.lines().any(|line| line.starts_with("extension:"));
        let table = if is_manifest {
            &mut manifests
        } else {
            &mut schemas
        };
        if table.insert(uri, file.clone()).is_some() {
            return Err(trouble(&file, "another file has the same id"));
        }
    }
    let mut code = String::new();
    for (name, table) in [("SCHEMAS", schemas), ("MANIFESTS", manifests)] {
        code.push_str(&format!("static {name}: &[(&str, &str)] = &[\n"));
        for (uri, file) in table {
            // Relative to the crate, so that a folder that was moved still builds.
            let path = file.strip_prefix(&root).map_err(io::Error::other)?;
            let path = path
                .to_str()
                .ok_or_else(|| trouble(&file, "its path is not UTF-8"))?;
            let text =
                format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/\", {path:?}))");
            code.push_str(&format!("    ({uri:?}, {text}),\n"));
        }
        code.push_str("];\n");
    }
    fs::write(PathBuf::from(variable("OUT_DIR")?).join("bundled.rs"), code)
}

/// The YAML files below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            files.push(path);
        }
    }
    Ok(())
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(io::Error::other)
}

fn trouble(file: &Path, what: &str) -> io::Error {
    io::Error::other(format!("{}: {what}", file.display()))
}
