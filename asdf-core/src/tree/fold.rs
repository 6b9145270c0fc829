//! What a scalar says that U+2028 or U+2029 stand in: they end a line, and stay when lines are
//! folded (YAML 1.1, 4.1.4). The event parser has found where the scalar stands.

use super::line;
use super::style::ScalarStyle;
use std::ops::Range;

/// The content of the scalar that stands there in the text; `known` is what it would be if all line
/// breaks were LF.
pub(super) fn content(text: &str, at: Range<usize>, style: ScalarStyle, known: &str) -> String {
    let source = text.get(at.clone()).unwrap_or_default();
    match style {
        ScalarStyle::Plain => flow(line::trim_end(source), style),
        ScalarStyle::SingleQuoted => flow(inside(source, '\''), style),
        ScalarStyle::DoubleQuoted => flow(inside(source, '"'), style),
        ScalarStyle::Literal => literal(body(text, at), known),
        ScalarStyle::Folded => folded(body(text, at), known),
    }
}

/// The lines of a block scalar: the parser leaves out empty ones at their start.
fn body(text: &str, at: Range<usize>) -> &str {
    let before = text.get(..at.start).unwrap_or_default();
    let start = line::next(text, line::trim_end(before).len());
    text.get(start.min(at.start)..at.end).unwrap_or_default()
}

/// The text between the quotes.
fn inside(source: &str, quote: char) -> &str {
    let text = line::trim_end(source);
    let text = text.strip_prefix(quote).unwrap_or(text);
    text.strip_suffix(quote).unwrap_or(text)
}

fn flow(text: &str, style: ScalarStyle) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let after = rest.get(char.len_utf8()..).unwrap_or_default();
        rest = match (char, style) {
            (char, _) if line::is_white(char) => gap(rest, false, &mut out),
            ('\\', ScalarStyle::DoubleQuoted) if line::break_len(after) > 0 => {
                gap(after, true, &mut out)
            }
            ('\\', ScalarStyle::DoubleQuoted) => escaped(after, &mut out),
            ('\'', ScalarStyle::SingleQuoted) => {
                out.push('\'');
                after.strip_prefix('\'').unwrap_or(after)
            }
            _ => {
                out.push(char);
                after
            }
        };
    }
    out
}

/// Folds the white space that the text starts with; gives what follows it.
fn gap<'t>(text: &'t str, is_escaped: bool, out: &mut String) -> &'t str {
    let length = text
        .find(|char| !line::is_white(char))
        .unwrap_or(text.len());
    let (gap, rest) = text.split_at_checked(length).unwrap_or((text, ""));
    let mut breaks = line::breaks(gap);
    match breaks.next() {
        None => out.push_str(gap),
        // A backslash takes the break away; LF alone is a blank, in front of others nothing.
        Some(_) if is_escaped => out.extend(breaks),
        Some('\n') => {
            let start = out.len();
            out.extend(breaks);
            if out.len() == start {
                out.push(' ');
            }
        }
        Some(first) => {
            out.push(first);
            out.extend(breaks);
        }
    }
    rest
}

/// Takes what follows a backslash; gives what follows that.
fn escaped<'t>(text: &'t str, out: &mut String) -> &'t str {
    let Some(char) = text.chars().next() else {
        return "";
    };
    let rest = text.get(char.len_utf8()..).unwrap_or_default();
    let digits = match char {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    if digits > 0 {
        let (code, rest) = rest.split_at_checked(digits).unwrap_or((rest, ""));
        let code = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
        out.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
        return rest;
    }
    out.push(match char {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        other => other,
    });
    rest
}

/// Each break of the content is one of the text, in order.
fn literal(body: &str, known: &str) -> String {
    let mut breaks = line::breaks(body);
    let own = |char| match char {
        '\n' => breaks.next().unwrap_or(char),
        char => char,
    };
    known.chars().map(own).collect()
}

fn folded(body: &str, known: &str) -> String {
    let blanks = |line: &str| {
        line.len()
            .saturating_sub(line.trim_start_matches(' ').len())
    };
    let is_text = |line: &&str| !line.trim_matches(line::is_white).is_empty();
    let lines =
        || line::lines(body).map(|line| (line::strip_break(line), line::breaks(line).next()));
    // What the first line has more in the source than in the content is indentation.
    let Some(first) = lines().map(|(line, _)| line).find(is_text) else {
        return literal(body, known);
    };
    let shown = known.split('\n').find(is_text).unwrap_or_default();
    let indent = blanks(first).saturating_sub(blanks(shown));

    let mut out = String::with_capacity(known.len());
    let (mut leading, mut trailing) = (None, String::new());
    let mut after_blank = false;
    for (line, end) in lines() {
        let own = line.get(indent..).unwrap_or_default();
        if own.is_empty() && blanks(line) == line.len() {
            trailing.extend(end);
            continue;
        }
        if blanks(line) < indent {
            break;
        }
        let is_blank = own.starts_with([' ', '\t']);
        if leading == Some('\n') && !after_blank && !is_blank {
            if trailing.is_empty() {
                out.push(' ');
            }
        } else {
            out.extend(leading);
        }
        out.push_str(&std::mem::take(&mut trailing));
        out.push_str(own);
        (leading, after_blank) = (end, is_blank);
    }
    // Whether the breaks at the end are kept shows by their number.
    let kept = known
        .len()
        .saturating_sub(known.trim_end_matches('\n').len());
    out.extend(leading.into_iter().chain(trailing.chars()).take(kept));
    out
}
