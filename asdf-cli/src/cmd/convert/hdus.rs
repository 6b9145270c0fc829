//! A FITS file as a list of its HDUs, or as its tree with them beside it.

use super::{Args, Headers, Reading};
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::format::Format;
use crate::output;
use crate::usage;
use asdf_core::convert::{
    FitsHeaders, FitsReadOptions, draft_with_hdus, fits_blank_warnings, read_fits,
};
use asdf_core::inspect::PathPattern;
use asdf_core::tree::Map;
use asdf_core::wcs::header_wcs_warnings;
use asdf_core::{AsdfFile, Draft, Error, Result, TreePath, WriteOptions};

/// True when not only the tree of the file is meant, but its HDUs too, or these alone.
pub(super) fn are_asked(args: &Args, from: Format, to: Format, file: &AsdfFile) -> Result<bool> {
    let tree = file.tree_hdu().is_some();
    let asked = is_asked(args, from, file, tree)?;
    if !asked && args.reading.is_none() && come_along(args, to, file) {
        return Ok(true);
    }
    if !asked && (args.headers.is_some() || args.native || args.raw_hdu || args.wcs) {
        let reason = "--headers, --native, --raw-hdu and --wcs are about the HDUs of a FITS file, --as fits reads them";
        return Err(refused(reason, file));
    }
    Ok(asked)
}

fn is_asked(args: &Args, from: Format, file: &AsdfFile, tree: bool) -> Result<bool> {
    match (args.reading, file.fits()) {
        (Some(_), None) => Err(refused("--as is about FITS files, and this is none", file)),
        (None, None) if from == Format::Fits => Err(refused("the file is not a FITS file", file)),
        (None, None) => Ok(false),
        (Some(Reading::Tree), Some(_)) if !tree => Err(refused("there is no ASDF HDU", file)),
        (Some(reading), Some(_)) => Ok(reading == Reading::Fits),
        (None, Some(_)) => Ok(!tree),
    }
}

/// True when the HDUs beside a tree are to come with it: into every format that can hold them, or when the path leads there.
fn come_along(args: &Args, to: Format, file: &AsdfFile) -> bool {
    if file.tree_hdu().is_none() {
        return false;
    }
    match &args.path {
        Some(path) => file.hdu_path(path.as_str()).ok().flatten().is_some(),
        None => matches!(to, Format::Asdf | Format::Yaml | Format::Json),
    }
}

pub(super) fn refused(reason: &str, file: &AsdfFile) -> Error {
    file.name_in(usage::refused(reason))
}

pub(super) fn run(
    args: &Args,
    file: &AsdfFile,
    to: Format,
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let draft = draft(args, file).map_err(|error| file.name_in(error))?;
    context.warn_all(file.warnings());
    if let Some(fits) = file.fits() {
        context.warn_all(fits_blank_warnings(fits).iter());
    }
    if let (true, Some(fits)) = (args.wcs, file.fits()) {
        context.warn_all(header_wcs_warnings(fits).iter());
    }
    if to == Format::Asdf && !args.changes_the_tree() {
        return write(args, &draft, file, context).map(|()| Exit::Fine);
    }
    by_spool(args, &draft, (file, to), context)
}

/// Converts what is made of a file: what options change, or other formats need, is told from a file that is there.
pub(super) fn by_spool(
    args: &Args,
    draft: &Draft<'_>,
    (file, to): (&AsdfFile, Format),
    context: &mut Context,
) -> std::result::Result<Exit, Failure> {
    let spool = tempfile::NamedTempFile::new()?;
    let options = WriteOptions::default()
        .checksums(to == Format::Asdf && !args.no_checksum)
        .keep_corrupt(args.keep_corrupt);
    let written = draft.save(spool.path(), &options);
    written.map_err(|error| file.name_in(error))?;
    let spooled = context.open_spool(spool.path(), &args.input)?;
    super::convert(args, &spooled, Format::Asdf, to, context)
}

fn draft<'f>(args: &Args, file: &'f AsdfFile) -> Result<Draft<'f>> {
    let Some(fits) = file.fits() else {
        return Err(refused("the file is not a FITS file", file));
    };
    let headers = match args.headers {
        Some(Headers::Dict) => FitsHeaders::Mapping,
        Some(Headers::Triples) | None => FitsHeaders::Triples,
    };
    let only = only(args, file)?;
    let options = FitsReadOptions::default()
        .only(only)
        .native(args.native)
        .headers(headers)
        .raw_hdus(args.raw_hdu)
        .wcs(args.wcs);
    if args.reading.is_none() && file.tree_hdu().is_some() {
        let mut draft = draft_with_hdus(file, &options)?;
        if only.is_some() {
            leave_tree_out(&mut draft, file)?;
        }
        return Ok(draft);
    }
    read_fits(fits, &options)
}

/// The HDU that the path leads to, when it leads to one: nothing else goes into the output, so nothing else must be in order.
pub(super) fn only(args: &Args, file: &AsdfFile) -> Result<Option<usize>> {
    let Some(path) = &args.path else {
        return Ok(None);
    };
    // Elements of an array may be meant.
    let pattern: PathPattern = path.parse()?;
    let path = match pattern.as_path() {
        Some(path) => path,
        None => file.select_one(&pattern, false)?.path,
    };
    if file.hdu_path(&path)?.is_none() {
        return Ok(None);
    }
    let hdu = path.steps().get(1).map(ToString::to_string);
    let index: Option<usize> = hdu.and_then(|hdu| hdu.parse().ok());
    // One that is not there is told of with the path.
    let fits = file.fits();
    Ok(index.filter(|index| fits.is_some_and(|fits| *index < fits.len())))
}

/// Takes the rest of the tree out, with its data.
fn leave_tree_out(draft: &mut Draft<'_>, file: &AsdfFile) -> Result<()> {
    let key = file.hdu_key();
    let root = file.tree().root();
    for (name, _) in root.as_map().into_iter().flat_map(Map::iter) {
        if name.key_text() != key {
            draft.remove(TreePath::default().key(&name.key_text()))?;
        }
    }
    draft.drop_unused_blocks();
    Ok(())
}

fn write(
    args: &Args,
    draft: &Draft<'_>,
    file: &AsdfFile,
    context: &mut Context,
) -> std::result::Result<(), Failure> {
    args.check.check(None, draft)?;
    let options = args.options();
    output::write(&args.output, &mut context.out, |sink| {
        let written = draft.write(sink, &options);
        written.map_err(|error| file.name_in(error))
    })
}

impl Args {
    /// True when options are about the tree, and not only about how it is written.
    fn changes_the_tree(&self) -> bool {
        self.path.is_some()
            || self.inline_below.is_some()
            || self.explode
            || self.resolve_references
            || self.standard.is_some()
    }
}
