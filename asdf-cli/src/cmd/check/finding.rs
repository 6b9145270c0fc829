//! What is wrong with a file.

use super::identity::Identity;
use crate::exit::Exit;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Finding {
    /// In a word, one of those in `docs/check.md`.
    pub(super) kind: &'static str,
    /// The node.
    pub(super) path: Option<String>,
    pub(super) message: String,
}

impl Finding {
    pub(super) fn new(kind: &'static str, path: Option<&str>, message: impl Into<String>) -> Self {
        Self {
            kind,
            path: path.map(str::to_owned),
            message: message.into(),
        }
    }

    pub(super) fn to_json(&self) -> Value {
        json!({ "kind": self.kind, "path": self.path, "message": self.message })
    }
}

/// What came of a file.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// As it is shown.
    pub(super) file: String,
    /// As a manifest has it: below the folder that was searched.
    pub(super) name: String,
    pub(super) size: Option<u64>,
    pub(super) sha256: Option<String>,
    /// Equal for files with the same content.
    pub(super) content: Option<Vec<u8>>,
    /// The values that are to be different in each file, with their paths.
    pub(super) ids: Vec<(String, Identity)>,
    pub(super) findings: Vec<Finding>,
    /// What is odd about the file, and does not make it fail.
    pub(super) warnings: Vec<Value>,
    pub(super) is_unreadable: bool,
}

impl Outcome {
    pub(super) fn add(
        &mut self,
        kind: &'static str,
        path: Option<&str>,
        message: impl Into<String>,
    ) {
        self.findings.push(Finding::new(kind, path, message));
    }

    /// Leaves out what is said a second time: a profile and a reference may ask for the same.
    pub(super) fn tell_once(&mut self) {
        let mut known = HashSet::new();
        self.findings
            .retain(|finding| known.insert(finding.clone()));
    }

    pub(super) fn is_ok(&self) -> bool {
        self.findings.is_empty()
    }

    pub(super) fn exit(&self) -> Exit {
        match (self.is_unreadable, self.is_ok()) {
            (true, _) => Exit::Trouble,
            (false, true) => Exit::Fine,
            (false, false) => Exit::No,
        }
    }
}
