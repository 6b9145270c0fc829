//! Other files that a file's arrays and references name, opened once and kept.
//!
//! A URI is followed only when it is a relative path of a local, regular file; by default the file
//! must lie in the folder of the file that names it, or below (symbolic links resolved).

use super::AsdfFile;
use super::open::External;
use super::open::OpenOptions;
use crate::error::LimitExceeded;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Unsupported;
use crate::error::{Error, ErrorKind};
use crate::limits::Limit;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

/// The siblings opened so far, by canonical path.
pub(super) struct Siblings {
    options: OpenOptions,
    /// Files that are not there yet, by the URI that names them.
    promised: HashMap<Box<str>, AsdfFile>,
    files: elsa::sync::FrozenMap<PathBuf, Box<AsdfFile>>,
}

impl std::fmt::Debug for Siblings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Siblings")
            .field("count", &self.files.len())
            .finish_non_exhaustive()
    }
}

impl Siblings {
    pub(super) fn new(options: OpenOptions) -> Self {
        Self {
            options,
            promised: HashMap::new(),
            files: elsa::sync::FrozenMap::new(),
        }
    }
}

/// Where other files are looked for on behalf of one, and how they are opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// The file that names them.
    pub(super) path: Option<&'a Path>,
    pub(super) external: External,
    pub(super) options: &'a OpenOptions,
}

/// The same, kept for later.
#[cfg(feature = "fits")]
#[derive(Debug, Clone)]
pub(super) struct Surroundings {
    path: Option<PathBuf>,
    external: External,
    options: OpenOptions,
}

#[cfg(feature = "fits")]
impl Surroundings {
    pub(super) fn around(&self) -> Around<'_> {
        Around {
            path: self.path.as_deref(),
            external: self.external,
            options: &self.options,
        }
    }
}

/// A file that a URI leads to.
pub(super) struct Wanted {
    /// As the URI names it.
    named: PathBuf,
    /// Links resolved.
    found: PathBuf,
    /// Whether it is not a local file.
    is_elsewhere: bool,
}

impl AsdfFile {
    /// The other files that were opened on behalf of this one so far.
    pub(crate) fn opened(&self) -> impl Iterator<Item = &AsdfFile> {
        let paths = self.siblings.files.keys_cloned();
        paths
            .into_iter()
            .filter_map(|path| self.siblings.files.get(&path))
    }

    /// Takes a file that is not there yet for the one that a URI names.
    pub(super) fn promise(&mut self, uri: &str, file: Self) {
        self.siblings.promised.insert(uri.into(), file);
    }

    /// How this file was opened, and its siblings are.
    pub(super) fn options(&self) -> OpenOptions {
        self.siblings.options.clone()
    }

    /// Where other files are looked for on behalf of this one.
    pub(super) fn surroundings(&self) -> Around<'_> {
        Around {
            path: self.path.as_deref(),
            external: self.external,
            options: &self.siblings.options,
        }
    }

    /// The file that the path part of a URI names: this one when it is empty, else a sibling.
    pub(super) fn sibling(&self, uri: &str) -> Result<&AsdfFile> {
        if let Some(promised) = self.siblings.promised.get(uri) {
            return Ok(promised);
        }
        let Some(wanted) = self.surroundings().look_for(uri)? else {
            return Ok(self);
        };
        if let Some(known) = self.siblings.files.get(&wanted.found) {
            return Ok(known);
        }
        let allowed = self.limits().siblings;
        let needed = (self.siblings.files.len() as u64).saturating_add(1);
        if needed > allowed {
            let what = "number of other files opened";
            return Err(LimitExceeded::new(what, Limit::Siblings, needed, allowed).into());
        }
        let file = self.surroundings().open_checked(uri, &wanted)?;
        Ok(self.siblings.files.insert(wanted.found, Box::new(file)))
    }

    /// The file that the path part of a URI names, links resolved; `None` when it is this one.
    pub(super) fn find_sibling(&self, uri: &str) -> Result<Option<PathBuf>> {
        Ok(self
            .surroundings()
            .look_for(uri)?
            .map(|wanted| wanted.found))
    }

    /// The same, opened for its caller alone and with its name.
    pub(super) fn open_apart(&self, uri: &str) -> Result<Option<(PathBuf, Self)>> {
        let Some(wanted) = self.surroundings().look_for(uri)? else {
            return Ok(None);
        };
        let file = self.surroundings().open_checked(uri, &wanted)?;
        Ok(Some((wanted.found, file)))
    }
}

impl Around<'_> {
    /// The same, kept for later.
    #[cfg(feature = "fits")]
    pub(super) fn kept(self) -> Surroundings {
        Surroundings {
            path: self.path.map(Path::to_path_buf),
            external: self.external,
            options: self.options.clone(),
        }
    }

    /// Opens the file that a URI names, which is not the one that names it.
    #[cfg(feature = "fits")]
    pub(super) fn open(self, uri: &str) -> Result<AsdfFile> {
        match self.look_for(uri)? {
            Some(wanted) => self.open_checked(uri, &wanted),
            None => Err(refused(uri, "it is the file that names it")),
        }
    }

    /// Opens what was looked for, unless a link was changed between the check and the opening.
    fn open_checked(self, uri: &str, wanted: &Wanted) -> Result<AsdfFile> {
        let file = self.options.open(&wanted.named);
        if wanted.is_elsewhere {
            return file.map_err(|error| match error.kind() {
                ErrorKind::Io(fact) => cannot_open(uri, fact),
                _ => error,
            });
        }
        let file = file?;
        let again = wanted
            .named
            .canonicalize()
            .map_err(|error| cannot_open(uri, &error))?;
        if again != wanted.found || !is_same(&file, &wanted.found) {
            return Err(refused(uri, "it was replaced while it was opened"));
        }
        Ok(file)
    }

    /// Where a URI leads: a regular file that may be opened; `None` for this file itself.
    pub(super) fn look_for(self, uri: &str) -> Result<Option<Wanted>> {
        if uri.is_empty() {
            return Ok(None);
        }
        let relative = relative_path(uri)?;
        let own = self
            .path
            .ok_or_else(|| refused(uri, "this file has no folder of its own"))?;
        if self.external == External::OwnFolder && leads_out(&relative) {
            return Err(refused(uri, "it leads out of the file's folder"));
        }
        if let Some(found) = self.look_elsewhere(uri, own, &relative)? {
            return Ok((found != own).then_some(Wanted {
                named: found.clone(),
                found,
                is_elsewhere: true,
            }));
        }
        let wanted = own.parent().unwrap_or(Path::new("")).join(&relative);
        let found = wanted
            .canonicalize()
            .map_err(|error| cannot_open(uri, &error))?;
        if own.canonicalize().is_ok_and(|own| own == found) {
            return Ok(None);
        }
        self.check_folder(uri, own, &found)?;
        if !found.metadata()?.is_file() {
            return Err(refused(uri, "not a regular file"));
        }
        Ok(Some(Wanted {
            named: wanted,
            found,
            is_elsewhere: false,
        }))
    }

    /// What lies beside a file that is not a local one, always in its folder; `None` for a local file.
    fn look_elsewhere(self, uri: &str, own: &Path, relative: &Path) -> Result<Option<PathBuf>> {
        let Some(found) = self.options.beside(own, relative) else {
            return Ok(None);
        };
        if self.external == External::Refuse {
            return Err(refused(uri, "other files are not to be opened"));
        }
        if leads_out(relative) {
            return Err(refused(uri, "it leads out of the file's folder"));
        }
        Ok(Some(found))
    }

    fn check_folder(self, uri: &str, own: &Path, found: &Path) -> Result<()> {
        match self.external {
            External::Anywhere => Ok(()),
            External::Refuse => Err(refused(uri, "other files are not to be opened")),
            External::OwnFolder => {
                let folder = own.canonicalize()?;
                let folder = folder.parent().unwrap_or(Path::new("/"));
                if found.starts_with(folder) {
                    Ok(())
                } else {
                    Err(refused(uri, "it leads out of the file's folder"))
                }
            }
        }
    }
}

/// True when a file that was opened is the one that has that name, as far as the system tells.
fn is_same(file: &AsdfFile, path: &Path) -> bool {
    #[cfg(unix)]
    if let Some(opened) = file.whole_input().file() {
        use std::os::unix::fs::MetadataExt;
        let place = |found: std::fs::Metadata| (found.dev(), found.ino());
        return match (opened.metadata(), path.symlink_metadata()) {
            (Ok(opened), Ok(named)) => place(opened) == place(named),
            _ => false,
        };
    }
    let _ = (file, path);
    true
}

/// The system's error with the URI, so that the place can name the file that holds it.
fn cannot_open(uri: &str, error: &std::io::Error) -> Error {
    let text = format!("cannot open `{}`: {error}", uri.escape_debug());
    std::io::Error::new(error.kind(), text).into()
}

fn refused(uri: &str, reason: &'static str) -> Error {
    Unsupported::External {
        uri: uri.escape_debug().to_string().into(),
        reason,
    }
    .into()
}

/// The path part of a URI as a relative path; anything else is refused.
pub(super) fn relative_path(uri: &str) -> Result<PathBuf> {
    let head = uri.split(['/', '?']).next().unwrap_or_default();
    if head.contains(':') {
        return Err(refused(uri, "only relative paths are followed, no URLs"));
    }
    if uri.starts_with(['/', '\\']) {
        return Err(refused(uri, "only relative paths are followed"));
    }
    let decoded = percent_decode(uri).ok_or_else(|| Malformed::Uri {
        uri: uri.into(),
        reason: "bad percent encoding",
    })?;
    if decoded.contains(['\0', '\\']) {
        return Err(refused(uri, "NUL and backslash are not allowed in a path"));
    }
    if decoded.starts_with('/') {
        return Err(refused(uri, "only relative paths are followed"));
    }
    Ok(PathBuf::from(decoded))
}

/// True when `..` climbs above where the path starts.
fn leads_out(path: &Path) -> bool {
    let mut depth = 0_i64;
    path.components().any(|part| {
        depth += match part {
            Component::ParentDir => -1,
            Component::Normal(_) => 1,
            _ => 0,
        };
        depth < 0
    })
}

/// A file name as a relative URI.
pub(super) fn percent_encode(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/+@,=()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Decodes `%41`; `None` when an escape is broken or the result is not UTF-8.
pub(super) fn percent_decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let high = char::from(bytes.next()?).to_digit(16)?;
        let low = char::from(bytes.next()?).to_digit(16)?;
        out.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_and_absolute_paths_are_refused() {
        for uri in [
            "http://x/y.asdf",
            "file:///etc/passwd",
            "//host/x",
            "/etc/passwd",
            "C:\\x.asdf",
            "data:x",
            "%2Fetc/x",
        ] {
            assert!(relative_path(uri).is_err(), "{uri}");
        }
    }

    #[test]
    fn a_percent_encoded_path_is_decoded() {
        assert_eq!(
            relative_path("sub%20dir/a.asdf").unwrap(),
            PathBuf::from("sub dir/a.asdf")
        );
        assert!(relative_path("a%zz").is_err());
    }
}
