//! The bytes of a tree as text, and what is looked at before it is parsed.

use super::line;
use super::notes::Notes;
use crate::error::Error;
use crate::error::LimitExceeded;
use crate::error::Locate;
use crate::error::Malformed;
use crate::error::Result;
use crate::error::WarningKind;
use crate::limits::{Limit, Limits};

/// Copies the text, checked: valid UTF-8 (error at the first bad byte) and within the limit.
pub(super) fn checked_text(bytes: &[u8], base: u64, limits: &Limits) -> Result<Box<str>> {
    let needed = bytes.len() as u64;
    let limit = (Limit::TreeBytes, limits.tree_bytes);
    LimitExceeded::capped("tree size in bytes", limit, needed, u64::from(u32::MAX))?;
    // The copy comes first: the bytes may be a mapped file that changes under us.
    match String::from_utf8(bytes.to_vec()) {
        Ok(text) => Ok(text.into_boxed_str()),
        Err(error) => {
            let at = base.saturating_add(error.utf8_error().valid_up_to() as u64);
            let bad = error
                .as_bytes()
                .get(error.utf8_error().valid_up_to())
                .copied()
                .unwrap_or_default();
            Err(Error::from(Malformed::Utf8 { byte: bad }).at(at..at.saturating_add(1)))
        }
    }
}

/// Directives other than `%YAML` and `%TAG` are legal and without effect.
pub(super) fn note_directives(text: &str, base: u64, notes: &mut Notes<'_>) {
    let mut at = base;
    for line in line::lines(text) {
        let span = at..at.saturating_add(line.trim_end().len() as u64);
        at = at.saturating_add(line.len() as u64);
        match line.strip_prefix('%') {
            Some(directive) => {
                let name = directive
                    .split_ascii_whitespace()
                    .next()
                    .unwrap_or_default();
                if !matches!(name, "YAML" | "TAG") {
                    let name: String = name.chars().take(40).collect();
                    notes.at(WarningKind::Directive { name: name.into() }, span);
                }
            }
            None if line.starts_with('#') || line.trim_end().is_empty() => {}
            None => return,
        }
    }
}
