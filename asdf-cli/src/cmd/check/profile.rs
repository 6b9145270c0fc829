//! Profiles: what must be in files of a kind, as data.

mod sense;

use super::value;
use super::whole_text::WholeText;
use crate::config::toml_fault;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::usage::refused;
use asdf_core::array::Datatype;
use asdf_core::inspect::PathPattern;
use asdf_core::{Error, Node, Result};
use serde::Deserialize;
use std::io::Write;
use std::path::Path;

/// The built-in profiles; `profiles/generate.py` makes them of the published schemas.
const BUILT_IN: [(&str, &str); 9] = [
    (
        "jwst-cube",
        include_str!("../../../profiles/jwst-cube.toml"),
    ),
    (
        "jwst-image",
        include_str!("../../../profiles/jwst-image.toml"),
    ),
    (
        "jwst-ramp",
        include_str!("../../../profiles/jwst-ramp.toml"),
    ),
    (
        "jwst-slits",
        include_str!("../../../profiles/jwst-slits.toml"),
    ),
    (
        "jwst-spectra",
        include_str!("../../../profiles/jwst-spectra.toml"),
    ),
    (
        "jwst-uncal",
        include_str!("../../../profiles/jwst-uncal.toml"),
    ),
    ("roman-l1", include_str!("../../../profiles/roman-l1.toml")),
    ("roman-l2", include_str!("../../../profiles/roman-l2.toml")),
    ("roman-l3", include_str!("../../../profiles/roman-l3.toml")),
];

/// What must be in a file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    #[serde(default)]
    pub(super) description: String,
    #[serde(default, rename = "node")]
    pub(super) nodes: Vec<NodeRule>,
    #[serde(default, rename = "array")]
    pub(super) arrays: Vec<ArrayRule>,
}

/// What a node must be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NodeRule {
    #[serde(deserialize_with = "sense::path")]
    pub(super) path: PathPattern,
    /// It may be missing.
    #[serde(default)]
    pub(super) optional: bool,
    /// Its tag, with `*` for any text.
    pub(super) tag: Option<String>,
    #[serde(default, deserialize_with = "sense::scalar")]
    pub(super) equals: Option<toml::Value>,
    #[serde(default, deserialize_with = "sense::scalars")]
    pub(super) one_of: Option<Vec<toml::Value>>,
    #[serde(default, deserialize_with = "sense::number")]
    pub(super) min: Option<f64>,
    #[serde(default, deserialize_with = "sense::number")]
    pub(super) max: Option<f64>,
    /// A regular expression that the whole text matches.
    #[serde(default)]
    pub(super) matches: Option<WholeText>,
}

/// What an array must be.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArrayRule {
    #[serde(deserialize_with = "sense::path")]
    pub(super) path: PathPattern,
    #[serde(default)]
    pub(super) optional: bool,
    /// One of these.
    #[serde(default, deserialize_with = "sense::datatypes")]
    pub(super) datatype: Vec<String>,
    /// The same for one that is not a single name.
    #[serde(skip)]
    pub(super) same_as: Option<Datatype>,
    #[serde(default, deserialize_with = "sense::ndim")]
    pub(super) ndim: Option<usize>,
    /// Lengths of the axes; -1 stands for any.
    #[serde(default, deserialize_with = "sense::shape")]
    pub(super) shape: Option<Vec<i64>>,
    /// Its elements are not all NaN, not all zero, and not all the same.
    #[serde(default)]
    pub(super) varies: bool,
    /// The greatest share of NaN.
    #[serde(default, deserialize_with = "sense::share")]
    pub(super) max_nan: Option<f64>,
}

impl Profile {
    /// A built-in profile, or that of a file.
    pub(super) fn find(name: &str) -> Result<Self> {
        if let Some((_, text)) = BUILT_IN.iter().find(|entry| entry.0 == name) {
            return Self::parse(text, Path::new(name));
        }
        let path = Path::new(name);
        let read = asdf_core::file::open_file(path).and_then(std::io::read_to_string);
        let text = read.map_err(|error| {
            if error.kind() == std::io::ErrorKind::NotFound && path.extension().is_none() {
                let names: Vec<&str> = BUILT_IN.iter().map(|entry| entry.0).collect();
                let reason = format!("no profile `{name}`; built in are {}", names.join(", "));
                return refused(reason);
            }
            Error::from(error).at_file(path)
        })?;
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self> {
        let profile: Self = toml::from_str(text)
            .map_err(|error| refused(toml_fault(text, &error)).at_file(path))?;
        let crossed =
            |rule: &&NodeRule| matches!((rule.min, rule.max), (Some(min), Some(max)) if min > max);
        if let Some(rule) = profile.nodes.iter().find(crossed) {
            let reason = format!("[[node]] {}: min is greater than max", rule.path);
            return Err(refused(reason).at_file(path));
        }
        Ok(profile)
    }

    /// Adds the rules of another one.
    pub(super) fn join(&mut self, other: Self) {
        self.nodes.extend(other.nodes);
        self.arrays.extend(other.arrays);
    }
}

impl NodeRule {
    /// A node that must be there, whatever it is.
    ///
    /// # Errors
    /// It is not a path, or the root, which is there in any case.
    pub(super) fn required(path: &str) -> Result<Self> {
        let path = sense::parse_path(path);
        Ok(Self {
            path: path.map_err(|reason| refused(format!("--require: {reason}")))?,
            optional: false,
            tag: None,
            equals: None,
            one_of: None,
            min: None,
            max: None,
            matches: None,
        })
    }

    /// Whether it says something of the value.
    pub(super) fn has_value(&self) -> bool {
        self.tag.is_some()
            || self.equals.is_some()
            || self.one_of.is_some()
            || self.min.is_some()
            || self.max.is_some()
            || self.matches.is_some()
    }

    /// What is wrong with the value of a node.
    pub(super) fn fault(&self, node: Node<'_>) -> Option<String> {
        let found = || value::shown(node);
        if let Some(wanted) = &self.tag {
            let tag = node.tag().map(asdf_core::tree::Tag::as_str);
            if !tag.is_some_and(|tag| asdf_core::inspect::matches_glob(wanted, tag)) {
                let tag = tag.unwrap_or("no tag");
                return Some(format!("{tag}, expected {wanted}"));
            }
        }
        if let Some(wanted) = &self.equals
            && !value::equals(node, wanted)
        {
            return Some(format!("{}, expected {}", found(), value::wanted(wanted)));
        }
        if let Some(wanted) = &self.one_of
            && !wanted.iter().any(|wanted| value::equals(node, wanted))
        {
            let wanted: Vec<String> = wanted.iter().map(value::wanted).collect();
            return Some(format!(
                "{}, expected one of {}",
                found(),
                wanted.join(", ")
            ));
        }
        let number = value::number(node);
        if let Some(least) = self.min
            && !number.is_some_and(|number| number >= least)
        {
            return Some(format!("{}, expected {least} at least", found()));
        }
        if let Some(most) = self.max
            && !number.is_some_and(|number| number <= most)
        {
            return Some(format!("{}, expected {most} at most", found()));
        }
        let pattern = self.matches.as_ref()?;
        let text = value::text(node);
        if text.is_some_and(|text| pattern.is_match(&text)) {
            return None;
        }
        Some(format!(
            "{}, expected a text like {}",
            found(),
            pattern.written
        ))
    }
}

/// The names of the built-in profiles.
pub(super) fn names() -> [&'static str; 9] {
    BUILT_IN.map(|(name, _)| name)
}

/// Lists the built-in profiles.
pub(super) fn list(context: &mut Context) -> std::result::Result<Exit, Failure> {
    for (name, text) in BUILT_IN {
        let profile = Profile::parse(text, Path::new(name))?;
        writeln!(context.out, "{name:<14} {}", profile.description)?;
    }
    Ok(Exit::Fine)
}

/// Prints a built-in profile.
pub(super) fn show(name: &str, context: &mut Context) -> std::result::Result<Exit, Failure> {
    let Some((_, text)) = BUILT_IN.iter().find(|entry| entry.0 == name) else {
        return Err(Profile::find(name).err().map_or_else(
            || refused("only built-in profiles are shown").into(),
            Failure::from,
        ));
    };
    write!(context.out, "{text}")?;
    Ok(Exit::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_profiles_can_be_read() {
        for (name, text) in BUILT_IN {
            let profile = Profile::parse(text, Path::new(name)).unwrap();
            assert!(!profile.arrays.is_empty(), "{name}");
            assert!(!profile.description.is_empty(), "{name}");
        }
    }

    #[test]
    fn a_profile_that_cannot_be_read_says_where() {
        let text = "description = \"x\"\n[[array]]\npath = \"a\"\nshapes = [1]\n";
        let error = Profile::parse(text, Path::new("p.toml"))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("p.toml: line 4: unknown field `shapes`"),
            "{error}"
        );
    }

    #[test]
    fn values_without_sense_are_refused_with_line_and_key() {
        for (line, wanted) in [
            ("max_nan = nan", "line 3: max_nan: "),
            ("max_nan = 1.5", "line 3: max_nan: "),
            ("max_nan = -0.1", "line 3: max_nan: "),
            ("shape = [-5, 4]", "line 3: shape: "),
            ("datatype = [\"float31\"]", "line 3: datatype: "),
            ("ndim = 65", "line 3: ndim: "),
        ] {
            let text = format!("[[array]]\npath = \"a\"\n{line}\n");
            let error = Profile::parse(&text, Path::new("p.toml")).unwrap_err();
            let error = error.to_string();
            assert!(error.starts_with(&format!("p.toml: {wanted}")), "{error}");
        }
        for (line, wanted) in [
            ("equals = [1, 2]", "line 3: equals: "),
            ("one_of = []", "line 3: one_of: "),
            ("min = nan", "line 3: min: "),
            ("min = 5\nmax = 3", "[[node]] a: min is greater"),
            ("matches = \"(\"", "line 3: "),
        ] {
            let text = format!("[[node]]\npath = \"a\"\n{line}\n");
            let error = Profile::parse(&text, Path::new("p.toml")).unwrap_err();
            let error = error.to_string();
            assert!(error.starts_with(&format!("p.toml: {wanted}")), "{error}");
        }
        for path in ["", "/", "a..b"] {
            let text = format!("[[array]]\npath = \"{path}\"\n");
            let error = Profile::parse(&text, Path::new("p.toml")).unwrap_err();
            assert!(
                error.to_string().starts_with("p.toml: line 2: path: "),
                "{error}"
            );
        }
    }
}
