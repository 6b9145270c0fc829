//! Any `Serialize` becomes nodes.

use super::nodes::{Content, NewNode, Nodes};
use crate::error::Error;
use crate::error::Mismatch;
use crate::error::Result;
use serde::Serialize;
use serde::ser;
use std::fmt;

impl Nodes {
    /// A value as nodes: structs and maps become mappings, `None` and `()` null, bytes `!!binary`,
    /// an enum variant its name or a mapping with its name as the only key (as `serde_json` does).
    ///
    /// # Errors
    /// The value's `Serialize` fails, or asks for what a tree cannot hold.
    pub fn value(&mut self, value: impl Serialize) -> Result<NewNode> {
        value
            .serialize(Serializer { nodes: self })
            .map_err(|Refusal(detail)| Error::from(Mismatch::Serialize { detail }))
    }
}

/// Why a value cannot become nodes.
#[derive(Debug)]
struct Refusal(Box<str>);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

impl ser::Error for Refusal {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string().into())
    }
}

type Made<T = NewNode> = std::result::Result<T, Refusal>;

struct Serializer<'n> {
    nodes: &'n mut Nodes,
}

impl<'n> Serializer<'n> {
    fn list(self, variant: Option<&'static str>) -> List<'n> {
        List {
            nodes: self.nodes,
            items: Vec::new(),
            variant,
        }
    }

    fn pairs(self, variant: Option<&'static str>) -> Pairs<'n> {
        Pairs {
            nodes: self.nodes,
            list: Vec::new(),
            key: None,
            variant,
            is_number: false,
        }
    }
}

/// What `serde_json` calls a number that it keeps as text, with a field of the same name.
const JSON_NUMBER: &str = "$serde_json::private::Number";

/// The name of a variant around its contents.
fn named(nodes: &mut Nodes, variant: Option<&'static str>, node: NewNode) -> NewNode {
    match variant {
        Some(name) => nodes.map_of([(name, node)]),
        None => node,
    }
}

impl<'n> ser::Serializer for Serializer<'n> {
    type Ok = NewNode;
    type Error = Refusal;
    type SerializeSeq = List<'n>;
    type SerializeTuple = List<'n>;
    type SerializeTupleStruct = List<'n>;
    type SerializeTupleVariant = List<'n>;
    type SerializeMap = Pairs<'n>;
    type SerializeStruct = Pairs<'n>;
    type SerializeStructVariant = Pairs<'n>;

    fn serialize_bool(self, value: bool) -> Made {
        Ok(self.nodes.bool(value))
    }
    fn serialize_i8(self, value: i8) -> Made {
        Ok(self.nodes.int(value))
    }
    fn serialize_i16(self, value: i16) -> Made {
        Ok(self.nodes.int(value))
    }
    fn serialize_i32(self, value: i32) -> Made {
        Ok(self.nodes.int(value))
    }
    fn serialize_i64(self, value: i64) -> Made {
        Ok(self.nodes.int(value))
    }
    fn serialize_i128(self, value: i128) -> Made {
        Ok(self.nodes.int(value))
    }
    fn serialize_u8(self, value: u8) -> Made {
        Ok(self.nodes.int(value))
    }
    fn serialize_u16(self, value: u16) -> Made {
        Ok(self.nodes.int(value))
    }
    fn serialize_u32(self, value: u32) -> Made {
        Ok(self.nodes.int(value))
    }
    fn serialize_u64(self, value: u64) -> Made {
        Ok(self.nodes.int(value))
    }
    fn serialize_u128(self, value: u128) -> Made {
        Ok(self.nodes.digits(&value.to_string()))
    }
    fn serialize_f32(self, value: f32) -> Made {
        Ok(self.nodes.float(value.into()))
    }
    fn serialize_f64(self, value: f64) -> Made {
        Ok(self.nodes.float(value))
    }
    fn serialize_char(self, value: char) -> Made {
        Ok(self.nodes.string(value.encode_utf8(&mut [0; 4])))
    }
    fn serialize_str(self, value: &str) -> Made {
        Ok(self.nodes.string(value))
    }
    fn serialize_bytes(self, value: &[u8]) -> Made {
        Ok(self.nodes.binary(value))
    }
    fn serialize_none(self) -> Made {
        Ok(self.nodes.null())
    }
    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Made {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Made {
        Ok(self.nodes.null())
    }
    fn serialize_unit_struct(self, _name: &'static str) -> Made {
        Ok(self.nodes.null())
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Made {
        Ok(self.nodes.string(variant))
    }
    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Made {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Made {
        let node = value.serialize(Serializer {
            nodes: &mut *self.nodes,
        })?;
        Ok(named(self.nodes, Some(variant), node))
    }
    fn serialize_seq(self, _length: Option<usize>) -> Made<List<'n>> {
        Ok(self.list(None))
    }
    fn serialize_tuple(self, _length: usize) -> Made<List<'n>> {
        Ok(self.list(None))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Made<List<'n>> {
        Ok(self.list(None))
    }
    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Made<List<'n>> {
        Ok(self.list(Some(variant)))
    }
    fn serialize_map(self, _length: Option<usize>) -> Made<Pairs<'n>> {
        Ok(self.pairs(None))
    }
    fn serialize_struct(self, name: &'static str, _: usize) -> Made<Pairs<'n>> {
        let mut pairs = self.pairs(None);
        pairs.is_number = name == JSON_NUMBER;
        Ok(pairs)
    }
    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Made<Pairs<'n>> {
        Ok(self.pairs(Some(variant)))
    }
}

/// A list under construction.
struct List<'n> {
    nodes: &'n mut Nodes,
    items: Vec<NewNode>,
    variant: Option<&'static str>,
}

impl List<'_> {
    fn push<T: ?Sized + Serialize>(&mut self, value: &T) -> Made<()> {
        let node = value.serialize(Serializer {
            nodes: &mut *self.nodes,
        })?;
        self.items.push(node);
        Ok(())
    }

    fn finish(self) -> NewNode {
        let node = self.nodes.seq(self.items);
        named(self.nodes, self.variant, node)
    }
}

impl ser::SerializeSeq for List<'_> {
    type Ok = NewNode;
    type Error = Refusal;
    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Made<()> {
        self.push(value)
    }
    fn end(self) -> Made {
        Ok(self.finish())
    }
}

impl ser::SerializeTuple for List<'_> {
    type Ok = NewNode;
    type Error = Refusal;
    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Made<()> {
        self.push(value)
    }
    fn end(self) -> Made {
        Ok(self.finish())
    }
}

impl ser::SerializeTupleStruct for List<'_> {
    type Ok = NewNode;
    type Error = Refusal;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Made<()> {
        self.push(value)
    }
    fn end(self) -> Made {
        Ok(self.finish())
    }
}

impl ser::SerializeTupleVariant for List<'_> {
    type Ok = NewNode;
    type Error = Refusal;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Made<()> {
        self.push(value)
    }
    fn end(self) -> Made {
        Ok(self.finish())
    }
}

/// A mapping under construction.
struct Pairs<'n> {
    nodes: &'n mut Nodes,
    list: Vec<(NewNode, NewNode)>,
    key: Option<NewNode>,
    variant: Option<&'static str>,
    /// Whether this is not a mapping but a number of `serde_json`.
    is_number: bool,
}

impl Pairs<'_> {
    fn make<T: ?Sized + Serialize>(&mut self, value: &T) -> Made {
        value.serialize(Serializer {
            nodes: &mut *self.nodes,
        })
    }

    fn field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Made<()> {
        let key = self.nodes.string(key);
        let value = self.make(value)?;
        self.list.push((key, value));
        Ok(())
    }

    fn finish(self) -> NewNode {
        let node = self.nodes.map(self.list);
        named(self.nodes, self.variant, node)
    }
}

impl ser::SerializeMap for Pairs<'_> {
    type Ok = NewNode;
    type Error = Refusal;
    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Made<()> {
        self.key = Some(self.make(key)?);
        Ok(())
    }
    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Made<()> {
        let value = self.make(value)?;
        let key = self.key.take();
        let key = key.ok_or_else(|| Refusal("a map gave a value before its key".into()))?;
        self.list.push((key, value));
        Ok(())
    }
    fn end(self) -> Made {
        Ok(self.finish())
    }
}

impl ser::SerializeStruct for Pairs<'_> {
    type Ok = NewNode;
    type Error = Refusal;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Made<()> {
        self.field(key, value)
    }
    fn end(self) -> Made {
        match self.list.as_slice() {
            [(_, text)] if self.is_number => json_number(self.nodes, *text),
            _ => Ok(self.finish()),
        }
    }
}

/// The number that a text node says.
fn json_number(nodes: &mut Nodes, node: NewNode) -> Made {
    let text = match nodes.content(node) {
        Some(Content::Scalar { text, .. }) => text.clone(),
        _ => "".into(),
    };
    if let Some(integer) = nodes.integer(&text) {
        return Ok(integer);
    }
    let number = text
        .parse()
        .map_err(|error| Refusal(format!("{text:?} is not a number: {error}").into()))?;
    Ok(nodes.float(number))
}

impl ser::SerializeStructVariant for Pairs<'_> {
    type Ok = NewNode;
    type Error = Refusal;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Made<()> {
        self.field(key, value)
    }
    fn end(self) -> Made {
        Ok(self.finish())
    }
}
