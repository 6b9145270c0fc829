//! An open file.

use crate::array::Array;
use crate::error::Raise;
use crate::node::{self, Node};
use crate::wcs::Wcs;
use asdf_core::block::{Codec, CorruptBlocks};
use asdf_core::file::External;
use asdf_core::tree::TreePath;
use asdf_core::{AsdfFile, OpenOptions};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::path::PathBuf;
use std::sync::Arc;

/// A file that was opened; all that comes from it keeps it open.
#[pyclass(frozen, module = "asdfkit._engine")]
pub(crate) struct File(pub(crate) Arc<AsdfFile>);

/// An oddity: what it is, its offset, its path.
type Told = (String, Option<u64>, Option<String>);

fn options(mapping: bool, external: &str, corrupt: &str) -> OpenOptions {
    let external = match external {
        "refuse" => External::Refuse,
        "anywhere" => External::Anywhere,
        _ => External::OwnFolder,
    };
    let corrupt = match corrupt {
        "keep" => CorruptBlocks::Keep,
        "refuse" => CorruptBlocks::Refuse,
        _ => CorruptBlocks::default(),
    };
    let options = OpenOptions::default().mapping(mapping);
    options.external(external).corrupt_blocks(corrupt)
}

impl File {
    /// What is opened; of a FITS file with its HDUs in the tree, where they are wanted.
    fn of(
        py: Python<'_>,
        hdus: bool,
        open: impl FnOnce() -> asdf_core::Result<AsdfFile> + Send,
    ) -> PyResult<Self> {
        let opened = py.detach(|| {
            let file = open()?;
            if hdus { file.with_hdu_tree() } else { Ok(file) }
        });
        Ok(Self(Arc::new(opened.raise()?)))
    }
}

#[pymethods]
impl File {
    #[staticmethod]
    fn open(
        py: Python<'_>,
        path: PathBuf,
        mapping: bool,
        external: &str,
        corrupt: &str,
        hdus: bool,
    ) -> PyResult<Self> {
        let options = options(mapping, external, corrupt);
        Self::of(py, hdus, || options.open(&path))
    }

    /// Of bytes, which are copied.
    #[staticmethod]
    fn read(
        py: Python<'_>,
        bytes: Vec<u8>,
        name: String,
        corrupt: &str,
        hdus: bool,
    ) -> PyResult<Self> {
        let options = options(false, "refuse", corrupt);
        Self::of(py, hdus, || options.read_bytes(bytes, name))
    }

    /// Whether it is a FITS file.
    #[getter]
    fn is_fits(&self) -> bool {
        self.0.fits().is_some()
    }

    #[getter]
    fn name(&self) -> PathBuf {
        self.0.name().to_path_buf()
    }

    #[getter]
    fn standard_version(&self) -> &str {
        self.0.standard_version()
    }

    #[getter]
    fn format_version(&self) -> &str {
        &self.0.header().format_version
    }

    #[getter]
    fn comments(&self) -> Vec<String> {
        let comments = self.0.header().comments.iter();
        comments.map(ToString::to_string).collect()
    }

    /// The YAML of the tree as it stands in the file.
    #[getter]
    fn text(&self) -> &str {
        self.0.tree().text()
    }

    /// All bytes, of a file that was made of bytes.
    fn bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, self.0.input().whole().raise()?))
    }

    /// What was found odd so far, from the one of that number on.
    fn warnings(&self, from: usize) -> Vec<Told> {
        let told = self.0.warnings().skip(from).map(|warning| {
            let place = &warning.place;
            let offset = place.span.as_ref().map(|span| span.start);
            let path = place.path.as_deref().map(str::to_owned);
            (warning.to_string(), offset, path)
        });
        told.collect()
    }

    fn root<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        node::value(py, &self.0, self.0.tree().root())
    }

    fn node<'py>(&self, py: Python<'py>, path: &str) -> PyResult<Bound<'py, PyAny>> {
        let found = self.0.node(path).raise()?;
        node::value(py, &self.0, found)
    }

    fn array(&self, py: Python<'_>, path: &str) -> PyResult<Array> {
        let id = self.0.node(path).raise()?.id();
        Array::new(py, Arc::clone(&self.0), id)
    }

    /// The paths of all arrays.
    fn arrays(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let arrays = py.detach(|| self.0.arrays()).raise()?;
        Ok(arrays.iter().map(|array| array.0.to_string()).collect())
    }

    fn wcs_paths(&self, py: Python<'_>) -> Vec<String> {
        let paths = py.detach(|| self.0.wcs_paths());
        paths.iter().map(ToString::to_string).collect()
    }

    fn wcs(&self, py: Python<'_>, path: &str) -> PyResult<Wcs> {
        Ok(Wcs(py.detach(|| self.0.wcs(path)).raise()?))
    }

    /// The WCS of the array at a path, or why it has none.
    fn wcs_of(&self, py: Python<'_>, path: &str) -> PyResult<Option<Wcs>> {
        let path = TreePath::parse(path).raise()?;
        let found = py.detach(|| {
            let array = self.0.array(&path)?;
            Ok(self.0.wcs_of_array(&path, array.shape()))
        });
        Ok(found.raise()?.map(Wcs))
    }

    /// The headers of the blocks, a dictionary each.
    fn blocks<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let each = |block: asdf_core::block::Block<'_>| {
            let header = block.header();
            let dict = PyDict::new(py);
            let codec = match header.codec() {
                Codec::None => None,
                codec => Some(codec.to_string()),
            };
            dict.set_item("index", header.index)?;
            dict.set_item("offset", header.offset)?;
            dict.set_item("compression", codec)?;
            dict.set_item("used", header.used)?;
            dict.set_item("data_size", block.decoded_size())?;
            Ok(dict)
        };
        self.0.blocks().map(each).collect()
    }

    fn __repr__(&self) -> String {
        format!("<asdfkit._engine.File {}>", self.0.name().display())
    }

    /// True when both are the same open file.
    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The node of that number, which came from a node of this file.
    fn by_path(&self, path: &str) -> PyResult<Node> {
        let id = self.0.node(path).raise()?.id();
        Ok(Node::new(Arc::clone(&self.0), id))
    }
}
