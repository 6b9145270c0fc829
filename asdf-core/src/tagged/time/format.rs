//! Formats of moments.

use super::TimeScale;
use std::fmt;

/// The format of a moment. Source: `time/time-1.4.0`, `format` and `base_format`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeFormat {
    /// `2027-03-14 15:09:26.535`
    Iso,
    /// The same with `T` between date and time of day.
    Isot,
    /// The same, with years of more digits.
    Fits,
    /// `2027:073:15:09:26.535`
    Yday,
    /// Besselian years, as a number.
    Byear,
    /// Besselian years, as `B1950.0`.
    ByearStr,
    /// Julian years, as a number.
    Jyear,
    /// Julian years, as `J2000.0`.
    JyearStr,
    /// Years of the calendar and their parts.
    Decimalyear,
    /// Julian dates.
    Jd,
    /// Modified Julian dates.
    Mjd,
    /// Seconds since 1980-01-06, of GPS.
    Gps,
    /// Seconds since 1970 without leap seconds.
    Unix,
    /// Seconds since 1970 with leap seconds.
    UnixTai,
    /// Seconds since 1998 (Chandra).
    Cxcsec,
    /// Seconds since 1980-01-06 without leap seconds (GALEX).
    Galexsec,
    /// Any other name.
    Other(Box<str>),
}

/// The names of formats in files.
const NAMES: &[(&str, TimeFormat)] = &[
    ("iso", TimeFormat::Iso),
    ("isot", TimeFormat::Isot),
    ("fits", TimeFormat::Fits),
    ("yday", TimeFormat::Yday),
    ("byear", TimeFormat::Byear),
    ("byear_str", TimeFormat::ByearStr),
    ("jyear", TimeFormat::Jyear),
    ("jyear_str", TimeFormat::JyearStr),
    ("decimalyear", TimeFormat::Decimalyear),
    ("jd", TimeFormat::Jd),
    ("mjd", TimeFormat::Mjd),
    ("gps", TimeFormat::Gps),
    ("unix", TimeFormat::Unix),
    ("unix_tai", TimeFormat::UnixTai),
    ("cxcsec", TimeFormat::Cxcsec),
    ("galexsec", TimeFormat::Galexsec),
];

impl TimeFormat {
    /// The name, as files have it.
    pub fn name(&self) -> &str {
        if let Self::Other(name) = self {
            return name;
        }
        let found = NAMES.iter().find(|(_, format)| format == self);
        found.map_or("", |(name, _)| name)
    }

    /// The scale of numbers and texts in this format where none is given, which is the scale that it counts in.
    pub fn scale(&self) -> TimeScale {
        match self {
            Self::Byear | Self::ByearStr | Self::Jyear | Self::JyearStr | Self::Cxcsec => {
                TimeScale::Tt
            }
            Self::Gps | Self::UnixTai => TimeScale::Tai,
            _ => TimeScale::Utc,
        }
    }

    /// Whether moments in this format are texts.
    pub(super) fn is_text(&self) -> bool {
        matches!(
            self,
            Self::Iso | Self::Isot | Self::Fits | Self::Yday | Self::ByearStr | Self::JyearStr
        )
    }
}

impl From<&str> for TimeFormat {
    fn from(name: &str) -> Self {
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map_or_else(|| Self::Other(name.into()), |(_, format)| format.clone())
    }
}

impl fmt::Display for TimeFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
