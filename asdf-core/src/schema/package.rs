//! Schemas of other packages: a folder, or a Python wheel as it is published.

use super::document;
use super::manifest::Manifest;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use std::collections::BTreeMap;
use std::fs;
use std::fs::File;
use std::io::Read;
use std::io::Seek;
use std::io::Write;
use std::path::Path;
use zip::CompressionMethod;
use zip::ZipArchive;
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

/// Bytes of one schema, and of all of a package.
const FILE_BYTES: u64 = 16 << 20;
const PACKAGE_BYTES: u64 = 256 << 20;
/// Folders within folders.
const DEPTH: usize = 32;

/// The documents of a package by their URIs: schemas and extension manifests.
#[derive(Debug)]
pub struct SchemaPackage {
    name: String,
    texts: BTreeMap<Box<str>, String>,
    manifests: Vec<Manifest>,
    bytes: u64,
}

impl SchemaPackage {
    /// Reads every `.yaml` file with an `id` on the top level.
    pub fn read(path: &Path) -> Result<Self> {
        let name = path.file_stem().unwrap_or(path.as_os_str());
        let mut package = Self {
            name: name.to_string_lossy().into_owned(),
            texts: BTreeMap::new(),
            manifests: Vec::new(),
            bytes: 0,
        };
        if path.is_dir() {
            package.read_folder(path, 0)?;
        } else {
            package
                .read_wheel(path)
                .map_err(|error| error.in_file(path))?;
        }
        if package.texts.is_empty() {
            return Err(Error::from(Malformed::NoSchemas).in_file(path));
        }
        // The newest manifest comes first, as in the reference.
        package.manifests.sort_by(|a, b| b.uri.cmp(&a.uri));
        Ok(package)
    }

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

    fn read_wheel(&mut self, path: &Path) -> Result<()> {
        let mut wheel = ZipArchive::new(File::open(path)?).map_err(not_zip)?;
        for number in 0..wheel.len() {
            let file = wheel.by_index(number).map_err(not_zip)?;
            let name = file.name().map_err(not_zip)?.into_owned();
            if is_yaml(Path::new(&name)) {
                let text = read_text(file)?;
                self.take(text)?;
            }
        }
        Ok(())
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
            self.manifests.extend(Manifest::read(tree.root()));
        }
        let uri: Box<str> = uri.trim_end_matches('#').into();
        self.texts.insert(uri, text);
        Ok(())
    }

    /// The file's or folder's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The document under a URI.
    pub(super) fn text(&self, uri: &str) -> Option<&str> {
        self.texts.get(uri).map(String::as_str)
    }

    /// The URIs of all documents, sorted.
    pub fn uris(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(|uri| &**uri)
    }

    /// Writes the package so that it is read again at once: an archive without compression.
    pub fn write(&self, sink: impl Write + Seek) -> Result<()> {
        let mut archive = ZipWriter::new(sink);
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        for (number, text) in self.texts.values().enumerate() {
            archive
                .start_file(format!("{number}.yaml"), options)
                .map_err(not_zip)?;
            archive.write_all(text.as_bytes())?;
        }
        archive.finish().map_err(not_zip)?;
        Ok(())
    }

    pub(super) fn take_manifests(&mut self) -> Vec<Manifest> {
        std::mem::take(&mut self.manifests)
    }
}

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
