//! Nodes of a tree: scalars become values of Python at once, all else is a handle.

use crate::array::Array;
use crate::error::Raise;
use crate::file::File;
use asdf_core::AsdfFile;
use asdf_core::array::is_array;
use asdf_core::error::Mismatch;
use asdf_core::tree::{self, NodeId, Value};
use asdf_core::wcs::is_wcs;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::{PyIndexError, PyKeyError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt, PyList, PyString, PyTuple};
use std::sync::Arc;

/// A node that is not a scalar, with the file that has it.
#[pyclass(frozen, module = "asdfkit._engine")]
pub(crate) struct Node {
    pub(crate) file: Arc<AsdfFile>,
    pub(crate) id: NodeId,
}

/// What a node is to Python.
pub(crate) fn value<'py>(
    py: Python<'py>,
    file: &Arc<AsdfFile>,
    node: tree::Node<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    let handle = || Node::new(Arc::clone(file), node.id()).into_bound_py_any(py);
    if is_array(node) {
        return handle();
    }
    match node.value() {
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Bool(value) => value.into_bound_py_any(py),
        Value::Int(value) => value.into_bound_py_any(py),
        Value::BigInt(value) => py.get_type::<PyInt>().call1((value.as_str(),)),
        Value::Float(value) => value.into_bound_py_any(py),
        Value::Str(text) => match node.tag() {
            Some(tag) => {
                let class = py.import("asdfkit._tree")?.getattr("TaggedStr")?;
                class.call1((text, tag.as_str()))
            }
            None => Ok(PyString::new(py, text).into_any()),
        },
        Value::Timestamp(time) => {
            let class = if time.is_date() { "date" } else { "datetime" };
            let class = py.import("datetime")?.getattr(class)?;
            class.call_method1("fromisoformat", (time.to_string(),))
        }
        Value::Binary(bytes) => Ok(PyBytes::new(py, &bytes).into_any()),
        _ => handle(),
    }
}

/// A key of a mapping: lists as tuples, so that they can be keys in Python.
fn key<'py>(
    py: Python<'py>,
    file: &Arc<AsdfFile>,
    node: tree::Node<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    if let Some(items) = node.as_seq() {
        let items: PyResult<Vec<_>> = items.iter().map(|item| key(py, file, item)).collect();
        return Ok(PyTuple::new(py, items?)?.into_any());
    }
    if let Some(pairs) = node.as_map() {
        let pair = |(name, item)| Ok((key(py, file, name)?, key(py, file, item)?));
        let pairs: PyResult<Vec<_>> = pairs.iter().map(pair).collect();
        return Ok(PyTuple::new(py, pairs?)?.into_any());
    }
    value(py, file, node)
}

impl Node {
    pub(crate) fn new(file: Arc<AsdfFile>, id: NodeId) -> Self {
        Self { file, id }
    }

    pub(crate) fn node(&self) -> PyResult<tree::Node<'_>> {
        let found = self.file.tree().by_id(self.id);
        found.ok_or_else(|| PyIndexError::new_err("a node of another file"))
    }

    /// The pairs of a mapping; none of anything else.
    fn pairs(&self) -> PyResult<Vec<(tree::Node<'_>, tree::Node<'_>)>> {
        let node = self.node()?;
        let pairs = match node.value() {
            Value::Omap(items) | Value::Pairs(items) => items
                .iter()
                .filter_map(|item| item.as_map()?.iter().next())
                .collect(),
            _ => node.as_map().into_iter().flatten().collect(),
        };
        Ok(pairs)
    }

    fn find<'f>(&'f self, name: &Bound<'_, PyAny>) -> PyResult<Option<tree::Node<'f>>> {
        if let Ok(text) = name.cast::<PyString>() {
            return Ok(self.node()?.get(text.to_str()?));
        }
        for (own, item) in self.pairs()? {
            if key(name.py(), &self.file, own)?.eq(name)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }
}

#[pymethods]
impl Node {
    /// `map`, `seq`, `set`, `omap`, `pairs`, `array`, `wcs` or `scalar`.
    #[getter]
    fn kind(&self) -> PyResult<&'static str> {
        let node = self.node()?;
        if is_array(node) {
            return Ok("array");
        }
        if is_wcs(node) {
            return Ok("wcs");
        }
        Ok(match node.value() {
            Value::Map(_) => "map",
            Value::Seq(_) => "seq",
            Value::Set(_) => "set",
            Value::Omap(_) => "omap",
            Value::Pairs(_) => "pairs",
            _ => "scalar",
        })
    }

    /// `map` or `seq`, whatever its tag makes of it.
    #[getter]
    fn is_map(&self) -> PyResult<bool> {
        Ok(self.node()?.as_map().is_some())
    }

    #[getter]
    fn tag(&self) -> PyResult<Option<&str>> {
        Ok(self.node()?.tag().map(tree::Tag::as_str))
    }

    #[getter]
    fn path(&self) -> PyResult<String> {
        Ok(self.node()?.path().to_string())
    }

    /// The same number for the same node.
    #[getter]
    fn identity(&self) -> PyResult<String> {
        Ok(format!("{:?}", self.node()?.id()))
    }

    #[getter]
    fn file(&self) -> File {
        File(Arc::clone(&self.file))
    }

    fn describe(&self) -> PyResult<String> {
        Ok(self.node()?.describe().into())
    }

    fn __len__(&self) -> PyResult<usize> {
        let node = self.node()?;
        Ok(match node.as_seq() {
            Some(items) => items.len(),
            None => node.as_map().map_or(0, tree::Map::len),
        })
    }

    fn get<'py>(&self, name: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        match self.find(name)? {
            Some(found) => value(name.py(), &self.file, found),
            None => Err(PyKeyError::new_err(name.clone().unbind())),
        }
    }

    fn has(&self, name: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(self.find(name)?.is_some())
    }

    fn at<'py>(&self, py: Python<'py>, index: isize) -> PyResult<Bound<'py, PyAny>> {
        let node = self.node()?;
        let place = if index < 0 {
            self.__len__()?.checked_add_signed(index)
        } else {
            usize::try_from(index).ok()
        };
        match place.and_then(|place| node.at(place)) {
            Some(found) => value(py, &self.file, found),
            None => Err(PyIndexError::new_err("list index out of range")),
        }
    }

    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let pairs = self.pairs()?.into_iter();
        let keys: PyResult<Vec<_>> = pairs.map(|pair| key(py, &self.file, pair.0)).collect();
        PyList::new(py, keys?)
    }

    fn items<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let pairs = self.pairs()?.into_iter();
        let item = |(name, item)| Ok((key(py, &self.file, name)?, value(py, &self.file, item)?));
        let items: PyResult<Vec<_>> = pairs.map(item).collect();
        PyList::new(py, items?)
    }

    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let node = self.node()?;
        let items: PyResult<Vec<_>> = match node.as_seq() {
            Some(items) => items
                .iter()
                .map(|item| value(py, &self.file, item))
                .collect(),
            None => self
                .pairs()?
                .into_iter()
                .map(|pair| value(py, &self.file, pair.1))
                .collect(),
        };
        PyList::new(py, items?)
    }

    /// The node below at a path.
    fn below<'py>(&self, py: Python<'py>, path: &str) -> PyResult<Bound<'py, PyAny>> {
        let found = self.file.tree().node_from(self.node()?, path);
        let found = found.map_err(|error| error.at_file(self.file.name()));
        value(py, &self.file, found.raise()?)
    }

    fn array(&self, py: Python<'_>) -> PyResult<Array> {
        let node = self.node()?;
        if !is_array(node) {
            let found = node.describe();
            let error: asdf_core::Error = Mismatch::NotArray { found }.into();
            return Err(error.at_node(node.path())).raise();
        }
        Array::new(py, Arc::clone(&self.file), self.id)
    }

    fn wcs(&self, py: Python<'_>) -> PyResult<crate::wcs::Wcs> {
        let path = self.node()?.path();
        Ok(crate::wcs::Wcs(py.detach(|| self.file.wcs(&path)).raise()?))
    }
}
