//! Checks every tagged node of a tree against the schemas of its tag.

use super::adapt;
use super::depth;
use super::excuse;
use super::excuse::ReferenceLeniency;
use super::instance::Budget;
use super::instance::Instance;
use super::instance::TreeJson;
use super::keyword;
use super::library::SchemaLibrary;
use super::repeated;
use super::violation;
use super::violation::Violation;
use crate::error::Error;
use crate::error::Malformed;
use crate::error::Result;
use crate::tree::Node;
use crate::tree::NodeKind;
use crate::tree::NodeTable;
use crate::tree::Tree;
use crate::tree::Value;
use jsonschema::Draft;
use jsonschema::Retrieve;
use jsonschema::Uri;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::collections::HashSet;
use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

/// A schema ready for use, or why it cannot be used.
type Compiled = Arc<std::result::Result<jsonschema::Validator<TreeJson>, Box<str>>>;

/// Validates trees. Schemas are compiled when a tag first asks for them, and kept.
#[derive(Debug)]
pub struct Validator {
    library: Arc<SchemaLibrary>,
    compiled: Mutex<HashMap<Box<str>, Compiled>>,
    /// A schema for the whole tree, and its URI.
    custom: Option<(Box<str>, Compiled)>,
}

/// Nodes visited to tell whether one node meets a schema, and to say where it does not.
const VISITS: u64 = 2_000_000;
/// The same for each node of the tree.
const VISITS_A_NODE: u64 = 64;
const MAX_NODES_REPORTING: u64 = 5_000_000;

/// The outcome for one tree.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Validation {
    /// In document order.
    pub violations: Vec<Violation>,
    /// Tags that no schema is known for, sorted.
    pub unknown_tags: Vec<Box<str>>,
    /// Schemas that could not be used, and why.
    pub unusable: Vec<(Box<str>, Box<str>)>,
}

impl Validation {
    /// True when no schema was violated.
    pub fn is_valid(&self) -> bool {
        self.violations.is_empty()
    }

    /// The violations that are not among those of `before`, an earlier state of the same tree. One
    /// that has only moved to another path is not new.
    pub fn new_since(&self, before: &Self) -> Vec<&Violation> {
        type Same = fn(&Violation, &Violation) -> bool;
        let in_place: Same = |a, b| a.path == b.path && a.message == b.message;
        let moved: Same = |a, b| a.message == b.message && a.schema == b.schema;
        let mut old: Vec<&Violation> = before.violations.iter().collect();
        let mut found: Vec<&Violation> = self.violations.iter().collect();
        for same in [in_place, moved] {
            found.retain(|violation| {
                let known = old.iter().position(|other| same(violation, other));
                known.map(|number| old.swap_remove(number)).is_none()
            });
        }
        found
    }
}

impl Validator {
    /// A validator with the schemas of a library.
    pub fn new(library: Arc<SchemaLibrary>) -> Self {
        Self {
            library,
            compiled: Mutex::default(),
            custom: None,
        }
    }

    /// The schemas.
    pub fn library(&self) -> &SchemaLibrary {
        &self.library
    }

    /// Also checks the whole tree against a schema of the user's (YAML or JSON). `name` stands for it
    /// in messages when it has no `id`.
    ///
    /// # Errors
    /// The text is not YAML or JSON, or not a schema.
    pub fn custom(mut self, text: &str, name: &str) -> Result<Self> {
        let tree = super::document::parse(text)?;
        let root = tree.root();
        let uri: Box<str> = root.get("id").and_then(Node::text).unwrap_or(name).into();
        let document =
            super::document::to_json(root, &mut super::document::NODES.clone(), &str::to_owned);
        let own = root.get("id").and_then(Node::text);
        let compiled = self.compile(&document, own);
        if let Err(detail) = &*compiled {
            return Err(Error::from(Malformed::Schema {
                uri,
                detail: detail.clone(),
            }));
        }
        self.custom = Some((uri, compiled));
        Ok(self)
    }

    /// Checks a tree of a file of the given version of the standard (`1.6.0`).
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/roman_exposure.asdf");
    /// use asdf_core::AsdfFile;
    /// use asdf_core::schema::{SchemaLibrary, Validator};
    /// use std::sync::Arc;
    ///
    /// let validator = Validator::new(Arc::new(SchemaLibrary::new())); // the published schemas; use one for many files
    /// let file = AsdfFile::open(path)?;
    /// let outcome = validator.validate(file.tree(), file.standard_version());
    /// for violation in &outcome.violations {
    ///     println!("{violation}");
    /// }
    /// assert!(outcome.is_valid());
    /// # Ok(())
    /// # }
    /// ```
    pub fn validate(&self, tree: &Tree, standard: &str) -> Validation {
        let depth = depth::depth(tree);
        depth::with_room(depth, || self.run(tree, standard)).unwrap_or_else(|error| {
            let message = format!("not checked: nested {depth} levels deep: {error}");
            Validation {
                violations: vec![Violation::whole(tree.root(), &message, "")],
                ..Validation::default()
            }
        })
    }

    fn run(&self, tree: &Tree, standard: &str) -> Validation {
        let mut run = Run {
            validator: self,
            standard,
            excuses: ReferenceLeniency::new(&self.library, standard),
            validation: Validation::default(),
            unknown: BTreeSet::new(),
            told: HashSet::new(),
            unusable: HashMap::new(),
        };
        if let Some((uri, compiled)) = &self.custom {
            run.check(tree.root(), uri, compiled);
        }
        run.walk(tree);
        run.finish()
    }

    fn compiled(&self, uri: &str) -> Compiled {
        let known = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(compiled) = known.get(uri) {
            return compiled.clone();
        }
        drop(known);
        let compiled = match self.library.document(uri) {
            Ok(Some(document)) => self.compile(&document, Some(uri)),
            Ok(None) => Arc::new(Err("it is not in the library".into())),
            Err(error) => Arc::new(Err(error.to_string().into())),
        };
        let mut known = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(uri.into()).or_insert(compiled).clone()
    }

    fn compile(&self, document: &Json, uri: Option<&str>) -> Compiled {
        if let Err(detail) = repeated::check(document, uri.unwrap_or_default(), &self.library) {
            return Arc::new(Err(detail));
        }
        let mut options = jsonschema::options_for::<TreeJson>()
            .with_draft(Draft::Draft4)
            .should_validate_formats(false)
            .with_retriever(LibraryRetriever(self.library.clone()))
            .with_keyword("type", keyword::types)
            .with_keyword("tag", keyword::tag)
            .with_keyword("ndim", keyword::ndim)
            .with_keyword("max_ndim", keyword::max_ndim)
            .with_keyword("datatype", keyword::datatype);
        // A `$ref` at the top hides the `id` beside it.
        if let Some(uri) = uri.filter(|uri| uri.contains(':')) {
            options = options.with_base_uri(uri.trim_end_matches('#'));
        }
        let built = options.build(&adapt::adapted(document));
        Arc::new(built.map_err(|error| error.to_string().into()))
    }
}

/// The library as the crate asks it for the schemas that others refer to.
struct LibraryRetriever(Arc<SchemaLibrary>);

impl Retrieve for LibraryRetriever {
    fn retrieve(
        &self,
        uri: &Uri<String>,
    ) -> std::result::Result<Json, Box<dyn StdError + Send + Sync>> {
        let document = self.0.document(uri.as_str())?;
        document
            .map(|document| adapt::adapted(&document))
            .ok_or_else(|| format!("{uri} is not in the library").into())
    }
}

/// One validation under way.
struct Run<'v, 's> {
    validator: &'v Validator,
    standard: &'s str,
    excuses: ReferenceLeniency<'v>,
    validation: Validation,
    unknown: BTreeSet<Box<str>>,
    /// What has been told: schemas often repeat each other. Of a node one fault a keyword is told, but
    /// each missing and each unexpected key.
    told: HashSet<(String, Box<str>)>,
    unusable: HashMap<Box<str>, Box<str>>,
}

impl Run<'_, '_> {
    /// Visits every node once, in document order.
    fn walk(&mut self, tree: &Tree) {
        let mut seen = NodeTable::new(tree, false);
        let mut open = vec![tree.root()];
        let mut children = Vec::new();
        while let Some(node) = open.pop() {
            if excuse::is_reference(node) || seen.replace(node.id(), true) == Some(true) {
                continue;
            }
            self.check_tag(node);
            if node.kind() == NodeKind::Scalar {
                continue;
            }
            match node.value() {
                Value::Map(map) => children.extend(map.iter().map(|pair| pair.1)),
                Value::Seq(items) | Value::Pairs(items) => children.extend(items.iter()),
                Value::Omap(pairs) => {
                    let pairs = pairs.iter().filter_map(|pair| pair.as_map()?.iter().next());
                    children.extend(pairs.map(|pair| pair.1));
                }
                _ => {}
            }
            open.extend(children.drain(..).rev());
        }
    }

    fn check_tag(&mut self, node: Node<'_>) {
        let Some(tag) = node.tag() else {
            return;
        };
        let validator = self.validator;
        let tag = tag.as_str();
        match validator.library.schemas_of_tag(tag, self.standard) {
            Some(schemas) => {
                for uri in schemas {
                    let compiled = validator.compiled(uri);
                    self.check(node, uri, &compiled);
                }
            }
            None if !validator.library.knows_tag(tag) => {
                self.unknown.insert(tag.into());
            }
            None => {}
        }
    }

    fn check(&mut self, node: Node<'_>, uri: &str, compiled: &Compiled) {
        let schema = match &**compiled {
            Ok(schema) => schema,
            Err(detail) => {
                self.unusable.insert(uri.into(), detail.clone());
                return;
            }
        };
        let nodes = node.tree().len() as u64;
        let visits = VISITS.saturating_add(VISITS_A_NODE.saturating_mul(nodes));
        let budget = Budget::new(visits);
        let valid = schema.is_valid(Instance::Node(node, &budget));
        if budget.is_spent() {
            let message = format!("not checked: more than {visits} nodes to visit");
            self.tell(Violation::whole(node, &message, uri));
            return;
        }
        if valid {
            return;
        }
        let budget = Budget::new(MAX_NODES_REPORTING);
        let before = self.validation.violations.len();
        for error in schema.iter_errors(Instance::Node(node, &budget)) {
            // From here on containers look empty.
            if budget.is_spent() {
                break;
            }
            if !self.excuses.excuse(node, &error) {
                self.tell(violation::tell(node, &error, uri));
            }
        }
        if budget.is_spent() && self.validation.violations.len() == before {
            let message = "does not meet the schema; too much is wrong in it to say where";
            self.tell(Violation::whole(node, message, uri));
        }
    }

    /// Keeps a violation, unless it has been told already.
    fn tell(&mut self, violation: Violation) {
        let about = match &*violation.keyword {
            "required" | "additionalProperties" | "dependencies" => &violation.message,
            keyword => keyword,
        };
        let key = (violation.path.to_string(), about.into());
        if self.told.insert(key) {
            self.validation.violations.push(violation);
        }
    }

    fn finish(mut self) -> Validation {
        self.validation.unknown_tags = self.unknown.into_iter().collect();
        self.validation.unusable = self.unusable.into_iter().collect();
        self.validation.unusable.sort();
        let violations = &mut self.validation.violations;
        violations.sort_by_key(|violation| violation.span.start);
        self.validation
    }
}

#[cfg(test)]
mod tests {
    use super::super::bundle;
    use super::*;

    fn tree(nodes: &str) -> Tree {
        let text = format!("%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n---\n{nodes}\n...\n");
        super::super::document::parse(&text).unwrap()
    }

    #[test]
    fn every_published_schema_can_be_used() {
        let validator = Validator::new(Arc::new(SchemaLibrary::new()));
        let uris = bundle::schema_uris();
        assert!(uris.len() > 600, "{}", uris.len());
        for uri in uris {
            let compiled = validator.compiled(&uri);
            assert!(
                compiled.is_ok(),
                "{uri}: {:?}",
                compiled.as_ref().as_ref().err()
            );
        }
    }

    #[test]
    fn every_tag_has_a_schema_that_is_there() {
        let library = SchemaLibrary::new();
        let mut tags = 0;
        for entry in library.entries().iter().filter(|entry| entry.kind == "tag") {
            let schema = library.schema_of_tag(&entry.uri);
            // The tags of the unstable release that have none are known all the same.
            if let Some(schema) = schema {
                assert!(library.document(schema).unwrap().is_some(), "{schema}");
                tags += 1;
            }
        }
        assert!(tags > 500, "{tags}");
    }

    #[test]
    fn shared_faults_end_in_good_time() {
        let mut text = "x0: &a0 [2027-01-01, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
        for number in 1..14 {
            let items = vec![format!("*a{}", number - 1); 8].join(", ");
            text.push_str(&format!("x{number}: &a{number} [{items}]\n"));
        }
        text.push_str("data: !core/ndarray-1.1.0 [*a13]\n");
        let validator = Validator::new(Arc::new(SchemaLibrary::new()));
        let validation = validator.validate(&tree(&text), "1.6.0");
        let messages: Vec<_> = validation
            .violations
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            messages,
            [
                "/data: does not meet the schema; too much is wrong in it to say where \
              (http://stsci.edu/schemas/asdf/core/ndarray-1.1.0)"
            ]
        );
    }

    #[test]
    fn the_deepest_tree_is_told_where_it_is_wrong() {
        let depth = 900;
        let text = format!(
            "data: !core/ndarray-1.1.0 {}2027-01-01{}",
            "[".repeat(depth),
            "]".repeat(depth)
        );
        let validator = Validator::new(Arc::new(SchemaLibrary::new()));
        let validation = validator.validate(&tree(&text), "1.6.0");
        let paths: Vec<_> = validation
            .violations
            .iter()
            .map(|found| found.path.to_string())
            .collect();
        assert_eq!(paths, [format!("/data{}", "/0".repeat(depth))]);
    }

    #[test]
    fn aliases_may_nest_deeper_than_the_text() {
        for (links, sound) in [(3000, "1"), (3000, "2027-01-01"), (6000, "1")] {
            let mut text = format!("x0: &a0 [{sound}]\n");
            for number in 1..links {
                text.push_str(&format!("x{number}: &a{number} [*a{}]\n", number - 1));
            }
            text.push_str(&format!("data: !core/ndarray-1.1.0 [*a{}]\n", links - 1));
            let validator = Validator::new(Arc::new(SchemaLibrary::new()));
            let validation = validator.validate(&tree(&text), "1.6.0");
            assert_eq!(validation.is_valid(), links == 3000 && sound == "1");
        }
    }

    #[test]
    fn violations_that_were_there_before_are_not_new() {
        let validator = Validator::new(Arc::new(SchemaLibrary::new()));
        let states = [
            "a: !unit/unit-1.0.0 []\nb: !core/complex-1.0.0 x\n",
            "c: !unit/unit-1.0.0 []\nb: !core/complex-1.0.0 []\n",
        ];
        let [before, after] = states.map(|text| validator.validate(&tree(text), "1.6.0"));
        let new: Vec<_> = after
            .new_since(&before)
            .iter()
            .map(|found| found.path.to_string())
            .collect();
        assert_eq!(new, ["/b"]);
    }
}
