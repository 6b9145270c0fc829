//! The document of a file that cannot be read.

use crate::inputs::{Inputs, Item};
use asdf_core::Error;
use asdf_core::error::ErrorKind;
use serde_json::{Value, json};

/// `{"file", "error": {"kind", "message", "offset", "path"}}`
pub(crate) fn fault(files: &Inputs, number: usize, error: &Error) -> Value {
    let place = error.place();
    let asked = files.items().get(number).and_then(Item::path);
    let file = asked.or(place.file.as_deref());
    json!({
        "file": file.map(asdf_core::inspect::file_name_text),
        "error": {
            "kind": kind(error),
            "message": error.kind().to_string(),
            "offset": place.span.as_ref().map(|span| span.start),
            "path": place.path,
        },
    })
}

/// Whose fault it is, in a word.
pub(crate) fn kind(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Io(_) => "io",
        ErrorKind::Malformed(_) => "malformed",
        ErrorKind::Unsupported(_) => "unsupported",
        ErrorKind::Limit(_) => "limit",
        ErrorKind::Mismatch(_) => "mismatch",
        ErrorKind::Usage(_) | ErrorKind::Caller(_) => "usage",
        _ => "other",
    }
}
