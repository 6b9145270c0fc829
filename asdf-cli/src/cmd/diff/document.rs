//! Differences as documents for programs.

use super::pairs::{Pair, Pairs};
use crate::json::{self, Form};
use asdf_core::Error;
use asdf_core::array::ElementPair;
use asdf_core::inspect::{Diff, Difference, DifferenceKind, Side, file_name_text};
use serde_json::{Number, Value, json};

/// The comparison of two files.
pub(super) fn whole(pair: &Pair, form: Form, found: &Diff) -> Value {
    let rest = json!({
        "a": pair.a(),
        "b": pair.b(),
        "equal": found.is_equal(),
        "differences": found.differences.iter().map(document).collect::<Vec<_>>(),
        "more": found.more,
    });
    pair.named(form, rest)
}

/// A comparison that could not be made: the file that is at fault, and both.
pub(super) fn fault(pairs: &Pairs, number: usize, error: &Error) -> Value {
    let mut out = json::fault(pairs.names(), number, error);
    let pair = pairs.at(number).ok();
    if let Some(map) = out.as_object_mut() {
        if let Some(file) = &error.place().file {
            map.insert("file".to_owned(), json!(file_name_text(file)));
        }
        map.insert("a".to_owned(), json!(pair.and_then(Pair::a)));
        map.insert("b".to_owned(), json!(pair.and_then(Pair::b)));
    }
    out
}

/// A file that only one folder has.
pub(super) fn only_in_one(pair: &Pair, form: Form, only: char) -> Value {
    let difference =
        json!({ "path": "", "kind": format!("only-in-{only}"), "a": pair.a(), "b": pair.b() });
    let rest = json!({
        "a": pair.a(),
        "b": pair.b(),
        "equal": false,
        "differences": [difference],
        "more": 0,
    });
    pair.named(form, rest)
}

fn document(difference: &Difference) -> Value {
    let mut out = json!({
        "path": difference.path.to_string(),
        "kind": difference.kind.name(),
        "a": difference.a.as_ref().map(Side::to_json),
        "b": difference.b.as_ref().map(Side::to_json),
    });
    let pair = |pair: &ElementPair| {
        let element = |text: &str| element(text, pair.are_numbers);
        json!({ "index": pair.index, "a": element(&pair.a), "b": element(&pair.b) })
    };
    let more = match &difference.kind {
        DifferenceKind::Elements(found) => json!({
            "elements": found.count,
            "differing": found.differing,
            "nan_in_one": found.nans,
            "masked_in_one": found.masks,
            "first": found.first.as_ref().map(pair),
            "largest": found.largest.as_ref().map(|(distance, at)| {
                let mut out = pair(at);
                if let Some(map) = out.as_object_mut() {
                    map.insert("difference".into(), distance.to_json());
                }
                out
            }),
        }),
        DifferenceKind::Unreadable(error) => json!({ "error": error.to_string() }),
        _ => json!({}),
    };
    if let (Some(out), Value::Object(more)) = (out.as_object_mut(), more) {
        out.extend(more);
    }
    out
}

/// An element: a number as one, with all its digits, as tagged JSON has it.
fn element(text: &str, is_number: bool) -> Value {
    if !is_number {
        return text.into();
    }
    match serde_json::from_str::<Number>(text) {
        Ok(number) => {
            let is_exact = text
                .parse::<i128>()
                .is_ok_and(|value| value.unsigned_abs() > 1 << 53);
            if is_exact {
                json!({ "$int": text })
            } else {
                Value::Number(number)
            }
        }
        // NaN and infinities are not numbers of JSON.
        Err(_) => json!({ "$float": text.to_ascii_lowercase() }),
    }
}
