//! What a file says about how it was made: `asdf_library`, `history` (`core/asdf-1.1.0`).

use super::AsdfFile;
use super::Draft;
use crate::error::{LimitExceeded, Locate, Result};
use crate::limits::Limit;
use crate::tree::{Content, Measure, NewNode, Node, Nodes, Value};
use std::time::{SystemTime, UNIX_EPOCH};

const EXTENSION: &str = "tag:stsci.edu:asdf/core/extension_metadata-1.0.0";

/// A program and its version. Source: `core/software-1.0.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Software {
    /// The name.
    pub name: String,
    /// The version; files without one are met, although the standard asks for it.
    pub version: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// Its page.
    pub homepage: Option<String>,
}

/// What was done to a file. Source: `core/history_entry-1.0.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// What was done; files without it are met.
    pub description: Option<String>,
    /// When, in UTC: `2026-11-23 08:15:00`.
    pub time: Option<String>,
    /// The programs that did it.
    pub software: Vec<Software>,
}

/// An extension of the format that a file makes use of. Source: `core/extension_metadata-1.0.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The class that implements it, as the software that wrote the file names it.
    pub class: String,
    /// The URI of the extension.
    pub uri: Option<String>,
    /// The package that provides it.
    pub software: Option<Software>,
}

impl Software {
    pub(crate) const SOFTWARE_TAG: &'static str = "tag:stsci.edu:asdf/core/software-1.0.0";

    /// A program by its name and version.
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: Some(version.to_owned()),
            author: None,
            homepage: None,
        }
    }

    /// This library.
    pub(super) fn own() -> Self {
        Self::new("asdf-core", env!("CARGO_PKG_VERSION"))
    }

    /// The software that a node is; `None` of a node without a name.
    pub(crate) fn of(node: Node<'_>) -> Option<Self> {
        Some(Self {
            name: text(node, "name")?,
            version: text(node, "version"),
            author: text(node, "author"),
            homepage: text(node, "homepage"),
        })
    }

    pub(crate) fn node(&self, nodes: &mut Nodes) -> NewNode {
        let mut pairs = vec![("name", nodes.string(&self.name))];
        let more = [
            ("version", &self.version),
            ("author", &self.author),
            ("homepage", &self.homepage),
        ];
        for (key, text) in more {
            pairs.extend(text.as_ref().map(|text| (key, nodes.string(text))));
        }
        let node = nodes.map_of(pairs);
        nodes.set_tag(node, Self::SOFTWARE_TAG);
        nodes.set_flow(node, true);
        node
    }
}

impl std::fmt::Display for Software {
    /// `name version`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        self.version
            .iter()
            .try_for_each(|version| write!(f, " {version}"))
    }
}

impl HistoryEntry {
    pub(crate) const ENTRY_TAG: &'static str = "tag:stsci.edu:asdf/core/history_entry-1.0.0";

    /// What was done, now and by this library. The time is that of `SOURCE_DATE_EPOCH` where that variable is set.
    pub fn new(description: &str) -> Self {
        Self {
            description: Some(description.to_owned()),
            time: Some(iso_time(now())),
            software: vec![Software::own()],
        }
    }

    pub(crate) fn of(node: Node<'_>) -> Self {
        // There may be one program or a list of them.
        let software = node.get("software").map(|node| match node.as_seq() {
            Some(list) => list.iter().filter_map(Software::of).collect(),
            None => Software::of(node).into_iter().collect(),
        });
        Self {
            description: text(node, "description"),
            time: text(node, "time"),
            software: software.unwrap_or_default(),
        }
    }

    pub(crate) fn node(&self, nodes: &mut Nodes) -> NewNode {
        let mut pairs = Vec::new();
        if let Some(description) = &self.description {
            pairs.push(("description", nodes.string(description)));
        }
        if let Some(time) = &self.time {
            let node = nodes.time(time).unwrap_or_else(|| nodes.string(time));
            pairs.push(("time", node));
        }
        match self.software.as_slice() {
            [] => {}
            [one] => pairs.push(("software", one.node(nodes))),
            several => {
                let list = several.iter().map(|one| one.node(nodes)).collect();
                pairs.push(("software", nodes.seq(list)));
            }
        }
        let entry = nodes.map_of(pairs);
        nodes.set_tag(entry, Self::ENTRY_TAG);
        entry
    }
}

/// The text under a key; times as Python writes them.
fn text(node: Node<'_>, key: &str) -> Option<String> {
    let node = node.get(key)?;
    match node.value() {
        Value::Timestamp(time) => Some(time.to_string()),
        _ => node.text().map(str::to_owned),
    }
}

impl AsdfFile {
    /// What was done to the file, the oldest first: the entries of the tree's `history`, which in old files is their list itself.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/history_list.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// for entry in AsdfFile::open(path)?.history() {
    ///     let by: Vec<String> = entry.software.iter().map(ToString::to_string).collect();
    ///     println!("{:?} {:?} {by:?}", entry.time, entry.description);
    /// }
    /// # assert!(!AsdfFile::open(path)?.history().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn history(&self) -> Vec<HistoryEntry> {
        self.history_list().map(HistoryEntry::of).collect()
    }

    /// As [`history`](Self::history), one after the other as they are asked for: an entry that is shared may be a long text at
    /// thousands of places.
    ///
    /// # Errors
    /// `expanded_nodes` of [`Limits`](crate::limits::Limits): the list is too long when its shared nodes are expanded.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../test-data/made/history_list.asdf");
    /// use asdf_core::AsdfFile;
    ///
    /// let file = AsdfFile::open(path)?;
    /// let first = file.history_entries()?.next();
    /// assert_eq!(first.as_ref(), file.history().first());
    /// # Ok(())
    /// # }
    /// ```
    pub fn history_entries(&self) -> Result<impl Iterator<Item = HistoryEntry> + '_> {
        let allowed = self.limits().expanded_nodes;
        if let Some(history) = self.tree().root().get("history") {
            let needed = Measure::expanded(history, allowed);
            let what = "number of nodes of the history when shared nodes are expanded";
            LimitExceeded::check(what, Limit::ExpandedNodes, needed, allowed)
                .at_path(|| history.path())
                .in_file(self.name())?;
        }
        Ok(self.history_list().map(HistoryEntry::of))
    }

    /// The entries of the tree.
    fn history_list(&self) -> impl Iterator<Item = Node<'_>> {
        let history = self.tree().root().get("history");
        let list = history.and_then(|history| {
            let own = history.as_seq();
            own.or_else(|| history.get("entries")?.as_seq())
        });
        list.into_iter().flatten()
    }
}

impl Draft<'_> {
    /// Adds an entry to the history: what was done, now and by this library. The time is that of
    /// `SOURCE_DATE_EPOCH` where that variable is set.
    ///
    /// # Errors
    /// The tree's `history` is neither a list nor a mapping.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> asdf_core::Result<()> {
    /// # let folder = tempfile::tempdir()?;
    /// # let out = folder.path().join("out.asdf");
    /// use asdf_core::{AsdfFile, Draft, WriteOptions};
    ///
    /// let mut draft = Draft::new();
    /// draft.set("gain", 1.8)?;
    /// draft.add_history("gain measured again")?;
    /// draft.save(&out, &WriteOptions::default())?;
    /// # let text: String = AsdfFile::open(&out)?.node("history/entries/0/description")?.read()?;
    /// # assert_eq!(text, "gain measured again");
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_history(&mut self, description: &str) -> Result<&mut Self> {
        let entry = HistoryEntry::new(description).node(self.nodes());
        self.append("entries", entry)
    }

    /// Adds an extension to those that the file says to make use of.
    ///
    /// # Errors
    /// The tree's `history` is neither a list nor a mapping.
    pub fn add_extension(&mut self, extension: &Extension) -> Result<&mut Self> {
        let nodes = self.nodes();
        let mut pairs = vec![("extension_class", nodes.string(&extension.class))];
        if let Some(uri) = &extension.uri {
            pairs.push(("extension_uri", nodes.string(uri)));
        }
        if let Some(software) = &extension.software {
            pairs.push(("software", software.node(nodes)));
        }
        let entry = nodes.map_of(pairs);
        nodes.set_tag(entry, EXTENSION);
        self.append("extensions", entry)
    }

    /// Appends to a list of the history. In old files the history itself is the list of entries.
    fn append(&mut self, list: &str, entry: NewNode) -> Result<&mut Self> {
        let count = |nodes: &Nodes, node| match nodes.content(node) {
            Some(Content::Seq { items, .. }) => Some(items.len()),
            _ => None,
        };
        let whole = self.tree.find("history")?;
        let path = match whole.and_then(|node| count(self.tree.nodes(), node)) {
            Some(_) if list == "entries" => "history".to_owned(),
            _ => format!("history/{list}"),
        };
        let found = self.tree.find(path.as_str())?;
        if let Some(count) = found.and_then(|node| count(self.tree.nodes(), node)) {
            self.tree.set(format!("{path}/{count}").as_str(), entry)?;
        } else {
            let node = self.tree.nodes().seq(vec![entry]);
            self.tree.set(path.as_str(), node)?;
        }
        Ok(self)
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    let given = std::env::var("SOURCE_DATE_EPOCH")
        .ok()
        .and_then(|text| text.parse().ok());
    given.unwrap_or_else(|| {
        let passed = SystemTime::now().duration_since(UNIX_EPOCH);
        passed.map_or(0, |passed| passed.as_secs())
    })
}

/// `2026-11-23 08:15:00`, UTC: how `PyYAML` writes a time.
fn iso_time(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Years that begin in March have their odd day last (Hinnant, "chrono-compatible date algorithms").
    let days = days.saturating_add(719_468);
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = era
        .saturating_mul(400)
        .saturating_add(year)
        .saturating_add(carry);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{date:02} {hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        // date -u -d @N
        assert_eq!(iso_time(0), "1970-01-01 00:00:00");
        assert_eq!(iso_time(951_782_399), "2000-02-28 23:59:59");
        assert_eq!(iso_time(951_782_400), "2000-02-29 00:00:00");
        assert_eq!(iso_time(1_795_420_800), "2026-11-23 08:00:00");
        assert_eq!(iso_time(4_107_542_400), "2100-03-01 00:00:00");
    }
}
