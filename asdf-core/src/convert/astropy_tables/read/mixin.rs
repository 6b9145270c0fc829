//! What astropy made several columns of, as it says in comments of its own: positions, times, places, quantities.

use super::column::{Columns, unit_node};
use super::{number_of, time};
use crate::convert::astropy_yaml::{SERIALIZED, class};
use crate::error::Result;
use crate::tagged::{DayAndSeconds, TimeFormat, TimeScale, epoch};
use crate::tree::{Map, NewNode, Node, Tag, Value};

/// Objects within objects.
const DEPTH: usize = 8;
const COORDINATES: &str = "tag:astropy.org:astropy/coordinates/";
const TIME_DELTA: &str = "tag:astropy.org:astropy/time/timedelta-1.2.0";

/// An object that stands in one or several columns.
pub(super) struct Mixin<'t> {
    pub(super) name: String,
    pub(super) node: Node<'t>,
    /// Names of columns.
    pub(super) uses: Vec<String>,
    /// When it is a quantity: a column with a unit.
    pub(super) quantity: Option<Quantity<'t>>,
    /// When it is a masked column: the columns of data and mask.
    pub(super) masked: Option<(String, String)>,
}

pub(super) struct Quantity<'t> {
    pub(super) column: String,
    pub(super) unit: Option<&'t str>,
    /// Whether astropy had it as a masked one: else NaN is a number like others.
    pub(super) is_masked: bool,
}

impl Mixin<'_> {
    /// That it stays in its columns.
    pub(super) fn unknown(&self) -> String {
        let class = class_of(self.node).unwrap_or("an object without a class");
        format!(
            "column `{}` is {} for astropy, which no table of a tree holds; it stays as the columns {}",
            self.name.escape_debug(),
            class.escape_debug(),
            self.uses.join(", ").escape_debug()
        )
    }
}

/// The objects of a table whose columns are there.
pub(super) fn list<'t>(
    tree: Option<Node<'t>>,
    columns: &Columns<'_, '_>,
    odd: &mut Vec<String>,
) -> Vec<Mixin<'t>> {
    let meta = tree.and_then(|tree| tree.get("meta"));
    let within = |meta: Node<'t>| {
        let own = meta.get("__serialized_columns__");
        let items = meta.as_seq().into_iter().flatten();
        own.or_else(|| {
            items
                .filter_map(|item| item.get("__serialized_columns__"))
                .last()
        })
    };
    let map = meta.and_then(within).and_then(Node::as_map);
    let mut out = Vec::new();
    for (key, node) in map.into_iter().flat_map(Map::iter) {
        let name = key.key_text().into_owned();
        let mut uses = Vec::new();
        collect(node, 0, &mut uses);
        if uses
            .iter()
            .all(|used| number_of(columns.names, used).is_some())
            && !uses.is_empty()
        {
            out.push(Mixin {
                quantity: quantity(node),
                masked: masked(node),
                name,
                node,
                uses,
            });
        } else {
            odd.push(format!(
                "column `{}`, which astropy tells of, is not there as the columns {}",
                name.escape_debug(),
                uses.join(", ").escape_debug()
            ));
        }
    }
    out
}

fn class_of(node: Node<'_>) -> Option<&str> {
    node.get("__class__")?.text()
}

fn is_tagged(node: Node<'_>, tag: &str) -> bool {
    node.tag().is_some_and(|found| found.as_str() == tag)
}

/// The column that a node names.
fn named(node: Node<'_>) -> Option<&str> {
    let is_name = is_tagged(node, SERIALIZED) && class_of(node).is_none();
    node.get("name").filter(|_| is_name)?.text()
}

fn collect(node: Node<'_>, depth: usize, out: &mut Vec<String>) {
    if depth > DEPTH {
        return;
    }
    if let Some(name) = named(node) {
        out.push(name.to_owned());
        return;
    }
    for (_, value) in node.as_map().into_iter().flat_map(Map::iter) {
        collect(value, depth.saturating_add(1), out);
    }
}

/// The column of values, through the masked array that it may be.
fn value_column(node: Node<'_>) -> Option<&str> {
    let value = node.get("value")?;
    let is_masked = class_of(value) == Some(class::MASKED_ARRAY) && value.get("mask").is_none();
    match value.get("data").filter(|_| is_masked) {
        Some(data) => named(data),
        None => named(value),
    }
}

fn quantity(node: Node<'_>) -> Option<Quantity<'_>> {
    if class_of(node) != Some(class::QUANTITY) {
        return None;
    }
    let column = value_column(node)?.to_owned();
    let unit = node.get("unit").and_then(unit_text);
    let is_masked = node
        .get("value")
        .is_some_and(|value| class_of(value).is_some());
    Some(Quantity {
        column,
        unit,
        is_masked,
    })
}

fn masked(node: Node<'_>) -> Option<(String, String)> {
    if class_of(node) != Some(class::MASKED_COLUMN) {
        return None;
    }
    let (data, mask) = (node.get("data")?, node.get("mask")?);
    Some((named(data)?.to_owned(), named(mask)?.to_owned()))
}

fn unit_text(node: Node<'_>) -> Option<&str> {
    node.get("unit").unwrap_or(node).text()
}

/// The parts of an object as nodes.
pub(super) struct Parts<'c, 'd, 'f> {
    pub(super) columns: &'c mut Columns<'d, 'f>,
    /// Something in it is not known here.
    pub(super) fails: bool,
}

impl Parts<'_, '_, '_> {
    /// An object by its class; `None` of classes that no table of a tree holds.
    pub(super) fn object(&mut self, node: Node<'_>, depth: usize) -> Result<Option<NewNode>> {
        let Some(class) = class_of(node).filter(|_| depth < DEPTH) else {
            return Ok(None);
        };
        // Older versions had the angles in another module.
        let class = match class.strip_prefix("astropy.coordinates.angles.") {
            Some("Longitude") => class::LONGITUDE,
            Some("Latitude") => class::LATITUDE,
            Some("Angle") => class::ANGLE,
            _ => class,
        };
        let standard = |name: &str| self.columns.draft.standard_tag(name);
        let (tag, is_column) = match class {
            class::SKY_COORD => (Some(format!("{COORDINATES}skycoord-1.0.0")), true),
            class::EARTH_LOCATION => (Some(format!("{COORDINATES}earthlocation-1.2.0")), true),
            class::TIME_DELTA => (Some(TIME_DELTA.to_owned()), true),
            class::TIME => return self.times(node, depth),
            class::LONGITUDE => (Some(format!("{COORDINATES}longitude-1.2.0")), false),
            class::LATITUDE => (Some(format!("{COORDINATES}latitude-1.2.0")), false),
            class::ANGLE => (Some(format!("{COORDINATES}angle-1.2.0")), false),
            class::QUANTITY | class::DISTANCE => (standard("unit/quantity"), false),
            _ => (None, false),
        };
        // The schema of tables has no angles as columns; a column with a unit says the same.
        if depth == 0 && !is_column {
            return self.angles(node, class);
        }
        let (Some(tag), Some(map)) = (tag, node.as_map()) else {
            return Ok(None);
        };
        let mut pairs = Vec::new();
        for (key, value) in map {
            let key = key.key_text();
            // How it is shown.
            if key.starts_with("__") || matches!(&*key, "in_subfmt" | "out_subfmt" | "precision") {
                continue;
            }
            let value = self.value(value, depth.saturating_add(1))?;
            pairs.push((self.columns.draft.nodes().string(&key), value));
        }
        let nodes = self.columns.draft.nodes();
        let out = nodes.map(pairs);
        nodes.set_tag(out, &tag);
        Ok(Some(out))
    }

    /// Angles and distances by themselves: columns with a unit.
    fn angles(&mut self, node: Node<'_>, class: &str) -> Result<Option<NewNode>> {
        let is_angle = matches!(
            class,
            class::LONGITUDE | class::LATITUDE | class::ANGLE | class::DISTANCE | class::QUANTITY
        );
        let Some(column) = value_column(node).filter(|_| is_angle) else {
            return Ok(None);
        };
        let unit = node.get("unit").and_then(unit_text).map(str::to_owned);
        let Some(array) = self.columns.array(column)? else {
            return Ok(None);
        };
        let tag = self.columns.draft.standard_tag("unit/quantity");
        let unit = unit_node(self.columns.draft, &unit.unwrap_or_default());
        self.columns.is_qtable = true;
        let nodes = self.columns.draft.nodes();
        let out = nodes.map_of([("value", array), ("unit", unit)]);
        if let Some(tag) = tag {
            nodes.set_tag(out, &tag);
        }
        Ok(Some(out))
    }

    /// Times as two columns of numbers.
    fn times(&mut self, node: Node<'_>, depth: usize) -> Result<Option<NewNode>> {
        let text = |key: &str| node.get(key).and_then(Node::text);
        let scale = TimeScale::from(text("scale").unwrap_or("utc"));
        let numbers = |key: &str| -> Result<Option<Vec<f64>>> {
            let name = node.get(key).and_then(named);
            let column =
                name.and_then(|name| super::column(self.columns.table, self.columns.names, name));
            column.map(|column| column.load()?.to_f64()).transpose()
        };
        let (Some(jd1), Some(jd2)) = (numbers("jd1")?, numbers("jd2")?) else {
            return Ok(None);
        };
        let shape = vec![jd1.len() as u64];
        let pairs = jd1.into_iter().zip(jd2).map(|(jd1, jd2)| [jd1, jd2]);
        let pairs: Vec<[f64; 2]> = pairs.collect();
        let moments = time::Moments::of_pairs(&pairs, shape, &scale);
        if moments.has_masked() {
            return Ok(None);
        }
        let mut pairs = time::pairs(self.columns.draft, &moments, &scale)?;
        if let Some(location) = node.get("location") {
            let location = self.value(location, depth.saturating_add(1))?;
            pairs.push(("location", location));
        }
        time::tagged(self.columns.draft, pairs).map(Some)
    }

    /// Anything within an object.
    fn value(&mut self, node: Node<'_>, depth: usize) -> Result<NewNode> {
        if let Some(name) = named(node) {
            let found = self.columns.array(name)?;
            return Ok(self.or_fail(found));
        }
        if class_of(node).is_some() {
            let found = self.object(node, depth)?;
            return Ok(self.or_fail(found));
        }
        let tag = node.tag().map(Tag::as_str);
        let single = tag.and_then(|tag| tag.strip_prefix("!astropy."));
        let found = match single {
            Some("units.Unit") => {
                let text = unit_text(node);
                text.map(|text| unit_node(self.columns.draft, text))
            }
            Some("units.Quantity" | "coordinates.distances.Distance") => {
                let tag = self.columns.draft.standard_tag("unit/quantity");
                self.single(node, depth, tag)?
            }
            Some("coordinates.Angle") => {
                self.single(node, depth, Some(format!("{COORDINATES}angle-1.2.0")))?
            }
            Some("coordinates.Longitude") => {
                self.single(node, depth, Some(format!("{COORDINATES}longitude-1.2.0")))?
            }
            Some("coordinates.Latitude") => {
                self.single(node, depth, Some(format!("{COORDINATES}latitude-1.2.0")))?
            }
            Some("coordinates.earth.EarthLocation" | "coordinates.EarthLocation") => {
                let tag = format!("{COORDINATES}earthlocation-1.2.0");
                self.single(node, depth, Some(tag))?
            }
            Some("time.Time") => self.moment(node)?,
            None if tag.is_none() && node.as_map().is_none() && node.as_seq().is_none() => {
                Some(self.columns.draft.nodes().copy(node))
            }
            _ => None,
        };
        Ok(self.or_fail(found))
    }

    /// A mapping of single values.
    fn single(
        &mut self,
        node: Node<'_>,
        depth: usize,
        tag: Option<String>,
    ) -> Result<Option<NewNode>> {
        let (Some(map), Some(tag)) = (node.as_map().filter(|_| depth < DEPTH), tag) else {
            return Ok(None);
        };
        let mut pairs = Vec::new();
        for (key, value) in map {
            let text = key.key_text();
            let value = self.value(value, depth.saturating_add(1))?;
            pairs.push((self.columns.draft.nodes().string(&text), value));
        }
        let nodes = self.columns.draft.nodes();
        let out = nodes.map(pairs);
        nodes.set_tag(out, &tag);
        Ok(Some(out))
    }

    /// A single moment.
    fn moment(&mut self, node: Node<'_>) -> Result<Option<NewNode>> {
        let number = |key: &str| match node.get(key).map(Node::value) {
            Some(Value::Float(number)) => Some(number),
            #[expect(clippy::cast_precision_loss, reason = "a Julian date")]
            Some(Value::Int(number)) => Some(number as f64),
            _ => None,
        };
        let text = |key: &str| node.get(key).and_then(Node::text);
        let (Some(jd1), Some(jd2)) = (number("jd1"), number("jd2")) else {
            return Ok(None);
        };
        let scale = TimeScale::from(text("scale").unwrap_or("utc"));
        let draft = &mut *self.columns.draft;
        let year = match text("format") {
            Some("jyear_str") => Some(("J", TimeFormat::Jyear)),
            Some("byear_str") => Some(("B", TimeFormat::Byear)),
            _ => None,
        };
        let year = year.and_then(|(letter, format)| Some((letter, epoch(&format, [jd1, jd2])?)));
        let value = match year {
            Some((letter, year)) => {
                // Epochs are round numbers, and their days are not.
                Some(format!("{letter}{:?}", (year * 1e9).round() / 1e9))
            }
            None => DayAndSeconds::of_julian(jd1, jd2, &scale).and_then(|at| at.date(&scale)),
        };
        let Some(value) = value else {
            return Ok(None);
        };
        let value = draft.nodes().string(&value);
        let scale = draft.nodes().string(scale.name());
        let pairs = vec![("value", value), ("scale", scale)];
        time::tagged(draft, pairs).map(Some)
    }

    fn or_fail(&mut self, found: Option<NewNode>) -> NewNode {
        found.unwrap_or_else(|| {
            self.fails = true;
            self.columns.draft.nodes().null()
        })
    }
}
