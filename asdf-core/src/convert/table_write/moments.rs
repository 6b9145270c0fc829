//! Times as columns: what the tree has where astropy takes it so, else Julian dates.

use super::TableFormat;
use super::object::{Cannot, Entries, Kind, Made, Object, Value, column, has_mask};
use super::parts::{About, Parts};
use crate::array::{ArrayRef, Datatype, is_array};
use crate::convert::csv_write::Cells;
use crate::error::Result;
use crate::file::FileNode;
use crate::tagged::{Quantity, Time, TimeFormat, TimeScale, Values};

/// Formats of astropy that the schema of times does not have.
const MORE_FORMATS: [&str; 5] = ["datetime", "datetime64", "plot_date", "stardate", "ymdhms"];

/// The format of a text.
fn format_of(text: &str) -> TimeFormat {
    match text.as_bytes() {
        [b'J', ..] => TimeFormat::JyearStr,
        [b'B', ..] => TimeFormat::ByearStr,
        [b'+' | b'-', ..] => TimeFormat::Fits,
        [_, _, _, _, b':', ..] => TimeFormat::Yday,
        _ if text.contains('T') => TimeFormat::Isot,
        _ => TimeFormat::Iso,
    }
}

/// The texts of an array, without those that are masked.
fn texts(array: &ArrayRef<'_>) -> Result<Vec<Option<String>>> {
    let data = array.load()?;
    let mask = data.mask().unwrap_or_default();
    let texts: Result<Vec<Option<String>>> = data.records().collect();
    let masked = mask.iter().copied().chain(std::iter::repeat(false));
    let pairs = texts?.into_iter().zip(masked);
    Ok(pairs
        .map(|(text, masked)| text.filter(|_| !masked))
        .collect())
}

fn first_format(array: &ArrayRef<'_>) -> Result<TimeFormat> {
    let texts = texts(array)?;
    let first = texts.iter().flatten().find(|text| !text.is_empty());
    Ok(first.map_or(TimeFormat::Isot, |text| format_of(text)))
}

/// The year of `J2000.5` or `B1950.0`.
fn year(text: &str) -> Option<f64> {
    text.get(1..)?.parse().ok()
}

impl<'f> Parts<'f> {
    /// One moment or many.
    pub(super) fn moments(&mut self, at: FileNode<'f>, name: &str) -> Made<Value<'f>> {
        let time: Time<'f> = at.tagged()?;
        let mut scale = time.scale();
        if let TimeScale::Other(other) = &scale
            && **other != *"local"
        {
            return Cannot::untold(&format!("the scale `{other}`"));
        }
        for format in [&time.format, &time.base_format].into_iter().flatten() {
            if let TimeFormat::Other(other) = format
                && !MORE_FORMATS.contains(&&**other)
            {
                return Cannot::untold(&format!("the format `{other}`"));
            }
        }
        let mut entries = match &time.values {
            Values::Node(value) if is_array(value.node) => {
                let (own, entries) = self.many(&time, *value, name)?;
                if time.scale.is_none() {
                    // Texts tell their scale, as a single one does.
                    scale = own.scale();
                }
                entries
            }
            _ => self.one(&time)?,
        };
        let scale = Value::Text(scale.name().to_owned());
        entries.push(("scale".to_owned(), scale));
        match &time.location {
            Some(location) => {
                let place = self.place(location, &format!("{name}.location"))?;
                entries.push(("location".to_owned(), Value::Object(place)));
            }
            None if at.node.get("location").is_some() => self.notes.push(format!(
                "column `{}`: the place on the Earth is not given by x, y and z and is left out",
                name.escape_debug()
            )),
            None => {}
        }
        Ok(Value::Object(Object::new(Kind::Time, entries)))
    }

    /// The format of the values, and the entries.
    fn many(
        &mut self,
        time: &Time<'f>,
        value: FileNode<'f>,
        name: &str,
    ) -> Made<(TimeFormat, Entries<'f>)> {
        let array = value.file.array_for_output(value.node)?;
        if array.shape().is_empty() {
            return Cannot::untold("a time that is an array without an axis");
        }
        let is_text = match array.datatype() {
            Datatype::Ascii(_) | Datatype::Ucs4(_) => true,
            Datatype::Scalar(_) => false,
            Datatype::Record(_) => return Cannot::untold("times that are records"),
        };
        let own = match (&time.format, is_text) {
            (_, true) => first_format(&array)?,
            (Some(format), false) => format.clone(),
            (None, false) => return Cannot::untold("numbers of times without a format"),
        };
        let shown = time.base_format.clone().unwrap_or_else(|| own.clone());
        if self.format == TableFormat::Votable {
            self.note_format(name, &own, &shown);
            let entries = self.as_it_is(array, name, &own)?;
            return Ok((own, entries));
        }
        if shown == own || is_written_alike(&own, &shown) {
            let entries = self.as_it_is(array, name, &shown)?;
            return Ok((own, entries));
        }
        let inner = array.shape().get(1..).unwrap_or_default().to_vec();
        let numbers = match (&own, &shown) {
            (TimeFormat::JyearStr, TimeFormat::Jyear)
            | (TimeFormat::ByearStr, TimeFormat::Byear) => {
                let texts = texts(&array)?.into_iter();
                let years = texts.map(|text| match text {
                    Some(text) => year(&text),
                    None => Some(f64::NAN),
                });
                years.collect::<Option<Vec<f64>>>()
            }
            _ => None,
        };
        let mut entries = vec![("format".to_owned(), Value::Text(shown.name().to_owned()))];
        if let Some(years) = numbers {
            let value = self.numbers(years, inner, name);
            entries.insert(0, ("value".to_owned(), value));
            return Ok((own, entries));
        }
        let pairs = julian_dates(time)?.into_iter();
        let (first, second): (Vec<f64>, Vec<f64>) = pairs.map(|[jd1, jd2]| (jd1, jd2)).unzip();
        for (key, numbers) in [("jd1", first), ("jd2", second)] {
            let value = self.numbers(numbers, inner.clone(), &format!("{name}.{key}"));
            entries.push((key.to_owned(), value));
        }
        Ok((own, entries))
    }

    /// Values as the tree has them.
    fn as_it_is(
        &mut self,
        array: ArrayRef<'f>,
        name: &str,
        format: &TimeFormat,
    ) -> Made<Entries<'f>> {
        let is_masked = has_mask(&array)?;
        let name = self.push(name, Cells::Array(array), About::default());
        Ok(vec![
            ("value".to_owned(), column(name, is_masked)),
            ("format".to_owned(), Value::Text(format.name().to_owned())),
        ])
    }

    fn numbers(&mut self, numbers: Vec<f64>, inner: Vec<u64>, name: &str) -> Value<'f> {
        let is_masked = numbers.iter().any(|number| number.is_nan());
        let cells = Cells::Numbers(numbers, inner);
        let name = self.push(name, cells, About::default());
        column(name, is_masked)
    }

    fn note_format(&mut self, name: &str, own: &TimeFormat, shown: &TimeFormat) {
        if shown != own {
            self.notes.push(format!(
                "column `{}`: VOTable cannot say the format `{}` in which its times were; they are written as `{}`",
                name.escape_debug(),
                shown.name().escape_debug(),
                own.name().escape_debug()
            ));
        }
    }

    /// A single moment.
    fn one(&mut self, time: &Time<'f>) -> Made<Entries<'f>> {
        let (own, value) = if let Some(text) = time.values.text() {
            (format_of(text), Value::Text(text.to_owned()))
        } else if let Some(number) = time.values.number() {
            let Some(format) = time.format.clone() else {
                return Cannot::untold("the number of a time without a format");
            };
            (format, Value::Number(number))
        } else {
            return Cannot::untold("times as a list");
        };
        let shown = time.base_format.clone().unwrap_or_else(|| own.clone());
        let format = Value::Text(shown.name().to_owned());
        let format = ("format".to_owned(), format);
        let is_datetime = matches!(shown, TimeFormat::Other(_));
        let is_votable = self.format == TableFormat::Votable;
        if shown == own || is_votable || (is_written_alike(&own, &shown) && !is_datetime) {
            let own = Value::Text(own.name().to_owned());
            let format = if is_votable {
                ("format".to_owned(), own)
            } else {
                format
            };
            return Ok(vec![("value".to_owned(), value), format]);
        }
        let pairs = julian_dates(time)?;
        let [jd1, jd2] = pairs.first().copied().unwrap_or([f64::NAN; 2]);
        Ok(vec![
            format,
            ("jd1".to_owned(), Value::Number(jd1)),
            ("jd2".to_owned(), Value::Number(jd2)),
        ])
    }

    /// A place on the Earth, or one for each moment.
    fn place(&mut self, location: &[Quantity<'f>; 3], name: &str) -> Made<Object<'f>> {
        let mut entries = Vec::new();
        for (key, length) in ["x", "y", "z"].into_iter().zip(location) {
            let unit = length.unit.as_str().trim().to_owned();
            let value = match &length.values {
                Values::Node(at) if is_array(at.node) => {
                    let array = at.file.array_for_output(at.node)?;
                    let about = About {
                        unit: Some(unit.clone()),
                        description: None,
                    };
                    self.array(array, &format!("{name}.{key}"), about)?
                }
                values => match values.number() {
                    Some(number) => Value::Number(number),
                    None => return Cannot::untold("a place on the Earth without numbers"),
                },
            };
            let entries_of = vec![
                ("unit".to_owned(), Value::Unit(unit)),
                ("value".to_owned(), value),
            ];
            let quantity = Object::new(Kind::Quantity, entries_of);
            entries.push((key.to_owned(), Value::Object(quantity)));
        }
        let ellipsoid = Value::Text("WGS84".to_owned());
        entries.push(("ellipsoid".to_owned(), ellipsoid));
        Ok(Object::new(Kind::EarthLocation, entries))
    }
}

/// Whether texts of one format are texts of the other as well.
fn is_written_alike(own: &TimeFormat, shown: &TimeFormat) -> bool {
    let is_date = matches!(own, TimeFormat::Isot);
    match shown {
        TimeFormat::Fits => is_date,
        TimeFormat::Other(name) => is_date && matches!(&**name, "datetime" | "datetime64"),
        _ => false,
    }
}

fn julian_dates(time: &Time<'_>) -> Made<Vec<[f64; 2]>> {
    match time.julian_pairs() {
        Ok(pairs) => Ok(pairs),
        Err(error) if error.is_unsupported() || error.is_mismatch() => {
            Cannot::untold(&error.to_string())
        }
        Err(error) => Err(error.into()),
    }
}
