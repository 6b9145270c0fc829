//! World coordinate systems.

use crate::buffer::Buffer;
use crate::error::Raise;
use crate::floats;
use crate::pool;
use asdf_core::transform::BoundingBox;
use asdf_core::wcs::{self, EvalOptions, Extent, Frame, FrameKind, Inverse, SipOptions, SipValue};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// A chain of frames with the transforms between them; it needs no file.
#[pyclass(frozen, module = "asdfkit._engine")]
pub(crate) struct Wcs(pub(crate) wcs::Wcs);

fn frame<'py>(py: Python<'py>, frame: &Frame) -> PyResult<Bound<'py, PyDict>> {
    let texts = |texts: &[Box<str>]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (kind, parts) = match frame.kind() {
        FrameKind::Celestial => ("celestial", None),
        FrameKind::Spectral => ("spectral", None),
        FrameKind::Temporal => ("temporal", None),
        FrameKind::Stokes => ("stokes", None),
        FrameKind::Plane => ("plane", None),
        FrameKind::Composite(frames) => ("composite", Some(frames)),
        FrameKind::Named => ("named", None),
        _ => ("generic", None),
    };
    let out = PyDict::new(py);
    out.set_item("name", frame.name())?;
    out.set_item("kind", kind)?;
    out.set_item("axes_order", frame.axes_order())?;
    out.set_item("axes_names", texts(frame.axes_names()))?;
    out.set_item("axis_physical_types", texts(frame.axis_physical_types()))?;
    out.set_item("units", texts(frame.units()))?;
    let reference = frame.reference_frame();
    out.set_item("reference", reference.map(|frame| frame.name.to_string()))?;
    out.set_item("equinox", reference.and_then(|frame| frame.equinox))?;
    let parts = parts.map(|parts| parts.iter().map(|part| self::frame(py, part)).collect());
    let parts: Option<PyResult<Vec<_>>> = parts;
    let parts = parts.transpose()?;
    out.set_item("frames", parts)?;
    Ok(out)
}

#[pymethods]
impl Wcs {
    #[getter]
    fn name(&self) -> Option<&str> {
        self.0.name()
    }

    #[getter]
    fn path(&self) -> String {
        self.0.path().to_string()
    }

    /// The frames, the pixels first.
    fn frames<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let steps = self.0.steps().iter();
        steps.map(|step| frame(py, &step.frame)).collect()
    }

    /// Lengths of the image, x first.
    #[getter]
    fn pixel_shape(&self) -> Option<Vec<u64>> {
        self.0.pixel_shape().map(<[u64]>::to_vec)
    }

    /// Lowest and highest value of each pixel coordinate.
    #[getter]
    fn bounding_box(&self) -> Option<Vec<Option<(f64, f64)>>> {
        let Some(BoundingBox::Simple(sides)) = self.0.bounding_box() else {
            return None;
        };
        let sides = sides.iter();
        Some(
            sides
                .map(|side| side.map(|side| (side.low, side.high)))
                .collect(),
        )
    }

    #[getter]
    fn n_inputs(&self) -> PyResult<usize> {
        Ok(self.0.program().raise()?.n_inputs())
    }

    #[getter]
    fn n_outputs(&self) -> PyResult<usize> {
        Ok(self.0.program().raise()?.n_outputs())
    }

    #[getter]
    fn has_inverse(&self) -> PyResult<bool> {
        Ok(self.0.backward_program().raise()?.is_some())
    }

    /// Evaluates columns of 64-bit floats. `inverse` is `given`, `numerical` or nothing.
    fn eval(
        &self,
        py: Python<'_>,
        columns: Vec<Bound<'_, PyAny>>,
        from: Option<String>,
        to: Option<String>,
        bounds: bool,
        inverse: Option<&str>,
    ) -> PyResult<Vec<Buffer>> {
        let columns = floats::read(&columns)?;
        let options = EvalOptions {
            from,
            to,
            bounds,
            inverse: inverse.map(|name| match name {
                "numerical" => Inverse::Numerical,
                _ => Inverse::Given,
            }),
        };
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let out = py.detach(|| pool::run(|| self.0.eval(&columns, &options)));
        Ok(floats::give(out?.raise()?))
    }

    /// World coordinates of the pixels of a window, x first, row after row.
    fn grid(&self, py: Python<'_>, x: (u64, u64), y: (u64, u64)) -> PyResult<Vec<Buffer>> {
        let grid = py.detach(|| {
            pool::run(|| {
                let grid = self.0.grid([x.0..x.1, y.0..y.1])?;
                Ok(grid.whole()?.world)
            })
        });
        Ok(floats::give(grid?.raise()?))
    }

    /// World coordinates of the corners, a column each.
    fn footprint(&self, py: Python<'_>, centers: bool) -> PyResult<Vec<Buffer>> {
        let extent = extent(centers);
        let corners = py.detach(|| self.0.footprint(extent)).raise()?;
        Ok(floats::give(corners))
    }

    fn s_region(&self, py: Python<'_>, centers: bool) -> PyResult<String> {
        py.detach(|| self.0.s_region(extent(centers))).raise()
    }

    /// Cards of a header that comes close, and how many pixels it and its way back are off at most.
    fn to_header<'py>(
        &self,
        py: Python<'py>,
        max_error: f64,
        degree: Option<usize>,
    ) -> PyResult<(Vec<(String, Bound<'py, PyAny>, &'static str)>, f64, f64)> {
        let options = SipOptions {
            max_error,
            degree,
            ..SipOptions::default()
        };
        let fit = py.detach(|| pool::run(|| self.0.to_fits_sip(&options)));
        let fit = fit?.raise()?;
        let card = |(keyword, value, comment)| {
            let value = match value {
                SipValue::Integer(value) => value.into_bound_py_any(py)?,
                SipValue::Real(value) => value.into_bound_py_any(py)?,
                SipValue::Text(value) => value.into_bound_py_any(py)?,
            };
            Ok((keyword, value, comment))
        };
        let cards: PyResult<Vec<_>> = fit.cards().into_iter().map(card).collect();
        Ok((cards?, fit.error, fit.inverse_error))
    }
}

fn extent(centers: bool) -> Extent {
    if centers {
        Extent::Centers
    } else {
        Extent::Edges
    }
}
