//! Schemas of other packages: a folder, a Python wheel or source distribution as it is published, a single document, or what was kept
//! of any.

use super::document;
use super::document::FILE_BYTES;
use super::document::PACKAGE_BYTES;
use super::manifest::Manifest;
use super::package_cache;
use super::package_cache::KeptTexts;
use super::sdist;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::fs::File;
use std::io::Read;
use std::io::Seek;
use std::io::Write;
use std::path::Path;
use zip::ZipArchive;
use zip::result::ZipError;

/// Folders within folders.
const DEPTH: usize = 32;

/// The documents of a package by their URIs: schemas and extension manifests.
#[derive(Debug)]
pub struct SchemaPackage {
    name: String,
    version: Option<String>,
    texts: Texts,
    manifests: Vec<Manifest>,
}

#[derive(Debug)]
enum Texts {
    Held(BTreeMap<Box<str>, String>),
    Kept(KeptTexts),
}

impl SchemaPackage {
    /// Reads every `.yaml` file with an `id` on the top level from a folder, a wheel or a source distribution (`.tar.gz`), or a
    /// single one. What
    /// [`write`](Self::write) wrote is opened, and its texts are read when they are asked for.
    ///
    /// # Errors
    /// The folder or file cannot be read, holds no schema, or exceeds what a package may hold.
    pub fn read(path: &Path) -> Result<Self> {
        let package = if path.is_dir() {
            let mut reader = Reader::default();
            reader.read_folder(path, 0)?;
            let name = path.canonicalize().ok();
            let name = name
                .as_deref()
                .and_then(Path::file_name)
                .unwrap_or(path.as_os_str());
            reader.finish(&name.to_string_lossy(), None)
        } else {
            Self::read_file(path)
        };
        package.map_err(|error| error.in_file(path))
    }

    /// Schemas and manifests from their texts in YAML, each with an `id` on the top level.
    ///
    /// # Errors
    /// None of them is a schema, a manifest is not YAML, or they exceed what a package may hold.
    pub fn from_texts<'t>(name: &str, texts: impl IntoIterator<Item = &'t str>) -> Result<Self> {
        let mut reader = Reader::default();
        for text in texts {
            reader.take(text.to_owned())?;
        }
        reader.finish(name, None)
    }

    fn read_file(path: &Path) -> Result<Self> {
        let mut file = File::open(path)?;
        if let Some((header, texts)) = package_cache::open(&mut file)? {
            return Ok(Self {
                name: header.name,
                version: header.version,
                manifests: header.manifests.iter().filter_map(Manifest::read).collect(),
                texts: Texts::Kept(texts),
            });
        }
        let mut reader = Reader::default();
        let stem = path
            .file_stem()
            .map(OsStr::to_string_lossy)
            .unwrap_or_default();
        if is_yaml(path) {
            let text = read_text(file)?;
            if !text.lines().any(|line| top_level_id(line).is_some()) {
                // It may be that it is not YAML, which says more than that there is no schema.
                document::parse(&text)?;
            }
            reader.take(text)?;
            return reader.finish(&stem, None);
        }
        let mut magic = [0; 2];
        let is_gzip = file.read_exact(&mut magic).is_ok() && magic == [0x1f, 0x8b];
        file.rewind()?;
        if is_gzip {
            reader.read_sdist(file)?;
            // `rad-1.2.1.tar.gz`
            let whole = stem.strip_suffix(".tar").unwrap_or(&stem);
            return match whole.rsplit_once('-') {
                Some((name, version)) => reader.finish(name, Some(version)),
                None => reader.finish(whole, None),
            };
        }
        let distribution = reader.read_wheel(file)?;
        if let Some((name, version)) = distribution {
            return reader.finish(&name, Some(&version));
        }
        // `rad-1.2.1-py3-none-any.whl`
        let mut parts = stem.split('-');
        let name = parts.next().unwrap_or_default();
        let version = parts
            .next()
            .filter(|_| path.extension().is_some_and(|end| end == "whl"));
        match version {
            Some(version) => reader.finish(name, Some(version)),
            None => reader.finish(&stem, None),
        }
    }

    /// The name and the version of the distribution that a wheel is, by what it says of itself, whatever the name of the file;
    /// `None` of a zip archive that is not a wheel.
    ///
    /// # Errors
    /// The file cannot be read, or is not a zip archive.
    pub fn distribution(path: &Path) -> Result<Option<(String, String)>> {
        let read = || distribution(&ZipArchive::new(File::open(path)?).map_err(not_zip)?);
        read().map_err(|error: Error| error.in_file(path))
    }

    /// The name of the distribution for a wheel, else that of the folder or file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Name and, when it is known, version: `rad 1.2.1`.
    pub fn label(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.name),
            None => self.name.clone(),
        }
    }

    /// The document under a URI.
    pub(super) fn text(&self, uri: &str) -> Result<Option<String>> {
        match &self.texts {
            Texts::Held(texts) => Ok(texts.get(uri).cloned()),
            Texts::Kept(texts) => texts.get(uri),
        }
    }

    /// True when the package has the document.
    pub(super) fn has(&self, uri: &str) -> bool {
        match &self.texts {
            Texts::Held(texts) => texts.contains_key(uri),
            Texts::Kept(texts) => texts.has(uri),
        }
    }

    /// The URIs of all documents, sorted.
    pub fn uris(&self) -> Vec<&str> {
        match &self.texts {
            Texts::Held(texts) => texts.keys().map(|uri| &**uri).collect(),
            Texts::Kept(texts) => texts.uris().collect(),
        }
    }

    /// The documents that are not YAML, each by its URI with what is wrong.
    ///
    /// # Errors
    /// A text cannot be read.
    pub fn broken(&self) -> Result<Vec<(&str, Error)>> {
        let mut out = Vec::new();
        for uri in self.uris() {
            let text = self.text(uri)?.unwrap_or_default();
            out.extend(document::parse(&text).err().map(|error| (uri, error)));
        }
        Ok(out)
    }

    /// Writes the package so that it is opened again at once.
    ///
    /// # Errors
    /// A text cannot be read; the sink fails.
    pub fn write(&self, sink: impl Write) -> Result<()> {
        let mut texts = BTreeMap::new();
        for uri in self.uris() {
            texts.insert(uri, self.text(uri)?.unwrap_or_default());
        }
        let manifests = self.manifests.iter().map(Manifest::to_json).collect();
        package_cache::write(sink, &self.name, self.version.as_deref(), manifests, &texts)
    }

    pub(super) fn take_manifests(&mut self) -> Vec<Manifest> {
        std::mem::take(&mut self.manifests)
    }
}

/// Collects the documents of a folder or wheel.
#[derive(Default)]
struct Reader {
    texts: BTreeMap<Box<str>, String>,
    manifests: Vec<Manifest>,
    bytes: u64,
}

impl Reader {
    fn read_folder(&mut self, folder: &Path, depth: usize) -> Result<()> {
        let failed = |error: std::io::Error| Error::from(error).in_file(folder);
        let mut entries: Vec<_> = fs::read_dir(folder)
            .map_err(failed)?
            .collect::<std::io::Result<_>>()
            .map_err(failed)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() && depth < DEPTH {
                self.read_folder(&path, depth + 1)?;
            } else if is_yaml(&path) && path.is_file() {
                let located = |error: Error| error.in_file(&path);
                let file = File::open(&path).map_err(|error| located(error.into()))?;
                let text = read_text(file).map_err(located)?;
                self.take(text).map_err(located)?;
            }
        }
        Ok(())
    }

    /// Reads a wheel; gives the name and the version that it has.
    fn read_wheel(&mut self, file: File) -> Result<Option<(String, String)>> {
        let mut wheel = ZipArchive::new(file).map_err(not_zip)?;
        for number in 0..wheel.len() {
            let file = wheel.by_index(number).map_err(not_zip)?;
            let name = file.name().map_err(not_zip)?.into_owned();
            if is_yaml(Path::new(&name)) {
                let text = read_text(file)?;
                self.take(text)?;
            }
        }
        distribution(&wheel)
    }

    fn read_sdist(&mut self, file: File) -> Result<()> {
        sdist::each_file(file, &mut |name, content| {
            if is_yaml(Path::new(name)) {
                let text = read_text(content)?;
                self.take(text)?;
            }
            Ok(())
        })
    }

    fn take(&mut self, text: String) -> Result<()> {
        self.bytes = self.bytes.saturating_add(text.len() as u64);
        if self.bytes > PACKAGE_BYTES {
            return Err(Malformed::SchemaSize {
                allowed: PACKAGE_BYTES,
            }
            .into());
        }
        let Some(uri) = text.lines().find_map(top_level_id) else {
            return Ok(());
        };
        if text.lines().any(|line| line.starts_with("extension_uri:")) {
            let tree = document::parse(&text)?;
            self.manifests
                .extend(Manifest::read(&document::json(tree.root())));
        }
        let uri: Box<str> = uri.trim_end_matches('#').into();
        self.texts.insert(uri, text);
        Ok(())
    }

    fn finish(mut self, name: &str, version: Option<&str>) -> Result<SchemaPackage> {
        if self.texts.is_empty() {
            return Err(Malformed::NoSchemas.into());
        }
        // The newest manifest comes first, as in the reference.
        self.manifests.sort_by(|a, b| b.uri.cmp(&a.uri));
        Ok(SchemaPackage {
            name: name.to_owned(),
            version: version.map(str::to_owned),
            texts: Texts::Held(self.texts),
            manifests: self.manifests,
        })
    }
}

/// The name and the version in the name of a wheel's folder `rad-1.2.1.dist-info`.
fn distribution(wheel: &ZipArchive<File>) -> Result<Option<(String, String)>> {
    for name in wheel.file_names() {
        let name = name.map_err(not_zip)?;
        let folder = name.split('/').next().unwrap_or_default();
        if let Some((name, version)) = folder
            .strip_suffix(".dist-info")
            .and_then(|stem| stem.rsplit_once('-'))
        {
            return Ok(Some((name.to_owned(), version.to_owned())));
        }
    }
    Ok(None)
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn not_zip(error: ZipError) -> Error {
    let detail = error.to_string().into();
    Malformed::Wheel { detail }.into()
}

fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn read_text(file: impl Read) -> Result<String> {
    let mut text = String::new();
    let read = file.take(FILE_BYTES + 1).read_to_string(&mut text)?;
    if read as u64 > FILE_BYTES {
        return Err(Malformed::SchemaSize {
            allowed: FILE_BYTES,
        }
        .into());
    }
    Ok(text)
}

/// The URI of a line `id: URI`, with or without quotes.
fn top_level_id(line: &str) -> Option<&str> {
    let uri = line
        .strip_prefix("id:")
        .or_else(|| line.strip_prefix("\"id\":"))?;
    let uri = uri.trim().trim_matches(['"', '\'']);
    (!uri.is_empty()).then_some(uri)
}
