//! Text in XML documents.

/// Text as XML has it. `control` says what stands for a control character, most of which XML cannot have.
pub(crate) fn quoted(text: &str, control: impl Fn(char) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            _ if char.is_control() => out.push_str(&control(char)),
            _ => out.push(char),
        }
    }
    out
}
