//! What a schema and a tree disagree about, as people say it.

use super::excuse::at;
use super::keyword::SEPARATOR;
use super::wording;
use crate::tree::Node;
use crate::tree::TreePath;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use std::fmt;
use std::ops::Range;

/// A node that does not meet a schema.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Violation {
    /// The node's first place in the tree.
    pub path: TreePath,
    /// Absolute file offsets of the node's text.
    pub span: Range<u64>,
    /// The keyword of JSON Schema, or of ASDF's additions to it, that fails; `limit` when a budget of
    /// the check was used up.
    pub keyword: Box<str>,
    /// What was found and what is wanted.
    pub message: Box<str>,
    /// The URI of the schema that says so; empty when it is none.
    pub schema: Box<str>,
}

impl Violation {
    /// A violation by a node as a whole.
    pub(super) fn whole(node: Node<'_>, message: &str, schema: &str) -> Self {
        Self {
            path: node.path(),
            span: node.span(),
            keyword: "limit".into(),
            message: message.into(),
            schema: schema.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.to_string();
        let path = if path.is_empty() { "/" } else { &path };
        write!(f, "{path}: {}", self.message)?;
        if self.schema.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", self.schema)
    }
}

/// One fault, still without its schema.
struct Fault {
    found: String,
    /// Empty when `found` says it all.
    wanted: String,
}

impl Fault {
    fn said(found: impl Into<String>) -> Self {
        Self {
            found: found.into(),
            wanted: String::new(),
        }
    }

    fn into_message(self) -> String {
        if self.wanted.is_empty() {
            self.found
        } else {
            format!("{}, expected {}", self.found, self.wanted)
        }
    }
}

/// Tells an error about a node below `base`.
pub(super) fn tell(base: Node<'_>, error: &ValidationError<'_>, schema: &str) -> Violation {
    let (node, keyword, fault) = closest(base, error);
    let schema = schema_of(error).unwrap_or(schema);
    Violation {
        path: node.path(),
        span: node.span(),
        keyword: keyword.into(),
        message: fault.into_message().into(),
        schema: schema.into(),
    }
}

/// The URI of the schema with the keyword that fails, without its fragment.
fn schema_of<'e>(error: &'e ValidationError<'_>) -> Option<&'e str> {
    error
        .absolute_keyword_location()?
        .as_str()
        .split('#')
        .next()
}

/// The fault of an error; of failed alternatives that of the one that comes closest.
fn closest<'t>(base: Node<'t>, error: &ValidationError<'_>) -> (Node<'t>, String, Fault) {
    let node = at(base, error);
    let keyword = error.kind().keyword().to_owned();
    let (Kind::AnyOf { context } | Kind::OneOfNotValid { context }) = error.kind() else {
        return (node, keyword, fault(node, error));
    };
    let depth = error.instance_path().into_iter().count();
    let meant = context
        .iter()
        .filter(|branch| !is_ruled_out(branch, depth, NESTING))
        .min_by_key(|branch| distance(branch, depth, NESTING));
    if let Some(error) = meant.and_then(|branch| branch.first()) {
        return closest(base, error);
    }
    let mut wanted = Vec::new();
    collect_wanted(node, context, depth, NESTING, &mut wanted);
    let fault = Fault {
        found: wording::found(node),
        wanted: wording::alternatives(&wanted),
    };
    (node, keyword, fault)
}

/// True when the node's own type or tag rules an alternative out: it was not meant.
fn is_ruled_out(branch: &[ValidationError<'_>], depth: usize, nesting: usize) -> bool {
    branch.iter().any(|error| rules_out(error, depth, nesting))
}

fn rules_out(error: &ValidationError<'_>, depth: usize, nesting: usize) -> bool {
    if error.instance_path().into_iter().count() != depth {
        return false;
    }
    match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } if nesting > 0 => context
            .iter()
            .all(|branch| is_ruled_out(branch, depth, nesting - 1)),
        kind => matches!(kind.keyword(), "type" | "tag" | "enum"),
    }
}

/// What the alternatives want that the node's type or tag rules out.
fn collect_wanted(
    node: Node<'_>,
    context: &[Vec<ValidationError<'_>>],
    depth: usize,
    nesting: usize,
    wanted: &mut Vec<String>,
) {
    for branch in context {
        let Some(error) = branch.iter().find(|error| rules_out(error, depth, nesting)) else {
            continue;
        };
        match error.kind() {
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } if nesting > 0 => {
                collect_wanted(node, context, depth, nesting - 1, wanted);
            }
            _ => {
                let fault = fault(node, error);
                if !fault.wanted.is_empty() && !wanted.contains(&fault.wanted) {
                    wanted.push(fault.wanted);
                }
            }
        }
    }
}

/// Alternatives within alternatives that are looked at to find the closest.
const NESTING: usize = 8;

/// How far a node is from an alternative: faults deep in the node count less, and of alternatives
/// within the alternative the closest counts.
fn distance(branch: &[ValidationError<'_>], depth: usize, nesting: usize) -> u64 {
    let mut sum: u64 = 0;
    for error in branch {
        let below = error
            .instance_path()
            .into_iter()
            .count()
            .saturating_sub(depth);
        let own = (1 << 20) >> below.min(20);
        let context = match error.kind() {
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } if nesting > 0 => context,
            _ => &Vec::new(),
        };
        let distances = context
            .iter()
            .map(|branch| distance(branch, depth, nesting - 1));
        sum = sum.saturating_add(distances.min().unwrap_or(own));
    }
    sum
}

fn fault(node: Node<'_>, error: &ValidationError<'_>) -> Fault {
    let found = || wording::found(node);
    let wanted = |text: String| Fault {
        found: wording::found(node),
        wanted: text,
    };
    let quoted = |names: &[String]| {
        let names: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
        wording::cut(&names.join(", "))
    };
    match error.kind() {
        Kind::Custom { message, .. } => match message.split_once(SEPARATOR) {
            Some((found, wanted)) => Fault {
                found: found.to_owned(),
                wanted: wanted.to_owned(),
            },
            None => Fault::said(message.clone()),
        },
        Kind::Required { property } => Fault::said(format!("the key {property} is missing")),
        Kind::AdditionalProperties { unexpected } => {
            let plural = if unexpected.len() == 1 { "key" } else { "keys" };
            Fault::said(format!(
                "the {plural} {} must not be here",
                quoted(unexpected)
            ))
        }
        Kind::Enum { options } => wanted(wording::options(options)),
        Kind::Pattern { pattern } => {
            let schema = schema_of(error).unwrap_or_default();
            wanted(wording::pattern(pattern, schema))
        }
        Kind::Minimum { limit } => wanted(format!("at least {limit}")),
        Kind::Maximum { limit } => wanted(format!("at most {limit}")),
        Kind::ExclusiveMinimum { limit } => wanted(format!("more than {limit}")),
        Kind::ExclusiveMaximum { limit } => wanted(format!("less than {limit}")),
        Kind::MinItems { limit } => wanted(format!("at least {}", wording::count(*limit, "item"))),
        Kind::MaxItems { limit } => wanted(format!("at most {}", wording::count(*limit, "item"))),
        Kind::AdditionalItems { limit } => {
            wanted(format!("at most {}", wording::count(*limit as u64, "item")))
        }
        Kind::MinLength { limit } => {
            wanted(format!("at least {}", wording::count(*limit, "character")))
        }
        Kind::MaxLength { limit } => {
            wanted(format!("at most {}", wording::count(*limit, "character")))
        }
        Kind::MinProperties { limit } => {
            wanted(format!("at least {}", wording::count(*limit, "key")))
        }
        Kind::MaxProperties { limit } => {
            wanted(format!("at most {}", wording::count(*limit, "key")))
        }
        Kind::UniqueItems => Fault::said(format!("{} holds the same item twice", found())),
        Kind::Not { .. } => Fault::said(format!("{} is what the schema rules out", found())),
        Kind::OneOfMultipleValid { .. } => Fault::said(format!(
            "{} fits several alternatives of which only one may fit",
            found()
        )),
        Kind::MultipleOf { multiple_of } => wanted(format!("a multiple of {multiple_of}")),
        _ => Fault::said(wording::cut(&error.masked().to_string())),
    }
}
