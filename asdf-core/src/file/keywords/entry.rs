//! The values of a tree that have a card, and the arrays that have an HDU, in the order in which stdatamodels writes them.

use crate::fits::printable;
use crate::schema::{FitsKeywords, SchemaPlace};
use crate::tree::{Map, Node, Seq, TreePath, Value};
use std::collections::HashMap;

/// A value that has a card.
#[derive(Debug, Clone)]
pub(in crate::file) struct KeywordEntry<'t> {
    pub(in crate::file) path: TreePath,
    pub(in crate::file) node: Node<'t>,
    pub(in crate::file) keyword: String,
    /// The name of the HDU; none for the first.
    pub(in crate::file) hdu: Option<Box<str>>,
    /// The version of the HDU, by the place in the list that the value is in; none outside of lists: the first of that name.
    pub(in crate::file) version: Option<i64>,
    /// The array in the same item that has the same HDU.
    pub(in crate::file) array: Option<Node<'t>>,
    /// The comment of a new card: printable ASCII.
    pub(in crate::file) comment: String,
    /// Headings that come before the card.
    pub(in crate::file) titles: Vec<String>,
}

/// An array that has an HDU.
#[derive(Debug, Clone)]
pub(in crate::file) struct ArrayEntry<'t> {
    pub(in crate::file) node: Node<'t>,
    /// In capitals.
    pub(in crate::file) name: String,
    pub(in crate::file) version: i64,
}

/// All values that have a card.
pub(in crate::file) fn entries<'t>(
    root: Node<'t>,
    keywords: &FitsKeywords,
) -> Vec<KeywordEntry<'t>> {
    let mut walk = Walk::of(root, keywords);
    walk.extra_fits(root);
    walk.entries
}

/// All arrays that have an HDU.
pub(in crate::file) fn arrays<'t>(root: Node<'t>, keywords: &FitsKeywords) -> Vec<ArrayEntry<'t>> {
    let mut walk = Walk::of(root, keywords);
    walk.extra_fits(root);
    walk.arrays
}

/// The item of the innermost list, or the root.
#[derive(Clone, Copy)]
struct Scope<'t, 's> {
    node: Node<'t>,
    place: &'s SchemaPlace,
    index: Option<usize>,
}

#[derive(Default)]
struct Walk<'t> {
    entries: Vec<KeywordEntry<'t>>,
    arrays: Vec<ArrayEntry<'t>>,
    /// Titles of the mappings around, of which no card was met yet.
    pending: Vec<String>,
}

impl<'t> Walk<'t> {
    fn of(root: Node<'t>, keywords: &FitsKeywords) -> Self {
        let mut walk = Self::default();
        let place = keywords.root();
        let scope = Scope {
            node: root,
            place,
            index: None,
        };
        walk.visit(root, place, &TreePath::default(), scope);
        walk
    }

    /// Cards and data that the schemas do not know: `extra_fits`, by the name of the HDU.
    fn extra_fits(&mut self, root: Node<'t>) {
        self.pending.clear();
        let hdus = root.get("extra_fits").and_then(Node::as_map);
        for (name, parts) in hdus.into_iter().flat_map(Map::iter) {
            let name = name.key_text();
            let path = TreePath::default().key("extra_fits").key(&name);
            if let Some(data) = parts.get("data") {
                self.arrays.push(ArrayEntry {
                    node: data,
                    name: name.to_ascii_uppercase(),
                    version: 1,
                });
            }
            let text = |node: Option<Node<'t>>| match node.map(Node::value) {
                Some(Value::Str(text)) => text,
                _ => "",
            };
            let cards = parts.get("header").and_then(Node::as_seq);
            let cards: Vec<Node<'t>> = cards.into_iter().flat_map(Seq::iter).collect();
            let mut counts: HashMap<&str, usize> = HashMap::new();
            for card in &cards {
                let count = counts.entry(text(card.at(0))).or_default();
                *count = count.saturating_add(1);
            }
            for (index, card) in cards.iter().enumerate() {
                let keyword = text(card.at(0));
                // Which of several is meant cannot be told.
                let is_one = counts.get(keyword) == Some(&1);
                let is_text = matches!(keyword, "COMMENT" | "HISTORY" | "");
                let Some(value) = card.at(1).filter(|_| is_one && !is_text) else {
                    continue;
                };
                self.entries.push(KeywordEntry {
                    path: path.clone().key("header").index(index).index(1),
                    node: value,
                    keyword: keyword.to_ascii_uppercase(),
                    hdu: (*name != *"PRIMARY").then(|| Box::from(&*name)),
                    version: None,
                    array: parts.get("data"),
                    comment: printable(text(card.at(2)).trim_end()),
                    titles: Vec::new(),
                });
            }
        }
    }

    /// Recursion goes as deep as the schemas, which is bounded.
    fn visit(
        &mut self,
        node: Node<'t>,
        place: &SchemaPlace,
        path: &TreePath,
        scope: Scope<'t, '_>,
    ) {
        if let Some(keyword) = &place.keyword {
            self.entry(node, place, path, scope, keyword);
            return;
        }
        if let Some(hdu) = place.array_hdu() {
            let version = scope.index.unwrap_or(0).saturating_add(1);
            self.arrays.push(ArrayEntry {
                node,
                name: hdu.to_ascii_uppercase(),
                version: i64::try_from(version).unwrap_or(i64::MAX),
            });
            return;
        }
        if let Some(items) = place.items.as_deref() {
            let list = node.as_seq().into_iter().flat_map(Seq::iter);
            for (index, item) in list.enumerate() {
                let scope = Scope {
                    node: item,
                    place: items,
                    index: Some(index),
                };
                self.visit(item, items, &path.clone().index(index), scope);
            }
        }
        if place.children.is_empty() || node.as_map().is_none() {
            return;
        }
        let (written, depth) = (self.entries.len(), self.pending.len());
        self.pending.extend(
            place
                .title
                .as_deref()
                .map(|title| printable(title.trim_end())),
        );
        for (key, child) in &place.children {
            if let Some(node) = node.get(key) {
                self.visit(node, child, &path.clone().key(key), scope);
            }
        }
        if self.entries.len() == written {
            self.pending.truncate(depth);
        }
    }

    fn entry(
        &mut self,
        node: Node<'t>,
        place: &SchemaPlace,
        path: &TreePath,
        scope: Scope<'t, '_>,
        keyword: &str,
    ) {
        // The first HDU is there once; text cards have no value of their own.
        let has_place = place.hdu.is_some() || scope.index.is_none_or(|index| index == 0);
        if !has_place || matches!(keyword, "COMMENT" | "HISTORY" | "") {
            return;
        }
        let version = scope.index.map(|index| index.saturating_add(1));
        let hdu = place.hdu.clone();
        let array = hdu
            .as_deref()
            .and_then(|hdu| array_in(scope.node, scope.place, hdu));
        self.entries.push(KeywordEntry {
            path: path.clone(),
            node,
            keyword: keyword.to_owned(),
            hdu,
            version: version.map(|version| i64::try_from(version).unwrap_or(i64::MAX)),
            array,
            comment: printable(place.comment().trim_end()),
            titles: std::mem::take(&mut self.pending),
        });
    }
}

/// The first array of an item that has that HDU; lists in it have items of their own.
fn array_in<'t>(node: Node<'t>, place: &SchemaPlace, hdu: &str) -> Option<Node<'t>> {
    if place
        .array_hdu()
        .is_some_and(|own| own.eq_ignore_ascii_case(hdu))
    {
        return Some(node);
    }
    let mut children = place.children.iter();
    children.find_map(|(key, child)| array_in(node.get(key)?, child, hdu))
}
