//! What every command gets: where to write, how to open, what to tell the user.

use crate::exit::Exit;
use crate::global::{ColorChoice, Global};
use crate::misplaced::{FileUsage, Peers};
use crate::palette::Palette;
use crate::queue::{Place as Turn, Voice};
use crate::report;
use crate::screen::Screen;
use crate::stdout::Stdout;
use asdf_core::block::CorruptBlocks;
use asdf_core::error::{ErrorKind, Place, Warning};
use asdf_core::file::External;
use asdf_core::{AsdfFile, Draft, Error, Limits, OpenOptions, TreePath};
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

/// What kind of command is run, as far as opening files and printing depend on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Purpose {
    /// It only looks at files, so that FITS files are shown as trees of their HDUs.
    pub(crate) shows_hdus: bool,
    /// There is more to do than to print, so that a reader of standard output who leaves does not end it: files to write or to
    /// change, or a verdict to give as exit code.
    pub(crate) outlives_reader: bool,
    /// What its arguments are.
    pub(crate) usage: FileUsage,
}

/// How a command ends early: an error of the library, or of writing to standard output.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Reading the file failed.
    Asdf(Error),
    /// Standard output failed; a broken pipe is success.
    Output(io::Error),
}

impl Failure {
    /// As an error of the library.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Asdf(error) => error,
            Self::Output(error) => error.into(),
        }
    }

    /// The same, an error of the library with more about it.
    pub(crate) fn map(self, add: impl FnOnce(Error) -> Error) -> Self {
        match self {
            Self::Asdf(error) => Self::Asdf(add(error)),
            Self::Output(error) => Self::Output(error),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.kind() {
            // The library was given standard output to write to; files that it writes it names.
            ErrorKind::Io(broken)
                if broken.kind() == io::ErrorKind::BrokenPipe && error.place().file.is_none() =>
            {
                Self::Output(io::ErrorKind::BrokenPipe.into())
            }
            _ => Self::Asdf(error),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The state of one run.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Context {
    /// Standard output, buffered; what a terminal must not get is escaped there.
    pub(crate) out: Screen,
    stdout: Stdout,
    /// Colours, or none.
    pub(crate) palette: Palette,
    /// Columns of the terminal, if standard output is one or `COLUMNS` is set.
    pub(crate) columns: Option<usize>,
    /// The number of the file among those of the run.
    pub(crate) number: usize,
    /// Its place in the order of what they say, when several are worked on side by side.
    voice: Option<Voice>,
    /// What the next error may have meant.
    hint: Option<String>,
    /// The files that were named together, and what the command does with them.
    pub(crate) peers: Peers,
    usage: FileUsage,
    /// Where errors were that have been told, or will be: a warning about the same is one too many.
    told: Vec<Place>,
    color: bool,
    options: OpenOptions,
    verbose: bool,
    quiet: bool,
    progress: bool,
    /// Whether the HDUs of a FITS file without a tree stand in for one.
    shows_hdus: bool,
    /// Whether the command has --keep-corrupt, and it was not given.
    names_keep_corrupt: bool,
    /// Whether it was given.
    keeps_corrupt: bool,
}

impl Context {
    pub(crate) fn new(global: &Global, purpose: Purpose) -> Self {
        let mut limits = Limits::default();
        for (limit, value) in &global.limit {
            limits.set(*limit, *value);
        }
        let external = if global.allow_external {
            External::Anywhere
        } else {
            External::OwnFolder
        };
        let config = crate::config::get();
        if let Some(threads) = global.threads.or(config.threads) {
            // It fails only when a pool is there already, which is never so early.
            let _ = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build_global();
        }
        let terminal = io::stdout().is_terminal();
        let choice = global.color.or(config.color).unwrap_or(ColorChoice::Auto);
        let color = wants_color(choice, terminal);
        // A terminal that cannot go back in a line shows every state of it.
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let progress = !global.no_progress && config.progress != Some(false) && !is_dumb;
        let stdout = Stdout::new(purpose.outlives_reader, terminal);
        Self {
            out: Screen::new(Box::new(stdout), terminal),
            stdout,
            palette: Palette::new(color),
            columns: columns(terminal),
            number: 0,
            voice: None,
            hint: None,
            peers: Peers::default(),
            usage: purpose.usage,
            told: Vec::new(),
            color,
            options: OpenOptions::default()
                .limits(limits)
                .external(external)
                .mapping(!global.no_mmap)
                .opener(crate::network::begin(global).opener()),
            verbose: global.verbose,
            quiet: global.quiet,
            progress: progress && io::stderr().is_terminal(),
            shows_hdus: purpose.shows_hdus,
            names_keep_corrupt: false,
            keeps_corrupt: false,
        }
    }

    /// Where what is printed goes in the end.
    pub(crate) fn stdout(&self) -> Stdout {
        self.stdout
    }

    /// The budgets of this run.
    pub(crate) fn limits(&self) -> &Limits {
        &self.options.input().limits
    }

    /// How files are opened.
    pub(crate) fn options(&self) -> &OpenOptions {
        &self.options
    }

    /// What the arguments of the command are.
    pub(crate) fn usage(&self) -> FileUsage {
        self.usage
    }

    /// Whether to colour.
    pub(crate) fn color(&self) -> bool {
        self.color
    }

    /// Whether a progress bar may be shown.
    pub(crate) fn progress(&self) -> bool {
        self.progress
    }

    /// Opens a file, or standard input for `-`.
    pub(crate) fn open(&self, path: &Path) -> Result<AsdfFile, Error> {
        let file = self.open_alone(path)?;
        if self.shows_hdus {
            return file.with_hdu_tree();
        }
        Ok(file)
    }

    /// Opens a file whose data go into an output: blocks whose checksum is wrong are refused, or kept as they are.
    pub(crate) fn open_for_output(&mut self, path: &Path, keep: bool) -> Result<AsdfFile, Error> {
        self.make_outputs(keep);
        self.open(path)
    }

    /// The same of a file of which only parts go into an output. Checksums are of whole blocks: of a URL these would have to be
    /// fetched, so that they are not compared.
    pub(crate) fn open_for_part(&mut self, path: &Path, keep: bool) -> Result<AsdfFile, Error> {
        let is_url = asdf_core::file::is_url(path);
        if is_url && !keep {
            self.note("checksums are not compared, as only parts of the blocks are read; `asdf verify` compares them");
        }
        self.open_for_output(path, keep || is_url)
    }

    /// What is opened from now on goes into an output.
    pub(crate) fn make_outputs(&mut self, keep: bool) {
        let corrupt = if keep {
            CorruptBlocks::Keep
        } else {
            CorruptBlocks::Refuse
        };
        self.options = self.options.clone().corrupt_blocks(corrupt);
        self.names_keep_corrupt = !keep;
        self.keeps_corrupt = keep;
    }

    /// A file is changed: what of it stays is copied, and blocks of it whose checksum is wrong are refused, or kept.
    pub(crate) fn change_files(&mut self, keep: bool) {
        self.names_keep_corrupt = !keep;
        self.keeps_corrupt = keep;
    }

    /// Whether blocks whose checksum is wrong go into outputs.
    pub(crate) fn keeps_corrupt(&self) -> bool {
        self.keeps_corrupt
    }

    /// As [`Context::open`], with no other tree than the file has.
    pub(crate) fn open_alone(&self, path: &Path) -> Result<AsdfFile, Error> {
        if path == Path::new("-") {
            return self.options.read_stream(io::stdin().lock(), "-");
        }
        self.options.open(path)
    }

    /// Opens a temporary file, which is called by the name of what it was made of.
    pub(crate) fn open_spool(&self, spool: &Path, name: &Path) -> Result<AsdfFile, Error> {
        let file = self.options.open_as(spool, name)?;
        if self.shows_hdus {
            return file.with_hdu_tree();
        }
        Ok(file)
    }

    /// Takes a draft as the file of that name that it will be.
    pub(crate) fn read_draft(&self, draft: &Draft<'_>, name: &Path) -> Result<AsdfFile, Error> {
        self.options.read_draft(draft, name)
    }

    /// Takes bytes as a file of that name.
    pub(crate) fn open_bytes(&self, bytes: Vec<u8>, name: &Path) -> Result<AsdfFile, Error> {
        self.options.read_bytes(bytes, name)
    }

    /// The same run for one of several files, which has a place of its own in the order of what they say.
    pub(crate) fn at_place(&self, number: usize, place: &Turn) -> Self {
        Self {
            out: Screen::new(Box::new(place.output()), self.out.is_terminal()),
            stdout: self.stdout,
            palette: self.palette,
            columns: self.columns,
            number,
            voice: Some(place.voice()),
            hint: None,
            peers: self.peers.clone(),
            usage: self.usage,
            told: Vec::new(),
            color: self.color,
            options: self.options.clone(),
            verbose: self.verbose,
            quiet: self.quiet,
            // There is one line for all files.
            progress: false,
            shows_hdus: self.shows_hdus,
            names_keep_corrupt: self.names_keep_corrupt,
            keeps_corrupt: self.keeps_corrupt,
        }
    }

    /// Waits until all files before this one are done, and have said what they had to.
    pub(crate) fn wait_for_turn(&self) {
        if let Some(voice) = &self.voice {
            voice.wait_for_turn();
        }
    }

    /// Shows progress, or not; gives what was.
    pub(crate) fn set_progress(&mut self, progress: bool) -> bool {
        std::mem::replace(&mut self.progress, progress)
    }

    /// Notes where an error is that is told, so that no warning tells the same fault.
    pub(crate) fn remember(&mut self, error: &Error) {
        self.told.push(error.place().clone());
    }

    /// True for a warning about what an error has told.
    fn is_told(&self, warning: &Warning) -> bool {
        let start = |place: &Place| place.span.as_ref().map(|span| span.start);
        let own = &warning.place;
        start(own).is_some()
            && self.told.iter().any(|told| {
                (&told.file, told.hdu, told.block, start(told))
                    == (&own.file, own.hdu, own.block, start(own))
            })
    }

    /// Tells an error on standard error.
    pub(crate) fn complain(&mut self, error: &Error) -> Exit {
        self.remember(error);
        // One of several files that is at fault is named, whatever went wrong with it.
        let named = report::subject().filter(|_| error.place().file.is_none());
        let named = named.map(|name| error.clone().at_file(&name));
        let error = named.as_ref().unwrap_or(error);
        let is_missing =
            matches!(error.kind(), ErrorKind::Io(io) if io.kind() == io::ErrorKind::NotFound);
        if is_missing && self.hint.is_none() {
            let name = error.place().file.as_deref();
            // A server has answers of its own; an error that was told before has only its text.
            let of_system = matches!(
                error.kind(),
                ErrorKind::Io(io) if io.raw_os_error().is_some() || io.to_string().contains("(os error")
            );
            let of_url = name.filter(|_| of_system).and_then(crate::network::hint);
            self.hint = of_url.or_else(|| self.hint_of_missing(name));
        }
        // What is already written belongs before the message.
        let _ = self.out.flush();
        report::error(error, self.verbose);
        if let Some(hint) = self.hint.take() {
            report::about("", &hint);
        }
        if error.is_checksum() && self.names_keep_corrupt {
            report::about(
                "",
                "--keep-corrupt writes data whose checksum is wrong as they are",
            );
        }
        Exit::Trouble
    }

    /// What a name of several may have meant that no file has.
    pub(crate) fn hint_of_missing(&self, name: Option<&Path>) -> Option<String> {
        self.peers.hint(name, self)
    }

    /// Keeps what a path that leads nowhere may have meant, to be told with the error.
    pub(crate) fn hint_at(&mut self, file: &AsdfFile, error: &Error) {
        let is_missing = matches!(
            error.kind(),
            ErrorKind::Mismatch(asdf_core::error::Mismatch::NotFound { .. })
        );
        let path = error.place().path.as_deref().filter(|_| is_missing);
        let folder = path.and_then(|path| path.strip_prefix('/'));
        if let Some(folder) = folder.filter(|folder| std::path::Path::new(folder).is_dir()) {
            self.hint = Some(format!(
                "`{folder}` is a folder: of several files a node is named by --path PATH"
            ));
            return;
        }
        let path = path.and_then(|path| TreePath::parse(path).ok());
        let similar = path.and_then(|path| file.similar_path(&path));
        self.hint = similar.map(|path| format!("did you mean `{path}`?"));
    }

    /// Tells of an array that cannot be located, while the rest of the file is shown.
    pub(crate) fn array_trouble(&self, error: &Error) {
        if !self.quiet {
            report::about("warning: ", &error.to_string());
        }
    }

    /// Tells something to be aware of.
    pub(crate) fn caution(&self, message: &str) {
        if !self.quiet {
            report::about("warning: ", message);
        }
    }

    /// Tells the warnings, in the order of their places: arrays are read several at a time.
    pub(crate) fn warn_all<'w>(&self, warnings: impl Iterator<Item = &'w Warning>) {
        if self.quiet {
            return;
        }
        let mut warnings: Vec<&Warning> =
            warnings.filter(|warning| !self.is_told(warning)).collect();
        warnings.sort_by_key(|warning| warning.place.span.as_ref().map(|span| span.start));
        warnings.into_iter().for_each(report::warning);
    }

    /// Tells what was done, when that is asked for.
    pub(crate) fn explain(&self, message: &str) {
        if self.verbose {
            report::about("", message);
        }
    }

    /// Tells what was done with a file of that name, when that is asked for.
    pub(crate) fn explain_file(&self, name: &Path, message: &str) {
        if self.verbose {
            report::text(&format!("{}: {message}", name.display()));
        }
    }

    /// Tells what else a change does, unless nothing is to be told.
    pub(crate) fn note(&self, message: &str) {
        if !self.quiet {
            report::about("note: ", message);
        }
    }

    /// Tells how the run ended.
    pub(crate) fn finish(mut self, outcome: Result<Exit, Failure>) -> ExitCode {
        let outcome =
            outcome.and_then(|exit| self.out.flush().map(|()| exit).map_err(Failure::from));
        crate::network::tell(&self);
        crate::progress::end();
        match outcome {
            Ok(exit) => exit.into(),
            Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                // Dropping the writer would try to write again.
                self.out.forget();
                ExitCode::SUCCESS
            }
            Err(Failure::Output(error)) => {
                report::text(&format!("standard output: {error}"));
                Exit::Trouble.into()
            }
            Err(Failure::Asdf(error)) => self.complain(&error).into(),
        }
    }
}

fn wants_color(choice: ColorChoice, terminal: bool) -> bool {
    let is_set =
        |name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto
            if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) =>
        {
            false
        }
        ColorChoice::Auto => {
            let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
            is_set("CLICOLOR_FORCE") || (terminal && !is_dumb)
        }
    }
}

fn columns(terminal: bool) -> Option<usize> {
    let from_env = || {
        std::env::var("COLUMNS")
            .ok()?
            .parse()
            .ok()
            .filter(|&columns| columns > 0)
    };
    if terminal {
        return terminal_size::terminal_size()
            .map(|(width, _)| usize::from(width.0))
            .or_else(from_env)
            .or(Some(80));
    }
    from_env()
}
