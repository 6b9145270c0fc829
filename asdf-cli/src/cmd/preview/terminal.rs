//! Pictures on the terminal.

use crate::context::Context;
use asdf_core::Result;
use asdf_tui::graphics::{self, Graphics, GraphicsChoice, Protocol};
use asdf_tui::raster::{Colors, Levels, Picture, write_cells, write_plain};
use clap::ValueEnum;
use std::io::{self, IsTerminal, Write};

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

/// Pixels of a cell in terminals that draw these: what is usual, as not all tell.
const CELL: [u16; 2] = [8, 16];

/// How the terminal is told of pictures; where standard output is none, or colours are asked for, in half-blocks unless
/// something else is asked for.
pub(super) fn graphics(
    context: &Context,
    choice: GraphicsChoice,
    colors: Option<TermColors>,
) -> Graphics {
    match choice {
        GraphicsChoice::Fixed(graphics) => graphics,
        GraphicsChoice::Auto
            if colors != Some(TermColors::Auto)
                || !io::stdout().is_terminal()
                || !context.color() =>
        {
            Graphics::HalfBlocks
        }
        GraphicsChoice::Auto => {
            let known = Graphics::of_environment(|name| std::env::var(name).ok());
            known.unwrap_or_default()
        }
    }
}

/// How many elements a pixel has, so that the picture fits in the terminal.
pub(super) fn factor(context: &Context, [rows, columns]: [u64; 2], graphics: Graphics) -> [u64; 2] {
    let cell = match graphics {
        Graphics::Pixels(_) => CELL,
        Graphics::Letters | Graphics::HalfBlocks => [1, 2],
    };
    let width = context.columns.unwrap_or(80).max(1) as u64;
    let across = columns.div_ceil(width.saturating_mul(cell[0].into()));
    let screen = io::stdout()
        .is_terminal()
        .then(terminal_size::terminal_size);
    let down = screen.flatten().map_or(1, |(_, height)| {
        // A line is for the prompt.
        rows.div_ceil(u64::from(cell[1]) * u64::from(height.0.saturating_sub(1).max(1)))
    });
    [across.max(down).max(1); 2]
}

pub(super) fn write(
    context: &mut Context,
    (levels, picture): (&Levels, &Picture),
    colors: TermColors,
    graphics: Graphics,
) -> Result<()> {
    // A picture is made of our own bytes.
    context.out.pass_all();
    if let Graphics::Pixels(protocol) = graphics {
        return write_pixels(context, picture, protocol);
    }
    let colors = match colors {
        TermColors::Plain => None,
        TermColors::Auto if !context.color() => None,
        TermColors::TrueColor => Some(Colors::True),
        TermColors::Auto if has_true_color() => Some(Colors::True),
        TermColors::Auto | TermColors::Palette => Some(Colors::Palette),
    };
    match colors {
        None => write_plain(levels, &mut context.out)?,
        Some(_) if graphics == Graphics::Letters => write_plain(levels, &mut context.out)?,
        Some(colors) => write_cells(picture, colors, &mut context.out)?,
    }
    Ok(())
}

/// Makes room for the picture, draws it there, and leaves the cursor below.
fn write_pixels(context: &mut Context, picture: &Picture, protocol: Protocol) -> Result<()> {
    let cells =
        |pixels: usize, of: u16| u16::try_from(pixels.div_ceil(of.into())).unwrap_or(u16::MAX);
    let size = [
        cells(picture.width, CELL[0]),
        cells(picture.height, CELL[1]),
    ];
    let rows = size[1];
    let bytes = graphics::encode(picture, protocol, size)?;
    let out = &mut context.out;
    write!(out, "{}\x1b[{rows}A\x1b7", "\n".repeat(rows.into()))?;
    out.write_all(&bytes)?;
    write!(out, "\x1b8\x1b[{rows}B\r")?;
    Ok(out.flush()?)
}

fn has_true_color() -> bool {
    std::env::var("COLORTERM").is_ok_and(|value| value == "truecolor" || value == "24bit")
}
