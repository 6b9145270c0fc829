//! Moments with their format and scale (`time/time-1.x`).

mod calendar;
mod format;
mod instant;
mod julian;
#[cfg_attr(
    not(feature = "fits"),
    expect(dead_code, reason = "tables of FITS files use the rest")
)]
mod parts;
mod scale;
mod text;

pub(crate) use calendar::day as calendar_day;
pub use format::TimeFormat;
pub use instant::Instant;
#[cfg(feature = "fits")]
pub(crate) use julian::{MJD_0, epoch};
#[cfg(feature = "fits")]
pub(crate) use parts::{DayAndSeconds, NOON_0};
pub use scale::TimeScale;

use super::{Quantity, Tagged, UnitName, Values};
use crate::error::{Result, Unsupported};
use crate::file::{Draft, FileNode};
use crate::tree::{NewNode, Node};
use std::fmt;

/// One moment or many, in a format and a scale.
#[derive(Debug, Clone)]
pub struct Time<'f> {
    /// Text or numbers.
    pub values: Values<'f>,
    /// The format, where it is given: a text may tell its format itself.
    pub format: Option<TimeFormat>,
    /// The format in which the program that wrote it had it.
    pub base_format: Option<TimeFormat>,
    /// The scale, where it is given.
    pub scale: Option<TimeScale>,
    /// Where on the Earth: geocentric x, y, z.
    pub location: Option<[Quantity<'f>; 3]>,
}

impl<'f> Time<'f> {
    /// A moment that is to be written: a text such as `2027-03-14T15:09:26.535`, `2027:073:15:09:26` or `J2000.0`.
    pub fn new(values: impl Into<Values<'f>>) -> Self {
        Self {
            values: values.into(),
            format: None,
            base_format: None,
            scale: None,
            location: None,
        }
    }

    /// The moment in a format: numbers need one.
    #[must_use]
    pub fn in_format(mut self, format: TimeFormat) -> Self {
        self.format = Some(format);
        self
    }

    /// The moment in a scale.
    #[must_use]
    pub fn in_scale(mut self, scale: TimeScale) -> Self {
        self.scale = Some(scale);
        self
    }

    /// The single moment that a mapping is; `None` for other nodes, for one that is a text by itself, and for many moments.
    pub fn single(at: FileNode<'f>) -> Option<Self> {
        let is_text = |key| at.node.get(key).is_some_and(|node| node.text().is_some());
        let is_one = at.is_tagged::<Self>() && is_text("value");
        is_one.then(|| Self::from_node(at).ok())?
    }

    /// The scale: the one that is given, else that of the format, as astropy has it.
    pub fn scale(&self) -> TimeScale {
        let given = self.scale.clone();
        given.unwrap_or_else(|| match &self.format {
            Some(format) => format.scale(),
            None => self.values.text().map_or(TimeScale::Utc, text::scale),
        })
    }

    /// The moment as one that others can be compared with; `None` of many moments, and where [`mjd`](Self::mjd) gives an error.
    pub fn instant(&self) -> Option<Instant> {
        let scale = self.scale();
        let format = self.format.as_ref().filter(|format| !format.is_text());
        match format {
            Some(format) => {
                let date = julian::mjd(format, self.values.number()?, &scale)?;
                Instant::of_date(date, &scale)
            }
            None => Instant::of_text(self.values.text()?, &scale),
        }
    }

    /// Modified Julian dates, in the moment's own scale. A day of UTC with a leap second is one day long, as in astropy.
    ///
    /// # Errors
    /// The values cannot be read, or are not of their format; the format counts in another scale than the one that is given.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// use asdf_core::tagged::{Time, TimeFormat, TimeScale};
    ///
    /// assert_eq!(Time::new("2020-01-01T12:00:00").mjd()?, [58849.5]);
    /// assert_eq!(Time::new("J2000.0").mjd()?, [51544.5]);
    /// let seconds = Time::new(1.2e9).in_format(TimeFormat::Unix);
    /// assert_eq!(seconds.mjd()?, [54475.88888888889]);
    /// assert!(seconds.in_scale(TimeScale::Tt).mjd().is_err()); // from UTC: that needs a table of leap seconds
    /// # Ok(())
    /// # }
    /// ```
    pub fn mjd(&self) -> Result<Vec<f64>> {
        let scale = self.scale();
        let Some(format) = self.format.as_ref().filter(|format| !format.is_text()) else {
            let texts = self.values.texts()?;
            let wrong = || self.values.is_not("times as text");
            let dates = texts.iter().map(|text| text::mjd(text, &scale));
            return dates.map(|date| date.ok_or_else(wrong)).collect();
        };
        let numbers = self.values.numbers()?;
        let dates = numbers
            .into_iter()
            .map(|number| julian::mjd(format, number, &scale));
        let dates: Option<Vec<f64>> = dates.collect();
        dates.ok_or_else(|| {
            Unsupported::Time {
                format: format.name().escape_debug().to_string().into(),
                scale: scale.name().escape_debug().to_string().into(),
            }
            .into()
        })
    }
}

impl fmt::Display for Time<'_> {
    /// `61478.63 mjd tdb (2027-03-14T15:07:12.000)`: the calendar's date stands after a count of days, in the same scale.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.values)?;
        let number = self.values.number();
        let format = self.format.as_ref().or(self.base_format.as_ref());
        // A text tells its format itself.
        if let (Some(format), Some(_)) = (format, number) {
            write!(f, " {format}")?;
        }
        if let Some(scale) = &self.scale {
            write!(f, " {scale}")?;
        }
        let days = match format {
            Some(TimeFormat::Mjd) => number,
            Some(TimeFormat::Jd) => number.map(|days| days - julian::MJD_0),
            _ => None,
        };
        match days.and_then(|days| calendar::date(days, self.scale.as_ref())) {
            Some(date) => write!(f, " ({date})"),
            None => Ok(()),
        }
    }
}

impl<'f> Tagged<'f> for Time<'f> {
    const TAG: &'static str = "tag:stsci.edu:asdf/time/time-1.4.0";

    fn from_node(at: FileNode<'f>) -> Result<Self> {
        if at.node.as_map().is_none() || crate::array::is_array(at.node) {
            return Ok(Self::new(at));
        }
        let text = |key| at.node.get(key).and_then(Node::text);
        let place = at.under("location")?;
        Ok(Self {
            values: Values::Node(at.needed("value")?),
            format: text("format").map(TimeFormat::from),
            base_format: text("base_format").map(TimeFormat::from),
            scale: text("scale").map(TimeScale::from),
            location: place.map(location).transpose()?.flatten(),
        })
    }

    fn to_node(&self, draft: &mut Draft<'f>) -> Result<NewNode> {
        let value = self.values.to_node(draft)?;
        let mut pairs = vec![("value", value)];
        let texts = [
            ("format", self.format.as_ref().map(TimeFormat::name)),
            (
                "base_format",
                self.base_format.as_ref().map(TimeFormat::name),
            ),
            ("scale", self.scale.as_ref().map(TimeScale::name)),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                pairs.push((key, draft.nodes().string(text)));
            }
        }
        if let Some(location) = &self.location {
            let mut axes = Vec::new();
            for (key, length) in ["x", "y", "z"].into_iter().zip(location) {
                axes.push((key, draft.tagged(length)?));
            }
            pairs.push(("location", draft.nodes().map_of(axes)));
        }
        let is_bare = pairs.len() == 1 && self.values.is_single() && self.values.number().is_none();
        if is_bare {
            return Ok(value);
        }
        let is_flow = self.values.is_single() && self.location.is_none();
        let node = draft.nodes().map_of(pairs);
        draft.nodes().set_flow(node, is_flow);
        Ok(node)
    }
}

/// Three lengths; in the first version of the tag, numbers with one unit.
fn location(at: FileNode<'_>) -> Result<Option<[Quantity<'_>; 3]>> {
    if at.node.get("x").is_none() {
        // As longitude, latitude and height, which no astropy ever read.
        return Ok(None);
    }
    let shared = at.under("unit")?.map(UnitName::read).transpose()?;
    let length = |key| {
        let axis = at.needed(key)?;
        if axis.node.as_map().is_some() && axis.node.get("unit").is_some() {
            return Quantity::read(axis);
        }
        let unit = shared.clone().unwrap_or(UnitName::new("m"));
        Ok(Quantity {
            values: Values::Node(axis),
            unit,
        })
    };
    Ok(Some([length("x")?, length("y")?, length("z")?]))
}

#[cfg(test)]
mod tests;
