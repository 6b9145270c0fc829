//! What the schemas say of a node: title and description of its key and of its tag.

use asdf_core::AsdfFile;
use asdf_core::Node;
use asdf_core::TreePath;
use asdf_core::inspect::escape;
use asdf_core::schema::SchemaLibrary;
use asdf_core::tree::PathStep;
use serde_json::Value;
use std::sync::Arc;

/// References and combinations that are followed one within the other.
const DEPTH: usize = 12;

/// Texts of schemas, escaped, white space folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SchemaNote {
    /// What the key is for: title and description, as the schema of a node above says.
    pub key: Option<(String, String)>,
    /// What the node's own tag is for.
    pub tag: Option<(String, String)>,
}

/// Looks up the node at a path.
pub fn find(file: &AsdfFile, library: &SchemaLibrary, path: &TreePath) -> SchemaNote {
    let finder = Finder { file, library };
    let mut nodes = vec![file.tree().root()];
    for step in path.steps() {
        let next = nodes.last().and_then(|node| node.step(step));
        nodes.extend(next);
    }
    let own = nodes.last().and_then(|node| finder.schema(*node));
    let mut note = SchemaNote {
        key: None,
        tag: own.and_then(|(_, schema)| texts(&schema)),
    };
    // The nearest node above with a schema that knows the way down.
    for depth in (0..path.steps().len().min(nodes.len())).rev() {
        let Some((uri, schema)) = nodes.get(depth).and_then(|node| finder.schema(*node)) else {
            continue;
        };
        let steps = path.steps().get(depth..).unwrap_or_default();
        note.key = finder.descend(&uri, &schema, steps, DEPTH);
        if note.key.is_some() {
            break;
        }
    }
    note
}

struct Finder<'a> {
    file: &'a AsdfFile,
    library: &'a SchemaLibrary,
}

impl Finder<'_> {
    /// The schema of a node's tag with its URI.
    fn schema(&self, node: Node<'_>) -> Option<(String, Arc<Value>)> {
        let tag = node.tag()?.as_str();
        let standard = self.file.standard_version();
        let uri = match self.library.schemas_of_tag(tag, standard) {
            Some([uri, ..]) => uri,
            _ => self.library.schema_of_tag(tag)?,
        };
        let document = self.library.document(uri).ok().flatten()?;
        Some((uri.to_owned(), document))
    }

    fn descend(
        &self,
        base: &str,
        schema: &Value,
        steps: &[PathStep],
        depth: usize,
    ) -> Option<(String, String)> {
        let depth = depth.checked_sub(1)?;
        if let Some(uri) = schema.get("$ref").and_then(Value::as_str) {
            let (uri, fragment) = uri.split_once('#').unwrap_or((uri, ""));
            let uri = resolve(base, uri);
            let document = self.library.document(&uri).ok().flatten()?;
            let target = document.pointer(fragment)?;
            return self.descend(&uri, target, steps, depth);
        }
        let Some((step, rest)) = steps.split_first() else {
            return texts(schema).or_else(|| self.combined(base, schema, steps, depth));
        };
        let below = match step {
            PathStep::Key(key) => schema.get("properties").and_then(|all| all.get(&**key)),
            PathStep::Index(index) => match schema.get("items") {
                Some(Value::Array(items)) => items.get(*index),
                items => items,
            },
        };
        let found = below.and_then(|below| self.descend(base, below, rest, depth));
        found.or_else(|| self.combined(base, schema, steps, depth))
    }

    fn combined(
        &self,
        base: &str,
        schema: &Value,
        steps: &[PathStep],
        depth: usize,
    ) -> Option<(String, String)> {
        let lists = ["allOf", "anyOf", "oneOf"];
        let parts = lists.iter().filter_map(|name| schema.get(name)?.as_array());
        let mut found = parts
            .flatten()
            .filter_map(|part| self.descend(base, part, steps, depth));
        found.next()
    }
}

/// A reference relative to the URI of its schema.
fn resolve(base: &str, uri: &str) -> String {
    if uri.is_empty() {
        return base.to_owned();
    }
    if uri.contains(':') {
        return uri.to_owned();
    }
    let folder = base.rsplit_once('/').map_or("", |base| base.0);
    format!("{folder}/{uri}")
}

/// Title and description; `None` when there is neither.
fn texts(schema: &Value) -> Option<(String, String)> {
    let text = |name| {
        let text = schema.get(name).and_then(Value::as_str).unwrap_or_default();
        let words: Vec<&str> = text.split_whitespace().collect();
        escape(&words.join(" ")).into_owned()
    };
    let (title, description) = (text("title"), text("description"));
    (!title.is_empty() || !description.is_empty()).then_some((title, description))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_relative_to_their_schema() {
        let base = "http://stsci.edu/schemas/asdf/core/asdf-1.1.0";
        assert_eq!(
            resolve(base, "software-1.0.0"),
            "http://stsci.edu/schemas/asdf/core/software-1.0.0"
        );
        assert_eq!(resolve(base, ""), base);
        assert_eq!(resolve(base, "asdf://x/y"), "asdf://x/y");
    }

    #[test]
    fn the_schema_of_a_tag_explains_its_node() {
        let file = AsdfFile::open(crate::testing::file("made/writer_plain.asdf")).unwrap();
        let path = TreePath::parse("asdf_library").unwrap();
        let note = find(&file, &SchemaLibrary::new(), &path);
        let (title, _) = note.tag.unwrap();
        assert_eq!(title, "Software by name and version");
    }

    #[test]
    fn a_key_is_explained_through_references_and_combinations() {
        let file = AsdfFile::open(crate::testing::file("made/writer_plain.asdf")).unwrap();
        let library = SchemaLibrary::new();
        let finder = Finder {
            file: &file,
            library: &library,
        };
        let base = "http://stsci.edu/schemas/asdf/core/here-1.0.0";
        let schema = serde_json::json!({
            "allOf": [
                { "properties": { "a": { "items": { "$ref": "software-1.0.0" } } } },
                { "properties": { "b": { "title": "The  second", "description": "\u{1b}[1m" } } },
            ]
        });
        let explained = |path: &str| {
            let path = TreePath::parse(path).unwrap();
            finder.descend(base, &schema, path.steps(), DEPTH)
        };
        let (title, description) = explained("b").unwrap();
        assert_eq!((&*title, &*description), ("The second", "\\u{1b}[1m"));
        assert_eq!(explained("a[3]").unwrap().0, "Software by name and version");
        assert_eq!(explained("c"), None);
    }
}
