//! The colours of the output, all in one place.

use crate::screen::seal;
use anstyle::{AnsiColor, Style};
use std::fmt::Display;

/// A style for each kind of thing; all empty when colour is off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    /// Keys and paths.
    pub(crate) key: Style,
    /// Types and tags.
    pub(crate) kind: Style,
    /// Strings.
    pub(crate) string: Style,
    /// Numbers, booleans, null.
    pub(crate) number: Style,
    /// Arrays.
    pub(crate) array: Style,
    /// Lines of the tree, hints.
    pub(crate) faint: Style,
    /// Headings.
    pub(crate) title: Style,
    /// Good news.
    pub(crate) good: Style,
    /// Bad news.
    pub(crate) bad: Style,
}

impl Palette {
    pub(crate) fn new(color: bool) -> Self {
        let plain = Style::new();
        if !color {
            return Self {
                key: plain,
                kind: plain,
                string: plain,
                number: plain,
                array: plain,
                faint: plain,
                title: plain,
                good: plain,
                bad: plain,
            };
        }
        let of = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
        Self {
            key: Style::new().bold(),
            kind: of(AnsiColor::Cyan),
            string: of(AnsiColor::Green),
            number: of(AnsiColor::Yellow),
            array: of(AnsiColor::Magenta),
            faint: Style::new().dimmed(),
            title: Style::new().bold().underline(),
            good: of(AnsiColor::Green),
            bad: of(AnsiColor::Red).bold(),
        }
    }
}

/// `text` in a style, for standard output only ([`crate::screen::Screen`]).
pub(crate) fn paint(style: Style, text: impl Display) -> String {
    if style.is_plain() {
        text.to_string()
    } else {
        let seal = seal();
        format!("{seal}{style}{seal}{text}{seal}{style:#}{seal}")
    }
}
