//! `asdf convert`.

mod from;
mod hdus;
mod into;
mod options;
mod tables;

use crate::check::CheckArgs;
use crate::cmd::preview::PictureFormat;
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::format::Format;
use crate::inputs::{FindArgs, Inputs};
use crate::out_dir::OutDirArgs;
use crate::output;
use crate::shard::ShardArgs;
use asdf_core::block::{Codec as BlockCodec, Compression};
use asdf_core::convert::TableFormat;
use asdf_core::file::ChunkRows;
use asdf_core::{AsdfFile, Draft, WriteOptions};
use clap::{Args as _, FromArgMatches};
use std::path::{Path, PathBuf};

/// Convert between ASDF, FITS, YAML, JSON, npy, CSV, to tables, pictures; change codecs
///
/// Formats follow from the names (.asdf .fits .yaml .json .npy .csv .ecsv .vot .png .jpg) or from --to and --from. From ASDF to
/// ASDF everything that no option changes stays as it is: tags, anchors, order, comments, styles,
/// byte order, unknown tags, blocks of unknown codecs. A block whose checksum is wrong is refused, whatever OUT is.
/// What IN has in other files comes along: data go to files beside OUT that are named after it (OUT0000.asdf and so
/// on), or into OUT where it has no files beside it; references are changed so that they lead to the same files, or
/// what they name takes their place. Blocks that no array names stay in ASDF and FITS, and are refused elsewhere.
/// IN and OUT may be the same file, which then is replaced as a whole. An ASDF file that would break
/// schemas which IN does not break is not written.
///
/// A FITS file without an ASDF tree becomes a list of HDUs under `fits`, each with header and data; the way back gives the
/// same HDUs. With a tree the list stands beside it, and arrays of the tree that are HDUs are shared with it (--as tree leaves it
/// out, --as fits the tree). Tables of text and compressed images come back as binary tables and plain images, scaled numbers
/// as what they mean, unless --raw-hdu keeps them. A tree without such a list is put into a FITS file as
/// `asdf embed` does it. --as tables makes tables of astropy of the tables of a FITS file (`Table` or `QTable` in Python, with units,
/// masked values, times, positions); from ASDF to FITS tables become binary tables as astropy writes and reads them.
///
/// A picture is that which `asdf preview` makes without options, of the array at --path or the one that it chooses.
#[derive(Debug, Clone, clap::Args)]
#[command(
    override_usage = "asdf convert [OPTIONS] IN OUT\n       asdf convert [OPTIONS] --out-dir DIR [--to FORMAT] FILE...",
    after_help = "Examples:\n  asdf convert obs.asdf small.asdf --compress lz4\n  asdf convert obs.asdf obs.asdf --force --compress zstd:9\n  asdf convert obs.asdf cloud.asdf --compress lz4 --chunk-rows auto\n  asdf convert obs.asdf meta.json --path roman.meta\n  asdf convert obs.asdf data.npy --path roman.data\n  asdf convert table.csv table.asdf\n  asdf convert image.fits image.asdf\n  asdf convert image.asdf image.fits\n  asdf convert catalogue.fits catalogue.asdf --as tables\n  asdf convert obs.asdf - --to yaml | less\n  asdf convert obs.asdf obs.png\n  asdf convert night/ --out-dir small --compress lz4\n  asdf convert @files.txt --out-dir small --compress lz4 --shard $SLURM_ARRAY_TASK_ID/400\n  asdf convert night/ --out-dir json --to json --path roman.meta --name '{stem}_meta.{ext}'"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Args {
    /// A file and the file to write, - for standard input and output; with --out-dir any number of files, folders and
    /// @LISTs of names
    #[arg(required = true, value_name = "IN OUT")]
    words: Vec<PathBuf>,
    #[arg(skip)]
    input: PathBuf,
    /// What IN is called in messages, where it is a temporary file
    #[arg(skip)]
    called: Option<PathBuf>,
    #[arg(skip)]
    output: PathBuf,
    #[command(flatten)]
    out_dir: OutDirArgs,
    /// Format of OUT
    #[arg(long, value_name = "FORMAT")]
    to: Option<Format>,
    /// Format of IN
    #[arg(long, value_name = "FORMAT")]
    from: Option<Format>,
    /// Overwrite OUT
    #[arg(short, long)]
    force: bool,
    /// Codec of all blocks: none, zlib, bzp2, lz4, lz4f, zstd, blsc, with a level as in zstd:9; input
    /// keeps each block's own
    #[arg(long, value_name = "CODEC", default_value = "input", value_parser = codec)]
    compress: Codec,
    /// Make the chunks of lz4, zstd and blsc whole rows of each array, N or as many as make about 4 MiB: good for reading parts over the
    /// network, dask and Zarr (`asdf refs`). N must divide the rows; lz4 is what every ASDF library reads
    #[arg(long, value_name = "N|auto", value_parser = chunk_rows)]
    chunk_rows: Option<ChunkRows>,
    /// Only this part of the tree, or this array
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Arrays of fewer than N elements go into the tree, all others into blocks
    #[arg(long, value_name = "N")]
    inline_below: Option<u64>,
    /// Each block goes to a file of its own beside OUT
    #[arg(long, conflicts_with = "inline_below")]
    explode: bool,
    /// Put what `$ref` references name in their place
    #[arg(long)]
    resolve_references: bool,
    /// Version of the standard that OUT follows
    #[arg(long, value_name = "VERSION")]
    standard: Option<String>,
    /// Room after the tree and each block, in percent, for changes in place later on
    #[arg(long, value_name = "PCT", value_parser = percent)]
    pad_blocks: Option<f64>,
    /// No checksums
    #[arg(long)]
    no_checksum: bool,
    /// No block index
    #[arg(long)]
    no_index: bool,
    /// Use blocks whose checksum is wrong, as they are
    #[arg(long)]
    keep_corrupt: bool,
    /// Leave out blocks that no array names, also where nodes of unknown tags may name them
    #[arg(long)]
    drop_unknown_blocks: bool,
    /// What is read of a FITS file [default: tree when there is one]
    #[arg(long = "as", value_name = "WHAT")]
    reading: Option<Reading>,
    /// Headers of a list of HDUs [default: triples]
    #[arg(long, value_name = "FORM")]
    headers: Option<Headers>,
    /// Elements of HDUs become little-endian
    #[arg(long)]
    native: bool,
    /// Keep the bytes of HDUs that the tree does not say all of, so that the way back is exact
    #[arg(long)]
    raw_hdu: bool,
    /// Also write the celestial WCS of each header as a GWCS
    #[arg(long)]
    wcs: bool,
    /// To FITS: no cards of the WCS in the headers of arrays that have one
    #[arg(long)]
    no_wcs_cards: bool,
    #[command(flatten)]
    check: CheckArgs,
    #[command(flatten)]
    shard: ShardArgs,
    #[command(flatten)]
    find: FindArgs,
}

/// What is read of a FITS file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Reading {
    /// All HDUs as a list
    Fits,
    /// The ASDF tree that it carries
    Tree,
    /// Its tables as astropy's, with units, masks, times and positions
    Tables,
}

/// How headers stand in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Headers {
    /// Lists of keyword, value, comment
    Triples,
    /// A mapping of keywords to values
    Dict,
}

/// The value of `--compress`.
type Codec = Option<Compression>;

fn codec(text: &str) -> Result<Codec, String> {
    match text {
        "input" => Ok(None),
        _ => text
            .parse()
            .map(Some)
            .map_err(|error: asdf_core::Error| error.to_string()),
    }
}

fn chunk_rows(text: &str) -> Result<ChunkRows, String> {
    match text {
        "auto" => Ok(ChunkRows::Auto),
        _ => text
            .parse()
            .map(ChunkRows::Count)
            .map_err(|_error: std::num::ParseIntError| {
                "expected auto or a number from 1 on".to_owned()
            }),
    }
}

fn percent(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').parse() {
        Ok(value) if (0.0..=1000.0).contains(&value) => Ok(value),
        _ => Err("expected percent from 0 to 1000".to_owned()),
    }
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let cut = args.compress.filter(|_| args.chunk_rows.is_some());
    if cut.is_some_and(|cut| cut.codec() != BlockCodec::Lz4) {
        context.note("the Python package asdf-compression reads the first frame of zstd and the first buffer of blsc only; lz4 is read in any number of chunks");
    }
    if args.out_dir.is_given() {
        return run_many(args, context);
    }
    if args.shard.is_given() {
        return Err(crate::usage::refused(
            "--shard is for many files: --out-dir DIR says where they go",
        )
        .into());
    }
    let [input, output] = args.words.as_slice() else {
        let reason =
            "two names are needed, IN and OUT; for several files --out-dir DIR says where they go";
        return Err(crate::usage::refused(reason).into());
    };
    if crate::network::is_folder(input) {
        let reason = "a folder has many files: --out-dir DIR says where they go";
        let input = crate::network::shown(input);
        return Err(crate::usage::refused(reason).at_file(&input).into());
    }
    run_one(&args.between(input, output), context)
}

/// Converts files into a folder.
fn run_many(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let files = args.shard.of(Inputs::find(&args.words, &args.find))?;
    let to = args
        .to
        .or_else(|| args.out_dir.format())
        .unwrap_or(Format::Asdf);
    let outputs = args.out_dir.outputs(&files, to.name())?;
    context.each_path(&files, |context, input| {
        let input = input?;
        let output = outputs.of(context.number)?;
        let mut one = args.between(input, output);
        one.to = Some(to);
        run_one(&one, context)
    })
}

fn run_one(args: &Args, context: &mut Context) -> Result<Exit, Failure> {
    let to = Format::of(args.to, &args.output)?;
    let from = Format::of_input(args.from, &args.input);
    options::refuse_useless(args, to)?;
    output::check_free(&args.output, args.force)?;
    // Another command that converts what it made has been told already.
    context.make_outputs(args.keep_corrupt || context.keeps_corrupt());
    let file = from::open(args, from, context)?;
    if to.is_picture() {
        return convert(args, &file.with_hdu_tree()?, from, to, context);
    }
    if args.reading == Some(Reading::Tables) {
        return tables::run(args, &file, to, context);
    }
    if let Some(hdu) = tables::single(args, to, &file)? {
        return tables::run_single(args, &file, hdu, to, context);
    }
    if hdus::are_asked(args, from, to, &file)? {
        return hdus::run(args, &file, to, context);
    }
    convert(args, &file, from, to, context)
}

/// Converts a file without any option, over what stands under the name of the output; `array` is the one that formats of one
/// array take.
pub(crate) fn run_plain(
    (input, called): (&Path, &Path),
    output: &Path,
    array: Option<&str>,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let command = Args::augment_args(clap::Command::new("convert"));
    let mut words = vec!["convert".as_ref(), "--force".as_ref()];
    let path = array.map(|array| format!("--path={array}"));
    words.extend(path.as_deref().map(std::ffi::OsStr::new));
    words.extend(["--".as_ref(), input.as_os_str(), output.as_os_str()]);
    let matches = command.try_get_matches_from(words);
    let args = matches.and_then(|matches| Args::from_arg_matches(&matches));
    let mut args = args.map_err(|error| std::io::Error::other(error.to_string()))?;
    args.called = Some(called.to_path_buf());
    run(&args, context)
}

fn convert(
    args: &Args,
    file: &AsdfFile,
    from: Format,
    to: Format,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let done = write(args, file, from, to, context);
    if let Err(Failure::Asdf(error)) = &done {
        context.remember(error);
    }
    context.warn_all(file.warnings());
    match done {
        Err(Failure::Asdf(error)) => Err(file.name_in(error).into()),
        done => done.map(|()| Exit::Fine),
    }
}

fn write(
    args: &Args,
    file: &AsdfFile,
    from: Format,
    to: Format,
    context: &mut Context,
) -> Result<(), Failure> {
    match to {
        Format::Asdf => into::asdf(args, file, from, context),
        Format::Yaml => into::yaml(args, file, context),
        Format::Json => into::json(args, file, context),
        Format::Npy => into::npy(args, file, context),
        Format::Csv => into::table(args, file, None, context),
        Format::Ecsv => into::table(args, file, Some(TableFormat::Ecsv), context),
        Format::Votable => into::table(args, file, Some(TableFormat::Votable), context),
        Format::Fits => into::fits(args, file, context),
        Format::Png => into::picture(args, file, PictureFormat::Png, context),
        Format::Jpg => into::picture(args, file, PictureFormat::Jpeg, context),
    }
}

impl Args {
    /// The same for one file.
    fn between(&self, input: &Path, output: &Path) -> Self {
        Self {
            input: crate::network::shown(input),
            output: crate::network::shown(output),
            ..self.clone()
        }
    }

    /// OUT, when that is a file of a folder.
    fn output_file(&self) -> Option<&Path> {
        output::file_name(&self.output)
    }

    /// How blocks are written.
    fn options(&self) -> WriteOptions {
        let mut options = WriteOptions::default()
            .checksums(!self.no_checksum)
            .index(!self.no_index)
            .keep_corrupt(self.keep_corrupt);
        if let Some(percent) = self.pad_blocks {
            options = options.room(percent);
        }
        if let Some(compression) = self.compress {
            options = options.compression(compression);
        }
        if let Some(rows) = self.chunk_rows {
            options = options.chunk_rows(rows);
        }
        options
    }

    /// The part of the file that is converted, with what the options change of its tree.
    fn draft<'f>(&self, file: &'f AsdfFile) -> asdf_core::Result<Draft<'f>> {
        let mut draft = file.to_draft();
        if self.resolve_references {
            draft.resolve_references()?;
        }
        if let Some(path) = &self.path {
            draft.keep_only(crate::update::one_path(&draft, path)?)?;
        }
        if let Some(version) = &self.standard {
            draft.set_standard(version)?;
        }
        if self.drop_unknown_blocks {
            draft.drop_unknown_blocks();
            draft.drop_unused_blocks();
        }
        draft.set_output(self.output_file());
        Ok(draft)
    }
}
