//! Named sets of paths that differ from run to run, and are left out of comparisons.

use asdf_core::inspect::PathPattern;
use clap::ValueEnum;

/// A set of paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum IgnoreSet {
    /// When files were made and processed, and the cards `DATE`, `CAL_DATE` and the like
    Dates,
    /// Versions of programs, of reference data and of schemas, the list of extensions, and their cards
    Versions,
    /// Names and numbers of the file itself, and checksums of HDUs
    Identifiers,
    /// All of these
    Run,
}

const DATES: &[&str] = &[
    "**/file_date",
    "**/date",
    "**/*_date",
    "/history/**/time",
    "**/header/DATE",
    "**/header/DATE-FIL",
    "**/header/*_DATE",
];
const VERSIONS: &[&str] = &[
    "/asdf_library",
    "/history/extensions",
    "/history/**/software",
    "**/*_version",
    "**/software_version",
    "**/*_software_name",
    "**/crds/context",
    "**/header/*_VER",
    "**/header/*_VERS",
    "**/header/CRDS_CTX",
    "**/header/CREATOR",
];
const IDENTIFIERS: &[&str] = &[
    "**/filename",
    "**/file_id",
    "**/uuid",
    "**/guid",
    "**/header/FILENAME",
    "**/header/CHECKSUM",
    "**/header/DATASUM",
];

impl IgnoreSet {
    /// The patterns of its paths.
    ///
    /// # Errors
    /// None that a test would not find: all patterns are written here.
    pub(super) fn patterns(self) -> asdf_core::Result<Vec<PathPattern>> {
        let lists: &[&[&str]] = match self {
            Self::Dates => &[DATES],
            Self::Versions => &[VERSIONS],
            Self::Identifiers => &[IDENTIFIERS],
            Self::Run => &[DATES, VERSIONS, IDENTIFIERS],
        };
        let patterns = lists.iter().flat_map(|list| list.iter());
        patterns.map(|pattern| pattern.parse()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use asdf_core::TreePath;

    fn is_ignored(set: IgnoreSet, path: &str) -> bool {
        let path = TreePath::parse(path).unwrap();
        let patterns = set.patterns().unwrap();
        patterns.iter().any(|pattern| pattern.matches(&path))
    }

    #[test]
    fn what_differs_from_run_to_run_is_in_a_set() {
        for (path, set) in [
            ("/roman/meta/file_date", IgnoreSet::Dates),
            ("/meta/date", IgnoreSet::Dates),
            ("/history/entries/0/time", IgnoreSet::Dates),
            ("/fits/0/header/DATE", IgnoreSet::Dates),
            ("/asdf_library", IgnoreSet::Versions),
            (
                "/roman/meta/calibration_software_version",
                IgnoreSet::Versions,
            ),
            ("/roman/meta/filename", IgnoreSet::Identifiers),
            ("/fits/1/header/DATASUM", IgnoreSet::Identifiers),
        ] {
            assert!(
                is_ignored(set, path) && is_ignored(IgnoreSet::Run, path),
                "{path}"
            );
        }
        for path in [
            "/roman/meta/exposure/start_time",
            "/fits/0/header/DATE-OBS",
            "/roman/data",
            "/meta/observation/date_beg",
        ] {
            assert!(!is_ignored(IgnoreSet::Run, path), "{path}");
        }
    }
}
