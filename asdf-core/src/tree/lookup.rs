//! Large mappings, whose keys are found without looking at all of them.

use super::arena::CoreTag;
use super::node::{Map, Node};
use elsa::sync::FrozenMap;
use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

/// Pairs from which on a mapping has a table.
pub(super) const LARGE: usize = 256;

/// Tables of the mappings that were asked so far: hashes of the texts of their keys, in order, with their places.
#[derive(Default)]
pub(super) struct Lookup {
    hasher: RandomState,
    tables: FrozenMap<u32, Box<[(u32, u32)]>>,
}

impl std::fmt::Debug for Lookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lookup")
            .field("tables", &self.tables.len())
            .finish_non_exhaustive()
    }
}

impl Lookup {
    /// The places of the pairs whose keys may have that text, in document order.
    pub(super) fn places<'l>(
        &'l self,
        map: Map<'_>,
        key: &str,
    ) -> impl Iterator<Item = usize> + use<'l> {
        let table = match self.tables.get(&map.node.id.0) {
            Some(table) => table,
            None => self.tables.insert(map.node.id.0, self.table(map)),
        };
        let hash = self.hash(key);
        let start = table.partition_point(|entry| entry.0 < hash);
        let rest = table.get(start..).unwrap_or_default();
        let equal = rest.iter().take_while(move |entry| entry.0 == hash);
        equal.map(|entry| entry.1 as usize)
    }

    fn table(&self, map: Map<'_>) -> Box<[(u32, u32)]> {
        let hashes = map.iter().map(|(key, _)| self.hash(&text(key)));
        let mut table: Vec<(u32, u32)> = hashes.zip(0..).collect();
        table.sort_unstable();
        table.into()
    }

    fn hash(&self, text: &str) -> u32 {
        // The lower half is as good as any.
        u32::try_from(self.hasher.hash_one(text) & 0xffff_ffff).unwrap_or_default()
    }
}

/// The text by which a key is looked for.
fn text(key: Node<'_>) -> Cow<'_, str> {
    match key.scalar_type() {
        CoreTag::Str | CoreTag::Value | CoreTag::Merge => key.text().unwrap_or_default().into(),
        _ => key.key_text(),
    }
}

#[cfg(test)]
mod tests {
    use crate::limits::Limits;
    use crate::tree::{Node, Tree};

    #[test]
    fn large_and_small_mappings_have_the_same_keys() {
        // Kinds of keys that look alike, and one that is written twice; `1` beside `true` would be the same key to Python.
        let few = "'1': text\n2: number\ntrue: truth\n1.5: float\n=: value\ntwice: no\nlast: word\ntwice: yes it is\n";
        let many: String = (0..2000)
            .map(|number| format!("key{number}: {number}\n"))
            .collect();
        let trees = [few.to_owned(), format!("{many}{few}")].map(|pairs| {
            let text = format!("%YAML 1.1\n---\n{pairs}...\n");
            Tree::parse(text.as_bytes(), 0, &Limits::default(), &mut Vec::new()).unwrap()
        });
        for tree in &trees {
            let found = |key: &str| tree.root().get(key).and_then(Node::text);
            assert_eq!(found("1"), Some("text"));
            assert_eq!(found("true"), None);
            assert_eq!(found("="), Some("value"));
            assert_eq!(found("twice"), Some("yes it is"));
            assert_eq!(found("none"), None);
            let at = |path: &str| tree.node(path).ok().and_then(Node::text);
            assert_eq!(at("/true"), Some("truth"));
            assert_eq!(at("/1.5"), Some("float"));
        }
        for number in 0..2000 {
            let found = trees[1].node(&format!("key{number}")).unwrap();
            assert_eq!(found.text(), Some(number.to_string().as_str()));
        }
    }
}
