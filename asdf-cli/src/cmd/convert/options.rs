//! Options that a format has no use for.

use super::Args;
use crate::format::Format;
use crate::usage;
use asdf_core::Result;
use asdf_core::block::Codec;

/// Refuses options that would do nothing, as OUT has nothing that they are about.
pub(super) fn refuse_useless(args: &Args, to: Format) -> Result<()> {
    let is_asdf = to == Format::Asdf;
    let has_blocks = is_asdf || to == Format::Fits;
    let has_tree = has_blocks || matches!(to, Format::Yaml | Format::Json);
    let has_values = !to.is_picture();
    let options = [
        ("--compress", args.compress.is_some(), has_blocks),
        ("--chunk-rows", args.chunk_rows.is_some(), has_blocks),
        ("--pad-blocks", args.pad_blocks.is_some(), has_blocks),
        ("--no-checksum", args.no_checksum, has_blocks),
        ("--no-index", args.no_index, has_blocks),
        ("--drop-unknown-blocks", args.drop_unknown_blocks, has_tree),
        ("--inline-below", args.inline_below.is_some(), is_asdf),
        ("--explode", args.explode, is_asdf),
        ("--standard", args.standard.is_some(), has_tree),
        ("--resolve-references", args.resolve_references, has_tree),
        ("--as", args.reading.is_some(), has_values),
        ("--headers", args.headers.is_some(), has_values),
        ("--native", args.native, has_values),
        ("--raw-hdu", args.raw_hdu, has_values),
        ("--wcs", args.wcs, has_values),
    ];
    let is_useless = |(_, is_given, has_use): &&(&str, bool, bool)| *is_given && !*has_use;
    let Some((name, ..)) = options.iter().find(is_useless) else {
        return refuse_chunks(args);
    };
    let reason = format!("{name} has no effect on what is written as {}", to.name());
    Err(usage::refused(reason).at_file(&args.output))
}

/// Refuses to cut the data of a codec that has no chunks.
fn refuse_chunks(args: &Args) -> Result<()> {
    let Some(compression) = args.compress.filter(|_| args.chunk_rows.is_some()) else {
        return Ok(());
    };
    if matches!(compression.codec(), Codec::Lz4 | Codec::Zstd | Codec::Blosc) {
        return Ok(());
    }
    let reason = format!("{compression} has no chunks: --chunk-rows is for lz4, zstd and blsc");
    Err(usage::refused(reason))
}
