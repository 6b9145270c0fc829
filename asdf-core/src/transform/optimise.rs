//! Steps of a program joined where the results stay the same but for rounding: lines after lines, rotations
//! after rotations, a vector that is made a direction and a vector again. What nothing reads is left out.

use super::model::Model;
use super::model::Role;
use super::program::Action;
use super::program::Program;
use super::program::Step;
use super::{linear, optics, rotation};
use std::collections::HashMap;
use std::sync::Arc;

/// Factors closer to 1 than this are 1.
const SAME: f64 = 4.0 * f64::EPSILON;

/// Joins the steps of a program.
pub(super) fn optimise(program: &mut Program) {
    let mut joining = Joining {
        steps: std::mem::take(&mut program.steps),
        writers: HashMap::new(),
        same: HashMap::new(),
    };
    joining.join();
    for output in &mut program.outputs {
        *output = joining.place(*output);
    }
    joining.forget_lengths(&program.outputs);
    program.steps = joining.steps;
    sweep(program);
}

struct Joining {
    steps: Vec<Step>,
    /// Which step writes a column.
    writers: HashMap<usize, usize>,
    /// Columns that hold what another holds.
    same: HashMap<usize, usize>,
}

impl Joining {
    /// The column that is read instead of one.
    fn place(&self, column: usize) -> usize {
        self.same.get(&column).copied().unwrap_or(column)
    }

    fn role(&self, step: usize) -> Role {
        match self.steps.get(step).map(|step| &step.action) {
            Some(Action::Model(model)) => model.role(),
            _ => Role::Other,
        }
    }

    /// The step that writes all these columns, in this order and no others.
    fn writer(&self, columns: &[usize]) -> Option<usize> {
        let number = *self.writers.get(columns.first()?)?;
        let step = self.steps.get(number)?;
        let written = step.first..step.first + step.count;
        written.eq(columns.iter().copied()).then_some(number)
    }

    /// Goes through the steps once, from the first on.
    fn join(&mut self) {
        for number in 0..self.steps.len() {
            let places: Vec<usize> = match self.steps.get(number) {
                Some(step) => step.read.iter().map(|column| self.place(*column)).collect(),
                None => continue,
            };
            let before = self.writer(&places);
            let joined = before.and_then(|before| self.pair(before, number));
            let Some(step) = self.steps.get_mut(number) else {
                continue;
            };
            step.read = places;
            if let (Some((model, read)), Action::Model(own)) = (joined, &mut step.action) {
                *own = model;
                step.read = read;
            }
            let (first, count, read) = (step.first, step.count, step.read.clone());
            for column in first..first + count {
                self.writers.insert(column, number);
            }
            if let (Role::Line { slope, intercept }, [from]) = (self.role(number), read.as_slice())
                && (slope - 1.0).abs() <= SAME
                && intercept == 0.0
            {
                self.same.insert(first, *from);
            }
        }
    }

    /// What two steps, one of the results of the other, do together, and what it reads.
    fn pair(&self, before: usize, after: usize) -> Option<(Arc<dyn Model>, Vec<usize>)> {
        let read = self.steps.get(before)?.read.clone();
        let model = match (self.role(before), self.role(after)) {
            (
                Role::Line { slope, intercept },
                Role::Line {
                    slope: factor,
                    intercept: offset,
                },
            ) => {
                let (slope, intercept) = (slope * factor, intercept * factor + offset);
                if !slope.is_finite() || !intercept.is_finite() {
                    return None;
                }
                linear::line(slope, intercept)
            }
            (Role::Rotation(first), Role::Rotation(second)) => rotation::vectors(&second, &first),
            (Role::ToSpherical, Role::ToCartesian) => optics::unit_vector(),
            _ => return None,
        };
        Some((model, read))
    }

    /// Leaves out making vectors 1 long where only their directions count in the end.
    fn forget_lengths(&mut self, outputs: &[usize]) {
        let mut directions = vec![false; self.steps.len()];
        for number in (0..self.steps.len()).rev() {
            let Some(step) = self.steps.get(number) else {
                continue;
            };
            let written: Vec<usize> = (step.first..step.first + step.count).collect();
            if written.iter().any(|column| outputs.contains(column)) {
                continue;
            }
            let role = self.role(number);
            if !matches!(role, Role::Rotation(_) | Role::UnitVector) {
                continue;
            }
            let only = self
                .steps
                .iter()
                .enumerate()
                .skip(number + 1)
                .all(|(later, step)| {
                    !step.read.iter().any(|column| written.contains(column))
                        || step.read == written
                            && (self.role(later) == Role::ToSpherical
                                || directions.get(later) == Some(&true))
                });
            if let Some(direction) = directions.get_mut(number) {
                *direction = only;
            }
        }
        for (number, only) in directions.into_iter().enumerate() {
            if !only || self.role(number) != Role::UnitVector {
                continue;
            }
            let Some(step) = self.steps.get(number) else {
                continue;
            };
            let (from, first, count) = (step.read.clone(), step.first, step.count);
            for step in self.steps.iter_mut().skip(number + 1) {
                if step.read.iter().copied().eq(first..first + count) {
                    step.read.clone_from(&from);
                }
            }
        }
        self.join_rotations();
    }

    /// Rotations that have come to stand one after the other.
    fn join_rotations(&mut self) {
        for number in 0..self.steps.len() {
            let Some(before) = self
                .steps
                .get(number)
                .and_then(|step| self.writer(&step.read))
            else {
                continue;
            };
            let both = (self.role(before), self.role(number));
            let (Role::Rotation(_), Role::Rotation(_)) = both else {
                continue;
            };
            let Some((model, read)) = self.pair(before, number) else {
                continue;
            };
            if let Some(step) = self.steps.get_mut(number) {
                step.action = Action::Model(model);
                step.read = read;
            }
        }
    }
}

/// Leaves out steps whose results nothing reads, and numbers the columns anew.
fn sweep(program: &mut Program) {
    let mut needed = vec![false; program.columns];
    let need = |columns: &[usize], needed: &mut Vec<bool>| {
        for column in columns {
            if let Some(flag) = needed.get_mut(*column) {
                *flag = true;
            }
        }
    };
    need(&program.outputs, &mut needed);
    let mut steps = Vec::with_capacity(program.steps.len());
    for step in std::mem::take(&mut program.steps).into_iter().rev() {
        let written = needed.get(step.first..step.first + step.count);
        if written.is_some_and(|written| written.contains(&true)) {
            need(&step.read, &mut needed);
            steps.push(step);
        }
    }
    steps.reverse();
    let mut numbers: HashMap<usize, usize> =
        (0..program.inputs).map(|column| (column, column)).collect();
    let mut columns = program.inputs;
    for step in &mut steps {
        for column in &mut step.read {
            *column = numbers.get(column).copied().unwrap_or(*column);
        }
        for column in 0..step.count {
            numbers.insert(step.first + column, columns + column);
        }
        step.first = columns;
        columns += step.count;
    }
    for column in &mut program.outputs {
        *column = numbers.get(column).copied().unwrap_or(*column);
    }
    program.steps = steps;
    program.columns = columns;
}
