//! Where the test files are: `test-data/` always, the shared corpus when it is there.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// The end of a sidecar's name.
pub(crate) const SUFFIX: &str = ".expected.json";

/// The folder that holds `asdf-core`.
pub(crate) fn workspace() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.canonicalize().unwrap_or(root)
}

/// A folder of `test-data`.
pub(crate) fn test_data(folder: &str) -> PathBuf {
    workspace().join("test-data").join(folder)
}

/// `$ASDF_CORPUS`, or `../shared/corpus` beside the workspace; says so when there is neither.
pub(crate) fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("ASDF_CORPUS").map(PathBuf::from);
    let beside = workspace().join("../shared/corpus");
    let found = [named, Some(beside)]
        .into_iter()
        .flatten()
        .find(|path| path.is_dir());
    if found.is_none() {
        eprintln!("the shared corpus is not there (set ASDF_CORPUS): only test-data is read");
    }
    found
}

/// The files with that ending below a folder, sorted by name.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

/// The `.asdf` file that a sidecar describes.
pub(crate) fn described(sidecar: &Path) -> PathBuf {
    PathBuf::from(sidecar.to_string_lossy().trim_end_matches(SUFFIX))
}
