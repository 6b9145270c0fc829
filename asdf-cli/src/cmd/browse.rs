//! `asdf browse`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::library::LibraryArgs;
use crate::named::Named;
use crate::report;
use asdf_tui::Browse;
use asdf_tui::First;
use asdf_tui::graphics::GraphicsChoice;
use asdf_tui::key::Script;
use asdf_tui::raster::Origin;
use asdf_tui::theme::ColorDepth;
use asdf_tui::worker::World;
use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Columns and rows of a screen, at most.
const LARGEST: u16 = 1000;

/// Browse a file in the terminal: tree, search, pictures, tables, blocks, problems
///
/// Reads what shows and no more, however large the file is. Press ? for the keys.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf browse obs.asdf\n  asdf browse jw*.asdf\n  asdf browse --snapshot 80x24 --keys \"/flux<enter><enter>\" obs.asdf"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names; the first file shows
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    find: FindArgs,
    /// Print one screen of that size as text instead
    #[arg(long, value_name = "WxH", value_parser = parse_size)]
    snapshot: Option<(u16, u16)>,
    /// Keys pressed before the snapshot: `jj<enter>/flux<enter><tab><esc><c-d><up><wait>`
    #[arg(long, value_name = "KEYS", requires = "snapshot")]
    keys: Option<Script>,
    /// Where pictures have the first row: at the bottom (lower), as astronomers have it, or at the top (upper) [default: lower]
    #[arg(long, value_name = "WHERE", value_parser = Named::<Origin>::new(&["lower", "upper"]), hide_possible_values = true)]
    origin: Option<Origin>,
    /// How pictures are drawn: auto (as the terminal can), halfblocks, none (letters), kitty, sixel, iterm2 [default: auto]
    #[arg(long, value_name = "HOW", value_parser = Named::<GraphicsChoice>::new(&["auto", "halfblocks", "none", "kitty", "sixel", "iterm2"]), hide_possible_values = true)]
    graphics: Option<GraphicsChoice>,
    #[command(flatten)]
    library: LibraryArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let files = Inputs::find(&args.files, &args.find);
    let paths: Result<Vec<PathBuf>, _> = files
        .items()
        .iter()
        .map(|item| item.given().map(Path::to_path_buf))
        .collect();
    let paths = paths?;
    let Some((first, others)) = paths.split_first() else {
        return Ok(Exit::Fine);
    };
    let is_terminal = io::stdout().is_terminal() && io::stdin().is_terminal();
    if args.snapshot.is_none() && !is_terminal {
        report::text("this is not a terminal: use `asdf info`, or --snapshot 80x24 for one screen");
        return Ok(Exit::Trouble);
    }
    // A terminal shows something at once, also when it takes a while until the first bytes of a URL are there.
    let first = if args.snapshot.is_none() && asdf_core::file::is_url(first) {
        First::Later(first.clone())
    } else {
        First::Open(Box::new(context.open(first)?))
    };
    let depth = if context.color() {
        // `--color always` overrules what the variables say.
        match ColorDepth::of_environment(|name| env::var(name).ok()) {
            ColorDepth::None => ColorDepth::Sixteen,
            depth => depth,
        }
    } else {
        ColorDepth::None
    };
    let library = args.library.clone();
    let config = &crate::config::get().browse;
    let browse = Browse {
        first,
        others: others.to_vec(),
        world: World::new(context.options().clone(), Box::new(move || library.open()))
            .traffic_by(Box::new(crate::network::traffic)),
        depth,
        origin: args.origin.or(config.origin).unwrap_or(Origin::Lower),
        graphics: args
            .graphics
            .or(config.graphics)
            .unwrap_or(GraphicsChoice::Auto),
    };
    match args.snapshot {
        Some(size) => {
            let keys = args.keys.clone().unwrap_or_default();
            // No cell of the browser holds anything that drives a terminal.
            context.out.pass_all();
            write!(context.out, "{}", asdf_tui::snapshot(browse, size, &keys)?)?;
        }
        None => {
            if let Some(failure) = asdf_tui::browse(browse)? {
                report::text(&failure);
                return Ok(Exit::Trouble);
            }
        }
    }
    Ok(Exit::Fine)
}

fn parse_size(text: &str) -> Result<(u16, u16), String> {
    let wrong = || format!("expected COLUMNSxROWS, each from 1 to {LARGEST}, as in 80x24");
    let (width, height) = text.split_once('x').ok_or_else(wrong)?;
    let number = |text: &str| {
        text.parse()
            .ok()
            .filter(|size| (1..=LARGEST).contains(size))
    };
    number(width).zip(number(height)).ok_or_else(wrong)
}
