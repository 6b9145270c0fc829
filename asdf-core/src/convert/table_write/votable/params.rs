//! Single values beside the columns: `PARAM`, and `INFO` for texts of a list.

use super::super::meta::{entries, name, owner};
use super::super::object::{Kind, Value};
use super::super::parts::Parts;
use super::systems::{Role, Systems};
use super::{escaped, number};
use crate::convert::unit_text::to_votable;
use crate::error::Result;
use crate::file::FileNode;
use crate::tree::{Node, Value as Plain};
use std::io::Write;

/// Elements of a list that is one `PARAM`.
const LIST: usize = 1 << 16;

/// Values that are written before the columns.
#[derive(Default)]
pub(super) struct Params {
    infos: String,
    params: String,
}

/// The datatype of a value, its length when it is text, and the text.
type Typed = (&'static str, Option<&'static str>, String);

fn typed(node: Node<'_>) -> Option<Typed> {
    Some(match node.value() {
        Plain::Bool(value) => ("boolean", None, value.to_string()),
        Plain::Int(value) => ("long", None, value.to_string()),
        Plain::Float(value) => ("double", None, number(value)),
        Plain::Str(text) => text_of(text),
        Plain::BigInt(value) => text_of(value.as_str()),
        Plain::Timestamp(_) => text_of(node.text()?.trim()),
        _ => return None,
    })
}

fn text_of(text: &str) -> Typed {
    ("unicodeChar", Some("*"), escaped(text))
}

impl Params {
    /// `INFO` stands before all else in a table.
    pub(super) fn write(&self, out: &mut dyn Write) -> Result<()> {
        out.write_all(self.infos.as_bytes())?;
        Ok(out.write_all(self.params.as_bytes())?)
    }

    fn push(&mut self, name: &str, (datatype, length, text): Typed, unit: &str, role: &Role) {
        let length = length.map(|length| format!(" arraysize=\"{length}\""));
        let length = length.unwrap_or_default();
        let unit = match Some(unit).filter(|unit| !unit.is_empty()).or(role.unit) {
            Some(unit) => {
                let standard = to_votable(unit);
                format!(" unit=\"{}\"", escaped(standard.as_deref().unwrap_or(unit)))
            }
            None => String::new(),
        };
        let attribute = |key: &str, value: Option<&str>| {
            let text = value.map(|value| format!(" {key}=\"{value}\""));
            text.unwrap_or_default()
        };
        let xtype = attribute("xtype", role.xtype);
        let system = attribute("ref", role.system.as_deref());
        let name = escaped(name);
        self.params.push_str(&format!(
            "<PARAM name=\"{name}\" datatype=\"{datatype}\"{length}{unit}{xtype}{system} value=\"{text}\"/>\n"
        ));
    }

    /// A single value of an object; false of what has no single value.
    pub(super) fn value(&mut self, name: &str, value: &Value<'_>) -> bool {
        self.value_as(name, value, "", &Role::default())
    }

    pub(super) fn value_as(
        &mut self,
        name: &str,
        value: &Value<'_>,
        unit: &str,
        role: &Role,
    ) -> bool {
        let typed = match value {
            Value::Scalar(node) => match typed(*node) {
                Some(typed) => typed,
                None => return false,
            },
            Value::Text(text) | Value::Unit(text) => text_of(text),
            Value::Number(value) => ("double", None, number(*value)),
            Value::Object(object) => {
                let is_quantity = matches!(
                    object.kind,
                    Kind::Quantity
                        | Kind::Distance
                        | Kind::Longitude
                        | Kind::Latitude
                        | Kind::Angle
                );
                if is_quantity {
                    let unit = match object.get("unit") {
                        Some(Value::Unit(unit)) => unit.as_str(),
                        _ => "",
                    };
                    let value = object.get("value");
                    return value.is_some_and(|value| self.value_as(name, value, unit, role));
                }
                // Each part under its name.
                let entries = object.entries.iter();
                let all = entries.map(|(key, value)| self.value(&format!("{name}.{key}"), value));
                // All of them, and not only those before one that has no place.
                return all.filter(|is_told| !is_told).count() == 0;
            }
            Value::Column(_) | Value::Fields(_) => return false,
        };
        self.push(name, typed, unit, role);
        true
    }

    /// The entries of a `meta`, of the table or of a column.
    pub(super) fn meta<'f>(
        &mut self,
        meta: FileNode<'f>,
        owner: Option<&str>,
        parts: &mut Parts<'f>,
        systems: &mut Systems,
    ) {
        let whose = self::owner(owner);
        if meta.node.as_map().is_none() {
            parts.notes.push(format!(
                "meta of {whose} is {}, not a mapping; it is left out",
                meta.node.describe()
            ));
        }
        for (key, value) in entries(meta, owner) {
            let own = key.key_text();
            let label = match owner {
                Some(owner) => format!("{owner}.{own}"),
                None => own.into_owned(),
            };
            if !self.node(&label, value, parts, systems) {
                parts.notes.push(format!(
                    "`{}` in meta of {whose} is {}, which VOTable has no place for; it is left out",
                    name(key),
                    value.node.describe()
                ));
            }
        }
    }

    fn node<'f>(
        &mut self,
        name: &str,
        at: FileNode<'f>,
        parts: &Parts<'f>,
        systems: &mut Systems,
    ) -> bool {
        if let Some(items) = at.node.as_seq().filter(|_| at.node.tag().is_none()) {
            let items: Vec<Node<'_>> = items.iter().take(LIST.saturating_add(1)).collect();
            return items.len() <= LIST && self.list(name, &items);
        }
        if let Some(typed) = typed(at.node) {
            self.push(name, typed, "", &Role::default());
            return true;
        }
        match parts.single(at) {
            Some(Value::Object(object)) if object.kind == Kind::Time => {
                systems.moment(name, &object, self)
            }
            Some(value @ Value::Object(_)) => {
                let (infos, params) = (self.infos.len(), self.params.len());
                let is_whole = self.value(name, &value);
                if !is_whole {
                    self.infos.truncate(infos);
                    self.params.truncate(params);
                }
                is_whole
            }
            Some(value) => self.value(name, &value),
            None => false,
        }
    }

    fn list(&mut self, name: &str, items: &[Node<'_>]) -> bool {
        let typed: Option<Vec<Typed>> = items.iter().map(|item| typed(*item)).collect();
        let Some(typed) = typed.filter(|all| !all.is_empty()) else {
            return false;
        };
        let is_all = |wanted: &[&str]| typed.iter().all(|(kind, ..)| wanted.contains(kind));
        if is_all(&["unicodeChar"]) {
            for (.., text) in &typed {
                let name = escaped(name);
                self.infos
                    .push_str(&format!("<INFO name=\"{name}\" value=\"{text}\"/>\n"));
            }
            return true;
        }
        let datatype = if is_all(&["boolean"]) {
            "boolean"
        } else if is_all(&["long"]) {
            "long"
        } else if is_all(&["long", "double"]) {
            "double"
        } else {
            return false;
        };
        let texts: Vec<&str> = typed.iter().map(|(.., text)| text.as_str()).collect();
        let (name, texts) = (escaped(name), texts.join(" "));
        self.params.push_str(&format!(
            "<PARAM name=\"{name}\" datatype=\"{datatype}\" arraysize=\"{}\" value=\"{texts}\"/>\n",
            items.len()
        ));
        true
    }
}
