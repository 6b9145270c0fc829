//! serde: a node deserializes into any type. Tags are ignored.

use super::node::{Map, Node, NodeKind, Seq};
use super::value::Value;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Mismatch;
use crate::error::Result;
use crate::limits::Limit;
use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use std::cell::Cell;
use std::fmt;

/// Levels that a user's type may nest: each costs some stack.
const DEPTH: u64 = 200;

pub(super) fn read<'de, T: de::Deserialize<'de>>(node: Node<'de>) -> Result<T> {
    let visited = Cell::new(0);
    let root = NodeDeserializer {
        node,
        depth: 0,
        visited: &visited,
    };
    T::deserialize(root).map_err(|error| error.0.at(node.span()).at_path(|| node.path()))
}

/// The crate's error in serde's clothes; the place is added where the node is known.
#[derive(Debug)]
struct Trouble(Error);

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Trouble {}

impl de::Error for Trouble {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(
            Mismatch::Value {
                detail: message.to_string().into(),
            }
            .into(),
        )
    }
}

#[derive(Clone, Copy)]
struct NodeDeserializer<'c, 'de> {
    node: Node<'de>,
    depth: u64,
    /// Nodes visited so far; shared nodes count at each occurrence.
    visited: &'c Cell<u64>,
}

impl<'de> NodeDeserializer<'_, 'de> {
    fn below(self, node: Node<'de>) -> Self {
        Self {
            node,
            depth: self.depth.saturating_add(1),
            ..self
        }
    }

    /// Names this node in an error from within it; what is named further inside stays.
    fn locate<T>(self, result: Result<T, Trouble>) -> Result<T, Trouble> {
        result.map_err(|error| Trouble(error.0.at(self.node.span()).at_path(|| self.node.path())))
    }

    /// Bounds the stack and, where shared nodes are expanded, the time.
    fn check_limits(self) -> Result<(), Trouble> {
        let needed = self.visited.get().saturating_add(1);
        self.visited.set(needed);
        let allowed = self.node.tree().expanded_nodes;
        if needed > allowed {
            let what = "number of nodes read when shared nodes are expanded";
            return Err(Trouble(
                LimitExceeded::new(what, Limit::ExpandedNodes, needed, allowed).into(),
            ));
        }
        if self.depth <= DEPTH {
            return Ok(());
        }
        let what = "nesting depth of the value read";
        Err(Trouble(
            LimitExceeded::new(what, None, self.depth, DEPTH).into(),
        ))
    }

    fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        self.check_limits()?;
        match self.node.value() {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Int(value) => visitor.visit_i64(value),
            Value::BigInt(value) => match (
                value.as_str().parse::<u64>(),
                value.as_str().parse::<i128>(),
                value.as_str().parse::<u128>(),
            ) {
                (Ok(value), _, _) => visitor.visit_u64(value),
                (_, Ok(value), _) => visitor.visit_i128(value),
                (_, _, Ok(value)) => visitor.visit_u128(value),
                _ => visitor.visit_str(value.as_str()),
            },
            Value::Float(value) => visitor.visit_f64(value),
            Value::Str(text) => visitor.visit_borrowed_str(text),
            Value::Timestamp(_) => visitor.visit_borrowed_str(self.node.text().unwrap_or_default()),
            Value::Binary(bytes) => visitor.visit_byte_buf(bytes),
            Value::Seq(seq) => visitor.visit_seq(Items {
                of: self,
                seq,
                next: 0,
            }),
            Value::Map(map) => visitor.visit_map(Pairs::of_map(self, map)),
            Value::Set(map) => visitor.visit_seq(Keys {
                of: self,
                pairs: Pairs::of_map(self, map),
            }),
            Value::Omap(seq) | Value::Pairs(seq) => visitor.visit_map(Pairs::of_seq(self, seq)),
        }
    }
}

impl<'de> Deserializer<'de> for NodeDeserializer<'_, 'de> {
    type Error = Trouble;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        self.locate(self.visit(visitor))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        if matches!(self.node.value(), Value::Null) {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Trouble> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        // An integer is a float to whoever asks for one; serde's own f64 takes i64 and u64 only.
        match self.node.value() {
            #[expect(clippy::cast_precision_loss, reason = "the caller asked for a float")]
            Value::Int(value) => self.locate(visitor.visit_f64(value as f64)),
            Value::BigInt(value) => {
                self.locate(visitor.visit_f64(value.as_str().parse().unwrap_or(f64::NAN)))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Trouble> {
        self.locate(self.check_limits())?;
        let result = match (self.node.kind(), self.node.text()) {
            (NodeKind::Scalar, Some(text)) => BorrowedStrDeserializer::<Trouble>::new(text)
                .deserialize_enum(name, variants, visitor),
            _ => match self.node.as_map() {
                Some(map) => {
                    visitor.visit_enum(MapAccessDeserializer::new(Pairs::of_map(self, map)))
                }
                None => Err(de::Error::invalid_type(
                    de::Unexpected::Seq,
                    &"a variant name or a mapping of one",
                )),
            },
        };
        self.locate(result)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Trouble> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier
    }
}

struct Items<'c, 'de> {
    of: NodeDeserializer<'c, 'de>,
    seq: Seq<'de>,
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Trouble;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Trouble> {
        let Some(node) = self.seq.node.at(self.next) else {
            return Ok(None);
        };
        self.next = self.next.saturating_add(1);
        seed.deserialize(self.of.below(node)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.seq.len().saturating_sub(self.next))
    }
}

/// Pairs of a mapping, or of a list of one-pair mappings.
struct Pairs<'c, 'de> {
    of: NodeDeserializer<'c, 'de>,
    rest: Box<dyn Iterator<Item = (Node<'de>, Node<'de>)> + 'de>,
    value: Option<Node<'de>>,
}

impl<'c, 'de> Pairs<'c, 'de> {
    fn of_map(of: NodeDeserializer<'c, 'de>, map: Map<'de>) -> Self {
        Self {
            of,
            rest: Box::new(map.iter()),
            value: None,
        }
    }

    fn of_seq(of: NodeDeserializer<'c, 'de>, seq: Seq<'de>) -> Self {
        let pairs = seq
            .iter()
            .filter_map(|item| item.as_map()?.raw_iter().next());
        Self {
            of,
            rest: Box::new(pairs),
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Pairs<'_, 'de> {
    type Error = Trouble;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Trouble> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        seed.deserialize(self.of.below(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Trouble> {
        match self.value.take() {
            Some(value) => seed.deserialize(self.of.below(value)),
            None => Err(de::Error::custom("a value was asked for before its key")),
        }
    }
}

/// The keys of a set.
struct Keys<'c, 'de> {
    of: NodeDeserializer<'c, 'de>,
    pairs: Pairs<'c, 'de>,
}

impl<'de> SeqAccess<'de> for Keys<'_, 'de> {
    type Error = Trouble;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Trouble> {
        match self.pairs.rest.next() {
            Some((key, _)) => seed.deserialize(self.of.below(key)).map(Some),
            None => Ok(None),
        }
    }
}

impl<'de> IntoDeserializer<'de, Trouble> for NodeDeserializer<'_, 'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
