//! How a file on disk is told from one that took its place.

use std::path::Path;
use std::time::SystemTime;

/// Size, time of the last change and number of the file under a name; none of them when there is no such file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp {
    length: Option<u64>,
    modified: Option<SystemTime>,
    number: Option<u64>,
}

impl Stamp {
    /// Of what stands under a name now.
    pub fn of(path: &Path) -> Self {
        let Ok(found) = path.metadata() else {
            return Self::default();
        };
        #[cfg(unix)]
        let number = Some(std::os::unix::fs::MetadataExt::ino(&found));
        #[cfg(not(unix))]
        let number = None;
        Self {
            length: Some(found.len()),
            modified: found.modified().ok(),
            number,
        }
    }
}
