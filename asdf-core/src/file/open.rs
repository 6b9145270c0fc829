//! How a file is opened.

use super::AsdfFile;
use super::layout::Layout;
use super::sibling::Siblings;
use crate::block::BlockCache;
use crate::block::BlockTable;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Warning;
use crate::input::Input;
use crate::limits::Limits;
use crate::tree::Tree;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Which other files a file's arrays and references may come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum External {
    /// None.
    Refuse,
    /// Those in the file's own folder or below it, symbolic links resolved.
    #[default]
    OwnFolder,
    /// Any local file.
    Anywhere,
}

/// Options of opening.
#[derive(Debug, Clone)]
#[must_use]
pub struct OpenOptions {
    limits: Limits,
    mapping: bool,
    external: External,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            mapping: true,
            external: External::default(),
        }
    }
}

impl OpenOptions {
    /// Budgets against hostile files.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether to map the file (default) or to read it whole. Read when another process may
    /// truncate the file meanwhile: an access to a mapped page that is gone ends the process.
    pub fn mapping(mut self, mapping: bool) -> Self {
        self.mapping = mapping;
        self
    }

    /// Which other files may be opened on behalf of this one.
    pub fn external(mut self, external: External) -> Self {
        self.external = external;
        self
    }

    /// Opens a file by path.
    pub fn open(&self, path: impl AsRef<Path>) -> Result<AsdfFile> {
        let path = path.as_ref();
        super::journal::recover(path)?;
        let reading = super::journal::reading(path);
        let input = Input::open(path, self.mapping, &self.limits)?;
        let file = self.finish(input, path.to_path_buf(), Some(path.to_path_buf()));
        drop(reading);
        file.in_file(path)
    }

    /// Takes bytes that are already in memory; `name` stands in messages.
    pub fn read_bytes(&self, bytes: Vec<u8>, name: impl Into<PathBuf>) -> Result<AsdfFile> {
        let name = name.into();
        self.finish(bytes.into(), name.clone(), None).in_file(&name)
    }

    /// Reads a stream to its end, at most `input_bytes` of [`Limits`]; `name` stands in messages.
    pub fn read_stream(&self, stream: impl Read, name: impl Into<PathBuf>) -> Result<AsdfFile> {
        let name = name.into();
        let input = Input::read(stream, &self.limits).in_file(&name)?;
        self.finish(input, name.clone(), None).in_file(&name)
    }

    fn finish(&self, input: Input, name: PathBuf, path: Option<PathBuf>) -> Result<AsdfFile> {
        let limits = self.limits.clone();
        let mut warnings = Vec::<Warning>::new();
        let Layout {
            header,
            tree: tree_span,
            blocks_start,
        } = Layout::find(&input, &limits, &mut warnings)?;
        let tree = match &tree_span {
            Some(span) => Tree::parse(
                input.slice(span.clone())?,
                span.start,
                &limits,
                &mut warnings,
            )?,
            None => Tree::empty(),
        };
        let blocks = BlockTable::scan(&input, blocks_start, &limits, &mut warnings)?;
        let file = AsdfFile {
            name,
            path,
            input,
            external: self.external,
            header,
            tree_span,
            tree,
            cache: BlockCache::new(blocks.headers().len()),
            blocks,
            warnings: elsa::sync::FrozenVec::new(),
            siblings: Siblings::new(self.clone()),
            limits,
        };
        for warning in warnings {
            file.warn(warning);
        }
        Ok(file)
    }
}
