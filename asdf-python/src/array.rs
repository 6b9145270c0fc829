//! Arrays: what they are, and their elements.

use crate::buffer::Buffer;
use crate::datatype;
use crate::error::Raise;
use crate::pool;
use asdf_core::array::{ArrayRef, DataSource, Datatype, Slice};
use asdf_core::block::Codec;
use asdf_core::tree::{Node, NodeId};
use asdf_core::{AsdfFile, array::ByteOrder};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::sync::Arc;

/// An array that was found and checked; nothing of it is read.
#[pyclass(frozen, module = "asdfkit._engine")]
pub(crate) struct Array {
    file: Arc<AsdfFile>,
    id: NodeId,
    shape: Vec<u64>,
    datatype: Datatype,
    byteorder: ByteOrder,
    codec: Option<String>,
    storage: &'static str,
    is_masked: bool,
    nbytes: u64,
}

/// An index, or start, stop and step.
#[derive(FromPyObject)]
enum Part {
    Index(i64),
    Range(Option<i64>, Option<i64>, i64),
}

impl From<&Part> for Slice {
    fn from(part: &Part) -> Self {
        match *part {
            Part::Index(index) => Self::Index(index),
            Part::Range(start, stop, step) => Self::Range { start, stop, step },
        }
    }
}

/// Bytes, first element in them, lengths of the axes, bytes from element to element, which are masked.
type Loaded = (Buffer, usize, Vec<u64>, Vec<i64>, Option<Buffer>);

fn locate(file: &AsdfFile, id: NodeId) -> asdf_core::Result<ArrayRef<'_>> {
    let node: Node<'_> = file.tree().by_id(id).unwrap_or(file.tree().root());
    file.array_at(node)
}

impl Array {
    pub(crate) fn new(py: Python<'_>, file: Arc<AsdfFile>, id: NodeId) -> PyResult<Self> {
        let made = py.detach(|| {
            let array = locate(&file, id)?;
            let (codec, storage) = match array.source() {
                DataSource::Block(block) => match block.header().codec() {
                    Codec::None => (None, "block"),
                    codec => (Some(codec.to_string()), "block"),
                },
                DataSource::Hdu(hdu) => (hdu.compression().map(str::to_owned), "hdu"),
                DataSource::Inline(_) => (None, "inline"),
            };
            Ok(Self {
                id,
                shape: array.shape().to_vec(),
                datatype: array.datatype().clone(),
                byteorder: array.byteorder(),
                is_masked: array.is_masked(),
                nbytes: array.byte_len(),
                codec,
                storage,
                file: Arc::clone(&file),
            })
        });
        made.raise()
    }
}

#[pymethods]
impl Array {
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.shape)
    }

    /// What `numpy.dtype` takes.
    #[getter]
    fn dtype<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        datatype::describe(py, &self.datatype, self.byteorder)
    }

    /// The name of the datatype in ASDF.
    #[getter]
    fn datatype(&self) -> String {
        self.datatype.to_string()
    }

    #[getter]
    fn codec(&self) -> Option<&str> {
        self.codec.as_deref()
    }

    #[getter]
    fn storage(&self) -> &str {
        self.storage
    }

    #[getter]
    fn is_masked(&self) -> bool {
        self.is_masked
    }

    #[getter]
    fn nbytes(&self) -> u64 {
        self.nbytes
    }

    #[getter]
    fn path(&self) -> PyResult<String> {
        let node = self.file.tree().by_id(self.id);
        let node = node.ok_or_else(|| PyIndexError::new_err("a node of another file"))?;
        Ok(node.path().to_string())
    }

    /// Reads and decodes what the slices take. The mask is left out unless it is asked for.
    fn load(&self, py: Python<'_>, slices: Vec<Part>) -> PyResult<Loaded> {
        let slices: Vec<Slice> = slices.iter().map(Slice::from).collect();
        let loaded = py.detach(|| {
            pool::run(|| {
                let array = locate(&self.file, self.id)?;
                let loaded = array.load_shared(&slices);
                self.file.note_warnings(&array);
                loaded.map_err(|error| self.file.name_in(error))
            })
        });
        let mut array = loaded?.raise()?;
        let mask = array.take_mask();
        let mask = mask.map(|mask| Buffer::of_bytes(mask.into_iter().map(u8::from).collect()));
        let (first, shape) = (array.first(), array.shape().to_vec());
        let strides = array.strides().to_vec();
        Ok((Buffer::of_array(array), first, shape, strides, mask))
    }
}
