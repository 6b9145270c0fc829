//! The JSON document of `asdf info --json`.

use super::{Args, blocks};
use crate::context::{Context, Failure};
use crate::exit::Exit;
use asdf_core::{AsdfFile, FileNode, References, write_json};
use serde_json::json;
use std::io::Write;

pub(super) fn write(args: &Args, context: &mut Context, file: &AsdfFile) -> Result<Exit, Failure> {
    let root = super::root(args, file)?;
    let header = file.header();
    // The tree may be large: it is streamed between two small documents.
    let head = json!({
        "file": file.name().to_string_lossy(),
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
    let headers = file.block_table().headers().iter().map(|header| {
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
    });
    let warnings = file.warnings().map(|warning| {
        json!({
            "message": warning.kind.to_string(),
            "offset": warning.place.span.as_ref().map(|span| span.start),
            "path": warning.place.path,
        })
    });
    let mut tail = json!({
        "blocks": headers.collect::<Vec<_>>(),
        "index": file.block_table().index().name(),
        "warnings": warnings.collect::<Vec<_>>(),
    });
    if let Some(hdus) = super::hdus::document(file) {
        tail["hdus"] = hdus;
    }
    let tail = tail.to_string();
    write!(context.out, ",{}", tail.strip_prefix('{').unwrap_or(&tail))?;
    super::hdus::complain_of_cut(context, file);
    Ok(super::hdus::exit(file))
}
