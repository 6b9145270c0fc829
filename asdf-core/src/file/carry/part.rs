//! The data of an array in another file, which is opened while they are read and not longer.

use super::uri::{is_relative, path_part};
use crate::array::ArraySpec;
use crate::block::{Block, BlockHeader};
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::error::WriteFault;
use crate::file::AsdfFile;
use std::path::PathBuf;

/// The first block of a file that an open file names. Any number of them costs no open files and no memory.
#[derive(Debug, Clone)]
pub(in crate::file) struct Part<'f> {
    named_by: &'f AsdfFile,
    uri: Box<str>,
    /// The block as it was found.
    header: BlockHeader,
    /// The file, links resolved.
    path: PathBuf,
    /// A block without a length of its own gets one.
    is_plain: bool,
}

impl<'f> Part<'f> {
    /// Looks at the file that the path part of a URI names; `None` when that is the naming file itself.
    pub(in crate::file) fn find(named_by: &'f AsdfFile, uri: &str) -> Result<Option<Self>> {
        let Some((path, file)) = named_by.open_apart(uri)? else {
            return Ok(None);
        };
        let header = file.block(0)?.header().clone();
        Ok(Some(Self {
            named_by,
            uri: uri.into(),
            header,
            path,
            is_plain: false,
        }))
    }

    /// The header of the block as it was found.
    pub(in crate::file) fn header(&self) -> &BlockHeader {
        &self.header
    }

    /// The file, links resolved.
    pub(in crate::file) fn path(&self) -> &PathBuf {
        &self.path
    }

    /// The same block with a length of its own.
    pub(in crate::file) fn plain(self) -> Self {
        Self {
            is_plain: true,
            ..self
        }
    }

    /// True when the block goes on to the end of its file, and is to do so.
    pub(in crate::file) fn is_streamed(&self) -> bool {
        self.header.is_streamed() && !self.is_plain
    }

    /// True when the block gets a length that it did not have.
    pub(in crate::file) fn is_cut_to_length(&self) -> bool {
        self.header.is_streamed() && self.is_plain
    }

    /// Hands the block to `work`.
    ///
    /// # Errors
    /// The file is not what it was; what `work` says.
    pub(in crate::file) fn with_block<T>(
        &self,
        work: impl FnOnce(Block<'_>) -> Result<T>,
    ) -> Result<T> {
        let opened = self.named_by.open_apart(&self.uri)?;
        let Some((_, file)) = opened.filter(|(path, _)| *path == self.path) else {
            return Err(self.changed());
        };
        let block = file.block(0)?;
        if *block.header() != self.header {
            return Err(self.changed());
        }
        work(block).in_file(file.name())
    }

    fn changed(&self) -> Error {
        WriteFault::OtherProgram {
            uri: self.uri.clone(),
        }
        .into()
    }
}

/// The path part of the URI that an ndarray node names another file by.
pub(in crate::file) fn named_file(spec: &ArraySpec) -> Option<&str> {
    match &spec.source {
        crate::array::Source::Uri(uri) if is_relative(uri) => Some(path_part(uri)),
        _ => None,
    }
}
