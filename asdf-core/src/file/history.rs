//! What a file says about how it was made: `asdf_library`, `history` (`core/asdf-1.1.0`).

use super::Draft;
use crate::error::Result;
use crate::tree::{Content, NewNode, Nodes};
use std::time::{SystemTime, UNIX_EPOCH};

const SOFTWARE: &str = "tag:stsci.edu:asdf/core/software-1.0.0";
const ENTRY: &str = "tag:stsci.edu:asdf/core/history_entry-1.0.0";
const EXTENSION: &str = "tag:stsci.edu:asdf/core/extension_metadata-1.0.0";

/// An extension of the format that a file makes use of. Source: `core/extension_metadata-1.0.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The class that implements it, as the software that wrote the file names it.
    pub class: String,
    /// The URI of the extension.
    pub uri: Option<String>,
    /// Name and version of the package that provides it.
    pub software: Option<(String, String)>,
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
        let time = iso_time(now());
        let nodes = self.nodes();
        let software = software(nodes);
        let pairs = [
            ("description", nodes.string(description)),
            ("time", nodes.timestamp(&time)),
            ("software", software),
        ];
        let entry = nodes.map_of(pairs);
        nodes.set_tag(entry, ENTRY);
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
        if let Some((name, version)) = &extension.software {
            let inner = [
                ("name", nodes.string(name)),
                ("version", nodes.string(version)),
            ];
            let node = nodes.map_of(inner);
            nodes.set_tag(node, SOFTWARE);
            nodes.set_flow(node, true);
            pairs.push(("software", node));
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

/// This library as a `core/software` node.
pub(super) fn software(nodes: &mut Nodes) -> NewNode {
    let pairs = [
        ("name", nodes.string("asdf-core")),
        ("version", nodes.string(env!("CARGO_PKG_VERSION"))),
    ];
    let node = nodes.map_of(pairs);
    nodes.set_tag(node, SOFTWARE);
    nodes.set_flow(node, true);
    node
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
