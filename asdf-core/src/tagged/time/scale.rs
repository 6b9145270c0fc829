//! Scales of moments.

use std::fmt;

/// The scale of a moment. Source: `time/time-1.4.0`, `scale`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeScale {
    /// Coordinated universal time, which has leap seconds.
    Utc,
    /// International atomic time.
    Tai,
    /// Terrestrial time.
    Tt,
    /// Barycentric dynamical time.
    Tdb,
    /// Geocentric coordinate time.
    Tcg,
    /// Barycentric coordinate time.
    Tcb,
    /// Universal time by the rotation of the Earth.
    Ut1,
    /// Any other name.
    Other(Box<str>),
}

const NAMES: &[(&str, TimeScale)] = &[
    ("utc", TimeScale::Utc),
    ("tai", TimeScale::Tai),
    ("tt", TimeScale::Tt),
    ("tdb", TimeScale::Tdb),
    ("tcg", TimeScale::Tcg),
    ("tcb", TimeScale::Tcb),
    ("ut1", TimeScale::Ut1),
];

impl TimeScale {
    /// The name, as files have it.
    pub fn name(&self) -> &str {
        if let Self::Other(name) = self {
            return name;
        }
        let found = NAMES.iter().find(|(_, scale)| scale == self);
        found.map_or("", |(name, _)| name)
    }
}

impl From<&str> for TimeScale {
    fn from(name: &str) -> Self {
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map_or_else(|| Self::Other(name.into()), |(_, scale)| scale.clone())
    }
}

impl fmt::Display for TimeScale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
