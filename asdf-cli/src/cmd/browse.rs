//! `asdf browse`.

use crate::columns::Expr;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::inputs::{FindArgs, Inputs};
use crate::library::LibraryArgs;
use crate::named::Named;
use crate::report;
use crate::usage::refused;
use asdf_tui::Browse;
use asdf_tui::First;
use asdf_tui::graphics::GraphicsChoice;
use asdf_tui::key::Script;
use asdf_tui::keymap::UserKeys;
use asdf_tui::pane::files::listing::ListAsk;
use asdf_tui::raster::Origin;
use asdf_tui::session::Session;
use asdf_tui::theme::{ColorDepth, Theme};
use asdf_tui::worker::World;
use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Columns and rows of a screen, at most.
const LARGEST: u16 = 1000;

/// Browse a file in the terminal: tree, search, pictures, tables, blocks, problems
///
/// Reads what shows and no more, however large the file is. Press ? for the keys. A folder or several files are a list, with
/// columns as those of `asdf table`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  asdf browse obs.asdf\n  asdf browse night/ -k t=roman.meta.exposure.exposure_time --where 't > 100'\n  asdf browse --session monday.json\n  asdf browse --snapshot 80x24 --keys \"/flux<enter><enter>\" obs.asdf"
)]
pub(crate) struct Args {
    /// Files, folders, @LIST of names; several are a list of files
    #[arg(required_unless_present = "session", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Columns of the list, separated by commas
    #[arg(short = 'k', long, value_name = "[NAME=]PATH,...")]
    columns: Vec<String>,
    /// Only files of the list for which this is true
    #[arg(long = "where", value_name = "EXPR", value_parser = parse_condition)]
    condition: Option<String>,
    /// Sort the list by columns; - before a name for the greatest first
    #[arg(long, value_name = "COLUMN,...", allow_hyphen_values = true)]
    sort: Vec<String>,
    /// Open what was open when the session was saved (`:session save FILE`)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "columns", "condition", "sort"])]
    session: Option<PathBuf>,
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
    let is_terminal = io::stdout().is_terminal() && io::stdin().is_terminal();
    if args.snapshot.is_none() && !is_terminal {
        report::text("this is not a terminal: use `asdf info`, or --snapshot 80x24 for one screen");
        return Ok(Exit::Trouble);
    }
    let Some(first) = first(args, context)? else {
        return Ok(Exit::Fine);
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
        world: world(context, &args.find, library),
        theme: theme(depth)?,
        keys: keys()?,
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

/// What shows first; `None` when no file is named.
fn first(args: &Args, context: &Context) -> Result<Option<First>, Failure> {
    if let Some(path) = &args.session {
        let session = Session::read(path).map_err(refused)?;
        return Ok(Some(First::Session(Box::new(session))));
    }
    let files = Inputs::find(&args.files, &args.find);
    let paths: Result<Vec<PathBuf>, _> = files
        .items()
        .iter()
        .map(|item| item.given().map(Path::to_path_buf))
        .collect();
    let paths = paths?;
    let has_list = !args.columns.is_empty() || args.condition.is_some() || !args.sort.is_empty();
    if files.is_many() || has_list {
        return Ok(Some(First::List(ListAsk {
            files: std::sync::Arc::new(paths),
            columns: args.columns.join(","),
            condition: args.condition.clone().unwrap_or_default(),
            sort: args.sort.join(","),
        })));
    }
    let Some(first) = paths.first() else {
        return Ok(None);
    };
    // A terminal shows something at once, also when it takes a while until the first bytes of a URL are there.
    let is_later = args.snapshot.is_none() && asdf_core::file::is_url(first);
    Ok(Some(if is_later {
        First::Later(first.clone())
    } else {
        First::Open(Box::new(context.open(first)?))
    }))
}

/// How the browser opens files, reads schemas, and lists many files.
fn world(context: &Context, find: &FindArgs, library: LibraryArgs) -> World {
    let (options, find) = (context.options().clone(), find.clone());
    let list = move |ask: &ListAsk, cancel: &_, tell: &(dyn Fn(u64, u64) + Sync)| {
        crate::cmd::table::list(ask, &options, cancel, tell)
    };
    let search = move |folder: &Path| {
        let files = Inputs::find(&[folder], &find);
        let found = files.items().iter();
        let found = found.map(|item| item.given().map(Path::to_path_buf));
        let found: Result<Vec<PathBuf>, _> = found.collect();
        found.map_err(|error| error.to_string())
    };
    World::new(context.options().clone(), Box::new(move || library.open()))
        .traffic_by(Box::new(crate::network::traffic))
        .listing_by(Box::new(list), Box::new(search))
}

/// The styles of the configuration file.
fn theme(depth: ColorDepth) -> asdf_core::Result<Theme> {
    let config = &crate::config::get().browse;
    let mut theme = Theme::named(config.theme.unwrap_or_default(), depth);
    for (name, color) in &config.colors {
        let set = theme.set(name, color);
        set.map_err(|error| refused(format!("configuration file, [browse.colors]: {error}")))?;
    }
    Ok(theme)
}

/// The keys of the configuration file.
fn keys() -> asdf_core::Result<UserKeys> {
    let mut keys = UserKeys::default();
    for (own, meaning) in &crate::config::get().browse.keys {
        let added = keys.add(own, meaning);
        added.map_err(|error| refused(format!("configuration file, [browse.keys]: {error}")))?;
    }
    Ok(keys)
}

fn parse_condition(text: &str) -> Result<String, String> {
    text.parse::<Expr>().map(|_| text.to_owned())
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
