//! Pictures by the protocols of terminals that draw pixels: kitty's, sixels, iTerm2's. Pure: pictures go in, bytes come
//! out; only [`ask`] speaks to a terminal.

mod ask;
mod iterm2;
mod kitty;
mod sixel;

pub use ask::Answers;
pub use ask::ask;

use crate::raster::Picture;
use asdf_core::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::str::FromStr;

/// How a terminal is told of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// The graphics protocol of kitty, with the picture below the text.
    Kitty,
    /// Sixels, as DEC's terminals had them.
    Sixel,
    /// The inline images of iTerm2.
    Iterm2,
}

/// How pictures are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Graphics {
    /// A letter for each cell.
    Letters,
    /// Two pixels in each cell, in the colours of the terminal.
    #[default]
    HalfBlocks,
    /// Pixels.
    Pixels(Protocol),
}

/// What the user asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GraphicsChoice {
    /// Whatever the terminal has.
    #[default]
    Auto,
    /// This.
    Fixed(Graphics),
}

impl FromStr for GraphicsChoice {
    type Err = String;

    /// Reads `auto`, `halfblocks`, `none` (letters), `kitty`, `sixel` or `iterm2`.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        Ok(Self::Fixed(match text {
            "auto" => return Ok(Self::Auto),
            "none" => Graphics::Letters,
            "halfblocks" => Graphics::HalfBlocks,
            "kitty" => Graphics::Pixels(Protocol::Kitty),
            "sixel" => Graphics::Pixels(Protocol::Sixel),
            "iterm2" => Graphics::Pixels(Protocol::Iterm2),
            _ => return Err("expected auto, halfblocks, none, kitty, sixel or iterm2".to_owned()),
        }))
    }
}

impl Graphics {
    /// What variables of the environment, looked up by `variable`, tell of the terminal; `None` when only the terminal
    /// itself can tell.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let is = |name: &str, wanted: &[&str]| {
            let value = variable(name).unwrap_or_default();
            wanted.iter().any(|wanted| value == *wanted)
        };
        let begins = |name: &str, wanted: &[&str]| {
            let value = variable(name).unwrap_or_default();
            wanted.iter().any(|wanted| value.starts_with(wanted))
        };
        let has = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        // What multiplexers pass on is not what the terminal after them can do.
        if has("TMUX")
            || has("STY")
            || begins("TERM", &["screen", "tmux"])
            || is("TERM", &["dumb", "linux", ""])
        {
            return Some(Self::HalfBlocks);
        }
        if has("KITTY_WINDOW_ID")
            || is("TERM", &["xterm-kitty", "xterm-ghostty"])
            || is("TERM_PROGRAM", &["ghostty"])
        {
            return Some(Self::Pixels(Protocol::Kitty));
        }
        if is("TERM_PROGRAM", &["iTerm.app", "WezTerm"]) || is("LC_TERMINAL", &["iTerm2"]) {
            return Some(Self::Pixels(Protocol::Iterm2));
        }
        if begins("TERM", &["foot", "mlterm", "yaft", "contour"]) || has("KONSOLE_VERSION") {
            return Some(Self::Pixels(Protocol::Sixel));
        }
        if has("VTE_VERSION")
            || is("TERM_PROGRAM", &["Apple_Terminal", "vscode"])
            || begins("TERM", &["alacritty"])
        {
            return Some(Self::HalfBlocks);
        }
        None
    }

    /// What the terminal's answers tell.
    pub fn of_answers(answers: &Answers) -> Self {
        if answers.has_kitty {
            Self::Pixels(Protocol::Kitty)
        } else if answers.has_sixel {
            Self::Pixels(Protocol::Sixel)
        } else {
            Self::HalfBlocks
        }
    }
}

/// The bytes that draw a picture over so many columns and rows of cells, with its upper left corner at the cursor.
/// They are to be written when the text of the cells is there; text over the picture is written after them. A
/// picture without pixels is nothing.
///
/// # Errors
/// The picture cannot be compressed.
pub fn encode(picture: &Picture, protocol: Protocol, cells: [u16; 2]) -> Result<Vec<u8>> {
    if picture.pixels.is_empty() || cells.contains(&0) {
        return Ok(Vec::new());
    }
    match protocol {
        Protocol::Kitty => kitty::encode(picture, cells),
        Protocol::Sixel => Ok(sixel::encode(picture)),
        Protocol::Iterm2 => iterm2::encode(picture, cells),
    }
}

/// The bytes that take the picture away, where blank cells do not.
pub fn erase(protocol: Protocol) -> &'static [u8] {
    match protocol {
        Protocol::Kitty => kitty::ERASE,
        Protocol::Sixel | Protocol::Iterm2 => b"",
    }
}

/// The way of pictures to the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// As they are.
    Direct,
    /// Wrapped, so that tmux hands them on.
    Tmux,
}

impl Passage {
    /// The bytes as they are to be written.
    pub fn wrap(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Tmux if !bytes.is_empty() => through_tmux(bytes),
            Self::Tmux | Self::Direct => bytes.to_vec(),
        }
    }
}

/// Bytes for the terminal after tmux, which hands them on when it is allowed to (`allow-passthrough`).
fn through_tmux(bytes: &[u8]) -> Vec<u8> {
    let mut out = b"\x1bPtmux;".to_vec();
    for byte in bytes {
        if *byte == 0x1b {
            out.push(0x1b);
        }
        out.push(*byte);
    }
    out.extend_from_slice(b"\x1b\\");
    out
}

/// A picture as the text of a PNG.
fn png(picture: &Picture) -> Result<String> {
    let mut bytes = Vec::new();
    crate::raster::write_png(picture, &[], &mut bytes)?;
    Ok(STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_asked_for() {
        assert_eq!("auto".parse(), Ok(GraphicsChoice::Auto));
        let kitty = Graphics::Pixels(Protocol::Kitty);
        assert_eq!("kitty".parse(), Ok(GraphicsChoice::Fixed(kitty)));
        assert!("x".parse::<GraphicsChoice>().is_err());
    }

    type Variables = &'static [(&'static str, &'static str)];

    #[test]
    fn the_environment_tells_of_known_terminals() {
        let (blocks, kitty) = (Graphics::HalfBlocks, Graphics::Pixels(Protocol::Kitty));
        let (sixel, iterm) = (
            Graphics::Pixels(Protocol::Sixel),
            Graphics::Pixels(Protocol::Iterm2),
        );
        let cases: [(Variables, Option<Graphics>); 12] = [
            (&[], Some(blocks)),
            (&[("TERM", "dumb")], Some(blocks)),
            (&[("TERM", "xterm-256color")], None),
            (&[("TERM", "xterm-kitty")], Some(kitty)),
            (
                &[("TERM", "xterm-256color"), ("KITTY_WINDOW_ID", "1")],
                Some(kitty),
            ),
            (&[("TERM", "xterm-ghostty")], Some(kitty)),
            (
                &[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")],
                Some(iterm),
            ),
            (
                &[("TERM", "xterm-256color"), ("TERM_PROGRAM", "WezTerm")],
                Some(iterm),
            ),
            (&[("TERM", "foot-extra")], Some(sixel)),
            (
                &[("TERM", "xterm-256color"), ("VTE_VERSION", "7600")],
                Some(blocks),
            ),
            (&[("TERM", "xterm-kitty"), ("TMUX", "/tmp/x")], Some(blocks)),
            (&[("TERM", "screen-256color")], Some(blocks)),
        ];
        for (variables, wanted) in cases {
            let find = |name: &str| variables.iter().find(|known| known.0 == name);
            let found = Graphics::of_environment(|name| find(name).map(|known| known.1.to_owned()));
            assert_eq!(found, wanted, "{variables:?}");
        }
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        for protocol in [Protocol::Kitty, Protocol::Sixel, Protocol::Iterm2] {
            let none = Picture::new(0, 5, [0; 3]);
            assert!(encode(&none, protocol, [3, 3]).unwrap().is_empty());
            let one = Picture::new(1, 1, [9; 3]);
            assert!(encode(&one, protocol, [0, 3]).unwrap().is_empty());
            assert!(!encode(&one, protocol, [1, 1]).unwrap().is_empty());
        }
    }

    #[test]
    fn escapes_are_doubled_on_the_way_through_tmux() {
        assert_eq!(
            through_tmux(b"\x1b_Gx\x1b\\"),
            b"\x1bPtmux;\x1b\x1b_Gx\x1b\x1b\\\x1b\\"
        );
    }
}
