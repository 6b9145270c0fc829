//! Names that are not those of local files.

use crate::error::Result;
use crate::input::Input;
use crate::limits::Limits;
use std::fmt;
use std::path::{Path, PathBuf};

/// Opens what is not a local file, such as a URL. Given to [`OpenOptions::opener`](super::OpenOptions::opener), it is asked for each
/// name before the file system is.
pub trait Opener: fmt::Debug + Send + Sync {
    /// The bytes under that name; `None` for the name of a local file.
    fn open(&self, name: &Path, limits: &Limits) -> Option<Result<Input>>;

    /// The name as messages have it, without what is secret in it.
    fn shown(&self, name: &Path) -> PathBuf;

    /// What a relative path, which does not lead out of the folder of `name`, leads to; `None` when `name` is that of a local file.
    fn beside(&self, name: &Path, relative: &Path) -> Option<PathBuf>;
}

/// True for a name that begins as the URL of a web server or of S3, unless a local file has it.
pub fn is_url(name: &Path) -> bool {
    let text = name.to_str().unwrap_or_default();
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    let is_known = |known: &&str| scheme.eq_ignore_ascii_case(known);
    ["http", "https", "s3"].iter().any(is_known) && !name.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_from_paths() {
        for url in ["https://host/x.asdf", "HTTP://host/", "s3://b/k"] {
            assert!(is_url(Path::new(url)), "{url}");
        }
        for path in ["x.asdf", "C:\\x.asdf", "file://x", "a://b", "https:/x", "-"] {
            assert!(!is_url(Path::new(path)), "{path}");
        }
    }
}
