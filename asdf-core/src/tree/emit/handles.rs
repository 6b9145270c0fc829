//! Tag handles: `%TAG ! tag:stsci.edu:asdf/` makes `!core/asdf-1.1.0` of a long tag.

use crate::tree::line;

/// The shorthands that a document declares.
#[derive(Debug, Clone)]
pub(in crate::tree) struct Handles(Vec<(Box<str>, Box<str>)>);

impl Default for Handles {
    /// What the standard's own files declare.
    fn default() -> Self {
        Self(vec![("!".into(), "tag:stsci.edu:asdf/".into())])
    }
}

impl Handles {
    /// The handles that the directives in front of a document's `---` declare.
    pub(in crate::tree) fn of(text: &str) -> Self {
        let directives = line::lines(text).take_while(|line| !line.starts_with("---"));
        let handles = directives.filter_map(|line| {
            let mut words = line.strip_prefix("%TAG")?.split_ascii_whitespace();
            Some((words.next()?.into(), words.next()?.into()))
        });
        Self(handles.collect())
    }

    /// The directives, a line each.
    pub(in crate::tree) fn directives(&self) -> String {
        let line = |(handle, prefix): &(Box<str>, Box<str>)| format!("%TAG {handle} {prefix}\n");
        self.0.iter().map(line).collect()
    }

    /// A tag as it is written: short where a handle fits, else `!<…>`.
    pub(in crate::tree) fn shorten(&self, tag: &str) -> String {
        if tag == "!" {
            return tag.to_owned();
        }
        let default = |handle: &str, prefix: &str| {
            let known = self.0.iter().any(|(declared, _)| **declared == *handle);
            (!known).then(|| (handle.to_owned(), prefix.to_owned()))
        };
        let declared = self
            .0
            .iter()
            .map(|(handle, prefix)| (handle.to_string(), prefix.to_string()));
        let implied = [default("!!", "tag:yaml.org,2002:"), default("!", "!")];
        let best = declared
            .chain(implied.into_iter().flatten())
            .filter(|(_, prefix)| tag.strip_prefix(prefix.as_str()).is_some_and(is_suffix))
            .max_by_key(|(_, prefix)| prefix.len());
        match best {
            Some((handle, prefix)) => {
                format!("{handle}{}", tag.get(prefix.len()..).unwrap_or_default())
            }
            None => verbatim_tag(tag),
        }
    }
}

/// A tag in full, as it may stand anywhere.
pub(crate) fn verbatim_tag(tag: &str) -> String {
    format!("!<{}>", escaped(tag))
}

/// Characters that a tag's suffix may have in every reader.
fn is_suffix(suffix: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./;:@&=+$~*'()".contains(&byte);
    !suffix.is_empty() && suffix.bytes().all(allowed)
}

/// A tag with `%` escapes for what may not stand between `!<` and `>`.
fn escaped(tag: &str) -> String {
    let mut out = String::new();
    for byte in tag.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_./;:@&=+$~*'()!,[]?#".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_shortens() {
        let text = "%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n%TAG !t! tag:stsci.edu:asdf/transform/\n--- x\n%TAG !no! no:\n";
        let handles = Handles::of(text);
        assert_eq!(
            handles.shorten("tag:stsci.edu:asdf/core/asdf-1.1.0"),
            "!core/asdf-1.1.0"
        );
        assert_eq!(
            handles.shorten("tag:stsci.edu:asdf/transform/shift-1.2.0"),
            "!t!shift-1.2.0"
        );
        assert_eq!(handles.shorten("tag:yaml.org,2002:binary"), "!!binary");
        assert_eq!(handles.shorten("asdf://x.org/a b"), "!<asdf://x.org/a%20b>");
        assert_eq!(handles.shorten("!local"), "!<!local>");
        assert_eq!(Handles::of("---\n").shorten("!local"), "!local");
        assert_eq!(handles.directives().lines().count(), 2);
    }
}
