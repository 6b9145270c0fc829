//! `label_mapper` and `regions_selector` of gwcs: a transform that depends on the region a point lies in.

use super::Transform;
use super::model::Model;
use super::parameters::Reader;
use super::parameters::number;
use super::program::Program;
use super::reader::Reading;
use crate::array::is_array;
use crate::error::Result;
use crate::tree::Node;
use crate::tree::Value;
use std::sync::Arc;
use std::sync::OnceLock;

/// The label of the region that a point lies in.
#[derive(Debug)]
struct LabelMapper {
    inputs: usize,
    mapper: Mapper,
    /// What finds the label from the outputs of the regions' transforms.
    inverse: Option<Arc<dyn Model>>,
}

#[derive(Debug)]
enum Mapper {
    /// A label for each pixel: row by the second input, column by the first, both rounded.
    Pixels { columns: usize, labels: Vec<f64> },
    /// The transform whose label the key is close to.
    Close {
        key: Program,
        tolerance: f64,
        models: Vec<(f64, Program)>,
    },
    /// The transform in whose range, the ends left out, the key lies.
    Range {
        key: Program,
        models: Vec<([f64; 2], Program)>,
    },
    /// The transform gives the label.
    Whole(Program),
}

/// What a point has that lies in no region of a list.
const NO_LABEL: f64 = 0.0;
/// Beside the absolute tolerance of labels, as `numpy.isclose` has it.
const RELATIVE: f64 = 1e-5;

impl Model for LabelMapper {
    fn arity(&self) -> (usize, usize) {
        (self.inputs, 1)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        match &self.mapper {
            Mapper::Pixels { columns, labels } => {
                let ([x, y], [label]) = (input, output) else {
                    return;
                };
                for ((label, x), y) in label.iter_mut().zip(*x).zip(*y) {
                    *label = pixel(*columns, labels, *x, *y);
                }
            }
            Mapper::Close {
                key,
                tolerance,
                models,
            } => {
                let near =
                    |label: f64, key: f64| (label - key).abs() <= tolerance + RELATIVE * key.abs();
                pick(input, output, key, models, |label, key| near(*label, key));
            }
            Mapper::Range { key, models } => {
                pick(input, output, key, models, |[low, high], key| {
                    *low < key && key < *high
                });
            }
            Mapper::Whole(program) => program.eval_into(input, output),
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        self.inverse.clone()
    }
}

/// The label of the pixel whose centre is next; none beyond the edges.
fn pixel(columns: usize, labels: &[f64], x: f64, y: f64) -> f64 {
    let (column, row) = ((x + 0.5).floor(), (y + 0.5).floor());
    #[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
    let inside = column >= 0.0 && column < columns as f64 && row >= 0.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a place beyond the end has no label"
    )]
    #[expect(clippy::cast_sign_loss, reason = "tested above")]
    let place = || {
        (row as usize)
            .checked_mul(columns)?
            .checked_add(column as usize)
    };
    let label = if inside {
        place().and_then(|place| labels.get(place))
    } else {
        None
    };
    label.copied().unwrap_or(NO_LABEL)
}

/// Evaluates for each point the first transform that is chosen by the key of the point.
fn pick<L>(
    input: &[&[f64]],
    output: &mut [&mut [f64]],
    key: &Program,
    models: &[(L, Program)],
    chosen: impl Fn(&L, f64) -> bool,
) {
    for column in output.iter_mut() {
        column.fill(NO_LABEL);
    }
    let Ok(keys) = key.eval(input) else { return };
    let Some(keys) = keys.first() else { return };
    let mut taken = vec![false; keys.len()];
    for (label, program) in models {
        let mut points = Vec::new();
        for ((point, key), taken) in keys.iter().enumerate().zip(&mut taken) {
            if !*taken && chosen(label, *key) {
                *taken = true;
                points.push(point);
            }
        }
        eval_some(program, input, &points, output);
    }
}

/// Evaluates a program for some of the points.
fn eval_some(program: &Program, input: &[&[f64]], points: &[usize], output: &mut [&mut [f64]]) {
    if points.is_empty() {
        return;
    }
    let gather = |column: &&[f64]| -> Vec<f64> {
        points
            .iter()
            .filter_map(|point| column.get(*point).copied())
            .collect()
    };
    let gathered: Vec<_> = input.iter().map(gather).collect();
    let columns: Vec<_> = gathered.iter().map(Vec::as_slice).collect();
    let Ok(results) = program.eval(&columns) else {
        return;
    };
    for (column, values) in output.iter_mut().zip(results) {
        for (point, value) in points.iter().zip(values) {
            if let Some(slot) = column.get_mut(*point) {
                *slot = value;
            }
        }
    }
}

/// The transform of the region that a point lies in.
#[derive(Debug)]
struct RegionsSelector {
    inputs: usize,
    outputs: usize,
    labels: Arc<dyn Model>,
    regions: Vec<(f64, Transform, Program)>,
    /// What a point has that lies in no region.
    undefined: f64,
    /// Made once: regions may be shared and nest.
    inverse: OnceLock<Option<Arc<dyn Model>>>,
}

impl Model for RegionsSelector {
    fn arity(&self) -> (usize, usize) {
        (self.inputs, self.outputs)
    }

    fn eval(&self, input: &[&[f64]], output: &mut [&mut [f64]]) {
        for column in output.iter_mut() {
            column.fill(self.undefined);
        }
        let mut labels = vec![NO_LABEL; input.first().map_or(0, |column| column.len())];
        self.labels.eval(input, &mut [&mut labels]);
        for (label, _, program) in &self.regions {
            #[expect(clippy::float_cmp, reason = "labels are the same or not")]
            let here = |(point, found): (usize, &f64)| {
                (found == label && *found != NO_LABEL).then_some(point)
            };
            let points: Vec<_> = labels.iter().enumerate().filter_map(here).collect();
            eval_some(program, input, &points, output);
        }
    }

    fn inverse(&self) -> Option<Arc<dyn Model>> {
        self.inverse.get_or_init(|| self.inverted()).clone()
    }
}

impl RegionsSelector {
    fn inverted(&self) -> Option<Arc<dyn Model>> {
        let labels = self.labels.inverse()?;
        let mut regions = Vec::new();
        for (label, transform, _) in &self.regions {
            let inverse = transform.inverse()?;
            let program = inverse.program().ok()?;
            regions.push((*label, inverse, program));
        }
        let fits = regions.iter().all(|region| {
            (region.2.n_inputs(), region.2.n_outputs()) == (self.outputs, self.inputs)
        });
        (fits && labels.arity() == (self.outputs, 1)).then(|| -> Arc<dyn Model> {
            Arc::new(Self {
                inputs: self.outputs,
                outputs: self.inputs,
                labels,
                regions,
                undefined: f64::NAN,
                inverse: OnceLock::new(),
            })
        })
    }
}

/// What stands under a key of a mapping or an `!!omap`.
fn entry<'t>(node: Node<'t>, key: &str) -> Option<Node<'t>> {
    match node.value() {
        Value::Omap(pairs) => pairs.iter().find_map(|pair| pair.get(key)),
        _ => node.get(key),
    }
}

/// Two numbers.
fn range(node: Node<'_>) -> Option<[f64; 2]> {
    let list = node.as_seq()?;
    let mut ends = list.iter().map(number);
    match (ends.next()??, ends.next()??, ends.next()) {
        (low, high, None) => Some([low, high]),
        _ => None,
    }
}

/// The labels and transforms of a mapper or selector.
fn labelled<'t, L>(
    reader: &Reader<'t>,
    key: &str,
    transforms: &str,
    label: impl Fn(Node<'t>) -> Option<L>,
) -> Result<Vec<(L, Node<'t>)>> {
    let wrong = || {
        reader.wrong(
            key,
            &format!("numbers as labels, with as many {transforms}"),
        )
    };
    let node = reader.node.get(key).ok_or_else(wrong)?;
    let labels = entry(node, "labels")
        .and_then(Node::as_seq)
        .ok_or_else(wrong)?;
    let models = entry(node, transforms)
        .and_then(Node::as_seq)
        .ok_or_else(wrong)?;
    if labels.len() != models.len() {
        return Err(wrong());
    }
    let pairs = labels.iter().zip(models.iter());
    pairs
        .map(|(name, model)| Ok((label(name).ok_or_else(wrong)?, model)))
        .collect()
}

impl Reading<'_> {
    /// Reads a label mapper.
    pub(super) fn label_mapper(
        &mut self,
        reader: &Reader<'_>,
        nesting: usize,
    ) -> Result<Arc<dyn Model>> {
        let inverse = match reader.node.get("inverse") {
            Some(node) => Some(self.label_mapper(&reader.at(node), nesting + 1)?),
            None => None,
        };
        let wrong = || reader.wrong("mapper", "an array, a transform, or labels with models");
        let node = reader.node.get("mapper").ok_or_else(wrong)?;
        if is_array(node) {
            let (shape, labels) = reader.array("mapper")?;
            let [_, columns] = *shape.as_slice() else {
                return Err(wrong());
            };
            let mapper = Mapper::Pixels { columns, labels };
            return Ok(Arc::new(LabelMapper {
                inputs: 2,
                mapper,
                inverse,
            }));
        }
        let key = match reader.node.get("inputs_mapping") {
            Some(node) => Some(self.transform(node, nesting + 1)?),
            None => None,
        };
        let Some(first) = entry(node, "labels").and_then(|labels| labels.at(0)) else {
            let whole = self.transform(node, nesting + 1)?;
            let steps = key.into_iter().chain([whole]);
            let program = Transform::chain(steps).ok_or_else(wrong)?.program()?;
            if program.n_outputs() != 1 {
                return Err(wrong());
            }
            return Ok(Arc::new(LabelMapper {
                inputs: program.n_inputs(),
                mapper: Mapper::Whole(program),
                inverse,
            }));
        };
        let key = key.ok_or_else(|| reader.fault("the key `inputs_mapping` is missing"))?;
        let mapper = self.labelled_mapper(reader, &key, first, nesting)?;
        Ok(Arc::new(LabelMapper {
            inputs: key.program()?.n_inputs(),
            mapper,
            inverse,
        }))
    }

    /// Labels, or ranges of them, with a transform each.
    fn labelled_mapper(
        &mut self,
        reader: &Reader<'_>,
        key: &Transform,
        first: Node<'_>,
        nesting: usize,
    ) -> Result<Mapper> {
        let key = key.program()?;
        let inputs = key.n_inputs();
        let wrong = || reader.wrong("mapper", "transforms with one output");
        let mut program = |node| -> Result<Program> {
            let program = self.transform(node, nesting + 1)?.program()?;
            let fits = (program.n_inputs(), program.n_outputs()) == (inputs, 1);
            fits.then_some(program).ok_or_else(wrong)
        };
        if first.as_seq().is_some() {
            let models = labelled(reader, "mapper", "models", range)?.into_iter();
            let models = models.map(|(label, node)| Ok((label, program(node)?)));
            let models = models.collect::<Result<_>>()?;
            return Ok(Mapper::Range { key, models });
        }
        let models = labelled(reader, "mapper", "models", number)?.into_iter();
        let models = models.map(|(label, node)| Ok((label, program(node)?)));
        Ok(Mapper::Close {
            models: models.collect::<Result<_>>()?,
            key,
            tolerance: reader.number_or("atol", 1e-8)?,
        })
    }

    /// Reads a regions selector.
    pub(super) fn regions_selector(
        &mut self,
        reader: &Reader<'_>,
        nesting: usize,
    ) -> Result<Arc<dyn Model>> {
        let mapper = reader.node.get("label_mapper");
        let mapper = mapper.ok_or_else(|| reader.fault("the key `label_mapper` is missing"))?;
        let labels = self.label_mapper(&reader.at(mapper), nesting + 1)?;
        let mut regions = Vec::new();
        for (label, node) in labelled(reader, "selector", "transforms", number)? {
            let transform = self.transform(node, nesting + 1)?;
            let program = transform.program()?;
            regions.push((label, transform, program));
        }
        let (inputs, outputs) = (reader.list("inputs")?.len(), reader.list("outputs")?.len());
        let fits = regions
            .iter()
            .all(|region| (region.2.n_inputs(), region.2.n_outputs()) == (inputs, outputs));
        if !fits || labels.arity() != (inputs, 1) {
            return Err(reader.wrong("selector", "transforms with its inputs and outputs"));
        }
        Ok(Arc::new(RegionsSelector {
            inputs,
            outputs,
            labels,
            regions,
            undefined: reader.number_or("undefined_transform_value", f64::NAN)?,
            inverse: OnceLock::new(),
        }))
    }
}
