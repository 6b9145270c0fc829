//! Pictures on the terminal.

use super::look::Look;
use crate::context::Context;
use asdf_tui::raster::{Colors, Levels, write_cells, write_plain};
use clap::ValueEnum;
use std::io::{self, IsTerminal};

/// The colours of a picture on the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TermColors {
    /// 24 bits where COLORTERM says so, else 256; letters where there is no colour
    Auto,
    /// 24 bits
    #[value(name = "24bit")]
    TrueColor,
    /// The palette of 256
    #[value(name = "256")]
    Palette,
    /// Letters
    Plain,
}

/// How many elements a pixel has, so that the picture fits in the terminal.
pub(super) fn factor(context: &Context, [rows, columns]: [u64; 2]) -> [u64; 2] {
    let width = context.columns.unwrap_or(80).max(1) as u64;
    let across = columns.div_ceil(width);
    let screen = io::stdout()
        .is_terminal()
        .then(terminal_size::terminal_size);
    let down = screen.flatten().map_or(1, |(_, height)| {
        // Two pixels in a line, and a line for the prompt.
        rows.div_ceil(2 * u64::from(height.0.saturating_sub(1).max(1)))
    });
    [across.max(down).max(1); 2]
}

pub(super) fn write(
    context: &mut Context,
    levels: &Levels,
    colors: TermColors,
    look: &Look,
) -> io::Result<()> {
    let colors = match colors {
        TermColors::Plain => None,
        TermColors::Auto if !context.color() => None,
        TermColors::TrueColor => Some(Colors::True),
        TermColors::Auto if has_true_color() => Some(Colors::True),
        TermColors::Auto | TermColors::Palette => Some(Colors::Palette),
    };
    match colors {
        None => write_plain(levels, &mut context.out),
        Some(colors) => {
            let picture = levels.paint(&look.colormap, look.missing);
            write_cells(&picture, colors, &mut context.out)
        }
    }
}

fn has_true_color() -> bool {
    std::env::var("COLORTERM").is_ok_and(|value| value == "truecolor" || value == "24bit")
}
