//! Datatypes, as numpy writes them: `<f4`, `S5`, or a list of fields.

use asdf_core::array::{ByteOrder, Datatype, Field, Scalar};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

/// Letter and bytes of each scalar in numpy.
const SCALARS: [(Scalar, &str); 14] = [
    (Scalar::Int8, "i1"),
    (Scalar::Int16, "i2"),
    (Scalar::Int32, "i4"),
    (Scalar::Int64, "i8"),
    (Scalar::Uint8, "u1"),
    (Scalar::Uint16, "u2"),
    (Scalar::Uint32, "u4"),
    (Scalar::Uint64, "u8"),
    (Scalar::Float16, "f2"),
    (Scalar::Float32, "f4"),
    (Scalar::Float64, "f8"),
    (Scalar::Complex64, "c8"),
    (Scalar::Complex128, "c16"),
    (Scalar::Bool8, "b1"),
];

fn sign(order: ByteOrder) -> char {
    match order {
        ByteOrder::Big => '>',
        ByteOrder::Little => '<',
    }
}

/// What `numpy.dtype` takes.
pub(crate) fn describe<'py>(
    py: Python<'py>,
    datatype: &Datatype,
    order: ByteOrder,
) -> PyResult<Bound<'py, PyAny>> {
    let text = match datatype {
        Datatype::Scalar(scalar) => {
            let found = SCALARS.iter().find(|entry| entry.0 == *scalar);
            format!("{}{}", sign(order), found.map_or("b1", |entry| entry.1))
        }
        Datatype::Ascii(length) => format!("S{length}"),
        Datatype::Ucs4(length) => format!("{}U{length}", sign(order)),
        Datatype::Record(fields) => {
            let list = PyList::empty(py);
            for (index, field) in fields.iter().enumerate() {
                let inner = describe(py, &field.datatype, field.byteorder)?;
                let shape = PyTuple::new(py, &field.shape)?;
                list.append((field.label(index), inner, shape))?;
            }
            return Ok(list.into_any());
        }
    };
    Ok(PyString::new(py, &text).into_any())
}

/// What [`describe`] makes, read; with the order of its bytes.
pub(crate) fn read(given: &Bound<'_, PyAny>) -> PyResult<(Datatype, ByteOrder)> {
    if let Ok(list) = given.cast::<PyList>() {
        let mut fields = Vec::with_capacity(list.len());
        for item in list {
            let (name, inner, shape): (String, Bound<'_, PyAny>, Vec<u64>) = item.extract()?;
            let (datatype, byteorder) = read(&inner)?;
            fields.push(Field {
                name: Some(name.into()),
                datatype,
                byteorder,
                shape,
                null: None,
            });
        }
        return Ok((Datatype::Record(fields), ByteOrder::NATIVE));
    }
    let text: String = given.extract()?;
    let order = match text.chars().next() {
        Some('>') => ByteOrder::Big,
        Some('<') => ByteOrder::Little,
        _ => ByteOrder::NATIVE,
    };
    let name = text.trim_start_matches(['<', '>', '|', '=']);
    if let Some(entry) = SCALARS.iter().find(|entry| entry.1 == name) {
        return Ok((Datatype::Scalar(entry.0), order));
    }
    let number = |digits: &str| digits.parse::<u64>().ok();
    let found = match name.split_at_checked(1) {
        Some(("S", digits)) => number(digits).map(Datatype::Ascii),
        Some(("U", digits)) => number(digits).map(Datatype::Ucs4),
        _ => None,
    };
    let refuse = || PyTypeError::new_err(format!("ASDF has no datatype for numpy's `{text}`"));
    Ok((found.ok_or_else(refuse)?, order))
}
