//! A transform as a list of steps over columns of numbers: wiring is done once, points run through in
//! batches.

use super::BoundingBox;
use super::Operator;
use super::model::Model;
use crate::error::Result;
use crate::error::WcsFault;
use rayon::prelude::*;
use std::array;
use std::sync::Arc;

/// Columns that a model reads or writes at most.
pub(super) const WIDEST: usize = 32;
/// Bytes of all columns of a batch, about what a core keeps near.
const BATCH_BYTES: usize = 128 << 10;
/// Points of a batch at least and at most.
const BATCH: (usize, usize) = (16, 1024);
/// Points from which on the work is shared among threads.
const PARALLEL: usize = 1 << 14;

/// A transform ready for evaluation.
#[derive(Debug, Clone)]
pub struct Program {
    pub(super) inputs: usize,
    pub(super) columns: usize,
    pub(super) steps: Vec<Step>,
    /// The columns that hold the results.
    pub(super) outputs: Vec<usize>,
    pub(super) bounding_box: Option<BoundingBox>,
}

/// Reads columns, writes the columns from `first` on.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) action: Action,
    pub(super) read: Vec<usize>,
    pub(super) first: usize,
    pub(super) count: usize,
}

#[derive(Debug, Clone)]
pub(super) enum Action {
    Model(Arc<dyn Model>),
    Combine(Operator),
    Fill(f64),
}

impl Program {
    /// The number of coordinates of a point that is evaluated.
    pub fn n_inputs(&self) -> usize {
        self.inputs
    }

    /// The number of coordinates of its result.
    pub fn n_outputs(&self) -> usize {
        self.outputs.len()
    }

    /// Leaves the bounding box out: points outside have results, too.
    #[must_use]
    pub fn unbounded(mut self) -> Self {
        self.bounding_box = None;
        self
    }

    /// Evaluates points: `input[i]` holds input `i` of all of them, and so do the columns of the
    /// result. NaN is what has no result: points outside of the bounding box, or of a model's domain.
    ///
    /// # Errors
    /// The number of columns is not that of the inputs, or they differ in length.
    pub fn eval(&self, input: &[&[f64]]) -> Result<Vec<Vec<f64>>> {
        let count = input.first().map_or(0, |column| column.len());
        if input.len() != self.inputs || input.iter().any(|column| column.len() != count) {
            return Err(WcsFault::Columns {
                found: input.len(),
                inputs: self.inputs,
            }
            .into());
        }
        Ok(self.eval_with(count, |start, places| {
            for (place, column) in places.iter_mut().zip(input) {
                if let Some(values) = column.get(start..start + place.len()) {
                    place.copy_from_slice(values);
                }
            }
        }))
    }

    /// Evaluates all points into columns that are there already; an error leaves them as they are.
    pub(super) fn eval_into(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        let Ok(results) = self.eval(input) else {
            return;
        };
        for (column, values) in output.iter_mut().zip(results) {
            column.copy_from_slice(&values);
        }
    }

    /// Evaluates points that `fill` makes: it is given the number of the first one, and for each input the
    /// places of some of them.
    pub(crate) fn eval_with(
        &self,
        count: usize,
        fill: impl Fn(usize, &mut [&mut [f64]]) + Sync,
    ) -> Vec<Vec<f64>> {
        let mut output = vec![vec![0.0; count]; self.outputs.len()];
        let batch = (BATCH_BYTES / 8 / self.columns.max(1)).clamp(BATCH.0, BATCH.1);
        let mut jobs: Vec<(usize, Vec<&mut [f64]>)> = (0..count.div_ceil(batch))
            .map(|number| (number * batch, Vec::with_capacity(self.outputs.len())))
            .collect();
        for column in &mut output {
            for (job, part) in jobs.iter_mut().zip(column.chunks_mut(batch)) {
                job.1.push(part);
            }
        }
        let run = |columns: &mut Vec<f64>, (start, parts): &mut (usize, Vec<&mut [f64]>)| {
            let length = batch.min(count - *start);
            columns.resize(self.columns * length, 0.0);
            let mut places: Vec<&mut [f64]> =
                columns.chunks_exact_mut(length).take(self.inputs).collect();
            fill(*start, &mut places);
            self.run(parts, columns, length);
        };
        if count < PARALLEL {
            let mut columns = Vec::new();
            for job in &mut jobs {
                run(&mut columns, job);
            }
        } else {
            jobs.par_iter_mut().for_each_init(Vec::new, run);
        }
        output
    }

    /// Evaluates a batch whose inputs stand in the first columns.
    fn run(&self, output: &mut [&mut [f64]], columns: &mut [f64], length: usize) {
        for step in &self.steps {
            step.run(columns, length);
        }
        for (place, values) in self.outputs.iter().zip(output.iter_mut()) {
            values.copy_from_slice(column(columns, *place, length));
        }
        if let Some(bounding_box) = &self.bounding_box {
            let input: Vec<&[f64]> = (0..self.inputs)
                .map(|place| column(columns, place, length))
                .collect();
            bounding_box.blank(&input, output);
        }
    }
}

fn column(columns: &[f64], place: usize, length: usize) -> &[f64] {
    columns
        .get(place * length..(place + 1) * length)
        .unwrap_or_default()
}

impl Step {
    fn run(&self, columns: &mut [f64], length: usize) {
        let (before, after) = columns.split_at_mut(self.first * length);
        let mut written = after.chunks_exact_mut(length.max(1));
        let mut output: [&mut [f64]; WIDEST] = array::from_fn(|number| {
            if number < self.count {
                written.next().unwrap_or_default()
            } else {
                &mut []
            }
        });
        let output = output.get_mut(..self.count).unwrap_or_default();
        match &self.action {
            Action::Model(model) => {
                let input: [&[f64]; WIDEST] =
                    array::from_fn(|number| match self.read.get(number) {
                        Some(place) => column(before, *place, length),
                        None => &[],
                    });
                let input = input.get(..self.read.len()).unwrap_or_default();
                model.eval(input, output);
            }
            Action::Combine(operator) => {
                if let ([left, right], [values]) = (self.read.as_slice(), output) {
                    let (left, right) = (
                        column(before, *left, length),
                        column(before, *right, length),
                    );
                    operator.combine(left, right, values);
                }
            }
            Action::Fill(value) => {
                for values in output {
                    values.fill(*value);
                }
            }
        }
    }
}

impl Operator {
    fn combine(self, left: &[f64], right: &[f64], values: &mut [f64]) {
        let points = values.iter_mut().zip(left).zip(right);
        match self {
            Self::Add => points.for_each(|((value, left), right)| *value = left + right),
            Self::Subtract => points.for_each(|((value, left), right)| *value = left - right),
            Self::Multiply => points.for_each(|((value, left), right)| *value = left * right),
            Self::Divide => points.for_each(|((value, left), right)| *value = left / right),
            Self::Power => points.for_each(|((value, left), right)| *value = left.powf(*right)),
        }
    }
}
