//! How values between the limits become brightness.

use std::fmt;
use std::str::FromStr;

/// A function from 0…1 to 0…1, increasing; formulas and defaults are those of astropy's `visualization`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stretch {
    /// x
    Linear,
    /// √x
    Sqrt,
    /// x^p
    Power(f64),
    /// asinh(x/a) / asinh(1/a): logarithmic above a, linear below
    Asinh(f64),
    /// log(a x + 1) / log(a + 1)
    Log(f64),
    /// sinh(x/a) / sinh(1/a)
    Sinh(f64),
    /// (a^x - 1) / (a - 1)
    Exponential(f64),
    /// log(v - low + 1) / log(high - low + 1) of the values themselves, as JWQL shows them
    LogOfValues,
}

impl Default for Stretch {
    fn default() -> Self {
        Self::Asinh(0.1)
    }
}

/// The names, with the default of the parameter and what it must be greater than.
const NAMES: [(&str, f64, f64); 8] = [
    ("linear", 0.0, 0.0),
    ("sqrt", 0.0, 0.0),
    ("squared", 0.0, 0.0),
    ("power", 2.0, 0.0),
    ("asinh", 0.1, 0.0),
    ("log", 1000.0, 0.0),
    ("sinh", 1.0 / 3.0, 0.0),
    ("exp", 1000.0, 1.0),
];

impl Stretch {
    /// The brightness of a value between limits, of which the first is less than the second; what is outside of them
    /// counts as the nearer one.
    pub fn apply(self, value: f64, [low, high]: [f64; 2]) -> f64 {
        let range = high - low;
        // Limits so far apart that their difference is not a number.
        let part = if range.is_finite() {
            (value - low) / range
        } else {
            (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0)
        };
        let x = part.clamp(0.0, 1.0);
        match self {
            Self::LogOfValues => (x * range).ln_1p() / range.ln_1p(),
            other => other.of(x),
        }
    }

    /// The function itself.
    fn of(self, x: f64) -> f64 {
        match self {
            Self::Linear | Self::LogOfValues => x,
            Self::Sqrt => x.sqrt(),
            Self::Power(p) => x.powf(p),
            Self::Asinh(a) => (x / a).asinh() / (1.0 / a).asinh(),
            Self::Log(a) => (a * x).ln_1p() / a.ln_1p(),
            Self::Sinh(a) => (x / a).sinh() / (1.0 / a).sinh(),
            Self::Exponential(a) => (a.powf(x) - 1.0) / (a - 1.0),
        }
    }

    /// The value of a brightness, found by halving.
    pub fn value_at(self, brightness: f64, limits: [f64; 2]) -> f64 {
        let [mut low, mut high] = limits;
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if self.apply(middle, limits) < brightness {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::midpoint(low, high)
    }
}

impl FromStr for Stretch {
    type Err = String;

    /// `asinh`, `asinh:0.01`, …
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, parameter) = match text.split_once(':') {
            Some((name, parameter)) => (name, Some(parameter)),
            None => (text, None),
        };
        let entry = NAMES.iter().find(|entry| entry.0 == name);
        let (_, default, above) = entry.ok_or_else(|| {
            let names: Vec<_> = NAMES.iter().map(|entry| entry.0).collect();
            format!("`{text}`: expected one of {}", names.join(", "))
        })?;
        let a = match parameter {
            None => *default,
            Some(_) if *default == 0.0 => return Err(format!("`{text}`: {name} takes no number")),
            Some(parameter) => parameter
                .parse()
                .ok()
                .filter(|a: &f64| *a > *above && a.is_finite())
                .ok_or_else(|| format!("`{text}`: expected a number greater than {above}"))?,
        };
        Ok(match name {
            "linear" => Self::Linear,
            "sqrt" => Self::Sqrt,
            "squared" => Self::Power(2.0),
            "power" => Self::Power(a),
            "asinh" => Self::Asinh(a),
            "log" => Self::Log(a),
            "sinh" => Self::Sinh(a),
            _ => Self::Exponential(a),
        })
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Linear => write!(f, "linear"),
            Self::Sqrt => write!(f, "sqrt"),
            Self::Power(p) => write!(f, "power:{p}"),
            Self::Asinh(a) => write!(f, "asinh:{a}"),
            Self::Log(a) => write!(f, "log:{a}"),
            Self::Sinh(a) => write!(f, "sinh:{a}"),
            Self::Exponential(a) => write!(f, "exp:{a}"),
            Self::LogOfValues => write!(f, "log of value - low + 1"),
        }
    }
}
