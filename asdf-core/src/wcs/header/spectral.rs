//! Spectral axes (Greisen et al. 2006, FITS paper III): what is measured, and how it goes with the pixels when that is not
//! as a line.

use super::keywords::Keywords;
use super::model;
use super::number;
use super::number::{Read, Refusal};
use crate::unit::Unit;

/// The speed of light.
const C: f64 = 299_792_458.0;
/// Planck's constant as wcslib has it (spec-notes F-95).
const H: f64 = 6.626_075_5e-34;

/// The quantities that others are lines of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Frequency,
    Wavelength,
    AirWavelength,
    /// Relativistic.
    Velocity,
}

/// A spectral quantity.
#[derive(Debug, PartialEq)]
pub(super) struct Quantity {
    pub(super) name: &'static str,
    pub(super) base: Base,
    /// The unit of its coordinates.
    pub(super) unit: &'static str,
    /// The physical type of the IVOA.
    pub(super) physical: &'static str,
}

const QUANTITIES: &[Quantity] = &[
    quantity_of("FREQ", Base::Frequency, "Hz", "em.freq"),
    quantity_of("AFRQ", Base::Frequency, "rad s-1", "custom:em.freq.angular"),
    quantity_of("ENER", Base::Frequency, "J", "em.energy"),
    quantity_of("WAVN", Base::Frequency, "m-1", "em.wavenumber"),
    quantity_of("VRAD", Base::Frequency, "m s-1", "spect.dopplerVeloc.radio"),
    quantity_of("WAVE", Base::Wavelength, "m", "em.wl"),
    quantity_of("VOPT", Base::Wavelength, "m s-1", "spect.dopplerVeloc.opt"),
    quantity_of("ZOPT", Base::Wavelength, "", "src.redshift"),
    quantity_of("AWAV", Base::AirWavelength, "m", "em.wl"),
    quantity_of("VELO", Base::Velocity, "m s-1", "spect.dopplerVeloc"),
    quantity_of("BETA", Base::Velocity, "", "custom:spect.doplerVeloc.beta"),
];

const fn quantity_of(
    name: &'static str,
    base: Base,
    unit: &'static str,
    physical: &'static str,
) -> Quantity {
    Quantity {
        name,
        base,
        unit,
        physical,
    }
}

/// The names of the spectral quantities that are read, with the units of their coordinates.
pub(super) fn quantities() -> Vec<(&'static str, &'static str)> {
    let all = QUANTITIES.iter();
    all.map(|quantity| (quantity.name, quantity.unit)).collect()
}

/// The quantity of a name of four letters.
pub(super) fn quantity(name: &str) -> Option<&'static Quantity> {
    QUANTITIES.iter().find(|quantity| quantity.name == name)
}

/// The quantity of a spectral frame by its name, its physical type or its unit; `WAVE` where nothing says which.
pub(in crate::wcs) fn kind(name: &str, physical: &str, unit: &str) -> &'static str {
    let named = name.get(..4).and_then(quantity);
    let typed = || QUANTITIES.iter().find(|own| own.physical == physical);
    let measured = || {
        let unit = Unit::parse(unit)?;
        let of_unit = |own: &&Quantity| {
            let own = Unit::parse(own.unit);
            own.is_some_and(|own| unit.factor_to(&own).is_some())
        };
        QUANTITIES
            .iter()
            .filter(|own| !own.unit.is_empty())
            .find(of_unit)
    };
    named
        .or_else(typed)
        .or_else(measured)
        .map_or("WAVE", |own| own.name)
}

/// True of `F2F` for a quantity that is a line of the frequency, and so on: the axis is a line, as wcslib has it.
pub(super) fn is_own_line(code: &str, quantity: &Quantity) -> bool {
    let own = match quantity.base {
        Base::Frequency => "F2F",
        Base::Wavelength => "W2W",
        Base::AirWavelength => "A2A",
        Base::Velocity => "V2V",
    };
    code == own
}

/// What an axis is a line in: `F2W`, `GRI`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Algorithm {
    line: Base,
    is_grism: bool,
}

impl Algorithm {
    /// `None` for what is not an algorithm of this quantity.
    pub(super) fn parse(code: &str, quantity: &Quantity) -> Option<Self> {
        let grism = |line| Self {
            line,
            is_grism: true,
        };
        match code {
            "GRI" => return Some(grism(Base::Wavelength)),
            "GRA" => return Some(grism(Base::AirWavelength)),
            _ => {}
        }
        let base = |letter: &str| match letter {
            "F" => Some(Base::Frequency),
            "W" => Some(Base::Wavelength),
            "A" => Some(Base::AirWavelength),
            "V" => Some(Base::Velocity),
            _ => None,
        };
        let (from, to) = code.split_once('2')?;
        let line = base(from)?;
        (base(to)? == quantity.base && line != quantity.base).then_some(Self {
            line,
            is_grism: false,
        })
    }
}

/// The name of a spectral axis of AIPS (`FREQ-LSR`, `FELO-HEL`) in the standard; other names as they are.
pub(super) fn of_aips(
    keywords: Keywords<'_>,
    name: &str,
    frame: &mut Option<&'static str>,
) -> Read<String> {
    const FRAMES: [&str; 7] = [
        "LSRK", "BARYCENT", "TOPOCENT", "LSRD", "GEOCENTR", "SOURCE", "GALACTOC",
    ];
    let Some((kind, ending)) = name
        .split_at_checked(4)
        .filter(|parts| matches!(parts.0, "FREQ" | "VELO" | "FELO"))
    else {
        return Ok(name.to_owned());
    };
    let mut own = match ending {
        "" => None,
        "-LSR" => Some("LSRK"),
        "-HEL" => Some("BARYCENT"),
        "-OBS" => Some("TOPOCENT"),
        _ => return Ok(name.to_owned()),
    };
    let wrong = || Refusal::expected(keywords.header, "VELREF", "1 to 7, or 257 to 263");
    let reference = number::described(keywords.header, "VELREF").unwrap_or(0.0);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a small number, or none that is known"
    )]
    let reference = reference as i64;
    let (kind_of_velocity, place) = (reference.div_euclid(256), reference.rem_euclid(256));
    if place != 0 {
        let place = usize::try_from(place - 1).unwrap_or(usize::MAX);
        own = Some(*FRAMES.get(place).ok_or_else(wrong)?);
    }
    if own.is_some() {
        *frame = own;
    }
    Ok(match kind {
        "FELO" => "VOPT-F2W",
        "VELO" if own.is_some() => match kind_of_velocity {
            0 => "VOPT",
            1 => "VRAD",
            _ => return Err(wrong()),
        },
        kind => kind,
    }
    .to_owned())
}

/// A step along the way from the pixels, and back.
struct Step {
    forward: Vec<String>,
    backward: Vec<String>,
}

impl Step {
    fn line(slope: f64, intercept: f64) -> Self {
        Self {
            forward: vec![model::line(slope, intercept)],
            backward: vec![model::line(1.0 / slope, -intercept / slope)],
        }
    }

    /// A constant divided by the coordinate.
    fn reciprocal(constant: f64) -> Self {
        let own = || vec![model::function("reciprocal"), model::scale(constant)];
        Self {
            forward: own(),
            backward: own(),
        }
    }

    /// From frequency or wavelength to velocity, `sign` -1 and 1: v/c = ±tanh ln(x/rest), which is FITS paper III's table 3
    /// without differences of squares.
    fn velocity(rest: f64, sign: f64) -> Self {
        let (log, tanh) = (model::function("log"), model::function("tanh"));
        let (exp, arctanh) = (model::function("exp"), model::function("arctanh"));
        Self {
            forward: vec![model::scale(1.0 / rest), log, tanh, model::scale(sign * C)],
            backward: vec![model::scale(sign / C), arctanh, exp, model::scale(rest)],
        }
    }

    /// From wavelengths in air to those in vacuum.
    fn to_vacuum() -> Self {
        Self {
            forward: vec![to_vacuum()],
            backward: vec![to_air()],
        }
    }

    fn turned(self) -> Self {
        Self {
            forward: self.backward,
            backward: self.forward,
        }
    }
}

/// The refractive index of air for the square of the wave number in vacuum.
fn index() -> String {
    let pole = |strength: f64, place: f64| {
        let steps = [
            model::line(-1.0, place),
            model::function("reciprocal"),
            model::scale(strength),
        ];
        model::chain(steps).unwrap_or_default()
    };
    let both = model::sum(&pole(2.554e8, 0.41e14), &pole(294.981e8, 1.46e14));
    model::chain([both, model::shift(1.000_064_328)]).unwrap_or_default()
}

/// λ(1 + …), the index taken at the wavelength in air as wcslib does.
fn to_vacuum() -> String {
    let at_wavelength = [
        model::function("reciprocal"),
        model::function("square"),
        index(),
    ];
    let at_wavelength = model::chain(at_wavelength).unwrap_or_default();
    model::product(&model::identity(1), &at_wavelength)
}

/// The other way, where the index depends on what is wanted: four turns settle it, as in wcslib.
fn to_air() -> String {
    const TURNS: usize = 4;
    let mut steps = vec![model::function("reciprocal")];
    // The wave number stays first, the index follows.
    steps.push(model::remap(&[0, 0], 1));
    let first = [model::function("square"), index()];
    let first = model::chain(first).unwrap_or_default();
    steps.extend(model::beside([model::identity(1), first]));
    for _ in 1..TURNS {
        steps.push(model::remap(&[0, 0, 1], 2));
        let next = [
            model::function("multiply"),
            model::function("square"),
            index(),
        ];
        let next = model::chain(next).unwrap_or_default();
        steps.extend(model::beside([model::identity(1), next]));
    }
    steps.push(model::function("multiply"));
    steps.push(model::function("reciprocal"));
    model::chain(steps).unwrap_or_default()
}

/// What an axis takes from the header.
pub(super) struct SpectralAxis<'k> {
    pub(super) keywords: Keywords<'k>,
    pub(super) number: usize,
    pub(super) quantity: &'static Quantity,
    pub(super) algorithm: Algorithm,
    /// In the unit of the quantity.
    pub(super) reference: f64,
    /// `PVi_m` of the axis.
    pub(super) parameters: Vec<(usize, f64)>,
}

impl SpectralAxis<'_> {
    /// From the offset along the axis, in the unit of the quantity, to the coordinate.
    pub(super) fn transform(&self) -> Read<String> {
        let rest = self.rest()?;
        let (slope, intercept) = self.line_of_base(rest);
        let base = (self.reference - intercept) / slope;
        let (frequency, by_base) = to_frequency(self.quantity.base, base, rest);
        let (start, by_frequency) = from_frequency(self.algorithm.line, frequency, rest);
        let step = by_frequency * by_base / slope;
        if !(start.is_finite() && step.is_finite() && step != 0.0) {
            let wanted = format!("a reference value that {} allows", self.quantity.name);
            let keyword = format!("CRVAL{}", self.number);
            return Err(self.keywords.expected(&keyword, &wanted));
        }
        let mut steps = if self.algorithm.is_grism {
            self.grism(start, step)?
        } else {
            vec![Step::line(step, start)]
        };
        steps.extend(between(self.algorithm.line, self.quantity.base, rest));
        steps.push(Step::line(slope, intercept));
        let forward = steps.iter().flat_map(|step| step.forward.clone());
        let forward = model::chain(forward).unwrap_or_default();
        let backward = steps.iter().rev().flat_map(|step| step.backward.clone());
        let backward = model::chain(backward).unwrap_or_default();
        Ok(model::inverted_by(&forward, &backward))
    }

    /// Frequency and wavelength of the line at rest; any where they cancel out.
    fn rest(&self) -> Read<[f64; 2]> {
        let frequency = match self.keywords.number("RESTFRQ")? {
            None if self.keywords.is_primary() => self.keywords.number("RESTFREQ")?,
            found => found,
        };
        let wavelength = self.keywords.number("RESTWAV")?;
        let given = |value: Option<f64>| value.filter(|value| *value != 0.0);
        match (given(frequency), given(wavelength)) {
            (Some(frequency), _) => Ok([frequency, C / frequency]),
            (None, Some(wavelength)) => Ok([C / wavelength, wavelength]),
            (None, None) => {
                let is_velocity = |base| base == Base::Velocity;
                let relative = matches!(self.quantity.name, "VRAD" | "VOPT" | "ZOPT");
                let (line, base) = (self.algorithm.line, self.quantity.base);
                // Of both ends or of none: the rest wavelength drops out.
                if relative == is_velocity(line) && (relative || !is_velocity(base)) {
                    return Ok([C, 1.0]);
                }
                let reason = format!("is missing, which '{}' needs", self.quantity.name);
                Err(self.keywords.refused("RESTFRQ", reason))
            }
        }
    }

    /// The quantity as a line of its base: slope and intercept.
    fn line_of_base(&self, [frequency, wavelength]: [f64; 2]) -> (f64, f64) {
        match self.quantity.name {
            "AFRQ" => (2.0 * std::f64::consts::PI, 0.0),
            "ENER" => (H, 0.0),
            "VRAD" => (-C / frequency, C),
            "VOPT" => (C / wavelength, -C),
            "ZOPT" => (1.0 / wavelength, -1.0),
            "WAVN" | "BETA" => (1.0 / C, 0.0),
            _ => (1.0, 0.0),
        }
    }

    /// A grism: the axis is a line in the tangent of an angle (section 5 of the paper).
    fn grism(&self, reference: f64, step: f64) -> Read<Vec<Step>> {
        let value = |index: usize, default: f64| {
            let own = self.parameters.iter().find(|own| own.0 == index);
            own.map_or(default, |own| own.1)
        };
        let [density, order, alpha, n, slope_of_n, epsilon, theta] = [
            value(0, 0.0),
            value(1, 0.0),
            value(2, 0.0),
            value(3, 1.0),
            value(4, 0.0),
            value(5, 0.0),
            value(6, 0.0),
        ];
        let sin_alpha = alpha.to_radians().sin();
        let t = density * order / epsilon.to_radians().cos();
        let beta = (t * reference - n * sin_alpha).asin();
        let t = t - slope_of_n * sin_alpha;
        let cos_theta = theta.to_radians().cos();
        let by_angle = step * t / (beta.cos() * cos_theta * cos_theta);
        let offset = -theta.to_radians().tan();
        let bias = (n - slope_of_n * reference) * sin_alpha;
        if !(by_angle.is_finite() && by_angle != 0.0 && t != 0.0) {
            let keyword = format!("PV{}_0", self.number);
            let reason = "with PVi_1 to PVi_6 describes no grism";
            return Err(self.keywords.refused(&keyword, reason));
        }
        let turn = beta + theta.to_radians();
        Ok(vec![
            Step::line(by_angle, offset),
            Step {
                forward: vec![
                    model::function("arctan"),
                    model::shift(turn),
                    model::function("sin"),
                ],
                backward: vec![
                    model::function("arcsin"),
                    model::shift(-turn),
                    model::function("tan"),
                ],
            },
            Step::line(1.0 / t, bias / t),
        ])
    }
}

/// The way from one base to another.
fn between(from: Base, to: Base, rest: [f64; 2]) -> Vec<Step> {
    let mut steps = Vec::new();
    if from == to {
        return steps;
    }
    let [frequency, wavelength] = rest;
    // Between frequency and velocity directly, else by way of the wavelength.
    match (from, to) {
        (Base::Frequency, Base::Velocity) => return vec![Step::velocity(frequency, -1.0)],
        (Base::Velocity, Base::Frequency) => return vec![Step::velocity(frequency, -1.0).turned()],
        _ => {}
    }
    match from {
        Base::Frequency => steps.push(Step::reciprocal(C)),
        Base::AirWavelength => steps.push(Step::to_vacuum()),
        Base::Velocity => steps.push(Step::velocity(wavelength, 1.0).turned()),
        Base::Wavelength => {}
    }
    match to {
        Base::Frequency => steps.push(Step::reciprocal(C)),
        Base::AirWavelength => steps.push(Step::to_vacuum().turned()),
        Base::Velocity => steps.push(Step::velocity(wavelength, 1.0)),
        Base::Wavelength => {}
    }
    steps
}

/// The frequency of a value, and its derivative by the value.
fn to_frequency(base: Base, value: f64, [rest, _]: [f64; 2]) -> (f64, f64) {
    match base {
        Base::Frequency => (value, 1.0),
        Base::Wavelength => (C / value, -C / (value * value)),
        Base::AirWavelength => {
            let (n, slope) = refraction((1.0 / value).powi(2));
            let frequency = C / (value * n);
            (frequency, -frequency / (value * n) * slope)
        }
        Base::Velocity => {
            let beta = value / C;
            let frequency = rest * (-beta.atanh()).exp();
            (frequency, -frequency / (C * (1.0 - beta * beta)))
        }
    }
}

/// The value of a frequency, and its derivative by the frequency.
fn from_frequency(base: Base, frequency: f64, [rest, _]: [f64; 2]) -> (f64, f64) {
    match base {
        Base::Frequency => (frequency, 1.0),
        Base::Wavelength => (C / frequency, -C / (frequency * frequency)),
        Base::AirWavelength => {
            let mut n = 1.0;
            let mut slope = 1.0;
            for _ in 0..4 {
                (n, slope) = refraction((n * frequency / C).powi(2));
            }
            let wavelength = C / frequency;
            (wavelength / n, -wavelength / frequency / slope)
        }
        Base::Velocity => {
            let beta = -(frequency / rest).ln().tanh();
            (beta * C, -C * (1.0 - beta * beta) / frequency)
        }
    }
}

/// The refractive index of air for the square of a wave number, and the derivative of the vacuum wavelength by that in air.
fn refraction(square: f64) -> (f64, f64) {
    let (t, u) = (0.41e14 - square, 1.46e14 - square);
    let n = 1.000_064_328 + (2.554e8 / t + 294.981e8 / u);
    let slope = n - 2.0 * square * (2.554e8 / (t * t) + 294.981e8 / (u * u));
    (n, slope)
}
