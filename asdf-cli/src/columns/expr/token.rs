//! The words of a condition.

use crate::columns::Cell;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A number or a text in quotes.
    Value(Cell),
    /// A name, a path, or a word of the language.
    Word(String),
    /// A name in backticks.
    Quoted(String),
    /// One of `== != <= >= < > ~ !~ ( ) [ ] ,`.
    Sign(&'static str),
}

/// Signs, the longer ones first.
const SIGNS: [&str; 13] = [
    "==", "!=", "<=", ">=", "!~", "<", ">", "~", "(", ")", "[", "]", ",",
];

/// Splits a text into words, each with where it begins.
///
/// # Errors
/// A quote is not closed, or a character has no meaning.
pub(super) fn split(text: &str) -> Result<Vec<(usize, Token)>, String> {
    let mut out: Vec<(usize, Token)> = Vec::new();
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = match first {
            '"' | '\'' | '`' => quoted(rest, first, at)?,
            _ if is_number_start(rest) => number(rest, at)?,
            _ if is_word(first) => word(rest),
            _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => (Token::Sign(sign), sign.len()),
                None if first == '=' => {
                    return Err(format!("at {}: `=`, equality is written ==", at + 1));
                }
                None => return Err(format!("at {}: `{first}` has no meaning here", at + 1)),
            },
        };
        out.push((at, token));
        at += length;
    }
    Ok(out)
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '.' | '/' | '$' | '@')
}

/// A digit, or a sign or a point before one.
fn is_number_start(rest: &str) -> bool {
    let digits = rest.trim_start_matches(['-', '+']);
    let signs = rest.len() - digits.len();
    let digits = digits.strip_prefix('.').unwrap_or(digits);
    signs < 2 && digits.starts_with(|first: char| first.is_ascii_digit())
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), String> {
    let mut end = 0;
    let mut before = ' ';
    for (at, char) in rest.char_indices() {
        let is_sign = matches!(char, '-' | '+') && (at == 0 || matches!(before, 'e' | 'E'));
        if !(char.is_alphanumeric() || matches!(char, '.' | '_') || is_sign) {
            break;
        }
        end = at + char.len_utf8();
        before = char;
    }
    let text = rest.get(..end).unwrap_or_default();
    let value = match (text.parse(), text.parse()) {
        (Ok(value), _) => Token::Value(Cell::Int(value)),
        (_, Ok(value)) => Token::Value(Cell::Float(value)),
        _ if is_other_base(text) => {
            return Err(format!(
                "at {}: `{text}`, numbers are written in decimal",
                at + 1
            ));
        }
        // `2mass.ra` is a path.
        _ => Token::Word(text.to_owned()),
    };
    Ok((value, end))
}

/// `0x10`, `0b11`, `0o7`, `1_000`: numbers elsewhere, and no path that anybody means.
fn is_other_base(text: &str) -> bool {
    let bare = text.trim_start_matches(['-', '+']);
    let digits = |rest: &str| !rest.is_empty() && rest.chars().all(|char| char.is_ascii_hexdigit());
    let prefixed = ["0x", "0X", "0b", "0B", "0o", "0O"];
    prefixed
        .iter()
        .any(|prefix| bare.strip_prefix(prefix).is_some_and(digits))
        || (bare.contains('_')
            && bare
                .chars()
                .all(|char| char.is_ascii_digit() || char == '_'))
}

/// A name or a path, with indices and slices in brackets.
fn word(rest: &str) -> (Token, usize) {
    let mut end = 0;
    let mut depth = 0_usize;
    for (at, char) in rest.char_indices() {
        match char {
            // A bracket right after a name belongs to it.
            '[' => depth += 1,
            ']' if depth > 0 => depth -= 1,
            _ if depth > 0 || is_word(char) => {}
            _ => break,
        }
        end = at + char.len_utf8();
    }
    (
        Token::Word(rest.get(..end).unwrap_or_default().to_owned()),
        end,
    )
}

/// Text up to the same quote; `\` takes away the meaning of the next character.
fn quoted(rest: &str, quote: char, at: usize) -> Result<(Token, usize), String> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((place, char)) = chars.next() {
        match char {
            _ if char == quote => {
                let token = if quote == '`' {
                    Token::Quoted(text)
                } else {
                    Token::Value(Cell::Text(text))
                };
                return Ok((token, place + 1));
            }
            // Regular expressions have their own use of it.
            '\\' => match chars.next() {
                Some((_, next)) if next == quote || next == '\\' => text.push(next),
                Some((_, next)) => text.extend(['\\', next]),
                None => break,
            },
            _ => text.push(char),
        }
    }
    Err(format!("at {}: the quote {quote} is not closed", at + 1))
}
