//! The JSON document of `asdf info --json`.

use super::{Args, blocks};
use crate::context::{Context, Failure};
use crate::exit::Exit;
use crate::json;
use asdf_core::AsdfFile;
use asdf_core::convert::{References, write_json};
use asdf_core::file::FileNode;
use serde_json::json;
use std::io::Write;

pub(super) fn write(args: &Args, context: &mut Context, file: &AsdfFile) -> Result<Exit, Failure> {
    let root = super::root(args, file)?;
    let header = file.header();
    // The tree may be large: it is streamed between two small documents.
    let head = json!({
        "file": asdf_core::inspect::file_name_text(file.name()),
        "format_version": header.format_version,
        "standard_version": header.standard_version,
        "comments": header.comments,
    });
    let head = head.to_string();
    write!(
        context.out,
        "{},\"tree\":",
        head.strip_suffix('}').unwrap_or(&head)
    )?;
    if file.tree_span().is_some() {
        write_json(
            FileNode { file, node: root },
            References::Keep,
            &mut context.out,
            file.limits(),
        )?;
    } else {
        write!(context.out, "null")?;
    }
    // There may be very many blocks and warnings, too.
    write!(context.out, ",\"blocks\":")?;
    json::list(&mut context.out, file.block_table().headers(), |header| {
        json!({
            "index": header.index,
            "offset": header.offset,
            "header_size": header.header_size,
            "flags": header.flags,
            "compression": blocks::codec(header),
            "allocated": header.allocated,
            "used": header.used,
            "data_size": header.data_size,
            "checksum": blocks::checksum(header),
        })
    })?;
    let index = json!(file.block_table().index().name());
    write!(context.out, ",\"index\":{index},\"warnings\":")?;
    json::list(&mut context.out, file.warnings(), json::warning)?;
    if let Some(hdus) = super::hdus::document(file) {
        write!(context.out, ",\"hdus\":{hdus}")?;
    }
    write!(context.out, "}}")?;
    super::hdus::complain_of_cut(context, file);
    Ok(super::hdus::exit(file))
}
