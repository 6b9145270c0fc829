//! Packages as `asdf schema add` keeps them: a line that says what they are, a line of JSON that is the
//! index, then the texts one after another. Opening reads the index only.

use super::document::FILE_BYTES;
use super::document::PACKAGE_BYTES;
use crate::error::Error;
use crate::error::Malformed;
use crate::error::Result;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::sync::Mutex;
use std::sync::PoisonError;

/// The first line; its number is raised when the form changes.
const MAGIC: &[u8] = b"#ASDF schemas 1\n";

/// The index.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) manifests: Vec<Json>,
    /// First byte after the index, and bytes, of each document.
    documents: BTreeMap<Box<str>, (u64, u64)>,
}

/// The documents of an open file.
#[derive(Debug)]
pub(super) struct KeptTexts {
    file: Mutex<File>,
    start: u64,
    places: BTreeMap<Box<str>, (u64, u64)>,
}

/// Writes a package.
pub(super) fn write(
    mut sink: impl Write,
    name: &str,
    version: Option<&str>,
    manifests: Vec<Json>,
    texts: &BTreeMap<&str, String>,
) -> Result<()> {
    let mut documents = BTreeMap::new();
    let mut end = 0;
    for (uri, text) in texts {
        documents.insert((*uri).into(), (end, text.len() as u64));
        end += text.len() as u64;
    }
    let header = Header {
        name: name.to_owned(),
        version: version.map(str::to_owned),
        manifests,
        documents,
    };
    sink.write_all(MAGIC)?;
    let index = serde_json::to_string(&header).map_err(|error| damaged(&error.to_string()))?;
    writeln!(sink, "{index}")?;
    for text in texts.values() {
        sink.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Opens what `write` wrote; `None`, at its start, when the file is something else.
pub(super) fn open(file: &mut File) -> Result<Option<(Header, KeptTexts)>> {
    let mut magic = Vec::new();
    file.take(MAGIC.len() as u64).read_to_end(&mut magic)?;
    if magic != MAGIC {
        file.seek(SeekFrom::Start(0))?;
        return Ok(None);
    }
    let mut index = Vec::new();
    BufReader::new(&mut *file)
        .take(PACKAGE_BYTES)
        .read_until(b'\n', &mut index)?;
    let mut header: Header =
        serde_json::from_slice(&index).map_err(|error| damaged(&error.to_string()))?;
    let texts = KeptTexts {
        file: Mutex::new(file.try_clone()?),
        start: (MAGIC.len() + index.len()) as u64,
        places: std::mem::take(&mut header.documents),
    };
    Ok(Some((header, texts)))
}

impl KeptTexts {
    /// The document under a URI.
    pub(super) fn get(&self, uri: &str) -> Result<Option<String>> {
        let Some((first, bytes)) = self.places.get(uri) else {
            return Ok(None);
        };
        if *bytes > FILE_BYTES {
            return Err(Malformed::SchemaSize {
                allowed: FILE_BYTES,
            }
            .into());
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.start.saturating_add(*first)))?;
        let mut text = Vec::new();
        (&mut *file).take(*bytes).read_to_end(&mut text)?;
        if text.len() as u64 != *bytes {
            return Err(damaged("it ends too early"));
        }
        let text = String::from_utf8(text).map_err(|error| damaged(&error.to_string()))?;
        Ok(Some(text))
    }

    /// True when the document is there.
    pub(super) fn has(&self, uri: &str) -> bool {
        self.places.contains_key(uri)
    }

    /// The URIs of all documents, sorted.
    pub(super) fn uris(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(|uri| &**uri)
    }
}

fn damaged(detail: &str) -> Error {
    Malformed::KeptSchemas {
        detail: detail.into(),
    }
    .into()
}
