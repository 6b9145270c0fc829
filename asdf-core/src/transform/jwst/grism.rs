//! Spectra without a slit: `nircam_grism_dispersion`, `niriss_grism_dispersion`, `miri_wfss_dispersion`.
//! Forward from a pixel and the place (x0, y0) of its source to the wavelength, backward from the place and
//! the wavelength to the pixel.

use super::super::model::Model;
use super::super::parameters::Reader;
use super::super::program::Program;
use super::super::reader::Reading;
use super::keyed::Keyed;
use super::trace;
use super::trace::Coefficients;
use super::trace::Trace;
use crate::error::Result;
use crate::tree::Node;
use std::sync::Arc;

/// Values of t that `NIRCam`'s search looks at, and those of the others.
const NIRCAM: usize = 40;
const WIDE_FIELD: usize = 10;

/// The axis of the detector along which the spectrum runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Along {
    Row,
    Column,
}

impl Along {
    /// The distance from the source to the pixel.
    fn distances(self, input: [&[f64]; 4]) -> Vec<f64> {
        let [x, y, x0, y0] = input;
        let (to, from) = match self {
            Self::Row => (x, x0),
            Self::Column => (y, y0),
        };
        to.iter().zip(from).map(|(to, from)| to - from).collect()
    }
}

/// Writes the inputs that are outputs as well, and a column of results.
fn forward_outputs(input: [&[f64]; 3], wavelengths: &[f64], output: &mut [&mut [f64]]) {
    let [x0, y0, order] = input;
    for (column, values) in output.iter_mut().zip([x0, y0, wavelengths, order]) {
        column.copy_from_slice(values);
    }
}

/// Writes pixels at their distances from the sources. Where the wavelength is negative there is none.
fn backward_outputs(input: &[&[f64]], distances: [&[f64]; 2], output: &mut [&mut [f64]]) {
    let ([x, y, wavelength, order], [to_x, to_y, x0, y0, to_order]) = (input, &mut *output) else {
        return;
    };
    for (column, values) in [x0, y0, to_order].into_iter().zip([x, y, order]) {
        column.copy_from_slice(values);
    }
    for ((to, from), far) in [to_x, to_y].into_iter().zip([x, y]).zip(distances) {
        for ((to, from), far) in to.iter_mut().zip(*from).zip(far) {
            *to = from + far;
        }
    }
    for (point, wavelength) in wavelength.iter().enumerate() {
        if *wavelength < 0.0 {
            for column in output.iter_mut() {
                if let Some(value) = column.get_mut(point) {
                    *value = f64::NAN;
                }
            }
        }
    }
}

/// t by the distance along a spectrum of `NIRCam`.
#[derive(Debug)]
enum Distance {
    /// It grows with t.
    Line { offset: f64, slope: f64 },
    /// A polynomial in t.
    Placed(Vec<Program>),
}

/// An order of `NIRCam`, forward.
#[derive(Debug)]
struct NircamForward {
    along: Along,
    distance: Distance,
    wavelength: Trace,
}

impl Model for NircamForward {
    fn arity(&self) -> (usize, usize) {
        (5, 4)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let &[x, y, x0, y0, order] = input else {
            return;
        };
        let mut t = self.along.distances([x, y, x0, y0]);
        match &self.distance {
            Distance::Line { offset, slope } => {
                for t in &mut t {
                    *t = (*t - offset) / slope;
                }
            }
            Distance::Placed(programs) => {
                let coefficients = Coefficients::of(programs, x0, y0);
                for (point, t) in t.iter_mut().enumerate() {
                    let pairs = trace::sorted::<NIRCAM>(|t| coefficients.at(point, t));
                    *t = trace::interpolate(&pairs, *t);
                }
            }
        }
        let wavelengths = self.wavelength.at(&t, x0, y0);
        forward_outputs([x0, y0, order], &wavelengths, output);
    }
}

/// t by the wavelength in `NIRCam`.
#[derive(Debug)]
enum Wavelength {
    /// A function of t alone, as pairs of wavelength and t.
    Table(Vec<(f64, f64)>),
    /// A polynomial in t.
    Placed(Vec<Program>),
}

/// An order of `NIRCam`, backward.
#[derive(Debug)]
struct NircamBackward {
    wavelength: Wavelength,
    distances: [Trace; 2],
}

impl Model for NircamBackward {
    fn arity(&self) -> (usize, usize) {
        (4, 5)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let &[x, y, wavelength, _] = input else {
            return;
        };
        let t: Vec<f64> = match &self.wavelength {
            Wavelength::Table(pairs) => {
                let wavelengths = wavelength.iter();
                wavelengths
                    .map(|wavelength| trace::interpolate(pairs, *wavelength))
                    .collect()
            }
            Wavelength::Placed(programs) => {
                let coefficients = Coefficients::of(programs, x, y);
                let points = wavelength.iter().enumerate();
                let closest = |(point, wavelength): (usize, &f64)| {
                    trace::closest::<NIRCAM>(|t| coefficients.at(point, t) - wavelength)
                };
                points.map(closest).collect()
            }
        };
        let [right, up] = self.distances.each_ref().map(|trace| trace.at(&t, x, y));
        backward_outputs(input, [&right, &up], output);
    }
}

/// A turn of the distances along and across the spectrum.
#[derive(Debug, Clone, Copy)]
struct Turn {
    sin: f64,
    cos: f64,
}

impl Turn {
    fn new(angle: f64) -> Self {
        let (sin, cos) = angle.to_radians().sin_cos();
        Self { sin, cos }
    }

    fn apply(self, x: f64, y: f64) -> (f64, f64) {
        (x * self.cos - y * self.sin, x * self.sin + y * self.cos)
    }
}

/// An order of NIRISS or MIRI, forward.
#[derive(Debug)]
struct WideFieldForward {
    along: Along,
    turn: Turn,
    distances: [Vec<Program>; 2],
    wavelength: Program,
}

impl Model for WideFieldForward {
    fn arity(&self) -> (usize, usize) {
        (5, 4)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let &[x, y, x0, y0, order] = input else {
            return;
        };
        let of = |programs: &Vec<_>| Coefficients::of(programs, x0, y0);
        let [right, up] = self.distances.each_ref().map(of);
        let mut t = self.along.distances([x, y, x0, y0]);
        for (point, t) in t.iter_mut().enumerate() {
            let pairs = trace::sorted::<WIDE_FIELD>(|t| {
                let (right, up) = self.turn.apply(right.at(point, t), up.at(point, t));
                match self.along {
                    Along::Row => right,
                    Along::Column => up,
                }
            });
            *t = trace::extrapolate(&pairs, *t);
        }
        let wavelengths = trace::function(&self.wavelength, &t);
        forward_outputs([x0, y0, order], &wavelengths, output);
    }
}

/// An order of NIRISS or MIRI, backward.
#[derive(Debug)]
struct WideFieldBackward {
    turn: Turn,
    distances: [Vec<Program>; 2],
    /// t by the wavelength.
    wavelength: Program,
}

impl Model for WideFieldBackward {
    fn arity(&self) -> (usize, usize) {
        (4, 5)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let &[x, y, wavelength, _] = input else {
            return;
        };
        let t = trace::function(&self.wavelength, wavelength);
        let of = |programs: &Vec<_>| Coefficients::of(programs, x, y);
        let [right, up] = self.distances.each_ref().map(of);
        let points = t.iter().enumerate();
        let (right, up): (Vec<_>, Vec<_>) = points
            .map(|(point, t)| self.turn.apply(right.at(point, *t), up.at(point, *t)))
            .unzip();
        backward_outputs(input, [&right, &up], output);
    }
}

/// Which way a model goes, by its name.
fn direction(reader: &Reader<'_>, old: &str) -> Result<(bool, Along)> {
    let key = if reader.has("model_type") {
        "model_type"
    } else {
        old
    };
    let name = reader.text(key)?;
    let along = if name.contains("Row") {
        Along::Row
    } else {
        Along::Column
    };
    match (name.contains("Forward"), name.contains("Backward")) {
        (true, false) => Ok((true, along)),
        (false, true) => Ok((false, along)),
        _ => Err(reader.wrong(key, "the name of a forward or backward model")),
    }
}

/// The parts of one order.
struct Order<'n> {
    x: Node<'n>,
    y: Node<'n>,
    wavelength: Node<'n>,
}

/// The orders with the nodes of each.
fn orders<'n>(reader: &Reader<'n>) -> Result<(Vec<f64>, Vec<Order<'n>>)> {
    let orders: Vec<f64> = match reader.array("orders")? {
        (shape, orders) if shape.len() == 1 => orders.into_iter().map(f64::trunc).collect(),
        _ => return Err(reader.wrong("orders", "a list of numbers")),
    };
    let [x, y, wavelength] = [
        reader.list("xmodels")?,
        reader.list("ymodels")?,
        reader.list("lmodels")?,
    ];
    if [x.len(), y.len(), wavelength.len()] != [orders.len(); 3] {
        return Err(reader.wrong(
            "orders",
            "as many as there are xmodels, ymodels and lmodels",
        ));
    }
    let nodes = x.iter().zip(y.iter()).zip(wavelength.iter());
    let nodes = nodes.map(|((x, y), wavelength)| Order { x, y, wavelength });
    Ok((orders, nodes.collect()))
}

/// The models of all orders as one.
fn keyed(forward: bool, keys: Vec<f64>, models: Vec<Arc<dyn Model>>) -> Arc<dyn Model> {
    let (arity, place) = if forward { ((5, 4), 4) } else { ((4, 5), 3) };
    Arc::new(Keyed {
        arity,
        place,
        place_after: None,
        whole: true,
        keys,
        models,
    })
}

impl Reading<'_> {
    /// A transform, or the transforms of a list, with their number of inputs.
    fn programs(
        &mut self,
        reader: &Reader<'_>,
        node: Node<'_>,
        nesting: usize,
    ) -> Result<(usize, Vec<Program>)> {
        let nodes: Vec<_> = match node.as_seq() {
            Some(list) => list.iter().collect(),
            None => vec![node],
        };
        let mut programs = Vec::new();
        for node in nodes {
            programs.push(self.transform(node, nesting + 1)?.program()?);
        }
        let inputs = programs.first().map_or(0, Program::n_inputs);
        let fits = |program: &Program| (program.n_inputs(), program.n_outputs()) == (inputs, 1);
        if !programs.iter().all(fits) || !(inputs == 2 || (inputs == 1 && programs.len() == 1)) {
            let detail =
                "a model of an order is not a function of t, nor a list of functions of x and y";
            return Err(reader.fault(detail));
        }
        Ok((inputs, programs))
    }

    fn trace(&mut self, reader: &Reader<'_>, node: Node<'_>, nesting: usize) -> Result<Trace> {
        let (inputs, mut programs) = self.programs(reader, node, nesting)?;
        match programs.pop() {
            Some(program) if inputs == 1 => Ok(Trace::Alone(program)),
            last => {
                programs.extend(last);
                Ok(Trace::Placed(programs))
            }
        }
    }

    /// A function of t, or of the wavelength, alone.
    fn alone(&mut self, reader: &Reader<'_>, node: Node<'_>, nesting: usize) -> Result<Program> {
        match self.trace(reader, node, nesting)? {
            Trace::Alone(program) => Ok(program),
            Trace::Placed(_) => Err(reader.wrong("lmodels", "functions of one number")),
        }
    }

    /// A polynomial in t.
    fn placed(
        &mut self,
        reader: &Reader<'_>,
        node: Node<'_>,
        nesting: usize,
    ) -> Result<Vec<Program>> {
        match self.trace(reader, node, nesting)? {
            Trace::Placed(programs) => Ok(programs),
            Trace::Alone(_) => Err(reader.wrong("xmodels", "lists of functions of x and y")),
        }
    }

    /// Reads the dispersion of `NIRCam`.
    pub(super) fn nircam_grism(
        &mut self,
        reader: &Reader<'_>,
        nesting: usize,
    ) -> Result<Arc<dyn Model>> {
        let (forward, along) = direction(reader, "class_name")?;
        let (keys, orders) = orders(reader)?;
        let mut models: Vec<Arc<dyn Model>> = Vec::new();
        for order in orders {
            let wavelength = self.trace(reader, order.wavelength, nesting)?;
            if !forward {
                let wavelength = match wavelength {
                    Trace::Placed(programs) => Wavelength::Placed(programs),
                    Trace::Alone(program) => {
                        let t = trace::grid::<NIRCAM>();
                        let wavelengths = trace::function(&program, &t);
                        Wavelength::Table(wavelengths.into_iter().zip(t).collect())
                    }
                };
                let distances = [
                    self.trace(reader, order.x, nesting)?,
                    self.trace(reader, order.y, nesting)?,
                ];
                models.push(Arc::new(NircamBackward {
                    wavelength,
                    distances,
                }));
                continue;
            }
            let node = match along {
                Along::Row => order.x,
                Along::Column => order.y,
            };
            let distance = match self.trace(reader, node, nesting)? {
                Trace::Placed(programs) => Distance::Placed(programs),
                Trace::Alone(_) => line(reader, node)?,
            };
            models.push(Arc::new(NircamForward {
                along,
                distance,
                wavelength,
            }));
        }
        Ok(keyed(forward, keys, models))
    }

    /// Reads the dispersion of NIRISS or MIRI, with an angle in degrees.
    pub(super) fn wide_field(
        &mut self,
        reader: &Reader<'_>,
        angle: f64,
        nesting: usize,
    ) -> Result<Arc<dyn Model>> {
        let (forward, along) = direction(reader, "class_name")?;
        let (keys, orders) = orders(reader)?;
        let turn = Turn::new(angle);
        let mut models: Vec<Arc<dyn Model>> = Vec::new();
        for order in orders {
            let wavelength = self.alone(reader, order.wavelength, nesting)?;
            let distances = [
                self.placed(reader, order.x, nesting)?,
                self.placed(reader, order.y, nesting)?,
            ];
            models.push(if forward {
                Arc::new(WideFieldForward {
                    along,
                    turn,
                    distances,
                    wavelength,
                })
            } else {
                Arc::new(WideFieldBackward {
                    turn,
                    distances,
                    wavelength,
                })
            });
        }
        Ok(keyed(forward, keys, models))
    }
}

/// A polynomial of which the reference takes the first two coefficients.
fn line(reader: &Reader<'_>, node: Node<'_>) -> Result<Distance> {
    let node = node.at(0).unwrap_or(node);
    let (_, coefficients) = reader.at(node).array("coefficients")?;
    match coefficients.as_slice() {
        [offset, slope, ..] => Ok(Distance::Line {
            offset: *offset,
            slope: *slope,
        }),
        _ => Err(reader.fault("a polynomial of the distance has no slope")),
    }
}
