//! Comparing JSON documents: mappings without order, floats by their bits.

use serde_json::{Map, Value};

/// The first place where two trees differ; `None` when they are equal.
pub(crate) fn difference(want: &Value, got: &Value, path: &str) -> Option<String> {
    match (want, got) {
        (Value::Object(a), Value::Object(b)) => mapping(a, b, path),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(at, (a, b))| difference(a, b, &format!("{path}/{at}"))),
        _ if is_same(want, got) => None,
        _ => Some(format!(
            "{}: {} expected, {} found",
            if path.is_empty() { "/" } else { path },
            show(want),
            show(got)
        )),
    }
}

fn mapping(want: &Map<String, Value>, got: &Map<String, Value>, path: &str) -> Option<String> {
    for key in ["$map", "$set"] {
        if let (1, 1, Some(Value::Array(a)), Some(Value::Array(b))) =
            (want.len(), got.len(), want.get(key), got.get(key))
        {
            return unordered(a, b, path);
        }
    }
    if want.len() != got.len() || want.keys().any(|key| !got.contains_key(key)) {
        let missing = |a: &Map<String, Value>, b: &Map<String, Value>| -> Vec<String> {
            a.keys()
                .filter(|key| !b.contains_key(*key))
                .take(5)
                .cloned()
                .collect()
        };
        return Some(format!(
            "{path}: keys missing {:?}, unexpected {:?}",
            missing(want, got),
            missing(got, want)
        ));
    }
    want.iter().find_map(|(key, value)| {
        let inner = if key == "$value" {
            path.to_owned()
        } else {
            format!("{path}/{key}")
        };
        difference(value, got.get(key)?, &inner)
    })
}

/// Pairs or members whose order means nothing.
fn unordered(want: &[Value], got: &[Value], path: &str) -> Option<String> {
    if want.len() != got.len() {
        return Some(format!(
            "{path}: {} entries expected, {} found",
            want.len(),
            got.len()
        ));
    }
    let mut left: Vec<&Value> = got.iter().collect();
    for item in want {
        match left
            .iter()
            .position(|other| difference(item, other, path).is_none())
        {
            Some(at) => drop(left.swap_remove(at)),
            None => return Some(format!("{path}: no entry {}", show(item))),
        }
    }
    None
}

/// Equal text of integers, equal bits of floats; 1 is not 1.0.
fn is_same(want: &Value, got: &Value) -> bool {
    match (want, got) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.to_string(), b.to_string());
            let is_float = |text: &str| text.contains(['.', 'e', 'E']);
            let bits = |text: &str| text.parse::<f64>().map(f64::to_bits).ok();
            is_float(&a) == is_float(&b)
                && if is_float(&a) {
                    bits(&a) == bits(&b)
                } else {
                    a == b
                }
        }
        _ => want == got,
    }
}

/// The beginning of a value's text.
pub(crate) fn show(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() < 120 {
        text
    } else {
        text.chars().take(117).chain("...".chars()).collect()
    }
}
