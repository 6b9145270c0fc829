//! A model that is chosen by one of the inputs.

use super::super::Transform;
use super::super::model::Model;
use super::super::program::Program;
use crate::error::Result;
use std::sync::Arc;
use std::sync::OnceLock;

/// A model for each key: each point goes through that of its own. All have the same numbers of inputs and
/// outputs, the key among them.
#[derive(Debug)]
pub(super) struct Keyed {
    pub(super) arity: (usize, usize),
    /// The input that holds the key.
    pub(super) place: usize,
    /// The output that holds it, if one does.
    pub(super) place_after: Option<usize>,
    /// Whether only the whole part of the input counts.
    pub(super) whole: bool,
    pub(super) keys: Vec<f64>,
    pub(super) models: Vec<Arc<dyn Model>>,
}

impl Keyed {
    /// The model's number.
    fn choice(&self, key: f64) -> Option<usize> {
        let key = if self.whole { key.trunc() } else { key };
        #[expect(clippy::float_cmp, reason = "keys are the same or not")]
        self.keys.iter().position(|known| *known == key)
    }

    /// Evaluates some of the points.
    fn eval_some(
        model: &dyn Model,
        points: &[(usize, usize)],
        input: &[&[f64]],
        output: &mut [&mut [f64]],
    ) {
        let gather = |column: &&[f64]| -> Vec<f64> {
            let values = points.iter().map(|(_, point)| column.get(*point).copied());
            values.map(|value| value.unwrap_or(f64::NAN)).collect()
        };
        let gathered: Vec<_> = input.iter().map(gather).collect();
        let gathered: Vec<_> = gathered.iter().map(Vec::as_slice).collect();
        let mut results = vec![vec![f64::NAN; points.len()]; output.len()];
        let mut columns: Vec<_> = results.iter_mut().map(Vec::as_mut_slice).collect();
        model.eval(&gathered, &mut columns);
        for (column, values) in output.iter_mut().zip(results) {
            for ((_, point), value) in points.iter().zip(values) {
                if let Some(slot) = column.get_mut(*point) {
                    *slot = value;
                }
            }
        }
    }
}

impl Model for Keyed {
    fn arity(&self) -> (usize, usize) {
        self.arity
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        for column in output.iter_mut() {
            column.fill(f64::NAN);
        }
        let Some(keys) = input.get(self.place) else {
            return;
        };
        let chosen = |(point, key): (usize, &f64)| Some((self.choice(*key)?, point));
        let mut points: Vec<_> = keys.iter().enumerate().filter_map(chosen).collect();
        points.sort_unstable();
        for group in points.chunk_by(|left, right| left.0 == right.0) {
            let model = group.first().and_then(|point| self.models.get(point.0));
            let Some(model) = model else { continue };
            if group.len() == keys.len() {
                model.eval(input, output);
            } else {
                Self::eval_some(model.as_ref(), group, input, output);
            }
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        let models: Option<_> = self.models.iter().map(|model| model.inverse()).collect();
        Some(Arc::new(Self {
            arity: (self.arity.1, self.arity.0),
            place: self.place_after?,
            place_after: Some(self.place),
            whole: self.whole,
            keys: self.keys.clone(),
            models: models?,
        }))
    }
}

/// A transform as a model.
#[derive(Debug)]
pub(super) struct Whole {
    transform: Transform,
    program: Program,
    /// Found once: transforms within transforms would be inverted again and again.
    inverse: OnceLock<Option<Arc<dyn Model>>>,
}

impl Whole {
    pub(super) fn new(transform: Transform) -> Result<Self> {
        let program = transform.program()?;
        Ok(Self {
            transform,
            program,
            inverse: OnceLock::new(),
        })
    }
}

impl Model for Whole {
    fn arity(&self) -> (usize, usize) {
        (self.program.n_inputs(), self.program.n_outputs())
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        self.program.eval_into(input, output);
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        let find = || -> Option<Arc<dyn Model>> {
            let inverse = Self::new(self.transform.inverse()?).ok()?;
            Some(Arc::new(inverse))
        };
        self.inverse.get_or_init(find).clone()
    }
}
