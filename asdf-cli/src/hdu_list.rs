//! The list of HDUs that stands beside a tree, as HDUs.

use crate::context::{Context, Failure};
use asdf_core::convert::{hdu_list, write_fits};
use asdf_core::file::FileNode;
use asdf_core::fits::FitsFile;
use asdf_core::tree::Value;
use asdf_core::{AsdfFile, Draft, Result};
use std::io::{BufWriter, Write};

/// A list of HDUs in a tree of something else, written as a FITS file of its own.
#[derive(Debug)]
pub(crate) struct HduList {
    key: String,
    hdus: FitsFile,
    /// The file goes when this does.
    _spool: tempfile::NamedTempFile,
}

impl HduList {
    /// The list of the file; `None` when it has none, or nothing else.
    ///
    /// # Errors
    /// An HDU cannot be written.
    pub(crate) fn beside_tree(
        file: &AsdfFile,
        context: &Context,
    ) -> std::result::Result<Option<Self>, Failure> {
        let list = hdu_list(file.tree().root()).map(|node| FileNode { file, node });
        let Some((at, key)) = list.and_then(|at| Some((at, key_beside_others(at)?))) else {
            return Ok(None);
        };
        let spool = tempfile::NamedTempFile::new()?;
        let mut out = BufWriter::with_capacity(1 << 20, spool.as_file());
        write_fits(at, &mut out).map_err(|error| file.name_in(error))?;
        out.flush()?;
        drop(out);
        let hdus = FitsFile::open_with(spool.path(), context.options().input())?;
        let hdus = hdus.called(file.name());
        Ok(Some(Self {
            key,
            hdus,
            _spool: spool,
        }))
    }

    /// The HDUs, in the order of the list.
    pub(crate) fn hdus(&self) -> &FitsFile {
        &self.hdus
    }

    /// Removes the list from a draft of the file; nodes that are shared with it name their HDU.
    ///
    /// # Errors
    /// A shared node cannot be changed.
    pub(crate) fn take_out(&self, draft: &mut Draft<'_>) -> Result<()> {
        draft.name_hdus(&self.key, &self.hdus)
    }
}

/// The key of a list of HDUs that stands in a tree of something else, which must not be lost.
fn key_beside_others(at: FileNode<'_>) -> Option<String> {
    let is_about_file = |key: &str| matches!(key, "asdf_library" | "history");
    let (mut list, mut others) = (None, 0);
    for (key, value) in at.file.tree().root().as_map()? {
        match key.value() {
            Value::Str(key) if value.id() == at.node.id() => list = Some(key.to_owned()),
            Value::Str(key) if is_about_file(key) => {}
            _ => others += 1,
        }
    }
    list.filter(|_| others > 0)
}
