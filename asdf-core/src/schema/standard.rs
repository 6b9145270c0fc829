//! For which versions of the standard a manifest's tags are: `asdf_standard_requirement`.

use serde_json::Value as Json;

/// A range of versions; open where there is no bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Standards {
    bounds: Vec<(Bound, Version)>,
}

type Version = (u64, u64, u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Equal,
    Unequal,
    Least,
    Above,
    Most,
    Below,
}

const OPERATORS: [(&str, Bound); 10] = [
    ("==", Bound::Equal),
    ("!=", Bound::Unequal),
    (">=", Bound::Least),
    ("<=", Bound::Most),
    (">", Bound::Above),
    ("<", Bound::Below),
    ("gte", Bound::Least),
    ("lte", Bound::Most),
    ("gt", Bound::Above),
    ("lt", Bound::Below),
];

impl Standards {
    /// Reads a version, an expression (`>=1.5.0,<1.7.0`) or a mapping (`gte: 1.5.0`).
    pub(super) fn parse(requirement: &Json) -> Self {
        let mut bounds = Vec::new();
        if let Some(map) = requirement.as_object() {
            for (name, version) in map {
                let bound = OPERATORS.iter().find(|entry| entry.0 == name);
                let version = version.as_str().and_then(parse_version);
                bounds.extend(
                    bound
                        .zip(version)
                        .map(|(bound, version)| (bound.1, version)),
                );
            }
        } else {
            for part in requirement
                .as_str()
                .unwrap_or_default()
                .split(',')
                .map(str::trim)
            {
                let entry = OPERATORS
                    .iter()
                    .find_map(|(name, bound)| Some((part.strip_prefix(name)?, *bound)));
                let (text, bound) = entry.unwrap_or((part, Bound::Equal));
                bounds.extend(parse_version(text.trim()).map(|version| (bound, version)));
            }
        }
        Self { bounds }
    }

    /// True when files of this version of the standard use the tags.
    pub(super) fn include(&self, version: &str) -> bool {
        let Some(version) = parse_version(version) else {
            return true;
        };
        self.bounds.iter().all(|(bound, limit)| match bound {
            Bound::Equal => version == *limit,
            Bound::Unequal => version != *limit,
            Bound::Least => version >= *limit,
            Bound::Above => version > *limit,
            Bound::Most => version <= *limit,
            Bound::Below => version < *limit,
        })
    }
}

fn parse_version(text: &str) -> Option<Version> {
    let mut parts = text.split('.');
    let mut next = || parts.next().map_or(Some(0), |part| part.parse().ok());
    Some((next()?, next()?, next()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_bare_version_means_this_one_only() {
        let only = Standards::parse(&json!("1.5.0"));
        assert!(only.include("1.5.0") && !only.include("1.6.0"));
    }

    #[test]
    fn bounds_are_read_from_text_and_from_a_mapping() {
        let text = json!(">=1.5.0,<1.7.0");
        for requirement in [text, json!({ "gte": "1.5.0", "lt": "1.7.0" })] {
            let range = Standards::parse(&requirement);
            let included =
                ["1.4.0", "1.5.0", "1.6.0", "1.7.0"].map(|version| range.include(version));
            assert_eq!(included, [false, true, true, false], "{requirement}");
        }
    }

    #[test]
    fn no_requirement_includes_every_version() {
        assert!(Standards::default().include("1.0.0"));
    }
}
