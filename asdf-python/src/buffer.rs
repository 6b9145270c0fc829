//! Bytes that numpy looks at where they are.

use asdf_core::array::SharedArray;
use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::ffi::c_int;

/// Bytes of a file or of memory, by Python's buffer protocol.
#[pyclass(frozen, module = "asdfkit._engine")]
pub(crate) struct Buffer(Held);

enum Held {
    /// Elements of an array: others may look at the same bytes, so that nobody changes them.
    Array(SharedArray),
    /// Whether an element is masked.
    Bytes(Box<[u8]>),
    /// Results that belong to whoever asked for them, and can be changed by them. Kept as a pointer, because Python
    /// writes there.
    Floats(*mut f64, usize),
}

// SAFETY: the floats belong to the buffer alone, as those of a box do. Rust does not look at them any more after they were
// handed to Python, whose own rules then say who reads and writes.
unsafe impl Send for Buffer {}
// SAFETY: as above.
unsafe impl Sync for Buffer {}

impl Buffer {
    pub(crate) fn of_array(array: SharedArray) -> Self {
        Self(Held::Array(array))
    }

    pub(crate) fn of_bytes(bytes: Vec<u8>) -> Self {
        Self(Held::Bytes(bytes.into()))
    }

    pub(crate) fn of_floats(floats: Vec<f64>) -> Self {
        let floats = Box::leak(floats.into_boxed_slice());
        Self(Held::Floats(floats.as_mut_ptr(), floats.len()))
    }

    /// Where the bytes are, how many, and whether they can be changed.
    fn place(&self) -> (*mut u8, usize, bool) {
        let read_only = |bytes: &[u8]| (bytes.as_ptr().cast_mut(), bytes.len(), false);
        match &self.0 {
            Held::Array(array) => read_only(array.bytes()),
            Held::Bytes(bytes) => read_only(bytes),
            Held::Floats(floats, count) => (floats.cast(), count * size_of::<f64>(), true),
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Held::Floats(floats, count) = self.0 {
            // SAFETY: from `Box::leak` above, and no view is left: each holds a reference to this object.
            drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(floats, count)) });
        }
    }
}

#[pymethods]
impl Buffer {
    /// True when the bytes are those of the mapped file.
    #[getter]
    fn is_of_file(&self) -> bool {
        matches!(&self.0, Held::Array(array) if array.is_of_file())
    }

    fn __len__(&self) -> usize {
        self.place().1
    }

    // SAFETY: `view` is what the interpreter passes; it is filled by the interpreter's own function, which keeps a
    // reference to this object as long as the view is used. The bytes neither move nor go away before this object does.
    unsafe fn __getbuffer__(
        slf: Bound<'_, Self>,
        view: *mut ffi::Py_buffer,
        flags: c_int,
    ) -> PyResult<()> {
        let (start, length, writable) = slf.get().place();
        let length = ffi::Py_ssize_t::try_from(length)
            .map_err(|_too_long| PyBufferError::new_err("too many bytes"))?;
        let read_only = c_int::from(!writable);
        // SAFETY: as above; a request for a writable view of what must not change is refused by the function.
        let filled = unsafe {
            ffi::PyBuffer_FillInfo(view, slf.as_ptr(), start.cast(), length, read_only, flags)
        };
        if filled == 0 {
            Ok(())
        } else {
            Err(PyErr::fetch(slf.py()))
        }
    }
}
