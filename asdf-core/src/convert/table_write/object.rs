//! What astropy has as one column and a table of plain columns as several: positions, times, quantities, and their parts.

use super::TableFormat;
use super::parts::{About, Parts};
use crate::array::{ArrayRef, DataSource, Datatype, Field};
use crate::array::{is_array, is_ndarray};
use crate::convert::astropy_yaml::{self as yaml, SERIALIZED, class};
use crate::convert::csv_write::{Cells, below};
use crate::error::Error;
use crate::file::FileNode;
use crate::tagged::{Quantity, Time, UnitName, component_order};
use crate::tree::{Map, Node, Tag};

/// Objects within objects.
const DEPTH: usize = 8;
const COORDINATES: &str = "tag:astropy.org:astropy/coordinates/";
/// The frames that astropy knows by name. A table with another one could not be read at all.
const FRAMES: [&str; 27] = [
    "icrs",
    "fk5",
    "fk4",
    "fk4noeterms",
    "galactic",
    "galactocentric",
    "supergalactic",
    "altaz",
    "hadec",
    "gcrs",
    "cirs",
    "itrs",
    "hcrs",
    "teme",
    "tete",
    "precessedgeocentric",
    "geocentricmeanecliptic",
    "geocentrictrueecliptic",
    "barycentricmeanecliptic",
    "barycentrictrueecliptic",
    "heliocentricmeanecliptic",
    "heliocentrictrueecliptic",
    "heliocentriceclipticiau76",
    "lsr",
    "lsrk",
    "lsrd",
    "galacticlsr",
];

/// Why an object is not made: an error, or that the output has no words for something in it.
#[derive(Debug)]
pub(super) enum Cannot {
    Fails(Error),
    Untold(String),
}

impl From<Error> for Cannot {
    fn from(error: Error) -> Self {
        Self::Fails(error)
    }
}

impl Cannot {
    pub(super) fn untold<T>(what: &str) -> Made<T> {
        Err(Self::Untold(what.escape_debug().to_string()))
    }
}

pub(super) type Made<T> = std::result::Result<T, Cannot>;

/// Names and values.
pub(super) type Entries<'f> = Vec<(String, Value<'f>)>;

/// The kind of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    SkyCoord,
    EarthLocation,
    Time,
    TimeDelta,
    Quantity,
    Distance,
    Longitude,
    Latitude,
    Angle,
    /// Module and class.
    Representation(&'static str, &'static str),
    /// An array with a mask.
    Masked,
    /// A column of records.
    Records,
    NdarrayMixin,
}

impl Kind {
    fn class(self) -> String {
        let name = match self {
            Self::SkyCoord => class::SKY_COORD,
            Self::EarthLocation => class::EARTH_LOCATION,
            Self::Time => class::TIME,
            Self::TimeDelta => class::TIME_DELTA,
            Self::Quantity => class::QUANTITY,
            Self::Distance => class::DISTANCE,
            Self::Longitude => class::LONGITUDE,
            Self::Latitude => class::LATITUDE,
            Self::Angle => class::ANGLE,
            Self::Representation(module, class) => {
                return format!("astropy.coordinates.representation.{module}.{class}");
            }
            Self::Masked => class::MASKED_ARRAY,
            Self::Records => class::COLUMN,
            Self::NdarrayMixin => class::NDARRAY_MIXIN,
        };
        name.to_owned()
    }

    /// The tag of a single one in astropy's YAML.
    fn single(self) -> String {
        match self {
            Self::SkyCoord | Self::EarthLocation => format!("!{}", self.class()),
            Self::Time => "!astropy.time.Time".to_owned(),
            Self::TimeDelta => "!astropy.time.TimeDelta".to_owned(),
            Self::Longitude => "!astropy.coordinates.Longitude".to_owned(),
            Self::Latitude => "!astropy.coordinates.Latitude".to_owned(),
            Self::Angle => "!astropy.coordinates.Angle".to_owned(),
            Self::Representation(_, class) => format!("!astropy.coordinates.{class}"),
            _ => "!astropy.units.Quantity".to_owned(),
        }
    }
}

/// The kind of a representation or a differential by the name of its class.
fn representation(name: &str) -> Option<Kind> {
    let (class, module) = match name {
        "CartesianRepresentation" => ("CartesianRepresentation", "cartesian"),
        "CartesianDifferential" => ("CartesianDifferential", "cartesian"),
        "CylindricalRepresentation" => ("CylindricalRepresentation", "cylindrical"),
        "CylindricalDifferential" => ("CylindricalDifferential", "cylindrical"),
        "SphericalRepresentation" => ("SphericalRepresentation", "spherical"),
        "UnitSphericalRepresentation" => ("UnitSphericalRepresentation", "spherical"),
        "PhysicsSphericalRepresentation" => ("PhysicsSphericalRepresentation", "spherical"),
        "RadialRepresentation" => ("RadialRepresentation", "spherical"),
        _ => return None,
    };
    Some(Kind::Representation(module, class))
}

/// An object in astropy's form.
#[derive(Debug)]
pub(super) struct Object<'f> {
    pub(super) kind: Kind,
    pub(super) entries: Entries<'f>,
    /// Description and `meta` of the column.
    pub(super) info: Option<(Option<String>, Option<FileNode<'f>>)>,
}

impl<'f> Object<'f> {
    pub(super) fn new(kind: Kind, entries: Entries<'f>) -> Self {
        Self {
            kind,
            entries,
            info: None,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value<'f>> {
        let found = self.entries.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| value)
    }

    fn has_columns(&self) -> bool {
        self.entries.iter().any(|(_, value)| value.has_columns())
    }

    /// The entries of the object as YAML, its class first.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let mut out = vec![("__class__".to_owned(), self.kind.class())];
        out.extend(pairs(&self.entries));
        out
    }
}

/// A value within an object.
#[derive(Debug)]
pub(super) enum Value<'f> {
    /// A column of the output.
    Column(String),
    Scalar(Node<'f>),
    Text(String),
    Number(f64),
    Unit(String),
    /// The fields of records.
    Fields(Entries<'f>),
    Object(Object<'f>),
}

impl Value<'_> {
    /// A column of records, whose fields are columns of the output; `None` where they are not one column each.
    pub(super) fn structured<'f>(name: &str, fields: &[Field]) -> Option<Object<'f>> {
        let mut entries = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let label = field.label(index);
            let name = below(name, label.clone());
            let value = match &field.datatype {
                Datatype::Record(inner) if field.shape.is_empty() => {
                    Value::Object(Self::structured(&name, inner)?)
                }
                Datatype::Record(_) => return None,
                _ if field.shape.contains(&0) => return None,
                _ => Value::Column(name),
            };
            entries.push((label, value));
        }
        let data = vec![("data".to_owned(), Value::Fields(entries))];
        Some(Object::new(Kind::Records, data))
    }

    fn has_columns(&self) -> bool {
        match self {
            Self::Column(_) => true,
            Self::Object(object) => object.has_columns(),
            Self::Fields(entries) => entries.iter().any(|(_, value)| value.has_columns()),
            _ => false,
        }
    }

    pub(super) fn yaml(&self) -> String {
        match self {
            Self::Column(name) => yaml::column(name),
            Self::Scalar(node) => yaml::scalar(*node).unwrap_or_else(|| "null".to_owned()),
            Self::Text(text) => yaml::quoted(text),
            Self::Number(number) => yaml::float(*number),
            Self::Unit(text) => yaml::unit(text),
            Self::Fields(entries) => format!("{SERIALIZED} {}", yaml::map(&pairs(entries))),
            Self::Object(object) if object.has_columns() => {
                format!("{SERIALIZED} {}", yaml::map(&object.pairs()))
            }
            Self::Object(object) => {
                let tag = object.kind.single();
                format!("{tag} {}", yaml::map(&pairs(&object.entries)))
            }
        }
    }
}

fn pairs(entries: &[(String, Value<'_>)]) -> Vec<(String, String)> {
    let one = |(key, value): &(String, Value<'_>)| (yaml::quoted(key), value.yaml());
    entries.iter().map(one).collect()
}

/// Whether an array says that elements of it have no value.
pub(super) fn has_mask(array: &ArrayRef<'_>) -> crate::error::Result<bool> {
    if array.is_masked() {
        return Ok(true);
    }
    match array.source() {
        // `null` in a list.
        DataSource::Inline(_) => Ok(array.load()?.mask().is_some()),
        _ => Ok(false),
    }
}

impl<'f> Parts<'f> {
    /// Anything within a column; arrays in it become columns under the name.
    pub(super) fn value(
        &mut self,
        at: FileNode<'f>,
        key: &str,
        name: &str,
        depth: usize,
    ) -> Made<Value<'f>> {
        if depth > DEPTH {
            return Cannot::untold("objects nested that deep");
        }
        if is_array(at.node) {
            let array = at.file.array_for_output(at.node)?;
            return self.array(array, name, About::default());
        }
        if at.is_tagged::<Time<'_>>() {
            return self.moments(at, name);
        }
        if at.is_tagged::<UnitName>() {
            let unit: UnitName = at.tagged()?;
            return Ok(Value::Unit(unit.as_str().to_owned()));
        }
        let Some(tag) = at.node.tag() else {
            let is_scalar = yaml::scalar(at.node).is_some();
            return if is_scalar {
                Ok(Value::Scalar(at.node))
            } else {
                Cannot::untold(&format!("`{key}`, which is {}", at.node.describe()))
            };
        };
        let kind = match tag.base() {
            "tag:astropy.org:astropy/coordinates/skycoord" => Kind::SkyCoord,
            "tag:astropy.org:astropy/coordinates/earthlocation" => Kind::EarthLocation,
            "tag:astropy.org:astropy/time/timedelta" => Kind::TimeDelta,
            _ => return self.by_tag(at, tag, key, name, depth),
        };
        self.composite(at, kind, name, depth).map(Value::Object)
    }

    fn by_tag(
        &mut self,
        at: FileNode<'f>,
        tag: &Tag,
        key: &str,
        name: &str,
        depth: usize,
    ) -> Made<Value<'f>> {
        let kind = match tag.base().strip_prefix(COORDINATES) {
            Some("longitude") => Kind::Longitude,
            Some("latitude") => Kind::Latitude,
            Some("angle") => Kind::Angle,
            Some("representation") => return self.representation(at, name, depth),
            _ if at.is_tagged::<Quantity<'_>>() && key == "distance" => Kind::Distance,
            _ if at.is_tagged::<Quantity<'_>>() => Kind::Quantity,
            None if tag.base().ends_with("/ndarraymixin") => return self.mixin(at, name),
            _ => return Cannot::untold(&format!("what has the tag {}", tag.short())),
        };
        self.quantity(at, kind, name).map(Value::Object)
    }

    /// An object with its parts under the keys of the mapping.
    fn composite(
        &mut self,
        at: FileNode<'f>,
        kind: Kind,
        name: &str,
        depth: usize,
    ) -> Made<Object<'f>> {
        let text = |key: &str| at.node.get(key).and_then(Node::text);
        if kind == Kind::SkyCoord {
            let frame = text("frame").unwrap_or_default();
            if self.format == TableFormat::Ecsv && !FRAMES.contains(&frame) {
                return Cannot::untold(&format!("the frame `{frame}`"));
            }
        }
        let Some(map) = at.node.as_map() else {
            return Cannot::untold("an object that is not a mapping");
        };
        let mut children: Vec<_> = Map::iter(map).collect();
        children.sort_by_key(|(key, _)| component_order(&key.key_text()));
        let mut entries = Vec::new();
        for (key, node) in children {
            let key = key.key_text();
            let child = FileNode { node, ..at }.resolve()?;
            let name = format!("{name}.{key}");
            let value = self.value(child, &key, &name, depth.saturating_add(1))?;
            entries.push((key.into_owned(), value));
        }
        if kind == Kind::EarthLocation && text("ellipsoid").is_none() {
            let ellipsoid = Value::Text("WGS84".to_owned());
            entries.push(("ellipsoid".to_owned(), ellipsoid));
        }
        Ok(Object::new(kind, entries))
    }

    fn representation(&mut self, at: FileNode<'f>, name: &str, depth: usize) -> Made<Value<'f>> {
        let class = at.node.get("type").and_then(Node::text);
        let kind = class.and_then(representation);
        let (Some(kind), Some(components)) = (kind, at.under("components")?) else {
            let class = class.unwrap_or("a representation without a type");
            return Cannot::untold(class);
        };
        self.composite(components, kind, name, depth)
            .map(Value::Object)
    }

    /// A number or an array of numbers with a unit, and where longitudes wrap.
    fn quantity(&mut self, at: FileNode<'f>, kind: Kind, name: &str) -> Made<Object<'f>> {
        let unit = at.under("unit")?.and_then(|unit| unit.node.text());
        let unit = unit.unwrap_or_default().trim().to_owned();
        let Some(value) = at.under("value")? else {
            return Cannot::untold(&at.node.describe());
        };
        let mut entries = vec![("unit".to_owned(), Value::Unit(unit.clone()))];
        let value = if is_array(value.node) {
            let array = value.file.array_for_output(value.node)?;
            let about = About {
                unit: Some(unit).filter(|unit| !unit.is_empty()),
                description: None,
            };
            self.array(array, name, about)?
        } else if yaml::scalar(value.node).is_some() {
            Value::Scalar(value.node)
        } else {
            return Cannot::untold(&value.node.describe());
        };
        entries.push(("value".to_owned(), value));
        if let Some(wrap) = at.under("wrap_angle")? {
            let name = format!("{name}.wrap_angle");
            let wrap = self.quantity(wrap, Kind::Angle, &name)?;
            entries.push(("wrap_angle".to_owned(), Value::Object(wrap)));
        }
        Ok(Object::new(kind, entries))
    }

    fn mixin(&mut self, at: FileNode<'f>, name: &str) -> Made<Value<'f>> {
        let Some(array) = at.under("array")?.filter(|array| is_ndarray(array.node)) else {
            return Cannot::untold(&at.node.describe());
        };
        let array = array.file.array_for_output(array.node)?;
        let value = match array.datatype() {
            Datatype::Record(fields) => {
                let value = Value::structured(name, fields).filter(|_| array.shape().len() == 1);
                let Some(object) = value.filter(|_| !array.is_masked()) else {
                    return Cannot::untold("records of several axes or with masks");
                };
                self.push(name, Cells::Array(array), About::default());
                Value::Object(object)
            }
            _ => self.array(array, name, About::default())?,
        };
        let data = vec![("data".to_owned(), value)];
        Ok(Value::Object(Object::new(Kind::NdarrayMixin, data)))
    }

    /// An array as a column.
    pub(super) fn array(
        &mut self,
        array: ArrayRef<'f>,
        name: &str,
        about: About,
    ) -> Made<Value<'f>> {
        if array.shape().is_empty() {
            let numbers = array.load()?.to_f64()?;
            let number = numbers.first().copied().unwrap_or(f64::NAN);
            return Ok(Value::Number(number));
        }
        if matches!(array.datatype(), Datatype::Record(_)) {
            return Cannot::untold("records within an object");
        }
        let is_masked = has_mask(&array)?;
        let name = self.push(name, Cells::Array(array), about);
        Ok(column(name, is_masked))
    }
}

/// A column of the output, as an array with a mask where it has one.
pub(super) fn column<'f>(name: String, is_masked: bool) -> Value<'f> {
    let column = Value::Column(name);
    if is_masked {
        let data = vec![("data".to_owned(), column)];
        return Value::Object(Object::new(Kind::Masked, data));
    }
    column
}
