//! What is written.

use super::Args;
use super::format::Format;
use crate::context::{Context, Failure};
use crate::output;
use asdf_core::{AsdfFile, Error, FileNode, References, Usage, WriteOptions, write_json};
use std::io::{BufWriter, Cursor, Write};

/// Elements from which on an array that comes as text gets a block.
const LIST: u64 = 100;

pub(super) fn asdf(
    args: &Args,
    file: &AsdfFile,
    from: Format,
    context: &mut Context,
) -> Result<(), Failure> {
    let mut draft = args.draft(file)?;
    let text = matches!(from, Format::Yaml | Format::Json);
    if let Some(count) = args.inline_below.or(text.then_some(LIST)) {
        draft.inline_below(count)?;
    }
    if args.explode {
        let stem = args
            .output
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for name in draft.explode(&stem)? {
            output::check_free(&args.output.with_file_name(name), args.force)?;
        }
        return Ok(draft.save(&args.output, &args.options())?);
    }
    let options = args.options();
    output::write(&args.output, &mut context.out, |sink| {
        draft.write(sink, &options)
    })
}

pub(super) fn yaml(args: &Args, file: &AsdfFile, context: &mut Context) -> Result<(), Failure> {
    let inlined = inlined(args, file)?;
    output::write(&args.output, &mut context.out, |sink| {
        Ok(sink.write_all(&inlined)?)
    })
}

pub(super) fn json(args: &Args, file: &AsdfFile, context: &mut Context) -> Result<(), Failure> {
    let inlined = context.open_bytes(inlined(args, file)?, file.name())?;
    let at = FileNode {
        file: &inlined,
        node: inlined.tree().root(),
    };
    output::write(&args.output, &mut context.out, |sink| {
        let mut out = BufWriter::new(sink);
        write_json(at, References::Keep, &mut out, inlined.limits())?;
        writeln!(out)?;
        Ok(out.flush()?)
    })
}

/// The file with all arrays in its tree.
fn inlined(args: &Args, file: &AsdfFile) -> asdf_core::Result<Vec<u8>> {
    let mut draft = args.draft(file)?;
    draft.inline_below(u64::MAX)?;
    draft.drop_unused_blocks();
    let mut sink = Cursor::new(Vec::new());
    draft.write(&mut sink, &WriteOptions::default())?;
    Ok(sink.into_inner())
}

pub(super) fn npy(_args: &Args, _file: &AsdfFile, _context: &mut Context) -> Result<(), Failure> {
    Err(Error::from(Usage::Edit {
        reason: "todo".into(),
    })
    .into())
}

pub(super) fn csv(_args: &Args, _file: &AsdfFile, _context: &mut Context) -> Result<(), Failure> {
    Err(Error::from(Usage::Edit {
        reason: "todo".into(),
    })
    .into())
}
