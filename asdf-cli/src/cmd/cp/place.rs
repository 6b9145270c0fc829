//! `FILE:PATH`: a node of a file.

use crate::usage::refused;
use asdf_core::Result;
use asdf_core::inspect::PathPattern;
use std::path::{Path, PathBuf};

/// A file, and a node of it when one is named.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FilePlace {
    pub(super) file: PathBuf,
    /// `None` for `FILE:`.
    pub(super) path: Option<PathPattern>,
}

impl FilePlace {
    /// Splits at the last `:` outside of quotes and brackets that is followed by a path; at an earlier one when only what is
    /// before that is the name of a file. A `:` after a single letter, or before `//`, belongs to the name of the file.
    ///
    /// # Errors
    /// There is no such `:`.
    pub(super) fn parse(word: &Path) -> Result<Self> {
        Self::parse_with(word, |name| Path::new(name).exists())
    }

    fn parse_with(word: &Path, exists: impl Fn(&str) -> bool) -> Result<Self> {
        let Some(text) = word.to_str() else {
            return Err(refused("a place FILE:PATH is not UTF-8"));
        };
        let splits = splits(text);
        let best = splits.iter().find(|(file, _)| exists(file));
        let Some((file, path)) = best.or(splits.first()) else {
            let reason =
                format!("`{text}` is not a place: FILE:PATH, with a path after the last colon");
            return Err(refused(reason));
        };
        let path = (!path.is_empty()).then(|| path.parse()).transpose()?;
        let file = PathBuf::from(file);
        Ok(Self { file, path })
    }
}

/// Where it may be split, the last place first.
fn splits(text: &str) -> Vec<(&str, &str)> {
    let mut out = Vec::new();
    let (mut depth, mut quote) = (0_usize, None);
    for (at, char) in text.char_indices().rev() {
        match (quote, char) {
            (Some(open), close) if open == close => quote = None,
            (None, ']') => depth += 1,
            (None, '[') => depth = depth.saturating_sub(1),
            // Quotes stand in brackets only; elsewhere they are characters like others.
            (None, '"' | '\'') if depth > 0 => quote = Some(char),
            (None, ':') if depth == 0 => {
                let (file, path) = text.split_at(at);
                let path = path.strip_prefix(':').unwrap_or_default();
                let is_drive = file.len() == 1 && path.starts_with(['\\', '/']);
                let is_scheme = path.starts_with("//");
                if !file.is_empty()
                    && !is_drive
                    && !is_scheme
                    && path.parse::<PathPattern>().is_ok()
                {
                    out.push((file, path));
                }
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, files: &[&str]) -> Option<(String, Option<String>)> {
        let place = FilePlace::parse_with(Path::new(text), |name| files.contains(&name)).ok()?;
        let path = place.path.and_then(|path| path.as_path());
        let path = path.map(|path| path.to_string());
        Some((place.file.to_string_lossy().into_owned(), path))
    }

    #[test]
    fn the_last_colon_with_a_path_behind_it_ends_the_name() {
        for (text, file, path) in [
            ("x.asdf:meta.wcs", "x.asdf", Some("/meta/wcs")),
            ("s3://b/k:meta.wcs", "s3://b/k", Some("/meta/wcs")),
            (
                "https://h:8080/x.asdf:a",
                "https://h:8080/x.asdf",
                Some("/a"),
            ),
            (r"C:\x.asdf:a", r"C:\x.asdf", Some("/a")),
            ("x.fits:fits/0/header", "x.fits", Some("/fits/0/header")),
            ("x.asdf:/", "x.asdf", Some("")),
            ("x.asdf:", "x.asdf", None),
            ("x.asdf:a[\"b:c\"].d", "x.asdf", Some("/a/b:c/d")),
            ("a:b.asdf:c", "a:b.asdf", Some("/c")),
        ] {
            let wanted = Some((file.to_owned(), path.map(str::to_owned)));
            assert_eq!(split(text, &[]), wanted, "{text}");
        }
    }

    #[test]
    fn a_colon_in_a_key_does_not_end_the_name_of_a_file_that_is_there() {
        let wanted = Some(("x.asdf".to_owned(), Some("/roman/a:b".to_owned())));
        assert_eq!(split("x.asdf:/roman/a:b", &["x.asdf"]), wanted);
    }

    #[test]
    fn a_name_alone_is_no_place() {
        for text in ["x.asdf", r"C:\x.asdf", "s3://b/k", ":a"] {
            assert_eq!(split(text, &[]), None, "{text}");
        }
    }
}
