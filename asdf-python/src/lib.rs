//! The engine of the Python package `asdfkit`: what `asdf-core` gives, as few classes of plain values. What people use
//! is made of them in `python/asdfkit`.

mod array;
mod buffer;
mod codec;
mod datatype;
mod error;
mod file;
mod floats;
mod node;
mod pool;
mod rows;
mod wcs;
mod write;

use pyo3::prelude::*;

/// Private: use the package `asdfkit`.
#[pymodule(gil_used = false)]
mod _engine {
    #[pymodule_export]
    use super::array::Array;
    #[pymodule_export]
    use super::buffer::Buffer;
    #[pymodule_export]
    use super::codec::{compress, decompress};
    #[pymodule_export]
    use super::file::File;
    #[pymodule_export]
    use super::node::Node;
    #[pymodule_export]
    use super::rows::RowWriter;
    #[pymodule_export]
    use super::wcs::Wcs;
    #[pymodule_export]
    use super::write::{NewArray, Tagged, save_rows, write};

    #[pymodule_init]
    fn init(module: &super::Bound<'_, super::PyModule>) -> super::PyResult<()> {
        use pyo3::types::PyModuleMethods;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
