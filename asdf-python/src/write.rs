//! Trees of Python's values as drafts, and drafts as files.

use crate::datatype;
use crate::error::Raise;
use crate::file::File;
use crate::node::Node;
use crate::pool;
use crate::rows::RowWriter;
use asdf_core::array::{self, ByteOrder, Datatype};
use asdf_core::block::Compression;
use asdf_core::file::{Rows, Storage, Updated};
use asdf_core::tree::{NewNode, PathStep, TreePath};
use asdf_core::{AsdfFile, Draft, WriteOptions};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString};
use std::collections::HashMap;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

/// A value with a tag.
#[pyclass(frozen, module = "asdfkit._engine")]
pub(crate) struct Tagged {
    tag: String,
    value: Py<PyAny>,
}

#[pymethods]
impl Tagged {
    #[new]
    fn new(tag: String, value: Py<PyAny>) -> Self {
        Self { tag, value }
    }
}

/// An array that is to be written. Its bytes have no gaps, and stay as they are until that is done.
#[pyclass(frozen, module = "asdfkit._engine")]
pub(crate) struct NewArray {
    bytes: Arc<PyBuffer<u8>>,
    datatype: Datatype,
    byteorder: ByteOrder,
    shape: Vec<u64>,
    storage: Storage,
    mask: Option<Py<NewArray>>,
}

#[pymethods]
impl NewArray {
    #[new]
    fn new(
        bytes: PyBuffer<u8>,
        dtype: &Bound<'_, PyAny>,
        shape: Vec<u64>,
        storage: &str,
        compression: Option<&str>,
        mask: Option<Py<NewArray>>,
    ) -> PyResult<Self> {
        let (datatype, byteorder) = datatype::read(dtype)?;
        let storage = match (storage, compression) {
            ("inline", _) => Storage::inline(),
            ("streamed", _) => Storage::streamed(),
            (_, None) => Storage::internal(),
            (_, Some(codec)) => Storage::compressed(codec.parse::<Compression>().raise()?),
        };
        Ok(Self {
            bytes: Arc::new(bytes),
            datatype,
            byteorder,
            shape,
            storage,
            mask,
        })
    }
}

/// Bytes of Python's memory, copied piece by piece when they are written.
struct Pieces {
    bytes: Arc<PyBuffer<u8>>,
    at: usize,
}

impl Read for Pieces {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.bytes.len_bytes().saturating_sub(self.at);
        let count = left.min(out.len());
        // SAFETY: the buffer was asked for without gaps and is held, so that its memory is there and has that many bytes;
        // what is read starts within it. No slice is made of it: others may write there, as they may when numpy reads.
        unsafe {
            let start = self.bytes.buf_ptr().cast::<u8>().add(self.at);
            std::ptr::copy_nonoverlapping(start, out.as_mut_ptr(), count);
        }
        self.at += count;
        Ok(count)
    }
}

/// What is done to a tree: `root`, `set`, `remove` or `history`, a path, a value.
type Change<'py> = (String, String, Bound<'py, PyAny>);

/// A draft that is being made of Python's values.
struct Builder<'f> {
    draft: Draft<'f>,
    files: &'f [Arc<AsdfFile>],
    /// Nodes of open files, with the places they go to.
    copies: Vec<(&'f AsdfFile, TreePath, TreePath)>,
    masks: Vec<(TreePath, NewNode)>,
    /// By the identity of the value: what is met again is shared.
    known: HashMap<usize, NewNode>,
}

fn python(error: &asdf_core::Error) -> PyErr {
    crate::error::raise(error)
}

impl<'f> Builder<'f> {
    fn apply(&mut self, (what, path, value): &Change<'_>) -> PyResult<()> {
        let path = TreePath::parse(path).raise()?;
        match what.as_str() {
            "remove" => self.draft.remove(&path).map(drop).raise()?,
            "history" => {
                let text: String = value.extract()?;
                self.draft.add_history(&text).map(drop).raise()?;
            }
            "root" => {
                let items = value.cast::<PyDict>()?;
                for (key, item) in items {
                    let key: String = key.extract().map_err(|_error| {
                        PyTypeError::new_err("the keys of the root of a tree are text")
                    })?;
                    self.set(&TreePath::default().key(&key), &item)?;
                }
            }
            _ => self.set(&path, value)?,
        }
        Ok(())
    }

    fn set(&mut self, path: &TreePath, value: &Bound<'_, PyAny>) -> PyResult<()> {
        if let Ok(array) = value.cast::<NewArray>()
            && array.get().storage == Storage::streamed()
        {
            let new = new_array(array.get())?;
            let done = self.draft.set_array(path, new, &array.get().storage);
            return done.map(drop).raise();
        }
        let mut steps = path.steps().to_vec();
        let node = self.build(value, &mut steps)?;
        self.draft.tree().set(path, node).raise()?;
        for (path, mask) in std::mem::take(&mut self.masks) {
            self.draft.tree().set(path.key("mask"), mask).raise()?;
        }
        for (file, from, to) in std::mem::take(&mut self.copies) {
            self.draft.copy_node(file, from, to).map(drop).raise()?;
        }
        Ok(())
    }

    fn array(&mut self, array: &NewArray, steps: &[PathStep]) -> PyResult<NewNode> {
        let node = self.draft.new_array(new_array(array)?, &array.storage);
        let node = node.map_err(|error| python(&error.at_node(TreePath::from(steps.to_vec()))))?;
        if let Some(mask) = &array.mask {
            let mask = mask.get();
            let mask = self
                .draft
                .new_array(new_array(mask)?, &mask.storage)
                .raise()?;
            self.masks.push((TreePath::from(steps.to_vec()), mask));
        }
        Ok(node)
    }

    fn build(&mut self, value: &Bound<'_, PyAny>, steps: &mut Vec<PathStep>) -> PyResult<NewNode> {
        let identity = value.as_ptr() as usize;
        if let Some(known) = self.known.get(&identity) {
            return Ok(*known);
        }
        if let Ok(tagged) = value.cast::<Tagged>() {
            let node = self.build(tagged.get().value.bind(value.py()), steps)?;
            self.draft.nodes().set_tag(node, &tagged.get().tag);
            self.known.insert(identity, node);
            return Ok(node);
        }
        if let Ok(array) = value.cast::<NewArray>() {
            let node = self.array(array.get(), steps)?;
            self.known.insert(identity, node);
            return Ok(node);
        }
        if let Ok(node) = value.cast::<Node>() {
            return self.copy(node.get(), steps);
        }
        if let Ok(list) = value.cast::<PyList>() {
            let mut items = Vec::with_capacity(list.len());
            for (index, item) in list.iter().enumerate() {
                steps.push(PathStep::Index(index));
                items.push(self.build(&item, steps)?);
                steps.pop();
            }
            let node = self.draft.nodes().seq(items);
            self.known.insert(identity, node);
            return Ok(node);
        }
        if let Ok(map) = value.cast::<PyDict>() {
            let mut pairs = Vec::with_capacity(map.len());
            for (key, item) in map {
                steps.push(PathStep::Key(key.str()?.to_str()?.into()));
                let key = self.scalar(&key)?;
                pairs.push((key, self.build(&item, steps)?));
                steps.pop();
            }
            let node = self.draft.nodes().map(pairs);
            self.known.insert(identity, node);
            return Ok(node);
        }
        self.scalar(value)
    }

    fn scalar(&mut self, value: &Bound<'_, PyAny>) -> PyResult<NewNode> {
        let nodes = self.draft.nodes();
        if value.is_none() {
            return Ok(nodes.null());
        }
        if let Ok(value) = value.cast::<PyBool>() {
            return Ok(nodes.bool(value.is_true()));
        }
        if value.is_instance_of::<PyInt>() {
            let text = value.str()?;
            let node = nodes.integer(text.to_str()?);
            return node.ok_or_else(|| PyValueError::new_err("not an integer"));
        }
        if let Ok(value) = value.cast::<PyFloat>() {
            return Ok(nodes.float(value.value()));
        }
        if let Ok(text) = value.cast::<PyString>() {
            return Ok(nodes.string(text.to_str()?));
        }
        if let Ok(bytes) = value.cast::<PyBytes>() {
            return Ok(nodes.binary(bytes.as_bytes()));
        }
        if let Ok(text) = value.call_method0("isoformat") {
            let node = nodes.time(text.extract::<String>()?.as_str());
            return node.ok_or_else(|| PyValueError::new_err("YAML has no such time"));
        }
        let class = value.get_type().name()?;
        let text = format!("a {class} cannot be written to the tree of an ASDF file");
        Err(PyTypeError::new_err(text))
    }

    fn copy(&mut self, node: &Node, steps: &[PathStep]) -> PyResult<NewNode> {
        let own = |file: &&Arc<AsdfFile>| Arc::ptr_eq(file, &node.file);
        let file = self.files.iter().find(own);
        let file = file.ok_or_else(|| PyValueError::new_err("a node of an unknown file"))?;
        let to = TreePath::from(steps.to_vec());
        self.copies.push((file, node.node()?.path(), to));
        Ok(self.draft.nodes().null())
    }
}

fn new_array<'f>(array: &NewArray) -> PyResult<array::NewArray<'f>> {
    let bytes = Arc::clone(&array.bytes);
    let reader = Pieces { bytes, at: 0 };
    let (datatype, shape) = (array.datatype.clone(), &array.shape);
    array::NewArray::from_reader(reader, datatype, array.byteorder, shape).raise()
}

/// The draft of a file, or of nothing, with the changes made.
fn draft<'f>(
    source: Option<&'f Arc<AsdfFile>>,
    files: &'f [Arc<AsdfFile>],
    changes: &[Change<'_>],
) -> PyResult<Draft<'f>> {
    let draft = source.map_or_else(Draft::new, |file| file.to_draft());
    let mut builder = Builder {
        draft,
        files,
        copies: Vec::new(),
        masks: Vec::new(),
        known: HashMap::new(),
    };
    for change in changes {
        builder.apply(change)?;
    }
    Ok(builder.draft)
}

fn shared(files: &[Py<File>]) -> Vec<Arc<AsdfFile>> {
    files.iter().map(|file| Arc::clone(&file.get().0)).collect()
}

/// How a file is written.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Options {
    compression: Option<String>,
    checksums: bool,
    index: bool,
    room: Option<f64>,
    drop_unused: bool,
}

impl Options {
    fn write_options(&self) -> PyResult<WriteOptions> {
        let options = WriteOptions::default();
        // Each new array says itself how it is compressed.
        let options = options.checksums(self.checksums).index(self.index);
        let mut options = options.new_as_given(true);
        if let Some(codec) = &self.compression {
            options = options.compression(codec.parse().raise()?);
        }
        if let Some(percent) = self.room {
            options = options.room(percent);
        }
        Ok(options)
    }
}

/// Writes a new tree, or that of a file with changes; says whether the file was changed `in place`, `rewritten` or left
/// `unchanged`.
#[pyfunction]
pub(crate) fn write(
    py: Python<'_>,
    source: Option<Py<File>>,
    files: Vec<Py<File>>,
    changes: Vec<Change<'_>>,
    path: PathBuf,
    in_place: bool,
    options: Options,
) -> PyResult<&'static str> {
    let files = shared(&files);
    let source = source.map(|file| Arc::clone(&file.get().0));
    let mut draft = draft(source.as_ref(), &files, &changes)?;
    if options.drop_unused {
        draft.drop_unused_blocks();
    }
    let options = options.write_options()?;
    let done = py.detach(|| {
        pool::run(|| {
            if in_place {
                return draft.update(&path, &options);
            }
            draft.save(&path, &options)?;
            Ok(Updated::Rewritten)
        })
    });
    Ok(match done?.raise()? {
        Updated::Unchanged => "unchanged",
        Updated::InPlace => "in place",
        Updated::Rewritten => "rewritten",
    })
}

/// Writes all of a file but an array, whose rows are given one after the other.
#[pyfunction]
pub(crate) fn save_rows(
    py: Python<'_>,
    source: Option<Py<File>>,
    files: Vec<Py<File>>,
    changes: Vec<Change<'_>>,
    path: PathBuf,
    array: (String, Bound<'_, PyAny>, Vec<u64>, Option<u64>),
    options: Options,
) -> PyResult<RowWriter> {
    let files = shared(&files);
    let source = source.map(|file| Arc::clone(&file.get().0));
    let draft = draft(source.as_ref(), &files, &changes)?;
    let (place, dtype, shape, count) = array;
    let (datatype, byteorder) = datatype::read(&dtype)?;
    let rows = Rows {
        datatype,
        byteorder,
        shape,
        count,
    };
    let options = options.write_options()?;
    let place = TreePath::parse(&place).raise()?;
    let done = py.detach(|| pool::run(|| draft.save_rows(&path, &place, rows, &options)));
    Ok(RowWriter::new(done?.raise()?))
}
