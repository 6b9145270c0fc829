//! The tree as the instance that the `jsonschema` crate validates: nothing is copied.

use crate::tree::Map;
use crate::tree::Node;
use crate::tree::NodeKind;
use crate::tree::Value;
use jsonschema::json;
use jsonschema::types::JsonType;
use serde_json::Number;
use serde_json::Value as Json;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// The representation: our tree instead of `serde_json`.
#[derive(Debug)]
pub(super) struct TreeJson;

/// A node of the tree, or a key that is looked at as a string.
#[derive(Debug, Clone, Copy)]
pub(super) enum Instance<'t> {
    Node(Node<'t>, &'t Budget),
    Text(&'t str),
}

/// How many children may still be visited. Shared nodes and recursive schemas multiply; when nothing
/// is left, containers look empty, which ends the visit soon.
#[derive(Debug)]
pub(super) struct Budget(AtomicU64);

/// Visits that a fault counts for.
const VISITS_OF_FAULT: u64 = 250;

impl Budget {
    /// A budget of that many visits.
    pub(super) fn new(visits: u64) -> Self {
        Self(AtomicU64::new(visits))
    }

    /// True when a visit was refused: the result says nothing then.
    pub(super) fn is_spent(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    /// Takes one visit; false when none is left.
    fn spend(&self) -> bool {
        self.take(1)
    }

    fn take(&self, visits: u64) -> bool {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(visits), Ordering::Relaxed);
        left > visits
    }
}

impl json::Json for TreeJson {
    type Node<'a> = Instance<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = ();

    fn prepare_key(key: &str) -> Self::PreparedKey {
        key.into()
    }

    fn with_string_node<T>(
        (): &mut Self::StringBuffer,
        string: &str,
        f: impl FnOnce(Self::Node<'_>) -> T,
    ) -> T {
        f(Instance::Text(string))
    }
}

impl<'t> Instance<'t> {
    /// The node, unless it is a key.
    pub(super) fn node(self) -> Option<Node<'t>> {
        match self {
            Self::Node(node, _) => Some(node),
            Self::Text(_) => None,
        }
    }

    /// Accounts for a fault, which costs the memory of many visits.
    pub(super) fn count_fault(self) {
        if let Self::Node(_, budget) = self {
            budget.take(VISITS_OF_FAULT);
        }
    }

    fn value(self) -> Value<'t> {
        match self {
            Self::Node(node, _) => node.value(),
            Self::Text(text) => Value::Str(text),
        }
    }
}

/// A finite number as written.
#[derive(Debug)]
pub(super) enum TreeNumber {
    Int(i64),
    Float(f64),
    Big(String),
}

impl json::JsonNumber for TreeNumber {
    fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Int(value) => u64::try_from(*value).ok(),
            Self::Float(_) => None,
            Self::Big(text) => text.parse().ok(),
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::Float(_) | Self::Big(_) => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "the trait asks for the nearest")]
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Big(text) => text.parse().ok(),
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        match self {
            Self::Int(value) => value.to_string().into(),
            Self::Float(value) => format!("{value:?}").into(),
            Self::Big(text) => text.into(),
        }
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(match self {
            Self::Int(value) => Number::from(*value),
            Self::Float(value) => Number::from_f64(*value).unwrap_or_else(|| Number::from(0)),
            Self::Big(text) => text.parse().unwrap_or_else(|_| Number::from(0)),
        })
    }
}

impl<'t> json::Node<'t, TreeJson> for Instance<'t> {
    type Object = Members<'t>;
    type Array = Elements<'t>;
    type Number = TreeNumber;

    fn as_object(&self) -> Option<Members<'t>> {
        let Self::Node(node, budget) = *self else {
            return None;
        };
        match (node.kind(), node.value()) {
            (NodeKind::Map, Value::Map(map)) => Some(Members {
                pairs: Pairs::Map(map),
                budget,
            }),
            (NodeKind::Seq, Value::Omap(pairs)) => {
                let pairs = pairs.iter().filter_map(|pair| pair.as_map()?.iter().next());
                let pairs = Pairs::List(pairs.collect());
                Some(Members { pairs, budget })
            }
            _ => None,
        }
    }

    fn as_array(&self) -> Option<Elements<'t>> {
        let Self::Node(node, budget) = *self else {
            return None;
        };
        (node.kind() == NodeKind::Seq && !matches!(node.value(), Value::Omap(_)))
            .then_some(Elements { node, budget })
    }

    fn as_string(&self) -> Option<Cow<'t, str>> {
        match self.value() {
            Value::Str(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    /// NaN passes every comparison with a limit, as in the reference.
    fn as_number(&self) -> Option<TreeNumber> {
        match self.value() {
            Value::Int(value) => Some(TreeNumber::Int(value)),
            Value::Float(value) if !value.is_nan() => Some(TreeNumber::Float(value)),
            Value::BigInt(value) => Some(TreeNumber::Big(value.as_str().to_owned())),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.value() {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self.value(), Value::Null)
    }

    /// What has no JSON type (timestamps, binary, sets) is told apart by the keyword `type`, which is
    /// ours; here it only must not be taken for a string or a container.
    fn json_type(&self) -> JsonType {
        match self.value() {
            Value::Bool(_) => JsonType::Boolean,
            Value::Int(_) | Value::BigInt(_) | Value::Float(_) => JsonType::Number,
            Value::Str(_) => JsonType::String,
            Value::Seq(_) | Value::Pairs(_) => JsonType::Array,
            Value::Map(_) | Value::Omap(_) => JsonType::Object,
            Value::Null | Value::Timestamp(_) | Value::Binary(_) | Value::Set(_) => JsonType::Null,
        }
    }

    fn equals_value(&self, expected: &Json) -> bool {
        equals(*self, expected)
    }

    /// Scalars only: what an error shows of a container is decided where its message is made, and a
    /// copy of a large or recursive tree would cost too much.
    fn to_value(&self) -> Cow<'t, Json> {
        Cow::Owned(match self.value() {
            Value::Bool(value) => Json::Bool(value),
            Value::Str(text) => Json::from(text),
            _ => match self.as_number() {
                Some(number) => Json::Number(json::JsonNumber::to_number(&number).into_owned()),
                None => Json::Null,
            },
        })
    }

    fn identity(&self) -> Option<json::NodeIdentity> {
        let node = self.node()?;
        let address = std::ptr::from_ref(node.tree()).addr();
        Some(json::NodeIdentity::tagged(address, node.id().0))
    }
}

/// Equality as Python has it between YAML and JSON values: `1` is `1.0`, but not `true`.
fn equals(instance: Instance<'_>, expected: &Json) -> bool {
    use jsonschema::json::Node as _;
    match expected {
        Json::Null => instance.is_null(),
        Json::Bool(wanted) => instance.as_boolean() == Some(*wanted),
        Json::String(wanted) => instance.as_string().as_deref() == Some(wanted),
        Json::Number(wanted) => instance
            .as_number()
            .is_some_and(|number| number_equals(&number, wanted)),
        Json::Array(wanted) => instance.as_array().is_some_and(|elements| {
            use jsonschema::json::Array as _;
            elements.len() == wanted.len()
                && elements.elements().zip(wanted).all(|(a, b)| equals(a, b))
        }),
        Json::Object(wanted) => instance.as_object().is_some_and(|members| {
            use jsonschema::json::Object as _;
            members.len() == wanted.len()
                && wanted.iter().all(|(key, value)| {
                    members
                        .get(&key.as_str().into())
                        .is_some_and(|member| equals(member, value))
                })
        }),
    }
}

fn number_equals(number: &TreeNumber, wanted: &Number) -> bool {
    match (number, wanted.as_i64()) {
        (TreeNumber::Int(value), Some(wanted)) => *value == wanted,
        (TreeNumber::Big(text), _) => *text == wanted.to_string(),
        _ => json::JsonNumber::as_f64(number) == wanted.as_f64(),
    }
}

/// The pairs of a mapping or of `!!omap`.
#[derive(Debug)]
pub(super) struct Members<'t> {
    pairs: Pairs<'t>,
    budget: &'t Budget,
}

#[derive(Debug)]
enum Pairs<'t> {
    Map(Map<'t>),
    List(Vec<(Node<'t>, Node<'t>)>),
}

impl<'t> json::Object<'t, TreeJson> for Members<'t> {
    type Node = Instance<'t>;
    type MemberName = Cow<'t, str>;
    type MembersIter = Box<dyn Iterator<Item = (Cow<'t, str>, Instance<'t>)> + 't>;

    fn len(&self) -> usize {
        match &self.pairs {
            Pairs::Map(map) => map.len(),
            Pairs::List(pairs) => pairs.len(),
        }
    }

    fn get(&self, key: &Box<str>) -> Option<Instance<'t>> {
        let found = match &self.pairs {
            Pairs::Map(map) => map.get(key),
            Pairs::List(pairs) => pairs
                .iter()
                .find(|(name, _)| matches!(name.value(), Value::Str(text) if *text == **key))
                .map(|pair| pair.1),
        };
        let node = found.filter(|_| self.budget.spend())?;
        Some(Instance::Node(node, self.budget))
    }

    fn members(&self) -> Self::MembersIter {
        let budget = self.budget;
        let member = move |(key, value): (Node<'t>, Node<'t>)| {
            let instance = Instance::Node(value, budget);
            budget.spend().then(|| (key.key_text(), instance))
        };
        match &self.pairs {
            Pairs::Map(map) => Box::new(map.iter().map_while(member)),
            Pairs::List(pairs) => Box::new(pairs.clone().into_iter().map_while(member)),
        }
    }
}

/// The elements of a list.
#[derive(Debug)]
pub(super) struct Elements<'t> {
    node: Node<'t>,
    budget: &'t Budget,
}

impl<'t> json::Array<'t, TreeJson> for Elements<'t> {
    type Node = Instance<'t>;
    type ElementsIter = Box<dyn Iterator<Item = Instance<'t>> + 't>;

    fn len(&self) -> usize {
        self.node.as_seq().map_or(0, crate::tree::Seq::len)
    }

    fn elements(&self) -> Self::ElementsIter {
        let budget = self.budget;
        let element = move |node| budget.spend().then_some(Instance::Node(node, budget));
        match self.node.as_seq() {
            Some(seq) => Box::new(seq.iter().map_while(element)),
            None => Box::new(std::iter::empty()),
        }
    }

    fn is_unique(&self) -> bool {
        let mut seen = HashSet::new();
        let mut budget = UNIQUE_NODES;
        self.elements().all(|element| {
            let mut text = String::new();
            match element.node() {
                // What is too large to compare passes.
                Some(node) if print(node, &mut text, &mut budget) => seen.insert(text),
                _ => true,
            }
        })
    }
}

/// Nodes looked at to tell whether the elements of one list differ.
const UNIQUE_NODES: u64 = 1_000_000;

/// Writes what equal nodes have in common; false when it is too much or holds itself.
fn print(node: Node<'_>, text: &mut String, budget: &mut u64) -> bool {
    if *budget == 0 || text.len() > 1 << 24 {
        return false;
    }
    let mut open = vec![Step::Node(node)];
    while let Some(step) = open.pop() {
        let node = match step {
            Step::Text(part) => {
                text.push_str(part);
                continue;
            }
            Step::Node(node) => node,
        };
        *budget = budget.saturating_sub(1);
        if *budget == 0 {
            return false;
        }
        match node.value() {
            Value::Seq(seq) => {
                text.push('[');
                open.push(Step::Text("]"));
                open.extend(seq.iter().rev().map(Step::Node));
            }
            Value::Map(map) => {
                text.push('{');
                open.push(Step::Text("}"));
                let mut pairs: Vec<_> = map.iter().collect();
                pairs.sort_by(|a, b| b.0.key_text().cmp(&a.0.key_text()));
                open.extend(
                    pairs
                        .iter()
                        .flat_map(|pair| [Step::Node(pair.1), Step::Node(pair.0)]),
                );
            }
            #[expect(clippy::float_cmp, reason = "1.0 and 1 are equal, 1.5 is neither")]
            #[expect(clippy::cast_possible_truncation, reason = "compared afterwards")]
            #[expect(clippy::cast_precision_loss, reason = "compared afterwards")]
            Value::Float(value) if value as i64 as f64 == value => {
                text.push_str(&format!("{},", value as i64));
            }
            Value::Int(value) => text.push_str(&format!("{value},")),
            value => text.push_str(&format!("{value:?},")),
        }
    }
    true
}

enum Step<'t> {
    Node(Node<'t>),
    Text(&'static str),
}
