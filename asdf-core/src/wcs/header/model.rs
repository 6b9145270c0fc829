//! Transforms as nodes in YAML, in flow style.

use crate::tree::yaml_float;

/// A node of a tag of the standard, with the text of its keys.
pub(super) fn tagged(name: &str, keys: &str) -> String {
    format!("!transform/{name} {{{keys}}}")
}

/// The same node with one more key.
pub(super) fn with_key(node: &str, key: &str) -> String {
    match node.split_once('{') {
        Some((tag, rest)) if rest.trim_start().starts_with('}') => format!("{tag}{{{key}{rest}"),
        Some((tag, rest)) => format!("{tag}{{{key}, {rest}"),
        None => node.to_owned(),
    }
}

/// A transform with an inverse of its own, which counts instead of the exact one.
pub(super) fn inverted_by(node: &str, inverse: &str) -> String {
    with_key(node, &format!("inverse: {inverse}"))
}

/// One after the other; `None` when there is none.
pub(super) fn chain(steps: impl IntoIterator<Item = String>) -> Option<String> {
    steps
        .into_iter()
        .reduce(|whole, step| tagged("compose-1.4.0", &format!("forward: [{whole}, {step}]")))
}

/// Side by side; `None` when there is none.
pub(super) fn beside(parts: impl IntoIterator<Item = String>) -> Option<String> {
    parts
        .into_iter()
        .reduce(|whole, part| tagged("concatenate-1.4.0", &format!("forward: [{whole}, {part}]")))
}

/// The sum of two transforms of the same inputs.
pub(super) fn sum(left: &str, right: &str) -> String {
    tagged("add-1.4.0", &format!("forward: [{left}, {right}]"))
}

/// The product of two transforms of the same inputs.
pub(super) fn product(left: &str, right: &str) -> String {
    tagged("multiply-1.4.0", &format!("forward: [{left}, {right}]"))
}

pub(super) fn identity(count: usize) -> String {
    tagged("identity-1.4.0", &format!("n_dims: {count}"))
}

/// Inputs in another order, left out or repeated.
pub(super) fn remap(mapping: &[usize], inputs: usize) -> String {
    let list: Vec<String> = mapping.iter().map(usize::to_string).collect();
    let is_plain = mapping.iter().max().is_some_and(|last| last + 1 == inputs);
    let count = if is_plain {
        String::new()
    } else {
        format!(", n_inputs: {inputs}")
    };
    tagged(
        "remap_axes-1.5.0",
        &format!("mapping: [{}]{count}", list.join(", ")),
    )
}

/// The same; `None` when nothing changes its place.
pub(super) fn reorder(mapping: &[usize]) -> Option<String> {
    let is_same = mapping
        .iter()
        .enumerate()
        .all(|(place, from)| place == *from);
    (!is_same).then(|| remap(mapping, mapping.len()))
}

pub(super) fn shift(offset: f64) -> String {
    tagged("shift-1.4.0", &format!("offset: {}", yaml_float(offset)))
}

pub(super) fn scale(factor: f64) -> String {
    tagged("scale-1.4.0", &format!("factor: {}", yaml_float(factor)))
}

/// x → slope · x + intercept
pub(super) fn line(slope: f64, intercept: f64) -> String {
    tagged(
        "linear1d-1.2.0",
        &format!(
            "slope: {}, intercept: {}",
            yaml_float(slope),
            yaml_float(intercept)
        ),
    )
}

/// A function of numpy.
pub(super) fn function(name: &str) -> String {
    tagged("math_functions-1.2.0", &format!("func_name: {name}"))
}

/// A shift of each input.
pub(super) fn shifts(offsets: &[f64]) -> Option<String> {
    beside(offsets.iter().map(|offset| shift(*offset)))
}

pub(super) fn numbers(values: impl Iterator<Item = f64>) -> String {
    let texts: Vec<String> = values.map(yaml_float).collect();
    format!("[{}]", texts.join(", "))
}

/// A list of numbers as an array in the tree.
fn array1(values: &[f64]) -> String {
    format!(
        "!core/ndarray-1.1.0 {{data: {}, datatype: float64, shape: [{}]}}",
        numbers(values.iter().copied()),
        values.len()
    )
}

/// Rows of numbers as an array in the tree.
fn array2(rows: &[Vec<f64>]) -> String {
    let texts: Vec<String> = rows
        .iter()
        .map(|row| numbers(row.iter().copied()))
        .collect();
    format!(
        "!core/ndarray-1.1.0 {{data: [{}], datatype: float64, shape: [{}, {}]}}",
        texts.join(", "),
        rows.len(),
        rows.first().map_or(0, Vec::len)
    )
}

/// A matrix of two inputs.
pub(super) fn affine(matrix: [[f64; 2]; 2]) -> String {
    let rows = matrix.map(|row| row.to_vec());
    tagged(
        "affine-1.5.0",
        &format!(
            "matrix: {}, translation: {}",
            array2(&rows),
            array1(&[0.0, 0.0])
        ),
    )
}

/// Σ cᵢ xⁱ
pub(super) fn polynomial1(coefficients: &[f64]) -> String {
    let keys = format!("coefficients: {}", array1(coefficients));
    tagged("polynomial-1.3.0", &keys)
}

/// Coefficients by the powers of both variables.
pub(super) type Terms = Vec<([usize; 2], f64)>;

/// The sum of terms of two variables.
pub(super) fn polynomial2(terms: &Terms) -> String {
    let keys = format!("coefficients: {}", array2(&square(terms)));
    tagged("polynomial-1.3.0", &keys)
}

/// The terms as a square, a row for each power of the first variable.
fn square(terms: &Terms) -> Vec<Vec<f64>> {
    let powers = terms.iter().map(|([p, q], _)| p + q);
    let degree = powers.max().unwrap_or(1).max(1);
    let coefficient = |p: usize, q: usize| -> f64 {
        let own = terms.iter().filter(|term| term.0 == [p, q]);
        own.map(|term| term.1).sum()
    };
    let row = |p: usize| (0..=degree).map(|q| coefficient(p, q)).collect();
    (0..=degree).map(row).collect()
}

/// Polynomials of a series, as `ortho_polynomial` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    Chebyshev,
    Legendre,
}

impl Basis {
    fn name(self) -> &'static str {
        match self {
            Self::Chebyshev => "chebyshev",
            Self::Legendre => "legendre",
        }
    }
}

/// A series of one variable over an interval.
pub(super) fn series1(basis: Basis, coefficients: &[f64], domain: [f64; 2]) -> String {
    let domain = numbers(domain.into_iter());
    tagged(
        "ortho_polynomial-1.2.0",
        &format!(
            "polynomial_type: {}, coefficients: {}, domain: {domain}",
            basis.name(),
            array1(coefficients)
        ),
    )
}

/// A series of two variables over a rectangle.
pub(super) fn series2(basis: Basis, terms: &Terms, domain: [[f64; 2]; 2]) -> String {
    let domain = domain.map(|side| numbers(side.into_iter())).join(", ");
    tagged(
        "ortho_polynomial-1.2.0",
        &format!(
            "polynomial_type: {}, coefficients: {}, domain: [{domain}]",
            basis.name(),
            array2(&square(terms))
        ),
    )
}

/// What a table gives beyond its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// What its last cell says.
    Continued,
    /// No number.
    Nothing,
}

/// A table of two variables between whose points there are straight lines; `values` has a row for each point of the first.
pub(super) fn table(points: &[Vec<f64>; 2], values: &[Vec<f64>], beyond: Beyond) -> String {
    let points = points.each_ref().map(|axis| array1(axis)).join(", ");
    looked_up(&array2(values), &points, beyond)
}

/// A table of any number of variables; the values of the last one follow each other.
pub(super) fn table_of_many(points: &[Vec<f64>], values: &[f64], beyond: Beyond) -> String {
    let lengths: Vec<usize> = points.iter().map(Vec::len).collect();
    let shape: Vec<String> = lengths.iter().map(usize::to_string).collect();
    let values = format!(
        "!core/ndarray-1.1.0 {{data: {}, datatype: float64, shape: [{}]}}",
        nested(values, &lengths),
        shape.join(", ")
    );
    let points: Vec<String> = points.iter().map(|axis| array1(axis)).collect();
    looked_up(&values, &points.join(", "), beyond)
}

/// Lists within lists, as many as there are lengths.
fn nested(values: &[f64], lengths: &[usize]) -> String {
    let mut texts: Vec<String> = values.iter().map(|value| yaml_float(*value)).collect();
    for length in lengths.iter().rev() {
        texts = texts
            .chunks((*length).max(1))
            .map(|items| format!("[{}]", items.join(", ")))
            .collect();
    }
    texts.pop().unwrap_or_else(|| "[]".to_owned())
}

/// A table of one variable.
pub(super) fn table1(points: &[f64], values: &[f64], beyond: Beyond) -> String {
    looked_up(&array1(values), &array1(points), beyond)
}

fn looked_up(values: &str, points: &str, beyond: Beyond) -> String {
    let fill = match beyond {
        Beyond::Continued => "",
        Beyond::Nothing => ", fill_value: .nan",
    };
    tagged(
        "tabular-1.4.0",
        &format!(
            "lookup_table: {values}, points: [{points}], method: linear, bounds_error: false{fill}"
        ),
    )
}
