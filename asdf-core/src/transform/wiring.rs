//! From the tree of a transform to the steps of a program: which column each model reads and writes, and
//! where units are converted on the way.

use super::Kind;
use super::Operator;
use super::Transform;
use super::linear;
use super::model::Model;
use super::optimise::optimise;
use super::program::Action;
use super::program::Program;
use super::program::Step;
use super::program::WIDEST;
use super::units::Equivalency;
use super::units::InputUnit;
use super::units::OutputUnit;
use super::units::Units;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::unit::Unit;
use std::collections::HashMap;
use std::sync::Arc;

/// Columns of a program at most: shared transforms multiply.
const COLUMNS: usize = 100_000;
/// Parts within parts.
const NESTING: usize = 200;

impl Transform {
    /// The transform ready for evaluation.
    ///
    /// # Errors
    /// A transform in it is not known, or the numbers of its parts do not fit each other.
    pub fn program(&self) -> Result<Program> {
        self.program_in(None, None)
    }

    /// The same with the units of the inputs and outputs, which count when a parameter in the transform is a
    /// quantity. Numbers whose unit is not given are in that which the first model wants, and results in that of the last.
    pub(crate) fn program_in(
        &self,
        inputs: Option<&[Option<Unit>]>,
        outputs: Option<&[Option<Unit>]>,
    ) -> Result<Program> {
        program(
            self,
            inputs.unwrap_or_default(),
            outputs.unwrap_or_default(),
        )
    }
}

/// The program of a transform whose inputs and outputs have these units, where they are known.
pub(super) fn program(
    transform: &Transform,
    inputs: &[Option<Unit>],
    outputs: &[Option<Unit>],
) -> Result<Program> {
    let count = width(transform)?;
    if count > COLUMNS {
        return Err(misfit(transform, &format!("more than {COLUMNS} inputs")));
    }
    let mut units = vec![None; count];
    if transform.uses_units() {
        for (unit, given) in units.iter_mut().zip(inputs) {
            unit.clone_from(given);
        }
    }
    let mut wiring = Wiring {
        steps: Vec::new(),
        known: HashMap::new(),
        uses_units: transform.uses_units(),
        units,
    };
    let mut results = wiring.add(transform, &(0..count).collect::<Vec<_>>(), 0)?;
    for (column, wanted) in results.iter_mut().zip(outputs) {
        if let Some(wanted) = wanted {
            *column = wiring.convert(transform, *column, wanted, &[])?;
        }
    }
    let mut program = Program {
        inputs: count,
        columns: wiring.units.len(),
        steps: wiring.steps,
        outputs: results,
        bounding_box: transform.bounding_box().cloned(),
    };
    optimise(&mut program);
    Ok(program)
}

/// How many inputs a transform has.
fn width(transform: &Transform) -> Result<usize> {
    let arity = transform.0.arity.ok_or_else(|| transform.blame())?;
    Ok(arity.0)
}

fn misfit(transform: &Transform, detail: &str) -> Error {
    let error = Error::from(Malformed::Transform {
        detail: detail.into(),
    });
    error.at_path(|| transform.path())
}

/// A program under construction.
struct Wiring {
    steps: Vec<Step>,
    /// The results of transforms that are used again with the same inputs.
    known: HashMap<(usize, Vec<usize>), Vec<usize>>,
    /// False where numbers are taken as they are.
    uses_units: bool,
    /// The unit of each column, where it has one.
    units: Vec<Option<Unit>>,
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
            Kind::Model(model, units) => self.model(transform, model, units, input)?,
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
                for fixed in fixed {
                    let unit = fixed.unit.clone();
                    let filled =
                        self.step(transform, Action::Fill(fixed.value), Vec::new(), vec![unit])?;
                    if fixed.place > all.len() {
                        return Err(misfit(transform, "it fixes an input that is not there"));
                    }
                    all.insert(fixed.place, filled);
                }
                self.add(inner, &all, nesting + 1)?
            }
            Kind::Remap { inputs, mapping } => remap(transform, *inputs, mapping, input)?,
            Kind::Unknown => return Err(transform.blame()),
        };
        self.known.insert(key, output.clone());
        Ok(output)
    }

    fn model(
        &mut self,
        transform: &Transform,
        model: &Arc<dyn Model>,
        units: &Units,
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
        let mut input = input.to_vec();
        let mut given = vec![None; outputs];
        if self.uses_units {
            for (column, taken) in input.iter_mut().zip(&units.taken) {
                if let InputUnit::In(unit, equivalencies) = taken {
                    *column = self.convert(transform, *column, unit, equivalencies)?;
                }
            }
            for (unit, given) in given.iter_mut().zip(&units.given) {
                *unit = self.given(given, &input);
            }
        }
        let first = self.step(transform, Action::Model(model.clone()), input, given)?;
        Ok((first..first + outputs).collect())
    }

    /// The unit of a result.
    fn given(&self, given: &OutputUnit, input: &[usize]) -> Option<Unit> {
        match given {
            OutputUnit::Dimensionless => None,
            OutputUnit::Unit(unit) => Some(unit.clone()),
            OutputUnit::Times(from, factor) => {
                let own = input.get(*from).and_then(|column| self.unit(*column));
                // A number without unit that is multiplied with something per pixel is one of pixels.
                let pixels = factor.power_of("pix");
                match own {
                    Some(own) => Some(own.times(factor)),
                    None if *factor == Unit::NONE => None,
                    None => {
                        let pixel = Unit::parse("pix").unwrap_or(Unit::NONE);
                        Some(factor.times(&pixel.power(-pixels)))
                    }
                }
            }
        }
    }

    fn unit(&self, column: usize) -> Option<Unit> {
        self.units.get(column).cloned().flatten()
    }

    /// The column in another unit; as it is when it has none.
    fn convert(
        &mut self,
        transform: &Transform,
        column: usize,
        wanted: &Unit,
        equivalencies: &[Equivalency],
    ) -> Result<usize> {
        let Some(unit) = self.unit(column) else {
            return Ok(column);
        };
        // Numbers that are only called dimensionless are taken as they are.
        if unit == Unit::NONE {
            return Ok(column);
        }
        let model = match unit.factor_to(wanted) {
            Some(factor) if (factor - 1.0).abs() < f64::EPSILON => return Ok(column),
            Some(factor) => linear::scale(factor),
            None => {
                let by = |equivalency: &Equivalency| equivalency.model(&unit, wanted);
                equivalencies.iter().find_map(by).ok_or_else(|| {
                    let detail = format!("a number in {unit} where {wanted} is expected");
                    misfit(transform, &detail)
                })?
            }
        };
        let given = vec![Some(wanted.clone())];
        self.step(transform, Action::Model(model), vec![column], given)
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
        let mut output = Vec::with_capacity(left.len());
        for (left, right) in left.iter().zip(right) {
            let (ours, theirs) = (self.unit(*left), self.unit(*right));
            let mut right = *right;
            let known = |unit: &Option<Unit>| unit.clone().unwrap_or(Unit::NONE);
            let unit = match operator {
                Operator::Add | Operator::Subtract => {
                    if let Some(unit) = &ours {
                        right = self.convert(transform, right, unit, &[])?;
                    }
                    ours.or(theirs)
                }
                Operator::Multiply if ours.is_some() || theirs.is_some() => {
                    Some(known(&ours).times(&known(&theirs)))
                }
                Operator::Divide if ours.is_some() || theirs.is_some() => {
                    Some(known(&ours).times(&known(&theirs).power(-1.0)))
                }
                Operator::Multiply | Operator::Divide | Operator::Power => None,
            };
            let read = vec![*left, right];
            output.push(self.step(transform, Action::Combine(operator), read, vec![unit])?);
        }
        Ok(output)
    }

    /// Adds a step whose results have these units; gives the first column that it writes.
    fn step(
        &mut self,
        transform: &Transform,
        action: Action,
        read: Vec<usize>,
        units: Vec<Option<Unit>>,
    ) -> Result<usize> {
        let first = self.units.len();
        if first + units.len() > COLUMNS {
            let detail = format!("more than {COLUMNS} numbers for a point");
            return Err(misfit(transform, &detail));
        }
        self.steps.push(Step {
            action,
            read,
            first,
            count: units.len(),
        });
        self.units.extend(units);
        Ok(first)
    }
}

fn remap(
    transform: &Transform,
    inputs: usize,
    mapping: &[usize],
    input: &[usize],
) -> Result<Vec<usize>> {
    if input.len() != inputs {
        let detail = format!("it has {inputs} inputs and is given {}", input.len());
        return Err(misfit(transform, &detail));
    }
    let moved = mapping.iter().map(|from| input.get(*from).copied());
    let moved: Option<Vec<_>> = moved.collect();
    moved.ok_or_else(|| misfit(transform, "its mapping names an input that is not there"))
}
