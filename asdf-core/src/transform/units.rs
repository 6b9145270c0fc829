//! What models do with units: which one they want each input in, and which one their results have.
//!
//! Units count only where a parameter of the whole transform is a quantity; everywhere else numbers are
//! taken as they are, as the reference does.

use super::functions::FUNCTIONS;
use super::linear;
use super::model::Model;
use super::parameters::Reader;
use super::projection::PROJECTIONS;
use crate::error::Error;
use crate::error::Locate;
use crate::error::Result;
use crate::error::Unsupported;
use crate::tree::Map;
use crate::tree::Node;
use crate::tree::Value;
use crate::unit::Unit;
use std::sync::Arc;

/// The units of a model's inputs and outputs.
#[derive(Debug, Clone, Default)]
pub(super) struct Units {
    /// True when a parameter is a quantity.
    pub(super) quantities: bool,
    /// What the inputs are taken in; inputs beyond the end as they are.
    pub(super) taken: Vec<InputUnit>,
    /// What the outputs have; outputs beyond the end nothing.
    pub(super) given: Vec<OutputUnit>,
}

/// What an input is taken in.
#[derive(Debug, Clone)]
pub(super) enum InputUnit {
    /// Whatever it has.
    AsIs,
    /// This unit.
    In(Unit, Vec<Equivalency>),
}

/// What an output has.
#[derive(Debug, Clone)]
pub(super) enum OutputUnit {
    /// No unit.
    Dimensionless,
    /// This unit.
    Unit(Unit),
    /// What an input has, times a unit.
    Times(usize, Unit),
}

/// What else converts into what (`input_units_equivalencies`).
#[derive(Debug, Clone)]
pub(super) enum Equivalency {
    /// Pixels by a scale such as 0.1 arcsec/pixel.
    PixelScale(f64, Unit),
    /// Wavelength, frequency and energy of light.
    Spectral,
}

/// Planck's constant, in J s (exact, SI 2019).
const PLANCK: f64 = 6.626_070_15e-34;
/// The speed of light, in m/s (exact, SI).
const LIGHT: f64 = 299_792_458.0;

impl Equivalency {
    /// The model that converts from one unit to another; `None` when this says nothing about them.
    pub(super) fn model(&self, from: &Unit, to: &Unit) -> Option<Arc<dyn Model>> {
        match self {
            Self::PixelScale(scale, unit) => {
                let forth = from.times(unit).factor_to(to).map(|factor| factor * scale);
                let back = || Some(from.times(&unit.power(-1.0)).factor_to(to)? / scale);
                Some(linear::scale(forth.or_else(back)?))
            }
            Self::Spectral => {
                let (from, from_length) = frequency(from)?;
                let (to, to_length) = frequency(to)?;
                // A wavelength of `from` metres is a frequency of c / from.
                Some(match (from_length, to_length) {
                    (false, false) | (true, true) => linear::scale(from / to),
                    (false, true) | (true, false) => linear::reciprocal(LIGHT / (from * to)),
                })
            }
        }
    }
}

/// What a number in a unit of light is multiplied with to be in hertz; or in metres, and then true.
fn frequency(unit: &Unit) -> Option<(f64, bool)> {
    let to = |name| Unit::parse(name).and_then(|wanted| unit.factor_to(&wanted));
    to("Hz")
        .map(|factor| (factor, false))
        .or_else(|| Some((to("J")? / PLANCK, false)))
        .or_else(|| Some((to("m-1")? * LIGHT, false)))
        .or_else(|| Some((to("m")?, true)))
}

impl Units {
    /// All inputs in the first unit, all outputs in the second.
    pub(super) fn fixed(inputs: (usize, &Unit), outputs: (usize, &Unit)) -> Self {
        Self {
            quantities: false,
            taken: vec![InputUnit::In(inputs.1.clone(), Vec::new()); inputs.0],
            given: vec![OutputUnit::Unit(outputs.1.clone()); outputs.0],
        }
    }

    /// Each output has the unit of the input with its number, times this one.
    pub(super) fn times(count: usize, unit: &Unit) -> Self {
        Self {
            quantities: false,
            taken: Vec::new(),
            given: (0..count)
                .map(|input| OutputUnit::Times(input, unit.clone()))
                .collect(),
        }
    }

    /// Those of the inverse.
    pub(super) fn inverse(&self) -> Self {
        let mut inverse = Self {
            quantities: self.quantities,
            taken: Vec::new(),
            given: Vec::new(),
        };
        for given in &self.given {
            inverse.taken.push(match given {
                OutputUnit::Unit(unit) => InputUnit::In(unit.clone(), Vec::new()),
                OutputUnit::Dimensionless | OutputUnit::Times(..) => InputUnit::AsIs,
            });
        }
        let count = self.taken.len().max(self.given.len());
        for input in 0..count {
            let from = |(output, given): (usize, &OutputUnit)| match given {
                OutputUnit::Times(from, unit) if *from == input => {
                    Some(OutputUnit::Times(output, unit.power(-1.0)))
                }
                _ => None,
            };
            inverse.given.push(match self.taken.get(input) {
                Some(InputUnit::In(unit, _)) => OutputUnit::Unit(unit.clone()),
                _ => self
                    .given
                    .iter()
                    .enumerate()
                    .find_map(from)
                    .unwrap_or(OutputUnit::Dimensionless),
            });
        }
        inverse
    }
}

/// Keys of profiles that are lengths along the inputs.
const LENGTHS: [&str; 29] = [
    "R_0", "a", "b", "fwhm", "fwhm_G", "fwhm_L", "gamma", "mean", "r_core", "r_eff", "r_in",
    "r_tide", "radius", "sigma", "stddev", "tau", "width", "x_0", "x_break", "x_cutoff", "x_mean",
    "x_stddev", "x_width", "y_0", "y_mean", "y_stddev", "y_width", "x_lo", "x_hi",
];
/// Keys of functions that say how great their values are.
const VALUES: [&str; 3] = ["amplitude", "amplitude_L", "phi_star"];

/// The degree, in which directions are measured.
fn degree() -> Unit {
    Unit::parse("deg").unwrap_or(Unit::NONE)
}

/// The units of an elementary transform with so many inputs and outputs.
pub(super) fn of(reader: &Reader<'_>, base: &str, arity: (usize, usize)) -> Result<Units> {
    let quantities = any_quantity(reader.node);
    let name = base.rsplit('/').next().unwrap_or_default();
    let mut units = match known(reader, name, arity)? {
        Some(units) => units,
        None if !quantities => Units::default(),
        None => return Err(unsupported(reader, "quantities as parameters")),
    };
    add_equivalencies(reader, &mut units)?;
    units.quantities |= quantities;
    Ok(units)
}

fn known(reader: &Reader<'_>, name: &str, arity: (usize, usize)) -> Result<Option<Units>> {
    let degree = degree();
    let unit = |key: &str| Ok::<_, Error>(reader.unit(key)?.unwrap_or(Unit::NONE));
    let listed = |table: &[(&str, _)]| table.binary_search_by_key(&name, |line| line.0).is_ok();
    Ok(Some(match name {
        "shift" => match reader.unit("offset")? {
            Some(offset) => Units::fixed((1, &offset), (1, &offset)),
            None => Units::times(1, &Unit::NONE),
        },
        // Of a factor with a unit only the value counts; what it is applied to has that unit.
        "scale" => match reader.unit("factor")? {
            Some(factor) => Units::fixed((1, &factor), (1, &factor)),
            None => Units::times(1, &Unit::NONE),
        },
        "redshift_scale_factor" => Units::times(1, &Unit::NONE),
        "units_mapping" => mapping(reader)?,
        "multiplyscale" => Units::times(1, &unit("factor")?),
        "linear1d" => match (reader.unit("slope")?, reader.unit("intercept")?) {
            (slope, Some(intercept)) => {
                let taken = intercept.times(&slope.unwrap_or(Unit::NONE).power(-1.0));
                Units::fixed((1, &taken), (1, &intercept))
            }
            (slope, None) => Units::times(1, &slope.unwrap_or(Unit::NONE)),
        },
        "constant" => Units::fixed((0, &degree), (1, &unit("value")?)),
        "affine" => affine(reader)?,
        "rotate2d" => Units::times(2, &Unit::NONE),
        "rotate3d" => Units::fixed((2, &degree), (2, &degree)),
        "rotate_sequence_3d" if arity == (2, 2) => Units::fixed((2, &degree), (2, &degree)),
        "rotate_sequence_3d" => Units::times(3, &Unit::NONE),
        "spherical_cartesian" if arity == (2, 3) => Units::fixed((2, &degree), (0, &degree)),
        "spherical_cartesian" => Units::fixed((0, &degree), (2, &degree)),
        "tabular" => table(reader)?,
        "grating_equation" => grating(reader, arity)?,
        "blackbody" => blackbody(reader)?,
        _ if listed(PROJECTIONS) => {
            angles_only(reader, &degree)?;
            Units::fixed((2, &degree), (2, &degree))
        }
        _ if listed(FUNCTIONS) && any_quantity(reader.node) => function(reader, arity)?,
        _ => return Ok(None),
    }))
}

/// Matrix and translation have one unit, in which the inputs are taken, too.
fn affine(reader: &Reader<'_>) -> Result<Units> {
    let (matrix, translation) = (reader.unit("matrix")?, reader.unit("translation")?);
    let Some(unit) = translation.or(matrix) else {
        return Ok(Units::times(2, &Unit::NONE));
    };
    Ok(Units::fixed((2, &unit), (2, &unit)))
}

/// `units_mapping`: inputs in these units, outputs called by those, or numbers without unit.
fn mapping(reader: &Reader<'_>) -> Result<Units> {
    let unit = |item: Node<'_>| match item.get("unit").and_then(Node::text) {
        Some(text) => reader.parse_unit(text).map(Some),
        None => Ok(None),
    };
    let mut units = Units {
        quantities: true,
        ..Units::default()
    };
    for item in reader.list("unit_inputs")? {
        units.taken.push(match unit(item)? {
            Some(unit) => InputUnit::In(unit, Vec::new()),
            None => InputUnit::AsIs,
        });
    }
    for item in reader.list("unit_outputs")? {
        let given = unit(item)?.map_or(OutputUnit::Dimensionless, OutputUnit::Unit);
        units.given.push(given);
    }
    Ok(units)
}

fn table(reader: &Reader<'_>) -> Result<Units> {
    let mut taken = Vec::new();
    for axis in reader.list("points")? {
        taken.push(match reader.unit_at(axis)? {
            Some(unit) => InputUnit::In(unit, Vec::new()),
            None => InputUnit::AsIs,
        });
    }
    let given = match reader.unit("lookup_table")? {
        Some(unit) => OutputUnit::Unit(unit),
        None => OutputUnit::Dimensionless,
    };
    Ok(Units {
        quantities: false,
        taken,
        given: vec![given],
    })
}

fn grating(reader: &Reader<'_>, arity: (usize, usize)) -> Result<Units> {
    let density = reader.unit("groove_density")?;
    let wavelength = density.unwrap_or(Unit::NONE).power(-1.0);
    Ok(match arity {
        (3, 3) => Units::fixed((1, &wavelength), (0, &wavelength)),
        _ => Units::fixed((0, &wavelength), (1, &wavelength)),
    })
}

fn blackbody(reader: &Reader<'_>) -> Result<Units> {
    let named = |name| Unit::parse(name).unwrap_or(Unit::NONE);
    let given = match reader.unit("scale")? {
        Some(scale) => scale,
        None => named("erg / (Hz s sr cm2)"),
    };
    Ok(Units::fixed((1, &named("Hz")), (1, &given)))
}

/// A profile: lengths have the unit of its inputs, amplitudes that of its values.
fn function(reader: &Reader<'_>, (inputs, outputs): (usize, usize)) -> Result<Units> {
    let (mut length, mut value) = (None::<Unit>, None::<Unit>);
    for (key, node) in reader.node.as_map().iter().flat_map(|map| map.iter()) {
        let Some(unit) = reader.unit_at(node)? else {
            continue;
        };
        let key = key.key_text();
        let slot = if LENGTHS.contains(&&*key) {
            &mut length
        } else if VALUES.contains(&&*key) {
            &mut value
        } else if unit.factor_to(&Unit::NONE) == Some(1.0) {
            continue;
        } else {
            return Err(unsupported(reader, &format!("a unit of `{key}`")));
        };
        let same = slot
            .as_ref()
            .is_none_or(|known| unit.factor_to(known) == Some(1.0));
        if !same {
            return Err(unsupported(reader, "parameters of different units"));
        }
        *slot = Some(unit);
    }
    let taken = length.map_or(InputUnit::AsIs, |unit| InputUnit::In(unit, Vec::new()));
    Ok(Units {
        quantities: true,
        taken: vec![taken; inputs],
        given: vec![value.map_or(OutputUnit::Dimensionless, OutputUnit::Unit); outputs],
    })
}

/// Parameters of projections are degrees or plain numbers.
fn angles_only(reader: &Reader<'_>, degree: &Unit) -> Result<()> {
    for (_, node) in reader.node.as_map().iter().flat_map(|map| map.iter()) {
        if let Some(unit) = reader.unit_at(node)? {
            let plain = [degree, &Unit::NONE].map(|known| unit.factor_to(known) == Some(1.0));
            if !plain.contains(&true) {
                return Err(unsupported(reader, &format!("a parameter in {unit}")));
            }
        }
    }
    Ok(())
}

/// Adds what `input_units_equivalencies` says: for each input a list of named equivalencies.
fn add_equivalencies(reader: &Reader<'_>, units: &mut Units) -> Result<()> {
    let Some(all) = reader.node.get("input_units_equivalencies") else {
        return Ok(());
    };
    let inputs = all.as_map().into_iter().flat_map(Map::iter);
    for (taken, (_, list)) in units.taken.iter_mut().zip(inputs) {
        let InputUnit::In(_, equivalencies) = taken else {
            continue;
        };
        for item in list.as_seq().iter().flat_map(|list| list.iter()) {
            match item.get("name").and_then(Node::text) {
                Some("spectral") => equivalencies.push(Equivalency::Spectral),
                Some("pixel_scale") => {
                    let value = item.get("kwargs_values").and_then(|values| values.at(0));
                    let scale = value.map(|value| reader.quantity_at(value)).transpose()?;
                    if let Some((scale, Some(unit))) = scale {
                        equivalencies.push(Equivalency::PixelScale(scale, unit));
                    }
                }
                // What is not known converts nothing.
                _ => {}
            }
        }
    }
    Ok(())
}

/// True when a parameter is a quantity, or a list with one.
fn any_quantity(node: Node<'_>) -> bool {
    let is = |node: Node<'_>| super::parameters::is_quantity(node);
    let entries = node.as_map().into_iter().flat_map(Map::iter);
    entries.map(|entry| entry.1).any(|value| {
        is(value)
            || matches!(value.value(), Value::Seq(_))
                && value.tag().is_none()
                && value.as_seq().iter().flat_map(|list| list.iter()).any(is)
    })
}

fn unsupported(reader: &Reader<'_>, option: &str) -> Error {
    let error = Error::from(Unsupported::TransformOption {
        option: option.into(),
    });
    error.at_path(|| reader.node.path())
}
