//! The tree of `asdf info`.

use super::Args;
use super::comments::CardComments;
use crate::context::{Context, Failure};
use crate::palette::{Palette, paint};
use crate::render::{self, Span};
use crate::size;
use asdf_core::array::is_ndarray;
use asdf_core::inspect::{
    ArrayInfo, Outline, Row, RowKind, RowLabel, escape, short_tag, type_name,
};
use asdf_core::tree::{NodeKind, Value, float_text};
use asdf_core::{AsdfFile, Node};
use std::io::Write;

/// Characters of one value worth preparing before the line is cut.
const LONG: usize = 4000;

pub(super) fn write(
    args: &Args,
    context: &mut Context,
    file: &AsdfFile,
    root: Node<'_>,
    columns: usize,
) -> Result<(), Failure> {
    let outline = Outline::new(file, root, &super::outline_options(args));
    let palette = context.palette;
    let mut comments = CardComments::new(file);
    let mut open = Vec::new();
    for row in &outline.rows {
        let mut spans = vec![(palette.faint, guides(&mut open, row))];
        spans.extend(describe(args, &palette, row));
        if let Some(comments) = &mut comments
            && !matches!(row.kind, RowKind::More(_))
            && let Some(comment) = comments.at(&row.node.path())
        {
            spans.push((palette.faint, format!(" / {}", escape(comment))));
        }
        writeln!(context.out, "{}", render::line(&spans, columns))?;
        if let RowKind::Array(Err(error)) = &row.kind {
            context.array_trouble(error);
        }
    }
    if outline.hidden > 0 {
        let hint = format!(
            "{} more not shown: --all, --max-rows N, or --path PATH",
            outline.hidden
        );
        writeln!(context.out, "{}", paint(palette.faint, hint))?;
    }
    Ok(())
}

/// The lines that join a row to its parent: `│  ├─ `. `open[d]` says whether depth `d + 1` goes on.
fn guides(open: &mut Vec<bool>, row: &Row<'_>) -> String {
    let Some(above) = row.depth.checked_sub(1) else {
        return String::new();
    };
    open.resize(above, false);
    let mut out: String = open
        .iter()
        .map(|goes_on| if *goes_on { "│  " } else { "   " })
        .collect();
    out.push_str(if row.last { "└─ " } else { "├─ " });
    open.push(!row.last);
    out
}

fn describe(args: &Args, palette: &Palette, row: &Row<'_>) -> Vec<Span> {
    let label = match (&row.label, &row.kind) {
        (_, RowKind::More(count)) => return vec![(palette.faint, format!("… {count} more"))],
        (RowLabel::Root, _) => {
            let path = row.node.path().to_string();
            if path.is_empty() {
                "/".to_owned()
            } else {
                path
            }
        }
        (RowLabel::Key(key), _) => key.clone(),
        (RowLabel::Index(index), _) => format!("[{index}]"),
    };
    let mut spans = vec![
        (palette.key, escape(&label).into_owned()),
        (palette.kind, format!(" ({})", kind(row))),
    ];
    if let Some((style, text)) = content(args, palette, row) {
        spans.push((palette.faint, ": ".to_owned()));
        spans.push((style, text));
    }
    spans
}

/// The tag, or the type and for containers the number of children.
fn kind(row: &Row<'_>) -> String {
    // The version of a tag that is known to everyone would only push the rest out of the line.
    if matches!(row.kind, RowKind::Array(_)) && is_ndarray(row.node) {
        return "ndarray".to_owned();
    }
    let mut out = match row.node.tag() {
        Some(tag) => escape(&short_tag(tag)).into_owned(),
        None => type_name(row.node).to_owned(),
    };
    let children = match row.node.kind() {
        NodeKind::Scalar => None,
        NodeKind::Seq => row.node.as_seq().map(asdf_core::tree::Seq::len),
        NodeKind::Map => row.node.as_map().map(asdf_core::tree::Map::len),
    };
    if let (Some(children), RowKind::Container { .. } | RowKind::ScalarList) = (children, &row.kind)
    {
        out.push_str(&format!(", {children}"));
    }
    out
}

fn content(args: &Args, palette: &Palette, row: &Row<'_>) -> Option<Span> {
    match &row.kind {
        RowKind::Scalar | RowKind::ScalarList if args.no_values => None,
        RowKind::Scalar => Some(scalar(palette, row.node)),
        RowKind::ScalarList => Some((palette.number, list(palette, row.node))),
        RowKind::Container { hidden, children } if hidden == children && *children > 0 => {
            Some((palette.faint, "…".to_owned()))
        }
        RowKind::Container { .. } | RowKind::More(_) => None,
        RowKind::Array(Ok(info)) => Some((palette.array, array(info))),
        RowKind::Array(Err(error)) => {
            Some((palette.bad, escape(&error.kind().to_string()).into_owned()))
        }
        RowKind::Reference(uri) => Some((palette.string, format!("→ {}", escape(uri)))),
        RowKind::Shared(path) => {
            Some((palette.faint, format!("same as {}", escape(&pointer(path)))))
        }
        RowKind::Recursive(path) => Some((
            palette.faint,
            format!("contains itself: {}", escape(&pointer(path))),
        )),
    }
}

fn pointer(path: &asdf_core::TreePath) -> String {
    let text = path.to_string();
    if text.is_empty() {
        "/".to_owned()
    } else {
        text
    }
}

fn scalar(palette: &Palette, node: Node<'_>) -> Span {
    match node.value() {
        Value::Str(text) => {
            let cut: String = text.chars().take(LONG).collect();
            (palette.string, format!("\"{}\"", escape(&cut)))
        }
        Value::Float(value) => (palette.number, float_text(value)),
        Value::Binary(bytes) => (palette.string, size::human(bytes.len() as u64)),
        Value::Timestamp(time) => (palette.string, time.to_string()),
        Value::Null => (palette.number, "null".to_owned()),
        Value::Bool(value) => (palette.number, value.to_string()),
        Value::Int(value) => (palette.number, value.to_string()),
        Value::BigInt(value) => (palette.number, value.as_str().chars().take(LONG).collect()),
        _ => (palette.faint, String::new()),
    }
}

/// `[1, 2, 3]`, as much as a long line can show.
fn list(palette: &Palette, node: Node<'_>) -> String {
    let mut out = "[".to_owned();
    for (index, item) in node
        .as_seq()
        .into_iter()
        .flat_map(asdf_core::tree::Seq::iter)
        .enumerate()
    {
        if out.len() > LONG {
            out.push('…');
            return out;
        }
        if index > 0 {
            out.push_str(", ");
        }
        out.push_str(&scalar(palette, item).1);
    }
    out.push(']');
    out
}

/// `float32 4088×4088, lz4, 66.9 MB → 21.3 MB`
fn array(info: &ArrayInfo) -> String {
    let mut out = format!("{} {}", info.datatype, info.shape_text());
    out.push_str(&format!(", {}", info.storage_text()));
    match (&info.compression, info.stored_bytes) {
        (Some(codec), Some(stored)) => {
            out.push_str(&format!(
                ", {codec}, {} → {}",
                size::human(info.bytes),
                size::human(stored)
            ));
        }
        _ => out.push_str(&format!(", {}", size::human(info.bytes))),
    }
    if info.is_masked {
        out.push_str(", masked");
    }
    out
}
