//! A transform as a list of steps over columns of numbers: wiring is done once, points run through in
//! batches.

use super::BoundingBox;
use super::Kind;
use super::Operator;
use super::Transform;
use super::model::Model;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::Usage;
use rayon::prelude::*;
use std::array;
use std::collections::HashMap;
use std::sync::Arc;

/// Columns that a model reads or writes at most.
const WIDEST: usize = 32;
/// Columns of a program at most: shared transforms multiply.
const COLUMNS: usize = 100_000;
/// Parts within parts.
const NESTING: usize = 200;
/// Bytes of all columns of a batch, about what a core keeps near.
const BATCH_BYTES: usize = 128 << 10;
/// Points of a batch at least and at most.
const BATCH: (usize, usize) = (16, 1024);
/// Points from which on the work is shared among threads.
const PARALLEL: usize = 1 << 14;

/// A transform ready for evaluation.
#[derive(Debug, Clone)]
pub struct Program {
    inputs: usize,
    columns: usize,
    steps: Vec<Step>,
    /// The columns that hold the results.
    outputs: Vec<usize>,
    bounding_box: Option<BoundingBox>,
}

/// Reads columns, writes the columns from `first` on.
#[derive(Debug, Clone)]
struct Step {
    action: Action,
    read: Vec<usize>,
    first: usize,
    count: usize,
}

#[derive(Debug, Clone)]
enum Action {
    Model(Arc<dyn Model>),
    Combine(Operator),
    Fill(f64),
}

impl Program {
    pub(super) fn of(transform: &Transform) -> Result<Self> {
        let inputs = width(transform)?;
        if inputs > COLUMNS {
            return Err(misfit(transform, &format!("more than {COLUMNS} inputs")));
        }
        let mut wiring = Wiring {
            columns: inputs,
            steps: Vec::new(),
            known: HashMap::new(),
        };
        let outputs = wiring.add(transform, &(0..inputs).collect::<Vec<_>>(), 0)?;
        Ok(Self {
            inputs,
            columns: wiring.columns,
            steps: wiring.steps,
            outputs,
            bounding_box: transform.bounding_box().cloned(),
        })
    }

    /// Numbers that a point has before.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Numbers that a point has after.
    pub fn outputs(&self) -> usize {
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
            let reason = format!(
                "{} columns of points for a transform of {} inputs, or columns of different lengths",
                input.len(),
                self.inputs
            );
            return Err(Usage::Points {
                reason: reason.into(),
            }
            .into());
        }
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
            let length = parts.first().map_or(0, |part| part.len());
            let parts_in: Vec<&[f64]> = input
                .iter()
                .map(|column| column.get(*start..*start + length).unwrap_or_default())
                .collect();
            self.run(&parts_in, parts, columns);
        };
        if count < PARALLEL {
            let mut columns = Vec::new();
            for job in &mut jobs {
                run(&mut columns, job);
            }
        } else {
            jobs.par_iter_mut().for_each_init(Vec::new, run);
        }
        Ok(output)
    }

    /// Evaluates a batch; `columns` is room that is used again.
    fn run(&self, input: &[&[f64]], output: &mut [&mut [f64]], columns: &mut Vec<f64>) {
        let length = input.first().map_or(0, |column| column.len());
        columns.resize(self.columns * length, 0.0);
        for (column, values) in columns.chunks_exact_mut(length.max(1)).zip(input) {
            column.copy_from_slice(values);
        }
        for step in &self.steps {
            step.run(columns, length);
        }
        for (place, values) in self.outputs.iter().zip(output.iter_mut()) {
            values.copy_from_slice(column(columns, *place, length));
        }
        if let Some(bounding_box) = &self.bounding_box {
            bounding_box.blank(input, output);
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
        let each = |values: &mut [f64], operation: fn(f64, f64) -> f64| {
            for ((value, left), right) in values.iter_mut().zip(left).zip(right) {
                *value = operation(*left, *right);
            }
        };
        match self {
            Self::Add => each(values, |left, right| left + right),
            Self::Subtract => each(values, |left, right| left - right),
            Self::Multiply => each(values, |left, right| left * right),
            Self::Divide => each(values, |left, right| left / right),
            Self::Power => each(values, f64::powf),
        }
    }
}

/// How many inputs a transform has.
fn width(transform: &Transform) -> Result<usize> {
    let arity = transform.0.arity.ok_or_else(|| transform.blame())?;
    Ok(arity.0)
}

fn misfit(transform: &Transform, detail: &str) -> crate::error::Error {
    let error = crate::error::Error::from(Malformed::Transform {
        detail: detail.into(),
    });
    error.at_path(|| transform.path())
}

/// A program under construction.
struct Wiring {
    columns: usize,
    steps: Vec<Step>,
    /// The results of transforms that are used again with the same inputs.
    known: HashMap<(usize, Vec<usize>), Vec<usize>>,
}

impl Wiring {
    /// Adds a transform of the given columns; gives the columns of its results.
    fn add(
        &mut self,
        transform: &Transform,
        input: &[usize],
        nesting: usize,
    ) -> Result<Vec<usize>> {
        if nesting > NESTING {
            return Err(misfit(transform, "its parts nest too deep"));
        }
        let key = (Arc::as_ptr(&transform.0).addr(), input.to_vec());
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let output = match &transform.0.kind {
            Kind::Model(model) => self.model(transform, model, input)?,
            Kind::Compose(left, right) => {
                let between = self.add(left, input, nesting + 1)?;
                self.add(right, &between, nesting + 1)?
            }
            Kind::Concatenate(left, right) => {
                let (ours, theirs) = input
                    .split_at_checked(width(left)?)
                    .ok_or_else(|| misfit(transform, "it has fewer inputs than its parts"))?;
                let mut output = self.add(left, ours, nesting + 1)?;
                output.extend(self.add(right, theirs, nesting + 1)?);
                output
            }
            Kind::Arithmetic(operator, left, right) => {
                let left = self.add(left, input, nesting + 1)?;
                let right = self.add(right, input, nesting + 1)?;
                self.combine(transform, *operator, &left, &right)?
            }
            Kind::Fix(inner, fixed) => {
                let mut all = input.to_vec();
                for (place, value) in fixed {
                    let filled = self.step(transform, Action::Fill(*value), Vec::new(), 1)?;
                    if *place > all.len() {
                        return Err(misfit(transform, "it fixes an input that is not there"));
                    }
                    all.insert(*place, filled);
                }
                self.add(inner, &all, nesting + 1)?
            }
            Kind::Remap { inputs, mapping } => {
                if input.len() != *inputs {
                    let detail = format!("it has {inputs} inputs and is given {}", input.len());
                    return Err(misfit(transform, &detail));
                }
                let moved: Option<Vec<_>> = mapping
                    .iter()
                    .map(|from| input.get(*from).copied())
                    .collect();
                moved.ok_or_else(|| {
                    misfit(transform, "its mapping names an input that is not there")
                })?
            }
            Kind::Unknown => return Err(transform.blame()),
        };
        self.known.insert(key, output.clone());
        Ok(output)
    }

    fn model(
        &mut self,
        transform: &Transform,
        model: &Arc<dyn Model>,
        input: &[usize],
    ) -> Result<Vec<usize>> {
        let (inputs, outputs) = model.arity();
        if input.len() != inputs {
            let detail = format!("it has {inputs} inputs and is given {}", input.len());
            return Err(misfit(transform, &detail));
        }
        if inputs > WIDEST || outputs > WIDEST {
            return Err(misfit(
                transform,
                &format!("more than {WIDEST} inputs or outputs"),
            ));
        }
        let first = self.step(
            transform,
            Action::Model(model.clone()),
            input.to_vec(),
            outputs,
        )?;
        Ok((first..first + outputs).collect())
    }

    fn combine(
        &mut self,
        transform: &Transform,
        operator: Operator,
        left: &[usize],
        right: &[usize],
    ) -> Result<Vec<usize>> {
        if left.len() != right.len() {
            let detail = format!("it combines {} outputs with {}", left.len(), right.len());
            return Err(misfit(transform, &detail));
        }
        let pairs = left.iter().zip(right);
        pairs
            .map(|(left, right)| {
                self.step(transform, Action::Combine(operator), vec![*left, *right], 1)
            })
            .collect()
    }

    /// Adds a step; gives the first column that it writes.
    fn step(
        &mut self,
        transform: &Transform,
        action: Action,
        read: Vec<usize>,
        count: usize,
    ) -> Result<usize> {
        if self.columns + count > COLUMNS {
            let detail = format!("more than {COLUMNS} numbers for a point");
            return Err(misfit(transform, &detail));
        }
        let first = self.columns;
        self.columns += count;
        self.steps.push(Step {
            action,
            read,
            first,
            count,
        });
        Ok(first)
    }
}
