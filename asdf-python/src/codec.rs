//! Stored bytes of blocks, for other readers and writers of ASDF.

use crate::error::Raise;
use crate::pool;
use asdf_core::block::Compression;
use asdf_core::{Limits, OpenOptions};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::io::Cursor;

/// A file that has nothing but one block, of this codec.
fn file_of(label: &[u8; 4], stored: &[u8], size: u64) -> Vec<u8> {
    let mut file = b"#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n\xd3BLK\0\x30\0\0\0\0".to_vec();
    file.reserve_exact(stored.len().saturating_add(64));
    file.extend_from_slice(label);
    for length in [stored.len() as u64, stored.len() as u64, size] {
        file.extend_from_slice(&length.to_be_bytes());
    }
    file.extend_from_slice(&[0; 16]);
    file.extend_from_slice(stored);
    file
}

fn label_of(codec: &str) -> PyResult<[u8; 4]> {
    match *codec.as_bytes() {
        [a, b, c] => Ok([a, b, c, 0]),
        [a, b, c, d] => Ok([a, b, c, d]),
        _ => Err(PyValueError::new_err(format!(
            "`{codec}` is not the label of a codec"
        ))),
    }
}

/// Decodes the stored bytes of a block, which come in pieces, into `out`, which has the size that they are to have.
#[pyfunction]
pub(crate) fn decompress(
    py: Python<'_>,
    codec: &str,
    pieces: Vec<PyBuffer<u8>>,
    out: &Bound<'_, PyAny>,
) -> PyResult<usize> {
    let label = label_of(codec)?;
    let out = PyBuffer::<u8>::get(out)?;
    let mut stored = Vec::with_capacity(pieces.iter().map(|piece| piece.len_bytes()).sum());
    for piece in &pieces {
        stored.extend(piece.to_vec(py)?);
    }
    let size = out.len_bytes() as u64;
    let decoded = py.detach(|| {
        pool::run(|| {
            let mut limits = Limits::default();
            limits.decoded_bytes = limits.decoded_bytes.max(size);
            limits.input_bytes = limits.input_bytes.max(stored.len() as u64 + 256);
            let options = OpenOptions::default().limits(limits);
            let file = options.read_bytes(file_of(&label, &stored, size), "a block")?;
            drop(stored);
            Ok(file.block(0)?.decoded()?.into_vec())
        })
    });
    let decoded = decoded?.raise()?;
    out.copy_from_slice(py, &decoded)?;
    Ok(decoded.len())
}

/// Encodes bytes as those of a block; `codec` as in `zstd:9`.
#[pyfunction]
pub(crate) fn compress<'py>(
    py: Python<'py>,
    codec: &str,
    data: PyBuffer<u8>,
    element_size: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let compression: Compression = codec.parse().raise()?;
    let data = data.to_vec(py)?;
    let encoded = py.detach(|| {
        pool::run(|| {
            let mut out = Cursor::new(Vec::new());
            let size = data.len() as u64;
            compression.encode(element_size, size, &mut data.as_slice(), &mut out)?;
            Ok(out.into_inner())
        })
    });
    Ok(PyBytes::new(py, &encoded?.raise()?))
}
