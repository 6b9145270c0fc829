//! The same as a GWCS in YAML.

use super::keywords::{HeaderWcs, System};
use super::pole;
use super::sip::SipTerms;
use crate::tree::{float_text, yaml_float};

const HEAD: &str = "%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n%TAG !g! tag:stsci.edu:gwcs/\n%TAG !a! tag:astropy.org:astropy/coordinates/frames/\n---\n";

/// `None` when the pole of the projection cannot be where the header has it.
pub(super) fn of(wcs: &HeaderWcs) -> Option<String> {
    let turn = pole::native(wcs.crval, wcs.fiducial)?;
    let mut steps = vec![both(wcs.crpix.map(|pixel| 1.0 - pixel))];
    if let Some(terms) = &wcs.sip {
        steps.push(distortion(terms));
    }
    steps.push(affine(wcs.matrix));
    steps.push(projection(wcs));
    steps.push(rotation(turn));
    if wcs.latitude_first {
        steps.push("!transform/remap_axes-1.5.0 {mapping: [1, 0]}".to_owned());
    }
    let whole = composed(steps, &wcs.size.map(bounding_box).unwrap_or_default());
    let shape = wcs.size.map_or_else(
        || "null".to_owned(),
        |[width, height]| format!("[{width}, {height}]"),
    );
    Some(format!(
        "{HEAD}!g!wcs-1.4.0\nname: ''\npixel_shape: {shape}\nsteps:\n\
         - !g!step-1.3.0\n  frame: {}\n  transform: {whole}\n- !g!step-1.3.0\n  frame: {}\n  transform: null\n...\n",
        detector(),
        sky(wcs.system, wcs.latitude_first),
    ))
}

/// Transforms one after the other; `more` are keys of the outermost one.
fn composed(steps: Vec<String>, more: &str) -> String {
    let count = steps.len();
    let mut steps = steps.into_iter().enumerate();
    let first = steps.next().map(|(_, step)| step).unwrap_or_default();
    steps.fold(first, |whole, (place, step)| {
        let more = if place + 1 == count { more } else { "" };
        format!("!transform/compose-1.4.0 {{{more}forward: [{whole}, {step}]}}")
    })
}

/// A shift of each axis.
fn both(offsets: [f64; 2]) -> String {
    let [x, y] =
        offsets.map(|offset| format!("!transform/shift-1.4.0 {{offset: {}}}", yaml_float(offset)));
    format!("!transform/concatenate-1.4.0 {{forward: [{x}, {y}]}}")
}

/// `u + A(u, v)` and `v + B(u, v)`.
fn distortion([a, b]: &[SipTerms; 2]) -> String {
    let [x, y] = [polynomial(a, [1, 0]), polynomial(b, [0, 1])];
    let both = "!transform/remap_axes-1.5.0 {mapping: [0, 1, 0, 1]}".to_owned();
    let polynomials = format!("!transform/concatenate-1.4.0 {{forward: [{x}, {y}]}}");
    composed(vec![both, polynomials], "")
}

/// A polynomial to which the coordinate itself, that of power `own`, is added.
fn polynomial(terms: &SipTerms, own: [usize; 2]) -> String {
    let degree = terms
        .iter()
        .map(|([p, q], _)| p + q)
        .max()
        .unwrap_or(1)
        .max(1);
    let coefficient = |p: usize, q: usize| {
        let given: f64 = terms
            .iter()
            .filter(|term| term.0 == [p, q])
            .map(|term| term.1)
            .sum();
        if own == [p, q] { 1.0 + given } else { given }
    };
    let rows = (0..=degree).map(|p| numbers((0..=degree).map(|q| coefficient(p, q))));
    let rows: Vec<String> = rows.collect();
    let side = degree + 1;
    format!(
        "!transform/polynomial-1.3.0 {{coefficients: !core/ndarray-1.1.0 {{data: [{}], datatype: float64, shape: [{side}, {side}]}}}}",
        rows.join(", ")
    )
}

fn numbers(values: impl Iterator<Item = f64>) -> String {
    let texts: Vec<String> = values.map(yaml_float).collect();
    format!("[{}]", texts.join(", "))
}

fn affine(matrix: [[f64; 2]; 2]) -> String {
    let [first, second] = matrix.map(|row| numbers(row.into_iter()));
    format!(
        "!transform/affine-1.5.0 {{matrix: !core/ndarray-1.1.0 {{data: [{first}, {second}], datatype: float64, shape: [2, 2]}}, \
         translation: !core/ndarray-1.1.0 {{data: [0.0, 0.0], datatype: float64, shape: [2]}}}}"
    )
}

fn projection(wcs: &HeaderWcs) -> String {
    let parameters = wcs.projection.parameters.iter();
    let keys: String = parameters
        .map(|(name, value)| format!(", {name}: {}", yaml_float(*value)))
        .collect();
    format!(
        "!transform/{} {{direction: pix2sky{keys}}}",
        wcs.projection.tag
    )
}

fn rotation([phi, theta, psi]: [f64; 3]) -> String {
    format!(
        "!transform/rotate3d-1.5.0 {{direction: native2celestial, phi: {}, theta: {}, psi: {}}}",
        yaml_float(phi),
        yaml_float(theta),
        yaml_float(psi)
    )
}

#[expect(clippy::cast_precision_loss, reason = "no image is that wide")]
fn bounding_box(size: [i64; 2]) -> String {
    let [x, y] = size.map(|length| numbers([-0.5, length as f64 - 0.5].into_iter()));
    format!(
        "bounding_box: !transform/property/bounding_box-1.2.0 {{ignore: [], intervals: {{x0: {x}, x1: {y}}}, order: F}}, inputs: [x0, x1], "
    )
}

fn detector() -> &'static str {
    "!g!frame2d-1.2.0 {axes_names: [x, y], axes_order: [0, 1], axis_physical_types: ['custom:x', 'custom:y'], name: detector, \
     unit: [!unit/unit-1.0.0 pixel, !unit/unit-1.0.0 pixel]}"
}

/// A year with three places as the reference writes it, or all that it has.
fn epoch(year: f64) -> String {
    let short = format!("{year:.3}");
    if short.parse() == Ok(year) {
        return short;
    }
    float_text(year)
}

fn sky(system: System, latitude_first: bool) -> String {
    let time = |kind: char, year: f64| {
        format!(
            "!time/time-1.4.0 {{scale: tt, value: {kind}{}}}",
            epoch(year)
        )
    };
    let besselian = |year: f64| {
        let time = time('B', year);
        format!("{{equinox: {time}, obstime: {time}}}")
    };
    let (name, attributes) = match system {
        System::Icrs => ("icrs", "{}".to_owned()),
        System::Galactic => ("galactic", "{}".to_owned()),
        System::Fk5(year) => ("fk5", format!("{{equinox: {}}}", time('J', year))),
        System::Fk4(year) => ("fk4", besselian(year)),
        System::Fk4NoETerms(year) => ("fk4noeterms", besselian(year)),
    };
    let order = if latitude_first { "[1, 0]" } else { "[0, 1]" };
    // The schema of the simplest one is a version behind.
    let version = if name == "icrs" { "1.1.0" } else { "1.2.0" };
    let types = match system {
        System::Galactic => "pos.galactic.lon, pos.galactic.lat",
        _ => "pos.eq.ra, pos.eq.dec",
    };
    format!(
        "!g!celestial_frame-1.2.0 {{axes_names: [lon, lat], axes_order: {order}, axis_physical_types: [{types}], name: {name}, \
         reference_frame: !a!{name}-{version} {{frame_attributes: {attributes}}}, unit: [!unit/unit-1.0.0 deg, !unit/unit-1.0.0 deg]}}"
    )
}
