//! How a node that is found is shown.

use crate::context::{Context, Failure};
use crate::palette::paint;
use crate::render;
use asdf_core::AsdfFile;
use asdf_core::convert::{References, write_json};
use asdf_core::file::FileNode;
use asdf_core::inspect::{Hit, escape, type_name};
use serde_json::json;
use std::io::Write;

/// One node found. Its value may be large, so it is streamed into the document.
pub(super) fn document(
    context: &mut Context,
    file: &AsdfFile,
    hit: &Hit<'_>,
) -> Result<(), Failure> {
    let head = json!({
        "file": asdf_core::inspect::file_name_text(file.name()),
        "path": hit.path.to_string(),
        "type": type_name(hit.node),
        "tag": hit.node.tag().map(asdf_core::tree::Tag::as_str),
    });
    let head = head.to_string();
    write!(
        context.out,
        "{},\"value\":",
        head.strip_suffix('}').unwrap_or(&head)
    )?;
    let limits = context.limits().clone();
    write_json(
        FileNode {
            file,
            node: hit.node,
        },
        References::Keep,
        &mut context.out,
        &limits,
    )?;
    write!(context.out, "}}")?;
    Ok(())
}

/// One node found, for people.
pub(super) fn line(context: &mut Context, prefix: &str, hit: &Hit<'_>) -> Result<(), Failure> {
    let palette = context.palette;
    let path = hit.path.to_string();
    let mut line = paint(
        palette.key,
        escape(&format!(
            "{prefix}{}",
            if path.is_empty() { "/" } else { &path }
        )),
    );
    let kind = hit.node.tag().map_or_else(
        || type_name(hit.node).to_owned(),
        asdf_core::inspect::short_tag,
    );
    line.push_str(&paint(palette.kind, format!(" ({})", escape(&kind))));
    if let Some(text) = hit.node.text() {
        let text = if type_name(hit.node) == "str" {
            format!("\"{}\"", escape(text))
        } else {
            escape(text).into_owned()
        };
        line.push_str(&format!(
            ": {}",
            render::fit(&text, context.columns.unwrap_or(1000))
        ));
    }
    writeln!(context.out, "{line}")?;
    Ok(())
}
