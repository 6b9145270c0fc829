//! `asdf embed`.

use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::hdu_list::HduList;
use crate::inputs::FindArgs;
use crate::library::LibraryArgs;
use crate::out_dir::OutDirArgs;
use crate::output;
use crate::tables_beside::TablesBeside;
use crate::usage;
use asdf_core::file::{EmbedOptions, HduMove};
use asdf_core::inspect::HduMoves;
use asdf_core::wcs::WcsCards;
use asdf_core::{AsdfFile, Result, WriteOptions};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Write a FITS file that carries an ASDF file: arrays in HDUs, the tree in the last
///
/// Without --move or --no-move every array becomes an HDU that FITS can hold and that stands in the root or has more
/// than 1 KiB, but for those of a WCS: named as its last key in capitals, versions from 1 in a list. All others stay in
/// blocks after the tree. Tables (`astropy/table`, `core/table`) become binary tables, as `asdf convert` makes them, and stay in the tree. A list of HDUs beside the tree, as `asdf convert x.fits x.asdf` makes it, goes out as those
/// HDUs, and no other array becomes one without --move. The header of an array that has a WCS gets its cards: exact where FITS can
/// say the same, else a tangent plane with SIP polynomials, and a comment that says how far it is off. With the schemas of JWST added
/// (`asdf schema add`), values of the tree are header cards as well, and arrays get the names of HDUs that the mission has. The way back is `asdf convert OUT.fits x.asdf`.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "asdf embed [OPTIONS] IN.asdf OUT.fits\n       asdf embed [OPTIONS] --out-dir DIR FILE...",
    after_help = "Examples:\n  asdf embed night/ --out-dir fits --move roman.data=SCI\n  asdf embed obs.asdf obs.fits --move data=SCI --move dq=DQ\n  asdf embed spectra.asdf spectra.fits --move 'slits[*].data=SCI' --move 'slits[1].dq=DQ,2'\n  asdf embed tree.asdf both.fits --base image.fits\n  asdf embed obs.asdf obs.fits --no-move"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Args {
    /// An ASDF file and the FITS file to write, - for standard input and output; with --out-dir any number of files, folders and
    /// @LISTs of names
    #[arg(required = true, value_name = "IN.asdf OUT.fits")]
    words: Vec<PathBuf>,
    #[command(flatten)]
    out_dir: OutDirArgs,
    /// An array that becomes the HDU of that name and version (default 1), or several by `*`, `**` or a slice, with versions from there
    /// on; may be repeated
    #[arg(long = "move", value_name = "PATH=NAME[,VERSION]")]
    moves: Vec<HduMoves>,
    /// All arrays stay after the tree
    #[arg(long, conflicts_with = "moves")]
    no_move: bool,
    /// A FITS file whose HDUs come first, byte for byte; sources of the tree may name them as `fits:SCI,1`
    #[arg(long, value_name = "FITS")]
    base: Option<PathBuf>,
    /// No cards of the WCS in the headers of arrays that have one
    #[arg(long)]
    no_wcs_cards: bool,
    /// Add CHECKSUM and DATASUM to the new HDUs
    #[arg(long)]
    checksum: bool,
    /// Overwrite OUT
    #[arg(short, long)]
    force: bool,
    /// Use blocks whose checksum is wrong, as they are
    #[arg(long)]
    keep_corrupt: bool,
    #[command(flatten)]
    library: LibraryArgs,
    #[command(flatten)]
    find: FindArgs,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> std::result::Result<Exit, Failure> {
    let jobs = args.out_dir.jobs(&args.words, &args.find, "fits")?;
    jobs.run(context, |context, input, output| {
        run_one(args, input, output, context)
    })
}

fn run_one(
    args: &Args,
    input: &Path,
    output: &Path,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let file = context.open_for_output(input, args.keep_corrupt)?;
    if file.fits().is_some() && file.tree_hdu().is_none() {
        let reason = "a FITS file without an ASDF tree has none to embed; as what the tree is put into it goes with --base";
        return Err(file.name_in(usage::refused(reason)).into());
    }
    output::check_free(output, args.force)?;
    let base = args.base.as_deref().map(|base| context.open(base));
    let base = base.transpose()?;
    // With another base, or with all that stands in the tree staying there, it stays in the tree.
    let list = if base.is_none() && !args.no_move {
        HduList::beside_tree(&file, context)?
    } else {
        None
    };
    let tables = if base.is_none() && list.is_none() && !args.no_move && args.moves.is_empty() {
        TablesBeside::of_file(&file, context)?
    } else {
        None
    };
    let beside = Beside {
        base: base.as_ref(),
        list: list.as_ref(),
        tables: tables.as_ref(),
    };
    output::write(output, &mut context.out, |sink| {
        write(args, &file, &beside, output, sink).map_err(|error| file.name_in(error))
    })?;
    context.warn_all(file.warnings());
    if let Some(tables) = &tables {
        context.warn_all(tables.warnings());
    }
    Ok(Exit::Fine)
}

/// The HDUs in front of the tree; one of these at most.
struct Beside<'b> {
    base: Option<&'b AsdfFile>,
    list: Option<&'b HduList>,
    tables: Option<&'b TablesBeside>,
}

fn write(
    args: &Args,
    file: &AsdfFile,
    beside: &Beside<'_>,
    output: &Path,
    sink: &mut File,
) -> Result<()> {
    let cards = WcsCards::new(file);
    let library = args.library.open()?;
    let mut options = EmbedOptions::default()
        .checksums(args.checksum)
        .keywords(&library);
    if !args.no_wcs_cards {
        options = options.cards(&cards);
    }
    let mut moves: Vec<HduMove> = Vec::new();
    for asked in &args.moves {
        moves.extend(asked.of(file)?);
    }
    if args.no_move || !moves.is_empty() {
        options = options.moves(moves.clone());
    }
    if let Some(tables) = beside.tables {
        options = options.base(tables.hdus()).stays(tables.within());
    }
    if let Some(base) = beside.base {
        let Some(fits) = base.fits() else {
            let reason = "the base is not a FITS file";
            return Err(base.name_in(usage::refused(reason)));
        };
        options = options.base(fits);
    }
    let mut sink = std::io::BufWriter::with_capacity(1 << 20, sink);
    let mut draft = file.to_draft();
    if let Some(list) = beside.list {
        list.take_out(&mut draft)?;
        options = options.base(list.hdus()).keeps_hash(true).moves(moves);
    }
    draft.set_output(output::file_name(output));
    let writing = WriteOptions::default().keep_corrupt(args.keep_corrupt);
    draft.embed(&mut sink, &options, &writing)?;
    Ok(sink.flush()?)
}
