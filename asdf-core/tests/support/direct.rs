//! Both ways from text to tree beside each other.

use asdf_core::Limits;
use asdf_core::Result;
use asdf_core::error::Warning;
use asdf_core::tree::Tree;

/// Whether the text is read without the event parser; the difference, when what comes out is not the same.
pub(crate) fn compare(text: &[u8], limits: &Limits) -> std::result::Result<bool, String> {
    let read = |by: fn(&[u8], u64, &Limits, &mut Vec<Warning>) -> Result<Tree>| {
        let mut warnings = Vec::new();
        let tree = by(text, 7, limits, &mut warnings);
        (tree, format!("{warnings:?}"))
    };
    let (found, found_warnings) = read(Tree::parse);
    let (expected, expected_warnings) = read(Tree::parse_by_events);
    if found_warnings != expected_warnings {
        return Err(format!(
            "warnings {found_warnings}, expected {expected_warnings}"
        ));
    }
    match (found, expected) {
        (Ok(found), Ok(expected)) if found.is_identical(&expected) => {}
        (Ok(found), Ok(expected)) => {
            return Err(format!("{found:#?}\nexpected\n{expected:#?}"));
        }
        (Err(found), Err(expected)) if format!("{found:?}") == format!("{expected:?}") => {}
        (found, expected) => {
            let (found, expected) = (found.map(drop), expected.map(drop));
            return Err(format!("{found:?}, expected {expected:?}"));
        }
    }
    Ok(Tree::is_read_directly(text, limits))
}

/// Pieces that change what a document means, put in at some places; `below` gives numbers less than its argument.
pub(crate) fn damage(text: &[u8], below: &mut dyn FnMut(usize) -> usize) -> Vec<u8> {
    const PIECES: [&[u8]; 40] = [
        b" ",
        b"  ",
        b"\n",
        b"\n\n",
        b": ",
        b":",
        b"- ",
        b"-",
        b" # c\n",
        b"#",
        b"[",
        b"]",
        b"{",
        b"}",
        b", ",
        b"'",
        b"\"",
        b"\\",
        b"\\\n",
        b"&a ",
        b"*a",
        b"!x ",
        b"!!str ",
        b"!<a:b> ",
        b"|\n",
        b">+\n",
        b"|-\n",
        b"|2\n",
        b"---\n",
        b"...\n",
        b"? ",
        b"%",
        b"~",
        b"<<: ",
        b"=",
        b"\t",
        b"\r",
        "\u{85}".as_bytes(),
        "é".as_bytes(),
        b"a: b\n",
    ];
    let mut out = text.to_vec();
    for _ in 0..below(4) {
        let at = below(out.len() + 1);
        let piece = PIECES.get(below(PIECES.len())).copied().unwrap_or_default();
        out.splice(at..at, piece.iter().copied());
    }
    out
}
