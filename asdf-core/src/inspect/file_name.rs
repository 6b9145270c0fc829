//! Names of files as text: two files never have the same.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

/// What begins a name that is written as shells read it: `$'bad\xff.asdf'`.
const QUOTE: &str = "$'";

/// The name of a file as text, for documents, tables and catalogues. One that is not UTF-8 is written in the quotes of shells, `$'..'`, with its
/// bytes that are not text as `\xHH`; so is one that begins with such a quote itself, so that no two names are told alike.
///
/// ```
/// use std::path::Path;
/// assert_eq!(asdf_core::inspect::file_name_text(Path::new("obs 1.asdf")), "obs 1.asdf");
/// ```
pub fn file_name_text(path: &Path) -> Cow<'_, str> {
    match path.to_str() {
        Some(text) if !text.starts_with(QUOTE) => Cow::Borrowed(text),
        _ => Cow::Owned(quoted(path.as_os_str().as_encoded_bytes())),
    }
}

fn quoted(name: &[u8]) -> String {
    let mut out = QUOTE.to_owned();
    for chunk in name.utf8_chunks() {
        for char in chunk.valid().chars() {
            if matches!(char, '\\' | '\'') {
                out.push('\\');
            }
            out.push(char);
        }
        for byte in chunk.invalid() {
            // Writing to a text does not fail.
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_names_are_told_alike() {
        let names: [&[u8]; 6] = [
            b"a/b c.asdf",
            b"bad\xff.asdf",
            b"bad\xfe.asdf",
            b"bad\\xff.asdf",
            b"$'bad\\xff.asdf'",
            b"it's \xff\\",
        ];
        let wanted = [
            "a/b c.asdf",
            "$'bad\\xff.asdf'",
            "$'bad\\xfe.asdf'",
            "bad\\xff.asdf",
            "$'$\\'bad\\\\xff.asdf\\''",
            "$'it\\'s \\xff\\\\'",
        ];
        for (name, wanted) in names.into_iter().zip(wanted) {
            let told =
                std::str::from_utf8(name).map(|name| file_name_text(Path::new(name)).into_owned());
            assert_eq!(told.unwrap_or_else(|_| quoted(name)), wanted);
        }
    }
}
