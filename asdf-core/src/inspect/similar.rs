//! What a path that leads nowhere may have meant.

use crate::file::AsdfFile;
use crate::tree::{Node, PathStep, TreePath};

/// Nodes that are looked at for one that is deeper than it was thought to be.
const NODES: usize = 200_000;

impl AsdfFile {
    /// A path of the tree that is like one that leads nowhere: with another spelling of the key that is not there
    /// (`roman.meta.exposur`), else the shallowest node whose path ends so (`data` for `/roman/data`).
    pub fn similar_path(&self, path: &TreePath) -> Option<TreePath> {
        let mut node = self.tree().root();
        let mut depth = 0;
        while let Some(next) = path.steps().get(depth).and_then(|step| node.step(step)) {
            node = next;
            depth += 1;
        }
        let missing = path.steps().get(depth)?;
        if let Some(key) = similar_key(node, &missing.to_string()) {
            let near = path.prefix(depth).key(&key);
            let rest = path.steps().iter().skip(depth + 1).cloned();
            let whole =
                TreePath::from(near.steps().iter().cloned().chain(rest).collect::<Vec<_>>());
            return Some(if self.node(&whole).is_ok() {
                whole
            } else {
                near
            });
        }
        let end = path.steps().get(depth..)?;
        self.deeper(end)
    }

    /// The shallowest node whose path ends with these steps.
    fn deeper(&self, end: &[PathStep]) -> Option<TreePath> {
        let mut best: Option<TreePath> = None;
        let last = end.last()?.to_string();
        let mut walk = self.tree().walk(self.limits());
        for _ in 0..NODES {
            if !matches!(walk.next(), Some(Ok(_))) {
                break;
            }
            if walk.key().is_none_or(|key| key != last) {
                continue;
            }
            let path = walk.path();
            let is_shallower = |best: &TreePath| path.steps().len() < best.steps().len();
            if path.steps().ends_with(end) && best.as_ref().is_none_or(is_shallower) {
                best = Some(path);
            }
        }
        best
    }
}

/// The key of a mapping that is nearest to a text, if one is near.
fn similar_key(node: Node<'_>, text: &str) -> Option<String> {
    let allowed = 1 + text.chars().count() / 4;
    let keys = node.as_map()?.iter().map(|(key, _)| key.key_text());
    let near = keys.map(|key| (distance(&key, text, allowed), key));
    let near = near.filter_map(|(distance, key)| Some((distance?, key)));
    let best = near.min_by_key(|entry| entry.0);
    best.map(|(_, key)| key.into_owned())
}

/// How many characters are to be put in, left out or replaced; `None` for more than allowed, or for all of them.
fn distance(a: &str, b: &str, allowed: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, left) in a.iter().enumerate() {
        let mut diagonal = line;
        let mut before = line + 1;
        for (slot, right) in row.iter_mut().skip(1).zip(&b) {
            let replaced = diagonal + usize::from(!left.eq_ignore_ascii_case(right));
            diagonal = *slot;
            before = replaced.min(before + 1).min(*slot + 1);
            *slot = before;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    let found = row.last().copied()?;
    (found <= allowed && found < b.len().min(a.len())).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near() {
        for (a, b, wanted) in [
            ("exposure", "exposur", Some(1)),
            ("exposure", "exposrue", Some(2)),
            ("Data", "data", Some(0)),
            ("dq", "dx", Some(1)),
            ("a", "b", None),
            ("exposure", "instrument", None),
            ("", "x", None),
        ] {
            assert_eq!(distance(a, b, 1 + b.len() / 4), wanted, "{a} {b}");
        }
    }

    #[test]
    fn a_path_with_a_slip_or_without_its_beginning() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../test-data/made/roman_exposure.asdf"
        );
        let file = AsdfFile::open(path).unwrap();
        let similar = |text: &str| {
            let path = TreePath::parse(text).unwrap();
            file.similar_path(&path).map(|path| path.to_string())
        };
        assert_eq!(
            similar("roman.meta.exposur").as_deref(),
            Some("/roman/meta/exposure")
        );
        assert_eq!(
            similar("roman.mta.exposure.type").as_deref(),
            Some("/roman/meta/exposure/type")
        );
        assert_eq!(similar("data").as_deref(), Some("/roman/data"));
        assert_eq!(
            similar("exposure/type").as_deref(),
            Some("/roman/meta/exposure/type")
        );
        assert_eq!(similar("roman.nothing_like_it"), None);
    }
}
