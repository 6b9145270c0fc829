//! Positions, spans of time and places on the Earth as several columns, and what astropy must be told of them.

use super::parts::{Made, doubles};
use crate::array::is_array;
use crate::convert::astropy_yaml::{self as yaml, SERIALIZED, class};
use crate::convert::unit_text as units;
use crate::error::{Error, Locate, Result, Unsupported};
use crate::file::FileNode;
use crate::tagged::{Quantity, Time, TimeFormat, UnitName};
use crate::tree::{Tag, TreePath};

/// Objects within objects.
const DEPTH: usize = 8;
const COORDINATES: &str = "tag:astropy.org:astropy/coordinates/";

/// Entries of a mapping in YAML.
type Entries = Vec<(String, String)>;

/// The class of an object that is a column, by its tag.
fn class_of(tag: &Tag) -> Option<&'static str> {
    match tag.base() {
        "tag:astropy.org:astropy/coordinates/skycoord" => Some(class::SKY_COORD),
        "tag:astropy.org:astropy/coordinates/earthlocation" => Some(class::EARTH_LOCATION),
        "tag:astropy.org:astropy/time/timedelta" => Some(class::TIME_DELTA),
        _ => None,
    }
}

fn entry(key: &str, value: String) -> (String, String) {
    (key.to_owned(), value)
}

impl<'f> Made<'f> {
    /// The entries of an object, whose arrays become columns; `None` of what is none.
    pub(super) fn object(
        &mut self,
        at: FileNode<'f>,
        name: &str,
        path: &TreePath,
    ) -> Result<Option<Entries>> {
        let tag = at.node.tag();
        if let Some(tag) = tag.filter(|tag| tag.base().ends_with("/ndarraymixin")) {
            return Err(unknown(tag.as_str()));
        }
        let Some(class) = tag.and_then(class_of) else {
            return Ok(None);
        };
        self.entries(at, class, name, path, 0).map(Some)
    }

    fn entries(
        &mut self,
        at: FileNode<'f>,
        class: &str,
        name: &str,
        path: &TreePath,
        depth: usize,
    ) -> Result<Entries> {
        let mut entries = vec![entry("__class__", class.to_owned())];
        let map = at.node.as_map().filter(|_| depth < DEPTH);
        let map = map.ok_or_else(|| unknown("an object that is not a mapping"))?;
        for (key, node) in map {
            let key = key.key_text();
            let value = FileNode { node, ..at }.resolve()?;
            let name = format!("{name}.{key}");
            let place = |error: Error| error.at_path(|| node.path());
            let value = self
                .value(value, &key, &name, path, depth.saturating_add(1))
                .map_err(place)?;
            entries.push((key.into_owned(), value));
        }
        Ok(entries)
    }

    fn value(
        &mut self,
        at: FileNode<'f>,
        key: &str,
        name: &str,
        path: &TreePath,
        depth: usize,
    ) -> Result<String> {
        if is_array(at.node) {
            let data = at.file.array_for_output(at.node)?.load()?;
            self.push(name, data, None, path);
            return Ok(yaml::column(name));
        }
        if at.is_tagged::<Time<'_>>() {
            return self.moments(&at.tagged()?, name, path);
        }
        if at.is_tagged::<UnitName>() {
            return Ok(yaml::unit(at.tagged::<UnitName>()?.as_str()));
        }
        let Some(tag) = at.node.tag() else {
            return yaml::scalar(at.node).ok_or_else(|| unknown(&at.node.describe()));
        };
        if let Some(class) = class_of(tag) {
            let entries = self.entries(at, class, name, path, depth)?;
            let is_single = !entries.iter().any(|(_, value)| value.contains(SERIALIZED));
            let kind = if is_single && class == class::EARTH_LOCATION {
                "!astropy.coordinates.earth.EarthLocation"
            } else {
                SERIALIZED
            };
            let skipped = usize::from(kind != SERIALIZED);
            let entries = entries.get(skipped..).unwrap_or_default();
            return Ok(format!("{kind} {}", yaml::map(entries)));
        }
        let (class, single) = match tag.base().strip_prefix(COORDINATES) {
            Some("longitude") => (class::LONGITUDE, "!astropy.coordinates.Longitude"),
            Some("latitude") => (class::LATITUDE, "!astropy.coordinates.Latitude"),
            Some("angle") => (class::ANGLE, "!astropy.coordinates.Angle"),
            _ if at.is_tagged::<Quantity<'_>>() && key == "distance" => {
                (class::DISTANCE, "!astropy.units.Quantity")
            }
            _ if at.is_tagged::<Quantity<'_>>() => (class::QUANTITY, "!astropy.units.Quantity"),
            _ => return Err(unknown(tag.as_str())),
        };
        self.quantity(at, class, single, name, path)
    }

    fn quantity(
        &mut self,
        at: FileNode<'f>,
        class: &str,
        single: &str,
        name: &str,
        path: &TreePath,
    ) -> Result<String> {
        let child = |key: &str| {
            let node = at.node.get(key);
            node.map(|node| FileNode { node, ..at }.resolve())
                .transpose()
        };
        let unit = child("unit")?.and_then(|unit| unit.node.text());
        let unit = unit.unwrap_or_default();
        let Some(value) = child("value")? else {
            return Err(unknown(&at.node.describe()));
        };
        let mut entries = vec![entry("unit", yaml::unit(unit))];
        let is_column = is_array(value.node);
        if is_column {
            let data = value.file.array_for_output(value.node)?.load()?;
            self.push(name, data, units::to_fits(unit), path);
            entries.insert(0, entry("__class__", class.to_owned()));
            entries.push(entry("value", yaml::column(name)));
        } else {
            let number = yaml::scalar(value.node);
            let number = number.ok_or_else(|| unknown(&value.node.describe()))?;
            entries.push(entry("value", number));
        }
        if let Some(wrap) = child("wrap_angle")? {
            let angle = (class::ANGLE, "!astropy.coordinates.Angle");
            let wrap = self.quantity(wrap, angle.0, angle.1, name, path)?;
            entries.push(entry("wrap_angle", wrap));
        }
        let kind = if is_column { SERIALIZED } else { single };
        Ok(format!("{kind} {}", yaml::map(&entries)))
    }

    /// Times within an object.
    fn moments(&mut self, time: &Time<'f>, name: &str, path: &TreePath) -> Result<String> {
        let pairs = time.julian_pairs()?;
        let scale = yaml::quoted(time.scale().name());
        let text = time.values.text().unwrap_or_default();
        let format = match &time.format {
            Some(format) => format.name().to_owned(),
            None if text.starts_with('J') => TimeFormat::JyearStr.name().to_owned(),
            None if text.starts_with('B') => TimeFormat::ByearStr.name().to_owned(),
            None => TimeFormat::Isot.name().to_owned(),
        };
        let mut entries = vec![
            entry("format", yaml::quoted(&format)),
            entry("scale", scale),
        ];
        let Some(array) = time.values.array()? else {
            let [jd1, jd2] = pairs.first().copied().unwrap_or([f64::NAN; 2]);
            entries.push(entry("jd1", yaml::float(jd1)));
            entries.push(entry("jd2", yaml::float(jd2)));
            return Ok(format!("!astropy.time.Time {}", yaml::map(&entries)));
        };
        let shape = array.shape().to_vec();
        for (key, place) in [("jd1", 0), ("jd2", 1)] {
            let numbers = pairs.iter().filter_map(|pair| pair.get(place));
            let bytes = numbers.flat_map(|number| number.to_be_bytes()).collect();
            let name = format!("{name}.{key}");
            self.push(&name, doubles(bytes, shape.clone())?, None, path);
            entries.push(entry(key, yaml::column(&name)));
        }
        entries.insert(0, entry("__class__", class::TIME.to_owned()));
        Ok(format!("{SERIALIZED} {}", yaml::map(&entries)))
    }
}

fn unknown(what: &str) -> Error {
    let what = format!("{} in a column of a table", what.escape_debug()).into();
    let format = "FITS";
    Unsupported::Format { format, what }.into()
}
